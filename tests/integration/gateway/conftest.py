"""A gateway on a real socket, small upstreams of bytes, and its own database when that matters."""

from collections.abc import AsyncIterator

import httpx
import pytest

from gateway import migrations
from tests.support.databases import Databases
from tests.support.gateway import RunningGateway, Upstream, running_gateway


@pytest.fixture
async def registry_upstream() -> AsyncIterator[Upstream]:
    upstream = Upstream()
    await upstream.start()
    yield upstream
    await upstream.stop()


@pytest.fixture
async def procurement_upstream() -> AsyncIterator[Upstream]:
    upstream = Upstream()
    await upstream.start()
    yield upstream
    await upstream.stop()


@pytest.fixture
def settings() -> dict[str, object]:
    """What a module of tests wants otherwise."""
    return {}


@pytest.fixture
async def gateway(
    tmp_path, registry_upstream: Upstream, procurement_upstream: Upstream, settings
) -> AsyncIterator[RunningGateway]:
    upstreams = {
        "registry": [registry_upstream.address],
        "procurement": [procurement_upstream.address],
    }
    async with running_gateway(tmp_path / "keys", **{"upstreams": upstreams, **settings}) as it:
        yield it


@pytest.fixture
def shows_a_token() -> bool:
    """Whether the client is somebody. Reads of somebody take the short way, if nobody has to wait."""
    return False


@pytest.fixture
async def client(gateway: RunningGateway, shows_a_token: bool) -> AsyncIterator[httpx.AsyncClient]:
    headers = gateway.bearer("auditor") if shows_a_token else {}
    async with httpx.AsyncClient(
        base_url=gateway.address, headers=headers, trust_env=False, timeout=10
    ) as it:
        yield it


@pytest.fixture
def database(databases: Databases):
    """The gateway's own database, migrated; as the runtime role."""
    databases.template("gateway", migrations.upgrade)
    url, superuser_url = databases.clone("gateway")
    yield url
    databases.drop(superuser_url)
