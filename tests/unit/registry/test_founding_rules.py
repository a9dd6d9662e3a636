"""The conditions of founding, at their edges."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.applications.rules import REFUSAL, RETURN, STEP, Decision, Return, Step
from services.registry.certificates.rules import CERTIFICATE, Certificate
from services.registry.founding.rules import (
    ACCEPTANCE,
    FOUNDING,
    SUBMISSION,
    Asset,
    Category,
    Founding,
    LegalForm,
    Material,
    Name,
    Route,
    Staff,
    Tenure,
)
from shared.money import Money
from shared.policy import Outcome

IN_2023 = date(2023, 3, 6)
IN_2024 = date(2024, 5, 1)

QUALIFIED = Staff(full_time=True, certificate=True, degree=False)
UNQUALIFIED = Staff(full_time=True, certificate=False, degree=False)

SOUND = Founding(
    on=IN_2023,
    route=Route.DIRECT,
    unit_consents=False,
    category=Category.COMMUNITY_SERVICE,
    legal_form=LegalForm.LEGAL_PERSON,
    name=Name("惠济区", "晨光", "社会工作服务", "中心"),
    name_taken=False,
    purpose="助人自助",
    scope="社区服务",
    methods=("counselling",),
    council=frozenset({"a", "b", "c"}),
    supervisors=frozenset({"d"}),
    head_named=True,
    staff=(QUALIFIED, UNQUALIFIED, UNQUALIFIED),
    seat_in_district=True,
    tenure=Tenure.OWNED,
    lease_until=None,
    assets=(Asset(Money(100_000_00), False),),
    materials=frozenset(Material) - {Material.UNIT_CONSENT},
)


def judge(rulebook=FOUNDING, *, on=IN_2023, **changed):
    return rulebook.judge(replace(SOUND, on=on, **changed), on=on)


def breached(verdict):
    return [finding.rule for finding in verdict.breaches]


def outcome(verdict, rule):
    return next(f.outcome for f in verdict.findings if f.rule == rule)


def test_a_sound_filing_passes_with_a_finding_for_every_rule():
    verdict = judge()

    assert verdict.passed
    assert len(verdict.findings) == len(FOUNDING.rules)


@pytest.mark.parametrize(
    ("qualified", "full_time", "passes"),
    [
        pytest.param(1, 3, True, id="exactly one third"),
        pytest.param(1, 4, False, id="one short of four"),
        pytest.param(2, 6, True, id="exactly two of six"),
        pytest.param(2, 7, False, id="one person short"),
        pytest.param(3, 7, True, id="rounded up"),
        pytest.param(1, 1, True, id="alone and qualified"),
        pytest.param(0, 1, False, id="alone and not"),
        pytest.param(0, 0, False, id="nobody at all"),
    ],
)
def test_a_third_is_counted_in_whole_people(qualified, full_time, passes):
    staff = (QUALIFIED,) * qualified + (UNQUALIFIED,) * (full_time - qualified)

    verdict = judge(staff=staff)

    assert breached(verdict) == ([] if passes else ["third_of_staff_qualified"])


@given(qualified=st.integers(0, 60), others=st.integers(0, 60))
def test_what_the_finding_calls_short_is_what_would_pass(qualified, others):
    staff = (QUALIFIED,) * qualified + (UNQUALIFIED,) * others
    [finding] = [f for f in judge(staff=staff).findings if f.rule == "third_of_staff_qualified"]

    short = finding.figures["short"]
    converted = (QUALIFIED,) * (qualified + short) + (UNQUALIFIED,) * max(0, others - short)

    assert (finding.outcome is Outcome.MET) == (short == 0)
    assert outcome(judge(staff=converted), "third_of_staff_qualified") is Outcome.MET


@pytest.mark.parametrize(
    ("staff", "passes"),
    [
        pytest.param(
            (Staff(True, certificate=False, degree=True), UNQUALIFIED, UNQUALIFIED),
            True,
            id="an education counts like a certificate",
        ),
        pytest.param(
            (Staff(True, certificate=True, degree=True), *(UNQUALIFIED,) * 4),
            False,
            id="certificate and degree are one person",
        ),
        pytest.param(
            (Staff(False, certificate=True, degree=True), UNQUALIFIED),
            False,
            id="a qualified part-timer is in neither number",
        ),
        pytest.param(
            (QUALIFIED, UNQUALIFIED, UNQUALIFIED, Staff(False, False, False)),
            True,
            id="an unqualified part-timer is in neither number",
        ),
    ],
)
def test_who_counts_for_the_third(staff, passes):
    assert judge(staff=staff).passed is passes


def test_a_lapsed_registration_warns_and_still_qualifies():
    lapsed = replace(QUALIFIED, registration_lapsed=True)

    verdict = judge(staff=(lapsed, UNQUALIFIED, UNQUALIFIED))

    assert verdict.passed
    assert outcome(verdict, "certificates_kept_registered") is Outcome.WARNING


@pytest.mark.parametrize(
    ("own", "states", "passes"),
    [
        pytest.param(2, 1, True, id="exactly two thirds"),
        pytest.param(1_999_999, 1_000_000, False, id="one fen short"),
        pytest.param(100, 0, True, id="nothing of the state's"),
    ],
)
def test_two_thirds_of_the_assets_are_counted_to_the_fen(own, states, passes):
    verdict = judge(assets=(Asset(Money(own), False), Asset(Money(states), True)))

    assert breached(verdict) == ([] if passes else ["mostly_not_the_states"])


def test_no_assets_prove_nothing():
    assert breached(judge(assets=())) == ["has_lawful_means", "mostly_not_the_states"]


@pytest.mark.parametrize(
    ("changed", "rule", "clause"),
    [
        ({"category": Category.OTHER}, "serves_communities", "5.1(1)"),
        ({"name": Name("惠济区", "晨光", "文化", "中心")}, "named_as_social_work", "5.1(2)"),
        ({"purpose": " "}, "charter_says_what_and_how", "5.1(2)"),
        ({"supervisors": frozenset()}, "council_and_supervisors_named", "5.1(2)"),
        ({"supervisors": frozenset({"a"})}, "nobody_sits_in_both", "4.3(3)"),
        ({"head_named": False}, "head_is_named", "12"),
        ({"tenure": None}, "seat_is_fixed", "5.1(4)"),
        ({"seat_in_district": False}, "seat_is_fixed", "5.1(4)"),
        ({"tenure": Tenure.LEASED}, "seat_is_fixed", "5.1(4)"),
        ({"tenure": Tenure.LEASED, "lease_until": IN_2023}, "seat_is_fixed", "5.1(4)"),
        ({"legal_form": LegalForm.PARTNERSHIP}, "answers_for_itself", "5.1(5)"),
        ({"legal_form": LegalForm.INDIVIDUAL}, "answers_for_itself", "5.1(5)"),
        ({"name_taken": True}, "name_still_free", "R-08(一)"),
        ({"materials": frozenset()}, "documents_complete", "9"),
    ],
)
def test_each_condition_is_refused_by_its_own_clause(changed, rule, clause):
    verdict = judge(**changed)

    assert [(f.rule, f.clause.number) for f in verdict.breaches] == [(rule, clause)]


def test_a_reason_names_things_in_the_readers_own_language():
    [finding] = judge(ACCEPTANCE, materials=frozenset()).breaches

    assert finding.reason.zh.startswith("材料缺少：登记申请书、住所使用权证明")
    assert finding.reason.en.startswith("documents are missing: letter of application, proof")
    assert finding.reason.en.isascii()


def test_a_charter_without_methods_is_told_by_both_its_clauses():
    assert [f.clause.number for f in judge(methods=()).breaches] == ["5.1(2)", "1.1a"]


def test_a_short_lease_is_worth_a_word_and_no_more():
    verdict = judge(tenure=Tenure.LEASED, lease_until=date(2024, 3, 4))

    assert verdict.passed
    assert outcome(verdict, "lease_long_enough") is Outcome.WARNING
    a_year = judge(tenure=Tenure.LEASED, lease_until=date(2024, 3, 5))
    assert outcome(a_year, "lease_long_enough") is Outcome.MET


@pytest.mark.parametrize(
    ("on", "name", "refused"),
    [
        pytest.param(
            date(2024, 4, 30),
            Name("", "中华", "社会工作服务", "中心"),
            [],
            id="the day before Order 69",
        ),
        pytest.param(
            IN_2024,
            Name("", "中华", "社会工作服务", "中心"),
            ["name_built_as_ordered", "name_claims_no_country"],
            id="on its first day",
        ),
        pytest.param(
            IN_2024,
            Name("金水区", "晨光", "社会工作服务", "中心"),
            ["name_built_as_ordered"],
            id="another district",
        ),
        pytest.param(
            IN_2024,
            Name("郑州市惠济区", "晨光", "社会工作服务", "中心"),
            [],
            id="city and district",
        ),
    ],
)
def test_a_name_is_judged_by_the_law_of_the_day_of_receipt(on, name, refused):
    assert breached(judge(on=on, name=name)) == refused


def test_dual_management_asks_for_the_units_consent_instead_of_two_conditions():
    changed = {"route": Route.DUAL, "category": Category.OTHER, "staff": (UNQUALIFIED,)}

    without = judge(**changed)
    consented = judge(unit_consents=True, **changed, materials=frozenset(Material))

    assert breached(without) == ["supervising_unit_consents", "documents_complete"]
    assert consented.passed
    assert outcome(consented, "third_of_staff_qualified") is Outcome.NOT_APPLICABLE


def test_missing_documents_do_not_stop_a_submission_but_an_acceptance():
    materials = SOUND.materials - {Material.CHARTER_DRAFT}

    submission = judge(SUBMISSION, materials=materials)
    acceptance = judge(ACCEPTANCE, materials=materials)

    assert submission.passed
    assert outcome(submission, "nothing_left_to_tell") is Outcome.WARNING
    assert acceptance.breaches[0].figures["missing"] == ["charter_draft"]


@pytest.mark.parametrize(
    ("told_before", "today", "missing", "refused"),
    [
        pytest.param(False, date(2023, 3, 13), ("章程",), [], id="on the last day"),
        pytest.param(False, date(2023, 3, 14), ("章程",), ["told_in_time"], id="a day late"),
        pytest.param(True, date(2023, 3, 7), ("章程",), ["told_for_the_first_time"], id="twice"),
        pytest.param(
            False, date(2023, 3, 7), (), ["says_what_is_missing"], id="without saying what"
        ),
    ],
)
def test_what_is_missing_is_told_once_and_in_time(told_before, today, missing, refused):
    facts = Return(told_before, date(2023, 3, 13), today, missing)

    assert breached(RETURN.judge(facts, on=IN_2023)) == refused


@pytest.mark.parametrize(
    ("person", "before", "refused"),
    [
        ("c", ("a", "b"), []),
        ("a", ("a", "b"), ["done_by_another_person"]),
        ("b", ("a", "b"), ["done_by_another_person"]),
        pytest.param("a", (), [], id="accepted by silence: nobody came before"),
    ],
)
def test_three_steps_take_three_people(person, before, refused):
    assert breached(STEP.judge(Step(person, before), on=IN_2023)) == refused


@pytest.mark.parametrize(
    ("today", "outcome_of_time"),
    [(date(2023, 5, 5), Outcome.MET), (date(2023, 5, 6), Outcome.WARNING)],
)
def test_sixty_days_are_kept_or_told(today, outcome_of_time):
    decision = Decision(today, date(2023, 5, 5), IN_2023, grounds=("fraud",))

    verdict = REFUSAL.judge(decision, on=IN_2023)

    assert verdict.passed
    assert outcome(verdict, "decided_in_sixty_days") is outcome_of_time


@pytest.mark.parametrize(
    ("grounds", "conditions_met", "passes"),
    [((), True, False), ((), False, True), (("no_need",), True, True)],
)
def test_registration_is_refused_on_a_ground_or_for_a_condition(grounds, conditions_met, passes):
    decision = Decision(IN_2023, date(2023, 5, 5), IN_2023, grounds, conditions_met)

    assert REFUSAL.judge(decision, on=IN_2023).passed is passes


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({}, []),
        ({"kind": "51"}, ["code_is_a_private_units"]),
        ({"division": "410105"}, ["code_is_this_districts"]),
        ({"code_taken": True}, ["code_is_unused"]),
        pytest.param({"today": date(2023, 5, 1)}, [], id="late is the office's fault: a warning"),
    ],
)
def test_a_certificate_carries_a_code_of_this_district(changed, refused):
    sound = Certificate("52", "410108", False, due=date(2023, 4, 1), today=date(2023, 3, 20))

    assert breached(CERTIFICATE.judge(replace(sound, **changed), on=IN_2023)) == refused
