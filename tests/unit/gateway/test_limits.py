"""Limits, by time that is given."""

import pytest

from gateway.limits import Allowance, Limits
from shared.errors import TooManyRequests

TWO_A_SECOND = Allowance.of("write", rate=2.0, burst_seconds=2)
"""Two a second, four at once."""


def admitted(limits: Limits, caller: str, now: float, attempts: int) -> int:
    count = 0
    for _ in range(attempts):
        try:
            limits.admit(caller, TWO_A_SECOND, now)
        except TooManyRequests:
            continue
        count += 1
    return count


def test_a_burst_is_let_through_and_not_one_more():
    assert admitted(Limits(), "a", now=100.0, attempts=10) == 4


def test_half_a_second_earns_one_request():
    limits = Limits()
    admitted(limits, "a", 100.0, 10)

    assert admitted(limits, "a", 100.49, 3) == 0
    assert admitted(limits, "a", 100.5, 3) == 1
    assert admitted(limits, "a", 101.5, 3) == 2


def test_a_long_rest_earns_a_burst_and_no_more():
    limits = Limits()
    admitted(limits, "a", 100.0, 10)

    assert admitted(limits, "a", 9_999.0, 10) == 4


def test_callers_and_lanes_do_not_take_from_each_other():
    limits = Limits()
    admitted(limits, "a", 100.0, 10)
    other = Allowance.of("bids", 2.0, 2)

    assert admitted(limits, "b", 100.0, 10) == 4
    limits.admit("a", other, 100.0)


def test_every_answer_says_what_is_left():
    limits = Limits()

    assert limits.admit("a", TWO_A_SECOND, 100.0) == (b"ratelimit", b'"write";r=3;t=1')
    assert limits.admit("a", TWO_A_SECOND, 100.0) == (b"ratelimit", b'"write";r=2;t=1')
    assert TWO_A_SECOND.policy == (b"ratelimit-policy", b'"write";q=4;w=2')


def test_a_refusal_says_when_to_come_back_and_coming_back_then_works():
    limits = Limits()
    admitted(limits, "a", 100.0, 4)

    with pytest.raises(TooManyRequests) as refused:
        limits.admit("a", TWO_A_SECOND, 100.0)

    wait = int(refused.value.headers["Retry-After"])
    assert wait == 1
    assert refused.value.headers["RateLimit"] == '"write";r=0;t=1'
    limits.admit("a", TWO_A_SECOND, 100.0 + wait)


def test_a_refused_request_costs_nothing():
    limits = Limits()
    admitted(limits, "a", 100.0, 4)
    admitted(limits, "a", 100.1, 1_000)

    assert admitted(limits, "a", 100.5, 1) == 1


def test_full_buckets_are_forgotten_and_used_ones_are_not():
    limits = Limits()
    admitted(limits, "old", 100.0, 4)
    admitted(limits, "new", 102.0, 4)

    limits.forget_full(102.0)

    assert list(limits._full_again) == [("new", "write")]
    assert admitted(limits, "new", 102.0, 4) == 0
