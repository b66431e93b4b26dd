"""The terminal: how a conversation goes, is pressed, asked in forms, continued and ended; all with a fake assistant."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.terminal.app import GOODBYES, converse
from adapters.terminal.forms import CANCELLED, LEAVING_WORDS, NEEDED, ONE_LINE, PICK, WAY_OUT
from adapters.terminal.listen import ROOM, turn
from adapters.terminal.news import News
from adapters.terminal.reading import FAREWELL
from adapters.terminal.render import render
from adapters.terminal.screen import Screen, pick
from adapters.terminal.stream import Telling
from adapters.terminal.style import PLAIN
from bot.board import Board, Page
from bot.reply import Ballot, Choice, Choices, Field, Form, Reply, Sources, Text
from bot.turn import Room, Turn
from knowledge.answer import Source

NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)
BOOK = Sources((Source("A book", None, None, None),))


class Fake:
    """An assistant that says what it is told to, by words, else what it heard."""

    def __init__(self, replies: Mapping[str, Sequence[Reply]] | None = None) -> None:
        self.replies = replies or {}
        self.heard: list[Turn] = []

    async def hear(self, turn: Turn) -> AsyncIterator[Reply]:
        self.heard.append(turn)
        for reply in self.replies.get(turn.words, [told(f"You said: {turn.words}")]):
            await asyncio.sleep(0)
            yield reply

    @property
    def words(self) -> list[str]:
        return [turn.words for turn in self.heard]


def told(text: str, slot: str | None = None) -> Reply:
    return Reply((Text(text),), "question", slot=slot)


def offered(*labels: str, aside: bool = False) -> Choices:
    return Choices(tuple(Choice(label, says=f"/{label.encode('ascii', 'ignore').decode()}") for label in labels), aside)


async def lines_of(*lines: str) -> AsyncIterator[str]:
    for line in lines:
        yield line


def talk(fake: Fake, *lines: str, screen: Screen | None = None) -> list[str]:
    shown: list[str] = []
    asyncio.run(converse(fake, lines_of(*lines), shown.append, lambda: NOON, screen=screen))
    return shown


# --- Turns ---


def test_each_line_is_a_turn() -> None:
    assert talk(Fake(), "ahoy\n", "  ", "", " and again ") == ["You said: ahoy\n", "You said: and again\n"]


@pytest.mark.parametrize("word", sorted(GOODBYES))
def test_a_goodbye_ends_the_talk(word: str) -> None:
    assert talk(Fake(), "ahoy", f" {word.upper()}! ", "unheard") == ["You said: ahoy\n", FAREWELL]


def test_several_lines_pasted_are_one_turn() -> None:
    fake = Fake()
    talk(fake, "one\ntwo\r\nthree\n", "x" * 100_000)
    assert fake.words == ["one two three", "x" * 100_000]


def test_turns_are_private_and_each_has_an_id_of_its_own() -> None:
    turns = [turn("a", NOON) for _ in range(1_000)]
    assert len({turn.id for turn in turns}) == 1_000
    assert all(turn.id.startswith("terminal:") for turn in turns)
    assert (turns[0].room, turns[0].words, turns[0].at, turns[0].addressed) == (ROOM, "a", NOON, True)
    assert turns[0].room.private
    assert turns[0].person.moderator
    assert turns[0].fields == {}
    assert turn("a", NOON, {"x": "1"}).fields == {"x": "1"}


def test_a_reply_with_nothing_to_draw_shows_nothing() -> None:
    assert talk(Fake({"hm": [Reply((), "x"), told(""), told("", "slot")]}), "hm") == []


# --- Pressing ---

LABELS = [
    "Compare scenarios A and B",
    "Compare costs",
    "C++",
    "C",
    "What is FinOps?",
    "Don’t know",
    "7",
    "\N{PILE OF POO}",
]


@pytest.mark.parametrize(
    ("words", "place"),
    [
        *((form, 1) for form in ("2", "2.", " 2) ", "(2)", "#2", "option 2", "Number 2", "[2]", "no. 2", "2,", "02")),
        *((form, 1) for form in ("b", "B", "b)", "(b)", "b.", "option b", "Letter B")),
        ("compare COSTS", 1),
        ('"Compare costs."', 1),
        ("compare scenarios", 0),
        ("compare  scenarios a", 0),
        ("C++", 2),
        ("c", 3),
        ("what is finops", 4),
        ("don't know", 5),
        ("7", 6),
        ("g", 6),
        ("\N{PILE OF POO}", 7),
        # What is no press, and goes to the core as it was typed.
        *((words, None) for words in ("9", "0", "-1", "2?", "2 3", "1.5", "z", "second", "", "?", "...", "²")),
        *(
            (words, None)
            for words in ("compare", "Compare costs of models", "Compare costs?!x", "comp", "what", "what is?")
        ),
        ("C+", None),
    ],
)
def test_a_whole_line_presses(words: str, place: int | None) -> None:
    assert pick(words, LABELS) == place


@pytest.mark.parametrize(("words", "place"), [("1", 0), ("2", None), ("b", None), ("not helpful", 2), ("Helpful!", 1)])
def test_what_stands_aside_is_pressed_by_words_only(words: str, place: int | None) -> None:
    assert pick(words, ["Go on", "Helpful", "Not helpful"], numbers=1) == place


@pytest.mark.parametrize("words", ["yes", "Yes!", "yes p"])
def test_what_fits_two_labels_presses_none(words: str) -> None:
    assert pick(words, ["Yes", "yes", "Yes please", "Yes p"]) == (3 if words == "yes p" else None)


@given(st.text(max_size=30), st.lists(st.text(max_size=12), max_size=6))
def test_a_press_is_in_the_list(words: str, labels: list[str]) -> None:
    place = pick(words, labels)
    assert place is None or 0 <= place < len(labels)


def test_a_press_says_what_the_choice_says() -> None:
    fake = Fake({"hi": [Reply((Text("Which?"), offered("One", "Two")), "x")]})
    talk(fake, "1", "hi", "2", "b", "one", "3", "one more question")
    assert fake.words == ["1", "hi", "/Two", "/Two", "/One", "3", "one more question"]


def test_several_choices_of_a_reply_are_numbered_on() -> None:
    ballot = Ballot(1, "Where?", offered("Here", "There").choices, 0)
    fake = Fake({"hi": [Reply((offered("One"), ballot, offered("Last")), "x")]})
    shown = talk(fake, "hi", "3", "4")
    assert [line.strip() for line in shown[0].splitlines() if line.startswith("  ")] == [
        "1. One",
        "2. Here",
        "3. There",
        "4. Last",
    ]
    assert fake.words[1:] == ["/There", "/Last"]


def test_numbers_stay_until_there_are_newer_ones_and_asides_only_for_their_reply() -> None:
    fake = Fake(
        {
            "hi": [Reply((offered("One", "Two"), offered("Helpful", aside=True)), "x")],
            "news": [Reply((offered("New"),), "x")],
        }
    )
    talk(fake, "hi", "helpful", "helpful", "2", "news", "1", "2", "two")
    assert fake.words == ["hi", "/Helpful", "helpful", "/Two", "news", "/New", "2", "two"]


def test_beside_a_ballot_a_number_presses_no_older_button() -> None:
    ballot = Ballot(1, "Where?", offered("Here", "There").choices, 0)
    fake = Fake({"poll": [Reply((ballot,), "x")], "menu": [Reply((offered("Close it"),), "x")]})
    talk(fake, "poll", "hm", "2", "menu", "hm", "1")
    assert fake.words == ["poll", "hm", "/There", "menu", "hm", "1"]


def test_what_is_on_the_screen_at_first_can_be_pressed() -> None:
    screen, fake = Screen(), Fake()
    screen.see(Reply((Text("Hello!"), offered("Help\x1b[2J me", "Polls")), "help"))
    assert screen.labels == ["Help[2J me", "Polls"]
    talk(fake, "2", screen=screen)
    assert fake.words == ["/Polls"]


# --- Forms ---


def no_long_names(values: Mapping[str, str]) -> dict[str, str]:
    return {"name": "too long."} if len(values["name"]) > 5 else {}


FORM = Form(
    "/new",
    "New boat",
    (
        Field("name", "Name", hint="as painted on it"),
        Field("kind", "Kind", options=("Sail", "Motor")),
        Field("home", "Harbour", required=False),
    ),
    no_long_names,
)
QUESTIONS = [
    'Name: as painted on it ["cancel" leaves]',
    'Kind ["cancel" leaves]\n  1. Sail\n  2. Motor',
    'Harbour [an empty line skips it; "cancel" leaves]',
]
OPENS = Reply((Text("Shall we?"), Choices((Choice("New boat", opens=FORM),))), "x")
ASKS = Reply((FORM,), "x")


@pytest.mark.parametrize(
    ("reply", "pressed", "before"),
    [
        (OPENS, ["1"], ["Shall we?\n\n  1. New boat\n", "New boat"]),
        (ASKS, [], ["New boat\nFill in: Name, Kind, Harbour\n"]),
    ],
    ids=["opened", "asked at once"],
)
def test_a_form_is_asked_line_by_line(reply: Reply, pressed: list[str], before: list[str]) -> None:
    fake = Fake({"hi": [reply]})
    shown = talk(fake, "hi", *pressed, "Ahoy\n", " motor ", "Kiel", "next")
    assert shown == [*before, ONE_LINE, *QUESTIONS, "You said: /new\n", "You said: next\n"]
    assert fake.heard[1].fields == {"name": "Ahoy", "kind": "Motor", "home": "Kiel"}
    assert fake.words == ["hi", "/new", "next"]


def test_an_empty_line_skips_what_is_optional_and_nothing_else() -> None:
    fake = Fake({"hi": [ASKS]})
    shown = talk(fake, "hi", "", "Ahoy", "", "3", "rowing", "1", "")
    name, kind, home = QUESTIONS
    assert shown[2:-1] == [name, NEEDED, name, kind, NEEDED, kind, PICK, kind, WAY_OUT, kind, home]
    assert fake.heard[1].fields == {"name": "Ahoy", "kind": "Sail", "home": ""}


def test_what_the_check_refuses_is_asked_again_and_no_more() -> None:
    fake = Fake({"hi": [ASKS]})
    shown = talk(fake, "hi", "Endeavour", "a", "", "Victoria", "Ahoy")
    name, kind, home = QUESTIONS
    assert shown[2:-1] == [name, kind, home, "Name: too long.", name, WAY_OUT, name]
    assert fake.heard[1].fields == {"name": "Ahoy", "kind": "Sail", "home": ""}


def test_what_is_wrong_with_no_field_in_particular_asks_for_all_again() -> None:
    fields = (Field("a", "A"), Field("b", "B"))
    form = Form("/ab", "AB", fields, lambda values: {} if values["a"] != values["b"] else {"": "They are the same."})
    fake = Fake({"hi": [Reply((form,), "x")]})
    asked = [f'{name} ["cancel" leaves]' for name in "AB"]
    assert talk(fake, "hi", "1", "1", "1", "2")[2:-1] == [*asked, "They are the same.", *asked]
    assert fake.heard[1].fields == {"a": "1", "b": "2"}


def test_a_form_without_fields_that_is_wrong_is_not_asked_for_ever() -> None:
    form = Form("/no", "No", (), lambda values: {"": "Never."})
    fake = Fake({"hi": [Reply((form,), "x")]})
    assert talk(fake, "hi", "next")[2:] == ["Never.", "You said: next\n"]


@pytest.mark.parametrize("word", sorted(LEAVING_WORDS))
@pytest.mark.parametrize("answered", [[], ["Ahoy"], ["Ahoy", "1"]])
def test_a_form_can_be_left(word: str, answered: list[str]) -> None:
    fake = Fake({"hi": [ASKS]})
    shown = talk(fake, "hi", *answered, f"{word.title()}.", "next")
    assert shown[-2:] == [CANCELLED + "\n", "You said: next\n"]
    assert fake.words == ["hi", "next"]


def test_a_question_is_answered_and_the_form_goes_on() -> None:
    fake = Fake({"hi": [ASKS]})
    shown = talk(fake, "hi", "Ahoy", "Which is cheaper?", "1", "")
    name, kind, home = QUESTIONS
    assert shown[2:-1] == [name, kind, "You said: Which is cheaper?\n", kind, home]
    assert fake.words == ["hi", "Which is cheaper?", "/new"]
    assert fake.heard[2].fields == {"name": "Ahoy", "kind": "Sail", "home": ""}


def test_what_the_check_refuses_is_answered_where_it_asks_something() -> None:
    fake = Fake({"hi": [ASKS]})
    shown = talk(fake, "hi", "How long may it be?", "1", "", "Ahoy")
    name, kind, home = QUESTIONS
    assert shown[2:-1] == [name, kind, home, "You said: How long may it be?\n", name]
    assert fake.heard[-1].fields == {"name": "Ahoy", "kind": "Sail", "home": ""}


def test_back_goes_to_the_answer_before() -> None:
    fake = Fake({"hi": [ASKS]})
    shown = talk(fake, "hi", "back", "Ahoj", "Back", "Ahoy", "1", "")
    name, kind, home = QUESTIONS
    assert shown[2:-1] == [name, name, kind, name, kind, home]
    assert fake.heard[1].fields == {"name": "Ahoy", "kind": "Sail", "home": ""}


def test_an_option_is_no_way_out() -> None:
    form = Form("/x", "X", (Field("a", "A", options=("Stop", "Go")),))
    fake = Fake({"hi": [Reply((form,), "x")]})
    talk(fake, "hi", "stop")
    assert fake.heard[1].fields == {"a": "Stop"}


@pytest.mark.parametrize("answered", [[], ["Ahoy"], ["Ahoy", "1"]])
def test_the_end_of_the_input_in_a_form_sends_nothing(answered: list[str]) -> None:
    fake = Fake({"hi": [Reply((FORM, FORM), "x")]})
    assert talk(fake, "hi", *answered)[-1] == QUESTIONS[len(answered)]
    assert fake.words == ["hi"]


def test_a_form_may_lead_to_another() -> None:
    fake = Fake({"hi": [ASKS], "/new": [Reply((Form("/crew", "Crew", (Field("who", "Who"),)),), "x")]})
    talk(fake, "hi", "Ahoy", "1", "", "Ada")
    assert [(turn.words, dict(turn.fields)) for turn in fake.heard[1:]] == [
        ("/new", {"name": "Ahoy", "kind": "Sail", "home": ""}),
        ("/crew", {"who": "Ada"}),
    ]


def test_the_options_of_a_question_can_be_completed_while_it_is_asked() -> None:
    screen, labels = Screen(), []

    async def lines() -> AsyncIterator[str]:
        for line in ("hi", "1", "Ahoy", "2", "", "next"):
            labels.append(screen.labels)
            yield line

    asyncio.run(converse(Fake({"hi": [OPENS]}), lines(), lambda text: None, lambda: NOON, screen=screen))
    assert labels == [[], ["New boat"], ["New boat"], ["Sail", "Motor"], ["New boat"], ["New boat"]]


# --- Replies that grow ---

VERSE = (
    "The rope is long and the sea is wide, and nobody\nknows:\n"
    "- how deep it is there, far from the harbour and its lights\n- why"
)


def shown_of(replies: Sequence[Reply], width: int = 30) -> list[list[str]]:
    """What each reply shows, and at last what their end does."""
    shown: list[list[str]] = [[]]
    telling = Telling(lambda text: shown[-1].append(text), width, PLAIN)
    for reply in replies:
        telling.tell(reply)
        shown.append([])
    telling.end()
    return shown


def test_a_reply_that_grows_is_continued_and_not_repeated() -> None:
    end = Reply((Text(VERSE), BOOK, offered("More", aside=True)), "x", slot="a")
    parts = shown_of([told(VERSE[:10], "a"), told(VERSE[:45], "a"), told(VERSE[:52], "a"), end])
    assert parts == [
        [],
        ["The rope is long and the sea"],
        ["is wide, and nobody"],
        ["knows:\n- how deep it is there, far\n  from the harbour and its\n  lights"],
        ["- why\n\nSource: A book\n\n(more)\n"],
    ]


@given(
    st.text(st.characters(codec="utf-8") | st.sampled_from(" \n-1."), max_size=300),
    st.lists(st.integers(0, 300), max_size=6),
    st.integers(20, 110),
)
def test_however_it_grows_the_whole_is_shown_once(text: str, ends: list[int], width: int) -> None:
    last = Reply((Text(text), BOOK), "x", slot="a")
    shown = shown_of([*(told(text[:end], "a") for end in sorted(ends)), last], width)
    assert "\n".join(text for texts in shown for text in texts).lstrip("\n") == (render(last, width) + "\n").lstrip(
        "\n"
    )


@pytest.mark.parametrize(
    ("replies", "expected"),
    [
        ([told("One.", "a"), told("Two.", "a")], ["One.\n", "Two.\n"]),
        ([told("One.", "a"), told("One.", "a")], ["One.\n"]),
        ([told("One.", "a"), told("One. Two.", "b")], ["One.\n", "One. Two.\n"]),
        ([told("One."), told("One. Two.")], ["One.\n", "One. Two.\n"]),
        ([told("One.", "a"), told("Aside."), told("One. Two.", "a")], ["One.\n", "Aside.\n", "One. Two.\n"]),
    ],
)
def test_what_does_not_grow_is_shown_anew(replies: list[Reply], expected: list[str]) -> None:
    assert talk(Fake({"hi": replies}), "hi") == expected


def test_a_slot_is_not_continued_in_another_turn() -> None:
    fake = Fake({"hi": [told("One.", "a")], "more": [told("One. Two.", "a")]})
    assert talk(fake, "hi", "more") == ["One.\n", "One. Two.\n"]


def test_only_the_last_of_a_slot_can_be_pressed_and_asks() -> None:
    early = Reply((Text("Wait"), offered("Old", "Older"), FORM), "x", slot="a")
    late = Reply((Text("Wait no more."), offered("New")), "x", slot="a")
    fake = Fake({"hi": [early, late]})
    assert talk(fake, "hi", "2", "1")[0] == "Wait no more.\n\n  1. New\n"
    assert fake.words == ["hi", "2", "/New"]


def test_what_does_not_grow_does_not_wait_for_the_end() -> None:
    ballots = [Reply((Ballot(1, "Where?", (), voters),), "x", slot="a") for voters in (0, 1)]
    assert [len(texts) for texts in shown_of([told("One."), *ballots])] == [1, 1, 1, 0]


class Broken:
    """A board whose store has gone."""

    def pages(self, platform: str, at: datetime) -> Iterator[Page]:
        raise OSError("the disk is full")

    def placed(self, room: Room, reply: Reply, reference: str, at: datetime) -> None:
        raise OSError("the disk is full")


def test_news_that_cannot_be_had_do_not_end_the_talk(caplog: pytest.LogCaptureFixture) -> None:
    news = News(cast(Board, Broken()), lambda at: 0)
    assert news.latest(datetime(2025, 1, 6, tzinfo=UTC)) == []
    news.told(Reply((Text("Hello."),), "help"), datetime(2025, 1, 6, tzinfo=UTC))
    assert len(caplog.records) == 2
