"""A second reader: it knows only the feeds, and must arrive at the state the services answer with.

It reads every service's feed through the gateway to its end, checks that positions have no gap and
that every leaf is the hash of its event, folds the events into one standing per subject, and
compares version and state with what the service itself says about each.

    python -m deploy.demo.second_reader --gateway URL --client auditor --secret-file FILE
"""

import argparse
import hashlib
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import rfc8785

SERVICES = ("registry", "procurement", "evaluation", "incubator")
PAGE = 500
PATIENCE = 10
RESTRICTED = "restricted"

Entry = Mapping[str, Any]


class FeedBroken(Exception):
    """The feed contradicts itself: a gap, a wrong leaf, a change nobody told of."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One subject as the feed tells it: its version, its state, and the newest facts about it."""

    version: int
    state: str | None
    position: int
    facts: Mapping[str, Any]


@dataclass(slots=True)
class Folded:
    """A whole feed: how far it was read, how much of it was hidden, and every subject's standing."""

    position: int = 0
    hidden: int = 0
    subjects: dict[str, Standing] = field(default_factory=dict)


def fold(entries: Iterable[Entry], folded: Folded | None = None) -> Folded:
    """Entries in feed order, folded into standings. Pure: the same entries, the same result."""
    folded = folded or Folded()
    for entry in entries:
        position = int(entry["position"])
        if position <= folded.position:
            continue  # a page read twice changes nothing
        if position != folded.position + 1:
            raise FeedBroken(f"position {position} follows {folded.position}")
        folded.position = position
        event = entry.get("event")
        if event is None:
            folded.hidden += 1
            continue
        if leaf_of(event) != entry["leaf"]:
            raise FeedBroken(f"the leaf at {position} is not the hash of its event")
        if event.get("audience") == RESTRICTED:
            continue  # a refusal, say: it is in the journal and changed nothing
        _take(folded.subjects, position, event)
    return folded


def leaf_of(event: Mapping[str, Any]) -> str:
    """SHA-256(0x00 ‖ RFC 8785 text), the leaf of a Merkle tree as in RFC 6962."""
    return hashlib.sha256(b"\x00" + rfc8785.dumps(dict(event))).hexdigest()


def _take(subjects: dict[str, Standing], position: int, event: Mapping[str, Any]) -> None:
    """One event: a version moves on by one or, for events of one work, not at all."""
    subject, version = str(event["subject"]), int(event["subjectversion"])
    before = subjects.get(subject)
    data = event.get("data") or {}
    if version == 0:  # told beside an aggregate's own changes
        version = before.version if before else 0
    elif version - (before.version if before else 0) not in (0, 1):
        raise FeedBroken(f"{subject} went to version {version} untold, at position {position}")
    subjects[subject] = Standing(
        version,
        data.get("state", before.state if before else None),
        position,
        {**(before.facts if before else {}), **data},
    )


# --- what the services themselves say ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the feed and the service disagree."""

    service: str
    subject: str
    told: str
    answered: str

    def __str__(self) -> str:
        return f"{self.service} {self.subject}: the feed tells {self.told}, {self.answered}"


@dataclass(slots=True)
class Report:
    """What the second reader found."""

    positions: dict[str, int] = field(default_factory=dict)
    hidden: int = 0
    compared: int = 0
    unaddressed: set[str] = field(default_factory=set)
    """Kinds of subject that no single GET answers for."""
    differences: list[Difference] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        return not self.differences

    def as_dict(self) -> dict[str, Any]:
        return {
            "positions": self.positions,
            "hidden": self.hidden,
            "compared": self.compared,
            "unaddressed": sorted(self.unaddressed),
            "differences": [str(difference) for difference in self.differences],
        }


def addresses(contract: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """(service, subject) → the path that answers for one, by the name of its last parameter.

    `/procurement/v1/tenders/{tender_id}` answers for a `tender`.
    """
    found = {}
    for path, operations in contract["paths"].items():
        last = path.rsplit("/", 1)[-1]
        if "get" in operations and path.count("{") == 1 and last.endswith("_id}"):
            found[(path.split("/")[1], last[1:].removesuffix("_id}"))] = path
    if "/registry/v1/agencies/{credit_code}" in contract["paths"]:
        found[("registry", "agency")] = "/registry/v1/agencies/{credit_code}"
    return found


def address_of(template: str, subject_id: str, facts: Mapping[str, Any]) -> str | None:
    """The template filled in: by the subject's id, or by the fact that names it publicly."""
    parameter = template.partition("{")[2].partition("}")[0]
    value = subject_id if parameter.endswith("_id") else facts.get(parameter)
    return None if value is None else template.replace(f"{{{parameter}}}", str(value))


def difference(
    service: str, subject: str, told: Standing, response: httpx.Response
) -> Difference | None:
    """Whether the service's answer has the version and the state that the feed tells."""
    if response.status_code != 200:
        answered = f"the service answers {response.status_code}"
        return Difference(service, subject, f"version {told.version}", answered)
    body = response.json()
    version = body.get("version")
    if version is None and response.headers.get("etag", "").strip('"').isdigit():
        version = int(response.headers["etag"].strip('"'))
    pairs = [
        (f"version {told.version}", told.version, version),
        (f"state {told.state}", told.state, body.get("state")),
    ]
    for telling, ours, theirs in pairs:
        if ours is not None and theirs is not None and ours != theirs:
            return Difference(service, subject, telling, f"the service says {theirs}")
    return None


# --- reading ---------------------------------------------------------------------------------------


def entries_of(client: httpx.Client, service: str) -> Iterator[Entry]:
    """Every entry of a service's feed, page by page, to its end."""
    after = 0
    while True:
        response = _get(client, f"/{service}/v1/events", after=after, limit=PAGE)
        response.raise_for_status()
        page = response.json()
        yield from page["items"]
        if not page["items"]:
            return
        after = int(page["next"])


def read_everything(client: httpx.Client, services: Sequence[str] = SERVICES) -> Report:
    """Read all feeds as the client's caller and compare them with what the services answer."""
    report = Report()
    contract = _get(client, "/openapi.json")
    contract.raise_for_status()
    known = addresses(contract.json())
    for service in services:
        folded = fold(entries_of(client, service))
        report.positions[service] = folded.position
        report.hidden += folded.hidden
        for name, standing in folded.subjects.items():
            _compare(client, report, known, service, name, standing)
    return report


def _compare(
    client: httpx.Client,
    report: Report,
    known: Mapping[tuple[str, str], str],
    service: str,
    name: str,
    told: Standing,
) -> None:
    subject, _, subject_id = name.partition("/")
    template = known.get((service, subject))
    address = template and address_of(template, subject_id, told.facts)
    if told.version == 0:
        return
    if not address:
        report.unaddressed.add(f"{service} {subject}")
        return
    found = difference(service, name, told, _get(client, address))
    report.compared += 1
    if found is not None:
        report.differences.append(found)


def _get(client: httpx.Client, path: str, **query: Any) -> httpx.Response:
    """Ask, and ask again when told to come back later."""
    for _ in range(PATIENCE):
        response = client.get(path, params=query)
        if response.status_code not in (429, 503):
            break
        time.sleep(float(response.headers.get("retry-after", "1")))
    return response


def token(client: httpx.Client, client_id: str, secret: str) -> str:
    response = client.post(
        "/oauth/token", data={"grant_type": "client_credentials"}, auth=(client_id, secret)
    )
    response.raise_for_status()
    return str(response.json()["access_token"])


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--gateway", default="http://127.0.0.1:8080")
    parser.add_argument("--client", required=True, help="a client with the role auditor")
    parser.add_argument("--secret-file", required=True, type=Path)
    given = parser.parse_args(arguments)
    with httpx.Client(base_url=given.gateway, timeout=30, trust_env=False) as client:
        secret = given.secret_file.read_text().strip()
        client.headers["authorization"] = f"Bearer {token(client, given.client, secret)}"
        report = read_everything(client)
    for service, position in report.positions.items():
        print(f"{service}: read to position {position}")
    print(f"{report.compared} subjects compared, {report.hidden} entries hidden")
    for each in report.differences:
        print(f"  {each}")
    return 0 if report.agrees else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
