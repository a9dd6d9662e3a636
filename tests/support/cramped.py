"""A suite with everything it keeps on one small disk that a test can fill to the last byte.

The disk is a tmpfs in a mount namespace of the suite's own: it is gone with the suite, whatever
happens to us. Who is not root gets the right to mount it from a user namespace.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.suite import RunningSuite, running_suite

MEBIBYTE = 1024 * 1024
ROOM = 400 * MEBIBYTE
_MOUNT = 'mount -t tmpfs -o "size=$1,mode=0755" tmpfs "$2" && shift 2 && exec "$@"'


@dataclass(frozen=True)
class Disk:
    folder: Path

    @property
    def free(self) -> int:
        found = os.statvfs(self.folder)
        return found.f_bavail * found.f_frsize

    def fill(self) -> None:
        """To the last byte."""
        with (self.folder / "ballast").open("ab", buffering=0) as ballast:
            try:
                while ballast.write(bytes(min(MEBIBYTE, max(self.free, 1)))):
                    pass
            except OSError:
                return

    def leave(self, room: int) -> None:
        """Fill it up but for so many bytes."""
        spare = self.folder / "spare"
        spare.write_bytes(bytes(room))
        self.fill()
        spare.unlink()

    def empty(self) -> None:
        (self.folder / "ballast").unlink(missing_ok=True)


@dataclass(frozen=True)
class Cramped:
    suite: RunningSuite
    disk: Disk


@contextmanager
def cramped_suite(room: int = ROOM, **settings: str) -> Iterator[Cramped]:
    with tempfile.TemporaryDirectory(prefix="huishe-") as place:
        folder = Path(place)
        folder.chmod(0o711)
        (folder / "run").mkdir()
        command = [*_namespace(), "sh", "-c", _MOUNT, "sh", str(room), str(folder / "run")]
        with running_suite(folder, through=command, **settings) as suite:
            disk = Disk(suite.folder)
            try:
                yield Cramped(suite, disk)
            finally:
                disk.empty()


def _namespace() -> list[str]:
    own_rights = [] if os.geteuid() == 0 else ["--user", "--map-current-user", "--keep-caps"]
    return ["unshare", "--mount", *own_rights]
