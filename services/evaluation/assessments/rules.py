"""Who may be rated, when a score sheet is whole, when a result stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from services.evaluation.grades.rules import Held
from services.evaluation.policy.clauses import (
    AFTER_THE_RATING,
    MAY_APPLY,
    NOT_RATED,
    OBJECTION,
    PUBLIC_NOTICE,
    SCORE_SHEET,
    VALIDITY,
)
from services.evaluation.policy.figures import (
    BARS,
    INSPECTED_BY,
    MINIMUM_YEARS,
    NOTICE_DAYS,
    RERATING,
    VALID_FOR,
    WAIT_AFTER_CANCELLATION,
    Bar,
    Rerating,
)
from shared.days import years_after
from shared.policy import Answer, Rulebook, breached, met, not_applicable, rule
from shared.words import Text


class Conclusion(StrEnum):
    """What an annual inspection found, in the registry's words: 合格, 基本合格, 不合格.

    A year in which none was due has no conclusion at all.
    """

    PASS = "pass"
    BASIC = "basic"
    FAIL = "fail"


class Penalty(StrEnum):
    """The heaviest penalty of the last year."""

    NONE = "none"
    LIGHT = "light"
    HEAVY = "heavy"


@dataclass(frozen=True, slots=True)
class Candidacy:
    """What must be known of an agency that asks to be rated; `on` is the day it applied."""

    on: date
    registered_on: date | None
    suspended: bool
    inspections: Mapping[int, Conclusion]
    held: Held | None


@rule(MAY_APPLY)
def registered_long_enough(agency: Candidacy) -> Answer:
    years = MINIMUM_YEARS.on(agency.on)
    if agency.registered_on is None:
        return breached(Text(zh="未登记", en="not registered"))
    if agency.on < years_after(agency.registered_on, years):
        return breached(
            Text(
                zh="{registered} 登记，不满 {years} 年",
                en="registered on {registered}, less than {years} years ago",
            ),
            registered=agency.registered_on,
            years=years,
        )
    return met(
        Text(
            zh="{registered} 登记，已满 {years} 年",
            en="registered on {registered}, {years} years ago",
        ),
        registered=agency.registered_on,
        years=years,
    )


@rule(MAY_APPLY)
def free_to_be_rated(agency: Candidacy) -> Answer:
    """Never rated, or rated before and open to another rating by the law of the day."""
    held = agency.held
    if held is None:
        return met(Text(zh="未曾评估", en="never rated"))
    if agency.on > held.valid_until or held.cancelled_on is not None:
        return met(Text(zh="原等级已失效", en="the last grade is over"), until=held.valid_until)
    rerating = RERATING.on(agency.on)
    first_part = held.valid_from <= agency.on < years_after(held.valid_from, 4)
    if rerating is Rerating.FIRST_FOUR_YEARS and first_part:
        return met(
            Text(zh="有效期前四年内可再次申请", en="within the first four years of the grade"),
            since=held.valid_from,
        )
    return breached(
        Text(
            zh="现有等级有效至 {until}，尚不能再次申请",
            en="the grade held is valid until {until}; another may not be asked for yet",
        ),
        until=held.valid_until,
    )


@rule(AFTER_THE_RATING)
def waited_after_a_cancelled_grade(agency: Candidacy) -> Answer:
    cancelled = agency.held.cancelled_on if agency.held else None
    if cancelled is None:
        return not_applicable(Text(zh="没有被取消的等级", en="no grade was cancelled"))
    years = WAIT_AFTER_CANCELLATION.on(agency.on)
    free_on = years_after(cancelled, years)
    if agency.on < free_on:
        return breached(
            Text(
                zh="等级于 {cancelled} 取消，{free_on} 起方可申请",
                en="a grade was cancelled on {cancelled}; free to apply from {free_on}",
            ),
            cancelled=cancelled,
            free_on=free_on,
        )
    return met(Text(zh="取消已满 {years} 年", en="cancelled {years} years ago"), years=years)


@rule(NOT_RATED)
def inspected_for_the_last_year(agency: Candidacy) -> Answer:
    year = newest_year_due(agency.on)
    found = agency.inspections.get(year)
    if found is None:
        return _barred_by(
            agency.on,
            Bar.NOT_INSPECTED,
            Text(zh="未参加 {year} 年度检查", en="not inspected for {year}"),
            year=year,
        )
    return met(Text(zh="已参加 {year} 年度检查", en="inspected for {year}"), year=year)


@rule(NOT_RATED)
def did_not_fail_the_last_inspection(agency: Candidacy) -> Answer:
    year = newest_year_due(agency.on)
    if agency.inspections.get(year) is Conclusion.FAIL:
        return _barred_by(
            agency.on,
            Bar.FAILED_INSPECTION,
            Text(zh="{year} 年度检查不合格", en="failed the inspection of {year}"),
            year=year,
        )
    return met(Text(zh="上年度检查无不合格", en="the last inspection was not failed"))


@rule(NOT_RATED)
def not_merely_basic_twice_running(agency: Candidacy) -> Answer:
    """The two newest years in which an inspection was due; an exempt year is neither."""
    last = newest_year_due(agency.on)
    due = sorted((year for year in agency.inspections if year <= last), reverse=True)[:2]
    if len(due) == 2 and all(agency.inspections[year] is Conclusion.BASIC for year in due):
        return _barred_by(
            agency.on,
            Bar.BASIC_TWICE,
            Text(zh="连续两年基本合格", en="only basic for two years running"),
            years=due,
        )
    return met(Text(zh="没有连续两年基本合格", en="not basic for two years running"))


@rule(NOT_RATED)
def not_suspended(agency: Candidacy) -> Answer:
    if agency.suspended:
        return breached(
            Text(zh="处于限期停止活动期间", en="suspended; the penalty is not finished")
        )
    return met(Text(zh="未被停止活动", en="not suspended"))


def newest_year_due(day: date) -> int:
    """The newest year whose inspection had to be done by that day."""
    month, last = INSPECTED_BY.on(day)
    return day.year - 1 if day > date(day.year, month, last) else day.year - 2


def _barred_by(on: date, bar: Bar, reason: Text, **figures: object) -> Answer:
    """Breached while the law of the day names the bar; after that only worth knowing."""
    if bar in BARS.on(on):
        return breached(reason, **figures)
    return not_applicable(
        Text(
            zh=f"{reason.zh}；现行办法不再列为不予评估情形",
            en=f"{reason.en}; the measures in force no longer bar it",
        ),
        **figures,
    )


APPLICATION = Rulebook(
    "applying for a rating",
    [
        registered_long_enough,
        free_to_be_rated,
        waited_after_a_cancelled_grade,
        inspected_for_the_last_year,
        did_not_fail_the_last_inspection,
        not_merely_basic_twice_running,
        not_suspended,
    ],
)


@dataclass(frozen=True, slots=True)
class CleanRecord:
    """What the officer found in the public credit record; `on` is the day the agency applied."""

    on: date
    penalty: Penalty
    penalty_unfinished: bool
    under_investigation: bool


@rule(NOT_RATED)
def no_barring_penalty(record: CleanRecord) -> Answer:
    if record.penalty is Penalty.NONE:
        return met(Text(zh="上年度未受处罚", en="no penalty in the last year"))
    bar = Bar.HEAVY_PENALTY if record.penalty is Penalty.HEAVY else Bar.LIGHT_PENALTY
    return _barred_by(
        record.on,
        bar,
        Text(zh="上年度受到行政处罚（{weight}）", en="penalised in the last year ({weight})"),
        weight=record.penalty.value,
    )


@rule(NOT_RATED)
def no_unfinished_penalty(record: CleanRecord) -> Answer:
    if record.penalty_unfinished:
        return _barred_by(
            record.on,
            Bar.PENALTY_UNFINISHED,
            Text(zh="行政处罚尚未执行完毕", en="a penalty is not finished"),
        )
    return met(Text(zh="没有未执行完毕的处罚", en="no penalty is unfinished"))


@rule(NOT_RATED)
def not_under_investigation(record: CleanRecord) -> Answer:
    if record.under_investigation:
        return _barred_by(
            record.on,
            Bar.UNDER_INVESTIGATION,
            Text(zh="正在被立案调查", en="under investigation"),
        )
    return met(Text(zh="未被立案调查", en="not under investigation"))


ACCEPTANCE = Rulebook(
    "accepting a rating", [no_barring_penalty, no_unfinished_penalty, not_under_investigation]
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One column of the score sheet: the marks each leaf may have, and those it was given."""

    full: Mapping[str, Decimal]
    given: Mapping[str, Decimal]


@rule(SCORE_SHEET)
def every_leaf_is_scored(sheet: Sheet) -> Answer:
    missing = sorted(set(sheet.full) - set(sheet.given))
    unknown = sorted(set(sheet.given) - set(sheet.full))
    if missing or unknown:
        return breached(
            Text(
                zh="未评分：{missing}；不属于本方案：{unknown}",
                en="not scored: {missing}; not of this scheme: {unknown}",
            ),
            missing=", ".join(missing) or "-",
            unknown=", ".join(unknown) or "-",
        )
    return met(
        Text(zh="{count} 项均已评分", en="all {count} leaves are scored"), count=len(sheet.full)
    )


@rule(SCORE_SHEET)
def within_the_marks_of_each_leaf(sheet: Sheet) -> Answer:
    wrong = [
        code
        for code, marks in sorted(sheet.given.items())
        if code in sheet.full and not 0 <= marks <= sheet.full[code]
    ]
    if wrong:
        return breached(
            Text(zh="得分超出分值范围：{codes}", en="beyond the marks of the leaf: {codes}"),
            codes=", ".join(wrong),
        )
    return met(Text(zh="得分均在分值之内", en="every mark lies within its leaf"))


SCORES = Rulebook(
    "filling a score sheet",
    [every_leaf_is_scored, within_the_marks_of_each_leaf],
)


@dataclass(frozen=True, slots=True)
class Announcement:
    """What must be known to make a result final; the law is that of the day of application."""

    on: date
    applied_on: date
    decided_on: date
    noticed_on: date
    open_objections: int


def notice_ends_on(noticed_on: date) -> date:
    """The last day of the public notice; the day it was put up is day 0."""
    return noticed_on + timedelta(days=NOTICE_DAYS.on(noticed_on))


@rule(PUBLIC_NOTICE)
def the_notice_is_over(result: Announcement) -> Answer:
    ends_on = notice_ends_on(result.noticed_on)
    if result.on <= ends_on:
        return breached(
            Text(zh="公示至 {ends_on}", en="on public notice until {ends_on}"), ends_on=ends_on
        )
    return met(
        Text(zh="公示已于 {ends_on} 结束", en="the public notice ended on {ends_on}"),
        ends_on=ends_on,
    )


@rule(OBJECTION)
def every_objection_is_decided(result: Announcement) -> Answer:
    if result.open_objections:
        return breached(
            Text(zh="尚有 {count} 项异议未答复", en="{count} objections are not decided"),
            count=result.open_objections,
        )
    return met(Text(zh="没有未答复的异议", en="no objection is open"))


@rule(VALIDITY)
def valid_by_the_law_of_the_application(result: Announcement) -> Answer:
    term = VALID_FOR.on(result.applied_on)(result.decided_on, result.on)
    return met(
        Text(zh="有效期 {first} 至 {last}", en="valid from {first} to {last}"),
        first=term.first,
        last=term.last,
    )


ANNOUNCEMENT = Rulebook(
    "announcing a grade",
    [the_notice_is_over, every_objection_is_decided, valid_by_the_law_of_the_application],
)
