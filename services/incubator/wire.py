"""What several slices send and receive: days, years, divisions and amounts."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from shared.codelists import ISSUED
from shared.errors import NotWellFormed
from shared.http import MoneyText
from shared.money import ZERO, Money
from shared.words import Text

LARGEST = Money.parse("1000000000.00")

Division = Annotated[
    str,
    StringConstraints(pattern=r"^410108[0-9]{3}$"),
    Field(description="Street or town of 惠济区", examples=["410108101"]),
]
Year = Annotated[int, Field(ge=2016, le=2100)]
Day = Annotated[date, Field(ge=ISSUED, le=date(2100, 12, 31))]
"""A day under the policy, and near enough to count months from."""


def _not_negative(amount: Money) -> Money:
    if not ZERO <= amount <= LARGEST:
        raise NotWellFormed(Text(zh="金额须在 0 至十亿元之间", en="from nothing to a billion yuan"))
    return amount


def _positive(amount: Money) -> Money:
    if amount == ZERO:
        raise NotWellFormed(Text(zh="金额须大于零", en="more than nothing"))
    return _not_negative(amount)


Value = Annotated[MoneyText, AfterValidator(_not_negative)]
"""Nothing, or an amount that a district could have."""
Amount = Annotated[MoneyText, AfterValidator(_positive)]
"""More than nothing, and an amount that a district could have."""
