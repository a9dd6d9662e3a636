"""Days that come, and the moves they make."""

from services.evaluation.grades.actions import expire_grade
from services.evaluation.grades.queries import due_to_expire
from shared.worker import Deadline

DEADLINES = [Deadline("expire grades", due=due_to_expire, act=expire_grade)]
