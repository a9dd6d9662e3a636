"""What goes over the wire: strict coming in, plain going out."""

from typing import Annotated, Any

import orjson
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PlainSerializer,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)

from shared.identifiers import CreditCode as Code
from shared.money import Money


class Schema(BaseModel):
    """Input: JSON types are never converted into each other, unknown fields are refused.

    FastAPI validates parsed Python values, where strictness would refuse the text of every date;
    so the document is validated once more as JSON, where a date is a string and nothing else is.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="wrap")
    @classmethod
    def _as_json(
        cls, value: Any, handler: ModelWrapValidatorHandler[Any], info: ValidationInfo
    ) -> Any:
        if info.mode == "python" and isinstance(value, dict):
            return cls.__pydantic_validator__.validate_json(
                orjson.dumps(value, default=str), strict=True
            )
        return handler(value)


class View(BaseModel):
    """Output: read from the attributes of a model or given as it is."""

    model_config = ConfigDict(from_attributes=True)


def _money(value: Any) -> Any:
    return Money.parse(value) if isinstance(value, str) else value


MoneyText = Annotated[
    Money,
    BeforeValidator(_money),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\d{1,13}\.\d{2}$",
            "examples": ["150000.00"],
            "description": "Yuan (CNY) as a decimal string with two places",
        }
    ),
]
"""Yuan with two places outside, `Money` inside."""

CreditCode = Annotated[
    str,
    StringConstraints(min_length=18, max_length=18),
    AfterValidator(lambda value: str(Code.parse(value))),
    Field(
        description="统一社会信用代码, unified social credit code (GB 32100-2015)",
        examples=["52410108MJ0000018R"],
    ),
]

Line = Annotated[
    str,
    StringConstraints(
        min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$", strip_whitespace=True
    ),
]
"""One line of text."""

Prose = Annotated[str, StringConstraints(min_length=1, max_length=5000)]
"""Some paragraphs of text."""
