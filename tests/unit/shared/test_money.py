from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.money import (
    LARGEST_FEN,
    Money,
    NotMoney,
    as_percent,
    share,
    share_is_at_least,
    share_is_at_most,
)

amounts = st.integers(-LARGEST_FEN, LARGEST_FEN).map(Money)
positive = st.integers(1, LARGEST_FEN).map(Money)
shares = st.fractions(0, 1, max_denominator=10_000)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0.00", 0),
        ("0.01", 1),
        ("123.45", 12345),
        ("-123.45", -12345),
        ("9999999999999.99", 999_999_999_999_999),
    ],
)
def test_yuan_are_read_to_the_fen(text, fen):
    assert Money.parse(text) == Money(fen)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "1.0",
        "1.000",
        ".50",
        "01.00",
        "1,000.00",
        "+1.00",
        "1e2",
        "1E+999999",
        "NaN",
        "Infinity",
        " 1.00",
        "1.00\n",
        "１.００",
        "¥1.00",
        "٣.٠٠",
        "10000000000000.01",
        "99999999999999.00",
    ],
)
def test_anything_but_plain_yuan_with_two_places_is_refused(text):
    with pytest.raises(NotMoney):
        Money.parse(text)


@pytest.mark.parametrize("fen", [1.0, True, "1", Decimal(1), None])
def test_only_whole_fen_make_money(fen):
    with pytest.raises(TypeError):
        Money(fen)


def test_more_than_any_public_budget_is_refused_also_as_a_sum():
    assert str(Money(LARGEST_FEN)) == "10000000000000.00"
    with pytest.raises(NotMoney):
        Money(LARGEST_FEN) + Money(1)


@given(amounts)
def test_what_is_written_is_read_back(amount):
    if abs(amount.fen) < LARGEST_FEN:
        assert Money.parse(str(amount)) == amount
    assert amount.yuan * 100 == amount.fen


@given(st.lists(st.integers(-(10**9), 10**9).map(Money)))
def test_a_total_is_the_sum_of_its_parts(parts):
    total = Money.total(parts)

    assert total.fen == sum(part.fen for part in parts)
    assert total - total == Money(0)
    assert -total + total == Money(0)


@given(amounts, positive, shares)
def test_shares_are_compared_without_rounding(part, whole, threshold):
    exact = Fraction(part.fen, whole.fen)

    assert share(part, whole) == exact
    assert share_is_at_least(part, whole, threshold) is (exact >= threshold)
    assert share_is_at_most(part, whole, threshold) is (exact <= threshold)


@pytest.mark.parametrize(
    ("personnel", "total", "enough"),
    [
        pytest.param(60_000_00, 100_000_00, True, id="exactly 60 %"),
        pytest.param(59_999_99, 100_000_00, False, id="one fen short"),
        pytest.param(0, 0, False, id="an empty budget proves nothing"),
    ],
)
def test_a_share_is_exact_to_the_fen(personnel, total, enough):
    assert share_is_at_least(Money(personnel), Money(total), Fraction(3, 5)) is enough


def test_of_nothing_only_nothing_may_be_taken():
    assert share_is_at_most(Money(0), Money(0), Fraction(1, 10))
    assert not share_is_at_most(Money(1), Money(0), Fraction(1, 10))
    with pytest.raises(ValueError, match="above zero"):
        share(Money(1), Money(0))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(59_999_99, 100_000_00), "59.99 %"),
        (Fraction(3, 5), "60.00 %"),
        (Fraction(1, 3), "33.33 %"),
        (Fraction(1), "100.00 %"),
        (Fraction(0), "0.00 %"),
    ],
)
def test_a_share_that_falls_short_never_looks_reached(value, text):
    assert as_percent(value) == text


def test_money_is_multiplied_by_whole_numbers_only():
    assert Money(150) * 3 == 3 * Money(150) == Money(450)
    with pytest.raises(TypeError):
        Money(150) * 1.5


def test_money_is_added_to_money_only():
    with pytest.raises(TypeError):
        Money(1) + 1
    with pytest.raises(TypeError):
        Money(1) - 1


@given(positive, shares)
def test_a_portion_and_the_rest_are_the_whole_to_the_fen(whole, part):
    portion = whole.portion(part)

    assert portion + (whole - portion) == whole
    assert Money(0) <= portion <= whole
    assert 0 <= Fraction(whole.fen) * part - portion.fen < 1
    assert (-whole).portion(part) == -portion


@given(st.integers(0, LARGEST_FEN), st.integers(0, LARGEST_FEN))
def test_sixty_per_cent_is_five_parts_against_three(personnel, total):
    reached = share_is_at_least(Money(personnel), Money(total), Fraction(3, 5))

    assert reached is (total > 0 and 5 * personnel >= 3 * total)


@given(st.integers(1, LARGEST_FEN // 5), st.integers(1, 5))
def test_at_the_very_edge_a_fen_decides(fifth, times):
    total, edge = Money(5 * fifth), 3 * fifth

    assert share_is_at_least(Money(edge), total, Fraction(3, 5))
    assert not share_is_at_least(Money(edge - 1), total, Fraction(3, 5))
    assert share_is_at_most(Money(edge), total, Fraction(3, 5))
    assert not share_is_at_most(Money(edge + 1), total, Fraction(3, 5))


@given(st.lists(amounts, max_size=6))
def test_a_sum_is_exact_or_refused_and_never_runs_over(parts):
    exact = sum(part.fen for part in parts)

    if abs(exact) > LARGEST_FEN:
        with pytest.raises(NotMoney):
            Money.total(parts)
    else:
        assert Money.total(parts) == Money(exact)
        assert Money.total(reversed(parts)) == Money(exact)


@given(amounts, amounts)
def test_amounts_are_ordered_as_their_fen(one, other):
    assert (one < other) is (one.fen < other.fen)
    assert (one == other) is (one.fen == other.fen)
    assert type(one.yuan + other.yuan) is Decimal
    assert one.yuan + other.yuan == Decimal(one.fen + other.fen) / 100


@given(st.text(max_size=24) | st.from_regex(r"-?[0-9]{0,15}[.,]?[0-9]{0,3}", fullmatch=True))
def test_whatever_is_read_as_money_is_written_so_again(text):
    try:
        amount = Money.parse(text)
    except NotMoney:
        return
    assert str(amount) == text or (text == "-0.00" and amount == Money(0))


@given(positive, st.floats(allow_nan=False, allow_infinity=False))
def test_no_float_gets_in(amount, number):
    for mix in (lambda: amount + number, lambda: number * amount, lambda: Money(number)):
        with pytest.raises(TypeError):
            mix()


@given(st.integers(0, LARGEST_FEN), positive, st.integers(0, 4))
def test_a_percentage_is_never_told_too_high(part, whole, places):
    exact = Fraction(part, whole.fen)

    told = Fraction(as_percent(exact, places).removesuffix(" %")) / 100

    assert 0 <= exact - told < Fraction(1, 100 * 10**places)
