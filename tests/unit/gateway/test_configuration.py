"""What a configuration may say, and what is said about one that says something else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.configuration import (
    DEFAULT,
    Configuration,
    ConfigurationRefused,
    audit,
    covers,
    expression,
    parsed,
    read,
)
from tests.support.configuration import changed, toml


def configuration(**tables) -> Configuration:
    return parsed(toml(changed(**tables)).encode())


def routes(*more: dict) -> list[dict]:
    return [*changed()["routes"], *more]


def told(found) -> set[tuple[str, bool]]:
    return {(one.where, one.grave) for one in found}


def test_the_usual_one_is_in_order_and_known_by_its_bytes():
    usual = read(DEFAULT)

    assert audit(usual) == []
    assert usual.digest == parsed(DEFAULT.read_bytes()).digest
    assert usual.digest != parsed(DEFAULT.read_bytes() + b"\n# another word\n").digest


@pytest.mark.parametrize(
    ("tables", "where"),
    [
        ({"lanes": {"read": {"rate": 0}}}, "lanes.read.rate"),
        ({"lanes": {"read": {"rate": "200"}}}, "lanes.read.rate"),
        ({"lanes": {"read": {"body_bytes": 1.5}}}, "lanes.read.body_bytes"),
        ({"lanes": {"read": {"share": 1.01}}}, "lanes.read.share"),
        ({"lanes": {"read": {"total_seconds": 1e9}}}, "lanes.read.total_seconds"),
        ({"lanes": {"read": {"discreet": "no"}}}, "lanes.read.discreet"),
        ({"lanes": {"Read": changed()["lanes"]["read"]}}, "lanes.Read.[key]"),
        ({"callers": {"anonymous_share": 0}}, "callers.anonymous_share"),
        ({"callers": {"burst_second": 4}}, "callers.burst_second"),
        ({"cache": {"most_bytes": -1}}, "cache.most_bytes"),
        ({"surprise": {}}, "surprise"),
        ({"upstreams": {"registry": []}}, "upstreams"),
        ({"upstreams": {"nobody": ["http://127.0.0.1:1"]}}, "upstreams"),
        ({"upstreams": {"registry": ["https://a.example"]}}, "upstreams"),
    ],
)
def test_a_member_that_is_not_in_order_is_refused_by_its_name(tables, where):
    with pytest.raises(ConfigurationRefused) as refusal:
        configuration(**tables)

    assert where in {found.where for found in refusal.value.findings}


@pytest.mark.parametrize("content", [b"\xff", b"lanes = [", b"", b"[lanes]\n[lanes]\n", b"a" * 99])
def test_what_is_no_configuration_is_refused(content):
    with pytest.raises(ConfigurationRefused):
        parsed(content)


def test_a_missing_and_a_huge_file_are_refused(tmp_path):
    huge = tmp_path / "huge.toml"
    huge.write_bytes(b"# " + b"x" * 1024 * 1024)

    for file in (tmp_path / "none.toml", huge):
        with pytest.raises(ConfigurationRefused) as refusal:
            read(file)
        assert [found.where for found in refusal.value.findings] == ["file"]


@pytest.mark.parametrize(
    ("tables", "found"),
    [
        pytest.param(
            {"lanes": {"bids": {"discreet": False}}},
            {("lanes.bids.discreet", True)},
            id="a log that tells who bids",
        ),
        pytest.param(
            {"lanes": {"bids": {"share": 0.8}}},
            {("lanes.bids.share", True)},
            id="bids turned away before others",
        ),
        pytest.param(
            {"routes": [{**changed()["routes"][0], "cache": True}, *changed()["routes"][1:]]},
            {("routes.0.cache", True)},
            id="bids in the cache",
        ),
        pytest.param(
            {"routes": changed()["routes"][1:]},
            {
                ("lanes.read.discreet", True),
                ("lanes.write.discreet", True),
                ("lanes.bids", False),
            },
            id="bids without their lane",
        ),
        pytest.param(
            {"own": {"tokens": "nothing"}},
            {("own.tokens", True), ("lanes.token", False)},
            id="a lane that is not there",
        ),
        pytest.param(
            {
                "routes": routes(
                    {
                        "service": "registry",
                        "paths": ["/registry/v1/agencies"],
                        "reads": "read",
                        "writes": "write",
                    }
                )
            },
            {("routes.5.paths", True)},
            id="a route that is never reached",
        ),
        pytest.param(
            {
                "routes": routes(
                    {
                        "service": "registry",
                        "paths": ["/incubator/v1/bases"],
                        "reads": "read",
                        "writes": "write",
                    }
                )
            },
            {("routes.5.paths", True)},
            id="another service's path",
        ),
        pytest.param(
            {
                "routes": [
                    {
                        "service": "registry",
                        "paths": ["/registry/v1/a*", "/registry/v1/**/b"],
                        "reads": "read",
                        "writes": "write",
                    },
                    *routes(),
                ]
            },
            {("routes.0.paths", True)},
            id="a star that is no segment",
        ),
        pytest.param(
            {"lanes": {"write": {"rate": 0.1}}},
            {("lanes.write.rate", False)},
            id="nobody could write",
        ),
        pytest.param(
            {"lanes": {"bids": {"total_seconds": 30.0}}},
            {("lanes.bids.total_seconds", False)},
            id="little time to upload",
        ),
        pytest.param(
            {"cache": {"most_bytes": 1000}}, {("cache.most_bytes", False)}, id="a cache too small"
        ),
        pytest.param(
            {"upstreams": {"registry": ["http://127.0.0.1:1"]}},
            {(f"routes.{place}.service", True) for place in (0, 2, 3, 4)},
            id="services without an address",
        ),
    ],
)
def test_what_makes_no_sense_is_told_with_its_place_and_reason(tables, found):
    assert told(audit(configuration(**tables))) == found


def test_addresses_are_named_in_one_place():
    services = {route["service"]: ["http://127.0.0.1:1"] for route in routes()}

    given_twice = audit(configuration(upstreams=services), addresses_given=True)

    assert told(given_twice) == {("upstreams", True)}
    assert audit(configuration(upstreams=services)) == []


STEPS = st.sampled_from(["a", "b", "*"])
PATTERNS = st.builds(
    lambda steps, open_end: "/s/v1/" + "/".join([*steps, *(["**"] if open_end else [])]),
    st.lists(STEPS, min_size=1, max_size=3),
    st.booleans(),
)
PATHS = st.builds(
    lambda steps: "/s/v1/" + "/".join(steps), st.lists(st.sampled_from("abc"), max_size=4)
)


@given(one=PATTERNS, other=PATTERNS, path=PATHS)
def test_a_pattern_that_covers_another_has_all_its_paths(one, other, path):
    if covers(one, other) and expression(other).fullmatch(path):
        assert expression(one).fullmatch(path)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("/s/v1/**", "/s/v1/a", True),
        ("/s/v1/**", "/s/v1/**", True),
        ("/s/v1/a/**", "/s/v1/**", False),
        ("/s/v1/a/**", "/s/v1/a", False),
        ("/s/v1/*", "/s/v1/a", True),
        ("/s/v1/a", "/s/v1/*", False),
        ("/s/v1/*/b", "/s/v1/a/b", True),
        ("/s/v1/a", "/s/v1/a/b", False),
    ],
)
def test_which_pattern_covers_which(one, other, expected):
    assert covers(one, other) is expected
