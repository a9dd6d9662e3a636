"""The policy's own lists: sixteen closed vocabularies, each code with its clause and its days.

A list is an enum whose members carry both languages, so that Python, the database, the contract
and the answer all say the same thing. Codes are only ever added or ended by a later document; none
is renamed or used again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Final

from shared.policy import Clause
from shared.words import Text

HUIJI_62: Final = "惠民字〔2016〕62号"
ISSUED: Final = date(2016, 8, 29)


class PolicyCode(StrEnum):
    """A code of one of the policy's lists: its value is what is stored and sent."""

    name_zh: str
    name_en: str
    clause_number: str
    in_force_from: date
    in_force_to: date | None

    codelist: ClassVar["Codelist"]

    def __new__(
        cls,
        code: str,
        zh: str = "",  # empty only so that `ServiceMethod("mediation")` reads as looking a code up
        en: str = "",
        clause: str = "",
        in_force_from: date = ISSUED,
        in_force_to: date | None = None,
    ) -> "PolicyCode":
        member = str.__new__(cls, code)
        member._value_ = code
        member.name_zh, member.name_en = zh, en
        member.clause_number = clause
        member.in_force_from, member.in_force_to = in_force_from, in_force_to
        return member

    @property
    def label(self) -> Text:
        return Text(zh=self.name_zh, en=self.name_en)

    @property
    def clause(self) -> Clause:
        """Where the code is named: the list's own clause unless a later place added it."""
        own = self.codelist.clause
        return Clause(own.source, self.clause_number, own.demand) if self.clause_number else own

    def in_force_on(self, day: date) -> bool:
        return self.in_force_from <= day and (self.in_force_to is None or day <= self.in_force_to)

    @classmethod
    def __get_pydantic_json_schema__(cls, core: Any, handler: Any) -> dict[str, Any]:
        """The contract shows each code with both names and the clause of the list."""
        schema: dict[str, Any] = handler(core)
        said = handler.resolve_ref_schema(schema)
        said["description"] = (
            f"{cls.codelist.name.zh} / {cls.codelist.name.en} ({cls.codelist.clause})"
        )
        said["x-enum-labels"] = {code.value: code.label.both() for code in cls}
        return schema


@dataclass(frozen=True, slots=True)
class Codelist:
    """One list: its id, its name, the clause that sets it up, and its codes in the policy's order."""

    id: str
    name: Text
    clause: Clause
    codes: type[PolicyCode]

    def __iter__(self) -> Iterator[PolicyCode]:
        return iter(self.codes)

    def on(self, day: date) -> list[PolicyCode]:
        """The codes in force on a day."""
        return [code for code in self.codes if code.in_force_on(day)]

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name.both(),
            "clause": {"source": self.clause.source, "number": self.clause.number},
            "codes": [
                {
                    "code": code.value,
                    "name": code.label.both(),
                    "clause": {"source": code.clause.source, "number": code.clause.number},
                    "from": code.in_force_from.isoformat(),
                    "to": code.in_force_to.isoformat() if code.in_force_to else None,
                }
                for code in self.codes
            ],
        }


CODELISTS: Final[dict[str, Codelist]] = {}
"""Every list by its id, in the order of the policy."""


def _listed(id: str, clause: str, zh: str, en: str) -> Any:
    """Enter an enum as one of the policy's lists."""

    def enter(codes: type[PolicyCode]) -> type[PolicyCode]:
        name = Text(zh=zh, en=en)
        codes.codelist = CODELISTS[id] = Codelist(id, name, Clause(HUIJI_62, clause, name), codes)
        return codes

    return enter


@_listed("service_method", "1.1a", "服务方式", "Methods of social-work service")
class ServiceMethod(PolicyCode):
    HARDSHIP_RELIEF = "hardship_relief", "困难救助", "Relief in hardship"
    MEDIATION = "mediation", "矛盾调处", "Mediation of conflicts"
    RIGHTS_PROTECTION = "rights_protection", "权益维护", "Protection of rights"
    HUMANE_CARE = "humane_care", "人文关怀", "Humane care"
    COUNSELLING = "counselling", "心理疏导", "Psychological counselling"
    BEHAVIOUR_CORRECTION = "behaviour_correction", "行为矫治", "Correction of behaviour"
    RELATIONSHIP_ADJUSTMENT = "relationship_adjustment", "关系调适", "Adjustment of relationships"
    RESOURCE_LINKAGE = "resource_linkage", "资源链接", "Linking of resources"


@_listed("client_group", "3.1(4)", "重点服务对象", "Priority client groups")
class ClientGroup(PolicyCode):
    OLDER_PEOPLE = "older_people", "老年人", "Older people"
    DISABLED_PEOPLE = "disabled_people", "残疾人", "People with disabilities"
    YOUNG_PEOPLE = "young_people", "青少年", "Children and young people"
    URBAN_MIGRANTS = "urban_migrants", "城市流动人口", "Migrants in the city"
    RURAL_LEFT_BEHIND = "rural_left_behind", "农村留守人员", "People left behind in villages"
    PEOPLE_IN_SPECIAL_DIFFICULTY = (
        "people_in_special_difficulty",
        "特殊困难人群",
        "People in special difficulty",
    )
    DISASTER_VICTIMS = "disaster_victims", "受灾群众", "People hit by disaster"


@_listed("service_field", "3.1(5)", "重点服务领域", "Priority fields of service")
class ServiceField(PolicyCode):
    MARRIAGE_AND_FAMILY = "marriage_and_family", "婚姻家庭", "Marriage and family"
    EDUCATIONAL_GUIDANCE = "educational_guidance", "教育辅导", "Educational guidance"
    EMPLOYMENT_HELP = "employment_help", "就业援助", "Help into employment"
    EMPLOYEE_SUPPORT = "employee_support", "职工帮扶", "Support for employees"
    CRIME_PREVENTION = "crime_prevention", "犯罪预防", "Prevention of crime"
    CORRECTION_AND_GUIDANCE = "correction_and_guidance", "矫治帮教", "Correction and guidance"
    HEALTH_CARE = "health_care", "卫生医疗", "Health care"
    POPULATION_SERVICES = "population_services", "人口服务", "Population services"
    EMERGENCY_RESPONSE = "emergency_response", "应急处置", "Response to emergencies"


@_listed("service_area", "4.1(1)", "服务内容", "Areas of service")
class ServiceArea(PolicyCode):
    COMMUNITY_SERVICE = "community_service", "社区服务", "Community service"
    DISABILITY_REHABILITATION = (
        "disability_rehabilitation",
        "残障康复",
        "Rehabilitation of people with disabilities",
    )
    MARRIAGE_AND_FAMILY = "marriage_and_family", "婚姻家庭", "Marriage and family"
    EDUCATIONAL_GUIDANCE = "educational_guidance", "教育辅导", "Educational guidance"
    CARE_OF_OLDER_PEOPLE = "care_of_older_people", "养老助老", "Care of older people"
    SOCIAL_WELFARE = "social_welfare", "社会福利", "Social welfare"
    SOCIAL_ASSISTANCE = "social_assistance", "社会救助", "Social assistance"
    CARE_OF_THE_HONOURED = (
        "care_of_the_honoured",
        "优抚关怀",
        "Care of ex-servicemen and of families of the fallen",
    )
    POPULATION_AND_HEALTH = "population_and_health", "人口卫生", "Population and health"
    RESOURCE_LINKAGE = "resource_linkage", "资源链接", "Linking of resources"


@_listed("rural_focus_group", "6.1(3)", "农村社区重点服务对象", "Focus groups in rural communities")
class RuralFocusGroup(PolicyCode):
    RURAL_DISABLED_PEOPLE = (
        "rural_disabled_people",
        "农村残障人员",
        "People with disabilities in villages",
    )
    LEFT_BEHIND_CHILDREN = "left_behind_children", "留守儿童", "Children left behind"
    LEFT_BEHIND_OLDER_PEOPLE = "left_behind_older_people", "留守老年人", "Older people left behind"
    LEFT_BEHIND_WOMEN = "left_behind_women", "留守妇女", "Women left behind"
    DISASTER_VICTIMS = "disaster_victims", "受灾人员", "People hit by disaster"


@_listed(
    "purchasable_matter",
    "6.1(4)",
    "可购买、可全程委托的民政服务事项",
    "Civil-affairs matters that may be bought and delegated whole",
)
class PurchasableMatter(PolicyCode):
    SOCIAL_ASSISTANCE = "social_assistance", "社会救助", "Social assistance"
    CARE_AND_PLACEMENT = (
        "care_and_placement",
        "优抚安置",
        "Care and placement of ex-servicemen and their families",
    )
    OLDER_AND_DISABLED_PEOPLE = (
        "older_and_disabled_people",
        "养老助残",
        "Help for older people and people with disabilities",
    )
    COMMUNITY_SERVICE = "community_service", "社区服务", "Community service"
    SOCIAL_WELFARE = "social_welfare", "社会福利", "Social welfare"


@_listed("support_instrument", "3.1(1)", "扶持方式", "Instruments of support")
class SupportInstrument(PolicyCode):
    PROJECT_FUNDING = "project_funding", "项目资助", "Project funding"
    SUBSIDY_OR_REWARD = "subsidy_or_reward", "补贴奖励", "Subsidy or reward"
    PREMISES = "premises", "提供场所", "Premises"
    FEE_WAIVER = "fee_waiver", "减免费用", "Waiver of fees"
    VENTURE = "venture", "公益创投", "Public-welfare venture", "6.2(2)"


@_listed("base_budget_line", "3.1(3)", "孵化基地经费科目", "Budget lines of an incubator base")
class BaseBudgetLine(PolicyCode):
    DAILY_OPERATION = "daily_operation", "日常运营", "Daily operation"
    ADMINISTRATION = "administration", "工作管理", "Administration of the work"
    SERVICE_ACTIVITIES = "service_activities", "服务活动", "Service activities"


@_listed(
    "base_rule_system", "3.1(6)", "孵化基地管理制度", "Management systems of an incubator base"
)
class BaseRuleSystem(PolicyCode):
    ADMISSION = "admission", "准入制度", "Admission"
    WORKING_MECHANISM = "working_mechanism", "工作机制", "Working mechanism"
    STAFFING = "staffing", "人员配置", "Staffing"
    USE_OF_FUNDS = "use_of_funds", "资金使用", "Use of funds"


@_listed("base_function", "3.1(7)", "孵化基地功能", "Functions of an incubator base")
class BaseFunction(PolicyCode):
    VENTURE = "venture", "公益创投", "Public-welfare ventures"
    PROJECT_DEVELOPMENT = "project_development", "项目研发", "Development of projects"
    PROJECT_SHOWCASE = "project_showcase", "项目展示", "Showcase of projects"
    CAPACITY_BUILDING = "capacity_building", "能力建设", "Building of capacity"
    RESOURCE_MATCHING = "resource_matching", "资源对接", "Matching of resources"
    POLICY_RESEARCH = "policy_research", "政策研究", "Policy research"
    EXCHANGE = "exchange", "合作交流", "Cooperation and exchange"


@_listed("talent_kind", "3.2(2)", "社会工作人才类别", "Kinds of social-work talent")
class TalentKind(PolicyCode):
    PRACTITIONER = "practitioner", "实务人才", "Practitioner"
    MANAGER = "manager", "管理人才", "Manager"
    SUPERVISOR = "supervisor", "专业督导人才", "Professional supervisor"


@_listed("award", "3.2(4)", "评选活动", "Awards")
class AwardKind(PolicyCode):
    OUTSTANDING_SOCIAL_WORKER = (
        "outstanding_social_worker",
        "优秀社会工作者",
        "Outstanding social worker",
    )
    OUTSTANDING_SERVICE_PROJECT = (
        "outstanding_service_project",
        "优秀专业社会工作服务项目",
        "Outstanding professional service project",
    )
    OUTSTANDING_CASE = "outstanding_case", "优秀社会工作案例", "Outstanding social-work case"


@_listed("demonstration", "3.2(5)", "示范创建", "Demonstration titles")
class DemonstrationKind(PolicyCode):
    DEMONSTRATION_AREA = "demonstration_area", "示范区", "Demonstration area"
    DEMONSTRATION_COMMUNITY = "demonstration_community", "示范社区", "Demonstration community"
    DEMONSTRATION_UNIT = "demonstration_unit", "示范单位", "Demonstration unit"


@_listed(
    "delegable_function",
    "3.4(4)",
    "可委托行业组织的管理事务",
    "Tasks that may be delegated to an industry body",
)
class DelegableFunction(PolicyCode):
    QUALIFICATION_CHECK = "qualification_check", "资质核查", "Checking of qualifications"
    STATISTICS = "statistics", "信息统计", "Statistics"
    EDUCATION_AND_TRAINING = "education_and_training", "教育培训", "Education and training"
    SUPERVISOR_TRAINING = "supervisor_training", "督导培养", "Training of supervisors"
    TRADE_STANDARDS = "trade_standards", "行业规范与管理", "Standards and management of the trade"
    PERFORMANCE_EVALUATION = "performance_evaluation", "绩效评估", "Evaluation of performance"
    RESEARCH = "research", "课题研究", "Research"
    PUBLICITY = "publicity", "公益宣传", "Public-welfare publicity"


@_listed("industry_body_service", "3.4(5)", "行业组织服务", "Services of an industry body")
class IndustryBodyService(PolicyCode):
    POLICY_ADVICE = "policy_advice", "政策咨询", "Advice on policy"
    PLANNING_GUIDANCE = "planning_guidance", "规划指导", "Guidance in planning"
    PROJECT_PROMOTION = "project_promotion", "项目推介", "Promotion of projects"
    INFORMATION = "information", "信息发布", "Publication of information"
    RIGHTS_PROTECTION = "rights_protection", "权益维护", "Protection of rights"
    CAPACITY_BUILDING = "capacity_building", "能力建设", "Building of capacity"
    EXCHANGE = "exchange", "合作交流", "Cooperation and exchange"


@_listed("social_support_way", "3.3(4)", "社会力量支持方式", "Ways of support by society")
class SocialSupportWay(PolicyCode):
    FUND = "fund", "设立基金", "Setting up a fund"
    PREMISES = "premises", "提供场所", "Premises"
    PROJECT_COOPERATION = "project_cooperation", "项目合作", "Cooperation in projects"
    PROFESSIONAL_SUPPORT = "professional_support", "专业扶持", "Professional support"
