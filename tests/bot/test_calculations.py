"""Calculations: which formula is meant with which figures, what it comes to, what is asked for, and what is refused."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from bot.formulas import Calculation, Formula, formulas
from bot.formulas.expression import Expression
from bot.intents.amounts.calculations import read_calculation
from bot.turn import Room
from tests.bot.conftest import KNOWLEDGE, Talk, form, labels

HANDBOOK = KNOWLEDGE / "handbook"


def taken(words: str) -> tuple[str | None, dict[str, Decimal]]:
    """The formula that words ask for, and its figures."""
    found = read_calculation(words)
    assert isinstance(found, Calculation), words
    return found.formula, {name: one.value for name, one in (found.figures or {}).items()}


def figures(words: str) -> dict[str, Decimal]:
    """The figures by input, as "tokens_in 2000; price_in 3" writes them."""
    return {name: Decimal(value) for name, value in (pair.split() for pair in words.split("; "))}


# --- The table ---


@pytest.mark.parametrize("formula", formulas().values(), ids=lambda one: one.name)
def test_every_formula_names_a_section_of_the_handbook_and_fits_any_form(formula: Formula) -> None:
    topic = (HANDBOOK / f"{formula.topic}.md").read_text("utf-8")
    assert f"\ntitle: {formula.topic_title}\n" in topic
    assert f"\n## {formula.heading}\n" in topic
    assert re.fullmatch(r"[a-z-]{1,60}", formula.name)
    # No platform can show more fields at once.
    assert len(formula.inputs) <= 5
    used = {name for result in formula.results for name in result.expression.names}
    assert {one.name for one in formula.inputs} <= used
    assert {name for pair in formula.within for name in pair} <= {one.name for one in formula.inputs}


def test_titles_and_labels_tell_formulas_and_inputs_apart() -> None:
    titles = [one.title for one in formulas().values()]
    assert len(set(titles)) == len(titles)
    for one in formulas().values():
        assert len({each.label for each in one.inputs}) == len(one.inputs)


@pytest.mark.parametrize("text", ["__import__('os')", "a.b", "a ** 2", "a if b else c", "a[0]", "'a'"])
def test_an_expression_is_arithmetic_and_nothing_else(text: str) -> None:
    with pytest.raises(ValueError, match="something else"):
        Expression(text)


# --- What is said ---


@pytest.mark.parametrize(
    ("words", "formula", "expected"),
    [
        (
            "2 million tokens in at $3 and 500k out at $15",
            "token-cost",
            "tokens_in 2000000; price_in 3; tokens_out 500000; price_out 15",
        ),
        (
            "2,000 input and 500 output tokens at $0.003 and $0.015 per thousand: cost of 1,000 requests?",
            "token-cost",
            "tokens_in 2000; price_in 3; tokens_out 500; price_out 15; requests 1000",
        ),
        (
            "Forecast 80,000, actual 92,000. What is the variance in percent?",
            "forecast-variance",
            "forecast 80000; actual 92000",
        ),
        ("forecast and actual were 80k and 92k, variance?", "forecast-variance", "forecast 80000; actual 92000"),
        ("actual and forecast were 92k and 80k, variance?", "forecast-variance", "forecast 80000; actual 92000"),
        ("the variance, please: 92,000 actual, 80,000 forecast", "forecast-variance", "forecast 80000; actual 92000"),
        (
            "We bought 400 seats and assigned 340 of them. Licence utilisation?",
            "license-utilization",
            "purchased 400; assigned 340",
        ),
        ("license utilization with 340 of 400 seats assigned", "license-utilization", "purchased 400; assigned 340"),
        ("how much memory does a 7B model need in int8", "weight-memory", "parameters 7000000000; bytes 1"),
        (
            "memory of a model with 13 billion parameters at 4 bits?",
            "weight-memory",
            "parameters 13000000000; bytes 0.5",
        ),
        ("What is the break-even utilisation at a 40% discount?", "commitment-break-even", "discount 0.4"),
        ("PUE if the facility draws 1.2 million kWh and IT 1 million", "pue", "facility 1200000; equipment 1000000"),
        ("we spent $1,200 on 240,000 calls, what is the cost per call?", "cost-per-call", "cost 1200; calls 240000"),
    ],
)
def test_figures_are_taken_for_what_their_words_say(words: str, formula: str, expected: str) -> None:
    found, said = taken(words)
    assert found == formula
    assert said == figures(expected)


@pytest.mark.parametrize(
    "words",
    [
        "how is the effective savings rate calculated?",
        "How do I calculate the cache hit rate?",
        "what is PUE?",
        "which utilization is good, 60% or 80%?",
        "six out of ten",
        "65%",
        "calculate savings for 80k a month",
        "Why did the bill go from 2,000 to 4,000 in a month?",
        "what did company X save in 2024?",
        "is a hit rate of 90% good?",
        "We spend 30,000 a month on AI with 12 teams. How should we share that?",
    ],
)
def test_a_question_stays_a_question(words: str) -> None:
    assert read_calculation(words) is None


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("Forecast -80,000, actual 92,000: variance?", "cannot be below 0"),
        ("Forecast NaN, actual 92,000: variance?", "is not a number"),
        ("Forecast 1e15, actual 92,000: variance?", "too large"),
        ("Forecast 0, actual 92,000: variance?", "cannot be 0"),
        ("Break-even utilization at a 140% discount?", "cannot be over 100%"),
        ("We bought 400 seats and assigned 450. License utilization?", "cannot be more than"),
        ("Forecast $80,000, actual €92,000: variance?", "different currencies"),
    ],
)
def test_nonsense_is_refused_in_one_sentence(words: str, problem: str, talk: Talk) -> None:
    reply = talk.say(words)
    assert reply.activity == "calculate"
    (line,) = [line for line in reply.text.splitlines() if problem in line]
    assert line.count(". ") == 0
    assert "Formula" not in reply.text


@pytest.mark.parametrize(
    ("words", "formula", "expected"),
    [
        # The contrary of a quantity is another one.
        ("we committed 50 euros an hour and consume 35 of it: waste?", "commitment-utilization", "used 35; total 50"),
        ("of a commitment of 10k 7k were not used, utilization?", "commitment-waste", "unused 7000; total 10000"),
        ("of a reservation of $400 we did not use $80, utilization?", "commitment-waste", "unused 80; total 400"),
        # A price belongs to what is counted before "at".
        (
            "8 million input tokens at 1.25 and 3 million output at 5",
            "token-cost",
            "tokens_in 8000000; price_in 1.25; tokens_out 3000000; price_out 5",
        ),
        (
            "prompt 3k at $1, answer 2k at $4",
            "token-cost",
            "tokens_in 3000; price_in 1; tokens_out 2000; price_out 4",
        ),
        ("40 million tokens at 0.60", "token-volume-cost", "tokens 40000000; price 0.60"),
        (
            "250 seats bought, 190 active, at 12 dollars: idle seats?",
            "idle-seats",
            "purchased 250; active 190; price 12",
        ),
        # A day of the month says how many are over.
        ("budget 45k, spent 12k by the 9th, will we make it?", "burn-rate", "spent 12000; days 9; budget 45000"),
    ],
)
def test_a_figure_is_what_the_words_beside_it_say_and_not_their_contrary(
    words: str, formula: str, expected: str
) -> None:
    found, said = taken(words)
    assert found == formula
    assert said == figures(expected)


@pytest.mark.parametrize(
    "words",
    [
        "30k untagged of 50k in total, tag compliance?",
        "license utilization: 60 of 400 seats unassigned",
        "license utilization: 60 of 400 seats were not assigned",
    ],
)
def test_what_is_not_so_is_no_part_of_what_is(words: str) -> None:
    found = read_calculation(words)
    figured = found.figures if isinstance(found, Calculation) else None
    assert not {"tagged", "assigned", "active", "used"} & set(figured or {})


@pytest.mark.parametrize(
    ("words", "cost", "units"),
    [
        ("we pay 18k a month for 45 painters, what's that per painter?", "18000", "45"),
        ("$360 a month for 9 desks, how much is one desk?", "360", "9"),
        ("12 crews cost us 6,000 euros: how much for each crew?", "6000", "12"),
    ],
)
def test_what_one_of_anything_that_is_counted_costs(words: str, cost: str, units: str) -> None:
    assert taken(words) == ("unit-cost", {"cost": Decimal(cost), "units": Decimal(units)})


@pytest.mark.parametrize(
    ("words", "shares"),
    [
        ("three squads burned 4, 6 and 15 million tokens; divide 750 euros by usage", "4e6 6e6 15e6"),
        ("4 teams share $800: 1 million, 2 million, 3 million, 4 million tokens", "1e6 2e6 3e6 4e6"),
        ("split 900 euros among 3 tenants by usage: 5k, 10k and 15k calls", "5e3 10e3 15e3"),
        ("split $900 by requests: 700 and 2k", "700 2000"),
        ("split 8000 by heads: 12, 5 and 3 people", "12 5 3"),
    ],
)
def test_shares_of_a_list_have_one_scale_and_how_many_share_is_none(words: str, shares: str) -> None:
    found = read_calculation(words)
    assert isinstance(found, Calculation)
    assert found.problem is None
    assert (found.figures or {})["shares"].parts == tuple(map(Decimal, shares.split()))
    assert found.unused == ()


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("split $900 by tokens: 5 and 9000000", "too far apart"),
        ("what do 5 million tokens at 2,000,000 cost?", "no model costs that"),
    ],
)
def test_a_share_of_nothing_and_a_price_of_millions_are_asked_about(words: str, asked: str, talk: Talk) -> None:
    reply = talk.say(words)
    assert asked in reply.text
    assert "Formula" not in reply.text


@pytest.mark.parametrize(
    ("words", "unused"),
    [
        ("unit cost of $4,000 for 800 tickets and 3 agents?", "I did not use 3."),
        ("forecast was 40k, we paid 46k and earned 90k, variance?", "I did not use 90,000."),
        ("split $600 among 4 squads by usage: 5k, 10k and 15k", "I did not use 4."),
    ],
)
def test_a_figure_that_is_not_used_is_said(words: str, unused: str, talk: Talk) -> None:
    said = talk.say(words).text
    assert "Formula: " in said
    assert unused in said.splitlines()


# --- What it comes to: the handbook's own examples ---


@pytest.mark.parametrize(
    ("words", "results"),
    [
        ("2,000 tokens in at $3 and 500 out at $15, 100,000 requests a month, cost?", ["$0.0135", "$1,350 a month"]),
        ("We spent 1,200 USD on 240,000 calls. Cost per call?", ["$0.005", "$5"]),
        ("20 calls, prefix 20k tokens, price $10 per million, write 1.25x, read 0.1x: cache save?", ["$0.63"]),
        ("Actual prompt cost is $0.83, without the cache $4.20: cache cost efficiency?", ["80.2%"]),
        ("200k requests a month, hit rate 20%, $0.0135 a call, $0.0001 a lookup, $100 store: cache save?", ["$420"]),
        ("Actual spend 7,000 USD, on-demand 10,000: effective savings rate?", ["30%", "$3,000"]),
        ("list cost $1,000, contracted $900, effective $720: total savings?", ["$280", "28%", "$100", "$180"]),
        ("usage-based cost $1 per million, API $2 per million: break-even of self-hosting?", ["50%"]),
        ("fixed cost $36,500 a month, blended price $5 per million tokens: break-even?", ["7,300 million tokens"]),
        ("memory of a 7B model at FP16?", ["14 GB", "16.52 GB"]),
        ("Forecast 50,000 USD, actual 54,000: variance?", ["-8%", "92%", "$4,000"]),
        ("4,500 USD for 9,000 tickets: unit cost?", ["$0.50"]),
        ("Cluster costs 20,000 USD a month, workloads 14,000: idle cost?", ["$6,000 a month", "30%"]),
        ("Facility 1,200,000 kWh, IT equipment 1,000,000: PUE?", ["1.2"]),
        ("COIN for a spend of 20,000 USD with an opportunity of 3,000 USD?", ["85"]),
        ("Compute cost 50,000 USD, spot 10,000, commitments cover 28,000: coverage?", ["70%"]),
        ("commitment of 10,000 USD, 800 unused: commitment waste?", ["8%", "92%"]),
        ("5 days of work at 800 USD a day save 250 USD a month: payback?", ["16 months"]),
        ("benefit 50,000 USD, cost 20,000: ROI?", ["150%"]),
        ("Directly attributed cost 68,000 of a total of 80,000 USD: allocation accuracy index?", ["85%"]),
        ("5,000 USD without an owner, total cost 80,000 USD: unallocated share?", ["6.3%"]),
        ("45,000 USD carry all required tags, 60,000 USD can be tagged: tag compliance?", ["75%"]),
        ("14,000 USD spent after 10 days of a budget of 30,000 USD: burn rate?", ["$1,400 a day","21.43 days"]),
        ("spikes cost 600 USD, total AI spend 12,000 USD: anomaly cost?", ["5%"]),
        ("cheap call $0.002, large call $0.020, 30% escalate: what does the cascade cost?", ["$0.008","90%"]),
        ("800 of 1,000 paid GPU hours were assigned, SM activity 50%: GPU hours at work?", ["80%","40%"]),
        ("cost at maximum capacity $9,000, with scaling $6,000: auto-scaling efficiency?", ["1.5"]),
        ("spot price $4 an hour, on-demand $10 an hour, 100 useful hours, 15 repeated: spot?", ["$460","54%"]),
        ("50 kWh at a grid of 400 g per kWh, embodied 5,000 g, 10,000 calls: SCI?", ["2.5 g"]),
    ],
)  # fmt: skip
def test_the_examples_of_the_handbook_come_out_to_the_cent(words: str, results: list[str], talk: Talk) -> None:
    reply = talk.say(words)
    assert reply.activity == "calculate"
    for result in results:
        assert re.search(rf"(?<![\d.,]){re.escape(result)}(?![\d.,]*\d)", reply.text), reply.text
    assert "Formula: " in reply.text
    (source,) = reply.sources
    assert source.title.startswith("Handbook: ")


def test_shares_of_a_bill_add_up_to_it(talk: Talk) -> None:
    said = talk.say("split $100 by usage: red 1, green 1, blue 1").text
    assert [line for line in said.splitlines() if line.startswith("- ")][:3] == [
        "- red: $33.34 = $100 × 1 / 3",
        "- green: $33.33 = $100 × 1 / 3",
        "- blue: $33.33 = $100 × 1 / 3",
    ]


# --- What goes on ---


def test_what_is_missing_is_asked_for_and_taken_from_the_next_turn(talk: Talk) -> None:
    first = talk.say("2 million tokens in at $3 and 500k out").text
    assert "I still need: output price" in first
    assert "$13.50" in talk.say("$15").text
    assert "$11" in talk.say("and at $10 out?").text
    assert talk.say("what is FinOps?").activity == "question"


def test_a_calculation_can_be_asked_for_by_name(talk: Talk) -> None:
    assert "energy of the whole facility" in talk.say("calculate our PUE").text
    assert "1.2" in talk.say("1,200,000 and 1,000,000").text
    assert "Forecast variance" in talk.say("calculator").text


def test_figures_that_are_asked_for_are_taken_one_after_the_other_and_named_back(talk: Talk) -> None:
    talk.say("calculate ROI")
    told = talk.say("90000").text
    assert "I still need: cost" in told
    assert "Taken: financial benefit 90,000." in told
    assert "ROI: 200%" in talk.say("30000").text


def test_the_working_of_a_calculation_is_shown_again(talk: Talk) -> None:
    talk.say("Forecast 80,000, actual 92,000. What is the variance?")
    assert "Forecast variance: -15%" in talk.say("show me the formula").text


def test_what_begins_something_else_does_not_go_on_with_a_calculation(talk: Talk) -> None:
    talk.say("Forecast 80,000, actual 92,000. What is the variance?")
    assert talk.say("our board has met 3 times this year").activity != "calculate"
    talk.say("Forecast 80,000, actual 92,000. What is the variance?")
    assert "-12.5%" in talk.say("and with 90,000 actual?").text


def test_several_values_of_one_input_are_all_calculated(talk: Talk) -> None:
    said = talk.say("compare the memory of a 7B model in FP16 and in INT4").text
    assert "14 GB" in said
    assert "3.5 GB" in said
    again = talk.say("and with 13B?").text
    assert "26 GB" in again
    assert "6.5 GB" in again


def test_to_calculate_by_name_with_a_part_of_the_figures_asks_for_the_others(talk: Talk) -> None:
    assert "I still need: bytes per parameter" in talk.say("Calculate the memory of a 34B model").text
    assert "34 GB" in talk.say("FP8").text


@pytest.mark.parametrize(
    "words",
    [
        "cache reads 0, writes 0, uncached 0: cache hit rate?",
        "Compute cost 50,000 USD, spot 50,000, commitments cover 28,000: coverage?",
        "distillation costs $3,000, before $0.01 a request, after $0.01: break-even?",
    ],
)
def test_what_cannot_be_divided_is_said(words: str, talk: Talk) -> None:
    assert "nothing to divide by" in talk.say(words).text


def test_what_has_no_end_in_decimals_is_told_with_six(talk: Talk) -> None:
    said = talk.say("payback: costs 20k, saves 500 a week").text
    assert "Payback: 9.21 months = 20,000 / 2,172.619048" in said.splitlines()


def test_a_half_is_rounded_up(talk: Talk) -> None:
    said = talk.say("5,000 USD without an owner, total cost 80,000 USD: unallocated share?").text
    assert "6.3%" in said


def test_what_is_told_for_an_hour_is_told_for_a_month_too(talk: Talk) -> None:
    said = talk.say("2,000 tokens in at $3, 500 out at $15, cost of 1,000 requests a day?").text
    assert "$13.50 a day" in said
    assert "730 hours" in said


# --- The form ---


def test_a_form_calculates_by_fields(talk: Talk) -> None:
    opened = form(talk.say("calculate forecast variance"))
    assert [field.label for field in opened.fields] == ["Forecast spend", "Actual spend"]
    reply = talk.say(opened.says, fields={"forecast": "$80,000", "actual": "92k"})
    assert "-15%" in reply.text
    assert labels(reply)[0] == "Fill in a form"
    wrong = opened.check({"forecast": "lots", "actual": "-5"})
    assert set(wrong) == {"forecast", "actual"}
    alone = Room("test", "alone", private=True)
    assert "-15%" in talk.say(opened.says, room=alone, fields={"forecast": "80k", "actual": "92k"}).text


def test_a_form_says_what_cannot_be_together(talk: Talk) -> None:
    says = form(talk.say("calculate the license utilization")).says
    reply = talk.say(says, fields={"purchased": "400", "assigned": "450"})
    assert "cannot be more than" in reply.text


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("we pay 60,000 upfront and save 5,000 a month, when does it pay off", "Payback: 12 months"),
        ("our budget was 80k, we spent 100k, how far over is that?", "Forecast variance: -25%"),
    ],
)
def test_budgets_and_what_is_paid_upfront_are_known_by_these_words(said: str, told: str, talk: Talk) -> None:
    assert told in talk.say(said).text
