"""Real things of one service, of each kind one that is ours and one that is somebody else's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from shared.http.routes import ROLES
from tests.support.credit_codes import make_credit_code
from tests.support.service import Caller, ServiceUnderTest

OURS = str(make_credit_code("52410108", 11))
THEIRS = str(make_credit_code("52410108", 12))
OUR_BODY = str(make_credit_code("52410100", 1007))
THEIR_BODY = str(make_credit_code("52410100", 1008))
ABSENT_CODE = str(make_credit_code("52410108", 1999))
ANYBODY = "anonymous"
CALLERS = [*sorted(ROLES), ANYBODY]
ACTS_FOR = {"agency": OURS, "evaluator": OUR_BODY}

Path = Mapping[str, str]
Named = tuple[dict[str, Any], str]


@dataclass(frozen=True)
class Pair:
    """The path parameters that name our thing, somebody else's, and one that there is not."""

    ours: Path
    theirs: Path
    absent: Path


@dataclass
class World:
    """`things[kind]`; `bodies[operation]` where the contract's own example does not do."""

    service: ServiceUnderTest
    things: dict[str, Pair] = field(default_factory=dict)
    bodies: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    named_in_bodies: list[tuple[str, str, Named, Named]] = field(default_factory=list)
    """Operation, role, and two bodies: one names what is another's, one what there is not."""

    def caller(self, role: str, *, ours: bool = True) -> Caller:
        """Who acts in the role; of those that own things, there is one of ours and one of theirs."""
        if role == ANYBODY:
            return self.service.anonymous
        org = ACTS_FOR.get(role)
        if org is not None and not ours:
            org = {"agency": THEIRS, "evaluator": THEIR_BODY}[role]
        return self.service.as_([role], org, f"{role}-{'ours' if ours else 'theirs'}")

    def keep(self, kind: str, ours: str, theirs: str, parameter: str | None = None) -> None:
        """A kind whose things are named by an id, or by a credit code."""
        name = parameter or f"{kind}_id"
        absent = ABSENT_CODE if name == "credit_code" else str(uuid4())
        self.things[kind] = Pair({name: ours}, {name: theirs}, {name: absent})

    def keep_public(self, kind: str, absent: Path, **path: str) -> None:
        """What belongs to nobody in particular."""
        self.things[kind] = Pair(path, path, absent)


def made(answer: Any, *statuses: int) -> Any:
    """What was made, or why not."""
    assert answer.status_code in (statuses or (200, 201)), f"{answer.status_code} {answer.text}"
    return answer.json()
