"""When a bid is taken, and which of a bidder's commits counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.procurement.policy.seals import KEPT_UNOPENED, LATE_BIDS_REFUSED, MAY_BE_TAKEN_BACK
from shared.policy import Answer, Rulebook, breached, met, not_applicable, rule
from shared.sealing.canonical import instant_text
from shared.sealing.manifests import Envelope, Withdrawal
from shared.words import Text

IN_TIME = Text(zh="{received} 收到，截止 {deadline}", en="received {received}, deadline {deadline}")
LATE = Text(
    zh="{received} 送达，截止 {deadline}，逾期拒收",
    en="arrived {received}, the deadline was {deadline}: refused as late",
)
A_BID = Text(zh="递交投标，非撤回", en="a bid, not a withdrawal")


@dataclass(frozen=True, slots=True)
class Arrival:
    """The reading of the clock that decides, taken while the tender could not be closed."""

    received_at: datetime
    deadline: datetime
    takes_back: bool = False
    """Not a bid but the withdrawal of one."""


def _by_the_clock(arrival: Arrival) -> Answer:
    received, deadline = instant_text(arrival.received_at), instant_text(arrival.deadline)
    if arrival.received_at < arrival.deadline:
        return met(IN_TIME, received=received, deadline=deadline)
    return breached(LATE, received=received, deadline=deadline)


@rule(LATE_BIDS_REFUSED)
def arrived_before_the_deadline(arrival: Arrival) -> Answer:
    return _by_the_clock(arrival)


@rule(KEPT_UNOPENED)
def signed_for_only_in_time(arrival: Arrival) -> Answer:
    return _by_the_clock(arrival)


@rule(MAY_BE_TAKEN_BACK)
def taken_back_before_the_deadline(arrival: Arrival) -> Answer:
    return _by_the_clock(arrival) if arrival.takes_back else not_applicable(A_BID)


ARRIVAL = Rulebook(
    "taking a bid",
    [arrived_before_the_deadline, signed_for_only_in_time, taken_back_before_the_deadline],
)


@dataclass(frozen=True, slots=True)
class Lodged:
    """One commit to a tender: a sealed bid, or one taken back. `bidder` is a keyed hash."""

    bid_id: UUID
    bidder: bytes
    received_at: datetime
    document: Envelope | Withdrawal

    @property
    def nonce(self) -> bytes:
        if isinstance(self.document, Envelope):
            return self.document.manifest.nonce
        return self.document.nonce

    @property
    def hash(self) -> bytes:
        if isinstance(self.document, Envelope):
            return self.document.manifest.hash
        return self.document.hash


@dataclass(frozen=True, slots=True)
class Counted:
    """What counts at the deadline, and what the same bidder put something else in place of."""

    bids: tuple[Lodged, ...]
    superseded: tuple[tuple[Lodged, Lodged], ...]
    """Each with the commit that took its place."""


def count(lodged: Iterable[Lodged]) -> Counted:
    """The last commit of each bidder counts (招标投标法 29); a withdrawal leaves none."""
    last: dict[bytes, Lodged] = {}
    by_time = sorted(lodged, key=lambda one: (one.received_at, one.nonce))
    for one in by_time:
        last[one.bidder] = one
    kept = tuple(one for one in by_time if last[one.bidder] is one)
    return Counted(
        bids=tuple(one for one in kept if isinstance(one.document, Envelope)),
        superseded=tuple((one, last[one.bidder]) for one in by_time if last[one.bidder] is not one),
    )
