"""What officers watch is declared once for each service, in bounded words, and never tells of bids."""

import importlib
import re
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import select

from deploy.observability.dashboards import STATES, WORK
from shared.watched import Watched
from tests.architecture.house import ROOT, SERVICES, lifecycles

NOT_WATCHED = {
    "panel": "before the award it is the panel's own",
    "review": "it has one state",
    "scoresheet": "sealed until all are in",
    "seat": "who sits for which tender is secret before the award",
    "signing_key": "that somebody gets ready to bid is nobody's business",
}
"""Things with a lifecycle that no figure counts, and why."""
SECRET_BEFORE_THE_OPENING = {"bids", "openings"}
BOUNDED = {"service", "subject", "state", "work", "when", "of", "which"}


def module_of(service: str) -> ModuleType:
    return importlib.import_module(f"services.{service}.watched")


@cache
def watched_of(service: str) -> Watched:
    found: Watched = module_of(service).WATCHED
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_hands_its_worker_what_is_watched(service):
    app = importlib.import_module(f"services.{service}.app").app

    assert app.state.parts.watched is watched_of(service)


def test_every_thing_with_a_life_is_watched_or_has_a_reason_not_to_be():
    there = {subject for service in SERVICES for subject in lifecycles(service)}
    watched = {
        kind.lifecycle.subject for service in SERVICES for kind in watched_of(service).things
    }

    assert watched | set(NOT_WATCHED) == there
    assert not watched & set(NOT_WATCHED)


@pytest.mark.parametrize("service", SERVICES)
def test_no_label_can_grow_with_what_people_file(service):
    labels = {label for figure in watched_of(service).all_figures() for label in figure.labels}

    assert labels <= BOUNDED


@pytest.mark.parametrize("service", SERVICES)
def test_every_watched_thing_is_found_along_an_index(service):
    for kind in watched_of(service).things:
        table = kind.metadata.tables[kind.__tablename__]
        led = {column.name for index in table.indexes for column in list(index.columns)[:1]}
        assert "state" in led, kind.__name__


def test_nothing_that_is_watched_knows_of_bids():
    source = Path(str(module_of("procurement").__file__)).read_text()
    slices = set(re.findall(r"services\.procurement\.(\w+)", source))
    tables = {
        table.name
        for due in watched_of("procurement").due
        for table in select(due.day).where(due.open).get_final_froms()
    } | {kind.__tablename__ for kind in watched_of("procurement").things}

    assert not slices & SECRET_BEFORE_THE_OPENING
    assert not [name for name in tables if re.search(r"bid|commit|envelope|open", name)]


def test_whatever_is_due_has_a_name_on_the_officers_dashboard():
    assert set(WORK) == {due.work for service in SERVICES for due in watched_of(service).due}


@pytest.mark.parametrize("subject", STATES)
def test_every_state_has_a_name_on_the_officers_dashboard(subject):
    [table] = [found for s in SERVICES for name, found in lifecycles(s).items() if name == subject]

    assert set(STATES[subject]) == {state.value for state in table.states}


def test_the_document_of_watching_names_every_module():
    written = (ROOT / "deploy/README.md").read_text()

    assert "`services/<name>/watched.py`" in written
