"""Drafts: a poll said in one line or filled in a form, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.intents.polls.draft_forms import HOW, RESULTS, draft_form, read_form, when_in_words
from bot.intents.polls.drafts import (
    LONGEST_OPTION,
    LONGEST_QUESTION,
    LONGEST_WORDS,
    DraftError,
    check_draft,
    read_draft,
    tidy,
    wrong_question,
)
from bot.intents.times.moments import read_recurrence
from bot.store import Draft
from tests.naughty import NAUGHTY

BERLIN = "Europe/Berlin"
# A Wednesday, 15:20 in Berlin.
NOW = datetime(2026, 11, 25, 14, 20, 33, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 17, tzinfo=ZoneInfo(BERLIN))
MONDAYS = "FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0"
WHERE = "Where do we eat?"
DRAFT = Draft(WHERE, ("Pizza", "Sushi"), zone=BERLIN)
Read = TypeVar("Read")
# The libraries are loaded in whichever example is the first.


def said(words: str) -> Draft | None:
    return read_draft(words, NOW, BERLIN)


def poll(question: str, *options: str) -> Draft:
    return Draft(question, options, zone=BERLIN)


def told(read: Callable[[], Read]) -> Read | tuple[str, ...]:
    """What is read, or the sentences that are told instead."""
    try:
        return read()
    except DraftError as error:
        return error.sentences


@pytest.mark.parametrize(
    ("words", "question", "options"),
    [
        # Quotes
        ('poll "Where do we eat?" "Pizza" "Sushi"', WHERE, ("Pizza", "Sushi")),
        ("poll “Where do we eat?” “Pizza” “Sushi”", WHERE, ("Pizza", "Sushi")),
        ("poll „Where do we eat?“ „Pizza“ „Sushi“", WHERE, ("Pizza", "Sushi")),
        ("poll «Where do we eat?» «Pizza» «Sushi»", WHERE, ("Pizza", "Sushi")),
        ("poll 'What's up?' 'It's fine' 'Not much'", "What's up?", ("It's fine", "Not much")),
        ('poll "What\'s up?" "It\'s fine" \'so "so"\'', "What's up?", ("It's fine", 'so "so"')),
        ('poll "Which?" "a, b" "c; d" "e | f or g"', "Which?", ("a, b", "c; d", "e | f or g")),
        ('poll: "Which one?" "One" or "Two"', "Which one?", ("One", "Two")),
        ('poll "Which one?": "One", "Two" and "Three"', "Which one?", ("One", "Two", "Three")),
        ('start a poll "Lunch?" with Pizza / Sushi or Salad', "Lunch?", ("Pizza", "Sushi", "Salad")),
        ('start the poll "Lunch?" with the options: Pizza, Sushi', "Lunch?", ("Pizza", "Sushi")),
        ('poll: What does "FinOps" mean? Money, Cloud', 'What does "FinOps" mean?', ("Money", "Cloud")),
        # Marks between options
        ("poll: Where do we eat? Pizza, Sushi, Salad", WHERE, ("Pizza", "Sushi", "Salad")),
        ("poll: Where do we eat? Pizza, Sushi, or Salad.", WHERE, ("Pizza", "Sushi", "Salad")),
        ("poll: Where do we eat? Pizza or Sushi", WHERE, ("Pizza", "Sushi")),
        ("poll: Where do we eat? Pizza vs Sushi", WHERE, ("Pizza", "Sushi")),
        ("poll: Where do we eat? Fish and chips, Rock and roll", WHERE, ("Fish and chips", "Rock and roll")),
        ("new poll Where do we eat? Pizza | Sushi | Salad", WHERE, ("Pizza", "Sushi", "Salad")),
        ("poll: Where do we eat? Pizza, hot; Sushi, cold", WHERE, ("Pizza, hot", "Sushi, cold")),
        ("poll: Lunch | Pizza | Sushi", "Lunch", ("Pizza", "Sushi")),
        ("poll: Lunch: Pizza, Sushi", "Lunch", ("Pizza", "Sushi")),
        ("poll: Lunch - Pizza, Sushi", "Lunch", ("Pizza", "Sushi")),
        ("poll: Lunch? yes/no", "Lunch?", ("yes", "no")),
        ("poll: Budget? 1,000, 2,000, 3,000", "Budget?", ("1,000", "2,000", "3,000")),
        ("poll: When? 9:30, 10:30", "When?", ("9:30", "10:30")),
        ("poll: 3 or 4? three, four", "3 or 4?", ("three", "four")),
        ("poll: Lunch? 1) Pizza 2) Sushi 3) Salad", "Lunch?", ("Pizza", "Sushi", "Salad")),
        ("poll\uff1aLunch\uff1f Pizza, Sushi", "Lunch\uff1f", ("Pizza", "Sushi")),
        # Lines
        ("poll: Where do we eat?\n- Pizza\n- Sushi\n- Salad, green", WHERE, ("Pizza", "Sushi", "Salad, green")),
        ("poll: Where do we eat?\n1. Pizza\n2. Sushi", WHERE, ("Pizza", "Sushi")),
        ("poll: Where do we eat?\r\n\r\n* Pizza\r\n* Sushi\r\n", WHERE, ("Pizza", "Sushi")),
        ("poll: Lunch\nPizza,\nSushi", "Lunch", ("Pizza", "Sushi")),
        ("poll:\nWhere do we eat?\nPizza\nSushi?", WHERE, ("Pizza", "Sushi?")),
        # What people say around a poll
        ("POLL: WHERE? A, B", "WHERE?", ("A", "B")),
        ("pol: Where? A, B", "Where?", ("A", "B")),
        ("quick poll: Where? A, B", "Where?", ("A", "B")),
        ("a team lunch poll: Where? A, B", "Where?", ("A", "B")),
        ("hey bot, can you please start a poll: Where? A, B", "Where?", ("A", "B")),
        ("let's have a poll about lunch: Pizza, Sushi", "lunch", ("Pizza", "Sushi")),
        ("please make a poll. Where? A, B", "Where?", ("A", "B")),
        ("can you make a poll? Where? A, B", "Where?", ("A", "B")),
        ("could we have a poll?? Where next: A / B", "Where next", ("A", "B")),
        ("we need a new poll – Where? A, B", "Where?", ("A", "B")),
        ("create a poll Where? A, B please", "Where?", ("A", "B")),
        ("yes/no poll: Shall we meet on Friday?", "Shall we meet on Friday?", ("Yes", "No")),
        ("a yes or no poll: Shall we meet?", "Shall we meet?", ("Yes", "No")),
        ("yes/no poll: Shall we meet? Sure, Never", "Shall we meet?", ("Sure", "Never")),
        # Question and options, each announced as that.
        ('poll question "Where?" answers "A" "B"', "Where?", ("A", "B")),
        ("make a poll, the question is which one, options Tea, Milk or Juice", "which one", ("Tea", "Milk", "Juice")),
        ("new poll. Q: Where? A: here, B: there", "Where?", ("here", "there")),
        ('poll: question "Which answers count?" options "A" "B"', "Which answers count?", ("A", "B")),
        # Terms inside questions and options are their words.
        ("poll: Should polls be anonymous? Yes, No", "Should polls be anonymous?", ("Yes", "No")),
        ('poll "Anonymous, for 2h?" "for 2h" "hidden"', "Anonymous, for 2h?", ("for 2h", "hidden")),
        ("poll: How often do we meet? Daily, Weekly, Monthly", "How often do we meet?", ("Daily", "Weekly", "Monthly")),
        ("poll: How often? once a week, every day", "How often?", ("once a week", "every day")),
        ("poll: When do we meet? today, tomorrow, in 3 days", "When do we meet?", ("today", "tomorrow", "in 3 days")),
        (
            "poll: How should we vote? By hand, on paper, anonymous",
            "How should we vote?",
            ("By hand", "on paper", "anonymous"),
        ),
        ("poll: How long? for 1h, for a day, later", "How long?", ("for 1h", "for a day", "later")),
        ("poll: How should we vote? Anonymous, Named", "How should we vote?", ("Anonymous", "Named")),
        ("poll: How do you work? Remote, Hybrid, Live", "How do you work?", ("Remote", "Hybrid", "Live")),
        ("poll: What do we want? for 2h, for 3h", "What do we want?", ("for 2h", "for 3h")),
        ("poll: Who cooks? Food for everybody, Food by the pound", "Who cooks?", None),
        # Too little, which is for `check_draft` to say.
        ("poll: Where do we eat?", WHERE, ()),
        ("poll: Remote, Hybrid", "", ("Remote", "Hybrid")),
        ('a poll "Where?" "Here"', "Where?", ("Here",)),
        ("new poll: Which? A | | B", "Which?", ("A", "", "B")),
        ('poll "Which?" "" "B"', "Which?", ("", "B")),
    ],
)
def test_questions_and_options(words: str, question: str, options: tuple[str, ...] | None) -> None:
    options = ("Food for everybody", "Food by the pound") if options is None else options
    assert said(words) == poll(question, *options)


@pytest.mark.parametrize("held", [", for 3 days", ", anonymous", ", several choices; until Friday", " for 3 days"])
def test_or_joins_the_last_two_options_whatever_is_said_after_them(held: str) -> None:
    read = said(f"poll: Where to? Rome, Paris or Oslo{held}")
    assert read is not None
    assert read.options == ("Rome", "Paris", "Oslo")


@pytest.mark.parametrize(
    "words",
    [
        "",
        "poll",
        "poll:",
        "polls",
        "new poll",
        "new poll please",
        "start a poll",
        "start the poll",
        "start the poll please",
        "please start the poll now",
        "can you start a poll, please? thanks",
        "poll please",
        "poll the room about finops",
        "start the poll on DataOps",
        "poll results? yes, please",
        "run the poll: ",
        "close the poll",
        "results of the poll",
        "what does the poll say? yes, no",
        "the poll is over? a, b",
        "Should polls be anonymous? Yes, No",
        "Where do we eat? Pizza, Sushi",
        "is there a poll: yes or no?",
        "pollution: where? here, there",
        "how do I make a poll?",
        "could a poll show how mature we are?",
        "results of the poll: pizza or sushi?",
        "poll results: which option won? pizza or sushi",
        "poll 3: which option won? pizza or sushi",
        "why did we lose the last poll: was it pizza, or sushi?",
    ],
)
def test_what_is_no_own_poll(words: str) -> None:
    assert said(words) is None


@pytest.mark.parametrize(
    ("words", "terms"),
    [
        ('poll "{}" "Pizza" "Sushi" for 2h anonymous', {"lasts": timedelta(hours=2), "anonymous": True}),
        ("poll: {} Pizza, Sushi, for 2h, secret vote", {"lasts": timedelta(hours=2), "anonymous": True}),
        ("poll: {} Pizza, Sushi (anonymous, for 2h)", {"lasts": timedelta(hours=2), "anonymous": True}),
        ("poll (anonymous, for 2h): {} Pizza, Sushi", {"lasts": timedelta(hours=2), "anonymous": True}),
        ('poll anonymous for 2h "{}" "Pizza" "Sushi"', {"lasts": timedelta(hours=2), "anonymous": True}),
        ("anonymous poll: {}\nPizza\nSushi\nfor 2h", {"lasts": timedelta(hours=2), "anonymous": True}),
        ("an anonymus poll: {} Pizza, Sushi", {"anonymous": True}),
        ("anonymous team lunch poll: {} Pizza, Sushi", {"anonymous": True}),
        ("quick multiple choice, anonymous poll: {} Pizza, Sushi", {"anonymous": True, "several": True}),
        ("secret poll: {} Pizza, Sushi", {"anonymous": True}),
        ("poll: {} Pizza, Sushi; no names", {"anonymous": True}),
        ("poll: {} Pizza, Sushi; named", {}),
        ("poll: {} Pizza, Sushi; not anonymous", {}),
        ("poll: {} Pizza; Sushi; multiple choice", {"several": True}),
        ("multiple choice poll: {} Pizza, Sushi", {"several": True}),
        ("mutliple-choice poll: {} Pizza, Sushi", {"several": True}),
        ("poll: {} Pizza, Sushi, several choices", {"several": True}),
        ("poll: {} Pizza, Sushi. Multi-select", {"several": True}),
        ("poll: {} Pizza, Sushi; pick several", {"several": True}),
        ("poll: {} Pizza, Sushi; single choice", {}),
        ("poll: {} Pizza; Sushi; hidden until the close", {"hidden": True}),
        ("poll: {} Pizza, Sushi, hide results until the close", {"hidden": True}),
        ("poll: {} Pizza, Sushi, results hidden", {"hidden": True}),
        ("poll: {} Pizza, Sushi; results after the close", {"hidden": True}),
        ('poll "{}" "Pizza" "Sushi" hidden', {"hidden": True}),
        ("poll: {} Pizza, Sushi; live results", {}),
        ("poll: {} Pizza | Sushi until friday 17:00", {"until": FRIDAY}),
        ("poll: {} Pizza | Sushi, closes Friday at 5pm", {"until": FRIDAY}),
        ("poll until friday 17:00: {} Pizza | Sushi", {"until": FRIDAY}),
        ("poll: {} Pizza, Sushi, unitl fryday 17h", {"until": FRIDAY}),
        ('poll: "{}" Pizza, Sushi; every Monday at 9:00', {"rule": MONDAYS}),
        ("poll: {} Pizza, Sushi every Monday at 9:00 for 2 days", {"rule": MONDAYS, "lasts": timedelta(days=2)}),
        (
            'make a poll: "{}" Pizza, Sushi; multiple choice; every Monday at 9:00 for 2 days',
            {"several": True, "rule": MONDAYS, "lasts": timedelta(days=2)},
        ),
        (
            'poll "{}" "Pizza" "Sushi" until Friday 17:00, remind 1h before',
            {"until": FRIDAY, "remind": timedelta(hours=1)},
        ),
        (
            "poll: {} Pizza, Sushi, for 2h with a reminder 10 minutes before the close",
            {"lasts": timedelta(hours=2), "remind": timedelta(minutes=10)},
        ),
        ("poll: {} Pizza, Sushi; for 2h, no reminder", {"lasts": timedelta(hours=2), "remind": timedelta()}),
        (
            "poll: {} Pizza, Sushi anonymous, several choices, hidden results, for 1h30m, remind us 15 min before, pls",
            {
                "anonymous": True,
                "several": True,
                "hidden": True,
                "lasts": timedelta(minutes=90),
                "remind": timedelta(minutes=15),
            },
        ),
    ],
)
def test_terms(words: str, terms: dict[str, Any]) -> None:
    assert said(words.format(WHERE)) == replace(DRAFT, **terms)


def test_terms_that_do_not_answer_the_question_are_terms() -> None:
    draft = said("poll: When do we meet? Monday, Tuesday, for 2h, anonymous")
    assert draft == replace(poll("When do we meet?", "Monday", "Tuesday"), anonymous=True, lasts=timedelta(hours=2))


def test_a_weekly_poll_repeats_at_this_time() -> None:
    draft = said("weekly poll: How are you? Good, Bad")
    assert draft is not None
    assert draft.rule == "FREQ=WEEKLY;BYDAY=WE;BYHOUR=15;BYMINUTE=20"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ('poll "Q?" "A" "B" for 400 days', "more than a year ahead"),
        ("poll: Q? A, B, until 24 November 12:00", "has passed"),
        ("poll: Q? A, B, for 10 seconds", "less than a minute"),
        ("poll: Q? A, B; every 5 minutes", "once a day at most"),
        ("poll: Q? A, B; every 31st of february", "never comes"),
        ('poll "Q?" "A" "B" until 28 March 2027 2:30', "There is no 02:30"),
        ("poll: " + "Q" * 5000 + "? A, B", "too long"),
        ('poll "Q?" ' + '"option" ' * 600, "too long"),
    ],
)
def test_what_cannot_be_held_gets_one_sentence(words: str, sentence: str) -> None:
    with pytest.raises(DraftError) as raised:
        said(words)
    assert len(raised.value.sentences) == 1
    assert sentence in raised.value.sentences[0]


def test_what_could_be_read_is_kept_beside_a_mistake() -> None:
    with pytest.raises(DraftError) as raised:
        said('anonymous poll "Q?" "A" "B" for 400 days')
    assert raised.value.draft == replace(poll("Q?", "A", "B"), anonymous=True)


@pytest.mark.parametrize(
    ("draft", "sentences"),
    [
        (DRAFT, ()),
        (poll("x" * LONGEST_QUESTION, *(f"{number}" + "y" * (LONGEST_OPTION - 1) for number in range(10))), ()),
        (poll("", "A", "B"), ("no question",)),
        (poll(" \n", "A", "B"), ("no question",)),
        (poll("\u200b\u202e", "A", "B"), ("nothing that can be shown",)),
        (poll("x" * 301, "A", "B"), ("301 characters: 300",)),
        (poll(WHERE), ("no options: give 2 to 10",)),
        (poll(WHERE, "A"), ("only one option: give 2 to 10",)),
        (poll(WHERE, *map(str, range(11))), ("11 options: 10 are the most",)),
        (poll(WHERE, "A", "  ", "B"), ("Option 2 is empty",)),
        (poll(WHERE, "A", "\u2060"), ("Option 2 has nothing that can be shown",)),
        (poll(WHERE, "A", "b" * 76), ("Option 2 has 76 characters: 75",)),
        (poll(WHERE, "A", "B", "a "), ("Options 1 and 3 are the same, “A” and “a”",)),
        (poll(WHERE, "Straße", "STRASSE"), ("“Straße” and “STRASSE”",)),
        (poll(WHERE, "ﬁne", "fine"), ("the same",)),
        (poll(WHERE, "e\u0301", "é"), ("the same",)),
        (poll(WHERE, "a\u200bb", "ab"), ("the same",)),
        (poll(WHERE, "a  b", "a\tb"), ("the same",)),
        (poll(WHERE, "A", "a", "a"), ("Options 1 and 2 are the same",)),
        (poll("", "A", "", "a"), ("no question", "Option 2 is empty", "Options 1 and 3 are the same")),
        (poll("x" * 5000, "A", "B"), ("too long",)),
        (poll(WHERE, *["x" * 5000] * 20), ("too long",)),
        (replace(DRAFT, remind=timedelta(hours=1)), ("A reminder needs a deadline",)),
        (replace(DRAFT, remind=timedelta()), ()),
        (replace(DRAFT, remind=timedelta(hours=2), lasts=timedelta(hours=2)), ("before the poll opens",)),
        (replace(DRAFT, rule=MONDAYS, until=FRIDAY), ("repeats closes after a time",)),
        (replace(DRAFT, rule=MONDAYS, lasts=timedelta(days=2), remind=timedelta(hours=1)), ()),
    ],
)
def test_everything_that_is_wrong_is_said(draft: Draft, sentences: tuple[str, ...]) -> None:
    wrong = check_draft(draft)
    assert len(wrong) == len(sentences)
    for sentence, part in zip(wrong, sentences, strict=True):
        assert part in sentence
        assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("  a \t b\n c ", "a b c"),
        ("a\u200bb\u2060c\ufeffd\u00ade", "abcde"),
        ("\u202eevil\u202c \u2066x\u2069", "evil x"),
        ("a\x00b\x1b[31mc\x7f\x9b", "ab[31mc"),
        ("a\x07b\x1b[31mc\x7f", "ab[31mc"),
        ("\ue000\ud800x\u3164\u2800", "x"),
        ("e\u0301", "é"),
        ("👩‍👩‍👧 👍🏽 ❤️ 1️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👩‍👩‍👧 👍🏽 ❤️ 1️⃣ 🏴󠁧󠁢󠁥󠁮󠁧󠁿"),
        ("🏳️‍🌈", "🏳️‍🌈"),
        ("a\u200db \u200d x\u200c", "ab x"),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
        ("క్\u200cష", "క్\u200cష"),
        ("a\ufe0f\U000e0061", "a"),
        ("日本語 עברית العربية", "日本語 עברית العربية"),
    ],
)
def test_tidy_keeps_what_is_seen(text: str, shown: str) -> None:
    assert tidy(text) == shown


@pytest.mark.parametrize("question", ["?", " ?!", "...", "—"])
def test_marks_alone_are_no_question(question: str) -> None:
    assert check_draft(poll(question, "A", "B"))
    assert not check_draft(poll("\N{SLICE OF PIZZA}?", "A", "B"))


@given(st.text(max_size=80))
def test_tidy_once_is_tidy(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once
    assert once == once.strip()
    assert "\n" not in once


PIECES = [
    *[
        "poll",
        "poll:",
        "new poll",
        "start a poll",
        "yes/no",
        "anonymous",
        "multiple",
        "choice",
        "hidden",
        "until",
        "for",
    ],
    *["2h", "friday", "17:00", "every", "monday", "at", "9:00", "remind", "1h", "before", "no reminder", "?", "Where?"],
    *[
        '"',
        '"Q?"',
        '"A"',
        "“",
        "”",
        "'",
        "Pizza",
        "Sushi",
        ",",
        ";",
        "|",
        "/",
        "or",
        ":",
        "-",
        "\n",
        "\n- ",
        "1.",
        "(",
        ")",
    ],
    *["with", "options", "the", "close", "results", "400 days", "please", ".", "daily", "\ue000", "\u200b"],
]
WORDS = st.one_of(
    st.text(max_size=60),
    st.text(max_size=60).map("poll: {}".format),
    st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=14).map(lambda pieces: f"poll: Where? {' '.join(pieces)}"),
)


@given(WORDS)
@example('poll: """" \'')
@example("poll: ? ? ?")
def test_whatever_is_typed_gives_a_draft_nothing_or_sentences(words: str) -> None:
    read = told(lambda: said(words))
    if isinstance(read, tuple):
        assert read
        assert all(sentence.endswith(".") for sentence in read)
    elif read is not None:
        assert read.question == tidy(read.question)
        assert list(read.options) == [tidy(option) for option in read.options]
        assert all(sentence.endswith(".") for sentence in check_draft(read))


def test_naughty_strings_are_questions_options_or_sentences() -> None:
    for text in NAUGHTY:
        for words in (text, f"poll: {text}", f'poll "{text}" "{text}" "b"', f"poll: Where?\n{text}\nb\n{text}"):
            read = told(partial(said, words))
            assert read is None or isinstance(read, (Draft, tuple))
            if isinstance(read, Draft):
                assert isinstance(check_draft(read), tuple)


def test_a_long_text_is_read_to_its_end() -> None:
    # Where time grows with the square of the length, the time limit ends this.
    for piece in (
        "until ",
        "every monday ",
        "a, ",
        '"a" ',
        "'",
        "poll ",
        "x? ",
        "a/",
        "remind 1h before ",
        "\n- ",
        "yes/no ",
    ):
        words = (piece * 5000)[:LONGEST_WORDS]
        for text in (words, f"poll: {words}"[:LONGEST_WORDS], f"poll: Where? {words}"[:LONGEST_WORDS], piece * 2000):
            read = told(partial(said, text))
            assert read is None or isinstance(read, (Draft, tuple))


RULES = [
    read_recurrence(text, NOW, BERLIN).rule
    for text in ("every Monday at 9:00", "every weekday at 8:30", "every 2 weeks on Tue and Fri at 17:00")
] + [
    read_recurrence(text, NOW, BERLIN).rule
    for text in ("monthly on the 31st at 9:00", "every first and third Monday of the month at 10:00", "yearly at 1:00")
]
TEXTS = st.text(
    st.characters(categories=("L", "N", "P", "S"), exclude_characters="\"“”„‟«»\uff02'’‘\u201a;"),
    min_size=1,
    max_size=40,
)
LASTS = st.integers(2, 364 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
UNTIL = LASTS.map(lambda lasts: (NOW.replace(second=0) + lasts).astimezone(ZoneInfo(BERLIN)).replace(fold=0))
ONCE = st.builds(replace, st.just(DRAFT), lasts=st.none() | LASTS) | st.builds(replace, st.just(DRAFT), until=UNTIL)
AGAIN = st.builds(replace, st.just(DRAFT), lasts=st.none() | LASTS, rule=st.sampled_from(RULES))


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """Polls that can be opened."""
    options = draw(st.lists(TEXTS.map(tidy).filter(bool), min_size=2, max_size=10))
    draft: Draft = replace(
        draw(ONCE | AGAIN),
        question=draw(TEXTS.map(tidy).filter(lambda question: not wrong_question(question))),
        options=tuple(f"{letter} {option}" for letter, option in zip("abcdefghij", options, strict=False)),
        several=draw(st.booleans()),
        anonymous=draw(st.booleans()),
        hidden=draw(st.booleans()),
    )
    if draft.lasts or draft.until:
        draft = replace(draft, remind=draw(st.sampled_from([None, timedelta(), timedelta(minutes=1)])))
    return draft


@given(drafts())
def test_a_form_that_is_opened_again_is_filled_as_it_was(draft: Draft) -> None:
    form = draft_form("poll new", draft, now=NOW, zone=BERLIN)
    values = {field.name: field.value for field in form.fields}
    assert form.check(values) == {}
    assert read_form(values, NOW, BERLIN) == draft


@given(drafts())
def test_a_draft_in_words_is_read_as_it_was(draft: Draft) -> None:
    options = " ".join(f'"{option}"' for option in draft.options)
    manner = ["anonymous"] * draft.anonymous + ["several choices"] * draft.several + ["results hidden"] * draft.hidden
    terms = ", ".join(filter(None, [*manner, when_in_words(draft)]))
    assert said(f'poll "{draft.question}" {options} {terms}') == draft


@pytest.mark.parametrize(
    ("when", "terms"),
    [
        ("", {}),
        ("never", {}),
        (" - ", {}),
        ("2h", {"lasts": timedelta(hours=2)}),
        ("for 2h", {"lasts": timedelta(hours=2)}),
        ("Friday 17:00", {"until": FRIDAY}),
        ("until Friday 17:00, remind 1h before", {"until": FRIDAY, "remind": timedelta(hours=1)}),
        ("Friday 5pm; no reminder", {"until": FRIDAY, "remind": timedelta()}),
        ("every Monday at 9:00 for 2 days", {"rule": MONDAYS, "lasts": timedelta(days=2)}),
        (
            "for 2 days, every monday 9am and remind us 2h before",
            {"rule": MONDAYS, "lasts": timedelta(days=2), "remind": timedelta(hours=2)},
        ),
    ],
)
def test_the_field_when_takes_deadline_repetition_and_reminder(when: str, terms: dict[str, Any]) -> None:
    values = {"question": WHERE, "options": "Pizza\nSushi", "when": when}
    assert read_form(values, NOW, BERLIN) == replace(DRAFT, **terms)


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"question": " "}, "question", "no question"),
        ({"question": "x" * 301}, "question", "301 characters"),
        ({"question": "x" * 5000}, "question", "too long"),
        ({"options": ""}, "options", "no options"),
        ({"options": "Pizza"}, "options", "only one option"),
        ({"options": "Pizza; pizza"}, "options", "the same"),
        ({"options": "\n".join(map(str, range(11)))}, "options", "11 options"),
        ({"options": "x" * 5000}, "options", "too long"),
        ({"how": "anyhow"}, "how", "Choose one"),
        ({"results": "never"}, "results", "Choose one"),
        ({"when": "soon"}, "when", "“every Monday at 9:00 for 2 days”"),
        ({"when": "anonymous"}, "when", "I do not understand"),
        ({"when": "for 2h, for 3h"}, "when", "I do not understand"),
        ({"when": "x" * 5000}, "when", "I do not understand"),
        ({"when": "for 400 days"}, "when", "more than a year"),
        ({"when": "Friday 26 November"}, "when", "That day is a Thursday"),
        ({"when": "every 5 minutes"}, "when", "once a day at most"),
        ({"when": "for 1h, remind 2h before"}, "when", "before the poll opens"),
        ({"when": "remind 2h before"}, "when", "needs a deadline"),
        ({"when": "every monday until friday"}, "when", "closes after a time"),
    ],
)
def test_a_form_names_the_field_that_is_wrong(changed: dict[str, str], field: str, sentence: str) -> None:
    form = draft_form("poll new", now=NOW, zone=BERLIN)
    values = {one.name: one.value for one in form.fields} | {"question": WHERE, "options": "Pizza\nSushi"} | changed
    wrong = form.check(values)
    assert set(wrong) == {field}
    assert sentence in wrong[field]
    assert told(lambda: read_form(values, NOW, BERLIN)) == (wrong[field],)


def test_everything_that_is_wrong_with_a_form_is_said_at_once() -> None:
    form = draft_form("poll new", now=NOW, zone=BERLIN)
    assert set(form.check({"question": "", "options": "", "when": "soon"})) == {"question", "options", "when"}


@pytest.mark.parametrize(
    ("options", "read"),
    [
        ("Pizza; Sushi;", ("Pizza", "Sushi")),
        ("Pizza\n\nSushi; cold\n", ("Pizza", "Sushi; cold")),
        ("- Pizza\n- Sushi", ("Pizza", "Sushi")),
        ("1. Pizza\r\n2. Sushi", ("Pizza", "Sushi")),
    ],
)
def test_options_of_a_form(options: str, read: tuple[str, ...]) -> None:
    assert read_form({"question": WHERE, "options": options}, NOW, BERLIN).options == read


def test_a_form_leaves_out_what_is_fixed_and_keeps_it() -> None:
    draft = replace(DRAFT, anonymous=True, lasts=timedelta(hours=2))
    form = draft_form("poll edit 3", draft, ("options", "how"), now=NOW, zone=BERLIN)
    assert [field.name for field in form.fields] == ["question", "results", "when"]
    values = {field.name: field.value for field in form.fields} | {"question": "Where, then?"}
    assert form.check(values) == {}
    assert read_form(values, NOW, BERLIN, draft) == replace(draft, question="Where, then?")


def test_a_form_fits_the_windows_of_platforms() -> None:
    form = draft_form("poll new", now=NOW, zone=BERLIN)
    assert len(form.fields) <= 5
    assert len(form.title) <= 24
    assert all(len(field.label) <= 45 and len(field.hint) <= 100 for field in form.fields)
    assert all(option in HOW or option in RESULTS for field in form.fields for option in field.options)


@given(st.dictionaries(st.sampled_from(["question", "options", "how", "results", "when"]), WORDS))
def test_whatever_a_form_holds_gives_a_draft_or_sentences(values: dict[str, str]) -> None:
    wrong = draft_form("poll new", now=NOW, zone=BERLIN).check(values)
    read = told(lambda: read_form(values, NOW, BERLIN))
    assert isinstance(read, tuple) == bool(wrong)
    if isinstance(read, Draft):
        assert check_draft(read) == ()


@pytest.mark.parametrize(
    ("said", "options"),
    [
        ("Pizza, ||anonymous||", ("Pizza", "||anonymous||")),
        ("Pizza, ||for 2h||", ("Pizza", "||for 2h||")),
        ("Pizza ||cold, raw||, Sushi", ("Pizza ||cold, raw||", "Sushi")),
        ("A|B|C", ("A", "B", "C")),
    ],
)
def test_what_a_spoiler_hides_is_content_and_never_a_setting(said: str, options: tuple[str, ...]) -> None:
    draft = read_draft(f"poll: Where? {said}", NOW, "UTC")
    assert draft is not None
    assert draft == Draft("Where?", options, zone="UTC")


def test_a_period_between_slashes_may_be_an_option() -> None:
    draft = said("poll: Do we want a review? yes / no / every two weeks")
    assert draft is not None
    assert (draft.rule, draft.unread) == (None, ("every two weeks",))
