"""Real databases for tests: one cluster a test process, a migrated template a service, a clone a test."""

import asyncio
import importlib
import secrets
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from shared.database.embedded import Cluster

Migrate = Callable[[str, str], None]
"""Migrator's address and runtime role → a migrated database."""


def asyncpg_url(url: str) -> str:
    return url.replace("postgresql://", "postgresql+asyncpg://", 1)


@dataclass
class Databases:
    """Templates are made on first use."""

    cluster: Cluster
    _passwords: dict[str, str] = field(default_factory=dict)

    def admin(self, *statements: str) -> None:
        """As the superuser, outside any transaction."""
        _run(self._admin(statements))

    async def _admin(self, statements: tuple[str, ...]) -> None:
        connection = await asyncpg.connect(self.cluster.url("postgres"))
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    def template(self, service: str, migrate: Migrate) -> None:
        if service in self._passwords:
            return
        password = secrets.token_hex(8)
        migrator, runtime = f"{service}_migrator", f"{service}_runtime"
        self.admin(
            f"CREATE ROLE {migrator} LOGIN PASSWORD '{password}'",
            f"CREATE ROLE {runtime} LOGIN PASSWORD '{password}'",
            f"CREATE DATABASE template_{service} OWNER {migrator}",
        )
        self._passwords[service] = password
        url = asyncpg_url(self.cluster.url(f"template_{service}", migrator, password))
        with ThreadPoolExecutor(1) as thread:
            thread.submit(migrate, url, runtime).result()

    def clone(self, service: str) -> tuple[str, str]:
        """A fresh database of the service: the runtime role's address and the superuser's."""
        name = f"test_{service}_{secrets.token_hex(6)}"
        self.admin(f"CREATE DATABASE {name} TEMPLATE template_{service} STRATEGY FILE_COPY")
        runtime = self.cluster.url(name, f"{service}_runtime", self._passwords[service])
        return asyncpg_url(runtime), self.cluster.url(name)

    def drop(self, superuser_url: str) -> None:
        name = superuser_url.rsplit("/", 1)[1]
        self.admin(f"DROP DATABASE {name} WITH (FORCE)")


def migrate_service(service: str) -> Migrate:
    """By the service's own migrations, with a sandbox clock."""

    def migrate(url: str, runtime_role: str) -> None:
        migrations = importlib.import_module("shared.database.migrations")
        migrations.upgrade(service, url, runtime_role, sandbox=True)

    return migrate


def _run(work: Coroutine[Any, Any, None]) -> None:
    """In a thread of its own, so that fixtures inside a running loop may call it too."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()
