"""An operation that is on its way out says so, in every answer and in the contract; others do not."""

from datetime import date

import pytest

from shared.http import retiring
from tests.support.service import ServiceUnderTest


async def test_every_answer_says_since_when_until_when_and_what_instead(sample: ServiceUnderTest):
    anybody = sample.anonymous

    for answer in (await anybody.get("/lamps"), await anybody.get("/lamps?limit=none")):
        assert answer.headers["deprecation"] == "@1772323200"  # 2026-03-01T00:00Z, RFC 9745
        assert answer.headers["sunset"] == "Mon, 01 Mar 2027 00:00:00 GMT"  # RFC 8594
        assert '</lights>; rel="successor-version"' in answer.headers["link"]
    assert answer.status_code == 422


async def test_what_stays_says_nothing_of_it(sample: ServiceUnderTest):
    answer = await sample.as_(["registrar"]).post("/lamps", json={})

    assert not {"deprecation", "sunset"} & set(answer.headers)


async def test_pages_still_lead_on(sample: ServiceUnderTest):
    clerk = sample.as_(["registrar"])
    for name in ("一", "二"):
        draft = {"name": name, "oil": 5, "price": "1.00", "ends_on": "2026-03-10"}
        assert (await clerk.post("/lamps", json=draft)).status_code == 201

    answer = await clerk.get("/lamps?limit=1")

    links = ", ".join(answer.headers.get_list("link"))
    assert 'rel="next"' in links
    assert 'rel="successor-version"' in links


async def test_the_contract_says_it_too(sample: ServiceUnderTest):
    paths = (await sample.client.get("/openapi.json")).json()["paths"]

    told = paths["/sample/v1/lamps"]["get"]
    assert told["deprecated"] is True
    assert told["x-deprecated-on"] == "2026-03-01"
    assert told["x-sunset-on"] == "2027-03-01"
    assert told["x-instead"] == "/lights"
    assert "deprecated" not in paths["/sample/v1/lamps"]["post"]


def test_callers_have_half_a_year():
    with pytest.raises(ValueError, match="182 days"):
        retiring(deprecated=date(2026, 3, 1), sunset=date(2026, 8, 1))
    retiring(deprecated=date(2026, 3, 1), sunset=date(2026, 9, 1))
