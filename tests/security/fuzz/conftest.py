"""One suite with a past for all of fuzzing."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.security.fuzz.town import Town, town_with_a_past


@pytest.fixture(scope="session")
def town() -> Iterator[Town]:
    with tempfile.TemporaryDirectory(prefix="huishe-") as folder:
        Path(folder).chmod(0o711)
        with town_with_a_past(Path(folder)) as found:
            yield found
