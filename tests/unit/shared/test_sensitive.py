import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import sensitive
from shared.sensitive import NotConfigured, Unreadable, Vault, masked

SECRET = "k" * 32
VAULT = Vault(SECRET)


@given(st.text())
def test_what_is_sealed_is_read_back(text):
    assert VAULT.decrypt(VAULT.encrypt(text)) == text


@given(st.text(min_size=4))
def test_a_sealed_text_does_not_show_and_never_looks_the_same_twice(text):
    first, second = VAULT.encrypt(text), VAULT.encrypt(text)

    assert text.encode() not in first
    assert first != second


@given(st.data())
def test_a_changed_seal_is_unreadable_wherever_it_was_changed(data):
    sealed = VAULT.encrypt("410108199001011234")
    place = data.draw(st.integers(0, len(sealed) - 1))
    flip = data.draw(st.integers(1, 255))
    changed = sealed[:place] + bytes([sealed[place] ^ flip]) + sealed[place + 1 :]

    with pytest.raises(Unreadable):
        VAULT.decrypt(changed)


@given(st.binary(max_size=80))
def test_bytes_of_any_kind_are_unreadable_not_an_accident(junk):
    with pytest.raises(Unreadable):
        VAULT.decrypt(junk)


def test_a_new_key_seals_and_the_earlier_one_still_opens():
    old, new = Vault(SECRET), Vault("n" * 32, earlier=[SECRET])

    assert new.decrypt(old.encrypt("张三")) == "张三"
    assert new.decrypt(new.encrypt("张三")) == "张三"
    with pytest.raises(Unreadable):
        old.decrypt(new.encrypt("张三"))


def test_a_keyed_hash_finds_the_same_text_in_the_same_place_only():
    number = "410108199001011234"

    assert VAULT.search_hash("person.resident_id", number) == Vault(SECRET).search_hash(
        "person.resident_id", number
    )
    assert VAULT.search_hash("person.resident_id", number) != VAULT.search_hash(
        "client.resident_id", number
    )
    assert VAULT.search_hash("a", "b\x00c") != VAULT.search_hash("a", "b")
    assert Vault("n" * 32).search_hash("a", "b") != VAULT.search_hash("a", "b")
    assert len(VAULT.search_hash("a", "b")) == 32


def test_without_a_key_nothing_is_ever_stored_in_plain(monkeypatch):
    monkeypatch.setattr(sensitive, "_vault", None)

    with pytest.raises(NotConfigured):
        sensitive.encrypt("张三")


def test_a_process_seals_by_the_key_it_was_configured_with(monkeypatch):
    monkeypatch.setattr(sensitive, "_vault", None)
    sensitive.configure(SECRET)

    assert sensitive.decrypt(VAULT.encrypt("张三")) == "张三"
    assert VAULT.decrypt(sensitive.encrypt("李四")) == "李四"
    assert sensitive.search_hash("a", "b") == VAULT.search_hash("a", "b")


def test_what_is_shown_of_a_text_is_its_ends():
    assert masked("欧阳明月", first=1) == "欧***"
    assert masked("13800138000", first=3, last=2) == "138******00"
    assert masked("") == ""


@given(st.text(min_size=1), st.integers(0, 20), st.integers(0, 20))
def test_a_mask_keeps_the_length_and_hides_at_least_half(text, first, last):
    shown = masked(text, first=first, last=last)

    assert len(shown) == len(text)
    assert 2 * shown.count("*") >= len(text)
