"""Codes that name organisations, people and records, checked by the standard that defines them."""

import os
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

from shared.errors import NotWellFormed
from shared.words import Text

_LONGEST_INPUT = 64


_AS_ON_CERTIFICATE: Final = Text(
    zh="请按登记证书或营业执照核对统一社会信用代码",
    en="compare the code with the certificate of registration or business licence",
)
_AS_ON_CARD: Final = Text(zh="请按身份证件核对号码", en="compare the number with the identity card")


def _normalised(text: str) -> str:
    """Full-width forms, blanks and lower case become the one form that is stored."""
    if len(text) > _LONGEST_INPUT:
        raise NotWellFormed(
            Text(zh="长度远超代码的 18 位", en="far longer than the 18 characters of the code")
        )
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


# --- Unified social credit code 统一社会信用代码, GB 32100-2015 --------------------------------

_CREDIT_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS: Final = tuple(3**i % 31 for i in range(17))
_ORGANISATION_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)

CIVIL_AFFAIRS: Final = "5"
SOCIAL_ORGANISATION: Final = "51"
PRIVATE_NON_ENTERPRISE: Final = "52"
"""民办非企业单位: the kind a social-work agency (民办社会工作服务机构) has."""
FOUNDATION: Final = "53"

# Only the kinds of civil affairs are closed here: other departments have added kinds since 2015,
# and refusing a lawful bidder (a rural collective is N2…) is the worse mistake.
_CIVIL_AFFAIRS_KINDS: Final = frozenset("123459")


class CreditCode(str):
    """A unified social credit code that has been checked. Codes are recorded, never coined."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> "CreditCode":
        """Normalise and check: alphabet, division, both check digits, and a kind that exists."""
        code = _normalised(text)
        if len(code) != 18 or any(char not in _CREDIT_ALPHABET for char in code):
            raise NotWellFormed(
                Text(
                    zh="须为 18 位数字和大写字母，不含 I、O、S、V、Z",
                    en="18 digits and capital letters without I, O, S, V and Z",
                ),
                _AS_ON_CERTIFICATE,
            )
        if re.fullmatch("[0-9]{6}", code[2:8], re.ASCII) is None:
            raise NotWellFormed(
                Text(
                    zh="第 3 至 8 位须为六位数字的行政区划代码",
                    en="characters 3 to 8 are the six digits of a division",
                ),
                _AS_ON_CERTIFICATE,
            )
        if code[0] == CIVIL_AFFAIRS and code[1] not in _CIVIL_AFFAIRS_KINDS:
            raise NotWellFormed(
                Text(
                    zh="民政部门不登记该类别（第 2 位）",
                    en="civil affairs registers no such kind (character 2)",
                ),
                _AS_ON_CERTIFICATE,
            )
        if organisation_check(code[8:16]) != code[16]:
            raise NotWellFormed(
                Text(
                    zh="第 17 位组织机构代码校验码（GB 11714）有误",
                    en="character 17, the check of the organisation code (GB 11714), is wrong",
                ),
                _AS_ON_CERTIFICATE,
            )
        if credit_check(code[:17]) != code[17]:
            raise NotWellFormed(
                Text(
                    zh="第 18 位校验码（GB 32100）有误",
                    en="character 18, the check of the whole code (GB 32100), is wrong",
                ),
                _AS_ON_CERTIFICATE,
            )
        return cls(code)

    @property
    def kind(self) -> str:
        """Registering department and kind: `52` for a private non-enterprise unit."""
        return self[:2]

    @property
    def division(self) -> str:
        """The six-digit division of the registering authority."""
        return self[2:8]

    @property
    def organisation(self) -> str:
        """The organisation code (GB 11714) inside, with its own check character."""
        return self[8:17]


def credit_check(first_seventeen: str) -> str:
    """The 18th character of a unified social credit code."""
    values = map(_CREDIT_ALPHABET.index, first_seventeen)
    total = sum(value * weight for value, weight in zip(values, _CREDIT_WEIGHTS, strict=True))
    return _CREDIT_ALPHABET[-total % 31]


def organisation_check(first_eight: str) -> str:
    """The 9th character of an organisation code."""
    values = map(_ORGANISATION_ALPHABET.index, first_eight)
    total = sum(value * weight for value, weight in zip(values, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


# --- Citizen identity number 公民身份号码, GB 11643-1999 ----------------------------------------

_RESIDENT_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_RESIDENT_CHECKS: Final = "10X98765432"
_PROVINCES: Final = frozenset(
    (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55))
) | frozenset((*range(61, 66), 71))
# 81, 82 and 83 are on the residence permits of people from Hong Kong, Macao and Taiwan.
_PERMITS: Final = frozenset((81, 82, 83))


@dataclass(frozen=True, slots=True)
class ResidentId:
    """A citizen identity number. Printing it shows the masked form; `number` is the real one."""

    number: str = field(repr=False)

    @classmethod
    def parse(cls, text: str, *, on: date) -> "ResidentId":
        """Normalise and check; nobody's number carries a birth later than `on`."""
        number = _normalised(text)
        if re.fullmatch("[1-9][0-9]{16}[0-9X]", number, re.ASCII) is None:
            raise NotWellFormed(
                Text(
                    zh="须为 17 位数字加一位校验码（数字或 X）",
                    en="17 digits and a check character (a digit or X)",
                ),
                _AS_ON_CARD,
            )
        if int(number[:2]) not in _PROVINCES | _PERMITS:
            raise NotWellFormed(
                Text(
                    zh="前两位既不是省级代码，也不是 81、82、83",
                    en="the first two digits are no province, nor 81, 82 or 83",
                ),
                _AS_ON_CARD,
            )
        try:
            born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
        except ValueError:
            raise NotWellFormed(
                Text(
                    zh="第 7 至 14 位须为出生日期（YYYYMMDD）",
                    en="digits 7 to 14 are a day of birth, YYYYMMDD",
                ),
                _AS_ON_CARD,
            ) from None
        if born > on:
            raise NotWellFormed(
                Text(zh="出生日期不能在将来", en="the day of birth lies in the future"), _AS_ON_CARD
            )
        if resident_check(number[:17]) != number[17]:
            raise NotWellFormed(
                Text(
                    zh="末位校验码（GB 11643）有误",
                    en="the last character, the check of the number (GB 11643), is wrong",
                ),
                _AS_ON_CARD,
            )
        return cls(number)

    @property
    def born(self) -> date:
        return date(int(self.number[6:10]), int(self.number[10:12]), int(self.number[12:14]))

    @property
    def division(self) -> str:
        """The six-digit division that first issued the number; it may no longer exist."""
        return self.number[:6]

    @property
    def masked(self) -> str:
        """Province and the last two characters: enough to recognise, too little to reconstruct."""
        return f"{self.number[:2]}{'*' * 14}{self.number[16:]}"

    def age_on(self, day: date) -> int:
        """Full years on that day."""
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))

    def __str__(self) -> str:
        return self.masked


def resident_check(first_seventeen: str) -> str:
    """The 18th character, by ISO 7064 MOD 11-2."""
    total = sum(
        int(digit) * weight
        for digit, weight in zip(first_seventeen, _RESIDENT_WEIGHTS, strict=True)
    )
    return _RESIDENT_CHECKS[total % 11]


# --- Ids of records: UUIDv7, RFC 9562 ------------------------------------------------------------

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def new_id(now: datetime | None = None) -> UUID:
    """A UUIDv7 of that instant (machine time unless given), to the microsecond.

    Ids of one process sort as they were made; the order of events is the journal's to tell.
    """
    now = datetime.now(UTC) if now is None else now
    if now.tzinfo is None:
        raise ValueError("an instant carries its offset")
    microseconds = (now - _EPOCH) // timedelta(microseconds=1)
    milliseconds, rest = divmod(microseconds, 1000)
    below_a_millisecond = rest * 4096 // 1000
    chance = int.from_bytes(os.urandom(8), "big") & (2**62 - 1)
    return UUID(
        int=milliseconds << 80 | 0x7 << 76 | below_a_millisecond << 64 | 0b10 << 62 | chance
    )
