"""Resident ids of the people on the register: checked on the way in, found by keyed hash."""

from datetime import date

from shared import sensitive
from shared.errors import InvalidInput, NotWellFormed
from shared.identifiers import ResidentId

PLACE = "registry.person"
"""One place for all tables, so that the same person is found in an application, a body and a post."""


def resident_number(text: str, on: date, pointer: str) -> str:
    """The number in its one stored form; refused with the rule it breaks, never echoed."""
    try:
        return ResidentId.parse(text, on=on).number
    except NotWellFormed as wrong:
        raise InvalidInput.at(f"{pointer}/resident_id", wrong.rule, wrong.remedy) from None


def resident_hash(number: str) -> bytes:
    return sensitive.search_hash(PLACE, number)


def masked_number(number: str) -> str:
    return sensitive.masked(number, first=2, last=2)
