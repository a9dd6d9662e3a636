"""What can go wrong on the way to a service, told as what it means for the caller.

Whether the request may be sent again depends on `Silent.left`: nothing has been done while its bytes
have not left.
"""

from shared.errors import Refusal, Retry, Unavailable
from shared.words import Text

NOT_SENT = Text(
    zh="服务 {name} 暂无应答，请稍后再试", en="{name} does not answer; come back shortly"
)
UNKNOWN_OUTCOME = Text(
    zh="服务 {name} 在应答前中断，结果未知；请用同一 Idempotency-Key 重试",
    en="{name} broke off before it answered, so the outcome is not known; "
    "ask again with the same Idempotency-Key",
)
UNFINISHED = Text(
    zh="同时上传的请求过多，请先完成已开始的上传",
    en="too many bodies are under way at once; finish those that were begun",
)
BUSY = Text(
    zh="服务 {name} 的请求过多，请稍后再试",
    en="more is asked of {name} than it can do; come back shortly",
)
SLOW = Text(zh="服务 {name} 超时未答", en="{name} took too long to answer")


class Silent(Unavailable):
    """No answer can be had."""

    def __init__(self, name: str, *, left: bool = False) -> None:
        self.left = left
        super().__init__((UNKNOWN_OUTCOME if left else NOT_SENT).filled(name=name), retry_after=1)


class Overloaded(Refusal):
    """Turned away for want of room; a lane with a larger share may still get by."""

    status = 503
    kind = "overloaded"
    title = Text(zh="系统繁忙", en="More is asked than can be done")
    cause = Text(
        zh="该服务的并发已满，按类别先后让行",
        en="the service has its hands full, and classes give way in their order",
    )
    remedy = Text(
        zh="按 Retry-After 等待并逐次加长间隔，用同一键重试",
        en="wait for Retry-After, longer each time, and ask again under the same key",
    )
    retry = Retry.SAME

    def __init__(self, name: str) -> None:
        super().__init__(BUSY.filled(name=name), headers={"Retry-After": "1"})


class TooSlow(Refusal):
    status = 504
    kind = "upstream-timeout"
    title = Text(zh="所需服务超时", en="A part this needs took too long")
    cause = Text(
        zh="服务未在时限内答复；更改是否生效未知",
        en="the service did not answer in time; whether a change took effect is unknown",
    )
    remedy = Text(
        zh="用同一 Idempotency-Key 重试；长列表请减小 limit",
        en="ask again under the same Idempotency-Key; ask for shorter pages",
    )
    retry = Retry.SAME

    def __init__(self, name: str, *, silent: bool) -> None:
        self.silent = silent
        """It said nothing for too long; otherwise only the time allowed for the whole was short."""
        super().__init__(SLOW.filled(name=name), headers={"Retry-After": "1"})


class Stalled(Refusal):
    status = 408
    kind = "request-timeout"
    title = Text(zh="请求内容迟迟未到", en="The rest of the request did not arrive")
    cause = Text(zh="请求体未在时限内传完", en="the body did not arrive in time")
    remedy = Text(
        zh="检查网络，用同一 Idempotency-Key 在新连接上重传",
        en="look at the line, then send it again on a new connection under the same key",
    )
    retry = Retry.SAME

    def __init__(self) -> None:
        super().__init__(headers={"Connection": "close"})


class Gone(Exception):
    """The caller has left: nobody wants the answer."""
