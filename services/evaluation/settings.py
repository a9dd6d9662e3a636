"""EVALUATION_* variables."""

from functools import cache

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """Read once; a wrong value stops the start-up."""

    model_config = SettingsConfigDict(env_prefix="EVALUATION_")

    client_id: str = Field("evaluation", min_length=1)
    port: int = Field(8083, ge=0, le=65535)

    grade_counts_at_once: bool = Field(
        False,
        description="Whether a grade counts between its announcement and the next 1 January, "
        "which the revised measures leave open",
    )


@cache
def settings() -> Settings:
    return Settings()
