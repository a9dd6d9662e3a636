import re

import pytest

from tests.architecture.house import ROOT, SERVICES, lifecycles

CASES = [(service, subject) for service in SERVICES for subject in lifecycles(service)]


@pytest.mark.parametrize(("service", "subject"), CASES)
def test_every_table_is_sound(service, subject):
    assert lifecycles(service)[subject].faults() == []


@pytest.mark.parametrize(("service", "subject"), CASES)
def test_every_drawing_in_the_readme_is_the_table(service, subject):
    readme = (ROOT / "services" / service / "README.md").read_text()
    pattern = rf"<!-- lifecycle:{subject} -->\n```mermaid\n(.*?)\n```\n<!-- /lifecycle -->"

    drawn = re.search(pattern, readme, re.DOTALL)

    assert drawn is not None, f"{service}: no drawing of {subject}"
    assert drawn.group(1) == lifecycles(service)[subject].drawing()
