"""The worker in a process of its own: sending never takes time from the door.

    GATEWAY_WEBHOOKS_INLINE=false python -m gateway serve
    python -m gateway webhooks run

Any number of them may run, also beside gateways that do it themselves.
"""

import asyncio
import contextlib
import signal

from gateway.in_force import InForce
from gateway.settings import GatewaySettings
from gateway.upstreams import Upstreams
from gateway.webhooks.worker import Webhooks, WebhookWorker
from shared.database.session import make_engine, make_sessions
from shared.logging import configure_logging, get_logger


def serve_webhooks(settings: GatewaySettings) -> None:
    """Until told to end."""
    configure_logging("gateway-webhooks", settings.log_level)
    asyncio.run(_until_told_to_end(settings))


async def _until_told_to_end(settings: GatewaySettings) -> None:
    """What is under way when the word comes is sent again by the next worker, under its old id."""
    everything = asyncio.create_task(_work(settings))
    for word in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(word, everything.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await everything
    get_logger("gateway.webhooks").info("webhook.worker_ended")


async def _work(settings: GatewaySettings) -> None:
    engine = make_engine(settings.database_url, pool=settings.database_pool)
    upstreams = Upstreams(
        InForce(settings).addresses,
        connect_seconds=settings.connect_seconds,
        read_seconds=settings.read_seconds,
        idle_seconds=settings.idle_seconds,
        connections_per_address=settings.connections_per_address,
    )
    worker = WebhookWorker.of(settings, Webhooks.open(settings), make_sessions(engine), upstreams)
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(upstreams.keep_watch())
            tasks.create_task(worker.run())
            get_logger("gateway.webhooks").info("webhook.worker_began")
    finally:
        upstreams.close()
        await engine.dispose()
