"""A journal as it is asked over HTTP: by its witnesses, and by whoever checks it from outside."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import httpx
import orjson

from shared.errors import Unavailable
from shared.journal.notes import Malformed, VerifierKey

Get = Callable[[str], Awaitable[tuple[int, bytes]]]
"""A path with its query → status and body; `Unavailable` when there is no answer."""


@dataclass(slots=True)
class HttpLog:
    """The journal of a service behind any way to GET (`shared.journal.witness.Log`)."""

    name: str
    get: Get

    async def checkpoint(self) -> bytes | None:
        status, body = await self.get(f"/{self.name}/v1/journal/checkpoint")
        if status == 404:
            return None
        return _answered(status, body)

    async def consistency(self, old: int, size: int) -> Sequence[bytes] | None:
        path = f"/{self.name}/v1/journal/consistency?old={old}&size={size}"
        status, body = await self.get(path)
        if status in (404, 422):
            return None
        try:
            return [bytes.fromhex(step) for step in orjson.loads(_answered(status, body))["path"]]
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
            return None

    async def keys(self) -> Sequence[VerifierKey]:
        status, body = await self.get(f"/{self.name}/v1/journal/keys")
        try:
            told = orjson.loads(_answered(status, body))["keys"]
            return [VerifierKey.parse(key["key"]) for key in told]
        except (orjson.JSONDecodeError, KeyError, TypeError):
            raise Malformed("keys: a list of verifier keys is needed") from None


def _answered(status: int, body: bytes) -> bytes:
    if status != 200:
        raise Unavailable()
    return body


def getting(http: httpx.AsyncClient) -> Get:
    """By an HTTP client whose base address is a gateway."""

    async def get(path: str) -> tuple[int, bytes]:
        try:
            answer = await http.get(path)
        except httpx.HTTPError:
            raise Unavailable() from None
        return answer.status_code, answer.content

    return get
