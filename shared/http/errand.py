"""One request from token to answer: who asks, in which transaction, under which key.

An `Errand` is opened for every request of a `WorkRoute`. It opens the `Work` when a dependency
asks for it, and at the end commits before the answer leaves, or turns a refusal into a problem
document. Nothing is half-written: journal row, receipt and change share one transaction.
"""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import orjson
from fastapi.exceptions import RequestValidationError
from sqlalchemy import insert, select, text
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from shared import sensitive
from shared.actor import Actor
from shared.errors import (
    Conflict,
    InvalidInput,
    JournalDisputed,
    PolicyRefused,
    PreconditionFailed,
    Refusal,
    StillRunning,
    StorageFull,
    Unavailable,
)
from shared.http import problems
from shared.journal.rows import RESTRICTED, Entry, journal, row
from shared.records.receipts import Receipt, receipt
from shared.runtime import Runtime
from shared.words import Text, preferred_language
from shared.work import Work

DATABASE_SILENT = Text(zh="数据库暂不可用", en="the database is not answering")
AT_ONCE = Text(
    zh="他人正在更改同一数据，请重试", en="others are changing the same at once: try again"
)
DISK_FULL = "53100"
_DIGEST = re.compile(r"[0-9a-f]{64}")
SHARED = "public, max-age=0, s-maxage=1"
"""What everybody may read: caches between us and the readers may give it again for a second."""
KEPT_BY_304 = ("etag", "cache-control", "link", "vary")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_BEGIN = text("SELECT business_now()")
_BEGIN_UNDER_KEY = text(
    "SELECT business_now(), pg_try_advisory_xact_lock(hashtextextended(:key, 0))"
)


class Replayed(Exception):
    """This request was answered before; the first answer is given again."""

    def __init__(self, found: Receipt) -> None:
        self.found = found


@dataclass(slots=True)
class Errand:
    """`key` is the Idempotency-Key, `digest` the fingerprint of path and body."""

    request: Request
    runtime: Runtime
    actor: Actor
    operation: str
    key: str | None
    digest: bytes
    dry: bool
    work: Work | None = None
    links: list[str] = field(default_factory=list)
    cache_control: str | None = None
    _session: AsyncSession | None = None

    @property
    def safe(self) -> bool:
        return self.request.method in SAFE_METHODS

    @property
    def language(self) -> str:
        return preferred_language(self.request.headers.get("accept-language"))

    @property
    def request_id(self) -> str:
        return str(self.request.scope.get("request_id", ""))

    @property
    def configuration(self) -> str | None:
        """What the gateway says it let the request in by; nobody outside can send that header."""
        said = self.request.headers.get("x-huishe-configuration", "")
        return said if _DIGEST.fullmatch(said) else None

    async def open(self) -> Work:
        """Begin the transaction, read the business clock, and take the key's lock.

        The first statement goes through SQLAlchemy, so BEGIN has been sent before anything else.
        """
        if self.work is not None:
            return self.work
        if self.runtime.journal_dispute is not None and not self.safe:
            raise JournalDisputed(self.runtime.journal_dispute)
        session = self._session = self.runtime.sessions()
        keyed = self._keyed
        if keyed:
            name = f"{self.actor.client_id}\x1f{self.operation}\x1f{self.key}"
            now, locked = (await session.execute(_BEGIN_UNDER_KEY, {"key": name})).one()
            if not locked:
                raise StillRunning()
            await self._replay(session)
        else:
            now = await session.scalar(_BEGIN)
        self.work = Work(
            service=self.runtime.service,
            session=session,
            actor=self.actor,
            now=now,
            operation=self.operation,
            dry=self.dry,
            request_id=self.request_id,
            configuration=self.configuration,
            settings=self.runtime.settings,
        )
        return self.work

    @property
    def _keyed(self) -> bool:
        return self.key is not None and not self.dry

    async def replay_early(self) -> None:
        """Answer again before other services are asked, when the answer is already known."""
        if self._keyed:
            async with self.runtime.sessions() as session:
                await self._replay(session)

    async def _replay(self, session: AsyncSession) -> None:
        statement = select(
            receipt.c.digest, receipt.c.status, receipt.c.headers, receipt.c.body
        ).where(
            receipt.c.client_id == self.actor.client_id,
            receipt.c.operation == self.operation,
            receipt.c.key == self.key,
        )
        found = (await session.execute(statement)).one_or_none()
        if found is None:
            return
        if found.digest != self.digest:
            raise key_used_otherwise()
        body = sensitive.unseal(found.body)
        raise Replayed(Receipt(found.digest, found.status, dict(found.headers), body))

    # ------------------------------------------------------------------ the end of a request

    async def finish(self, response: Response) -> Response:
        """Write down and commit, then let the answer go; a dry run is told and rolled back."""
        if self.work is None or self._session is None:
            if self.dry:
                return self._dry_report("accepted", response.status_code, [], [], response)
            return self._read_answer(response)
        if self.safe:
            answer = self._read_answer(response)  # before the rollback, which forgets the version
            await self._session.rollback()
            return answer
        events, verdicts = self.work.events, self.work.verdicts
        await self._write_down(self.work)
        if self.dry:
            await self._session.rollback()
            findings = [f for v in verdicts for f in v.as_dict()["findings"]]
            return self._dry_report("accepted", response.status_code, findings, events, response)
        self._head(response)
        if self._keyed:
            await self._session.execute(insert(receipt).values(self._receipt_values(response)))
        await self._session.commit()
        return response

    async def refuse(self, problem: BaseException) -> Response:
        """Roll back, and answer with a problem document; a refusal by policy is journalled."""
        if isinstance(problem, Replayed):
            await self._roll_back()
            return answered_again(problem.found)
        refusal = as_refusal(problem)
        if self.safe and isinstance(refusal, StorageFull):  # it could not even connect
            refusal = Unavailable(DATABASE_SILENT)
        # After a failed flush the aggregate cannot be read any more; only a refusal by policy asks.
        about = self._shown() if isinstance(refusal, PolicyRefused) else None
        await self._roll_back()
        if isinstance(refusal, PolicyRefused) and about is not None:
            if self.dry:
                findings = refusal.verdict.as_dict()["findings"]
                answer = self._problem(refusal)
                return self._dry_report("refused", refusal.status, findings, [], answer)
            if not self.safe:
                try:
                    return await self._remember_refusal(refusal, about)
                except Replayed as first:
                    return answered_again(first.found)
                except Exception as broken:  # not written down, so not given as the answer either
                    return self._problem(as_refusal(broken))
        return self._problem(refusal)

    async def close(self) -> None:
        """Give the connection back; one that is dead already must not spoil the answer."""
        if self._session is not None:
            try:
                await self._session.close()
            except (DBAPIError, OSError):
                await self._session.invalidate()

    async def _write_down(self, work: Work) -> None:
        await work.write_down()

    async def _roll_back(self) -> None:
        if self._session is not None:
            try:
                await self._session.rollback()
            except (DBAPIError, OSError):
                await self._session.invalidate()

    def _shown(self) -> tuple[str, str, int]:
        """Subject, id and version that a refusal is about; the operation when there is none."""
        shown = self.work.shown if self.work else None
        if shown is None or shown.id is None:
            return ("operation", self.operation, 0)
        return (shown.lifecycle.subject, str(shown.id), shown.version)

    async def _remember_refusal(
        self, refusal: PolicyRefused, shown: tuple[str, str, int]
    ) -> Response:
        """Journal row and receipt of a refusal, in a small transaction of its own.

        The key's lock went with the roll-back: if the same request has been answered since, that
        answer is the one there is, and this refusal is not journalled.
        """
        response = self._problem(refusal)
        subject, subject_id, version = shown
        async with self.runtime.sessions.begin() as session:
            if self._keyed:
                statement = pg_insert(receipt).values(self._receipt_values(response))
                kept = await session.scalar(
                    statement.on_conflict_do_nothing().returning(receipt.c.key)
                )
                if kept is None:
                    await self._replay(session)
            now = await session.scalar(_BEGIN)
            entry = Entry(
                f"{self.operation}.refused",
                subject,
                subject_id,
                version,
                {"decision": refusal.verdict.rulebook},
                {
                    "actor": self.actor.told(),
                    "operation": self.operation,
                    "request_id": self.request_id,
                    "gateway_configuration": self.configuration,
                    "verdict": refusal.verdict.as_dict(),
                },
                RESTRICTED,
            )
            values = row(self.runtime.service, entry, actor=self.actor.client_id, at=now)
            await session.execute(insert(journal).values(values))
        return response

    # ------------------------------------------------------------------ answers

    def _problem(self, refusal: Refusal) -> Response:
        members = problems.document(
            refusal,
            instance=self.request.url.path,
            language=self.language,
            trace_id=self.request_id,
            base=self.runtime.settings.problem_base,
        )
        return problems.answer(members, {**refusal.headers, "Content-Language": self.language})

    def _read_answer(self, response: Response) -> Response:
        """ETag and caching of a read; 304 when the reader has it already."""
        self._head(response)
        if not self.safe or response.status_code != 200:
            return response
        known = self.request.headers.get("if-none-match", "")
        etag = response.headers.get("etag")
        if etag and (
            known == "*" or etag in [tag.strip().removeprefix("W/") for tag in known.split(",")]
        ):
            headers = {k: v for k, v in response.headers.items() if k in KEPT_BY_304}
            return Response(status_code=304, headers=headers)
        return response

    def _head(self, response: Response) -> None:
        """The headers every answer has."""
        shown = self.work.shown if self.work else None
        if "etag" not in response.headers and response.status_code in (200, 201):
            if shown is not None and shown.version is not None:
                response.headers["ETag"] = f'"{shown.version}"'
            elif self.safe and hasattr(response, "body"):
                response.headers["ETag"] = f'"{hashlib.sha256(response.body).hexdigest()[:32]}"'
        if self.links:
            response.headers["Link"] = ", ".join(self.links)
        if "cache-control" not in response.headers:
            response.headers["Cache-Control"] = self.cache_control or self._usual_caching()
        response.headers["Vary"] = "Accept-Language, Authorization"

    def _usual_caching(self) -> str:
        return SHARED if self.safe and self.actor.anonymous else "no-store"

    def _receipt_values(self, response: Response) -> dict[str, Any]:
        kept = ("content-type", "etag", "location", "cache-control", "link")
        return {
            "client_id": self.actor.client_id,
            "operation": self.operation,
            "key": self.key,
            "digest": self.digest,
            "status": response.status_code,
            "headers": {k: v for k, v in response.headers.items() if k in kept},
            "body": sensitive.seal(bytes(response.body)),
        }

    def _dry_report(
        self,
        outcome: str,
        status: int,
        findings: list[Any],
        events: list[str],
        answer: Response,
    ) -> Response:
        """What would have happened; nothing did."""
        report = {
            "dry": True,
            "outcome": outcome,
            "status": status,
            "findings": findings,
            "events": events,
            "answer": orjson.loads(answer.body) if answer.body else None,
        }
        return Response(
            orjson.dumps(report),
            media_type="application/json",
            headers={"Cache-Control": "no-store"},
        )


def key_used_otherwise() -> InvalidInput:
    return InvalidInput.at(
        "/header/Idempotency-Key",
        Text(
            zh="一个幂等键只对应一个请求，该键已用于其他路径或正文",
            en="a key stands for one request: it was used with another path or body",
        ),
        Text(zh="请使用新的幂等键", en="send a fresh key"),
    )


def answered_again(found: Receipt) -> Response:
    headers = {**found.headers, "Idempotent-Replayed": "true"}
    return Response(found.body, status_code=found.status, headers=headers)


def as_refusal(problem: BaseException) -> Refusal:
    """Whatever went wrong, as one of the suite's refusals; what is unknown is raised again."""
    refusal: Refusal | None
    match problem:
        case Refusal():
            return problem
        case RequestValidationError():
            return problems.from_validation(problem)
        case HTTPException():
            return problems.from_http(problem)
        case OverflowError():  # no float is ever made: somebody counts from the end of time
            return InvalidInput.at(
                "",
                Text(zh="日期须在可计算的范围内", en="a day that can be counted from"),
                Text(zh="请提交较近的日期", en="send a nearer day"),
            )
        case StaleDataError():
            return PreconditionFailed()
        case OperationalError() | InterfaceError() | NoConnectionFree() | asyncpg.InterfaceError():
            return Unavailable(DATABASE_SILENT)
        case asyncpg.InternalClientError():  # the driver was used while its connection was torn down
            return Unavailable(DATABASE_SILENT)
        case OSError() | TimeoutError():
            return Unavailable(DATABASE_SILENT)
        case DBAPIError() if problem.connection_invalidated:
            return Unavailable(DATABASE_SILENT)
        case DBAPIError():
            cause = getattr(problem.orig, "__cause__", None)
            refusal = _by_state(str(getattr(problem.orig, "sqlstate", "") or ""), cause)
        case asyncpg.PostgresError():  # a raw statement of `Work.hot`
            refusal = _by_state(str(problem.sqlstate or ""), problem)
        case _:
            refusal = None
    if refusal is None:
        raise problem
    return refusal


def _by_state(state: str, cause: BaseException | None) -> Refusal | None:
    """What a state of SQL means for the caller; None when the fault is ours."""
    if state == DISK_FULL:
        return StorageFull()
    match state[:2]:
        case "22":
            return InvalidInput.at(
                "",
                Text(zh="取值超出可存储的范围", en="the value does not fit its column"),
                Text(zh="请提交较小的值", en="send a smaller value"),
            )
        case "23":
            return _by_constraint(cause)
        case "08" | "28" | "53" | "57":  # 28: it lets us in no more, as while a password is changed
            return Unavailable(DATABASE_SILENT)
        case "40" | "55":  # a deadlock, or a lock that could not be had in time
            return Unavailable(AT_ONCE, retry_after=1)
    return None


def _by_constraint(cause: BaseException | None) -> Refusal:
    """What the database still refuses: its constraint names what is unique or must exist."""
    name = getattr(cause, "constraint_name", None) or "a constraint of the database"
    if name == "pk_receipt" or name == "receipt_pkey":
        return StillRunning()
    return Conflict(
        Text(zh=f"与已有数据冲突（{name}）", en=f"conflicts with what is kept ({name})")
    )
