"""Signing keys as files: outside the database and its backups, one file for each key.

A file is named `<kid>.pem`. A kid begins with the moment the key was made, so the folder tells its
own history; `0-first` is the one that a folder began with. Files appear whole or not at all.
"""

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

STAMP = "%Y%m%dT%H%M%SZ"


def make_key(directory: Path, now: datetime) -> str:
    """Add a key to the folder; returns its kid."""
    kid = f"{now.astimezone(UTC):{STAMP}}-{secrets.token_hex(4)}"
    _write_once(directory / f"{kid}.pem")
    return kid


def make_first_key(directory: Path) -> None:
    """Add a key unless there is one: of several processes one wins, and all find the winner's."""
    if not key_files(directory):
        _write_once(directory / "0-first.pem")


def key_files(directory: Path) -> dict[str, Path]:
    """By kid, the oldest first."""
    return {path.stem: path for path in sorted(directory.glob("[0-9]*.pem"))}


def read_key(path: Path) -> Ed25519PrivateKey:
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path.name}: an Ed25519 key is needed")
    return key


def retire_key(directory: Path, kid: str) -> None:
    """Take a key out of use."""
    (directory / f"{kid}.pem").unlink()


def _write_once(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first
    finally:
        draft.unlink()
