"""What the OpenAPI contract says beside what the framework finds: keys, problems, roles, languages."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi

PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem document. Titles, details, rules and remedies follow Accept-Language (zh, en).",
    "required": ["type", "title", "status", "detail", "instance", "trace_id"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "trace_id": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "For invalid input: the field, the rule it breaks, and the remedy",
            "items": {
                "type": "object",
                "required": ["pointer", "rule", "remedy"],
                "properties": {
                    "pointer": {"type": "string"},
                    "rule": {"type": "string"},
                    "remedy": {"type": "string"},
                },
            },
        },
        "decision": {"type": "string"},
        "on": {"type": "string", "format": "date"},
        "findings": {
            "type": "array",
            "description": "For refusals by policy: every rule asked, with clause, reason and figures",
            "items": {"type": "object"},
        },
    },
}

DRY_RUN = {
    "type": "object",
    "description": "What a dry run (`dry=true`) tells: what would have happened, for nothing did.",
    "required": ["dry", "outcome", "status", "findings", "events", "answer"],
    "properties": {
        "dry": {"const": True},
        "outcome": {"type": "string", "enum": ["accepted", "refused"]},
        "status": {"type": "integer", "description": "The status that would have been answered"},
        "findings": {
            "type": "array",
            "description": "Every rule asked, with clause, reason and figures",
            "items": {"type": "object"},
        },
        "events": {
            "type": "array",
            "description": "What would have been told, by name",
            "items": {"type": "string"},
        },
        "answer": {"description": "The body that would have been answered"},
    },
}

_SECURITY = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An access token of the gateway: POST /oauth/token, client credentials",
    }
}


def problem_answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of an operation for these problem statuses."""
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": _MEANING[status], "content": content} for status in statuses}


_MEANING = {
    400: "Not HTTP or JSON as this suite reads it",
    401: "No token, or not a valid one",
    403: "The caller's role may not do this",
    404: "Does not exist, or is not yours",
    409: "Refused by rule (findings), by state, or the first request under the key still runs",
    412: "Changed since you read it",
    413: "Content too large",
    415: "Send application/json",
    422: "Input that breaks a rule: errors name field, rule and remedy",
    428: "If-Match is required",
    429: "Too many requests",
    502: "The answer is larger than this profile passes on",
    503: "A needed part is silent; Retry-After says when to come back",
    507: "The storage is full: nothing was written; Retry-After says when to come back",
}


def complete(app: FastAPI, examples: Path | None = None) -> None:
    """Add the problem schema, the security scheme and the examples when the contract is made."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            found = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
            )
            components = found.setdefault("components", {})
            components.setdefault("schemas", {})["Problem"] = PROBLEM
            _invalid_input_is_a_problem(found)
            _tell_of_dry_runs(found)
            components["securitySchemes"] = _SECURITY
            if examples is not None and examples.exists():
                _show(found, json.loads(examples.read_text(encoding="utf-8")))
            app.openapi_schema = found
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _invalid_input_is_a_problem(contract: dict[str, Any]) -> None:
    """The framework's own form of invalid input is never sent."""
    for name in ("HTTPValidationError", "ValidationError"):
        contract["components"]["schemas"].pop(name, None)
    for methods in contract["paths"].values():
        for operation in methods.values():
            told = operation["responses"].get("422", {}).get("content", {})
            if "application/json" in told:
                operation["responses"]["422"] = problem_answers(422)[422]


def _tell_of_dry_runs(contract: dict[str, Any]) -> None:
    """A dry run is answered 200 in a form of its own, whatever the change itself is answered."""
    form = {"$ref": "#/components/schemas/DryRun"}
    for methods in contract["paths"].values():
        for operation in methods.values():
            if all(asked["name"] != "dry" for asked in operation.get("parameters", [])):
                continue
            contract["components"]["schemas"]["DryRun"] = DRY_RUN
            told = operation["responses"].setdefault(
                "200", {"description": "What would have happened (dry=true)"}
            )
            media = told.setdefault("content", {}).setdefault("application/json", {"schema": form})
            if media["schema"] != form:
                media["schema"] = {"anyOf": [media["schema"], form]}


def _show(contract: dict[str, Any], examples: dict[str, Any]) -> None:
    """Put recorded calls beside the operations that they were calls of."""
    for methods in contract["paths"].values():
        for operation in methods.values():
            recorded = examples.get(operation["operationId"], {})
            for outcome, example in recorded.items():
                answer = operation["responses"].get(str(example["status"]), {})
                for media in _as_json(answer):
                    media["example"] = example["answer"]
                if "request" in example:
                    for media in _as_json(operation.get("requestBody", {})):
                        media.setdefault("examples", {})[outcome] = {"value": example["request"]}


def _as_json(body: dict[str, Any]) -> list[dict[str, Any]]:
    return [media for name, media in body.get("content", {}).items() if name.endswith("json")]


def operations(routers: Iterable[APIRouter]) -> list[str]:
    """Every operationId of the routers: the bounded label of the metrics."""
    found: list[str] = []
    for router in routers:
        for route in router.routes:
            inner = getattr(route, "original_router", None)
            name = getattr(route, "operation_id", None)
            found += operations([inner]) if inner is not None else [name] if name else []
    return found
