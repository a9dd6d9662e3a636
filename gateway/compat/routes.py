"""`POST /compat/v1/<name>`: a signed call of a chosen route, answered as {code, message, data}.

A verified call is answered 200 whatever the business said: such callers throw away the body of
anything else. What is not verified is refused as ever, by status and problem document: that is for
whoever runs the caller, and for those who watch the door.
"""

import time
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from gateway.compat import inner
from gateway.compat.chosen import CompatRoute
from gateway.compat.desk import HEADERS, Verified
from gateway.runtime import GatewayRuntime, the_gateway
from gateway.tokens.mandates import carried_by
from shared.errors import InvalidInput, NotFound
from shared.http.bodies import StrictRoute
from shared.http.contract import problem_answers
from shared.words import Text, preferred_language

TheGateway = Annotated[GatewayRuntime, Depends(the_gateway)]
Value = Annotated[str, Field(max_length=500)] | int | bool
Name = Annotated[str, Field(pattern=r"^[a-z_]{1,60}$")]


class CompatCall(BaseModel):
    """What goes into the real request."""

    model_config = ConfigDict(extra="forbid", strict=True)

    path: dict[Name, Value] = Field({}, max_length=10, description="Parameters of its path")
    query: dict[Name, Value] = Field({}, max_length=30, description="Parameters of its query")
    body: dict[str, Any] | None = Field(None, description="Its body")
    if_match: str | None = Field(
        None,
        pattern=r'^"[\x21\x23-\x7e]{1,100}"$',
        description="`etag` of the answer that was read",
    )
    idempotency_key: str | None = Field(
        None,
        pattern=r"^[\x21-\x7e]{8,128}$",
        description="Of a POST: one for each new deed, the same when it is repeated",
    )


class CompatAnswer(BaseModel):
    """The old form, and what a program needs beside it."""

    code: str = Field(description="`ok`, or the code of the problem as in `/problems/`")
    message: str
    data: Any = Field(description="The real answer; of a problem its errors or findings")
    status: int = Field(description="The status of the real answer")
    request_id: str
    etag: str | None = None
    replayed: bool | None = None
    retry_after: int | None = None
    trace_id: str | None = None


class SignedRoute(StrictRoute):
    """Verified before the body is read as anything: a stranger is told nothing of its form."""

    def get_route_handler(self) -> Any:
        run = super().get_route_handler()

        async def handle(request: Request) -> Response:
            gateway = the_gateway(request)
            body = await request.body()
            request.state.verified = await gateway.compat.verified(request, body, time.time())
            _require_no_query(request)
            return await run(request)

        return handle


def _require_no_query(request: Request) -> None:
    if request.scope["query_string"]:
        raise InvalidInput.at(
            "/query",
            Text(zh="此处没有查询参数", en="there are no query parameters here"),
            Text(zh="请放入正文的 query", en="put them into `query` of the body"),
        )


def _the_caller(request: Request) -> Verified:
    caller: Verified = request.state.verified
    return caller


router = APIRouter(
    prefix="/compat/v1",
    tags=["compat"],
    responses=problem_answers(400, 401, 404, 413, 415, 422, 429, 502, 503),
    route_class=SignedRoute,
)

TOKEN_SECONDS = 120.0
"""It never leaves the inner net, and is for one call."""

_SIGNED: dict[str, Any] = {
    "security": [],  # no token: the signature in the headers below
    "parameters": [
        {
            "name": name.title(),
            "in": "header",
            "required": True,
            "schema": {"type": "string", "maxLength": 64},
            "description": f"{part}: see gateway/compat/README.md",
        }
        for part, name in HEADERS.items()
    ],
}


@router.post(
    "/{name}", operation_id="compat_call", openapi_extra=_SIGNED, response_model=CompatAnswer
)
async def compat_call(
    name: str,
    call: CompatCall,
    request: Request,
    gateway: TheGateway,
    caller: Annotated[Verified, Depends(_the_caller)],
) -> Response:
    """Ask for a chosen route as callers do that only know POST and a signature.

    Signed by HMAC-SHA256 or HMAC-SM3 over method, path, query, body digest, timestamp and a nonce
    that is used once. Sent on as the client itself: its roles, limits and rules are what they are.
    """
    chosen = _chosen(gateway, name)
    path, query = chosen.target(call.path, call.query)
    language = preferred_language(request.headers.get("accept-language"))
    body = b"" if call.body is None else orjson.dumps(call.body)
    answered = await inner.through(
        request.app.state.door,
        request.scope,
        request.receive,
        method=chosen.method,
        path=path,
        query=query,
        headers=await _headers(gateway, caller, call, language, body),
        body=body,
    )
    return Response(inner.folded(answered, language), media_type="application/json")


def _chosen(gateway: GatewayRuntime, name: str) -> CompatRoute:
    for route in gateway.in_force.configuration.compat:
        if route.name == name:
            return route
    raise NotFound()


async def _headers(
    gateway: GatewayRuntime,
    caller: Verified,
    call: CompatCall,
    language: str,
    body: bytes,
) -> dict[str, str]:
    now = time.time()
    mandates = await carried_by(gateway.sessions, caller.client_id, caller.roles, now)
    token = gateway.issuer.issue(
        caller.client_id,
        caller.roles,
        caller.org,
        now,
        mandates=mandates,
        until=now + TOKEN_SECONDS,
    )
    told = {"authorization": f"Bearer {token}", "accept-language": language}
    if body:
        told["content-type"] = "application/json"
    if call.if_match is not None:
        told["if-match"] = call.if_match
    if call.idempotency_key is not None:
        told["idempotency-key"] = call.idempotency_key
    return told
