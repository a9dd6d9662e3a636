"""GATEWAY_* variables: what a deployment is told once, its addresses, secrets and patience.

What may be turned while callers are served is in `configuration.py`.
"""

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_settings import SettingsConfigDict

from shared.settings import (
    BaseAddress,
    CatalogueAddress,
    EnvironmentSettings,
    IpAddress,
    LogLevel,
    PostgresAddress,
    SecretKey,
    example_address,
    weak_secret,
)

LOCAL_NAMES = ["127.0.0.1", "localhost", "[::1]", "testserver"]
SERVICES = ("registry", "procurement", "evaluation", "incubator")


def _plain_http(addresses: dict[str, list[str]]) -> dict[str, list[str]]:
    for service, origins in addresses.items():
        if service not in SERVICES:
            raise ValueError(f"no such service: {service}")
        if not origins:
            raise ValueError(f"{service} has no address")
        if any(not origin.startswith("http://") for origin in origins):
            raise ValueError(f"{service}: the inner net speaks plain http")
    return addresses


Upstreams = Annotated[dict[str, list[BaseAddress]], AfterValidator(_plain_http)]


class GatewaySettings(EnvironmentSettings):
    """Everything the gateway is told. Times are machine seconds."""

    model_config = SettingsConfigDict(env_prefix="GATEWAY_")

    database_url: PostgresAddress = Field(repr=False, description="As the runtime role")
    migrator_database_url: PostgresAddress | None = Field(
        None, repr=False, description="As the owner of the tables; for migrations only"
    )
    database_pool: int = Field(5, ge=1, le=100)

    bind_host: IpAddress = "127.0.0.1"
    port: int = Field(8080, ge=0, le=65535)
    public_url: BaseAddress = Field("http://127.0.0.1:8080", description="As callers reach it")
    allowed_hosts: list[str] = Field(LOCAL_NAMES, description="Host names, without the port")

    issuer: BaseAddress = "https://huishe.example"
    audience: str = Field("huishe", min_length=1)
    problem_base: CatalogueAddress = "https://huishe.example/problems/"
    log_level: LogLevel = "INFO"
    secret_key: SecretKey = Field(description="Callers' addresses appear in the log hashed with it")
    access_log: bool = True
    metrics_networks: list[str] = Field(
        ["127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"],
        description="From where /metrics is answered; 404 to the rest",
    )

    key_directory: Path = Field(Path("build/gateway-keys"), description="Signing keys, as files")
    key_settling_seconds: int = Field(
        600, ge=0, description="A new key is published this long before it signs"
    )
    token_seconds: int = Field(600, ge=30, le=600)

    witness_directory: Path = Field(
        Path("build/gateway-witness"),
        description="What this gateway saw of every journal, as files outside all databases",
    )
    witness_seconds: float = Field(2.0, gt=0, description="Between two looks at every journal")
    witnesses: dict[str, BaseAddress] = Field(
        {},
        description="Further witnesses, name → address: what they were shown is held against ours",
    )

    configuration_file: Path | None = Field(
        None, description="Routes, lanes, limits and cache; `configuration.toml` when none is named"
    )
    upstreams: Upstreams = Field(
        {
            "registry": ["http://127.0.0.1:8081"],
            "procurement": ["http://127.0.0.1:8082"],
            "evaluation": ["http://127.0.0.1:8083"],
            "incubator": ["http://127.0.0.1:8084"],
        },
        description="Service → its addresses; several copies share the work",
    )
    head_seconds: float = Field(15.0, gt=0, description="How long the head of a request may take")
    connect_seconds: float = Field(2.0, gt=0)
    read_seconds: float = Field(35.0, gt=0, description="Longest silence of an upstream")
    idle_seconds: float = Field(4.0, gt=0, description="Kept connections; less than upstreams keep")
    connections_per_address: int = Field(100, ge=1)
    probe_seconds: float = Field(1.0, gt=0)

    def unfit_for_production(self) -> list[str]:
        """Example names, and a key that nobody drew at random."""
        weak = [f"{self._variable('secret_key')}: draw it at random"]
        return (
            (weak if weak_secret(self.secret_key) else [])
            + super().unfit_for_production()
            + [
                f"{self._variable(field)}: an example address is for a sandbox"
                for field in ("issuer", "problem_base", "public_url")
                if example_address(getattr(self, field))
            ]
        )


@cache
def settings() -> GatewaySettings:
    return GatewaySettings()
