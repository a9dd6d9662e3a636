"""What was measured, as JSON for programs and as one page with a picture for people."""

import json
import math
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from tests.bench.figures import Result
from tests.bench.table import BY_NUMBER, TABLE, Row


def line(result: Result) -> str:
    """One row for the terminal."""
    row = BY_NUMBER[result.row]
    head = f"{row.number:>3}  {row.what.en}"
    if result.ratio is None:
        return f"{head}: not measured ({result.why})"
    cpu = ", ".join(f"{name} {value:.0f}" for name, value in result.cpu_us.items())
    beside = f"  [µs CPU: {cpu}]" if cpu else ""
    return (
        f"{head}: {shown(result.ratio)} {row.unit}  {result.standing}"
        f" (floor {shown(row.floor)}, goal {shown(row.goal)}){beside}"
    )


def document(
    results: Sequence[Result],
    *,
    versions: Mapping[str, str],
    machine: Mapping[str, Any],
    form: str,
    seconds: float,
) -> dict[str, Any]:
    return {
        "rows": {str(r.row): _row(r) for r in sorted(results, key=lambda r: r.row)},
        "versions": dict(versions),
        "machine": dict(machine),
        "form": form,
        "seconds": round(seconds),
    }


def write(told: Mapping[str, Any], folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    where = folder / "bench.json"
    where.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    where.with_suffix(".html").write_text(page(told))
    return where


def _row(result: Result) -> dict[str, Any]:
    row = BY_NUMBER[result.row]
    told: dict[str, Any] = {
        "what": {"zh": row.what.zh, "en": row.what.en},
        "ratio": _rounded(result.ratio),
        "ours": _rounded(result.ours),
        "reference": _rounded(result.reference),
        "unit": result.unit or row.unit,
        "compared_in": row.unit,
        "better": "less" if row.less_is_better else "more",
        "usual": row.usual,
        "floor": row.floor,
        "goal": row.goal,
        "stretch": row.stretch,
        "standing": result.standing,
    }
    if result.why is not None:
        return told | {"why": result.why}
    return told | {
        "how": result.how,
        "concurrency": result.concurrency,
        "rounds": result.rounds,
        "cpu_us": {name: _rounded(value) for name, value in result.cpu_us.items()},
        "beside": {
            name: _rounded(value) if isinstance(value, float) else value
            for name, value in result.beside.items()
        },
    }


def _rounded(value: float | None) -> float | None:
    """Four digits are more than a machine repeats."""
    if value is None or value == 0 or not math.isfinite(value):
        return value
    return round(value, 3 - math.floor(math.log10(abs(value))))


def shown(value: float | None) -> str:
    """A number as people read it."""
    if value is None:
        return "–"
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


# The page. Each row is a bar on a logarithmic scale of its own, on which the floor is always at one
# third and the stretch at three quarters, the better end right: bars of all rows can be compared.

WIDTH, LEFT, RIGHT, STEP, TOP = 1240, 470, 140, 46, 70
FLOOR_AT, STRETCH_AT = 1 / 3, 3 / 4
COLOURS = {"stretch": "#1a7f5a", "goal": "#3f9d6b", "floor": "#d29922", "below": "#c0392b"}


def place(row: Row, value: float) -> float:
    """Where a value stands between 0, far worse than the floor, and 1, far better than the stretch."""
    floor, stretch, at = (math.log(max(v, 1e-9)) for v in (row.floor, row.stretch, value))
    share = FLOOR_AT + (at - floor) / (stretch - floor) * (STRETCH_AT - FLOOR_AT)
    return min(1.0, max(0.015, share))


def page(told: Mapping[str, Any]) -> str:
    machine = told["machine"]
    about = " · ".join(
        f"{name}: {machine[name]}"
        for name in ("processor", "cores", "system", "python", "pinning")
        if name in machine
    )
    return f"""<!doctype html>
<html lang="zh"><head><meta charset="utf-8"><title>惠社性能图 Huishe figures</title>
<style>
body {{ font: 15px/1.5 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; margin: 24px auto;
  max-width: {WIDTH}px; color: #1f2328; background: #fff }}
h1 {{ font-size: 22px; margin: 0 0 4px }} p {{ margin: 4px 0 }} svg {{ width: 100%; height: auto }}
table {{ border-collapse: collapse; font-size: 13px; margin-top: 16px }}
td, th {{ border-bottom: 1px solid #d0d7de; padding: 4px 8px; text-align: left; vertical-align: top }}
.small {{ color: #57606a; font-size: 13px }}
</style></head><body>
<h1>惠社的速度，与同一次运行中的极限并列 · Huishe beside the limit in the same run</h1>
<p>每行各用对数刻度，越靠右越好；下限、目标、更高目标处各有一线。
Each row has a logarithmic scale of its own; right is better. The lines are floor, goal and stretch.</p>
<p class="small">{escape(about)} · {escape(str(told.get("form", "")))}</p>
{_picture(told["rows"])}
{_details(told["rows"])}
<p class="small">{escape("; ".join(f"{n} {v}" for n, v in told["versions"].items()))}</p>
</body></html>
"""


def _picture(rows: Mapping[str, Any]) -> str:
    drawn = [_bar(row, rows.get(str(row.number), {}), n) for n, row in enumerate(TABLE)]
    height = TOP + STEP * len(TABLE) + 10
    legend = "".join(
        f'<rect x="{LEFT + n * 190}" y="18" width="14" height="14" fill="{colour}"/>'
        f'<text x="{LEFT + n * 190 + 20}" y="30" font-size="13">{words}</text>'
        for n, (colour, words) in enumerate(
            zip(
                COLOURS.values(),
                ("更高目标 stretch", "目标 goal", "下限 floor", "未达下限 below"),
                strict=True,
            )
        )
    )
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" xmlns="http://www.w3.org/2000/svg" '
        f'font-family="inherit"><title>惠社性能 Huishe figures</title>{legend}{"".join(drawn)}</svg>'
    )


def _bar(row: Row, told: Mapping[str, Any], number: int) -> str:
    top = TOP + STEP * number
    room = WIDTH - LEFT - RIGHT
    value = told.get("ratio")
    bars = "".join(
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top - 3}" y2="{top + 25}" stroke="#57606a" '
        f'stroke-dasharray="{dash}"/><text x="{x + 3:.1f}" y="{top + 35}" font-size="10" '
        f'fill="#57606a">{shown(bar)}</text>'
        for bar, dash in ((row.floor, "none"), (row.goal, "5 3"), (row.stretch, "2 3"))
        for x in [LEFT + room * place(row, bar)]
    )
    words = (
        f'<text x="0" y="{top + 10}" font-size="13">{row.number}. {escape(row.what.zh)}</text>'
        f'<text x="0" y="{top + 25}" font-size="11" fill="#57606a">{escape(row.what.en)}</text>'
    )
    if value is None:
        why = str(told.get("why", "未测 not measured"))
        bar = f'<text x="{LEFT + 8}" y="{top + 16}" font-size="12" fill="#8b949e">{escape(why[:90])}</text>'
        return (
            words + f'<rect x="{LEFT}" y="{top}" width="{room}" height="22" fill="#f6f8fa"/>' + bar
        )
    wide = room * place(row, value)
    colour = COLOURS[row.standing(value)]
    return (
        f'{words}<rect x="{LEFT}" y="{top}" width="{room}" height="22" fill="#f6f8fa"/>'
        f'<rect x="{LEFT}" y="{top}" width="{wide:.1f}" height="22" fill="{colour}"/>{bars}'
        f'<text x="{WIDTH - RIGHT + 8}" y="{top + 16}" font-size="14" font-weight="600">'
        f"{shown(value)} {escape(row.unit)}</text>"
    )


def _details(rows: Mapping[str, Any]) -> str:
    lines = []
    for number, told in rows.items():
        cpu = ", ".join(f"{name} {shown(v)}" for name, v in told.get("cpu_us", {}).items())
        beside = "; ".join(f"{name} {v}" for name, v in told.get("beside", {}).items())
        lines.append(
            f"<tr><td>{number}</td><td>{shown(told['ours'])}</td><td>{shown(told['reference'])}</td>"
            f"<td>{escape(told['unit'])}</td><td>{shown(told.get('concurrency'))}</td>"
            f"<td>{shown(told.get('rounds'))}</td><td>{cpu}</td>"
            f"<td>{escape(told.get('how') or told.get('why') or '')}"
            f"{'<br>' + escape(beside) if beside else ''}</td></tr>"
        )
    head = (
        "<tr><th>行 row</th><th>惠社 ours</th><th>对照 reference</th><th>单位 unit</th>"
        "<th>并发 c</th><th>轮 rounds</th><th>CPU µs/请求 request</th><th>如何测得 how</th></tr>"
    )
    return f"<table>{head}{''.join(lines)}</table>"
