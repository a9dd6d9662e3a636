"""Every generated file of `gateway/integration/`: what it should hold, and whether it does."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from deploy.contracts import ROOT
from deploy.integration import client, collection, demo, dictionary, patience, problems
from deploy.integration.contracts import committed

HERE = ROOT / "gateway" / "integration"
MADE = ("dictionary", "demo", "client/services")
"""Folders that hold nothing but what is made: what is there and not made any more is stale."""


def documents() -> Iterator[tuple[Path, bytes]]:
    """Each file with its content. Texts first, the workbook last."""
    contracts = committed()
    dictionary.require_names(contracts)
    texts = {
        "errors.md": problems.table(),
        "timeouts.md": patience.tables(),
        "huishe.postman_collection.json": collection.written(contracts),
        **dictionary.documents(contracts),
        **demo.documents(),
        **client.modules(contracts),
    }
    for name, text in texts.items():
        yield HERE / name, text.encode()
    yield HERE / "dictionary" / "dictionary.xlsx", dictionary.workbook(contracts)


def write() -> None:
    made = dict(documents())
    for path in _left_over(set(made)):
        path.unlink()
    for path, content in made.items():
        if not _same(path, content):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def stale() -> list[Path]:
    """What is missing, not what the contracts say, or no longer made."""
    made = dict(documents())
    differing = [path for path, content in made.items() if not _same(path, content)]
    return [path.relative_to(ROOT) for path in [*differing, *_left_over(set(made))]]


def _left_over(made: set[Path]) -> list[Path]:
    there = (path for name in MADE for path in (HERE / name).glob("*") if path.is_file())
    return [path for path in there if path not in made and path.name != demo.STEPS.name]


def _same(path: Path, content: bytes) -> bool:
    if not path.exists():
        return False
    kept = path.read_bytes()
    return kept == content or (path.suffix == ".xlsx" and _unpacked(kept) == _unpacked(content))


def _unpacked(workbook: bytes) -> dict[str, bytes]:
    """The sheets themselves: how they are packed differs from one zlib to another."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}
