"""Lists by keyset: a cursor says where the reader is; no offset, no count.

Cursors are opaque and signed, so that a made-up one is a clear error and not a strange page.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

import orjson
from fastapi import Depends, Query, Request
from pydantic import BaseModel
from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from shared.errors import InvalidInput
from shared.http.schemas import View
from shared.runtime import runtime_of
from shared.words import Text

T = TypeVar("T")
V = TypeVar("V", bound=BaseModel)

USUAL = 50
MOST = 200


class Page(View, Generic[T]):
    """A part of a list. `next` is the cursor of the following page; null on the last."""

    items: list[T]
    next: str | None = None


@dataclass(slots=True)
class Paging:
    """How much, and from where on."""

    limit: int
    cursor: str | None
    request: Request

    async def page(
        self,
        session: AsyncSession,
        statement: Select[Any],
        key: InstrumentedAttribute[Any],
        view: type[V],
    ) -> Page[V]:
        """The rows after the cursor by `key`, which is unique and ascending."""
        if self.cursor is not None:
            statement = statement.where(key > self.read(self.cursor))
        rows = (await session.scalars(statement.order_by(key).limit(self.limit + 1))).all()
        shown = rows[: self.limit]
        following = None
        if len(rows) > self.limit:
            following = self.write(getattr(shown[-1], key.key))
            self._link(following)
        return Page[V](items=[view.model_validate(row) for row in shown], next=following)

    def _link(self, cursor: str) -> None:
        kept = [(k, v) for k, v in self.request.query_params.multi_items() if k != "cursor"]
        query = urlencode([*kept, ("cursor", cursor)])
        self.request.state.errand.links.append(f'<{self.request.url.path}?{query}>; rel="next"')

    def write(self, value: Any) -> str:
        body = orjson.dumps([self.request.url.path, str(value)])
        return base64.urlsafe_b64encode(self._seal(body) + body).decode().rstrip("=")

    def read(self, cursor: str) -> str:
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            if not hmac.compare_digest(raw[:16], self._seal(raw[16:])):
                raise ValueError
            path, value = orjson.loads(raw[16:])
            if path != self.request.url.path:
                raise ValueError
        except ValueError:
            raise InvalidInput.at(
                "/query/cursor",
                Text(zh="游标须为本列表给出的游标", en="a cursor is one that this list gave out"),
                Text(
                    zh="请先不带游标查询，再沿用返回的 next",
                    en="start without a cursor and follow `next`",
                ),
            ) from None
        return str(value)

    def _seal(self, body: bytes) -> bytes:
        secret = runtime_of(self.request).settings.secret_key.get_secret_value().encode()
        return hmac.new(secret, b"cursor\x00" + body, hashlib.sha256).digest()[:16]


def _paging(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=MOST, description="Rows a page")] = USUAL,
    cursor: Annotated[
        str | None, Query(max_length=500, description="`next` of the page before")
    ] = None,
) -> Paging:
    return Paging(limit, cursor, request)


ThePaging = Annotated[Paging, Depends(_paging)]
