"""A recorded demonstration, and a look around after it.

Once the story is told, every page that can be read is read, so that it has an example too.
"""

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.demo.recording import Operation, Recorder, operations_of
from deploy.demo.relay import relay
from deploy.demo.stage import Stage
from deploy.demo.steps import Steps

MOST_TRIES = 30
"""So many things of a kind are looked at until one can be shown."""
ASKED_WITH = {"year": "2026", "from": "2026-08-14", "working_days": "15"}
"""What the calendar is asked, for its queries need something."""


@contextmanager
def recording(stage: Stage, path: Path | None) -> Iterator[None]:
    """What is played meanwhile, by service and operation in the file `path`; without one, nothing."""
    if path is None:
        yield
        return
    contract = stage.http.get("/openapi.json").json()
    recorder, steps = Recorder(operations_of(contract)), Steps(contract, stage.tell)
    stage.let_hear(recorder.hear)
    stage.let_hear(steps.hear)
    with relay(stage.client()) as stage.front_door:
        yield
    look_around(stage, recorder)
    taken_down = {"examples": recorder.kept, "steps": steps.kept}
    path.write_text(json.dumps(taken_down, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    stage.tell.fact(f"examples of {sum(map(len, recorder.kept.values()))} operations: {path}")


def look_around(stage: Stage, recorder: Recorder) -> None:
    """Read as the auditor, else as somebody whose role it is; what is refused is not kept."""
    recorder.only_good = True
    for operation in recorder.operations:
        if operation.method == "get" and not recorder.shown(operation):
            _look_at(stage, recorder, operation)


def _look_at(stage: Stage, recorder: Recorder, operation: Operation) -> None:
    tries = itertools.product(_filled(recorder, operation), _readers(stage, operation))
    query = {name: ASKED_WITH[name] for name in operation.must_ask}
    for path, who in itertools.islice(tries, MOST_TRIES):
        token = stage.caller(who).token()
        stage.http.get(path, params=query, headers={"authorization": f"Bearer {token}"})
        if recorder.shown(operation):
            return


def _readers(stage: Stage, operation: Operation) -> list[str]:
    of_role = [who for who, roles in stage.roles.items() if set(roles) & set(operation.roles)]
    return ["auditor", *of_role]


def _filled(recorder: Recorder, operation: Operation) -> Iterator[str]:
    """The path with its parameters, by what was seen under their names."""
    names = operation.parameters
    for values in itertools.product(*(list(recorder.seen[operation.service, n]) for n in names)):
        yield operation.path.format(**dict(zip(names, values, strict=True)))
