"""The dashboards, as code: one for officers (办理情况), Chinese first, and one for operators (运行状况).

    python -m deploy.observability.dashboards make     write grafana/dashboards/*.json
    python -m deploy.observability.dashboards check    say which of them is not what is written here
    python -m deploy.observability.dashboards rules    all expressions as rules, for promtool to read

Grafana provisions the files as they are. Several workers tell the same figures, so what is counted
is asked for with `max`.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

FOLDER = Path(__file__).with_name("grafana") / "dashboards"
SOURCE = {"type": "prometheus", "uid": "prometheus"}
GRID = 24
HALF, THIRD, QUARTER = GRID // 2, GRID // 3, GRID // 4


@dataclass(frozen=True, slots=True)
class Panel:
    """One picture: `asks` are its queries, legend → PromQL; `words` puts names in place of labels."""

    title: str
    asks: Mapping[str, str]
    kind: str = "timeseries"
    width: int = HALF
    unit: str = "short"
    words: Mapping[str, str] = field(default_factory=dict)
    warn_at: float | None = None
    """From here on it is shown in red."""


@dataclass(frozen=True, slots=True)
class Dashboard:
    name: str
    title: str
    refresh: str
    since: str
    panels: Sequence[Panel]


# ---------------------------------------------------------------------- for officers

STATES: Mapping[str, Mapping[str, str]] = {
    "tender": {
        "draft": "起草",
        "published": "公告中",
        "closed": "已截止",
        "opened": "已开标",
        "awarded": "已成交",
        "failed": "废标",
        "cancelled": "已取消",
    },
    "agency": {"registered": "正常", "suspended": "停止活动", "cancelled": "已注销"},
    "application": {
        "draft": "起草",
        "submitted": "已提交",
        "returned": "退回补正",
        "accepted": "已受理",
        "reviewed": "已审查",
        "approved": "已核准",
        "refused": "不予登记",
        "certified": "已发证",
        "withdrawn": "已撤回",
    },
    "assessment": {
        "applied": "已申请",
        "rejected": "不予受理",
        "withdrawn": "已撤回",
        "accepted": "已受理",
        "assigned": "已分派",
        "scored": "已评分",
        "balloting": "表决中",
        "decided": "已作决定",
        "noticed": "公示中",
        "announced": "已公告",
    },
    "contract": {
        "drafted": "起草",
        "signed": "履行中",
        "completed": "已完成",
        "terminated": "已终止",
        "dropped": "未签订",
    },
    "need": {"recorded": "已登记", "adopted": "已采纳", "met": "已满足", "withdrawn": "已撤回"},
    "residency": {
        "sprouting": "萌芽期",
        "starting": "起步期",
        "growing": "成长期",
        "graduated": "已出壳",
        "left": "已离开",
        "handed_over": "已移交",
    },
}
"""What the policy calls the states of the things shown."""

WORK: Mapping[str, str] = {
    "application.answer": "登记申请：受理答复",
    "application.decide": "登记申请：审批决定",
    "application.certify": "登记申请：发证",
    "inspection.file": "年度检查：报送",
    "tender.close": "采购项目：截止",
    "award.decide": "评审结果：确定",
    "award.announce": "评审结果：公告",
    "award.sign": "合同：签订",
    "assessment.announce": "等级评估：公告",
    "objection.answer": "评估异议：答复",
    "performance.conclude": "绩效评价：结论",
    "grade.expire": "评估等级：到期",
    "round.close": "招募批次：截止",
    "candidate.check": "入驻申请：审查",
    "residency.end": "入驻：期满",
    "residency.hand_over": "离园：移交",
    "milestone.reach": "成长目标：达成",
}
"""What is due, in the words of the desk it lies on."""


def by_state(subject: str, title: str) -> Panel:
    asked = f'max by (state) (huishe_things{{subject="{subject}"}})'
    return Panel(title, {"{{state}}": asked}, kind="bargauge", width=THIRD, words=STATES[subject])


def due(when: str, title: str, warn_at: float | None = None) -> Panel:
    asked = f'max by (work) (huishe_work_due{{when="{when}"}})'
    return Panel(title, {"{{work}}": asked}, kind="bargauge", words=WORK, warn_at=warn_at)


def share(of: str, title: str) -> Panel:
    covered, everything = (
        f'max(huishe_coverage_divisions{{of="{of}",which="{which}"}})'
        for which in ("covered", "all")
    )
    return Panel(title, {title: f"{covered} / {everything}"}, "gauge", QUARTER, "percentunit")


OFFICERS = Dashboard(
    "officers",
    "惠社 · 办理情况 (work and coverage)",
    refresh="30s",
    since="now-30d",
    panels=[
        due("overdue", "已逾期 · Overdue", warn_at=1),
        due("week", "七日内到期 · Due within a week"),
        share("towns", "街道、镇全覆盖 · Towns covered"),
        share("communities", "一社区一社工 · Communities with a worker"),
        share("villages", "村配备社工 · Villages with a worker"),
        Panel(
            "工作日历已公布至 · Calendar published until",
            {"年 year": "max(huishe_calendar_last_published_year)"},
            kind="stat",
            width=QUARTER,
            unit="none",
        ),
        by_state("agency", "社会工作服务机构 · Agencies"),
        by_state("application", "登记申请 · Applications"),
        by_state("assessment", "等级评估 · Assessments"),
        by_state("need", "服务需求 · Needs"),
        by_state("tender", "采购项目 · Tenders"),
        by_state("contract", "合同 · Contracts"),
        by_state("residency", "入驻 · Residencies"),
        Panel(
            "保管人 · Custodians",
            {"{{which}}": "max by (which) (huishe_custodians)"},
            kind="stat",
            width=THIRD,
            words={"standing": "在任", "needed": "最严封存所需", "spare": "余量"},
        ),
        Panel(
            "逾期趋势 · Overdue over time",
            {"{{work}}": 'max by (work) (huishe_work_due{when="overdue"})'},
            width=THIRD,
            words=WORK,
        ),
    ],
)

# ---------------------------------------------------------------------- for operators


def quantile(of: float, by: str, histogram: str, where: str = "") -> str:
    return f"histogram_quantile({of}, sum by ({by}, le) (rate({histogram}_bucket{where}[5m])))"


DOOR, ANSWERS = "huishe_gateway_answer_seconds", "huishe_answer_seconds"
NOT_WAITING = '{operation!="read_feed"}'

OPERATORS = Dashboard(
    "operators",
    "惠社 · 运行状况 (traffic, errors, latency, saturation)",
    refresh="5s",
    since="now-30m",
    panels=[
        Panel(
            "流量：每秒应答 · Answers a second at the door",
            {
                "{{service}} {{lane}}": "sum by (service, lane) "
                "(rate(huishe_gateway_answers_total[1m]))"
            },
            unit="reqps",
        ),
        Panel(
            "错误：占比 · Share of answers that are errors of ours",
            {"{{service}}": "huishe:door_errors:ratio_rate5m"},
            unit="percentunit",
        ),
        Panel(
            "错误预算燃烧：1 小时、6 小时、3 天（倍） · Burn of the error budget",
            {
                f"{{{{service}}}} {window}": f"huishe:door_errors:ratio_rate{window} / 0.001"
                for window in ("1h", "6h", "3d")
            },
            unit="none",
        ),
        Panel(
            "时延：网关 p50、p99 · Seconds to the answer at the door",
            {f"{{{{service}}}} p{of * 100:g}": quantile(of, "service", DOOR) for of in (0.5, 0.99)},
            unit="s",
        ),
        Panel(
            "时延：各服务 p99 · Seconds to the answer in the services, p99",
            {"{{process}}": quantile(0.99, "process", ANSWERS, NOT_WAITING)},
            unit="s",
        ),
        Panel(
            "时延：最慢的操作 p99 · Slowest operations, p99",
            {
                "{{process}} {{operation}}": "topk(8, "
                + quantile(0.99, "process, operation", ANSWERS, NOT_WAITING)
                + ")"
            },
            unit="s",
        ),
        Panel(
            "饱和：在途请求 · In flight at the gateway",
            {"{{service}} {{lane}}": "sum by (service, lane) (huishe_gateway_in_flight)"},
        ),
        Panel(
            "饱和：数据库连接占用 · Database connections in use",
            {
                "{{process}}": 'huishe_database_connections{which="busy"} / ignoring(which) '
                'huishe_database_connections{which="most"}'
            },
            unit="percentunit",
        ),
        Panel(
            "缓存：读取去向 · What becomes of cacheable reads",
            {"{{outcome}}": "sum by (outcome) (rate(huishe_gateway_cache_lookups_total[1m]))"},
            width=THIRD,
            unit="reqps",
        ),
        Panel(
            "缓存：占用 · Bytes of kept answers",
            {"{{process}}": "huishe_gateway_cache_bytes"},
            width=THIRD,
            unit="bytes",
        ),
        Panel(
            "内存 · Memory",
            {"{{process}}": "process_resident_memory_bytes"},
            width=THIRD,
            unit="bytes",
        ),
        Panel(
            "处理器 · CPU",
            {"{{process}}": "rate(process_cpu_seconds_total[1m])"},
            width=THIRD,
            unit="percentunit",
        ),
        Panel(
            "文件描述符 · Open descriptors",
            {"{{process}}": "process_open_fds / process_max_fds"},
            width=THIRD,
            unit="percentunit",
        ),
        Panel(
            "上游地址可用 · Addresses that are sent requests",
            {"{{service}} {{address}}": "huishe_gateway_upstream_admitted"},
            width=THIRD,
        ),
        Panel(
            "事件：未收到 · Events not heard yet",
            {"{{service}} ← {{source}}": "huishe:feed_lag"},
            width=THIRD,
        ),
        Panel(
            "事件：待编号 · Rows that wait for positions",
            {"{{service}}": "max by (service) (huishe_feed_waiting)"},
            width=THIRD,
        ),
        Panel(
            "检查点落后 · Entries the witness has not seen",
            {
                "{{service}}": "max by (service) (huishe_feed_position) "
                "- max by (service) (huishe_gateway_journal_witnessed_size)"
            },
            width=THIRD,
        ),
        Panel(
            "后台任务：停滞秒数 · Seconds since a worker's part got on",
            {"{{process}} {{part}}": 'time() - huishe_worker_last_round_seconds{part!="receipts"}'},
            unit="s",
        ),
        Panel(
            "后台任务：每小时失败 · Failed rounds of the workers, an hour",
            {
                "{{process}} {{part}}": "sum by (process, part) "
                "(increase(huishe_worker_failures_total[1h]))"
            },
        ),
        Panel(
            "密封投标通道正常 · The lane of sealed bids is well",
            {"正常 well": "min(huishe_gateway_bids_lane_well)"},
            kind="stat",
            width=THIRD,
        ),
        Panel(
            "日志争议 · Disputed journals",
            {"{{service}}": "max by (service) (huishe_gateway_journal_disputed)"},
            kind="stat",
            width=THIRD,
            warn_at=1,
        ),
        Panel(
            "配置被拒 · Configuration refused",
            {"被拒 refused": "max(huishe_gateway_configuration_refused)"},
            kind="stat",
            width=THIRD,
            warn_at=1,
        ),
    ],
)

DASHBOARDS = (OFFICERS, OPERATORS)

# ---------------------------------------------------------------------- as Grafana reads it


def rendered(dashboard: Dashboard) -> bytes:
    """The file of a dashboard."""
    placed, x, y = [], 0, 0
    for number, panel in enumerate(dashboard.panels, start=1):
        if x + panel.width > GRID:
            x, y = 0, y + 8
        placed.append(_panel(number, panel, {"h": 8, "w": panel.width, "x": x, "y": y}))
        x += panel.width
    written = {
        "uid": f"huishe-{dashboard.name}",
        "title": dashboard.title,
        "schemaVersion": 39,
        "timezone": "Asia/Shanghai",
        "refresh": dashboard.refresh,
        "time": {"from": dashboard.since, "to": "now"},
        "panels": placed,
    }
    return orjson.dumps(written, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _panel(number: int, panel: Panel, place: dict[str, int]) -> dict[str, Any]:
    now_only = panel.kind != "timeseries"
    defaults: dict[str, Any] = {"unit": panel.unit}
    if panel.warn_at is not None:
        steps = [{"color": "green", "value": None}, {"color": "red", "value": panel.warn_at}]
        defaults |= {"thresholds": {"mode": "absolute", "steps": steps}}
    if panel.unit == "percentunit":
        defaults |= {"min": 0, "max": 1} if panel.kind == "gauge" else {"min": 0}
    return {
        "id": number,
        "title": panel.title,
        "type": panel.kind,
        "gridPos": place,
        "datasource": SOURCE,
        "fieldConfig": {
            "defaults": defaults,
            "overrides": [_renamed(label, word) for label, word in panel.words.items()],
        },
        "targets": [
            {"refId": chr(ord("A") + n), "expr": asked, "legendFormat": legend, "instant": now_only}
            for n, (legend, asked) in enumerate(panel.asks.items())
        ],
    }


def _renamed(label: str, word: str) -> dict[str, Any]:
    return {
        "matcher": {"id": "byName", "options": label},
        "properties": [{"id": "displayName", "value": f"{word} {label}"}],
    }


def as_rules() -> bytes:
    """Every expression as a recording rule, in JSON, which is YAML: so promtool can read it."""
    asked = [expr for board in DASHBOARDS for panel in board.panels for expr in panel.asks.values()]
    rules = [{"record": f"asked:{n}", "expr": expr} for n, expr in enumerate(asked)]
    return orjson.dumps({"groups": [{"name": "dashboards", "rules": rules}]})


def make() -> None:
    for dashboard in DASHBOARDS:
        (FOLDER / f"{dashboard.name}.json").write_bytes(rendered(dashboard))


def check() -> None:
    written = {f"{dashboard.name}.json": rendered(dashboard) for dashboard in DASHBOARDS}
    there = {path.name: path.read_bytes() for path in FOLDER.glob("*.json")}
    wrong = sorted(
        name for name in written.keys() | there.keys() if written.get(name) != there.get(name)
    )
    if wrong:
        raise SystemExit(f"Not as deploy/observability/dashboards.py says: {', '.join(wrong)}")


def main(arguments: Sequence[str]) -> None:
    match arguments:
        case ["make"]:
            make()
        case ["check"]:
            check()
        case ["rules"]:
            sys.stdout.buffer.write(as_rules())
        case _:
            raise SystemExit("python -m deploy.observability.dashboards make|check|rules")


if __name__ == "__main__":
    main(sys.argv[1:])
