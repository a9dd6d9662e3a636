"""The gateway as first witness of every service's journal.

It asks each service itself, past its own door, a few times a minute, and other witnesses what they
were shown. It keeps what it saw in files (`shared.journal.witness`); an alarm is a line in the log, a
figure, and the standing that `/status` and `/witness/` tell.
"""

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit

import httpx

from gateway.failures import Silent, Stalled, TooSlow
from gateway.settings import GatewaySettings
from gateway.upstreams import Upstreams
from shared.errors import Unavailable
from shared.journal.remote import Get, HttpLog, getting
from shared.journal.witness import Witness
from shared.logging import get_logger

ASK_SECONDS = 5.0


def witness_of(settings: GatewaySettings) -> Witness:
    host = urlsplit(settings.issuer).hostname or ""
    return Witness(f"{host}/witness", settings.witness_directory)


async def watch_journals(
    witness: Witness, upstreams: Upstreams, others: Mapping[str, str], seconds: float
) -> None:
    """For as long as the gateway runs."""
    async with httpx.AsyncClient(timeout=ASK_SECONDS, trust_env=False) as http:
        while True:
            await asyncio.gather(
                *[_look(witness, upstreams, name, others, http) for name in upstreams.services]
            )
            await asyncio.sleep(seconds)


async def _look(
    witness: Witness,
    upstreams: Upstreams,
    name: str,
    others: Mapping[str, str],
    http: httpx.AsyncClient,
) -> None:
    journal = HttpLog(name, _asking(upstreams, name))
    try:
        await witness.look(journal)
    except OSError as problem:  # a full disk: it looks again
        get_logger("witness").warning("witness.cannot_keep", log=name, problem=str(problem))
        return
    for other, address in others.items():
        try:
            status, shown = await getting(http)(f"{address}/witness/{name}/checkpoint")
        except Unavailable:
            continue
        if status == 200:
            await witness.compare(journal, other, shown)


def _asking(upstreams: Upstreams, name: str) -> Get:
    async def get(path: str) -> tuple[int, bytes]:
        try:
            address = upstreams.services[name].address()
            return await upstreams.ask(address, path, seconds=ASK_SECONDS)
        except (Silent, Stalled, TooSlow):
            raise Unavailable() from None

    return get
