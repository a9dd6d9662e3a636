"""What anyone does: check an opening from its bundle, offline."""

from pathlib import Path
from uuid import UUID

from shared.bidkit.folders import read, write_new
from shared.bidkit.suite import Suite
from shared.sealing.bundles import LARGEST_FILE, MOST_FILES, VerifiedBundle, unpack, verify_bundle
from shared.sealing.errors import Malformed, NotGenuine, Reason
from shared.sealing.signing import VerifyingKey


def fetch_bundle(suite: Suite, tender: UUID, out: Path) -> int:
    """Download an opening's bundle and lay its files into a folder; how many there are."""
    files = unpack(suite.get_bytes(f"/procurement/v1/openings/{tender}/bundle"))
    for path, data in files.items():
        if not _plain(path):
            raise NotGenuine(Reason.FILE_EXTRA, path, "not a plain relative path")
        write_new(out / path, data)
    return len(files)


def check_bundle(bundle: Path, trusted: VerifyingKey) -> VerifiedBundle:
    """A folder or an archive; trust comes from the key given here, never from the bundle."""
    return verify_bundle(_files(bundle), trusted)


def _files(bundle: Path) -> dict[str, bytes]:
    if not bundle.is_dir():
        return unpack(read(bundle))
    found: dict[str, bytes] = {}
    for path in sorted(bundle.rglob("*")):
        name = path.relative_to(bundle).as_posix()
        if path.is_symlink():
            raise NotGenuine(Reason.FILE_EXTRA, name, "links are not followed")
        if path.is_dir():
            continue
        if path.stat().st_size > LARGEST_FILE or len(found) >= MOST_FILES:
            raise Malformed(Reason.TOO_LARGE, name)
        found[name] = read(path)
    return found


def _plain(path: str) -> bool:
    parts = path.split("/")
    return all(part not in ("", ".", "..") for part in parts) and "\\" not in path
