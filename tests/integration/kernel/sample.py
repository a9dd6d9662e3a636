"""The smallest service there can be, to try the machinery that all of them share."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic_settings import SettingsConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped

from shared.actor import Actor
from shared.app import assemble
from shared.database.base import COLUMN_TYPES, Aggregate, service_metadata
from shared.http import (
    Line,
    MoneyText,
    Page,
    Schema,
    ThePaging,
    TheWork,
    View,
    WorkRoute,
    allow,
    changing,
    open_to_all,
    reading,
    retiring,
)
from shared.lifecycle import Lifecycle, Move
from shared.money import Money
from shared.policy import Answer, Clause, Rulebook, breached, met, rule
from shared.settings import ServiceSettings
from shared.words import Text
from shared.work import Work
from shared.worker import Deadline, Event


class LampState(StrEnum):
    DARK = "dark"
    LIT = "lit"
    OUT = "out"


S = LampState
LAMP = Lifecycle(
    "lamp",
    start=S.DARK,
    created="lamp.made",
    moves=[
        Move("light", S.DARK, S.LIT, "registrar", "lamp.lit"),
        Move("expire", S.LIT, S.OUT, "calendar", "lamp.expired"),
    ],
)

OIL_NEEDED = Clause("灯规", "1(1)", Text(zh="有油方可点灯", en="A lamp is lit with oil in it"))
ENOUGH = Text(zh="有油 {oil}", en="{oil} of oil")
TOO_LITTLE = Text(zh="只有 {oil}，需 {needed}", en="{oil} of oil, {needed} needed")


@dataclass(frozen=True, slots=True)
class Lighting:
    oil: int


@rule(OIL_NEEDED)
def oil_suffices(lighting: Lighting) -> Answer:
    if lighting.oil < 3:
        return breached(TOO_LITTLE, oil=lighting.oil, needed=3)
    return met(ENOUGH, oil=lighting.oil)


LIGHTING = Rulebook("lighting a lamp", [oil_suffices])


class Base(DeclarativeBase):
    metadata = service_metadata()
    type_annotation_map = COLUMN_TYPES


class Lamp(Aggregate, Base):
    __tablename__ = "lamp"
    lifecycle = LAMP

    name: Mapped[str]
    oil: Mapped[int]
    price: Mapped[Money]
    ends_at: Mapped[datetime]

    def changeable_by(self, actor: Actor) -> bool:
        return actor.owns(self)


class LampDraft(Schema):
    name: Line
    oil: int
    price: MoneyText
    ends_on: date


class LampView(View):
    id: UUID
    name: str
    state: str
    version: int
    price: MoneyText


router = APIRouter(prefix="/lamps", tags=["lamps"], route_class=WorkRoute)
TheLamp = Annotated[Lamp, reading(Lamp, "lamp_id")]
ChangingLamp = Annotated[Lamp, changing(Lamp, "lamp_id")]


@router.post("", status_code=201, response_model=LampView)
@allow("registrar")
async def make_lamp(draft: LampDraft, work: TheWork) -> Lamp:
    """Make a lamp."""
    lamp = Lamp(name=draft.name, oil=draft.oil, price=draft.price, ends_at=work.now)
    lamp.ends_at = datetime(
        draft.ends_on.year, draft.ends_on.month, draft.ends_on.day, tzinfo=work.now.tzinfo
    )
    return work.add(lamp)


@router.get("/{lamp_id}", response_model=LampView)
@open_to_all
async def read_lamp(lamp: TheLamp) -> Lamp:
    """Read a lamp."""
    return lamp


@router.get("", response_model=Page[LampView])
@open_to_all
@retiring(deprecated=date(2026, 3, 1), sunset=date(2027, 3, 1), instead="/lights")
async def list_lamps(paging: ThePaging, work: TheWork) -> Page[LampView]:
    """List the lamps."""
    return await paging.page(work.session, select(Lamp), Lamp.id, LampView)


@router.post("/{lamp_id}/light", response_model=LampView)
@allow("registrar")
async def light_lamp(lamp: ChangingLamp, work: TheWork) -> Lamp:
    """Light a lamp."""
    verdict = LIGHTING.judge(Lighting(lamp.oil), on=work.today)
    verdict.require()
    return work.move(lamp, "light", because=verdict)


async def due_to_expire(session: AsyncSession, now: datetime) -> list[UUID]:
    statement = select(Lamp.id).where(Lamp.state == S.LIT, Lamp.ends_at <= now)
    return list((await session.scalars(statement)).all())


async def expire(work: Work, lamp_id: UUID) -> None:
    lamp = await work.session.get_one(Lamp, lamp_id, with_for_update=True)
    if lamp.state == S.LIT:
        work.move(lamp, "expire")


async def on_oil_delivered(work: Work, event: Event) -> None:
    lamp = await work.session.get_one(Lamp, UUID(event.data["lamp_id"]), with_for_update=True)
    lamp.oil += int(event.data["oil"])
    work.change(lamp, "lamp.filled", oil=lamp.oil)


class Settings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="SAMPLE_")


@cache
def settings() -> Settings:
    return Settings()


app = assemble(
    "sample",
    title=Text(zh="样例", en="sample"),
    description="Lamps.",
    routers=[router],
    settings=settings,
    reactions={"shop": {"oil.delivered": on_oil_delivered}},
    deadlines=[Deadline("lamps burn out", due=due_to_expire, act=expire)],
)
