"""The terminal: what is drawn of each part, at any width, plainly or not."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.terminal.layout import clean
from adapters.terminal.render import NARROWEST, WIDEST, render
from adapters.terminal.style import PLAIN, Style, is_capable, style_of
from bot.markup.marks import as_written
from bot.reply import Ballot, Choice, Choices, Field, Form, Part, Picture, Reply, Sources, Tally, Text
from knowledge.answer import Source

LIST = (
    "Ropes:\n- Hemp is a rope that is made of plants and rots in the rain\n- Nylon\n"
    "1. First of all the long rope is coiled on the deck\n10. Then comes the short one, and so it goes on and on"
)
VIDEO = Source("A video about boats", "Harbour", "0:00-1:30", None)
BOOK = Source("A book", None, None, None)
CHOICES = (Choice("Alpha", says="a"), Choice("A rather long label, and more", says="b"))
BALLOT = Ballot(1, "Where do we eat?", (Choice("Pizza", says="1"), Choice("Noodles", says="2")), 3)
TALLY = Tally(1, "Where do we eat?", ("Pizza", "The place round the corner", "Home"), (3, 12, 0), 15, True)
FORM = Form("/new", "New poll", (Field("q", "Question"), Field("o", "Options")))


def drawn(*parts: Part, width: int = 60, style: Style = PLAIN) -> list[str]:
    return render(Reply(parts, "x"), width, style).splitlines()


# --- Lines ---


@pytest.mark.parametrize("width", [20, 23, 40, 60, 100])
def test_lines_keep_within_the_width(width: int) -> None:
    lines = drawn(Text(LIST), Sources((VIDEO, BOOK)), width=width)
    assert max(map(len, lines)) <= width
    assert " ".join(lines).split() == [*LIST.split(), "Sources:", *f"{VIDEO}; {BOOK}".split()]


def test_the_rest_of_an_item_hangs_under_its_text() -> None:
    assert drawn(Text(LIST), width=24) == [
        "Ropes:",
        "- Hemp is a rope that is",
        "  made of plants and",
        "  rots in the rain",
        "- Nylon",
        "1. First of all the long",
        "   rope is coiled on the",
        "   deck",
        "10. Then comes the short",
        "    one, and so it goes",
        "    on and on",
    ]


@pytest.mark.parametrize(
    "text", ["2024 was a year of many ropes", "-5 degrees and a lot of rain", "3.5 of these ropes and more"]
)
def test_a_number_is_no_item(text: str) -> None:
    assert all(not line.startswith(" ") for line in drawn(Text(text), width=20))


def test_an_item_in_an_item_hangs_deeper() -> None:
    assert drawn(Text("- a\n  - one that is long enough"), width=20) == ["- a", "  - one that is long", "    enough"]


@pytest.mark.parametrize(("width", "used"), [(0, NARROWEST), (-5, NARROWEST), (1, NARROWEST), (5_000, WIDEST)])
def test_no_window_is_too_narrow_or_too_wide(width: int, used: int) -> None:
    assert drawn(Text("sea " * 100), width=width) == drawn(Text("sea " * 100), width=used)


def test_a_word_that_is_too_long_stays_whole() -> None:
    address = "https://harbour.example/" + "x" * 60
    assert address in drawn(Text(f"- See {address} now"), width=20)


def test_empty_lines_stay_between_lines_only() -> None:
    assert drawn(Text("\n\nOne.\n\nTwo.\n\n"), Text("\n"), Text("Three.")) == ["One.", "", "Two.", "", "Three."]


# --- Titles and links ---

BOLD = Style(colour=True)
PRESSED = Style(links=True)


def bold(text: str) -> list[str]:
    """The titles of a drawn text."""
    return [
        line.removeprefix("\x1b[1m").removesuffix("\x1b[0m")
        for line in drawn(Text(text), style=BOLD)
        if "\x1b[1m" in line
    ]


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("From the log:\nA storm.\n\nFrom the book:\nA calm.", ["From the log:", "From the book:"]),
        ("**Open polls**\n\n- One", ["Open polls"]),
        ("## Ropes\nHemp", ["Ropes"]),
        (
            "Quiz: Which rope rots in the rain, and why does it?",
            ["Quiz: Which rope rots in the rain, and why does it?"],
        ),
        ("A calm.\nFrom the book:\nmore", []),
        ("Choose one of these:", []),
        ("A sentence that takes its time before it comes to its list:\n- One", []),
        ("A **strong** word\nand more", []),
        ("**Strong at first\nand more", []),
        (as_written("# Not mine") + "\nmore", []),
        (as_written("Mine:") + "\nmore", []),
    ],
)
def test_titles_are_bold(text: str, titles: list[str]) -> None:
    assert bold(text) == titles


def test_a_title_is_the_same_words_without_colour() -> None:
    assert drawn(Text("**Ropes**\n\nHemp")) == ["Ropes", "", "Hemp"]


LINK = re.compile(r"\x1b]8;;([^\x1b]*)\x1b\\([^\x1b]*)\x1b]8;;\x1b\\")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("See https://harbour.example/a_(b).", "https://harbour.example/a_(b)"),
        ("(see https://harbour.example/a)", "https://harbour.example/a"),
        ("“https://harbour.example/?q=1&r=é”", "https://harbour.example/?q=1&r=é"),
    ],
)
def test_an_address_can_be_pressed(text: str, address: str) -> None:
    (line,) = drawn(Text(text), style=PRESSED)
    ((leads, words),) = LINK.findall(line)
    assert words == address
    assert leads == address.replace("é", "%C3%A9")
    assert LINK.sub(r"\2", line) == text == drawn(Text(text))[0]


def test_a_source_with_an_address_can_be_pressed_in_each_of_its_lines() -> None:
    known = Source("A long book about boats and ropes", "Knots", None, "https://harbour.example/book")
    lines = drawn(Sources((VIDEO, known)), width=40, style=PRESSED)
    found = [LINK.findall(line) for line in lines]
    assert " ".join(words for links in found for _, words in links) == str(known)
    assert {leads for links in found for leads, _ in links} == {known.url}
    assert [LINK.sub(r"\2", line) for line in lines] == drawn(Sources((VIDEO, known)), width=40)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://x.example/\x1b]0;evil\x07", "https://x.example/a b"])
def test_no_address_leads_out_of_its_link(url: str) -> None:
    line = "".join(drawn(Sources((Source("A book", None, None, url),)), style=PRESSED))
    assert re.search(r"[\x00-\x1f\x7f]", LINK.sub("", line)) is None
    assert all(leads.startswith("https://") for leads, _ in LINK.findall(line))


@given(st.text(max_size=200))
def test_whatever_is_said_links_change_no_word(text: str) -> None:
    shown = render(Reply((Text(text),), "x"), 60, PRESSED)
    assert LINK.sub(r"\2", shown) == render(Reply((Text(text),), "x"), 60)


# --- Characters ---


@pytest.mark.parametrize(
    ("text", "visible"),
    [
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\x9b2Jgone", "2Jgone"),
        ("\x1b]0;title\x07bell\x08", "]0;titlebell"),
        ("a\tb", "a b"),
        ("one\r\ntwo\rthree\u2028four\x0cfive", "one\ntwo\nthree\nfour\nfive"),
        ("half \ud83d pair\x00\x7f", "half \N{REPLACEMENT CHARACTER} pair"),
        ("naïve “quotes” \N{WHITE HEAVY CHECK MARK}", "naïve “quotes” \N{WHITE HEAVY CHECK MARK}"),
        ("<:party:123456789012345678> yes", ":party: yes"),
    ],
)
def test_what_could_move_the_cursor_is_not_shown(text: str, visible: str) -> None:
    assert clean(text) == visible


EVIL = "e\x1b[2J\x07v\r\nil"
EVERY_PART: list[Part] = [
    Text(EVIL),
    Choices((Choice(EVIL, says="x"),)),
    Choices((Choice(EVIL, says="x"),), aside=True),
    Form("/x", EVIL, (Field("a", EVIL),)),
    Ballot(1, EVIL, (Choice(EVIL, says="x"),), 0),
    Tally(1, EVIL, (EVIL, "b"), (1, 0), 1, False),
    Picture(lambda: b"png", EVIL),
    Sources((Source(EVIL, EVIL, EVIL, None),)),
]


@pytest.mark.parametrize("part", EVERY_PART)
def test_no_part_lets_control_characters_through(part: Part) -> None:
    text = render(Reply((part,), "x"), 80)
    assert "e[2jv" in text.lower()
    assert re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text) is None


ANY = st.text(max_size=60)
LABELS = st.lists(ANY, max_size=4)
PARTS: st.SearchStrategy[Part] = st.one_of(
    st.builds(Text, st.text(max_size=300)),
    st.builds(Picture, st.just(b""), ANY),
    LABELS.map(lambda labels: Choices(tuple(Choice(label, says="x") for label in labels))),
    LABELS.map(lambda labels: Choices(tuple(Choice(label, says="x") for label in labels), aside=True)),
    LABELS.map(lambda labels: Form("/x", "Title", tuple(Field(label, label) for label in labels))),
    st.builds(lambda question, labels: Ballot(1, question, tuple(Choice(x, says="x") for x in labels), 2), ANY, LABELS),
    st.lists(st.tuples(ANY, st.integers(0, 2_000)), max_size=5).map(
        lambda rows: Tally(
            1, "Who?", tuple(row[0] for row in rows), tuple(row[1] for row in rows), sum(row[1] for row in rows), False
        )
    ),
    st.builds(lambda title: Sources((Source(title, None, None, None),)), ANY),
)


@given(st.lists(PARTS, max_size=4), st.integers(20, 200))
def test_anything_is_drawn_at_any_width(parts: list[Part], width: int) -> None:
    for line in drawn(*parts, width=width):
        assert len(line) <= max(min(width, WIDEST), max(map(len, line.split(" "))))
        assert not set(line) & set(map(chr, [*range(32), *range(0x7F, 0xA0)]))


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])), st.integers(-10, 200))
def test_no_word_is_lost(text: str, width: int) -> None:
    assert "".join(" ".join(drawn(Text(text), Sources((BOOK,)), width=width)).split()) == (
        "".join(text.split()) + "Source:Abook"
    )


# --- Parts ---


@pytest.mark.parametrize(
    ("part", "lines"),
    [
        (Choices(CHOICES), ["  1. Alpha", "  2. A rather long", "     label, and more"]),
        (Choices((*CHOICES,) * 5), None),
        (Choices(CHOICES, aside=True), ["(alpha · a rather", "long label, and", "more)"]),
        (Choices((), aside=True), []),
        (FORM, ["New poll", "Fill in: Question,", "Options"]),
        (
            BALLOT,
            [
                "Poll: Where do we",
                "eat?",
                "  1. Pizza",
                "  2. Noodles",
                "3 people voted so",
                "far. Vote by number,",
                "letter or words.",
            ],
        ),
        (Picture(lambda: b"png", "Costs fall by 30%"), ["Picture: Costs fall", "by 30%"]),
        (Sources((BOOK,)), ["Source: A book"]),
        (
            TALLY,
            [
                "Results: Where do we",
                "eat?",
                "- Pizza",
                "  3 (20%)   ██",
                "- The place round",
                "  the corner",
                "  12 (80%)  ██████",
                "- Home",
                "  0 (0%)",
                "15 people voted; the",
                "poll is closed.",
            ],
        ),
    ],
)
def test_a_part_in_twenty_columns(part: Part, lines: list[str] | None) -> None:
    if lines is None:
        assert drawn(part, width=20)[-2:] == [" 10. A rather long", "     label, and more"]
    else:
        assert drawn(part, width=20) == lines


def test_a_tally_has_words_first_and_bars_last() -> None:
    assert drawn(TALLY, width=50, style=Style(block="#")) == [
        "Results: Where do we eat?",
        "Pizza                       3 (20%)  ###",
        "The place round the",
        "corner                     12 (80%)  ##########",
        "Home                         0 (0%)",
        "15 people voted; the poll is closed.",
    ]


@pytest.mark.parametrize("width", [20, 30, 50, 100])
def test_bars_are_as_long_as_shares(width: int) -> None:
    tally = Tally(2, "?", ("a", "b", "c", "d"), (1, 400, 400, 0), 801, False)
    few, many, same, none = [line.count("█") for line in drawn(tally, width=width) if "(" in line]
    assert (few, none) == (1, 0)
    assert many == same > few


def test_a_poll_without_votes_has_no_bars() -> None:
    lines = drawn(Tally(3, "?", ("a", "b"), (0, 0), 0, False))
    assert lines == ["Results: ?", "a  0 (0%)", "b  0 (0%)", "Nobody voted; the poll is open."]


def test_parts_stand_apart() -> None:
    assert render(Reply((Text("Aye."), Sources((VIDEO,))), "question"), 80) == (
        "Aye.\n\nSource: A video about boats (Harbour, 0:00-1:30)"
    )


# --- Style ---


class Screen(io.TextIOWrapper):
    """An output that is a terminal, or not, and writes in some encoding."""

    def __init__(self, terminal: bool = True, encoding: str = "utf-8") -> None:
        super().__init__(io.BytesIO(), encoding=encoding)
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.mark.parametrize(
    ("terminal", "environment", "colour", "capable"),
    [
        (True, {}, True, True),
        (True, {"TERM": "xterm-256color", "NO_COLOR": ""}, True, True),
        (True, {"TERM": "xterm-256color", "NO_COLOR": "0"}, False, True),
        (True, {"TERM": "dumb"}, False, False),
        (False, {"TERM": "xterm-256color"}, False, False),
    ],
)
def test_colour_is_for_terminals_that_want_it(
    terminal: bool, environment: Mapping[str, str], colour: bool, capable: bool
) -> None:
    assert style_of(Screen(terminal), environment).colour == colour
    assert is_capable(Screen(terminal), environment) == capable
    assert style_of(Screen(terminal), environment).links == capable
    assert not style_of(Screen(terminal), {"TERM": "linux"}).links, "its console writes addresses out"


@pytest.mark.parametrize(("encoding", "signs"), [("utf-8", "█·"), ("cp437", "█·"), ("ascii", "#/"), ("latin-1", "#·")])
def test_signs_are_those_that_can_be_written(encoding: str, signs: str) -> None:
    style = style_of(Screen(encoding=encoding), {})
    assert style.block + style.dot == signs


def test_colour_adds_nothing_but_itself() -> None:
    reply = Reply((BALLOT, TALLY, FORM, Choices(CHOICES, aside=True), Sources((VIDEO, BOOK))), "x")
    coloured = render(reply, 24, Style(colour=True))
    assert re.sub(r"\x1b\[[012]m", "", coloured) == render(reply, 24)
    assert "\x1b[1mPoll: Where do we eat?\x1b[0m\n" in coloured
    assert all(line.count("\x1b") in (0, 2) for line in coloured.splitlines())
