from uuid import UUID

from services.incubator.bases import queries
from services.incubator.bases.lifecycle import BUDGET_SET, EXPENSE_ENTERED, RULES_ADOPTED
from services.incubator.bases.models import BudgetLine, Expense, IncubatorBase, RuleDocument
from services.incubator.bases.rules import (
    ADMITTING,
    FOUNDING,
    OPENING,
    SPENDING,
    Founding,
    Opening,
    Readiness,
    Spending,
)
from services.incubator.bases.schemas import (
    BaseDraft,
    BudgetDraft,
    ExpenseDraft,
    RuleDocumentDraft,
)
from shared.codelists import BaseBudgetLine
from shared.database.base import new_id
from shared.errors import Conflict, InvalidInput
from shared.money import ZERO
from shared.policy import Verdict
from shared.words import Text
from shared.work import Work


async def found_base(work: Work, draft: BaseDraft) -> IncubatorBase:
    standing = await queries.bases_standing(work.session)
    verdict = FOUNDING.judge(Founding(work.today, standing), on=work.today)
    verdict.require()
    return work.add(IncubatorBase(**dict(draft)), because=verdict)


def open_base(work: Work, base: IncubatorBase) -> IncubatorBase:
    verdict = OPENING.judge(Opening(work.today), on=work.today)
    base.opened_on = work.today
    return work.move(base, "open", because=verdict)


def close_base(work: Work, base: IncubatorBase) -> IncubatorBase:
    return work.move(base, "close")


async def adopt_rules(work: Work, base: IncubatorBase, draft: RuleDocumentDraft) -> IncubatorBase:
    """Put a new version of a system into force, from today at the earliest; old ones stay on file."""
    if draft.in_force_from < work.today:
        raise InvalidInput.at(
            "/in_force_from",
            Text(zh="制度不得追溯施行", en="rules are not made for the past"),
            Text(zh="请填写今天或以后的日期", en="today or later"),
        )
    documents = await queries.rule_documents(work.session, base.id)
    if any(d.system == draft.system and d.in_force_from == draft.in_force_from for d in documents):
        raise Conflict(
            Text(zh="该制度当日已有版本", en="that system has a version from that day on already")
        )
    work.add_row(
        RuleDocument(
            id=new_id(),
            base_id=base.id,
            adopted_on=work.today,
            adopted_by=work.actor.client_id,
            **dict(draft),
        )
    )
    return work.change(base, RULES_ADOPTED, system=draft.system, in_force_from=draft.in_force_from)


async def set_budget(
    work: Work, base: IncubatorBase, year: int, draft: BudgetDraft
) -> IncubatorBase:
    """Enter or correct the year's three lines; none may fall below what is spent."""
    given = {line.line: line.appropriation for line in draft.lines}
    if set(given) != set(BaseBudgetLine):
        raise InvalidInput.at(
            "/lines",
            Text(zh="三项预算须各列一次", en="each of the three lines once"),
            Text(zh="请补足缺少的项目", en="add what is missing"),
        )
    kept = {line.line: line for line in await queries.budget(work.session, base.id, year)}
    for line, appropriation in given.items():
        found = kept.get(line)
        if found is None:
            work.add_row(
                BudgetLine(
                    id=new_id(),
                    base_id=base.id,
                    year=year,
                    line=line,
                    appropriation=appropriation,
                    spent=ZERO,
                )
            )
            continue
        SPENDING.judge(Spending(appropriation, ZERO, found.spent), on=work.today).require()
        found.appropriation = appropriation
    lines = {line.value: str(amount) for line, amount in given.items()}
    return work.change(base, BUDGET_SET, year=year, lines=lines)


async def enter_expense(work: Work, base: IncubatorBase, draft: ExpenseDraft) -> IncubatorBase:
    """Spend from a line; the line is held, so that two expenses never share what is left."""
    line = await queries.line_for_update(work.session, base.id, draft.year, draft.line)
    if line is None:
        raise InvalidInput.at(
            "/year",
            Text(zh="该年度须已有预算", en="a year with a budget"),
            Text(zh="请先录入预算", en="enter the budget first"),
        )
    verdict = SPENDING.judge(Spending(line.appropriation, line.spent, draft.amount), on=work.today)
    verdict.require()
    line.spent = line.spent + draft.amount
    work.add_row(
        Expense(
            id=new_id(),
            budget_line_id=line.id,
            amount=draft.amount,
            purpose=draft.purpose,
            reference=draft.reference,
            spent_on=work.today,
            entered_by=work.actor.client_id,
        )
    )
    return work.change(
        base,
        EXPENSE_ENTERED,
        because=verdict,
        year=draft.year,
        line=draft.line,
        amount=str(draft.amount),
    )


async def ready_to_admit(work: Work, base_id: UUID) -> Verdict:
    """Whether the base may admit today; refused when it may not."""
    base = await queries.base_by_id(work.session, base_id)
    if base is None:
        raise InvalidInput.at(
            "/base_id",
            Text(zh="须为已有的孵化基地", en="names a base"),
            Text(zh="请在 /bases 中查询", en="see /bases"),
        )
    systems = await queries.systems_in_force(work.session, base.id, work.today)
    verdict = ADMITTING.judge(Readiness(work.today, base.state, systems), on=work.today)
    return verdict.require()
