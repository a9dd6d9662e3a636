"""The seventeen figures, their floors and goals: the one place where they are written."""

from dataclasses import dataclass

from shared.words import Text


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `value` in the report is what floor, goal and stretch are compared with."""

    number: int
    what: Text
    unit: str
    floor: float
    goal: float
    stretch: float
    usual: float | None = None
    """What the usual stack reaches, by an earlier measurement."""
    less_is_better: bool = False

    def reaches(self, value: float, bar: float) -> bool:
        return value <= bar if self.less_is_better else value >= bar

    def standing(self, value: float) -> str:
        """The highest bar that the value reaches; `below` when it misses the floor."""
        bars = (("stretch", self.stretch), ("goal", self.goal), ("floor", self.floor))
        return next((name for name, bar in bars if self.reaches(value, bar)), "below")


RATIO = "×"

# fmt: off
TABLE = (
    Row(1, Text(zh="网关（全部职责）÷ 裸 nginx 代理", en="gateway with all its duties ÷ bare nginx proxy"),
        RATIO, 0.15, 0.24, 0.48, 0.005),
    Row(2, Text(zh="网关（全部职责）÷ FastAPI + httpx 代理（无职责）", en="gateway with all its duties ÷ plain FastAPI + httpx proxy"),
        RATIO, 25, 40, 80, 1),
    Row(3, Text(zh="网关 ÷ 承担相同职责的 Envoy", en="gateway ÷ Envoy with the same duties"),
        RATIO, 0.6, 0.95, 1.9, 0.02),
    Row(4, Text(zh="命中缓存的公开读取 ÷ nginx proxy_cache 命中", en="cached public GET ÷ nginx proxy_cache hit"),
        RATIO, 0.2, 0.35, 0.73),
    Row(5, Text(zh="热读 ÷ pgbench 执行相同语句", en="hot read ÷ pgbench with the same statements"),
        RATIO, 0.3, 0.53, 0.85, 0.06),
    Row(6, Text(zh="落盘的投标递交（含回执）÷ pgbench 分句写入", en="durable bid commits with receipts ÷ pgbench with the same as separate statements"),
        RATIO, 0.4, 0.72, 0.87, 0.13),
    Row(7, Text(zh="列表 p50：一百万行 ÷ 一千行", en="list p50 at 1,000,000 rows ÷ at 1,000"),
        RATIO, 1.5, 1.1, 1.05, 75, less_is_better=True),
    Row(8, Text(zh="热读 p99 ÷ p50（32 并发）", en="hot read p99 ÷ p50 at c=32"),
        RATIO, 4, 2.3, 1.8, 8, less_is_better=True),
    Row(9, Text(zh="全程（客户端 → 网关 → 服务 → PostgreSQL）÷ 通常做法", en="whole suite, client → gateway → service → PostgreSQL ÷ the usual stack"),
        RATIO, 6, 9, 11, 1),
    Row(10, Text(zh="整套内存（PSS）÷ 单个服务", en="memory (PSS) of the suite ÷ one service"),
        RATIO, 3, 1.9, 1.2, 3.8, less_is_better=True),
    Row(11, Text(zh="整套就绪时间 ÷ 单个服务就绪时间", en="suite ready ÷ one service ready"),
        RATIO, 1.8, 1.1, 0.6, 2.2, less_is_better=True),
    Row(12, Text(zh="事件流：每秒千行页数（单核）", en="feed: pages of 1,000 rows a second, one core"),
        "pages/s", 140, 400, 5_000),
    Row(13, Text(zh="变更提交后在事件流中可见，p99", en="a committed change visible in the feed, p99"),
        "ms", 200, 50, 10, 1_000, less_is_better=True),
    Row(14, Text(zh="对十万家机构逐条判定资格（单核）", en="judging 100,000 agencies by every eligibility rule, one core"),
        "s", 60, 10, 3, less_is_better=True),
    Row(15, Text(zh="离线核验一百万行日志", en="verify a journal of 1,000,000 rows offline"),
        "s", 60, 30, 6, less_is_better=True),
    Row(16, Text(zh="百万条目的包含证明，p99", en="inclusion proof at 1,000,000 entries, p99"),
        "ms", 10, 2, 1, less_is_better=True),
    Row(17, Text(zh="二百个递交者之后，截标须等待", en="the closing's wait behind 200 committers"),
        "ms", 1_000, 250, 100, less_is_better=True),
)
# fmt: on

BY_NUMBER = {row.number: row for row in TABLE}
