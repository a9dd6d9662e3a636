"""What several slices send and receive: days, years and divisions."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from shared.codelists import ISSUED

Division = Annotated[
    str,
    StringConstraints(pattern=r"^410108[0-9]{3}$"),
    Field(description="Street or town of 惠济区", examples=["410108101"]),
]
Year = Annotated[int, Field(ge=2016, le=2100)]
Day = Annotated[date, Field(ge=ISSUED, le=date(2100, 12, 31))]
"""A day under the policy, and near enough to count months from."""
