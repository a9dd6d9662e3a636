"""Who holds a seal, when a bid is taken, which commit counts, and when seals are broken."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest

from services.procurement.bids.rules import ARRIVAL, Arrival, Lodged, count
from services.procurement.custody.rules import CUSTODY, Custody
from services.procurement.openings.rules import OPENING, SEAL, Opening, Seal
from shared.policy import Verdict
from shared.sealing.manifests import Envelope, Manifest, Withdrawal
from shared.sealing.suites import SUITE_A

TODAY = date(2026, 3, 30)
DEADLINE = datetime(2026, 3, 30, 1, 30, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def breached(verdict: Verdict) -> list[str]:
    return [str(finding.clause) for finding in verdict.breaches]


@pytest.mark.parametrize(
    ("organs", "refused"),
    [
        pytest.param(["purchaser", "finance", "notary"], [], id="three organs"),
        pytest.param(["purchaser", "finance"], ["招标投标法 28"], id="one short"),
        pytest.param(
            ["purchaser", "finance", "finance"], ["招标投标法 22"], id="one interest twice"
        ),
        pytest.param([], ["招标投标法 28"], id="nobody"),
    ],
)
def test_a_seal_is_held_by_enough_organs_with_opposed_interests(
    organs: list[str], refused: list[str]
) -> None:
    assert breached(CUSTODY.judge(Custody("2-of-3", 3, organs), on=TODAY)) == refused


def test_a_bidder_that_keeps_its_own_key_needs_no_custodians() -> None:
    assert CUSTODY.judge(Custody("bidder", 0, []), on=TODAY).passed


@pytest.mark.parametrize(
    ("received", "taken"),
    [
        pytest.param(DEADLINE - TICK, True, id="a microsecond before"),
        pytest.param(DEADLINE, False, id="at the deadline"),
        pytest.param(DEADLINE + TICK, False, id="a microsecond after"),
    ],
)
def test_a_bid_is_taken_before_the_deadline_and_not_at_it(received: datetime, taken: bool) -> None:
    verdict = ARRIVAL.judge(Arrival(received, DEADLINE), on=TODAY)

    assert verdict.passed is taken
    assert breached(verdict) == ([] if taken else ["招标投标法实施条例 36", "招标投标法 28"])


def test_a_late_withdrawal_is_refused_by_its_own_clause_too() -> None:
    verdict = ARRIVAL.judge(Arrival(DEADLINE, DEADLINE, takes_back=True), on=TODAY)

    assert "招标投标法 29" in breached(verdict)


@pytest.mark.parametrize(
    ("lodged", "now", "refused"),
    [
        pytest.param(3, DEADLINE, [], id="three, at the deadline"),
        pytest.param(2, DEADLINE, ["政府采购法 36"], id="two"),
        pytest.param(3, DEADLINE - TICK, ["招标投标法 34"], id="too early"),
        pytest.param(0, DEADLINE - TICK, ["招标投标法 34", "政府采购法 36"], id="neither"),
    ],
)
def test_seals_are_broken_only_after_the_deadline_and_with_enough_bids(
    lodged: int, now: datetime, refused: list[str]
) -> None:
    verdict = OPENING.judge(Opening(now, DEADLINE, lodged, minimum=3), on=TODAY)

    assert breached(verdict) == refused
    assert all(f"{lodged} " not in finding.reason.en for finding in verdict.breaches)


def test_a_seal_that_is_not_whole_says_why_and_by_whose_fault() -> None:
    verdict = SEAL.judge(Seal("commitment", "manifest.commitment", "bidder"), on=TODAY)

    assert breached(verdict) == ["招标投标法 36"]
    assert "commitment" in verdict.breaches[0].reason.zh
    assert SEAL.judge(Seal(), on=TODAY).passed


def bid(serial: int, bidder: str, minutes: int) -> Lodged:
    manifest = Manifest(
        SUITE_A, bytes(32), serial.to_bytes(16, "big"), bytes(32), bytes(32), parts=(), shares=()
    )
    received = DEADLINE - timedelta(minutes=minutes)
    return Lodged(UUID(int=serial), bidder.encode(), received, Envelope(manifest, ()))


def withdrawal(serial: int, bidder: str, minutes: int) -> Lodged:
    document = Withdrawal(SUITE_A, bytes(32), serial.to_bytes(16, "big"), bytes(32), bytes(32))
    return replace(bid(serial, bidder, minutes), document=document)


def test_the_last_commit_of_each_bidder_counts_in_whatever_order_they_are_read() -> None:
    first, second, other = bid(1, "A", 30), bid(2, "A", 10), bid(3, "B", 20)

    for order in permutations([first, second, other]):
        counted = count(order)
        assert counted.bids == (other, second)
        assert counted.superseded == ((first, second),)


def test_a_bid_taken_back_leaves_none_and_may_be_followed_by_another() -> None:
    first, back, again = bid(1, "A", 30), withdrawal(2, "A", 20), bid(3, "A", 10)

    assert count([first, back]).bids == ()
    assert count([first, back, again]).bids == (again,)
