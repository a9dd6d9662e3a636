"""The folder of one suite: its secrets, its logs, its data, and a lock so that it runs once."""

import fcntl
import json
import os
import secrets
import time
from contextlib import suppress
from pathlib import Path

from deploy.local.settings import PARTS
from shared.database.embedded import private_file
from shared.database.provisioning import Ownership


class AlreadyRunning(Exception):
    """Another suite lives in this folder."""


class RunFolder:
    """Everything one suite keeps, under one path that may be deleted as a whole."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.path.mkdir(parents=True, exist_ok=True)
        self.logs.mkdir(exist_ok=True)
        (self.path / "environment").mkdir(mode=0o700, exist_ok=True)

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def credentials(self) -> Path:
        """Who may call, and their secrets."""
        return self.path / "credentials.json"

    @property
    def addresses(self) -> Path:
        """Where to call. It is there exactly while the suite is ready."""
        return self.path / "addresses.json"

    @property
    def processes(self) -> Path:
        return self.path / "processes.json"

    def log_of(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def environment_of(self, part: str) -> Path:
        return self.path / "environment" / f"{part}.env"

    def take(self, within: float = 5.0) -> None:
        """Make sure nobody else runs here. The lock falls when the last process of the suite ends."""
        lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + within
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise AlreadyRunning(f"a suite already runs in {self.path}") from None
                time.sleep(0.05)
            else:
                return

    def write_json(self, path: Path, content: object) -> None:
        with private_file(path) as file:
            json.dump(content, file, ensure_ascii=False, indent=2)

    def forget_addresses(self) -> None:
        with suppress(FileNotFoundError):
            self.addresses.unlink()


class Secrets:
    """Drawn once for a new suite and kept in one file that only its owner reads."""

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder
        self._file = folder.path / "secrets.json"
        self._kept: dict[str, str] = {}
        if self._file.exists():
            self._kept = json.loads(self._file.read_text())

    def of(self, name: str) -> str:
        if name not in self._kept:
            self._kept[name] = secrets.token_urlsafe(36)
            self._folder.write_json(self._file, self._kept)
        return self._kept[name]

    def ownership_of(self, part: str) -> Ownership:
        return Ownership(part, self.of(f"{part} migrator"), self.of(f"{part} runtime"))

    def ownerships(self) -> list[Ownership]:
        return [self.ownership_of(part) for part in PARTS]
