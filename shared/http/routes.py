"""The route class of every endpoint, and what a signature may ask for.

    router = APIRouter(prefix="/tenders", tags=["tenders"], route_class=WorkRoute)

    @router.post("/{tender_id}/publication", response_model=TenderView)
    @allow("purchaser")
    async def publish_tender(tender: ChangingTender, work: TheWork) -> Tender: ...

Parameters that ask other services stand before those that open the work: no transaction is open
while somebody else is asked.
"""

import hashlib
import inspect
import re
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Request
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from fastapi.params import Path, Query
from fastapi.routing import APIRoute
from sqlalchemy import select
from starlette.exceptions import HTTPException
from starlette.responses import Response

from shared.actor import NOBODY, Actor
from shared.database.base import Aggregate
from shared.errors import (
    Forbidden,
    InvalidInput,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    Refusal,
    Unauthenticated,
)
from shared.http.bodies import read_bytes, read_json
from shared.http.contract import problem_answers
from shared.http.errand import SAFE_METHODS, Errand, Replayed
from shared.http.retirement import Retirement
from shared.runtime import runtime_of
from shared.words import Text
from shared.work import Work

A = TypeVar("A", bound=Aggregate)
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

EVERYBODY = frozenset[str]()
ROLES = frozenset(
    {
        "registrar",
        "supervisor",
        "purchaser",
        "procurement_agent",  # 采购代理机构
        "panellist",
        "custodian",
        "finance",
        "evaluator",
        "incubator_manager",
        "industry_body",
        "street_officer",
        "auditor",  # reads all, changes nothing
        "agency",  # acts for one credit code
        "platform",  # a municipal system
        "administrator",  # clients and keys; no business data
        "service",
    }
)
_KEY = re.compile(r"[\x21-\x7e]{8,128}")


def allow(*roles: str) -> Callable[[Endpoint], Endpoint]:
    """Only callers with one of the roles; an auditor may always read."""
    unknown = set(roles) - ROLES
    if unknown or not roles:
        raise TypeError(f"no such role: {', '.join(unknown) or 'none given'}")

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.__roles__ = frozenset(roles)  # type: ignore[attr-defined]
        return endpoint

    return mark


def open_to_all(endpoint: Endpoint) -> Endpoint:
    """Anybody may call, without a token too: what the law makes public."""
    endpoint.__roles__ = EVERYBODY  # type: ignore[attr-defined]
    return endpoint


def keyed_by_content(endpoint: Endpoint) -> Endpoint:
    """A POST whose own content says whether it is the same again; it takes no Idempotency-Key."""
    endpoint.__keyed_by_content__ = True  # type: ignore[attr-defined]
    return endpoint


def discreet(endpoint: Endpoint) -> Endpoint:
    """Left out of every count: how often it is called must show nowhere (sealed bids)."""
    endpoint.__discreet__ = True  # type: ignore[attr-defined]
    return endpoint


def raw_body(limit: int) -> Callable[[Endpoint], Endpoint]:
    """The body is bytes, at most `limit` of them, and not JSON."""

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.__raw_body__ = limit  # type: ignore[attr-defined]
        return endpoint

    return mark


IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "schema": {"type": "string"},
    "description": "The ETag you read; 428 without it, 412 when it is stale",
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "The ETag you have: 304 when it is still the one",
}
UNCHANGED = {304: {"description": "Unchanged since the ETag given in If-None-Match"}}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 8, "maxLength": 128, "pattern": f"^{_KEY.pattern}$"},
    "description": "Required unless dry=true. The same key and body get the first answer again",
}
_DRY = {
    "name": "dry",
    "in": "query",
    "required": False,
    "schema": {"type": "boolean", "default": False},
    "description": "Run, judge, roll back, and tell what would happen with every finding",
}


def _summary(endpoint: Callable[..., Any]) -> str:
    """The first line of the docstring, as the contract's one-line summary."""
    return (inspect.getdoc(endpoint) or "").partition("\n")[0].rstrip(".")


def _path_parameter(name: str, model: type[Aggregate]) -> dict[str, Any]:
    by_id = getattr(model, "path_key", "id") == "id"
    schema = {"type": "string", "format": "uuid"} if by_id else {"type": "string"}
    return {"name": name, "in": "path", "required": True, "schema": schema}


class WorkRoute(APIRoute):
    """Token, role, key, strict JSON, work, commit and problem documents around each endpoint."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        roles = getattr(endpoint, "__roles__", None)
        if roles is None:
            raise TypeError(f"{endpoint.__name__}: say who may call it (allow or open_to_all)")
        self.roles: frozenset[str] = roles
        self._methods = frozenset(options.get("methods") or {"GET"})
        by_content = getattr(endpoint, "__keyed_by_content__", False)
        self.keyed = "POST" in self._methods and not by_content
        self.raw_limit: int | None = getattr(endpoint, "__raw_body__", None)
        self.discreet: bool = getattr(endpoint, "__discreet__", False)
        self.retirement: Retirement | None = getattr(endpoint, "__retirement__", None)
        options["operation_id"] = options.get("operation_id") or endpoint.__name__
        options["summary"] = options.get("summary") or _summary(endpoint)
        options["responses"] = {
            **(UNCHANGED if self._reads else {}),
            **problem_answers(*self._problems()),
            **(options.get("responses") or {}),
        }
        super().__init__(path, endpoint, **options)
        self.known_query = {
            parameter.alias
            for parameter in get_flat_params(self.dependant)
            if isinstance(parameter.field_info, Query)
        }
        self.openapi_extra = {**self._described(), **(self.openapi_extra or {})}

    def _problems(self) -> list[int]:
        found = [400, 413, 415, 422, 429, 503]
        found += [401, 403] if self.roles else [401]
        return sorted({*found, 404, *([] if self._reads else [409, 412, 428, 507])})

    @property
    def _reads(self) -> bool:
        return self._methods <= SAFE_METHODS

    def _described(self) -> dict[str, Any]:
        """What the contract says of keys, versions, dry runs and roles."""
        calls = _calls(self.dependant)
        found = {p.alias for p in get_flat_params(self.dependant) if isinstance(p.field_info, Path)}
        parameters = [
            _path_parameter(*c.__path_parameter__)
            for c in calls
            if hasattr(c, "__path_parameter__") and c.__path_parameter__[0] not in found
        ]
        if any(getattr(call, "__changes__", False) for call in calls):
            parameters.append(IF_MATCH)
        if self.keyed:
            parameters.append(IDEMPOTENCY_KEY)
        parameters.append(IF_NONE_MATCH if self._reads else _DRY)
        described: dict[str, Any] = {"x-roles": sorted(self.roles), "parameters": parameters}
        described["security"] = [{"bearer": []}] if self.roles else [{}, {"bearer": []}]
        return {**described, **(self.retirement.described() if self.retirement else {})}

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        run = super().get_route_handler()

        async def handle(request: Request) -> Response:
            response = await conduct(self, request, run)
            if self.retirement is not None:
                self.retirement.tell(response.headers)
            return response

        return handle


async def conduct(
    route: WorkRoute, request: Request, run: Callable[[Request], Awaitable[Response]]
) -> Response:
    """One request: who, what exactly, then the endpoint, then commit or refusal."""
    request.scope["operation"] = route.operation_id
    request.scope["discreet"] = route.discreet
    runtime = runtime_of(request)
    errand = Errand(request, runtime, NOBODY, str(route.operation_id), None, b"", dry=False)
    request.state.errand = errand
    try:
        errand.actor = await _authenticate(request, errand)
        _admit(route, request, errand.actor)
        know_query(route.known_query, request)
        errand.dry = _dry(request)
        errand.digest = await _read_body(route, request)
        errand.key = _key(route, request, dry=errand.dry)
        await errand.replay_early()
        response = await run(request)
        return await errand.finish(response)
    except (Refusal, Replayed, RequestValidationError, HTTPException) as refusal:
        return await errand.refuse(refusal)
    except Exception as broken:  # the edge: database refusals become problems, the rest a 500
        return await errand.refuse(broken)
    finally:
        await errand.close()


async def _authenticate(request: Request, errand: Errand) -> Actor:
    given = request.headers.getlist("authorization")
    if not given:
        return NOBODY
    scheme, _, token = given[0].partition(" ")
    if len(given) > 1 or scheme.lower() != "bearer" or not token:
        raise Unauthenticated()
    return await errand.runtime.verifier.actor(token.strip())


def _admit(route: WorkRoute, request: Request, actor: Actor) -> None:
    if not route.roles:
        return
    if actor.anonymous:
        raise Unauthenticated()
    reads = request.method in SAFE_METHODS and actor.has("auditor")
    if not reads and not actor.has(*route.roles):
        needed = ", ".join(sorted(route.roles))
        raise Forbidden(Text(zh=f"需要角色：{needed}", en=f"needs one of the roles: {needed}"))


def know_query(parameters: set[str], request: Request, *, dry: bool = True) -> None:
    """Unknown query parameters are refused like unknown fields; none may stand twice."""
    known = parameters | (set() if request.method in SAFE_METHODS or not dry else {"dry"})
    names = [name for name, _ in request.query_params.multi_items()]
    for name in names:
        if name not in known:
            raise InvalidInput.at(
                f"/query/{name if name.isidentifier() and len(name) <= 60 else 'parameter'}",
                Text(zh="不接受接口文档以外的查询参数", en="unknown query parameters are refused"),
                Text(
                    zh=f"此处可用：{'、'.join(sorted(known)) or '无'}",
                    en=f"known here: {', '.join(sorted(known)) or 'none'}",
                ),
            )
        if names.count(name) > 1:
            raise InvalidInput.at(
                f"/query/{name}",
                Text(zh="同一参数只能出现一次", en="stands once"),
                Text(zh="请删除重复项", en="remove the duplicate"),
            )


def _dry(request: Request) -> bool:
    asked = request.query_params.get("dry")
    if asked not in (None, "true", "false"):
        raise InvalidInput.at(
            "/query/dry",
            Text(zh="须为 true 或 false", en="true or false"),
            Text(zh="试运行请用 dry=true", en="send dry=true to try it out"),
        )
    return asked == "true"


async def _read_body(route: WorkRoute, request: Request) -> bytes:
    """Read the body strictly; the digest of path and body names the request for its key."""
    if route.raw_limit is None:
        body = await read_json(request)
    else:
        body = await read_bytes(request, route.raw_limit)
    return hashlib.sha256(request.url.path.encode() + b"\x00" + body).digest()


def _key(route: WorkRoute, request: Request, *, dry: bool) -> str | None:
    return key_of(request) if route.keyed and not dry else None


def key_of(request: Request) -> str:
    """The Idempotency-Key that a POST must bring."""
    key = request.headers.get("idempotency-key")
    if key is None or not _KEY.fullmatch(key):
        raise InvalidInput.at(
            "/header/Idempotency-Key",
            Text(
                zh="须为 8 至 128 个可见 ASCII 字符，每个新请求各用一个",
                en="8 to 128 visible ASCII characters, fresh for each new request",
            ),
            Text(zh="请使用 UUID，重试时沿用同一个", en="send a UUID and keep it for retries"),
        )
    return key


# ---------------------------------------------------------------------- what signatures ask for


async def _the_work(request: Request) -> Work:
    errand: Errand = request.state.errand
    return await errand.open()


async def _the_actor(request: Request) -> Actor:
    errand: Errand = request.state.errand
    return errand.actor


TheWork = Annotated[Work, Depends(_the_work)]
TheActor = Annotated[Actor, Depends(_the_actor)]


def reading(model: type[A], parameter: str) -> Any:
    """The aggregate of that path parameter, if it exists for the caller."""

    async def read(request: Request, work: TheWork) -> Aggregate:
        found = await _find(model, request, parameter, work, lock=False)
        if found is None or not found.visible_to(work.actor):
            raise NotFound()
        work.shown = found
        return found

    return _documented(read, model, parameter)


def changing(model: type[A], parameter: str) -> Any:
    """The aggregate, locked, with the caller's `If-Match` checked against its version."""

    async def change(request: Request, work: TheWork) -> Aggregate:
        found = await _find(model, request, parameter, work, lock=True)
        if found is None or not found.visible_to(work.actor) or not found.changeable_by(work.actor):
            raise NotFound()
        check_precondition(request, found.version)
        work.shown = found
        return found

    change.__changes__ = True  # type: ignore[attr-defined]
    return _documented(change, model, parameter)


def _documented(dependency: Callable[..., Any], model: type[Aggregate], parameter: str) -> Any:
    dependency.__path_parameter__ = (parameter, model)  # type: ignore[attr-defined]
    return Depends(dependency)


async def _find(
    model: type[A], request: Request, parameter: str, work: Work, *, lock: bool
) -> A | None:
    """By id; or by the model's own name for itself (`path_key`), an agency's code for one."""
    value = request.path_params[parameter]
    column = getattr(model, getattr(model, "path_key", "id"))
    if column.key == "id":
        try:
            value = UUID(str(value))
        except ValueError:
            raise NotFound() from None
    statement = select(model).where(column == value)
    if lock:
        statement = statement.with_for_update()
    found: A | None = await work.session.scalar(statement)
    return found


def check_precondition(request: Request, version: int) -> None:
    """Whether the caller has read the version that it changes."""
    expected = request.headers.get("if-match")
    if expected is None:
        raise PreconditionRequired()
    if expected.strip() == "*":
        return
    if f'"{version}"' not in [tag.strip() for tag in expected.split(",")]:
        raise PreconditionFailed()


def _calls(dependant: Any) -> list[Any]:
    found = []
    waiting = [dependant]
    while waiting:
        one = waiting.pop()
        found.append(one.call)
        waiting.extend(one.dependencies)
    return found
