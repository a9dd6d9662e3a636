from datetime import date
from typing import Any

from services.procurement.custody.actions import freeze_seal_policy
from services.procurement.needs import queries as needs
from services.procurement.needs.models import Project
from services.procurement.policy.clauses import PRIORITY
from services.procurement.policy.codelists import Grade, Ground, Measure, Method
from services.procurement.tenders.models import Tender
from services.procurement.tenders.rules import (
    PUBLICATION,
    Criterion,
    Publication,
    printed_priority,
)
from services.procurement.tenders.schemas import TenderDraft
from shared.days import day_of
from shared.errors import InvalidInput, NotFound
from shared.policy import Verdict
from shared.words import Text
from shared.work import Work


async def draft_tender(work: Work, draft: TenderDraft) -> Tender:
    """Start a tender that only the purchasing side can see."""
    project = await needs.project_for_update(work.session, draft.project_id)
    if project is None:
        raise InvalidInput.at(
            "/project_id",
            Text(zh="须为已计划的采购项目", en="names a planned project"),
            Text(zh="请先编制采购项目", en="plan the project first"),
        )
    tender = Tender(**_document(draft), budget=project.budget, personnel=project.personnel)
    return work.add(tender)


async def change_tender(work: Work, tender: Tender, draft: TenderDraft) -> Tender:
    """Put a new document in place of the draft."""
    tender.lifecycle.after(tender.state, "publish")
    project = await needs.project_for_update(work.session, draft.project_id)
    if project is None:
        raise InvalidInput.at(
            "/project_id",
            Text(zh="须为已计划的采购项目", en="names a planned project"),
            Text(zh="请先编制采购项目", en="plan the project first"),
        )
    for name, value in _document(draft).items():
        setattr(tender, name, value)
    tender.budget, tender.personnel = project.budget, project.personnel
    return work.change(tender, "tender.changed")


async def publish_tender(work: Work, tender: Tender, earliest_close: date | None) -> Tender:
    """Open the tender to bidders and freeze its seal policy.

    The notice period is counted from today, so a draft that was long enough last week can be
    refused now. The law of today governs the whole procedure.
    """
    project = await _project(work, tender)
    tender.lifecycle.after(tender.state, "publish")
    tender.budget, tender.personnel = project.budget, project.personnel
    verdict = PUBLICATION.judge(_publication(work, tender, project, earliest_close), on=work.today)
    verdict.require()
    work.move(project, "tender", tender_id=tender.id)
    tender.published_at, tender.published_on = work.now, work.today
    tender.priority_rule = {
        "text": printed_priority(work.today).both(),
        "clause": str(PRIORITY),
    }
    policy = await freeze_seal_policy(
        work,
        tender.id,
        profile=tender.profile,
        deadline=tender.closes_at,
        minimum_bids=tender.minimum_bids,
        release_window_minutes=tender.release_window_minutes,
    )
    tender.seal_policy_hash = policy.hash
    work.move(
        tender,
        "publish",
        because=verdict,
        closes_at=tender.closes_at,
        budget=tender.budget,
        profile=tender.profile,
        seal_policy_hash=tender.seal_policy_hash,
    )
    return tender


async def cancel_tender(work: Work, tender: Tender, reason: str) -> Tender:
    """Give the tender up. No share of a sealed bid is ever released then."""
    was_draft = tender.published_at is None
    tender.ended_because = reason
    work.move(tender, "cancel", reason=reason)
    if not was_draft:
        await _return_project(work, tender)
    return tender


def close_tender(work: Work, tender: Tender, **told: Any) -> Tender:
    """The deadline has passed: no bid is taken any more."""
    return work.move(tender, "close", **told)


def open_tender(work: Work, tender: Tender, **told: Any) -> Tender:
    """The bids have been opened in public."""
    return work.move(tender, "open", **told)


def award_tender(work: Work, tender: Tender, **told: Any) -> Tender:
    return work.move(tender, "award", **told)


async def fail_tender(
    work: Work, tender: Tender, verdict: Verdict | None = None, *, reason: str = "", **told: Any
) -> Tender:
    """Nobody can be chosen: the project goes back to the plan."""
    breaches = verdict.breaches if verdict else ()
    tender.ended_because = reason or "；".join(finding.reason.zh for finding in breaches)
    work.move(tender, "fail", because=verdict, **told)
    await _return_project(work, tender)
    return tender


async def _project(work: Work, tender: Tender) -> Project:
    project = await needs.project_for_update(work.session, tender.project_id)
    if project is None:
        raise NotFound()
    return project


async def _return_project(work: Work, tender: Tender) -> None:
    work.move(await _project(work, tender), "return", tender_id=tender.id)


def _document(draft: TenderDraft) -> dict[str, Any]:
    """The draft as columns; its two lists as plain JSON."""
    columns = draft.model_dump(exclude={"conditions", "factors"})
    columns["conditions"] = [item.model_dump(mode="json") for item in draft.conditions]
    columns["factors"] = [item.model_dump(mode="json") for item in draft.factors]
    for name in ("conditions", "factors"):
        codes = [item["code"] for item in columns[name]]
        if len(codes) != len(set(codes)):
            raise InvalidInput.at(
                f"/{name}",
                Text(zh="每个代码只能出现一次", en="each code stands once"),
                Text(zh="请改名或合并条目", en="rename or merge the items"),
            )
    return columns


def _publication(
    work: Work, tender: Tender, project: Project, earliest_close: date | None
) -> Publication:
    return Publication(
        method=Method(tender.method),
        ground=Ground(tender.ground) if tender.ground else None,
        ground_reason=tender.ground_reason,
        approval=tender.approval,
        opens=work.today,
        closes=day_of(tender.closes_at),
        earliest_close=earliest_close,
        needs=len(project.need_ids),
        budget=tender.budget,
        personnel=tender.personnel,
        conditions=[criterion(item) for item in tender.conditions],
        factors=[criterion(item) for item in tender.factors],
        fixed_price=tender.fixed_price,
        bond=tender.bond,
        starts=tender.starts_on,
        ends=tender.ends_on,
        stable=tender.stable,
        delegated=tender.delegated,
        required_grade=Grade(tender.required_grade) if tender.required_grade else None,
        grade_review=tender.grade_review,
        minimum_bids=tender.minimum_bids,
    )


def criterion(item: dict[str, Any]) -> Criterion:
    """A condition or factor as it is kept in the row."""
    return Criterion(item["code"], item["title"], Measure(item["measure"]), item.get("points", 0))
