from enum import StrEnum

import pytest

from shared.errors import MoveNotAllowed
from shared.lifecycle import Lifecycle, Move


class State(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    LOST = "lost"


TENDER = Lifecycle(
    "tender",
    start=State.DRAFT,
    created="tender.drafted",
    moves=[Move("publish", State.DRAFT, State.OPEN, "purchaser", "tender.published")],
)


def test_a_move_that_is_in_the_table_leads_where_it_says():
    assert TENDER.after("draft", "publish").target is State.OPEN


def test_a_move_that_is_not_in_the_table_is_refused_with_what_is_possible():
    with pytest.raises(MoveNotAllowed) as refused:
        TENDER.after("draft", "award")
    assert "publish" in refused.value.detail.en


def test_the_drawing_shows_every_move():
    assert "draft --> open: publish (purchaser) / tender.published" in TENDER.drawing()
    assert "open --> [*]" in TENDER.drawing()


def test_unsound_tables_are_found():
    moves = [
        Move("publish", State.DRAFT, State.OPEN, "purchaser", "a"),
        Move("publish", State.DRAFT, State.LOST, "purchaser", "b"),
        Move("lose", State.LOST, State.LOST, "purchaser", "c"),
    ]
    twice = Lifecycle("x", start=State.DRAFT, created="x", moves=moves)
    unreached = Lifecycle("x", start=State.DRAFT, created="x", moves=moves[2:])

    assert TENDER.faults() == []
    assert "twice" in twice.faults()[0]
    assert "never reached" in unreached.faults()[0]
