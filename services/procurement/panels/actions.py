from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from services.procurement.custody.queries import custodian_clients
from services.procurement.openings.queries import opened_bids
from services.procurement.panels import queries
from services.procurement.panels.lifecycle import SeatState
from services.procurement.panels.models import Panel, Scoresheet, Seat
from services.procurement.panels.rules import (
    COMPOSITION,
    SEATING,
    Composition,
    Member,
    Sitting,
)
from services.procurement.panels.schemas import (
    Declaration,
    DrawRecord,
    MemberDraft,
    PanelDraft,
    Replacement,
    ScoresheetDraft,
)
from services.procurement.policy.codelists import Measure, Method
from services.procurement.reviews.queries import qualified_codes
from services.procurement.tenders.models import Tender
from services.procurement.tenders.queries import tender_of
from shared.errors import Conflict, Forbidden, InvalidInput, NotFound
from shared.words import Text
from shared.work import Work


async def form_panel(work: Work, draft: PanelDraft) -> Panel:
    """Take the drawn experts and the purchaser's representatives into a panel."""
    tender = await tender_of(work.session, draft.tender_id)
    if tender is None or tender.published_on is None:
        raise InvalidInput.at(
            "/tender_id",
            Text(zh="须为已发布的招标项目", en="names a published tender"),
            Text(zh="请先发布招标项目", en="publish the tender first"),
        )
    clients = [member.client_id for member in draft.members]
    if len(clients) != len(set(clients)):
        raise InvalidInput.at(
            "/members",
            Text(zh="每名成员只能列一次", en="names each member once"),
            Text(zh="请删除重复项", en="remove the duplicate"),
        )
    members = [Member(member.client_id, member.expert) for member in draft.members]
    facts = await _composition(
        work, tender, members, draft.draw.reference, _drawn_by_pool(work, draft.draw, draft.members)
    )
    verdict = COMPOSITION.judge(facts, on=facts.governed_by)
    verdict.require()
    panel = Panel(
        tender_id=tender.id, source=draft.panel_source, draw=draft.draw.model_dump(mode="json")
    )
    work.add(panel, because=verdict)
    await work.session.flush()
    for member in draft.members:
        work.add(_seat(panel.id, member))
    return panel


async def declare_interests(work: Work, seat: Seat, declaration: Declaration) -> Seat:
    """Say, once the bidders are known, whether one must step aside."""
    _is_own(work, seat)
    panel = await _panel(work, seat.panel_id)
    bidders = {bid.credit_code for bid in await opened_bids(work.session, panel.tender_id)}
    if not bidders:
        raise Conflict(
            Text(zh="尚未开标，投标人未知", en="not opened yet: the bidders are unknown")
        )
    for number, interest in enumerate(declaration.interests):
        if interest.credit_code not in bidders:
            raise InvalidInput.at(
                f"/interests/{number}/credit_code",
                Text(zh="须为本项目的投标人", en="names a bidder of this tender"),
                Text(
                    zh="请按开标记录填写统一社会信用代码",
                    en="take the credit codes from the minutes of the opening",
                ),
            )
    seat.interests = [interest.model_dump(mode="json") for interest in declaration.interests]
    return work.move(seat, "recuse" if declaration.interests else "declare")


async def replace_member(work: Work, seat: Seat, replacement: Replacement) -> Seat:
    """Put a newly drawn member in the place of one who steps aside."""
    panel = await _panel(work, seat.panel_id)
    panel.lifecycle.after(panel.state, "seat")
    taken = {s.client_id for s in await queries.sitting_seats(work.session, panel.id)}
    if replacement.member.client_id in taken:
        raise InvalidInput.at(
            "/member/client_id",
            Text(zh="不得为现任成员", en="does not sit already"),
            Text(zh="请另行抽取", en="draw somebody else"),
        )
    if _drawn_by_pool(work, replacement.draw, [replacement.member]) is False:
        raise InvalidInput.at(
            "/draw/signature",
            Text(zh="须为专家库的签名", en="is the pool's own"),
            Text(zh="请提交专家库出具的抽取记录", en="send the pool's record"),
        )
    work.move(seat, "replace", draw=replacement.draw.reference)
    return work.add(_seat(panel.id, replacement.member))


async def seat_panel(work: Work, panel: Panel) -> Panel:
    """Let the evaluation begin: nobody has an interest, and the bidders are qualified."""
    tender = await _tender(work, panel)
    seats = await queries.sitting_seats(work.session, panel.id)
    members = [Member(seat.client_id, seat.expert) for seat in seats]
    sitting = Sitting(
        composition=await _composition(work, tender, members, panel.draw["reference"], None),
        undeclared=sum(seat.state == SeatState.DRAWN for seat in seats),
        recused=sum(seat.state == SeatState.RECUSED for seat in seats),
        qualified=len(await qualified_codes(work.session, tender.id)),
    )
    tender.lifecycle.after(tender.state, "award")
    verdict = SEATING.judge(sitting, on=sitting.composition.governed_by)
    verdict.require()
    return work.move(panel, "seat", because=verdict)


async def hand_in_scores(work: Work, panel_id: UUID, draft: ScoresheetDraft) -> Scoresheet:
    """Hand in one's scores, once and for all; the last sheet unseals them all."""
    panel = await queries.panel_for_update(work.session, panel_id)
    seat = panel and await queries.seat_of(work.session, panel.id, work.actor.client_id)
    if panel is None or seat is None:
        raise NotFound()
    panel.lifecycle.after(panel.state, "complete")
    if await queries.has_handed_in(work.session, panel.id, seat.id):
        raise Conflict(
            Text(zh="评分已提交，不得更改", en="handed in already: scores do not change")
        )
    await _check_scores(work, panel, draft)
    sheet = work.add(
        Scoresheet(
            panel_id=panel.id,
            seat_id=seat.id,
            submitted_on=work.today,
            lines=[line.model_dump(mode="json") for line in draft.scores],
        )
    )
    await work.session.flush()
    await _complete_when_all_are_in(work, panel)
    return sheet


async def _complete_when_all_are_in(work: Work, panel: Panel) -> None:
    seats = await queries.sitting_seats(work.session, panel.id)
    sheets = await queries.sheets_of(work.session, panel.id)
    if {seat.id for seat in seats} != {sheet.seat_id for sheet in sheets}:
        return
    for sheet in sheets:
        work.move(sheet, "reveal")
    work.move(panel, "complete")


async def _check_scores(work: Work, panel: Panel, draft: ScoresheetDraft) -> None:
    """Every qualified bidder, every factor but the price, each once, within its bounds."""
    tender = await _tender(work, panel)
    most = scored_factors(tender)
    due = {(code, f) for code in await qualified_codes(work.session, tender.id) for f in most}
    seen: set[tuple[str, str]] = set()
    for number, line in enumerate(draft.scores):
        at = f"/scores/{number}"
        key = (line.credit_code, line.factor)
        if key not in due or key in seen:
            raise InvalidInput.at(
                at,
                Text(
                    zh="每个合格投标人的每项评审因素须各评一次分",
                    en="each qualified bidder and scored factor once",
                ),
                Text(zh="请删除多余的条目", en="remove what does not belong"),
            )
        if line.exactly > most[line.factor]:
            raise InvalidInput.at(
                f"{at}/points",
                Text(zh=f"最多 {most[line.factor]} 分", en=f"at most {most[line.factor]}"),
                Text(zh="请在该因素的分值以内评分", en="stay within the factor's points"),
            )
        seen.add(key)
    if seen != due:
        raise InvalidInput.at(
            "/scores",
            Text(
                zh=f"应有 {len(due)} 行，缺 {len(due - seen)} 行",
                en=f"has {len(due)} lines, {len(due - seen)} are missing",
            ),
            Text(zh="请全部评分", en="score them all"),
        )


def scored_factors(tender: Tender) -> dict[str, Decimal]:
    """The factors that panellists score, with the most points of each; the price is computed."""
    return {
        factor["code"]: Decimal(factor["points"])
        for factor in tender.factors
        if factor["measure"] != Measure.PRICE
    }


async def _composition(
    work: Work, tender: Tender, members: Sequence[Member], reference: str, genuine: bool | None
) -> Composition:
    return Composition(
        governed_by=tender.published_on or work.today,
        method=Method(tender.method),
        budget=tender.budget,
        members=members,
        draw_reference=reference,
        draw_genuine=genuine,
        buyers=frozenset({tender.created_by, work.actor.client_id}),
        custodians=frozenset(await custodian_clients(work.session, tender.id)),
    )


def _drawn_by_pool(work: Work, draw: DrawRecord, members: Sequence[MemberDraft]) -> bool | None:
    """Whether the pool signed for exactly these experts; None when no key of it is set."""
    if work.settings.expert_pool_key is None:
        return None
    record = draw.model_dump(mode="json", exclude={"signature"})
    record["experts"] = [
        {"name": member.name, "organisation": member.organisation}
        for member in members
        if member.expert
    ]
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(work.settings.expert_pool_key))
    try:
        key.verify(bytes.fromhex(draw.signature or ""), rfc8785.dumps(record))
    except InvalidSignature:
        return False
    return True


def _seat(panel_id: UUID, member: MemberDraft) -> Seat:
    return Seat(panel_id=panel_id, interests=[], **member.model_dump())


def _is_own(work: Work, seat: Seat) -> None:
    if seat.client_id != work.actor.client_id:
        raise Forbidden(Text(zh="只能为本人声明", en="one declares for oneself only"))


async def _panel(work: Work, panel_id: UUID) -> Panel:
    panel = await queries.panel_for_update(work.session, panel_id)
    if panel is None:
        raise NotFound()
    return panel


async def _tender(work: Work, panel: Panel) -> Tender:
    tender = await tender_of(work.session, panel.tender_id)
    if tender is None:
        raise NotFound()
    return tender
