"""The clauses that the incubator puts into effect, named by what they demand.

Clauses of the district's policy carry its own numbers (三(一) is 3.1). No national law governs
incubators: what other places do (I-01 …, numbered as in the suite's clause table) is a default.
"""

from shared.codelists import HUIJI_62
from shared.policy import Clause
from shared.words import Text

LOCAL_PRACTICE = "各地孵化基地办法"

PRIORITY_FIRST = Clause(
    HUIJI_62,
    "2.1(2)",
    Text(
        zh="优先扶持发展满足重点人群和重点领域服务需求的机构",
        en="Agencies that serve priority groups and fields come first",
    ),
)
ONE_BASE = Clause(
    HUIJI_62,
    "2.2(3)",
    Text(
        zh="到2020年全区建立1个民办社会工作服务机构孵化基地",
        en="One incubator base for the district by 2020",
    ),
)
INSTRUMENTS = Clause(
    HUIJI_62,
    "3.1(1)",
    Text(
        zh="通过项目资助、补贴奖励、提供场所、减免费用等多种方式支持",
        en="Support by project funding, subsidy or reward, premises, and waiver of fees",
    ),
)
EARLY_STAGE = Clause(
    HUIJI_62,
    "3.1(2)",
    Text(
        zh="支持民办社会工作服务机构的启动成立和初期运作",
        en="Support is for the start and the early operation of an agency",
    ),
)
BUDGETED = Clause(
    HUIJI_62,
    "3.1(3)",
    Text(
        zh="基地的日常运营、工作管理、服务活动经费纳入财政预算",
        en="Daily operation, administration and service activities of the base are budgeted",
    ),
)
PRIORITY_GROUPS = Clause(
    HUIJI_62,
    "3.1(4)",
    Text(
        zh="优先孵化以七类重点服务对象为对象的机构",
        en="Agencies for the seven priority groups of clients come first",
    ),
)
PRIORITY_FIELDS = Clause(
    HUIJI_62,
    "3.1(5)",
    Text(
        zh="优先孵化以九个重点服务领域为领域的机构",
        en="Agencies in the nine priority fields come first",
    ),
)
MANAGEMENT_SYSTEMS = Clause(
    HUIJI_62,
    "3.1(6)",
    Text(
        zh="建立健全准入制度、工作机制、人员配置、资金使用等管理制度",
        en="Rules of admission, working mechanism, staffing and use of funds are in force",
    ),
)
SPECIAL_FUND = Clause(
    HUIJI_62,
    "6.2(2)",
    Text(
        zh="设立扶持发展专项资金",
        en="A special fund supports the agencies",
    ),
)
TENANCY_PERIOD = Clause(
    LOCAL_PRACTICE,
    "I-04",
    Text(zh="入驻期限一般为一年，可以延长", en="A stay lasts about a year and may be extended"),
)
MUST_REGISTER = Clause(
    LOCAL_PRACTICE,
    "I-02",
    Text(
        zh="拟登记的入驻机构应当及时申请登记",
        en="A tenant that is to be registered applies in time",
    ),
)
HAND_OVER = Clause(
    LOCAL_PRACTICE,
    "I-03",
    Text(
        zh="五个工作日内答复初审，退出通知后十五个工作日内办理移交",
        en="First check within 5 working days; hand-over within 15 after the notice to leave",
    ),
)
TWO_PEOPLE = Clause(
    "经办、审核、审批分岗制度",
    "1",
    Text(
        zh="经办、审核、审批由不同人员办理",
        en="Who proposes, who reviews and who approves are different people",
    ),
)
