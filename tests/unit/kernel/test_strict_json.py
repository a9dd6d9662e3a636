import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import InvalidInput, Refusal
from shared.http import strict_json

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(
                st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(values)
def test_what_is_well_formed_is_read_as_it_is(value):
    assert strict_json.parse(json.dumps(value).encode()) == value


@given(st.binary(max_size=200))
def test_whatever_comes_is_read_or_refused_and_never_breaks(body):
    statuses = {200}
    try:
        strict_json.parse(body)
    except Refusal as refusal:
        statuses = {refusal.status}

    assert statuses <= {200, 400, 413, 422}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"a":1,"a":1}', id="a key twice"),
        pytest.param(b"[-9223372036854775809]", id="below 64 bits"),
        pytest.param(b"[" + b"9" * 5000 + b"]", id="a number of five thousand digits"),
        pytest.param(b"[Infinity]", id="infinity"),
        pytest.param(b'{"\\u0000":1}', id="NUL in a key"),
        pytest.param(b"[" * 40 + b"]" * 40, id="deep"),
        pytest.param(b"[" * 100_000, id="very deep"),
        pytest.param(b"[" + b"1," * 60_000 + b"1]", id="very many"),
        pytest.param(b"x" * (strict_json.MAX_BYTES + 1), id="too big"),
        pytest.param(b"\xef\xbb\xbf{}", id="a byte order mark"),
    ],
)
def test_traps_are_refused(body):
    with pytest.raises(Refusal):
        strict_json.parse(body)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        pytest.param(b'{"staff":[{"name":"a"},{"name":"\\u0000"}]}', "/staff/1/name", id="NUL"),
        pytest.param(b'{"name":"\\ud800"}', "/name", id="a lone surrogate"),
        pytest.param(b'{"rate":NaN}', "/rate", id="NaN"),
        pytest.param(b'{"rate":1E+999999}', "/rate", id="past every number"),
        pytest.param(b'{"people":[1,9223372036854775808]}', "/people/1", id="past 64 bits"),
        pytest.param(b'{"seat":{"a/b":1,"a/b":2}}', "/seat/a~1b", id="a key twice"),
        pytest.param(b'{"body":{"\\ud800":1}}', "/body", id="a key that is no text"),
        pytest.param(b'{"\\u0000":1,"\\u0000":2}', "", id="a key that is no text, twice"),
        pytest.param(b'{"a":' + b"[" * 40 + b"]" * 40 + b"}", "/a" + "/0" * 31, id="deep"),
        pytest.param(b"[" * 100_000, "", id="deeper than can be read"),
    ],
)
def test_a_trap_is_named_by_its_place(body, pointer):
    with pytest.raises(InvalidInput) as refused:
        strict_json.parse(body)

    assert [error.pointer for error in refused.value.errors] == [pointer]
