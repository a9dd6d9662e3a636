"""The load: a closed loop over kept connections, by `wrk` where it is installed, else by ourselves.

Every path is asked for in turn by every connection, with the same headers.
"""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httptools
import uvloop

from shared.database.embedded import dies_with_parent
from tests.bench.figures import Round, percentile
from tests.bench.machine import OTHERS, cpu_seconds, pinned
from tests.support.suite import ROOT

WRK = shutil.which("wrk")
GENERATOR = "wrk" if WRK else "tests.bench.load (asyncio, httptools)"
WARM_SECONDS = 0.7

# Paths and headers come from a file, so that nothing of them is part of a program.
_SCRIPT = """
local requests, turn = {}, 0
function init(args)
  local headers = {}
  for line in io.lines(args[1]) do
    local kind, rest = line:sub(1, 1), line:sub(2)
    if kind == "H" then
      local name, value = rest:match("^([^:]+): (.*)$")
      headers[name] = value
    end
  end
  for line in io.lines(args[1]) do
    if line:sub(1, 1) == "P" then
      requests[#requests + 1] = wrk.format("GET", line:sub(2), headers)
    end
  end
  turn = math.random(#requests)
end
function request()
  turn = turn % #requests + 1
  return requests[turn]
end
function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format("\\nFIGURES %d %d %d %d %d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""


class LoadFailed(Exception):
    """Some answers were not what was asked for: their speed means nothing."""


def measured(
    address: str,
    paths: Sequence[str],
    headers: Mapping[str, str] | None = None,
    *,
    seconds: float,
    concurrency: int = 32,
    server: Sequence[int] = (),
) -> Round:
    """Warm up, then one round; `server` are the processes whose CPU time is counted."""
    _generated(address, paths, headers or {}, WARM_SECONDS, concurrency)
    before, began = cpu_seconds(server), time.monotonic()
    count, took, p50, p99 = _generated(address, paths, headers or {}, seconds, concurrency)
    spent = cpu_seconds(server) - before
    assert time.monotonic() - began < seconds + 30
    return Round(count / took, p50, p99, spent / count * 1e6 if server else None)


def contender(address: str, paths: Sequence[str], **options: Any) -> Callable[[], Round]:
    return lambda: measured(address, paths, **options)


def _generated(
    address: str, paths: Sequence[str], headers: Mapping[str, str], seconds: float, concurrency: int
) -> tuple[int, float, float, float]:
    """Answers, seconds, p50 and p99 in milliseconds."""
    with tempfile.TemporaryDirectory(prefix="huishe-load-") as folder:
        asked = Path(folder) / "asked"
        told = [f"H{name}: {value}" for name, value in headers.items()] + [f"P{p}" for p in paths]
        asked.write_text("\n".join(told) + "\n")
        asked.chmod(0o600)
        script = Path(folder) / "load.lua"
        script.write_text(_SCRIPT)
        whole = max(1, round(seconds))
        wrk = [WRK, "-t1", f"-c{concurrency}", f"-d{whole}s", "--timeout", "10s"]
        own = [sys.executable, "-m", __name__, str(seconds), str(concurrency)]
        command = [*wrk, "-s", script, address, "--", asked] if WRK else [*own, address, asked]
        process = subprocess.run(
            [str(word) for word in command],
            cwd=ROOT,
            env=os.environ,
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=pinned(OTHERS, dies_with_parent(signal.SIGTERM)),
        )
    figures = [line.split()[1:] for line in process.stdout.splitlines() if line[:8] == "FIGURES "]
    if not figures:
        raise LoadFailed(process.stdout + process.stderr)
    count, micros, p50, p99, errors = (int(word) for word in figures[0])
    if errors or not count:
        raise LoadFailed(f"{address}{paths[0]}: {errors} of {count} answers were no 200")
    return count, micros / 1e6, p50 / 1000, p99 / 1000


# Our own, for machines without wrk: as little Python for each answer as possible.


class _Asking(asyncio.Protocol):
    """One connection: the next request goes out when the answer to the last is whole."""

    def __init__(self, requests: Sequence[bytes], turn: int, until: float) -> None:
        self.requests, self.turn, self.until = requests, turn, until
        self.seconds: list[float] = []
        self.errors = 0
        self.ended = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self._next()

    def _next(self) -> None:
        self.began = time.perf_counter()
        self.parser = httptools.HttpResponseParser(self)
        self.transport.write(self.requests[self.turn % len(self.requests)])
        self.turn += 1

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def on_message_complete(self) -> None:
        now = time.perf_counter()
        self.seconds.append(now - self.began)
        self.errors += self.parser.get_status_code() != 200
        if now < self.until:
            self._next()
        else:
            self.transport.close()

    def connection_lost(self, _: Exception | None) -> None:
        if time.perf_counter() < self.until:
            self.errors += 1
        if not self.ended.done():
            self.ended.set_result(None)


async def _ask_for(seconds: float, concurrency: int, address: str, lines: Sequence[str]) -> None:
    target = urlsplit(address)
    headers = "".join(f"{line[1:]}\r\n" for line in lines if line[0] == "H")
    requests = [
        f"GET {line[1:]} HTTP/1.1\r\nHost: {target.netloc}\r\n{headers}\r\n".encode()
        for line in lines
        if line[0] == "P"
    ]
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    asking = [
        (
            await loop.create_connection(
                lambda turn=turn: _Asking(requests, turn, began + seconds),  # type: ignore[misc]
                target.hostname,
                target.port,
            )
        )[1]
        for turn in range(concurrency)
    ]
    await asyncio.gather(*(one.ended for one in asking))
    took = time.perf_counter() - began
    times = [second for one in asking for second in one.seconds]
    p50, p99 = (round(percentile(times, share) * 1e6) for share in (0.5, 0.99))
    errors = sum(one.errors for one in asking)
    sys.stdout.write(f"FIGURES {len(times)} {round(took * 1e6)} {p50} {p99} {errors}\n")


if __name__ == "__main__":
    uvloop.run(
        _ask_for(
            float(sys.argv[1]),
            int(sys.argv[2]),
            sys.argv[3],
            Path(sys.argv[4]).read_text().splitlines(),
        )
    )
