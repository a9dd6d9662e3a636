"""The demonstration as documents: what was asked and answered in each step, chapter by chapter.

`make examples` plays it and leaves the steps in `steps.json`; here they are written out to be read.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from deploy.contracts import ROOT
from deploy.demo.chapters import NAMES

STEPS = ROOT / "gateway" / "integration" / "demo" / "steps.json"

_HEAD = """# {number}. {zh} {en}

演示（`make demo`）中本章每一步的真实请求与答复，由 `make examples` 重录，`make integration` 成文，勿手改。
编号和时刻为录制时所得；长列表只留前两项；`If-Match`、`Idempotency-Key` 为当时所用；令牌不录。

Each step of this chapter as it was asked and answered; recorded by `make examples`.

"""


def recorded() -> list[dict[str, Any]]:
    """Every step in its order."""
    steps: list[dict[str, Any]] = json.loads(STEPS.read_text(encoding="utf-8"))
    return steps


def documents() -> dict[str, str]:
    steps = recorded()
    names = [f"{number:02d}-{module.replace('_', '-')}-{name.replace('_', '-')}.md"
             for number, (_, _, module, name) in enumerate(NAMES, start=1)]  # fmt: skip
    found = {
        f"demo/{name}": _chapter(number, [step for step in steps if step["chapter"] == number])
        for number, name in enumerate(names, start=1)
    }
    return {"demo/README.md": _contents(steps, names), **found}


def _contents(steps: Sequence[Mapping[str, Any]], names: Sequence[str]) -> str:
    told = ["# 演示的请求与答复 The demonstration's requests and answers\n"]
    for number, ((zh, en, _, _), name) in enumerate(zip(NAMES, names, strict=True), start=1):
        count = sum(step["chapter"] == number for step in steps)
        told.append(f"{number}. [{zh} {en}]({name})：{count} 步 steps")
    return "\n".join([*told, "", "机器可读 For programs: [steps.json](steps.json)", ""])


def _chapter(number: int, steps: Sequence[Mapping[str, Any]]) -> str:
    zh, en, _, _ = NAMES[number - 1]
    told = [_step(f"{number}.{place}", step) for place, step in enumerate(steps, start=1)]
    return _HEAD.format(number=number, zh=zh, en=en) + "\n".join(told)


def _step(place: str, step: Mapping[str, Any]) -> str:
    sent, answer = step["request"], step["answer"]
    lines = [f"{sent['method']} {sent['target']}"]
    lines += [f"{name}: {value}" for name, value in sent["headers"].items()]
    told = [f"## {place} {step['what']}", "", f"{step['who']} · `{step['operation']}`", ""]
    told += ["```http", *lines, *_told(sent.get("body")), "```", ""]
    lines = [f"HTTP/1.1 {answer['status']}"]
    lines += [f"{name}: {value}" for name, value in answer["headers"].items()]
    return "\n".join([*told, "```http", *lines, *_told(answer.get("body")), "```", ""])


def _told(body: Any) -> list[str]:
    return [] if body is None else ["", json.dumps(body, ensure_ascii=False, indent=2)]
