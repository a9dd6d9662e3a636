"""The clauses that evaluation puts into effect, named by what they demand.

Clauses of the district's policy carry its own numbers (五(二) is 5.2). The articles of the national
measures on rating have not been confirmed against their text, so their clauses are numbered as in
the suite's clause table (E-01 …): the README of this service prints it.
"""

from shared.codelists import HUIJI_62
from shared.policy import Clause
from shared.words import Text

RATING_MEASURES = "社会组织评估管理办法"
LOCAL_PRACTICE = "地方评估办法"

CAPACITIES_SCORED = Clause(
    HUIJI_62,
    "4.4(1)",
    Text(
        zh="战略谋划、项目运作、资源整合、创新发展、组织管理五种能力纳入评估",
        en="Strategy, project work, pooling of resources, innovation and management are scored",
    ),
)
THIRD_PARTY = Clause(
    HUIJI_62,
    "5.2(5)",
    Text(
        zh="推行第三方监督评估，强化项目考核",
        en="Evaluation is done by third parties; projects are appraised",
    ),
)
PROJECT_EVALUATED = Clause(
    HUIJI_62,
    "6.1(9)",
    Text(
        zh="加强绩效评价，建立评价结果反馈应用与奖惩机制",
        en="Performance is evaluated, and the result is fed back and used",
    ),
)
EVALUATION_BODIES = Clause(
    HUIJI_62,
    "6.1(11)",
    Text(
        zh="发展专业评估、咨询服务和督导培训机构提供技术支持",
        en="Evaluation, advisory and supervision-training bodies give technical support",
    ),
)
MAY_APPLY = Clause(
    RATING_MEASURES,
    "E-02",
    Text(
        zh="登记满规定年限、未曾评估或可再次评估的社会组织方可申请",
        en="An agency may apply once registered long enough, and if never rated or open to re-rating",
    ),
)
NOT_RATED = Clause(
    RATING_MEASURES,
    "E-03",
    Text(
        zh="有规定情形之一的，评估机构不予评估",
        en="An agency is not rated while one of the named bars stands",
    ),
)
COMMITTEE = Clause(
    RATING_MEASURES,
    "E-04",
    Text(
        zh="评估委员会由规定人数的委员组成，有任期",
        en="The evaluation committee has a set size and a term",
    ),
)
VOTE = Clause(
    RATING_MEASURES,
    "E-05",
    Text(
        zh="三分之二以上委员出席，记名投票，全体委员半数以上通过",
        en="Two thirds attend, the ballot is signed, more than half of all members carry it",
    ),
)
OBJECTION = Clause(
    RATING_MEASURES,
    "E-06",
    Text(
        zh="公示期内可提出异议，复核决定十五日内书面告知",
        en="Objections within the public notice; the re-check is told in writing within 15 days",
    ),
)
PUBLIC_NOTICE = Clause(
    RATING_MEASURES,
    "E-07",
    Text(zh="评估结果须先公示", en="A result is on public notice before it is announced"),
)
RECUSAL = Clause(
    RATING_MEASURES,
    "E-08",
    Text(
        zh="有利害关系或离开被评估组织不满二年的，应当回避",
        en="Whoever has an interest, or left the rated body less than two years ago, stands aside",
    ),
)
VALIDITY = Clause(
    RATING_MEASURES,
    "E-09",
    Text(zh="评估等级有效期五年", en="A grade is valid for five years"),
)
AFTER_THE_RATING = Clause(
    RATING_MEASURES,
    "E-11",
    Text(
        zh="被取消等级的，规定年限内不得申请评估",
        en="After a grade is cancelled an agency waits before it applies again",
    ),
)
CONTENTS = Clause(
    RATING_MEASURES,
    "E-14",
    Text(
        zh="民办非企业单位评估基础条件、内部治理、业务活动和诚信建设、社会评价",
        en="Foundations, governance, activity and integrity, and social evaluation are rated",
    ),
)
SCORE_SHEET = Clause(
    RATING_MEASURES,
    "E-15",
    Text(
        zh="评估总分1000分，四级指标，末级指标逐项评分并有依据",
        en="1000 points in four levels of indicator; each leaf is scored on evidence",
    ),
)
GRADE_LINES = Clause(
    LOCAL_PRACTICE,
    "E-17",
    Text(
        zh="等级分数线由评估方案规定，分段互不重叠",
        en="The scheme sets the grade lines; no score falls into two grades",
    ),
)
PROJECT_SCORE = Clause(
    LOCAL_PRACTICE,
    "E-20",
    Text(
        zh="项目绩效满分100分，分优秀、良好、基本合格、不合格",
        en="A project is scored out of 100: excellent, good, basic or failed",
    ),
)
COUNTS_NOT_NAMES = Clause(
    "个人信息保护法",
    "6",
    Text(
        zh="满意度只收集数量，不收集服务对象姓名",
        en="Satisfaction is collected as counts, never as names of clients",
    ),
)
INSPECTION_DAY = Clause(
    "民办非企业单位登记管理暂行条例",
    "23",
    Text(
        zh="每年5月31日前接受上年度检查",
        en="The inspection of a year is due by 31 May of the next",
    ),
)
