"""The clauses that procurement puts into effect, named by what they demand.

A number that begins with `P-` stands for a rule whose order is known and whose article has not
been confirmed against the text.
"""

from shared.codelists import HUIJI_62
from shared.policy import Clause
from shared.words import Text

PROCUREMENT_LAW = "政府采购法"
REGULATION = "政府采购法实施条例"
ORDER_74 = "财政部令第74号"
ORDER_87 = "财政部令第87号"
ORDER_102 = "财政部令第102号"
CONSULTATION_214 = "财库〔2014〕214号"


def _policy(number: str, zh: str, en: str) -> Clause:
    return Clause(HUIJI_62, number, Text(zh=zh, en=en))


def _law(number: str, zh: str, en: str) -> Clause:
    return Clause(PROCUREMENT_LAW, number, Text(zh=zh, en=en))


def _regulation(number: str, zh: str, en: str) -> Clause:
    return Clause(REGULATION, number, Text(zh=zh, en=en))


def _order_87(number: str, zh: str, en: str) -> Clause:
    return Clause(ORDER_87, number, Text(zh=zh, en=en))


# --- the policy ---------------------------------------------------------------------------------

SERVICE_METHODS = _policy(
    "1.1a",
    "综合运用困难救助等八种专业方法",
    "A purchased service uses at least one of the eight service methods",
)
DRIVEN_BY_NEEDS = _policy(
    "2.1(3)",
    "坚持问题导向、注重需求",
    "A purchase answers at least one recorded need of residents",
)
PERSONNEL_SHARE = _policy(
    "3.2(9)",
    "薪酬待遇、培训、社会保险等应不低于项目经费的60%",
    "Pay, training and social insurance are at least 60 % of the project's money",
)
INDUSTRY_BODIES_MAY_BID = _policy(
    "3.4(1)",
    "社会工作行业组织纳入政府购买社会工作服务对象范围",
    "Industry bodies are among those whose services may be bought",
)
REQUIRED_GRADE = _policy(
    "5.2(6)",
    "明确承接政府授权或委托项目应具备的等级要求",
    "The grade needed to take on a delegated or authorised project is stated",
)
COMMUNITY_SERVICE_AGENCIES = _policy(
    "6.1(1)",
    "主要面向城乡社区服务类社会工作服务机构",
    "Services are bought mainly from agencies of urban and rural community service",
)
PURCHASABLE_MATTERS = _policy(
    "6.1(4)",
    "社会救助、优抚安置、养老助残、社区服务、社会福利等事项实行政府购买",
    "What is bought is one of the five civil-affairs matters",
)
PROJECTS_AND_POSTS = _policy(
    "6.1(5)",
    "社会工作服务项目和岗位",
    "Projects and posts are bought; a post says how many people and where",
)
OPEN_BY_DEFAULT = _policy(
    "6.1(6)",
    "除技术复杂、性质特殊外，原则上均应通过公开竞争方式购买",
    "Open competition unless technically complex or special in nature",
)
PRIORITY = _policy(
    "6.1(7)",
    "获得3A级（含）以上评估等级且连续两年年度检查合格的机构优先",
    "Priority for agencies graded 3A or better with two consecutive annual inspections passed",
)
QUALIFICATION_HEADS = _policy(
    "6.1(8)",
    "将人才配备、岗位设置、管理服务能力与成效作为重要依据",
    "Staffing, posts, and capacity and results of management are what suppliers are chosen by",
)
RESULTS_FED_BACK = _policy(
    "6.1(9)",
    "建立健全评价结果反馈应用与奖惩机制",
    "Evaluated results are fed back, used, rewarded and punished",
)
SUPERVISED = _policy(
    "6.1(9)",
    "加强对政府购买社会工作服务的监督管理和绩效评价",
    "What is bought is supervised and its performance evaluated",
)
BY_CONTRACT = _policy(
    "6.1(10)",
    "确保依法、依约提供服务",
    "Service is by law and by contract",
)

# --- the law of government procurement ----------------------------------------------------------

SUPPLIER_CONDITIONS = _law(
    "22",
    "供应商应当具备的条件",
    "A supplier bears civil liability, has repute and capacity, pays taxes and insurance",
)
CLEAN_RECORD = _law(
    "22(5)",
    "参加采购活动前三年内经营活动中没有重大违法记录",
    "No grave illegal record in the three years before",
)
TAXES_AND_INSURANCE = _law(
    "22(4)",
    "有依法缴纳税收和社会保障资金的良好记录",
    "Taxes and social security are paid",
)
LEAVING_OPEN_TENDER = _law(
    "27",
    "因特殊情况需要采用公开招标以外方式的，应当在采购活动开始前获得批准",
    "Leaving open tender above its threshold is approved before the procedure starts",
)
INVITED_AT_RANDOM = _law(
    "34",
    "邀请招标随机选择三家以上供应商",
    "At least three suppliers, picked at random, are invited",
)
NOTICE_PERIOD = _law(
    "35",
    "自招标文件开始发出之日起至投标截止之日止，不得少于二十日",
    "At least twenty days from the issue of the tender file to the deadline",
)
ENOUGH_BIDDERS = _law(
    "36",
    "符合专业条件的供应商不足三家的应予废标",
    "A tender with fewer than three qualified suppliers fails",
)
WITHIN_BUDGET = _law(
    "36(3)",
    "投标人的报价均超过采购预算、采购人不能支付的应予废标",
    "A price above the published budget cannot be accepted",
)
SIGNED_IN_TIME = _law(
    "46",
    "自中标通知书发出之日起三十日内签订合同",
    "The contract is signed within thirty days of the notice, as tendered and bid",
)
CONTRACT_FILED = _law(
    "47",
    "合同自签订之日起七个工作日内备案",
    "A copy of the contract is filed within seven working days",
)

RECUSAL = _regulation(
    "9",
    "与供应商有利害关系的应当回避",
    "Whoever has an interest in a supplier steps aside",
)
EQUAL_TREATMENT = _regulation(
    "20",
    "不得以不合理的条件对供应商实行差别待遇或者歧视待遇",
    "No awards or results of one region or trade, ownership or seat as condition or bonus",
)
SINGLE_SOURCE_NOTICE = _regulation(
    "38",
    "单一来源采购应当公示不少于五个工作日",
    "Single sourcing is announced for at least five working days",
)
BID_BOND = _regulation(
    "33",
    "投标保证金不得超过采购项目预算金额的2%",
    "A bid bond is at most 2 % of the budget",
)
RANDOM_DRAW = _regulation(
    "39",
    "评审专家从专家库中随机抽取",
    "Experts are drawn at random from the pool",
)
REPORT_IN_TIME = _regulation(
    "43",
    "评审结束之日起二个工作日内送交评审报告，收到报告之日起五个工作日内按顺序确定，"
    "确定之日起二个工作日内公告",
    "Report in two working days, decision in five in the order recommended, notice in two",
)
WINNER_REFUSES = _regulation(
    "49",
    "中标人拒绝签订合同的，可以按顺序确定下一候选人或者重新采购",
    "When the winner refuses: the next candidate in order, or a new procedure",
)
CONTRACT_PUBLISHED = _regulation(
    "50",
    "自合同签订之日起二个工作日内公告合同",
    "The contract is published within two working days of its signing",
)

SCALE_IS_NO_CRITERION = _order_87(
    "17",
    "不得将注册资本、资产总额、营业收入、从业人员、利润、纳税额等规模条件作为资格要求或者评审因素",
    "Scale (capital, assets, income, staff number, profit, tax) is neither condition nor factor",
)
PANEL_COMPOSITION = _order_87(
    "47–49",
    "评标委员会成员人数为五人以上单数，评审专家不得少于三分之二",
    "A panel is odd, of five or more, two thirds of them experts; seven or more at ten million",
)
CONDITIONS_ARE_NO_FACTORS = _order_87(
    "55",
    "资格条件不得作为评审因素",
    "No item is both a condition of qualification and a factor of the score",
)
PRICE_WEIGHT = _order_87(
    "55（价格分值）",
    "服务项目价格分值占总分值的比重不得低于10%",
    "In services the price weighs at least 10 % of the score",
)
PRICE_SCORE = _order_87(
    "55（价格分）",
    "投标报价得分＝（评标基准价／投标报价）×100",
    "The lowest qualified price is the base; score = base / price × 100, by its weight",
)
RANKING = _order_87(
    "57",
    "按评审后得分由高到低顺序排列；得分相同的，按投标报价由低到高排列；均相同的并列",
    "Score down, then price up; equal in both are tied",
)
CONTRACT_TERM = Clause(
    ORDER_102,
    "P-29",
    Text(
        zh="合同履行期限一般不超过1年；内容相对固定、资金有保障、价格变化幅度小的不超过3年",
        en="At most one year; at most three when content, money and price are stable",
    ),
)
NEGOTIATION_PERIOD = Clause(
    ORDER_74,
    "P-25",
    Text(
        zh="自谈判文件发出之日起至提交首次响应文件截止之日止不得少于三个工作日",
        en="At least three working days from the issue of the documents to the first response",
    ),
)
CONSULTATION_PERIOD = Clause(
    CONSULTATION_214,
    "P-24",
    Text(
        zh="自磋商文件发出之日起至首次响应截止之日止不得少于十日",
        en="At least ten days from the issue of the documents to the first response",
    ),
)
CONSULTATION_WEIGHT = Clause(
    CONSULTATION_214,
    "24",
    Text(
        zh="服务项目的价格分值占总分值的比重为10%至30%",
        en="In a consultation on services the price weighs 10 to 30 % of the score",
    ),
)
