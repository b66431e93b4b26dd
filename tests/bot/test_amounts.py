"""Amounts: what people say about spending, read and estimated."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intents.amounts.estimates import Estimate, Period, Spend, estimate, formula, money
from bot.intents.amounts.spending import read_spend

MAXIMUM = Decimal("0.30")
CENT = Decimal("0.01")


@pytest.mark.parametrize(
    ("words", "amount"),
    [
        # Scales
        ("50k", "50000"),
        ("50K", "50000"),
        ("50 k", "50000"),
        ("80 grand", "80000"),
        ("80 thou", "80000"),
        ("1.2m", "1200000"),
        ("2 mil", "2000000"),
        ("1.5 million", "1500000"),
        ("1.250 million", "1250000"),
        ("1,250 million", "1250000000"),
        ("5 hundred thousand", "500000"),
        ("2bn", "2000000000"),
        ("12 lakh", "1200000"),
        ("1.5 crore", "15000000"),
        ("1.5e3", "1500"),
        ("80e3", "80000"),
        # Number words
        ("half a million", "500000"),
        ("a quarter of a million", "250000"),
        ("three quarters of a million", "750000"),
        ("a hundred thousand", "100000"),
        ("two and a half million", "2500000"),
        ("2 and a half million", "2500000"),
        ("one point two million", "1200000"),
        ("eighty grand", "80000"),
        ("EIGHTY thousand", "80000"),
        ("fifty k", "50000"),
        ("a hundred and fifty thousand", "150000"),
        ("a million", "1000000"),
        ("½ million", "500000"),
        ("2½ million", "2500000"),
        # Separators
        ("1.000,50", "1000.50"),
        ("1,000.50", "1000.50"),
        ("1.000", "1000"),
        ("1,000", "1000"),
        ("€1.000", "1000"),
        ("12.000,50 EUR", "12000.50"),
        ("1.250.000 €", "1250000"),
        ("1 000 000 €", "1000000"),
        ("1\N{NO-BREAK SPACE}000\N{NARROW NO-BREAK SPACE}000 €", "1000000"),
        ("18 000,50 euro", "18000.50"),
        ("1,5", "1.5"),
        ("1.5k", "1500"),
        ("1,5k", "1500"),
        ("99.50", "99.50"),
        ("0.150 USD", "0.150"),
        ("1234.567 USD", "1234.567"),
        (".5m", "500000"),
        ("₹12,00,000", "1200000"),
        ("₹1,12,00,000.50", "11200000.50"),
        ("CHF 20'000", "20000"),
        ("CHF 20\N{RIGHT SINGLE QUOTATION MARK}000.50", "20000.50"),
        ("80000", "80000"),
        ("+80000", "80000"),
        ("999999999999999", "999999999999999"),
        # Other scripts: Arabic, full width, Devanagari
        ("\u0668\u0660\u0660\u0660\u0660", "80000"),
        ("\u0668\u0660\u066c\u0660\u0660\u0660\u066b\u0665", "80000.5"),
        ("\N{FULLWIDTH DIGIT EIGHT}\N{FULLWIDTH DIGIT ZERO}k", "80000"),
        ("८०००० INR", "80000"),
        # In sentences
        ("we spend 5000", "5000"),
        ("our spending is 5000, what could we save", "5000"),
        ("our budget: 5000", "5000"),
        ("the bill is about 5000 for AI", "5000"),
        ("AI costs us 5000", "5000"),
        ("we pay 5000", "5000"),
        ("we burn through 5000 there", "5000"),
        ("on 5000 what would we save", "5000"),
        ("a spend of 5000", "5000"),
        ("with 5000", "5000"),
        ("what if we 5000", "5000"),
        ("savings 5000", "5000"),
        ("estimate 5000", "5000"),
        ("savings estimate at 5000", "5000"),
        ("show it for 5000 a month", "5000"),
        ("what about 80000?", "80000"),
        ("80000, thanks", "80000"),
        ("for our 3 teams we spend 80k", "80000"),
        ("we have 3m users and a bill of 80k", "80000"),
        ("in 2025 we spent 80k", "80000"),
        ("the top 3 teams spend 40000 a month", "40000"),
        ("30% of 80k", "80000"),
        ("spend - 80k a month", "80000"),
        ("80k-100k a month", "80000"),
        ("80-100k a month", "80000"),
        ("CHF 0.50", "0.50"),
    ],
)
def test_an_amount_is_read(words: str, amount: str) -> None:
    spend = read_spend(words)
    assert (str(spend.amount), spend.problem) == (amount, None)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "how much could we save?",
        "savings slider",
        "30%",
        "15 percent of it",
        "the 5 benefits",
        "what are the 5 benefits?",
        "tell our 3 teams",
        "the 60-second summary",
        "a 60-second clip",
        "top 3",
        "show the top 3 savings",
        "benefit 3 of 5",
        "how did we save in 2025?",
        "what is our budget for 2025?",
        "savings for 3 years",
        "10k users",
        "a 70b model",
        "200 million tokens",
        "7 million tokens at 0.15",
        "run it on H100 cards",
        "support is 24/7",
        "the 5th benefit",
        "on 2025-01-15",
        "at 10:30",
        "1.23.4",
        "1,2,3",
        "one of these",
        "5万",
        "no one knows",
    ],
)
def test_other_numbers_are_no_amount(words: str) -> None:
    spend = read_spend(words)
    assert (spend.amount, spend.problem) == (None, None)


@pytest.mark.parametrize(
    ("words", "period"),
    [
        *[
            (f"80k{end}", "month")
            for end in ("/month", "/mo", " p/m", " pcm", " p.m.", " pm", " a month", " per month")
        ],
        *[(f"80k {end}", "month") for end in ("each month", "every month", "monthly", "per calendar month", "month")],
        *[(f"80k{end}", "year") for end in ("/year", "/yr", " p.a.", " pa", " a year", " per year", " per annum")],
        *[(f"80k {end}", "year") for end in ("yearly", "annually", "every year", "annual AI spend", "p/a", "year")],
        *[(f"80k {end}", None) for end in ("", "an hour", "on AI")],
        *[(f"80k {end}", "week") for end in ("a week", "weekly", "/wk")],
        *[(f"80k {end}", "quarter") for end in ("a quarter", "quarterly", "per qtr")],
        *[(f"80k {end}", "half year") for end in ("per half year", "half-yearly", "every six months")],
        ("80k per day", "day"),
        ("£80k/month", "month"),
        ("80k euros a month", "month"),
        ("80k a month in euros", "month"),
        ("each month 18 000 euro", "month"),
        ("yearly cloud+AI costs are 1.250.000 €", "year"),
        ("our weekly spend is 5k", "week"),
        ("what would we save a year on 80k a month", "year"),
        ("80k on a yearly basis", "year"),
        ("spend 80000, period month", "month"),
        ("5000/month", "month"),
        ("80000 month EUR 0.15", "month"),
    ],
)
def test_the_period(words: str, period: Period | None) -> None:
    assert read_spend(words).period == period


@pytest.mark.parametrize(
    ("words", "currency"),
    [
        ("$80k", "USD"),
        ("80k$", "USD"),
        ("80k dollars", "USD"),
        ("80k bucks", "USD"),
        ("us$ 50", "USD"),
        ("US$50", "USD"),
        ("USD 50", "USD"),
        ("50 us dollars", "USD"),
        ("£80k", "GBP"),
        ("600 quid", "GBP"),
        ("80k pounds", "GBP"),
        ("€80k", "EUR"),
        ("80k€", "EUR"),
        ("80kEUR", "EUR"),
        ("EUR80k", "EUR"),
        ("80k euro", "EUR"),
        ("80k euros", "EUR"),
        ("80k a month in euros", "EUR"),
        ("in EUR we spend about 80k", "EUR"),
        ("₹80k", "INR"),
        ("80k rupees", "INR"),
        ("Rs. 80k", "INR"),
        ("Rs.80000", "INR"),
        ("¥80k", "JPY"),
        ("\N{FULLWIDTH YEN SIGN}80k", "JPY"),
        ("2 million yen", "JPY"),
        ("CHF 80k", "CHF"),
        ("80k francs", "CHF"),
        ("80k swiss francs", "CHF"),
        ("R$ 80k", "BRL"),
        ("A$80k", "AUD"),
        ("AUD 80k", "AUD"),
        ("80k australian dollars", "AUD"),
        ("C$80k", "CAD"),
        ("CAD 80k", "CAD"),
        ("80k zł", "PLN"),
        ("zloty 30 000", "PLN"),
        ("₩80k", "KRW"),
        ("80k sek", "SEK"),
        ("SEK 1.5m", "SEK"),
        ("80k swedish kronor", "SEK"),
        ("80k Sek a month", "SEK"),
        ("500 TRY", "TRY"),
        ("we pay 80k TRY a month", "TRY"),
        ("80000 month EUR 15%", "EUR"),
        ("400,000 kr", None),
        ("80k kroner", None),
        ("80k crowns", None),
        ("80k", None),
        ("80k all in", None),
        ("try 80k", None),
        ("Try 80k a month", None),
        ("top 80k", None),
        ("TRY 80K A MONTH", None),
        ("80K ALL IN", None),
        ("80k on AMD chips", None),
        ("80k in total", None),
    ],
)
def test_the_currency(words: str, currency: str | None) -> None:
    spend = read_spend(words)
    assert spend.amount is not None
    assert spend.currency == currency


@pytest.mark.parametrize(
    ("words", "rate"),
    [
        ("80k at 15%", "0.15"),
        ("80k at 15 %", "0.15"),
        ("80k at 12.5%", "0.125"),
        ("80k at 12,5%", "0.125"),
        ("80k at 12.500%", "0.125"),
        ("15 percent of 80k", "0.15"),
        ("15 per cent of 80k", "0.15"),
        ("fifteen percent of 80k", "0.15"),
        ("fifteen per cent of eighty thousand", "0.15"),
        ("80k at a rate of 0.15", "0.15"),
        ("80k at 0.15", "0.15"),
        ("80k, rate 0.15", "0.15"),
        ("80k, rate: 15", "0.15"),
        ("80k, rate 5%", "0.05"),
        ("80k at 45%", "0.45"),
        ("80k at 100%", "1"),
        ("80k at 0%", "0"),
        ("80k at \u0661\u0665\u066a", "0.15"),
        ("80000 month EUR 0.15", "0.15"),
        ("80000 year GBP 0.3", "0.3"),
        ("80000 month 0.15", "0.15"),
        ("80000 EUR 0.15", "0.15"),
        ("80000 0.15", "0.15"),
        ("80000 month EUR 0", "0"),
        ("80000 month EUR 15%", "0.15"),
        ("80k", None),
        ("a burn rate of 80k", None),
        ("at 80000", None),
    ],
)
def test_the_rate(words: str, rate: str | None) -> None:
    spend = read_spend(words)
    assert (spend.rate, spend.problem) == (None if rate is None else Decimal(rate), None)
    assert spend.amount == 80000


def test_a_rate_alone_has_no_amount() -> None:
    assert read_spend("30%") == Spend(rate=MAXIMUM)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        *[(words, "A spend of 0") for words in ("0", "$0", "0 a month", "we spend 0", "0k", "0.00 EUR")],
        *[(words, "A spend below 0") for words in ("-5", "-80k", "$-5", "-$5", "EUR -5", "\N{MINUS SIGN}80k a month")],
        *[
            (words, "A spend below 0")
            for words in ("minus eighty thousand", "minus 5 euros", "we spend -80", "-5 yearly")
        ],
        *[(words, "not a number") for words in ("NaN", "nan", "we spend NaN", "NaN month EUR 0.15")],
        *[
            (words, "too large")
            for words in ("1e15", "1e400", "1e99999999999", "∞", "inf", "Infinity", "$1e16", "inf a year")
        ],
        *[(words, "too large") for words in ("1000000000000000", "9" * 2000, "1000 trillion", "we spend ∞ a month")],
    ],
)
def test_an_amount_that_cannot_be_used(words: str, said: str) -> None:
    spend = read_spend(words)
    assert spend.amount is None
    assert said in (spend.problem or "")
    assert "for example 80k a month." in (spend.problem or "")


@pytest.mark.parametrize(
    "words", ["80k at 150%", "80k at 100.5%", "80k at -5%", "80k, rate -0.1", "80k at inf%", "80000 month EUR -0.15"]
)
def test_a_rate_that_cannot_be_used(words: str) -> None:
    spend = read_spend(words)
    assert (spend.amount, spend.rate) == (Decimal(80000), None)
    assert "between 0% and 100%" in (spend.problem or "")


@pytest.mark.parametrize(
    ("amount", "rate", "used", "saving", "capped"),
    [
        ("50000", None, None, "15000.00", False),
        ("80000", "0.15", "0.15", "12000.00", False),
        ("80000", "0.30", "0.30", "24000.00", False),
        ("10000", "0.50", None, "3000.00", True),
        ("99.50", None, None, "29.85", False),
        ("0.05", None, None, "0.02", False),
        ("0.15", None, None, "0.04", False),
        ("80000", "0", "0", "0.00", False),
    ],
)
def test_an_estimate(amount: str, rate: str | None, used: str | None, saving: str, capped: bool) -> None:
    spend = Spend(Decimal(amount), "month", "EUR", None if rate is None else Decimal(rate))
    expected = None if used is None else Decimal(used)
    made = estimate(spend, MAXIMUM)
    assert made == Estimate(Decimal(amount), "month", "EUR", MAXIMUM, expected, Decimal(saving), capped)
    assert made.saving.as_tuple().exponent == -2


def test_no_estimate_without_an_amount() -> None:
    with pytest.raises(ValueError, match="amount"):
        estimate(Spend(), MAXIMUM)


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        ("12000", "EUR", "€12,000"),
        ("12000", None, "12,000"),
        ("15000", "JPY", "¥15,000"),
        ("12000.50", None, "12,000.50"),
        ("12000.5", "JPY", "¥12,000.50"),
        ("12000.00", "USD", "$12,000"),
        ("0.125", "GBP", "£0.12"),
        ("1000", "CHF", "CHF 1,000"),
        ("1000", "PLN", "PLN 1,000"),
        ("1000", "AUD", "A$1,000"),
        ("-5", "EUR", "-€5"),
        ("100", None, "100"),
        ("999999999999999.99", "INR", "₹999,999,999,999,999.99"),
    ],
)
def test_money(amount: str, currency: str | None, written: str) -> None:
    assert money(Decimal(amount), currency) == written


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("€80k a month at 15%", "€80,000 × 15% = €12,000 a month"),
        ("$1.2m a year", "$1,200,000 × 30% = $360,000 a year"),
        ("64k at 12.5%", "64,000 × 12.5% = 8,000"),
        ("$99.50 at 80%", "$99.50 × 30% = $29.85"),
    ],
)
def test_the_formula(words: str, written: str) -> None:
    assert formula(estimate(read_spend(words), MAXIMUM)) == written


PIECES = st.sampled_from(
    [
        *"0159.,'-–/%$€kme ()²½∞",
        " a month",
        "80k",
        "EUR",
        "TRY",
        "million",
        "and a half",
        "hundred",
        "nan",
        "at",
        "rate",
    ]
)


@given(st.one_of(st.text(max_size=60), st.text(st.characters(), max_size=60), st.lists(PIECES).map("".join)))
def test_no_text_is_too_strange(words: str) -> None:
    spend = read_spend(words)
    assert spend.amount is None or 0 < spend.amount < 10**15
    assert spend.rate is None or 0 <= spend.rate <= 1


def test_long_texts_are_read_to_their_ends() -> None:
    pieces = ("1 ", "1,", "1.1,", "9", "$", "-", "a ", "80k ", "half a ", "one ", "EUR ", "month ", "\ud800", "e", " ")
    for piece in pieces:
        read_spend((piece * 2000)[:2000])


CURRENCIES = st.sampled_from(
    [None, "EUR", "USD", "GBP", "JPY", "CHF", "PLN", "INR", "CAD", "BRL", "CNY", "TRY", "XOF", "XCG"]
)


@given(st.decimals("0.01", "999999999999999.99", places=2), CURRENCIES)
def test_what_is_written_is_read_back(amount: Decimal, currency: str | None) -> None:
    spend = read_spend(money(amount, currency))
    assert (spend.amount, spend.currency, spend.problem) == (amount, currency, None)


@given(
    st.decimals("0.01", "999999999999999.99", places=2),
    st.none() | st.decimals("0", "1", places=4),
    st.decimals("0.01", "1", places=2),
)
def test_no_saving_above_the_maximum(amount: Decimal, rate: Decimal | None, maximum: Decimal) -> None:
    made = estimate(Spend(amount, rate=rate), maximum)
    assert made.saving <= (amount * maximum).quantize(CENT, ROUND_HALF_EVEN) <= amount
    assert made.capped == (rate is not None and rate > maximum)


@pytest.mark.parametrize(
    ("words", "amount", "most", "period"),
    [
        ("20k on GPUs and 5k on storage every month", 25_000, None, "month"),
        ("3k + 4k + 5k", 12_000, None, None),
        ("12k a month plus 60k a year", 17_000, None, "month"),
        ("100k less 20k committed", 80_000, None, None),
        ("80k a month minus 5k", 75_000, None, "month"),
        ("between 40k and 60k a month", 40_000, 60_000, "month"),
        ("€40-60k per year", 40_000, 60_000, "year"),
        ("2k a week for a year", 104_000, None, "year"),
        ("90k a quarter, over twelve months", 360_000, None, "year"),
        ("12k a month over 18 months", 216_000, None, "18 months"),
        ("we pay 20k for models and spend 5k on storage a month", 25_000, None, "month"),
        ("a budget of 10, 20 and 30k a month", 60_000, None, "month"),
        ("90k a quarter, what is 5% a month", 30_000, None, "month"),
    ],
)
def test_amounts_that_are_said_together(words: str, amount: int, most: int | None, period: Period | None) -> None:
    spend = read_spend(words)
    ends = tuple(None if end is None else int(end) for end in (spend.amount, spend.most))
    assert (*ends, spend.period, spend.problem) == (amount, most, period, None)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("$5k plus €3k a month", "two currencies"),
        ("savings for 80k a month or 100k", "two amounts"),
        ("it went from 40k to 60k a month", "two amounts"),
        ("our plan was 60k for May, spent 45k", "two amounts"),
        ("20k paid and 70k budget", "two amounts"),
        ("the bill is 20k and we have 90k revenue", "two amounts"),
    ],
)
def test_amounts_that_cannot_be_taken_together_are_asked_about(words: str, problem: str) -> None:
    spend = read_spend(words)
    assert spend.amount is None
    assert problem in (spend.problem or "")
