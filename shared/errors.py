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
from typing import Any, ClassVar

from shared.words import Text


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

    def __init__(self, detail: Text | None = None):
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"})


class Forbidden(Refusal):
    status = 403
    kind = "forbidden"
    title = Text(zh="该角色无权执行此操作", en="This role may not do this")


class NotFound(Refusal):
    status = 404
    kind = "not-found"
    title = Text(zh="未找到", en="Not found")


class Conflict(Refusal):
    status = 409
    kind = "conflict"
    title = Text(zh="与当前状态冲突", en="Conflicts with the present state")


class MoveNotAllowed(Conflict):
    kind = "move-not-allowed"
    title = Text(zh="当前状态不允许此操作", en="The present state does not allow this move")


class PolicyRefused(Conflict):
    """A rulebook said no. `verdict` is a `shared.policy.Verdict`."""

    kind = "policy-refused"
    title = Text(zh="依规不予通过", en="Refused by rule")

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


class StillRunning(Conflict):
    kind = "still-running"
    title = Text(zh="同一请求仍在处理中", en="The first request under this key is still running")

    def __init__(self, detail: Text | None = None):
        super().__init__(detail, headers={"Retry-After": "1"})


class PreconditionFailed(Refusal):
    status = 412
    kind = "precondition-failed"
    title = Text(zh="数据已被他人更改", en="Changed by somebody since you read it")


class PreconditionRequired(Refusal):
    status = 428
    kind = "precondition-required"
    title = Text(zh="须在 If-Match 中给出所读版本", en="Send If-Match with the version you read")


class TooLarge(Refusal):
    status = 413
    kind = "too-large"
    title = Text(zh="内容过大", en="Content too large")


class InvalidInput(Refusal):
    status = 422
    kind = "invalid-input"
    title = Text(zh="输入不符合要求", en="The input breaks a rule")

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


class Unavailable(Refusal):
    """Something this answer needs is silent. Silence is never taken for a "yes"."""

    status = 503
    kind = "unavailable"
    title = Text(zh="所需服务暂不可用", en="A part this needs is not answering")

    def __init__(self, detail: Text | None = None, *, retry_after: int = 2):
        super().__init__(detail, headers={"Retry-After": str(retry_after)})


class JournalDisputed(Unavailable):
    """The journal is not what its checkpoints say: nothing is signed or taken until it is cleared."""

    kind = "journal-disputed"
    title = Text(zh="日志与已签名的检查点不符", en="The journal is not what was signed")

    def __init__(self, detail: Text | None = None):
        super().__init__(detail, retry_after=60)


class StorageFull(Refusal):
    """The disk under the database is full: nothing was written, and what is there can be read."""

    status = 507
    kind = "storage-full"
    title = Text(
        zh="存储空间已满，暂不能写入", en="The storage is full: nothing can be written now"
    )

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
