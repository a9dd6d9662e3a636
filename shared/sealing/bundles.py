"""The export bundle (开标档案包): everything an outsider needs to check an opening without asking.

One signed manifest lists the size and hash of every other file; a file more, a file less or a
changed byte is refused by name. Whom to trust is told from outside, never by the bundle.
"""

import io
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.sealing.bids import BidStatement, open_part
from shared.sealing.canonical import Fields, canonical, read_document
from shared.sealing.closings import Closing, ClosingLeaves
from shared.sealing.errors import Malformed, NotGenuine, Reason
from shared.sealing.forms import PriceForm
from shared.sealing.manifests import Envelope
from shared.sealing.minutes import Entry, Minutes, OpenedEntry
from shared.sealing.parts import KEY_SIZE
from shared.sealing.policies import SealPolicy
from shared.sealing.receipts import KEY_ID
from shared.sealing.sessions import Release, SessionStatement
from shared.sealing.signing import SigningKey, VerifyingKey, require_trusted, suite_of
from shared.sealing.suites import HASH_SIZE, SIGNATURE_SIZE, Suite

BUNDLE_FORMAT = "huishe-opening-bundle/1"
BUNDLE_LABEL = "opening-bundle"
REVEALED_FORMAT = "huishe-revealed-keys/1"
MANIFEST_NAME = "bundle.json"
SHOWN_PARTS = ("price", "signature")
"""The parts that everyone may read after the opening; the others stay with the panel."""

MOST_FILES = 50_000
LARGEST_FILE = 128 * 1024 * 1024
_PATH = r"[a-z0-9][a-z0-9._-]{0,99}(?:/[a-z0-9][a-z0-9._-]{0,99}){0,3}"
_EARLIEST_DATE = (1980, 1, 1, 0, 0, 0)
# Whatever `zipfile` raises for bytes that are no archive, or are cut off somewhere.
_NO_ARCHIVE = (
    zipfile.BadZipFile,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    struct.error,
)


@dataclass(frozen=True, slots=True)
class ListedFile:
    path: str
    size: int
    digest: bytes

    def as_dict(self) -> dict[str, Any]:
        return {"path": self.path, "size": self.size, "digest": self.digest.hex()}


@dataclass(frozen=True, slots=True)
class BundleManifest:
    """The signed list of a bundle's files."""

    suite: Suite
    tender: UUID
    files: tuple[ListedFile, ...]
    key_id: str
    signature: bytes

    def unsigned(self) -> dict[str, Any]:
        return {
            "format": BUNDLE_FORMAT,
            "suite": self.suite.id,
            "tender": str(self.tender),
            "files": [file.as_dict() for file in self.files],
            "key_id": self.key_id,
        }

    def encode(self) -> bytes:
        return canonical({**self.unsigned(), "signature": self.signature.hex()})

    @classmethod
    def parse(cls, data: bytes) -> "BundleManifest":
        fields = read_document(data, MANIFEST_NAME)
        fields.format(BUNDLE_FORMAT)
        manifest = cls(
            suite=suite_of(fields),
            tender=fields.uuid("tender"),
            files=tuple(_listed(entry) for entry in fields.many("files", most=MOST_FILES)),
            key_id=fields.matching("key_id", KEY_ID, "a key id"),
            signature=fields.octets("signature", SIGNATURE_SIZE),
        )
        fields.done()
        if len({file.path for file in manifest.files}) != len(manifest.files):
            raise Malformed(Reason.DUPLICATE, MANIFEST_NAME, "a path is listed twice")
        return manifest

    def check_files(self, files: Mapping[str, bytes]) -> None:
        """Exactly the listed files, each with exactly the listed bytes."""
        listed = {file.path: file for file in self.files}
        for path in sorted(set(files) - set(listed) - {MANIFEST_NAME}):
            raise NotGenuine(Reason.FILE_EXTRA, path)
        for path, file in sorted(listed.items()):
            if path not in files:
                raise NotGenuine(Reason.FILE_MISSING, path)
            if len(files[path]) != file.size or self.suite.hash(files[path]) != file.digest:
                raise NotGenuine(Reason.FILE_CHANGED, path)


def _listed(fields: Fields) -> ListedFile:
    file = ListedFile(
        fields.matching("path", _PATH, "a plain relative path"),
        fields.integer("size", 0, LARGEST_FILE),
        fields.octets("digest", HASH_SIZE),
    )
    fields.done()
    return file


def make_bundle(
    key: SigningKey,
    *,
    policy: SealPolicy,
    closing: Closing,
    leaves: ClosingLeaves,
    session: SessionStatement,
    releases: Mapping[str, Release],
    minutes: Minutes,
    envelopes: Mapping[bytes, Envelope],
    part_keys: Mapping[bytes, Mapping[str, bytes]],
    sealed_parts: Mapping[bytes, Mapping[str, bytes]],
) -> dict[str, bytes]:
    """All files of the bundle by path. The same opening gives the same bytes."""
    files = {
        "policy.json": policy.encode(),
        "closing.json": closing.encode(),
        "leaves.json": leaves.encode(),
        "session.json": session.encode(),
        "minutes.json": minutes.encode(),
    }
    for custodian, release in releases.items():
        files[f"releases/{custodian}.json"] = release.encode()
    for nonce, envelope in envelopes.items():
        files[f"bids/{nonce.hex()}/envelope.json"] = envelope.encode()
    for nonce, keys in part_keys.items():
        folder = f"bids/{nonce.hex()}"
        for name in SHOWN_PARTS:
            files[f"{folder}/{name}.part"] = sealed_parts[nonce][name]
        files[f"{folder}/revealed.json"] = revealed_keys(policy.suite, keys)
    return with_manifest(key, policy.tender, files)


def with_manifest(key: SigningKey, tender: UUID, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files, and the signed list of them."""
    listed = tuple(
        ListedFile(path, len(data), key.suite.hash(data)) for path, data in sorted(files.items())
    )
    unsigned = BundleManifest(key.suite, tender, listed, key.id, b"")
    signature = key.sign(BUNDLE_LABEL, unsigned.unsigned())
    manifest = BundleManifest(key.suite, tender, listed, key.id, signature)
    return {MANIFEST_NAME: manifest.encode(), **files}


def revealed_keys(suite: Suite, part_keys: Mapping[str, bytes]) -> bytes:
    return canonical(
        {
            "format": REVEALED_FORMAT,
            "suite": suite.id,
            "keys": {name: part_keys[name].hex() for name in SHOWN_PARTS},
        }
    )


def _read_revealed(data: bytes, where: str) -> dict[str, bytes]:
    fields = read_document(data, where)
    fields.format(REVEALED_FORMAT)
    suite_of(fields)
    keys = fields.fields("keys")
    found = {name: keys.octets(name, KEY_SIZE) for name in SHOWN_PARTS}
    keys.done()
    fields.done()
    return found


@dataclass(frozen=True, slots=True)
class VerifiedBundle:
    """What was found in order."""

    manifest: BundleManifest
    policy: SealPolicy
    closing: Closing
    minutes: Minutes
    checked: tuple[str, ...]


def verify_bundle(files: Mapping[str, bytes], trusted: VerifyingKey) -> VerifiedBundle:
    """Check a bundle from its first byte to the prices in its minutes. Refuses, naming the file."""
    manifest = _verify_manifest(files, trusted)
    policy = SealPolicy.parse(_file(files, "policy.json"))
    closing = Closing.parse(_file(files, "closing.json"))
    leaves = ClosingLeaves.parse(_file(files, "leaves.json"))
    session = SessionStatement.parse(_file(files, "session.json"))
    minutes = Minutes.parse(_file(files, "minutes.json"))
    if manifest.tender != policy.tender:
        raise NotGenuine(Reason.OTHER_POLICY, MANIFEST_NAME, "of another tender")
    closing.verify(trusted)
    closing.require_policy(policy)
    closing.require_leaves(leaves, trusted)
    session.verify(trusted)
    session.require_closing(closing)
    minutes.verify(trusted)
    _check_minutes(minutes, session, leaves)
    _check_releases(files, policy, session, minutes)
    for entry in minutes.bids:
        _check_bid(files, policy, entry)
    _check_paths(files, minutes)
    return VerifiedBundle(
        manifest,
        policy,
        closing,
        minutes,
        (
            f"{len(manifest.files)} files, every byte as signed",
            f"seal policy {policy.hash.hex()}",
            f"root {closing.root.hex()} over {len(leaves.receipts)} receipts",
            f"{len(minutes.custodians)} custodians released, {policy.threshold} needed",
            f"{len(minutes.bids)} bids in the minutes, each with its receipt under the root",
        ),
    )


def _verify_manifest(files: Mapping[str, bytes], trusted: VerifyingKey) -> BundleManifest:
    manifest = BundleManifest.parse(_file(files, MANIFEST_NAME))
    require_trusted(trusted, manifest.suite, manifest.key_id, f"{MANIFEST_NAME}.key_id")
    trusted.check(
        BUNDLE_LABEL, manifest.unsigned(), manifest.signature, f"{MANIFEST_NAME}.signature"
    )
    manifest.check_files(files)
    return manifest


def _file(files: Mapping[str, bytes], path: str) -> bytes:
    if path not in files:
        raise NotGenuine(Reason.FILE_MISSING, path)
    return files[path]


def _check_minutes(minutes: Minutes, session: SessionStatement, leaves: ClosingLeaves) -> None:
    about = (session.tender, session.policy_hash, session.root, session.session)
    if about != (minutes.tender, minutes.policy_hash, minutes.root, minutes.session):
        raise NotGenuine(Reason.MINUTES, "minutes.json", "of another opening")
    if minutes.opened_at < session.started_at:
        raise NotGenuine(Reason.TOO_EARLY, "minutes.json.opened_at")
    recorded = sorted(entry.receipt.encode() for entry in minutes.bids)
    if recorded != sorted(receipt.encode() for receipt in leaves.receipts):
        raise NotGenuine(Reason.COUNTED_SET, "minutes.json", "not the receipts under the root")


def _check_releases(
    files: Mapping[str, bytes], policy: SealPolicy, session: SessionStatement, minutes: Minutes
) -> None:
    for custodian in minutes.custodians:
        path = f"releases/{custodian}.json"
        release = Release.parse(_file(files, path))
        release.verify(policy, session)
        if release.custodian != custodian:
            raise NotGenuine(Reason.MINUTES, path, "of another custodian")


def _check_bid(files: Mapping[str, bytes], policy: SealPolicy, entry: Entry) -> None:
    folder = f"bids/{entry.receipt.nonce.hex()}"
    envelope = Envelope.parse(_file(files, f"{folder}/envelope.json"))
    entry.receipt.require_about(envelope.manifest)
    envelope.manifest.require_policy(policy)
    if not isinstance(entry, OpenedEntry):
        return
    keys = _read_revealed(_file(files, f"{folder}/revealed.json"), f"{folder}/revealed.json")
    contents = {
        name: open_part(envelope.manifest, name, _file(files, f"{folder}/{name}.part"), keys[name])
        for name in SHOWN_PARTS
    }
    statement = BidStatement.parse(contents["signature"])
    statement.check(envelope.manifest)
    statement.check_content("price", keys["price"], contents["price"])
    form = PriceForm.parse(contents["price"])
    read_out = (entry.credit_code, entry.name, entry.price, entry.personnel, entry.signing_public)
    sealed = (form.credit_code, form.name, form.price, form.personnel, statement.signing_public)
    if read_out != sealed:
        raise NotGenuine(Reason.MINUTES, folder, "the minutes differ from the sealed form")


def _check_paths(files: Mapping[str, bytes], minutes: Minutes) -> None:
    """Every file has been looked at: a signed file without a meaning is refused too."""
    known = {MANIFEST_NAME, "policy.json", "closing.json", "leaves.json", "session.json"}
    known |= {"minutes.json", *(f"releases/{custodian}.json" for custodian in minutes.custodians)}
    for entry in minutes.bids:
        folder = f"bids/{entry.receipt.nonce.hex()}"
        known.add(f"{folder}/envelope.json")
        if isinstance(entry, OpenedEntry):
            known |= {f"{folder}/{name}.part" for name in SHOWN_PARTS}
            known.add(f"{folder}/revealed.json")
    for path in sorted(set(files) - known):
        raise NotGenuine(Reason.FILE_EXTRA, path)


def pack(files: Mapping[str, bytes]) -> bytes:
    """One archive; the same files give the same bytes."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
        for path, data in sorted(files.items()):
            entry = zipfile.ZipInfo(path, _EARLIEST_DATE)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, data)
    return archive.getvalue()


def unpack(archive: bytes) -> dict[str, bytes]:
    """The files of an archive, which must be exactly the one that `pack` makes of them."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as packed:
            entries = packed.infolist()
            if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
                raise Malformed(Reason.NOT_CANONICAL, "archive", "bundles are not compressed")
            if sum(entry.file_size for entry in entries) > len(archive):
                raise Malformed(Reason.TOO_LARGE, "archive", "more inside than there are bytes")
            files = {entry.filename: packed.read(entry.filename) for entry in entries}
    except _NO_ARCHIVE as error:
        raise Malformed(Reason.UNREADABLE, "archive") from error
    if pack(files) != archive:
        raise Malformed(Reason.NOT_CANONICAL, "archive", "not packed as bundles are")
    return files
