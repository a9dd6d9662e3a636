"""The suite on this machine.

python -m deploy.local up                 start and serve until Ctrl-C
python -m deploy.local up --folder DIR    keep its data elsewhere than in build/up
python -m deploy.local migrate            bring the databases to the newest state, serve nothing
python -m deploy.local token auditor      print a token of one of its callers
python -m deploy.local backup --to DIR    copy all databases of a running suite, at one moment
python -m deploy.local restore --from DIR [--until 2026-03-02T09:00:00+08:00]
                                          put a stopped suite back to that point in time
python -m deploy.local remove             delete its data
"""

import argparse
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from deploy.local.backup import COPIES, CopyRefused, a_moment, back_up, restore
from deploy.local.clients import token_for
from deploy.local.folder import AlreadyRunning, RunFolder
from deploy.local.serving import PortTaken
from deploy.local.settings import addresses, local_settings
from deploy.local.suite import Suite
from deploy.local.supervisor import StartFailed
from shared.database.embedded import Cluster, DatabaseDidNotStart, ProgramFailed

FOLDER = Path("build/up")
COMMANDS = ("up", "migrate", "token", "backup", "restore", "remove")


def main(arguments: list[str]) -> int:
    chosen = asked(arguments)
    if chosen.command == "remove":
        return reporting(lambda: _remove(chosen.folder))
    if chosen.command == "token":
        print(token_for(chosen.caller, chosen.folder / "credentials.json"))
        return 0
    if chosen.command == "backup":
        return reporting(lambda: print(back_up(chosen.folder, chosen.to)))
    if chosen.command == "restore":
        user = local_settings().database_user
        return reporting(lambda: print(restore(chosen.folder, chosen.source, chosen.until, user)))
    serve = chosen.command == "up"
    return reporting(lambda: Suite(chosen.folder, local_settings(), addresses()).run(serve=serve))


def asked(arguments: list[str]) -> argparse.Namespace:
    """The command with its folder before, after or between its words, as people type them."""
    return _options().parse_intermixed_args(arguments)


def reporting(work: Callable[[], None]) -> int:
    """What went wrong as a sentence instead of a traceback, where we know what it is."""
    try:
        work()
    except (AlreadyRunning, DatabaseDidNotStart, PortTaken, StartFailed) as refusal:
        print(f"The suite did not start: {refusal}", file=sys.stderr)
        return 1
    except (CopyRefused, ProgramFailed) as refusal:
        print(f"Nothing was done: {refusal}", file=sys.stderr)
        return 1
    return 0


def _remove(folder: Path) -> None:
    if folder.exists():
        run = RunFolder(folder)
        run.take()
        Cluster(run.postgres, port=0).remove()
        shutil.rmtree(run.path)


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(
        prog="python -m deploy.local", description="Huishe on this machine"
    )
    options.add_argument("command", choices=COMMANDS)
    options.add_argument("caller", nargs="?", default="auditor", help="whose token (auditor)")
    options.add_argument(
        "--folder", type=Path, default=FOLDER, help="where its data lies (build/up)"
    )
    options.add_argument("--to", type=Path, default=COPIES, help="where copies are kept")
    options.add_argument("--from", type=Path, default=COPIES, dest="source", help="the same")
    options.add_argument("--until", type=a_moment, help="up to when; as far as possible")
    return options


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
