from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.core.errors import InvalidMoney
from redway.core.money import NOTHING, Money, total

amounts = st.integers(-(10**12), 10**12).map(Money)


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("£45,421", 4542100),
        ("48,420.50", 4842050),
        ("-£1,234.56", -123456),
        ("£-1,234.56", -123456),
        ("−£5", -500),
        ("(1,234.56)", -123456),
        ("1,234.56-", -123456),
        (" £ 7.5 ", 750),
        ("0", 0),
    ],
)
def test_amounts_are_read_as_people_and_files_write_them(text: str, pence: int) -> None:
    assert Money.parse(text) == Money(pence)


@pytest.mark.parametrize(
    "text", ["", "£", "1.234", "1,23", "12,3456", "£1.2m", "SUPP", "1e3", "--5", "(-5)", "nan"]
)
def test_anything_else_is_refused_rather_than_guessed(text: str) -> None:
    with pytest.raises(InvalidMoney):
        Money.parse(text)


def test_half_a_penny_rounds_away_from_zero() -> None:
    # York, January 2008: £10.41 x 13 / 2 = £67.665, paid as £67.67.
    assert Money.of(Decimal("10.41") * 13 / 2) == Money.parse("£67.67")
    assert Money.of(Decimal("-67.665")) == Money.parse("-£67.67")


@pytest.mark.parametrize("factor", [0.1, 1.0, True])
def test_floats_are_refused(factor: float) -> None:
    with pytest.raises(TypeError):
        Money.parse("£10").times(factor)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Money.of(factor)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Money(factor)  # type: ignore[arg-type]


def test_money_does_not_mix_with_bare_numbers() -> None:
    with pytest.raises(TypeError):
        Money(100) + 1  # type: ignore[operator]


def test_no_money_is_an_amount_not_an_absence() -> None:
    assert bool(NOTHING)


def test_what_is_not_finite_is_no_money() -> None:
    with pytest.raises(InvalidMoney):
        Money.of(Decimal("NaN"))


@given(amounts)
def test_what_is_printed_reads_back(amount: Money) -> None:
    assert Money.parse(str(amount)) == amount


@given(st.lists(amounts))
def test_rounded_lines_add_up_exactly(lines: list[Money]) -> None:
    assert total(lines).pence == sum(line.pence for line in lines)
    assert total(lines).pounds == sum((line.pounds for line in lines), Decimal(0))


@given(amounts, amounts)
def test_taking_away_undoes_adding(one: Money, other: Money) -> None:
    assert one + other - other == one
    assert (one < other) == (one.pounds < other.pounds)


@given(st.decimals(-(10**9), 10**9, places=5))
def test_rounding_moves_by_half_a_penny_at_most_and_is_even_handed(pounds: Decimal) -> None:
    assert abs(Money.of(pounds).pounds - pounds) <= Decimal("0.005")
    assert Money.of(-pounds) == -Money.of(pounds)
