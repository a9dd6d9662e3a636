"""Every service's worker runs as a process of its own; what workers have in common is tried with the registry's."""

import pytest

from tests.architecture.house import SERVICES
from tests.conftest import service_under_test
from tests.support.apart import wire_of, worker_apart


@pytest.mark.parametrize("name", SERVICES)
async def test_a_worker_begins_gets_ready_and_ends(name, databases, tmp_path):
    own = {"receipt_key_file": tmp_path / "key.json"} if name == "procurement" else {}
    told = {setting.upper(): str(value) for setting, value in own.items()}
    async with service_under_test(name, databases, **own) as service:
        with wire_of(service) as gateway:
            async with worker_apart(service, gateway, tmp_path, **told) as worker:
                code, _ = worker.end()

    assert code == 0, worker.said.read_text()
    assert "Traceback" not in worker.said.read_text()
