"""A price times a quantity: units that cancel are multiplied, and what is no part of a product makes none of it."""

from __future__ import annotations

import pytest

from bot.formulas.product import Product, total
from bot.intents.amounts.calculations import read_calculation
from tests.bot.conftest import Talk


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            "what do 5 h200 machines at $3 an hour cost?",
            "Cost: $15 an hour = 5 h200 machines × $3 an hour; $10,950 a month",
        ),
        ("90 gpu hours at 1.80 please", "Cost: 162 = 90 gpu hours × 1.80"),
        (
            "4 nodes at €0.50/h for 10 days, 24/7: total?",
            "Cost: €480 = 4 nodes × 10 days × €0.50/h × 24 hours a day",
        ),
        ("3 TB of traffic at $0.08 per GB, how much?", "Cost: $240 = 3 TB × $0.08 per GB"),
        ("2 TB at $20 per TB, how much?", "Cost: $40 = 2 TB × $20 per TB"),
        ("500 GB at $20 per TB, how much?", "Cost: $10 = 500 GB × $20 per TB"),
        ("2,000 GB at $0.02 per GB-month, what do we pay?", "Cost: $40 a month = 2,000 GB × $0.02 per GB month"),
        (
            "50 people, each 20 questions a day, 2000 tokens per question, $5 per million tokens: cost a week?",
            "Cost: $70 a week = 50 people × 20 questions a day × 2,000 tokens per question × $5 per million tokens "
            "× 7 days a week; $304.17 a month",
        ),
        (
            "3 squads with 5 seats each at $40 per month, total?",
            "Cost: $600 a month = 3 squads × 5 seats × $40 per month",
        ),
        (
            "a trainer costs $60/h and we book 2 of them 3 hours a week, what is that a week?",
            "Cost: $360 a week = 2 of them × 3 hours a week × $60/h; $1,564.29 a month",
        ),
        ("9 crews talk for 2 hours, they cost 50 an hour", "Cost: 900 = 9 crews × 2 hours × 50 an hour"),
        ("3 million calls at 0.5 cents each", "Cost: 15,000 = 3,000,000 calls × 0.005"),
        (
            "40 users × 25 prompts a day × 2 cents",
            "Cost: 20 a day = 40 users × 25 prompts a day × 0.02; 608.33 a month",
        ),
        ("what is 12% of 4,500?", "Cost: 540 = 12% × 4,500"),
        ("how much is 30% of €2k a month", "Cost: €600 a month = 30% × €2,000 a month"),
        ("$2/h x 5 x 10h", "Cost: $100 = 5 × 10 h × $2/h"),
        ("5 seats at $30 per month, 20% off: total?", "Cost: $120 a month = 5 seats × $30 per month × (1 - 20%)"),
        ("30 minutes of a machine at $6 per hour: cost?", "Cost: $3 = 30 minutes × $6 per hour / 60 minutes an hour"),
    ],
)
def test_units_that_cancel_are_multiplied(words: str, told: str, talk: Talk) -> None:
    assert told in talk.say(words).text.splitlines()


@pytest.mark.parametrize(
    "words",
    [
        "We pay $6,000 a month for 12,000 tickets",
        "we are at $20k a month with 5 teams, what's that per team?",
        "we look at $20k a month and 5 teams, what do we pay?",
        "a bill at $20k a month with 5 teams, what do we pay?",
        "the platform costs $30,000 a month and has 6 clusters, what is that per cluster?",
        "5 machines at $3 an hour: should we reserve them?",
        "5 machines at $3 an hour with 40% idle, what do we pay?",
        "5 machines at $3 an hour or at $2 an hour, what do we pay?",
        "5 machines for 7 teams at $3 an hour, what do we pay?",
        "how much memory does a 20B model take at 4 bits?",
        "what do 40 gpu hours cost?",
        "table for 4 at 8",
        "5 machines at infinity dollars an hour, total?",
        "how is the price of 5 machines at $3 an hour calculated?",
        "what could we save, 15% of 80k?",
        "what is 30% of AI projects?",
        # what alters it in a way that is not read
        "2 TB at $0.05 per GB, first 500 GB free, what do we pay?",
        "a dozen machines at $3 an hour for a week, total?",
        "5 machines at $3 an hour, two of them idle, for 10 hours: total?",
        "5 machines at $3 an hour except on Sundays, what is that a month?",
        "5 machines at $3 an hour from 8 to 18, total?",
        "5 machines at $3 an hour plus 20% tax, total?",
        "5 machines at $3 an hour, 2 hours every week, what is that a year?",
        "5 machines at $3 an hour for 10 hours and 2 more at $4, total?",
        "5 seats at $30 per month, 10% off, then 5% off, total?",
    ],
)
def test_what_is_left_over_makes_no_product(words: str) -> None:
    assert not isinstance(read_calculation(words), Product)


def test_what_runs_all_the_time_and_how_long_a_month_is_are_said(talk: Talk) -> None:
    told = talk.say("6 machines at $2 an hour, what is that a month?").text
    assert "Cost: $8,760 a month = 6 machines × $2 an hour × 730 hours a month" in told
    assert "Assumed: It runs all the time. A month is taken as 730 hours." in told
    assert "All figures are yours: I looked up no price." in told
    assert "Assumed" not in talk.say("6 machines at $2 an hour, 5 hours a day, 20 days a month, total?").text
    assert "all the time" not in talk.say("6 machines at $2 an hour, 24/7, what is that a month?").text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("what about 8?", "$24 an hour = 8 machines × $3 an hour"),
        ("and 8 machines?", "$24 an hour = 8 machines × $3 an hour"),
        ("and for a year?", "$131,400 = 5 machines × 1 year × $3 an hour × 8,760 hours a year"),
        ("the same at 40% off", "$9 an hour = 5 machines × $3 an hour × (1 - 40%)"),
        ("and per week?", "$2,520 a week = 5 machines × $3 an hour × 168 hours a week"),
        ("if it were $4?", "$20 an hour = 5 machines × $4 an hour"),
        ("what if the price drops 15%?", "$12.75 an hour = 5 machines × $2.55 an hour"),
        ("and if they were 33% more expensive?", "$19.95 an hour = 5 machines × $3.99 an hour"),
        ("and with twice as many?", "$30 an hour = 10 machines × $3 an hour"),
        ("halve the machines", "$7.50 an hour = 2.5 machines × $3 an hour"),
        ("and if caching takes 30% off that?", "$10.50 an hour = 5 machines × $3 an hour × (1 - 30%)"),
        ("with a commitment we get a 20% discount on it", "$12 an hour = 5 machines × $3 an hour × (1 - 20%)"),
        ("no, 12 of them", "$36 an hour = 12 machines × $3 an hour"),
        ("but only 8 hours a day", "$120 a day = 5 machines × 8 hours a day × $3 an hour"),
        ("plus 19% tax", "$17.85 an hour = 5 machines × $3.57 an hour"),
        ("20% fewer machines", "$12 an hour = 4 machines × $3 an hour"),
    ],
)
def test_what_is_said_next_changes_it(words: str, told: str, talk: Talk) -> None:
    talk.say("what do 5 machines at $3 an hour cost?")
    assert f"Cost: {told}" in talk.say(words).text


@pytest.mark.parametrize(
    "words",
    [
        "what is chargeback?",
        "and if we want to buy a commitment for 3 years?",
        "thanks",
        "what is a disk at $7 a month?",
        "6 trainers talk 2 hours a day, who cost 80 an hour",
        "our call is at 3 and takes 2 hours",
    ],
)
def test_what_changes_nothing_of_it_is_something_else(words: str, talk: Talk) -> None:
    talk.say("what do 5 machines at $3 an hour cost?")
    assert "Price times quantity" not in talk.say(words).text


@pytest.mark.parametrize(
    "words",
    ["and 3 clouds?", "and for half an hour?", "what if the price rises by 10% a year", "but only at weekends?"],
)
def test_a_change_that_is_not_understood_is_said_and_changes_nothing(words: str, talk: Talk) -> None:
    talk.say("what do 5 machines at $3 an hour cost?")
    told = talk.say(words).text
    assert "I could not tell what that changes" in told
    assert "Cost: $15 an hour = 5 machines × $3 an hour" in told
    assert "Cost: $24 an hour" in talk.say("and 8 machines?").text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("500 images at 4 cents each?", "Cost: 20 = 500 images"),
        ("6 machines at $2 an hour per month", "Cost: $8,760 a month"),
        ("200 requests times 0.05 dollars?", "$10 = 200 requests"),
        ("40% off 5,000 please", "Cost: 3,000 = 5,000 × (1 - 40%)"),
        ("4 million tokens at 0.50 per million?", "Cost: 2 = 4,000,000 tokens"),
        ("We pay $3 an hour per machine and run 5 of them around the clock. What's that a month?", "$10,950 a month"),
    ],
)
def test_each_and_them_are_what_is_counted(words: str, told: str, talk: Talk) -> None:
    assert told in talk.say(words).text


def test_a_sum_is_told_shortly_by_its_result(talk: Talk) -> None:
    talk.say("what do 6 machines at $2 an hour cost a month?")
    short = talk.say("shorter please").text
    assert short.startswith("Cost: $8,760 a month = 6 machines")
    assert "Assumed" not in short


def test_three_decimals_are_no_thousands_when_they_are_read_again(talk: Talk) -> None:
    assert "Cost: $9 an hour" in talk.say("what do 8 machines at $1.125 an hour cost?").text
    assert "Cost: $18 an hour" in talk.say("double it").text
    assert "Cost: $9,000 an hour" in talk.say("what do 8 machines at $1,125 an hour cost?").text


def test_a_named_figure_of_a_formula_is_scaled(talk: Talk) -> None:
    talk.say("2,000 tokens in at $3 and 500 out at $15, what do 100,000 requests cost?")
    assert "output price $12 per million" in talk.say("what if the output price drops 20%?").text
    assert "input tokens 4,000" in talk.say("twice as many input tokens").text
    assert "nothing is changed" in talk.say("10% cheaper").text


def test_what_was_taken_is_read_again_as_it_was() -> None:
    product = read_calculation("7 of these at $1.50 per day, for a week, 10% off, total?")
    assert isinstance(product, Product)
    found = total(product)
    assert found is not None
    assert (found.value, found.period) == (product.price.value * 7 * 7 * (1 - product.discount), None)
