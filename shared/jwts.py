"""Reading a JWT strictly: one spelling, no name twice, every number a number.

Nothing is verified here but the form. Whoever believes what a token says has checked its signature.
"""

import base64
import json
from typing import Any, NoReturn


class Malformed(ValueError):
    """Not a token as we read them; the message says what is wrong and never what was sent."""


def parts_of(token: str, *, longest: int) -> tuple[bytes, bytes, bytes]:
    """Header, payload and signature as they were written."""
    if len(token) > longest:
        raise Malformed("too long")
    parts = [_octets(part) for part in token.split(".")]
    if len(parts) != 3:
        raise Malformed("not a JWT")
    return parts[0], parts[1], parts[2]


def json_object(text: bytes) -> dict[str, Any]:
    """A JSON object in which no name stands twice and every number is one."""
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Malformed("not a JWT") from None
    if not isinstance(found, dict):
        raise Malformed("not a JWT")
    return found


def moment(claims: dict[str, Any], name: str, otherwise: float | None = None) -> float:
    """Seconds since 1970, as a claim tells them."""
    found = claims.get(name, otherwise)
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 <= found < 2**53:
        raise Malformed("claims")
    return float(found)


def _octets(part: str) -> bytes:
    """Base64url in its one spelling: otherwise a changed token could still be the same one."""
    try:
        found = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        raise Malformed("not a JWT") from None
    if base64.urlsafe_b64encode(found).decode().rstrip("=") != part:
        raise Malformed("not a JWT")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)
