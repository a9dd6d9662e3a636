"""The examples of the contracts: one `examples.json` beside each service, heard from the demo.

The steps of the demonstration itself are left for integrators, in `gateway/integration/demo/`.

python -m deploy.examples     play the demonstration once and write them

Ids and instants stand as they came, so every writing differs; `make contracts` comes after.
"""

import json
import sys
from pathlib import Path
from typing import Any

from deploy.contracts import ROOT, SERVICES
from deploy.demo.__main__ import main as play
from deploy.integration.demo import STEPS

RECORDED = ROOT / "build" / "examples.json"


def kept_at(service: str) -> Path:
    return ROOT / "services" / service / "examples.json"


def written(taken_down: Any) -> str:
    return json.dumps(taken_down, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def main() -> int:
    RECORDED.parent.mkdir(exist_ok=True)
    failed = play(["--record", str(RECORDED)])
    if failed:
        return failed
    recorded = json.loads(RECORDED.read_text())
    for service in SERVICES:
        found = recorded["examples"][service]
        kept_at(service).write_text(written(found))
        print(f"{service}: {len(found)} operations with examples")
    STEPS.parent.mkdir(parents=True, exist_ok=True)
    STEPS.write_text(written(recorded["steps"]))
    print(f"{len(recorded['steps'])} steps of the demonstration")
    return 0


if __name__ == "__main__":
    sys.exit(main())
