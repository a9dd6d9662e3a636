"""A client that signs: what it says is believed only when its own key signed it, for us, for now."""

import json
import time

import pytest
from joserfc.jwk import OKPKey, RSAKey

from gateway.tokens.assertions import asserting, verified_assertion
from gateway.tokens.public_keys import checked_keys, thumbprints
from shared.errors import InvalidInput
from shared.jwts import Malformed
from tests.support.forgery import hs256, named_twice, segment, without, written
from tests.support.oidc import SigningClient, new_key, public, signed

HERE = ("https://gateway.example/oauth/token", "https://huishe.example")
NOW = int(time.time())


@pytest.fixture(scope="module")
def platform() -> SigningClient:
    return SigningClient("platform-1", HERE[0])


def judged(assertion, *keys, client_id="platform-1", now=None):
    return verified_assertion(
        assertion,
        client_id=client_id,
        keys=checked_keys([public(key) for key in keys]),
        audiences=HERE,
        now=time.time() if now is None else now,
    )


@pytest.mark.parametrize("algorithm", ["Ed25519", "ES256"])
@pytest.mark.parametrize("audience", [*HERE, [HERE[0]], list(HERE)])
def test_the_holder_of_a_registered_key_is_known(algorithm, audience):
    client = SigningClient("platform-1", HERE[0], new_key(algorithm), algorithm)
    assertion = client.assertion(aud=audience, jti="once")

    assert asserting(assertion) == "platform-1"
    taken = judged(assertion, client.key)
    assert taken.client_id == "platform-1"
    assert taken.digest == judged(client.assertion(jti="once"), client.key).digest
    assert taken.digest != judged(client.assertion(jti="twice"), client.key).digest


def test_while_keys_change_both_are_taken(platform):
    newer = SigningClient("platform-1", HERE[0], new_key("ES256"), "ES256")

    for client in (platform, newer):
        assert judged(client.assertion(), platform.key, newer.key)
    with pytest.raises(Malformed):
        judged(platform.assertion(), newer.key)


def test_a_kid_may_be_left_out_or_be_the_thumbprint(platform):
    [thumbprint] = thumbprints(checked_keys([public(platform.key)]))
    claims = platform.claims()
    unnamed = written(without({"alg": "Ed25519", "kid": ""}, "kid"))

    by_hand = f"{segment(unnamed)}.{segment(written(claims))}"
    signature = segment(platform.key.get_op_key("sign").sign(by_hand.encode()))
    assert judged(f"{by_hand}.{signature}", platform.key)
    assert judged(signed(platform.key, "Ed25519", claims, kid=thumbprint), platform.key)
    with pytest.raises(Malformed):
        judged(signed(platform.key, "Ed25519", claims, kid="another"), platform.key)


def none(client):
    head = segment(written({"alg": "none", "kid": client.key.kid}))
    return f"{head}.{segment(written(client.claims()))}."


def by_secret(client):
    head = segment(written({"alg": "HS256", "kid": client.key.kid}))
    body = f"{head}.{segment(written(client.claims()))}"
    return f"{body}.{segment(hs256(json.dumps(public(client.key)).encode())(body.encode()))}"


def by_another(client):
    other = new_key("Ed25519", client.key.kid)
    return signed(other, "Ed25519", client.claims())


def brought_along(client):
    other = new_key("Ed25519", client.key.kid)
    return signed(other, "Ed25519", client.claims(), jwk=public(other))


def changed(client):
    head, _, signature = client.assertion().split(".")
    return f"{head}.{segment(written(client.claims(jti='x')))}.{signature}"


BAD = {
    "rubbish": lambda c: "rubbish",
    "alg none": none,
    "HS256 with the public key": by_secret,
    "an algorithm that the key is not for": lambda c: signed(
        new_key("ES256", c.key.kid), "ES256", c.claims()
    ),
    "an algorithm that is not for clients": lambda c: signed(
        new_key("RS256", c.key.kid), "RS256", c.claims()
    ),
    "the older name of the algorithm": lambda c: signed(c.key, "EdDSA", c.claims()),
    "another key": by_another,
    "another key that it brings along": brought_along,
    "claims changed": changed,
    "a crit": lambda c: signed(c.key, "Ed25519", c.claims(), crit=["b64"], b64=True),
    "another's name": lambda c: c.assertion(iss="platform-2", sub="platform-2"),
    "another issuer": lambda c: c.assertion(iss="platform-2"),
    "another subject": lambda c: c.assertion(sub="platform-2"),
    "another audience": lambda c: c.assertion(aud="https://evil.example"),
    "another audience beside ours": lambda c: c.assertion(aud=[HERE[0], "https://evil.example"]),
    "an audience that begins like ours": lambda c: c.assertion(aud=HERE[0] + "/"),
    "no audience": lambda c: signed(c.key, "Ed25519", without(c.claims(), "aud")),
    "an empty list of audiences": lambda c: c.assertion(aud=[]),
    "expired": lambda c: c.assertion(exp=time.time() - 1),
    "good for too long": lambda c: c.assertion(exp=time.time() + 310),
    "no end": lambda c: signed(c.key, "Ed25519", without(c.claims(), "exp")),
    "an end that is a text": lambda c: c.assertion(exp="9999999999"),
    "not yet issued": lambda c: c.assertion(iat=time.time() + 60),
    "not yet valid": lambda c: c.assertion(nbf=time.time() + 60),
    "no jti": lambda c: signed(c.key, "Ed25519", without(c.claims(), "jti")),
    "an empty jti": lambda c: c.assertion(jti=""),
    "a jti that is a number": lambda c: c.assertion(jti=1),
    "a subject twice": lambda c: signed(
        c.key, "Ed25519", named_twice(c.claims(), "sub", "platform-1")
    ),
    "very long": lambda c: c.assertion(more="A" * 5000),
}


@pytest.mark.parametrize("made", BAD.values(), ids=BAD)
def test_an_assertion_that_is_wrong_in_one_way_is_refused(platform, made):
    assert judged(platform.assertion(), platform.key)

    with pytest.raises(Malformed):
        judged(made(platform), platform.key)


def test_an_assertion_ends_to_the_second_and_lives_five_minutes_at_most(platform):
    assertion = platform.assertion(iat=NOW, exp=NOW + 300)

    assert judged(assertion, platform.key, now=NOW).expires == NOW + 300
    assert judged(assertion, platform.key, now=NOW + 299.9)
    for wrong in (NOW + 300, NOW - 6):
        with pytest.raises(Malformed):
            judged(assertion, platform.key, now=wrong)


WEAK = {
    "a private key": lambda: new_key("Ed25519").as_dict(private=True),
    "a secret": lambda: {"kty": "oct", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQ"},
    "an RSA key": lambda: public(RSAKey.generate_key(2048)),
    "another curve": lambda: public(OKPKey.generate_key("Ed448")),
    "a curve for encryption": lambda: public(OKPKey.generate_key("X25519")),
    "no point of the curve": lambda: {
        "kty": "EC",
        "crv": "P-256",
        "x": "A" * 43,
        "y": "A" * 43,
    },
    "nothing": lambda: {},
    "a text": lambda: "key",
}


@pytest.mark.parametrize("made", WEAK.values(), ids=WEAK)
def test_only_public_keys_of_the_two_kinds_are_registered(made):
    with pytest.raises(InvalidInput) as refused:
        checked_keys({"keys": [made()]})

    assert refused.value.errors[0].pointer == "/keys/0"


def test_a_client_has_few_keys_and_each_name_once():
    with pytest.raises(InvalidInput):
        checked_keys([public(new_key("Ed25519")) for _ in range(5)])
    with pytest.raises(InvalidInput):
        checked_keys([public(new_key("Ed25519", "same")) for _ in range(2)])
    assert checked_keys([]) == []
