"""The configuration that requests are served by: taken from its file, and followed when that changes.

A change is taken up whole or not at all. What came in before goes on under the table it came in with.
"""

from datetime import UTC, datetime
from pathlib import Path

from gateway.configuration import DEFAULT, Configuration, ConfigurationRefused, Finding, read
from gateway.routing import Routes
from gateway.settings import GatewaySettings
from shared.words import Text

OTHER_SERVICES = Text(
    zh="服务的增减须重启网关后生效", en="services are added and taken away by starting anew"
)


class InForce:
    """One per process. A file that is not in order stops the start, and later changes nothing."""

    def __init__(self, settings: GatewaySettings) -> None:
        self.file = settings.configuration_file or DEFAULT
        self._environment = settings.upstreams
        self._addresses_given = "upstreams" in settings.model_fields_set
        self._seen = _state_of(self.file)
        self.refused: list[Finding] = []
        """Why the file on disk is not followed; empty when it is."""
        self.configuration = read(self.file, addresses_given=self._addresses_given)
        self._adopt(self.configuration)

    @property
    def addresses(self) -> dict[str, list[str]]:
        """Service → where its copies are."""
        return self.configuration.upstreams or self._environment

    def look_again(self) -> bool:
        """Whether another configuration is in force now. Tells by `refused` when one was not taken."""
        state = _state_of(self.file)
        if state == self._seen:
            return False
        self._seen = state
        try:
            found = read(self.file, addresses_given=self._addresses_given)
            if found.upstreams is not None and found.upstreams.keys() != self.addresses.keys():
                raise ConfigurationRefused([Finding("upstreams", OTHER_SERVICES, True)])
        except ConfigurationRefused as refusal:
            self.refused = refusal.findings
            return False
        self.refused = []
        if found.digest == self.configuration.digest:
            return False
        self._adopt(found)
        return True

    def _adopt(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.routes = Routes(configuration, self.addresses.keys())
        self.since = datetime.now(UTC)


def _state_of(file: Path) -> tuple[int, int, int] | None:
    """Changes whenever the file is written or replaced."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
