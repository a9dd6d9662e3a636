"""What a person may choose about a local suite, read once from the environment."""

from datetime import datetime
from functools import cache
from pathlib import Path

from pydantic import AwareDatetime, Field
from pydantic_settings import SettingsConfigDict

from shared.settings import EnvironmentSettings, IpAddress, PostgresAddress

SERVICES = ("registry", "procurement", "evaluation", "incubator")
PARTS = ("gateway", *SERVICES)


class LocalSettings(EnvironmentSettings):
    """HUISHE_* variables."""

    model_config = SettingsConfigDict(env_prefix="HUISHE_")

    sandbox: bool = Field(True, description="Business time may be moved; draft figures are usable")
    sandbox_starts: AwareDatetime | None = Field(
        None, description="Where business time begins in a new suite; now when not given"
    )
    host: IpAddress = Field("127.0.0.1", description="Where the gateway listens")
    database_port: int = Field(8085, ge=0, le=65535, description="0: whichever is free")
    database_user: str | None = Field(
        None, description="Whom PostgreSQL runs as when the suite is started by root"
    )

    archive: Path | None = Field(
        None, description="Copies for restoring: the log of changes is kept in `wal` of this folder"
    )

    def seconds_ahead(self, now: datetime) -> int | None:
        """How far business time shall be from the clock on the wall."""
        return (
            None
            if self.sandbox_starts is None
            else round((self.sandbox_starts - now).total_seconds())
        )


class Addresses(EnvironmentSettings):
    """Ports of the five processes, and real database servers to use instead of the embedded one."""

    model_config = SettingsConfigDict(env_prefix="")

    gateway_port: int = Field(8080, ge=0, le=65535)
    registry_port: int = Field(8081, ge=0, le=65535)
    procurement_port: int = Field(8082, ge=0, le=65535)
    evaluation_port: int = Field(8083, ge=0, le=65535)
    incubator_port: int = Field(8084, ge=0, le=65535)

    gateway_database_url: PostgresAddress | None = None
    registry_database_url: PostgresAddress | None = None
    procurement_database_url: PostgresAddress | None = None
    evaluation_database_url: PostgresAddress | None = None
    incubator_database_url: PostgresAddress | None = None

    gateway_migrator_database_url: PostgresAddress | None = None
    registry_migrator_database_url: PostgresAddress | None = None
    procurement_migrator_database_url: PostgresAddress | None = None
    evaluation_migrator_database_url: PostgresAddress | None = None
    incubator_migrator_database_url: PostgresAddress | None = None

    def port_of(self, part: str) -> int:
        return int(getattr(self, f"{part}_port"))

    def database_of(self, part: str) -> str | None:
        address: str | None = getattr(self, f"{part}_database_url")
        return address

    def migrator_of(self, part: str) -> str | None:
        address: str | None = getattr(self, f"{part}_migrator_database_url")
        return address


@cache
def local_settings() -> LocalSettings:
    return LocalSettings()


@cache
def addresses() -> Addresses:
    return Addresses()
