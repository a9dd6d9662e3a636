"""The other readers of what comes from outside: commits, key files, archives, cursors, JSON."""

import base64
import json
import random
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from starlette.requests import Request

from services.procurement.bids.actions import Lodging, read_commit
from services.procurement.custody.keys import ServiceKeys
from shared.errors import BadRequest, InvalidInput, TooLarge
from shared.http import strict_json
from shared.http.paging import Paging
from shared.sealing import keyfiles
from shared.sealing.bids import withdraw_bid
from shared.sealing.bundles import pack, unpack, verify_bundle
from shared.sealing.errors import Malformed, Reason, SealingError, WrongPassphrase
from shared.sealing.keyfiles import lock_secret, unlock_secret
from shared.sealing.suites import SUITE_A
from tests.support.builders.sealed_bids import commit
from tests.support.builders.sealed_documents import lines
from tests.support.forms import Figure, Form
from tests.support.mutations import flipped, mutated, read_or_refused
from tests.unit.sealing.builders import TENDER, opening, sealed_bid, service_key

PASSPHRASE = "对照-correct-horse"

# --- Commits -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lodged", [sealed_bid().envelope, withdraw_bid(sealed_bid().manifest, sealed_bid().root)]
)
def test_a_commit_is_read_as_it_was_sent_or_refused_by_field(
    lodged: Any, form: Form, figure: Figure
) -> None:
    rounds = form(short=400, long=50_000)
    genuine, chance = commit(str(TENDER), lodged), random.Random("commits")
    assert read_commit(genuine) == Lodging(TENDER, lodged)
    others = [opening().minutes.encode(), sealed_bid().envelope.encode()]

    for _ in range(rounds):
        data = mutated(chance, genuine, others)
        found, refused = read_or_refused(read_commit, data)
        if found is not None:
            assert commit(str(found.tender_id), found.document) == data
            continue
        assert isinstance(refused, InvalidInput)
        assert not told_back(data, str(refused.members("en")))

    figure("commits", rounds)


def told_back(data: bytes, told: str) -> bool:
    """Whether a long text of the input stands in the answer."""
    text = data.decode(errors="replace")
    return any(text[at : at + 24] in told for at in range(0, len(text) - 24, 24))


# --- Records that the service keeps locked -------------------------------------------------------


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=3000), st.binary(max_size=60), st.integers(0, 8 * 4127))
def test_a_locked_record_comes_out_whole_or_not_at_all(
    record: bytes, bound: bytes, bit: int
) -> None:
    keys = ServiceKeys(service_key(), bytes(32))
    locked = keys.lock(record, bound)
    changed = bytearray(locked)
    changed[bit // 8 % len(changed)] ^= 1 << bit % 8

    assert keys.unlock(locked, bound) == record
    for wrong in (bytes(changed), locked[:-1], locked + b"\x00", b"", locked[12:]):
        with pytest.raises(Malformed):
            keys.unlock(wrong, bound)
    with pytest.raises(Malformed):
        keys.unlock(locked, bound + b"\x00")


# --- Key files -----------------------------------------------------------------------------------


@settings(max_examples=8, deadline=None)
@given(lines, st.binary(min_size=1, max_size=80), st.text(min_size=8, max_size=30))
def test_a_key_file_gives_its_secret_to_its_passphrase(
    name: str, secret: bytes, passphrase: str
) -> None:
    opened = unlock_secret(
        lock_secret(SUITE_A, "signing", name, secret, passphrase), "signing", passphrase
    )

    assert (opened.name, opened.secret) == (name, secret)


@pytest.mark.parametrize("name", ["", "x" * 201, "two\nlines"])
def test_a_key_file_that_could_never_be_read_is_not_written(name: str) -> None:
    with pytest.raises(Malformed) as refused:
        lock_secret(SUITE_A, "signing", name, bytes(32), PASSPHRASE)

    assert refused.value.where == "key file.name"


def test_a_changed_key_file_gives_nothing(form: Form, figure: Figure) -> None:
    rounds = form(short=120, long=5000)
    genuine = lock_secret(SUITE_A, "signing", "晨光", bytes(32), PASSPHRASE)
    chance = random.Random("key files")
    reasons = set()

    for _ in range(rounds):
        data = mutated(chance, genuine, [sealed_bid().manifest.encode()])
        if data == genuine:
            continue
        with pytest.raises(SealingError) as refused:
            unlock_secret(data, "signing", PASSPHRASE)
        reasons.add(type(refused.value))

    assert reasons == {Malformed, WrongPassphrase}
    figure("key files", rounds)


def test_every_byte_of_the_secret_and_its_name_is_covered(monkeypatch: pytest.MonkeyPatch) -> None:
    """The passphrase is stretched less here: what is tried is the seal, not the stretching."""
    monkeypatch.setattr(keyfiles, "SCRYPT_COST", 2)
    genuine = lock_secret(SUITE_A, "signing", "A", bytes(range(32)), PASSPHRASE)

    for at in range(8 * len(genuine)):
        changed = bytearray(genuine)
        changed[at // 8] ^= 1 << at % 8
        with pytest.raises(SealingError):
            unlock_secret(bytes(changed), "signing", PASSPHRASE)


# --- Archives ------------------------------------------------------------------------------------


def test_a_changed_archive_is_refused_by_name(form: Form, figure: Figure) -> None:
    """Wherever it is changed: names, lengths, checksums, methods, the list at its end."""
    genuine, trusted = pack(opening().bundle), service_key().verifying
    chance = random.Random("archives")
    list_of_files = genuine.index(b"PK\x01\x02")
    rounds = form(short=1500, long=200_000)

    for _ in range(rounds):
        start = chance.choice([0, list_of_files, chance.randrange(len(genuine))])
        at = min(start + chance.randrange(3000), len(genuine) - 1)
        changed = bytearray(genuine)
        changed[at] ^= 1 << chance.randrange(8)
        data = chance.choice([bytes(changed)] * 8 + [genuine[:at], genuine[at:], genuine + b"\x00"])
        if data == genuine:
            continue
        with pytest.raises(SealingError) as refused:
            verify_bundle(unpack(data), trusted)
        assert refused.value.where

    figure("archives", rounds)


@pytest.mark.parametrize("method", range(100))
def test_no_way_of_compressing_is_tried(method: int) -> None:
    """What unpacks to more than it is costs its reader memory, and decompressors have faults."""
    genuine = pack({"policy.json": b"{}" * 50})
    at = genuine.index(b"PK\x01\x02") + 10
    compressed = genuine[:at] + method.to_bytes(2, "little") + genuine[at + 2 :]

    if method == 0:
        assert unpack(compressed) == {"policy.json": b"{}" * 50}
        return
    with pytest.raises(Malformed) as refused:
        unpack(compressed)
    assert refused.value.reason is Reason.NOT_CANONICAL


# --- Cursors -------------------------------------------------------------------------------------


def list_at(path: str, secret: str = "only-for-tests") -> Paging:
    """A reader of the list at that path."""
    runtime = SimpleNamespace(settings=SimpleNamespace(secret_key=SecretStr(secret)))
    app = SimpleNamespace(state=SimpleNamespace(runtime=runtime))
    scope = {"type": "http", "path": path, "headers": [], "query_string": b"", "app": app}
    return Paging(50, None, Request(scope))


@given(st.text(max_size=60), st.text(max_size=40))
def test_a_cursor_says_again_where_it_was_given(path: str, value: str) -> None:
    paging = list_at("/" + path.encode(errors="replace").decode())
    value = value.encode(errors="replace").decode()

    assert paging.read(paging.write(value)) == value


@given(
    st.text(max_size=200) | st.binary(max_size=120).map(lambda raw: base64.b64encode(raw).decode())
)
def test_no_made_up_cursor_is_followed(cursor: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        list_at("/tenders").read(cursor)

    assert refused.value.errors[0].pointer == "/query/cursor"


@given(st.data())
def test_a_changed_cursor_is_followed_nowhere_else(data: st.DataObject) -> None:
    paging, place = list_at("/tenders"), str(uuid4())
    changed = list(paging.write(place))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(changed) - 1))
        changed[at] = data.draw(st.sampled_from("AQgw09-_+/=!. \n中\ud800"))

    found, refused = read_or_refused(paging.read, "".join(changed))

    assert found == place or isinstance(refused, InvalidInput)


@pytest.mark.parametrize(
    "elsewhere", [list_at("/projects"), list_at("/tenders", secret="of another service")]
)
def test_a_cursor_of_another_list_is_refused(elsewhere: Paging) -> None:
    with pytest.raises(InvalidInput):
        elsewhere.read(list_at("/tenders").write(uuid4()))


# --- JSON ----------------------------------------------------------------------------------------

BODY = json.dumps(
    {
        "title": "古荥镇留守儿童关爱服务",
        "posts": None,
        "open": True,
        "lines": [{"kind": "pay", "amount": "60000.00", "people": 4, "share": 0.5}] * 3,
        "seat": {"division": "410108004", "area": -12, "no": [], "of": {}},
    }
).encode()


def test_a_changed_body_is_read_as_any_reader_would_or_refused(form: Form, figure: Figure) -> None:
    """What is taken is what Python's own reader finds, without any of what that lets through."""
    rounds = form(short=3000, long=500_000)
    chance = random.Random("bodies")
    taken = 0

    for _ in range(rounds):
        data = mutated(chance, BODY, [sealed_bid().manifest.encode()])
        if data and chance.random() < 0.5:
            data = flipped(chance, data, [])
        found, refused = read_or_refused(strict_json.parse, data)
        if refused is not None:
            assert isinstance(refused, BadRequest | InvalidInput | TooLarge)
            continue
        taken += 1
        assert found == json.loads(data, object_pairs_hook=without_doubles)
        assert all(sound(leaf) for leaf in leaves(found))

    figure("bodies", rounds)
    figure("taken", taken)
    assert 0 < taken < rounds


def without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for key, item in value.items() for leaf in (key, *leaves(item))]
    return [leaf for item in value for leaf in leaves(item)] if isinstance(value, list) else [value]


def sound(leaf: Any) -> bool:
    if isinstance(leaf, str):
        return "\x00" not in leaf and not any("\ud800" <= c <= "\udfff" for c in leaf)
    if isinstance(leaf, float):
        return abs(leaf) < float("inf")
    return leaf is None or -(2**63) <= leaf < 2**63
