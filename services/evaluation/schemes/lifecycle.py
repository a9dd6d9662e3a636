"""What can happen to a scheme."""

from enum import StrEnum

from shared.lifecycle import Lifecycle, Move


class SchemeState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


S = SchemeState

# fmt: off
SCHEME = Lifecycle("scheme", start=S.DRAFT, created="scheme.drafted", moves=[
    #    move       from         to           by            event
    Move("publish", S.DRAFT,     S.PUBLISHED, "supervisor", "scheme.published"),
    Move("retire",  S.PUBLISHED, S.RETIRED,   "supervisor", "scheme.retired"),
])
# fmt: on

SCHEME_REWRITTEN = "scheme.rewritten"
