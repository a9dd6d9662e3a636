"""Tokens of an identity provider, and its keys: rotated, kept while it is silent, but not for ever."""

import json
import time

import httpx
import pytest
from joserfc.jwk import RSAKey

from gateway.settings import IdentityProvider
from gateway.tokens.providers import MOST_BYTES, PAUSE_SECONDS, Provider
from shared.errors import Unavailable
from shared.jwts import Malformed
from tests.support.forgery import named_twice, segment, without, written
from tests.support.oidc import new_key, public, signed

ISSUER, AUDIENCE, ELSEWHERE = "https://id.example/realm", "huishe-gateway", "https://evil.example"
FRESH, STALE = 300.0, 3600.0


class Site:
    """The provider on the wire, and the clock of the gateway that asks it."""

    def __init__(self) -> None:
        self.key = new_key("ES256")
        self.documents = {
            "/realm/.well-known/openid-configuration": {
                "issuer": ISSUER,
                "jwks_uri": "https://id.example/keys",
            }
        }
        self.publish(self.key)
        self.down = False
        self.asked: list[str] = []
        self.now = 1000.0

    def publish(self, *keys, **more):
        self.documents["/keys"] = {"keys": [{**public(key), **more} for key in keys]}

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        if self.down:
            raise httpx.ConnectError("down")
        found = self.documents.get(request.url.path)
        if found is None:
            return httpx.Response(404)
        return found if isinstance(found, httpx.Response) else httpx.Response(200, json=found)

    def claims(self, **changed):
        now = int(time.time())
        told = {"iss": ISSUER, "aud": AUDIENCE, "sub": "p-1", "iat": now, "exp": now + 300}
        return {**told, **changed}

    def token(self, key=None, algorithm="ES256", **changed):
        return signed(key or self.key, algorithm, self.claims(**changed))


@pytest.fixture
def site():
    return Site()


@pytest.fixture
async def provider(site):
    async with httpx.AsyncClient(transport=httpx.MockTransport(site.answer)) as http:
        yield provider_of(site, http)


def provider_of(site, http, **told):
    return Provider(
        "bureau",
        IdentityProvider(issuer=ISSUER, audience=AUDIENCE, **told),
        http,
        fresh_seconds=FRESH,
        stale_seconds=STALE,
        clock=lambda: site.now,
    )


async def asked(provider, token):
    return await provider.identity(token, time.time())


async def test_a_good_token_names_a_person_and_its_end(provider, site):
    claims = site.claims()

    found = await asked(provider, signed(site.key, "ES256", claims))

    assert (found.issuer, found.subject, found.until) == (ISSUER, "p-1", claims["exp"])
    assert site.asked == [f"{ISSUER}/.well-known/openid-configuration", "https://id.example/keys"]


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256", "Ed25519", "EdDSA"])
async def test_the_algorithms_that_are_chosen_are_taken_and_no_other(site, algorithm):
    key = new_key(algorithm)
    site.publish(key)
    async with httpx.AsyncClient(transport=httpx.MockTransport(site.answer)) as http:
        chosen = provider_of(site, http, algorithms=(algorithm,))
        other = "ES256" if algorithm != "ES256" else "RS256"
        refusing = provider_of(site, http, algorithms=(other,))

        assert (await asked(chosen, site.token(key, algorithm))).subject == "p-1"
        with pytest.raises((Malformed, Unavailable)):
            await asked(refusing, site.token(key, algorithm))


async def test_the_claim_that_names_the_person_is_chosen(site):
    async with httpx.AsyncClient(transport=httpx.MockTransport(site.answer)) as http:
        provider = provider_of(site, http, subject_claim="employee_no")

        assert (await asked(provider, site.token(employee_no="0815"))).subject == "0815"
        for wrong in ({}, {"employee_no": 815}, {"employee_no": ""}, {"employee_no": "a\x00"}):
            with pytest.raises(Malformed):
                await asked(provider, site.token(**wrong))


def unsigned(site):
    head = segment(written({"alg": "none", "kid": site.key.kid}))
    return f"{head}.{segment(written(site.claims()))}."


BAD = {
    "rubbish": lambda s: "rubbish",
    "alg none": unsigned,
    "another key under its kid": lambda s: s.token(new_key("ES256", s.key.kid)),
    "another key that it brings along": lambda s: signed(
        k := new_key("ES256", s.key.kid), "ES256", s.claims(), jwk=public(k)
    ),
    "another key at an address": lambda s: signed(
        new_key("ES256"), "ES256", s.claims(), jku=f"{ELSEWHERE}/keys"
    ),
    "an algorithm that the key is not for": lambda s: s.token(new_key("RS256", s.key.kid), "RS256"),
    "a crit": lambda s: signed(s.key, "ES256", s.claims(), crit=["x"], x=1),
    "another issuer": lambda s: s.token(iss=ELSEWHERE),
    "another audience": lambda s: s.token(aud="others"),
    "no audience": lambda s: signed(s.key, "ES256", without(s.claims(), "aud")),
    "several audiences, and issued to another": lambda s: s.token(
        aud=[AUDIENCE, "others"], azp="others"
    ),
    "expired": lambda s: s.token(exp=time.time() - 1),
    "no end": lambda s: signed(s.key, "ES256", without(s.claims(), "exp")),
    "not yet issued": lambda s: s.token(iat=time.time() + 60),
    "never issued": lambda s: signed(s.key, "ES256", without(s.claims(), "iat")),
    "not yet valid": lambda s: s.token(nbf=time.time() + 60),
    "nobody": lambda s: signed(s.key, "ES256", without(s.claims(), "sub")),
    "an issuer twice": lambda s: signed(s.key, "ES256", named_twice(s.claims(), "iss", ISSUER)),
    "very long": lambda s: s.token(more="A" * 9000),
}


@pytest.mark.parametrize("made", BAD.values(), ids=BAD)
async def test_a_token_that_is_wrong_in_one_way_names_nobody(provider, site, made):
    assert await asked(provider, site.token())
    before = list(site.asked)

    with pytest.raises(Malformed):
        await asked(provider, made(site))

    assert not any(ELSEWHERE in address for address in site.asked)
    assert len(site.asked) - len(before) <= 2


async def test_several_audiences_are_taken_when_it_was_issued_to_us(provider, site):
    assert await asked(provider, site.token(aud=[AUDIENCE, "others"], azp=AUDIENCE))


async def test_a_new_key_is_found_when_a_token_names_it(provider, site):
    await asked(provider, site.token())
    newer = new_key("ES256")
    site.publish(newer)

    site.now += PAUSE_SECONDS
    assert await asked(provider, site.token(newer))
    with pytest.raises(Malformed, match="key"):
        await asked(provider, site.token())


async def test_unknown_keys_do_not_make_us_ask_more_than_every_five_seconds(provider, site):
    await asked(provider, site.token())
    told = len(site.asked)

    for _ in range(20):
        with pytest.raises(Malformed, match="key"):
            await asked(provider, site.token(new_key("ES256")))
    assert len(site.asked) == told

    site.now += PAUSE_SECONDS
    for _ in range(20):
        with pytest.raises(Malformed, match="key"):
            await asked(provider, site.token(new_key("ES256")))
    assert len(site.asked) == told + 2


async def test_keys_are_asked_for_again_when_they_are_old(provider, site):
    await asked(provider, site.token())
    site.publish(new_key("ES256"))

    site.now += FRESH - 1
    assert await asked(provider, site.token())
    site.now += 1
    with pytest.raises(Malformed, match="key"):
        await asked(provider, site.token())


async def test_while_the_provider_is_silent_its_last_keys_hold_but_not_for_ever(provider, site):
    await asked(provider, site.token())
    site.down = True

    site.now += STALE
    assert await asked(provider, site.token())
    site.now += 1
    with pytest.raises(Unavailable):
        await asked(provider, site.token())

    site.down = False
    site.now += PAUSE_SECONDS
    assert await asked(provider, site.token())


async def test_a_provider_that_was_never_reached_lets_nobody_in(provider, site):
    site.down = True

    with pytest.raises(Unavailable):
        await asked(provider, site.token())


SPOILT = {
    "an error": lambda s: httpx.Response(500),
    "a way elsewhere": lambda s: httpx.Response(302, headers={"location": f"{ELSEWHERE}/keys"}),
    "no JSON": lambda s: httpx.Response(200, text="<html>"),
    "a list": lambda s: httpx.Response(200, json=[]),
    "no keys": lambda s: httpx.Response(200, json={"keys": []}),
    "keys for encryption": lambda s: httpx.Response(
        200, json={"keys": [{**public(s.key), "use": "enc"}]}
    ),
    "a short RSA key": lambda s: httpx.Response(
        200, json={"keys": [{**public(weak_rsa()), "kid": s.key.kid}]}
    ),
    "a megabyte": lambda s: httpx.Response(
        200, text=json.dumps({"keys": [public(s.key)], "more": "A" * MOST_BYTES})
    ),
}


def weak_rsa():
    return RSAKey.generate_key(1024)


@pytest.mark.parametrize("made", SPOILT.values(), ids=SPOILT)
@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
async def test_what_is_no_set_of_keys_is_as_good_as_silence(provider, site, made):
    site.documents["/keys"] = made(site)

    with pytest.raises(Unavailable):
        await asked(provider, site.token())
    assert not any(ELSEWHERE in address for address in site.asked)


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": ELSEWHERE},
        {"jwks_uri": f"{ELSEWHERE}/keys"},
        {"jwks_uri": "http://id.example/keys"},
    ],
)
async def test_a_discovery_document_cannot_send_us_elsewhere(provider, site, changed):
    site.documents["/realm/.well-known/openid-configuration"].update(changed)

    with pytest.raises(Unavailable):
        await asked(provider, site.token())
    assert site.asked == [f"{ISSUER}/.well-known/openid-configuration"]


async def test_the_address_of_the_keys_may_be_told_instead_of_found(site):
    async with httpx.AsyncClient(transport=httpx.MockTransport(site.answer)) as http:
        provider = provider_of(site, http, jwks_url="https://keys.example/keys")

        assert await asked(provider, site.token())
    assert site.asked == ["https://keys.example/keys"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"issuer": "http://id.example"},
        {"issuer": "https://user:word@id.example"},
        {"issuer": "https://id.example", "jwks_url": "http://id.example/keys"},
        {"issuer": "https://id.example", "algorithms": ["HS256"]},
        {"issuer": "https://id.example", "algorithms": ["none"]},
        {"issuer": "https://id.example", "algorithms": []},
    ],
)
def test_a_provider_that_nobody_could_trust_is_not_configured(wrong):
    with pytest.raises(ValueError, match="IdentityProvider"):
        IdentityProvider(**{"audience": AUDIENCE, **wrong})
