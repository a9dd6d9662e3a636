"""A service and what was revoked: heeded when heard, kept while the gateway is silent, never guessed."""

import time
from datetime import date

import pytest

from shared.actor import Actor, Mandate, Person
from shared.errors import Unauthenticated, Unavailable
from shared.jwts import Malformed
from shared.revocations import Revocations, named
from shared.tokens import HEAR_PAUSE_SECONDS, TokenVerifier
from tests.support import tokens

KEYS = frozenset({"test-key"})


class TheGateway:
    """What it tells, and whether it tells anything."""

    def __init__(self) -> None:
        self.revoked = Revocations(keys=KEYS)
        self.silent = False
        self.asked = {"keys": 0, "revocations": 0}

    async def keys(self):
        return self._told("keys", tokens.jwks())

    async def revocations(self):
        return self._told("revocations", self.revoked.document())

    def _told(self, what, document):
        self.asked[what] += 1
        if self.silent:
            raise Unavailable()
        return document

    def revoke(self, *clients, before=None, tokens=(), keys=KEYS):
        moment = time.time() + 1 if before is None else before
        self.revoked = Revocations.of(dict.fromkeys(clients, moment), frozenset(tokens), keys)


@pytest.fixture
def gateway():
    return TheGateway()


@pytest.fixture
def verifier(gateway):
    return TokenVerifier(
        issuer=tokens.ISSUER,
        audience=tokens.AUDIENCE,
        fetch_keys=gateway.keys,
        fetch_revocations=gateway.revocations,
    )


async def test_a_token_that_was_known_is_void_as_soon_as_its_client_is_heard_to_be(
    gateway, verifier
):
    token = tokens.token("clerk", ["registrar"])
    assert (await verifier.actor(token)).client_id == "clerk"

    gateway.revoke("clerk", "others")
    assert await verifier.actor(token)
    await verifier.hear()

    with pytest.raises(Unauthenticated, match="revoked"):
        await verifier.actor(token)
    assert await verifier.actor(tokens.token("another", ["registrar"]))
    later = tokens.token("clerk", ["registrar"], iat=time.time() + 2)
    assert await verifier.actor(later)


async def test_a_single_token_is_void_and_its_brother_is_not(gateway, verifier):
    given_back, brother = (tokens.token("clerk", ["registrar"], jti=jti) for jti in ("a", "b"))
    gateway.revoke(tokens=["a"])

    with pytest.raises(Unauthenticated, match="revoked"):
        await verifier.actor(given_back)
    assert await verifier.actor(brother)


async def test_whoever_puts_out_the_platform_puts_out_what_came_through_its_hands(
    gateway, verifier
):
    act = {"sub": "platform-1", "act": {"iss": "https://id.example", "sub": "p-1"}}
    token = tokens.token("clerk", ["registrar"], client_id="platform-1", act=act)
    actor = await verifier.actor(token)
    assert (actor.client_id, actor.acting) == ("clerk", "platform-1")
    assert actor.person == Person("https://id.example", "p-1")

    gateway.revoke("platform-1")
    await verifier.hear()

    with pytest.raises(Unauthenticated, match="revoked"):
        await verifier.actor(token)


async def test_a_service_that_has_never_heard_lets_nobody_in(gateway, verifier):
    gateway.silent = True

    with pytest.raises(Unavailable):
        await verifier.actor(tokens.token("clerk", ["registrar"]))


async def test_while_the_gateway_is_silent_what_was_heard_last_holds(gateway, verifier):
    good, bad = tokens.token("clerk", ["registrar"]), tokens.token("thief", ["registrar"])
    gateway.revoke("thief")
    assert await verifier.actor(good)
    gateway.silent = True
    heard = verifier.silent_seconds

    with pytest.raises(Unavailable):
        await verifier.hear()

    assert await verifier.actor(good)
    with pytest.raises(Unauthenticated, match="revoked"):
        await verifier.actor(bad)
    assert verifier.silent_seconds >= heard


async def test_a_retired_key_takes_its_tokens_with_it(gateway, verifier):
    token = tokens.token("clerk", ["registrar"])
    assert await verifier.actor(token)

    gateway.revoke(keys=frozenset({"newer"}))
    await verifier.hear()

    with pytest.raises(Unauthenticated, match="key"):
        await verifier.actor(token)


async def test_unknown_keys_do_not_make_a_service_ask_without_end(gateway, verifier, monkeypatch):
    await verifier.actor(tokens.token("clerk", ["registrar"]))
    before = dict(gateway.asked)
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)
    await verifier.hear()

    forged = tokens.token("clerk", ["registrar"])
    unknown = forged.replace(forged.split(".")[0], _head("unknown"))
    for _ in range(20):
        with pytest.raises(Unauthenticated, match="key"):
            await verifier.actor(unknown)
    assert gateway.asked == {**before, "revocations": before["revocations"] + 1}

    monkeypatch.setattr(time, "monotonic", lambda: now + HEAR_PAUSE_SECONDS)
    with pytest.raises(Unauthenticated, match="key"):
        await verifier.actor(unknown)
    assert gateway.asked == {**before, "revocations": before["revocations"] + 2}


def _head(kid):
    from tests.support.forgery import segment, written

    return segment(written({"alg": "Ed25519", "typ": "at+jwt", "kid": kid}))


def test_the_document_names_no_client():
    document = Revocations.of({"clerk": 5.0}, frozenset({"j"}), KEYS).document()

    assert document == {"clients": {named("clerk"): 5.0}, "tokens": ["j"], "keys": ["test-key"]}
    assert "clerk" not in str(document)
    assert Revocations.told_by(document) == Revocations.of({"clerk": 5.0}, frozenset({"j"}), KEYS)


@pytest.mark.parametrize(
    "spoilt",
    [
        [],
        {},
        {"clients": {}, "tokens": []},
        {"clients": [], "tokens": [], "keys": []},
        {"clients": {"a": "5"}, "tokens": [], "keys": []},
        {"clients": {"a": True}, "tokens": [], "keys": []},
        {"clients": {}, "tokens": [1], "keys": []},
        {"clients": {}, "tokens": "ab", "keys": []},
        {"clients": {}, "tokens": [], "keys": [None]},
    ],
)
def test_what_is_no_document_of_revocations_changes_nothing(spoilt):
    with pytest.raises(Malformed):
        Revocations.told_by(spoilt)


WRONG_HANDS = {
    "asked for by another, and no act": {"client_id": "platform-1"},
    "an act that is another's": {"client_id": "platform-1", "act": {"sub": "p", "act": {}}},
    "an act that is a text": {"client_id": "platform-1", "act": "platform-1"},
    "a platform for nobody": {"client_id": "platform-1", "act": {"sub": "platform-1"}},
    "a person without a provider": {
        "client_id": "platform-1",
        "act": {"sub": "platform-1", "act": {"sub": "p-1"}},
    },
    "no name": {"jti": None},
    "a mandate without days": {"mandates": [{"org": "x", "roles": ["agency"], "document": "1"}]},
    "mandates that are a number": {"mandates": 7},
}


@pytest.mark.parametrize("changed", WRONG_HANDS.values(), ids=WRONG_HANDS)
async def test_a_token_that_does_not_say_through_whose_hands_it_came_is_none(verifier, changed):
    with pytest.raises(Unauthenticated, match="claims"):
        await verifier.actor(tokens.token("clerk", ["registrar"], **changed))


MANDATE = Mandate(
    "52410108MJ0000018R",
    frozenset({"agency"}),
    date(2026, 1, 1),
    date(2026, 12, 31),
    "惠民〔2026〕1号",
)


async def test_a_mandate_reaches_the_actor_with_its_days(verifier):
    told = {
        "org": MANDATE.org,
        "roles": ["agency"],
        "from": "2026-01-01",
        "until": "2026-12-31",
        "document": MANDATE.document,
    }

    actor = await verifier.actor(tokens.token("platform-1", ["platform"], mandates=[told]))

    assert actor.mandates == (MANDATE,)
    assert actor.told()["mandates"] == ["52410108MJ0000018R 惠民〔2026〕1号"]


@pytest.mark.parametrize(
    ("org", "role", "day", "covered"),
    [
        ("52410108MJ0000018R", "agency", date(2026, 1, 1), True),
        ("52410108MJ0000018R", "agency", date(2026, 12, 31), True),
        ("52410108MJ0000018R", "agency", date(2025, 12, 31), False),
        ("52410108MJ0000018R", "agency", date(2027, 1, 1), False),
        ("52410108MJ0000018R", "purchaser", date(2026, 6, 1), False),
        ("52410108MJ0000026K", "agency", date(2026, 6, 1), False),
    ],
)
def test_a_mandate_covers_one_organisation_its_roles_and_its_days(org, role, day, covered):
    actor = Actor("platform-1", roles=frozenset({"platform"}), mandates=(MANDATE,))

    assert (actor.mandate_for(org, role, day) is not None) is covered


def test_the_journal_is_told_who_for_whom_and_through_whose_hands():
    plain = Actor("clerk", None, frozenset({"registrar"}))
    through = Actor(
        "clerk", None, frozenset({"registrar"}), (), "platform-1", Person("https://id", "p-1")
    )

    assert plain.told() == {"client_id": "clerk", "org": None, "roles": ["registrar"]}
    assert through.told() == {
        **plain.told(),
        "acting": "platform-1",
        "person": {"issuer": "https://id", "subject": "p-1"},
    }
