"""When a stay may begin, when it reaches its next stage, and when a start-up has hatched."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.incubator.policy.clauses import EARLY_STAGE, MUST_REGISTER, TENANCY_PERIOD
from services.incubator.policy.figures import STAY_MONTHS
from shared.days import months_after
from shared.policy import Answer, Rulebook, breached, met, not_applicable, rule
from shared.words import Text


class Tenancy(StrEnum):
    """实体入驻, 虚拟入驻 (I-01)."""

    PHYSICAL = "physical"
    VIRTUAL = "virtual"


@dataclass(frozen=True, slots=True)
class Stay:
    """The days of a stay, both included."""

    on: date
    starts_on: date
    ends_on: date


@rule(TENANCY_PERIOD)
def no_longer_than_the_period(stay: Stay) -> Answer:
    months = STAY_MONTHS.on(stay.on)
    last = months_after(stay.starts_on, months)
    if not stay.starts_on <= stay.ends_on <= last:
        return breached(
            Text(
                zh="入驻期 {first} 至 {until}，最长 {months} 个月，至 {last}",
                en="from {first} to {until}; at most {months} months, to {last}",
            ),
            first=stay.starts_on,
            until=stay.ends_on,
            months=months,
            last=last,
        )
    return met(Text(zh="入驻至 {until}", en="the stay lasts to {until}"), until=stay.ends_on)


BEGINNING = Rulebook("beginning a stay", [no_longer_than_the_period])


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something to be reached in a stage."""

    title: str
    reached_on: date | None


@dataclass(frozen=True, slots=True)
class Progress:
    """What must be known to end a stage; `missing` is what the founding file still lacks."""

    stage: str
    milestones: Sequence[Milestone]
    to_be_registered: bool = False
    missing: Sequence[str] = ()


@rule(EARLY_STAGE)
def every_milestone_of_the_stage_is_reached(progress: Progress) -> Answer:
    open_ones = [one.title for one in progress.milestones if one.reached_on is None]
    if not progress.milestones:
        return breached(
            Text(zh="本阶段未设成长目标", en="the stage has no milestone to be judged by"),
            stage=str(progress.stage),
        )
    if open_ones:
        return breached(
            Text(zh="尚未达成：{titles}", en="not reached yet: {titles}"),
            titles="；".join(open_ones),
        )
    return met(
        Text(zh="{count} 项成长目标均已达成", en="all {count} milestones are reached"),
        count=len(progress.milestones),
    )


@rule(MUST_REGISTER)
def the_founding_file_is_whole(progress: Progress) -> Answer:
    if not progress.to_be_registered:
        return not_applicable(Text(zh="已登记或备案", en="registered or on file already"))
    if progress.missing:
        return breached(
            Text(zh="登记档案尚缺：{missing}", en="the founding file lacks: {missing}"),
            missing=", ".join(progress.missing),
        )
    return met(Text(zh="登记档案齐备", en="the founding file is whole"))


ADVANCE = Rulebook("advancing to the next stage", [every_milestone_of_the_stage_is_reached])
GRADUATION = Rulebook(
    "graduating", [every_milestone_of_the_stage_is_reached, the_founding_file_is_whole]
)
