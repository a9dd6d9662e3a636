"""INCUBATOR_* variables."""

from functools import cache

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """Read once; a wrong value stops the start-up."""

    model_config = SettingsConfigDict(env_prefix="INCUBATOR_")

    client_id: str = Field("incubator", min_length=1)
    port: int = Field(8084, ge=0, le=65535)


@cache
def settings() -> Settings:
    return Settings()
