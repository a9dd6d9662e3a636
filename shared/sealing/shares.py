"""The bid's root, split t-of-n, and each share sealed to one custodian.

Shamir's scheme is `pycryptodomex`'s. The salts are derived from the root, so that whoever has
rebuilt it can check *every* share hash: a bidder cannot hand out shares that open or stay shut
depending on which custodians come.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from Cryptodome.Protocol.SecretSharing import Shamir

from shared.sealing.errors import NotEnough, NotGenuine, Reason
from shared.sealing.manifests import SALT_SIZE, SHARE_SIZE, Envelope, Manifest, ShareMark
from shared.sealing.policies import SealPolicy
from shared.sealing.suites import HASH_SIZE, Suite, binding, digest

ROOT_SIZE = 16
"""128 bits of strength; exactly what the splitting takes."""


@dataclass(frozen=True, slots=True)
class Share:
    """One custodian's share of a root, with the salt of its hash."""

    number: int
    value: bytes
    salt: bytes

    def encode(self) -> bytes:
        return self.value + self.salt

    @classmethod
    def decode(cls, number: int, data: bytes) -> "Share":
        return cls(number, data[:SHARE_SIZE], data[SHARE_SIZE:])

    def __repr__(self) -> str:
        return f"Share({self.number})"


def commitment_of(suite: Suite, root: bytes, policy_hash: bytes, nonce: bytes) -> bytes:
    """What a bid shows of its root in public: enough to recognise it, useless to guess it."""
    return suite.derive(root, binding(suite, "commitment", policy_hash, nonce), HASH_SIZE)


def split_root(policy: SealPolicy, nonce: bytes, root: bytes) -> list[Share]:
    pairs: Sequence[tuple[int, bytes]] = Shamir.split(
        policy.threshold, len(policy.custodians), root, ssss=False
    )
    return [
        Share(number, value, _salt(policy.suite, policy.hash, nonce, root, number))
        for number, value in pairs
    ]


def seal_share(policy: SealPolicy, nonce: bytes, commitment: bytes, share: Share) -> bytes:
    """The share sealed to its custodian, with all that binds it in `info`."""
    info = _share_info(policy.suite, policy.hash, nonce, commitment, share.number)
    custodian = policy.custodians[share.number - 1]
    return policy.suite.seal(custodian.sealing_public, share.encode(), info)


def mark_of(policy: SealPolicy, nonce: bytes, share: Share, sealed: bytes) -> ShareMark:
    return ShareMark(
        salted_hash=_salted_hash(policy.suite, policy.hash, nonce, share),
        sealed_hash=digest(policy.suite, "sealed-share", sealed),
    )


def open_share(envelope: Envelope, number: int, private: bytes) -> Share:
    """A custodian opens its share of one bid; a share that is not the one promised is refused."""
    manifest = envelope.manifest
    where = f"share {number}"
    if not 1 <= number <= len(envelope.sealed_shares):
        raise NotGenuine(Reason.SHARE_MISSING, where)
    info = _share_info(
        manifest.suite, manifest.policy_hash, manifest.nonce, manifest.commitment, number
    )
    opened = manifest.suite.unseal(private, envelope.sealed_shares[number - 1], info)
    if opened is None or len(opened) != SHARE_SIZE + SALT_SIZE:
        raise NotGenuine(Reason.SHARE_DOES_NOT_OPEN, where)
    share = Share.decode(number, opened)
    check_share(manifest, share)
    return share


def check_share(manifest: Manifest, share: Share) -> None:
    """Without this a wrong share would give a wrong root in silence."""
    where = f"share {share.number}"
    if not 1 <= share.number <= len(manifest.shares):
        raise NotGenuine(Reason.SHARE_MISSING, where)
    found = _salted_hash(manifest.suite, manifest.policy_hash, manifest.nonce, share)
    if found != manifest.shares[share.number - 1].salted_hash:
        raise NotGenuine(Reason.SHARE_HASH, where)


def rebuild_root(policy: SealPolicy, manifest: Manifest, shares: Mapping[int, Share]) -> bytes:
    """The root from any `t` shares, each checked against the manifest and all against each other."""
    for share in shares.values():
        check_share(manifest, share)
    if policy.threshold == 0 or len(shares) < policy.threshold:
        raise NotEnough(
            Reason.TOO_FEW_SHARES, "shares", f"{len(shares)} of {policy.threshold} needed"
        )
    used = [
        (number, share.value) for number, share in islice(sorted(shares.items()), policy.threshold)
    ]
    root: bytes = Shamir.combine(used, ssss=False)
    check_root(manifest, root)
    for number, mark in enumerate(manifest.shares, start=1):
        salt = _salt(manifest.suite, manifest.policy_hash, manifest.nonce, root, number)
        promised = Share(number, _share_at(number, used), salt)
        found = _salted_hash(manifest.suite, manifest.policy_hash, manifest.nonce, promised)
        if found != mark.salted_hash:
            raise NotGenuine(Reason.SHARES_INCONSISTENT, f"share {number}")
    return root


def check_root(manifest: Manifest, root: bytes) -> None:
    found = commitment_of(manifest.suite, root, manifest.policy_hash, manifest.nonce)
    if len(root) != ROOT_SIZE or found != manifest.commitment:
        raise NotGenuine(Reason.COMMITMENT, "manifest.commitment")


def _share_at(number: int, known: Sequence[tuple[int, bytes]]) -> bytes:
    """The share with this number on the curve through the known ones.

    `combine` gives the value at 0; moving every point by `number` (addition in the field is XOR)
    makes that the value at `number`.
    """
    for at, value in known:
        if at == number:
            return value
    moved: bytes = Shamir.combine([(at ^ number, value) for at, value in known], ssss=False)
    return moved


def _salt(suite: Suite, policy_hash: bytes, nonce: bytes, root: bytes, number: int) -> bytes:
    info = binding(suite, "share-salt", policy_hash, nonce, bytes([number]))
    return suite.derive(root, info, SALT_SIZE)


def _salted_hash(suite: Suite, policy_hash: bytes, nonce: bytes, share: Share) -> bytes:
    number = bytes([share.number])
    return digest(suite, "share", policy_hash, nonce, number, share.salt, share.value)


def _share_info(
    suite: Suite, policy_hash: bytes, nonce: bytes, commitment: bytes, number: int
) -> bytes:
    return binding(suite, "seal-share", policy_hash, nonce, bytes([number]), commitment)
