"""Money of a language model: how a budget is read, and how amounts are shown."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.costs.money import dollars, in_dollars, read_budget

BUDGETS = [
    ("20 USD", "20"),
    ("$20", "20"),
    ("USD 20", "20"),
    ("20usd", "20"),
    ("20$", "20"),
    ("US$ 20", "20"),
    ("20 US dollars", "20"),
    ("20 dollars a month", "20"),
    ("$20/month", "20"),
    ("20 USD monthly", "20"),
    ("0.01 USD", "0.01"),
    ("0.250 USD", "0.25"),
    ("$1,000.50", "1000.50"),
    ("1.000,50 USD", "1000.50"),
    ("1 000 USD", "1000"),
    ("$2030", "2030"),
    ("\uff15\uff10 USD", "50"),
    ("999999999 USD", "999999999"),
]
NO_BUDGETS = [
    *("20", "0 USD", "0.009 USD", "-5 USD", "$-5", "- $5", "nan USD", "inf USD", "1e20 USD", "1000000000 USD"),
    *("abc", "USD", "$", "-", "20%", "20 kr", "20k USD", "5 cents", "20 bitcoin", "$20 CAD", "20 USD 30 USD"),
    *("80-100 USD", "10 USD + 5 USD", "240 USD a year", "$20 per week", "1,2,3 USD", "2" * 5000 + " USD", "20 pesos"),
]


@pytest.mark.parametrize(("text", "amount"), BUDGETS)
def test_a_budget_is_an_amount_of_dollars(text: str, amount: str) -> None:
    assert read_budget(text) == Decimal(amount)


@pytest.mark.parametrize("text", NO_BUDGETS)
def test_what_is_no_amount_of_dollars_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^set it to an amount of US dollars for a month, from 0\.01 USD on, for ex"):
        read_budget(text)


@pytest.mark.parametrize("text", ["20 EUR", "€20", "£20", "20 euros", "A$20", "¥2000", "CHF 20 a month"])
def test_another_currency_cannot_be_held_to(text: str) -> None:
    with pytest.raises(
        ValueError, match=r"^prices are known in US dollars only, so set it in USD, for example 20 USD$"
    ):
        read_budget(text)


@given(st.text(max_size=40))
def test_any_text_is_a_budget_or_refused(text: str) -> None:
    with suppress(ValueError):
        assert read_budget(text) > 0


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("0", "$0"),
        ("20", "$20"),
        ("12.5", "$12.50"),
        ("1234.567", "$1,234.57"),
        ("3.2144", "$3.214"),
        ("0.0134", "$0.013"),
        ("0.0096", "$0.0096"),
        ("0.00042", "$0.00042"),
        ("0.000000001", "$0.000000001"),
    ],
)
def test_a_tenth_of_a_cent_is_shown(amount: str, shown: str) -> None:
    assert dollars(Decimal(amount)) == shown


@given(st.integers(1, 10**18))
def test_what_is_shown_is_near_and_never_nothing(nanodollars: int) -> None:
    amount = in_dollars(nanodollars)
    shown = Decimal(dollars(amount).replace("$", "").replace(",", ""))
    assert shown > 0
    assert abs(shown - amount) <= amount / 19
