"""Tables of Markdown."""

from collections.abc import Sequence


def row(*cells: str) -> str:
    told = (cell.replace("|", "\\|").replace("\n", " ") for cell in cells)
    return f"| {' | '.join(told)} |"


def rows(head: Sequence[str], told: Sequence[str]) -> str:
    return "\n".join([row(*head), row(*("---" for _ in head)), *told]) + "\n"
