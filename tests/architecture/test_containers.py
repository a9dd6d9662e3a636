"""What docker-compose.yml says fits the parts it starts; no container engine is asked."""

import importlib
import importlib.util
import json
import os
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from gateway.access import Figures
from gateway.cache import Cache
from gateway.configuration import CacheLimits
from gateway.settings import GatewaySettings
from shared.metrics import make_metrics
from shared.watched import Watch, Watched
from tests.architecture.house import ROOT, SERVICES
from tests.architecture.test_watched import watched_of

WRITTEN = (ROOT / "docker-compose.yml").read_text()
PREFIXES = tuple(f"{part.upper()}_" for part in ("gateway", *SERVICES))
OBSERVED = ROOT / "deploy/observability"


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What deploy/env/draw.sh draws."""
    file = tmp_path_factory.mktemp("drawn") / ".env"
    subprocess.run(["bash", "deploy/env/draw.sh", file], cwd=ROOT, check=True, capture_output=True)
    return dict(line.split("=", 1) for line in file.read_text().splitlines())


@pytest.fixture(scope="module")
def composed(secrets: dict[str, str]) -> dict[str, Any]:
    """The whole file as an engine would read it with those secrets."""
    read: dict[str, Any] = _filled(yaml.safe_load(WRITTEN), secrets)
    return read


def _filled(value: Any, secrets: dict[str, str]) -> Any:
    """With the secrets in their places, in whatever is text."""
    if isinstance(value, dict):
        return {name: _filled(inner, secrets) for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, secrets) for inner in value]
    if isinstance(value, str):
        return re.sub(r"\$\{(\w+):\?[^}]*\}", lambda found: secrets[found[1]], value)
    return value


@pytest.fixture
def settings_of(composed: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Any:
    """The settings that a container's process reads; a wrong value stops it as it would there."""

    def read(container: str) -> Any:
        for name in list(os.environ):
            if name.startswith(PREFIXES):
                monkeypatch.delenv(name)
        for name, value in composed["services"][container]["environment"].items():
            assert isinstance(value, str), f"{name} has to be a string"
            monkeypatch.setenv(name, value)
        part = re.split("-(?:migration|worker|clients)$", container)[0]
        if part == "gateway":
            return GatewaySettings()
        return importlib.import_module(f"services.{part}.settings").Settings()

    return read


def test_every_secret_that_is_asked_for_is_drawn_and_no_other(secrets):
    assert set(re.findall(r"\$\{(\w+)", WRITTEN)) == set(secrets)


@pytest.mark.parametrize("service", SERVICES)
def test_web_process_and_worker_of_a_service_are_apart_and_told_the_same(
    composed, settings_of, service
):
    web, worker = composed["services"][service], composed["services"][f"{service}-worker"]

    assert not settings_of(service).worker_inline
    assert settings_of(f"{service}-worker") == settings_of(service)
    assert worker["image"] == web["image"]
    assert worker["command"] == ["python", "-m", f"services.{service}.worker"]
    assert importlib.util.find_spec(f"services.{service}.worker")
    assert "command" not in web


@pytest.mark.parametrize("service", SERVICES)
def test_a_worker_answers_where_its_image_asks_for_its_health(settings_of, service):
    recipe = (ROOT / "deploy/docker/Dockerfile").read_text()
    told = settings_of(f"{service}-worker")

    assert f"http://127.0.0.1:{told.worker_port}/health/ready" in recipe
    assert told.bind_host == "0.0.0.0"


def test_only_the_migrations_know_the_owners_of_the_tables(composed):
    knowing = {
        name
        for name, container in composed["services"].items()
        if any("MIGRATOR" in variable for variable in container.get("environment", {}))
    }

    migrations = {f"{part}-migration" for part in ("gateway", *SERVICES)}
    assert knowing == migrations | {"postgres"}


@pytest.mark.parametrize("part", ["gateway", *SERVICES])
def test_the_addresses_of_a_database_are_those_that_are_made(composed, settings_of, secrets, part):
    told = settings_of(f"{part}-migration")
    place = f"@postgres:5432/huishe_{part}"

    for role, address in (
        ("runtime", told.database_url),
        ("migrator", told.migrator_database_url),
    ):
        password = secrets[f"{part.upper()}_{role.upper()}_PASSWORD"]
        assert address == f"postgresql+asyncpg://{part}_{role}:{password}{place}"


def test_the_gateway_finds_every_service_and_lets_it_in(composed, settings_of):
    clients = {c["client_id"]: c for c in json.loads(composed["configs"]["clients"]["content"])}
    upstreams = settings_of("gateway").upstreams

    assert set(upstreams) == set(SERVICES)
    for service in SERVICES:
        assert upstreams[service] == [f"http://{service}:8080"]
        told = settings_of(service)
        assert told.gateway_url == "http://gateway:8080"
        assert clients[told.client_id]["secret"] == told.client_secret.get_secret_value()
        assert clients[told.client_id]["roles"] == ["service"]


def test_the_database_has_room_for_every_pool_at_its_fullest(composed, settings_of):
    lasting = ["gateway", *SERVICES, *(f"{service}-worker" for service in SERVICES)]
    told = " ".join(composed["services"]["postgres"]["command"])
    room = int(re.search(r"max_connections=(\d+)", told)[1])

    # A pool may grow to twice its size; listening, relaying and openings have connections of their own.
    assert sum(2 * settings_of(name).database_pool + 3 for name in lasting) < room


def test_everything_a_container_refers_to_is_there(composed):
    containers = composed["services"]
    for name, container in containers.items():
        assert set(container.get("depends_on", {})) <= set(containers), name
        assert set(container["networks"]) <= set(composed["networks"]), name
        for mount in container.get("volumes", []):
            source = mount.split(":")[0]
            assert source in composed["volumes"] or (ROOT / source).exists(), mount
        for needed, how in container.get("depends_on", {}).items():
            ends = containers[needed].get("restart") == "no"
            assert ends == (how["condition"] == "service_completed_successfully"), name


def test_only_the_door_and_the_watch_are_open_and_only_to_this_machine(composed):
    open_to = {name: c["ports"] for name, c in composed["services"].items() if "ports" in c}

    assert set(open_to) == {"gateway", "prometheus", "grafana"}
    assert all(port.startswith("127.0.0.1:") for ports in open_to.values() for port in ports)
    assert all("outside" in composed["services"][name]["networks"] for name in open_to)


def test_every_process_that_lasts_is_watched(composed):
    watch = yaml.safe_load((OBSERVED / "prometheus.yml").read_text())
    [job] = watch["scrape_configs"]
    watched = {one["targets"][0]: one["labels"]["process"] for one in job["static_configs"]}

    lasting = {
        name
        for name, container in composed["services"].items()
        if container.get("image", "").startswith("huishe/") and container["restart"] != "no"
    }
    assert watched == {f"{name}:8080": name for name in lasting}


def figures_told() -> set[str]:
    """The names of everything that gateway, web process and worker count."""
    metrics = make_metrics("registry", ["read_agency"])
    own = {figure for service in SERVICES for figure in watched_of(service).figures}
    Watch(Watched(figures=sorted(own, key=lambda f: f.name)), "registry", metrics.registry)
    in_force = SimpleNamespace(refused=[], since=datetime.now(UTC))
    cache = Cache(CacheLimits(most_bytes=0, largest_bytes=0))
    upstreams = SimpleNamespace(services={}, in_flight=set())
    compat = SimpleNamespace(outcomes={})
    gateway = Figures(SERVICES, upstreams, SimpleNamespace(), in_force, cache, compat)
    told = [*metrics.registry.collect(), *gateway.registry.collect()]
    endings = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}
    return {family.name + ending for family in told for ending in endings[family.type]}


WATCHING = sorted([*OBSERVED.glob("rules/*.yml"), *OBSERVED.glob("grafana/dashboards/*.json")])


@pytest.mark.parametrize("file", WATCHING, ids=lambda file: file.name)
def test_every_figure_that_is_watched_is_told(file):
    asked = set(re.findall(r"\bhuishe_\w+", file.read_text()))

    assert asked
    assert asked <= figures_told()


def test_what_is_provisioned_is_where_it_is_looked_for(composed):
    mounts = dict(
        mount.split(":")[:2]
        for name in ("prometheus", "grafana")
        for mount in composed["services"][name]["volumes"]
    )
    inside = {target: Path(source) for source, target in mounts.items()}
    provider = yaml.safe_load((OBSERVED / "grafana/provisioning/dashboards/huishe.yml").read_text())

    assert provider["providers"][0]["options"]["path"] in inside
    assert (inside["/etc/prometheus/rules"] / "journal.yml").name in {
        file.name for file in OBSERVED.glob("rules/*.yml")
    }
