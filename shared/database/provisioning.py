"""Databases and roles: one database for each service, and nobody else may enter it.

Each has a migrator, who owns the tables, and a runtime role, who works with them and cannot
re-grant itself anything.
"""

from dataclasses import dataclass
from urllib.parse import quote

import asyncpg


@dataclass(frozen=True, slots=True)
class Ownership:
    """The database of one service and the passwords of its two roles."""

    service: str
    migrator_password: str
    runtime_password: str

    @property
    def database(self) -> str:
        return f"huishe_{self.service}"

    @property
    def migrator(self) -> str:
        return f"{self.service}_migrator"

    @property
    def runtime(self) -> str:
        return f"{self.service}_runtime"

    def migrator_url(self, address: str) -> str:
        return self._url(address, self.migrator, self.migrator_password)

    def runtime_url(self, address: str) -> str:
        return self._url(address, self.runtime, self.runtime_password)

    def _url(self, address: str, role: str, password: str) -> str:
        return f"postgresql+asyncpg://{role}:{quote(password, safe='')}@{address}/{self.database}"


class Provisioner:
    """Speaks to a cluster as its superuser. Everything may be done again without harm."""

    def __init__(self, superuser: "asyncpg.Connection[asyncpg.Record]") -> None:
        self.superuser = superuser

    async def provision(self, owned: Ownership) -> None:
        """Make a service's roles and database, or bring them back to what they should be."""
        await self._role(owned.migrator, owned.migrator_password)
        await self._role(owned.runtime, owned.runtime_password)
        if not await self._exists("pg_database", "datname", owned.database):
            await self._do("CREATE DATABASE %I OWNER %I", owned.database, owned.migrator)
        await self._do("REVOKE ALL ON DATABASE %I FROM PUBLIC", owned.database)
        await self._do("GRANT CONNECT ON DATABASE %I TO %I", owned.database, owned.runtime)

    async def close_the_rest(self) -> None:
        """Keep services out of the databases that every cluster is born with."""
        for database in ("postgres", "template1"):
            await self._do("REVOKE ALL ON DATABASE %I FROM PUBLIC", database)

    async def let_move_the_clock(self, role: str) -> None:
        """Let a role move the business time of a sandbox.

        The right to reload holds in the database of this connection only: connect to the role's own.
        """
        await self._do('GRANT ALTER SYSTEM, SET ON PARAMETER "huishe.clock_offset" TO %I', role)
        await self._do("GRANT EXECUTE ON FUNCTION pg_reload_conf() TO %I", role)

    async def set_clock(self, offset_seconds: int) -> None:
        """Begin business time somewhere else than now, once: afterwards it only moves forward."""
        given = "SELECT count(*) FROM pg_file_settings WHERE name = 'huishe.clock_offset'"
        if await self.superuser.fetchval(given):
            return
        await self._do('ALTER SYSTEM SET "huishe.clock_offset" = %L', str(offset_seconds))
        await self.superuser.execute("SELECT pg_reload_conf()")

    async def create_database_from_template(self, name: str, template: str) -> None:
        """Copy a database that nobody is connected to, in some hundredths of a second."""
        await self._do("CREATE DATABASE %I TEMPLATE %I", name, template)

    async def drop_database(self, name: str) -> None:
        await self._do("DROP DATABASE IF EXISTS %I WITH (FORCE)", name)

    async def _role(self, name: str, password: str) -> None:
        if not await self._exists("pg_roles", "rolname", name):
            await self._do("CREATE ROLE %I", name)
        await self._do(
            "ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD %L", name, password
        )

    async def _exists(self, catalogue: str, column: str, name: str) -> bool:
        statement = f"SELECT EXISTS (SELECT FROM {catalogue} WHERE {column} = $1)"
        return bool(await self.superuser.fetchval(statement, name))

    async def _do(self, statement: str, *words: str) -> None:
        """Run a statement of the kind that takes no parameters; the server does the quoting."""
        places = ", ".join(f"${n}::text" for n in range(2, len(words) + 2))
        ready = await self.superuser.fetchval(
            f"SELECT format($1::text, {places})", statement, *words
        )
        await self.superuser.execute(ready)
