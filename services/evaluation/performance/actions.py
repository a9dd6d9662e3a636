from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.evaluation.evaluators.actions import independent_evaluator
from services.evaluation.performance import queries
from services.evaluation.performance.models import Performance, survey_of
from services.evaluation.performance.rules import (
    SCORING,
    SHEET,
    Item,
    Scoring,
    Sheet,
    Stage,
    result_of,
    total_score,
)
from services.evaluation.performance.schemas import (
    AssignmentDraft,
    ObjectionAnswer,
    ScoringDraft,
)
from shared.errors import InvalidInput, NotFound
from shared.money import Money
from shared.words import Text
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Contract:
    """What procurement told of a contract when it was signed."""

    contract_id: UUID
    tender_id: UUID | None
    credit_code: str
    title: str
    amount: Money
    starts_on: date
    ends_on: date
    stages: tuple[Stage, ...]

    def due_on(self, stage: Stage) -> date:
        """Half-way through the service, or at its end."""
        if stage is Stage.FINAL:
            return self.ends_on
        return self.starts_on + (self.ends_on - self.starts_on) / 2


async def open_performances(work: Work, contract: Contract) -> None:
    """Open the evaluation of each stage, once, however often the contract is told of."""
    opened = await queries.stages_opened(work.session, contract.contract_id)
    for stage in contract.stages:
        if stage in opened:
            continue
        work.add(
            Performance(
                contract_id=contract.contract_id,
                tender_id=contract.tender_id,
                credit_code=contract.credit_code,
                owner_org=contract.credit_code,
                title=contract.title,
                amount=contract.amount,
                starts_on=contract.starts_on,
                ends_on=contract.ends_on,
                opened_on=work.today,
                stage=stage,
                due_on=contract.due_on(stage),
                items=[],
                judged=[],
            )
        )


async def assign_evaluator(
    work: Work, performance: Performance, draft: AssignmentDraft
) -> Performance:
    """Give the evaluation to an independent body, with the items it will score by."""
    performance.lifecycle.after(performance.state, "assign")
    items = [Item(one.code, one.title, one.marks, one.measure) for one in draft.items]
    SHEET.judge(Sheet(performance.opened_on, items), on=performance.opened_on).require()
    evaluator, verdict = await independent_evaluator(
        work, draft.evaluator_id, performance.credit_code
    )
    performance.evaluator_id = evaluator.id
    performance.evaluator_org = evaluator.credit_code
    performance.items = draft.model_dump(mode="json")["items"]
    return work.move(performance, "assign", because=verdict, evaluator=evaluator.credit_code)


def score_project(work: Work, performance: Performance, draft: ScoringDraft) -> Performance:
    """The evaluator's marks and the survey make the score; the dated lines make the result."""
    if performance.evaluator_org != work.actor.org:
        raise NotFound()
    performance.lifecycle.after(performance.state, "score")
    judged = {score.item: score.marks for score in draft.scores}
    if len(judged) != len(draft.scores):
        raise InvalidInput.at(
            "/scores",
            Text(zh="每项只评一次分", en="scores each item once"),
            Text(zh="请删除重复项", en="remove the duplicate"),
        )
    if draft.survey.held_until < draft.survey.held_from or draft.survey.held_until > work.today:
        raise InvalidInput.at(
            "/survey/held_until",
            Text(
                zh="不得早于开始日，也不得晚于今天",
                en="is not before its first day and not after today",
            ),
            Text(zh="请更正日期", en="correct it"),
        )
    plain = draft.model_dump(mode="json")
    case = Scoring(
        on=work.today,
        service_ends_on=performance.ends_on,
        stage=Stage(performance.stage),
        items=performance.sheet,
        judged=judged,
        survey=survey_of(plain["survey"]),
    )
    verdict = SCORING.judge(case, on=performance.opened_on)
    verdict.require()
    performance.judged = plain["scores"]
    performance.survey = plain["survey"]
    performance.opinion = draft.opinion
    performance.score = total_score(case)
    performance.result = result_of(performance.score, on=performance.opened_on).value
    return work.move(performance, "score", because=verdict)


def object_to_score(work: Work, performance: Performance, grounds: str) -> Performance:
    performance.objection = {
        "grounds": grounds,
        "raised_on": work.today.isoformat(),
        "upheld": None,
        "answer": None,
        "answered_on": None,
    }
    return work.move(performance, "object")


def answer_objection(work: Work, performance: Performance, answer: ObjectionAnswer) -> Performance:
    """Dismissed, the score stands; upheld, the evaluator scores again."""
    performance.objection = {
        **(performance.objection or {}),
        "upheld": answer.upheld,
        "answer": answer.answer,
        "answered_on": work.today.isoformat(),
    }
    return work.move(performance, "uphold" if answer.upheld else "dismiss")


def conclude_performance(work: Work, performance: Performance) -> Performance:
    """Announce the result: payment, renewal, priority and standing follow from it elsewhere."""
    performance.concluded_on = work.today
    return work.move(
        performance,
        "conclude",
        score=performance.written_score,
        result=performance.result,
        concluded_on=work.today,
    )
