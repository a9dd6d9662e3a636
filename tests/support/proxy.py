"""A stretch of network that a test can cut: a TCP proxy in a thread of its own.

    with Proxy(lambda: ("127.0.0.1", port)) as wire:
        wire.cut()              connections are reset, new ones too
        wire.swallow()          bytes vanish both ways and nobody is told
        wire.swallow(ANSWERS)   only what comes back vanishes: it was done, and nobody hears of it
        wire.slow(30)           each answer comes so many seconds late
        wire.break_off(100)     each answer is reset after so many bytes
        wire.heal()             what comes from now on passes

What was swallowed is gone: a connection that was cut off stays silent for ever after the healing,
as behind a firewall that forgot it.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType

QUESTIONS, ANSWERS = "questions", "answers"
BOTH = frozenset({QUESTIONS, ANSWERS})
PIECE = 65536
SAME_ANSWER_SECONDS = 0.5

Target = Callable[[], tuple[str, int]]


@dataclass(frozen=True)
class Weather:
    """What happens to bytes on the way."""

    resets: bool = False
    swallows: frozenset[str] = frozenset()
    seconds_late: float = 0.0
    bytes_before_break: int | None = None


@dataclass(eq=False)
class Link:
    """One connection through the proxy, with both its ends."""

    writers: list[asyncio.StreamWriter] = field(default_factory=list)
    forgotten: set[str] = field(default_factory=set)
    """Directions that were swallowed: nothing comes through there any more."""
    answered: int = 0
    dragged: float = float("-inf")

    def left_of(self, allowed: int | None, piece: bytes) -> int | None:
        """How much of the allowance is left before this piece of an answer."""
        if allowed is None:
            return None
        left = max(0, allowed - self.answered)
        self.answered += len(piece)
        return left

    async def drag(self, seconds: float) -> None:
        """Once an answer, however many pieces it comes in."""
        if time.monotonic() - self.dragged > SAME_ANSWER_SECONDS:
            await asyncio.sleep(seconds)
            self.dragged = time.monotonic()

    def reset(self) -> None:
        for writer in self.writers:
            with suppress(OSError):
                sock = writer.get_extra_info("socket")
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()


class Proxy:
    """Listens on a free port of this machine."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._weather = Weather()
        self._links: set[Link] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy")
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port: int = self._listener.getsockname()[1]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    # What a test does to it

    def cut(self) -> None:
        self._become(Weather(resets=True))
        self._call(self._reset_all)

    def swallow(self, *directions: str) -> None:
        swallowed = frozenset(directions) or BOTH
        self._become(Weather(swallows=swallowed))
        self._call(lambda: self._forget(swallowed))

    def slow(self, seconds: float) -> None:
        self._become(Weather(seconds_late=seconds))

    def break_off(self, after: int) -> None:
        self._become(Weather(bytes_before_break=after))

    def heal(self) -> None:
        self._become(Weather())

    # Its life

    def __enter__(self) -> Proxy:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _become(self, weather: Weather) -> None:
        def change() -> None:
            self._weather = weather

        self._call(change)

    def _call(self, work: Callable[[], None]) -> None:
        """In the loop's thread, and done when we return."""
        done = threading.Event()

        def work_and_tell() -> None:
            work()
            done.set()

        self._loop.call_soon_threadsafe(work_and_tell)
        done.wait()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, sock=self._listener)

    async def _end(self) -> None:
        self._server.close()
        self._reset_all()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def _forget(self, directions: frozenset[str]) -> None:
        for link in self._links:
            link.forgotten |= directions

    def _reset_all(self) -> None:
        for link in list(self._links):
            link.reset()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = Link([writer])
        self._links.add(link)
        try:
            if self._weather.resets:
                return
            further, back = await asyncio.open_connection(*self._target())
            link.writers.append(back)
            await asyncio.gather(
                self._carry(link, reader, back, QUESTIONS),
                self._carry(link, further, writer, ANSWERS),
            )
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            link.reset()
            self._links.discard(link)

    async def _carry(
        self,
        link: Link,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        direction: str,
    ) -> None:
        while piece := await reader.read(PIECE):
            weather = self._weather
            if direction in weather.swallows:
                link.forgotten.add(direction)
            if direction in link.forgotten:
                continue
            left = None
            if direction == ANSWERS:
                await link.drag(weather.seconds_late)
                left = link.left_of(weather.bytes_before_break, piece)
            writer.write(piece[:left])
            await writer.drain()
            if left is not None and left <= len(piece):
                raise ConnectionResetError
        if direction not in link.forgotten and direction not in self._weather.swallows:
            writer.write_eof()
