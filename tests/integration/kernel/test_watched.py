"""What every service lets watch: things by state, and work by its day."""

from datetime import datetime, timedelta

import pytest

from shared import watched
from shared.database.base import new_id
from shared.metrics import make_metrics
from shared.money import Money
from shared.watched import Due, Figure, Watch, Watched
from tests.integration.kernel.sample import Lamp, LampState
from tests.support.service import START, ServiceUnderTest, at

LAMPS = Watched(
    things=[Lamp], due=[Due("lamp.expire", Lamp.ends_at, open=Lamp.state == LampState.LIT)]
)


async def lamps(sample: ServiceUnderTest, state: LampState, *ends: datetime) -> None:
    async with sample.runtime.sessions.begin() as session:
        session.add_all(
            Lamp(
                id=new_id(),
                version=1,
                state=state,
                created_at=START,
                created_by="somebody",
                name="灯",
                oil=3,
                price=Money(0),
                ends_at=end,
            )
            for end in ends
        )


class Told:
    """The figures as Prometheus would read them."""

    def __init__(self, sample: ServiceUnderTest, declared: Watched) -> None:
        self.sample, self.registry = sample, make_metrics("sample").registry
        self.watch = Watch(declared, "sample", self.registry)

    async def look(self) -> None:
        async with self.sample.runtime.sessions() as session:
            await self.watch.look(session)

    def value(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(name, {"service": "sample", **labels})

    def things(self) -> dict[str, float | None]:
        return {
            state.value: self.value("huishe_things", subject="lamp", state=state.value)
            for state in LampState
        }

    def due(self) -> tuple[float | None, float | None]:
        overdue, week = (
            self.value("huishe_work_due", work="lamp.expire", when=when)
            for when in ("overdue", "week")
        )
        return overdue, week


async def test_things_are_told_by_state_and_a_state_without_any_is_told_as_none(sample):
    told = Told(sample, LAMPS)
    await lamps(sample, LampState.LIT, START, START)
    await lamps(sample, LampState.OUT, START)

    await told.look()

    assert told.things() == {"dark": 0, "lit": 2, "out": 1}


async def test_more_than_can_be_counted_cheaply_is_told_as_that_many(sample, monkeypatch):
    monkeypatch.setattr(watched, "MOST_COUNTED", 3)
    told = Told(sample, LAMPS)
    await lamps(sample, LampState.LIT, *[START + timedelta(days=1)] * 5)

    await told.look()

    assert told.things()["lit"] == 3
    assert told.due() == (0, 3)


@pytest.mark.parametrize(
    ("ends", "overdue", "week"),
    [
        pytest.param(at(2026, 3, 2, 8, 59), 1, 0, id="a minute ago"),
        pytest.param(at(2026, 3, 2, 9, 0), 0, 1, id="now"),
        pytest.param(at(2026, 3, 8, 23, 59), 0, 1, id="the last minute of the seventh day"),
        pytest.param(at(2026, 3, 9, 0, 0), 0, 0, id="the eighth day"),
    ],
)
async def test_work_is_overdue_or_due_within_a_week_or_not_told(sample, ends, overdue, week):
    told = Told(sample, LAMPS)
    await lamps(sample, LampState.LIT, ends)
    await lamps(sample, LampState.OUT, ends)

    await told.look()

    assert told.due() == (overdue, week)


async def test_a_figure_that_says_no_more_is_told_no_more(sample):
    said: dict[tuple[str, ...], float] = {("one",): 1.0, ("two",): 2.0}

    async def read(session, now):
        return said

    told = Told(sample, Watched(figures=[Figure("said", "What was said", ("what",), read)]))
    await told.look()
    del said["one",]
    await told.look()

    assert told.value("huishe_said", what="one") is None
    assert told.value("huishe_said", what="two") == 2


async def test_business_time_is_told_for_what_is_asked_of_the_calendar(sample):
    told = Told(sample, Watched())
    await sample.clock.move_to(at(2027, 1, 1))

    await told.look()

    assert told.value("huishe_business_time_seconds") == at(2027, 1, 1).timestamp()


async def test_how_far_a_feed_was_heard_is_told_beside_its_newest_position(registry):
    registry.hear("incubator", "base.opened", "base/1", {})
    registry.hear("incubator", "base.opened", "base/2", {})
    await registry.settle()

    await registry.runtime.worker.measure()

    figures = registry.runtime.metrics.registry
    labels = {"service": "registry", "source": "incubator"}
    assert figures.get_sample_value("huishe_feed_heard_position", labels) == 2
    assert figures.get_sample_value("huishe_feed_position", {"service": "registry"}) is not None
