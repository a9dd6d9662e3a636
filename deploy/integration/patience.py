"""How long to wait and when to ask again, from the settings that the parts really run by."""

from deploy.integration.markdown import row, rows
from deploy.integration.problems import AGAIN, kinds
from gateway.configuration import DEFAULT, Configuration, content_of, parsed
from gateway.settings import GatewaySettings
from shared.errors import Retry
from shared.http.feed import MOST_ROWS, MOST_WAIT_SECONDS
from shared.records.receipts import KEPT_DAYS

_HEAD = """# 超时与重试 Time-outs and retries

由 `make integration` 从网关配置生成，勿手改；部署方可在 `GATEWAY_CONFIGURATION_FILE` 和 `GATEWAY_*` 中调整，以实际部署为准。
Made from the gateway's configuration; a deployment may set its own.

"""

_RULES = """
## 何时重试 When to ask again

1. `GET` 可以重试。`POST` 带 `Idempotency-Key`：断线、超时或下表“原样重试”的答复，用**同一键、同一内容**再发，得到的是首次的结果（`Idempotent-Replayed: true`）。
2. `PUT` 带 `If-Match`：结果未知时先重新读取；ETag 变了说明已生效或已被他人更改。
3. 等待：先按 `Retry-After`；没有时从 0.5 秒起，每次加倍，至多 30 秒，加随机抖动。最多 5 次，之后交给人处理。
4. 不要并行重试；`RateLimit` 的剩余额度接近 0 时放慢。

`GET` may be asked again. A `POST` is sent again with the same `Idempotency-Key` and body after a lost connection, a time-out or an answer below;
a `PUT` is read anew first. Wait for `Retry-After`, else 0.5 s doubling to 30 s with jitter, five times at most.
The Python client in `client/` does all of this.

"""


def tables() -> str:
    return _HEAD + _lanes(parsed(content_of(DEFAULT))) + _patience() + _RULES + _retries()


def _lanes(configuration: Configuration) -> str:
    head = [
        "车道 lane",
        "每秒请求 requests/s",
        "突发 burst",
        "请求体 body",
        "全程时限 total",
        "未带令牌 anonymous",
    ]
    callers = configuration.callers
    told = [
        row(
            f"`{name}`",
            f"{lane.rate:g}",
            f"{lane.rate * callers.burst_seconds:g}",
            f"{lane.body_bytes:,} B",
            f"{lane.total_seconds:g} s",
            f"{lane.rate * callers.anonymous_share:g}/s",
        )
        for name, lane in configuration.lanes.items()
    ]
    return f"## 车道 Lanes\n\n每个客户端在每条车道各有额度。Each client has its own allowance in each.\n\n{rows(head, told)}\n"


def _patience() -> str:
    def usual(field: str) -> str:
        return f"{GatewaySettings.model_fields[field].default:g} s"

    longest = max(lane.total_seconds for lane in parsed(content_of(DEFAULT)).lanes.values())
    told = [
        row(
            "请求头须在此时间内到齐",
            "the head arrives within",
            "`GATEWAY_HEAD_SECONDS`",
            usual("head_seconds"),
        ),
        row(
            "网关连接服务",
            "the gateway connects within",
            "`GATEWAY_CONNECT_SECONDS`",
            usual("connect_seconds"),
        ),
        row(
            "服务最长沉默",
            "longest silence of a service",
            "`GATEWAY_READ_SECONDS`",
            usual("read_seconds"),
        ),
        row("令牌有效期", "a token lives", "`GATEWAY_TOKEN_SECONDS`", usual("token_seconds")),
        row("事件流最长等待 `wait`", "longest `wait` at a feed", "–", f"{MOST_WAIT_SECONDS:g} s"),
        row("事件流每页至多", "rows a page of a feed", "–", f"{MOST_ROWS}"),
        row("幂等键保留", "an Idempotency-Key is kept", "–", f"{KEPT_DAYS} d"),
        row("调用方连接超时（建议）", "connect time-out of a caller, advised", "–", "5 s"),
        row(
            "调用方读取超时（建议）：长于网关的沉默上限",
            "read time-out of a caller, advised: longer than the silence above",
            "–",
            "40 s",
        ),
        row(
            "调用方全程超时（建议）：不短于所用车道",
            "total of a caller, advised: no shorter than its lane's",
            "–",
            f"60 s，投标 bids {longest:g} s",
        ),
    ]
    return "## 时限 Time-outs\n\n" + rows(["时限", "what", "设置 setting", "默认 default"], told)


def _retries() -> str:
    told = [
        row(f"{kind.status}", f"`{kind.kind}`", AGAIN[kind.retry].zh, AGAIN[kind.retry].en)
        for kind in kinds()
        if kind.retry is not Retry.CORRECTED
    ]
    rest = "其余错误码都须更正后再提交，见 [errors.md](errors.md)。All other codes: correct, then send.\n"
    return rows(["HTTP", "错误码 code", "重试", "retry"], told) + "\n" + rest
