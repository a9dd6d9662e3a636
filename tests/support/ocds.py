"""What is wrong with an OCDS document, found without a network.

Schemas and extensions come from the copy beside the publisher. Beyond the schema it looks for what
validators of the standard do not see: references to nothing, dates out of order, bids shown before
they were opened.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from jsonschema import Draft4Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT4

from services.procurement.disclosure.standard import EXTENSIONS, core_schema, release_schema

_BASE = "https://standard.open-contracting.org/schema/1__1__5"
_VERSIONED = core_schema("versioned-release-validation-schema")
_SCHEMAS: dict[str, Any] = {
    f"{_BASE}/release-schema.json": release_schema(),
    f"{_BASE}/versioned-release-validation-schema.json": _VERSIONED,
}
_REGISTRY: Registry[Any] = Registry().with_resources(
    [(address, DRAFT4.create_resource(schema)) for address, schema in _SCHEMAS.items()]
)
_FORMATS = FormatChecker()


@_FORMATS.checks("date-time", raises=ValueError)
def _is_date_time(value: Any) -> bool:
    """The optional checker of jsonschema needs a library; an aware ISO instant is what is meant."""
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


def faults_of_releases(package: dict[str, Any]) -> list[str]:
    """Everything wrong with a release package."""
    return [
        *_breaches("release-package-schema", package),
        *_undeclared(package),
        *_beyond_the_schema(package["releases"]),
    ]


def faults_of_record(package: dict[str, Any]) -> list[str]:
    """Everything wrong with a record package."""
    faults = [*_breaches("record-package-schema", package), *_undeclared(package)]
    for record in package["records"]:
        faults += _beyond_the_schema(record["releases"])
        faults += _broken_references(record["compiledRelease"], "compiled")
        if {release["ocid"] for release in record["releases"]} != {record["ocid"]}:
            faults.append("a release of another process in the record")
    return faults


def _breaches(schema: str, package: dict[str, Any]) -> Iterator[str]:
    validator = Draft4Validator(core_schema(schema), registry=_REGISTRY, format_checker=_FORMATS)
    for error in validator.iter_errors(package):
        yield f"{error.json_path}: {error.message[:200]}"


def _undeclared(package: dict[str, Any]) -> Iterator[str]:
    """Members that neither the standard nor a declared extension knows."""
    if sorted(package["extensions"]) != sorted(EXTENSIONS.values()):
        yield "the declared extensions are not those of the schema"
    records = package.get("records") or [{"releases": package["releases"]}]
    for record in records:
        for release in [*record["releases"], *filter(None, [record.get("compiledRelease")])]:
            yield from _unknown(release, release_schema(), release["id"])


def _unknown(value: Any, schema: Any, where: str) -> Iterator[str]:
    schema = _resolved(schema)
    if isinstance(value, list):
        for n, item in enumerate(value):
            yield from _unknown(item, schema.get("items", {}), f"{where}/{n}")
    elif isinstance(value, dict) and "properties" in schema:
        for name, item in value.items():
            if name not in schema["properties"]:
                yield f"{where}/{name}: no such member"
            else:
                yield from _unknown(item, schema["properties"][name], f"{where}/{name}")


def _resolved(schema: Any) -> Any:
    while "$ref" in schema:
        schema = release_schema()["definitions"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def _beyond_the_schema(releases: list[dict[str, Any]]) -> Iterator[str]:
    ids = [release["id"] for release in releases]
    if len(ids) != len(set(ids)):
        yield "two releases with one id"
    dates = [date for release in releases if (date := _instant(release["date"]))]
    if dates != sorted(dates):
        yield "releases out of order"
    opened: datetime | None = None
    closes: datetime | None = None
    for release in releases:
        yield from _broken_references(release, release["id"])
        yield from _days_out_of_order(release, release["id"])
        tender = release.get("tender", {})
        closes = _instant(tender.get("tenderPeriod", {}).get("endDate")) or closes
        opening = _instant(tender.get("bidOpening", {}).get("date"))
        opened = opening or opened
        yield from _bids_too_early(release, opened, closes)
        for told in _instants(release):
            published = _instant(release["date"])
            if published and told[0].endswith(_DONE) and told[1] > published:
                yield f"{release['id']}{told[0]}: told before it happened"


_DONE = ("/dateSigned", "/dateMet", "/awards/date", "/transactions/date", "/statistics/date")


def _bids_too_early(
    release: dict[str, Any], opened: datetime | None, closes: datetime | None
) -> Iterator[str]:
    """Nothing about bids or bidders before both the deadline and the opening."""
    tender = release.get("tender", {})
    shown = (
        "bids" in release
        or "tenderers" in tender
        or "numberOfTenderers" in tender
        or any("tenderer" in party["roles"] for party in release["parties"])
    )
    date = _instant(release["date"])
    known = date is not None and opened is not None and closes is not None
    if shown and not (known and closes <= opened <= date):
        yield f"{release['id']}: bids shown before the opening"


def _broken_references(release: dict[str, Any], where: str) -> Iterator[str]:
    parties = {party["id"] for party in release.get("parties", [])}
    for path, value in _objects(release):
        refers = set(value) == {"id", "name"} and "parties" not in path
        if refers and value["id"] not in parties:
            yield f"{where}{path}: refers to a party that is not there"
    if where == "compiled":
        awards = {award["id"] for award in release.get("awards", [])}
        bids = {bid["id"] for bid in release.get("bids", {}).get("details", [])}
        for contract in release.get("contracts", []):
            if contract["awardID"] not in awards:
                yield f"{where}: contract {contract['id']} of no award"
        for award in release.get("awards", []):
            if "relatedBid" in award and award["relatedBid"] not in bids:
                yield f"{where}: award {award['id']} for no bid"
            if award["status"] == "active" and not award.get("suppliers"):
                yield f"{where}: award {award['id']} to nobody"


def _days_out_of_order(release: dict[str, Any], where: str) -> Iterator[str]:
    for path, value in _objects(release):
        first, last = _instant(value.get("startDate")), _instant(value.get("endDate"))
        if first and last and first > last:
            yield f"{where}{path}: ends before it begins"


def _objects(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        yield path, value
        for name, item in value.items():
            yield from _objects(item, f"{path}/{name}")
    elif isinstance(value, list):
        for item in value:
            yield from _objects(item, path)


def _instants(value: Any) -> Iterator[tuple[str, datetime]]:
    for path, found in _objects(value):
        for name, item in found.items():
            if isinstance(item, str) and ("date" in name.lower()):
                moment = _instant(item)
                if moment is not None:
                    yield f"{path}/{name}", moment


def _instant(text: str | None) -> datetime | None:
    """An aware instant; whatever else stands there is the schema's to refuse."""
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
