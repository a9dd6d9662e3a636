"""What a bidder does: make a key, seal offline, submit, withdraw, keep the proof."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from shared.bidkit.folders import BidderFolder, BidFolder, read, write_new
from shared.bidkit.suite import Suite
from shared.sealing.bids import seal_bid, withdraw_bid
from shared.sealing.canonical import canonical, read_document
from shared.sealing.closings import Closing
from shared.sealing.errors import NotGenuine, Reason
from shared.sealing.forms import IdentityLetter, PriceForm
from shared.sealing.keyfiles import lock_signing, new_signing_key
from shared.sealing.manifests import PARTS, Envelope, Manifest, Withdrawal
from shared.sealing.merkle import InclusionProof
from shared.sealing.policies import SealPolicy
from shared.sealing.receipts import Receipt
from shared.sealing.sessions import SessionStatement, release_root
from shared.sealing.signing import VerifyingKey
from shared.sealing.suites import SUITE_A

PIECE = 1024 * 1024
COMMIT_FORMAT = "huishe-bid-commit/1"
Tell = Callable[[str], None]


def init_bidder(folder: BidderFolder, name: str, passphrase: str) -> VerifyingKey:
    """A signing key; the private half under the passphrase."""
    key = new_signing_key(SUITE_A)
    write_new(folder.key_file, lock_signing(key, name, passphrase), private=True)
    write_new(folder.public_file, key.verifying.encode())
    return key.verifying


def fetch_policy(suite: Suite, tender: UUID, expected_hash: str | None) -> SealPolicy:
    """The tender's seal policy, checked against the hash that the notice prints."""
    policy = SealPolicy.parse(suite.get_bytes(f"/procurement/v1/tenders/{tender}/seal-policy"))
    if policy.tender != tender:
        raise NotGenuine(Reason.OTHER_POLICY, "policy.tender")
    if expected_hash is not None and policy.hash.hex() != expected_hash:
        raise NotGenuine(Reason.OTHER_POLICY, "policy", "not the one that the notice prints")
    return policy


def seal(
    bidder: BidderFolder,
    out: BidFolder,
    policy: SealPolicy,
    price: PriceForm,
    letter: IdentityLetter,
    technical: bytes,
    passphrase: str,
    *,
    keep_root: bool,
) -> Manifest:
    """Seal a bid into a folder. Needs no network."""
    PriceForm.parse(price.encode())
    IdentityLetter.parse(letter.encode())
    contents = {"price": price.encode(), "identity": letter.encode(), "technical": technical}
    bid = seal_bid(policy, contents, bidder.key(passphrase))
    out.keep(policy, bid, passphrase if keep_root else None)
    return bid.manifest


def submit(suite: Suite, folder: BidFolder, trusted: VerifyingKey | None, tell: Tell) -> Receipt:
    """Upload what is missing, commit, and keep the receipt. Can be run again at any point."""
    known = folder.receipt()
    if known is not None:
        tell("已有回执 the receipt is here already")
        return known
    envelope = folder.envelope()
    parts = folder.parts(envelope.manifest)
    bid_id = _begin(suite, folder, "bid")
    _upload(suite, bid_id, parts, tell)
    receipt = _commit(suite, bid_id, folder.policy(), "bid", envelope, trusted)
    receipt.require_about(envelope.manifest)
    write_new(folder.receipt_file, receipt.encode())
    return receipt


def withdraw(
    suite: Suite, folder: BidFolder, passphrase: str, trusted: VerifyingKey | None
) -> Receipt:
    """Take the bid back before the deadline; needs the root that was kept when it was sealed."""
    withdrawal = folder.withdrawal()
    if withdrawal is None:
        withdrawal = withdraw_bid(folder.envelope().manifest, folder.root(passphrase))
        write_new(folder.withdrawal_file, withdrawal.encode())
    bid_id = _begin(suite, folder, "withdrawal")
    receipt = _commit(suite, bid_id, folder.policy(), "withdrawal", withdrawal, trusted)
    receipt.require_about(withdrawal)
    if not folder.withdrawal_receipt_file.exists():
        write_new(folder.withdrawal_receipt_file, receipt.encode())
    return receipt


def complete(suite: Suite, folder: BidFolder, trusted: VerifyingKey) -> Closing:
    """Fetch and check the proof that the bid is under the root published at the deadline."""
    receipt = Receipt.parse(read(folder.receipt_file))
    path = f"/procurement/v1/openings/{folder.policy().tender}/proofs/{receipt.nonce.hex()}"
    answer = suite.get_bytes(path)
    closing = check_proof(receipt, answer, trusted)
    if not folder.proof_file.exists():
        write_new(folder.proof_file, answer)
    return closing


def check_proof(receipt: Receipt, proof: bytes, trusted: VerifyingKey) -> Closing:
    """The receipt, the signed root, and the way from one to the other."""
    fields = read_document(proof, "proof")
    closing = Closing.read(fields.fields("closing"))
    inclusion = InclusionProof.read(fields.fields("proof"))
    fields.done()
    receipt.verify(trusted)
    closing.verify(trusted)
    closing.require_included(receipt, inclusion)
    return closing


def release_kept_root(
    suite: Suite, folder: BidFolder, passphrase: str, trusted: VerifyingKey
) -> UUID:
    """Give the kept root to the opening session, sealed to its key."""
    policy, manifest = folder.policy(), folder.envelope().manifest
    opening = suite.get(f"/procurement/v1/openings/{policy.tender}")
    closing = Closing.parse(canonical(opening["closing"]))
    closing.verify(trusted)
    closing.require_policy(policy)
    session = SessionStatement.parse(canonical(opening["session"]))
    session.verify(trusted)
    session.require_closing(closing)
    release = release_root(session, manifest, folder.root(passphrase))
    suite.post_document(f"/procurement/v1/openings/{policy.tender}/root-releases", release.encode())
    return session.session


def _begin(suite: Suite, folder: BidFolder, what: str) -> str:
    """The id of the upload: the one begun before, if there is one."""
    bid_id = folder.upload_id(what)
    if bid_id is None:
        bid_id = str(suite.post("/procurement/v1/bids")["id"])
        folder.note_upload(what, bid_id)
    return bid_id


def _upload(suite: Suite, bid_id: str, parts: dict[str, bytes], tell: Tell) -> None:
    """Send what has not come yet, in pieces."""
    status = suite.get(f"/procurement/v1/bids/{bid_id}")
    received = {part["part"]: part["received"] for part in status["parts"]}
    for number, name in enumerate(PARTS, start=1):
        content = parts[name]
        for start in range(received.get(number, 0), len(content), PIECE):
            piece = content[start : start + PIECE]
            digest = hashlib.sha256(piece).digest()
            path = f"/procurement/v1/bids/{bid_id}/parts/{number}"
            suite.put_piece(path, piece, digest, start, len(content))
        tell(f"{name}: {len(content)} bytes")


def _commit(
    suite: Suite,
    bid_id: str,
    policy: SealPolicy,
    kind: str,
    lodged: Envelope | Withdrawal,
    trusted: VerifyingKey | None,
) -> Receipt:
    document = canonical(
        {
            "format": COMMIT_FORMAT,
            "tender": str(policy.tender),
            "kind": kind,
            "lodged": lodged.as_dict(),
        }
    )
    answer = suite.post_document(f"/procurement/v1/bids/{bid_id}/commit", document)
    receipt = Receipt.parse(answer)
    if trusted is not None:
        receipt.verify(trusted)
    return receipt


def read_trusted(path: Path) -> VerifyingKey:
    """A public key that somebody gave out by another way than the answers it is to check."""
    data = read(path)
    return VerifyingKey.parse(data.rstrip(b"\n"))
