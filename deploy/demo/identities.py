"""Well-formed numbers for invented agencies and people of the demonstration.

The suite itself never coins a code: it records what the national system gave out and checks it.
"""

from shared.identifiers import CreditCode, credit_check, organisation_check, resident_check

DISTRICT = "52410108"
CITY = "52410100"
NEVER_GIVEN_OUT = "410199"
"""A division code that no place has, so that no number here can be a person's."""


def credit_code(serial: int, registrar: str = DISTRICT) -> str:
    """A 民办非企业单位 of the district (or city), as the national system would have given it."""
    body = f"MJ{serial:06d}"
    first_seventeen = registrar + body + organisation_check(body)
    return str(CreditCode.parse(first_seventeen + credit_check(first_seventeen)))


def resident_id(serial: int) -> str:
    """The number of a person who does not exist."""
    born = f"{1970 + serial // 300}{1 + serial % 12:02d}{1 + serial % 28:02d}"
    body = f"{NEVER_GIVEN_OUT}{born}{serial % 1000:03d}"
    return body + resident_check(body)
