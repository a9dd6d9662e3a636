"""The host names that this door answers to."""

from collections.abc import Iterable

from shared.errors import BadRequest
from shared.words import Text

NO_HOST = Text(zh="须有且仅有一个 Host", en="send exactly one Host")
UNKNOWN_HOST = Text(zh="本服务不使用该主机名", en="this host name is not ours")


class Hosts:
    """Our names, with any port. A spelling once checked is remembered."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = {name.lower().encode() for name in names}
        self._seen: set[bytes] = set()

    def require_known(self, host: bytes | None) -> None:
        if host is None:
            raise BadRequest(NO_HOST)
        if host in self._seen:
            return
        name, colon, port = host.rpartition(b":")
        if not colon or host.endswith(b"]"):
            name = host
        elif not port.isdigit() or len(port) > 5:
            raise BadRequest(UNKNOWN_HOST)
        if name.lower() not in self._names:
            raise BadRequest(UNKNOWN_HOST)
        if len(self._seen) < 256:
            self._seen.add(host)
