"""What the fault tests share."""

from collections.abc import Iterator

import pytest

from tests.support.forms import Form
from tests.support.wires import Wired, wired_suite


@pytest.fixture(scope="session")
def wired(form: Form) -> Iterator[Wired]:
    """A suite whose wires can be cut. In the short form its gateway is less patient."""
    with wired_suite(GATEWAY_READ_SECONDS=form(short="8", long="35")) as wired:
        yield wired
