"""HTTP, the same way in every service; routes import what they need from here."""

from shared.http.paging import Page, Paging, ThePaging
from shared.http.retirement import retiring
from shared.http.routes import (
    TheActor,
    TheWork,
    WorkRoute,
    allow,
    changing,
    discreet,
    keyed_by_content,
    open_to_all,
    raw_body,
    reading,
)
from shared.http.schemas import CreditCode, Line, MoneyText, Prose, Schema, View

__all__ = [
    "CreditCode",
    "Line",
    "MoneyText",
    "Page",
    "Paging",
    "Prose",
    "Schema",
    "TheActor",
    "ThePaging",
    "TheWork",
    "View",
    "WorkRoute",
    "allow",
    "changing",
    "discreet",
    "keyed_by_content",
    "open_to_all",
    "raw_body",
    "reading",
    "retiring",
]
