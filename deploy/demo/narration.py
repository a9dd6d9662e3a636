"""What the demonstration prints: who asks for what, what was decided, and why."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table
from rich.text import Text

MARKS = {
    "met": ("✓", "green"),
    "breached": ("✗", "red"),
    "warning": ("!", "yellow"),
    "not_applicable": ("–", "dim"),
}

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def _short(found: "re.Match[str]") -> str:
    """The end of an id is enough to tell it from the others on the screen."""
    return f"…{found[0][-6:]}"


@dataclass(frozen=True, eq=False)
class Asked:
    """That somebody asks for something; `call` is the request line, or the tool that makes calls."""

    who: str
    what: str
    call: str

    @property
    def by_a_tool(self) -> bool:
        return self.call.startswith("bidkit")

    def fits(self, request: httpx.Request) -> bool:
        method, _, target = self.call.partition(" ")
        return (method, target.partition("?")[0]) == (request.method, request.url.path)


class Narrator:
    """Writes for a person who reads along; English with the policy's own words beside."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False, soft_wrap=True)
        self.calls = 0
        self.chapter_number = 0
        self.last: Asked | None = None

    def chapter(self, number: int, zh: str, en: str) -> None:
        self.chapter_number, self.last = number, None
        self.console.print()
        self.console.rule(f"[bold]{number}. {zh} · {en}", align="left")

    def asked(self, who: str, what: str, call: str) -> None:
        """A caller asks; `call` is the request line."""
        self.calls += 1
        self.last = Asked(who, what, call)
        line = Text("  ▸ ")
        line.append(who, style="bold")
        line.append(f"  {what}")
        line.append(f"   {_ID.sub(_short, call)}", style="dim")
        self.console.print(line)

    def answered(self, what: str, *, good: bool = True) -> None:
        self.console.print(Text(f"      → {what}", style="green" if good else "red"))

    def findings(
        self, findings: Sequence[Mapping[str, Any]], *, only_breaches: bool = False
    ) -> None:
        """Each rule that was asked, with its clause and reason."""
        for finding in findings:
            if only_breaches and finding["outcome"] != "breached":
                continue
            mark, style = MARKS[finding["outcome"]]
            clause = finding["clause"]
            line = Text(f"        {mark} ", style=style)
            line.append(f"{clause['source']} {clause['number']}", style="cyan")
            line.append(f"  {finding['reason']['zh']} · {finding['reason']['en']}")
            if any(basis["unconfirmed"] for basis in finding["basis"]):
                line.append("  [草案 unconfirmed figure]", style="yellow")
            self.console.print(line)

    def fact(self, what: str) -> None:
        self.console.print(Text(f"      {what}", style="dim"))

    def day(self, day: str) -> None:
        self.console.print(Text(f"\n  ⏱ {day}", style="magenta"))

    def table(self, title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        table = Table(title=title, title_justify="left", title_style="bold", show_edge=False)
        for column in columns:
            table.add_column(column, overflow="fold")
        for row in rows:
            table.add_row(*(str(cell) for cell in row))
        self.console.print(table)
