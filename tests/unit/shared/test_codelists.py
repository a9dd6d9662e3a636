from datetime import date

import pytest
from pydantic import BaseModel, ValidationError

from shared.codelists import (
    CODELISTS,
    ISSUED,
    Codelist,
    PolicyCode,
    ServiceArea,
    ServiceMethod,
    SupportInstrument,
)
from shared.policy import Clause
from shared.words import Text

# Read off the policy itself: list, clause, number of codes, first and last term.
IN_THE_POLICY = [
    ("service_method", "1.1a", 8, "困难救助", "资源链接"),
    ("client_group", "3.1(4)", 7, "老年人", "受灾群众"),
    ("service_field", "3.1(5)", 9, "婚姻家庭", "应急处置"),
    ("service_area", "4.1(1)", 10, "社区服务", "资源链接"),
    ("rural_focus_group", "6.1(3)", 5, "农村残障人员", "受灾人员"),
    ("purchasable_matter", "6.1(4)", 5, "社会救助", "社会福利"),
    ("support_instrument", "3.1(1)", 5, "项目资助", "公益创投"),
    ("base_budget_line", "3.1(3)", 3, "日常运营", "服务活动"),
    ("base_rule_system", "3.1(6)", 4, "准入制度", "资金使用"),
    ("base_function", "3.1(7)", 7, "公益创投", "合作交流"),
    ("talent_kind", "3.2(2)", 3, "实务人才", "专业督导人才"),
    ("award", "3.2(4)", 3, "优秀社会工作者", "优秀社会工作案例"),
    ("demonstration", "3.2(5)", 3, "示范区", "示范单位"),
    ("delegable_function", "3.4(4)", 8, "资质核查", "公益宣传"),
    ("industry_body_service", "3.4(5)", 7, "政策咨询", "合作交流"),
    ("social_support_way", "3.3(4)", 4, "设立基金", "专业扶持"),
]


def test_there_are_the_sixteen_lists_of_the_policy():
    found = [
        (each.id, each.clause.number, len(each.codes), codes[0].name_zh, codes[-1].name_zh)
        for each in CODELISTS.values()
        for codes in [list(each)]
    ]

    assert found == IN_THE_POLICY


@pytest.mark.parametrize("codelist", CODELISTS.values(), ids=lambda each: each.id)
def test_every_code_has_both_names_a_clause_and_its_days(codelist):
    assert len({code.name_zh for code in codelist}) == len(codelist.codes)
    assert len({code.name_en for code in codelist}) == len(codelist.codes)
    for code in codelist:
        assert code.value == code.value.lower() == code.name.lower()
        assert code.clause.source == "惠民字〔2016〕62号"
        assert code.in_force_from == ISSUED == date(2016, 8, 29)
    assert codelist.on(ISSUED) == list(codelist)
    assert codelist.on(date(2016, 8, 28)) == []


def test_a_term_that_is_a_method_and_an_area_has_two_codes():
    assert ServiceMethod.RESOURCE_LINKAGE.label == ServiceArea.RESOURCE_LINKAGE.label
    assert ServiceMethod.RESOURCE_LINKAGE.clause.number == "1.1a"
    assert ServiceArea.RESOURCE_LINKAGE.clause.number == "4.1(1)"


def test_the_fifth_instrument_of_support_names_the_clause_that_added_it():
    numbers = [code.clause.number for code in SupportInstrument]

    assert numbers == ["3.1(1)"] * 4 + ["6.2(2)"]


def test_a_code_ended_by_a_later_document_is_no_longer_in_force():
    class Season(PolicyCode):
        DRY = "dry", "旱", "Dry"
        WET = "wet", "雨", "Wet", "9.1", date(2020, 1, 1), date(2024, 12, 31)

    seasons = Codelist(
        "season", Text("季", "Season"), Clause("某办法", "1", Text("季", "Season")), Season
    )

    assert seasons.on(date(2019, 12, 31)) == [Season.DRY]
    assert seasons.on(date(2024, 12, 31)) == [Season.DRY, Season.WET]
    assert seasons.on(date(2025, 1, 1)) == [Season.DRY]


class Project(BaseModel):
    methods: list[ServiceMethod]


def test_the_contract_shows_codes_with_both_names():
    schema = Project.model_json_schema()["$defs"]["ServiceMethod"]

    assert schema["enum"] == [code.value for code in ServiceMethod]
    assert schema["x-enum-labels"]["mediation"] == {
        "zh": "矛盾调处",
        "en": "Mediation of conflicts",
    }
    assert "1.1a" in schema["description"]


def test_a_code_is_read_and_written_as_its_value():
    project = Project.model_validate_json('{"methods": ["mediation"]}')

    assert project.methods == [ServiceMethod.MEDIATION]
    assert project.model_dump_json() == '{"methods":["mediation"]}'
    with pytest.raises(ValidationError):
        Project.model_validate_json('{"methods": ["矛盾调处"]}')


def test_a_list_is_told_whole():
    told = CODELISTS["support_instrument"].as_dict()

    assert told["name"] == {"zh": "扶持方式", "en": "Instruments of support"}
    assert told["codes"][-1] == {
        "code": "venture",
        "name": {"zh": "公益创投", "en": "Public-welfare venture"},
        "clause": {"source": "惠民字〔2016〕62号", "number": "6.2(2)"},
        "from": "2016-08-29",
        "to": None,
    }
