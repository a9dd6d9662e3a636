"""Refusals as RFC 9457 problem documents, in the reader's language."""

from collections.abc import Mapping
from typing import Any

import orjson
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from shared.errors import (
    Forbidden,
    InvalidInput,
    NotFound,
    PolicyRefused,
    Refusal,
    Retry,
    TooLarge,
    TooManyRequests,
    Unauthenticated,
)
from shared.http.validation import field_errors
from shared.logging import without_secrets
from shared.words import Text

MEDIA_TYPE = "application/problem+json"
DEFAULT_BASE = "https://huishe.example/problems/"


class MethodNotAllowed(Refusal):
    status = 405
    kind = "method-not-allowed"
    title = Text(zh="该路径不支持此方法", en="This path has no such method")
    cause = Text(zh="该路径存在，但没有这个方法", en="the path is there, the method is not")
    remedy = Text(
        zh="按接口文档选用方法；Allow 列出可用方法",
        en="use a method of the contract; `Allow` lists them",
    )


class UnsupportedMediaType(Refusal):
    status = 415
    kind = "unsupported-media-type"
    title = Text(zh="不支持的内容类型", en="Send application/json")
    cause = Text(
        zh="Content-Type 不是该操作所接受的类型",
        en="the Content-Type is none that the operation takes",
    )
    remedy = Text(
        zh="以 application/json（UTF-8）提交；上传文件按接口文档",
        en="send application/json in UTF-8; for files see the contract",
    )


class Broken(Refusal):
    status = 500
    kind = "broken"
    title = Text(zh="系统内部错误", en="Something broke on our side")
    cause = Text(zh="系统自身故障，已记入日志", en="a fault of ours; it is in the log")
    remedy = Text(
        zh="把 trace_id 告知运维；写操作可用同一 Idempotency-Key 再试一次",
        en="tell the operators the trace_id; a write may be sent once more under the same key",
    )
    retry = Retry.LATER


_BY_STATUS: dict[int, type[Refusal]] = {
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    405: MethodNotAllowed,
    413: TooLarge,
    415: UnsupportedMediaType,
    429: TooManyRequests,
    500: Broken,
}


def document(
    refusal: Refusal, *, instance: str, language: str, trace_id: str, base: str = DEFAULT_BASE
) -> dict[str, Any]:
    """The members of the problem document; a policy refusal carries every finding."""
    members: dict[str, Any] = {
        "type": base + refusal.kind,
        "title": refusal.title.in_language(language),
        "status": refusal.status,
        "detail": refusal.detail.in_language(language),
        "instance": without_secrets(instance),
        "trace_id": trace_id,
        **refusal.members(language),
    }
    if isinstance(refusal, PolicyRefused):
        verdict = refusal.verdict.as_dict()
        members["decision"] = verdict["rulebook"]
        members["on"] = verdict["on"]
        members["findings"] = verdict["findings"]
    return members


def answer(members: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    """The problem document as an HTTP answer; never cached."""
    return Response(
        orjson.dumps(members),
        status_code=members["status"],
        media_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def from_http(exception: HTTPException) -> Refusal:
    """What framework and server raise, as one of ours."""
    found = _BY_STATUS.get(exception.status_code)
    if found is None:
        found = Broken if exception.status_code >= 500 else Refusal
    refusal = found()
    refusal.headers = {**refusal.headers, **dict(exception.headers or {})}
    return refusal


def from_validation(exception: RequestValidationError) -> InvalidInput:
    """Every field that breaks a rule, with the rule and the remedy."""
    return InvalidInput(field_errors(exception.errors()))
