"""Rows 1 to 4: what the door costs, beside proxies that do nothing, the same, or less."""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx

from shared.database.embedded import free_port
from tests.bench import references
from tests.bench.figures import Medians, Result, alternating, compared, not_measured
from tests.bench.forms import Form
from tests.bench.load import GENERATOR, contender
from tests.bench.machine import PINNING, SERVER
from tests.bench.parts import UNLIMITED, RunningParts, a_folder, running
from tests.bench.started import Started, module, started

ROWS = (1, 2, 3, 4)
CONCURRENCY = 32
PATHS = [f"/registry/v1/agencies/52410108MJ00000{number:02d}X" for number in range(50)]
USUAL_HEADERS = {"Accept": "application/json", "Accept-Language": "zh-CN", "User-Agent": "platform"}
NO_CACHE = "the gateway answered twice without `Cache-Status: …; hit`: it keeps no public reads yet"


def measure(wanted: Iterable[int], form: Form) -> Iterator[Result]:
    wanted = set(wanted)
    with ExitStack() as stack:
        folder = stack.enter_context(a_folder())
        upstream = stack.enter_context(references.static_upstream(folder))
        door = stack.enter_context(_gateway(folder, upstream))
        pids = door.pinned("gateway")
        yield from _proxies(wanted & {1, 2, 3}, form, stack, folder, upstream, door, pids)
        if 4 in wanted:
            yield _cached(form, stack, folder, upstream, door, pids)


def _gateway(folder: Path, upstream: Started) -> Any:
    """The real gateway with its database, its log and its limits; all services at the static one."""
    services = ("registry", "procurement", "evaluation", "incubator")
    told = json.dumps({service: [upstream.address] for service in services})
    return running(folder, ["gateway"], GATEWAY_UPSTREAMS=told, **UNLIMITED)


def _proxies(
    wanted: set[int],
    form: Form,
    stack: ExitStack,
    folder: Path,
    upstream: Started,
    door: RunningParts,
    pids: list[int],
) -> Iterator[Result]:
    if not wanted:
        return
    headers = {**USUAL_HEADERS, **door.suite.bearer("auditor")}
    asked: dict[str, tuple[str, list[int], Mapping[str, str]]] = {
        "ours": (door.suite.address_of("gateway"), pids, headers)
    }
    missing: dict[int, str] = {}
    if 1 in wanted:
        if references.NGINX is None:
            missing[1] = references.NO_NGINX
        else:
            nginx = stack.enter_context(references.nginx_proxy(folder, upstream.address))
            asked["1"] = nginx.address, nginx.processes, headers
    if 2 in wanted:
        usual = stack.enter_context(_usual_proxy(folder, upstream))
        asked["2"] = usual.address, usual.processes, headers
    if 3 in wanted:
        program = references.envoy_program()
        if program is None:
            missing[3] = references.NO_ENVOY
        else:
            tokens = references.EnvoyTokens()
            envoy = stack.enter_context(
                references.envoy(folder, program, upstream.address, tokens.keys)
            )
            token = tokens.like(_claims(door.suite.token_of("auditor")))
            asked["3"] = (
                envoy.address,
                envoy.processes,
                {**headers, "authorization": f"Bearer {token}"},
            )
            _same_duties(envoy, asked["3"][2])
    found = alternating(
        {
            name: contender(
                address,
                PATHS,
                headers=sent,
                seconds=form.seconds,
                concurrency=CONCURRENCY,
                server=server,
            )
            for name, (address, server, sent) in asked.items()
        },
        form.rounds,
    )
    for row in sorted(wanted):
        if row in missing:
            yield not_measured(row, missing[row])
        else:
            yield _against(row, found["ours"], found[str(row)])


_REFERENCES = {
    1: "nginx 代理 bare nginx proxy, one worker, kept connections, no log",
    2: "FastAPI + httpx proxy without duties (tests/bench/usual_stack.py)",
    3: "Envoy with jwt_authn (Ed25519 under its name EdDSA, verified tokens cached), "
    "local rate limit told in headers, JSON access log, request id; one worker",
}


def _against(row: int, ours: Medians, reference: Medians) -> Result:
    how = (
        f"GET with a token through the gateway (token, limits, request id, access log, metrics) "
        f"beside {_REFERENCES[row]}; the same static upstream; {GENERATOR}; {PINNING}"
    )
    return compared(row, ours, reference, how=how, concurrency=CONCURRENCY)


def _usual_proxy(folder: Path, upstream: Started) -> Any:
    port = free_port()
    command = module("tests.bench.usual_stack", "proxy", port, upstream.address)
    return started(command, f"http://127.0.0.1:{port}", folder, "usual-proxy", cores=SERVER)


def _claims(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))


def _same_duties(envoy: Started, headers: Mapping[str, str]) -> None:
    """A reference that lets everybody in would be none."""
    with httpx.Client(base_url=envoy.address, trust_env=False) as client:
        assert client.get(PATHS[0]).status_code == 401
        answer = client.get(PATHS[0], headers=headers)
    assert answer.status_code == 200, answer.text
    assert "x-request-id" in answer.headers
    assert "x-ratelimit-limit" in answer.headers


def _cached(
    form: Form,
    stack: ExitStack,
    folder: Path,
    upstream: Started,
    door: RunningParts,
    pids: list[int],
) -> Result:
    if references.NGINX is None:
        return not_measured(4, references.NO_NGINX)
    address = door.suite.address_of("gateway")
    with httpx.Client(base_url=address, headers=USUAL_HEADERS, trust_env=False) as client:
        for path in PATHS:
            client.get(path)
        if "hit" not in client.get(PATHS[0]).headers.get("cache-status", ""):
            return not_measured(4, NO_CACHE)
    nginx = stack.enter_context(references.nginx_proxy(folder, upstream.address, cached=True))
    found = alternating(
        {
            name: contender(
                where,
                PATHS,
                headers=USUAL_HEADERS,
                seconds=form.seconds,
                concurrency=CONCURRENCY,
                server=server,
            )
            for name, where, server in (
                ("ours", address, pids),
                ("nginx", nginx.address, nginx.processes),
            )
        },
        form.rounds,
    )
    how = (
        "anonymous GET of 50 public paths kept by the gateway beside nginx proxy_cache, one worker; "
        f"{GENERATOR}; {PINNING}"
    )
    return compared(4, found["ours"], found["nginx"], how=how, concurrency=CONCURRENCY)
