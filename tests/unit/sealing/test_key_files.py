"""Private keys lie under a passphrase; a wrong one, or a changed file, opens nothing."""

import pytest

from shared.sealing.errors import Malformed, SealingError, WrongPassphrase
from shared.sealing.keyfiles import (
    lock_custodian,
    lock_root,
    lock_signing,
    unlock_custodian,
    unlock_root,
    unlock_signing,
)
from shared.sealing.suites import SUITE_A
from tests.unit.sealing.builders import bidder_key, custodians, sealed_bid

PASSPHRASE = "晨光-correct-horse"


def test_keys_come_out_under_their_passphrase() -> None:
    custodian, bid = custodians(3)[0], sealed_bid()

    assert unlock_custodian(lock_custodian(custodian, PASSPHRASE), PASSPHRASE) == custodian
    assert unlock_signing(lock_signing(bidder_key(), "A", PASSPHRASE), PASSPHRASE) == bidder_key()
    kept = lock_root(SUITE_A, bid.manifest.nonce, bid.root, PASSPHRASE)
    assert unlock_root(kept, PASSPHRASE) == bid.root


def test_a_wrong_passphrase_opens_nothing() -> None:
    with pytest.raises(WrongPassphrase):
        unlock_custodian(lock_custodian(custodians(3)[0], PASSPHRASE), PASSPHRASE + "x")


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(Malformed):
        lock_signing(bidder_key(), "A", "short")


def test_a_key_file_of_another_use_is_refused() -> None:
    with pytest.raises(Malformed):
        unlock_root(lock_signing(bidder_key(), "A", PASSPHRASE), PASSPHRASE)


def test_a_changed_key_file_opens_nothing() -> None:
    locked = lock_signing(bidder_key(), "A", PASSPHRASE)

    for at in range(0, len(locked), 23):
        changed = locked[:at] + bytes([locked[at] ^ 1]) + locked[at + 1 :]
        with pytest.raises(SealingError):
            unlock_signing(changed, PASSPHRASE)


def test_keys_do_not_show_themselves_when_printed() -> None:
    custodian = custodians(3)[0]

    assert custodian.sealing_private.hex() not in repr(custodian)
    assert str(custodian.sealing_private) not in repr(custodian)
    assert str(bidder_key().private) not in repr(bidder_key())
    assert str(sealed_bid().root) not in repr(sealed_bid())
