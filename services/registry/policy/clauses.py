"""The clauses that the registry puts into effect, named by what they demand."""

from shared.codelists import HUIJI_62
from shared.policy import Clause
from shared.words import Text

REGISTRATION_RULES = "民办非企业单位登记管理暂行条例"
LICENSING_LAW = "行政许可法"
NAME_ORDER = "社会组织名称管理办法（民政部令第69号）"
REGISTRATION_ORDER = "民办非企业单位登记暂行办法（民政部令第18号）"
INSPECTION_ORDER = "民办非企业单位年度检查办法（民政部令第27号）"
CREDIT_CODE_STANDARD = "GB 32100-2015"
CERTIFICATE_NOTICE = "民发〔2009〕44号"
MODEL_CHARTER = "民办非企业单位章程示范文本"
OFFICE_PRACTICE = "经办、审核、审批分岗制度"

# Section five of the policy: the five conditions of direct registration.

COMMUNITY_SERVICE = Clause(
    HUIJI_62,
    "5.1(1)",
    Text(
        zh="属于城乡社区服务类民办社会工作服务机构",
        en="The agency is of the urban and rural community service kind",
    ),
)
PROPER_NAME_AND_STRUCTURE = Clause(
    HUIJI_62,
    "5.1(2)",
    Text(
        zh="有规范的名称和组织架构，章程明确社会工作服务宗旨、范围和方式",
        en="A proper name and structure, and a charter that states purpose, scope and methods",
    ),
)
QUALIFIED_THIRD = Clause(
    HUIJI_62,
    "5.1(3)",
    Text(
        zh="专职工作人员中三分之一以上取得社会工作者职业水平证书或社会工作专业本科及以上学历",
        en="At least one third of the full-time staff have obtained a social-worker certificate, "
        "or a bachelor's or higher education in social work",
    ),
)
SEAT_AND_MEANS = Clause(
    HUIJI_62,
    "5.1(4)",
    Text(
        zh="有固定的住所、合法的资产和经费来源",
        en="A fixed seat, lawful assets and lawful sources of money",
    ),
)
OWN_LIABILITY = Clause(
    HUIJI_62,
    "5.1(5)",
    Text(zh="能够独立承担民事责任", en="It can bear civil liability by itself"),
)
DUAL_MANAGEMENT = Clause(
    HUIJI_62,
    "5.1",
    Text(
        zh="不直接登记的，须先经业务主管单位同意",
        en="Without direct registration, a supervising unit must consent first",
    ),
)

# Sections three, four and six of the policy.

SERVICE_METHODS = Clause(
    HUIJI_62,
    "1.1a",
    Text(
        zh="开展困难救助等八类服务，至少一类",
        en="It works by at least one of the eight service methods",
    ),
)
TALENT_MOVES = Clause(
    HUIJI_62,
    "3.2(6)",
    Text(
        zh="建立健全人才的培养、评价、使用、流动、激励机制",
        en="Talent is trained, appraised, employed, moves and is rewarded: a worker's record "
        "survives a change of employer",
    ),
)
SEPARATE_BODIES = Clause(
    HUIJI_62,
    "4.3(3)",
    Text(
        zh="健全理事会、监事会制度，二者成员不得兼任",
        en="A council and a board of supervisors; a member of one is never in the other",
    ),
)
PARTY_ORGANISATION = Clause(
    HUIJI_62,
    "4.5(1)",
    Text(
        zh="专职和长期兼职人员中有正式党员三人以上的，必须建立党组织",
        en="With three or more full Party members among full-time and long-term part-time staff, "
        "a Party organisation must exist",
    ),
)
ONE_WORKER_PER_COMMUNITY = Clause(
    HUIJI_62,
    "6.1(2)",
    Text(zh="大力推进“一社区一社工”", en="One social worker in every community"),
)
TWO_PASSES = Clause(
    HUIJI_62,
    "6.1(7)",
    Text(
        zh="连续两年年度检查为合格",
        en="The two newest annual inspections in which it was due were passed",
    ),
)
PERFORMANCE_FED_BACK = Clause(
    HUIJI_62,
    "6.1(9)",
    Text(
        zh="建立健全评价结果反馈应用与奖惩机制",
        en="Results of performance evaluation are fed back and used",
    ),
)
LAWFUL_SUPERVISION = Clause(
    HUIJI_62,
    "5.2(1)",
    Text(
        zh="加强对培训督导、履行章程、开展活动、使用资金情况的监督管理",
        en="Training, charter, activities and use of money are supervised",
    ),
)

# The law around the policy.

TOLD_ONCE = Clause(
    LICENSING_LAW,
    "32",
    Text(
        zh="材料不齐的，当场或五个工作日内一次告知；逾期不告知的，自收到之日起即为受理",
        en="What is missing is told once, within five working days; silence accepts from the day "
        "of receipt",
    ),
)
DECIDED_IN_TIME = Clause(
    REGISTRATION_RULES,
    "11",
    Text(
        zh="自收到全部有效文件之日起六十日内作出决定",
        en="The decision is made within sixty days of all valid documents",
    ),
)
GROUNDS_OF_REFUSAL = Clause(
    REGISTRATION_RULES,
    "11(二)",
    Text(
        zh="有法定五种情形之一的，不予登记，并说明理由",
        en="Registration is refused on one of five grounds, with the reason told",
    ),
)
FILED_DOCUMENTS = Clause(
    REGISTRATION_RULES,
    "9",
    Text(zh="申请登记须提交的文件", en="The documents that an application must hold"),
)
REGISTERED_ITEMS = Clause(
    REGISTRATION_RULES,
    "12",
    Text(
        zh="登记名称、住所、宗旨和业务范围、法定代表人、开办资金、业务主管单位",
        en="Registered are name, seat, purpose and scope, head, opening funds, supervising unit",
    ),
)
CERTIFICATE_IN_TIME = Clause(
    LICENSING_LAW,
    "44",
    Text(
        zh="自决定之日起十个工作日内颁发、送达证书",
        en="The certificate is handed over within ten working days of the decision",
    ),
)
PROPER_NAME = Clause(
    NAME_ORDER,
    "R-08",
    Text(
        zh="名称由行政区划、字号、行（事）业领域、组织形式依次构成，不得使用“中国”“全国”“中华”",
        en="A name is division, trade name, field and form, in this order, without 中国, 全国, 中华",
    ),
)
ONE_NAME = Clause(
    NAME_ORDER,
    "R-08(一)",
    Text(zh="名称不得与已登记的重复", en="A name on the register is not given a second time"),
)
NON_STATE_ASSETS = Clause(
    REGISTRATION_ORDER,
    "R-07",
    Text(
        zh="非国有资产份额不得低于总财产的三分之二",
        en="At least two thirds of the assets are not the state's",
    ),
)
NO_BRANCHES = Clause(
    REGISTRATION_RULES,
    "13",
    Text(zh="不得设立分支机构", en="Branches may not be set up"),
)
CHARTER_CHANGE_IN_TIME = Clause(
    REGISTRATION_RULES,
    "15",
    Text(
        zh="自同意（直接登记的：理事会决议）之日起三十日内申请变更",
        en="A change is applied for within thirty days of the consent (direct registration: of "
        "the council's resolution)",
    ),
)
CANCELLED_AFTER_LIQUIDATION = Clause(
    REGISTRATION_RULES,
    "16",
    Text(
        zh="清算结束之日起十五日内申请注销，收缴登记证书、印章",
        en="Cancellation is applied for within fifteen days after the liquidation; certificate and "
        "seal are taken in",
    ),
)
INSPECTION_DUE = Clause(
    REGISTRATION_RULES,
    "23",
    Text(
        zh="每年三月三十一日前报业务主管单位初审，五月三十一日前报登记管理机关年检",
        en="The yearly report is with the supervising unit by 31 March and with the registrar by "
        "31 May",
    ),
)
TOO_YOUNG_TO_INSPECT = Clause(
    INSPECTION_ORDER,
    "3",
    Text(
        zh="截至被检查年度十二月三十一日成立未满六个月的，不参加年检",
        en="Founded not more than six months before 31 December of the year: not inspected",
    ),
)
THREE_CONCLUSIONS = Clause(
    INSPECTION_ORDER,
    "R-17",
    Text(
        zh="结论分合格、基本合格、不合格，并予以公告",
        en="The conclusion is pass, basic pass or fail, and is announced",
    ),
)
STATE_CODE = Clause(
    CREDIT_CODE_STANDARD,
    "3.1",
    Text(
        zh="统一社会信用代码由国家系统赋予：登记管理部门5，机构类别2，行政区划410108，校验正确",
        en="The credit code comes from the national system: department 5, kind 2, division 410108, "
        "with right check digits",
    ),
)
CERTIFICATE_REGISTERED = Clause(
    CERTIFICATE_NOTICE,
    "R-27",
    Text(
        zh="职业水平证书每三年登记一次",
        en="The certificate is registered anew every three years",
    ),
)
COUNCIL_SIZE = Clause(
    MODEL_CHARTER,
    "R-28",
    Text(zh="理事三至二十五人，为奇数", en="Three to twenty-five council members, an odd number"),
)
THREE_PEOPLE = Clause(
    OFFICE_PRACTICE,
    "三步",
    Text(
        zh="经办、审核、审批由不同的人办理",
        en="Handling, review and approval are done by different people",
    ),
)
