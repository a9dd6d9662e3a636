"""GATEWAY_* variables: what a deployment is told once, its addresses, secrets and patience.

What may be turned while callers are served is in `configuration.py`.
"""

import ipaddress
from functools import cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
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


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text))
    except ValueError:
        raise ValueError("a network such as 10.0.0.0/8") from None


Network = Annotated[str, AfterValidator(_network)]


def _kept_as_written(url: str) -> str:
    """An issuer is compared byte for byte, so nothing of its address is tidied up."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise ValueError("an http or https address without credentials")
    if parts.query or parts.fragment or len(url) > 200:
        raise ValueError("an address without query or fragment, at most 200 characters")
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
        raise ValueError("https, but for a provider on this machine")
    return url


ProviderAddress = Annotated[str, AfterValidator(_kept_as_written)]


class IdentityProvider(BaseModel):
    """An OpenID Connect issuer whose people may come by way of a platform."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: ProviderAddress = Field(description="Exactly as its tokens say `iss`")
    audience: str = Field(min_length=1, max_length=200, description="What its tokens say `aud`")
    jwks_url: ProviderAddress | None = Field(
        None, description="Where its keys are; when not given, its discovery document says where"
    )
    subject_claim: str = Field("sub", pattern=r"^[A-Za-z0-9_:./-]{1,100}$")
    algorithms: tuple[Literal["RS256", "PS256", "ES256", "Ed25519", "EdDSA"], ...] = Field(
        ("RS256", "PS256", "ES256", "Ed25519"), min_length=1
    )


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

    identity_providers: dict[str, IdentityProvider] = Field(
        {}, description="Name → an OpenID Connect issuer whose tokens are exchanged for ours"
    )
    provider_fresh_seconds: float = Field(
        300.0, gt=0, description="Keys of a provider are asked for again when they are as old"
    )
    provider_stale_seconds: float = Field(
        3600.0, gt=0, description="While a provider is silent its last keys hold for as long"
    )

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

    # Webhooks
    webhooks_inline: bool = Field(True, description="Read feeds and send inside this process")
    webhook_key_directory: Path | None = Field(
        None, description="Keys that sign webhooks; `webhooks` in the key directory when not given"
    )
    earlier_secret_keys: list[SecretKey] = Field(
        [], repr=False, description="What they sealed, webhook secrets, stays readable"
    )
    webhook_seconds: float = Field(15.0, gt=0, le=60, description="Longest attempt at a delivery")
    webhook_ports: list[Annotated[int, Field(ge=1, le=65535)]] = Field(
        [443], description="Ports that receivers may have"
    )
    webhook_refused_networks: list[Network] = Field(
        [], description="Networks of one's own that look public: nothing is sent there"
    )
    webhook_ca_file: Path | None = Field(
        None, description="Further certificate authorities that receivers may have, as PEM"
    )
    webhook_plain_hosts: list[str] = Field(
        [], description="Hosts that may be called by http and on any port; for a sandbox only"
    )
    webhook_open_networks: list[Network] = Field(
        [], description="Inner networks that may be called all the same; for a sandbox only"
    )

    @property
    def assertion_audiences(self) -> tuple[str, ...]:
        """What a client's assertion may be meant for: us, by address or by name."""
        return (f"{self.public_url}/oauth/token", self.issuer)

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
            + [
                f"{self._variable(field)}: webhooks into one's own net are for a sandbox"
                for field in ("webhook_plain_hosts", "webhook_open_networks")
                if getattr(self, field)
            ]
            + [
                f"{self._variable('identity_providers')}: {name} is an example"
                for name, provider in self.identity_providers.items()
                if example_address(provider.issuer)
            ]
        )


@cache
def settings() -> GatewaySettings:
    return GatewaySettings()
