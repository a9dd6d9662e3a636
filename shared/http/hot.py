"""Hot reads: the few answers that everybody waits for, without the machinery of the ordinary ones.

An ordinary read costs its caller a framework, a session and a mapper: five to ten times what its
statement costs. That is well spent wherever people decide something. A hot read is one statement
over the driver and one view, the same view, so that its bytes are those of the ordinary answer.

Only the plain case is answered here: a GET of one thing, without query or condition, that is there
and that the caller may see. Everything else, and whatever goes wrong, takes the ordinary way and is
told there. So nothing is decided here, and taking a read off its service's list changes no answer.
"""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
import orjson
from asyncpg.pool import PoolConnectionProxy
from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import JSONB
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.actor import NOBODY, Actor
from shared.database.base import Aggregate, MoneyColumn
from shared.database.session import plain_dsn
from shared.errors import Refusal
from shared.money import Money
from shared.runtime import Runtime

CONNECTIONS = 8
PATIENCE_SECONDS = 2.0
"""After this the ordinary way is taken, which says what is the matter."""

# What makes a read more than plain: conditions, a body, a wish that only the ordinary way knows.
_NOT_PLAIN = frozenset(
    b"if-none-match if-match if-modified-since if-unmodified-since range expect "
    b"content-length transfer-encoding".split()
)
_SILENT = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)

A = TypeVar("A", bound=Aggregate)


@dataclass(frozen=True, slots=True)
class Answer:
    body: bytes
    etag: str


Read = Callable[["PoolConnectionProxy[Any]", Actor, str], Awaitable[Answer | None]]
"""From the last word of the path to the answer; None leaves it to the ordinary way."""


@dataclass(frozen=True, slots=True)
class HotRead:
    """`before` and `after` are what stands around the one changing word of the path."""

    operation: str
    before: str
    read: Read
    after: str = ""

    def word(self, path: str) -> str | None:
        if not (path.startswith(self.before) and path.endswith(self.after)):
            return None
        word = path[len(self.before) : len(path) - len(self.after)]
        return word if word and "/" not in word else None


class HotReads:
    """Plain ASGI in front of a service's routes."""

    def __init__(self, app: ASGIApp, reads: Sequence[HotRead]) -> None:
        self.app = app
        self.reads = tuple(reads)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._answer(scope) if scope["type"] == "http" else None
        if answer is None:
            await self.app(scope, receive, send)
        else:
            await _send(answer, scope, send)

    async def _answer(self, scope: Scope) -> Answer | None:
        if scope["method"] != "GET" or scope["query_string"]:
            return None
        path = scope["path"]
        for hot in self.reads:
            if (word := hot.word(path)) is not None:
                return await self._asked(hot, word, scope)
        return None

    async def _asked(self, hot: HotRead, word: str, scope: Scope) -> Answer | None:
        runtime: Runtime = scope["app"].state.runtime
        if runtime.hot is None:
            return None
        try:
            actor = await _actor(scope, runtime)
            if actor is None:
                return None
            async with runtime.hot.acquire(timeout=PATIENCE_SECONDS) as connection:
                answer = await hot.read(connection, actor, word)
        except (Refusal, *_SILENT):
            return None
        scope["operation"], scope["huishe.anonymous"] = hot.operation, actor.anonymous
        return answer


async def _actor(scope: Scope, runtime: Runtime) -> Actor | None:
    """Who asks; None when the request is more than plain."""
    given = None
    for name, value in scope["headers"]:
        if name in _NOT_PLAIN or (name == b"authorization" and given is not None):
            return None
        if name == b"authorization":
            given = value
    if given is None:
        return NOBODY
    scheme, _, token = given.decode("latin-1").partition(" ")
    return await runtime.verifier.actor(token.strip()) if scheme.lower() == "bearer" else None


async def _send(answer: Answer, scope: Scope, send: Send) -> None:
    caching = b"public, no-cache" if scope["huishe.anonymous"] else b"no-store"
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(answer.body)),
        (b"etag", answer.etag.encode()),
        (b"cache-control", caching),
        (b"vary", b"Accept-Language, Authorization"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def aggregate(model: type[A], view: type[BaseModel]) -> Read:
    """One row by its id or by the model's own name for itself, shown as its ordinary endpoint does."""
    table = model.__table__  # type: ignore[attr-defined]
    names = [column.key for column in table.columns]
    made = [(column.key, _from_driver(column.type)) for column in table.columns]
    key = getattr(model, "path_key", "id")
    statement = (
        f"SELECT {', '.join(map(_quoted, names))} FROM {_quoted(table.name)} WHERE {key} = $1"
    )
    written = view.__pydantic_serializer__.to_json

    async def read(
        connection: "PoolConnectionProxy[Any]", actor: Actor, word: str
    ) -> Answer | None:
        try:
            row = await connection.fetchrow(statement, UUID(word) if key == "id" else word)
        except ValueError:
            return None
        if row is None:
            return None
        found: Any = SimpleNamespace(
            **{name: make(value) for (name, make), value in zip(made, row, strict=True)}
        )
        if not model.visible_to(found, actor):
            return None
        return Answer(written(view.model_validate(found)), f'"{found.version}"')

    return read


def _from_driver(kind: Any) -> Callable[[Any], Any]:
    """What the mapper would have made of a value of the driver."""
    if isinstance(kind, MoneyColumn):
        return lambda fen: None if fen is None else Money(fen)
    if isinstance(kind, JSONB):
        return lambda text: None if text is None else orjson.loads(text)
    return _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


def _quoted(name: str) -> str:
    return f'"{name}"'


class _ReadingOnly(asyncpg.Connection):
    """Single statements leave nothing behind on a connection: there is nothing to reset."""

    def get_reset_query(self) -> str:
        return ""


@contextlib.asynccontextmanager
async def hot_connections(settings: Any) -> AsyncIterator["asyncpg.Pool[Any]"]:
    """A small pool of its own; connections are made when they are first wanted."""
    pool = await asyncpg.create_pool(
        plain_dsn(settings.database_url),
        min_size=0,
        max_size=CONNECTIONS,
        timeout=PATIENCE_SECONDS,
        command_timeout=PATIENCE_SECONDS,
        connection_class=_ReadingOnly,
        server_settings={
            "jit": "off",
            "timezone": "UTC",
            "default_transaction_read_only": "on",
        },
    )
    try:
        yield pool
    finally:
        pool.terminate()  # nothing is under way that could be lost
