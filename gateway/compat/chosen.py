"""The routes that the compat profile has: named in the gateway's configuration, none by default right."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Literal
from urllib.parse import quote, urlencode

from pydantic import BaseModel, ConfigDict, StringConstraints

from shared.errors import InvalidInput
from shared.words import Text

_PARAMETER = re.compile(r"{([a-z_]{1,60})}")
_PLAIN = re.compile(r"[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,199}")

Value = str | int | bool


class CompatRoute(BaseModel):
    """One route under a name: `POST /compat/v1/<name>` asks for `method path`."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{2,59}$")]
    method: Literal["GET", "POST", "PUT"]
    path: Annotated[str, StringConstraints(pattern=r"^/[a-z]+/v1/[a-z0-9_{}/-]+$", max_length=200)]

    def target(self, path: Mapping[str, Value], query: Mapping[str, Value]) -> tuple[str, str]:
        """Path and query of the real request, or what is wrong with what they are made of."""
        wanted = _PARAMETER.findall(self.path)
        for name in {*wanted, *path}:
            if name not in path or name not in wanted or not _PLAIN.fullmatch(_text(path[name])):
                raise InvalidInput.at(
                    f"/path/{name}" if name in wanted else "/path",
                    Text(
                        zh=f"路径参数须为：{'、'.join(wanted) or '无'}，各为 1 至 200 个字母、数字、点、横线",
                        en=f"path has {', '.join(wanted) or 'nothing'}: letters, digits, dots and dashes, 200 at most",
                    ),
                    Text(zh="请按接口文档给出", en="give what the contract names"),
                )
        filled = _PARAMETER.sub(lambda found: _text(path[found[1]]), self.path)
        pairs = [(name, _text(value)) for name, value in query.items()]
        return filled, urlencode(pairs, quote_via=quote)


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def faults(
    chosen: Sequence[CompatRoute], is_discreet: Callable[[str], bool | None]
) -> Iterator[tuple[str, Text]]:
    """What keeps a choice from being followed: where, and why.

    `is_discreet` says of a path whether its lane is; None when no route has it.
    """
    for place, route in enumerate(chosen):
        where, plain = f"compat.{place}", _PARAMETER.sub("x", route.path)
        discreet = is_discreet(plain)
        if "{" in plain or "}" in plain:
            yield (
                f"{where}.path",
                Text(zh="路径参数写作 {name}", en="a parameter is written {name}"),
            )
        elif discreet is None:
            yield (
                f"{where}.path",
                Text(zh=f"{route.path} 没有路由", en=f"there is no route for {route.path}"),
            )
        elif discreet:
            yield (
                f"{where}.path",
                Text(
                    zh="密封投标只能由投标人自己的工具递交：兼容接口不得涉及",
                    en="sealed bids are lodged by the bidder's own tool only, never by this profile",
                ),
            )
        if any(other.name == route.name for other in chosen[:place]):
            yield f"{where}.name", Text(zh="名称重复", en="the name stands twice")
