"""The compat profile as an old platform meets it: a key from the command line, its own signing, a whole suite."""

import hashlib
import hmac
import json
import os
import shlex
import subprocess
import sys
import time
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.support.suite import ROOT, RunningSuite


def gateway_command(suite: RunningSuite, *words: str) -> str:
    """As the administrator types it."""
    environment = suite.folder / "environment" / "gateway.env"
    line = f". {shlex.quote(str(environment))}; exec {shlex.join([sys.executable, '-m', 'gateway', *words])}"
    done = subprocess.run(
        ["sh", "-c", f"set -a; {line}"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.fixture(scope="module")
def key(suite: RunningSuite) -> str:
    return gateway_command(suite, "clients", "hmac-key", "hefeng")


def call(suite: RunningSuite, key: str, name: str, **given: Any) -> httpx.Response:
    """Written from the document alone, with nothing of ours."""
    body = json.dumps(given, ensure_ascii=False).encode()
    path, moment, nonce = f"/compat/v1/{name}", str(int(time.time())), uuid4().hex
    lines = ["HUISHE-COMPAT-1", "HMAC-SHA256", "hefeng", moment, nonce, "POST", path, ""]
    text = "\n".join([*lines, hashlib.sha256(body).hexdigest()])
    headers = {
        "X-Compat-Client": "hefeng",
        "X-Compat-Algorithm": "HMAC-SHA256",
        "X-Compat-Timestamp": moment,
        "X-Compat-Nonce": nonce,
        "X-Compat-Signature": hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest(),
        "Content-Type": "application/json; charset=utf-8",
    }
    return suite.http.post(path, headers=headers, content=body)


def test_an_old_platform_files_reads_and_files_no_second_time(
    suite: RunningSuite, key: str
) -> None:
    deed = {"body": {"purpose": "助人自助"}, "idempotency_key": f"old-{uuid4()}"}

    first = call(suite, key, "draft-application", **deed).json()
    again = call(suite, key, "draft-application", **deed).json()

    assert (first["code"], first["status"], first["data"]["purpose"]) == ("ok", 201, "助人自助")
    assert again["data"] == first["data"]
    assert (again["replayed"], "replayed" in first) == (True, False)
    seen = suite.ask("hefeng", "GET", f"/registry/v1/applications/{first['data']['id']}")
    assert seen.json() == first["data"], "it is the client's own, as if sent with a token"
    assert (
        suite.ask("yuanfan", "GET", f"/registry/v1/applications/{first['data']['id']}").status_code
        == 404
    )


def test_a_refusal_is_told_by_its_code_and_its_fields(suite: RunningSuite, key: str) -> None:
    answer = call(
        suite, key, "draft-application", body={"methods": ["magic"]}, idempotency_key="k" * 9
    )

    assert answer.status_code == 200
    told = answer.json()
    assert (told["code"], told["status"]) == ("invalid-input", 422)
    assert told["data"]["errors"][0]["pointer"] == "/methods/0"
    assert told["message"]


def test_pages_and_feeds_are_read_whole(suite: RunningSuite, key: str) -> None:
    agencies = call(suite, key, "agencies", query={"limit": 2}).json()
    events = call(suite, key, "registry-events", query={"after": 0, "limit": 3}).json()

    assert agencies["code"] == "ok"
    assert "items" in agencies["data"]
    assert [entry["position"] for entry in events["data"]["items"]][:1] in ([], [1])


def test_a_key_that_was_withdrawn_opens_nothing(suite: RunningSuite, key: str) -> None:
    assert call(suite, key, "agencies").status_code == 200
    gateway_command(suite, "clients", "hmac-key", "hefeng", "--withdraw")

    refused = call(suite, key, "agencies")

    assert refused.status_code == 401
    assert refused.json()["type"].endswith("/signature-refused")


def test_an_unknown_client_gets_no_key(suite: RunningSuite) -> None:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        gateway_command(suite, "clients", "hmac-key", "nobody-at-all")

    assert "没有该客户端" in failed.value.stderr or "no such client" in failed.value.stderr
