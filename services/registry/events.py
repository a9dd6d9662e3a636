"""The events that the registry tells: its public vocabulary."""

from services.registry.agencies.lifecycle import AGENCY
from services.registry.applications.lifecycle import APPLICATION
from services.registry.inspections.lifecycle import INSPECTION
from services.registry.people.lifecycle import POST, WORKER
from services.registry.sites.lifecycle import POSTING, SITE

LIFECYCLES = (APPLICATION, AGENCY, WORKER, POST, SITE, POSTING, INSPECTION)

CHANGES = {
    "application.changed": "founders replaced what they had filed",
    "application.overdue": "the sixty days passed without a decision (R-02)",
    "application.term-recounted": "a provisional term was counted anew after a notice",
    "agency.bodies-seated": "a council and a board of supervisors were seated",
    "agency.charter-amended": "a change of the charter was approved",
    "agency.party-organisation-founded": "a Party organisation covers the agency (4.5(1))",
    "agency.performance-recorded": "an evaluation of a project was taken into its standing",
    "worker.updated": "a worker's record was brought up to date",
    "worker.qualified": "a worker obtained a certificate or an education",
    "calendar.notice-loaded": "a year's notice of days off was loaded, with its days",
    "wage-reference.published": "a year's average pay was recorded",
}
"""Told without a move: changes, and things that are no aggregate."""

TOLD = (*(event for lifecycle in LIFECYCLES for event in lifecycle.events), *CHANGES)

HEARD = {
    "evaluation": ("performance.concluded",),
    "incubator": ("residency.graduated",),
}
