"""What may be asked for, whom an event concerns, and when a failed delivery comes again."""

import importlib
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.settings import SERVICES
from gateway.webhooks.lifecycle import DELIVERY, SUBSCRIPTION
from gateway.webhooks.rules import (
    DISABLED_AFTER,
    JITTER,
    KINDS,
    LONGEST_REST,
    LONGEST_RETRY_AFTER,
    SCHEDULE,
    WORDS,
    Reason,
    Wish,
    checked_kinds,
    concerns,
    failed_too_long,
    judged,
    matches,
    next_attempt,
    read_retry_after,
    rest,
)
from shared.errors import InvalidInput
from tests.architecture.house import ROOT

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TENDER = {
    "type": "tender.published",
    "subject": "tender/0193",
    "data": {"project_id": "0192", "lots": [{"code": "52410108MJ0000018R"}]},
}


@pytest.mark.parametrize("service", SERVICES)
def test_the_kinds_are_those_that_the_services_tell(service: str) -> None:
    assert set(KINDS[service]) == set(importlib.import_module(f"services.{service}.events").EVENTS)


@pytest.mark.parametrize(
    ("pattern", "kind", "told"),
    [
        ("tender.published", "tender.published", True),
        ("tender.*", "tender.published", True),
        ("*", "tender.published", True),
        ("tender.*", "tenders.published", False),
        ("tender.*", "tender", False),
        ("tender", "tender.published", False),
        ("tender.publish", "tender.published", False),
    ],
)
def test_a_kind_is_told_exactly_or_by_its_prefix(pattern: str, kind: str, told: bool) -> None:
    assert matches(pattern, kind) is told


def test_what_nobody_tells_cannot_be_subscribed() -> None:
    assert checked_kinds(["tender.*", "tender.*"], ["procurement"]) == ["tender.*"]
    with pytest.raises(InvalidInput) as refused:
        checked_kinds(["tender.published", "tender.eaten", "agency.*"], ["procurement"])

    assert [error.pointer for error in refused.value.errors] == ["/kinds/1", "/kinds/2"]


@pytest.mark.parametrize(
    ("thing", "told"),
    [
        ("tender/0193", True),
        ("0193", True),
        ("0192", True),
        ("52410108MJ0000018R", True),
        ("tender", False),
        ("019", False),
        ("code", False),
    ],
)
def test_an_event_concerns_its_subject_and_what_it_names(thing: str, told: bool) -> None:
    assert concerns(TENDER, thing) is told


def test_service_kind_and_subject_have_to_fit() -> None:
    assert Wish(["procurement"], ["tender.*"], "0192").wants("procurement", TENDER)
    assert not Wish(["registry"], ["tender.*"], "0192").wants("procurement", TENDER)
    assert not Wish(["procurement"], ["award.*"], "0192").wants("procurement", TENDER)
    assert not Wish(["procurement"], ["tender.*"], "other").wants("procurement", TENDER)


# --- The schedule --------------------------------------------------------------------------------

attempts = st.integers(1, len(SCHEDULE))
chances = st.floats(0, 1)


@given(attempts, chances)
def test_each_retry_waits_its_time_and_a_fifth_more_at_most(attempt: int, chance: float) -> None:
    due = next_attempt(attempt, NOW, chance)

    assert due is not None
    assert SCHEDULE[attempt - 1] <= due - NOW <= SCHEDULE[attempt - 1] * (1 + JITTER)


@given(attempts, chances, st.timedeltas(timedelta(), LONGEST_RETRY_AFTER))
def test_who_asks_for_patience_gets_it(attempt: int, chance: float, wait: timedelta) -> None:
    due = next_attempt(attempt, NOW, chance, wait)

    assert due is not None
    assert due - NOW >= wait
    assert due >= next_attempt(attempt, NOW, chance)  # type: ignore[operator]


@given(st.integers(len(SCHEDULE) + 1, 100), chances)
def test_after_the_last_retry_it_is_given_up(attempt: int, chance: float) -> None:
    assert next_attempt(attempt, NOW, chance) is None


def test_a_delivery_is_tried_for_three_days_and_given_up_before_the_receiver_is() -> None:
    assert timedelta(days=3) < sum(SCHEDULE, timedelta()) < DISABLED_AFTER
    assert list(SCHEDULE) == sorted(SCHEDULE)


@given(st.integers(1, 10_000))
def test_a_failing_receiver_is_left_in_peace_ever_longer(failures: int) -> None:
    assert timedelta(seconds=1) <= rest(failures) <= rest(failures + 1) <= LONGEST_REST


def test_a_receiver_is_given_up_after_five_days_and_not_before() -> None:
    assert not failed_too_long(NOW, NOW + DISABLED_AFTER - timedelta(seconds=1))
    assert failed_too_long(NOW, NOW + DISABLED_AFTER)


@pytest.mark.parametrize(
    ("told", "wait"),
    [
        ("0", timedelta()),
        ("120", timedelta(minutes=2)),
        ("999999999", LONGEST_RETRY_AFTER),
        ("Mon, 02 Mar 2026 01:10:00 GMT", timedelta(minutes=10)),
        ("Mon, 02 Mar 2026 00:00:00 GMT", timedelta()),
        ("soon", None),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read(told: str | None, wait: timedelta | None) -> None:
    assert read_retry_after(told, NOW) == wait


@given(st.text(max_size=40))
def test_whatever_a_receiver_writes_there_breaks_nothing(told: str) -> None:
    wait = read_retry_after(told, NOW)

    assert wait is None or timedelta() <= wait <= LONGEST_RETRY_AFTER


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (200, None),
        (204, None),
        (299, None),
        (301, Reason.REDIRECT),
        (307, Reason.REDIRECT),
        (400, Reason.STATUS),
        (410, Reason.GONE),
        (429, Reason.STATUS),
        (500, Reason.STATUS),
    ],
)
def test_only_2xx_is_delivered(status: int, reason: Reason | None) -> None:
    outcome = judged(status, 5, "60", NOW)

    assert outcome.reason is reason
    assert (outcome.retry_after is not None) == (status in (429, 503))


def test_every_reason_has_words_in_both_languages() -> None:
    assert set(WORDS) == set(Reason)
    assert all(words.zh and words.en and words.zh != words.en for words in WORDS.values())


@pytest.mark.parametrize("lifecycle", [SUBSCRIPTION, DELIVERY], ids=lambda it: it.subject)
def test_the_lifecycles_are_sound_and_drawn(lifecycle: object) -> None:
    assert lifecycle.faults() == []  # type: ignore[attr-defined]
    assert lifecycle.drawing() in (ROOT / "gateway/README.md").read_text()  # type: ignore[attr-defined]
