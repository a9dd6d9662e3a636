"""Logs as JSON lines by machine time, with request ids, and without anybody's secrets."""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from typing import Any, Final, TextIO

import orjson
import structlog
from structlog.contextvars import bind_contextvars, clear_contextvars, merge_contextvars

REDACTED: Final = "[redacted]"

_SECRET_NAMES: Final = re.compile(
    r"secret|passw|token|authorization|cookie|credential|private_key|api_key|signature_key"
    r"|resident_id|id_card|身份证|^dsn$|database_url",
    re.IGNORECASE,
)
_SECRET_TEXTS: Final = (
    # Tokens, as a header or by themselves.
    (re.compile(r"\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]+", re.IGNORECASE), rf"\1 {REDACTED}"),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?"), REDACTED),
    # The password of an address.
    (re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s:/@]*):[^\s@/]+@"), rf"\1:{REDACTED}@"),
    # The row or key that PostgreSQL quotes when it refuses one: people's own words and numbers.
    (
        re.compile(
            r"DETAIL:.*?(?=(?:\n|\\n)(?:HINT:|\[SQL|\(Background)|\n\s*(?:Traceback|The above|During)|\Z)",
            re.DOTALL,
        ),
        f"DETAIL: {REDACTED}",
    ),
    # `client_secret=…` in a form or a query.
    (
        re.compile(r"\b((?:client_)?secret|password|access_token|token)=[^&\s]+", re.IGNORECASE),
        rf"\1={REDACTED}",
    ),
    # A citizen identity number: 17 digits with a day of birth inside, and a check.
    (
        re.compile(
            r"(?<![0-9A-Za-z])[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])"
            r"(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx](?![0-9A-Za-z])"
        ),
        "[resident id]",
    ),
)

# Quick to see that a short text has none of it.
_SUSPICIOUS: Final = re.compile(r"[0-9]{17}|eyJ|://|=|Bearer|Basic", re.IGNORECASE)

_DEEPEST: Final = 8


def configure_logging(service: str, level: str = "INFO", stream: TextIO | None = None) -> None:
    """One JSON line per event on standard error, also for libraries that log in the usual way."""
    before_rendering: list[Any] = [
        merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.format_exc_info,
        _stamp(service),
        redact,
    ]
    structlog.configure(
        processors=[*before_rendering[:2], structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before_rendering[:3],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *before_rendering[3:],
                _json_line,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):  # they bring handlers of their own
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    # An access line per request is the gateway's; httpx would log every address it asks.
    logging.getLogger("uvicorn.access").setLevel(logging.WARNING)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("httpcore").setLevel(logging.WARNING)


def get_logger(name: str) -> Any:
    return structlog.stdlib.get_logger(name)


def about_request(**names: str) -> None:
    """Name the request that this task works for: every line it logs will say so."""
    clear_contextvars()
    bind_contextvars(**names)


def about_nothing() -> None:
    clear_contextvars()


def redact(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Take secrets out by the name of the field and by the look of the text."""
    return {_clean_text(name): _clean(name, value) for name, value in event.items()}


def _clean(name: str, value: Any, depth: int = 0) -> Any:
    if _SECRET_NAMES.search(name) and value is not None and not isinstance(value, bool):
        return REDACTED
    if isinstance(value, str):
        return _clean_text(value)
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**63 else str(value)
    if depth == _DEEPEST:
        return REDACTED
    if isinstance(value, Mapping):
        return {_clean_text(str(k)): _clean(str(k), item, depth + 1) for k, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean("", item, depth + 1) for item in value]
    if isinstance(value, bytes):
        return f"[{len(value)} bytes]"
    return _clean_text(str(value))


def without_secrets(text: str) -> str:
    """A text for a log or an answer, without what looks like a secret in it."""
    return _clean_text(text) if _SUSPICIOUS.search(text) else text


def _clean_text(text: str) -> str:
    text = text.encode(errors="replace").decode()  # a lone surrogate cannot be written out
    for look, instead in _SECRET_TEXTS:
        text = look.sub(instead, text)
    return text


def _stamp(service: str) -> Any:
    def stamp(
        logger: Any, method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        return {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "level": event.pop("level", method),
            "service": service,
            **event,
        }

    return stamp


def _json_line(logger: Any, method: str, event: MutableMapping[str, Any]) -> str:
    return orjson.dumps(event).decode()
