"""The people of an agency."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from services.registry.agencies.models import Agency
from services.registry.identity import masked_number
from services.registry.people import actions, queries
from services.registry.people.models import HeldQualification, Post, Worker
from services.registry.people.rules import any_counts
from services.registry.people.schemas import (
    Leaving,
    PostDraft,
    PostView,
    QualificationDraft,
    QualificationView,
    WorkerView,
)
from shared.errors import NotFound
from shared.http import TheWork, WorkRoute, allow, changing, reading

router = APIRouter(tags=["people"], route_class=WorkRoute)

TheAgency = Annotated[Agency, reading(Agency, "credit_code")]
ThePost = Annotated[Post, reading(Post, "post_id")]
ChangingPost = Annotated[Post, changing(Post, "post_id")]


@router.post("/agencies/{credit_code}/posts", status_code=201, response_model=PostView)
@allow("agency", "registrar")
async def take_post(draft: PostDraft, agency: TheAgency, work: TheWork) -> Post:
    """Record that somebody takes a post at the agency."""
    if not agency.changeable_by(work.actor):
        raise NotFound()
    return await actions.take_post(work, agency, draft)


@router.get("/agencies/{credit_code}/workers", response_model=list[WorkerView])
@allow("agency", "registrar", "supervisor")
async def list_workers(
    agency: TheAgency,
    work: TheWork,
    on: Annotated[date | None, Query(description="Who held a post on this day")] = None,
) -> list[WorkerView]:
    """List the people of an agency on a day, resident ids masked."""
    if not (agency.changeable_by(work.actor) or work.actor.has("auditor")):
        raise NotFound()
    day = on or work.today
    posts = await queries.posts_on(work.session, agency.credit_code, day)
    held = await queries.qualifications_of(work.session, [worker.id for _, worker in posts])
    return [_shown(post, worker, list(held.get(worker.id, ())), day) for post, worker in posts]


def _shown(post: Post, worker: Worker, held: list[HeldQualification], on: date) -> WorkerView:
    return WorkerView(
        worker_id=worker.id,
        post_id=post.id,
        name=worker.name,
        resident_id=masked_number(worker.resident_id),
        employment=post.employment,
        title=post.title,
        started_on=post.started_on,
        ended_on=post.ended_on,
        qualified=any_counts([queries.as_qualification(one) for one in held], on),
        qualifications=[QualificationView.model_validate(one) for one in held],
    )


@router.get("/posts/{post_id}", response_model=PostView)
@allow("agency", "registrar", "supervisor")
async def read_post(post: ThePost) -> Post:
    """Read one post."""
    return post


@router.post("/posts/{post_id}/leaving", response_model=PostView)
@allow("agency", "registrar")
async def leave_post(leaving: Leaving, post: ChangingPost, work: TheWork) -> Post:
    """End a post."""
    return actions.leave_post(work, post, leaving)


@router.post("/posts/{post_id}/qualifications", status_code=201, response_model=PostView)
@allow("agency", "registrar")
async def add_qualification(draft: QualificationDraft, post: ThePost, work: TheWork) -> Post:
    """Record a certificate or an education that the holder of a post has obtained."""
    await actions.add_qualification(work, post, draft)
    return post
