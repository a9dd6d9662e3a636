"""Every reader of sealed bytes takes one spelling of a document, and names why it refuses others.

Whatever comes, the answer is the same document or a `SealingError` with a reason: no other
exception, no second spelling that a signature would still cover, no time that explodes.
"""

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
from tests.support.mutations import mutated, read_or_refused

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


def test_whatever_is_accepted_has_the_one_spelling(kind: Kind, form: Form, figure: Figure) -> None:
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
    """Whether it was accepted."""
    found, refused = read_or_refused(kind.parse, data)
    if isinstance(refused, SealingError):
        assert refused.reason in MEANINGS
        assert refused.where
        return False
    assert found is not None
    assert found.encode() == data
    return True


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
