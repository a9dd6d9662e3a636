"""The names of the events that the registry tells: its public vocabulary."""

from services.registry.agencies.lifecycle import AGENCY
from services.registry.applications.lifecycle import APPLICATION
from services.registry.inspections.lifecycle import INSPECTION
from services.registry.people.lifecycle import POST, WORKER
from services.registry.sites.lifecycle import POSTING, SITE

LIFECYCLES = (APPLICATION, AGENCY, WORKER, POST, SITE, POSTING, INSPECTION)

EVENTS = (
    *(event for lifecycle in LIFECYCLES for event in lifecycle.events),
    "application.changed",
    "application.overdue",
    "application.term-recounted",
    "agency.bodies-seated",
    "agency.charter-amended",
    "agency.party-organisation-founded",
    "agency.performance-recorded",
    "worker.updated",
    "worker.qualified",
    "calendar.notice-loaded",
    "wage-reference.published",
)
