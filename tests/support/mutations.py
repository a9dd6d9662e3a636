"""Ways of being wrong: genuine bytes changed as an adversary, a bad line or a bug would."""

import json
import random
from collections.abc import Callable
from typing import Any, TypeVar

from shared.errors import Refusal
from shared.sealing.canonical import canonical
from shared.sealing.errors import SealingError

T = TypeVar("T")


def read_or_refused(
    read: Callable[[Any], T], data: Any
) -> tuple[T | None, SealingError | Refusal | None]:
    """What was read, or why it was not. Any other exception goes on: it is a fault."""
    try:
        return read(data), None
    except (SealingError, Refusal) as refused:
        return None, refused


ODD = [
    *(b"null", b"true", b"-0", b"0", b"1e3", b"1.0", b"9007199254740992", b"NaN", b"-Infinity"),
    *(b'""', b"[]", b"{}", b'"\\u0000"', b'"\\ud800"', b'"\xef\xbc\x91"', b"\xff", b'"\\u00e9"'),
    *(
        "٣".encode(),
        "２".encode(),
        b'"A"',
        b'"B"',
        b" ",
        b"\t",
        b"\n",
        b"\xef\xbb\xbf",
        b"1" * 5000,
    ),
]


def mutated(chance: random.Random, genuine: bytes, others: list[bytes]) -> bytes:
    """Bytes changed, cut, doubled, spliced; or a value somewhere in it replaced or moved."""
    way = chance.choice([flipped, cut, doubled, spliced, inserted, replaced, restructured])
    return way(chance, genuine, others)


def flipped(chance: random.Random, genuine: bytes, _: list[bytes]) -> bytes:
    changed = bytearray(genuine)
    for _ in range(chance.choice([1, 1, 1, 2, 8])):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def cut(chance: random.Random, genuine: bytes, _: list[bytes]) -> bytes:
    start, end = sorted(chance.randrange(len(genuine) + 1) for _ in range(2))
    return chance.choice([genuine[:start], genuine[start:], genuine[:start] + genuine[end:]])


def doubled(chance: random.Random, genuine: bytes, _: list[bytes]) -> bytes:
    start, end = sorted(chance.randrange(len(genuine) + 1) for _ in range(2))
    return genuine[:end] + genuine[start:]


def spliced(chance: random.Random, genuine: bytes, others: list[bytes]) -> bytes:
    other = chance.choice(others)
    return genuine[: chance.randrange(len(genuine))] + other[chance.randrange(len(other)) :]


def inserted(chance: random.Random, genuine: bytes, _: list[bytes]) -> bytes:
    at = chance.randrange(len(genuine) + 1)
    return genuine[:at] + chance.choice(ODD) + genuine[at:]


def replaced(chance: random.Random, genuine: bytes, _: list[bytes]) -> bytes:
    """A value of the text, as it is written, by another one."""
    starts = [n + 1 for n, byte in enumerate(genuine) if byte in b":[,"]
    start = chance.choice(starts)
    end = next((n for n in range(start, len(genuine)) if genuine[n] in b",]}"), len(genuine))
    return genuine[:start] + chance.choice(ODD) + genuine[end:]


def restructured(chance: random.Random, genuine: bytes, others: list[bytes]) -> bytes:
    """A value of the document by one of another document, written canonically."""
    document, other = json.loads(genuine), json.loads(chance.choice(others))
    holder = chance.choice(list(inside(document)))
    donor = chance.choice(list(inside(other)))
    place = chance.choice(sorted(holder)) if isinstance(holder, dict) else None
    value = chance.choice(list(donor.values()) if isinstance(donor, dict) else donor)
    match chance.choice(["set", "drop", "add", "twice"]):
        case "drop" if place is not None:
            del holder[place]
        case "add" if isinstance(holder, dict):
            holder[chance.choice(["unheard-of", "fault", "sealed", "format"])] = value
        case "twice" if isinstance(holder, list):
            holder.append(chance.choice(holder))
        case _ if place is not None:
            holder[place] = value
        case _:
            holder[chance.randrange(len(holder))] = value
    return canonical(document)


def inside(value: Any) -> list[Any]:
    """Every object and list that has something in it."""
    found = [value] if isinstance(value, dict | list) and value else []
    for item in value.values() if isinstance(value, dict) else value:
        if isinstance(item, dict | list):
            found += inside(item)
    return found
