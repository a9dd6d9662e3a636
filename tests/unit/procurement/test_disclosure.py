import copy
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.procurement.disclosure.packages import (
    read,
    record_package,
    release_package,
    written,
)
from services.procurement.disclosure.process import ocid_of
from services.procurement.disclosure.releases import RELEASES
from services.procurement.disclosure.standard import merge_patched, release_schema
from services.procurement.disclosure.values import amount, day_ended, moment, period
from shared.money import LARGEST_FEN, Money
from tests.support.ocds import faults_of_record, faults_of_releases
from tests.support.purchases import (
    BREEZE,
    BUREAU,
    DAWN,
    NEEDS,
    PEERS,
    PROJECT,
    PUBLISHER,
    ROOT,
    Journal,
    award,
    contract,
    project,
    tender,
    to_the_award,
    to_the_end,
    to_the_opening,
    to_the_publication,
)

URI = "https://huishe.example/procurement/v1/ocds/records/x"


def package_of(releases):
    published = releases[-1]["date"]
    return json.loads(release_package(PUBLISHER, URI, published, [written(r) for r in releases]))


def record_of(releases):
    texts = [written(release) for release in releases]
    ocid = releases[0]["ocid"]
    return json.loads(record_package(PUBLISHER, URI, releases[-1]["date"], ocid, texts))


def compiled(releases):
    return record_of(releases)["records"][0]["compiledRelease"]


def party(release, code):
    return next(p for p in release["parties"] if p["id"] == f"CN-USCC-{code}")


# --- the whole story ---


def test_a_purchase_is_told_from_the_plan_to_the_last_payment():
    releases = to_the_end(Journal()).releases()

    assert [release["tag"] for release in releases] == [
        ["planning"],
        ["planningUpdate"],
        ["tender"],
        ["tenderUpdate"],  # closed
        ["tenderUpdate"],  # opened
        ["tenderUpdate"],  # reviewed
        ["award"],
        ["contract"],
        ["implementation"],
        ["implementationUpdate"],
        ["implementationUpdate"],
        ["implementationUpdate"],
        ["implementationUpdate"],
        ["implementationUpdate"],
        ["contractTermination"],
    ]
    assert {release["ocid"] for release in releases} == {f"ocds-hshe00-{PROJECT}"}
    assert len({release["id"] for release in releases}) == len(releases)


def test_every_release_and_the_record_are_valid_ocds():
    releases = to_the_end(Journal()).releases()

    assert faults_of_releases(package_of(releases)) == []
    assert faults_of_record(record_of(releases)) == []


@pytest.mark.parametrize("length", range(1, 32))
def test_the_record_is_valid_at_every_moment(length):
    journal = to_the_end(Journal())
    del journal.told[length:]

    releases = journal.releases()

    assert faults_of_record(record_of(releases)) == []


def test_every_kind_of_event_that_is_told_has_been_tried():
    journal = to_the_end(Journal())
    tried = {event.kind for event in journal.told if journal.release(event)}
    elsewhere = {
        "project.withdrawn",
        "tender.failed",
        "tender.cancelled",
        "award.refused",
        "contract.terminated",
    }

    assert tried | elsewhere == set(RELEASES)


def test_the_record_adds_up_to_where_things_stand():
    now = compiled(to_the_end(Journal()).releases())

    assert now["tender"]["status"] == "complete"
    assert now["planning"]["budget"]["amount"] == {"amount": 300000.00, "currency": "CNY"}
    assert [bid["status"] for bid in now["bids"]["details"]] == ["valid", "valid", "disqualified"]
    (won,) = now["awards"]
    assert (won["status"], won["suppliers"][0]["name"]) == ("active", "晨光社会工作服务中心")
    (signed,) = now["contracts"]
    assert signed["awardID"] == won["id"]
    assert signed["status"] == "terminated"
    paid = signed["implementation"]["transactions"]
    assert [t["value"]["amount"] for t in paid] == [86500, 100000, 80000, 20000]
    assert [m["status"] for m in signed["milestones"]] == ["met", "met", "met"]
    assessed = signed["implementation"]["milestones"]
    assert [m["description"] for m in assessed] == ["评价结果：良好", "评价结果：基本合格"]
    assert party(now, DAWN)["roles"] == ["tenderer", "supplier", "payee"]
    assert party(now, PEERS)["roles"] == ["tenderer"]
    assert party(now, BUREAU)["roles"] == ["buyer", "procuringEntity", "payer"]


def test_a_release_is_the_same_however_late_it_is_built():
    on_time, late = Journal(), to_the_end(Journal())
    told = [*to_the_publication(on_time).told]

    for event in told:
        assert on_time.release(event) == late.release(late.told[event.position - 1])


# --- secrets ---


def test_nothing_about_bidders_is_told_before_the_opening():
    journal = to_the_opening(Journal())
    before = [journal.release(event) for event in journal.told[:-1]]

    text = json.dumps([written(release) for release in before if release], ensure_ascii=False)

    for secret in (DAWN, PEERS, BREEZE, "晨光", "286500", "numberOfTenderers", "bids"):
        assert secret not in text
    assert before[-1]["tender"]["documents"][0]["description"] == ROOT
    opened = journal.release()
    assert opened["tender"]["numberOfTenderers"] == 3
    assert opened["bids"]["statistics"][0]["value"] == 4  # one of them stayed shut
    assert [bid["value"]["amount"] for bid in opened["bids"]["details"]] == [
        Decimal("286500.00"),
        Decimal("291200.50"),
        Decimal("279999.99"),
    ]


def test_who_wins_is_told_by_the_notice_and_not_before_it():
    journal = to_the_award(Journal())

    assert [journal.release(event) for event in journal.told[-4:-1]] == [None, None, None]
    assert journal.release()["awards"][0]["suppliers"] == [
        {"id": f"CN-USCC-{DAWN}", "name": "晨光社会工作服务中心"}
    ]


def test_a_draft_that_nobody_saw_is_cancelled_in_silence():
    journal = Journal()
    journal.tell("project.planned", project())
    journal.tell("tender.drafted", tender(state="draft"))
    journal.tell("tender.cancelled", tender(state="cancelled", ended_because="另行安排"))

    assert journal.release() is None


# --- other endings ---


def test_a_cancelled_tender_says_why():
    journal = to_the_publication(Journal())
    journal.tell("tender.cancelled", tender(state="cancelled", ended_because="任务取消"))

    release = journal.release()

    assert release["tag"] == ["tenderCancellation"]
    assert release["tender"]["status"] == "cancelled"
    assert release["tender"]["amendments"][0]["rationale"] == "任务取消"
    assert faults_of_record(record_of(journal.releases())) == []


def failed_once(journal):
    to_the_publication(journal)
    ended = tender(state="failed", ended_because="投标不足三家")
    journal.tell("tender.closed", tender(state="closed"), on="2026-03-22")
    journal.tell("tender.failed", ended)
    journal.tell("project.returned", project(state="planned"))
    return journal


def test_a_failed_tender_is_unsuccessful_and_the_next_one_is_a_process_of_its_own():
    journal = failed_once(Journal())
    again = tender(id="01999999-0000-7000-8000-0000000000aa")
    again |= {"closes_at": "2026-04-28T01:00:00+00:00", "published_at": "2026-04-06T02:00:00+00:00"}
    journal.tell("project.budgeted", project(), on="2026-04-01")
    journal.tell("project.tendered", project(state="tendered"), on="2026-04-06")
    journal.tell("tender.published", again)

    first = [r for r in journal.releases() if r["ocid"] == ocid_of("ocds-hshe00", PROJECT, 1)]
    second = [r for r in journal.releases() if r["ocid"] == ocid_of("ocds-hshe00", PROJECT, 2)]

    assert first[-1]["tender"]["status"] == "unsuccessful"
    assert [release["tag"] for release in second] == [["planning"], ["planning", "tender"]]
    assert second[-1]["relatedProcesses"][0] == {
        "id": "1",
        "relationship": ["unsuccessfulProcess"],
        "title": "前一次采购未成功",
        "scheme": "ocid",
        "identifier": first[0]["ocid"],
    }
    assert second[-1]["tender"]["id"] == again["id"]
    assert faults_of_record(record_of(first)) == faults_of_record(record_of(second)) == []


def test_what_is_told_late_about_the_failed_attempt_stays_with_it():
    journal = failed_once(Journal())
    late = journal.tell("tender.cancelled", tender(state="cancelled", ended_because="归档"))

    assert journal.release(late)["ocid"] == ocid_of("ocds-hshe00", PROJECT, 1)


def test_a_winner_who_refuses_makes_room_for_the_next_candidate():
    journal = to_the_award(Journal())
    refused = {"credit_code": DAWN, "reason": "人员离职", "on": "2026-04-20", "by": "dawn"}
    journal.tell("award.refused", award(state="refused", refusals=[refused]), on="2026-04-20")
    following = award(credit_code=PEERS, price="291200.50", refusals=[refused])
    journal.tell("award.passed_on", following | {"state": "confirmed"}, on="2026-04-21")
    journal.tell("award.announced", following, on="2026-04-22")

    now = compiled(journal.releases())

    assert [(a["status"], a["id"].split("-")[-1]) for a in now["awards"]] == [
        ("cancelled", DAWN),
        ("active", PEERS),
    ]
    assert "人员离职" in now["awards"][0]["description"]
    assert faults_of_record(record_of(journal.releases())) == []


def test_a_withdrawn_project_and_a_terminated_contract_say_so():
    withdrawn = Journal()
    withdrawn.tell("project.planned", project())
    withdrawn.tell("project.withdrawn", project(state="withdrawn"))
    ended = to_the_end(Journal())
    del ended.told[-8:]
    ended.tell("contract.terminated", contract(state="terminated", ended_because="严重违约"))

    assert "撤回" in withdrawn.release()["planning"]["rationale"]
    assert ended.release()["contracts"][0]["amendments"][0]["rationale"] == "严重违约"
    assert faults_of_record(record_of(withdrawn.releases())) == []
    assert faults_of_record(record_of(ended.releases())) == []


def test_posts_are_bought_by_their_number():
    journal = Journal()
    journal.tell("project.planned", project(purchase_kind="post", posts=6))
    journal.tell("project.tendered", project(purchase_kind="post", posts=6, state="tendered"))
    journal.tell("tender.published", tender())

    item = journal.release()["tender"]["items"][0]

    assert (item["quantity"], item["unit"]) == (6, {"name": "岗位"})
    assert item["deliveryLocation"]["gazetteer"]["identifiers"] == ["410108100", "410108101"]
    assert {need["division"] for need in NEEDS} == {"410108100", "410108101"}


@pytest.mark.parametrize(
    ("method", "code"),
    [
        ("open_tender", "open"),
        ("invited_tender", "selective"),
        ("competitive_consultation", "open"),
        ("competitive_negotiation", "open"),
        ("single_source", "direct"),
    ],
)
def test_every_method_has_its_code_and_its_ground_is_told(method, code):
    closed = {
        "ground": "special_nature",
        "ground_reason": "仅一家具备资质",
        "approval": "郑财〔2026〕1号",
    }
    journal = Journal()
    journal.tell("project.planned", project())
    journal.tell("tender.published", tender(method=method, **closed))

    told = journal.release()["tender"]

    assert told["procurementMethod"] == code
    assert (
        told["procurementMethodRationale"] == "性质特殊；仅一家具备资质；批准文号：郑财〔2026〕1号"
    )


def test_a_purchase_of_another_organisation_names_it_as_the_buyer():
    other = str(BUREAU)[:8] + "MB1234567X"
    journal = Journal()
    journal.tell("project.planned", project(owner_org=other))

    release = journal.release()

    assert release["buyer"] == {"id": f"CN-USCC-{other}", "name": other}
    assert [p["identifier"]["id"] for p in release["parties"]] == [other]


# --- exactness ---


@given(st.integers(0, LARGEST_FEN))
def test_an_amount_is_written_digit_by_digit(fen):
    money = Money(fen)
    text = written({"value": amount(money)})

    assert f'"amount":{money},' in text
    assert read(text)["value"]["amount"] == money.yuan
    assert written(read(text)) == text


def test_releases_are_served_byte_for_byte_as_they_were_stored():
    stored = '{"ocid":"x","id":"1",  "value":{"amount":1.10}}'

    package = release_package(PUBLISHER, URI, "2026-03-01T00:00:00Z", [stored])

    assert stored in package


def test_legal_days_become_instants_of_shanghai():
    assert period("2026-05-01", "2027-04-30") == {
        "startDate": "2026-04-30T16:00:00Z",
        "endDate": "2027-04-30T15:59:59Z",
        "durationInDays": 365,
    }
    assert day_ended("2026-05-01") == "2026-05-01T15:59:59Z"
    assert moment("2026-03-22T09:00:00+08:00") == "2026-03-22T01:00:00Z"


def test_the_history_of_every_field_is_told_on_demand():
    releases = to_the_end(Journal()).releases()
    texts = [written(release) for release in releases]
    ocid, published = releases[0]["ocid"], releases[-1]["date"]

    asked = read(record_package(PUBLISHER, URI, published, ocid, texts, versioned=True))

    statuses = asked["records"][0]["versionedRelease"]["tender"]["status"]
    assert [each["value"] for each in statuses] == ["active", "complete"]
    assert faults_of_record(asked) == []
    assert "versionedRelease" not in record_of(releases)["records"][0]


def test_an_extension_is_patched_into_the_schema_not_laid_over_it():
    schema = release_schema()

    assert "bids" in schema["properties"]
    assert "bidOpening" in schema["definitions"]["Tender"]["properties"]
    assert "title" in schema["definitions"]["Tender"]["properties"]
    assert merge_patched({"a": {"b": 1, "c": 2}}, {"a": {"b": None}}) == {"a": {"c": 2}}


# --- the checker itself ---


def broken(change):
    releases = copy.deepcopy(to_the_end(Journal()).releases())
    change(releases)
    return releases


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda r: r[2]["tender"].pop("id"), "'id' is a required property"),
        (lambda r: r[2]["tender"].update(status="running"), "is not one of"),
        (lambda r: r[2].update(date="2026-03-02"), "date-time"),
        (lambda r: r[2]["tender"].update(colour="red"), "no such member"),
        (lambda r: r[2]["buyer"].update(id="CN-USCC-0"), "a party that is not there"),
        (lambda r: r.reverse(), "out of order"),
        (lambda r: r[1].update(id=r[0]["id"]), "two releases with one id"),
        (lambda r: r[3].update(bids=r[4]["bids"]), "bids shown before the opening"),
        (lambda r: r[3]["tender"].update(numberOfTenderers=3), "bids shown before the opening"),
        (
            lambda r: r[2]["tender"]["contractPeriod"].update(endDate="2020-01-01T00:00:00Z"),
            "ends before it begins",
        ),
        (
            lambda r: r[7]["contracts"][0].update(dateSigned="2030-01-01T00:00:00Z"),
            "told before it happened",
        ),
    ],
)
def test_the_checker_finds_what_is_wrong_with_a_release(change, fault):
    faults = faults_of_releases(package_of(broken(change)))

    assert any(fault in each for each in faults), faults


def without_award(releases):
    for release in releases:
        for each in release.get("contracts", []):
            each["awardID"] = "none"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (without_award, "of no award"),
        (lambda r: r[6]["awards"][0].update(relatedBid="none"), "for no bid"),
        (lambda r: r[6]["awards"][0].pop("suppliers"), "to nobody"),
    ],
)
def test_the_checker_finds_what_is_wrong_with_a_record(change, fault):
    assert any(fault in each for each in faults_of_record(record_of(broken(change))))


def test_the_checker_finds_a_release_that_belongs_elsewhere():
    record = record_of(to_the_end(Journal()).releases())
    record["records"][0]["releases"][3]["ocid"] = "ocds-hshe00-other"

    assert "a release of another process in the record" in faults_of_record(record)
