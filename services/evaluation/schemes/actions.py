import hashlib
from typing import Any

import rfc8785

from services.evaluation.schemes.lifecycle import SCHEME_REWRITTEN, SchemeState
from services.evaluation.schemes.models import Scheme
from services.evaluation.schemes.rules import PUBLICATION, Design
from services.evaluation.schemes.schemas import SchemeDraft
from shared.errors import Conflict
from shared.words import Text
from shared.work import Work


def draft_scheme(work: Work, draft: SchemeDraft) -> Scheme:
    return work.add(Scheme(**_columns(draft), owner_org=None))


def rewrite_scheme(work: Work, scheme: Scheme, draft: SchemeDraft) -> Scheme:
    """Replace a draft as a whole; what was published never changes."""
    if scheme.state != SchemeState.DRAFT:
        raise Conflict(
            Text(
                zh="已发布的评估方案不得修改，请另拟新版",
                en="a published scheme never changes: draft a new edition",
            )
        )
    for name, value in _columns(draft).items():
        setattr(scheme, name, value)
    return work.change(scheme, SCHEME_REWRITTEN)


def publish_scheme(work: Work, scheme: Scheme) -> Scheme:
    verdict = PUBLICATION.judge(
        Design(work.today, scheme.indicators, scheme.grade_lines), on=work.today
    )
    verdict.require()
    scheme.published_on = work.today
    scheme.digest = _digest(scheme)
    return work.move(scheme, "publish", because=verdict)


def retire_scheme(work: Work, scheme: Scheme) -> Scheme:
    """Take no new applications under it; those begun go on."""
    return work.move(scheme, "retire")


def _columns(draft: SchemeDraft) -> dict[str, Any]:
    return draft.model_dump(mode="json")


def _digest(scheme: Scheme) -> str:
    """Over the canonical text (RFC 8785) of what rating depends on."""
    text = rfc8785.dumps({"tree": scheme.tree, "lines": scheme.lines, "gates": scheme.gates})
    return hashlib.sha256(text).hexdigest()
