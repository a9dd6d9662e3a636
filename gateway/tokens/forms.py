"""Requests to the token endpoint as they are written: a form, and the error codes that OAuth has."""

from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request

from shared.errors import BadRequest, Retry, Unauthenticated
from shared.words import Text

FORM = "application/x-www-form-urlencoded"
MOST_FIELDS = 12


class TokenRequestRefused(BadRequest):
    """A token request that RFC 6749 has an error code for; clients of OAuth read `error`."""

    kind = "token-request-refused"
    title = Text(zh="令牌请求有误", en="The token request is not in order")
    cause = Text(
        zh="令牌请求不合 OAuth 的规定；error 给出错误码",
        en="the token request is not as OAuth has it; `error` has its code",
    )
    remedy = Text(
        zh="按接口文档以表单提交，凭据只用一种方式",
        en="send the form that the contract describes, and credentials in one way only",
    )

    def __init__(self, error: str, detail: Text) -> None:
        self.error = error
        super().__init__(detail)

    def members(self, language: str) -> dict[str, Any]:
        return {"error": self.error, "error_description": self.detail.en}


class UnknownClient(Unauthenticated):
    """Whoever is refused is not told whether the name, the secret, the key or the time was wrong."""

    kind = "invalid-client"
    title = Text(zh="客户端、密钥或签名不符", en="Unknown client, or wrong secret or key")
    cause = Text(
        zh="没有该客户端、密钥或签名不符、或已停用：答复相同",
        en="no such client, a wrong secret or key, or a disabled one: the answer is the same",
    )
    remedy = Text(
        zh="核对客户端编号、密钥和签名；遗失密钥由管理员更换",
        en="check id, secret and signature; a lost secret is replaced by the administrator",
    )
    retry = Retry.CORRECTED

    def __init__(self) -> None:
        super().__init__()
        self.headers = {"WWW-Authenticate": 'Basic realm="huishe"'}

    def members(self, language: str) -> dict[str, Any]:
        return {"error": "invalid_client", "error_description": self.title.en}


async def form_of(request: Request) -> dict[str, str]:
    body = (
        await request.body()
    )  # before anything is judged: who leaves meanwhile is gone, not wrong
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise malformed(Text(zh=f"须以 {FORM} 提交", en=f"send {FORM}"))
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(body),
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        raise malformed(Text(zh="表单无法识别", en="this is not a form")) from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise malformed(Text(zh="参数重复", en="a parameter stands twice"))
    return form


def malformed(detail: Text) -> TokenRequestRefused:
    return TokenRequestRefused("invalid_request", detail)


def described(*, required: str, **properties: Any) -> dict[str, Any]:
    """What the contract says of such a form, beside the ways a client may show who it is."""
    ways = {
        "client_id": {"type": "string", "maxLength": 64},
        "client_secret": {"type": "string", "maxLength": 256},
        "client_assertion_type": {
            "type": "string",
            "enum": ["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"],
        },
        "client_assertion": {"type": "string", "maxLength": 4096},
    }
    schema = {"type": "object", "required": [required], "properties": {**properties, **ways}}
    return {
        "requestBody": {"required": True, "content": {FORM: {"schema": schema}}},
        "security": [],
    }
