"""Savings: the formula and its bounds, how an estimate goes on, and forms filled in right and wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pytest

from bot.activities.savings import check
from bot.reply import Text
from bot.turn import Room
from knowledge.script import Script
from tests.bot.conftest import (
    ANA,
    BO,
    CY,
    FIRST,
    SECOND,
    MakeTalk,
    Talk,
    choices,
    form,
    labels,
    saying,
    without_elements,
)

STEPS = ["0%", "5%", "10%", "15%", "20%", "25%", "30%"]
ORIGIN = "The video names no source for this figure."


def formula(said: object) -> str:
    """The line with the formula, without what is said before it."""
    (line,) = [line for line in str(said).splitlines() if " × " in line]
    return line.removeprefix("At most: ")


# --- Estimates ---


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("how much could we save on 80k a month?", "At most: 80,000 × 30% = 24,000 a month."),
        ("savings for £12,500 per year at 15%", "£12,500 × 15% = £1,875 a year."),
        ("savings for 1.000,50 EUR a year", "At most: €1,000.50 × 30% = €300.15 a year."),
        ("savings on $2m a year at 12.5%", "$2,000,000 × 12.5% = $250,000 a year."),
        ("estimate savings for 80000 at 30%", "At most: 80,000 × 30% = 24,000."),
        ("savings for 80k a month at 0%", "80,000 × 0% = 0 a month."),
        (f"savings for 99.{'9' * 90} EUR a month", "At most: €100 × 30% = €30 a month."),
        ("savings for 999999999999999 EUR", "At most: €999,999,999,999,999 × 30% = €299,999,999,999,999.70."),
    ],
)
def test_the_formula_is_shown_with_where_its_rate_comes_from(words: str, line: str, talk: Talk) -> None:
    reply = talk.say(words)
    assert reply.activity == "savings_estimate"
    assert line in reply.text.splitlines()
    assert ORIGIN in reply.text
    assert "An estimate, no promise." in reply.text
    assert [source.section for source in reply.sources] == ["FinOps in Action: A Case Study", "Statistics"]
    assert labels(reply) == [*STEPS, "Other numbers", "share"]


@pytest.mark.parametrize("rate", ["31%", "45%", "100%"])
def test_a_rate_above_what_the_script_states_is_capped(rate: str, talk: Talk) -> None:
    reply = talk.say(f"savings for €80k a month at {rate}")
    assert "The script states no more than 30%" in reply.text
    assert formula(reply.text) == "€80,000 × 30% = €24,000 a month."
    assert rate not in reply.text


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("savings on 0", "A spend of 0"),
        ("savings on -5k", "A spend below 0"),
        ("calculate savings for NaN", "is not a number"),
        ("savings for 1e15 dollars", "too large"),
        ("savings for 80k a month at 101%", "between 0% and 100%"),
        ("savings for 80k a month at -5%", "between 0% and 100%"),
    ],
)
def test_what_cannot_be_estimated_is_told_with_a_way_out(words: str, problem: str, talk: Talk) -> None:
    reply = talk.say(words)
    assert problem in reply.text
    assert " × " not in reply.text
    assert form(reply).fields


@pytest.mark.parametrize("spend", ["80k a month", "€1,000.50 a year", "CHF 12,500", "12.34 USD a month"])
def test_every_step_leads_to_the_same_estimate_at_its_rate(spend: str, talk: Talk) -> None:
    reply = talk.say(f"savings for {spend}")
    said = formula(reply.text).split(" × ")[0]
    for choice in choices(reply)[:-2]:
        # Said by somebody else in another talk, so that nothing is known from before.
        told = talk.say(choice.says, ANA, Room("test", choice.label))
        assert formula(told.text).startswith(f"{said} × {choice.label} = "), choice.label
        assert labels(told) == labels(reply)


# --- Going on ---


def test_an_estimate_goes_on(talk: Talk) -> None:
    talk.say("how much could we save on 50k a month?")
    for words, line in (
        ("and at 10%?", "50,000 × 10% = 5,000 a month."),
        ("in euros", "€50,000 × 10% = €5,000 a month."),
        ("per year", "€600,000 × 10% = €60,000 a year."),
        ("30%", "€600,000 × 30% = €180,000 a year."),
        ("at 50%", "€600,000 × 30% = €180,000 a year."),
        ("in dollars", "$600,000 × 30% = $180,000 a year."),
        ("60k", "$60,000 × 30% = $18,000 a year."),
        ("a month", "$5,000 × 30% = $1,500 a month."),
    ):
        assert formula(talk.say(words).text) == line, words


def test_periods_are_converted_and_not_renamed(talk: Talk) -> None:
    talk.say("how much could we save on 12k a month?")
    for words, line in (
        ("and for a year?", "144,000 × 30% = 43,200 a year."),
        ("per week", "2,769.23 × 30% = 830.77 a week."),
        ("per quarter", "36,000 × 30% = 10,800 a quarter."),
        ("half a year?", "72,000 × 30% = 21,600 a half year."),
        ("over 18 months", "216,000 × 30% = 64,800 in 18 months."),
        ("monthly?", "12,000 × 30% = 3,600 a month."),
    ):
        assert formula(talk.say(words).text) == line, words


def test_what_is_added_is_added_and_what_is_taken_away_is_taken_away(talk: Talk) -> None:
    talk.say("savings on 80k a month")
    for words, line in (
        ("plus 10k", "90,000 × 30% = 27,000 a month."),
        ("minus 5k", "85,000 × 30% = 25,500 a month."),
        ("and another 12k a year", "86,000 × 30% = 25,800 a month."),
    ):
        assert formula(talk.say(words).text) == line, words
    assert "That leaves nothing" in talk.say("minus 500k").text


def test_a_number_alone_is_a_rate_after_a_rate_and_else_asked_about(talk: Talk) -> None:
    talk.say("savings on 80k a month")
    assert "Is that a rate or a spend?" in talk.say("what about 20").text
    talk.say("savings on 80k a month at 20%")
    assert formula(talk.say("what about 10").text) == "80,000 × 10% = 8,000 a month."


def test_whoever_changes_one_thing_keeps_the_others(talk: Talk) -> None:
    talk.say("how much could we save on €200k a year at 15%?")
    for words, line in (
        ("actually 250k", "€250,000 × 15% = €37,500 a year."),
        ("the bill is 240k, not 250", "€240,000 × 15% = €36,000 a year."),
        ("sorry, 12%", "€240,000 × 12% = €28,800 a year."),
        ("it is 25k a month", "€25,000 × 12% = €3,000 a month."),
        ("no, 10", "€25,000 × 10% = €2,500 a month."),
        ("what would it be yearly", "€300,000 × 10% = €30,000 a year."),
        ("and if we only achieve half of that?", "€300,000 × 5% = €15,000 a year."),
        # Asked for anew, nothing is kept.
        ("savings on 50k a month", "50,000 × 30% = 15,000 a month."),
    ):
        assert formula(talk.say(words).text) == line, words


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("our bill is 90k a quarter. how much is a 20% saving per month?", "30,000 × 20% = 6,000 a month."),
        ("what would 15% save us per quarter on 60k a month", "180,000 × 15% = 27,000 a quarter."),
    ],
)
def test_the_saving_is_told_for_the_time_that_is_asked_for(words: str, line: str, talk: Talk) -> None:
    assert formula(talk.say(words).text) == line


def test_a_spend_without_a_period_is_not_renamed(talk: Talk) -> None:
    talk.say("estimate savings for 70k")
    asked = talk.say("yearly?").text
    assert "Is 70,000 for a month, or for a year?" in asked
    assert " × " not in asked
    assert formula(talk.say("a month").text) == "70,000 × 30% = 21,000 a month."
    assert formula(talk.say("yearly?").text) == "840,000 × 30% = 252,000 a year."


def test_a_small_number_alone_is_asked_about_and_a_vote_where_a_poll_is_open(talk: Talk) -> None:
    talk.say("estimate our savings")
    assert "Is 3 the spend" in talk.say("3").text
    talk.say("poll: Where do we eat? Thai, Greek, Pizza", ANA)
    talk.say("estimate our savings")
    assert talk.say("2").activity == "poll_answer"


@pytest.mark.parametrize("words", ["is 25% realistic?", "isn't 20% too high?", "what is a typical savings rate?"])
def test_a_question_about_a_rate_is_no_estimate(words: str, talk: Talk) -> None:
    talk.say("savings on 20k a month")
    reply = talk.say(words)
    assert reply.activity == "question"
    assert " × " not in reply.text


@pytest.mark.parametrize("words", ["which formula gives the ESR?", "give me the equation for the savings rate"])
def test_a_question_about_a_formula_is_no_estimate(words: str, talk: Talk) -> None:
    assert talk.say(words).activity == "question"


def test_the_working_of_an_estimate_is_shown_again_and_its_rate_has_a_source(talk: Talk) -> None:
    talk.say("savings on 20k a month")
    assert formula(talk.say("what's the calculation?").text) == "20,000 × 30% = 6,000 a month."
    talk.say("savings on 20k a month")
    told = talk.say("why only 30%?")
    assert ORIGIN in told.text
    assert told.sources
    talk.say("savings on 20k a month")
    # What was not told is not explained.
    assert "I have that from here" not in talk.say("why only 40%?").text


def test_amounts_that_are_not_used_are_said(talk: Talk) -> None:
    said = talk.say("could we save on $40k a month? we have 12 engineers at 9k").text
    assert formula(said) == "$40,000 × 30% = $12,000 a month."
    assert "I did not use 9,000." in said.splitlines()
    assert "I did not use 20%." in talk.say("savings on 80k a month at 10% or 20%").text


def test_a_range_stays_a_range(talk: Talk) -> None:
    told = talk.say("savings on 40k to 60k a month")
    assert formula(told.text) == "40,000 to 60,000 × 30% = 12,000 to 18,000 a month."
    assert formula(talk.say("per year").text) == "480,000 to 720,000 × 30% = 144,000 to 216,000 a year."


def test_a_rate_without_a_spend_waits_for_it(talk: Talk) -> None:
    assert "At 10% of what?" in talk.say("estimate our savings at 10%").text
    assert formula(talk.say("80k a month").text) == "80,000 × 10% = 8,000 a month."


def test_without_a_spend_it_is_asked_for(talk: Talk) -> None:
    reply = talk.say("savings slider")
    assert "How much do you spend?" in reply.text
    assert form(reply).fields
    assert formula(talk.say("80k").text) == "80,000 × 30% = 24,000."


def test_what_was_said_of_other_things_is_no_part_of_an_estimate(talk: Talk) -> None:
    talk.say("savings for 80k a month")
    talk.say("did Company X cut its costs by 12%?")
    talk.say("savings for 80k a month")
    talk.say("savings for NaN")
    assert formula(talk.say("in euros").text) == "€80,000 × 30% = €24,000 a month."


def test_after_something_else_a_rate_is_no_estimate(talk: Talk) -> None:
    talk.say("savings for 80k a month")
    talk.say("what is FinOps?")
    assert talk.say("and at 10%?").activity == "question"


# --- Forms ---


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"spend": "80k"}, "80,000 × 30% = 24,000."),
        ({"spend": "80000", "period": "month", "currency": "EUR", "rate": "12"}, "€80,000 × 12% = €9,600 a month."),
        ({"spend": "1.000,50", "period": "year", "currency": "", "rate": ""}, "1,000.50 × 30% = 300.15 a year."),
        ({"spend": "£500", "period": "", "currency": "", "rate": "5%"}, "£500 × 5% = £25."),
        ({"spend": "80k", "rate": "0"}, "80,000 × 0% = 0."),
        ({"spend": "80k", "rate": "45"}, "80,000 × 30% = 24,000."),
        ({"spend": " 80000 ", "currency": " usd ", "rate": " 10 % "}, "$80,000 × 10% = $8,000."),
    ],
)
def test_a_form_is_estimated(fields: Mapping[str, str], line: str, talk: Talk) -> None:
    opened = form(talk.say("savings slider"))
    assert set(fields) <= {field.name for field in opened.fields}
    assert opened.check(fields) == {}
    assert formula(talk.say(opened.says, fields=fields).text) == line


def test_an_estimate_from_a_form_goes_on(talk: Talk) -> None:
    opened = form(talk.say("savings slider"))
    talk.say(opened.says, fields={"spend": "80000", "period": "month", "currency": "EUR", "rate": "12"})
    assert formula(talk.say("and at 10%?").text) == "€80,000 × 10% = €8,000 a month."


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, ["spend"]),
        ({"spend": ""}, ["spend"]),
        ({"spend": "plenty"}, ["spend"]),
        ({"spend": "0"}, ["spend"]),
        ({"spend": "-5"}, ["spend"]),
        ({"spend": "NaN"}, ["spend"]),
        ({"spend": "1e15"}, ["spend"]),
        ({"spend": "30%"}, ["spend"]),
        ({"spend": "80k", "period": "week"}, ["period"]),
        ({"spend": "80k", "currency": "XXQ"}, ["currency"]),
        ({"spend": "80k", "rate": "lots"}, ["rate"]),
        ({"spend": "80k", "rate": "101"}, ["rate"]),
        ({"spend": "80k", "rate": "-1"}, ["rate"]),
        ({"spend": "x", "period": "x", "currency": "x", "rate": "x"}, ["spend", "period", "currency", "rate"]),
    ],
)
def test_what_is_wrong_with_a_form_is_told_by_field(fields: Mapping[str, str], wrong: list[str], talk: Talk) -> None:
    found = check(fields)
    assert list(found) == wrong
    assert all(text.endswith(".") for text in found.values())
    # A platform may submit it all the same.
    reply = talk.say(form(talk.say("savings slider")).says, fields={"spend": "", **fields})
    assert " × " not in reply.text
    assert reply.parts[0] == Text(found[wrong[0]])


@pytest.mark.parametrize("spend", ["x" * 5000, "9" * 400, "1e999999999", "∞", "\x00", "١٢٣"])
def test_any_form_is_checked(spend: str) -> None:
    for name in ("spend", "period", "currency", "rate"):
        assert set(check({"spend": "80k", name: spend})) <= {name}


# --- Several scripts ---


def test_the_slider_of_another_script_has_its_own_maximum_and_keeps_to_it(two: Talk) -> None:
    named = f"show savings_estimate {SECOND}"
    opened = form(two.say(named))
    told = two.say(opened.says, fields={"spend": "80000", "rate": "45"})
    assert formula(told.text) == "80,000 × 45% = 36,000."
    # No step would say whose rate it is.
    assert labels(told) == ["Other numbers", "share"]
    assert formula(two.say(form(told).says, fields={"spend": "1000", "rate": "40"}).text) == "1,000 × 40% = 400."
    ours = two.say(f"show savings_estimate {FIRST}")
    assert "up to 30%" in ours.text


def test_steps_are_those_of_the_current_script(two: Talk) -> None:
    two.say(f"use {SECOND}", ANA)
    told = two.say(form(two.say(f"show savings_estimate {SECOND}")).says, fields={"spend": "80000"})
    assert labels(told) == [*STEPS, "35%", "40%", "45%", "Other numbers", "share"]


def test_which_slider_is_meant_is_asked_where_several_fit(talk_on: MakeTalk, scripts: Sequence[Script]) -> None:
    talk = talk_on([without_elements(scripts[0], "bare"), *scripts])
    asked = talk.say("savings")
    assert asked.text.startswith("Which one do you mean?")
    assert "up to 45%" in talk.say(saying(asked, scripts[1].title), CY).text


def test_a_figure_in_an_estimate_is_computed_or_the_scripts(talk: Talk) -> None:
    figures = set(re.findall(r"[\d.]+%", talk.say("savings for 80k a month at 12.5%", BO).text))
    assert figures == {"12.5%", "30%"}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("what if we double it?", "60,000 × 30% = 18,000 a month"),
        ("what about half of that", "15,000 × 30% = 4,500 a month"),
        ("and 3x", "90,000 × 30% = 27,000 a month"),
        ("same thing but the spend is 9,000 euros a month", "€9,000 × 30% = €2,700 a month"),
    ],
)
def test_an_estimate_goes_on_with_a_multiple_or_another_amount(talk: Talk, said: str, told: str) -> None:
    talk.say("we spend 30k a month, what could we save?")
    assert told in talk.say(said).text


def test_after_something_else_a_period_alone_goes_on_with_the_estimate(talk: Talk) -> None:
    talk.say("we spend 30k a month, what could we save?")
    talk.say("What is FinOps?")
    assert "= 108,000 a year" in talk.say("per year?").text


def test_bare_figures_beside_money_count_nothing(talk: Talk) -> None:
    told = talk.say("we burn 20k on GPUs and 5k on storage every month, what is the most we can save?").text
    assert "25,000 × 30% = 7,500 a month" in told


def test_an_amount_that_is_corrected_after_it_was_converted_is_asked_about(talk: Talk) -> None:
    talk.say("our bill is 30k a month, what would 10% save")
    assert "360,000 × 10% = 36,000 a year" in talk.say("in a year?").text
    assert "Is 40,000 for a month, or for a year?" in talk.say("no, I meant 40k").text
    assert "40,000 × 10% = 4,000 a month" in talk.say("a month").text
