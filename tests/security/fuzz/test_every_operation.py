"""Whatever is sent to whichever operation: no 5xx, and no answer that its contract does not tell of."""

import random
import time

import pytest
from schemathesis import GenerationMode

from tests.security.fuzz.calls import NEGATIVE, POSITIVE, Caller, fuzz
from tests.security.fuzz.contracts import PARTS, SERVICES, operations_of, promised
from tests.security.fuzz.journeys import Travelled, travel
from tests.security.fuzz.ledger import Ledger
from tests.security.fuzz.town import Town
from tests.support.forms import Figure, Form

# Making a wrong call takes four times as long as making a right one.
EXAMPLES = {POSITIVE: {"short": 3, "long": 200}, NEGATIVE: {"short": 2, "long": 100}}
JOURNEYS = {"short": 6, "long": 200}


@pytest.fixture
def start(form: Form, figure: Figure) -> int:
    """Where drawing begins: `make test` draws the same every time, a long run something new."""
    begins: int = form(short=0, long=random.randrange(2**32))
    figure("start", begins)
    return begins


@pytest.mark.parametrize("mode", [POSITIVE, NEGATIVE], ids=lambda mode: mode.value)
def test_every_operation_answers_what_its_contract_says(
    town: Town, form: Form, figure: Figure, start: int, mode: GenerationMode
) -> None:
    examples = form(**EXAMPLES[mode])
    ledger = Ledger()
    caller = Caller(town, ledger)
    began = time.monotonic()

    for part in PARTS:
        for operation in operations_of(part):
            fuzz(operation, mode, examples, start, caller.asking(operation))

    ledger.tell(figure, time.monotonic() - began)
    assert set(ledger.statuses) == set().union(*map(promised, PARTS))
    assert ledger.fewest >= examples
    assert not ledger.faults, ledger.told()


def test_journeys_along_the_links_answer_what_the_contracts_say(
    town: Town, form: Form, figure: Figure, start: int
) -> None:
    journeys = form(**JOURNEYS)
    ledger, seen = Ledger(), Travelled()
    caller = Caller(town, ledger)
    began = time.monotonic()

    for service in SERVICES:
        travel(service, journeys, start, caller, seen)

    ledger.tell(figure, time.monotonic() - began)
    figure("journeys", seen.journeys)
    figure("links_followed", seen.links.total())
    figure("different_links", len(seen.links))
    assert seen.journeys >= journeys * len(SERVICES)
    assert seen.links.total() >= seen.journeys / 4
    assert not ledger.faults, ledger.told()
