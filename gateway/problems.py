"""Every kind of problem, for people and for programs: what it means, why it comes, what to do."""

import html
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from gateway.catalogue import PAGE_HEADERS
from gateway.runtime import GatewayRuntime
from shared import errors
from shared.http.contract import problem_answers
from shared.words import preferred_language

router = APIRouter(tags=["catalogue"], responses=problem_answers(400, 401, 429))


@router.get("/problems/", operation_id="list_problems")
async def list_problems(request: Request) -> Response:
    """Every kind of problem that the suite answers with."""
    kinds = sorted(errors.catalogue().values(), key=lambda kind: (kind.status, kind.kind))
    return _told(request, "Problems 问题目录", [_told_of(request, kind) for kind in kinds])


@router.get("/problems/{kind}", operation_id="read_problem", responses=problem_answers(404))
async def read_problem(kind: str, request: Request) -> Response:
    """What one kind of problem means."""
    found = errors.catalogue().get(kind)
    if found is None:
        raise errors.NotFound()
    return _told(request, kind, [_told_of(request, found)])


def _told_of(request: Request, kind: type[errors.Refusal]) -> dict[str, Any]:
    runtime: GatewayRuntime = request.app.state.runtime
    return {
        "type": runtime.settings.problem_base + kind.kind,
        "kind": kind.kind,
        "status": kind.status,
        "title": kind.title.both(),
        "cause": kind.cause.both(),
        "remedy": kind.remedy.both(),
        "retry": kind.retry.value,
    }


def _told(request: Request, heading: str, problems: list[dict[str, Any]]) -> Response:
    headers = {"Cache-Control": "public, max-age=3600", "Vary": "Accept, Accept-Language"}
    if "text/html" not in request.headers.get("accept", ""):
        single = len(problems) == 1 and not request.url.path.endswith("/")
        return JSONResponse(problems[0] if single else {"items": problems}, headers=headers)
    language = preferred_language(request.headers.get("accept-language"))
    rows = "".join(
        f'<tr><td>{p["status"]}<td><a href="/problems/{p["kind"]}">{p["kind"]}</a><td>{p["retry"]}'
        + "".join(f"<td>{html.escape(p[told][language])}" for told in ("title", "cause", "remedy"))
        for p in problems
    )
    page = (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        f"<title>{html.escape(heading)}</title><h1>{html.escape(heading)}</h1>"
        f"<table>{rows}</table></html>"
    )
    return HTMLResponse(page, headers={**headers, **PAGE_HEADERS, "Content-Language": language})
