"""When a scheme is fit to rate by: what it holds, that it adds up, that its lines are unambiguous."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from services.evaluation.marks import Line
from services.evaluation.policy.clauses import (
    CAPACITIES_SCORED,
    CONTENTS,
    GRADE_LINES,
    SCORE_SHEET,
)
from services.evaluation.policy.figures import FULL_MARKS, LEVELS
from shared.policy import Answer, Rulebook, breached, met, rule, warned
from shared.words import Text


class Content(StrEnum):
    """What a first-level indicator is about (E-14); Henan adds 党建工作."""

    FOUNDATIONS = "foundations"
    GOVERNANCE = "governance"
    ACTIVITY_AND_INTEGRITY = "activity_and_integrity"
    SOCIAL_EVALUATION = "social_evaluation"
    PARTY_BUILDING = "party_building"


class Capacity(StrEnum):
    """战略谋划, 项目运作, 资源整合, 创新发展, 组织管理 (4.4(1))."""

    STRATEGY = "strategy"
    PROJECTS = "projects"
    RESOURCES = "resources"
    INNOVATION = "innovation"
    MANAGEMENT = "management"


MUST_COVER = (
    Content.FOUNDATIONS,
    Content.GOVERNANCE,
    Content.ACTIVITY_AND_INTEGRITY,
    Content.SOCIAL_EVALUATION,
)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator; a leaf when it has no children, and then it says how it is scored on what."""

    code: str
    title: str
    marks: Decimal
    children: tuple["Indicator", ...] = ()
    content: Content | None = None
    capacity: Capacity | None = None
    scoring: str | None = None
    evidence: str | None = None

    def leaves(self, level: int = 1) -> Iterator[tuple[int, "Indicator"]]:
        """Every leaf below, with its level."""
        if not self.children:
            yield level, self
        for child in self.children:
            yield from child.leaves(level + 1)

    def within(self) -> Iterator["Indicator"]:
        yield self
        for child in self.children:
            yield from child.within()


@dataclass(frozen=True, slots=True)
class Design:
    """What must be known of a scheme to decide whether it may be published."""

    on: date
    tree: Sequence[Indicator]
    lines: Sequence[Line]

    def leaves(self) -> list[tuple[int, Indicator]]:
        return [found for top in self.tree for found in top.leaves()]


FULL = Text(zh="总分 {total} 分", en="{total} marks in all")
NOT_FULL = Text(zh="总分 {total} 分，应为 {required} 分", en="{total} marks in all, not {required}")


@rule(SCORE_SHEET)
def adds_up_to_full_marks(design: Design) -> Answer:
    total = sum((top.marks for top in design.tree), Decimal(0))
    required = FULL_MARKS.on(design.on)
    if total != required:
        return breached(NOT_FULL, total=total, required=required)
    return met(FULL, total=total)


@rule(SCORE_SHEET)
def every_branch_adds_up(design: Design) -> Answer:
    wrong = [
        node.code
        for top in design.tree
        for node in top.within()
        if node.children and sum(child.marks for child in node.children) != node.marks
    ]
    if wrong:
        return breached(
            Text(
                zh="下级指标分值之和与上级不符：{codes}",
                en="the marks below do not add up to the indicator: {codes}",
            ),
            codes=", ".join(wrong),
        )
    return met(Text(zh="逐级分值相符", en="every branch adds up"))


@rule(SCORE_SHEET)
def leaves_on_the_last_level(design: Design) -> Answer:
    levels = LEVELS.on(design.on)
    wrong = [leaf.code for level, leaf in design.leaves() if level != levels]
    if wrong:
        return breached(
            Text(
                zh="末级指标应在第 {levels} 级：{codes}",
                en="a leaf stands on level {levels}: {codes}",
            ),
            levels=levels,
            codes=", ".join(wrong),
        )
    return met(Text(zh="共 {levels} 级指标", en="{levels} levels of indicator"), levels=levels)


@rule(SCORE_SHEET)
def codes_are_unique(design: Design) -> Answer:
    codes = [node.code for top in design.tree for node in top.within()]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        return breached(
            Text(zh="指标代码重复：{codes}", en="a code is used twice: {codes}"),
            codes=", ".join(twice),
        )
    return met(Text(zh="共 {count} 项指标", en="{count} indicators"), count=len(codes))


@rule(SCORE_SHEET)
def every_leaf_says_how_it_is_scored(design: Design) -> Answer:
    leaves = [leaf for _, leaf in design.leaves()]
    mute = [leaf.code for leaf in leaves if not leaf.scoring or not leaf.evidence]
    if mute or not leaves:
        return breached(
            Text(
                zh="末级指标缺少评分办法或依据材料：{codes}",
                en="a leaf names no scoring or no evidence: {codes}",
            ),
            codes=", ".join(mute) or "-",
        )
    return met(Text(zh="{count} 项末级指标齐备", en="{count} leaves, all told"), count=len(leaves))


@rule(CONTENTS)
def covers_what_is_rated(design: Design) -> Answer:
    covered = {top.content for top in design.tree}
    missing = [content.value for content in MUST_COVER if content not in covered]
    if missing:
        return breached(
            Text(zh="一级指标缺少：{missing}", en="no first-level indicator for: {missing}"),
            missing=", ".join(missing),
        )
    return met(Text(zh="四项评估内容齐备", en="all four contents are covered"))


@rule(GRADE_LINES)
def lines_fall_with_the_grade(design: Design) -> Answer:
    lines = sorted(design.lines, key=lambda line: -line.grade.height)
    total = sum((top.marks for top in design.tree), Decimal(0))
    falling = all(above.least > below.least for above, below in pairwise(lines))
    once = len({line.grade for line in lines}) == len(lines)
    within = all(0 <= line.least <= total for line in lines)
    if not lines or not falling or not once or not within:
        return breached(
            Text(
                zh="等级分数线须逐级递降、各级一条且不超过总分",
                en="grade lines fall with the grade, one for each, within the full marks",
            )
        )
    return met(
        Text(zh="等级分数线：{lines}", en="grade lines: {lines}"),
        lines=", ".join(f"{line.grade} ≥ {line.least}" for line in lines),
    )


@rule(CAPACITIES_SCORED)
def five_capacities_are_scored(design: Design) -> Answer:
    scored = {leaf.capacity for _, leaf in design.leaves()}
    missing = [capacity.value for capacity in Capacity if capacity not in scored]
    if missing:
        return warned(
            Text(zh="未评分的能力：{missing}", en="no leaf scores: {missing}"),
            missing=", ".join(missing),
        )
    return met(Text(zh="五种能力均已纳入", en="all five capacities are scored"))


PUBLICATION = Rulebook(
    "publishing a scheme",
    [
        adds_up_to_full_marks,
        every_branch_adds_up,
        leaves_on_the_last_level,
        codes_are_unique,
        every_leaf_says_how_it_is_scored,
        covers_what_is_rated,
        lines_fall_with_the_grade,
        five_capacities_are_scored,
    ],
)
