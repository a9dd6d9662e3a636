"""REGISTRY_* variables."""

from functools import cache

from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """Read once from REGISTRY_* variables; a wrong value stops the start-up."""

    model_config = SettingsConfigDict(env_prefix="REGISTRY_")

    client_id: str = "registry"


@cache
def settings() -> Settings:
    return Settings()
