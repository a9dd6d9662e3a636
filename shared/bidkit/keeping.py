"""What a custodian does: make keys, register them, and release shares after checking everything."""

from datetime import datetime
from uuid import UUID

from shared.bidkit.folders import CustodianFolder, write_new
from shared.bidkit.suite import Suite
from shared.sealing.canonical import canonical, read_document
from shared.sealing.closings import Closing, ClosingLeaves
from shared.sealing.errors import NotGenuine, Reason
from shared.sealing.keyfiles import lock_custodian, new_custodian_key
from shared.sealing.manifests import Envelope
from shared.sealing.policies import CustodianCard, SealPolicy
from shared.sealing.sessions import (
    MOST_BIDS,
    Release,
    SessionStatement,
    check_opening,
    release_shares,
)
from shared.sealing.signing import VerifyingKey
from shared.sealing.suites import SUITE_A


def init_custodian(folder: CustodianFolder, name: str, passphrase: str) -> CustodianCard:
    """Two keys, one that shares are sealed to and one that signs; private under the passphrase."""
    key = new_custodian_key(SUITE_A, name)
    write_new(folder.key_file, lock_custodian(key, passphrase), private=True)
    write_new(folder.card_file, key.card.encode())
    return key.card


def register(suite: Suite, folder: CustodianFolder, organ: str) -> str:
    """Register the public card; the answer's id names the custodian in the suite."""
    body = {"organ": organ, "card": folder.card().as_dict()}
    return str(suite.post("/procurement/v1/custodians", body)["id"])


def release(
    suite: Suite,
    folder: CustodianFolder,
    tender: UUID,
    passphrase: str,
    trusted: VerifyingKey,
    *,
    now: datetime,
    policy_hash: str | None,
) -> Release:
    """Check policy, time, root and session; open the shares here; re-seal them to the session."""
    fields = read_document(suite.get_bytes(f"/procurement/v1/openings/{tender}/lodged"), "lodged")
    policy = SealPolicy.parse(canonical(fields.take("policy")))
    closing = Closing.read(fields.fields("closing"))
    session = SessionStatement.read(fields.fields("session"))
    leaves = ClosingLeaves.parse(canonical(fields.take("leaves")))
    envelopes = [Envelope.read(entry) for entry in fields.many("envelopes", most=MOST_BIDS)]
    fields.done()
    if policy.tender != tender or policy_hash not in (None, policy.hash.hex()):
        raise NotGenuine(Reason.OTHER_POLICY, "policy", "not the one that was published")
    check_opening(policy, closing, leaves, session, envelopes, trusted=trusted, now=now)
    released = release_shares(policy, session, envelopes, folder.key(passphrase))
    suite.post_document(f"/procurement/v1/openings/{tender}/releases", released.encode())
    return released
