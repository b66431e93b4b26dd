"""The terminal: what is drawn, at any width, and how a conversation goes and ends."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from adapters.terminal import app
from adapters.terminal.app import FAREWELL, GOODBYES, converse
from adapters.terminal.listen import ROOM, turn
from adapters.terminal.render import NARROWEST, WIDEST, render
from bot.assistant import Assistant
from bot.reply import Reply, Sources, Text
from bot.turn import Turn
from knowledge.answer import Message, Source

NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)
LIST = (
    "Ropes:\n- Hemp is a rope that is made of plants and rots in the rain\n- Nylon\n"
    "1. First of all the long rope is coiled on the deck\n10. Then comes the short one, and so it goes on and on"
)
VIDEO = Source("A video about boats", "Harbour", "0:00-1:30", None)
BOOK = Source("A book", None, None, None)


class Parrot:
    """Says again what it hears."""

    async def take(self, turn: Turn, history: Sequence[Message]) -> Reply | None:
        return Reply((Text(f"You said: {turn.words} ({len(history)})"),), "question")


# --- Drawing ---


@pytest.mark.parametrize("width", [20, 23, 40, 60, 100])
def test_lines_keep_within_the_width(width: int) -> None:
    drawn = render(Reply((Text(LIST), Sources((VIDEO, BOOK))), "question"), width)
    assert max(map(len, drawn.splitlines())) <= width
    assert drawn.split() == [*LIST.split(), "Sources:", *f"{VIDEO}; {BOOK}".split()]


def test_the_rest_of_an_item_hangs_under_its_text() -> None:
    assert render(Reply((Text(LIST),), "question"), 24).splitlines() == [
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


def test_sources_come_last_and_after_an_empty_line() -> None:
    assert render(Reply((Text("Aye."), Sources((VIDEO,))), "question"), 80) == (
        "Aye.\n\nSource: A video about boats (Harbour, 0:00-1:30)"
    )


@pytest.mark.parametrize(("width", "used"), [(0, NARROWEST), (-5, NARROWEST), (1, NARROWEST), (5_000, WIDEST)])
def test_no_window_is_too_narrow_or_too_wide(width: int, used: int) -> None:
    reply = Reply((Text("sea " * 100),), "question")
    assert render(reply, width) == render(reply, used)


def test_a_word_that_is_too_long_stays_whole() -> None:
    address = "https://harbour.example/" + "x" * 60
    assert address in render(Reply((Text(f"See {address} now"),), "question"), 20).splitlines()


def test_empty_lines_stay() -> None:
    assert render(Reply((Text("One.\n\nTwo."),), "question"), 40) == "One.\n\nTwo."


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])), st.integers(-10, 200))
def test_any_text_is_drawn_without_colours(text: str, width: int) -> None:
    drawn = render(Reply((Text(text), Sources((VIDEO,))), "question"), width)
    assert "\x1b" not in drawn
    assert "".join(drawn.split()).startswith("".join(text.split()))
    for line in drawn.splitlines():
        assert len(line) <= max(NARROWEST, min(width, WIDEST)) or len(line.split()) <= 2


# --- Talking ---


async def lines_of(*lines: str) -> AsyncIterator[str]:
    for line in lines:
        yield line


def said(*lines: str) -> list[str]:
    shown: list[str] = []
    asyncio.run(converse(Assistant([Parrot()]), lines_of(*lines), shown.append, lambda: NOON))
    return shown


def test_each_line_is_a_turn_and_is_remembered() -> None:
    assert said("ahoy\n", "  ", "", "and again") == ["You said: ahoy (0)\n", "You said: and again (2)\n"]


@pytest.mark.parametrize("word", sorted(GOODBYES))
def test_a_goodbye_ends_the_talk(word: str) -> None:
    assert said("ahoy", f" {word.upper()}! ", "unheard") == ["You said: ahoy (0)\n", FAREWELL]


def test_turns_are_numbered_and_private() -> None:
    one, other = turn("a", NOON), turn("b", NOON)
    assert one.id != other.id
    assert (one.room, one.words, one.at, one.addressed) == (ROOM, "a", NOON, True)
    assert one.room.private
    assert one.person.moderator


class Keyboard:
    """Standard streams of a terminal, or of a pipe, for `run`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, terminal: bool, piped: bytes = b"") -> None:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: terminal, buffer=BytesIO(piped)))
        monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal, raising=False)


def talk(typed: str, history: Path) -> None:
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text(typed)
        app.run(Assistant([Parrot()]), Reply((Text("Ahoy!"),), "help"), ["How are you?"], history)


CTRL_C, CTRL_D, ENTER = "\x03", "\x04", "\r"


@pytest.mark.parametrize("end", [CTRL_D, CTRL_C, f"bye{ENTER}"], ids=["Ctrl-D", "Ctrl-C", "bye"])
def test_a_typed_talk_ends_cleanly(
    end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Keyboard(monkeypatch, terminal=True)
    talk(f"hello{ENTER}{ENTER}again{ENTER}{end}", tmp_path / "history")
    shown = capsys.readouterr()
    assert re.sub(r"\s+", " ", shown.out) == (
        "Ahoy! To leave: quit, or Ctrl-D. You said: hello (0) You said: again (2) Goodbye! "
    )
    assert shown.err == ""
    assert (tmp_path / "history").read_text().count("+hello") == 1


def test_a_typed_talk_needs_no_folder_for_its_history(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Keyboard(monkeypatch, terminal=True)
    talk(f"hello{ENTER}{CTRL_D}", tmp_path / "nowhere" / "history")
    assert "You said: hello" in capsys.readouterr().out
    assert not (tmp_path / "nowhere").exists()


def test_a_piped_talk_has_no_prompt_and_ends_with_its_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Keyboard(monkeypatch, terminal=False, piped=b"one\n\n\xfftwo\r\nthree")
    app.run(Assistant([Parrot()]), Reply((Text("Ahoy!"),), "help"), [], tmp_path / "history")
    assert capsys.readouterr().out == (
        "You said: one (0)\n\nYou said: \N{REPLACEMENT CHARACTER}two (2)\n\nYou said: three (4)\n\n"
    )
    assert list(tmp_path.iterdir()) == []
