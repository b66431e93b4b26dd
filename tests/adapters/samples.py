"""Replies that every platform must be able to show: the empty, the widest and the nastiest of each part."""

from __future__ import annotations

from bot.reply import Ballot, Choice, Choices, Field, Form, Part, Picture, Reply, Sources, Tally, Text
from knowledge.answer import Source

NASTY = "<!channel> <@U0BO> @everyone @here [x](https://evil.example) `*_~|>#-\u202e & <script>"
LONG_WORD = "w" * 5_000
LONG_TEXT = "FinOps keeps an eye on the fuel gauge of every project. " * 200
SOURCE = Source("The role of FinOps", "What is FinOps?", "0:30-2:00", None)
LINKED = Source(NASTY, NASTY, "page 3", "https://example.org/a?b=c&d=<e>")


def form(*fields: Field) -> Form:
    """A form of these fields."""
    return Form("poll new", "A form with a title that is longer than a window", fields)


def choices(count: int, label: str = "Option") -> tuple[Choice, ...]:
    """So many choices."""
    return tuple(Choice(f"{label} {place}", f"vote 1 {place}") for place in range(count))


FIELDS = (
    Field("short", "A label"),
    Field("long", NASTY * 3, NASTY * 40, required=False, value=LONG_WORD, long=True),
    Field("one", "One of", options=("month", "year"), value="year"),
    Field("some", "Some of", options=tuple(f"feature {place}" for place in range(10)), value="feature 1", several=True),
    Field("many", "Many of", options=tuple(f"feature {place}" for place in range(40)), several=True),
    Field("number", "A number", value="15", number=True, required=False),
)
PARTS: dict[str, Part] = {
    "empty text": Text(""),
    "plain": Text("FinOps is a practice."),
    "lines": Text("One:\n- a\n- b\n\n1. c\n2. d"),
    "markdown": Text("# Head\n**bold** *it* `code` [link](https://example.org)\n\n> quote\n\n```\ncode\n```"),
    "nested": Text("- a\n  - b\n    - c\n- d\n\n3. e\n4. f"),
    "table": Text("| a | b |\n| --- | --- |\n" + "| one | two |\n" * 60),
    "long": Text(LONG_TEXT),
    "one word": Text(LONG_WORD),
    "long list": Text("\n".join(f"- item {place}" for place in range(600))),
    "long code": Text("```\n" + "x = 1\n" * 900 + "```"),
    "nasty": Text(NASTY),
    "two choices": Choices(choices(2)),
    "no choices": Choices(()),
    "many choices": Choices(choices(30)),
    "very many choices": Choices(choices(250)),
    "long labels": Choices(choices(3, "long " * 40)),
    "nasty labels": Choices(tuple(Choice(f"{NASTY}{place}", f"vote 1 {place}") for place in range(4))),
    "aside": Choices((Choice("helpful", "helpful 1"), Choice("not helpful", opens=form(FIELDS[0]))), aside=True),
    "a form": form(*FIELDS),
    "a ballot": Ballot(1, "Tea?", choices(3), 0),
    "a full ballot": Ballot(1, "Q" * 300, choices(10, "o" * 70), 12_345, tuple(range(10)), (NASTY, "A note." * 40)),
    "a nasty ballot": Ballot(1, NASTY, (Choice(NASTY, "vote 1 1"), Choice("b", "vote 1 2")), 1, (1, 0)),
    "a tally": Tally(1, "Tea?", ("yes", "no"), (2, 1), 3, closed=True),
    "an empty tally": Tally(1, NASTY, tuple("abcdefghij"), (0,) * 10, 0, closed=False),
    "a picture": Picture(lambda: b"png", "Votes as bars: yes 2, no 1."),
    "a told picture": Picture(lambda: b"png", "a" * 5_000, told=True),
    "a source": Sources((SOURCE,)),
    "nasty sources": Sources((LINKED, SOURCE) * 20, numbered=True),
}


def reply(*parts: Part) -> Reply:
    """A reply of these parts."""
    return Reply(parts, "question")


REPLIES: dict[str, Reply] = {name: reply(part) for name, part in PARTS.items()}
REPLIES["everything"] = reply(*PARTS.values())
REPLIES["nothing"] = reply()
