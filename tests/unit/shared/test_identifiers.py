from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import NotWellFormed
from shared.identifiers import (
    PRIVATE_NON_ENTERPRISE,
    CreditCode,
    ResidentId,
    credit_check,
    new_id,
    organisation_check,
    resident_check,
)
from tests.support.credit_codes import make_credit_code

CODE = "52410108MJ0000018R"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
TODAY = date(2026, 11, 22)


def with_checks(first_eight, body="MJ000001"):
    seventeen = first_eight + body + organisation_check(body)
    return seventeen + credit_check(seventeen)


def resident(division="410108", born="19900101", sequence="123"):
    seventeen = division + born + sequence
    return seventeen + resident_check(seventeen)


# --- credit codes ---


def test_a_credit_code_tells_who_registered_what_and_where():
    code = CreditCode.parse(CODE)

    assert code == CODE
    assert code.kind == PRIVATE_NON_ENTERPRISE
    assert code.division == "410108"
    assert code.organisation == "MJ0000018"


@pytest.mark.parametrize(
    "written",
    ["52410108mj0000018r", " 52410108 MJ000001 8R\n", "５２４１０１０８ＭＪ０００００１８Ｒ"],
)
def test_every_way_of_writing_a_code_is_stored_as_one(written):
    assert CreditCode.parse(written) == CODE


@pytest.mark.parametrize("prefix", ["N2410108", "Y1410108", "91410108", "12410108", "54410108"])
def test_lawful_codes_of_other_departments_are_accepted(prefix):
    assert CreditCode.parse(with_checks(prefix)).kind == prefix[:2]


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ("", "18 digits"),
        (CODE[:17], "18 digits"),
        (CODE + "0", "18 digits"),
        ("52410108MI0000018R", "18 digits"),
        ("52410108MJ0000018\x00", "18 digits"),
        ("5" * 10_000, "far longer"),
        (with_checks("5241A108"), "division"),
        (with_checks("58410108"), "no such kind"),
        ("52410108MJ000001XR", "GB 11714"),
        ("52410108MJ0000018T", "GB 32100"),
    ],
)
def test_a_wrong_code_is_refused_by_the_rule_it_breaks(wrong, rule):
    with pytest.raises(NotWellFormed, match=rule) as refusal:
        CreditCode.parse(wrong)

    assert not wrong or wrong not in str(refusal.value)


@given(st.integers(0, 999_999), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(serial, place, other):
    code = make_credit_code("52410108", serial)
    changed = code[:place] + other + code[place + 1 :]
    if changed == code:
        assert CreditCode.parse(changed) == code
        return

    with pytest.raises(NotWellFormed):
        CreditCode.parse(changed)


@given(st.text(max_size=80))
def test_no_text_makes_the_check_of_a_code_stumble(text):
    with suppress(NotWellFormed):
        assert CreditCode.parse(CreditCode.parse(text)) == CreditCode.parse(text)


# --- resident ids ---


@pytest.mark.parametrize("division", ["410108", "654399", "710000", "810000", "820000", "830000"])
def test_residents_and_permit_holders_of_every_province_are_accepted(division):
    assert ResidentId.parse(resident(division), on=TODAY).division == division


def test_a_resident_id_tells_birth_and_keeps_its_century():
    then = ResidentId.parse(resident(born="18991231", sequence="124"), on=TODAY)
    now = ResidentId.parse(resident(born="19991231", sequence="123"), on=TODAY)

    assert then.born == date(1899, 12, 31)
    assert now.born == date(1999, 12, 31)


@pytest.mark.parametrize(
    ("day", "age"), [(date(2026, 2, 28), 21), (date(2026, 3, 1), 22), (date(2004, 2, 29), 0)]
)
def test_age_is_counted_in_full_years(day, age):
    born_on_a_leap_day = ResidentId.parse(resident(born="20040229"), on=TODAY)

    assert born_on_a_leap_day.age_on(day) == age


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ("410108900101123", "17 digits"),
        (resident()[:17] + "Y", "17 digits"),
        (resident("160108"), "province"),
        (resident("910108"), "province"),
        (resident(born="19900230"), "day of birth, YYYYMMDD"),
        (resident(born="20261123"), "future"),
        (resident()[:17] + ("0" if resident()[17] != "0" else "1"), "GB 11643"),
        ("٤١٠١٠٨١٩٩٠٠١٠١١٢٣٠", "17 digits"),
    ],
)
def test_a_wrong_resident_id_is_refused_by_the_rule_it_breaks(wrong, rule):
    with pytest.raises(NotWellFormed, match=rule):
        ResidentId.parse(wrong, on=TODAY)


def test_somebody_born_today_has_a_number():
    assert ResidentId.parse(resident(born="20261122"), on=TODAY).born == TODAY


def test_a_lower_case_check_is_stored_in_capitals():
    ending_in_x = next(
        number for n in range(200) if (number := resident(sequence=f"{n:03d}")).endswith("X")
    )

    assert ResidentId.parse(ending_in_x.lower(), on=TODAY).number == ending_in_x


def test_a_resident_id_never_prints_its_number():
    person = ResidentId.parse(resident(), on=TODAY)

    shown = f"{person} {person!r} {person.masked}"

    assert person.number not in shown
    assert person.number[6:14] not in shown
    assert len(person.masked) == 18


@given(st.text(max_size=80))
def test_no_text_makes_the_check_of_a_resident_id_stumble(text):
    with suppress(NotWellFormed):
        ResidentId.parse(text, on=TODAY)


# --- record ids ---


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
instants = st.timedeltas(timedelta(0), timedelta(days=365_000)).map(lambda since: EPOCH + since)


@given(instants)
def test_a_record_id_is_a_version_7_uuid_of_its_instant(now):
    made = new_id(now)

    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == (now - EPOCH) // timedelta(milliseconds=1)


@given(instants, st.integers(1, 5_000))
def test_ids_sort_by_the_microsecond(now, later):
    assert new_id(now) < new_id(now + timedelta(microseconds=later))


def test_ids_of_one_instant_differ():
    now = datetime(2026, 11, 22, tzinfo=UTC)

    assert len({new_id(now) for _ in range(1000)}) == 1000


def test_an_instant_without_an_offset_makes_no_id():
    with pytest.raises(ValueError, match="offset"):
        new_id(datetime(2026, 11, 22))  # noqa: DTZ001
