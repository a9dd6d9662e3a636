"""The ranking of start-ups: lists first, then the panel, then who came first."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from services.incubator.admissions.rules import Entrant, rank
from shared.codelists import ClientGroup, ServiceField

DAY = date(2026, 5, 6)
NOON = datetime(2026, 5, 6, 4, tzinfo=UTC)
GROUPS, FIELDS = [ClientGroup.RURAL_LEFT_BEHIND], [ServiceField.EDUCATIONAL_GUIDANCE]

BOTH = Entrant("1", "新苗", GROUPS, FIELDS, 60, NOON)
GROUP_ONLY = Entrant("2", "陪伴", GROUPS, [], 70, NOON)
NEITHER = Entrant("3", "关怀", [], [], 100, NOON)


def names(*entrants: Entrant) -> list[str]:
    return [place.entrant.name for place in rank(entrants, on=DAY)]


def test_whoever_meets_both_lists_comes_before_a_better_score():
    assert names(NEITHER, GROUP_ONLY, BOTH) == ["新苗", "陪伴", "关怀"]


def test_meeting_no_list_bars_nobody():
    [only] = rank([NEITHER], on=DAY)

    assert only.number == 1
    assert only.verdict.passed
    assert "no bar" in only.verdict.findings[0].reason.en


def test_ticking_more_boxes_of_one_list_helps_nobody():
    greedy = replace(GROUP_ONLY, id="4", name="全选", client_groups=list(ClientGroup), score=69)

    assert names(greedy, GROUP_ONLY) == ["陪伴", "全选"]


def test_alike_by_the_lists_the_panel_decides_and_then_the_hour():
    better = replace(BOTH, id="5", name="高分", score=61)
    later = replace(BOTH, id="0", name="后到", applied_at=NOON + timedelta(seconds=1))

    places = rank([later, BOTH, better], on=DAY)

    assert [place.entrant.name for place in places] == ["高分", "新苗", "后到"]
    assert [place.reason.en for place in places] == [
        "alike by the lists; panel 61, the next 60",
        "alike by lists and panel; applied first",
        "meets 2 of the two lists, panel 60; nobody follows",
    ]


def test_each_place_cites_the_clauses_of_its_lists():
    first = rank([BOTH, NEITHER], on=DAY)[0].as_dict()

    assert first["place"] == 1
    assert [(f["clause"]["number"], f["outcome"]) for f in first["findings"]] == [
        ("3.1(4)", "met"),
        ("3.1(5)", "met"),
    ]
    assert "农村留守人员" in first["findings"][0]["reason"]["zh"]


def test_the_order_of_asking_changes_nothing():
    orders = {tuple(names(*order)) for order in permutations([BOTH, GROUP_ONLY, NEITHER])}

    assert len(orders) == 1


def test_nobody_is_ranked_in_an_empty_round():
    assert rank([], on=DAY) == []


entrants = st.builds(
    Entrant,
    id=st.uuids().map(str),
    name=st.just("某机构"),
    client_groups=st.lists(st.sampled_from(list(ClientGroup)), unique=True, max_size=3),
    service_fields=st.lists(st.sampled_from(list(ServiceField)), unique=True, max_size=3),
    score=st.integers(0, 100),
    applied_at=st.integers(0, 3).map(lambda hours: NOON + timedelta(hours=hours)),
)


@given(st.lists(entrants, max_size=8, unique_by=lambda entrant: entrant.id))
def test_every_candidate_has_one_place_and_no_worse_one_stands_before_it(found):
    places = rank(found, on=DAY)

    assert [place.number for place in places] == list(range(1, len(found) + 1))
    assert {place.entrant.id for place in places} == {entrant.id for entrant in found}
    keys = [(-place.lists_met, -place.entrant.score, place.entrant.applied_at) for place in places]
    assert keys == sorted(keys)
