"""A bid is lodged by the short way, and whatever is not plain by the long one: the same to the bidder."""

from typing import Any

import pytest

from shared.sealing.receipts import Receipt
from tests.support.builders.procurement import MORNING_LIGHT
from tests.support.builders.sealed_bids import DEADLINE, Sealing, commit
from tests.support.service import ServiceUnderTest

ORDINARY = {"if-match": '"a condition"'}
ALIKE = ("cache-control", "vary", "content-type")


@pytest.fixture
async def sealing(procurement: ServiceUnderTest) -> Sealing:
    sealing = Sealing(procurement)
    await sealing.published()
    return sealing


class Replies:
    """What the hot path said to each commit: an answer, or nothing."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from services.procurement import hot

        self.said: list[Any] = []
        lodge = hot.lodge_bid

        async def noted(*given: Any) -> Any:
            self.said.append(await lodge(*given))
            return self.said[-1]

        monkeypatch.setattr(hot, "lodge_bid", noted)


async def test_the_same_commit_gets_the_same_receipt_by_both_ways(
    sealing: Sealing, monkeypatch: pytest.MonkeyPatch
) -> None:
    replies = Replies(monkeypatch)
    bid = sealing.sealed(MORNING_LIGHT)
    bid_id = await sealing.uploaded(MORNING_LIGHT, bid)

    hot = await sealing.committed(MORNING_LIGHT, bid_id, bid.envelope)
    ordinary = await sealing.committed(MORNING_LIGHT, bid_id, bid.envelope, headers=ORDINARY)
    again = await sealing.committed(MORNING_LIGHT, bid_id, bid.envelope)

    assert [a.status_code for a in (hot, ordinary, again)] == [200, 200, 200]
    assert hot.content == ordinary.content == again.content
    assert {n: hot.headers.get(n) for n in ALIKE} == {n: ordinary.headers.get(n) for n in ALIKE}
    Receipt.parse(hot.content).verify(await sealing.trusted())
    assert replies.said[0] is not None, "the first was lodged by the short way"
    assert replies.said[1:] == [None], "the third was looked into by the long one"


async def test_a_bid_that_is_simply_kept_is_kept_once(sealing: Sealing) -> None:
    bid = sealing.sealed(MORNING_LIGHT)
    bid_id = await sealing.uploaded(MORNING_LIGHT, bid)

    for _ in range(3):
        await sealing.committed(MORNING_LIGHT, bid_id, bid.envelope)

    connection = await sealing.service.database()
    kept = await connection.fetchval("SELECT count(*) FROM bid_commit")
    await connection.close()
    assert kept == 1


async def test_after_the_deadline_nothing_is_kept_and_the_refusal_names_the_clause(
    sealing: Sealing,
) -> None:
    bid = sealing.sealed(MORNING_LIGHT)
    bid_id = await sealing.uploaded(MORNING_LIGHT, bid)
    await sealing.service.clock.move_to(DEADLINE)

    late = await sealing.committed(MORNING_LIGHT, bid_id, bid.envelope)

    assert late.status_code == 409
    assert late.json()["findings"], late.text


async def test_another_agency_cannot_lodge_in_its_place(sealing: Sealing) -> None:
    bid = sealing.sealed(MORNING_LIGHT)
    bid_id = await sealing.uploaded(MORNING_LIGHT, bid)
    body, path = commit(sealing.tender_id, bid.envelope), f"/bids/{bid_id}/commit"

    stranger = await sealing.service.as_(["agency"], org="another").post(path, content=body)
    purchaser = await sealing.service.as_(["purchaser"], org=MORNING_LIGHT).post(path, content=body)
    nobody = await sealing.service.anonymous.post(path, content=body)

    assert [a.status_code for a in (stranger, purchaser, nobody)] == [404, 403, 401]


async def test_a_broken_commit_is_refused_with_its_reason(sealing: Sealing) -> None:
    bid = sealing.sealed(MORNING_LIGHT)
    bid_id = await sealing.uploaded(MORNING_LIGHT, bid)
    body = commit(sealing.tender_id, bid.envelope) + b" "

    answer = await sealing.agency(MORNING_LIGHT).post(f"/bids/{bid_id}/commit", content=body)

    assert answer.status_code == 422


async def test_a_journal_in_dispute_takes_no_bid(sealing: Sealing) -> None:
    from shared.words import Text

    bid = sealing.sealed(MORNING_LIGHT)
    bid_id = await sealing.uploaded(MORNING_LIGHT, bid)
    sealing.service.runtime.journal_dispute = Text(zh="存疑", en="disputed")

    answer = await sealing.committed(MORNING_LIGHT, bid_id, bid.envelope)

    assert answer.status_code == 503
