"""Mandates and people from a terminal: `python -m gateway mandates`, `python -m gateway people`."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from gateway.settings import settings
from gateway.terminal import now, run
from gateway.tokens import mandates as actions
from gateway.tokens import queries
from gateway.tokens.schemas import NewMandate, NewPerson

mandates = typer.Typer(no_args_is_help=True, help="For whom a client may act, and until when 委托")
people = typer.Typer(no_args_is_help=True, help="People of identity providers 外部登录人员")

FirstDay = Annotated[
    datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="Included; Asia/Shanghai")
]
LastDay = Annotated[
    datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="Included; Asia/Shanghai")
]
Provider = Annotated[str, typer.Argument(help="A name of GATEWAY_IDENTITY_PROVIDERS")]
Subject = Annotated[str, typer.Argument(help="What the provider names the person")]


@mandates.command("add")
def add_mandate(
    client_id: str,
    org: Annotated[str, typer.Option(help="For whom: unified social credit code 统一社会信用代码")],
    role: Annotated[list[str], typer.Option("--role", help="May be given several times")],
    first_day: FirstDay,
    last_day: LastDay,
    document: Annotated[str, typer.Option(help="Number of the mandating document 文号")],
) -> None:
    """Record a mandate and print its id."""
    wanted = NewMandate(client_id, org, tuple(role), _day(first_day), _day(last_day), document)
    typer.echo(run(lambda session: actions.add_mandate(session, wanted, now())))


@mandates.command("list")
def list_mandates() -> None:
    """Show every mandate that was ever recorded."""
    table = Table("id", "client", "organisation", "roles", "from", "until", "document", "ended")
    for one in run(queries.all_mandates):
        days = (one.first_day.isoformat(), one.last_day.isoformat())
        roles, ended = " ".join(one.roles), _ended(one.ended_at)
        table.add_row(str(one.id), one.client_id, one.org, roles, *days, one.document, ended)
    Console(width=200).print(table)


@mandates.command("end")
def end_mandate(mandate_id: UUID) -> None:
    """End a mandate before its day. Tokens that carry it are void within five seconds."""
    run(lambda session: actions.end_mandate(session, mandate_id, now()))


@people.command("map")
def map_person(
    provider: Provider,
    subject: Subject,
    client: Annotated[str, typer.Option(help="The client whose rights the person uses")],
    first_day: FirstDay,
    last_day: LastDay,
) -> None:
    """Let a person in with the rights of a client, on these days."""
    wanted = NewPerson(_issuer(provider), subject, client, _day(first_day), _day(last_day))
    typer.echo(run(lambda session: actions.map_person(session, wanted, now())))


@people.command("list")
def list_people() -> None:
    """Show everybody who was ever let in, and with whose rights."""
    table = Table("issuer", "subject", "client", "from", "until", "ended")
    for one in run(queries.all_people):
        days = (one.first_day.isoformat(), one.last_day.isoformat())
        table.add_row(one.issuer, one.subject, one.client_id, *days, _ended(one.ended_at))
    Console(width=200).print(table)


@people.command("unmap")
def unmap_person(provider: Provider, subject: Subject) -> None:
    """Let a person in no more. Tokens on that client's rights are void within five seconds."""
    issuer = _issuer(provider)
    run(lambda session: actions.unmap_person(session, issuer, subject, now()))


def _issuer(provider: str) -> str:
    known = settings().identity_providers
    if provider not in known:
        names = ", ".join(sorted(known)) or "none 无"
        raise SystemExit(f"没有该身份提供方 no such identity provider: {provider}; {names}")
    return known[provider].issuer


def _day(given: datetime) -> date:
    return given.date()


def _ended(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""
