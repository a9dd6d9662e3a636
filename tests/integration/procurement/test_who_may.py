"""Whose business is whose: what holders of the right role but the wrong part may not do."""

from tests.support.builders.procurement import (
    BIDDERS,
    MORNING_LIGHT,
    PANELLISTS,
    WALKING_TOGETHER,
    Purchase,
    good,
    panel,
    refused_by,
    scores,
)
from tests.support.builders.sealed_bids import ORGANS, Sealing, custodian_key
from tests.support.service import ServiceUnderTest, at


async def test_nobody_refuses_the_award_of_another(procurement: ServiceUnderTest) -> None:
    purchase = Purchase(procurement)
    announced = await purchase.announced()
    award = announced.json()
    stranger = next(code for code in BIDDERS if code != award["credit_code"])
    await procurement.clock.forward(days=60)
    path = f"/awards/{award['id']}"

    refused = await purchase.agency(stranger).change(
        f"{path}/refusal", announced, json={"reason": "他家弃标"}
    )

    assert refused.status_code == 403
    assert (await purchase.purchaser.get(path)).json()["state"] == "announced"


async def test_a_panellist_sees_its_own_panel_only(procurement: ServiceUnderTest) -> None:
    purchase = Purchase(procurement)
    reviewed = await purchase.reviewed()
    panel_id = await purchase.scored(reviewed.json()["id"])
    own, stranger = purchase.panellist(PANELLISTS[0]), purchase.panellist("expert-elsewhere")

    for path in (f"/panels/{panel_id}", f"/panels/{panel_id}/scoresheets"):
        good(await own.get(path))
        good(await purchase.purchaser.get(path))
        assert (await stranger.get(path)).status_code == 404


async def test_only_who_sits_on_its_panel_reads_a_bids_technical_part(
    procurement: ServiceUnderTest,
) -> None:
    sealing = Sealing(procurement)
    await sealing.published()
    for code in BIDDERS:
        await sealing.lodged(code)
    await sealing.opened()
    path = f"/openings/{sealing.tender_id}/bids/{MORNING_LIGHT}/technical"
    seated = sealing.purchase.panellist(PANELLISTS[0])
    unformed = await seated.get(path)
    good(await sealing.purchase.purchaser.post("/panels", json=panel(sealing.tender_id)), 201)

    stranger = await sealing.purchase.panellist("expert-elsewhere").get(path)

    assert (unformed.status_code, stranger.status_code) == (404, 404)
    good(await seated.get(path))
    good(await sealing.purchase.purchaser.get(path))
    assert (await sealing.agency(WALKING_TOGETHER).get(path)).status_code == 403


async def test_one_hand_holds_no_more_than_one_key_of_a_seal(
    procurement: ServiceUnderTest,
) -> None:
    sealing = Sealing(procurement)
    await sealing.signers()
    alone = procurement.as_(["custodian"], client_id="custodian-of-everything")
    for organ in ORGANS[:3]:
        body = {"organ": organ, "card": custodian_key(organ).card.as_dict()}
        good(await alone.post("/custodians", json=body), 201)
    drafted = await sealing.purchase.drafted(profile="2-of-3")

    refused = await sealing.purchase.purchaser.change(
        f"/tenders/{drafted.json()['id']}/publication", drafted
    )

    assert refused_by(refused)


async def test_who_opens_with_its_own_key_is_in_no_receipt_before_the_opening(
    procurement: ServiceUnderTest,
) -> None:
    from shared.sealing.sessions import release_root

    sealing = Sealing(procurement)
    await sealing.published("bidder")
    bids = {code: await sealing.lodged(code) for code in BIDDERS}
    await sealing.closed()
    release = release_root(
        await sealing.session(), bids[MORNING_LIGHT].manifest, bids[MORNING_LIGHT].root
    )
    path = f"/openings/{sealing.tender_id}/root-releases"
    key = {"idempotency-key": "the-same-again"}

    first = good(
        await sealing.agency(MORNING_LIGHT).post(path, content=release.encode(), headers=key), 201
    )
    again = good(
        await sealing.agency(MORNING_LIGHT).post(path, content=release.encode(), headers=key), 201
    )

    database = await procurement.database()
    named = await database.fetchval(
        "SELECT count(*) FROM receipt WHERE client_id LIKE '%' || $1 || '%' "
        "AND operation = 'release_kept_root'",
        MORNING_LIGHT,
    )
    await database.close()
    assert named == 0
    assert again.content == first.content
    assert (
        'operation="release_kept_root",status="2xx"} 0.0'
        in (await procurement.client.get("/metrics")).text
    )


async def test_sealed_scores_are_sealed_in_the_history_too(procurement: ServiceUnderTest) -> None:
    purchase = Purchase(procurement)
    reviewed = await purchase.reviewed()
    panel_id = await purchase.seated(reviewed.json()["id"])
    body = scores(dict.fromkeys(BIDDERS, ("50.00", "25.00")))
    first, *others = (purchase.panellist(name) for name in PANELLISTS)
    sheet = good(await first.post(f"/panels/{panel_id}/scoresheets", json=body), 201).json()
    path = f"/history/scoresheet/{sheet['id']}"
    auditor = procurement.as_(["auditor"])

    sealed = good(await auditor.get(path)).text
    for other in others:
        good(await other.post(f"/panels/{panel_id}/scoresheets", json=body), 201)
    revealed = good(await auditor.get(path)).text

    assert "50.00" not in sealed
    assert "50.00" in revealed


async def test_a_payment_is_public_when_it_was_made(procurement: ServiceUnderTest) -> None:
    purchase = Purchase(procurement)
    signed = await purchase.signed()
    contract = signed.json()
    await procurement.clock.move_to(at(2026, 11, 2))
    winner = purchase.agency(contract["credit_code"])
    applied = await winner.change(
        f"/contracts/{contract['id']}/payments", signed, json={"milestone": 1}
    )
    payment = good(applied, 201).json()
    await procurement.settle()

    unseen = await procurement.anonymous.get(f"/payments/{payment['id']}")
    told = await procurement.anonymous.get(f"/history/payment/{payment['id']}")

    assert unseen.status_code == 404
    assert payment["amount"] not in told.text


async def test_a_panellist_reads_no_qualifications_of_any_tender(procurement):
    purchase = Purchase(procurement)
    reviewed = await purchase.reviewed()

    refused = await purchase.panellist("expert-1").get(f"/tenders/{reviewed.json()['id']}/review")

    assert refused.status_code == 403
