"""The quick writer of canonical documents spells as the reference does, or leaves it to it."""

from typing import Any

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from shared.sealing.canonical import LARGEST_INTEGER, canonical

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
PLAIN = st.none() | st.booleans() | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER) | TEXT
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=20
)


@given(VALUES)
def test_every_document_is_spelled_as_rfc_8785_spells_it(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


def test_control_characters_and_exotic_keys_are_spelled_alike() -> None:
    value = {"".join(map(chr, range(0x80))): '/\u2028\x7f"\\', "\U0001f600": 1, "\uffff": 2}

    assert canonical(value) == rfc8785.dumps(value)
