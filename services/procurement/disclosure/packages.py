"""Releases wrapped for publication: a release package, and a record with what they add up to."""

import json
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Any

import ocdsmerge
import orjson

from services.procurement.disclosure.standard import EXTENSIONS, VERSION, release_schema
from services.procurement.disclosure.values import CREDIT_CODE_SCHEME, Json, Publisher, present


def written(document: Json) -> str:
    """A document as JSON; a decimal is written digit by digit, never by way of a float."""
    return orjson.dumps(document, default=_exact).decode()


def read(text: str) -> Json:
    document: Json = json.loads(text, parse_float=Decimal)
    return document


def release_package(publisher: Publisher, uri: str, published: str, releases: Sequence[str]) -> str:
    """The releases exactly as they were stored, byte for byte."""
    document = _head(publisher, uri, published) | {"releases": [_stored(r) for r in releases]}
    return written(document)


def record_package(
    publisher: Publisher,
    uri: str,
    published: str,
    ocid: str,
    releases: Sequence[str],
    *,
    versioned: bool = False,
) -> str:
    """One record: every release and the state they add up to; on demand each field's history."""
    parsed = [read(text) for text in releases]
    record = {
        "ocid": ocid,
        "releases": [_stored(text) for text in releases],
        "compiledRelease": _merger().create_compiled_release(parsed),
    }
    if versioned:
        record["versionedRelease"] = _merger().create_versioned_release(parsed)
    return written(_head(publisher, uri, published) | {"records": [record]})


def _head(publisher: Publisher, uri: str, published: str) -> Json:
    return {
        "uri": uri,
        "version": VERSION,
        "extensions": list(EXTENSIONS.values()),
        "publisher": present(
            name=publisher.name,
            scheme=CREDIT_CODE_SCHEME if publisher.credit_code else None,
            uid=publisher.credit_code,
        ),
        "license": publisher.licence,
        "publishedDate": published,
    }


@cache
def _merger() -> Any:
    """How fields merge is read from the schema kept here; nothing is asked of the network."""
    return ocdsmerge.Merger(dict(release_schema()))


def _stored(text: str) -> orjson.Fragment:
    return orjson.Fragment(text)


def _exact(value: Any) -> Any:
    if isinstance(value, Decimal):
        return orjson.Fragment(str(value))
    raise TypeError(f"{type(value).__name__} is no JSON")
