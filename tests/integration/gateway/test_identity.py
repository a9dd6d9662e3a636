"""Who is asking: clients that sign, people of another provider, mandates, and the table of rights."""

import asyncio
import json
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from sqlalchemy import select, text
from typer.testing import CliRunner

from gateway.__main__ import cli
from gateway.database import one_transaction
from gateway.tokens import actions, mandates
from gateway.tokens.models import MappedPerson, UsedAssertion
from gateway.tokens.schemas import NewClient, NewMandate, NewPerson
from shared.actor import Person
from shared.days import day_of, end_of, start_of
from shared.errors import Conflict, InvalidInput, NotFound
from shared.revocations import named
from tests.support.credit_codes import make_credit_code
from tests.support.gateway import SECRET_KEY, running_gateway, written
from tests.support.oidc import Oidc, SigningClient, new_key, public, running_oidc, signed
from tests.support.waiting import until

GRANT = {"grant_type": "client_credentials"}
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"
SECRET = "a secret that a person made up"
TODAY = day_of(datetime.now(UTC))
DAY = timedelta(days=1)


def _now():
    return datetime.now(UTC)


@pytest.fixture
async def oidc():
    async with running_oidc() as it:
        yield it


@pytest.fixture
def settings(database, oidc: Oidc):
    return {"database_url": database, "identity_providers": oidc.settings()}


@pytest.fixture
async def register(database):
    """Bring clients in, as an administrator would."""

    async def bring(client_id, *roles, **more):
        async with one_transaction(database) as session:
            return await actions.add_client(
                session, NewClient(client_id, client_id, roles, **more), _now()
            )

    return bring


@pytest.fixture
async def platform(register, gateway) -> SigningClient:
    """A client that has a key and no secret."""
    it = SigningClient("platform-1", f"{gateway.address}/oauth/token")
    await register("platform-1", "platform", keys=(public(it.key),), without_secret=True)
    return it


async def claims_of(client, token):
    keys = KeySet.import_key_set((await client.get("/oauth/jwks.json")).json())
    return jwt.decode(token, keys, algorithms=["Ed25519"]).claims


def bearer(answer):
    return {"authorization": f"Bearer {answer.json()['access_token']}"}


async def passes(client, headers):
    return (await client.get("/registry/v1/things", headers=headers)).status_code == 200


# --- A client that signs ----------------------------------------------------------------------------


async def test_a_client_without_a_secret_gets_a_token_by_its_signature(client, platform):
    answer = await client.post("/oauth/token", data=platform.form())

    assert answer.status_code == 200
    told = await claims_of(client, answer.json()["access_token"])
    assert told["sub"] == told["client_id"] == "platform-1"
    assert "act" not in told
    assert await passes(client, bearer(answer))


async def test_an_assertion_is_taken_once_of_however_many_that_bring_it_at_once(
    client, platform, database, tmp_path, settings
):
    async with running_gateway(tmp_path / "keys", **settings) as second:
        form = platform.form(platform.assertion(aud="https://huishe.example"))

        answers = await asyncio.gather(
            *(client.post(f"{door}/oauth/token", data=form) for door in ("", second.address) * 5)
        )

        assert sorted(answer.status_code for answer in answers) == [200] + [401] * 9
        refused = next(answer for answer in answers if answer.status_code == 401)
        assert refused.json()["error"] == "invalid_client"


async def test_the_same_name_by_another_client_is_another_assertion(client, platform, register):
    other = SigningClient("platform-2", platform.audience)
    await register("platform-2", "platform", keys=(public(other.key),), without_secret=True)

    for signing in (platform, other):
        assertion = signing.assertion(jti="1")
        answer = await client.post("/oauth/token", data=signing.form(assertion))
        assert answer.status_code == 200


async def test_an_assertion_is_kept_while_it_could_be_taken_again_and_no_longer(
    gateway, client, platform, database
):
    await client.post("/oauth/token", data=platform.form())
    kept = select(UsedAssertion.digest)
    runtime = gateway.gateway.runtime

    async with one_transaction(database) as session:
        await actions.forget_spent(session, _now())
        assert len((await session.scalars(kept)).all()) == 1
        await actions.forget_spent(session, _now() + timedelta(seconds=75))
        assert (await session.scalars(kept)).all() == []
    assert runtime is not None


WRONG = {
    "another client's key": lambda c: c.form(
        signed(new_key("Ed25519", c.key.kid), "Ed25519", c.claims())
    ),
    "a name beside it that is another's": lambda c: c.form(client_id="platform-2"),
    "an unknown client": lambda c: c.form(c.assertion(iss="nobody", sub="nobody")),
    "a subject with a NUL": lambda c: c.form(c.assertion(iss="a\x00b", sub="a\x00b")),
    "expired": lambda c: c.form(c.assertion(exp=time.time() - 1)),
    "another audience": lambda c: c.form(c.assertion(aud="https://evil.example")),
    "nothing": lambda c: {**c.form(), "client_assertion": ""},
}


@pytest.mark.parametrize("made", WRONG.values(), ids=WRONG)
async def test_a_wrong_assertion_opens_nothing_and_does_not_say_why(client, platform, made):
    assert (await client.post("/oauth/token", data=platform.form())).status_code == 200

    answer = await client.post("/oauth/token", data=made(platform))
    unknown = await client.post("/oauth/token", data=GRANT, auth=("nobody", SECRET))

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert {**answer.json(), "trace_id": ""} == {**unknown.json(), "trace_id": ""}


@pytest.mark.parametrize(
    "also",
    [
        {"data": {"client_secret": SECRET}},
        {"auth": ("platform-1", SECRET)},
        {"data": {"client_assertion_type": "urn:other"}},
    ],
    ids=["a secret in the form", "a secret in the header", "another type"],
)
async def test_who_one_is_is_shown_in_one_way(client, platform, also):
    also = {**also, "data": {**platform.form(), **also.get("data", {})}}

    answer = await client.post("/oauth/token", **also)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_no_secret_opens_a_client_that_has_none(client, platform):
    for secret in ("", "None", "null", SECRET):
        answer = await client.post("/oauth/token", data=GRANT, auth=("platform-1", secret))
        assert answer.json()["error"] == "invalid_client"


async def test_keys_change_without_a_moment_in_which_none_is_taken(
    gateway, client, platform, database
):
    newer = SigningClient("platform-1", platform.audience, new_key("ES256"), "ES256")
    by_old = await client.post("/oauth/token", data=platform.form())

    async with one_transaction(database) as session:
        names = await actions.add_keys(session, "platform-1", [public(newer.key)], _now())
    assert names == [platform.key.kid, newer.key.kid]
    for signing in (platform, newer):
        assert (await client.post("/oauth/token", data=signing.form())).status_code == 200
    await gateway.gateway.runtime.look_again()
    assert await passes(client, bearer(by_old))

    async with one_transaction(database) as session:
        await actions.remove_key(session, "platform-1", platform.key.kid, _now())
        with pytest.raises(NotFound):
            await actions.remove_key(session, "platform-1", platform.key.kid, _now())
    await gateway.gateway.runtime.look_again()
    assert (await client.post("/oauth/token", data=platform.form())).status_code == 401
    assert (await client.post("/oauth/token", data=newer.form())).status_code == 200
    assert not await passes(client, bearer(by_old))


async def test_a_key_under_a_name_that_is_taken_is_refused(platform, database):
    async with one_transaction(database) as session:
        with pytest.raises(InvalidInput):
            await actions.add_keys(
                session, "platform-1", [public(new_key("ES256", platform.key.kid))], _now()
            )


async def test_the_secret_of_a_client_that_signs_is_dropped(client, register, database, gateway):
    it = SigningClient("platform-1", f"{gateway.address}/oauth/token")
    await register("platform-1", "platform", keys=(public(it.key),), secret=SECRET)
    pair = ("platform-1", SECRET)
    assert (await client.post("/oauth/token", data=GRANT, auth=pair)).status_code == 200

    async with one_transaction(database) as session:
        await actions.drop_secret(session, "platform-1", _now())

    assert (await client.post("/oauth/token", data=GRANT, auth=pair)).status_code == 401
    assert (await client.post("/oauth/token", data=it.form())).status_code == 200


async def test_clients_that_sign_are_brought_in_as_often_as_one_likes(database):
    key, newer = new_key("Ed25519"), new_key("ES256")

    async def ensure(*keys, **more):
        wanted = [NewClient("platform-1", "P", ("platform",), keys=keys, **more)]
        async with one_transaction(database) as session:
            drawn = await actions.ensure_clients(session, wanted, _now())
            client = await actions.existing_client(session, "platform-1")
            return drawn, [one["kid"] for one in client.keys], client.tokens_not_before

    assert await ensure(public(key), without_secret=True) == ({}, [key.kid], None)
    assert await ensure(public(key), without_secret=True) == ({}, [key.kid], None)
    drawn, kids, voided = await ensure(public(key), public(newer), without_secret=True)
    assert (drawn, kids, voided is not None) == ({}, [key.kid, newer.kid], True)


async def test_the_metadata_says_what_is_taken(client, gateway):
    told = (await client.get("/.well-known/oauth-authorization-server")).json()

    assert "private_key_jwt" in told["token_endpoint_auth_methods_supported"]
    assert told["token_endpoint_auth_signing_alg_values_supported"] == ["Ed25519", "ES256"]
    assert told["grant_types_supported"] == ["client_credentials", EXCHANGE]
    assert told["revocation_endpoint"] == f"{gateway.address}/oauth/revoke"


# --- A person of another provider ---------------------------------------------------------------------


@pytest.fixture
async def office(register, database, oidc):
    """A client that nobody can ask as, whose rights a person has been given."""
    await register("office-1", "registrar", "supervisor", without_secret=True)
    async with one_transaction(database) as session:
        await mandates.map_person(
            session, NewPerson(oidc.issuer, "p-1", "office-1", TODAY, TODAY + DAY), _now()
        )


def exchange(platform, subject_token, **changed):
    form = platform.form(
        grant_type=EXCHANGE, subject_token=subject_token, subject_token_type=ID_TOKEN
    )
    return {**form, **changed}


async def test_a_person_comes_by_way_of_a_platform_with_the_rights_of_the_office(
    client, platform, office, oidc, gateway
):
    answer = await client.post("/oauth/token", data=exchange(platform, oidc.token("p-1")))

    assert answer.status_code == 200
    assert answer.json()["issued_token_type"].endswith(":access_token")
    told = await claims_of(client, answer.json()["access_token"])
    assert (told["sub"], told["client_id"]) == ("office-1", "platform-1")
    assert told["roles"] == ["registrar", "supervisor"]
    assert told["act"] == {"sub": "platform-1", "act": {"iss": oidc.issuer, "sub": "p-1"}}
    assert told["exp"] - told["iat"] <= 300  # the provider's token ends then
    assert await passes(client, bearer(answer))
    caller = gateway.gateway.runtime.desk.caller(
        bearer(answer)["authorization"].encode(), time.time()
    )
    assert (caller.client_id, caller.acting) == ("office-1", "platform-1")
    assert caller.person == Person(oidc.issuer, "p-1")


NOT_EXCHANGED = {
    "nobody that is mapped": (lambda p, o: exchange(p, o.token("p-2")), "invalid_request"),
    "another key": (
        lambda p, o: exchange(p, signed(new_key("RS256"), "RS256", o.claims("p-1"))),
        "invalid_request",
    ),
    "another audience": (lambda p, o: exchange(p, o.token("p-1", aud="x")), "invalid_request"),
    "expired": (lambda p, o: exchange(p, o.token("p-1", exp=1)), "invalid_request"),
    "another issuer": (
        lambda p, o: exchange(p, o.token("p-1", iss="https://evil.example")),
        "invalid_request",
    ),
    "no token": (lambda p, o: exchange(p, ""), "invalid_request"),
    "an unknown type": (
        lambda p, o: exchange(p, o.token("p-1"), subject_token_type="urn:saml2"),
        "invalid_request",
    ),
    "an actor token": (
        lambda p, o: exchange(p, o.token("p-1"), actor_token="x"),
        "invalid_request",
    ),
    "a refresh token wanted": (
        lambda p, o: exchange(
            p, o.token("p-1"), requested_token_type="urn:ietf:params:oauth:token-type:refresh_token"
        ),
        "invalid_request",
    ),
    "for another audience": (
        lambda p, o: exchange(p, o.token("p-1"), audience="others"),
        "invalid_target",
    ),
    "for a resource": (
        lambda p, o: exchange(p, o.token("p-1"), resource="https://x.example"),
        "invalid_target",
    ),
    "with a scope": (lambda p, o: exchange(p, o.token("p-1"), scope="all"), "invalid_scope"),
}


@pytest.mark.parametrize(("made", "error"), NOT_EXCHANGED.values(), ids=NOT_EXCHANGED)
async def test_what_is_not_in_order_is_exchanged_for_nothing(
    client, platform, office, oidc, made, error
):
    good = await client.post("/oauth/token", data=exchange(platform, oidc.token("p-1")))
    assert good.status_code == 200

    refused = await client.post("/oauth/token", data=made(platform, oidc))

    assert (refused.status_code, refused.json()["error"]) == (400, error)


async def test_only_a_platform_that_shows_who_it_is_exchanges(
    client, platform, office, oidc, register
):
    await register("office-2", "registrar", secret=SECRET)
    form = {
        "grant_type": EXCHANGE,
        "subject_token": oidc.token("p-1"),
        "subject_token_type": ID_TOKEN,
    }

    by_office = await client.post("/oauth/token", data=form, auth=("office-2", SECRET))
    by_nobody = await client.post("/oauth/token", data=form)

    assert by_office.json()["error"] == "unauthorized_client"
    assert by_nobody.json()["error"] == "invalid_client"


@pytest.mark.parametrize(
    ("first", "last", "let_in"),
    [(-1, 0, True), (0, 0, True), (0, 1, True), (-2, -1, False), (1, 2, False)],
)
async def test_a_person_is_let_in_on_the_days_that_were_given(
    client, platform, register, oidc, database, first, last, let_in
):
    await register("office-1", "registrar", without_secret=True)
    term = (TODAY + first * DAY, TODAY + last * DAY)
    async with one_transaction(database) as session:
        await mandates.map_person(session, NewPerson(oidc.issuer, "p-1", "office-1", *term), _now())

    answer = await client.post("/oauth/token", data=exchange(platform, oidc.token("p-1")))

    assert (answer.status_code == 200) is let_in
    if let_in:
        told = await claims_of(client, answer.json()["access_token"])
        assert told["exp"] <= end_of(term[1]).timestamp()


@pytest.mark.parametrize("put_out", ["the person", "the office", "the platform"])
async def test_whoever_is_put_out_takes_the_exchanged_tokens_along(
    gateway, client, platform, office, oidc, database, put_out
):
    form = exchange(platform, oidc.token("p-1"))
    token = bearer(await client.post("/oauth/token", data=form))
    assert await passes(client, token)

    async with one_transaction(database) as session:
        if put_out == "the person":
            await mandates.unmap_person(session, oidc.issuer, "p-1", _now())
        else:
            name = "office-1" if put_out == "the office" else "platform-1"
            await actions.disable_client(session, name, _now())
    await gateway.gateway.runtime.look_again()

    assert not await passes(client, token)
    again = await client.post("/oauth/token", data=exchange(platform, oidc.token("p-1")))
    assert again.status_code in (400, 401)


WAITING = text(
    "SELECT count(*) > 0 FROM pg_stat_activity "
    "WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


async def test_a_person_who_is_being_unmapped_while_exchanging_gets_nothing(
    client, platform, office, oidc, database
):
    async with one_transaction(database) as session:
        await mandates.unmap_person(session, oidc.issuer, "p-1", _now())
        await session.flush()
        form = exchange(platform, oidc.token("p-1"))
        asking = asyncio.create_task(client.post("/oauth/token", data=form))

        async def waits() -> bool:
            async with one_transaction(database) as watching:
                return bool(await watching.scalar(WAITING))

        await until(waits, "the exchange waits for what is under way")

    assert (await asking).json()["error"] == "invalid_request"


async def test_an_office_that_became_an_administrator_is_no_persons_any_more(
    client, platform, office, oidc, database
):
    async with one_transaction(database) as session:
        await actions.update_client(session, "office-1", _now(), roles=["administrator"])

    answer = await client.post("/oauth/token", data=exchange(platform, oidc.token("p-1")))

    assert answer.json()["error"] == "invalid_request"


async def test_a_person_is_mapped_once_at_a_time_and_never_to_the_house_itself(
    register, database, oidc
):
    await register("office-1", "registrar", without_secret=True)
    await register("admin-2", "administrator", without_secret=True)
    term = (TODAY, TODAY)

    async with one_transaction(database) as session:
        wanted = NewPerson(oidc.issuer, "p-1", "office-1", *term)
        await mandates.map_person(session, wanted, _now())
        with pytest.raises(Conflict):
            await mandates.map_person(session, wanted, _now())
        with pytest.raises(InvalidInput):
            await mandates.map_person(
                session, NewPerson(oidc.issuer, "p-2", "admin-2", *term), _now()
            )
        with pytest.raises(NotFound):
            await mandates.map_person(
                session, NewPerson(oidc.issuer, "p-2", "nobody", *term), _now()
            )
        with pytest.raises(NotFound):
            await mandates.unmap_person(session, oidc.issuer, "p-2", _now())
        await mandates.unmap_person(session, oidc.issuer, "p-1", _now())
        await mandates.map_person(session, wanted, _now())
        assert len((await session.scalars(select(MappedPerson))).all()) == 2


async def test_the_providers_keys_may_change_and_it_may_be_down(
    gateway, client, platform, office, oidc, monkeypatch
):
    provider = gateway.gateway.runtime.providers.named(oidc.issuer)
    now = time.monotonic()
    monkeypatch.setattr(provider, "_clock", lambda: now)

    async def status(token):
        return (await client.post("/oauth/token", data=exchange(platform, token))).status_code

    old = oidc.token("p-1")
    assert await status(old) == 200
    oidc.rotate()
    assert await status(oidc.token("p-1")) == 400  # asked less than five seconds ago
    now += 5
    assert await status(oidc.token("p-1")) == 200
    assert await status(old) == 400
    assert oidc.asked_for_keys == 2

    await oidc.site.stop()
    now += 3600
    assert await status(oidc.token("p-1")) == 200
    now += 1
    assert await status(oidc.token("p-1")) == 503
    await oidc.site.start_again()
    now += 5
    assert await status(oidc.token("p-1")) == 200


# --- Mandates ------------------------------------------------------------------------------------------

ORG = str(make_credit_code("52410108", 1))


def mandate(first=TODAY, last=TODAY + 30 * DAY, **changed):
    told = {
        "client_id": "platform-1",
        "org": ORG,
        "roles": ("agency",),
        "first_day": first,
        "last_day": last,
        "document": "惠民〔2026〕12号",
    }
    return NewMandate(**{**told, **changed})


async def recorded(database, *wanted):
    async with one_transaction(database) as session:
        return [await mandates.add_mandate(session, one, _now()) for one in wanted]


async def test_a_token_carries_the_mandates_in_force_with_their_days(client, platform, database):
    await recorded(
        database,
        mandate(),
        mandate(TODAY - 9 * DAY, TODAY - DAY, document="ended"),
        mandate(TODAY + DAY, TODAY + 9 * DAY, document="to come"),
    )

    answer = await client.post("/oauth/token", data=platform.form())

    told = await claims_of(client, answer.json()["access_token"])
    assert told["mandates"] == [
        {
            "org": ORG,
            "roles": ["agency"],
            "from": TODAY.isoformat(),
            "until": (TODAY + 30 * DAY).isoformat(),
            "document": "惠民〔2026〕12号",
        }
    ]


def test_a_token_never_outlives_a_mandate_it_carries_to_the_second(gateway):
    issuer = gateway.gateway.runtime.issuer
    last = date(2026, 12, 31)
    midnight = start_of(date(2027, 1, 1)).timestamp()
    carried = mandates.as_carried(_row(last))

    assert midnight == datetime(2026, 12, 31, 16, tzinfo=UTC).timestamp()
    assert issuer.end(midnight - 30.5, [carried]) == midnight
    assert issuer.end(midnight - 700, [carried]) == midnight - 100
    assert issuer.end(midnight - 30, [], midnight - 10) == midnight - 10


def _row(last):
    from gateway.tokens.models import RecordedMandate

    return RecordedMandate(
        org=ORG, roles=["agency"], first_day=date(2026, 1, 1), last_day=last, document="1"
    )


async def test_a_mandate_begins_and_ends_with_the_day_in_shanghai(gateway, client, platform):
    midnight = start_of(date(2027, 1, 1)).timestamp()

    assert mandates.legal_day(midnight - 1) == date(2026, 12, 31)
    assert mandates.legal_day(midnight) == date(2027, 1, 1)


async def test_a_mandate_that_is_ended_takes_its_tokens_along(gateway, client, platform, database):
    [mandate_id] = await recorded(database, mandate())
    old = await client.post("/oauth/token", data=platform.form())

    async with one_transaction(database) as session:
        await mandates.end_mandate(session, mandate_id, _now())
        with pytest.raises(NotFound):
            await mandates.end_mandate(session, mandate_id, _now())
    await gateway.gateway.runtime.look_again()

    assert not await passes(client, bearer(old))
    new = await client.post("/oauth/token", data=platform.form())
    assert (await claims_of(client, new.json()["access_token"]))["mandates"] == []


async def test_who_is_no_platform_any_more_carries_no_mandates(client, register, database):
    await register("agent-1", "procurement_agent", secret=SECRET)
    await recorded(database, mandate(client_id="agent-1", roles=("procurement_agent",)))

    async def carried():
        answer = await client.post("/oauth/token", data=GRANT, auth=("agent-1", SECRET))
        return (await claims_of(client, answer.json()["access_token"]))["mandates"]

    assert len(await carried()) == 1
    async with one_transaction(database) as session:
        await actions.update_client(session, "agent-1", _now(), roles=["street_officer"])
    assert await carried() == []


NO_MANDATE = {
    "not a credit code": ({"org": "123"}, "/org"),
    "no role": ({"roles": ()}, "/roles"),
    "an unknown role": ({"roles": ("king",)}, "/roles"),
    "a role that nobody has for another": ({"roles": ("administrator",)}, "/roles"),
    "days in the wrong order": ({"last_day": TODAY - DAY}, "/last_day"),
    "no document": ({"document": " "}, "/document"),
    "a document of many words": ({"document": "文" * 41}, "/document"),
}


@pytest.mark.parametrize(("changed", "pointer"), NO_MANDATE.values(), ids=NO_MANDATE)
async def test_a_mandate_that_is_none_is_not_recorded(platform, database, changed, pointer):
    with pytest.raises(InvalidInput) as refused:
        await recorded(database, mandate(**changed))

    assert [error.pointer for error in refused.value.errors] == [pointer]


async def test_only_a_platform_or_an_agent_is_mandated(register, database):
    await register("office-1", "registrar", secret=SECRET)

    with pytest.raises(InvalidInput):
        await recorded(database, mandate(client_id="office-1"))
    with pytest.raises(NotFound):
        await recorded(database, mandate(client_id="nobody"))


async def test_a_token_with_all_the_mandates_there_may_be_still_passes(client, platform, database):
    many = mandate(roles=("agency", "incubator_manager", "procurement_agent"), document="文" * 40)
    await recorded(database, *[many] * 8)
    with pytest.raises(Conflict):
        await recorded(database, many)
    await recorded(database, mandate(TODAY + 31 * DAY, TODAY + 32 * DAY))  # on other days

    answer = await client.post("/oauth/token", data=platform.form())

    assert len((await claims_of(client, answer.json()["access_token"]))["mandates"]) == 8
    assert await passes(client, bearer(answer))


# --- Giving back, and what is told of it ------------------------------------------------------------------


async def test_a_client_voids_its_own_token_at_once_and_no_other(client, platform, gateway):
    given_back, brother = [
        bearer(await client.post("/oauth/token", data=platform.form())) for _ in range(2)
    ]
    token = given_back["authorization"].removeprefix("Bearer ")
    form = platform.form(token=token, token_type_hint="access_token")

    answer = await client.post("/oauth/revoke", data=form)

    assert (answer.status_code, answer.content) == (200, b"")
    assert not await passes(client, given_back)
    assert await passes(client, brother)
    again = await client.post("/oauth/revoke", data=platform.form(token=token))
    assert again.status_code == 200
    document = (await client.get("/oauth/revocations")).json()
    assert len(document["tokens"]) == 1
    assert token not in str(document)


@pytest.mark.parametrize("token", ["rubbish", "a.b.c", "x" * 4000])
async def test_what_is_no_token_is_as_good_as_void(client, platform, token):
    answer = await client.post("/oauth/revoke", data=platform.form(token=token))

    assert answer.status_code == 200


async def test_a_token_of_another_is_not_ones_to_void(client, platform, gateway):
    other = {"authorization": f"Bearer {gateway.token('registrar', client_id='office-9')}"}
    token = other["authorization"].removeprefix("Bearer ")

    refused = await client.post("/oauth/revoke", data=platform.form(token=token))
    nobody = await client.post("/oauth/revoke", data={"token": token})
    missing = await client.post("/oauth/revoke", data=platform.form())

    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    assert (nobody.status_code, nobody.json()["error"]) == (401, "invalid_client")
    assert (missing.status_code, missing.json()["error"]) == (400, "invalid_request")
    assert await passes(client, other)


async def test_a_platform_voids_what_it_exchanged(client, platform, office, oidc):
    form = exchange(platform, oidc.token("p-1"))
    token = bearer(await client.post("/oauth/token", data=form))
    told = token["authorization"].removeprefix("Bearer ")

    await client.post("/oauth/revoke", data=platform.form(token=told))

    assert not await passes(client, token)


async def test_who_gives_back_very_many_has_all_voided(
    client, platform, gateway, database, monkeypatch
):
    monkeypatch.setattr(actions, "MOST_REVOKED", 2)
    tokens = [bearer(await client.post("/oauth/token", data=platform.form())) for _ in range(4)]
    for token in tokens[:3]:
        told = token["authorization"].removeprefix("Bearer ")
        await client.post("/oauth/revoke", data=platform.form(token=told))

    document = (await client.get("/oauth/revocations")).json()
    assert len(document["tokens"]) == 2
    assert list(document["clients"]) == [named("platform-1")]
    assert [await passes(client, token) for token in tokens] == [False] * 4


async def test_revocations_name_nobody_and_the_keys_that_count(client, platform, gateway, database):
    async with one_transaction(database) as session:
        await actions.disable_client(session, "platform-1", _now())
    await gateway.gateway.runtime.look_again()

    answer = await client.get("/oauth/revocations")

    assert answer.headers["cache-control"] == "no-store"
    assert "platform-1" not in answer.text
    assert answer.json()["clients"][named("platform-1")] == pytest.approx(time.time(), abs=5)
    published = (await client.get("/oauth/jwks.json")).json()["keys"]
    assert answer.json()["keys"] == [key["kid"] for key in published]


async def test_a_gateway_that_has_not_looked_yet_does_not_say_that_nothing_was_revoked(tmp_path):
    async with running_gateway(tmp_path / "alone") as alone:
        answer = await alone.raw(b"GET /oauth/revocations HTTP/1.1\r\nHost: localhost\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 503")


# --- The table of rights ----------------------------------------------------------------------------------


@pytest.fixture
def contract(registry_upstream):
    def operation(name, *roles):
        return {"operationId": name, "x-roles": list(roles)}

    told = {
        "openapi": "3.1.0",
        "paths": {
            "/registry/v1/things": {
                "get": operation("list_things", "registrar"),
                "post": operation("make_thing", "agency", "platform"),
            },
            "/registry/v1/public": {"get": operation("read_public")},
        },
    }

    async def tells(_, writer, asked):
        writer.write(written(200, json.dumps(told).encode(), "content-type: application/json"))

    registry_upstream.answers["/openapi.json"] = tells


async def test_an_administrator_sees_what_a_client_may_do(
    gateway, client, platform, database, contract, procurement_upstream
):
    await recorded(database, mandate(), mandate(TODAY + DAY, TODAY + DAY, document="to come"))
    await client.post("/oauth/token", data=platform.form())
    await gateway.gateway.runtime.look_again()
    await procurement_upstream.stop()

    answer = await client.get("/clients/platform-1", headers=gateway.bearer("administrator"))

    told = answer.json()
    assert told["roles"] == [{"role": "platform", "zh": "政务平台", "en": "municipal platform"}]
    assert [key["kid"] for key in told["keys"]] == [platform.key.kid]
    assert told["keys"][0]["thumbprint"] == platform.key.thumbprint()
    assert [(one["document"], one["in_force"]) for one in told["mandates"]] == [
        ("惠民〔2026〕12号", True),
        ("to come", False),
    ]
    assert (told["has_secret"], told["disabled_at"], told["org"]) == (False, None, None)
    assert datetime.fromisoformat(told["last_token_at"]) > _now() - timedelta(minutes=1)
    assert told["operations"] == [
        {
            "service": "registry",
            "operation": "make_thing",
            "method": "POST",
            "path": "/registry/v1/things",
        }
    ]
    assert told["contracts_missing"] == ["procurement"]


async def test_an_auditor_reaches_what_is_read(gateway, client, register, contract):
    await register("auditor-1", "auditor", secret=SECRET)

    answer = await client.get("/clients/auditor-1", headers=gateway.bearer("administrator"))

    assert [one["operation"] for one in answer.json()["operations"]] == ["list_things"]


async def test_all_clients_are_listed_page_by_page_and_no_secret_is(gateway, client, register):
    for name in ("c-3", "c-1", "c-2"):
        await register(name, "registrar", secret=SECRET)
    administrator = gateway.bearer("administrator")

    first = await client.get("/clients?limit=2", headers=administrator)
    second = await client.get(
        "/clients", params={"limit": 2, "cursor": first.json()["next"]}, headers=administrator
    )

    assert [one["client_id"] for one in first.json()["items"]] == ["c-1", "c-2"]
    assert [one["client_id"] for one in second.json()["items"]] == ["c-3"]
    assert second.json()["next"] is None
    assert first.json()["next"] in first.headers["link"]
    assert "scrypt" not in first.text + second.text
    made_up = await client.get("/clients?cursor=abc", headers=administrator)
    assert made_up.status_code == 422


@pytest.mark.parametrize("path", ["/clients", "/clients/platform-1", "/clients/nobody"])
async def test_the_table_is_for_administrators_alone(gateway, client, platform, path):
    assert (await client.get(path)).status_code == 401
    for role in ("registrar", "auditor", "platform", "service"):
        assert (await client.get(path, headers=gateway.bearer(role))).status_code == 403


@pytest.mark.parametrize(("name", "status"), [("nobody", 404), ("No-Name", 422), ("x" * 65, 422)])
async def test_a_client_that_is_not_there_is_not_found(gateway, client, name, status):
    answer = await client.get(f"/clients/{name}", headers=gateway.bearer("administrator"))

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


# --- From a terminal --------------------------------------------------------------------------------------


def test_keys_mandates_and_people_are_kept_from_a_terminal(database, monkeypatch, tmp_path):
    provider = {"bureau": {"issuer": "https://id.example", "audience": "huishe-gateway"}}
    for name, value in {
        "GATEWAY_DATABASE_URL": database,
        "GATEWAY_SECRET_KEY": SECRET_KEY,
        "GATEWAY_SANDBOX": "true",
        "GATEWAY_IDENTITY_PROVIDERS": json.dumps(provider),
    }.items():
        monkeypatch.setenv(name, value)
    from gateway.settings import settings

    settings.cache_clear()
    key, newer = new_key("Ed25519"), new_key("ES256")
    files = []
    for place, one in enumerate((key, newer)):
        files.append(tmp_path / f"{place}.json")
        files[-1].write_text(json.dumps({"keys": [public(one)]}))

    def run(*words, status=0):
        done = CliRunner().invoke(cli, list(words))
        assert done.exit_code == status, done.output
        return done.output.strip()

    add = ("clients", "add", "platform-1", "--role", "platform")
    assert run(*add, "--keys", str(files[0]), "--no-secret") == ""
    assert run("clients", "add-key", "platform-1", str(files[1])).split() == [key.kid, newer.kid]
    run("clients", "remove-key", "platform-1", key.kid)
    run("clients", "remove-key", "platform-1", key.kid, status=1)
    run("clients", "drop-secret", "platform-1")
    days = ("--from", TODAY.isoformat(), "--until", TODAY.isoformat())
    told = ("--org", ORG, "--role", "agency", "--document", "文1")
    mandate_id = run("mandates", "add", "platform-1", *told, *days)
    assert mandate_id in run("mandates", "list")
    run("mandates", "end", mandate_id)
    run("mandates", "end", mandate_id, status=1)
    run("clients", "add", "office-1", "--role", "registrar", "--no-secret")
    run("people", "map", "bureau", "p-1", "--client", "office-1", *days)
    run("people", "map", "elsewhere", "p-1", "--client", "office-1", *days, status=1)
    assert "https://id.example" in run("people", "list")
    run("people", "unmap", "bureau", "p-1")
    run("people", "unmap", "bureau", "p-1", status=1)
    settings.cache_clear()
