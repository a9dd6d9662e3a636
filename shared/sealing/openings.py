"""Opening one bid from what was released, and saying whose fault it is when it stays shut.

The fault is only given to a bidder when its own bytes prove it, or when as many independent
custodians as could open the bid say the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from shared.sealing.bids import OpenedBid, open_bid
from shared.sealing.errors import NotEnough, NotGenuine, Reason, SealingError
from shared.sealing.manifests import Envelope, Manifest, check_parts
from shared.sealing.policies import SealPolicy
from shared.sealing.sessions import (
    SHARE_FAULTS,
    Release,
    RootRelease,
    SessionStatement,
    received_root,
    received_share,
)
from shared.sealing.shares import Share, rebuild_root


class Fault(StrEnum):
    """Whose fault a shut bid is. The bidder's counts as withdrawn by it; others are returned."""

    BIDDER = "bidder"
    CUSTODIANS = "custodians"
    OPERATOR = "operator"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class ShutBid:
    """A bid that did not open."""

    reason: Reason
    where: str
    fault: Fault
    final: bool
    """No further release can open it."""


@dataclass(frozen=True, slots=True)
class Released:
    """What has reached the session about one bid."""

    shares: Mapping[int, Share] = field(default_factory=dict)
    refused: Mapping[int, Reason] = field(default_factory=dict)
    root: bytes | None = None


def gather_released(
    policy: SealPolicy,
    session: SessionStatement,
    session_private: bytes,
    manifest: Manifest,
    releases: Sequence[Release],
    roots: Sequence[RootRelease] = (),
) -> Released:
    """Sort out the usable shares, and what custodians said of the others."""
    shares: dict[int, Share] = {}
    refused: dict[int, Reason] = {}
    for release in releases:
        number = release.verify(policy, session)
        released = release.share_of(manifest.nonce)
        if released is None:
            refused[number] = Reason.SHARE_MISSING
            continue
        try:
            shares[number] = received_share(session, session_private, manifest, number, released)
        except SealingError as error:
            refused[number] = error.reason
    return Released(shares, refused, _kept_root(session, session_private, manifest, roots))


def _kept_root(
    session: SessionStatement,
    session_private: bytes,
    manifest: Manifest,
    roots: Sequence[RootRelease],
) -> bytes | None:
    for release in roots:
        try:
            return received_root(session, session_private, manifest, release)
        except SealingError:
            continue
    return None


def open_or_say_why(
    policy: SealPolicy, envelope: Envelope, sealed_parts: Mapping[str, bytes], released: Released
) -> OpenedBid | ShutBid:
    """One bid of the opening. It never raises: the other bids must go on."""
    manifest = envelope.manifest
    try:
        check_parts(manifest, sealed_parts)
    except NotGenuine as error:  # the digests were checked when the receipt was given
        return ShutBid(error.reason, error.where, Fault.OPERATOR, final=True)
    try:
        root = released.root or rebuild_root(policy, manifest, released.shares)
    except NotEnough as error:
        return _too_few(policy, error, released)
    except SealingError as error:
        return ShutBid(error.reason, error.where, Fault.BIDDER, final=True)
    try:
        return open_bid(manifest, sealed_parts, root)
    except SealingError as error:
        return ShutBid(error.reason, error.where, Fault.BIDDER, final=True)


def _too_few(policy: SealPolicy, error: NotEnough, released: Released) -> ShutBid:
    if policy.threshold == 0:
        return ShutBid(error.reason, "root", Fault.BIDDER, final=False)
    blamed = [r for r in released.refused.values() if r.value in SHARE_FAULTS]
    if len(blamed) >= policy.threshold:
        return ShutBid(blamed[0], "envelope.sealed_shares", Fault.BIDDER, final=False)
    heard = len(released.shares) + len(released.refused)
    fault = Fault.CUSTODIANS if heard < policy.threshold else Fault.UNDETERMINED
    return ShutBid(error.reason, error.where, fault, final=False)
