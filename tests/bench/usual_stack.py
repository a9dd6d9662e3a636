"""The usual stack: what one writes first, and what the figures of the table call "usual".

    python -m tests.bench.usual_stack proxy PORT UPSTREAM      FastAPI + httpx, no duties at all
    python -m tests.bench.usual_stack service PORT DATABASE    FastAPI + SQLAlchemy's ORM + pydantic
    python -m tests.bench.usual_stack static PORT              an upstream for machines without nginx

The proxy is a catch-all endpoint over one `httpx.AsyncClient`: it checks no token, limits nothing,
logs nothing. The service reads the same table as ours, by the ORM, into a response model. Both run
under uvicorn with uvloop and httptools. Nobody would call either badly written.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

import httpx
import uvicorn
import uvloop
from fastapi import FastAPI, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}


def proxy(upstream: str) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        limits = httpx.Limits(max_connections=100, max_keepalive_connections=100)
        async with httpx.AsyncClient(base_url=upstream, limits=limits, trust_env=False) as client:
            app.state.client = client
            yield

    app = FastAPI(lifespan=lifespan)

    @app.api_route("/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    async def passed_on(path: str, request: Request) -> Response:
        headers = {n: v for n, v in request.headers.items() if n not in (*HOP_BY_HOP, "host")}
        answer = await request.app.state.client.request(
            request.method,
            f"/{path}",
            params=request.query_params,
            headers=headers,
            content=await request.body(),
        )
        kept = {n: v for n, v in answer.headers.items() if n not in HOP_BY_HOP}
        return Response(answer.content, answer.status_code, kept)

    return app


class Base(DeclarativeBase):
    pass


class Agency(Base):
    __tablename__ = "agency"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    state: Mapped[str]
    created_at: Mapped[datetime]
    owner_org: Mapped[str | None]
    credit_code: Mapped[str]
    name: Mapped[str]
    category: Mapped[str]
    legal_form: Mapped[str]
    route: Mapped[str]
    supervising_unit: Mapped[str | None]
    seat_division: Mapped[str]
    seat_address: Mapped[str]
    opening_funds: Mapped[int]
    head_name: Mapped[str]
    registered_on: Mapped[date]
    certificate_number: Mapped[str]
    cancelled_on: Mapped[date | None]
    party_organisation: Mapped[str | None]
    party_organisation_since: Mapped[date | None]


class AgencyView(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: UUID
    version: int
    state: str
    created_at: datetime
    credit_code: str
    name: str
    category: str
    legal_form: str
    route: str
    supervising_unit: str | None
    seat_division: str
    seat_address: str
    opening_funds: int
    head_name: str
    registered_on: date
    certificate_number: str
    cancelled_on: date | None
    party_organisation: str | None
    party_organisation_since: date | None


def service(database: str) -> FastAPI:
    engine = create_async_engine(database, pool_size=10, max_overflow=10)
    sessions = async_sessionmaker(engine, expire_on_commit=False)
    app = FastAPI()

    @app.get("/registry/v1/agencies/{credit_code}", response_model=AgencyView)
    async def read_agency(credit_code: str) -> Any:
        async with sessions() as session:
            found = await session.scalar(select(Agency).where(Agency.credit_code == credit_code))
        if found is None:
            raise HTTPException(404)
        return found

    return app


class _Static(asyncio.Protocol):
    """The same answer to every request; requests are not longer than one piece."""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.transport.write(_ANSWER * data.count(b"\r\n\r\n"))


def _static_answer() -> bytes:
    from tests.bench.references import BODY

    body = BODY.encode()
    head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length"
    return f"{head}: {len(body)}\r\nCache-Control: public, max-age=60\r\n\r\n".encode() + body


async def static(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(_Static, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    kind, port = sys.argv[1], int(sys.argv[2])
    if kind == "static":
        _ANSWER = _static_answer()
        uvloop.run(static(port))
    else:
        made = proxy(sys.argv[3]) if kind == "proxy" else service(sys.argv[3])
        uvicorn.run(made, port=port, access_log=False, log_level="warning")
