from uuid import UUID

from services.evaluation.evaluators import queries
from services.evaluation.evaluators.lifecycle import EXPERTS_NAMED
from services.evaluation.evaluators.models import Evaluator
from services.evaluation.evaluators.rules import ASSIGNMENT, Assignment, BodyKind
from services.evaluation.evaluators.schemas import EvaluatorDraft, Experts
from shared.errors import InvalidInput
from shared.policy import Verdict
from shared.words import Text
from shared.work import Work


def accredit_evaluator(work: Work, draft: EvaluatorDraft) -> Evaluator:
    return work.add(
        Evaluator(
            **draft.model_dump(mode="json")
            | {
                "accredited_until": draft.accredited_until,
                "owner_org": draft.credit_code,
            }
        )
    )


def name_experts(work: Work, evaluator: Evaluator, change: Experts) -> Evaluator:
    evaluator.experts = change.model_dump(mode="json")["experts"]
    return work.change(evaluator, EXPERTS_NAMED)


def suspend_evaluator(work: Work, evaluator: Evaluator, reason: str) -> Evaluator:
    return work.move(evaluator, "suspend", reason=reason)


def reinstate_evaluator(work: Work, evaluator: Evaluator) -> Evaluator:
    return work.move(evaluator, "reinstate")


def withdraw_evaluator(work: Work, evaluator: Evaluator, reason: str) -> Evaluator:
    return work.move(evaluator, "withdraw", reason=reason)


async def independent_evaluator(
    work: Work, evaluator_id: UUID, credit_code: str
) -> tuple[Evaluator, Verdict]:
    """The body of that id, judged to be a third party to the agency; refused when it is not."""
    evaluator = await queries.evaluator_by_id(work.session, evaluator_id)
    if evaluator is None:
        raise InvalidInput.at(
            "/evaluator_id",
            Text(zh="须为已认可的评估机构", en="names an accredited body"),
            Text(zh="请先认可该评估机构", en="accredit the body first"),
        )
    verdict = ASSIGNMENT.judge(
        Assignment(
            on=work.today,
            credit_code=credit_code,
            body_code=evaluator.credit_code,
            body_state=evaluator.state,
            body_kind=BodyKind(evaluator.kind),
            accredited_until=evaluator.accredited_until,
            body_ties=evaluator.declared_ties,
            people=evaluator.people,
        ),
        on=work.today,
    )
    return evaluator, verdict.require()
