import io
import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.database.session import make_engine
from shared.logging import (
    REDACTED,
    about_nothing,
    about_request,
    configure_logging,
    get_logger,
    redact,
    without_secrets,
)


@pytest.fixture
def lines():
    """What is logged, line by line, as it would reach standard error."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logging("registry", "INFO", stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    about_nothing()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_a_line_says_when_who_and_for_which_request(lines):
    about_request(request_id="r-1", operation="read_tender")

    get_logger("x").info("asked", count=3)

    (line,) = lines()
    assert line["time"].endswith("+00:00")
    assert {
        k: line[k] for k in ("level", "service", "event", "count", "request_id", "operation")
    } == {
        "level": "info",
        "service": "registry",
        "event": "asked",
        "count": 3,
        "request_id": "r-1",
        "operation": "read_tender",
    }


def test_libraries_log_in_the_same_way(lines):
    logging.getLogger("driver").warning("lost %s", "a connection", extra={"token": "abc"})

    (line,) = lines()
    assert (line["event"], line["level"], line["token"]) == (
        "lost a connection",
        "warning",
        REDACTED,
    )


def test_an_error_keeps_its_traceback_and_loses_its_secrets(lines):
    try:
        raise RuntimeError("postgresql://huishe:hunter2@localhost/db")
    except RuntimeError:
        get_logger("x").exception("failed")

    (line,) = lines()
    assert "RuntimeError" in line["exception"]
    assert "hunter2" not in line["exception"]


@pytest.mark.parametrize(
    "secret",
    [
        "Bearer abc.def-ghi",
        "basic aHVpc2hlOnNlY3JldA==",
        "eyJhbGciOiJFZDI1NTE5In0.eyJzdWIiOiJ4In0.c2lnbmF0dXJl",
        "postgresql+asyncpg://role:hunter2@host/db",
        "grant_type=client_credentials&client_secret=hunter2",
        "410108199001011234",
        "41010819900101123x",
    ],
)
def test_secrets_are_known_by_their_look(secret):
    cleaned = redact(None, "info", {"event": f"before {secret} after", "list": [{"deep": secret}]})

    last = secret.split("=")[-1] if "client_secret" in secret else secret
    assert last not in str(cleaned)
    assert "hunter2" not in str(cleaned)
    assert "before" in cleaned["event"]


@pytest.mark.parametrize(
    "name",
    [
        "client_secret",
        "Authorization",
        "password",
        "set-cookie",
        "resident_id",
        "access_token",
        "DATABASE_URL",
    ],
)
def test_secrets_are_known_by_their_name(name):
    cleaned = redact(None, "info", {"event": "x", name: "v4lue", "headers": {name: ["v4lue"]}})

    assert "v4lue" not in str(cleaned)


@pytest.mark.parametrize(
    "harmless",
    [
        "52410108MJ0000018R",
        "1b3560f3-ba70-4b55-a95d-497026547c31",
        "199001011234567890123",
        "120000.00",
    ],
)
def test_what_is_public_stays_readable(harmless):
    assert redact(None, "info", {"event": harmless})["event"] == harmless


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.binary()
    | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(anything)
def test_whatever_is_logged_comes_out_as_one_line_of_json(value):
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    try:
        configure_logging("registry", "INFO", stream)
        get_logger("x").info("said", value=value)
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)

    assert stream.getvalue().count("\n") == 1
    assert json.loads(stream.getvalue())["event"] == "said"


@pytest.mark.parametrize(
    "told",
    [
        'duplicate key value violates unique constraint "uq"\nDETAIL:  Key (name)=(王某 {it}) already exists.',
        "null value\nDETAIL:  Failing row contains (1, {it},\n two lines).\nHINT:  try again",
        "IntegrityError('(x): null value\\nDETAIL:  Failing row contains ({it}).\\n[SQL: INSERT …]')",
        "broken\nDETAIL:  Failing row contains ({it}).\n\nThe above exception was the direct cause",
    ],
)
def test_what_postgresql_quotes_of_a_row_is_not_logged(lines, told):
    get_logger("x").error("worker.failed", problem=told.format(it="48151623.42"))

    (line,) = lines()
    assert "48151623.42" not in str(line)
    assert told.partition("DETAIL")[0] in line["problem"]
    for kept in ("HINT", "[SQL", "The above"):
        assert (kept in told) is (kept in line["problem"])


def test_a_failing_statement_is_logged_without_its_values():
    assert make_engine("postgresql+asyncpg://x@127.0.0.1/x").sync_engine.hide_parameters


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("/registry/v1/agencies/52410108MJF000001X", "/registry/v1/agencies/52410108MJF000001X"),
        ("/registry/v1/workers/410199197001010011", "/registry/v1/workers/[resident id]"),
        (f"/x/{'eyJhbGciOiJFZERTQSJ9'}.eyJzdWIiOiJ4In0.c2ln", f"/x/{REDACTED}"),
        ("/procurement/v1/tenders", "/procurement/v1/tenders"),
    ],
)
def test_a_path_is_told_without_what_strayed_into_it(text, told):
    assert without_secrets(text) == told
