"""Signatures as Standard Webhooks wants them, checked by other code than that which makes them."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from gateway.webhooks import vectors
from gateway.webhooks.signing import (
    SecretSafe,
    WebhookKeys,
    draw_secret,
    headers,
    published,
    shown,
)
from shared.sensitive import Unreadable, Vault
from shared.signing_keys import key_files, make_key, retire_key
from tests.support.webhooks import signed_by

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CASES = json.loads(vectors.PATH.read_text())["cases"]
ONE, ANOTHER = UUID(int=1), UUID(int=2)
KEY, EARLIER_KEY = "k" * 40, "e" * 40


def test_the_vectors_are_what_the_code_makes() -> None:
    assert vectors.PATH.read_text() == vectors.written()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_other_code_finds_every_signature_of_the_vectors(case) -> None:
    body = case["body"].encode()
    signatures = case["headers"]["webhook-signature"].split(" ")

    assert len(signatures) == len(case["secrets"]) + len(case["public_keys"])
    for key in (*case["secrets"], *case["public_keys"]):
        assert signed_by(case["headers"], body, key)
        assert not signed_by(case["headers"], body + b" ", key)
        later = {**case["headers"], "webhook-timestamp": "1772413201"}
        assert not signed_by(later, body, key)


def test_the_published_example_of_the_standard_comes_out() -> None:
    [example] = [case for case in CASES if "Standard Webhooks" in case["name"]]

    assert example["secrets"] == ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]
    assert example["headers"]["webhook-signature"] == (
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_a_secret_has_32_bytes_and_is_never_drawn_twice() -> None:
    drawn = [shown(draw_secret()) for _ in range(100)]

    assert len(set(drawn)) == 100
    for secret in drawn:
        assert secret.startswith("whsec_")
        assert len(base64.b64decode(secret[6:], validate=True)) == 32


@given(st.binary(max_size=300), st.binary(min_size=24, max_size=64), st.binary(min_size=1))
def test_nothing_but_the_same_bytes_has_the_same_signature(
    body: bytes, secret: bytes, more: bytes
) -> None:
    key = Ed25519PrivateKey.generate()
    made = headers("evt_1", NOW, body, own=[secret], keys=[key])

    assert signed_by(made, body, shown(secret))
    assert signed_by(made, body, published(key))
    assert not signed_by(made, body + more, shown(secret))
    assert not signed_by({**made, "webhook-id": "evt_2"}, body, published(key))


# --- Keeping -------------------------------------------------------------------------------------


def test_a_secret_is_sealed_to_its_subscription() -> None:
    safe, secret = SecretSafe(Vault(KEY)), draw_secret()
    sealed = safe.seal(ONE, secret)

    assert secret not in sealed
    assert safe.unseal(ONE, sealed) == secret
    with pytest.raises(Unreadable):
        safe.unseal(ANOTHER, sealed)
    with pytest.raises(Unreadable):
        safe.unseal(ONE, sealed[:-1] + bytes([sealed[-1] ^ 1]))


def test_secrets_outlive_a_change_of_the_gateways_key_and_open_with_no_other() -> None:
    secret = draw_secret()
    sealed = SecretSafe(Vault(EARLIER_KEY)).seal(ONE, secret)

    assert SecretSafe(Vault(KEY, [EARLIER_KEY])).unseal(ONE, sealed) == secret
    with pytest.raises(Unreadable):
        SecretSafe(Vault(KEY)).unseal(ONE, sealed)


def test_while_keys_follow_each_other_both_sign(tmp_path: Path) -> None:
    keys = WebhookKeys(tmp_path / "keys")
    keys.read()
    [first] = keys.published()

    make_key(tmp_path / "keys", NOW)
    keys.read()
    both = headers("evt_1", NOW, b"{}", own=[], keys=keys.signing)

    assert len(key_files(tmp_path / "keys")) == 2
    assert all(signed_by(both, b"{}", told["key"]) for told in keys.published())
    retire_key(tmp_path / "keys", first["kid"])
    keys.read()
    after = headers("evt_1", NOW, b"{}", own=[], keys=keys.signing)
    assert not signed_by(after, b"{}", first["key"])
