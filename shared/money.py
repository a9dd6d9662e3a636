"""Money as whole fen (分), and shares of it compared without rounding.

Inside it is an integer, outside a decimal text in yuan with two places. No float is ever made.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from shared.errors import NotWellFormed
from shared.words import Text

CURRENCY = "CNY"
LARGEST_FEN = 10**15
"""Ten trillion yuan: beyond any public budget, and well inside a bigint."""

YUAN_WITH_TWO_PLACES = Text(
    zh="金额须为以元为单位、带两位小数的字符串", en="an amount is a string in yuan with two places"
)
WRITE_YUAN = Text(
    zh='请写成如 "1234.50" 的形式，不加千分位、货币符号或指数',
    en='write it like "1234.50", without separators, sign of currency or exponent',
)

_YUAN = re.compile(r"(-?)(0|[1-9][0-9]{0,12})\.([0-9]{2})", re.ASCII)


class NotMoney(NotWellFormed):
    """The text is not an amount as this suite writes it."""


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of money: exact, comparable, at most ten trillion yuan either way."""

    fen: int

    def __post_init__(self) -> None:
        if type(self.fen) is not int:
            raise TypeError("money is counted in whole fen")
        if abs(self.fen) > LARGEST_FEN:
            raise NotMoney(Text(zh="金额不得超过十万亿元", en="at most ten trillion yuan"))

    @classmethod
    def parse(cls, text: str) -> "Money":
        """Read yuan with exactly two places: `1234.50`. No separators, signs of currency or exponents."""
        found = _YUAN.fullmatch(text)
        if found is None:
            raise NotMoney(YUAN_WITH_TWO_PLACES, WRITE_YUAN)
        sign, yuan, fen = found.groups()
        whole = int(yuan) * 100 + int(fen)
        return cls(-whole if sign else whole)

    @classmethod
    def total(cls, amounts: Iterable["Money"]) -> "Money":
        return cls(sum(amount.fen for amount in amounts))

    def __str__(self) -> str:
        yuan, fen = divmod(abs(self.fen), 100)
        return f"{'-' if self.fen < 0 else ''}{yuan}.{fen:02d}"

    def __add__(self, other: "Money") -> "Money":
        return Money(self.fen + other.fen) if isinstance(other, Money) else NotImplemented

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.fen - other.fen) if isinstance(other, Money) else NotImplemented

    def __neg__(self) -> "Money":
        return Money(-self.fen)

    def __mul__(self, times: int) -> "Money":
        return Money(self.fen * times) if type(times) is int else NotImplemented

    __rmul__ = __mul__

    def __bool__(self) -> bool:
        return self.fen != 0

    @property
    def yuan(self) -> Decimal:
        """The amount in yuan, exactly."""
        return Decimal(self.fen).scaleb(-2)

    def portion(self, share: Fraction) -> "Money":
        """That share of the amount, rounded down to the fen (towards zero)."""
        fen = abs(self.fen) * share.numerator // share.denominator
        return Money(-fen if self.fen < 0 else fen)


ZERO = Money(0)


def share(part: Money, whole: Money) -> Fraction:
    """The part as an exact share of the whole. There is no share of nothing."""
    if whole.fen <= 0:
        raise ValueError("a share needs a whole above zero")
    return Fraction(part.fen, whole.fen)


def share_is_at_least(part: Money, whole: Money, least: Fraction) -> bool:
    """Whether `part / whole ≥ least`, in integers; an empty whole proves nothing."""
    return whole.fen > 0 and part.fen * least.denominator >= least.numerator * whole.fen


def share_is_at_most(part: Money, whole: Money, most: Fraction) -> bool:
    """Whether `part / whole ≤ most`, in integers; of an empty whole only nothing may be taken."""
    if whole.fen <= 0:
        return part.fen <= 0
    return part.fen * most.denominator <= most.numerator * whole.fen


def as_percent(value: Fraction, places: int = 2) -> str:
    """A share as text for people. Rounded down, so that what is short never looks reached."""
    percent = Decimal(value.numerator * 100 * 10**places // value.denominator).scaleb(-places)
    return f"{percent.quantize(Decimal(1).scaleb(-places), rounding=ROUND_DOWN)} %"
