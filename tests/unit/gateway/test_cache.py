"""What may be kept, for how long and how much of it. Time is given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.cache import Cache, Key, asks_anew, has_it, lifetime
from gateway.configuration import CacheLimits

SHARED = (b"cache-control", b"public, max-age=0, s-maxage=1")
LIMITS = CacheLimits(most_bytes=10_000, largest_bytes=2_000)


def key(target: str = "/registry/v1/agencies", language: str = "zh") -> Key:
    return Key(target.split("/")[1], target.encode(), language)


def keep(cache: Cache, at: Key, body: bytes = b"{}", now: float = 100.0, *headers) -> None:
    recording = cache.record(at)
    recording.begin(200, list(headers or [SHARED]))
    recording.add(body)
    recording.complete(now)
    recording.end()


@pytest.mark.parametrize(
    ("status", "headers", "seconds"),
    [
        (200, [SHARED], 1),
        (200, [(b"cache-control", b"public, max-age=60")], 60),
        (200, [(b"cache-control", b"max-age=60, s-maxage=5")], 5),
        (200, [(b"cache-control", b'public, s-maxage="7"')], 7),
        (200, [(b"cache-control", b"PUBLIC, S-MaxAge=7")], 7),
        (200, [SHARED, (b"vary", b"Accept-Language, Authorization")], 1),
        (200, [SHARED, (b"vary", b"Accept")], None),
        (200, [SHARED, (b"vary", b"*")], None),
        (200, [SHARED, (b"set-cookie", b"a=b")], None),
        (200, [], None),
        (200, [(b"cache-control", b"public")], None),
        (200, [(b"cache-control", b"public, no-cache, s-maxage=9")], None),
        (200, [(b"cache-control", b"private, max-age=9")], None),
        (200, [(b"cache-control", b"no-store, max-age=9")], None),
        (200, [(b"cache-control", b"max-age=60, s-maxage=0")], None),
        (200, [(b"cache-control", b"max-age=-1")], None),
        (200, [(b"cache-control", b"max-age=soon")], None),
        (206, [SHARED], None),
        (304, [SHARED], None),
        (404, [SHARED], None),
        (503, [SHARED], None),
    ],
)
def test_an_answer_is_kept_as_long_as_it_allows_itself(status, headers, seconds):
    found = lifetime(status, headers)

    assert (found and found.seconds) == seconds


async def test_what_is_kept_is_given_until_its_time_is_over():
    cache = Cache(LIMITS)
    keep(cache, key(), b"one", 100.0)

    assert cache.find(key(), 100.9).body == b"one"
    assert cache.find(key(language="en"), 100.9) is None
    assert cache.find(key("/registry/v1/agencies?limit=1"), 100.9) is None
    assert cache.find(key(), 101.0) is None
    assert cache.size == 0


async def test_a_change_ends_what_is_kept_of_its_service_only():
    cache, page = Cache(LIMITS), key("/registry/v1/events?after=0")
    keep(cache, key())
    keep(cache, key("/incubator/v1/bases"))
    keep(cache, page, b"[]", 100.0, (b"cache-control", b"public, max-age=99, immutable"))

    cache.forget("registry")

    assert cache.find(key(), 100.5) is None
    assert cache.find(key("/incubator/v1/bases"), 100.5)
    assert cache.find(page, 100.5), "what never changes is still good"


async def test_an_answer_that_a_change_overtook_is_not_kept():
    cache = Cache(LIMITS)
    recording = cache.record(key())
    recording.begin(200, [SHARED])
    recording.add(b"from before")

    cache.forget("registry")
    recording.complete(100.0)
    recording.end()

    assert cache.find(key(), 100.1) is None


async def test_one_answer_that_is_too_large_is_not_kept():
    cache = Cache(LIMITS)

    keep(cache, key(), b"x" * 2_001)

    assert cache.find(key(), 100.1) is None


async def test_what_was_used_longest_ago_makes_room():
    cache = Cache(LIMITS)
    for count in range(4):
        keep(cache, key(f"/registry/v1/{count}"), b"x" * 1_800)
    assert cache.find(key("/registry/v1/0"), 100.1)

    keep(cache, key("/registry/v1/4"), b"x" * 1_800)

    assert cache.find(key("/registry/v1/1"), 100.1) is None
    assert cache.find(key("/registry/v1/0"), 100.1)
    assert cache.find(key("/registry/v1/4"), 100.1)


async def test_a_smaller_limit_holds_at_once():
    cache = Cache(LIMITS)
    for count in range(4):
        keep(cache, key(f"/registry/v1/{count}"), b"x" * 1_800)

    cache.limit(CacheLimits(most_bytes=3_000, largest_bytes=2_000))

    assert 0 < cache.size <= 3_000


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 2_500), st.booleans(), st.floats(100, 110)),
        max_size=60,
    )
)
async def test_the_memory_is_bounded_whatever_is_kept_and_forgotten(steps):
    cache = Cache(LIMITS)
    for name, size, forget, now in steps:
        at = key(f"/registry/v1/{name}")
        if forget:
            cache.forget("registry")
        else:
            keep(cache, at, b"x" * size, now)
        cache.find(at, now + 0.5)
        assert 0 <= cache.size <= LIMITS.most_bytes
    for name in range(10):
        cache.find(key(f"/registry/v1/{name}"), 1_000.0)
    assert cache.size == 0


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ((b"cache-control", b"no-cache"), True),
        ((b"cache-control", b"No-Store"), True),
        ((b"cache-control", b"max-age=0"), True),
        ((b"cache-control", b"max-age=10"), False),
        ((b"pragma", b"no-cache"), True),
        ((b"range", b"bytes=0-1"), True),
        ((b"accept", b"*/*"), False),
    ],
)
def test_who_wants_the_services_own_answer_gets_it(header, expected):
    assert asks_anew([header]) is expected


@pytest.mark.parametrize(
    ("tags", "expected"),
    [(b'"1"', True), (b'W/"1"', True), (b'"0", "1"', True), (b"*", True), (b'"2"', False)],
)
def test_who_has_it_is_not_sent_it_again(tags, expected):
    assert has_it([(b"if-none-match", tags)], b'"1"') is expected
    assert not has_it([(b"if-none-match", tags)], None)
