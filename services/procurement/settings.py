from functools import cache

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """Read once from PROCUREMENT_* variables; a wrong value stops the start-up."""

    model_config = SettingsConfigDict(env_prefix="PROCUREMENT_")

    client_id: str = Field("procurement", min_length=1)
    port: int = Field(8082, ge=0, le=65535)


@cache
def settings() -> Settings:
    return Settings()
