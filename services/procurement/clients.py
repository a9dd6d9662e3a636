"""What procurement asks of other services, and only the part of the answer it relies on."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import Depends
from pydantic import BaseModel

from services.procurement.policy.codelists import Grade
from shared.clients import ServiceClient, client


class Inspection(BaseModel):
    """The conclusion of one year's annual inspection: `passed` (合格), `basic` or `failed`."""

    year: int
    conclusion: str


class Standing(BaseModel):
    """What the registry says an agency may do on a day."""

    credit_code: str
    name: str
    on: date
    registered: bool
    suspended: bool
    category: str
    two_consecutive_passes: bool
    inspections: list[Inspection]


class GradeHeld(BaseModel):
    """The grade that is valid on a day; `grade` is empty when there is none."""

    credit_code: str
    on: date
    grade: Grade | None
    valid_from: date | None = None
    valid_until: date | None = None
    law: str | None = None


class Term(BaseModel):
    """A term in working days by the registry's calendar."""

    ends_on: date
    provisional: bool


class RegistryClient(ServiceClient):
    """Asks the registry, by way of the gateway."""

    async def standing_of(self, credit_code: str, on: date) -> Standing | None:
        return await self.find(f"/registry/v1/agencies/{credit_code}/standing", Standing, on=on)

    async def term(self, start: date, working_days: int) -> Term:
        return await self.get(
            "/registry/v1/calendar/terms", Term, **{"from": start, "working_days": working_days}
        )


class EvaluationClient(ServiceClient):
    """Asks the evaluation service, by way of the gateway."""

    async def grade_of(self, credit_code: str, on: date) -> GradeHeld | None:
        return await self.find(f"/evaluation/v1/agencies/{credit_code}/grade", GradeHeld, on=on)


TheRegistry = Annotated[RegistryClient, Depends(client(RegistryClient))]
TheEvaluation = Annotated[EvaluationClient, Depends(client(EvaluationClient))]


@dataclass(frozen=True, slots=True)
class SupplierFacts:
    """What registry and evaluation say of one supplier on one day."""

    credit_code: str
    on: date
    standing: Standing | None
    grade: GradeHeld | None

    @property
    def grade_held(self) -> Grade | None:
        return self.grade.grade if self.grade else None

    @property
    def passed_twice(self) -> bool:
        return self.standing is not None and self.standing.two_consecutive_passes

    def as_dict(self) -> dict[str, Any]:
        """As it is kept with a verdict."""
        return {
            "on": self.on.isoformat(),
            "standing": self.standing.model_dump(mode="json") if self.standing else None,
            "grade": self.grade.model_dump(mode="json") if self.grade else None,
        }


async def facts_of_suppliers(
    registry: RegistryClient, evaluation: EvaluationClient, codes: Sequence[str], on: date
) -> Mapping[str, SupplierFacts]:
    """Ask both about each supplier; if either is silent, nothing is decided."""

    async def of(code: str) -> SupplierFacts:
        standing, grade = await asyncio.gather(
            registry.standing_of(code, on), evaluation.grade_of(code, on)
        )
        return SupplierFacts(code, on, standing, grade)

    return {code: await of(code) for code in codes}
