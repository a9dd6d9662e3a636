"""What several slices send and receive: marks, codes and days."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, StringConstraints, WithJsonSchema

from services.evaluation.marks import parse_marks, written

Marks = Annotated[
    Decimal,
    BeforeValidator(parse_marks),
    PlainSerializer(written, return_type=str),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^(0|[1-9][0-9]{0,3})(\.[0-9]{1,2})?$",
            "examples": ["87.50"],
            "description": "Marks as a decimal string with at most two places",
        }
    ),
]
"""A decimal string outside, an exact decimal inside."""

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]
"""The code of an indicator, a gate or an item, as its scheme writes it."""

Day = Annotated[date, Field(ge=date(2011, 3, 1), le=date(2100, 12, 31))]
"""A day under measures that this service knows, and near enough to count years from."""
