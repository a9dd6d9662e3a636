"""The gateway from a terminal: `python -m gateway --help`."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncSession

from gateway import configuration
from gateway.compat.keys import give_key, withdraw_key
from gateway.compat.signature import Algorithm
from gateway.database import one_transaction
from gateway.settings import settings
from gateway.tokens import actions, queries
from gateway.tokens.rules import Role
from gateway.tokens.schemas import NewClient
from shared import signing_keys
from shared.errors import InvalidInput, Refusal
from shared.sensitive import Vault

T = TypeVar("T")

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="惠社网关 Huishe gateway",
)
clients = typer.Typer(no_args_is_help=True, help="Who may knock: clients, roles and secrets")
signing = typer.Typer(no_args_is_help=True, help="The keys that tokens are signed with")
cli.add_typer(clients, name="clients")
cli.add_typer(signing, name="keys")

ClientId = Annotated[str, typer.Argument(help="a-z, 0-9, dot, dash, underscore")]
Roles = Annotated[list[str] | None, typer.Option("--role", help="May be given several times")]
Org = Annotated[
    str | None, typer.Option("--org", help="Unified social credit code 统一社会信用代码")
]


@clients.command()
def add(
    client_id: ClientId,
    role: Roles = None,
    name: Annotated[str, typer.Option(help="What people call it")] = "",
    org: Org = None,
) -> None:
    """Add a client and print its secret, once."""
    wanted = NewClient(client_id, name or client_id, tuple(role or ()), org)
    print(_run(lambda session: actions.add_client(session, wanted, _now())))


@clients.command("list")
def list_clients() -> None:
    """Show every client; secrets cannot be shown."""
    table = Table("client", "name", "roles", "organisation", "disabled")
    for client in _run(queries.all_clients):
        disabled = client.disabled_at.isoformat(timespec="seconds") if client.disabled_at else ""
        table.add_row(client.client_id, client.name, " ".join(client.roles), client.org, disabled)
    Console().print(table)


@clients.command()
def update(
    client_id: ClientId,
    role: Roles = None,
    name: Annotated[str | None, typer.Option()] = None,
    org: Org = None,
) -> None:
    """Change name, roles or organisation. Tokens that say otherwise are void within seconds."""
    _run(
        lambda session: actions.update_client(
            session, client_id, _now(), name=name, roles=role, org=org
        )
    )


@clients.command()
def rotate(client_id: ClientId) -> None:
    """Give a client another secret and print it, once."""
    print(_run(lambda session: actions.rotate_secret(session, client_id, _now())))


@clients.command("hmac-key")
def hmac_key(
    client_id: ClientId,
    algorithm: Annotated[
        Algorithm, typer.Option(help="The only one that the key is good for")
    ] = Algorithm.SHA256,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Let it sign no more")] = False,
) -> None:
    """Give a client a key to sign compat calls with and print it, once; the one before is void."""
    vault = Vault(settings().secret_key.get_secret_value())
    if withdraw:
        _run(lambda session: withdraw_key(session, client_id))
    else:
        print(_run(lambda session: give_key(session, vault, client_id, algorithm, _now())))


@clients.command()
def disable(client_id: ClientId) -> None:
    """Let a client no longer in. Its tokens are void within seconds."""
    _run(lambda session: actions.disable_client(session, client_id, _now()))


@clients.command()
def enable(client_id: ClientId) -> None:
    """Let a disabled client in again."""
    _run(lambda session: actions.enable_client(session, client_id, _now()))


@clients.command()
def ensure(
    file: Annotated[Path, typer.Argument(help="A JSON list of clients; - reads it")],
) -> None:
    """Bring many clients to what a list says, as often as one likes; prints drawn secrets."""
    text = sys.stdin.read() if str(file) == "-" else file.read_text()
    wanted = [
        NewClient(
            client_id=one["client_id"],
            name=one.get("name", one["client_id"]),
            roles=tuple(one["roles"]),
            org=one.get("org"),
            secret=one.get("secret"),
        )
        for one in json.loads(text)
    ]
    drawn = _run(lambda session: actions.ensure_clients(session, wanted, _now()))
    print(json.dumps(drawn, indent=2))


@clients.command()
def roles() -> None:
    """Name the roles there are."""
    print("\n".join(Role))


@signing.command("rotate")
def rotate_key() -> None:
    """Add a signing key. It is published now and signs after the settling time."""
    print(signing_keys.make_key(settings().key_directory, _now()))


@signing.command("retire")
def retire_key(kid: str) -> None:
    """Stop publishing a key; tokens that it signed are void."""
    signing_keys.retire_key(settings().key_directory, kid)


@cli.command()
def audit(
    file: Annotated[
        Path, typer.Argument(help="A configuration; the usual one when none is named")
    ] = configuration.DEFAULT,
) -> None:
    """Say what is wrong or doubtful about a configuration, and why; 1 when it would be refused."""
    try:
        found = configuration.audit(configuration.parsed(configuration.content_of(file)))
    except configuration.ConfigurationRefused as refusal:
        found = refusal.findings
    for finding in found:
        print(f"{'错误 refused' if finding.grave else '存疑 doubtful'}  {finding}")
    if any(finding.grave for finding in found):
        raise SystemExit(1)
    print(f"可用 in order  {configuration.parsed(file.read_bytes()).digest}")


@cli.command()
def migrate() -> None:
    """Bring the gateway's database to the newest state, as its owner."""
    from gateway.migrations import upgrade

    owner = settings().migrator_database_url
    if owner is None:
        raise SystemExit("GATEWAY_MIGRATOR_DATABASE_URL: migrations are run by the tables' owner")
    upgrade(owner, make_url(settings().database_url).username or "")


@cli.command()
def serve() -> None:
    """Serve until told to end."""
    import uvicorn

    from gateway.server import uvicorn_options

    chosen = settings()
    uvicorn.run("gateway.app:app", host=chosen.bind_host, port=chosen.port, **uvicorn_options())


def _run(work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    async def run() -> T:
        async with one_transaction(settings().database_url) as session:
            return await work(session)

    try:
        return asyncio.run(run())
    except InvalidInput as invalid:
        faults = "\n".join(
            f"  {e.pointer}: {e.rule.zh}（{e.remedy.zh}）{e.rule.en} ({e.remedy.en})"
            for e in invalid.errors
        )
        raise SystemExit(f"{invalid}\n{faults}") from None
    except Refusal as refusal:
        raise SystemExit(str(refusal)) from None


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    cli()
