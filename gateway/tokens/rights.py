"""Who may do what, shown to the administrator: every client, its mandates and keys, and what it reaches.

What a role reaches stands in the services' contracts (`x-roles`), so the table cannot disagree with
what the services do; a service whose contract cannot be had is named instead of guessed.
"""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi import Path as InPath

from gateway.catalogue import Contracts
from gateway.runtime import GatewayRuntime, the_gateway
from gateway.tokens.actions import UNKNOWN
from gateway.tokens.models import Client, RecordedMandate
from gateway.tokens.public_keys import thumbprints
from gateway.tokens.queries import client_named, clients_after, last_tokens, mandates_of
from gateway.tokens.rules import NAMES, Role
from gateway.tokens.schemas import (
    ClientKeyView,
    ClientRightsView,
    ClientsView,
    ClientView,
    MandateView,
    OperationView,
    RoleView,
)
from shared.days import day_of
from shared.errors import Forbidden, NotFound, Unauthenticated
from shared.http.contract import problem_answers
from shared.http.paging import ThePaging
from shared.tokens import Caller


def require_administrator(request: Request) -> None:
    """Before anything is looked at: who may not ask is not told how to."""
    caller: Caller | None = request.scope.get("huishe.caller")
    if caller is None:
        raise Unauthenticated()
    if Role.ADMINISTRATOR not in caller.roles:
        raise Forbidden()


ADMINISTRATORS = {"security": [{"bearer": []}], "x-roles": ["administrator"]}
router = APIRouter(
    prefix="/clients",
    tags=["clients"],
    dependencies=[Depends(require_administrator)],
    responses=problem_answers(400, 401, 403, 422, 429, 503),
)
TheGateway = Annotated[GatewayRuntime, Depends(the_gateway)]
ClientId = Annotated[str, InPath(pattern=r"^[a-z0-9][a-z0-9._-]{1,63}$")]


@router.get("", operation_id="list_clients", openapi_extra=ADMINISTRATORS)
async def list_clients(
    gateway: TheGateway, paging: ThePaging, request: Request, response: Response
) -> ClientsView:
    """Every client by name: roles, organisation, mandates, keys, and when it last got a token."""
    after = "" if paging.cursor is None else paging.read(paging.cursor)
    async with gateway.sessions() as session:
        found = await clients_after(session, after, paging.limit + 1)
        shown = found[: paging.limit]
        names = [client.client_id for client in shown]
        mandates = await mandates_of(session, names)
        used = await last_tokens(session, names)
    following = paging.write(names[-1]) if len(found) > len(shown) else None
    if following is not None:
        query = f"limit={paging.limit}&cursor={following}"
        response.headers["Link"] = f'<{request.url.path}?{query}>; rel="next"'
    items = [_shown(client, mandates, used.get(client.client_id)) for client in shown]
    return ClientsView(items=items, next=following)


@router.get(
    "/{client_id}",
    operation_id="read_client",
    openapi_extra=ADMINISTRATORS,
    responses=problem_answers(404),
)
async def read_client(
    client_id: ClientId, gateway: TheGateway, request: Request
) -> ClientRightsView:
    """One client with every operation that its roles reach, service by service."""
    async with gateway.sessions() as session:
        client = await client_named(session, client_id)
        if client is None:
            raise NotFound(UNKNOWN)
        mandates = await mandates_of(session, [client_id])
        used = await last_tokens(session, [client_id])
    contracts: Contracts = request.app.state.contracts
    await contracts.merged(gateway.upstreams, time.monotonic())
    view = _shown(client, mandates, used.get(client_id))
    return ClientRightsView(
        **view.model_dump(),
        operations=[
            OperationView(service=service, operation=name, method=method.upper(), path=path)
            for service, name, method, path, roles in contracts.operations()
            if _reaches(client.roles, method, roles)
        ],
        contracts_missing=sorted(contracts.missing(gateway.upstreams)),
    )


def _reaches(held: Sequence[str], method: str, roles: Sequence[str]) -> bool:
    """As the services admit: one of the roles named, or an auditor who reads."""
    if not roles:
        return False
    return not set(held).isdisjoint(roles) or (method == "get" and Role.AUDITOR in held)


def _shown(
    client: Client, mandates: Sequence[RecordedMandate], last_token_at: datetime | None
) -> ClientView:
    today = day_of(datetime.now(UTC))
    prints = thumbprints(client.keys)
    return ClientView(
        client_id=client.client_id,
        name=client.name,
        roles=[_role(role) for role in client.roles],
        org=client.org,
        mandates=[
            MandateView(
                org=one.org,
                roles=one.roles,
                first_day=one.first_day,
                last_day=one.last_day,
                document=one.document,
                in_force=one.first_day <= today <= one.last_day,
            )
            for one in mandates
            if one.client_id == client.client_id
        ],
        keys=[
            ClientKeyView(kid=key["kid"], thumbprint=thumbprint)
            for key, thumbprint in zip(client.keys, prints, strict=True)
        ],
        has_secret=client.secret_hash is not None,
        disabled_at=client.disabled_at,
        changed_at=client.changed_at,
        last_token_at=last_token_at,
    )


def _role(role: str) -> RoleView:
    name = NAMES[Role(role)]
    return RoleView(role=role, zh=name.zh, en=name.en)
