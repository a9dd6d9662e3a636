"""The chapters of the main job, in the order of business time."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

from deploy.demo.stage import Stage


@dataclass(frozen=True, slots=True)
class Chapter:
    """`play` asks as the callers would and must leave in the story what later chapters need."""

    zh: str
    en: str
    play: Callable[[Stage], None]


NAMES = (
    ("登记", "Registration", "registration", "found_agencies"),
    ("覆盖与年检", "Coverage and inspections", "coverage", "count"),
    ("等级评估", "Grades", "evaluation", "grade_agencies"),
    ("需求、项目与招标", "Need, project, tender", "purchase", "publish_tender"),
    ("密封投标", "Sealed bids", "sealed_bids", "lodge"),
    ("截止与开标", "Close and opening", "sealed_bids", "open_bids"),
    ("资格审查与定标", "Qualification and award", "ranking", "award"),
    ("合同", "Contract", "result", "sign_contract"),
    ("孵化", "Incubator", "incubation", "grow"),
    ("履约评价与付款", "Results and payments", "result", "perform"),
    ("开放数据", "Open data", "open_data", "publish"),
    ("日志自证", "Proof", "proof", "prove"),
)


def programme() -> Sequence[Chapter]:
    """Each chapter with the function that plays it."""
    return [
        Chapter(zh, en, getattr(import_module(f"deploy.demo.chapters.{module}"), name))
        for zh, en, module, name in NAMES
    ]


def play(stage: Stage) -> list[Chapter]:
    """Every chapter; the one that fails names itself."""
    played = []
    for number, chapter in enumerate(programme(), start=1):
        stage.tell.chapter(number, chapter.zh, chapter.en)
        with stage.step(f"{number}. {chapter.zh} {chapter.en}"):
            chapter.play(stage)
        played.append(chapter)
    return played


def close(stage: Stage, played: Sequence[Chapter], *, ready_seconds: float, seconds: float) -> None:
    """The summary: on the screen, and as `summary.json` for others to check."""
    summary = {
        "chapters": [chapter.en for chapter in played],
        "calls": stage.tell.calls,
        "suite_ready_seconds": round(ready_seconds, 1),
        "seconds": round(seconds, 1),
        "business_time": stage.now().isoformat(),
        "facts": stage.story.get("summary", {}),
    }
    path = stage.folder / "summary.json"
    path.write_text(json.dumps(summary, ensure_ascii=False, indent=2) + "\n")
    stage.tell.chapter(len(played) + 1, "小结", "Summary")
    facts = [[name, value] for name, value in stage.story.get("summary", {}).items()]
    stage.tell.table("惠社 Huishe", ["", ""], facts)
    stage.tell.fact(
        f"{len(played)} chapters, {stage.tell.calls} narrated calls, {seconds:.0f} s; "
        f"kept under {stage.folder}"
    )
