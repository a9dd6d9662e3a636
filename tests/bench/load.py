"""The load: a closed loop over kept connections, by `wrk` where it is installed, else by ourselves.

All paths are asked for in turn, with the same headers.
"""

import asyncio
import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
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
    elseif kind == "G" then
      requests[#requests + 1] = wrk.format("GET", rest, headers)
    elseif kind == "P" then
      local path, body = rest:match("^([^\t]+)\t(.*)$")
      requests[#requests + 1] = wrk.format("POST", path, headers, body)
    end
  end
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
    asked = [f"G{path}" for path in paths]
    _generated(address, asked, headers or {}, WARM_SECONDS, concurrency)
    return _round(address, asked, headers or {}, seconds, concurrency, server)


def posted(
    address: str,
    posts: Sequence[tuple[str, str]],
    headers: Mapping[str, str],
    *,
    seconds: float,
    concurrency: int,
    server: Sequence[int] = (),
) -> Round:
    """The same with writes, each of them sent once: path and body on one line without tabs."""
    asked = [f"P{path}\t{body}" for path, body in posts]
    warm = len(asked) // 4
    _generated(address, asked[:warm], headers, WARM_SECONDS, concurrency)
    found = _round(address, asked[warm:], headers, seconds, concurrency, server)
    if found.rate * seconds > len(asked) - warm:
        raise LoadFailed(f"{len(asked)} writes were too few: some were sent twice")
    return found


def _round(
    address: str,
    asked: Sequence[str],
    headers: Mapping[str, str],
    seconds: float,
    concurrency: int,
    server: Sequence[int],
) -> Round:
    before = cpu_seconds(server)
    count, took, p50, p99 = _generated(address, asked, headers, seconds, concurrency)
    spent = cpu_seconds(server) - before
    return Round(count / took, p50, p99, spent / count * 1e6 if server else None)


def contender(address: str, paths: Sequence[str], **options: Any) -> Callable[[], Round]:
    return lambda: measured(address, paths, **options)


def _generated(
    address: str, lines: Sequence[str], headers: Mapping[str, str], seconds: float, concurrency: int
) -> tuple[int, float, float, float]:
    """Answers, seconds, p50 and p99 in milliseconds."""
    with tempfile.TemporaryDirectory(prefix="huishe-load-") as folder:
        asked = Path(folder) / "asked"
        told = [*(f"H{name}: {value}" for name, value in headers.items()), *lines]
        asked.touch(0o600)
        asked.write_text("\n".join(told) + "\n")
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
        raise LoadFailed(f"{address} {lines[0][1:80]}: {errors} of {count} answers were no 200")
    return count, micros / 1e6, p50 / 1000, p99 / 1000


# Our own, for machines without wrk: as little Python for each answer as possible.


class _Asking(asyncio.Protocol):
    """One connection: the next request goes out when the answer to the last is whole."""

    def __init__(self, requests: Iterator[bytes], until: float) -> None:
        self.requests, self.until = requests, until
        self.seconds: list[float] = []
        self.errors = 0
        self.ended = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self._next()

    def _next(self) -> None:
        self.began = time.perf_counter()
        self.parser = httptools.HttpResponseParser(self)
        self.transport.write(next(self.requests))

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


def _written(line: str, host: str, headers: str) -> bytes:
    path, _, body = line[1:].partition("\t")
    content = body.encode()
    length = f"Content-Length: {len(content)}\r\n" if line[0] == "P" else ""
    method = "POST" if line[0] == "P" else "GET"
    head = f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n{headers}{length}\r\n"
    return head.encode() + content


async def _ask_for(seconds: float, concurrency: int, address: str, lines: Sequence[str]) -> None:
    target = urlsplit(address)
    headers = "".join(f"{line[1:]}\r\n" for line in lines if line[0] == "H")
    requests = [_written(line, target.netloc, headers) for line in lines if line[0] in "GP"]
    loop = asyncio.get_running_loop()
    in_turn = itertools.cycle(requests)
    began = time.perf_counter()
    asking = [
        (
            await loop.create_connection(
                lambda: _Asking(in_turn, began + seconds),
                target.hostname,
                target.port,
            )
        )[1]
        for _ in range(concurrency)
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
