"""The limit of whatever waits for PostgreSQL: pgbench, with the very statements that were sent."""

import asyncio
import re
import resource
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import asyncpg

from shared.database.embedded import (
    LOOPBACK,
    PROGRAMS,
    SUPERUSER,
    dies_with_parent,
    installed_wheel,
)
from tests.bench.figures import Round, percentile
from tests.bench.machine import SERVER, pinned
from tests.support.suite import RunningSuite

_LINE = re.compile(
    r"^\S+ \S+ \S+ \[(?P<pid>\d+)\] \S+@(?P<database>\S+) (?P<kind>LOG|DETAIL):  (?P<said>.*)$",
    re.DOTALL,
)
_STATEMENT = re.compile(r"(?:statement|execute [^:]+): (.*)", re.DOTALL)
_PARAMETER = re.compile(r"\$(\d+) = ('(?:[^']|'')*'|NULL)")


class NotSeen(Exception):
    """The statements of a request were not found in the server's log."""


def statements_of(
    suite: RunningSuite, database: str, ask: Callable[[], Any], about: str
) -> list[str]:
    """What one request sends to its database, its values written into it.

    The server is let to log everything for a moment; the connection that names `about` is ours.
    """
    return asyncio.run(_statements_of(suite, database, ask, about))


async def _statements_of(
    suite: RunningSuite, database: str, ask: Callable[[], Any], about: str
) -> list[str]:
    log = suite.folder / "postgres" / "postgres.log"
    connection = await asyncpg.connect(suite.superuser_url(database))
    try:
        await _say_everything(connection, "ALTER SYSTEM SET {} = '{}'")
        await asyncio.sleep(0.5)  # every backend reads its settings before its next statement
        await asyncio.to_thread(ask)  # the first may prepare what later ones only execute
        since = log.stat().st_size
        await asyncio.to_thread(ask)
        await asyncio.sleep(0.3)
        with log.open("rb") as file:
            file.seek(since)
            told = file.read().decode(errors="replace")
    finally:
        await _say_everything(connection, "ALTER SYSTEM RESET {}")
        await connection.close()
    found = sent(told, database, about)
    if not found:
        raise NotSeen(f"no statement about {about} in {log}")
    return found


async def _say_everything(connection: "asyncpg.Connection[Any]", order: str) -> None:
    for name, value in (("log_statement", "all"), ("log_error_verbosity", "default")):
        await connection.execute(order.format(name, value))
    await connection.execute("SELECT pg_reload_conf()")


def sent(log: str, database: str, about: str) -> list[str]:
    """The statements of the last transaction that named `about`, in order, values written in."""
    open_ones: dict[str, list[str]] = {}
    found: list[str] = []
    for pid, kind, said in _entries(log, database):
        transaction = open_ones.setdefault(pid, [])
        if kind == "DETAIL":
            if transaction and "Parameters: " in said:
                transaction[-1] = _filled(transaction[-1], dict(_PARAMETER.findall(said)))
        elif statement := _STATEMENT.match(said):
            if not _inside(transaction):
                transaction.clear()
            transaction.append(statement[1].strip().rstrip(";"))
        if any(about in one for one in transaction):
            found = list(transaction)
    return found


def _inside(transaction: Sequence[str]) -> bool:
    begun = transaction[:1] and transaction[0].upper().startswith(("BEGIN", "START"))
    return bool(begun) and not transaction[-1].upper().startswith(("COMMIT", "ROLLBACK"))


def _entries(log: str, database: str) -> Iterator[tuple[str, str, str]]:
    """Process, kind and words of each entry about the database; an entry may have many lines."""
    lines: list[str] = []
    for line in [*log.splitlines(), ""]:
        if line.startswith("\t"):
            lines.append(line[1:])
            continue
        if lines and (head := _LINE.match("\n".join(lines))) and head["database"] == database:
            yield head["pid"], head["kind"], head["said"]
        lines = [line]


def _filled(statement: str, values: dict[str, str]) -> str:
    return re.sub(r"\$(\d+)", lambda number: values.get(number[1], number[0]), statement)


def script_of(statements: Sequence[str]) -> str:
    """One transaction of pgbench; its colons must not be taken for variables."""
    lines = [" ".join(statement.split()) for statement in statements]
    return "".join(f"{line};\n" for line in lines)


def pgbench(
    suite: RunningSuite, database: str, script: Path, *, seconds: float, concurrency: int
) -> Round:
    """One round on the server's core, in place of the service; the database stays where it is."""
    address = suite.superuser_url(database).rsplit("@", 1)[1]
    port = address.partition("/")[0].rpartition(":")[2]
    password = (suite.folder / "postgres" / "superuser.password").read_text().strip()
    before = _children_cpu()
    done = subprocess.run(
        [
            str(installed_wheel() / PROGRAMS / "pgbench"),
            *("--no-vacuum", "--protocol=prepared", f"--client={concurrency}", "--jobs=1"),
            *(f"--time={max(3, round(seconds))}", f"--file={script}", "--log"),
            *("--host", LOOPBACK, "--port", port, "--username", SUPERUSER, database),
        ],
        cwd=script.parent,
        env={"PGPASSWORD": password, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=pinned(SERVER, dies_with_parent(signal.SIGTERM)),
    )
    rate = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode != 0 or rate is None:
        raise RuntimeError(f"pgbench: {done.stdout}{done.stderr}"[-2000:])
    times = []
    for file in script.parent.glob("pgbench_log.*"):
        times += [int(line.split()[2]) / 1000 for line in file.read_text().splitlines()]
        file.unlink()
    spent = _children_cpu() - before
    return Round(
        float(rate[1]),
        percentile(times, 0.5),
        percentile(times, 0.99),
        spent / len(times) * 1e6,
    )


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
