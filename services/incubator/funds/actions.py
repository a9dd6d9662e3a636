from uuid import UUID

from services.incubator.funds import queries
from services.incubator.funds.lifecycle import FUND_DRAWN, FUND_REPLENISHED, FundState
from services.incubator.funds.models import Fund, Grant, LedgerLine
from services.incubator.funds.rules import (
    DRAWING,
    PROPOSAL,
    REVIEW,
    Drawing,
    Hands,
    Support,
    cash_of,
)
from services.incubator.funds.schemas import (
    Appropriation,
    FundDraft,
    GrantDraft,
    InstrumentTotal,
    LedgerLineView,
    SupportView,
)
from services.incubator.residencies.queries import residency_by_id
from shared.codelists import SupportInstrument
from shared.database.base import new_id
from shared.errors import Conflict, InvalidInput
from shared.money import ZERO, Money
from shared.policy import Verdict
from shared.words import Text
from shared.work import Work


def open_fund(work: Work, draft: FundDraft) -> Fund:
    return work.add(Fund(**dict(draft), balance=ZERO, given=ZERO, lines=0))


def replenish_fund(work: Work, fund: Fund, given: Appropriation) -> Fund:
    """Money comes into the fund; the fund's row is held by the caller."""
    if fund.state != FundState.OPEN:
        raise Conflict(Text(zh="专项资金已关闭", en="the fund is closed"))
    _enter(work, fund, basis=given.basis, value=given.amount, cash=given.amount)
    return work.change(fund, FUND_REPLENISHED, amount=str(given.amount))


def close_fund(work: Work, fund: Fund) -> Fund:
    return work.move(fund, "close")


async def propose_grant(work: Work, draft: GrantDraft) -> Grant:
    if await work.session.get(Fund, draft.fund_id) is None:
        raise InvalidInput.at(
            "/fund_id",
            Text(zh="须为已设立的资金", en="names a fund"),
            Text(zh="请在 /funds 中查询", en="see /funds"),
        )
    verdict = await _supportable(work, draft)
    return work.add(Grant(**dict(draft)), because=verdict)


def review_grant(work: Work, grant: Grant) -> Grant:
    verdict = REVIEW.judge(Hands((grant.created_by, work.actor.client_id)), on=work.today)
    verdict.require()
    grant.reviewed_by = work.actor.client_id
    return work.move(grant, "review", because=verdict)


async def approve_grant(work: Work, grant: Grant) -> Grant:
    """A third person approves; the line is written, and the money leaves the fund, at once."""
    grant.lifecycle.after(grant.state, "approve")
    hands = Hands((grant.created_by, grant.reviewed_by or "", work.actor.client_id))
    by_whom = REVIEW.judge(hands, on=work.today).require()
    stage = (await _supportable(work, grant)).findings
    fund = await queries.fund_for_update(work.session, grant.fund_id)
    assert fund is not None  # grants refer to their fund by a foreign key
    cash = cash_of(SupportInstrument(grant.instrument), grant.value)
    bearing = DRAWING.judge(
        Drawing(fund.balance, cash, fund_open=fund.state == FundState.OPEN), on=work.today
    ).require()
    verdict = Verdict(
        "approving support", work.today, (*by_whom.findings, *stage, *bearing.findings)
    )
    _enter(work, fund, basis=grant.basis, value=grant.value, cash=-cash, grant=grant)
    grant.approved_by = work.actor.client_id
    work.move(grant, "approve", because=verdict)
    work.change(fund, FUND_DRAWN, grant_id=grant.id, cash=str(cash))
    return grant


def reject_grant(work: Work, grant: Grant, reason: str) -> Grant:
    grant.rejected_because = reason
    return work.move(grant, "reject")


async def support_of(work: Work, residency_id: UUID) -> SupportView:
    """Every line for a resident, added up by instrument."""
    lines = await queries.lines_for(work.session, residency_id)
    instruments = [one for one in SupportInstrument if any(x.instrument == one for x in lines)]
    return SupportView(
        residency_id=residency_id,
        value=Money.total(line.value for line in lines),
        cash=-Money.total(line.cash for line in lines),
        by_instrument=[
            InstrumentTotal(
                instrument=one,
                value=Money.total(x.value for x in lines if x.instrument == one),
                cash=-Money.total(x.cash for x in lines if x.instrument == one),
            )
            for one in instruments
        ],
        lines=[LedgerLineView.model_validate(line) for line in lines],
    )


async def _supportable(work: Work, asked: GrantDraft | Grant) -> Verdict:
    """Whether the resident may be supported today, at proposal and again at approval."""
    residency = await residency_by_id(work.session, asked.residency_id)
    if residency is None:
        raise InvalidInput.at(
            "/residency_id",
            Text(zh="须为已有的入驻", en="names a residency"),
            Text(zh="请在 /residencies 中查询", en="see /residencies"),
        )
    return PROPOSAL.judge(
        Support(
            on=work.today,
            stage=residency.state,
            value=asked.value,
            period_from=asked.period_from,
            period_until=asked.period_until,
            stay_from=residency.starts_on,
            stay_until=residency.ends_on,
        ),
        on=work.today,
    ).require()


def _enter(
    work: Work, fund: Fund, *, basis: str, value: Money, cash: Money, grant: Grant | None = None
) -> None:
    """Write the next line and carry the balance on."""
    fund.balance = fund.balance + cash
    fund.lines += 1
    if grant is not None:
        fund.given = fund.given + value
    work.add_row(
        LedgerLine(
            id=new_id(),
            fund_id=fund.id,
            number=fund.lines,
            instrument=grant.instrument if grant else None,
            grant_id=grant.id if grant else None,
            residency_id=grant.residency_id if grant else None,
            basis=basis,
            period_from=grant.period_from if grant else None,
            period_until=grant.period_until if grant else None,
            value=value,
            cash=cash,
            balance=fund.balance,
            entered_on=work.today,
            entered_by=work.actor.client_id,
        )
    )
