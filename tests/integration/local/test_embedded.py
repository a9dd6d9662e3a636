"""PostgreSQL from the wheel: it recovers, keeps to itself, and lets each service into its own only."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from shared.database.embedded import (
    LIBRARIES,
    PROGRAMS,
    Cluster,
    free_port,
    installed_wheel,
    throwaway_cluster,
)
from shared.database.provisioning import Ownership, Provisioner

GATEWAY = Ownership("gateway", "owner's word", "runner's word")
REGISTRY = Ownership("registry", "owner's % word", "runner's @/ word")

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root starts it as somebody else")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with throwaway_cluster() as cluster:
        yield cluster


@pytest.fixture
async def provisioned(cluster: Cluster) -> Cluster:
    superuser = await cluster.connect()
    provisioner = Provisioner(superuser)
    for owned in (GATEWAY, REGISTRY):
        await provisioner.provision(owned)
    await provisioner.close_the_rest()
    await superuser.close()
    its_own = await cluster.connect(GATEWAY.database)
    await Provisioner(its_own).let_move_the_clock(GATEWAY.runtime)
    await its_own.close()
    return cluster


async def runner_of(
    owned: Ownership, cluster: Cluster, database: str | None = None
) -> "asyncpg.Connection[asyncpg.Record]":
    return await asyncpg.connect(
        cluster.url(database or owned.database, owned.runtime, owned.runtime_password)
    )


async def test_after_a_kill_every_committed_row_is_there() -> None:
    with throwaway_cluster(lasting=True) as cluster:
        before = await cluster.connect()
        await before.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
        await before.execute("CHECKPOINT")
        await before.execute("INSERT INTO kept VALUES (1001)")
        assert cluster.process
        cluster.process.kill()
        cluster.process.wait()

        cluster.start()

        after = await cluster.connect()
        assert await after.fetchval("SELECT count(*) FROM kept") == 1001
        await after.close()
        before.terminate()


def test_a_busy_backend_that_outlives_a_kill_only_delays_the_next_start() -> None:
    with throwaway_cluster() as cluster, asyncio.Runner() as runner:
        client = runner.run(cluster.connect())
        work = runner.run(begin(client, "SELECT count(*) FROM generate_series(1, 8000000)"))
        assert cluster.process
        cluster.process.kill()
        cluster.process.wait()

        cluster.start()

        assert "pre-existing shared memory block" in cluster.log.read_text()
        assert cluster.ready
        work.cancel()
        client.terminate()


async def begin(client: "asyncpg.Connection[asyncpg.Record]", statement: str) -> asyncio.Task[str]:
    """Have a statement under way on the server."""
    work = asyncio.create_task(client.execute(statement))
    await asyncio.sleep(0.2)
    return work


@pytest.mark.parametrize("stranger", [GATEWAY, REGISTRY], ids=lambda owned: owned.service)
@pytest.mark.parametrize("database", ["huishe_gateway", "huishe_registry", "postgres", "template1"])
async def test_a_role_enters_its_own_database_only(
    provisioned: Cluster, stranger: Ownership, database: str
) -> None:
    if database == stranger.database:
        own = await runner_of(stranger, provisioned)
        assert await own.fetchval("SELECT current_database()") == database
        await own.close()
    else:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await runner_of(stranger, provisioned, database)


async def test_nobody_enters_without_the_password(provisioned: Cluster) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(provisioned.url("postgres", password="guessed"))


async def test_a_runtime_role_makes_no_tables(provisioned: Cluster) -> None:
    runner = await runner_of(REGISTRY, provisioned)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await runner.execute("CREATE TABLE mine (n int)")
    await runner.close()


async def test_only_the_gateway_moves_business_time_and_every_database_sees_it(
    provisioned: Cluster,
) -> None:
    gateway = await runner_of(GATEWAY, provisioned)
    registry = await runner_of(REGISTRY, provisioned)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await registry.execute("ALTER SYSTEM SET huishe.clock_offset = '1'")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await gateway.execute("ALTER SYSTEM SET work_mem = '1GB'")
    await gateway.execute("ALTER SYSTEM SET huishe.clock_offset = '86400'")
    await gateway.execute("SELECT pg_reload_conf()")

    seen = None
    for _ in range(1000):
        if seen != "86400":
            seen = await registry.fetchval("SELECT current_setting('huishe.clock_offset', true)")
    assert seen == "86400"
    await gateway.close()
    await registry.close()


async def test_business_time_is_set_once_and_then_left_to_the_gateway() -> None:
    with throwaway_cluster() as cluster:
        superuser = await cluster.connect()
        provisioner = Provisioner(superuser)

        await provisioner.set_clock(-5)
        await provisioner.set_clock(-99)

        kept = "SELECT setting FROM pg_file_settings WHERE name = 'huishe.clock_offset'"
        assert await superuser.fetchval(kept) == "-5"
        await superuser.close()


async def test_a_database_is_copied_from_a_template(provisioned: Cluster) -> None:
    template = await provisioned.connect(REGISTRY.database)
    await template.execute("CREATE TABLE IF NOT EXISTS pattern AS SELECT 7 AS n")
    await template.close()
    superuser = await provisioned.connect()
    provisioner = Provisioner(superuser)

    await provisioner.create_database_from_template("copied", REGISTRY.database)

    copy = await provisioned.connect("copied")
    assert await copy.fetchval("SELECT n FROM pattern") == 7
    await copy.close()
    await provisioner.drop_database("copied")
    await superuser.close()


@pytest.fixture
def closed() -> Iterator[Path]:
    """A folder in which only root finds anything, like root's home."""
    with tempfile.TemporaryDirectory(prefix="huishe-") as folder:
        yield Path(folder)


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="huishe-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@as_root
def test_below_a_closed_folder_data_and_programs_lie_where_the_database_user_may_go(
    closed: Path, elsewhere: Path
) -> None:
    for part in (PROGRAMS.parts[0], LIBRARIES):
        shutil.copytree(installed_wheel() / part, closed / "wheel" / part)
    cluster = Cluster(
        closed / "run", free_port(), lasting=False, wheel=closed / "wheel", elsewhere=elsewhere
    )
    try:
        cluster.prepare()
        cluster.start()
        [lies] = elsewhere.iterdir()
        assert {path.name.split("-")[0] for path in lies.iterdir()} == {"data", "programs"}
        assert (lies / "data").stat().st_uid != 0
    finally:
        cluster.stop()
        cluster.remove()

    assert list(elsewhere.iterdir()) == []
