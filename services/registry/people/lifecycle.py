"""A worker is recorded once and keeps the record; posts come and go."""

from enum import StrEnum

from shared.lifecycle import Lifecycle, Move


class WorkerState(StrEnum):
    RECORDED = "recorded"


class PostState(StrEnum):
    HELD = "held"
    LEFT = "left"


P = PostState

WORKER = Lifecycle("worker", start=WorkerState.RECORDED, created="worker.recorded", moves=[])

# fmt: off
POST = Lifecycle("post", start=P.HELD, created="post.taken", moves=[
    #    move     from    to      by        event
    Move("leave", P.HELD, P.LEFT, "agency", "post.left"),
])
# fmt: on
