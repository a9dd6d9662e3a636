from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from services.procurement.awards.lifecycle import AwardState
from services.procurement.awards.models import Award
from services.procurement.awards.queries import award_for_update
from services.procurement.contracts import queries
from services.procurement.contracts.lifecycle import ContractState
from services.procurement.contracts.models import Contract, Payment
from services.procurement.contracts.rules import (
    APPLYING,
    RELEASING,
    SIGNING,
    Agreement,
    Application,
    Milestone,
    Release,
)
from services.procurement.contracts.schemas import (
    ContractDraft,
    PaymentApplication,
    PaymentOrder,
)
from services.procurement.needs.actions import complete_project
from services.procurement.needs.queries import project_for_update
from services.procurement.policy.codelists import Stage
from services.procurement.suppliers.actions import Conclusion, impose
from services.procurement.suppliers.models import Consequence
from services.procurement.tenders.models import Tender
from services.procurement.tenders.queries import tender_of
from shared.errors import Conflict, InvalidInput, NotFound
from shared.money import ZERO, Money
from shared.policy import Verdict
from shared.words import Text
from shared.work import Work


@dataclass(frozen=True, slots=True)
class Due:
    """Until when a signed contract is published and filed, by the registry's calendar."""

    publication: date
    filing: date


async def draw_up_contract(work: Work, draft: ContractDraft) -> Contract:
    """Write down what was tendered and bid, for the winner to sign."""
    award = await award_for_update(work.session, draft.award_id)
    if award is None or award.state != AwardState.ANNOUNCED:
        raise InvalidInput.at(
            "/award_id",
            Text(zh="须为已公告的中标结果", en="names an announced award"),
            Text(zh="请先公告中标结果", en="announce the result first"),
        )
    if await queries.standing_contract(work.session, award.id):
        raise Conflict(Text(zh="合同已拟定", en="the contract is drawn up already"))
    tender = await _tender(work, award)
    if award.credit_code is None or award.price is None:
        raise NotFound()
    contract = Contract(
        owner_org=award.credit_code,
        tender_id=tender.id,
        award_id=award.id,
        project_id=tender.project_id,
        title=tender.title,
        credit_code=award.credit_code,
        amount=award.price,
        personnel=draft.personnel,
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
        milestones=[
            {"number": number, **milestone.model_dump(mode="json")}
            for number, milestone in enumerate(draft.milestones, start=1)
        ],
        late_reason=draft.late_reason,
    )
    verdict = _judge(work, contract, award, tender)
    verdict.require()
    return work.add(contract, because=verdict)


async def sign_contract(work: Work, contract: Contract, due: Due) -> Contract:
    """The winner signs; the evaluation service hears of it and opens its evaluations."""
    contract.lifecycle.after(contract.state, "sign")
    award = await award_for_update(work.session, contract.award_id)
    project = await project_for_update(work.session, contract.project_id)
    if award is None or project is None:
        raise NotFound()
    verdict = _judge(work, contract, award, await _tender(work, award))
    verdict.require()
    contract.signed_on = work.today
    contract.publication_due_on, contract.filing_due_on = due.publication, due.filing
    work.move(
        contract,
        "sign",
        because=verdict,
        amount=contract.amount,
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        title=contract.title,
        stages=[stage.value for stage in Stage],
    )
    work.move(award, "contract", contract_id=contract.id)
    work.move(project, "contract", contract_id=contract.id)
    return contract


def drop_contract(work: Work, contract: Contract, reason: str) -> Contract:
    """Give up a contract that the winner did not sign."""
    contract.ended_because = reason
    return work.move(contract, "drop")


def terminate_contract(work: Work, contract: Contract, reason: str) -> Contract:
    """End a contract before its time."""
    contract.ended_because = reason
    return work.move(contract, "terminate")


async def apply_for_payment(
    work: Work, contract: Contract, application: PaymentApplication
) -> Payment:
    """Ask for an instalment: held until its stage is evaluated, due at once when it waits for none."""
    milestone = contract.milestone(application.milestone)
    if milestone is None:
        raise InvalidInput.at(
            "/milestone",
            Text(zh="须为合同约定的付款节点", en="names a milestone of the contract"),
            Text(zh="请查看合同", en="read the contract"),
        )
    if application.milestone in {
        p.milestone for p in await queries.payments_of(work.session, contract.id)
    }:
        raise Conflict(Text(zh="该期已申请", en="this milestone was applied for already"))
    verdict = APPLYING.judge(
        Application(
            today=work.today,
            due=date.fromisoformat(milestone["due_on"]),
            in_force=contract.state == ContractState.SIGNED,
        ),
        on=work.today,
    )
    verdict.require()
    payment = work.add(
        Payment(
            contract_id=contract.id,
            credit_code=contract.credit_code,
            milestone=application.milestone,
            stage=milestone["stage"],
            amount=Money.parse(milestone["amount"]),
            cleared=ZERO,
            paid=ZERO,
            invoice=application.invoice,
            references=[],
        ),
        because=verdict,
    )
    await _settle_at_once(work, payment)
    return payment


async def feed_back(work: Work, conclusion: Conclusion) -> None:
    """The loop of 6.1(9): a result enters the supplier's record and settles what waited for it."""
    contract = await queries.contract_for_update(work.session, conclusion.contract_id)
    if contract is None or contract.credit_code != conclusion.credit_code:
        return
    await impose(work, conclusion)
    await work.session.flush()
    consequence = await queries.payment_consequence(work.session, contract.id, conclusion.stage)
    for payment in await queries.held_payments(work.session, contract.id, conclusion.stage):
        if consequence is not None:
            _settle(work, payment, consequence)


async def release_payment(work: Work, payment: Payment, order: PaymentOrder) -> Payment:
    """Pay out what is due, by somebody else than who applied; keep the treasury's reference."""
    payment.lifecycle.after(payment.state, "release")
    verdict = RELEASING.judge(
        Release(
            releases=work.actor.client_id,
            releases_for=work.actor.org,
            applied=payment.created_by,
            supplier=payment.credit_code,
            stage=Stage(payment.stage) if payment.stage else None,
            cleared=payment.cleared,
            paid=payment.paid,
            cause=payment.cause_event,
        ),
        on=work.today,
    )
    verdict.require()
    amount = payment.cleared - payment.paid
    payment.paid = payment.cleared
    payment.references = [
        *payment.references,
        {
            "external_reference": order.external_reference,
            "amount": str(amount),
            "on": work.today.isoformat(),
            "by": work.actor.client_id,
        },
    ]
    work.move(payment, "release", because=verdict, released=amount)
    await _complete_when_paid(work, payment)
    return payment


def accept_correction(work: Work, payment: Payment, evidence: str) -> Payment:
    """The shortcomings were corrected: what was kept back falls due."""
    payment.lifecycle.after(payment.state, "resume")
    if payment.cleared == payment.amount:
        raise Conflict(Text(zh="没有被扣留的款项", en="nothing was kept back"))
    payment.correction = evidence
    payment.cleared = payment.amount
    return work.move(payment, "resume")


async def _settle_at_once(work: Work, payment: Payment) -> None:
    if payment.stage is None:
        payment.cleared = payment.amount
        work.move(payment, "clear")
        return
    consequence = await queries.payment_consequence(
        work.session, payment.contract_id, Stage(payment.stage)
    )
    if consequence is not None:
        _settle(work, payment, consequence)


def _settle(work: Work, payment: Payment, consequence: Consequence) -> None:
    percent = consequence.percent or 0
    payment.cleared = payment.amount.portion(Fraction(percent, 100))
    payment.cause_event = consequence.cause_event
    payment.consequence_id = consequence.id
    work.move(payment, "clear" if payment.cleared else "withhold", percent=percent)


async def _complete_when_paid(work: Work, payment: Payment) -> None:
    """With the last fen of the last milestone the contract is complete."""
    contract = await queries.contract_for_update(work.session, payment.contract_id)
    if contract is None or contract.state != ContractState.SIGNED:
        return
    paid = Money.total(p.paid for p in await queries.payments_of(work.session, contract.id))
    if paid == contract.amount:
        work.move(contract, "complete")
        await complete_project(work, contract.project_id)


def _judge(work: Work, contract: Contract, award: Award, tender: Tender) -> Verdict:
    governed_by = tender.published_on or work.today
    return SIGNING.judge(
        Agreement(
            governed_by=governed_by,
            today=work.today,
            price=contract.amount,
            personnel=contract.personnel,
            milestones=[
                Milestone(
                    due=date.fromisoformat(milestone["due_on"]),
                    amount=Money.parse(milestone["amount"]),
                    stage=Stage(milestone["stage"]) if milestone["stage"] else None,
                )
                for milestone in contract.milestones
            ],
            starts=contract.starts_on,
            ends=contract.ends_on,
            tendered_start=tender.starts_on,
            tendered_end=tender.ends_on,
            due=award.contract_due_on,
            late_reason=contract.late_reason,
        ),
        on=governed_by,
    )


async def _tender(work: Work, award: Award) -> Tender:
    tender = await tender_of(work.session, award.tender_id)
    if tender is None:
        raise NotFound()
    return tender
