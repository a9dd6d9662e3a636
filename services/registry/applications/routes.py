"""Founding applications: draft, file, handle, review, decide, certify."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.registry.applications import actions, queries
from services.registry.applications.lifecycle import ApplicationState
from services.registry.applications.models import Application
from services.registry.applications.schemas import (
    ApplicationDraft,
    ApplicationView,
    Approval,
    Correction,
    PersonView,
    RefusalDecision,
    Review,
)
from services.registry.identity import masked_number
from shared.http import (
    Page,
    ThePaging,
    TheWork,
    WorkRoute,
    allow,
    changing,
    reading,
)

router = APIRouter(prefix="/applications", tags=["applications"], route_class=WorkRoute)

TheApplication = Annotated[Application, reading(Application, "application_id")]
ChangingApplication = Annotated[Application, changing(Application, "application_id")]


@router.post("", status_code=201, response_model=ApplicationView)
@allow("agency")
async def draft_application(draft: ApplicationDraft, work: TheWork) -> Application:
    """Begin a founding application that only its founders and the office can see."""
    return await actions.draft_application(work, draft)


@router.get("", response_model=Page[ApplicationView])
@allow("agency", "registrar", "supervisor")
async def list_applications(
    paging: ThePaging,
    work: TheWork,
    state: ApplicationState | None = None,
    residency_id: UUID | None = None,
) -> Page[ApplicationView]:
    """List applications: founders see their own, the office sees all."""
    statement = queries.applications(work.actor, state=state, residency_id=residency_id)
    return await paging.page(work.session, statement, Application.id, ApplicationView)


@router.get("/{application_id}", response_model=ApplicationView)
@allow("agency", "registrar", "supervisor")
async def read_application(application: TheApplication) -> Application:
    """Read an application and its terms."""
    return application


@router.get("/{application_id}/people", response_model=list[PersonView])
@allow("agency", "registrar", "supervisor")
async def list_founding_people(application: TheApplication, work: TheWork) -> list[PersonView]:
    """List the people named in an application, resident ids masked."""
    people = await queries.people_of(work.session, application.id)
    return [
        PersonView(
            name=person.name,
            resident_id=masked_number(person.resident_id),
            employment=person.employment,
            body=person.body,
            head=person.head,
            certificate=person.certificate,
            degree=person.degree,
            party_status=person.party_status,
        )
        for person in people
    ]


@router.put("/{application_id}", response_model=ApplicationView)
@allow("agency")
async def change_application(
    draft: ApplicationDraft, application: ChangingApplication, work: TheWork
) -> Application:
    """Replace what was filed, while it is a draft or was sent back."""
    return await actions.change_draft(work, application, draft)


@router.post("/{application_id}/submission", response_model=ApplicationView)
@allow("agency")
async def submit_application(application: ChangingApplication, work: TheWork) -> Application:
    """Submit an application: the conditions of 5.1 are judged on what was filed."""
    return await actions.submit_application(work, application)


@router.post("/{application_id}/withdrawal", response_model=ApplicationView)
@allow("agency")
async def withdraw_application(application: ChangingApplication, work: TheWork) -> Application:
    """Take an application back before it is decided."""
    return actions.withdraw_application(work, application)


@router.post("/{application_id}/correction", response_model=ApplicationView)
@allow("registrar")
async def return_application(
    correction: Correction, application: ChangingApplication, work: TheWork
) -> Application:
    """Tell, once, what is missing, and send the application back (R-01)."""
    return await actions.return_application(work, application, correction)


@router.post("/{application_id}/acceptance", response_model=ApplicationView)
@allow("registrar")
async def accept_application(application: ChangingApplication, work: TheWork) -> Application:
    """Accept an application (受理、经办): its documents are complete."""
    return await actions.accept_application(work, application)


@router.post("/{application_id}/review", response_model=ApplicationView)
@allow("registrar")
async def review_application(
    review: Review, application: ChangingApplication, work: TheWork
) -> Application:
    """Review an application (审核); not by the one who accepted it."""
    return actions.review_application(work, application, review)


@router.post("/{application_id}/approval", response_model=ApplicationView)
@allow("registrar")
async def approve_application(
    approval: Approval, application: ChangingApplication, work: TheWork
) -> Application:
    """Approve the founding (审批); by a third person."""
    return await actions.approve_application(work, application, approval)


@router.post("/{application_id}/refusal", response_model=ApplicationView)
@allow("registrar")
async def refuse_application(
    refusal: RefusalDecision, application: ChangingApplication, work: TheWork
) -> Application:
    """Refuse the founding, with its ground and reasons; by a third person."""
    return await actions.refuse_application(work, application, refusal)
