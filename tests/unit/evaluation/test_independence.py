"""Who may judge whom, and how a committee is made up."""

from dataclasses import replace
from datetime import date

import pytest

from services.evaluation.committees.rules import SEATING, Seating
from services.evaluation.evaluators.lifecycle import EvaluatorState
from services.evaluation.evaluators.rules import (
    ASSIGNMENT,
    Assignment,
    BodyKind,
    Person,
    Tie,
    TieKind,
    barred,
)

AGENCY, BODY = "52410108MJ0000018R", "52410100MJ0000070X"
DAY = date(2025, 10, 9)


def assignment(**changed) -> Assignment:
    usual = Assignment(
        on=DAY,
        credit_code=AGENCY,
        body_code=BODY,
        body_state=EvaluatorState.ACCREDITED,
        body_kind=BodyKind.EVALUATION,
        accredited_until=DAY,
        body_ties=(),
        people=(Person("程专家"),),
    )
    return replace(usual, **changed)


TIED = Person("吴专家", (Tie(AGENCY, TieKind.KIN),))


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param({}, [], id="accredited to this very day"),
        pytest.param(
            {"on": date(2025, 10, 10)}, ["an_accredited_evaluation_body"], id="lapsed yesterday"
        ),
        pytest.param(
            {"body_state": EvaluatorState.SUSPENDED},
            ["an_accredited_evaluation_body"],
            id="suspended",
        ),
        pytest.param(
            {"body_kind": BodyKind.ADVISORY}, ["an_accredited_evaluation_body"], id="advisory"
        ),
        pytest.param({"body_code": AGENCY}, ["a_third_party"], id="itself"),
        pytest.param(
            {"body_ties": (Tie(AGENCY, TieKind.CONTRACT),)}, ["a_third_party"], id="a contract"
        ),
        pytest.param({"people": (TIED,)}, ["somebody_is_free_to_judge"], id="nobody free"),
        pytest.param({"people": (TIED, Person("程专家"))}, [], id="one of two stands aside"),
    ],
)
def test_an_evaluator_is_an_accredited_third_party(changed, expected):
    case = assignment(**changed)

    found = [finding.rule for finding in ASSIGNMENT.judge(case, on=case.on).breaches]

    assert found == expected


@pytest.mark.parametrize(
    ("tie", "expected"),
    [
        pytest.param(Tie(AGENCY, TieKind.EMPLOYMENT, date(2023, 10, 9)), False, id="two years ago"),
        pytest.param(Tie(AGENCY, TieKind.EMPLOYMENT, date(2023, 10, 10)), True, id="a day less"),
        pytest.param(Tie(AGENCY, TieKind.COUNCIL, date(2023, 10, 10)), True, id="the council too"),
        pytest.param(Tie(AGENCY, TieKind.CONTRACT, date(2025, 10, 8)), False, id="contract over"),
        pytest.param(Tie(AGENCY, TieKind.CONTRACT, DAY), True, id="contract on its last day"),
        pytest.param(Tie(AGENCY, TieKind.KIN), True, id="kin"),
        pytest.param(Tie(BODY, TieKind.EMPLOYMENT), False, id="works elsewhere"),
    ],
)
def test_whoever_left_less_than_two_years_ago_stands_aside(tie, expected):
    assert barred(Person("吴专家", (tie,)), AGENCY, DAY) is expected


@pytest.mark.parametrize(
    ("members", "ends_on", "expected"),
    [
        pytest.param(7, date(2030, 1, 1), [], id="the fewest, the longest"),
        pytest.param(6, date(2030, 1, 1), ["of_the_right_size"], id="one too few"),
        pytest.param(25, date(2030, 1, 1), [], id="the most"),
        pytest.param(26, date(2030, 1, 1), ["of_the_right_size"], id="one too many"),
        pytest.param(7, date(2030, 1, 2), ["for_no_longer_than_its_term"], id="a day too long"),
        pytest.param(7, date(2025, 1, 1), ["for_no_longer_than_its_term"], id="no time at all"),
    ],
)
def test_a_committee_has_its_size_and_its_term(members, ends_on, expected):
    seating = Seating(members, date(2025, 1, 1), ends_on)

    found = [finding.rule for finding in SEATING.judge(seating, on=seating.starts_on).breaches]

    assert found == expected
