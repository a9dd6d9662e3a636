"""The table of error codes: every kind of problem that any part answers with."""

import importlib

from deploy.contracts import SERVICES
from deploy.integration.markdown import row, rows
from shared.errors import Refusal, Retry, catalogue
from shared.words import Text

AGAIN = {
    Retry.CORRECTED: Text(zh="更正后再提交", en="only when corrected"),
    Retry.SAME: Text(
        zh="原样重试：同一键，等待 Retry-After", en="the same again under the same key, in time"
    ),
    Retry.AFTER_TOKEN: Text(zh="换新令牌后重试", en="the same with another token"),
    Retry.AFTER_READING: Text(zh="重新读取后再提交", en="after reading anew"),
    Retry.LATER: Text(zh="待运维处理，不要循环重试", en="later, not in a loop"),
}

_HEAD = """# 错误码 Error codes

由 `make integration` 从代码生成，勿手改。Made from the code by `make integration`.

每个错误答复都是 RFC 9457 `application/problem+json`。程序按 `type` 末段（即下表的错误码）判断，错误码一经发布不再改名；
`title`、`detail` 是给人看的，随 `Accept-Language` 为中文或英文。同一内容由网关在 `GET /problems/` 提供。
`errors[]` 逐项给出字段（JSON Pointer）、规则和更正办法；`findings[]` 给出依规判断的每条规则、条款和数值；`trace_id` 用于查日志。

Every refusal is an RFC 9457 document. Programs go by the last segment of `type`, the code below, which is never renamed.

"""


def kinds() -> list[type[Refusal]]:
    """All of them, by status and name."""
    for part in (*(f"services.{name}.app" for name in SERVICES), "gateway.app"):
        importlib.import_module(part)  # what a part defines of its own is known when it is loaded
    return sorted(catalogue().values(), key=lambda kind: (kind.status, kind.kind))


def table() -> str:
    head = ["错误码 code", "HTTP", "含义 title", "原因 cause", "处理 remedy", "重试 retry"]
    told = [
        row(
            f"`{kind.kind}`",
            str(kind.status),
            *(f"{text.zh}<br>{text.en}" for text in (kind.title, kind.cause, kind.remedy)),
            f"{AGAIN[kind.retry].zh}<br>{AGAIN[kind.retry].en}",
        )
        for kind in kinds()
    ]
    return _HEAD + rows(head, told)
