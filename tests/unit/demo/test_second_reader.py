import hashlib

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.demo.second_reader import (
    FeedBroken,
    Standing,
    address_of,
    addresses,
    fold,
    leaf_of,
    read_everything,
)

CONTRACT = {
    "paths": {
        "/procurement/v1/tenders": {"get": {}, "post": {}},
        "/procurement/v1/tenders/{tender_id}": {"get": {}},
        "/procurement/v1/tenders/{tender_id}/publication": {"post": {}},
        "/procurement/v1/tenders/{tender_id}/bids/{bid_id}": {"get": {}},
        "/procurement/v1/bids/{bid_id}": {"put": {}},
        "/registry/v1/agencies/{credit_code}": {"get": {}},
    }
}


def entry(position, subject, version, kind="x.changed", **data):
    event = {
        "id": f"e{position}",
        "type": kind,
        "subject": subject,
        "subjectversion": version,
        "data": data,
    }
    return {"position": position, "leaf": leaf_of(event), "event": event}


STORY = [
    entry(1, "tender/t1", 1, state="draft"),
    entry(2, "agency/a1", 1, state="registered", credit_code="52410108MJ0000018R"),
    entry(3, "tender/t1", 2, state="published"),
    entry(4, "tender/t1", 2, note="told in the same work"),
    {"position": 5, "leaf": "00" * 32},
    entry(6, "tender/t1", 0, note="told beside it"),
    entry(7, "agency/a1", 2, state="suspended"),
]


def test_the_feed_folds_into_one_standing_per_subject():
    folded = fold(STORY)

    assert (folded.position, folded.hidden) == (7, 1)
    assert folded.subjects["tender/t1"].version == 2
    assert folded.subjects["tender/t1"].state == "published"
    assert folded.subjects["agency/a1"] == Standing(
        2, "suspended", 7, {"state": "suspended", "credit_code": "52410108MJ0000018R"}
    )


@given(st.lists(st.integers(0, len(STORY)), max_size=5))
def test_reading_on_from_anywhere_before_leads_to_the_same_state(stops):
    folded = fold(STORY[:3])
    for stop in stops:
        folded = fold(STORY[min(stop, folded.position) :], folded)

    assert fold(STORY, folded) == fold(STORY)


@pytest.mark.parametrize("missing", range(len(STORY) - 1))
def test_a_missing_entry_is_noticed(missing):
    with pytest.raises(FeedBroken, match="follows"):
        fold(STORY[:missing] + STORY[missing + 1 :])


@pytest.mark.parametrize("changed", [0, 1, 2, 3, 5, 6])
def test_a_changed_event_is_noticed(changed):
    forged = [dict(each) for each in STORY]
    event = forged[changed]["event"]
    forged[changed]["event"] = event | {"data": event["data"] | {"state": "awarded"}}

    with pytest.raises(FeedBroken, match="not the hash"):
        fold(forged)


def test_a_change_that_nobody_told_of_is_noticed():
    with pytest.raises(FeedBroken, match="untold"):
        fold([entry(1, "tender/t1", 1), entry(2, "tender/t1", 3)])
    with pytest.raises(FeedBroken, match="untold"):
        fold([entry(1, "tender/t1", 2)])


def test_a_refusal_is_read_and_changes_nothing():
    refused = {"type": "publish_tender.refused", "subject": "tender/t1", "subjectversion": 3}
    refused |= {"id": "e8", "audience": "restricted", "data": {"state": "published"}}

    folded = fold([*STORY, {"position": 8, "leaf": leaf_of(refused), "event": refused}])

    assert folded.position == 8
    assert folded.subjects == fold(STORY).subjects


def test_the_leaf_is_a_merkle_leaf_of_the_canonical_text():
    text = b'{"a":"\xc3\xbc","b":1}'

    assert leaf_of({"b": 1, "a": "ü"}) == hashlib.sha256(b"\x00" + text).hexdigest()
    assert leaf_of({}) == "28a3a18f6cd6406b086e9ffda1f9b8a13dbcf44b0f3f32cb9031a11fd053acf9"


def test_an_address_is_known_by_the_name_of_its_last_parameter():
    known = addresses(CONTRACT)

    assert known == {
        ("procurement", "tender"): "/procurement/v1/tenders/{tender_id}",
        ("registry", "agency"): "/registry/v1/agencies/{credit_code}",
    }
    assert address_of(known["procurement", "tender"], "t1", {}) == "/procurement/v1/tenders/t1"
    assert address_of(known["registry", "agency"], "a1", {"credit_code": "X"}).endswith("/X")
    assert address_of(known["registry", "agency"], "a1", {}) is None


def gateway(answers, story=STORY):
    """A gateway with one feed, at the wire."""

    def answer(request):
        path = request.url.path
        if path == "/openapi.json":
            return httpx.Response(200, json=CONTRACT)
        if path.endswith("/events"):
            after = int(request.url.params["after"])
            items = story[after : after + 2] if path.startswith("/procurement") else []
            last = items[-1]["position"] if items else after
            return httpx.Response(200, json={"items": items, "next": last, "full": len(items) == 2})
        found = answers.get(path, httpx.Response(404))
        return found.pop(0) if isinstance(found, list) else found

    return httpx.Client(transport=httpx.MockTransport(answer), base_url="http://gateway.test")


def tender(version, state):
    return {
        "/procurement/v1/tenders/t1": httpx.Response(200, json={"version": version, "state": state})
    }


def test_the_second_reader_agrees_with_what_the_service_says():
    report = read_everything(gateway(tender(2, "published")), ["procurement"])

    assert report.agrees
    assert (report.compared, report.hidden, report.positions) == (1, 1, {"procurement": 7})
    assert report.unaddressed == {"procurement agency"}


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (tender(3, "published"), "the feed tells version 2, the service says 3"),
        (tender(2, "awarded"), "the feed tells state published, the service says awarded"),
        ({}, "the service answers 404"),
    ],
)
def test_any_difference_is_told(answers, told):
    report = read_everything(gateway(answers), ["procurement"])

    assert not report.agrees
    assert told in str(report.differences[0])
    assert report.as_dict()["differences"] == [str(report.differences[0])]


def test_a_reader_that_is_told_to_wait_comes_back():
    busy = httpx.Response(429, headers={"retry-after": "0"})
    path, shown = next(iter(tender(2, "published").items()))

    assert read_everything(gateway({path: [busy, shown]}), ["procurement"]).agrees


def test_the_version_is_read_from_the_etag_when_the_body_has_none():
    shown = httpx.Response(200, json={"state": "published"}, headers={"etag": '"9"'})

    report = read_everything(gateway({"/procurement/v1/tenders/t1": shown}), ["procurement"])

    assert "the service says 9" in str(report.differences[0])
