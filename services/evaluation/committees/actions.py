from services.evaluation.committees.models import Committee
from services.evaluation.committees.rules import SEATING, Seating
from services.evaluation.committees.schemas import CommitteeDraft
from shared.errors import InvalidInput
from shared.words import Text
from shared.work import Work


def seat_committee(work: Work, draft: CommitteeDraft) -> Committee:
    clients = [member.client_id for member in draft.members]
    if len(set(clients)) != len(clients):
        raise InvalidInput.at(
            "/members",
            Text(zh="每名委员只能列一次", en="a member signs once"),
            Text(zh="请为每名委员指定各自的客户端", en="give each member a client of its own"),
        )
    verdict = SEATING.judge(
        Seating(len(draft.members), draft.starts_on, draft.ends_on), on=draft.starts_on
    )
    verdict.require()
    committee = Committee(
        name=draft.name,
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
        members=draft.model_dump(mode="json")["members"],
    )
    return work.add(committee, because=verdict)


def dissolve_committee(work: Work, committee: Committee) -> Committee:
    return work.move(committee, "dissolve")
