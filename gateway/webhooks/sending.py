"""One attempt: the guard's address, the name's certificate, 15 seconds, no redirect, 64 KB heard.

Every attempt makes a connection of its own. A kept one would be known by its address only, and two
names on one address must not share what one of them has proved.
"""

import asyncio
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx

from gateway.webhooks.guard import Guard, IpAddress, Refused, Target, Unresolved
from gateway.webhooks.rules import Outcome, Reason, judged

MOST_HEARD = 64 * 1024
MEDIA_TYPE = "application/cloudevents+json; charset=utf-8"
AGENT = "Huishe-Webhooks/1"


def trusting(authorities: Path | None) -> ssl.SSLContext:
    """The usual authorities, and those of the operator's own."""
    context = httpx.create_ssl_context(trust_env=False)
    if authorities is not None:
        context.load_verify_locations(cafile=authorities)
    return context


@dataclass(slots=True)
class Sender:
    """Posts to where the guard lets it, one connection at a time."""

    guard: Guard
    seconds: float = 15.0
    context: ssl.SSLContext = field(default_factory=lambda: trusting(None), repr=False)
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC), repr=False)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """What came of it; nothing that a receiver does is raised."""
        begun = time.monotonic()

        def failed(reason: Reason) -> Outcome:
            return Outcome(None, round((time.monotonic() - begun) * 1000), reason)

        try:
            async with asyncio.timeout(self.seconds):
                target = self.guard.target(url)
                addresses = await self.guard.addresses(target)
                status, retry_after = await self._to_one_of(target, addresses, body, headers)
        except Refused:
            return failed(Reason.ADDRESS_REFUSED)
        except Unresolved:
            return failed(Reason.UNRESOLVED)
        except (TimeoutError, httpx.TimeoutException):
            return failed(Reason.TIMEOUT)
        except httpx.ConnectError as problem:
            return failed(Reason.TLS if _is_tls(problem) else Reason.UNREACHABLE)
        except httpx.RemoteProtocolError:
            return failed(Reason.BROKEN_ANSWER)
        except (httpx.HTTPError, OSError):
            return failed(Reason.UNREACHABLE)
        took = round((time.monotonic() - begun) * 1000)
        return judged(status, took, retry_after, self.clock())

    async def _to_one_of(
        self,
        target: Target,
        addresses: list[IpAddress],
        body: bytes,
        headers: Mapping[str, str],
    ) -> tuple[int, str | None]:
        """The first address that takes a connection; nothing was sent to those before it."""
        for address in addresses[:-1]:
            try:
                return await self._to(target, address, body, headers)
            except httpx.ConnectError as problem:
                if _is_tls(problem):
                    raise
        return await self._to(target, addresses[-1], body, headers)

    async def _to(
        self, target: Target, address: IpAddress, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, str | None]:
        """Connect to the address; name and certificate are those of the host."""
        client = httpx.AsyncClient(
            verify=self.context, trust_env=False, follow_redirects=False, timeout=self.seconds
        )
        asked = client.build_request(
            "POST",
            target.at(address),
            content=body,
            headers={
                **headers,
                "host": target.authority,
                "content-type": MEDIA_TYPE,
                "user-agent": AGENT,
                "accept-encoding": "identity",
                "connection": "close",
            },
            extensions={"sni_hostname": target.host},
        )
        async with client:
            answer = await client.send(asked, stream=True)
            try:
                heard = 0
                async for piece in answer.aiter_raw():
                    heard += len(piece)
                    if heard > MOST_HEARD:  # nobody reads it; the status has said what matters
                        break
            finally:
                await answer.aclose()
        return answer.status_code, answer.headers.get("retry-after")


def _is_tls(problem: BaseException) -> bool:
    """Whether the connection was made and the handshake failed."""
    cause: BaseException | None = problem
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
