"""Canaries in every call, and then a search for them: in logs, answers, metrics and dumps.

Every operation of every part is asked in ways that fail: without a right, with a field that nobody
knows, with what is no JSON, under a query that is refused. Then come calls that fail deeper, where
a database refuses or goes away, and calls that succeed. What was planted shows nowhere; what people
may file stands in the dump as ciphertext. The suite's own secrets are looked for as well, at the
end of every test run (`tests/conftest.py::suite`).
"""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.demo.chapters.registration import filing
from deploy.demo.identities import credit_code, resident_id
from deploy.local.settings import SERVICES
from shared.sealing.keyfiles import new_custodian_key
from shared.sealing.suites import SUITE_A
from tests.e2e.test_bad_input import NEED
from tests.support import tokens
from tests.support.attacker import Traces, as_superuser, take
from tests.support.secrets import leaks, material, secrets_of
from tests.support.suite import RunningSuite, eventually

RUN = uuid4().hex[:12]
WORD = f"canary-{RUN}-word"
CANARIES: dict[str, str] = {
    "word": WORD,
    "field": f"canary_{RUN}_field",
    "resident": resident_id(977),
    "token": tokens.token(f"canary-{RUN}", ["administrator"]),
    "client secret": f"canary-{RUN}-secret-of-a-client",
    "passphrase": f"canary-{RUN}-口令-passphrase",
    "price": "48151623.42",
    "pay": "31415926.53",
    "key": f"canary-{RUN}-idempotency-key",
    "cookie": f"canary-{RUN}-cookie",
}
BODY = {
    CANARIES["field"]: CANARIES["word"],
    "resident_id": CANARIES["resident"],
    "name": CANARIES["passphrase"],
    "price": CANARIES["price"],
    "amount": CANARIES["pay"],
}


class Heard:
    """Every answer, and what it told back of what it was sent."""

    def __init__(self) -> None:
        # A refusal names the field that it is about; all else that was sent it keeps to itself.
        kept = {name: canary for name, canary in CANARIES.items() if name != "field"}
        self.traces = Traces(kept)
        self.statuses: set[int] = set()
        self.told_back: list[str] = []

    def __call__(self, answer: httpx.Response) -> httpx.Response:
        self.statuses.add(answer.status_code)
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        if answer.status_code >= 400:
            self.look(
                f"{answer.request.method} {answer.url.path} {answer.status_code}",
                answer.content + head.encode(),
            )
        return answer

    def look(self, what: str, data: bytes) -> None:
        found = [name for form, name in self.traces.forms.items() if form in data]
        self.told_back += [f"{what}: {name}" for name in sorted(set(found))]


@pytest.fixture(scope="module")
def heard(suite: RunningSuite) -> Heard:
    """All the calls, once."""
    heard = Heard()
    for method, path, roles in operations(suite):
        ask_wrongly(suite, heard, method, path, roles)
    stray_into_paths_and_forms(suite, heard)
    fail_deeper(suite, heard)
    succeed(suite, heard)
    eventually(lambda: last_call_is_logged(suite), "the log has caught up")
    return heard


def last_call_is_logged(suite: RunningSuite) -> bool:
    answer = suite.ask(None, "GET", "/status")
    log = suite.folder / "logs" / "gateway.log"
    eventually(lambda: answer.headers["x-request-id"] in log.read_text(), "logged")
    return True


# --- The calls -----------------------------------------------------------------------------------


def operations(suite: RunningSuite) -> list[tuple[str, str, list[str]]]:
    """Every operation of the whole contract: method, a path, and who may call it."""

    def contract() -> dict[str, Any]:
        return dict(suite.http.get("/openapi.json").json()["paths"])

    eventually(
        lambda: all(any(p.startswith(f"/{s}/") for p in contract()) for s in SERVICES),
        "the contracts are gathered",
        30,
    )
    return [
        (method.upper(), filled(path), operation.get("x-roles", []))
        for path, methods in contract().items()
        for method, operation in methods.items()
        if isinstance(operation, dict) and "operationId" in operation
    ]


def filled(path: str) -> str:
    while "{" in path:
        before, _, rest = path.partition("{")
        path = before + str(uuid4()) + rest.partition("}")[2]
    return path


def caller_with(suite: RunningSuite, roles: list[str]) -> str:
    """A client that may, or one that may much when only services may."""
    known = json.loads((suite.folder / "credentials.json").read_text())["clients"]
    able = [name for name, one in known.items() if set(one["roles"]) & set(roles)]
    return able[0] if able else "auditor"


def ask_wrongly(
    suite: RunningSuite, heard: Heard, method: str, path: str, roles: list[str]
) -> None:
    """Without a right; with a right, but wrong in query, body, form and key."""
    carried = {
        "authorization": f"Bearer {CANARIES['token']}",
        "cookie": f"session={CANARIES['cookie']}",
        "idempotency-key": CANARIES["key"],
    }
    query = f"{path}?{CANARIES['field']}={CANARIES['resident']}&secret={CANARIES['client secret']}"
    heard(suite.ask(None, method, query, headers=carried, content=json.dumps(BODY).encode()))
    caller = caller_with(suite, roles)
    keyed = {"idempotency-key": CANARIES["key"], "cookie": carried["cookie"]}
    heard(suite.ask(caller, method, query, headers=keyed))
    if method == "GET":
        return
    whole = json.dumps(BODY, ensure_ascii=False).encode()
    media = {"content-type": "application/json", "if-match": "*"}
    for headers, content in (
        ({**keyed, **media}, whole),
        (media, whole[:-9]),
        (media, b"[" * 3 + whole + b"]" * 3),
        ({**media, "idempotency-key": CANARIES["passphrase"].encode().hex()[:7]}, whole),
        ({"content-type": "application/x-www-form-urlencoded"}, whole),
    ):
        heard(suite.ask(caller, method, path, headers=headers, content=content))


def stray_into_paths_and_forms(suite: RunningSuite, heard: Heard) -> None:
    """Where a person or a careless program puts what belongs elsewhere."""
    for path in (
        f"/registry/v1/agencies/{CANARIES['resident']}",
        f"/procurement/v1/tenders/{CANARIES['token']}",
        f"/{CANARIES['token']}",
        f"/docs/{CANARIES['resident']}",
    ):
        heard(suite.ask(None, "GET", path))
        heard(suite.ask("auditor", "GET", path))
    secret = CANARIES["client secret"]
    for auth, form in (
        (("auditor", secret), {"grant_type": "client_credentials"}),
        ((WORD, secret), {"grant_type": "client_credentials"}),
        (None, {"grant_type": WORD, "client_id": "auditor", "client_secret": secret}),
        (None, {"grant_type": "password", "username": WORD, "password": secret}),
        (None, {"grant_type": "client_credentials", "scope": WORD, "client_secret": secret}),
    ):
        heard(suite.http.post("/oauth/token", data=form, auth=auth))
    huge = json.dumps({**BODY, "title": WORD * 200_000}).encode()
    heard(suite.ask("street-officer", "POST", "/procurement/v1/needs", content=huge))
    basic = base64.b64encode(f"auditor:{secret}".encode()).decode()
    for head in (
        f"GET /status HTTP/1.1\r\nHost: x\r\nX-Huishe-Role: {WORD}\r\n\r\n",
        f"GET //{WORD} HTTP/1.1\r\nHost: localhost\r\n\r\n",
        f"GET /status HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {basic}\r\n\r\n",
        f"BREW /{WORD} HTTP/1.1\r\nHost: localhost\r\n\r\n",
        f"{WORD}\r\n\r\n",
    ):
        heard.look(f"raw {head[:20]!r}", suite.raw(head.encode()))


def fail_deeper(suite: RunningSuite, heard: Heard) -> None:
    """Where the database refuses, breaks, or is gone: 409, 412, 500, 503."""
    need = {**NEED, "title": WORD, "description": CANARIES["resident"]}
    key = new_custodian_key(SUITE_A, WORD).card.as_dict()
    for organ in ("purchaser", "finance"):
        body = {"organ": organ, "card": {**key, "name": "保管人"}}
        heard(suite.ask("custodian-1", "POST", "/procurement/v1/custodians", body))
    for break_it in (a_table_is_gone, a_column_takes_nothing, nobody_gets_in):
        with break_it(suite):
            heard(suite.ask("street-officer", "POST", "/procurement/v1/needs", need))


PROCUREMENT = "huishe_procurement"


@contextmanager
def a_table_is_gone(suite: RunningSuite) -> Iterator[None]:
    """A fault of ours, as after a migration that went wrong: a 500 with its statement."""
    as_superuser(suite, "ALTER TABLE need RENAME TO need_away", database=PROCUREMENT)
    try:
        yield
    finally:
        as_superuser(suite, "ALTER TABLE need_away RENAME TO need", database=PROCUREMENT)


@contextmanager
def a_column_takes_nothing(suite: RunningSuite) -> Iterator[None]:
    """A row that is refused: PostgreSQL quotes it whole."""
    limit = "ALTER TABLE need ADD CONSTRAINT nothing_goes CHECK (people < 0) NOT VALID"
    as_superuser(suite, limit, database=PROCUREMENT)
    try:
        yield
    finally:
        as_superuser(suite, "ALTER TABLE need DROP CONSTRAINT nothing_goes", database=PROCUREMENT)


@contextmanager
def nobody_gets_in(suite: RunningSuite) -> Iterator[None]:
    """The database is there and lets nobody in."""
    gone = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE usename = 'procurement_runtime'"
    )
    as_superuser(suite, "ALTER ROLE procurement_runtime NOLOGIN", gone)
    try:
        yield
    finally:
        as_superuser(suite, "ALTER ROLE procurement_runtime LOGIN")
        eventually(
            lambda: suite.ask(None, "GET", "/procurement/v1/custodians").status_code == 200,
            "procurement is back",
            20,
        )


def succeed(suite: RunningSuite, heard: Heard) -> None:
    """A filing with people in it, given twice under one key; a signing key; read by its founder."""
    filed = filing("金丝雀", "410108004", full_time=4, qualified=2, first=700)
    filed["people"][0]["resident_id"] = CANARIES["resident"]
    headers = {"idempotency-key": str(uuid4())}
    path = "/registry/v1/applications"
    answers = [heard(suite.ask("yuanfan", "POST", path, filed, headers=headers)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[1].headers["idempotent-replayed"] == "true"
    heard(suite.ask("yuanfan", "POST", path, {**filed, "scope": WORD}, headers=headers))
    read = heard(suite.ask("yuanfan", "GET", f"{path}/{answers[0].json()['id']}"))
    assert CANARIES["resident"] not in read.text
    stale = {"if-match": '"77"'}
    heard(
        suite.ask("yuanfan", "POST", f"{path}/{answers[0].json()['id']}/submission", headers=stale)
    )


# --- What they left ------------------------------------------------------------------------------


def test_every_way_of_failing_was_tried(heard: Heard) -> None:
    assert heard.statuses >= {200, 201, 400, 401, 403, 404, 409, 412, 413, 415, 422, 500, 503}


def test_no_refusal_tells_back_what_it_was_sent(heard: Heard) -> None:
    assert heard.told_back == []


def test_nothing_planted_shows_in_any_log_metric_or_dump(suite: RunningSuite, heard: Heard) -> None:
    assert len(secrets_of(suite)) > 60
    assert leaks(suite, CANARIES) == []


def test_the_places_that_were_searched_hold_what_they_should(
    suite: RunningSuite, heard: Heard
) -> None:
    """Every log has lines, every part has metrics, and the dump has the filing, but for its people."""
    places = dict(material(suite))
    traces = Traces({"trade": "金丝雀", "code": credit_code(1), "caller": "yuanfan"})

    for part in ("gateway", *SERVICES):
        assert places[f"{part}.log"].count(b"\n") >= 1
        assert b"huishe_" in places[f"metrics of {part}"]
    assert b"request.broken" in places["procurement.log"]
    assert b"duplicate key value" in places["postgres.log"]
    assert b"violates check constraint" in places["postgres.log"]
    assert "trade" in traces.found_in(places["dump"])
    assert "caller" in traces.found_in(places["gateway.log"])


def test_the_search_would_find_them(suite: RunningSuite, heard: Heard) -> None:
    """Written into a table and a log by hand, and taken out again."""
    plant: Callable[[str], str] = "CREATE TABLE planted AS SELECT '{}'::text AS it".format
    as_superuser(suite, plant(CANARIES["resident"]), database=PROCUREMENT)
    try:
        found = Traces(CANARIES).found_in(take(suite).dump)
        everything = leaks(suite)
    finally:
        as_superuser(suite, "DROP TABLE planted", database=PROCUREMENT)

    assert found == {"resident"}
    assert everything == [f"{CANARIES['resident']}: dump"]
