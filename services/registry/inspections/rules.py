"""In which years an agency is inspected, how it files, and what two passes running mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.registry.policy import figures
from services.registry.policy.clauses import (
    INSPECTION_DUE,
    THREE_CONCLUSIONS,
    TOO_YOUNG_TO_INSPECT,
    TWO_PASSES,
)
from services.registry.policy.terms import term
from shared.days import months_after
from shared.policy import Answer, Rulebook, breached, met, not_applicable, rule, warned
from shared.words import Text


class Conclusion(StrEnum):
    PASS = "pass"
    """合格"""
    BASIC = "basic"
    """基本合格: not a pass where the policy asks for one."""
    FAIL = "fail"
    """不合格"""


def last_day(year: int) -> date:
    return date(year, 12, 31)


def founded_early_enough(registered_on: date, year: int) -> bool:
    """Founded more than six months before the last day of the year (R-16)."""
    end = last_day(year)
    return registered_on < months_after(end, -figures.MONTHS_TOO_YOUNG.on(end))


def due_in(registered_on: date, cancelled_on: date | None, year: int) -> bool:
    """Whether the agency has to be inspected for the year: on the register at its end, and old enough."""
    on_register = cancelled_on is None or cancelled_on > last_day(year)
    return on_register and founded_early_enough(registered_on, year)


def report_due(year: int) -> date:
    """The last day on which the report for `year` may be with the registrar."""
    month, day = figures.REPORT_DAY.on(last_day(year))
    return date(year + 1, month, day)


@dataclass(frozen=True, slots=True)
class Filing:
    """A yearly report about to be filed."""

    today: date
    year: int
    registered_on: date
    cancelled_on: date | None
    dual: bool
    first_reviewed_on: date | None


@rule(TOO_YOUNG_TO_INSPECT)
def year_is_inspected(filing: Filing) -> Answer:
    if not due_in(filing.registered_on, filing.cancelled_on, filing.year):
        return breached(
            Text(
                zh="{registered_on} 登记，不参加 {year} 年度检查",
                en="registered on {registered_on}: not inspected for {year}",
            ),
            registered_on=filing.registered_on,
            year=filing.year,
        )
    return met(Text(zh="应参加 {year} 年度检查", en="inspected for {year}"), year=filing.year)


@rule(INSPECTION_DUE)
def year_is_over(filing: Filing) -> Answer:
    if filing.today <= last_day(filing.year):
        return breached(Text(zh="{year} 年尚未结束", en="{year} is not over yet"), year=filing.year)
    return met(Text(zh="{year} 年已结束", en="{year} is over"), year=filing.year)


@rule(INSPECTION_DUE)
def filed_by_the_end_of_may(filing: Filing) -> Answer:
    """A late report is taken in and told; what it costs is for the conclusion."""
    due = report_due(filing.year)
    if filing.today > due:
        return warned(
            Text(
                zh="应于 {due} 前报送，迟延 {late} 日",
                en="the report was due on {due} and is {late} days late",
            ),
            due=due,
            late=(filing.today - due).days,
        )
    return met(Text(zh="在 {due} 前报送", en="filed by {due}"), due=due)


@rule(INSPECTION_DUE)
def unit_reviewed_first(filing: Filing) -> Answer:
    if not filing.dual:
        return not_applicable(
            Text(
                zh="直接登记，直接向登记管理机关报送",
                en="directly registered: it reports straight to the registrar",
            )
        )
    if filing.first_reviewed_on is None or filing.first_reviewed_on > filing.today:
        return breached(
            Text(zh="缺少业务主管单位初审", en="the supervising unit has not reviewed it first")
        )
    return met(
        Text(zh="业务主管单位已于 {on} 初审", en="first reviewed by the supervising unit on {on}"),
        on=filing.first_reviewed_on,
    )


FILING = Rulebook(
    "filing a yearly report",
    [year_is_inspected, year_is_over, filed_by_the_end_of_may, unit_reviewed_first],
)


@dataclass(frozen=True, slots=True)
class Concluding:
    """A conclusion about to be drawn and announced."""

    conclusion: Conclusion
    reasons: str
    filed: bool


@rule(THREE_CONCLUSIONS)
def anything_but_a_pass_says_why(concluding: Concluding) -> Answer:
    named = term(concluding.conclusion)
    if concluding.conclusion is not Conclusion.PASS and not concluding.reasons.strip():
        return breached(
            Text(
                zh=f"结论为{named.zh}的须说明理由",
                en=f"a conclusion of {named.en} needs its reasons",
            ),
            conclusion=concluding.conclusion.value,
        )
    return met(
        Text(zh=f"结论：{named.zh}", en=f"conclusion: {named.en}"),
        conclusion=concluding.conclusion.value,
    )


@rule(THREE_CONCLUSIONS)
def nothing_filed_is_no_pass(concluding: Concluding) -> Answer:
    if not concluding.filed and concluding.conclusion is not Conclusion.FAIL:
        return breached(
            Text(
                zh="未报送年检材料的，只能作出不合格结论",
                en="without a report the only conclusion is fail",
            )
        )
    return met(Text(zh="结论与报送情况相符", en="the conclusion fits what was filed"))


CONCLUSION = Rulebook(
    "concluding an annual inspection", [anything_but_a_pass_says_why, nothing_filed_is_no_pass]
)


@dataclass(frozen=True, slots=True)
class Record:
    """The annual inspections of an agency as they stood on a day.

    `conclusions` holds the years concluded by then, `unfiled` the years whose report was not filed
    by its last day. A year that the office has not concluded yet is not held against the agency.
    """

    on: date
    conclusions: Mapping[int, Conclusion]
    unfiled: frozenset[int]


def newest_years(record: Record, count: int) -> list[tuple[int, Conclusion | None]]:
    """The newest years that count, newest first; None is a year that was due and never filed."""
    years = sorted({*record.conclusions, *record.unfiled}, reverse=True)
    return [(year, record.conclusions.get(year)) for year in years[:count]]


@rule(TWO_PASSES)
def two_newest_inspections_passed(record: Record) -> Answer:
    """Exempt years are in neither number; a basic pass is no pass (trap: 基本合格不算合格)."""
    needed = figures.PASSES_RUNNING.on(record.on)
    newest = newest_years(record, needed)
    told = {
        "needed": needed,
        "years": [{"year": y, "conclusion": c.value if c else "unfiled"} for y, c in newest],
    }
    passed = sum(conclusion is Conclusion.PASS for _, conclusion in newest)
    if len(newest) < needed:
        return warned(
            Text(
                zh="仅有 {count} 个应检年度的结论，不足 {needed} 个",
                en="only {count} years in which it was due; {needed} are needed",
            ),
            count=len(newest),
            **told,
        )
    if passed < needed:
        return warned(
            Text(
                zh="最近 {needed} 个应检年度中仅 {passed} 个合格",
                en="of the {needed} newest years in which it was due, {passed} were passed",
            ),
            passed=passed,
            **told,
        )
    return met(
        Text(
            zh="最近 {needed} 个应检年度均为合格",
            en="the {needed} newest years in which it was due were passed",
        ),
        **told,
    )
