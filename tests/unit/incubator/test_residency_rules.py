"""When a stay begins, advances and ends; when a room may be given."""

from dataclasses import replace
from datetime import date

import pytest

from services.incubator.residencies.rules import (
    ADVANCE,
    BEGINNING,
    GRADUATION,
    Milestone,
    Progress,
    Stay,
)
from services.incubator.venues.lifecycle import VenueState
from services.incubator.venues.rules import ALLOTMENT, Allotment

DAY = date(2026, 5, 6)


@pytest.mark.parametrize(
    ("ends_on", "passes"),
    [
        pytest.param(date(2027, 5, 6), True, id="twelve months"),
        pytest.param(date(2027, 5, 7), False, id="a day more"),
        pytest.param(date(2026, 5, 5), False, id="over before it begins"),
        pytest.param(DAY, True, id="one day"),
    ],
)
def test_a_stay_lasts_a_year_at_most(ends_on, passes):
    assert BEGINNING.judge(Stay(DAY, DAY, ends_on), on=DAY).passed is passes


REACHED, OPEN = Milestone("完成备案", DAY), Milestone("招募志愿者", None)
MILESTONES, FILE = "every_milestone_of_the_stage_is_reached", "the_founding_file_is_whole"


@pytest.mark.parametrize(
    ("milestones", "expected"),
    [
        pytest.param([REACHED], [], id="all reached"),
        pytest.param([REACHED, OPEN], [MILESTONES], id="one open"),
        pytest.param([], [MILESTONES], id="none set"),
    ],
)
def test_a_stage_ends_with_its_last_milestone(milestones, expected):
    verdict = ADVANCE.judge(Progress("sprouting", milestones), on=DAY)

    assert [finding.rule for finding in verdict.breaches] == expected


@pytest.mark.parametrize(
    ("to_be_registered", "missing", "expected"),
    [
        pytest.param(True, [], [], id="whole"),
        pytest.param(True, ["seat"], [FILE], id="no seat"),
        pytest.param(False, ["seat"], [], id="registered already"),
    ],
)
def test_who_is_to_be_registered_graduates_with_a_whole_file(to_be_registered, missing, expected):
    progress = Progress("growing", [REACHED], to_be_registered, missing)

    assert [f.rule for f in GRADUATION.judge(progress, on=DAY).breaches] == expected


WISH = Allotment(
    venue_state=VenueState.AVAILABLE,
    physical=True,
    starts_on=date(2026, 6, 1),
    ends_on=date(2026, 6, 30),
    stay_starts_on=date(2026, 6, 1),
    stay_ends_on=date(2026, 6, 30),
    taken=False,
)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param({}, [], id="the whole stay"),
        pytest.param({"taken": True}, ["the_venue_is_free"], id="taken"),
        pytest.param({"venue_state": VenueState.WITHDRAWN}, ["the_venue_is_free"], id="withdrawn"),
        pytest.param({"physical": False}, ["within_a_physical_stay"], id="virtual"),
        pytest.param(
            {"ends_on": date(2026, 7, 1)}, ["within_a_physical_stay"], id="a day past the stay"
        ),
        pytest.param(
            {"starts_on": date(2026, 5, 31)}, ["within_a_physical_stay"], id="a day before it"
        ),
    ],
)
def test_a_room_goes_to_a_physical_resident_while_it_is_free(changed, expected):
    verdict = ALLOTMENT.judge(replace(WISH, **changed), on=DAY)

    assert [finding.rule for finding in verdict.breaches] == expected
