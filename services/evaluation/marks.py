"""Grades and marks: the words that every slice of evaluation scores with."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from shared.errors import NotWellFormed
from shared.words import Text

CENT = Decimal("0.01")
_MARKS = re.compile(r"(0|[1-9][0-9]{0,3})(\.[0-9]{1,2})?", re.ASCII)


def parse_marks(text: Any) -> Decimal:
    """Marks as they are written: at most four digits and two places. Never a float."""
    if isinstance(text, Decimal):
        return text
    if not isinstance(text, str) or _MARKS.fullmatch(text) is None:
        raise NotWellFormed(
            Text(
                zh="分值最多四位整数、两位小数",
                en="marks have at most four digits and two decimal places",
            ),
            Text(zh='请写成如 "87.50" 的字符串', en='write them as a string like "87.50"'),
        )
    return Decimal(text)


def written(marks: Decimal) -> str:
    """Marks always with two places."""
    return str(marks.quantize(CENT))


class Grade(StrEnum):
    """等级, from 5A (AAAAA) down to 1A (A)."""

    FIVE_A = "5A"
    FOUR_A = "4A"
    THREE_A = "3A"
    TWO_A = "2A"
    ONE_A = "1A"

    @property
    def height(self) -> int:
        return int(self.value[0])


@dataclass(frozen=True, slots=True)
class Line:
    """A grade line (分数线): this grade from so many marks up to the next line, that one excluded.

    Only the lower end is kept, so no mark can fall into two grades or between two.
    """

    grade: Grade
    least: Decimal


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition (门槛) without which no grade above `highest` is given, whatever the marks."""

    code: str
    title: str
    highest: Grade


def grade_by_marks(marks: Decimal, lines: Sequence[Line]) -> Grade | None:
    """The grade of the highest line reached; none below the lowest."""
    reached = [line for line in lines if marks >= line.least]
    return max(reached, key=lambda line: line.least).grade if reached else None


def capped(grade: Grade | None, missed: Sequence[Gate]) -> Grade | None:
    """The grade after every gate that was missed has had its say (地方评估办法 E-18)."""
    if grade is None or not missed:
        return grade
    return min([grade, *(gate.highest for gate in missed)], key=lambda g: g.height)
