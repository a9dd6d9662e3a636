"""What a witness shows: each journal's standing, and the newest checkpoint under its signature."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel
from starlette.responses import Response

from shared.errors import NotFound
from shared.http.contract import problem_answers
from shared.journal.witness import Seen, Standing, Witness

router = APIRouter(prefix="/witness", tags=["witness"], responses=problem_answers(400, 401, 429))


TEXT: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/plain": {"schema": {"type": "string"}}}}
}


def the_witness(request: Request) -> Witness:
    found: Witness = request.app.state.runtime.witness
    return found


TheWitness = Annotated[Witness, Depends(the_witness)]


class JournalStanding(BaseModel):
    """`size` and `root` are those of the newest checkpoint that was seen and believed."""

    standing: Standing
    detail: str
    origin: str | None = None
    size: int | None = None
    root: str | None = None
    looked_at: datetime | None = None


class WitnessView(BaseModel):
    """`key` is the C2SP verifier key of this witness; compare its fingerprint by another way."""

    key: str
    fingerprint: str
    journals: dict[str, JournalStanding]


@router.get("/", operation_id="read_witness")
async def read_witness(request: Request, witness: TheWitness) -> WitnessView:
    """How every journal stands: whether each checkpoint was an extension of the one before."""
    names: list[str] = request.app.state.runtime.journals
    key = witness.signer.verifier
    return WitnessView(
        key=str(key),
        fingerprint=key.fingerprint,
        journals={name: _standing(witness.seen(name)) for name in names},
    )


@router.get(
    "/{journal}/checkpoint",
    operation_id="read_witnessed_checkpoint",
    response_class=Response,
    responses={**TEXT, **problem_answers(404)},
)
async def read_witnessed_checkpoint(
    request: Request,
    witness: TheWitness,
    journal: Annotated[str, Path(description="The service whose journal it is")],
) -> Response:
    """The newest checkpoint that was seen, signed by the journal and by this witness.

    C2SP tlog-checkpoint with a cosignature/v1. Keep it: it is what a journal is checked against.
    """
    if journal not in request.app.state.runtime.journals or not (
        note := witness.seen(journal).note
    ):
        raise NotFound()
    return Response(str(note), media_type="text/plain", headers={"Cache-Control": "no-cache"})


def _standing(seen: Seen) -> JournalStanding:
    found = seen.checkpoint
    return JournalStanding(
        standing=seen.standing,
        detail=seen.detail,
        origin=found.origin if found else None,
        size=found.size if found else None,
        root=found.root.hex() if found else None,
        looked_at=seen.seen_at,
    )
