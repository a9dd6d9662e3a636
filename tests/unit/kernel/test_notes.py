"""Signed notes and checkpoints: what others wrote is read, what is odd is refused by name."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import example, given
from hypothesis import strategies as st

from shared.journal.notes import (
    COSIGNED,
    Checkpoint,
    Malformed,
    Note,
    Signer,
    Untrusted,
    VerifierKey,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
LOG = Signer("huishe.example/registry", KEY)
WITNESS = Signer("huishe.example/witness", OTHER, COSIGNED)
CHECKPOINT = Checkpoint("huishe.example/registry", 42, bytes(range(32)))
SIGNED = Note(CHECKPOINT.text).signed([LOG])

# The example that the Go project's note package is documented with.
THEIR_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
THEIR_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_a_note_of_another_tool_is_verified():
    key, note = VerifierKey.parse(THEIR_KEY), Note.parse(THEIR_NOTE)

    assert note.signed_by(key)
    assert str(note) == THEIR_NOTE
    assert str(key) == THEIR_KEY
    assert not Note.parse(THEIR_NOTE.replace("answer", "reason")).signed_by(key)


def test_a_checkpoint_is_three_lines_and_says_the_same_when_it_is_read():
    assert CHECKPOINT.text.splitlines()[:2] == ["huishe.example/registry", "42"]
    assert Checkpoint.opened(Note.parse(str(SIGNED)), [LOG.verifier]) == CHECKPOINT


def test_only_a_trusted_key_counts():
    stranger = Signer(LOG.name, OTHER)

    with pytest.raises(Untrusted):
        Note(CHECKPOINT.text).signed([stranger]).require([LOG.verifier])
    with pytest.raises(Untrusted):
        Note(CHECKPOINT.text).require([LOG.verifier])
    with pytest.raises(Untrusted):
        Checkpoint.opened(SIGNED, [LOG.verifier], "huishe.example/procurement")
    assert Note(CHECKPOINT.text).signed([stranger, LOG]).require([LOG.verifier])


def test_a_witness_signs_its_own_time_and_nobody_can_move_it():
    note = Note(CHECKPOINT.text).signed([WITNESS], at=1_767_225_600)
    (signature,) = note.signatures
    later = (1_767_225_601).to_bytes(8, "big") + signature.signature[8:]

    assert note.signed_by(WITNESS.verifier)
    assert not WITNESS.verifier.verifies(note.text, later)
    assert not WITNESS.verifier.verifies(note.text, signature.signature[8:])


def test_a_witness_key_does_not_pass_as_a_log_key():
    as_log = VerifierKey(WITNESS.name, WITNESS.verifier.public)

    assert as_log.id != WITNESS.verifier.id
    assert not Note(CHECKPOINT.text).signed([WITNESS], at=1).signed_by(as_log)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "an empty line"),
        ("no signatures\n", "an empty line"),
        ("text\n\n- name AAAAAAAA\n", "a dash"),
        ("text\n\n— name AAAAAAA\n", "base64"),
        ("text\n\n— name AAAA\n", "too short"),
        ("text\n\n— na+me AAAAAAAA\n", "a name"),
        ("text\r\n\n— name AAAAAAAA\n", "control characters"),
        ("text\n\n— name AAAAAAAA", "signatures are needed"),
        ("text\n\n" + "— name AAAAAAAA\n" * 65, "too many"),
        ("x" * 20_000, "too large"),
    ],
)
def test_what_is_no_note_is_refused_by_its_part(text, named):
    with pytest.raises(Malformed, match=named):
        Note.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "origin\n1\n",
        "origin\n01\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "origin\n-1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "origin\n9223372036854775808\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "origin\n1\nAAAA\n",
        "origin\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n",
        "\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "origin\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    ],
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(Malformed):
        Checkpoint.parse(text)


@pytest.mark.parametrize(
    "text",
    ["", "name", "name+00000000+AQ==", THEIR_KEY.replace("c74f20a3", "c74f20a4"), "+c74f20a3+AR"],
)
def test_what_is_no_key_is_refused(text):
    with pytest.raises(Malformed):
        VerifierKey.parse(text)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
@example(str(SIGNED).encode())
def test_any_bytes_are_a_note_in_one_spelling_or_refused(written):
    try:
        note = Note.parse(written)
    except Malformed:
        return
    assert str(note).encode() == written


@given(st.data())
def test_a_changed_byte_is_never_believed(data):
    written = bytearray(str(SIGNED).encode())
    place = data.draw(st.integers(0, len(written) - 1))
    written[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != written[place]))

    with pytest.raises((Malformed, Untrusted)):
        Checkpoint.opened(Note.parse(bytes(written)), [LOG.verifier])


@given(
    st.from_regex(r"[A-Za-z0-9./-]{1,40}", fullmatch=True),
    st.integers(0, 2**62),
    st.binary(min_size=32, max_size=32),
)
def test_every_checkpoint_comes_back_as_it_was(origin, size, root):
    checkpoint = Checkpoint(origin, size, root)
    note = Note(checkpoint.text).signed([Signer(origin, KEY)])

    assert Checkpoint.opened(Note.parse(str(note)), [Signer(origin, KEY).verifier]) == checkpoint
