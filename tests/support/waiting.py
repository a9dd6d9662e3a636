"""Waiting for what comes about by itself: never a sleep of a guessed length."""

import asyncio
import time
from collections.abc import Awaitable, Callable


async def until(true: Callable[[], Awaitable[bool]], what: str, within: float = 15.0) -> float:
    """Ask again and again until it is so; the seconds it took."""
    began = time.monotonic()
    while not await true():
        assert time.monotonic() - began < within, f"within {within:.0f} s: {what}"
        await asyncio.sleep(0.02)
    return time.monotonic() - began
