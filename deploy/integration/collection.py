"""A collection of all operations for API tools: Postman v2.1, which Apifox, Bruno and Insomnia read too.

A token is got before the first request and when one has run out; the ETag of what was read last is
kept in `{{etag}}` for the change that follows.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from deploy.integration.contracts import NAMES_ZH, Contract, Operation

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"

_TOKEN = """
const now = Date.now() / 1000;
const renewAt = Number(pm.collectionVariables.get("token_renew_at") || 0);
const client = pm.variables.get("client_id");
if (client && now >= renewAt) {
  pm.sendRequest({
    url: pm.variables.get("base_url") + "/oauth/token",
    method: "POST",
    header: { "Content-Type": "application/x-www-form-urlencoded" },
    body: { mode: "urlencoded", urlencoded: [
      { key: "grant_type", value: "client_credentials" },
      { key: "client_id", value: client },
      { key: "client_secret", value: pm.variables.get("client_secret") },
    ] },
  }, (error, answer) => {
    if (error || answer.code !== 200) { throw new Error("no token: " + (error || answer.text())); }
    const told = answer.json();
    pm.collectionVariables.set("token", told.access_token);
    pm.collectionVariables.set("token_renew_at", String(now + told.expires_in - 30));
  });
}
"""
_ETAG = """
const etag = pm.response.headers.get("ETag");
if (etag) { pm.collectionVariables.set("etag", etag); }
"""
_ABOUT = (
    "惠社全部接口。先填集合变量 base_url、client_id、client_secret；令牌由前置脚本自动获取，读到的 ETag 自动存入 {{etag}}。\n\n"
    "Every operation of Huishe. Fill in base_url, client_id and client_secret; tokens are got by themselves.\n\n"
    "由 `make integration` 生成，勿手改。"
)


def written(contracts: Sequence[Contract]) -> str:
    return json.dumps(collection(contracts), ensure_ascii=False, indent=1) + "\n"


def collection(contracts: Sequence[Contract]) -> dict[str, Any]:
    return {
        "info": {"name": "惠社 Huishe", "description": _ABOUT, "schema": SCHEMA},
        "auth": {
            "type": "bearer",
            "bearer": [{"key": "token", "value": "{{token}}", "type": "string"}],
        },
        "event": [_script("prerequest", _TOKEN), _script("test", _ETAG)],
        "variable": [
            {"key": key, "value": value, "type": "string"}
            for key, value in (
                ("base_url", "http://127.0.0.1:8080"),
                ("client_id", ""),
                ("client_secret", ""),
                ("token", ""),
                ("token_renew_at", "0"),
                ("etag", ""),
            )
        ],
        "item": [_part(contract) for contract in contracts],
    }


def _script(moment: str, text: str) -> dict[str, Any]:
    lines = text.strip().splitlines()
    return {"listen": moment, "script": {"type": "text/javascript", "exec": lines}}


def _part(contract: Contract) -> dict[str, Any]:
    by_tag: dict[str, list[dict[str, Any]]] = {}
    for operation in contract.operations:
        by_tag.setdefault(operation.tag, []).append(_item(operation))
    return {
        "name": f"{NAMES_ZH[contract.part]} {contract.part}",
        "item": [{"name": tag, "item": items} for tag, items in by_tag.items()],
    }


def _item(operation: Operation) -> dict[str, Any]:
    request: dict[str, Any] = {
        "method": operation.method.upper(),
        "header": _headers(operation),
        "url": _url(operation),
        "description": _about(operation),
    }
    if operation.is_open:
        request["auth"] = {"type": "noauth"}
    if operation.body is not None:
        request["body"] = _body(*operation.body)
    return {"name": f"{operation.summary} ({operation.name})", "request": request, "response": []}


def _about(operation: Operation) -> str:
    roles = "、".join(operation.roles)
    who = "公开，无需令牌 open to all" if operation.is_open else f"角色 roles: {roles}"
    return f"{operation.told.get('description', '')}\n\n{who}"


def _headers(operation: Operation) -> list[dict[str, Any]]:
    found = [{"key": "Accept-Language", "value": "zh"}]
    if operation.takes("Idempotency-Key"):
        # A new key each time; for a retry put the key of the first attempt here.
        found.append({"key": "Idempotency-Key", "value": "{{$guid}}"})
    if operation.takes("If-Match"):
        found.append({"key": "If-Match", "value": "{{etag}}"})
    if operation.body is not None and operation.body[0] != "application/x-www-form-urlencoded":
        found.append({"key": "Content-Type", "value": operation.body[0]})
    own = {"idempotency-key", "if-match", "if-none-match"}
    return found + [
        {"key": one["name"], "value": "", "description": one.get("description", "")}
        for one in operation.parameters("header")
        if one["name"].lower() not in own
    ]


def _url(operation: Operation) -> dict[str, Any]:
    path = re.sub(r"{(\w+)}", r":\1", operation.path)
    url: dict[str, Any] = {
        "raw": "{{base_url}}" + path,
        "host": ["{{base_url}}"],
        "path": path.strip("/").split("/"),
        "variable": [
            {"key": one["name"], "value": "", "description": one.get("description", "")}
            for one in operation.parameters("path")
        ],
    }
    query = [
        {
            "key": one["name"],
            "value": str(one["schema"].get("default", "")),
            "description": one.get("description", ""),
            "disabled": not one.get("required", False),
        }
        for one in operation.parameters("query")
    ]
    return {**url, "query": query} if query else url


def _body(media: str, told: Mapping[str, Any]) -> dict[str, Any]:
    if media == "application/octet-stream":
        return {"mode": "file", "file": {"src": None}}
    if media == "application/x-www-form-urlencoded":
        fields = told["schema"]["properties"]
        given = {
            "grant_type": "client_credentials",
            "client_id": "{{client_id}}",
            "client_secret": "{{client_secret}}",
        }
        return {
            "mode": "urlencoded",
            "urlencoded": [{"key": name, "value": given.get(name, "")} for name in fields],
        }
    shown = told.get("examples", {})
    example = shown.get("accepted", next(iter(shown.values()), {})).get("value", {})
    return {
        "mode": "raw",
        "raw": json.dumps(example, ensure_ascii=False, indent=2),
        "options": {"raw": {"language": "json"}},
    }
