from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.procurement.custody import queries
from services.procurement.custody.models import (
    Custodian,
    FrozenPolicy,
    PolicyCustodian,
    SigningKey,
)
from services.procurement.custody.rules import CUSTODY, Custody
from services.procurement.custody.schemas import CustodianDraft, SigningKeyDraft
from shared.database.base import new_id
from shared.errors import Forbidden, InvalidInput
from shared.sealing.canonical import canonical
from shared.sealing.errors import SealingError
from shared.sealing.policies import PROFILES, CustodianCard, SealPolicy
from shared.sealing.signing import VerifyingKey
from shared.sealing.suites import SUITE_A
from shared.words import Text
from shared.work import Work


def register_custodian(work: Work, draft: CustodianDraft) -> Custodian:
    """Keep an organ's public keys; from then on tenders may be sealed to it."""
    if work.actor.has("administrator", "panellist"):
        raise Forbidden(
            Text(
                zh="保管人不得由系统管理员或评审专家担任",
                en="a custodian is neither an administrator nor a panellist",
            )
        )
    try:
        card = CustodianCard.parse(canonical(draft.card.model_dump()))
        # A point of small order is a key that nobody can seal to: no bid could be made.
        card.suite.seal(card.sealing_public, b"", b"")
    except SealingError as error:
        raise InvalidInput.at(
            "/card",
            error.told,
            Text(zh="请提交 bidkit 生成的名片，不作改动", en="send the card that bidkit wrote"),
        ) from error
    return work.add(
        Custodian(
            name=card.name,
            organ=draft.organ.value,
            key_id=card.key_id,
            card_text=card.encode().decode(),
        )
    )


def retire_custodian(work: Work, custodian: Custodian) -> Custodian:
    """No new tender is sealed to it; those already sealed still need it."""
    return work.move(custodian, "retire")


def register_signing_key(work: Work, draft: SigningKeyDraft) -> SigningKey:
    """Keep the key by which an agency's bids will be known as its own."""
    if work.actor.org is None:
        raise Forbidden(
            Text(zh="须以机构身份登记密钥", en="a key is registered for an organisation")
        )
    try:
        key = VerifyingKey.parse(canonical(draft.model_dump()))
    except SealingError as error:
        raise InvalidInput.at(
            "",
            error.told,
            Text(
                zh="请提交 bidkit 生成的公钥，不作改动", en="send the public key that bidkit wrote"
            ),
        ) from error
    return work.add(SigningKey(key_id=key.id, public_key=key.public.hex(), suite=key.suite.id))


def retire_signing_key(work: Work, key: SigningKey) -> SigningKey:
    """Bids signed with it from now on stay shut; earlier ones open as before."""
    key.retired_at = work.now
    return work.move(key, "retire")


async def freeze_seal_policy(
    work: Work,
    tender_id: UUID,
    *,
    profile: str,
    deadline: datetime,
    minimum_bids: int,
    release_window_minutes: int,
) -> FrozenPolicy:
    """Say, once and for all, how the bids of this tender are sealed and by whom they are opened."""
    standing = await queries.standing_custodians(work.session)
    chosen = _apart(standing)[: PROFILES[profile][1]]
    facts = Custody(profile, PROFILES[profile][1], [custodian.organ for custodian in chosen])
    verdict = CUSTODY.judge(facts, on=work.today).require()
    before = await queries.policy_of(work.session, tender_id)
    policy = SealPolicy(
        suite=SUITE_A,
        tender=tender_id,
        version=before.version + 1 if before else 1,
        profile=profile,
        custodians=tuple(custodian.card for custodian in chosen),
        deadline=deadline,
        minimum_bids=minimum_bids,
        release_window_minutes=release_window_minutes,
    )
    frozen = FrozenPolicy(
        id=new_id(),
        tender_id=tender_id,
        version=policy.version,
        hash=policy.hash.hex(),
        text=policy.encode().decode(),
        frozen_at=work.now,
    )
    work.add_row(frozen)
    await work.session.flush()
    for number, custodian in enumerate(chosen, start=1):
        work.add_row(PolicyCustodian(policy_id=frozen.id, number=number, custodian_id=custodian.id))
    work.tell(
        "seal_policy",
        frozen.id,
        "seal_policy.frozen",
        version=policy.version,
        because=verdict,
        tender_id=tender_id,
        policy_hash=frozen.hash,
        profile=profile,
        custodians=[custodian.key_id for custodian in chosen],
    )
    return frozen


def _apart(standing: Sequence[Custodian]) -> list[Custodian]:
    """The first registered of each organ, in hands of its own; always the same answer.

    Which organ it is a custodian says itself, so nobody counts twice under two names.
    """
    chosen: list[Custodian] = []
    for custodian in standing:
        if all(
            custodian.organ != other.organ and custodian.created_by != other.created_by
            for other in chosen
        ):
            chosen.append(custodian)
    return chosen
