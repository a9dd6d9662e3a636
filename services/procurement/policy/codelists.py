"""Procurement's own short lists of codes: the words its law uses, beside the policy's codelists."""

from enum import StrEnum


class Method(StrEnum):
    """How a supplier is found (采购方式)."""

    OPEN_TENDER = "open_tender"
    """公开招标"""
    INVITED_TENDER = "invited_tender"
    """邀请招标"""
    COMPETITIVE_CONSULTATION = "competitive_consultation"
    """竞争性磋商, announced to everybody"""
    COMPETITIVE_NEGOTIATION = "competitive_negotiation"
    """竞争性谈判, announced to everybody"""
    SINGLE_SOURCE = "single_source"
    """单一来源"""


class Ground(StrEnum):
    """Why a purchase is closed to some (6.1(6)): the policy knows two grounds only."""

    TECHNICAL_COMPLEXITY = "technical_complexity"
    """技术复杂"""
    SPECIAL_NATURE = "special_nature"
    """性质特殊"""


class PurchaseKind(StrEnum):
    """What is bought (6.1(5))."""

    PROJECT = "project"
    """项目"""
    POST = "post"
    """岗位"""


class BudgetKind(StrEnum):
    """What a budget line pays for; which of them count as personnel is a dated figure."""

    PAY = "pay"
    """薪酬待遇"""
    TRAINING = "training"
    """培训"""
    SOCIAL_INSURANCE = "social_insurance"
    """社会保险"""
    HOUSING_FUND = "housing_fund"
    """住房公积金"""
    ACCIDENT_INSURANCE = "accident_insurance"
    """意外伤害保险"""
    ACTIVITY = "activity"
    """活动经费"""
    MATERIALS = "materials"
    """物资"""
    MANAGEMENT = "management"
    """管理费"""
    TAX = "tax"
    """税费"""
    OTHER = "other"
    """其他"""


class Measure(StrEnum):
    """What a condition or a score factor looks at.

    The first three are the heads of 6.1(8); the next are conditions of the law; the rest are what
    the law forbids as condition or factor, listed so that a refusal can name them.
    """

    STAFFING = "staffing"
    """社会工作专业人才配备"""
    POSTS = "posts"
    """社会工作岗位设置"""
    CAPACITY_AND_RESULTS = "capacity_and_results"
    """机构管理服务能力与成效"""
    SERVICE_PLAN = "service_plan"
    """服务方案"""
    PRICE = "price"
    """投标报价"""
    LEGAL_STANDING = "legal_standing"
    """法定资格"""
    EVALUATION_GRADE = "evaluation_grade"
    """评估等级"""

    REGISTERED_CAPITAL = "registered_capital"
    """注册资本"""
    TOTAL_ASSETS = "total_assets"
    """资产总额"""
    INCOME = "income"
    """营业收入"""
    STAFF_NUMBER = "staff_number"
    """从业人员数量"""
    PROFIT = "profit"
    """利润"""
    TAX_PAID = "tax_paid"
    """纳税额"""
    REGIONAL_AWARD = "regional_award"
    """特定区域或行业的奖项、业绩"""
    OWNERSHIP = "ownership"
    """所有制形式"""
    SEAT = "seat"
    """所在地"""


class Grade(StrEnum):
    """The grades of the evaluation of social organisations (评估等级), best first."""

    A5 = "5A"
    A4 = "4A"
    A3 = "3A"
    A2 = "2A"
    A1 = "1A"

    def at_least(self, other: "Grade") -> bool:
        return int(self.value[0]) >= int(other.value[0])


class Stage(StrEnum):
    """The two evaluations of a purchased service."""

    MID = "mid"
    """中期"""
    FINAL = "final"
    """末期"""


class Result(StrEnum):
    """What an evaluation of a purchased service concludes."""

    EXCELLENT = "excellent"
    """优秀"""
    GOOD = "good"
    """良好"""
    BASIC = "basic"
    """基本合格"""
    FAILED = "failed"
    """不合格"""
