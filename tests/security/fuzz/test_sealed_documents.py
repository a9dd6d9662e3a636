"""Every reader of sealed bytes takes one spelling of a document, and names why it refuses others.

Whatever comes, the answer is the same document or a `SealingError` with a reason: no other
exception, no second spelling that a signature would still cover, no time that explodes.
"""

import json
import random
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.sealing.canonical import canonical, read_value
from shared.sealing.errors import MEANINGS, SealingError
from tests.support.builders.sealed_documents import KINDS, Kind
from tests.support.forms import Figure, Form

QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


def examples(count: int) -> Callable[[Any], Any]:
    return settings(max_examples=count, deadline=None, suppress_health_check=QUIET, database=None)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


def test_any_valid_document_is_read_back_as_it_was(kind: Kind, form: Form, figure: Figure) -> None:
    count = form(short=25, long=2000)

    @examples(count)
    @given(kind.any_other)
    def tried(document: Any) -> None:
        text = document.encode()
        if len(text) <= kind.largest:
            assert kind.parse(text) == document
            assert kind.parse(text).encode() == text

    tried()
    figure("documents", count)


def test_whatever_is_accepted_has_the_one_spelling(
    kind: Kind, form: Form, figure: Figure
) -> None:
    """So no byte of it can change unnoticed, and its hash and signature mean one thing only."""
    rounds = form(short=150, long=20_000)
    genuine = kind.genuine().encode()
    others = [other.genuine().encode() for other in KINDS.values()]
    chance = random.Random(f"spellings of {genuine[:40]!r}")
    accepted = 0
    for _ in range(rounds):
        data = mutated(chance, genuine, others)
        accepted += same_or_refused(kind, data)
    figure("mutations", rounds)
    figure("accepted in their one spelling", accepted)


def test_a_digit_of_another_script_is_noticed_in_every_field(kind: Kind) -> None:
    """Python reads them as digits; no signature may be said to cover them."""
    genuine = kind.genuine().encode().decode()
    one_of_each_field = {
        found[1]: found.start(2) for found in re.finditer(r'"([a-z_]+)":"?[^",]*?(\d)', genuine)
    }

    for at in one_of_each_field.values():
        for zero in ("٠", "０", "০"):
            digit = chr(ord(zero) + int(genuine[at]))
            same_or_refused(kind, (genuine[:at] + digit + genuine[at + 1 :]).encode())

    assert one_of_each_field


def same_or_refused(kind: Kind, data: bytes) -> bool:
    try:
        found = kind.parse(data)
    except SealingError as refused:
        assert refused.reason in MEANINGS
        assert refused.where
        return False
    assert found.encode() == data
    return True


# --- Ways of being wrong -------------------------------------------------------------------------

ODD = [
    *(b"null", b"true", b"-0", b"0", b"1e3", b"1.0", b"9007199254740992", b"NaN", b"-Infinity"),
    *(b'""', b"[]", b"{}", b'"\\u0000"', b'"\\ud800"', b'"\xef\xbc\x91"', b"\xff", b'"\\u00e9"'),
    *("٣".encode(), "２".encode(), b'"A"', b'"B"', b" ", b"\t", b"\n", b"\xef\xbb\xbf", b"1" * 5000),
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


# --- How long it may take ------------------------------------------------------------------------

SIZE = 256 * 1024
SECONDS = 2.0
"""Many times what this much takes on a busy machine; work that grows with the square of the
input takes hours."""

HEAVY = {
    "nested lists": b"[" * SIZE,
    "nested objects": b'{"a":' * (SIZE // 5),
    "keys": canonical({f"k{n:07}": 0 for n in range(SIZE // 13)}),
    "the same key": b"{" + b'"a":1,' * (SIZE // 6) + b'"a":1}',
    "one number": b"9" * SIZE,
    "many long numbers": b"[" + b",".join([b"9" * 4200] * (SIZE // 4201)) + b"]",
    "one text": canonical({"format": "0" * SIZE}),
    "escapes": b'{"format":"' + b"\\u0000" * (SIZE // 6) + b'"}',
    "hexadecimal": canonical({"format": "huishe-receipt/1", "nonce": "ab" * (SIZE // 2)}),
    "entries": canonical(
        {"format": "huishe-closing-leaves/1", "suite": "A", "receipts": [{}] * (SIZE // 3)}
    ),
    "path": canonical(
        {
            **{"format": "huishe-inclusion-proof/1", "suite": "A", "index": 0, "size": 1},
            "path": [0] * (SIZE // 2),
        }
    ),
}


@pytest.mark.parametrize("heavy", HEAVY)
def test_a_heap_of_trouble_is_refused_in_no_time(heavy: str) -> None:
    data = HEAVY[heavy]
    began = time.process_time()

    for kind in KINDS.values():
        with pytest.raises(SealingError):
            kind.parse(data)

    assert time.process_time() - began < SECONDS * len(KINDS)


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_a_value_in_its_one_spelling_or_refused(data: bytes) -> None:
    try:
        value = read_value(data, "anything")
    except SealingError:
        return
    assert canonical(value) == data
