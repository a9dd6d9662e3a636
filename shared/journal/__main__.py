"""The journal from a terminal: `python -m shared.journal --help`."""

import asyncio
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import asyncpg
import httpx
import typer

from shared import signing_keys
from shared.database.session import plain_dsn
from shared.journal import evidence, sources, verify
from shared.journal.examination import Examination
from shared.journal.notes import Checkpoint, Malformed, Note, Untrusted, VerifierKey
from shared.journal.verify import Trust

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="惠社日志 Huishe journal",
)
keys = typer.Typer(no_args_is_help=True, help="The keys that sign a journal: files in one folder")
cli.add_typer(keys, name="keys")

Trusted = Annotated[
    list[str],
    typer.Option(
        "--trust", help="A verifier key (name+id+base64), or a file of them; not the log's own word"
    ),
]
Kept = Annotated[
    list[Path],
    typer.Option("--checkpoint", help="A checkpoint that somebody else kept; may be given often"),
]
DatabaseUrl = Annotated[
    str | None,
    typer.Option("--database", help="postgresql://…, as any role that may read the journal"),
]
MOST_FAULTS = 50


@cli.command("verify")
def verify_journal(
    trust: Trusted,
    checkpoint: Kept,
    database: DatabaseUrl = None,
    export: Annotated[Path | None, typer.Option(help="A file of the export command")] = None,
    feed: Annotated[
        str | None, typer.Option(help="A service behind its gateway: http://…/registry")
    ] = None,
) -> None:
    """Check a whole journal against checkpoints kept elsewhere; 0 when nothing is wrong, 1 when something is."""
    given = _trust(trust, checkpoint)
    began = time.perf_counter()
    match (database, export, feed):
        case (str(), None, None):
            found = asyncio.run(_verify_database(database, given))
        case (None, Path(), None):
            found = verify.verify_export(export, given)
        case (None, None, str()):
            found = asyncio.run(_verify_feed(feed, given))
        case _:
            raise SystemExit("name one of --database, --export and --feed")
    _tell(found, given, time.perf_counter() - began)


async def _verify_database(url: str, given: Trust) -> Examination:
    connection = await asyncpg.connect(plain_dsn(url))
    try:
        return await verify.verify_database(connection, given)
    finally:
        await connection.close()


async def _verify_feed(address: str, given: Trust) -> Examination:
    base, _, service = address.rstrip("/").rpartition("/")
    async with httpx.AsyncClient(base_url=base, timeout=30, trust_env=False) as http:
        return await verify.verify_feed(http, service, given)


def _tell(found: Examination, given: Trust, seconds: float) -> None:
    print(f"{given.origin}: {found.tree.size} entries read in {seconds:.1f} s")
    for fault in found.faults[:MOST_FAULTS]:
        print(f"  {fault}")
    if len(found.faults) > MOST_FAULTS:
        print(f"  and {len(found.faults) - MOST_FAULTS} more")
    if found.faults:
        print(f"不符 NOT as it was signed: {len(found.faults)} found, sound up to {found.agreed}")
        raise SystemExit(1)
    sizes = ", ".join(str(kept.size) for kept in given.kept)
    print(f"相符 as it was signed, up to {found.agreed}; agrees with what was kept at {sizes}")


@cli.command("export")
def export_journal(
    file: Annotated[
        Path, typer.Argument(help="Lines of JSON; compressed when its name ends in .gz")
    ],
    database: Annotated[
        str, typer.Option(help="postgresql://…, as any role that may read the journal")
    ],
    origin: Annotated[str, typer.Option(help="The log's name, as its checkpoints say it")],
) -> None:
    """Write a whole journal to a file, private detail included: keep it like the database itself."""

    async def write() -> int:
        connection = await asyncpg.connect(plain_dsn(database))
        try:
            with sources.opened(file, "wb") as writing:
                return await sources.export(connection, origin, writing)
        finally:
            await connection.close()

    print(f"{asyncio.run(write())} entries in {file}")


@cli.command("check")
def check_evidence(
    bundle: Path,
    trust: Trusted,
    checkpoint: Annotated[
        list[Path] | None, typer.Option(help="A checkpoint that somebody else kept")
    ] = None,
) -> None:
    """Check an evidence bundle offline; 0 when it proves what it says."""
    trusted = _keys(trust)
    try:
        kept = [_kept(path, trusted) for path in checkpoint or []]
        found = evidence.check(bundle.read_bytes(), trusted, kept)
    except (evidence.NotProved, Malformed, Untrusted) as problem:
        print(f"不能证明 proves nothing: {problem}")
        raise SystemExit(1) from None
    at = found.checkpoint
    print(
        f"{found.subject}: {len(found.entries)} entries, each proved under {at.origin} at {at.size}"
    )
    for entry in found.entries:
        event = entry.event
        print(f"  {entry.position:>8}  {event['time']}  {event['type']}")


@cli.command("witness")
def be_witness(
    gateway: Annotated[
        str, typer.Argument(help="http://… of the gateway whose journals are watched")
    ],
    folder: Annotated[Path, typer.Option(help="What is seen is kept here")],
    name: Annotated[
        str, typer.Option(help="What this witness signs under, such as city.example/witness")
    ],
    journals: Annotated[list[str], typer.Option("--journal", help="A service; may be given often")],
    port: Annotated[int, typer.Option(help="Where what was seen is shown")] = 8090,
    host: Annotated[str, typer.Option()] = "127.0.0.1",
    seconds: Annotated[float, typer.Option(help="Between two looks")] = 10.0,
) -> None:
    """Be a witness of one's own beside the gateway, until told to end.

    Its address goes into GATEWAY_WITNESSES; then two that were shown different histories find out.
    """
    from shared.journal.witnessing import serve_witness

    serve_witness(gateway, folder, name, journals, host=host, port=port, seconds=seconds)


@keys.command("show")
def show_keys(
    folder: Annotated[Path, typer.Argument(help="The folder of one journal's keys")],
    origin: Annotated[str, typer.Option(help="The log's name, as its checkpoints say it")],
) -> None:
    """Print the verifier keys, for those who are to trust them."""
    for kid, path in signing_keys.key_files(folder).items():
        public = signing_keys.read_key(path).public_key().public_bytes_raw()
        print(VerifierKey(origin, public))
        print(f"  {kid}: {VerifierKey(origin, public).fingerprint}", file=sys.stderr)


@keys.command("add")
def add_key(folder: Path) -> None:
    """Add a key: from the next checkpoint on it signs beside the others."""
    print(signing_keys.make_key(folder, datetime.now(UTC)))


@keys.command("retire")
def retire_key(folder: Path, kid: str) -> None:
    """Take a key away, when everybody trusts its successor."""
    if signing_keys.key_files(folder).keys() <= {kid}:
        raise SystemExit("the last key stays: add another first")
    signing_keys.retire_key(folder, kid)


def _trust(trust: list[str], checkpoints: list[Path]) -> Trust:
    trusted = _keys(trust)
    try:
        kept = [_kept(path, trusted) for path in checkpoints]
    except (Malformed, Untrusted) as problem:
        raise SystemExit(f"--checkpoint: {problem}") from None
    origins = {checkpoint.origin for checkpoint in kept}
    if len(origins) != 1:
        raise SystemExit(f"--checkpoint: of one log, not of {', '.join(sorted(origins))}")
    return Trust(origins.pop(), trusted, kept)


def _kept(path: Path, trusted: list[VerifierKey]) -> Checkpoint:
    return Checkpoint.opened(Note.parse(path.read_bytes()), trusted)


def _keys(given: list[str]) -> list[VerifierKey]:
    lines: list[str] = []
    for one in given:
        lines += Path(one).read_text().split("\n") if Path(one).exists() else [one]
    try:
        return [VerifierKey.parse(line) for line in lines if line.strip()]
    except Malformed as problem:
        raise SystemExit(f"--trust: {problem}") from None


if __name__ == "__main__":
    cli()
