"""Settings, read once from the environment; a wrong value stops the start-up and says which.

Nothing else in the suite reads the environment. Values that are fit for a sandbox only are refused
when `sandbox` is off, so a demonstration can never become a production by accident.
"""

import ipaddress
import os
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
)
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

SHORTEST_KEY = 32
"""Bytes. Cursors, keyed hashes and encrypted columns all derive from the secret key."""
SHORTEST_PRODUCTION_SECRET = 32


class SettingsRefused(SystemExit):
    """Stops the start-up with one line per wrong variable; never shows a value."""


def _postgres_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "postgresql+asyncpg" or not parts.hostname or not parts.path.strip("/"):
        raise ValueError("an address such as postgresql+asyncpg://role:password@host:port/database")
    return url


def _base_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ValueError("an http or https address without credentials")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("scheme, host and port only")
    return url.rstrip("/")


def _catalogue_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or not url.endswith("/"):
        raise ValueError("an http or https address that ends in /")
    return url


def _ip_address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise ValueError("an IPv4 or IPv6 address to listen on") from None


def _long_enough(secret: SecretStr) -> SecretStr:
    if len(secret.get_secret_value().encode()) < SHORTEST_KEY:
        raise ValueError(f"at least {SHORTEST_KEY} bytes")
    return secret


def _cited(figures: dict[str, str]) -> dict[str, str]:
    if blank := [name for name, citation in figures.items() if not citation.strip()]:
        raise ValueError(f"a confirmed figure names the text that confirms it: {', '.join(blank)}")
    return figures


def _upper(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value


Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]
PostgresAddress = Annotated[str, AfterValidator(_postgres_address)]
BaseAddress = Annotated[str, AfterValidator(_base_address)]
CatalogueAddress = Annotated[str, AfterValidator(_catalogue_address)]
IpAddress = Annotated[str, AfterValidator(_ip_address)]
SecretKey = Annotated[SecretStr, AfterValidator(_long_enough)]
LogLevel = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], BeforeValidator(_upper)]


class EnvironmentSettings(BaseSettings):
    """Frozen, prefixed, strict: an unknown variable under the prefix is refused like a wrong value."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    sandbox: bool = Field(False, description="Business time may be moved; draft figures are usable")

    def __init__(self, **values: Any) -> None:
        prefix = str(self.model_config.get("env_prefix", ""))
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise SettingsRefused(_told(prefix, error)) from None
        except SettingsError as error:  # text that should have been JSON
            raise SettingsRefused(_listed([f"{prefix}*: {error}"])) from None
        faults = self._unknown_variables(prefix)
        if not self.sandbox:
            faults += self.unfit_for_production()
        if faults:
            raise SettingsRefused(_listed(faults))

    def unfit_for_production(self) -> list[str]:
        """What only a sandbox may have, as `VARIABLE: why`."""
        return []

    def _variable(self, field: str) -> str:
        return f"{self.model_config.get('env_prefix', '')}{field}".upper()

    def _unknown_variables(self, prefix: str) -> list[str]:
        if not prefix:
            return []
        known = {self._variable(field) for field in type(self).model_fields}
        return [
            f"{name}: no such setting"
            for name in sorted(os.environ)
            if name.upper().startswith(prefix.upper()) and name.upper() not in known
        ]


class ServiceSettings(EnvironmentSettings):
    """What every service is told. Each service's own class adds its prefix and its defaults."""

    database_url: PostgresAddress = Field(repr=False, description="As the runtime role")
    migrator_database_url: PostgresAddress | None = Field(
        None, repr=False, description="As the owner of the tables; for migrations only"
    )
    database_pool: int = Field(10, ge=1, le=200, description="Connections at most")

    bind_host: IpAddress = "127.0.0.1"
    port: int = Field(0, ge=0, le=65535, description="0: whichever is free")

    gateway_url: BaseAddress = "http://127.0.0.1:8080"
    issuer: BaseAddress = Field("https://huishe.example", description="Whose tokens are trusted")
    audience: Name = "huishe"
    client_id: Name = Field(description="Who the service is when it asks others")
    client_secret: SecretStr = Field(min_length=8)
    problem_base: CatalogueAddress = "https://huishe.example/problems/"

    secret_key: SecretKey = Field(
        description="Cursors, keyed hashes and encrypted columns derive from it"
    )
    journal_key_directory: Path = Field(
        Path("build/journal-keys"),
        description="Outside the database and its backups: a folder for each service with the keys "
        "that sign its journal, and beside it the newest checkpoint signed",
    )
    journal_origin: (
        Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._/-]{1,120}$")] | None
    ) = Field(
        None,
        description="The journal's name in its checkpoints; when not given, the issuer's host and the "
        "service. A journal that goes on from an older backup gets a new one",
    )
    confirmed_figures: Annotated[dict[str, str], AfterValidator(_cited)] = Field(
        default_factory=dict, description="Draft figure → the citation by which it was confirmed"
    )
    revocations_stale_seconds: float = Field(
        30.0,
        gt=0,
        description="When the gateway has not told for as long what was revoked, readiness says so; "
        "what it told last goes on to hold",
    )
    worker_inline: bool = Field(True, description="Run the worker inside this process")
    worker_port: int | None = Field(
        None,
        ge=1,
        le=65535,
        description="Where a worker apart is asked for its health and figures; nowhere when not given",
    )
    log_level: LogLevel = "INFO"

    def unfit_for_production(self) -> list[str]:
        faults = super().unfit_for_production()
        for field in ("issuer", "problem_base"):
            if example_address(getattr(self, field)):
                faults.append(f"{self._variable(field)}: an example address is for a sandbox")
        if not self.journal_key_directory.is_absolute():
            faults.append(
                f"{self._variable('journal_key_directory')}: an absolute path, kept apart from backups"
            )
        for field in ("client_secret", "secret_key"):
            if weak_secret(getattr(self, field)):
                faults.append(
                    f"{self._variable(field)}: at least {SHORTEST_PRODUCTION_SECRET} characters "
                    "drawn at random"
                )
        return faults


def example_address(url: str) -> bool:
    """Whether an address is one that no outsider could reach: reserved names and loopback."""
    host = urlsplit(url).hostname or ""
    return (
        host == "localhost"
        or host.endswith((".example", ".test", ".localhost", ".invalid"))
        or (host.startswith("127.") or host == "::1")
    )


def weak_secret(secret: SecretStr) -> bool:
    """Too short, or so repetitive that nobody drew it at random."""
    text = secret.get_secret_value()
    return len(text) < SHORTEST_PRODUCTION_SECRET or len(set(text)) < 10


def _told(prefix: str, error: ValidationError) -> str:
    faults = []
    for problem in error.errors(include_url=False, include_input=False, include_context=False):
        field = str(problem["loc"][0]) if problem["loc"] else ""
        name = field if field.upper().startswith(prefix.upper()) else f"{prefix}{field}"
        faults.append(f"{name.upper()}: {problem['msg']}")
    return _listed(faults)


def _listed(faults: list[str]) -> str:
    return "Wrong settings, not starting:\n" + "\n".join(f"  {fault}" for fault in faults)
