"""The answer is lost after the commit, and the client asks again: one row, one answer."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from uuid import uuid4

import httpx

from tests.support.errands import NEEDS, need
from tests.support.forms import Figure, Form
from tests.support.proxy import Proxy
from tests.support.reconciled import superuser
from tests.support.suite import RunningSuite
from tests.support.wires import Wired

CALLER = "street-officer"
CLIENTS = 4
NOT_YET = {409, 429, 503}
Ask = Callable[[httpx.AsyncClient], Awaitable[httpx.Response | None]]

_KEPT = """
    SELECT count(*) AS rows, count(DISTINCT title) AS titles,
           (SELECT count(*) FROM journal WHERE subject = 'need' AND subject_id = ANY($2)) AS told,
           (SELECT count(DISTINCT subject_id) FROM journal WHERE subject_id = ANY($2)) AS of_these,
           (SELECT count(*) FROM receipt WHERE key LIKE $1) AS receipts
    FROM need WHERE title LIKE $1"""


@dataclass
class Retries:
    """Clients that lose every answer at first, and then ask until they are answered."""

    suite: RunningSuite
    lossy: httpx.AsyncClient
    whole: httpx.AsyncClient
    name: str = field(default_factory=lambda: uuid4().hex[:12])
    answered: list[httpx.Response] = field(default_factory=list)
    _token: tuple[str, float] = ("", 0.0)

    async def lose(self, number: int) -> Ask:
        """Two at once, and neither hears what came of it."""
        ask = partial(self._ask, number)
        heard = await asyncio.gather(ask(self.lossy), ask(self.lossy))
        assert {None if one is None else one.status_code for one in heard} <= {None, 503}
        return ask

    async def ask_again(self, ask: Ask) -> None:
        """Two at once, until both are answered."""
        one, other = await asyncio.gather(self._until_answered(ask), self._until_answered(ask))
        assert one.status_code == other.status_code == 201, (one.text, other.text)
        assert one.content == other.content
        self.answered += [one, other]

    async def _until_answered(self, ask: Ask) -> httpx.Response:
        while True:
            answer = await ask(self.whole)
            if answer is not None and answer.status_code not in NOT_YET:
                return answer
            await asyncio.sleep(0.02)

    async def _ask(self, number: int, client: httpx.AsyncClient) -> httpx.Response | None:
        """The same request for the same number; None when the connection broke."""
        name = f"{self.name}-{number:06}"
        headers = {"authorization": f"Bearer {self._fresh_token()}", "idempotency-key": name}
        try:
            return await client.post(NEEDS, json=need(name), headers=headers)
        except httpx.TransportError:
            return None

    def _fresh_token(self) -> str:
        """Tokens last ten minutes, and the long form lasts longer."""
        token, until = self._token
        if time.monotonic() > until:
            token = self.suite.ask_for_token(CALLER).json()["access_token"]
            self._token = token, time.monotonic() + 300
        return token

    async def kept(self) -> dict[str, int]:
        ids = [answer.json()["id"] for answer in self.answered]
        async with superuser(self.suite, "procurement") as connection:
            return dict(await connection.fetchrow(_KEPT, f"{self.name}%", ids))


@asynccontextmanager
async def retries(suite: RunningSuite, door: Proxy) -> AsyncIterator[Retries]:
    options = {"timeout": 60, "trust_env": False}
    async with (
        httpx.AsyncClient(base_url=door.address, **options) as lossy,
        httpx.AsyncClient(base_url=suite.address_of("gateway"), **options) as whole,
    ):
        yield Retries(suite, lossy, whole)


def once_each(rounds: int) -> dict[str, int]:
    return dict.fromkeys(("rows", "titles", "told", "of_these", "receipts"), rounds)


async def test_an_answer_lost_on_its_way_to_the_client_is_given_again(
    wired: Wired, form: Form, figure: Figure
) -> None:
    rounds, numbers = form(short=300, long=10_000), count(1)
    wired.wires.door.break_off(0)

    async def client(its: Retries) -> None:
        while (number := next(numbers)) <= rounds:
            await its.ask_again(await its.lose(number))

    try:
        async with retries(wired.suite, wired.wires.door) as its:
            await asyncio.gather(*[client(its) for _ in range(CLIENTS)])
    finally:
        wired.wires.door.heal()

    replayed = [one for one in its.answered if one.headers.get("idempotent-replayed") == "true"]
    figure("rounds", rounds)
    figure("answers lost", 2 * rounds)
    figure("answers given again", len(replayed))
    assert len(replayed) == 2 * rounds, "each was lost after its commit, not before"
    assert await its.kept() == once_each(rounds)


async def test_an_answer_lost_between_service_and_gateway_is_given_again(
    wired: Wired, form: Form, figure: Figure
) -> None:
    rounds, wire = form(short=10, long=300), wired.wires.services["procurement"]

    async with retries(wired.suite, wired.wires.door) as its:
        for number in range(1, rounds + 1):
            wire.break_off(0)
            ask = await its.lose(number)
            wire.heal()
            await its.ask_again(ask)

    replayed = [one for one in its.answered if one.headers.get("idempotent-replayed") == "true"]
    figure("rounds", rounds)
    figure("answers given again", len(replayed))
    assert len(replayed) >= rounds
    assert await its.kept() == once_each(rounds)
