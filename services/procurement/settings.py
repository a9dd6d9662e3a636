from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_settings import SettingsConfigDict

from shared.identifiers import CreditCode
from shared.settings import SecretKey, ServiceSettings

SANDBOX_PREFIX = "ocds-hshe00"
"""Registered by nobody: what is published under it is no real contracting process."""


class Settings(ServiceSettings):
    """Read once from PROCUREMENT_* variables; a wrong value stops the start-up."""

    model_config = SettingsConfigDict(env_prefix="PROCUREMENT_")

    client_id: str = Field("procurement", min_length=1)
    port: int = Field(8082, ge=0, le=65535)

    receipt_key_file: Path = Field(
        Path("build/procurement/receipt-key.json"),
        description="The key that signs receipts and openings; made on the first start of a sandbox",
    )
    bid_secret: SecretKey | None = Field(
        None, description="Keys the hashes of bidders and tenders; secret_key when it is not given"
    )

    ocid_prefix: str = Field(
        SANDBOX_PREFIX,
        pattern=r"^ocds-[a-z0-9]{6}$",
        description="As the Open Contracting Partnership registered it for this publisher",
    )
    publisher_name: str = Field("惠济区民政局", min_length=1)
    publisher_code: Annotated[str, AfterValidator(CreditCode.parse)] | None = Field(
        None, description="The publishing bureau's unified social credit code"
    )
    open_licence: str = "https://creativecommons.org/licenses/by/4.0/"

    expert_pool_key: str | None = Field(
        None,
        pattern=r"^[0-9a-f]{64}$",
        description="The expert pool's public Ed25519 key, by which its draw records are checked",
    )

    def unfit_for_production(self) -> list[str]:
        faults = super().unfit_for_production()
        if self.ocid_prefix == SANDBOX_PREFIX:
            faults.append("PROCUREMENT_OCID_PREFIX: open data needs a registered prefix")
        if not self.receipt_key_file.is_absolute() or not self.receipt_key_file.exists():
            faults.append("PROCUREMENT_RECEIPT_KEY_FILE: names an existing key file")
        if self.expert_pool_key is None:
            faults.append("PROCUREMENT_EXPERT_POOL_KEY: draws of experts are checked by it")
        return faults


@cache
def settings() -> Settings:
    return Settings()
