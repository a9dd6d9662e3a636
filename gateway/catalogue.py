"""What there is: the services' contracts as one, the docs page, the health of all parts."""

import asyncio
import ipaddress
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import fastapi_offline
import orjson
from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response

from gateway.descriptions import METHODS, Views
from gateway.failures import Silent, Stalled, TooSlow
from gateway.runtime import GatewayRuntime, digest, the_gateway
from gateway.upstreams import Upstreams
from shared import errors
from shared.http.contract import problem_answers
from shared.tokens import Caller

router = APIRouter(tags=["catalogue"], responses=problem_answers(400, 401, 429))
TheGateway = Annotated[GatewayRuntime, Depends(the_gateway)]

FRESH_SECONDS = 30.0
SILENT_SECONDS = 2.0
SCHEME = {
    "type": "oauth2",
    "description": "Tokens of the gateway, got with a client's credentials",
    "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": {}}},
}
_ASSETS = Path(fastapi_offline.__file__).parent / "static"
_MEDIA = {".js": "text/javascript", ".css": "text/css", ".png": "image/png"}

PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}

# --- One contract of many ------------------------------------------------------------------------


@dataclass(slots=True)
class Part:
    """One service's contract as last had, and when."""

    contract: dict[str, Any] | None = None
    had_at: float = 0.0
    asked_at: float = float("-inf")
    current: bool = False


class Contracts:
    """The services' contracts, asked for now and then; the last one had stands in for a silence."""

    def __init__(self, own: Callable[[], dict[str, Any]]) -> None:
        self._own = own
        self._parts: dict[str, Part] = {}
        self._merged: bytes | None = None
        self._asking = asyncio.Lock()
        self.views = Views()

    async def merged(self, upstreams: Upstreams, now: float) -> bytes:
        async with self._asking:
            due = [
                name
                for name in upstreams.services
                if now - self._parts.setdefault(name, Part()).asked_at >= FRESH_SECONDS
            ]
            if due or self._merged is None:
                await asyncio.gather(*[self._renew(upstreams, name, now) for name in due])
                self._merged = orjson.dumps(merge(self._own(), self._parts))
        return self._merged

    def operations(self) -> Iterator[tuple[str, str, str, str, Sequence[str]]]:
        """Service, name, method, path and roles of every operation, as the contracts had last say."""
        for service, part in sorted(self._parts.items()):
            for path, item in (part.contract or {}).get("paths", {}).items():
                for method, told in item.items():
                    if method in METHODS and path.startswith(f"/{service}/"):
                        roles = told.get("x-roles", ())
                        yield service, told.get("operationId", ""), method, path, roles

    def missing(self, upstreams: Upstreams) -> list[str]:
        """The services whose contract was never had."""
        return [name for name in upstreams.services if self._parts[name].contract is None]

    async def _renew(self, upstreams: Upstreams, name: str, now: float) -> None:
        part = self._parts[name]
        try:
            address = upstreams.services[name].address()
            status, body = await upstreams.ask(address, "/openapi.json")
            contract = orjson.loads(body) if status == 200 else None
        except (Silent, TooSlow, Stalled, orjson.JSONDecodeError):
            contract = None
        part.current = isinstance(contract, dict)
        part.asked_at = now
        if isinstance(contract, dict):
            part.contract, part.had_at = contract, time.time()
        else:
            part.asked_at -= FRESH_SECONDS - SILENT_SECONDS  # soon again


def merge(own: dict[str, Any], parts: Mapping[str, Part]) -> dict[str, Any]:
    """One document: component names and operationIds say whose they are, tags are grouped."""
    contracts = {"gateway": own} | {n: p.contract for n, p in parts.items() if p.contract}
    components: dict[str, dict[str, Any]] = {}
    paths: dict[str, Any] = {}
    tags: list[dict[str, Any]] = []
    groups: list[dict[str, Any]] = []
    for service, contract in contracts.items():
        renamed = _renamed(contract, service)
        for kind, named in renamed.get("components", {}).items():
            if kind != "securitySchemes":
                components.setdefault(kind, {}).update(named)
        for path, item in renamed.get("paths", {}).items():
            if service == "gateway" or path.startswith(f"/{service}/"):
                paths[path] = _operations(item, service, contract.get("security", []))
        found = _tags(renamed, service)
        tags += found
        groups.append({"name": service, "tags": [tag["name"] for tag in found]})
    components["securitySchemes"] = {"huishe": SCHEME}
    missing = [name for name, part in parts.items() if part.contract is None]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Huishe 惠社",
            "version": str(own.get("info", {}).get("version", "")),
            "description": _description(missing),
            "x-parts": {name: _state(part) for name, part in sorted(parts.items())},
        },
        "servers": [{"url": "/"}],
        "tags": tags,
        "x-tagGroups": groups,
        "paths": dict(sorted(paths.items())),
        "components": components,
    }


def _state(part: Part) -> dict[str, Any]:
    if part.contract is None:
        return {"contract": "missing"}
    had = datetime.fromtimestamp(part.had_at, UTC).isoformat(timespec="seconds")
    return {"contract": "current" if part.current else "kept", "had_at": had}


def _description(missing: list[str]) -> str:
    text = (
        "Private social-work agencies of one district: registered, purchased from, evaluated and "
        "incubated. One contract for all services, reached through one door."
    )
    if missing:
        text += f"\n\n**Not answering now, so missing here: {', '.join(sorted(missing))}.**"
    return text


def _renamed(node: Any, service: str) -> Any:
    """The same contract with `Name` of every component as `service.Name`."""
    if isinstance(node, list):
        return [_renamed(item, service) for item in node]
    if not isinstance(node, dict):
        return node
    found: dict[str, Any] = {}
    for key, value in node.items():
        if key == "$ref" and isinstance(value, str):
            found[key] = _renamed_reference(value, service)
        elif key == "components" and isinstance(value, dict):
            found[key] = {
                kind: {f"{service}.{name}": _renamed(item, service) for name, item in named.items()}
                for kind, named in value.items()
            }
        elif key == "mapping" and isinstance(value, dict):
            found[key] = {
                name: _renamed_reference(target, service) if isinstance(target, str) else target
                for name, target in value.items()
            }
        else:
            found[key] = _renamed(value, service)
    return found


def _renamed_reference(reference: str, service: str) -> str:
    head, slash, name = reference.rpartition("/")
    if not head.startswith("#/components/"):
        return reference
    return f"{head}{slash}{service}.{name}"


def _operations(
    item: dict[str, Any], service: str, default: list[dict[str, Any]]
) -> dict[str, Any]:
    found = dict(item)
    for method in METHODS:
        if method in item:
            operation = dict(item[method])
            if "operationId" in operation and service != "gateway":
                operation["operationId"] = f"{service}_{operation['operationId']}"
            operation["tags"] = [f"{service}: {tag}" for tag in operation.get("tags", [service])]
            asked = operation.get("security", default)
            operation["security"] = [{"huishe": []} if any(way) else {} for way in asked]
            found[method] = operation
    return found


def _tags(contract: dict[str, Any], service: str) -> list[dict[str, Any]]:
    described = {tag["name"]: tag for tag in contract.get("tags", [])}
    used = {
        tag: None
        for item in contract.get("paths", {}).values()
        for method, operation in item.items()
        if method in METHODS
        for tag in operation.get("tags", [service])
    }
    return [{**described.get(tag, {}), "name": f"{service}: {tag}"} for tag in used]


@router.get(
    "/openapi.json",
    operation_id="merged_contract",
    response_class=JSONResponse,
    responses={304: {"description": "Unchanged since the ETag given"}},
)
async def merged_contract(request: Request, gateway: TheGateway) -> Response:
    """The contract of the whole suite; it says which parts are silent.

    With a token it has only what the client's roles may use.
    """
    contracts: Contracts = request.app.state.contracts
    content = await contracts.merged(gateway.upstreams, time.monotonic())
    caller: Caller | None = request.scope.get("huishe.caller")
    if caller is not None:
        content = contracts.views.of(content, caller.roles)
    etag = digest(content)
    sharing = "public" if caller is None else "private"
    headers = {
        "ETag": etag,
        "Cache-Control": f"{sharing}, max-age=30",
        "Vary": "Authorization",
    }
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="application/json", headers=headers)


@router.get("/codelists", operation_id="list_codelists")
async def list_codelists(request: Request, gateway: TheGateway) -> dict[str, Any]:
    """Every codelist of the services' contracts, with Chinese and English names and its clause."""
    return {"items": list((await _codelists(request, gateway)).values())}


@router.get("/codelists/{name}", operation_id="read_codelist", responses=problem_answers(404))
async def read_codelist(name: str, request: Request, gateway: TheGateway) -> dict[str, Any]:
    """One codelist, by the name that it has in the contracts."""
    found = (await _codelists(request, gateway)).get(name)
    if found is None:
        raise errors.NotFound()
    return found


async def _codelists(request: Request, gateway: GatewayRuntime) -> dict[str, dict[str, Any]]:
    contracts: Contracts = request.app.state.contracts
    return contracts.views.codelists(await contracts.merged(gateway.upstreams, time.monotonic()))


# --- Pages ---------------------------------------------------------------------------------------

_DOCS = """<!doctype html>
<html lang="zh">
<meta charset="utf-8">
<title>惠社 Huishe</title>
<link rel="icon" href="/docs/assets/favicon.png">
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
<div id="contract"></div>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</html>
"""
_START = """SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#contract",
  deepLinking: true,
  docExpansion: "none",
  validatorUrl: null,
});
"""


@router.get("/docs", include_in_schema=False)
async def docs_page() -> HTMLResponse:
    return HTMLResponse(_DOCS, headers={**PAGE_HEADERS, "Cache-Control": "no-cache"})


@router.get("/docs/start.js", include_in_schema=False)
async def docs_script() -> Response:
    return Response(_START, media_type="text/javascript", headers=PAGE_HEADERS)


@router.get("/docs/assets/{name}", include_in_schema=False)
async def docs_asset(name: str) -> Response:
    if name not in ("swagger-ui-bundle.js", "swagger-ui.css", "favicon.png"):
        raise errors.NotFound()
    return FileResponse(
        _ASSETS / name,
        media_type=_MEDIA[Path(name).suffix],
        headers={**PAGE_HEADERS, "Cache-Control": "public, max-age=86400"},
    )


_PLACES = {
    "documentation": "/docs",
    "contract": "/openapi.json",
    "status": "/status",
    "problems": "/problems/",
    "codelists": "/codelists",
    "tokens": "/.well-known/oauth-authorization-server",
}


@router.get("/", operation_id="index")
async def index(gateway: TheGateway) -> dict[str, Any]:
    """Where to go from here."""
    services = {name: f"/{name}/v1/" for name in gateway.upstreams.services}
    return {"name": "Huishe 惠社", **_PLACES, "services": services}


# --- Health --------------------------------------------------------------------------------------


@router.get("/status", operation_id="status")
async def status(gateway: TheGateway) -> dict[str, Any]:
    """Which parts of the suite answer. Public: it names no address and counts nothing."""
    parts = {
        name: _standing([(a.ready, a.ejected) for a in upstream.addresses])
        for name, upstream in gateway.upstreams.services.items()
    }
    return {
        "status": "up" if set(parts.values()) == {"up"} else "partly",
        "sandbox": gateway.settings.sandbox,
        "parts": {"gateway": "up", **parts},
        "configuration": {
            "digest": gateway.in_force.configuration.digest,
            "since": gateway.in_force.since.isoformat(timespec="microseconds"),
            "refused": bool(gateway.in_force.refused),
        },
        "journals": {name: gateway.witness.seen(name).standing for name in gateway.journals},
        "freshness": {name: _freshness(gateway, name) for name in gateway.upstreams.services},
    }


def _freshness(gateway: GatewayRuntime, service: str) -> dict[str, Any]:
    """How old the last answer of a service is, and how far its feed goes; both are public anyway."""
    answered = [a.answered_at for a in gateway.upstreams.services[service].addresses]
    last = max((moment for moment in answered if moment is not None), default=None)
    seen = gateway.witness.seen(service)
    return {
        "answered_seconds_ago": None if last is None else round(time.monotonic() - last, 1),
        "feed_position": None if seen.checkpoint is None else seen.checkpoint.size,
        "feed_seen_at": None if seen.seen_at is None else seen.seen_at.isoformat(),
    }


def _standing(copies: list[tuple[bool | None, bool]]) -> str:
    if any(ready and not ejected for ready, ejected in copies):
        return "up"
    return "down" if all(ejected for _, ejected in copies) else "not ready"


@router.get("/health/live", operation_id="live")
async def live() -> dict[str, str]:
    """Whether the process answers."""
    return {"status": "alive"}


@router.get(
    "/health/ready",
    operation_id="ready",
    responses={503: {"description": "Not ready; `faults` says why"}},
)
async def ready(gateway: TheGateway) -> Response:
    """Whether the gateway can do its work: database, migrations and keys."""
    faults = await gateway.faults()
    return JSONResponse(
        {"status": "not ready" if faults else "ready", "faults": faults},
        status_code=503 if faults else 200,
        headers={"Cache-Control": "no-store", **({"Retry-After": "1"} if faults else {})},
    )


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request, gateway: TheGateway) -> Response:
    """For the bureau's own monitoring; to others there is no such page."""
    networks = [ipaddress.ip_network(network) for network in gateway.settings.metrics_networks]
    host = request.client.host if request.client else ""
    try:
        inside = any(ipaddress.ip_address(host) in network for network in networks)
    except ValueError:
        inside = False
    if not inside:
        raise errors.NotFound()
    return Response(gateway.figures.exposition(), media_type="text/plain; version=0.0.4")
