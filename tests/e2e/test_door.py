"""Who may do what, asked through the real door; and what the door shows of the house."""

import base64
import json
import re
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.local.settings import SERVICES
from tests.e2e.test_bad_input import NEED, OPERATIONS, Operation, is_problem
from tests.support import tokens
from tests.support.suite import RunningSuite, eventually


@pytest.fixture(params=OPERATIONS, ids=lambda operation: operation.service)
def operation(request: pytest.FixtureRequest) -> Operation:
    asked: Operation = request.param
    return asked


# --- Who may -------------------------------------------------------------------------------------


def test_nobody_in_particular_writes_nothing(suite: RunningSuite, operation: Operation) -> None:
    kept = suite.kept_by(operation.service)

    answer = suite.ask(None, "POST", operation.path, operation.body)

    is_problem(answer, 401)
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert suite.kept_by(operation.service) == kept


@pytest.mark.parametrize("caller", ["auditor", "custodian-1", "finance"])
def test_another_role_writes_nothing(
    suite: RunningSuite, operation: Operation, caller: str
) -> None:
    kept = suite.kept_by(operation.service)

    is_problem(suite.ask(caller, "POST", operation.path, operation.body), 403)

    assert suite.kept_by(operation.service) == kept


def test_what_belongs_to_another_is_not_there(suite: RunningSuite) -> None:
    registration = OPERATIONS[0]
    drafted = suite.ask("yuanfan", "POST", registration.path, registration.body)
    assert drafted.status_code == 201, drafted.text
    path = f"{registration.path}/{drafted.json()['id']}"
    assert suite.ask("yuanfan", "GET", path).status_code == 200

    is_problem(suite.ask("hefeng", "GET", path), 404)
    headers = {"if-match": drafted.headers["etag"]}
    is_problem(suite.ask("hefeng", "POST", f"{path}/submission", headers=headers), 404)
    is_problem(suite.ask(None, "GET", path), 401)


def forged(algorithm: str) -> str:
    """A token that says of itself that it is not signed, or is signed with something else."""
    head, claims, signature = tokens.token("intruder", ["administrator"]).split(".")
    told = {**json.loads(base64.urlsafe_b64decode(head + "==")), "alg": algorithm}
    new_head = base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")
    return f"{new_head}.{claims}.{signature if algorithm != 'none' else ''}"


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(tokens.token("intruder", ["administrator", "service"]), id="another key"),
        pytest.param(forged("none"), id="no signature"),
        pytest.param(forged("HS256"), id="another algorithm"),
        pytest.param("nonsense", id="no token"),
    ],
)
def test_a_token_of_somebody_elses_making_opens_nothing(
    suite: RunningSuite, operation: Operation, token: str
) -> None:
    kept = suite.kept_by(operation.service)
    sent = {"authorization": f"Bearer {token}", "idempotency-key": str(uuid4())}

    for address in (suite.address_of(operation.service), suite.address_of("gateway")):
        answer = httpx.post(
            address + operation.path, json=operation.body, headers=sent, trust_env=False
        )
        is_problem(answer, 401)

    assert suite.kept_by(operation.service) == kept


def test_a_token_whose_claims_were_changed_opens_nothing(suite: RunningSuite) -> None:
    head, claims, signature = suite.token_of("auditor").split(".")
    told = json.loads(base64.urlsafe_b64decode(claims + "=="))
    told["roles"] = ["street_officer"]
    changed = base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")
    sent = {
        "authorization": f"Bearer {head}.{changed}.{signature}",
        "idempotency-key": str(uuid4()),
    }

    for part in ("procurement", "gateway"):
        address = suite.address_of(part) + "/procurement/v1/needs"
        is_problem(httpx.post(address, json=NEED, headers=sent, trust_env=False), 401)


def test_the_wrong_secret_gets_no_token(suite: RunningSuite) -> None:
    answer = suite.http.post(
        "/oauth/token", data={"grant_type": "client_credentials"}, auth=("auditor", "guessed")
    )

    assert answer.status_code == 401
    assert "access_token" not in answer.text


def test_who_one_is_cannot_be_said_in_a_header(suite: RunningSuite) -> None:
    for name in ("x-roles", "x-client-id", "x-forwarded-user"):
        answer = suite.ask(None, "POST", "/procurement/v1/needs", NEED, headers={name: "service"})
        is_problem(answer, 400, 401)


# --- Trying out ----------------------------------------------------------------------------------


def test_a_dry_run_tells_the_answer_and_leaves_nothing(
    suite: RunningSuite, operation: Operation
) -> None:
    kept = suite.kept_by(operation.service)
    headers = {"idempotency-key": str(uuid4())}
    path = f"{operation.path}?dry=true"

    first = suite.ask(operation.caller, "POST", path, operation.body, headers=headers).json()
    is_problem(suite.ask("finance", "POST", path, operation.body), 403)

    assert (first["dry"], first["outcome"], first["status"]) == (True, "accepted", 201)
    is_problem(suite.ask("auditor", "GET", f"{operation.path}/{first['answer']['id']}"), 404)
    assert suite.kept_by(operation.service) == kept


# --- Business time -------------------------------------------------------------------------------


def business_time(suite: RunningSuite) -> datetime:
    return datetime.fromisoformat(suite.http.get("/sandbox/clock").json()["now"])


def test_business_time_moves_forward_only(suite: RunningSuite) -> None:
    before = business_time(suite)
    tomorrow, yesterday = before + timedelta(days=1), before - timedelta(days=1)

    moved = suite.ask("administrator", "POST", "/sandbox/clock", {"to": tomorrow.isoformat()})
    back = suite.ask("administrator", "POST", "/sandbox/clock", {"to": yesterday.isoformat()})

    assert moved.status_code == 200, moved.text
    is_problem(back, 409)
    assert tomorrow <= business_time(suite) < tomorrow + timedelta(minutes=5)
    drafted = suite.ask("street-officer", "POST", "/procurement/v1/needs?dry=true", NEED).json()
    assert datetime.fromisoformat(drafted["answer"]["created_at"]) >= tomorrow


def test_business_time_is_moved_by_the_administrator_only(suite: RunningSuite) -> None:
    before = business_time(suite)
    later = {"to": (before + timedelta(days=30)).isoformat()}

    is_problem(suite.ask(None, "POST", "/sandbox/clock", later), 401)
    is_problem(suite.ask("registrar", "POST", "/sandbox/clock", later), 403)

    assert business_time(suite) < before + timedelta(minutes=5)


# --- What is shown -------------------------------------------------------------------------------


class Addresses(HTMLParser):
    """Whatever a page loads or leads to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inline: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.found += [told[name] for name in ("src", "href", "action", "data") if name in told]
        if tag == "script" and "src" not in told:
            self.inline.append(tag)


def test_the_page_of_documents_loads_nothing_from_outside(suite: RunningSuite) -> None:
    page = suite.http.get("/docs")
    asked = Addresses(page.text)

    assert len(asked.found) >= 4
    assert not asked.inline
    for address in [*asked.found, "/openapi.json"]:
        assert re.match(r"/[^/]", address), f"{address} is not on this host"
        assert suite.http.get(address).status_code == 200, address
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert not re.search(r"https?:|\*", policy)
    styles = suite.http.get("/docs/assets/swagger-ui.css").text
    loaded = re.findall(r"url\(\s*['\"]?([^'\")]{0,20})", styles)
    assert not [address for address in loaded if not address.startswith(("data:", "#"))]
    assert "//" not in suite.http.get("/docs/start.js").text


def test_the_status_names_every_part(suite: RunningSuite) -> None:
    def told() -> dict[str, Any]:
        return dict(suite.http.get("/status").json())

    eventually(lambda: told()["status"] == "up", "the door has heard every part")
    assert told()["sandbox"] is True
    assert told()["parts"] == dict.fromkeys(["gateway", *SERVICES], "up")
