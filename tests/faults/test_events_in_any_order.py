"""Events twice, late and shuffled: however they come, the state in the end is the same.

What the kernel promises: of one source each event has its effect once, in the order of that
source's feed. Between sources, people and the calendar there is no order, so a service's reactions
must commute with those; within a source they need not, and those of the lamps do not.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from uuid import UUID

from hypothesis import HealthCheck, example, given, settings
from hypothesis.strategies import SearchStrategy

from services.evaluation.reactions import REACTIONS as OF_EVALUATION
from services.procurement.reactions import REACTIONS as OF_PROCUREMENT
from services.registry.reactions import REACTIONS as OF_THE_REGISTRY
from shared.money import Money
from shared.work import Work
from shared.worker import Event, Reactions
from tests.integration.kernel.sample import Lamp
from tests.support.builders.evaluation import contract_signed
from tests.support.builders.procurement import MORNING_LIGHT, Purchase, concluded
from tests.support.builders.registry import agency, filing, named, person, registered, submitted
from tests.support.business_state import Rewind, State, ids_in, require_same, state_of
from tests.support.forms import Figure, Form
from tests.support.schedules import WORKERS, Action, Comes, Days, Player, Schedule, Takes, schedules
from tests.support.service import ServiceUnderTest, at

ALL_AT_ONCE = tuple((worker, 0) for worker in range(WORKERS))
AT_WORST: Schedule = [
    Comes(0, 1),
    Takes(ALL_AT_ONCE, lost_at=1, stops_after=0, beside=True),
    Takes(ALL_AT_ONCE, lost_at=0, stops_after=1, beside=True),
    Takes(ALL_AT_ONCE, lost_at=0, stops_after=0, beside=False),
    Days(WORKERS),
]
"""Played always, first."""


async def explore(
    strategy: SearchStrategy[Schedule], count: int, play: Callable[[Schedule], Awaitable[None]]
) -> None:
    """Hypothesis draws in a thread of its own; what it draws is played in this loop."""
    loop = asyncio.get_running_loop()

    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    @example(AT_WORST)
    @given(strategy)
    def each(schedule: Schedule) -> None:
        asyncio.run_coroutine_threadsafe(_as_coroutine(play(schedule)), loop).result()

    await asyncio.to_thread(each)


async def _as_coroutine(playing: Awaitable[None]) -> None:
    await playing


async def same_state_however(
    service: ServiceUnderTest,
    reactions: Reactions,
    actions: Sequence[Action],
    count: int,
    figure: Figure,
    *,
    without: Sequence[str] = (),
) -> State:
    """Play what was told straight, then by so many schedules, and compare what is then so."""
    connection = await service.database()
    told = {source: list(feed) for source, feed in service.feeds.items()}
    player = Player(service, told, actions, reactions)
    rewind = Rewind(connection)
    await rewind.keep()
    known = ids_in(await state_of(connection)) | ids_in({"told": [str(told)]})
    await player.play([])
    wanted = await state_of(connection, known=known, without=without)

    async def play(schedule: Schedule) -> None:
        await rewind.back()
        await player.play(schedule)
        require_same(await state_of(connection, known=known, without=without), wanted)

    await explore(schedules(len(told)), count, play)
    await connection.close()
    assert player.lost > 0, "no connection was lost between an effect and its commit"
    figure("schedules", player.played)
    figure("connections lost between effect and commit", player.lost)
    figure("pages taken again", player.taken_again)
    return wanted


# ------------------------------------------------------------------ the smallest service


async def on_oil_delivered(work: Work, event: Event) -> None:
    """The name remembers the order of the deliveries, the oil their sum."""
    lamp = await the_lamp(work)
    lamp.oil += event.data["oil"]
    lamp.name = hashlib.sha256(f"{lamp.name} {event.data['oil']}".encode()).hexdigest()
    work.change(lamp, "lamp.filled")


async def on_price_told(work: Work, event: Event) -> None:
    """The price remembers the order in which it was told; the oil is changed by both sources."""
    lamp = await the_lamp(work)
    lamp.oil += event.data["oil"]
    lamp.price = Money(lamp.price.fen * 31 + event.data["oil"])
    work.change(lamp, "lamp.priced")


async def the_lamp(work: Work) -> Lamp:
    return await work.session.get_one(Lamp, UUID(int=1), with_for_update=True)


async def light(service: ServiceUnderTest) -> bool:
    """What a clerk does, who reads the lamp first; afterwards its day to burn out has come."""
    clerk, path = service.as_(["registrar"]), f"/lamps/{UUID(int=1)}"
    lit = await clerk.change(f"{path}/light", await clerk.get(path))
    assert lit.status_code in (200, 412), lit.text
    return lit.status_code == 200


async def test_however_events_come_the_state_is_the_same(
    sample: ServiceUnderTest, form: Form, figure: Figure
) -> None:
    connection = await sample.database()
    await connection.execute(
        "INSERT INTO lamp (id, version, state, created_at, created_by, name, oil, price, ends_at) "
        "VALUES ($1, 1, 'dark', '2026-01-01', 'registrar-office', 'lamp', 3, 100, '2026-01-02')",
        UUID(int=1),
    )
    await connection.close()
    for source, numbers in {"shop": (5, 7, 11), "market": (13, 17)}.items():
        for number in numbers:
            sample.hear(source, f"{source}.told", f"thing/{number}", {"oil": number})
    reactions: Reactions = {
        "shop": {"shop.told": on_oil_delivered},
        "market": {"market.told": on_price_told},
    }

    count = form(short=60, long=10_000)
    wanted = await same_state_however(sample, reactions, [light], count, figure)

    assert '"oil": 56' in wanted["lamp"][0]
    assert '"state": "out"' in wanted["lamp"][0]


# ------------------------------------------------------------------ the services


async def apply_for(milestone: int, contract_id: str, service: ServiceUnderTest) -> bool:
    winner = Purchase(service).agency(MORNING_LIGHT)
    path = f"/contracts/{contract_id}"
    asked = {"milestone": milestone, "invoice": f"发票{milestone}"}
    applied = await winner.change(f"{path}/payments", await winner.get(path), json=asked)
    assert applied.status_code in (201, 412, 503), applied.text
    return applied.status_code == 201


async def test_an_instalment_is_settled_whether_the_result_or_the_application_comes_first(
    procurement: ServiceUnderTest, form: Form, figure: Figure
) -> None:
    contract_id = (await Purchase(procurement).signed()).json()["id"]
    await procurement.clock.move_to(at(2027, 6, 1))
    await procurement.settle()
    for stage, result in (("mid", "basic"), ("final", "good")):
        told = concluded(contract_id, MORNING_LIGHT, stage, result)
        procurement.hear("evaluation", "performance.concluded", f"performance/{stage}", told)
    actions = [partial(apply_for, milestone, contract_id) for milestone in (1, 2)]

    # Held first and settled later is one version more than settled at once.
    wanted = await same_state_however(
        procurement,
        OF_PROCUREMENT,
        actions,
        form(short=10, long=200),
        figure,
        without=["version"],
    )

    assert sum('"state": "due"' in payment for payment in wanted["payment"]) == 2


async def hire(code: str, service: ServiceUnderTest) -> bool:
    newcomer = person(50, employment="full_time", title="社工", started_on="2023-03-14")
    taken = await agency(service, code).post(f"/agencies/{code}/posts", json=newcomer)
    assert taken.status_code in (201, 412, 503), taken.text
    return taken.status_code == 201


async def test_the_register_is_the_same_whichever_service_is_heard_first(
    registry: ServiceUnderTest, form: Form, figure: Figure
) -> None:
    await registry.clock.move_to(at(2023, 3, 6))
    code = await registered(registry)
    await submitted(registry, client_id="other founders", name=named("和风"))
    await registry.clock.move_to(at(2023, 3, 14))  # its acceptance by silence is due
    for result in ("excellent", "basic", "failed"):
        told = concluded(str(UUID(int=7)), code, "final", result) | {"concluded_on": "2023-03-10"}
        subject = f"performance/{told['performance_id']}"
        registry.hear("evaluation", "performance.concluded", subject, told)
    for number, trade in enumerate(("小禾", "小满"), start=1):
        residency = str(UUID(int=number))
        application = {"name": named(trade), "purpose": filing()["purpose"]}
        dossier = {"residency_id": residency, "client_id": trade, "application": application}
        registry.upstream("incubator", f"/residencies/{residency}/dossier", dossier)
        registry.hear("incubator", "residency.graduated", f"residency/{residency}", {})

    wanted = await same_state_however(
        registry, OF_THE_REGISTRY, [partial(hire, code)], form(short=10, long=200), figure
    )

    assert len(wanted["performance_result"]) == 3
    assert sum('"draft"' in application for application in wanted["application"]) == 2


async def test_the_evaluations_of_a_contract_are_opened_once(
    evaluation: ServiceUnderTest, form: Form, figure: Figure
) -> None:
    for number in range(1, 4):
        contract_id = str(UUID(int=number))
        told = contract_signed(contract_id)
        evaluation.hear("procurement", "contract.signed", f"contract/{contract_id}", told)

    wanted = await same_state_however(
        evaluation, OF_EVALUATION, [], form(short=10, long=100), figure
    )

    assert len(wanted["performance"]) == 6
