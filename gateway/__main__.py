"""The gateway from a terminal: `python -m gateway --help`."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import make_url

from gateway import configuration
from gateway.compat.keys import give_key, withdraw_key
from gateway.compat.signature import Algorithm
from gateway.settings import settings
from gateway.terminal import now, run
from gateway.tokens import actions, queries
from gateway.tokens.commands import mandates, people
from gateway.tokens.rules import Role
from gateway.tokens.schemas import NewClient
from shared import signing_keys
from shared.sensitive import Vault

cli = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="惠社网关 Huishe gateway",
)
clients = typer.Typer(no_args_is_help=True, help="Who may knock: clients, roles, secrets and keys")
webhooks = typer.Typer(no_args_is_help=True, help="Telling subscribers, in a process of its own")
signing = typer.Typer(no_args_is_help=True, help="The keys that tokens are signed with")
cli.add_typer(clients, name="clients")
cli.add_typer(signing, name="keys")
cli.add_typer(mandates, name="mandates")
cli.add_typer(people, name="people")
cli.add_typer(webhooks, name="webhooks")

ClientId = Annotated[str, typer.Argument(help="a-z, 0-9, dot, dash, underscore")]
Roles = Annotated[list[str] | None, typer.Option("--role", help="May be given several times")]
Org = Annotated[
    str | None, typer.Option("--org", help="Unified social credit code 统一社会信用代码")
]
KeySet = Annotated[
    Path | None, typer.Option("--keys", help="A file with a JWK set of public keys; - reads it")
]


@clients.command()
def add(
    client_id: ClientId,
    role: Roles = None,
    name: Annotated[str, typer.Option(help="What people call it")] = "",
    org: Org = None,
    keys: KeySet = None,
    no_secret: Annotated[
        bool, typer.Option("--no-secret", help="It signs with a key, or people use its rights")
    ] = False,
) -> None:
    """Add a client and print its secret, once, unless it is to have none."""
    wanted = NewClient(
        client_id,
        name or client_id,
        tuple(role or ()),
        org,
        keys=_keys_of(None if keys is None else json.loads(_text_of(keys))),
        without_secret=no_secret,
    )
    secret = run(lambda session: actions.add_client(session, wanted, now()))
    if secret is not None:
        print(secret)


@clients.command("list")
def list_clients() -> None:
    """Show every client; secrets cannot be shown."""
    table = Table("client", "name", "roles", "organisation", "disabled")
    for client in run(queries.all_clients):
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
    """Change name, roles or organisation. Tokens that say otherwise are void within five seconds."""
    run(
        lambda session: actions.update_client(
            session, client_id, now(), name=name, roles=role, org=org
        )
    )


@clients.command()
def rotate(client_id: ClientId) -> None:
    """Give a client another secret and print it, once."""
    print(run(lambda session: actions.rotate_secret(session, client_id, now())))


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
        run(lambda session: withdraw_key(session, client_id))
    else:
        print(run(lambda session: give_key(session, vault, client_id, algorithm, now())))


@clients.command()
def disable(client_id: ClientId) -> None:
    """Let a client no longer in. Its tokens are void within five seconds."""
    run(lambda session: actions.disable_client(session, client_id, now()))


@clients.command()
def enable(client_id: ClientId) -> None:
    """Let a disabled client in again."""
    run(lambda session: actions.enable_client(session, client_id, now()))


@clients.command()
def ensure(
    file: Annotated[Path, typer.Argument(help="A JSON list of clients; - reads it")],
) -> None:
    """Bring many clients to what a list says, as often as one likes; prints drawn secrets."""
    wanted = [
        NewClient(
            client_id=one["client_id"],
            name=one.get("name", one["client_id"]),
            roles=tuple(one["roles"]),
            org=one.get("org"),
            secret=one.get("secret"),
            keys=_keys_of(one.get("keys")),
            without_secret=one.get("no_secret", False),
        )
        for one in json.loads(_text_of(file))
    ]
    drawn = run(lambda session: actions.ensure_clients(session, wanted, now()))
    print(json.dumps(drawn, indent=2))


@clients.command("add-key")
def add_key(
    client_id: ClientId,
    file: Annotated[Path, typer.Argument(help="A JWK set of public keys; - reads it")],
) -> None:
    """Let the holder of a further key in; prints the names of all keys. The old one stays."""
    found = json.loads(_text_of(file))
    print("\n".join(run(lambda session: actions.add_keys(session, client_id, found, now()))))


@clients.command("remove-key")
def remove_key(client_id: ClientId, kid: str) -> None:
    """Take a key no more. The client's tokens are void within five seconds."""
    run(lambda session: actions.remove_key(session, client_id, kid, now()))


@clients.command("drop-secret")
def drop_secret(client_id: ClientId) -> None:
    """From now on only a key opens. Tokens got with the secret are void within five seconds."""
    run(lambda session: actions.drop_secret(session, client_id, now()))


@clients.command()
def roles() -> None:
    """Name the roles there are."""
    print("\n".join(Role))


@signing.command("rotate")
def rotate_key() -> None:
    """Add a signing key. It is published now and signs after the settling time."""
    print(signing_keys.make_key(settings().key_directory, now()))


@signing.command("retire")
def retire_key(kid: str) -> None:
    """Stop publishing a key; tokens that it signed are void."""
    signing_keys.retire_key(settings().key_directory, kid)


@webhooks.command("run")
def run_webhooks() -> None:
    """Read the feeds and send what is due until told to end; any number may run."""
    from gateway.webhooks.apart import serve_webhooks

    serve_webhooks(settings())


@webhooks.command("add-key")
def add_webhook_key() -> None:
    """Add a key that signs webhooks; remove the old file when receivers know the new one."""
    chosen = settings()
    directory = chosen.webhook_key_directory or chosen.key_directory / "webhooks"
    print(signing_keys.make_key(directory, now()))


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


def _text_of(file: Path) -> str:
    return sys.stdin.read() if str(file) == "-" else file.read_text()


def _keys_of(found: Any) -> tuple[dict[str, Any], ...]:
    """The keys of a JWK set, or of a list; what is none is told when the client is checked."""
    given = found.get("keys") if isinstance(found, dict) else found
    return tuple(given or ())


if __name__ == "__main__":
    cli()
