"""The last step of an application."""

from typing import Annotated

from fastapi import APIRouter

from services.registry.applications.models import Application
from services.registry.applications.schemas import ApplicationView
from services.registry.certificates import actions
from services.registry.certificates.schemas import CertificateDetails
from shared.http import TheWork, WorkRoute, allow, changing

router = APIRouter(prefix="/applications", tags=["applications"], route_class=WorkRoute)

ChangingApplication = Annotated[Application, changing(Application, "application_id")]


@router.post("/{application_id}/certificate", response_model=ApplicationView)
@allow("registrar")
async def issue_certificate(
    details: CertificateDetails, application: ChangingApplication, work: TheWork
) -> Application:
    """Hand over the certificate with its credit code, and register the agency."""
    return await actions.issue_certificate(work, application, details)
