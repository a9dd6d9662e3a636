"""What goes over the wire: strict coming in, plain going out."""

from typing import Annotated, Any

import orjson
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import core_schema

from shared.identifiers import CreditCode as Code
from shared.money import WRITE_YUAN, YUAN_WITH_TWO_PLACES, Money, NotMoney


class Schema(BaseModel):
    """Input: JSON types are never converted into each other, unknown fields are refused.

    FastAPI validates parsed Python values, where strictness would refuse the text of every date.
    So whatever comes as Python is written as JSON and validated as that: there a date is a
    string, a number is a number, and nothing else is.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    def __init__(self, **given: Any) -> None:
        self.__pydantic_validator__.validate_json(_as_json(given), strict=True, self_instance=self)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        def from_python(value: Any, _: Any) -> Any:
            if isinstance(value, cls):
                return value
            return cls.__pydantic_validator__.validate_json(_as_json(value), strict=True)

        # A wrapped model is written like the model; a plain function would be written as nothing.
        model = handler(source)
        return core_schema.json_or_python_schema(
            json_schema=model,
            python_schema=core_schema.no_info_wrap_validator_function(from_python, model),
        )


def _as_json(value: Any) -> bytes:
    return orjson.dumps(value, default=_by_its_fields, option=orjson.OPT_PASSTHROUGH_DATACLASS)


def _by_its_fields(value: Any) -> Any:
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else str(value)


class View(BaseModel):
    """Output: read from the attributes of a model or given as it is."""

    model_config = ConfigDict(from_attributes=True)


def _money(value: Any) -> Money:
    if isinstance(value, str):
        return Money.parse(value)
    if isinstance(value, Money):
        return value
    raise NotMoney(YUAN_WITH_TWO_PLACES, WRITE_YUAN)


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
