"""What buttons say: short enough for any platform, and read back as what they mean; nothing else is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intents import (
    NAMES,
    Attempt,
    Confirmed,
    Discuss,
    Intent,
    Name,
    Pick,
    Ref,
    RoundOrder,
    RoundPlace,
    Vote,
    certain,
    sayings,
)
from bot.intents.sayings import read_saying
from bot.reply import LONGEST_SAYING

LARGEST = 999_999_999
LONGEST = "a-" * 23 + "z9"  # as long as a slug gets
MOST = 999  # cards, sections or quizzes of one script
SHOWN = [name for name in NAMES if name not in ("poll_answer", "quiz_answer")]

IDS = st.integers(1, LARGEST)
SLUGS = st.from_regex("[A-Za-z0-9][A-Za-z0-9_-]{0,47}", fullmatch=True)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (sayings.vote(LARGEST, 12), certain("poll_answer", Vote(12, LARGEST))),
        (sayings.close_poll(LARGEST), certain("poll_close", Ref(LARGEST))),
        (sayings.poll_results(LARGEST), certain("results", Ref(LARGEST))),
        ("Results of the poll #3", certain("results", Ref(3))),
        ("results of 3", certain("results", Ref(3))),
        (sayings.answer_quiz(LARGEST, 12), certain("quiz_answer", Attempt(None, 12, LARGEST))),
        (sayings.hint(LARGEST), certain("quiz_hint", Ref(LARGEST))),
        (sayings.skip(LARGEST), certain("quiz_skip", Ref(LARGEST))),
        (
            sayings.answer_round(LARGEST, 99, 6, "0123456789ab"),
            certain("quiz_answer", Attempt(None, 6, round=RoundPlace(LARGEST, 99, "0123456789ab"))),
        ),
        (sayings.round_order("reveal", LARGEST, 99), certain("quiz_skip", RoundOrder("reveal", LARGEST, 99))),
        (sayings.round_order("again", LARGEST), certain("quiz_start", RoundOrder("again", LARGEST))),
        (
            sayings.show_round(LARGEST, "0123456789ab"),
            certain("quiz_start", RoundOrder("show", LARGEST, permit="0123456789ab")),
        ),
        (sayings.discuss("withdraw", LARGEST), certain("engagement_question", Discuss("withdraw", LARGEST))),
        (sayings.post_question(LONGEST, MOST), certain("engagement_question", Discuss("post", MOST, script=LONGEST))),
        (sayings.use_script(LONGEST), certain("settings", Pick(None, LONGEST))),
        (sayings.FORGET_ME, certain("privacy", Confirmed(True))),
        (sayings.KEEP_ME, certain("privacy", Confirmed(False))),
        *((sayings.show(name, LONGEST), certain(name, Pick(None, LONGEST))) for name in SHOWN),
        *((sayings.show(name, LONGEST, MOST), certain(name, Pick(MOST, LONGEST))) for name in SHOWN),
    ],
)
def test_what_a_button_says_is_short_and_read_back(said: str, meant: Intent) -> None:
    assert said.isascii()
    assert len(said) <= LONGEST_SAYING
    assert read_saying(said) == meant


@given(IDS, IDS)
def test_any_ids_are_read_back(number: int, place: int) -> None:
    assert read_saying(sayings.vote(number, place)) == certain("poll_answer", Vote(place, number))
    assert read_saying(sayings.answer_quiz(number, place)) == certain("quiz_answer", Attempt(None, place, number))
    assert read_saying(sayings.close_poll(number)) == certain("poll_close", Ref(number))


@given(st.sampled_from(SHOWN), SLUGS, st.none() | st.integers(1, MOST))
def test_any_script_is_read_back(name: Name, slug: str, number: int | None) -> None:
    assert read_saying(sayings.show(name, slug, number)) == certain(name, Pick(number, slug))
    assert read_saying(sayings.use_script(slug)) == certain("settings", Pick(None, slug))


@pytest.mark.parametrize(
    "said",
    [
        "",
        "vote",
        "vote 1",
        "vote 1 2 3",
        "vote  1 2",
        "vote one two",
        "vote -1 2",
        "vote 1234567890 1",
        "vote \uff11 \uff12",
        "VOTE 1 2",
        "vote 1 2\n",
        "please vote 1 2",
        "poll 1",
        "poll 1 open",
        "quiz 1 answer",
        "quiz hint",
        "show",
        "show benefits",
        "show nothing role-of-finops",
        "show benefits role-of-finops x",
        "show poll_answer role-of-finops",
        "show quiz_answer role-of-finops 2",
        "use",
        "use ../../etc",
        "use -x",
        "privacy delete",
        "quiz me",
        "what is FinOps?",
    ],
)
def test_nothing_else_is_read(said: str) -> None:
    assert read_saying(said) is None


@given(st.text(max_size=100))
def test_other_words_are_left_to_meaning(said: str) -> None:
    first = said.split(" ")[0]
    if first not in ("vote", "poll", "quiz", "show", "use", "privacy"):
        assert read_saying(said) is None
