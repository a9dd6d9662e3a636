"""What the door refuses, on the wire: always a problem document, and no service hears of it."""

import json

import pytest

from tests.support.configuration import every_lane
from tests.support.gateway import written

THINGS = "/registry/v1/things"
GET = b"GET /registry/v1/things HTTP/1.1\r\nHost: localhost\r\n"
POST = b"POST /registry/v1/things HTTP/1.1\r\nHost: localhost\r\n"

NOT_HTTP = {
    "two lengths": POST + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\nhi",
    "two lengths that differ": POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nhi",
    "a list of lengths": POST + b"Content-Length: 2, 2\r\n\r\nhi",
    "a length with a sign": POST + b"Content-Length: +2\r\n\r\nhi",
    "length and chunks": POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks and length": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n",
    "chunks twice": POST
    + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "an unknown coding": POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "a disguised coding": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "an address for a path": b"GET http://localhost/registry/v1/x HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a fragment": b"GET /registry/v1/x#y HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a star": b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "rubbish": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "a bare line end in a header": GET + b"X-A: 1\nX-B: 2\r\n : 3\r\n\r\n",
    "a folded header": GET + b"X-A: 1\r\n 2\r\n\r\n",
    "a space before the colon": GET + b"X-A : 1\r\n\r\n",
    "a NUL in a header": GET + b"X-A: \x00\r\n\r\n",
    "no host": b"GET /registry/v1/things HTTP/1.1\r\n\r\n",
    "two hosts": GET + b"Host: localhost\r\n\r\n",
    "an unknown host": b"GET /registry/v1/things HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "a raw space in the path": b"GET /registry/v1/a b HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "raw UTF-8 in the path": "GET /registry/v1/惠 HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(),
    "an encoded dot": b"GET /registry/v1/%2e%2e/x HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "two slashes": b"GET //registry/v1/x HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "two authorizations": GET + b"Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n",
}


@pytest.mark.parametrize("request_bytes", NOT_HTTP.values(), ids=NOT_HTTP)
async def test_what_can_be_read_two_ways_is_refused(gateway, registry_upstream, request_bytes):
    answer = await gateway.raw(request_bytes)

    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"content-type: application/problem+json" in head
    assert b"x-request-id: " in head
    assert json.loads(body)["type"].endswith("/problems/bad-request")
    assert registry_upstream.asked_for(THINGS) == []


async def test_a_head_that_never_ends_is_refused(gateway):
    answer = await gateway.raw(GET + b"X-Long: " + b"a" * 200_000)

    assert answer.startswith(b"HTTP/1.1 431 ")
    assert b"/problems/head-too-large" in answer


@pytest.mark.parametrize(
    "name",
    [
        "X-Huishe-Roles",
        "x-huishe-client",
        "X-Client-Id",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Prefix",
        "Forwarded",
        "X-Real-Ip",
        "X-Original-Url",
        "X-Rewrite-Url",
        "X-Http-Method-Override",
    ],
)
async def test_nobody_brings_an_identity_along(client, registry_upstream, name):
    answer = await client.get(THINGS, headers={name: "administrator"})

    assert answer.status_code == 400
    assert "administrator" not in answer.text
    assert registry_upstream.asked_for(THINGS) == []


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND"])
async def test_other_methods_are_refused(gateway, method):
    answer = await gateway.raw(
        f"{method} /registry/v1/things HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    )

    assert answer.split(b" ")[1] in (b"400", b"405")
    assert b"application/problem+json" in answer


async def test_a_problem_is_told_in_the_language_asked_for(client):
    chinese = await client.get("/registry/v1//x")
    english = await client.get("/registry/v1//x", headers={"accept-language": "en-GB,zh;q=0.5"})

    assert chinese.json()["title"] == "请求有误"
    assert english.json()["title"] == "Bad request"
    assert (chinese.headers["content-language"], english.headers["content-language"]) == (
        "zh",
        "en",
    )
    request_id = chinese.headers["x-request-id"]
    assert chinese.json()["instance"] == f"urn:huishe:request:{request_id}"


async def test_a_bad_token_is_refused_at_the_door(client, registry_upstream):
    answer = await client.get(THINGS, headers={"authorization": "Bearer a.b.c"})

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["instance"] == THINGS
    assert registry_upstream.asked_for(THINGS) == []


async def test_no_token_is_for_the_service_to_judge(client, registry_upstream):
    assert (await client.get(THINGS)).status_code == 200
    assert len(registry_upstream.asked_for(THINGS)) == 1


class TestSizes:
    @pytest.fixture
    def settings(self):
        small, larger = {"body_bytes": 10_000}, {"body_bytes": 50_000}
        lanes = {"read": small, "write": small, "bids": larger}
        return {"configuration": {"lanes": lanes}}

    async def test_a_body_that_says_it_is_too_large_is_not_read(self, client, registry_upstream):
        answer = await client.post(THINGS, content=b"x" * 10_001)

        assert answer.status_code == 413
        assert answer.headers["connection"] == "close"
        assert registry_upstream.asked_for(THINGS) == []

    async def test_a_body_that_grows_too_large_is_cut_off(self, client, registry_upstream):
        async def pieces():
            for _ in range(20):
                yield b"x" * 1000

        answer = await client.post(THINGS, content=pieces())

        assert answer.status_code == 413
        assert registry_upstream.asked_for(THINGS) == []

    async def test_the_limit_itself_is_let_through(self, client):
        assert (await client.post(THINGS, content=b"x" * 10_000)).status_code == 200

    async def test_parts_of_bids_may_be_larger(self, client, procurement_upstream):
        part = "/procurement/v1/bids/1/parts/1"

        assert (await client.put(part, content=b"x" * 50_000)).status_code == 200
        assert (await client.put(part, content=b"x" * 50_001)).status_code == 413

    async def test_the_gateways_own_endpoints_have_the_limits_too(self, client):
        answer = await client.post("/oauth/token", content=b"x" * 17_000)

        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"


class TestRates:
    @pytest.fixture
    def settings(self):
        # Slow enough that nothing is earned back while the test runs.
        slow = every_lane(rate=0.01)
        return {"configuration": {"lanes": slow, "callers": {"burst_seconds": 200}}}

    async def test_a_caller_who_asks_too_often_is_told_when_to_come_back(self, gateway, client):
        bearer = gateway.bearer("purchaser")

        first = await client.post(THINGS, headers=bearer)
        await client.post(THINGS, headers=bearer)
        third = await client.post(THINGS, headers=bearer)

        assert first.headers["ratelimit-policy"] == '"write";q=2;w=200'
        assert first.headers["ratelimit"].startswith('"write";r=1;')
        assert third.status_code == 429
        assert int(third.headers["retry-after"]) > 50
        assert third.headers.get_list("ratelimit") == [
            f'"write";r=0;t={third.headers["retry-after"]}'
        ]

    async def test_each_class_and_each_client_has_its_own(self, gateway, client):
        one, other = gateway.bearer("purchaser"), gateway.bearer("purchaser", client_id="other")
        for _ in range(3):
            await client.post(THINGS, headers=one)

        assert (await client.get(THINGS, headers=one)).status_code == 200
        assert (await client.post(THINGS, headers=other)).status_code == 200

    async def test_bids_have_a_lane_that_nothing_else_fills(self, gateway, client):
        bearer = gateway.bearer("agency")
        for _ in range(3):
            await client.post("/procurement/v1/tenders", headers=bearer)

        assert (await client.post("/procurement/v1/bids", headers=bearer)).status_code == 200
        assert (
            await client.post("/procurement/v1/bids/1/commit", headers=bearer)
        ).status_code == 200
        assert (
            await client.post("/procurement/v1/bids/1/commit", headers=bearer)
        ).status_code == 429


async def test_bids_leave_no_trace_in_log_and_counters(gateway, client, procurement_upstream):
    async def refused(_, writer, asked):
        writer.write(written(503, b"{}"))

    procurement_upstream.answers["/procurement/v1/bids/1/commit"] = refused
    noted = []
    gateway.gateway.door.access_log.note = noted.append
    bearer = gateway.bearer("agency", client_id="bidder-7")
    figures = gateway.gateway.runtime.figures

    def told():
        lines = figures.exposition().decode().splitlines()
        return [line for line in lines if line.startswith("huishe_gateway")]

    before = told()
    await client.post("/procurement/v1/bids", headers=bearer)
    await client.put("/procurement/v1/bids/1/parts/1", headers=bearer, content=b"x")
    await client.post("/procurement/v1/bids/1/commit", headers=bearer)

    assert told() == before
    assert noted == []
    for _ in range(20):
        await client.post("/procurement/v1/bids/1/commit", headers=bearer)
    assert "huishe_gateway_bids_lane_well 0.0" in told()
    await client.get("/procurement/v1/tenders", headers=bearer)
    assert [line[4] for line in noted] == ["/procurement/v1/tenders"]


async def test_the_log_holds_neither_query_nor_token_nor_address(gateway, client):
    noted = []
    gateway.gateway.door.access_log.note = noted.append

    await client.get(f"{THINGS}?name=secret", headers=gateway.bearer("registrar"))
    await client.get(f"{THINGS}?name=secret")

    assert noted[0][2] == "tester"
    assert "127.0.0.1" not in str(noted)
    assert "secret" not in str(noted)
    assert "Bearer" not in str(noted)
