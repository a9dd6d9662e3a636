"""`python -m shared.journal` as somebody at a terminal uses it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from shared.journal.__main__ import cli
from shared.journal.identity import JournalIdentity
from shared.journal.notes import VerifierKey
from shared.signing_keys import key_files

ORIGIN = "huishe.example/registry"


def told(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


@pytest.fixture
def journal(tmp_path: Path) -> JournalIdentity:
    return JournalIdentity(ORIGIN, tmp_path / "registry")


def test_a_key_is_added_shown_and_retired_and_the_last_one_stays(journal: JournalIdentity) -> None:
    (first,) = journal.verifiers
    folder = str(journal.folder)

    new = told("keys", "add", folder).stdout.strip()
    shown = told("keys", "show", folder, "--origin", ORIGIN).stdout.split()
    assert [key.id for key in journal.verifiers] == [VerifierKey.parse(s).id for s in shown[:2]]
    assert str(first) in shown

    assert told("keys", "retire", folder, "0-first").exit_code == 0
    assert list(key_files(journal.folder)) == [new]
    refused = told("keys", "retire", folder, new)
    assert refused.exit_code != 0
    assert "the last key stays" in refused.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "name one of --database, --export and --feed"),
        (["--export", "a", "--feed", "b"], "name one of --database, --export and --feed"),
        (["--trust", "nonsense", "--export", "a"], "--trust: key: name+id+base64 is needed"),
    ],
    ids=["no source", "two sources", "no key"],
)
def test_what_is_asked_wrongly_says_how(
    journal: JournalIdentity, tmp_path: Path, arguments: list[str], words: str
) -> None:
    kept = tmp_path / "kept"
    kept.write_text(str(journal.sign(3, bytes(32))))
    trust = ["--trust", str(journal.verifiers[0])]

    found = told("verify", "--checkpoint", str(kept), *trust, *arguments)

    assert found.exit_code != 0
    assert words in found.output


def test_a_checkpoint_of_nobody_one_trusts_is_not_taken(
    journal: JournalIdentity, tmp_path: Path
) -> None:
    stranger = JournalIdentity(ORIGIN, tmp_path / "stranger")
    kept = tmp_path / "kept"
    kept.write_text(str(stranger.sign(3, bytes(32))))

    found = told(
        "verify", "--export", "x", "--trust", str(journal.verifiers[0]), "--checkpoint", str(kept)
    )

    assert "no signature by a trusted key" in found.output


def test_what_is_no_export_is_named_by_its_line(journal: JournalIdentity, tmp_path: Path) -> None:
    kept, file = tmp_path / "kept", tmp_path / "journal.jsonl"
    kept.write_text(str(journal.sign(3, bytes(32))))
    file.write_text("{}\n")

    found = told(
        *("verify", "--export", str(file), "--checkpoint", str(kept)),
        *("--trust", str(journal.verifiers[0])),
    )

    assert "line 1: not a line of a journal's export" in found.output
