"""One suite for a test process: started on first use, on free ports, in a folder of its own."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.suite import RunningSuite, running_suite


@pytest.fixture(scope="session")
def suite() -> Iterator[RunningSuite]:
    # The database user may pass through it, unlike through pytest's own.
    with tempfile.TemporaryDirectory(prefix="huishe-") as folder:
        Path(folder).chmod(0o711)
        with running_suite(Path(folder)) as running:
            yield running
