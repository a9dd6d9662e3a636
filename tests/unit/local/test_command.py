"""What is typed after `python -m deploy.local`."""

from pathlib import Path

import pytest

from deploy.local.__main__ import asked


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("--folder there token auditor", id="the folder first"),
        pytest.param("token --folder there auditor", id="in between, as the suite prints it"),
        pytest.param("token auditor --folder there", id="the folder last"),
    ],
)
def test_the_folder_may_stand_anywhere(typed):
    found = asked(typed.split())

    assert (found.command, found.caller, found.folder) == ("token", "auditor", Path("there"))
