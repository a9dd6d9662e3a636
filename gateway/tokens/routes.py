"""The token endpoint (RFC 6749 §4.4, RFC 8693), revocation (RFC 7009), and where all is (RFC 8414)."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from gateway.runtime import GatewayRuntime, the_gateway
from gateway.tokens import exchange
from gateway.tokens.actions import revoke_token as void_one
from gateway.tokens.authentication import METHODS, client_of
from gateway.tokens.forms import TokenRequestRefused, described, form_of, malformed
from gateway.tokens.issuing import Hands
from gateway.tokens.mandates import carried_by
from gateway.tokens.models import Client
from gateway.tokens.public_keys import OF_CLIENTS
from gateway.tokens.rules import Role
from gateway.tokens.schemas import KeySetView, RevocationsView, TokenView
from shared.errors import Unauthenticated, Unavailable
from shared.http.contract import problem_answers
from shared.words import Text

router = APIRouter(tags=["tokens"], responses=problem_answers(400, 429))
TheGateway = Annotated[GatewayRuntime, Depends(the_gateway)]

CLIENT_CREDENTIALS = "client_credentials"
GRANTS = [CLIENT_CREDENTIALS, exchange.GRANT]
_TOKEN_FORM = described(
    required="grant_type",
    grant_type={"type": "string", "enum": GRANTS},
    subject_token={"type": "string", "maxLength": 8192},
    subject_token_type={"type": "string", "enum": list(exchange.SUBJECT_TYPES)},
    requested_token_type={"type": "string", "enum": list(exchange.ISSUED_TYPES)},
    audience={"type": "string"},
)
_REVOCATION_FORM = described(
    required="token",
    token={"type": "string", "maxLength": 4096},
    token_type_hint={"type": "string"},
)


@router.post(
    "/oauth/token",
    operation_id="issue_token",
    openapi_extra=_TOKEN_FORM,
    responses=problem_answers(401, 413, 503),
    response_model_exclude_none=True,
)
async def issue_token(request: Request, gateway: TheGateway) -> TokenView:
    """Exchange a client's credentials, or a person's token, for an access token.

    A client shows who it is by HTTP Basic, by `client_id` and `client_secret` in the form, or by an
    assertion that it signed (`private_key_jwt`, good for five minutes at most and once). A token
    lives ten minutes at most and never longer than what it was issued on; it says whose rights it
    carries, the roles, the organisation, and the mandates in force. A platform exchanges the token
    of a person of a known identity provider (RFC 8693): the rights are those of the client that
    the person is mapped to, `act` says who acts.
    """
    form = await form_of(request)
    asking = await client_of(request, form, gateway)
    if form.get("grant_type") not in GRANTS:
        raise TokenRequestRefused(
            "unsupported_grant_type",
            Text(zh=f"支持：{'、'.join(GRANTS)}", en=f"the grant is one of {', '.join(GRANTS)}"),
        )
    if form.get("scope"):
        raise TokenRequestRefused(
            "invalid_scope", Text(zh="不使用 scope", en="roles belong to the client; send no scope")
        )
    if form["grant_type"] == CLIENT_CREDENTIALS:
        return await _issued(gateway, asking.client, asking.now)
    found = await exchange.exchanged(form, asking, gateway)
    told = await _issued(gateway, found.client, asking.now, hands=found.hands, until=found.until)
    told.issued_token_type = exchange.ACCESS_TOKEN
    return told


async def _issued(
    gateway: GatewayRuntime,
    client: Client,
    now: float,
    *,
    hands: Hands | None = None,
    until: float | None = None,
) -> TokenView:
    mandates = await carried_by(gateway.sessions, client.client_id, client.roles, now)
    token = gateway.issuer.issue(
        client.client_id,
        client.roles,
        client.org,
        now,
        mandates=mandates,
        hands=hands,
        until=until,
    )
    if Role.AGENCY not in client.roles:  # it would tell who was there when bids came in
        gateway.issued[client.client_id] = now
    lasts = gateway.issuer.end(now, mandates, until) - now
    return TokenView(access_token=token, expires_in=max(0, int(lasts)))


@router.post(
    "/oauth/revoke",
    operation_id="revoke_token",
    openapi_extra=_REVOCATION_FORM,
    responses={**problem_answers(401, 413, 503), 200: {"description": "It is void, or was none"}},
    response_class=Response,
)
async def revoke_token(request: Request, gateway: TheGateway) -> Response:
    """Void a token of one's own before its end (RFC 7009).

    At this door at once, at every service within five seconds. What is no token, or is void
    already, is answered the same; another client's token is refused.
    """
    form = await form_of(request)
    asking = await client_of(request, form, gateway)
    if not form.get("token"):
        raise malformed(Text(zh="缺少 token", en="send the token"))
    try:
        caller = gateway.desk.read(form["token"], asking.now)
    except Unauthenticated:
        return Response()
    if asking.client.client_id not in (caller.client_id, caller.acting):
        raise TokenRequestRefused(
            "invalid_grant", Text(zh="该令牌属于其他客户端", en="the token is another client's")
        )
    async with gateway.sessions.begin() as session:
        await void_one(session, asking.client.client_id, caller.token_id, caller.expires)
    await gateway.look_again()
    return Response()


@router.get("/oauth/jwks.json", operation_id="public_keys", response_model=KeySetView)
async def public_keys(gateway: TheGateway) -> JSONResponse:
    """The public keys of the access tokens."""
    return JSONResponse(gateway.keys.published(), headers={"Cache-Control": "public, max-age=60"})


@router.get(
    "/oauth/revocations",
    operation_id="read_revocations",
    response_model=RevocationsView,
    responses=problem_answers(503),
)
async def read_revocations(gateway: TheGateway) -> JSONResponse:
    """What was lately revoked; every service asks every two seconds.

    Whoever verifies tokens refuses what is named here. A client appears as the SHA-256 of its name.
    """
    if gateway.revocations is None:
        raise Unavailable()
    return JSONResponse(gateway.revocations.document(), headers={"Cache-Control": "no-store"})


@router.get("/.well-known/oauth-authorization-server", operation_id="authorization_server")
async def authorization_server(gateway: TheGateway) -> dict[str, Any]:
    """Where tokens are issued and how (RFC 8414)."""
    here = gateway.settings.public_url
    return {
        "issuer": gateway.settings.issuer,
        "token_endpoint": f"{here}/oauth/token",
        "revocation_endpoint": f"{here}/oauth/revoke",
        "jwks_uri": f"{here}/oauth/jwks.json",
        "grant_types_supported": GRANTS,
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": METHODS,
        "token_endpoint_auth_signing_alg_values_supported": list(OF_CLIENTS),
        "revocation_endpoint_auth_methods_supported": METHODS,
        "revocation_endpoint_auth_signing_alg_values_supported": list(OF_CLIENTS),
        "service_documentation": f"{here}/docs",
    }
