"""Fixtures of the whole suite: a real database cluster a process, a service a test."""

import importlib
import logging
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from shared.database.embedded import throwaway_cluster
from tests.support.databases import Databases, migrate_service
from tests.support.secrets import leaks
from tests.support.service import ServiceUnderTest, serving
from tests.support.suite import RunningSuite, running_suite

hypothesis.settings.register_profile("huishe", deadline=None)  # a busy machine is no fault of ours
hypothesis.settings.load_profile("huishe")

pytest_plugins = ["tests.support.forms", "tests.support.smallest"]

SECRET = "only-for-tests-0123456789-abcdefghij-KLMNOP"


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    with throwaway_cluster() as cluster:
        yield Databases(cluster)


@pytest.fixture(scope="session")
def suite() -> Iterator[RunningSuite]:
    """One suite for a test process: started on first use, on free ports, in a folder of its own."""
    # The database user may pass through it, unlike through pytest's own.
    with tempfile.TemporaryDirectory(prefix="huishe-") as folder:
        Path(folder).chmod(0o711)
        with running_suite(Path(folder)) as running:
            yield running
            assert leaks(running) == []  # whatever was asked of it, and whatever went wrong


def settings_for_tests(name: str, url: str, **more: Any) -> Any:
    """The service's real settings class with values of a test."""
    kind = importlib.import_module(f"services.{name}.settings").Settings
    return kind(
        database_url=url,
        client_id=name,
        client_secret="only-for-tests",
        secret_key=SECRET,
        sandbox=True,
        worker_inline=False,
        log_level="ERROR",
        database_pool=4,
        **more,
    )


@asynccontextmanager
async def service_under_test(
    name: str, databases: Databases, **settings: Any
) -> AsyncIterator[ServiceUnderTest]:
    databases.template(name, migrate_service(name))
    url, superuser_url = databases.clone(name)
    keys = settings.setdefault(
        "journal_key_directory", Path(tempfile.mkdtemp(prefix="huishe-keys-"))
    )
    app = importlib.import_module(f"services.{name}.app").app
    async with serving(name, app, settings_for_tests(name, url, **settings), superuser_url) as it:
        yield it
    databases.drop(superuser_url)
    shutil.rmtree(keys)


@pytest.fixture
async def registry(databases: Databases) -> AsyncIterator[ServiceUnderTest]:
    async with service_under_test("registry", databases) as service:
        yield service


@pytest.fixture
async def procurement(databases: Databases, tmp_path: Path) -> AsyncIterator[ServiceUnderTest]:
    key = tmp_path / "receipt-key.json"
    async with service_under_test("procurement", databases, receipt_key_file=key) as service:
        yield service


@pytest.fixture
async def evaluation(databases: Databases) -> AsyncIterator[ServiceUnderTest]:
    async with service_under_test("evaluation", databases) as service:
        yield service


@pytest.fixture
async def incubator(databases: Databases) -> AsyncIterator[ServiceUnderTest]:
    async with service_under_test("incubator", databases) as service:
        yield service


@pytest.fixture(autouse=True)
def quiet_libraries() -> None:
    logging.getLogger("asyncio").setLevel(logging.WARNING)
