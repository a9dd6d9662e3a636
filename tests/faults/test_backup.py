"""Copies of the embedded databases, taken and restored while people write.

A ledger of what was acknowledged, and when, says what has to be there after a restore and what
must not: everything before the point in time, nothing after it, and the databases of one moment.
"""

import asyncio
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from deploy.local.__main__ import main
from deploy.local.backup import CopyRefused, back_up, log_of_changes, restore
from shared.database.embedded import Cluster, ProgramFailed, free_port
from tests.support.apart import eventually as come_about
from tests.support.forms import Figure, Form
from tests.support.suite import eventually

PARTS = ("cause", "effect")
"""Two databases; what is written to the second follows from what was written to the first."""


@dataclass
class Ledger:
    """Who writes, and what was acknowledged: the number, when it was sent, and when it was there."""

    port: int
    password: str
    known: list[tuple[int, datetime, datetime]] = field(default_factory=list)
    stopped: bool = False

    async def connect(self, part: str) -> asyncpg.Connection:
        return await asyncpg.connect(
            f"postgresql://postgres:{self.password}@127.0.0.1:{self.port}/{part}"
        )

    async def write(self) -> None:
        """One number after the other, first the cause and then its effect."""
        cause, effect = [await self.connect(part) for part in PARTS]
        while not self.stopped:
            number, sent = len(self.known) + 1, datetime.now(UTC)
            await cause.execute("INSERT INTO done VALUES ($1)", number)
            await effect.execute("INSERT INTO done VALUES ($1)", number)
            self.known.append((number, sent, datetime.now(UTC)))
        await cause.close()
        await effect.close()

    async def written(self, more: int) -> None:
        """Until so many more are acknowledged."""
        wanted = len(self.known) + more

        async def are() -> bool:
            return len(self.known) >= wanted

        await come_about(are, f"{more} more are acknowledged")

    async def kept(self, part: str) -> list[int]:
        connection = await self.connect(part)
        rows = await connection.fetch("SELECT number FROM done ORDER BY number")
        await connection.close()
        return [row["number"] for row in rows]


class Place:
    """The folder of a suite of which only the database runs, and the folder of its copies."""

    def __init__(self, home: Path) -> None:
        self.folder, self.copies = home / "run", home / "copies"
        self.cluster = self.a_cluster()

    def a_cluster(self) -> Cluster:
        return Cluster(self.folder / "postgres", free_port(), archive=log_of_changes(self.copies))

    async def begin(self) -> Ledger:
        self.cluster.prepare()
        self.cluster.start()
        ledger = Ledger(self.cluster.port, self.cluster.password)
        superuser = await self.cluster.connect()
        for part in PARTS:
            await superuser.execute(f"CREATE DATABASE {part}")
            database = await self.cluster.connect(part)
            await database.execute("CREATE TABLE done (number bigint PRIMARY KEY)")
            await database.close()
        await superuser.close()
        return ledger

    def killed(self) -> None:
        process = self.cluster.process
        assert process is not None
        process.kill()
        process.wait()
        eventually(lambda: _all_ended(self.cluster), "all processes of the database are gone")

    async def again(self, ledger: Ledger) -> None:
        """The database as a suite would start it."""
        self.cluster = self.a_cluster()
        self.cluster.prepare()
        self.cluster.start()
        ledger.port = self.cluster.port


def _all_ended(cluster: Cluster) -> bool:
    home = str(cluster.data)
    return not any(
        home in path.read_text().replace("\0", " ")
        for path in Path("/proc").glob("[0-9]*/cmdline")
        if path.exists()
    )


@pytest.fixture
def place() -> Iterator[Place]:
    # The database user may pass through it, unlike through pytest's own.
    with tempfile.TemporaryDirectory(prefix="huishe-") as home:
        Path(home).chmod(0o711)
        place = Place(Path(home))
        try:
            yield place
        finally:
            place.cluster.stop()


async def now_there(ledger: Ledger) -> datetime:
    """The server's own time."""
    connection = await ledger.connect(PARTS[0])
    now: datetime = await connection.fetchval("SELECT clock_timestamp()")
    await connection.close()
    return now


async def test_a_restore_to_a_point_in_time_has_all_before_it_and_nothing_after(
    place: Place, form: Form, figure: Figure
) -> None:
    rows = form(short=200, long=2000)
    ledger = await place.begin()
    writing = asyncio.create_task(ledger.write())
    await ledger.written(rows)
    copy = await asyncio.to_thread(back_up, place.folder, place.copies)
    await ledger.written(rows)
    point = await now_there(ledger)
    await ledger.written(rows)
    ledger.stopped = True
    await writing
    acknowledged = len(ledger.known)
    place.killed()

    began = time.monotonic()
    await asyncio.to_thread(restore, place.folder, place.copies, point)
    took = time.monotonic() - began
    await place.again(ledger)

    cause, effect = [await ledger.kept(part) for part in PARTS]
    before = [number for number, _, there in ledger.known if there <= point]
    after = [number for number, sent, _ in ledger.known if sent > point]
    assert copy.parent == place.copies
    assert len(before) >= 2 * rows
    assert len(after) >= rows - 5
    assert set(before) <= set(cause) & set(effect), "nothing committed before it is missing"
    assert not set(after) & set(cause), "nothing after it is there"
    assert set(effect) <= set(cause), "the databases are of one moment"
    assert cause == list(range(1, len(cause) + 1))
    figure("acknowledged before the point", len(before))
    figure("acknowledged in all", acknowledged)
    figure("seconds for the restore", round(took, 1))


async def test_a_restore_without_a_point_in_time_has_everything_that_was_acknowledged(
    place: Place,
) -> None:
    """Also what was not archived yet: it is read from the database that was set aside."""
    ledger = await place.begin()
    writing = asyncio.create_task(ledger.write())
    await ledger.written(50)
    await asyncio.to_thread(back_up, place.folder, place.copies)
    await ledger.written(50)
    ledger.stopped = True
    await writing
    place.killed()

    await asyncio.to_thread(restore, place.folder, place.copies)
    await place.again(ledger)

    for part in PARTS:
        assert await ledger.kept(part) == [number for number, _, _ in ledger.known]
    assert len(list(place.cluster.home.glob("data-until-*"))) == 1, "never deleted"


async def test_a_copy_stands_alone_on_another_machine(place: Place) -> None:
    """Without a log of changes, and with secrets put back first, it is the moment it was taken."""
    ledger = await place.begin()
    writing = asyncio.create_task(ledger.write())
    await ledger.written(50)
    copy = await asyncio.to_thread(back_up, place.folder, place.copies)
    whole = len(ledger.known)
    await ledger.written(50)
    ledger.stopped = True
    await writing
    place.cluster.stop()
    elsewhere = Place(place.folder.parent / "elsewhere")
    shutil.copytree(copy, elsewhere.copies / copy.name)

    with pytest.raises(CopyRefused, match="secrets and keys first"):
        restore(elsewhere.folder, elsewhere.copies)
    (elsewhere.folder / "postgres").mkdir()
    shutil.copy(place.folder / "postgres/superuser.password", elsewhere.folder / "postgres")
    await asyncio.to_thread(restore, elsewhere.folder, elsewhere.copies)
    await elsewhere.again(ledger)

    kept = await ledger.kept(PARTS[0])
    elsewhere.cluster.stop()
    assert 50 <= len(kept) <= whole + 1
    assert kept == list(range(1, len(kept) + 1))


async def test_a_damaged_copy_is_refused_and_what_is_there_stays(place: Place) -> None:
    ledger = await place.begin()
    copy = await asyncio.to_thread(back_up, place.folder, place.copies)
    place.cluster.stop()
    victim = max((copy / "base").rglob("*"), key=lambda path: path.stat().st_size)
    with victim.open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 8)

    with pytest.raises(ProgramFailed, match="checksum mismatch"):
        restore(place.folder, place.copies)
    await place.again(ledger)

    assert await ledger.kept(PARTS[0]) == []


async def test_what_cannot_be_copied_or_restored_says_why(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--folder", str(place.folder), "--to", str(place.copies)]
    assert main(["backup", *words]) == 1
    assert "no suite runs" in capsys.readouterr().err
    await place.begin()
    assert main(["backup", *words]) == 0
    place.cluster.stop()

    too_early = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    words = ["--folder", str(place.folder), "--from", str(place.copies), "--until", too_early]
    assert main(["restore", *words]) == 1
    assert "no copy" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["restore", *words[:-1], "2026-03-02"])
    assert "2026-03-02T09:00:00+08:00" in capsys.readouterr().err
