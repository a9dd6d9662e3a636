"""Sites, bodies, posts, coverage and standing, at their edges."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.agencies.rules import (
    AMENDMENT,
    BODIES,
    CANCELLATION,
    SUSPENSION,
    Amendment,
    Bodies,
    Ending,
    Interruption,
)
from services.registry.inspections.rules import Conclusion, Record
from services.registry.people.rules import (
    HIRING,
    Employment,
    Hiring,
    Member,
    Qualification,
    QualificationKind,
    Roll,
    any_counts,
    party_organisation_exists_when_due,
    third_of_staff_still_qualified,
)
from services.registry.sites.rules import OPENING, PLACEMENT, Opening, Placement, cover
from services.registry.standing.rules import Presence, explain, says_yes
from shared.policy import Outcome

TODAY = date(2026, 3, 2)


def breached(verdict):
    return [finding.rule for finding in verdict.breaches]


SITE = Opening(TODAY, True, False, False, False, True, True)


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({}, []),
        ({"own_seal": True}, ["site_is_no_branch"]),
        ({"own_account": True}, ["site_is_no_branch"]),
        ({"own_legal_status": True}, ["site_is_no_branch"]),
        ({"agency_active": False}, ["agency_is_active"]),
        ({"division_in_force": False}, ["place_is_on_the_map"]),
        ({"community_in_division": False}, ["place_is_on_the_map"]),
    ],
)
def test_a_site_is_a_place_and_no_branch(changed, refused):
    assert breached(OPENING.judge(replace(SITE, **changed), on=TODAY)) == refused


@pytest.mark.parametrize(
    ("employed", "in_force", "refused"),
    [
        (True, True, []),
        (False, True, ["worker_is_employed"]),
        (True, False, ["community_is_on_the_map"]),
    ],
)
def test_a_posting_needs_a_worker_and_a_community(employed, in_force, refused):
    assert breached(PLACEMENT.judge(Placement(employed, in_force, 3), on=TODAY)) == refused


def test_a_merged_division_hands_its_agencies_on():
    coverage = cover({"2": "乙镇"}, [("1", "A")], successors={"1": "2"})

    assert (coverage.covered, coverage.total, coverage.rate) == (1, 1, "100.00 %")
    assert coverage.divisions[0].agencies == ("A",)


def test_a_circle_of_successors_ends():
    assert cover({"3": "丙镇"}, [("1", "A")], successors={"1": "2", "2": "1"}).covered == 0


def test_no_division_in_force_has_no_rate():
    assert cover({}, [("1", "A")], {}).rate is None


CODES = st.sampled_from([str(n) for n in range(12)])


@given(st.sets(CODES), st.lists(st.tuples(CODES, CODES)))
def test_coverage_counts_each_division_once_and_never_more_than_there_are(in_force, present):
    coverage = cover({code: code for code in in_force}, present, {})

    assert coverage.covered == len(in_force & {code for code, _ in present})
    assert coverage.total == len(in_force)


BOTH = Bodies(TODAY, ("a", "b", "c"), ("d",))


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({}, []),
        ({"supervisors": ("c",)}, ["nobody_sits_in_both"]),
        ({"council": ()}, ["both_bodies_exist"]),
        ({"supervisors": ()}, ["both_bodies_exist"]),
        ({"council": ("a", "a", "b")}, ["nobody_sits_twice"]),
    ],
)
def test_council_and_supervisors_are_different_people(changed, refused):
    assert breached(BODIES.judge(replace(BOTH, **changed), on=TODAY)) == refused


@pytest.mark.parametrize(
    ("size", "outcome"),
    [
        (2, Outcome.WARNING),
        (3, Outcome.MET),
        (4, Outcome.WARNING),
        (25, Outcome.MET),
        (27, Outcome.WARNING),
    ],
)
def test_an_unusual_council_is_told_not_refused(size, outcome):
    council = tuple(str(n) for n in range(size))

    verdict = BODIES.judge(replace(BOTH, council=council), on=TODAY)

    assert verdict.passed
    assert verdict.findings[-1].outcome is outcome


@pytest.mark.parametrize(
    ("resolved_on", "refused"),
    [
        (date(2026, 1, 31), []),
        (date(2026, 1, 30), ["applied_for_in_thirty_days"]),
        (date(2026, 3, 3), ["applied_for_in_thirty_days"]),
    ],
)
def test_a_charter_change_is_applied_for_in_thirty_days(resolved_on, refused):
    amendment = Amendment(TODAY, resolved_on, "宗旨", "范围", ("counselling",))

    assert breached(AMENDMENT.judge(amendment, on=TODAY)) == refused


def test_an_amended_charter_still_says_what_and_how():
    amendment = Amendment(TODAY, TODAY, "宗旨", " ", ("counselling",))

    assert breached(AMENDMENT.judge(amendment, on=TODAY)) == ["charter_still_says_what_and_how"]


@pytest.mark.parametrize(
    ("since", "ground", "refused"),
    [
        (TODAY, "超出范围", False),
        (date(2026, 3, 3), "超出范围", True),
        (date(2022, 12, 31), "超出范围", True),
        (TODAY, " ", True),
    ],
)
def test_a_suspension_has_its_day_and_its_ground(since, ground, refused):
    order = Interruption(TODAY, since, date(2023, 1, 1), None, ground)

    assert bool(breached(SUSPENSION.judge(order, on=TODAY))) is refused


@pytest.mark.parametrize(
    ("ended", "seal", "refused"),
    [
        (date(2026, 2, 20), True, []),
        (date(2026, 2, 20), False, ["papers_taken_in"]),
        (date(2026, 3, 3), True, ["liquidated_first"]),
        pytest.param(date(2026, 1, 1), True, [], id="late is told"),
    ],
)
def test_an_agency_leaves_the_register_liquidated_and_without_papers(ended, seal, refused):
    ending = Ending(TODAY, ended, certificate_returned=True, seal_returned=seal)

    assert breached(CANCELLATION.judge(ending, on=TODAY)) == refused


@pytest.mark.parametrize(
    ("qualification", "counts"),
    [
        (Qualification(QualificationKind.CERTIFICATE, "assistant", True, TODAY), True),
        (Qualification(QualificationKind.CERTIFICATE, "assistant", True, date(2026, 3, 3)), False),
        (Qualification(QualificationKind.DEGREE, "bachelor", True, TODAY), True),
        (Qualification(QualificationKind.DEGREE, "college", True, TODAY), False),
        (Qualification(QualificationKind.DEGREE, "doctor", False, TODAY), False),
        pytest.param(
            Qualification(QualificationKind.CERTIFICATE, "senior", True, TODAY, date(2020, 1, 1)),
            True,
            id="lapsed registration",
        ),
    ],
)
def test_what_counts_as_qualified(qualification, counts):
    assert any_counts([qualification], TODAY) is counts


def member(employment=Employment.FULL_TIME, *, party=True, qualified=False):
    return Member(employment, qualified, party)


@pytest.mark.parametrize(
    ("members", "organisation", "outcome"),
    [
        ((member(),) * 2, False, Outcome.NOT_APPLICABLE),
        ((member(),) * 3, False, Outcome.WARNING),
        ((member(),) * 3, True, Outcome.MET),
        (
            (member(), member(), member(Employment.LONG_TERM_PART_TIME)),
            False,
            Outcome.WARNING,
        ),
        ((member(), member(), member(Employment.PART_TIME)), False, Outcome.NOT_APPLICABLE),
        ((member(), member(), member(party=False)), False, Outcome.NOT_APPLICABLE),
    ],
)
def test_three_full_members_need_an_organisation(members, organisation, outcome):
    assert party_organisation_exists_when_due(Roll(TODAY, members, organisation)).outcome is outcome


@pytest.mark.parametrize(
    ("qualified", "others", "outcome"),
    [(1, 2, Outcome.MET), (1, 3, Outcome.WARNING), (0, 0, Outcome.WARNING)],
)
def test_falling_below_a_third_is_told(qualified, others, outcome):
    members = (member(qualified=True),) * qualified + (member(),) * others

    assert third_of_staff_still_qualified(Roll(TODAY, members, True)).outcome is outcome


@pytest.mark.parametrize(
    ("hiring", "refused"),
    [
        (Hiring(True, False, True, 0), []),
        (Hiring(False, False, True, 0), ["agency_may_hire"]),
        (Hiring(True, True, True, 0), ["holds_no_post_here_yet"]),
        (Hiring(True, False, True, 1), []),
    ],
)
def test_who_may_take_a_post(hiring, refused):
    assert breached(HIRING.judge(hiring, on=TODAY)) == refused


REGISTERED = Presence(TODAY, date(2023, 3, 6), None, None, 0, 0)


@pytest.mark.parametrize(
    ("changed", "registered", "suspended"),
    [
        ({}, True, False),
        ({"on": date(2023, 3, 6)}, True, False),
        ({"on": date(2023, 3, 5)}, False, False),
        ({"cancelled_on": TODAY}, False, False),
        ({"cancelled_on": date(2026, 3, 3)}, True, False),
        ({"suspended_since": TODAY}, True, True),
    ],
)
def test_a_standing_says_where_the_agency_is_on_the_day(changed, registered, suspended):
    presence = replace(REGISTERED, **changed)
    findings = explain(presence, Roll(TODAY, (), False), Record(TODAY, {}, frozenset()))

    assert says_yes(findings, "on_the_register") is registered
    assert says_yes(findings, "not_suspended") is not suspended


def test_a_standing_has_a_finding_for_every_question():
    record = Record(TODAY, {2023: Conclusion.PASS, 2024: Conclusion.PASS}, frozenset())

    findings = explain(
        replace(REGISTERED, failed_projects=1, projects=2), Roll(TODAY, (), False), record
    )

    assert [(f.rule, f.outcome.value) for f in findings] == [
        ("on_the_register", "met"),
        ("not_suspended", "met"),
        ("projects_did_not_fail", "warning"),
        ("third_of_staff_still_qualified", "warning"),
        ("registrations_current", "met"),
        ("party_organisation_exists_when_due", "not_applicable"),
        ("two_newest_inspections_passed", "met"),
    ]
