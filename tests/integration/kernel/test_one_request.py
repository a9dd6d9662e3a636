"""What every service promises of one request, tried on the smallest service there can be."""

import asyncio
import hashlib
import json
import time
from uuid import uuid4

import pytest
import rfc8785

from shared.revocations import Revocations
from tests.support import tokens
from tests.support.service import Caller, ServiceUnderTest, at

DRAFT = {"name": "门灯", "oil": 5, "price": "12.50", "ends_on": "2026-03-10"}


async def made(clerk: Caller, **changed: object) -> dict[str, object]:
    answer = await clerk.post("/lamps", json={**DRAFT, **changed})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def journal_rows(sample: ServiceUnderTest) -> list[dict[str, object]]:
    connection = await sample.database()
    rows = await connection.fetch("SELECT * FROM journal ORDER BY seq")
    await connection.close()
    return [dict(row) for row in rows]


async def test_what_is_created_is_complete_in_its_first_answer(sample):
    clerk = sample.as_(["registrar"])

    answer = await clerk.post("/lamps", json=DRAFT)

    assert answer.status_code == 201
    assert answer.headers["etag"] == '"1"'
    assert answer.json()["state"] == "dark"
    assert answer.json()["price"] == "12.50"
    assert (await clerk.get(f"/lamps/{answer.json()['id']}")).json() == answer.json()


async def test_every_change_is_one_journal_row_whose_leaf_can_be_recomputed(sample):
    clerk = sample.as_(["registrar"])
    lamp = await made(clerk)
    await clerk.post(f"/lamps/{lamp['id']}/light", headers={"if-match": '"1"'})

    first, second = await journal_rows(sample)

    assert [first["kind"], second["kind"]] == ["lamp.made", "lamp.lit"]
    assert second["subject_version"] == 2
    event = json.loads(second["public_text"])
    leaf = hashlib.sha256(b"\x00" + rfc8785.dumps(event)).digest()
    assert leaf == second["leaf"]
    detail = hashlib.sha256(second["salt"] + second["detail_text"].encode()).hexdigest()
    assert event["detailhash"] == detail
    assert json.loads(second["detail_text"])["verdict"]["findings"][0]["outcome"] == "met"


@pytest.mark.parametrize(
    ("said", "kept"), [("ab" * 32, "ab" * 32), ("not a digest", None), (None, None)]
)
async def test_every_journal_row_names_the_configuration_that_let_its_request_in(
    sample, said, kept
):
    clerk = sample.as_(["registrar"])
    headers = {"x-huishe-configuration": said} if said else {}
    lamp = (await clerk.post("/lamps", json={**DRAFT, "oil": 2}, headers=headers)).json()
    refused = await clerk.post(f"/lamps/{lamp['id']}/light", headers={"if-match": '"1"', **headers})

    rows = await journal_rows(sample)

    details = [json.loads(row["detail_text"]) for row in rows]
    assert refused.status_code == 409
    assert [one["gateway_configuration"] for one in details] == [kept, kept]


async def test_a_refusal_by_policy_changes_nothing_and_is_itself_journalled(sample):
    clerk = sample.as_(["registrar"])
    lamp = await made(clerk, oil=2)

    answer = await clerk.post(f"/lamps/{lamp['id']}/light", headers={"if-match": '"1"'})

    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["type"].endswith("/problems/policy-refused")
    assert problem["findings"][0]["clause"]["number"] == "1(1)"
    assert problem["findings"][0]["figures"] == {"oil": 2, "needed": 3}
    assert (await clerk.get(f"/lamps/{lamp['id']}")).json()["state"] == "dark"
    rows = await journal_rows(sample)
    assert rows[-1]["kind"] == "light_lamp.refused"
    assert rows[-1]["audience"] == "restricted"


async def test_a_dry_run_tells_everything_and_does_nothing(sample):
    clerk = sample.as_(["registrar"])
    good, bad = await made(clerk), await made(clerk, oil=2)

    yes = await clerk.post(f"/lamps/{good['id']}/light?dry=true", headers={"if-match": '"1"'})
    no = await clerk.post(f"/lamps/{bad['id']}/light?dry=true", headers={"if-match": '"1"'})

    assert yes.json()["outcome"] == "accepted"
    assert yes.json()["events"] == ["lamp.lit"]
    assert yes.json()["answer"]["state"] == "lit"
    assert no.json()["outcome"] == "refused"
    assert no.json()["findings"][0]["outcome"] == "breached"
    assert (await clerk.get(f"/lamps/{good['id']}")).json()["state"] == "dark"
    assert len(await journal_rows(sample)) == 2


async def test_the_same_key_gets_the_first_answer_again(sample):
    clerk = sample.as_(["registrar"])
    key = {"idempotency-key": uuid4().hex}

    first = await clerk.post("/lamps", json=DRAFT, headers=key)
    again = await clerk.post("/lamps", json=DRAFT, headers=key)

    assert again.content == first.content
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["etag"] == first.headers["etag"]
    assert len(await journal_rows(sample)) == 1


async def test_a_refusal_is_replayed_too_and_not_journalled_twice(sample):
    clerk = sample.as_(["registrar"])
    lamp = await made(clerk, oil=2)
    headers = {"idempotency-key": uuid4().hex, "if-match": '"1"'}

    first = await clerk.post(f"/lamps/{lamp['id']}/light", headers=headers)
    again = await clerk.post(f"/lamps/{lamp['id']}/light", headers=headers)

    assert (first.status_code, again.content) == (409, first.content)
    assert len(await journal_rows(sample)) == 2


async def test_a_key_used_for_something_else_is_refused(sample):
    clerk = sample.as_(["registrar"])
    key = {"idempotency-key": uuid4().hex}
    await clerk.post("/lamps", json=DRAFT, headers=key)

    other = await clerk.post("/lamps", json={**DRAFT, "oil": 9}, headers=key)

    assert other.status_code == 422
    assert other.json()["errors"][0]["pointer"] == "/header/Idempotency-Key"


async def test_two_at_once_under_one_key_make_one_row(sample):
    clerk = sample.as_(["registrar"])
    key = {"idempotency-key": uuid4().hex}

    answers = await asyncio.gather(
        *(clerk.post("/lamps", json=DRAFT, headers=key) for _ in range(4))
    )

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({a.content for a in answers if a.status_code == 201}) == 1
    assert len(await journal_rows(sample)) == 1


async def test_a_stale_reader_cannot_change(sample):
    clerk = sample.as_(["registrar"])
    lamp = await made(clerk)
    path = f"/lamps/{lamp['id']}/light"
    await clerk.post(path, headers={"if-match": '"1"'})

    stale = await clerk.post(path, headers={"if-match": '"1"'})
    blind = await clerk.post(path)

    assert (stale.status_code, blind.status_code) == (412, 428)
    assert stale.json()["type"].endswith("/problems/precondition-failed")


async def test_a_lost_race_is_told_and_only_one_wins(sample):
    clerk = sample.as_(["registrar"])
    lamp = await made(clerk)
    path = f"/lamps/{lamp['id']}/light"

    answers = await asyncio.gather(
        *(clerk.post(path, headers={"if-match": '"1"'}) for _ in range(3))
    )

    assert sorted(a.status_code for a in answers) == [200, 412, 412]


async def test_a_move_that_is_not_in_the_table_is_refused_by_name(sample):
    clerk = sample.as_(["registrar"])
    lamp = await made(clerk)
    path = f"/lamps/{lamp['id']}/light"
    await clerk.post(path, headers={"if-match": '"1"'})

    again = await clerk.post(path, headers={"if-match": '"2"'})

    assert again.status_code == 409
    assert again.json()["type"].endswith("/problems/move-not-allowed")


async def test_what_is_not_yours_does_not_exist(sample):
    lamp = await made(sample.as_(["registrar"], client_id="one"))
    other = sample.as_(["registrar"], client_id="two")

    hers = await other.post(f"/lamps/{lamp['id']}/light", headers={"if-match": '"1"'})
    nobodys = await other.post(f"/lamps/{uuid4()}/light", headers={"if-match": '"1"'})

    assert hers.status_code == nobodys.status_code == 404
    assert {**hers.json(), "instance": "", "trace_id": ""} == {
        **nobodys.json(),
        "instance": "",
        "trace_id": "",
    }


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        pytest.param({"exp": 1}, 401, id="expired"),
        pytest.param({"iss": "https://other.example"}, 401, id="another issuer"),
        pytest.param({"aud": "other"}, 401, id="another audience"),
        pytest.param({"iat": 99_999_999_999}, 401, id="from the future"),
        pytest.param({"roles": []}, 401, id="no roles"),
        pytest.param({"roles": ["purchaser"]}, 403, id="another role"),
    ],
)
async def test_a_token_is_judged_by_the_service_itself(sample, changed, status):
    bearer = {"authorization": f"Bearer {tokens.token('x', ['registrar'], **changed)}"}

    answer = await sample.anonymous.post("/lamps", json=DRAFT, headers=bearer)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


async def test_nobody_changes_anything_without_a_token(sample):
    answer = await sample.anonymous.post("/lamps", json=DRAFT)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        pytest.param(b'{"name":"a","name":"b"}', 422, "/name", id="a key twice"),
        pytest.param(b'{"oil":NaN}', 422, "/oil", id="NaN"),
        pytest.param(b'{"oil":9223372036854775808}', 422, "/oil", id="past 64 bits"),
        pytest.param(b'{"name":"\\u0000"}', 422, "/name", id="NUL"),
        pytest.param(b'{"name":"\\ud800"}', 422, "/name", id="a lone surrogate"),
        pytest.param(b'{"oil":1E+999999}', 422, "/oil", id="a number without end"),
        pytest.param(b"[" * 5000 + b"]" * 5000, 422, "", id="deep"),
        pytest.param('{"name":"灯"}'.encode("utf-16"), 400, None, id="UTF-16"),
        pytest.param(b"{", 400, None, id="not JSON"),
        pytest.param(b'"text"', 422, "", id="not an object"),
        pytest.param(
            json.dumps({**DRAFT, "oil": "5"}).encode(), 422, "/oil", id="text for a number"
        ),
        pytest.param(
            json.dumps({**DRAFT, "oil": True}).encode(), 422, "/oil", id="truth for a number"
        ),
        pytest.param(json.dumps({**DRAFT, "oil": 1.0}).encode(), 422, "/oil", id="a float"),
        pytest.param(json.dumps({**DRAFT, "oil": 2**40}).encode(), 422, "", id="past its column"),
        pytest.param(
            json.dumps({**DRAFT, "price": 12.5}).encode(), 422, "/price", id="money as a float"
        ),
        pytest.param(
            json.dumps({**DRAFT, "price": "12.505"}).encode(), 422, "/price", id="a tenth of a fen"
        ),
        pytest.param(
            json.dumps({**DRAFT, "ends_on": 1}).encode(), 422, "/ends_on", id="a number for a day"
        ),
        pytest.param(
            json.dumps({**DRAFT, "colour": "red"}).encode(), 422, "/colour", id="unknown field"
        ),
        pytest.param(json.dumps({"name": "a"}).encode(), 422, "/oil", id="missing fields"),
        pytest.param(json.dumps({**DRAFT, "name": "a\nb"}).encode(), 422, "/name", id="two lines"),
    ],
)
async def test_bad_input_is_named_and_writes_nothing(sample, body, status, pointer):
    clerk = sample.as_(["registrar"])

    answer = await clerk.post("/lamps", content=body, headers={"content-type": "application/json"})

    assert answer.status_code == status, answer.text
    if pointer is not None:
        errors = answer.json()["errors"]
        assert pointer in [error["pointer"] for error in errors]
        assert all(error["rule"] and error["remedy"] for error in errors)
    assert await journal_rows(sample) == []


async def test_unknown_query_parameters_and_missing_keys_are_refused(sample):
    clerk = sample.as_(["registrar"])

    unknown = await clerk.get("/lamps?colour=red")
    keyless = await clerk.post("/lamps", json=DRAFT, headers={"idempotency-key": "short"})
    forged = await clerk.get("/lamps?cursor=abc")

    assert [unknown.status_code, keyless.status_code, forged.status_code] == [422, 422, 422]
    assert unknown.json()["errors"][0]["pointer"] == "/query/colour"


async def test_unknown_paths_and_methods_are_problems_too(sample):
    missing = await sample.anonymous.get("/nothing")
    wrong = await sample.anonymous.delete("/lamps")

    assert (missing.status_code, wrong.status_code) == (404, 405)
    assert missing.json()["type"].endswith("/problems/not-found")


async def test_lists_go_on_where_the_reader_stopped(sample):
    clerk = sample.as_(["registrar"])
    names = [str((await made(clerk, name=f"灯{n}"))["name"]) for n in range(5)]

    first = await clerk.get("/lamps?limit=3")
    second = await clerk.get(f"/lamps?limit=3&cursor={first.json()['next']}")

    assert [i["name"] for p in (first, second) for i in p.json()["items"]] == names
    assert 'rel="next"' in first.headers["link"]
    assert second.json()["next"] is None


@pytest.mark.parametrize("weak", [pytest.param("", id="strong"), pytest.param("W/", id="weak")])
async def test_a_reader_who_has_it_already_is_told_so(sample, weak):
    lamp = await made(sample.as_(["registrar"]))
    path = f"/lamps/{lamp['id']}"
    etag = (await sample.anonymous.get(path)).headers["etag"]

    again = await sample.anonymous.get(path, headers={"if-none-match": f'"x", {weak}{etag}'})

    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["vary"] == "Accept-Language, Authorization"


async def test_problems_speak_the_readers_language(sample):
    chinese = await sample.anonymous.get(f"/lamps/{uuid4()}", headers={"accept-language": "zh-CN"})
    english = await sample.anonymous.get(f"/lamps/{uuid4()}", headers={"accept-language": "en"})

    assert (chinese.json()["title"], english.json()["title"]) == ("未找到", "Not found")


async def test_a_day_that_comes_makes_its_move_once(sample):
    clerk = sample.as_(["registrar"])
    lamp = await made(clerk)
    await clerk.post(f"/lamps/{lamp['id']}/light", headers={"if-match": '"1"'})
    await sample.settle()
    assert (await clerk.get(f"/lamps/{lamp['id']}")).json()["state"] == "lit"

    await sample.clock.move_to(at(2026, 3, 10))
    await sample.settle()
    await sample.settle()

    assert (await clerk.get(f"/lamps/{lamp['id']}")).json()["state"] == "out"
    kinds = [row["kind"] for row in await journal_rows(sample)]
    assert kinds.count("lamp.expired") == 1


async def test_an_event_heard_twice_has_one_effect(sample):
    clerk = sample.as_(["registrar"])
    lamp = await made(clerk)
    sample.hear("shop", "oil.delivered", "delivery/1", {"lamp_id": lamp["id"], "oil": 3})
    await sample.settle()
    await sample.settle()

    kinds = [row["kind"] for row in await journal_rows(sample)]
    assert kinds.count("lamp.filled") == 1
    cursor = await sample.database()
    assert await cursor.fetchval("SELECT position FROM feed_cursor") == 1
    await cursor.close()


async def test_the_feed_is_gapless_and_hides_what_is_not_for_everybody(sample):
    clerk = sample.as_(["registrar"])
    lamp = await made(clerk, oil=2)
    await clerk.post(f"/lamps/{lamp['id']}/light", headers={"if-match": '"1"'})
    await made(clerk)
    await sample.settle()

    page = (await sample.anonymous.get("/events")).json()
    audit = (await sample.as_(["auditor"]).get("/events")).json()

    assert [entry["position"] for entry in page["items"]] == [1, 2, 3]
    assert ["event" in entry for entry in page["items"]] == [True, False, True]
    assert all("event" in entry for entry in audit["items"])
    for entry in audit["items"]:
        text = rfc8785.dumps(entry["event"])
        assert hashlib.sha256(b"\x00" + text).hexdigest() == entry["leaf"]


async def test_a_full_page_of_the_feed_never_changes_and_says_so(sample):
    clerk = sample.as_(["registrar"])
    for _ in range(3):
        await made(clerk)
    await sample.settle()

    full = await sample.anonymous.get("/events?limit=2")
    rest = await sample.anonymous.get("/events?limit=2&after=2")

    assert "immutable" in full.headers["cache-control"]
    assert "immutable" not in rest.headers["cache-control"]
    assert (full.json()["full"], rest.json()["full"]) == (True, False)


async def test_the_journal_is_never_changed_by_the_service(sample):
    await made(sample.as_(["registrar"]))
    async with sample.runtime.engine.connect() as connection:
        from sqlalchemy import text
        from sqlalchemy.exc import ProgrammingError

        for statement in ("UPDATE journal SET kind = 'x'", "DELETE FROM journal_position"):
            with pytest.raises(ProgrammingError, match="permission denied"):
                await connection.execute(text(statement))
            await connection.rollback()


async def test_history_shows_any_version_and_any_day(sample):
    clerk = sample.as_(["registrar"])
    lamp = await made(clerk)
    await sample.clock.move_to(at(2026, 3, 5))
    await clerk.post(f"/lamps/{lamp['id']}/light", headers={"if-match": '"1"'})

    path = f"/history/lamp/{lamp['id']}"
    auditor = sample.as_(["auditor"])
    whole = (await auditor.get(path)).json()["items"]
    before = (await auditor.get(f"{path}?on=2026-03-04")).json()["items"]
    public = (await sample.anonymous.get(path)).json()["items"]

    assert [entry["version"] for entry in whole] == [1, 2]
    assert whole[1]["detail"]["after"]["state"] == "lit"
    assert [entry["kind"] for entry in before] == ["lamp.made"]
    assert public[0]["detail"] is None


async def test_a_raw_statement_stands_and_falls_with_the_work(sample):
    from shared.actor import Actor
    from shared.work import Work

    async with sample.runtime.sessions() as session:
        from sqlalchemy import text

        now = await session.scalar(text("SELECT business_now()"))
        work = Work("sample", session, Actor("x"), now, "test")
        raw = await work.hot()
        await raw.execute("INSERT INTO feed_cursor VALUES ('raw', 1)")
        await session.rollback()
    connection = await sample.database()
    assert await connection.fetchval("SELECT count(*) FROM feed_cursor") == 0
    await connection.close()


async def test_the_clock_settles_deadlines_on_request(sample):
    clerk = sample.as_(["registrar"])
    lamp = await made(clerk)
    await clerk.post(f"/lamps/{lamp['id']}/light", headers={"if-match": '"1"'})
    await sample.clock.move_to(at(2026, 4, 1))
    office = sample.as_(["administrator"])

    busy = await office.post("/clock/settlement", json={"reached": "2026-04-01T09:00:00+08:00"})
    quiet = await office.post("/clock/settlement", json={"reached": "2026-04-01T09:00:00+08:00"})

    assert (busy.json()["quiet"], quiet.json()["quiet"]) == (False, True)
    assert (await clerk.get(f"/lamps/{lamp['id']}")).json()["state"] == "out"


async def test_health_contract_and_metrics_are_there(sample):
    live = await sample.client.get("/health/live")
    metrics = await sample.client.get("/metrics")
    contract = (await sample.client.get("/openapi.json")).json()

    assert live.json() == {"status": "live"}
    assert "huishe_answers" in metrics.text
    operation = contract["paths"]["/sample/v1/lamps/{lamp_id}/light"]["post"]
    names = {parameter["name"] for parameter in operation["parameters"]}
    assert {"lamp_id", "If-Match", "Idempotency-Key", "dry"} <= names
    assert operation["x-roles"] == ["registrar"]
    assert "409" in operation["responses"]


async def test_the_journal_says_who_for_whom_and_through_whose_hands(sample):
    act = {"sub": "platform-1", "act": {"iss": "https://id.example", "sub": "p-1"}}
    token = tokens.token("office-1", ["registrar"], client_id="platform-1", act=act)
    bearer = {"authorization": f"Bearer {token}"}
    person = {"issuer": "https://id.example", "subject": "p-1"}

    drafted = await sample.anonymous.post("/lamps", json={**DRAFT, "oil": 2}, headers=bearer)
    lamp = drafted.json()
    refused = await sample.anonymous.post(
        f"/lamps/{lamp['id']}/light", headers={**bearer, "if-match": '"1"'}
    )

    assert refused.status_code == 409
    for row in await journal_rows(sample):
        actor = json.loads(row["detail_text"])["actor"]
        assert row["actor"] == actor["client_id"] == "office-1"
        assert (actor["acting"], actor["person"]) == ("platform-1", person)
        assert "p-1" not in row["public_text"]


async def test_what_is_revoked_is_refused_while_the_gateway_is_silent_too(sample):
    token = tokens.token("clerk", ["registrar"])
    bearer = {"authorization": f"Bearer {token}"}
    assert (await sample.anonymous.get("/lamps", headers=bearer)).status_code == 200

    sample.revoked = Revocations.of({"clerk": time.time() + 1}, frozenset(), sample.revoked.keys)
    await sample.runtime.verifier.hear()
    sample.runtime.verifier._heard_at -= 31  # the gateway says nothing for half a minute

    refused = await sample.client.get("/sample/v1/lamps", headers=bearer)
    metrics = await sample.client.get("/metrics")
    assert refused.status_code == 401
    assert "huishe_revocations_silent_seconds 31." in metrics.text
