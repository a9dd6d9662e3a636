"""The evaluation service, put together."""

from pathlib import Path

from services.evaluation.assessments.routes import router as assessments
from services.evaluation.committees.routes import router as committees
from services.evaluation.deadlines import DEADLINES
from services.evaluation.evaluators.routes import router as evaluators
from services.evaluation.grades.routes import agencies_router
from services.evaluation.grades.routes import router as grades
from services.evaluation.performance.routes import router as performance
from services.evaluation.reactions import REACTIONS
from services.evaluation.schemes.routes import router as schemes
from services.evaluation.settings import settings
from services.evaluation.watched import WATCHED
from shared.app import assemble
from shared.words import Text

app = assemble(
    "evaluation",
    title=Text(zh="评估", en="Evaluation"),
    description="How well it was done: the grades of agencies and the results of projects. "
    "机构等级评估与项目绩效评价。",
    routers=[schemes, evaluators, committees, assessments, agencies_router, grades, performance],
    settings=settings,
    reactions=REACTIONS,
    deadlines=DEADLINES,
    watched=WATCHED,
    examples=Path(__file__).with_name("examples.json"),
)
