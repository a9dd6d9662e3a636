"""Anyone can check an opening from its bundle; a bundle with one byte changed is refused."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.sealing.bundles import MANIFEST_NAME, pack, unpack, verify_bundle, with_manifest
from shared.sealing.errors import Malformed, NotGenuine, Reason, SealingError, Untrusted
from shared.sealing.keyfiles import new_signing_key
from shared.sealing.minutes import OpenedEntry, sign_minutes
from shared.sealing.suites import SUITE_A
from tests.unit.sealing.builders import TENDER, opening, service_key

TRUSTED = service_key().verifying


def resigned(changes: dict[str, bytes | None]) -> dict[str, bytes]:
    """A bundle whose maker signs a changed set of files: the contents must still convince."""
    files = {path: data for path, data in opening().bundle.items() if path != MANIFEST_NAME}
    for path, data in changes.items():
        if data is None:
            del files[path]
        else:
            files[path] = data
    return with_manifest(service_key(), TENDER, files)


def test_the_bundle_of_an_opening_is_in_order() -> None:
    verified = verify_bundle(opening().bundle, TRUSTED)

    assert len(verified.minutes.bids) == 3
    assert verified.closing.root == opening().closing.root


def test_a_changed_byte_in_every_single_file_is_refused_by_name() -> None:
    for path, data in opening().bundle.items():
        for at in {0, len(data) // 2, len(data) - 1}:
            changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
            with pytest.raises(SealingError) as refused:
                verify_bundle({**opening().bundle, path: changed}, TRUSTED)
            assert refused.value.where.startswith(path)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_any_flipped_bit_of_any_file_is_refused_by_name(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(opening().bundle)))
    changed = bytearray(opening().bundle[path])
    at = data.draw(st.integers(0, 8 * len(changed) - 1))
    changed[at // 8] ^= 1 << at % 8

    with pytest.raises(SealingError) as refused:
        verify_bundle({**opening().bundle, path: bytes(changed)}, TRUSTED)

    assert refused.value.where.startswith(path)


def test_a_missing_and_an_extra_file_are_refused_by_name() -> None:
    for path in opening().bundle:
        with pytest.raises(NotGenuine) as missing:
            verify_bundle({p: d for p, d in opening().bundle.items() if p != path}, TRUSTED)
        assert (missing.value.reason, missing.value.where) == (Reason.FILE_MISSING, path)
    with pytest.raises(NotGenuine) as extra:
        verify_bundle({**opening().bundle, "notes.txt": b""}, TRUSTED)
    assert (extra.value.reason, extra.value.where) == (Reason.FILE_EXTRA, "notes.txt")


def test_trust_comes_from_outside_the_bundle() -> None:
    with pytest.raises(Untrusted):
        verify_bundle(opening().bundle, new_signing_key(SUITE_A).verifying)


def test_even_its_maker_cannot_add_a_file_without_a_meaning() -> None:
    with pytest.raises(NotGenuine) as refused:
        verify_bundle(resigned({"notes.txt": b"trust me"}), TRUSTED)

    assert refused.value.reason is Reason.FILE_EXTRA


def test_even_its_maker_cannot_show_another_price_than_was_sealed() -> None:
    first, *others = opening().minutes.bids
    assert isinstance(first, OpenedEntry)
    cheaper = sign_minutes(
        service_key(),
        opening().session,
        opening().minutes.opened_at,
        custodians=opening().minutes.custodians,
        bids=(replace(first, price=first.price - 1), *others),
        superseded=(),
    )

    with pytest.raises(NotGenuine) as refused:
        verify_bundle(resigned({"minutes.json": cheaper.encode()}), TRUSTED)

    assert refused.value.reason is Reason.MINUTES


def test_even_its_maker_cannot_leave_a_lodged_bid_out_of_the_minutes() -> None:
    fewer = sign_minutes(
        service_key(),
        opening().session,
        opening().minutes.opened_at,
        custodians=opening().minutes.custodians,
        bids=opening().minutes.bids[1:],
        superseded=(),
    )

    with pytest.raises(NotGenuine) as refused:
        verify_bundle(resigned({"minutes.json": fewer.encode()}), TRUSTED)

    assert refused.value.reason is Reason.COUNTED_SET


def test_an_archive_is_unpacked_only_when_it_is_packed_as_bundles_are() -> None:
    archive = pack(opening().bundle)

    assert unpack(archive) == opening().bundle
    assert pack(opening().bundle) == archive
    for wrong in (archive + b"\x00", archive[:-1], b"", archive[:10] + b"\x01" + archive[11:]):
        with pytest.raises(Malformed):
            unpack(wrong)
