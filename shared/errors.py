"""Everything a person can be refused for: each refusal has a status, a kind and words.

Actions and dependencies raise these; `shared.http.problems` turns them into RFC 9457 documents.
The kinds below are the whole catalogue that the gateway serves under `/problems/`.

    Refusal
    ├── Unauthenticated        401   who are you?
    ├── Forbidden              403   your role may not do this
    ├── NotFound               404   does not exist, or is not yours: the same answer
    ├── Conflict               409   the state of things does not allow it
    │   ├── MoveNotAllowed     409   the lifecycle has no such move from here
    │   ├── PolicyRefused      409   a rule was breached; carries the verdict
    │   ├── FigureUnconfirmed  409   a draft figure would decide; an officer confirms it first
    │   └── StillRunning       409   the first request under this key is not finished
    ├── PreconditionFailed     412   somebody changed it since you read it
    ├── PreconditionRequired   428   say which version you read (If-Match)
    ├── TooLarge               413
    ├── InvalidInput           422   names field, rule and remedy
    ├── TooManyRequests        429
    ├── Unavailable            503   a needed part is silent; come back later
    │   └── JournalDisputed    503   what is stored is not what was signed; somebody has to look
    └── StorageFull            507   no room to write anything down; reads go on
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from shared.words import Text


class Retry(StrEnum):
    """Whether a program that was refused may ask again by itself, and after what."""

    CORRECTED = "corrected"
    """Only when somebody has corrected something: the same would be refused again."""
    SAME = "same"
    """The very same request, under the same Idempotency-Key, once Retry-After has passed."""
    AFTER_TOKEN = "after-token"
    """The same with another token."""
    AFTER_READING = "after-reading"
    """With the version that is read now, if the change still makes sense then."""
    LATER = "later"
    """When the operators have mended something; asking in a loop does not help them."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong with the input: where (JSON pointer), by which rule, and the remedy."""

    pointer: str
    rule: Text
    remedy: Text


class NotWellFormed(ValueError):
    """A value that its standard refuses: says the rule and the remedy, never repeats the value.

    Validators of fields raise it; the problem document tells both in the reader's language.
    """

    def __init__(self, rule: Text, remedy: Text | None = None) -> None:
        self.rule = rule
        self.remedy = remedy or Text(
            zh="请按上述要求更正后重新提交", en="correct the value by this rule"
        )
        super().__init__(rule.en)


class Refusal(Exception):
    """The base of everything that is answered with a problem document."""

    status: ClassVar[int] = 400
    kind: ClassVar[str] = "bad-request"
    title: ClassVar[Text] = Text(zh="请求有误", en="Bad request")
    cause: ClassVar[Text] = Text(
        zh="请求不是本系统所接受的 HTTP 或 JSON：路径写法、请求头、编码、重复键等",
        en="Not HTTP or JSON as this suite reads it: spelling of the path, headers, encoding, duplicate keys",
    )
    remedy: ClassVar[Text] = Text(
        zh="按 detail 所述更正后重新提交", en="correct what `detail` names, then send it anew"
    )
    retry: ClassVar[Retry] = Retry.CORRECTED

    def __init__(self, detail: Text | None = None, *, headers: dict[str, str] | None = None):
        self.detail = detail or self.title
        self.headers = headers or {}
        super().__init__(self.detail.en)

    def members(self, language: str) -> dict[str, Any]:
        """What the problem document says beside the standard members, in the reader's language."""
        return {}


class BadRequest(Refusal):
    """Not HTTP or JSON as this suite reads it."""


class Unauthenticated(Refusal):
    status = 401
    kind = "unauthenticated"
    title = Text(zh="未通过身份验证", en="Not authenticated")
    cause = Text(
        zh="没有令牌，或令牌已过期、已吊销、签名不符",
        en="no token, or one that has expired, was revoked or is not ours",
    )
    remedy = Text(
        zh="重新获取令牌后再试；仍被拒绝时请管理员核对客户端",
        en="get another token and ask again; if that is refused too, the administrator checks the client",
    )
    retry = Retry.AFTER_TOKEN

    def __init__(self, detail: Text | None = None):
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"})


class Forbidden(Refusal):
    status = 403
    kind = "forbidden"
    title = Text(zh="该角色无权执行此操作", en="This role may not do this")
    cause = Text(
        zh="令牌有效，但客户端的角色不含此操作",
        en="the token is good, but the client's roles do not include this",
    )
    remedy = Text(
        zh="请由具备该角色的客户端办理，或请管理员调整角色",
        en="use a client with the role, or ask the administrator for it",
    )


class NotFound(Refusal):
    status = 404
    kind = "not-found"
    title = Text(zh="未找到", en="Not found")
    cause = Text(
        zh="该记录不存在，或不属于调用方：两种情形答复相同",
        en="it does not exist or is not yours: the answer is the same",
    )
    remedy = Text(
        zh="核对编号和调用方所代表的机构",
        en="check the id, and for which organisation the client acts",
    )


class Conflict(Refusal):
    status = 409
    kind = "conflict"
    title = Text(zh="与当前状态冲突", en="Conflicts with the present state")
    cause = Text(
        zh="请求合乎格式，但与已有记录冲突",
        en="the request is in order but contradicts what stands",
    )
    remedy = Text(
        zh="读取当前状态，按 detail 处理后再提交",
        en="read the present state, settle what `detail` names, then ask",
    )


class MoveNotAllowed(Conflict):
    kind = "move-not-allowed"
    title = Text(zh="当前状态不允许此操作", en="The present state does not allow this move")
    cause = Text(
        zh="生命周期中没有从当前状态出发的这一步",
        en="the lifecycle has no such move from the present state",
    )
    remedy = Text(
        zh="读取该记录的 state，办理该状态允许的下一步",
        en="read its `state` and make a move that leads on from there",
    )
    retry = Retry.AFTER_READING


class PolicyRefused(Conflict):
    """A rulebook said no. `verdict` is a `shared.policy.Verdict`."""

    kind = "policy-refused"
    title = Text(zh="依规不予通过", en="Refused by rule")
    cause = Text(
        zh="至少一条规则不满足；findings 列出每条规则、条款和数值",
        en="at least one rule is not met; `findings` lists every rule, clause and figure",
    )
    remedy = Text(
        zh="逐条补正 outcome 为 breached 的事项；可先用 dry=true 试办",
        en="settle every finding whose outcome is `breached`; `dry=true` asks without acting",
    )

    def __init__(self, verdict: Any):
        self.verdict = verdict
        breaches = verdict.breaches
        super().__init__(
            Text(
                zh="；".join(finding.reason.zh for finding in breaches),
                en="; ".join(finding.reason.en for finding in breaches),
            )
        )


class FigureUnconfirmed(Conflict):
    """A figure that nobody has confirmed against the law is needed, and this is no sandbox."""

    kind = "figure-unconfirmed"
    title = Text(
        zh="所需数值尚未经核实（草案）", en="A figure needed here is a draft nobody confirmed"
    )
    cause = Text(
        zh="所需数值在本系统中仍为草案，正式环境不得据以决定",
        en="the figure is still a draft here, and a draft decides nothing in production",
    )
    remedy = Text(
        zh="请主管人员依据文件核实该数值并登记出处",
        en="an officer confirms the figure and enters its source",
    )


class StillRunning(Conflict):
    kind = "still-running"
    title = Text(zh="同一请求仍在处理中", en="The first request under this key is still running")
    cause = Text(
        zh="同一 Idempotency-Key 的首次请求尚未结束",
        en="the first request under this Idempotency-Key has not ended",
    )
    remedy = Text(
        zh="按 Retry-After 等待，用同一键和同一内容再次提交",
        en="wait for Retry-After, then send the same body under the same key",
    )
    retry = Retry.SAME

    def __init__(self, detail: Text | None = None):
        super().__init__(detail, headers={"Retry-After": "1"})


class PreconditionFailed(Refusal):
    status = 412
    kind = "precondition-failed"
    title = Text(zh="数据已被他人更改", en="Changed by somebody since you read it")
    cause = Text(
        zh="If-Match 中的版本已不是当前版本",
        en="the version in If-Match is no longer the present one",
    )
    remedy = Text(
        zh="重新读取，确认改动仍然适用，用新的 ETag 提交",
        en="read again, see whether the change still fits, send the new ETag",
    )
    retry = Retry.AFTER_READING


class PreconditionRequired(Refusal):
    status = 428
    kind = "precondition-required"
    title = Text(zh="须在 If-Match 中给出所读版本", en="Send If-Match with the version you read")
    cause = Text(
        zh="更改已有记录须在 If-Match 中给出所读的 ETag",
        en="a change names the version it was made on",
    )
    remedy = Text(
        zh="先读取该记录，把其 ETag 放入 If-Match", en="read it first and send its ETag in If-Match"
    )
    retry = Retry.AFTER_READING


class TooLarge(Refusal):
    status = 413
    kind = "too-large"
    title = Text(zh="内容过大", en="Content too large")
    cause = Text(
        zh="请求体超过该车道或该操作的上限",
        en="the body is over the limit of the lane or the operation",
    )
    remedy = Text(zh="拆分或缩小内容；上限见 detail", en="send less; `detail` names the limit")


class InvalidInput(Refusal):
    status = 422
    kind = "invalid-input"
    title = Text(zh="输入不符合要求", en="The input breaks a rule")
    cause = Text(
        zh="字段缺失、多余或不合规则；errors 逐项列出",
        en="fields are missing, unknown or break a rule; `errors` lists each",
    )
    remedy = Text(
        zh="按 errors 中每项的 remedy 更正 pointer 所指字段",
        en="correct each field at its `pointer` by its `remedy`",
    )

    def __init__(self, errors: Sequence[FieldError], detail: Text | None = None):
        self.errors = tuple(errors)
        super().__init__(detail)

    @classmethod
    def at(cls, pointer: str, rule: Text, remedy: Text) -> "InvalidInput":
        return cls([FieldError(pointer, rule, remedy)])

    def members(self, language: str) -> dict[str, Any]:
        return {
            "errors": [
                {
                    "pointer": error.pointer,
                    "rule": error.rule.in_language(language),
                    "remedy": error.remedy.in_language(language),
                }
                for error in self.errors
            ]
        }


class TooManyRequests(Refusal):
    status = 429
    kind = "too-many-requests"
    title = Text(zh="请求过于频繁", en="Too many requests")
    cause = Text(
        zh="客户端在该车道的额度已用完", en="the client has used up its allowance in this lane"
    )
    remedy = Text(
        zh="按 Retry-After 等待；平时留意 RateLimit",
        en="wait for Retry-After; watch RateLimit before it comes to this",
    )
    retry = Retry.SAME


class Unavailable(Refusal):
    """Something this answer needs is silent. Silence is never taken for a "yes"."""

    status = 503
    kind = "unavailable"
    title = Text(zh="所需服务暂不可用", en="A part this needs is not answering")
    cause = Text(
        zh="所需服务或数据库暂无应答；更改是否生效可能未知",
        en="a service or database that this needs is silent; whether a change took effect may be unknown",
    )
    remedy = Text(
        zh="按 Retry-After 等待，用同一 Idempotency-Key 重试",
        en="wait for Retry-After, then ask again under the same Idempotency-Key",
    )
    retry = Retry.SAME

    def __init__(self, detail: Text | None = None, *, retry_after: int = 2):
        super().__init__(detail, headers={"Retry-After": str(retry_after)})


class JournalDisputed(Unavailable):
    """The journal is not what its checkpoints say: nothing is signed or taken until it is cleared."""

    kind = "journal-disputed"
    title = Text(zh="日志与已签名的检查点不符", en="The journal is not what was signed")
    cause = Text(
        zh="日志内容与已签名的检查点不符，在查清前不受理更改",
        en="what is stored is not what was signed: no change is taken until it is cleared",
    )
    remedy = Text(zh="联系运维；读取不受影响", en="tell the operators; reads go on")
    retry = Retry.LATER

    def __init__(self, detail: Text | None = None):
        super().__init__(detail, retry_after=60)


class StorageFull(Refusal):
    """The disk under the database is full: nothing was written, and what is there can be read."""

    status = 507
    kind = "storage-full"
    title = Text(
        zh="存储空间已满，暂不能写入", en="The storage is full: nothing can be written now"
    )
    cause = Text(
        zh="数据库所在磁盘已满，未写入任何内容",
        en="the disk under the database is full: nothing was written",
    )
    remedy = Text(
        zh="联系运维腾出空间后用同一键重试；读取不受影响",
        en="tell the operators; once there is room send it again under the same key",
    )
    retry = Retry.LATER

    def __init__(self, detail: Text | None = None):
        super().__init__(detail, headers={"Retry-After": "30"})


def catalogue() -> dict[str, type[Refusal]]:
    """Every kind of problem there is, by its name."""
    found: dict[str, type[Refusal]] = {Refusal.kind: Refusal}
    waiting: list[type[Refusal]] = [Refusal]
    while waiting:
        for subclass in waiting.pop().__subclasses__():
            found.setdefault(subclass.kind, subclass)
            waiting.append(subclass)
    return found
