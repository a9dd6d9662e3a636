"""Another clock than the machine's, wherever the product reads it: there is no faking the kernel's.

The product reads machine time as `time.time()` and `datetime.now(UTC)`; `READ_AT` names the places,
and a test sees to it that there is no other.
"""

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.support import tokens

ROOT = Path(__file__).parents[2]
READ_AT = {
    "shared/database/base.py": "ids",
    "shared/identifiers.py": "ids",
    "shared/journal/rows.py": "ids",
    "shared/journal/__main__.py": "names of keys",
    "shared/journal/witness.py": "when a witness saw what",
    "shared/tokens.py": "tokens",
    "shared/logging.py": "logs",
    "shared/database/migrations.py": "names of migrations",
}
"""Where a service reads machine time, and what for. `time.monotonic` never goes back, and is free."""

_READS = re.compile(r"\b(?:now\(|utcnow\(|today\(\)|time\.time\(|time_ns\(|localtime\(|gmtime\()")
_NOT_THE_MACHINES = re.compile(r"business_now\(|perf_counter|def \w*(?:now|today)\(|\.day_now\(")


def places_that_read_it() -> set[str]:
    """Every file of the kernel and the services that reads the machine's clock."""
    found = set()
    for folder in ("shared", "services"):
        for path in (ROOT / folder).rglob("*.py"):
            name = str(path.relative_to(ROOT))
            lines = (_NOT_THE_MACHINES.sub("", line) for line in path.read_text().splitlines())
            if not name.startswith("shared/bidkit/") and any(_READS.search(line) for line in lines):
                found.add(name)
    return found


class _Reading(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, datetime)


@contextmanager
def machine_clock(off: Callable[[], float]) -> Iterator[None]:
    """From here on the product's machine is off by what `off` says at each reading, in seconds."""
    true_time = time.time

    class Shifted(datetime, metaclass=_Reading):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Shifted":
            return cls.fromtimestamp(true_time() + off(), tz)

    with ExitStack() as stack:
        stack.enter_context(patch.object(time, "time", lambda: true_time() + off()))
        for name, module in list(sys.modules.items()):
            if name.startswith(("shared.", "services.")) and "datetime" in vars(module):
                stack.enter_context(patch.object(module, "datetime", Shifted))
        yield


@contextmanager
def tokens_that_last() -> Iterator[None]:
    """Callers whose tokens are good by any of the clocks of these tests."""
    issue, now = tokens.token, datetime.now(UTC).timestamp()

    def lasting(*who: Any, **changed: Any) -> str:
        return issue(*who, **{"iat": int(now) - 7200, "exp": int(now) + 7200, **changed})

    with patch.object(tokens, "token", lasting):
        yield
