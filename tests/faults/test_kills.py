"""`kill -9` under a mixed load: what was acknowledged is there once, and all is soon back."""

import os
import random
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import pytest

from deploy.local.settings import PARTS, SERVICES
from tests.support.configuration import unhurried
from tests.support.errands import Bids, everything
from tests.support.forms import Figure, Form
from tests.support.ledger import Day, clerks_at_work
from tests.support.reconciled import Books
from tests.support.suite import RunningSuite, children_of, eventually, gone, running_suite

READS = {  # what anybody may read, from the database
    "registry": "/registry/v1/agencies",
    "procurement": "/procurement/v1/needs",
    "evaluation": "/evaluation/v1/schemes",
    "incubator": "/incubator/v1/bases",
}
BACK_WITHIN = {"a part": 5.0, "the database": 10.0}
"""Seconds; asked of the long form, on a machine that does nothing else."""
LAX = 45.0


@dataclass(frozen=True)
class Battered:
    suite: RunningSuite
    errands: list[Day]
    bids: Bids


@pytest.fixture(scope="module")
def battered() -> Iterator[Battered]:
    """A suite of its own, which no other test has to share."""
    with tempfile.TemporaryDirectory(prefix="huishe-") as folder:
        Path(folder).chmod(0o711)
        with running_suite(Path(folder), **unhurried()) as suite:
            yield Battered(suite, *everything(suite))


@pytest.fixture
def seed(figure: Figure) -> int:
    """Drawn anew each time; a failure shows it."""
    drawn = random.SystemRandom().randrange(1_000_000)
    figure("seed", drawn)
    print(f"seed {drawn}")  # noqa: T201
    return drawn


def reads(suite: RunningSuite, service: str) -> bool:
    try:
        return suite.http.get(READS[service]).status_code == 200
    except httpx.TransportError:
        return False


def all_read(suite: RunningSuite) -> bool:
    return all(reads(suite, service) for service in SERVICES)


def back_after(suite: RunningSuite, killed: str) -> float:
    """Seconds until it serves again; the door is back when all is read through it."""
    answers = partial(all_read, suite) if killed == "gateway" else partial(reads, suite, killed)
    return eventually(answers, f"{killed} is back", LAX)


def slowest_of(times: dict[str, list[float]]) -> float:
    return round(max(max(found) for found in times.values()), 2)


def test_no_acknowledged_write_is_lost_or_doubled_when_parts_are_killed(
    battered: Battered, form: Form, figure: Figure, seed: int
) -> None:
    suite, chance, rounds = battered.suite, random.Random(seed), form(short=10, long=200)
    books, times = Books.opened(suite), {part: [] for part in PARTS}

    with clerks_at_work(suite, battered.errands, seed=seed) as ledger:
        for _ in range(rounds):
            time.sleep(chance.uniform(0, 0.5))
            part = chance.choice(PARTS)
            suite.kill(part)
            times[part].append(back_after(suite, part))

    slowest = slowest_of({part: found for part, found in times.items() if found})
    figure("rounds", rounds)
    figure("acknowledged writes", len(ledger.writes))
    figure("answers lost on the way", ledger.lost_answers)
    figure("told to come back", ledger.refused_for_now)
    figure("slowest back, s", slowest)
    assert books.findings(ledger, battered.bids) == []
    assert slowest < form(short=LAX, long=BACK_WITHIN["a part"])


def test_services_find_a_killed_database_again_and_nothing_acknowledged_is_lost(
    battered: Battered, form: Form, figure: Figure, seed: int
) -> None:
    suite, chance, rounds = battered.suite, random.Random(seed), form(short=3, long=50)
    books, times = Books.opened(suite), list[float]()
    eventually(partial(all_read, suite), "all is well before", LAX)
    pids = {part: suite.pid_of(part) for part in PARTS}

    with clerks_at_work(suite, battered.errands, seed=seed) as ledger:
        for round_ in range(rounds):
            time.sleep(chance.uniform(0, 1))
            kill_the_database(suite, chance, whole=round_ % 3 != 2)
            times.append(eventually(partial(all_read, suite), "all services read", LAX))

    figure("rounds", rounds)
    figure("acknowledged writes", len(ledger.writes))
    figure("answers lost on the way", ledger.lost_answers)
    figure("told to come back", ledger.refused_for_now)
    figure("slowest back, s", round(max(times), 2))
    assert {part: suite.pid_of(part) for part in PARTS} == pids, "no part was started again"
    assert books.findings(ledger, battered.bids) == []
    assert max(times) < form(short=LAX, long=BACK_WITHIN["the database"])


def kill_the_database(suite: RunningSuite, chance: random.Random, *, whole: bool) -> None:
    """The server with all its backends, at once; or one backend, which the server must survive."""
    server = suite.pid_of("PostgreSQL")
    backends = children_of(server)
    for pid in [server, *backends] if whole else chance.sample(backends, 1):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    if whole:
        eventually(partial(gone, server), "the server is gone")
