"""The tool as people run it: every command a process of its own, in a folder of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from shared.bidkit.folders import BidFolder, CustodianFolder
from shared.sealing.bids import open_bid
from shared.sealing.bundles import pack
from shared.sealing.policies import CustodianCard, SealPolicy
from shared.sealing.shares import open_share, rebuild_root
from shared.sealing.suites import SUITE_A
from tests.unit.sealing.builders import (
    DEADLINE,
    TENDER,
    opening,
    receipt_for,
    sealed_bid,
    service_key,
)

ROOT = Path(__file__).resolve().parents[3]
PASSPHRASE = "correct-horse-电池"


def bidkit(folder: Path, *arguments: str, passphrase: str = PASSPHRASE) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "shared.bidkit", *arguments],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "BIDKIT_PASSPHRASE": passphrase,
            "LANG": "C.UTF-8",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout, done.stderr


def done(result: tuple[int, str, str]) -> str:
    status, out, problem = result
    assert status == 0, problem
    return out


def refused(result: tuple[int, str, str]) -> str:
    """One line on stderr, and no traceback."""
    status, _, problem = result
    assert status == 1
    assert "Traceback" not in problem
    return problem


@pytest.fixture
def trust(tmp_path: Path) -> Path:
    path = tmp_path / "receipt-key.json"
    path.write_bytes(service_key().verifying.encode())
    return path


def test_a_bid_is_sealed_offline_and_opened_with_two_of_three_custodians(tmp_path: Path) -> None:
    cards = []
    for n in (1, 2, 3):
        done(bidkit(tmp_path, "custodian", "init", f"c{n}", "--name", f"保管人{n}"))
        cards.append(CustodianCard.parse((tmp_path / f"c{n}" / "custodian.json").read_bytes()))
    policy = SealPolicy(SUITE_A, TENDER, 1, "2-of-3", tuple(cards), DEADLINE, 3, 30)
    (tmp_path / "policy.json").write_bytes(policy.encode())
    (tmp_path / "plan.pdf").write_bytes(b"%PDF " + bytes(5000))
    done(bidkit(tmp_path, "bidder", "init", "keys", "--name", "晨光"))

    told = done(bidkit(tmp_path, *sealing("98000.00")))

    folder = BidFolder(tmp_path / "bid")
    envelope = folder.envelope()
    keys = [CustodianFolder(tmp_path / f"c{n}").key(PASSPHRASE) for n in (1, 3)]
    shares = {
        n: open_share(envelope, n, k.sealing_private) for n, k in zip((1, 3), keys, strict=True)
    }
    root = rebuild_root(policy, envelope.manifest, shares)
    opened = open_bid(envelope.manifest, folder.parts(envelope.manifest), root)
    assert opened.price.price == 98_000_00
    assert opened.contents["technical"] == (tmp_path / "plan.pdf").read_bytes()
    assert folder.root(PASSPHRASE) == root
    assert envelope.manifest.hash.hex() in told
    everything = b"".join(p.read_bytes() for p in (tmp_path / "bid").rglob("*") if p.is_file())
    assert b"98000" not in everything
    assert "晨光".encode() not in everything


def sealing(price: str, policy: str = "policy.json") -> list[str]:
    return [
        *("seal", "keys", "bid", "--policy", policy, "--credit-code", "52410108MJF0000016"),
        *("--name", "惠济区晨光社会工作服务中心", "--price", price, "--personnel", "60000.00"),
        *("--technical", "plan.pdf", "--signatory", "王晓", "--contact", "0371-60000000"),
    ]


@pytest.mark.parametrize(
    ("price", "said"),
    [
        pytest.param("98000", "--price", id="no places"),
        pytest.param("9.8e4", "--price", id="an exponent"),
        pytest.param("-1.00", "--price", id="less than nothing"),
        pytest.param("59999.99", "price form.price", id="less than its personnel share"),
    ],
)
def test_a_price_that_nobody_could_read_out_is_not_sealed(
    tmp_path: Path, price: str, said: str
) -> None:
    done(bidkit(tmp_path, "bidder", "init", "keys", "--name", "晨光"))
    (tmp_path / "policy.json").write_bytes(opening_policy())
    (tmp_path / "plan.pdf").write_bytes(b"%PDF")

    assert said in refused(bidkit(tmp_path, *sealing(price)))
    assert not (tmp_path / "bid").exists()


def opening_policy() -> bytes:
    return opening().bundle["policy.json"]


def test_keys_are_private_files_and_are_never_overwritten(tmp_path: Path) -> None:
    done(bidkit(tmp_path, "custodian", "init", "keys", "--name", "公证处"))
    made = (tmp_path / "keys" / "custodian.key").read_bytes()

    again = refused(bidkit(tmp_path, "custodian", "init", "keys", "--name", "公证处"))

    assert "duplicate" in again
    assert (tmp_path / "keys" / "custodian.key").read_bytes() == made
    assert (tmp_path / "keys" / "custodian.key").stat().st_mode & 0o077 == 0


def test_a_short_passphrase_and_a_wrong_one_are_refused(tmp_path: Path) -> None:
    short = bidkit(tmp_path, "bidder", "init", "keys", "--name", "晨光", passphrase="short")
    assert "passphrase" in refused(short)
    done(bidkit(tmp_path, "bidder", "init", "keys", "--name", "晨光"))
    (tmp_path / "policy.json").write_bytes(opening_policy())
    (tmp_path / "plan.pdf").write_bytes(b"%PDF")

    wrong = bidkit(tmp_path, *sealing("98000.00"), passphrase=PASSPHRASE + "x")

    assert "passphrase" in refused(wrong)


def test_a_receipt_is_verified_offline_and_a_changed_one_is_refused(
    tmp_path: Path, trust: Path
) -> None:
    receipt = tmp_path / "receipt.json"
    receipt.write_bytes(receipt_for(sealed_bid()).encode())
    command = ("receipt", "verify", "receipt.json", "--trust", str(trust))

    assert "the signature holds" in done(bidkit(tmp_path, *command))

    receipt.write_bytes(receipt.read_bytes().replace(b"2026", b"2025"))
    assert "receipt.signature" in refused(bidkit(tmp_path, *command))


def test_a_bundle_is_verified_as_folder_and_archive_and_refused_by_file(
    tmp_path: Path, trust: Path
) -> None:
    for path, data in opening().bundle.items():
        (tmp_path / "bundle" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "bundle" / path).write_bytes(data)
    (tmp_path / "bundle.zip").write_bytes(pack(opening().bundle))

    for bundle in ("bundle", "bundle.zip"):
        told = done(bidkit(tmp_path, "verify", bundle, "--trust", str(trust)))
        assert "the bundle is in order" in told

    minutes = tmp_path / "bundle" / "minutes.json"
    minutes.write_bytes(minutes.read_bytes()[:-1] + b" ")
    changed = bidkit(tmp_path, "verify", "bundle", "--trust", str(trust))
    assert "minutes.json: file-changed" in refused(changed)
    missing = bidkit(tmp_path, "verify", "nowhere", "--trust", str(trust))
    assert "file-missing" in refused(missing)


def test_a_link_out_of_a_bundle_is_not_followed(tmp_path: Path, trust: Path) -> None:
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle" / "policy.json").symlink_to("/etc/passwd")

    told = refused(bidkit(tmp_path, "verify", "bundle", "--trust", str(trust)))

    assert "policy.json: file-extra" in told
