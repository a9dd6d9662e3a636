"""The path for integrators, walked as it is written, and walked again with the Python client."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from gateway.integration.client import Asking, Huishe, Refused, Unreachable
from tests.support.suite import ROOT, RunningSuite

PATH = ROOT / "gateway" / "integration" / "README.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
BLOCKS = BLOCK.findall(PATH.read_text(encoding="utf-8"))
SHELL = [text for kind, text in BLOCKS if kind == "sh"]
SEEN = [text.splitlines() for kind, text in BLOCKS if kind == "text"]
MARK = "--- the end of block {} ---"


@pytest.fixture
def on_this_machine(tmp_path: Path) -> Path:
    """A folder of programs that stands first: the documents' python, and a curl where there is none."""
    (tmp_path / "bin").mkdir()
    if shutil.which("curl") is None:
        curl = tmp_path / "bin" / "curl"
        curl.write_text(f'#!/bin/sh\nexec {sys.executable} {ROOT}/tests/support/curl.py "$@"\n')
        curl.chmod(0o755)
    return tmp_path


def test_every_command_of_the_path_does_what_the_path_says(
    suite: RunningSuite, on_this_machine: Path
) -> None:
    assert len(SHELL) == len(SEEN) == 8
    usual = {"http://127.0.0.1:8080": suite.address_of("gateway"), "build/up": str(suite.folder)}
    script = "set -euo pipefail\ncurl() { command curl --noproxy '*' \"$@\"; }\n"
    if shutil.which("curl") is None:
        script = "set -euo pipefail\n"
    for number, text in enumerate(SHELL):
        for said, here in {**usual, ".venv/bin/python": sys.executable}.items():
            text = text.replace(said, here)
        script += f"{text}\necho; echo '{MARK.format(number)}'\n"

    done = subprocess.run(
        ["bash", "-c", f"cd {ROOT}\n{_in_folder(script, on_this_machine)}"],
        capture_output=True,
        text=True,
        timeout=180,
        env={"PATH": f"{on_this_machine / 'bin'}:/usr/bin:/bin", "LANG": "C.UTF-8"},
        check=False,
    )

    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    rest = done.stdout
    for number, seen in enumerate(SEEN):
        told, rest = rest.split(MARK.format(number), 1)
        for line in seen:
            assert line.lower() in told.lower(), f"block {number}: {line}\n{told[-1500:]}"


def _in_folder(script: str, folder: Path) -> str:
    """What the path writes down for a moment is written elsewhere than in the repository."""
    for name in ("token.json", "first.json", "first.head", "draft.txt"):
        script = script.replace(name, str(folder / name))
    return script


def test_the_sandbox_is_started_as_the_path_says() -> None:
    [started] = [text for kind, text in BLOCKS if kind == "console"]
    makefile = (ROOT / "Makefile").read_text()

    assert started.split()[-2:] == ["make", "up"]
    assert "\nup: setup" in makefile
    assert "python -m deploy.local up" in makefile


def test_the_program_of_the_path_runs_against_a_client_that_was_installed(
    suite: RunningSuite, tmp_path: Path
) -> None:
    """As an integrator has it: a package of its own, without anything of this repository."""
    copy = tmp_path / "client"
    shutil.copytree(ROOT / "gateway" / "integration" / "client", copy)
    offline = ["--no-build-isolation", "--no-deps", "--no-index", "--quiet"]
    subprocess.run(
        [sys.executable, "-m", "pip", "install", *offline, "--target", tmp_path / "lib", copy],
        check=True,
        capture_output=True,
    )
    [program] = [text for kind, text in BLOCKS if kind == "python"]
    given = f'HUISHE = "{suite.address_of("gateway")}"\nSECRET = "{_secret(suite, "chenguang")}"\n'

    done = subprocess.run(
        [sys.executable, "-c", given + program.replace("my-platform", "chenguang")],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "lib"), "LANG": "C.UTF-8", "NO_PROXY": "*"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-3000:]
    assert "410108" in done.stdout
    assert "\nrefused\n" in done.stdout
    assert "policy-refused" in done.stdout
    assert re.search(r"^\d{1,5} (None|\S+)$", done.stdout, re.M), "entries of the feed"


def _secret(suite: RunningSuite, client_id: str) -> str:
    return str(suite._credentials[client_id]["secret"])


@pytest.fixture
def huishe(suite: RunningSuite):
    with Huishe(suite.address_of("gateway"), "chenguang", _secret(suite, "chenguang")) as it:
        yield it


def test_a_key_of_ones_own_gets_the_first_answer_again(huishe: Huishe) -> None:
    draft = {"legal_form": "legal_person"}

    first = huishe.registry.draft_application(draft, idempotency_key="the-first-of-mine-1")
    again = huishe.registry.draft_application(draft, idempotency_key="the-first-of-mine-1")

    assert again.body == first.body
    assert (first.replayed, again.replayed) == (False, True)
    assert first.request_id != again.request_id


def test_a_refusal_names_its_kind_fields_and_remedies(huishe: Huishe) -> None:
    with pytest.raises(Refused) as refused:
        huishe.registry.draft_application({"methods": ["magic"]})  # type: ignore[typeddict-item]

    assert refused.value.kind == "invalid-input"
    assert refused.value.errors[0]["pointer"] == "/methods/0"
    assert refused.value.errors[0]["remedy"]
    assert refused.value.trace_id


def test_a_stale_version_is_told_and_a_dry_run_changes_nothing(huishe: Huishe) -> None:
    draft = huishe.registry.draft_application({})

    dry = huishe.rehearse(huishe.registry.submit_application, draft.body["id"], if_match=draft.etag)
    with pytest.raises(Refused) as refused:
        huishe.registry.submit_application(draft.body["id"], if_match='"99"')

    assert (dry.body["dry"], dry.body["outcome"]) == (True, "refused")
    assert refused.value.kind == "precondition-failed"
    assert huishe.registry.read_application(draft.body["id"]).etag == draft.etag


def test_every_page_and_every_entry_comes_once(huishe: Huishe) -> None:
    codes = [one["code"] for one in huishe.every(huishe.registry.list_divisions, limit=7)]
    whole = huishe.registry.list_divisions(limit=200).body["items"]
    huishe.registry.draft_application({})
    positions = [entry["position"] for entry in huishe.follow(huishe.registry, wait=2, limit=3)]

    assert codes == [one["code"] for one in whole]
    assert positions == list(range(1, len(positions) + 1))
    assert positions


def test_what_is_public_is_read_without_a_client(suite: RunningSuite) -> None:
    with Huishe(suite.address_of("gateway")) as anybody:
        assert anybody.registry.list_codelists().status == 200
        with pytest.raises(Refused) as refused:
            anybody.registry.draft_application({})

    assert refused.value.kind == "unauthenticated"


# --- When things break: an answerer that does as it is told ----------------------------------------


class Wire:
    """What a gateway would answer, one after another; None breaks the connection."""

    def __init__(self, *answers: tuple[int, str, dict[str, str]] | None) -> None:
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth/token":
            return httpx.Response(200, json={"access_token": "t", "expires_in": 600})
        self.asked.append(request)
        answer = self.answers.pop(0)
        if answer is None:
            raise httpx.ReadError("broken off", request=request)
        status, kind, headers = answer
        problem = {"type": f"https://huishe.example/problems/{kind}", "detail": ""}
        return httpx.Response(status, json=problem if kind else {"id": "1"}, headers=headers)


def asking(wire: Wire, slept: list[float]) -> Asking:
    client = httpx.Client(transport=httpx.MockTransport(wire))
    return Asking("http://gateway", "me", "secret", http=client, sleep=slept.append)


OK = (201, "", {})


@pytest.mark.parametrize(
    "trouble",
    [
        (503, "unavailable", {"retry-after": "2"}),
        (503, "overloaded", {"retry-after": "2"}),
        (504, "upstream-timeout", {"retry-after": "2"}),
        (409, "still-running", {"retry-after": "2"}),
        (429, "too-many-requests", {"retry-after": "2"}),
    ],
    ids=lambda answer: answer[1],
)
def test_what_passes_is_asked_again_in_time_and_under_the_same_key(trouble) -> None:
    wire, slept = Wire(trouble, OK), []

    answer = asking(wire, slept).ask("POST", "/x", body={"a": 1}, keyed=True)

    assert answer.status == 201
    assert slept == [2.0]
    first, second = wire.asked
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    assert first.content == second.content


def test_a_broken_connection_is_asked_again_only_where_twice_does_no_harm() -> None:
    wire, slept = Wire(None, OK), []
    assert asking(wire, slept).ask("POST", "/x", keyed=True).status == 201
    assert 0.25 <= slept[0] <= 0.5

    wire = Wire(None, OK)
    with pytest.raises(Unreachable):
        asking(wire, []).ask("PUT", "/x", headers={"if-match": '"1"'}, again=False)
    assert len(wire.asked) == 1


@pytest.mark.parametrize(
    ("status", "kind"),
    [(409, "policy-refused"), (422, "invalid-input"), (507, "storage-full"), (500, "broken")],
)
def test_what_does_not_pass_by_itself_is_not_asked_again(status: int, kind: str) -> None:
    wire, slept = Wire((status, kind, {"retry-after": "1"}), OK), []

    with pytest.raises(Refused) as refused:
        asking(wire, slept).ask("POST", "/x", keyed=True)

    assert refused.value.kind == kind
    assert (len(wire.asked), slept) == (1, [])


def test_a_token_that_is_void_is_replaced_once() -> None:
    void = (401, "unauthenticated", {})
    wire = Wire(void, OK)
    assert asking(wire, []).ask("GET", "/x").status == 201

    wire = Wire(void, void, OK)
    with pytest.raises(Refused):
        asking(wire, []).ask("GET", "/x")
    assert len(wire.asked) == 2


def test_asking_ends() -> None:
    wire, slept = Wire(*[(503, "unavailable", {"retry-after": "1"})] * 9), []

    with pytest.raises(Refused):
        asking(wire, slept).ask("GET", "/x")

    assert (len(wire.asked), slept) == (5, [1.0] * 4)
