"""Other people's machines: each custodian and bidder works in its own folder, in its own processes.

They have `bidkit`, the gateway's address and their own secret, and nothing of the suite: no
database address, no key file, no other person's folder.
"""

import os
import secrets
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from deploy.demo.stage import Stage, StepFailed

KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TMPDIR")
"""What a process is told of this machine; the suite's settings are not among it."""


@dataclass
class Desk:
    """One person's folder, passphrase and client."""

    stage: Stage
    who: str
    folder: Path = field(init=False)
    passphrase: str = field(default_factory=lambda: secrets.token_urlsafe(12), repr=False)

    def __post_init__(self) -> None:
        self.folder = self.stage.folder / "desks" / self.who
        self.folder.mkdir(parents=True, mode=0o700)

    def run(self, *arguments: str, refused: bool = False) -> str:
        """`bidkit …` in this folder; what it said. With `refused` it must refuse."""
        told = {name: os.environ[name] for name in KEPT if name in os.environ}
        done = subprocess.run(
            [sys.executable, "-m", "shared.bidkit", *arguments],
            cwd=self.folder,
            env={
                **told,
                "PYTHONPATH": str(Path.cwd()),
                "BIDKIT_GATEWAY": self.stage.front_door,
                "BIDKIT_CLIENT": self.who,
                "BIDKIT_CLIENT_SECRET": self.stage.credentials.get(self.who, ""),
                "BIDKIT_PASSPHRASE": self.passphrase,
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if (done.returncode != 0) is not refused:
            wanted = "refuse" if refused else "succeed"
            raise StepFailed(
                f"bidkit {' '.join(arguments[:2])} of {self.who} did not {wanted}: "
                f"{(done.stdout + done.stderr)[-1500:]}"
            )
        return (done.stderr if refused else done.stdout).strip()


def side_by_side(desks: list[Desk], *commands: tuple[str, ...]) -> None:
    """Each desk runs the commands one after the other; the desks work at the same time."""

    def work(desk: Desk) -> None:
        for command in commands:
            desk.run(*(part.format(who=desk.who) for part in command))

    with ThreadPoolExecutor(len(desks)) as people:
        for done in [people.submit(work, desk) for desk in desks]:
            done.result()
