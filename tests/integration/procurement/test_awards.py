"""From the opened bids to the announced result, with what others answer given at the wire."""

import asyncio

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.conftest import service_under_test
from tests.support.builders.procurement import (
    BIDDERS,
    EXPERTS,
    GENTLE_WIND,
    MORNING_LIGHT,
    PANELLISTS,
    WALKING_TOGETHER,
    Purchase,
    checks,
    draw,
    good,
    member,
    panel,
    refused_by,
    scores,
    standing,
)
from tests.support.databases import Databases
from tests.support.service import ServiceUnderTest, at

EVEN = dict.fromkeys(BIDDERS, ("50.00", "25.00"))


@pytest.fixture
def purchase(procurement: ServiceUnderTest) -> Purchase:
    return Purchase(procurement)


# --- qualification ------------------------------------------------------------------------------


async def test_each_bidder_is_asked_of_registry_and_evaluation_and_the_facts_are_kept(
    purchase: Purchase,
) -> None:
    purchase.others_answer()
    opened = await purchase.opened()
    path = f"/tenders/{opened.json()['id']}/review"

    reviewed = good(await purchase.purchaser.change(path, opened, json=checks()), 201)

    found = {one["credit_code"]: one for one in reviewed.json()["qualifications"]}
    asked = [path for path in purchase.service.asked if MORNING_LIGHT in path]
    assert reviewed.json()["qualified"] == 3
    assert found[MORNING_LIGHT]["facts"]["grade"]["grade"] == "3A"
    assert found[MORNING_LIGHT]["facts"]["standing"]["registered"] is True
    assert asked == [
        f"/registry/v1/agencies/{MORNING_LIGHT}/standing?on=2026-03-30",
        f"/evaluation/v1/agencies/{MORNING_LIGHT}/grade?on=2026-03-30",
    ]


async def test_fewer_than_three_qualified_bidders_fail_the_tender(purchase: Purchase) -> None:
    purchase.others_answer()
    suspended = standing(GENTLE_WIND, suspended=True)
    purchase.service.upstream("registry", f"/agencies/{GENTLE_WIND}/standing", suspended)
    opened = await purchase.opened()
    path = f"/tenders/{opened.json()['id']}"

    reviewed = good(await purchase.purchaser.change(f"{path}/review", opened, json=checks()), 201)

    failed = await purchase.service.anonymous.get(path)
    unqualified = [
        one["credit_code"] for one in reviewed.json()["qualifications"] if not one["qualified"]
    ]
    project = await purchase.service.anonymous.get(f"/projects/{failed.json()['project_id']}")
    assert unqualified == [GENTLE_WIND]
    assert failed.json()["state"] == "failed"
    assert "不足 3 家" in failed.json()["ended_because"]
    assert project.json()["state"] == "planned"


async def test_a_silent_registry_is_never_a_yes(purchase: Purchase) -> None:
    purchase.others_answer()
    opened = await purchase.opened()
    purchase.service.silent.add("registry")
    path = f"/tenders/{opened.json()['id']}"

    refused = await purchase.purchaser.change(f"{path}/review", opened, json=checks())

    again = await purchase.purchaser.get(path)
    assert refused.status_code == 503
    assert again.json()["state"] == "opened"


async def test_a_price_cut_may_not_be_taken_from_the_people(purchase: Purchase) -> None:
    purchase.others_answer()
    opened = await purchase.opened()
    database = await purchase.service.database()
    await database.execute(
        "UPDATE opened_bid SET personnel = personnel - 1 WHERE credit_code = $1", GENTLE_WIND
    )
    await database.close()

    reviewed = await purchase.purchaser.change(
        f"/tenders/{opened.json()['id']}/review", opened, json=checks()
    )

    found = {one["credit_code"]: one for one in reviewed.json()["qualifications"]}
    breached = [
        finding["clause"]["number"]
        for finding in found[GENTLE_WIND]["verdict"]["findings"]
        if finding["outcome"] == "breached"
    ]
    assert breached == ["3.2(9)"]


async def test_the_review_names_exactly_the_bidders(purchase: Purchase) -> None:
    purchase.others_answer()
    opened = await purchase.opened()

    refused = await purchase.purchaser.change(
        f"/tenders/{opened.json()['id']}/review", opened, json=checks(BIDDERS[:2])
    )

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/bidders"


# --- the panel ----------------------------------------------------------------------------------


async def test_four_members_are_no_panel(purchase: Purchase) -> None:
    published = await purchase.published()
    body = panel(published.json()["id"], members=[member(name) for name in EXPERTS])

    refused = await purchase.purchaser.post("/panels", json=body)

    assert refused_by(refused) == ["47–49"]


async def test_a_draw_is_the_pools_own_and_names_exactly_these_experts(
    databases: Databases,
) -> None:
    pool = Ed25519PrivateKey.generate()
    public = pool.public_key().public_bytes_raw().hex()
    async with service_under_test("procurement", databases, expert_pool_key=public) as service:
        purchase = Purchase(service)
        published = await purchase.published()
        body = panel(published.json()["id"])
        experts = [
            {"name": one["name"], "organisation": one["organisation"]}
            for one in body["members"]
            if one["expert"]
        ]
        signature = pool.sign(rfc8785.dumps({**body["draw"], "experts": experts})).hex()
        signed = body | {"draw": {**body["draw"], "signature": signature}}
        swapped = [member("expert-9"), *signed["members"][1:]]

        unsigned = await purchase.purchaser.post("/panels", json=body)
        others = await purchase.purchaser.post("/panels", json=signed | {"members": swapped})
        formed = await purchase.purchaser.post("/panels", json=signed)

    assert refused_by(unsigned) == ["39"]
    assert refused_by(others) == ["39"]
    assert formed.status_code == 201


async def test_a_bidder_reads_its_own_verdict_and_no_other(purchase: Purchase) -> None:
    reviewed = await purchase.reviewed()

    read = await purchase.agency(GENTLE_WIND).get(f"/tenders/{reviewed.json()['id']}/review")

    assert [one["credit_code"] for one in read.json()["qualifications"]] == [GENTLE_WIND]


async def test_who_has_an_interest_steps_aside_and_is_replaced(purchase: Purchase) -> None:
    reviewed = await purchase.reviewed()
    formed = await purchase.purchaser.post("/panels", json=panel(reviewed.json()["id"]))
    path = f"/panels/{formed.json()['id']}"
    interest = {"credit_code": MORNING_LIGHT, "interest": "employed"}
    for name in PANELLISTS:
        caller = purchase.panellist(name)
        own = (await caller.get(f"{path}/seats")).json()["items"][0]["id"]
        body = {"interests": [interest] if name == "expert-1" else []}
        await caller.change(
            f"/seats/{own}/declaration", await caller.get(f"/seats/{own}"), json=body
        )

    refused = await purchase.purchaser.change(f"{path}/seating", formed)
    seats = (await purchase.purchaser.get(f"{path}/seats")).json()["items"]
    (recused,) = [seat for seat in seats if seat["state"] == "recused"]
    good(
        await purchase.purchaser.change(
            f"/seats/{recused['id']}/replacement",
            await purchase.purchaser.get(f"/seats/{recused['id']}"),
            json={"draw": draw(), "member": member("expert-5")},
        ),
        201,
    )
    newcomer = purchase.panellist("expert-5")
    own = (await newcomer.get(f"{path}/seats")).json()["items"][0]["id"]
    await newcomer.change(
        f"/seats/{own}/declaration", await newcomer.get(f"/seats/{own}"), json={"interests": []}
    )
    seated = await purchase.purchaser.change(f"{path}/seating", formed)

    assert refused_by(refused) == ["9"]
    assert seated.json()["state"] == "seated"


async def test_a_panellist_sees_no_other_seat_and_no_other_score_until_all_are_in(
    purchase: Purchase,
) -> None:
    reviewed = await purchase.reviewed()
    panel_id = await purchase.seated(reviewed.json()["id"])
    path = f"/panels/{panel_id}/scoresheets"
    first, *others = [purchase.panellist(name) for name in PANELLISTS]
    good(await first.post(path, json=scores(EVEN)), 201)

    seats = await first.get(f"/panels/{panel_id}/seats")
    seen_by_first, seen_by_other = await first.get(path), await others[0].get(path)
    seen_by_purchaser = await purchase.purchaser.get(path)
    again = await first.post(path, json=scores(EVEN))
    for caller in others:
        good(await caller.post(path, json=scores(EVEN)), 201)
    seen_by_all = await first.get(path)

    assert len(seats.json()["items"]) == 1
    assert [len(seen.json()["items"]) for seen in (seen_by_first, seen_by_other)] == [1, 0]
    assert seen_by_purchaser.json()["items"] == []
    assert again.status_code == 409
    assert len(seen_by_all.json()["items"]) == len(PANELLISTS)


@pytest.mark.parametrize(
    ("points", "pointer"),
    [
        pytest.param({**EVEN, GENTLE_WIND: ("60.01", "25.00")}, "/scores/4/points", id="above"),
        pytest.param({MORNING_LIGHT: ("50.00", "25.00")}, "/scores", id="bidders left out"),
        pytest.param({**EVEN, GENTLE_WIND: ("1e1", "0.00")}, "/scores/4/points", id="no number"),
        pytest.param({**EVEN, GENTLE_WIND: ("-1.00", "0.00")}, "/scores/4/points", id="negative"),
    ],
)
async def test_scores_stay_within_their_bounds(
    purchase: Purchase, points: dict[str, tuple[str, str]], pointer: str
) -> None:
    reviewed = await purchase.reviewed()
    panel_id = await purchase.seated(reviewed.json()["id"])

    refused = await purchase.panellist("expert-1").post(
        f"/panels/{panel_id}/scoresheets", json=scores(points)
    )

    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]


async def test_nobody_scores_who_does_not_sit(purchase: Purchase) -> None:
    reviewed = await purchase.reviewed()
    panel_id = await purchase.seated(reviewed.json()["id"])

    refused = await purchase.panellist("stranger-1").post(
        f"/panels/{panel_id}/scoresheets", json=scores(EVEN)
    )

    assert refused.status_code == 404


async def test_sheets_handed_in_at_the_same_moment_are_all_kept_and_unsealed_once(
    purchase: Purchase,
) -> None:
    reviewed = await purchase.reviewed()
    panel_id = await purchase.seated(reviewed.json()["id"])
    path = f"/panels/{panel_id}/scoresheets"

    answers = await asyncio.gather(
        *(purchase.panellist(name).post(path, json=scores(EVEN)) for name in PANELLISTS)
    )

    panel_now = await purchase.purchaser.get(f"/panels/{panel_id}")
    sheets = await purchase.purchaser.get(path)
    assert [answer.status_code for answer in answers] == [201] * len(PANELLISTS)
    assert panel_now.json()["state"] == "scored"
    assert len(sheets.json()["items"]) == len(PANELLISTS)


# --- ranking and decision -----------------------------------------------------------------------


async def test_a_tie_is_resolved_by_the_printed_priority_and_every_place_explains_itself(
    purchase: Purchase,
) -> None:
    recommended = await purchase.recommended(EVEN | {GENTLE_WIND: ("40.00", "20.00")})

    places = recommended.json()["ranking"]
    reasons = {
        place["credit_code"]: {
            finding["rule"]: finding["reason"]["zh"] for finding in place["verdict"]["findings"]
        }
        for place in places
    }
    assert [(place["place"], place["credit_code"]) for place in places] == [
        (1, MORNING_LIGHT),
        (2, WALKING_TOGETHER),
        (3, GENTLE_WIND),
    ]
    assert recommended.json()["credit_code"] == MORNING_LIGHT
    assert [place["total"] for place in places] == ["85.00", "85.00", "70.00"]
    assert "3A" in reasons[MORNING_LIGHT]["then_by_the_printed_priority"]
    assert "不符合优先条件" in reasons[WALKING_TOGETHER]["then_by_the_printed_priority"]
    assert "低于前一名" in reasons[GENTLE_WIND]["stands_by_its_score"]
    assert recommended.json()["decision_due_on"] == "2026-04-09"
    assert places[0]["facts"]["grade"]["grade"] == "3A"


async def test_the_price_score_is_exact(procurement: ServiceUnderTest) -> None:
    prices = {MORNING_LIGHT: "90000.00", WALKING_TOGETHER: "95000.00", GENTLE_WIND: "97000.00"}
    purchase = Purchase(procurement, prices)

    recommended = await purchase.recommended(EVEN)

    assert [place["price_score"] for place in recommended.json()["ranking"]] == [
        "10.00",
        "9.47",
        "9.28",
    ]


async def test_who_recommended_does_not_confirm(purchase: Purchase) -> None:
    recommended = await purchase.recommended()
    path = f"/awards/{recommended.json()['id']}"

    refused = await purchase.purchaser.change(f"{path}/confirmation", recommended, json={})
    confirmed = await purchase.decider.change(f"{path}/confirmation", recommended, json={})

    assert refused_by(refused) == ["9"]
    assert confirmed.json()["state"] == "confirmed"
    assert confirmed.json()["credit_code"] == MORNING_LIGHT


async def test_a_first_place_that_is_shared_is_drawn(procurement: ServiceUnderTest) -> None:
    purchase = Purchase(procurement, grades=dict.fromkeys(BIDDERS, "3A"))
    recommended = await purchase.recommended()
    path = f"/awards/{recommended.json()['id']}/confirmation"
    drawn = {"drawn": GENTLE_WIND, "draw_reference": "抽签记录1"}

    refused = await purchase.decider.change(path, recommended, json={})
    confirmed = good(await purchase.decider.change(path, recommended, json=drawn))

    assert [place["place"] for place in recommended.json()["ranking"]] == [1, 1, 1]
    assert recommended.json()["credit_code"] is None
    assert refused_by(refused) == ["57"]
    assert confirmed.json()["credit_code"] == GENTLE_WIND


async def test_the_result_is_public_with_the_experts_names_when_announced(
    purchase: Purchase,
) -> None:
    recommended = await purchase.recommended()
    path = f"/awards/{recommended.json()['id']}"
    confirmed = await purchase.decider.change(f"{path}/confirmation", recommended, json={})

    before = await purchase.service.anonymous.get(path)
    announced = good(await purchase.purchaser.change(f"{path}/notice", confirmed))
    after = await purchase.service.anonymous.get(path)

    assert before.status_code == 404
    assert announced.json()["contract_due_on"] == "2026-04-29"
    assert after.json()["experts"] == ["评委1", "评委2", "评委3", "评委4"]


async def test_when_the_winner_refuses_the_next_in_order_wins(purchase: Purchase) -> None:
    announced = await purchase.announced()
    path = f"/awards/{announced.json()['id']}"
    loser = purchase.agency(WALKING_TOGETHER)
    winner = purchase.agency(MORNING_LIGHT)

    not_yours = await loser.change(f"{path}/refusal", announced, json={"reason": "替他拒绝"})
    refused = good(await winner.change(f"{path}/refusal", announced, json={"reason": "人员变动"}))
    passed_on = await purchase.decider.change(
        f"{path}/succession", refused, json={"drawn": GENTLE_WIND, "draw_reference": "抽签记录2"}
    )

    assert not_yours.status_code == 403
    assert passed_on.json()["state"] == "confirmed"
    assert passed_on.json()["credit_code"] == GENTLE_WIND


async def test_after_a_refusal_the_purchaser_may_start_anew(purchase: Purchase) -> None:
    announced = await purchase.announced()
    path = f"/awards/{announced.json()['id']}"
    winner = purchase.agency(MORNING_LIGHT)
    refused = await winner.change(f"{path}/refusal", announced, json={"reason": "人员变动"})

    good(await purchase.decider.change(f"{path}/voiding", refused, json={"reason": "重新采购"}))

    tender = await purchase.service.anonymous.get(f"/tenders/{announced.json()['tender_id']}")
    assert tender.json()["state"] == "failed"


async def test_a_late_decision_is_told_and_stands(purchase: Purchase) -> None:
    recommended = await purchase.recommended()
    await purchase.service.clock.move_to(at(2026, 4, 20))

    dry = await purchase.decider.change(
        f"/awards/{recommended.json()['id']}/confirmation?dry=true", recommended, json={}
    )

    outcomes = {finding["rule"]: finding["outcome"] for finding in dry.json()["findings"]}
    assert dry.json()["outcome"] == "accepted"
    assert outcomes["decided_in_time"] == "warning"
