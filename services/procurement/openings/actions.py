from typing import Any
from uuid import UUID

from services.procurement.bids.actions import counted_bids, require_own_commit
from services.procurement.custody.queries import custodian_clients
from services.procurement.openings import queries
from services.procurement.openings.lodged import closing_for, envelope_of, leaves_of, policy_for
from services.procurement.openings.models import (
    CustodianRelease,
    KeptRootRelease,
    OpeningRemark,
)
from services.procurement.openings.schemas import ReleaseView, RemarkDraft
from services.procurement.tenders.lifecycle import TenderState
from services.procurement.tenders.models import Tender
from services.procurement.tenders.queries import tender_of
from shared.database.base import new_id
from shared.errors import Conflict, Forbidden, InvalidInput, NotFound
from shared.sealing.errors import Reason, SealingError
from shared.sealing.sessions import (
    Release,
    RootRelease,
    SessionStatement,
)
from shared.words import Text
from shared.work import Work


async def lodged_for_custodian(work: Work, tender_id: UUID) -> dict[str, Any]:
    """Everything a custodian's machine checks before it opens a share. Only once a session runs."""
    if work.actor.client_id not in await custodian_clients(work.session, tender_id):
        raise NotFound()
    tender, session = await _running(work, tender_id)
    policy, _ = await policy_for(work, tender)
    counted = await counted_bids(work, tender)
    closing = await closing_for(work, tender_id)
    return {
        "policy": policy.as_dict(),
        "closing": closing.as_dict(),
        "session": session.as_dict(),
        "leaves": leaves_of(work, policy, counted).as_dict(),
        "envelopes": [envelope_of(bid).as_dict() for bid in counted.bids],
    }


async def keep_release(work: Work, tender_id: UUID, body: bytes) -> ReleaseView:
    """Store what a custodian re-sealed to the session; the worker that owns the session opens it."""
    tender, session = await _running(work, tender_id)
    policy, _ = await policy_for(work, tender)
    try:
        release = Release.parse(body)
        number = release.verify(policy, session)
    except SealingError as error:
        raise _refused(error) from error
    clients = await custodian_clients(work.session, tender_id)
    if clients[number - 1] != work.actor.client_id:
        raise Forbidden(Text(zh="只能以本人密钥释放", en="one releases with one's own key only"))
    view = ReleaseView(session=session.session, custodian=release.custodian)
    known = await queries.release_of(work.session, session.session, release.custodian)
    if known is not None:
        return view
    work.add_row(
        CustodianRelease(
            id=new_id(),
            session_id=session.session,
            custodian_key_id=release.custodian,
            text=release.encode().decode(),
            received_at=work.now,
        )
    )
    work.tell(
        "opening",
        tender_id,
        "opening.shares_released",
        tender_id=tender_id,
        session=session.session,
        custodian=release.custodian,
    )
    return view


async def keep_root_release(work: Work, org: str, tender_id: UUID, body: bytes) -> UUID:
    """Store a bidder's own kept root, sealed to the session: the second way to open its bid."""
    _, session = await _running(work, tender_id)
    try:
        release = RootRelease.parse(body)
    except SealingError as error:
        raise _refused(error) from error
    if release.session != session.session:
        raise _another_session()
    await require_own_commit(work, org, release.nonce)
    known = await queries.roots_released_to(work.session, session.session)
    if all(row.nonce != release.nonce for row in known):
        work.add_row(
            KeptRootRelease(
                id=new_id(),
                session_id=session.session,
                nonce=release.nonce,
                text=release.encode().decode(),
                received_at=work.now,
            )
        )
    return session.session


async def remark(work: Work, tender_id: UUID, draft: RemarkDraft) -> OpeningRemark:
    """A bidder confirms the record or objects to it; both are kept with it."""
    org = work.actor.org or ""
    bid = await queries.opened_bid(work.session, tender_id, org)
    if bid is None:
        raise NotFound()
    if draft.kind == "objected" and draft.text is None:
        raise InvalidInput.at(
            "/text",
            Text(zh="提出异议须说明内容", en="an objection says what is wrong"),
            Text(zh="请补充异议内容", en="add the text"),
        )
    if await work.session.get(OpeningRemark, (tender_id, org)) is not None:
        raise Conflict(Text(zh="已作出表示", en="already said"))
    made = OpeningRemark(
        tender_id=tender_id, credit_code=org, kind=draft.kind, text=draft.text, made_at=work.now
    )
    work.add_row(made)
    work.tell(
        "opening",
        tender_id,
        f"opening.{draft.kind}",
        tender_id=tender_id,
        credit_code=org,
        text=draft.text,
    )
    return made


async def _running(work: Work, tender_id: UUID) -> tuple[Tender, SessionStatement]:
    """The tender and its session, while the bids are being opened."""
    tender = await tender_of(work.session, tender_id)
    if tender is None or tender.published_at is None:
        raise NotFound()
    session = await queries.session_of(work.session, tender_id)
    if tender.state != TenderState.CLOSED or session is None:
        raise Conflict(Text(zh="没有进行中的开标", en="no opening is going on"))
    return tender, SessionStatement.parse(session.statement.encode())


def _another_session() -> Conflict:
    return Conflict(
        Text(
            zh="开标会话已更新，请重新获取并再次释放",
            en="another session runs by now: fetch it and release again",
        )
    )


def _refused(error: SealingError) -> Conflict | InvalidInput:
    if error.reason is Reason.OTHER_SESSION:
        return _another_session()
    return InvalidInput.at(
        "",
        error.told,
        Text(zh="请提交 bidkit 生成的内容，不作改动", en="send what bidkit made, unchanged"),
    )
