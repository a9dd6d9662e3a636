"""Hot paths: the few requests that everybody waits for, without the machinery of the ordinary ones.

An ordinary request costs its caller a framework, a session and a mapper: five to ten times what its
statement costs. That is well spent wherever people decide something. A hot one is one statement over
the driver, and the words of the ordinary answer, byte for byte.

Only the plain case is answered here: a request without query or condition, about something that is
there and that the caller may do. Everything else, and whatever goes wrong, takes the ordinary way
and is told there. So nothing is decided here, and taking a path off its service's list changes no
answer. What is written hot must bear being asked twice: the ordinary way may ask again.

Which ones there are stands in each service's `hot.py`.
"""

import contextlib
import hashlib
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
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.actor import NOBODY, Actor
from shared.database.base import Aggregate, MoneyColumn
from shared.database.session import DRIVER_SILENT, plain_dsn
from shared.errors import Refusal
from shared.http.errand import SHARED
from shared.money import Money
from shared.runtime import Runtime

CONNECTIONS = 16
PATIENCE_SECONDS = 2.0
"""After this the ordinary way is taken, which says what is the matter."""

# What makes a request more than plain: conditions, codings, and wishes of which the ordinary way knows.
_NOT_PLAIN = frozenset(
    b"if-none-match if-match if-modified-since if-unmodified-since range expect content-encoding "
    b"transfer-encoding".split()
)

A = TypeVar("A", bound=Aggregate)


@dataclass(frozen=True, slots=True)
class Asked:
    """A plain request: the one changing word of its path, who asks, and what came with it."""

    word: str
    actor: Actor
    body: bytes
    runtime: Runtime
    connection: "PoolConnectionProxy[Any]"


@dataclass(frozen=True, slots=True)
class Answer:
    body: bytes
    etag: str | None = None


Reply = Callable[[Asked], Awaitable[Answer | None]]
"""None leaves it to the ordinary way."""


@dataclass(frozen=True, slots=True)
class Hot:
    """One hot path. `before` and `after` stand around the one word that changes."""

    operation: str
    method: str
    before: str
    reply: Reply
    after: str = ""
    largest: int = 0
    """Bytes of a body that comes with it."""
    discreet: bool = False
    """Left out of every count, as its endpoint is."""

    def word(self, path: str) -> str | None:
        if not (path.startswith(self.before) and path.endswith(self.after)):
            return None
        word = path[len(self.before) : len(path) - len(self.after)]
        return word if word and "/" not in word else None


class HotPaths:
    """Plain ASGI in front of a service's routes."""

    def __init__(self, app: ASGIApp, paths: Sequence[Hot]) -> None:
        self.app = app
        self.paths = tuple(paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        hot, word = self._found(scope)
        if hot is None:
            await self.app(scope, receive, send)
            return
        messages: list[Message] = []
        answer = await _answered(hot, word, scope, receive, messages)
        if answer is not None:
            await _send(answer, hot, scope, send)
            return

        async def again() -> Message:
            """What was read already, then the rest."""
            return messages.pop(0) if messages else await receive()

        await self.app(scope, again, send)

    def _found(self, scope: Scope) -> tuple[Hot | None, str]:
        if scope["type"] == "http" and not scope["query_string"]:
            for hot in self.paths:
                if hot.method == scope["method"] and (word := hot.word(scope["path"])):
                    return hot, word
        return None, ""


async def _answered(
    hot: Hot, word: str, scope: Scope, receive: Receive, messages: list[Message]
) -> Answer | None:
    runtime: Runtime = scope["app"].state.runtime
    if runtime.hot is None:
        return None
    try:
        heads = _plain(scope, hot)
        if heads is None:
            return None
        actor = await _actor(heads, runtime)
        if actor is None:
            return None
        body = b""
        if hot.largest:
            while not messages or messages[-1].get("more_body"):
                messages.append(await receive())
            body = b"".join(message.get("body", b"") for message in messages)
        async with runtime.hot.acquire(timeout=PATIENCE_SECONDS) as connection:
            answer = await hot.reply(Asked(word, actor, body, runtime, connection))
    except (Refusal, *DRIVER_SILENT):
        return None
    scope["operation"], scope["discreet"] = hot.operation, hot.discreet
    scope["huishe.anonymous"] = actor.anonymous
    return answer


def _plain(scope: Scope, hot: Hot) -> dict[bytes, bytes] | None:
    """The head of a request that asks for nothing special; None when it does."""
    heads: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if name in _NOT_PLAIN or name in heads:
            return None
        heads[name] = value
    length = heads.get(b"content-length", b"0")
    return heads if length.isdigit() and int(length) <= hot.largest else None


async def _actor(heads: dict[bytes, bytes], runtime: Runtime) -> Actor | None:
    given = heads.get(b"authorization")
    if given is None:
        return NOBODY
    scheme, _, token = given.decode("latin-1").partition(" ")
    return await runtime.verifier.actor(token.strip()) if scheme.lower() == "bearer" else None


async def _send(answer: Answer, hot: Hot, scope: Scope, send: Send) -> None:
    public = hot.method == "GET" and scope["huishe.anonymous"]
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(answer.body)),
        (b"cache-control", SHARED.encode() if public else b"no-store"),
        (b"vary", b"Accept-Language, Authorization"),
    ]
    if answer.etag is not None:
        headers.append((b"etag", answer.etag.encode()))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


def by_content(view: BaseModel) -> Answer:
    """An answer that is made of many records: its ETag is of its bytes."""
    body = view.__pydantic_serializer__.to_json(view)
    return Answer(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')


def showing(model: type[A], view: type[BaseModel]) -> Reply:
    """One row by its id or by the model's own name for itself, shown as its endpoint does."""
    table = model.__table__  # type: ignore[attr-defined]
    made = [(column.key, _from_driver(column.type)) for column in table.columns]
    key = getattr(model, "path_key", "id")
    columns = ", ".join(f'"{name}"' for name, _ in made)
    statement = f'SELECT {columns} FROM "{table.name}" WHERE "{key}" = $1'
    written = view.__pydantic_serializer__.to_json

    async def reply(asked: Asked) -> Answer | None:
        try:
            named = UUID(asked.word) if key == "id" else asked.word
        except ValueError:
            return None
        row = await asked.connection.fetchrow(statement, named)
        if row is None:
            return None
        found: Any = SimpleNamespace(
            **{name: make(value) for (name, make), value in zip(made, row, strict=True)}
        )
        if not model.visible_to(found, asked.actor):
            return None
        return Answer(written(view.model_validate(found)), f'"{found.version}"')

    return reply


def _from_driver(kind: Any) -> Callable[[Any], Any]:
    """What the mapper would have made of a value of the driver."""
    if isinstance(kind, MoneyColumn):
        return lambda fen: None if fen is None else Money(fen)
    if isinstance(kind, JSONB):
        return lambda text: None if text is None else orjson.loads(text)
    return _as_it_is


def _as_it_is(value: Any) -> Any:
    return value


class _SingleStatements(asyncpg.Connection):
    """They leave nothing behind on a connection: there is nothing to reset."""

    def get_reset_query(self) -> str:
        return ""


@contextlib.asynccontextmanager
async def hot_connections(settings: Any) -> AsyncIterator["asyncpg.Pool[Any]"]:
    """A small pool of its own, each statement by itself. One is there from the start: the first who
    comes in the last minute waits for no handshake."""
    pool = await asyncpg.create_pool(
        plain_dsn(settings.database_url),
        min_size=1,
        max_size=CONNECTIONS,
        timeout=PATIENCE_SECONDS,
        command_timeout=PATIENCE_SECONDS,
        connection_class=_SingleStatements,
        server_settings={"jit": "off", "timezone": "UTC"},
    )
    try:
        yield pool
    finally:
        pool.terminate()  # the server has let every request end
