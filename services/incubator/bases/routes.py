from datetime import date
from typing import Annotated

from fastapi import APIRouter

from services.incubator.bases import actions, queries
from services.incubator.bases.models import IncubatorBase
from services.incubator.bases.schemas import (
    BaseDraft,
    BaseView,
    BudgetDraft,
    BudgetLineView,
    BudgetView,
    ExpenseDraft,
    RuleDocumentDraft,
    RuleDocumentsView,
    RuleDocumentView,
)
from services.incubator.wire import Year
from shared.http import (
    Page,
    ThePaging,
    TheWork,
    WorkRoute,
    allow,
    changing,
    open_to_all,
    reading,
)

router = APIRouter(prefix="/bases", tags=["bases"], route_class=WorkRoute)

TheBase = Annotated[IncubatorBase, reading(IncubatorBase, "base_id")]
ChangingBase = Annotated[IncubatorBase, changing(IncubatorBase, "base_id")]


@router.post("", status_code=201, response_model=BaseView)
@allow("incubator_manager")
async def found_base(draft: BaseDraft, work: TheWork) -> IncubatorBase:
    """Set up the district's incubator base."""
    return await actions.found_base(work, draft)


@router.get("", response_model=Page[BaseView])
@open_to_all
async def list_bases(paging: ThePaging, work: TheWork) -> Page[BaseView]:
    """List the bases, closed ones too."""
    return await paging.page(work.session, queries.bases(), IncubatorBase.id, BaseView)


@router.get("/{base_id}", response_model=BaseView)
@open_to_all
async def read_base(base: TheBase) -> IncubatorBase:
    """Read one base."""
    return base


@router.post("/{base_id}/opening", response_model=BaseView)
@allow("incubator_manager")
async def open_base(base: ChangingBase, work: TheWork) -> IncubatorBase:
    """Open the base."""
    return actions.open_base(work, base)


@router.post("/{base_id}/closure", response_model=BaseView)
@allow("incubator_manager")
async def close_base(base: ChangingBase, work: TheWork) -> IncubatorBase:
    """Close the base."""
    return actions.close_base(work, base)


@router.post("/{base_id}/rule-documents", status_code=201, response_model=BaseView)
@allow("incubator_manager")
async def adopt_rules(draft: RuleDocumentDraft, base: ChangingBase, work: TheWork) -> IncubatorBase:
    """Adopt a version of one of the four management systems."""
    return await actions.adopt_rules(work, base, draft)


@router.get("/{base_id}/rule-documents", response_model=RuleDocumentsView)
@open_to_all
async def list_rule_documents(
    base: TheBase, work: TheWork, on: date | None = None
) -> RuleDocumentsView:
    """List the rule documents, and which systems are in force on a day; today when none is given."""
    day = on or work.today
    documents = await queries.rule_documents(work.session, base.id)
    return RuleDocumentsView(
        on=day,
        in_force=sorted(await queries.systems_in_force(work.session, base.id, day)),
        documents=[RuleDocumentView.model_validate(one) for one in documents],
    )


@router.put("/{base_id}/budgets/{year}", response_model=BaseView)
@allow("finance")
async def set_budget(
    year: Year, draft: BudgetDraft, base: ChangingBase, work: TheWork
) -> IncubatorBase:
    """Enter the year's appropriation for the three lines."""
    return await actions.set_budget(work, base, year, draft)


@router.get("/{base_id}/budgets/{year}", response_model=BudgetView)
@open_to_all
async def read_budget(year: Year, base: TheBase, work: TheWork) -> BudgetView:
    """Read the year's budget: appropriated and spent, by line."""
    lines = await queries.budget(work.session, base.id, year)
    return BudgetView(year=year, lines=[BudgetLineView.model_validate(line) for line in lines])


@router.post("/{base_id}/expenses", status_code=201, response_model=BaseView)
@allow("incubator_manager", "finance")
async def enter_expense(draft: ExpenseDraft, base: ChangingBase, work: TheWork) -> IncubatorBase:
    """Spend from a line of the base's budget."""
    return await actions.enter_expense(work, base, draft)
