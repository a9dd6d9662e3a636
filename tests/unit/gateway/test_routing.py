"""Which prefix goes where, and in which lane."""

import pytest

from gateway.configuration import DEFAULT, read
from gateway.routing import Routes
from gateway.settings import SERVICES

ROUTES = Routes(read(DEFAULT), SERVICES)


@pytest.mark.parametrize(
    ("method", "path", "service", "lane"),
    [
        ("GET", "/registry/v1/agencies", "registry", "read"),
        ("HEAD", "/registry/v1/agencies", "registry", "read"),
        ("POST", "/registry/v1/applications", "registry", "write"),
        ("DELETE", "/incubator/v1/x/y", "incubator", "write"),
        ("POST", "/procurement/v1/tenders", "procurement", "write"),
        ("POST", "/procurement/v1/bids", "procurement", "bids"),
        ("GET", "/procurement/v1/bids/1", "procurement", "bids"),
        ("PUT", "/procurement/v1/bids/1/parts/2", "procurement", "bids"),
        ("POST", "/procurement/v1/bids/1/commit", "procurement", "bids"),
        ("GET", "/procurement/v1/bidsx", "procurement", "read"),
        ("POST", "/procurement/v1/openings/1/root-releases", "procurement", "bids"),
        ("GET", "/procurement/v1/openings/1/proofs/ab", "procurement", "bids"),
        ("GET", "/procurement/v1/openings/1/bids", "procurement", "read"),
        ("POST", "/procurement/v1/openings/1/releases", "procurement", "write"),
        ("POST", "/oauth/token", None, "token"),
        ("GET", "/oauth/jwks.json", None, "read"),
        ("GET", "/registry/v1", None, "read"),
        ("GET", "/registry/v2/agencies", None, "read"),
        ("GET", "/unknown/v1/agencies", None, "read"),
        ("GET", "/x/registry/v1/agencies", None, "read"),
        ("GET", "/registry/health/ready", None, "read"),
        ("GET", "/v1/", None, "read"),
        ("GET", "/", None, "read"),
    ],
)
def test_a_request_finds_its_service_and_lane(method, path, service, lane):
    way = ROUTES.find(method, path)

    assert (way.service, way.lane.name) == (service, lane)


def test_only_bids_are_discreet():
    assert [lane.name for lane in ROUTES.lanes if lane.discreet] == ["bids"]
