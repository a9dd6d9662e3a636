"""The token endpoint (RFC 6749 §4.4), the public keys (RFC 7517) and where both are (RFC 8414)."""

import asyncio
import base64
import binascii
import time
from typing import Annotated, Any
from urllib.parse import parse_qsl, unquote_plus

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from gateway.runtime import GatewayRuntime, the_gateway
from gateway.tokens.queries import client_asking
from gateway.tokens.schemas import KeySetView, TokenView
from gateway.tokens.secrets import LONGEST_SECRET, nobodys_hash, secret_matches
from shared.errors import BadRequest, Retry, Unauthenticated
from shared.http.contract import problem_answers
from shared.words import Text

router = APIRouter(tags=["tokens"], responses=problem_answers(400, 429))
TheGateway = Annotated[GatewayRuntime, Depends(the_gateway)]

FORM = "application/x-www-form-urlencoded"
_FORM_SCHEMA = {
    "requestBody": {
        "required": True,
        "content": {
            FORM: {
                "schema": {
                    "type": "object",
                    "required": ["grant_type"],
                    "properties": {
                        "grant_type": {"type": "string", "enum": ["client_credentials"]},
                        "client_id": {"type": "string", "maxLength": 64},
                        "client_secret": {"type": "string", "maxLength": LONGEST_SECRET},
                    },
                }
            }
        },
    },
    "security": [],
}


class TokenRequestRefused(BadRequest):
    """A token request that RFC 6749 has an error code for; clients of OAuth read `error`."""

    kind = "token-request-refused"
    title = Text(zh="令牌请求有误", en="The token request is not in order")
    cause = Text(
        zh="令牌请求不合 RFC 6749；error 给出错误码",
        en="the token request is not by RFC 6749; `error` has its code",
    )
    remedy = Text(
        zh="以表单提交 grant_type=client_credentials，密钥只用一种方式",
        en="send grant_type=client_credentials as a form, the secret in one way",
    )

    def __init__(self, error: str, detail: Text) -> None:
        self.error = error
        super().__init__(detail)

    def members(self, language: str) -> dict[str, Any]:
        return {"error": self.error, "error_description": self.detail.en}


class UnknownClient(Unauthenticated):
    kind = "invalid-client"
    title = Text(zh="客户端或密钥不符", en="Unknown client or wrong secret")
    cause = Text(
        zh="没有该客户端、密钥不符或已停用：答复相同",
        en="no such client, a wrong secret, or a disabled one: the answer is the same",
    )
    remedy = Text(
        zh="核对客户端编号和密钥；遗失密钥由管理员更换",
        en="check id and secret; a lost secret is replaced by the administrator",
    )
    retry = Retry.CORRECTED

    def __init__(self) -> None:
        super().__init__()
        self.headers = {"WWW-Authenticate": 'Basic realm="huishe"'}

    def members(self, language: str) -> dict[str, Any]:
        return {"error": "invalid_client", "error_description": self.title.en}


@router.post(
    "/oauth/token",
    operation_id="issue_token",
    openapi_extra=_FORM_SCHEMA,
    responses=problem_answers(401, 413, 503),
)
async def issue_token(request: Request, gateway: TheGateway) -> TokenView:
    """Exchange a client's secret for an access token.

    The secret comes by HTTP Basic or as `client_id` and `client_secret` in the form. A token lives
    ten minutes at most and says who the client is, its roles and for whom it acts.
    """
    form = _form_of(request, await request.body())
    client_id, secret = _credentials(request, form)
    if form.get("grant_type") != "client_credentials":
        raise TokenRequestRefused(
            "unsupported_grant_type",
            Text(zh="只支持 client_credentials", en="the grant is client_credentials"),
        )
    if form.get("scope"):
        raise TokenRequestRefused(
            "invalid_scope", Text(zh="不使用 scope", en="roles belong to the client; send no scope")
        )
    now = time.time()  # before the client is read: what is changed later voids the token
    async with gateway.sessions() as session:
        client = await client_asking(session, client_id)
    kept = client.secret_hash if client else nobodys_hash()
    if not await _matches(gateway, secret, kept) or client is None or client.disabled_at:
        raise UnknownClient()
    token = gateway.issuer.issue(client.client_id, client.roles, client.org, now)
    return TokenView(access_token=token, expires_in=gateway.issuer.seconds)


@router.get("/oauth/jwks.json", operation_id="public_keys", response_model=KeySetView)
async def public_keys(gateway: TheGateway) -> JSONResponse:
    """The public keys of the access tokens."""
    return JSONResponse(gateway.keys.published(), headers={"Cache-Control": "public, max-age=60"})


@router.get("/.well-known/oauth-authorization-server", operation_id="authorization_server")
async def authorization_server(gateway: TheGateway) -> dict[str, Any]:
    """Where tokens are issued and how (RFC 8414)."""
    here = gateway.settings.public_url
    return {
        "issuer": gateway.settings.issuer,
        "token_endpoint": f"{here}/oauth/token",
        "jwks_uri": f"{here}/oauth/jwks.json",
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "service_documentation": f"{here}/docs",
    }


async def _matches(gateway: GatewayRuntime, secret: str, kept: str) -> bool:
    if gateway.secrets.knows(secret, kept):
        return True
    matches = await asyncio.to_thread(secret_matches, secret, kept)
    if matches:
        gateway.secrets.remember(secret, kept)
    return matches


def _form_of(request: Request, body: bytes) -> dict[str, str]:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise _malformed(Text(zh=f"须以 {FORM} 提交", en=f"send {FORM}"))
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(body),
            max_num_fields=10,
        )
    except ValueError:
        raise _malformed(Text(zh="表单无法识别", en="this is not a form")) from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise _malformed(Text(zh="参数重复", en="a parameter stands twice"))
    return form


def _credentials(request: Request, form: dict[str, str]) -> tuple[str, str]:
    basic = request.headers.get("authorization")
    if basic is None:
        client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
    elif "client_secret" in form:
        raise _malformed(Text(zh="密钥只能以一种方式提交", en="send the secret in one way only"))
    else:
        client_id, secret = _basic(basic)
    if not client_id or not secret or len(client_id) > 64 or len(secret) > LONGEST_SECRET:
        raise UnknownClient()
    if "\x00" in client_id:
        raise UnknownClient()
    return client_id, secret


def _basic(header: str) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        raise UnknownClient()
    try:
        plain = base64.b64decode(encoded.strip(), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        raise UnknownClient() from None
    client_id, _, secret = plain.partition(":")
    return unquote_plus(client_id), unquote_plus(secret)


def _malformed(detail: Text) -> TokenRequestRefused:
    return TokenRequestRefused("invalid_request", detail)
