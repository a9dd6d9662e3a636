"""Every wall is seen to break when somebody walks through it."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.house import ROOT

CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text())
WALLS = [contract["name"] for contract in CONFIG["tool"]["importlinter"]["contracts"]]

# A file and the line that, put at its end, walks through the wall.
VIOLATIONS = {
    "Services never import each other": (
        "services/registry/settings.py",
        "import services.incubator.settings",
    ),
    "shared knows no service and no gateway": ("shared/words.py", "import gateway.settings"),
    "The gateway reaches services by address, not by import": (
        "gateway/routing.py",
        "import services.registry.settings",
    ),
    "Rules, lifecycles and policy are plain Python": ("shared/lifecycle.py", "import httpx"),
    "The sealed-bid format is bytes in, bytes out": (
        "shared/sealing/__init__.py",
        "import httpx",
    ),
    "Inside a slice, imports point inwards": (
        "services/registry/applications/rules.py",
        "import services.registry.applications.models",
    ),
    "Procurement's slices follow the order of the business": (
        "services/procurement/needs/rules.py",
        "import services.procurement.contracts.rules",
    ),
    "SQL is written in queries and models": (
        "services/registry/applications/actions.py",
        "import sqlalchemy",
    ),
    "Registry's slices follow the order of the business": (
        "services/registry/agencies/rules.py",
        "import services.registry.standing.schemas",
    ),
    "Evaluation's slices follow the order of the business": (
        "services/evaluation/schemes/rules.py",
        "import services.evaluation.assessments.rules",
    ),
    "Incubator's slices follow the order of the business": (
        "services/incubator/bases/rules.py",
        "import services.incubator.residencies.rules",
    ),
    "bidkit imports the format and an HTTP client, nothing of the services": (
        "shared/bidkit/__init__.py",
        "import shared.work",
    ),
}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The linter's words on a copy of the house with every wall broken."""
    copy: Path = tmp_path_factory.mktemp("house")
    for part in ("services", "gateway", "shared"):
        shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    for path, line in VIOLATIONS.values():
        with (copy / path).open("a") as file:
            file.write(f"\n{line}\n")
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


def test_there_is_a_violation_for_every_wall():
    assert set(VIOLATIONS) == set(WALLS)


@pytest.mark.parametrize("wall", WALLS)
def test_the_wall_is_seen_to_break(report, wall):
    assert f"{wall} BROKEN" in report
