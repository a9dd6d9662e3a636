"""The alerts are in order and each is tried, without asking Prometheus; `make rules` asks promtool."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.observability.dashboards import DASHBOARDS, FOLDER, rendered
from tests.architecture.house import ROOT

OBSERVED = ROOT / "deploy/observability"
FILES = sorted((OBSERVED / "rules").glob("*.yml"))
SEVERITIES = {"critical", "warning", "info"}
BUDGETS = ("DoorBurns", "ServiceBurns", "AnswersSlow")


def rules_of(file: Path) -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(file.read_text())["groups"] for rule in group["rules"]]


ALERTS = {rule["alert"]: rule for file in FILES for rule in rules_of(file) if "alert" in rule}
RECORDS = {rule["record"]: rule for file in FILES for rule in rules_of(file) if "record" in rule}


def tried() -> list[tuple[str, bool]]:
    """Each alert that the tests of the rules expect to fire, or not to."""
    return [
        (case["alertname"], bool(case["exp_alerts"]))
        for file in FILES
        for test in yaml.safe_load((OBSERVED / "tests" / file.name).read_text())["tests"]
        for case in test.get("alert_rule_test", [])
    ]


def anchors(document: Path) -> set[str]:
    """The headings of a document, as one links to them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings
    }


def test_no_name_is_given_twice():
    names = Counter(
        rule.get("alert") or rule.get("record") for file in FILES for rule in rules_of(file)
    )

    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_says_how_bad_it_is_what_it_is_in_both_languages_and_where_to_read_on(name):
    alert = ALERTS[name]
    told = alert["annotations"]

    assert alert["labels"]["severity"] in SEVERITIES
    assert set(told) == {"summary", "summary_zh", "runbook"}
    assert re.search(r"[\u4e00-\u9fff]", told["summary_zh"])
    assert not re.search(r"[\u4e00-\u9fff]", told["summary"])
    document, _, heading = told["runbook"].partition("#")
    assert heading in anchors(ROOT / document)


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_is_seen_to_fire_and_seen_not_to(name):
    assert {(name, True), (name, False)} <= set(tried())


@pytest.mark.parametrize("name", [name for name in ALERTS if name.startswith(BUDGETS)])
def test_an_alert_about_a_share_asks_for_a_number_of_requests(name):
    """One error of three requests is no rate."""
    [(counted, least)] = re.findall(r"and (huishe:\w+:increase\w+) > (\d+)$", ALERTS[name]["expr"])

    assert counted in RECORDS
    assert int(least) >= 50


def test_every_recorded_name_that_is_asked_for_is_recorded():
    asked = [rule["expr"] for rule in (*ALERTS.values(), *RECORDS.values())]
    asked += [
        expr for board in DASHBOARDS for panel in board.panels for expr in panel.asks.values()
    ]

    assert set(re.findall(r"\bhuishe:\w+(?::\w+)?", "\n".join(asked))) == set(RECORDS)


def test_the_dashboards_are_what_is_written_in_python():
    written = {f"{board.name}.json": rendered(board) for board in DASHBOARDS}

    assert {path.name: path.read_bytes() for path in FOLDER.glob("*.json")} == written


def test_prometheus_is_told_of_every_file():
    [pattern] = yaml.safe_load((OBSERVED / "prometheus.yml").read_text())["rule_files"]

    assert sorted(OBSERVED.glob(pattern)) == FILES
