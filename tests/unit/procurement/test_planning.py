"""What a project needs before money is planned for it."""

from datetime import date
from typing import Any

import pytest

from services.procurement.needs.lifecycle import NeedState
from services.procurement.needs.rules import PLANNING, Plan
from services.procurement.policy.codelists import PurchaseKind
from services.procurement.policy.figures import PERSONNEL_KINDS
from shared.codelists import PurchasableMatter, ServiceMethod
from shared.money import ZERO, Money

DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        pytest.param({}, [], id="one recorded need"),
        pytest.param({"need_states": [NeedState.ADOPTED]}, [], id="a need others answer as well"),
        pytest.param({"need_states": []}, ["2.1(3)"], id="no need"),
        pytest.param({"need_states": [NeedState.MET]}, ["2.1(3)"], id="a need already met"),
        pytest.param({"methods": []}, ["1.1a"], id="no service method"),
        pytest.param({"on": date(2016, 8, 28)}, ["6.1(4)", "1.1a"], id="before the policy"),
        pytest.param({"kind": PurchaseKind.POST}, ["6.1(5)"], id="posts without a number"),
        pytest.param({"kind": PurchaseKind.POST, "posts": 2}, [], id="two posts"),
        pytest.param({"posts": 2}, ["6.1(5)"], id="a project with posts"),
        pytest.param({"budget": ZERO, "personnel": ZERO}, ["3.2(9)"], id="no money"),
    ],
)
def test_a_project_answers_a_need_with_money_and_posts(changes, refused):
    facts: dict[str, Any] = {
        "on": DAY,
        "need_states": [NeedState.RECORDED],
        "matter": PurchasableMatter.SOCIAL_WELFARE,
        "methods": [ServiceMethod.HUMANE_CARE],
        "kind": PurchaseKind.PROJECT,
        "posts": None,
        "budget": Money(100_000_00),
        "personnel": Money(1),
    }
    verdict = PLANNING.judge(Plan(**{**facts, **changes}), on=DAY)

    assert [finding.clause.number for finding in verdict.breaches] == refused


def test_what_counts_as_personnel_is_a_cited_dated_list():
    assert str(PERSONNEL_KINDS.clause).endswith("3.2(9)")
    assert {kind.value for kind in PERSONNEL_KINDS.on(DAY)} == {
        "pay",
        "training",
        "social_insurance",
        "housing_fund",
        "accident_insurance",
    }
