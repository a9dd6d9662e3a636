"""No forged token opens anything: not at the door, and not at a service that is reached round it.

Each forgery is wrong in one way only (`tests/support/forgery.py`), and the token that it was made
from is accepted at the same place in the same test. So a refusal has the reason that is meant.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy.local.settings import SERVICES
from tests.e2e.test_bad_input import is_problem
from tests.support.forgery import FORGERIES, Forgery, Mint, hs256, segment, written
from tests.support.oidc import SigningClient, new_key, public, signed
from tests.support.suite import ROOT, RunningSuite, eventually

# One read for each service that an auditor may make, and nobody without a token.
GUARDED = {
    "registry": "/registry/v1/applications",
    "procurement": "/procurement/v1/signing-keys",
    "evaluation": "/evaluation/v1/committees",
    "incubator": "/incubator/v1/grants",
}
AT_THE_DOOR = "/sandbox/clock"
"""The gateway answers it itself, to anybody: only a bad token is refused there."""
ROUND = [f"{service} round" for service in SERVICES]
BEHIND = [f"{service} behind" for service in SERVICES]
PLACES = ["the door", *BEHIND, *ROUND]
NOTICED_WITHIN = 5.0


@pytest.fixture(scope="module")
def mint(suite: RunningSuite) -> Mint:
    return Mint.of(suite.folder / "gateway-keys", suite.token_of("auditor"))


def address(suite: RunningSuite, place: str) -> str:
    """The door itself; a service behind it; a service, with the door left out."""
    service, _, way = place.partition(" ")
    if place == "the door":
        return suite.address_of("gateway") + AT_THE_DOOR
    return suite.address_of(service if way == "round" else "gateway") + GUARDED[service]


def ask(suite: RunningSuite, place: str, *authorization: str) -> httpx.Response:
    sent = [("authorization", one.encode("latin-1")) for one in authorization]
    return suite.http.get(address(suite, place), headers=sent)


def bearing(suite: RunningSuite, place: str, token: str) -> httpx.Response:
    return ask(suite, place, f"Bearer {token}")


def is_unauthenticated(answer: httpx.Response) -> None:
    told = is_problem(answer, 401)
    assert told["type"].endswith("/problems/unauthenticated")
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("made", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_token_opens_nothing(suite: RunningSuite, mint: Mint, made: Forgery) -> None:
    for place in ("the door", *ROUND):
        genuine, forged = mint.token(), made(mint)

        accepted, refused = bearing(suite, place, genuine), bearing(suite, place, forged)

        assert accepted.status_code == 200, f"{place}: {accepted.text}"
        assert forged not in refused.text
        is_unauthenticated(refused)


def test_the_keys_of_others_in_the_house_sign_no_tokens(suite: RunningSuite, mint: Mint) -> None:
    """A client's secret, and the key that receipts are signed with."""
    kept = json.loads((suite.folder / "receipt-key.json").read_text())
    receipts = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(kept["private_key"]))
    secret = json.loads((suite.folder / "credentials.json").read_text())["clients"]["auditor"]
    signatures = [receipts.sign, hs256(secret["secret"].encode())]

    for place in PLACES:
        assert bearing(suite, place, mint.token()).status_code == 200
        for signs, algorithm in zip(signatures, ("Ed25519", "HS256"), strict=True):
            is_unauthenticated(bearing(suite, place, mint.forged(signs, alg=algorithm)))


@pytest.mark.parametrize("place", PLACES)
def test_what_is_no_bearer_token_opens_nothing(suite: RunningSuite, mint: Mint, place: str) -> None:
    token = mint.token()

    assert ask(suite, place, f"bearer {token}").status_code == 200
    for wrong in (token, f"Basic {token}", f"DPoP {token}", "Bearer", f"Bearer\t{token}"):
        is_unauthenticated(ask(suite, place, wrong))
    if place != "the door":
        is_unauthenticated(ask(suite, place))


@pytest.mark.parametrize("place", PLACES)
def test_of_two_tokens_none_is_chosen(suite: RunningSuite, mint: Mint, place: str) -> None:
    good, bad = f"Bearer {mint.token()}", f"Bearer {mint.body(exp=1)}"

    for both in ((good, bad), (bad, good), (good, good)):
        is_problem(ask(suite, place, *both), 400 if "round" not in place else 401)


@pytest.mark.parametrize("place", PLACES)
def test_a_token_of_a_megabyte_is_refused_before_anybody_reads_it(
    suite: RunningSuite, mint: Mint, place: str
) -> None:
    """Neither the door nor a service takes a head over 64 KB: 431, and they hang up."""
    assert bearing(suite, place, mint.token()).status_code == 200

    refused = bearing(suite, place, mint.token() + "A" * 2**20)

    is_problem(refused, 431)
    assert refused.headers["connection"] == "close"


@pytest.mark.parametrize("place", PLACES)
def test_a_token_that_is_too_long_is_none(suite: RunningSuite, mint: Mint, place: str) -> None:
    """Of what fits into a head, the length is looked at before anything is decoded."""
    is_unauthenticated(bearing(suite, place, mint.token() + "A" * 2**14))


# --- What was genuine and is no more ---------------------------------------------------------------


def gateway_command(suite: RunningSuite, *words: str) -> str:
    """`python -m gateway …` as the suite's operator."""
    told = (suite.folder / "environment" / "gateway.env").read_text().splitlines()
    settings = {name: value.strip("'") for name, value in (line.split("=", 1) for line in told)}
    done = subprocess.run(
        [sys.executable, "-m", "gateway", *words],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def token_for(suite: RunningSuite, client: str, secret: str) -> httpx.Response:
    grant = {"grant_type": "client_credentials"}
    return suite.http.post("/oauth/token", data=grant, auth=(client, secret))


def is_void_everywhere_in_time(suite: RunningSuite, token: str, since: str) -> None:
    """At the door, behind it, and at every service that is reached round it."""

    def refused(place: str) -> bool:
        return bearing(suite, place, token).status_code == 401

    eventually(
        lambda: all(map(refused, PLACES)), f"it is void everywhere after {since}", NOTICED_WITHIN
    )
    for place in PLACES:
        is_unauthenticated(bearing(suite, place, token))


@pytest.mark.parametrize("command", ["rotate", "disable", "drop-secret"])
def test_a_client_put_out_takes_its_tokens_with_it(suite: RunningSuite, command: str) -> None:
    client = f"leaving-{uuid4().hex[:8]}"
    secret = gateway_command(suite, "clients", "add", client, "--role", "auditor")
    token = token_for(suite, client, secret).json()["access_token"]
    assert {bearing(suite, place, token).status_code for place in PLACES} == {200}

    gateway_command(suite, "clients", command, client)

    is_problem(token_for(suite, client, secret), 401)
    is_void_everywhere_in_time(suite, token, command)


def test_a_token_given_back_is_void_everywhere_and_the_next_one_is_good(
    suite: RunningSuite,
) -> None:
    client = f"returning-{uuid4().hex[:8]}"
    secret = gateway_command(suite, "clients", "add", client, "--role", "auditor")
    token = token_for(suite, client, secret).json()["access_token"]
    assert {bearing(suite, place, token).status_code for place in PLACES} == {200}

    given_back = suite.http.post("/oauth/revoke", data={"token": token}, auth=(client, secret))

    assert given_back.status_code == 200
    is_void_everywhere_in_time(suite, token, "it was given back")
    newer = token_for(suite, client, secret).json()["access_token"]
    assert {bearing(suite, place, newer).status_code for place in PLACES} == {200}


# --- A client that signs ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def signing(suite: RunningSuite, tmp_path_factory: pytest.TempPathFactory) -> SigningClient:
    """A client that has a key and no secret, let in by the suite's operator."""
    door = suite.address_of("gateway")
    it = SigningClient(f"signing-{uuid4().hex[:8]}", f"{door}/oauth/token")
    file = tmp_path_factory.mktemp("keys") / "jwks.json"
    file.write_text(json.dumps({"keys": [public(it.key)]}))
    add = ("clients", "add", it.client_id, "--role", "auditor")
    assert gateway_command(suite, *add, "--keys", str(file), "--no-secret") == ""
    return it


def asserted(suite: RunningSuite, form: dict[str, str]) -> httpx.Response:
    return suite.http.post("/oauth/token", data=form)


def unsigned(client: SigningClient) -> str:
    head = segment(written({"alg": "none", "kid": client.key.kid}))
    return f"{head}.{segment(written(client.claims()))}."


def by_the_public_key(client: SigningClient) -> str:
    head = segment(written({"alg": "HS256", "kid": client.key.kid}))
    body = f"{head}.{segment(written(client.claims()))}"
    return f"{body}.{segment(hs256(json.dumps(public(client.key)).encode())(body.encode()))}"


ASSERTED_WRONGLY: dict[str, Callable[[SigningClient], str]] = {
    "alg none": unsigned,
    "HS256 with the public key": by_the_public_key,
    "another client's key": lambda c: signed(new_key("Ed25519", c.key.kid), "Ed25519", c.claims()),
    "another client's name": lambda c: c.assertion(iss="auditor", sub="auditor"),
    "another audience": lambda c: c.assertion(aud="https://evil.example"),
    "another audience beside ours": lambda c: c.assertion(aud=[c.audience, "https://evil.example"]),
    "expired": lambda c: c.assertion(iat=time.time() - 100, exp=time.time() - 1),
    "good for an hour": lambda c: c.assertion(exp=time.time() + 3600),
    "without a name of its own": lambda c: c.assertion(jti=None),
}


@pytest.mark.parametrize("made", ASSERTED_WRONGLY.values(), ids=ASSERTED_WRONGLY)
def test_a_forged_assertion_gets_no_token(
    suite: RunningSuite, signing: SigningClient, made: Callable[[SigningClient], str]
) -> None:
    assert asserted(suite, signing.form()).status_code == 200

    told = is_problem(asserted(suite, signing.form(made(signing))), 401)

    assert told["error"] == "invalid_client"


def test_an_assertion_opens_once(suite: RunningSuite, signing: SigningClient) -> None:
    form = signing.form()

    first, again = asserted(suite, form), asserted(suite, form)

    assert first.status_code == 200
    assert is_problem(again, 401)["error"] == "invalid_client"
    token = first.json()["access_token"]
    assert {bearing(suite, place, token).status_code for place in PLACES} == {200}


def test_no_secret_opens_a_client_that_signs(suite: RunningSuite, signing: SigningClient) -> None:
    is_problem(token_for(suite, signing.client_id, "x" * 43), 401)


def test_a_token_of_ours_is_no_assertion_and_an_assertion_is_no_token(
    suite: RunningSuite, signing: SigningClient
) -> None:
    token = asserted(suite, signing.form()).json()["access_token"]

    is_problem(asserted(suite, signing.form(token)), 401)
    for place in PLACES:
        is_unauthenticated(bearing(suite, place, signing.assertion()))


def test_the_private_keys_are_for_their_owner_alone(suite: RunningSuite) -> None:
    keys: list[Path] = list((suite.folder / "gateway-keys").glob("*.pem"))

    assert keys
    assert {key.stat().st_mode & 0o777 for key in keys} == {0o600}
