"""The gateway's own endpoints: tokens and clients on a real database, the catalogue, the clock."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet
from typer.testing import CliRunner

from gateway import migrations
from gateway.__main__ import cli
from gateway.database import one_transaction
from gateway.tokens import actions, queries
from gateway.tokens.schemas import NewClient
from shared.database.embedded import throwaway_cluster
from shared.database.provisioning import Ownership, Provisioner
from shared.errors import Conflict, InvalidInput, NotFound
from tests.support.gateway import SECRET_KEY, running_gateway, written

SECRET = "a secret that a person made up"
GRANT = {"grant_type": "client_credentials"}


@pytest.fixture
def settings(database):
    return {"database_url": database}


@pytest.fixture
async def clerk(database):
    async with one_transaction(database) as session:
        await actions.add_client(
            session, NewClient("clerk", "Clerk 科员", ("registrar",), None, SECRET), _now()
        )


def _now():
    return datetime.now(UTC)


async def test_a_client_gets_a_token_that_the_published_keys_verify(client, clerk):
    for answer in (
        await client.post("/oauth/token", data=GRANT, auth=("clerk", SECRET)),
        await client.post(
            "/oauth/token", data={**GRANT, "client_id": "clerk", "client_secret": SECRET}
        ),
    ):
        assert answer.status_code == 200
        assert answer.json()["token_type"] == "Bearer"
        keys = KeySet.import_key_set((await client.get("/oauth/jwks.json")).json())
        token = jwt.decode(answer.json()["access_token"], keys, algorithms=["Ed25519"])
        assert token.header["typ"] == "at+jwt"
        assert token.claims["client_id"] == token.claims["sub"] == "clerk"
        assert (token.claims["roles"], token.claims["org"]) == (["registrar"], None)
        assert 0 < token.claims["exp"] - token.claims["iat"] <= 600


async def test_the_token_opens_the_door(client, clerk):
    token = (await client.post("/oauth/token", data=GRANT, auth=("clerk", SECRET))).json()
    bearer = {"authorization": f"Bearer {token['access_token']}"}

    assert (await client.get("/registry/v1/things", headers=bearer)).status_code == 200


async def test_a_token_is_never_kept_by_a_cache(client, clerk):
    answer = await client.post("/oauth/token", data=GRANT, auth=("clerk", SECRET))

    assert answer.headers["cache-control"] == "no-store"


FORM = "application/x-www-form-urlencoded"
BAD = {
    "wrong secret": ({"data": GRANT, "auth": ("clerk", "wrong")}, 401, "invalid_client"),
    "unknown client": ({"data": GRANT, "auth": ("nobody", SECRET)}, 401, "invalid_client"),
    "no credentials": ({"data": GRANT}, 401, "invalid_client"),
    "NUL in the name": ({"data": GRANT, "auth": ("a\x00b", "x")}, 401, "invalid_client"),
    "bad base64": (
        {"data": GRANT, "headers": {"authorization": "Basic !!"}},
        401,
        "invalid_client",
    ),
    "a bearer": ({"data": GRANT, "headers": {"authorization": "Bearer x"}}, 401, "invalid_client"),
    "another grant": (
        {"data": {"grant_type": "password"}, "auth": ("clerk", SECRET)},
        400,
        "unsupported_grant_type",
    ),
    "no grant": ({"data": {"a": "b"}, "auth": ("clerk", SECRET)}, 400, "unsupported_grant_type"),
    "a scope": (
        {"data": {**GRANT, "scope": "all"}, "auth": ("clerk", SECRET)},
        400,
        "invalid_scope",
    ),
    "two ways": (
        {"data": {**GRANT, "client_secret": SECRET}, "auth": ("clerk", SECRET)},
        400,
        "invalid_request",
    ),
    "JSON": ({"json": GRANT, "auth": ("clerk", SECRET)}, 400, "invalid_request"),
    "a name twice": (
        {
            "content": b"grant_type=client_credentials&grant_type=x",
            "headers": {"content-type": FORM},
            "auth": ("clerk", SECRET),
        },
        400,
        "invalid_request",
    ),
    "not a form": (
        {"content": b"\xff\xfe", "headers": {"content-type": FORM}, "auth": ("clerk", SECRET)},
        400,
        "invalid_request",
    ),
}


@pytest.mark.parametrize(("request_", "status", "error"), BAD.values(), ids=BAD)
async def test_a_token_request_that_is_not_in_order_is_refused(
    client, clerk, request_, status, error
):
    answer = await client.post("/oauth/token", **request_)

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.headers["content-type"] == "application/problem+json"
    if status == 401:
        assert answer.headers["www-authenticate"].startswith("Basic")


async def test_a_disabled_client_is_out_and_so_are_its_tokens(gateway, client, clerk, database):
    token = (await client.post("/oauth/token", data=GRANT, auth=("clerk", SECRET))).json()
    bearer = {"authorization": f"Bearer {token['access_token']}"}
    assert (await client.get("/registry/v1/things", headers=bearer)).status_code == 200

    async with one_transaction(database) as session:
        await actions.disable_client(session, "clerk", _now())
    await gateway.gateway.runtime.look_again()

    assert (await client.get("/registry/v1/things", headers=bearer)).status_code == 401
    again = await client.post("/oauth/token", data=GRANT, auth=("clerk", SECRET))
    assert again.json()["error"] == "invalid_client"


async def test_a_rotated_secret_is_another_secret(client, clerk, database):
    await client.post("/oauth/token", data=GRANT, auth=("clerk", SECRET))
    async with one_transaction(database) as session:
        new = await actions.rotate_secret(session, "clerk", _now())

    old_one = await client.post("/oauth/token", data=GRANT, auth=("clerk", SECRET))
    new_one = await client.post("/oauth/token", data=GRANT, auth=("clerk", new))

    assert (old_one.status_code, new_one.status_code) == (401, 200)


async def test_whoever_asks_with_the_old_secret_while_it_is_rotated_gets_a_void_token_or_none(
    gateway, client, clerk, database
):
    got: list[str] = []
    rotated = asyncio.Event()

    async def ask_again_and_again() -> None:
        while not rotated.is_set():
            answer = await client.post("/oauth/token", data=GRANT, auth=("clerk", SECRET))
            got.extend([answer.json()["access_token"]] if answer.status_code == 200 else [])

    asking = asyncio.gather(*(ask_again_and_again() for _ in range(4)))
    while not got:  # noqa: ASYNC110 - the first token comes by itself
        await asyncio.sleep(0)
    async with one_transaction(database) as session:
        new = await actions.rotate_secret(session, "clerk", _now())
    rotated.set()
    await asking
    await gateway.gateway.runtime.look_again()
    newest = (await client.post("/oauth/token", data=GRANT, auth=("clerk", new))).json()

    lives = [
        (await client.get("/registry/v1/things", headers={"authorization": f"Bearer {token}"}))
        for token in {*got, newest["access_token"]}
    ]
    assert [answer.status_code for answer in lives].count(200) == 1


async def test_many_clients_are_brought_in_as_often_as_one_likes(database):
    wanted = [
        NewClient("registry", "Registry", ("service",), None, "x" * 40),
        NewClient("agency-a", "A", ("agency",), "not a credit code"),
    ]
    with pytest.raises(InvalidInput):
        async with one_transaction(database) as session:
            await actions.ensure_clients(session, wanted, _now())
    wanted[1] = NewClient("agency-a", "A", ("agency",))

    drawn = []
    for _ in range(2):
        async with one_transaction(database) as session:
            drawn.append(await actions.ensure_clients(session, wanted, _now()))

    assert [list(secrets) for secrets in drawn] == [["agency-a"], []]
    async with one_transaction(database) as session:
        assert [c.client_id for c in await queries.all_clients(session)] == ["agency-a", "registry"]


async def test_a_client_is_added_once_and_changed_by_name(database):
    async with one_transaction(database) as session:
        await actions.add_client(session, NewClient("a1", "A", ("registrar",)), _now())
        with pytest.raises(Conflict):
            await actions.add_client(session, NewClient("a1", "A", ("registrar",)), _now())
        with pytest.raises(InvalidInput):
            await actions.update_client(session, "a1", _now(), roles=["registrar", "auditor"])
        with pytest.raises(NotFound):
            await actions.update_client(session, "a2", _now(), name="B")
        changed = await actions.update_client(session, "a1", _now(), roles=["supervisor"])
        assert (changed.roles, changed.tokens_not_before is not None) == (["supervisor"], True)


def test_clients_are_kept_from_a_terminal(database, monkeypatch):
    monkeypatch.setenv("GATEWAY_DATABASE_URL", database)
    monkeypatch.setenv("GATEWAY_SECRET_KEY", SECRET_KEY)
    monkeypatch.setenv("GATEWAY_SANDBOX", "true")
    from gateway.settings import settings

    settings.cache_clear()
    terminal = CliRunner()

    def run(*words):
        return terminal.invoke(cli, ["clients", *words])

    added = run("add", "office", "--role", "registrar", "--role", "supervisor", "--name", "科室")
    secret = added.output.strip()
    assert (added.exit_code, len(secret) >= 40) == (0, True)
    assert "office" in run("list").output
    assert secret not in run("list").output
    refused = run("add", "king", "--role", "administrator", "--role", "auditor")
    assert refused.exit_code == 1
    assert run("rotate", "office").output.strip() != secret
    assert run("update", "office", "--role", "supervisor").exit_code == 0
    assert run("disable", "office").exit_code == 0
    assert run("enable", "nobody").exit_code == 1
    settings.cache_clear()


async def test_readiness_knows_database_and_migrations(client, tmp_path):
    assert (await client.get("/health/ready")).json() == {"status": "ready", "faults": []}
    async with running_gateway(tmp_path / "other") as alone:
        answer = await alone.raw(b"GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 503")
        assert b"database" in answer


async def test_status_names_the_parts_and_nothing_inside(client, registry_upstream):
    async with asyncio.timeout(3):
        while (await client.get("/status")).json()["status"] != "up":
            await registry_upstream_probed(registry_upstream)
    answer = await client.get("/status")

    assert answer.json()["parts"] == {"gateway": "up", "registry": "up", "procurement": "up"}
    assert registry_upstream.address.removeprefix("http://") not in answer.text


async def registry_upstream_probed(upstream):
    seen = len(upstream.asked_for("/health/ready"))
    while len(upstream.asked_for("/health/ready")) == seen:  # noqa: ASYNC110 - a probe comes by itself
        await asyncio.sleep(0.01)


async def test_the_merged_contract_answers_while_a_service_is_down(
    client, registry_upstream, procurement_upstream
):
    contract = {
        "openapi": "3.1.0",
        "paths": {"/registry/v1/things": {"get": {"operationId": "list_things"}}},
    }

    async def tells(_, writer, asked):
        writer.write(written(200, json.dumps(contract).encode(), "content-type: application/json"))

    registry_upstream.answers["/openapi.json"] = tells
    await procurement_upstream.stop()

    answer = await client.get("/openapi.json")
    again = await client.get("/openapi.json", headers={"if-none-match": answer.headers["etag"]})

    document = answer.json()
    assert "/registry/v1/things" in document["paths"]
    assert "/oauth/token" in document["paths"]
    assert document["info"]["x-parts"]["registry"]["contract"] == "current"
    assert document["info"]["x-parts"]["procurement"] == {"contract": "missing"}
    assert again.status_code == 304


async def test_the_docs_page_loads_nothing_from_outside(client):
    page = await client.get("/docs")

    assert "://" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for place in (
        "/docs/start.js",
        "/docs/assets/swagger-ui-bundle.js",
        "/docs/assets/swagger-ui.css",
    ):
        assert place in page.text
        assert (await client.get(place)).status_code == 200
    assert (await client.get("/docs/assets/other.js")).status_code == 404


async def test_every_kind_of_problem_has_its_page(client):
    listed = (await client.get("/problems/")).json()["items"]
    kinds = {problem["kind"] for problem in listed}

    assert {"policy-refused", "unavailable", "upstream-timeout", "head-too-large"} <= kinds
    for kind in kinds:
        assert (await client.get(f"/problems/{kind}")).json()["kind"] == kind
    page = await client.get("/problems/too-large", headers={"accept": "text/html"})
    assert "内容过大" in page.text
    assert (await client.get("/problems/none")).status_code == 404


async def test_what_is_not_there_is_a_problem_too(client):
    assert (await client.get("/nowhere")).json()["type"].endswith("/problems/not-found")
    wrong = await client.delete("/status")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET")
    assert wrong.json()["type"].endswith("/problems/method-not-allowed")


class TestOutsideASandbox:
    @pytest.fixture
    def settings(self, database):
        return {
            "database_url": database,
            "sandbox": False,
            "issuer": "https://huishe.gov.cn",
            "problem_base": "https://huishe.gov.cn/problems/",
            "metrics_networks": ["10.0.0.0/8"],
        }

    @pytest.fixture
    async def gateway(self, tmp_path, settings, monkeypatch):
        from gateway import settings as module

        # A test listens on loopback, which no production address is.
        monkeypatch.setattr(module, "example_address", lambda url: False)
        async with running_gateway(tmp_path / "keys", **settings) as it:
            yield it

    async def test_there_is_no_clock_to_move(self, gateway, client):
        bearer = gateway.bearer("administrator")

        assert (await client.get("/sandbox/clock")).status_code == 404
        moved = await client.post(
            "/sandbox/clock", json={"to": "2030-01-01T00:00:00Z"}, headers=bearer
        )
        assert moved.status_code == 404

    async def test_metrics_are_for_the_bureaus_own_net(self, client):
        assert (await client.get("/metrics")).status_code == 404


@pytest.fixture(scope="module")
def own_database():
    with throwaway_cluster() as cluster:
        owned = Ownership("gateway", "m" * 20, "r" * 20)
        address = cluster.url("postgres").rpartition("@")[2].partition("/")[0]

        async def prepare():
            superuser = await cluster.connect()
            await Provisioner(superuser).provision(owned)
            await superuser.close()
            inside = await cluster.connect(owned.database)
            await Provisioner(inside).let_move_the_clock(owned.runtime)
            await inside.close()

        asyncio.run(prepare())
        migrations.upgrade(owned.migrator_url(address), owned.runtime)
        yield owned.runtime_url(address)


class TestClock:
    """Moves the setting of a whole cluster, so it has one of its own."""

    @pytest.fixture
    def settings(self, own_database):
        return {"database_url": own_database}

    @pytest.fixture
    def settling(self, registry_upstream, procurement_upstream):
        """How often each service was asked; the registry has work for two rounds."""
        asked = {"registry": [], "procurement": []}

        def answering(name, busy):
            async def settle(_, writer, request):
                asked[name].append(json.loads(request.body))
                quiet = len(asked[name]) > busy
                writer.write(written(200, json.dumps({"now": "x", "quiet": quiet}).encode()))

            return settle

        registry_upstream.answers["/registry/v1/clock/settlement"] = answering("registry", 2)
        procurement_upstream.answers["/procurement/v1/clock/settlement"] = answering(
            "procurement", 0
        )
        return asked

    async def test_an_administrator_moves_it_and_everybody_settles(self, gateway, client, settling):
        to = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1000)

        moved = await client.post(
            "/sandbox/clock", json={"to": to.isoformat()}, headers=gateway.bearer("administrator")
        )

        assert moved.status_code == 200
        assert moved.json()["rounds"] == 3
        assert [len(settling[name]) for name in ("registry", "procurement")] == [3, 3]
        assert settling["registry"][0]["reached"].startswith(f"{to:%Y-%m-%dT%H:%M:%S}")
        now = datetime.fromisoformat((await client.get("/sandbox/clock")).json()["now"])
        assert to <= now < to + timedelta(minutes=1)

    async def test_it_only_moves_forward(self, gateway, client, settling):
        bearer = gateway.bearer("administrator")
        now = datetime.fromisoformat((await client.get("/sandbox/clock")).json()["now"])
        ahead = {"to": (now + timedelta(days=2)).isoformat()}

        assert (await client.post("/sandbox/clock", json=ahead, headers=bearer)).status_code == 200
        behind = {"to": (now + timedelta(days=1)).isoformat()}
        back = await client.post("/sandbox/clock", json=behind, headers=bearer)
        same = await client.post("/sandbox/clock", json=ahead, headers=bearer)

        assert (back.status_code, same.status_code) == (409, 200)

    @pytest.mark.parametrize(
        ("roles", "body", "status"),
        [
            (None, {"to": "2090-01-01T00:00:00Z"}, 401),
            (["purchaser"], {"to": "2030-01-01T00:00:00Z"}, 403),
            (["administrator"], {"to": "2030-01-01T00:00:00"}, 422),
            (["administrator"], {"to": "9999-01-01T00:00:00Z"}, 422),
            (["administrator"], {"to": "soon"}, 422),
            (["administrator"], {"to": "2030-01-01T00:00:00Z", "more": 1}, 422),
            (["administrator"], [], 422),
        ],
    )
    async def test_others_and_other_values_do_not_move_it(
        self, gateway, client, roles, body, status
    ):
        before = (await client.get("/sandbox/clock")).json()["offset_seconds"]
        headers = gateway.bearer(*roles) if roles else {}

        refused = await client.post("/sandbox/clock", json=body, headers=headers)

        assert refused.status_code == status
        assert refused.headers["content-type"] == "application/problem+json"
        assert (await client.get("/sandbox/clock")).json()["offset_seconds"] == before
