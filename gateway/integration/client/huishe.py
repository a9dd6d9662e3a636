"""The whole suite as one object: a part for each service, and what is common to all of them."""

from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, ParamSpec, Protocol, Self, TypeVar

import httpx

from .asking import Answer, Asking
from .services.evaluation import Evaluation
from .services.gateway import Gateway
from .services.incubator import Incubator
from .services.procurement import Procurement
from .services.registry import Registry

P = ParamSpec("P")
F = TypeVar("F")


class HasFeed(Protocol[F]):
    """A service that tells what happened."""

    def read_feed(
        self, *, after: int | None = None, limit: int | None = None, wait: float | None = None
    ) -> Answer[F]: ...


class Huishe:
    """Without a client it reads what is public."""

    def __init__(
        self,
        address: str,
        client_id: str | None = None,
        secret: str | None = None,
        *,
        language: str = "zh",
        http: httpx.Client | None = None,
    ) -> None:
        self.asking = Asking(address, client_id, secret, language, http)
        self.registry = Registry(self.asking)
        self.procurement = Procurement(self.asking)
        self.evaluation = Evaluation(self.asking)
        self.incubator = Incubator(self.asking)
        self.gateway = Gateway(self.asking)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.asking.close()

    def rehearse(
        self, operation: Callable[P, Answer[Any]], /, *given: P.args, **named: P.kwargs
    ) -> Answer[dict[str, Any]]:
        """试办：What would happen, with every finding; nothing does.

        huishe.rehearse(huishe.registry.submit_application, id, if_match=etag)
        """
        with self.asking.rehearsing():
            return operation(*given, **named)

    def every(
        self, operation: Callable[P, Answer[Any]], /, *given: P.args, **named: P.kwargs
    ) -> Iterator[Any]:
        """Every item of a list that comes in pages."""
        while True:
            page = operation(*given, **named).body
            yield from page["items"]
            if page.get("next") is None:
                return
            named["cursor"] = page["next"]

    def follow(
        self, service: HasFeed[Any], *, after: int = 0, wait: float = 25.0, limit: int = 1000
    ) -> Iterator[Any]:
        """Every entry of a service's feed from a position on, and those to come.

        Ends when nothing came within `wait` seconds; go on later with the last `position` you kept.
        Keep it in the transaction that does your work: then nothing is missed or done twice.
        """
        while True:
            page = service.read_feed(after=after, limit=limit, wait=wait).body
            yield from page["items"]
            if not page["items"]:
                return
            after = page["next"]
