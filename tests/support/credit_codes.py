"""Well-formed credit codes for invented organisations.

Only tests and the demonstration may do this: in the suite codes are recorded, never coined.
"""

from shared.identifiers import CreditCode, credit_check, organisation_check


def make_credit_code(prefix: str, serial: int) -> CreditCode:
    """The code of the `serial`-th invented organisation under an eight-character prefix."""
    body = f"MJ{serial:06d}"
    first_seventeen = prefix + body + organisation_check(body)
    return CreditCode.parse(first_seventeen + credit_check(first_seventeen))
