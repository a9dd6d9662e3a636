"""The suite with its databases on a server that it did not start: the example of deploy/README.md."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from shared.database.embedded import PROGRAMS, Cluster, throwaway_cluster
from tests.support.builders.registry import filing
from tests.support.suite import FREE_PORTS, ROOT, running_suite

RUNBOOK = (ROOT / "deploy/README.md").read_text()


def example(beginning: str) -> str:
    """The lines of the runbook that begin so."""
    found = re.search(rf"^ *```sh\n( *{beginning}.*?)^ *```", RUNBOOK, re.DOTALL | re.MULTILINE)
    assert found
    return found[1]


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    with throwaway_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="module")
def environment(server: Cluster) -> dict[str, str]:
    """Of a shell on this machine, told where the server is."""
    psql = f"{server.wheel / PROGRAMS}:{Path(sys.executable).parent}"
    return {
        "PATH": f"{psql}:{os.environ['PATH']}",
        "HOME": os.environ.get("HOME", "/"),
        "PGPASSWORD": server.password,
        **FREE_PORTS,
    }


def run(script: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-euc", script], cwd=ROOT, env=environment, text=True, capture_output=True
    )


@pytest.fixture(scope="module")
def settings(
    server: Cluster, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """What the example's steps before the start leave: databases, migrated, and who may use them."""
    folder = tmp_path_factory.mktemp("elsewhere")
    *before, start = example("PGHOST=").rstrip().splitlines()
    assert start.endswith("deploy.local up")
    script = (
        "\n".join(before)
        .replace("db.internal", "127.0.0.1")
        .replace("5432", str(server.port))
        .replace(" external", f" {folder}/external")
        .replace("deploy.local migrate", f"deploy.local migrate --folder {folder}/run")
    )
    done = run(script, environment)
    assert done.returncode == 0, done.stdout + done.stderr
    told = (folder / "external/runtime.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in told)


def test_the_suite_works_with_the_databases_elsewhere_and_starts_none(settings, tmp_path):
    with running_suite(tmp_path, **settings) as suite:
        drafted = suite.ask("startup", "POST", "/registry/v1/applications", filing())
        clock = suite.ask("administrator", "GET", "/sandbox/clock").json()
        later = datetime.fromisoformat(clock["now"]) + timedelta(days=30)
        moved = suite.ask("administrator", "POST", "/sandbox/clock", {"to": later.isoformat()})
        kept = suite.kept_by("registry")["application"]

    assert drafted.status_code == 201, drafted.text
    assert kept > 0
    assert moved.status_code == 200, moved.text
    assert datetime.fromisoformat(moved.json()["now"]) >= later
    told = (suite.folder / "environment/registry.env").read_text()
    assert settings["REGISTRY_DATABASE_URL"] in told
    assert not (suite.folder / "postgres").exists()


def test_one_can_go_back_to_the_copy_taken_before_an_upgrade(
    server, environment, settings, tmp_path
):
    superuser = {
        "PGHOST": "127.0.0.1",
        "PGPORT": str(server.port),
        "PGUSER": "postgres",
        "PGDATABASE": "postgres",
    }
    places = {"mkdir copy": f"mkdir {tmp_path}/copy", " copy/": f" {tmp_path}/copy/"}
    steps = [example("mkdir copy"), example("for part in [^\n]*\n *pg_restore")]
    for written, meant in places.items():
        steps = [step.replace(written, meant) for step in steps]
    copying, going_back = steps
    first, second = tmp_path / "before", tmp_path / "after"
    first.mkdir()
    second.mkdir()

    done = run(copying, {**environment, **superuser})
    assert done.returncode == 0, done.stderr
    with running_suite(first, **settings) as suite:
        before = suite.kept_by("registry")
        drafted = suite.ask("startup", "POST", "/registry/v1/applications", filing())
        assert drafted.status_code == 201, drafted.text
    done = run(going_back, {**environment, **superuser})
    assert done.returncode == 0, done.stderr

    with running_suite(second, **settings) as suite:
        after = suite.kept_by("registry")
        again = suite.ask("startup", "POST", "/registry/v1/applications", filing())
    assert after["application"] == before["application"]
    assert again.status_code == 201, again.text


def test_passwords_are_not_drawn_twice(environment, server, tmp_path):
    told = {"PGHOST": "127.0.0.1", "PGPORT": str(server.port), "HUISHE_SANDBOX": "true"}

    done = run(f"deploy/postgres/set_up.sh {tmp_path}", {**environment, **told})

    assert done.returncode == 1
    assert "not drawn twice" in done.stderr


def test_who_asks_for_tls_is_not_let_down(environment, settings, tmp_path):
    """The throwaway server has none: nothing may be sent to it in the clear."""
    migrators = {
        name.replace("_DATABASE", "_MIGRATOR_DATABASE"): url.replace("_runtime:", "_migrator:")
        for name, url in settings.items()
    }

    done = run(
        f"python -m deploy.local migrate --folder {tmp_path}/run",
        {**environment, **settings, **migrators, "PGSSLMODE": "require"},
    )

    assert done.returncode != 0
    assert "SSL" in done.stdout + done.stderr
