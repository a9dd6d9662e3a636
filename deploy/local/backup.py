"""Copies of the embedded databases, and restoring them to any point in time.

A copy is of the whole cluster, so all five databases are of one moment. With the log of changes
archived beside it (`HUISHE_ARCHIVE`), any later moment can be had. Neither holds secrets or keys:
those are kept apart, and are in place before anything is restored.
"""

import argparse
import shlex
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from deploy.local.folder import RunFolder
from shared.database.embedded import Cluster, SystemUser, free_port

COPIES = Path("build/copies")
STAMP = "%Y%m%dT%H%M%S.%fZ"
REPLAYED_WITHIN = 24 * 3600.0


class CopyRefused(Exception):
    """No copy was made, or none can be restored; the message says why and what to do."""


def log_of_changes(copies: Path) -> Path:
    return copies / "wal"


def a_moment(text: str) -> datetime:
    """An instant with its offset: a point in time is the same for everybody."""
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment
    raise argparse.ArgumentTypeError("an instant such as 2026-03-02T09:00:00+08:00")


def back_up(folder: Path, copies: Path) -> Path:
    """Copy all databases of a running suite while it goes on; where the copy is.

    It is checked file by file before it gets its name, and a name is the moment it was whole.
    """
    cluster = Cluster(RunFolder(folder).postgres, port=0)
    cluster.port = cluster.running_at or 0
    if not cluster.port:
        raise CopyRefused(f"no suite runs in {folder}: its databases are copied while it does")
    copies.mkdir(parents=True, exist_ok=True)
    part = copies / ".unfinished"
    shutil.rmtree(part, ignore_errors=True)
    cluster.ask_program(
        *("pg_basebackup", "--pgdata", str(part), "--checkpoint", "fast", "--wal-method", "stream"),
        *("--manifest-checksums", "SHA256"),
    )
    cluster.ask_program("pg_verifybackup", "--quiet", str(part))
    return part.rename(copies / datetime.now(UTC).strftime(STAMP))


def restore(
    folder: Path, copies: Path, until: datetime | None = None, database_user: str | None = None
) -> str:
    """Put a stopped suite's databases back to a point in time, or as far as anything is known.

    What is there now is set aside, never deleted; the last changes are read from it if they are
    not in the archive yet.
    """
    run = RunFolder(folder)
    user = SystemUser.for_database(database_user)
    log = log_of_changes(copies)
    # What happens from here on is another history: that it began is told in the archive, too.
    cluster = Cluster(run.postgres, free_port(), user, archive=log if log.exists() else None)
    if not (run.postgres / "superuser.password").exists():
        raise CopyRefused(
            f"{run.postgres / 'superuser.password'} is not there:"
            " put back secrets and keys first, they are kept apart from copies"
        )
    run.take()
    copy = _newest_before(copies, until)
    cluster.ask_program("pg_verifybackup", "--quiet", str(copy))
    before = cluster.begin_from(copy, f"data-until-{datetime.now(UTC).strftime(STAMP)}")
    if before is not None:  # how far a sandbox's time was moved stands in no log of changes
        shutil.copy2(before / "postgresql.auto.conf", cluster.data / "postgresql.auto.conf")
    cluster.prepare()
    # Nobody is let in before it is where it shall be, so it is ready only then.
    told = {"restore_command": _from(log, before), "hot_standby": "off"}
    if until is not None:
        told |= {"recovery_target_time": until.isoformat(), "recovery_target_action": "promote"}
    try:
        cluster.start(within=REPLAYED_WITHIN, **told)
    finally:
        cluster.stop()
    kept = f"; what was there before is in {before}" if before else ""
    return f"restored from {copy}{f' up to {until.isoformat()}' if until else ''}{kept}"


def _newest_before(copies: Path, until: datetime | None) -> Path:
    known = [copy for copy, whole in _copies(copies) if until is None or whole <= until]
    if not known:
        raise CopyRefused(f"there is no copy in {copies} from before that moment")
    return known[-1]


def _copies(copies: Path) -> Iterator[tuple[Path, datetime]]:
    """Each copy with the moment from which on it can be used."""
    for path in sorted(copies.glob("*T*Z")):
        yield path, datetime.strptime(path.name, STAMP).replace(tzinfo=UTC)


def _from(archive: Path, before: Path | None) -> str:
    """How the server gets a piece of the log: from the archive, else from the cluster set aside."""
    places = [archive.resolve(), *([before / "pg_wal"] if before else [])]
    tried = (f"cp {shlex.quote(str(place).replace('%', '%%'))}/%f %p" for place in places)
    return " 2>/dev/null || ".join(tried)
