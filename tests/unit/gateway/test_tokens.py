"""Tokens at the door: verified once, known again by their bytes, never past their end."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from gateway.tokens import verification
from gateway.tokens.issuing import Issuer
from gateway.tokens.keys import KeyRing
from gateway.tokens.rules import checked_client, clashes
from gateway.tokens.secrets import draw_secret, hash_secret, secret_matches
from gateway.tokens.verification import TokenDesk
from shared.errors import InvalidInput, Unauthenticated
from shared.revocations import Revocations
from shared.signing_keys import make_key, retire_key

MADE = datetime(2026, 11, 1, tzinfo=UTC)
NOW = (MADE + timedelta(days=1)).timestamp()
TRUST = {"issuer": "https://huishe.example", "audience": "huishe"}


@pytest.fixture
def keys(tmp_path):
    make_key(tmp_path, MADE)
    ring = KeyRing(tmp_path, settling_seconds=600)
    ring.read()
    return ring


@pytest.fixture
def desk(keys):
    return TokenDesk(keys, **TRUST)


def bearer(keys, *, now=NOW, **changed):
    issuer = Issuer(keys, seconds=600, **{**TRUST, **changed})
    return b"Bearer " + issuer.issue("clerk", ["registrar"], None, now).encode()


def test_a_token_tells_who_is_calling(keys, desk):
    caller = desk.caller(bearer(keys), NOW)

    assert (caller.client_id, caller.roles, caller.org) == ("clerk", {"registrar"}, None)


def test_a_token_known_already_is_not_verified_again_but_its_end_is(keys, desk, monkeypatch):
    token = bearer(keys)
    desk.caller(token, NOW)

    def verified_again(*_):
        raise AssertionError("verified twice")

    monkeypatch.setattr(verification, "verified", verified_again)

    assert desk.caller(token, NOW + 599).client_id == "clerk"
    with pytest.raises(Unauthenticated, match="expired"):
        desk.caller(token, NOW + 600)


def test_a_revoked_token_is_refused_although_it_was_known(keys, desk):
    token = bearer(keys)
    desk.caller(token, NOW)

    desk.void(Revocations.of({"clerk": NOW + 1}, frozenset(), frozenset()))

    with pytest.raises(Unauthenticated, match="revoked"):
        desk.caller(token, NOW + 2)
    assert desk.caller(bearer(keys, now=NOW + 1), NOW + 2).client_id == "clerk"


def test_a_token_of_the_very_second_of_its_revocation_is_void_and_a_newer_one_is_not(keys, desk):
    old, new = bearer(keys, now=NOW + 0.2), bearer(keys, now=NOW + 0.4)

    desk.void(Revocations.of({"clerk": NOW + 0.3}, frozenset(), frozenset()))

    with pytest.raises(Unauthenticated, match="revoked"):
        desk.caller(old, NOW + 1)
    assert desk.caller(new, NOW + 1).client_id == "clerk"


def test_a_retired_key_takes_its_tokens_with_it(keys, desk, tmp_path):
    token = bearer(keys)
    desk.caller(token, NOW)
    retire_key(tmp_path, keys.signing(NOW)[0])
    make_key(tmp_path, MADE + timedelta(hours=1))

    assert keys.read()
    desk.forget()

    with pytest.raises(Unauthenticated):
        desk.caller(token, NOW)


def tampered(token: bytes) -> bytes:
    head, body, signature = token.split(b".")
    claims = json.loads(base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4)))
    claims["roles"] = ["administrator"]
    changed = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=")
    return b".".join([head, changed, signature])


def forged(keys, header, key, algorithms):
    claims = {
        "iss": TRUST["issuer"],
        "aud": TRUST["audience"],
        "client_id": "clerk",
        "org": None,
        "roles": ["registrar"],
        "iat": NOW,
        "exp": NOW + 600,
    }
    kid = keys.signing(NOW)[0]
    return (
        b"Bearer "
        + jwt.encode(
            {"typ": "at+jwt", "kid": kid, **header}, claims, key, algorithms=algorithms
        ).encode()
    )


def unsigned(keys):
    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")

    header = {"alg": "none", "typ": "at+jwt", "kid": keys.signing(NOW)[0]}
    claims = {**TRUST, "client_id": "clerk", "roles": ["registrar"], "org": None}
    return b"Bearer " + b".".join([part(header), part({**claims, "exp": NOW + 600}), b""])


BAD = {
    "not a token": lambda keys: b"Bearer rubbish",
    "three empty parts": lambda keys: b"Bearer ..",
    "not UTF-8": lambda keys: b"Bearer \xff\xfe.\xff.\xff",
    "no scheme": lambda keys: bearer(keys).removeprefix(b"Bearer "),
    "another scheme": lambda keys: bearer(keys).replace(b"Bearer", b"Basic"),
    "nothing": lambda keys: b"",
    "far too long": lambda keys: bearer(keys) + b"A" * 5000,
    "expired": lambda keys: bearer(keys, now=NOW - 601),
    "not yet issued": lambda keys: bearer(keys, now=NOW + 60),
    "wrong issuer": lambda keys: bearer(keys, issuer="https://evil.example"),
    "wrong audience": lambda keys: bearer(keys, audience="others"),
    "tampered claims": lambda keys: tampered(bearer(keys)),
    "alg none": unsigned,
    "HS256 with the public key": lambda keys: forged(
        keys,
        {"alg": "HS256"},
        OctKey.import_key(json.dumps(keys.published()["keys"][0])),
        ["HS256"],
    ),
    "another Ed25519 key under our kid": lambda keys: forged(
        keys, {"alg": "Ed25519"}, OKPKey.generate_key("Ed25519"), ["Ed25519"]
    ),
    "the deprecated name of the algorithm": lambda keys: forged(
        keys, {"alg": "EdDSA"}, keys.signing(NOW)[1], ["EdDSA"]
    ),
    "another type of token": lambda keys: forged(
        keys, {"alg": "Ed25519", "typ": "JWT"}, keys.signing(NOW)[1], ["Ed25519"]
    ),
    "an unknown kid": lambda keys: forged(
        keys, {"alg": "Ed25519", "kid": "x"}, keys.signing(NOW)[1], ["Ed25519"]
    ),
}


@pytest.mark.parametrize("made", BAD.values(), ids=BAD)
@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_a_bad_token_is_refused(made, keys, desk):
    with pytest.raises(Unauthenticated):
        desk.caller(made(keys), NOW)


def test_a_new_key_is_published_at_once_and_signs_when_it_has_settled(tmp_path):
    old = make_key(tmp_path, MADE)
    new = make_key(tmp_path, MADE + timedelta(days=1))
    ring = KeyRing(tmp_path, settling_seconds=600)
    ring.read()

    assert {key["kid"] for key in ring.published()["keys"]} == {old, new}
    assert ring.signing(NOW + 599)[0] == old
    assert ring.signing(NOW + 600)[0] == new


def test_a_key_is_a_file_for_its_owner_only_and_its_private_half_is_never_published(tmp_path):
    kid = make_key(tmp_path, MADE)
    ring = KeyRing(tmp_path, 0)
    ring.read()

    assert (tmp_path / f"{kid}.pem").stat().st_mode & 0o777 == 0o600
    assert all("d" not in key for key in ring.published()["keys"])


@pytest.mark.parametrize("secret", ["chosen by a person", draw_secret()], ids=["chosen", "drawn"])
def test_a_secret_is_kept_as_a_hash_that_knows_it_again(secret):
    kept = hash_secret(secret)

    assert secret not in kept
    assert secret_matches(secret, kept)
    assert not secret_matches(secret + "x", kept)
    assert hash_secret(secret) != kept


@pytest.mark.parametrize(
    "roles",
    [
        ["administrator", "auditor"],
        ["administrator", "registrar"],
        ["custodian", "panellist"],
        ["registrar", "purchaser"],
        ["supervisor", "purchaser"],
        ["auditor", "purchaser"],
        ["service", "administrator"],
        ["agency", "purchaser"],
    ],
)
def test_roles_that_one_hand_may_not_hold_are_refused_with_the_reason(roles):
    assert clashes(roles)
    with pytest.raises(InvalidInput):
        checked_client("somebody", roles, None)


def test_everything_wrong_with_a_client_is_told_at_once():
    with pytest.raises(InvalidInput) as refused:
        checked_client("No Good", ["king"], "123")

    assert [e.pointer for e in refused.value.errors] == ["/roles", "/client_id", "/org"]


def test_roles_that_go_together_are_kept_in_order():
    assert checked_client("office-1", ["supervisor", "registrar"], None) == (
        ["registrar", "supervisor"],
        None,
    )


@pytest.mark.parametrize("header", [b"[]", b'"x"', b"1", b"null", b"[" * 2800, b"{}", b"\xff"])
def test_a_token_whose_head_is_no_head_is_refused(desk, header):
    head = base64.urlsafe_b64encode(header).rstrip(b"=")

    with pytest.raises(Unauthenticated):
        desk.caller(b"Bearer " + head + b".e30.AA", NOW)
