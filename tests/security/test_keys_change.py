"""The keys that tokens are signed with change while everybody goes on calling, and nobody is refused."""

import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from gateway.settings import GatewaySettings
from shared.signing_keys import key_files, make_key, retire_key
from tests.security.test_tokens import BEHIND, ROUND, bearing
from tests.support.forgery import unfolded
from tests.support.suite import RunningSuite, eventually, running_suite

PLACES = [*BEHIND, *ROUND]
SETTLES = timedelta(seconds=GatewaySettings.model_fields["key_settling_seconds"].default)
PUBLISHED_BEFORE = timedelta(seconds=6)
"""Longer than the five seconds within which every service has heard of a key."""


@pytest.fixture(scope="module")
def changing() -> Iterator[RunningSuite]:
    """A suite of its own: the tokens of all other tests would end with the key that signed them."""
    with tempfile.TemporaryDirectory(prefix="huishe-") as folder:
        Path(folder).chmod(0o711)
        make_key(Path(folder) / "run" / "gateway-keys", datetime.now(UTC) - timedelta(days=90))
        with running_suite(Path(folder)) as it:
            yield it


@dataclass
class Callers:
    """Whoever asks for a token and uses it everywhere, again and again."""

    suite: RunningSuite
    answers: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    """How often a place gave an answer to a token of a key."""
    broken: list[BaseException] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def call(self) -> None:
        try:
            while not self.ended.wait(0.05):  # the pace of a caller, and no wait for anything
                token = fetched(self.suite)
                for place in PLACES:
                    status = bearing(self.suite, place, token).status_code
                    self.answers[kid_of(token), place, status] += 1
        except (httpx.HTTPError, AssertionError) as problem:
            self.broken.append(problem)

    def reached(self, kid: str) -> bool:
        """Whether every place has answered to a token of this key."""
        return {place for used, place, _ in list(self.answers) if used == kid} == set(PLACES)


@contextmanager
def calling(suite: RunningSuite) -> Iterator[Callers]:
    callers = Callers(suite)
    threads = [threading.Thread(target=callers.call) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield callers
    finally:
        callers.ended.set()
        for thread in threads:
            thread.join()


def fetched(suite: RunningSuite) -> str:
    answer = suite.ask_for_token("auditor")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


def kid_of(token: str) -> str:
    return str(unfolded(token, 0)["kid"])


def published(suite: RunningSuite) -> set[str]:
    return {key["kid"] for key in suite.http.get("/oauth/jwks.json").json()["keys"]}


def test_a_key_is_published_settles_signs_and_is_retired_and_no_call_is_refused(
    changing: RunningSuite,
) -> None:
    keys = changing.folder / "gateway-keys"
    [old] = key_files(keys)
    with calling(changing) as callers:
        eventually(lambda: callers.reached(old), "all have answered to the old key")

        new = make_key(keys, datetime.now(UTC) - SETTLES + PUBLISHED_BEFORE)
        eventually(lambda: published(changing) == {old, new}, "the new key is published")
        last_of_old = fetched(changing)
        assert kid_of(last_of_old) == old
        eventually(lambda: callers.reached(new), "all have answered to the new key", 20)
        assert bearing(changing, ROUND[0], last_of_old).status_code == 200

        retire_key(keys, old)
        eventually(
            lambda: all(bearing(changing, p, last_of_old).status_code == 401 for p in PLACES),
            "the retired key is taken nowhere",
            5,
        )
        seen = sum(callers.answers.values())
        eventually(lambda: sum(callers.answers.values()) > seen + 20, "they go on calling")

    assert callers.broken == []
    assert {status for _, _, status in callers.answers} == {200}
