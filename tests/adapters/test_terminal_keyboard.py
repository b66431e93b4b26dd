"""The terminal: what keys do, in the real prompt, in a real (pseudo-)terminal, and what a pipe does."""

from __future__ import annotations

import asyncio
import fcntl
import os
import re
import select
import signal
import stat
import struct
import subprocess
import sys
import termios
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from adapters.terminal import app
from adapters.terminal.forms import CANCELLED
from adapters.terminal.listen import turn
from adapters.terminal.reading import COMPLETES, FAREWELL, LEAVING, LEAVING_NOW
from adapters.terminal.waiting import SIGN, STOPPED, Attended
from bot.reply import Choice, Choices, Field, Form, Reply, Text
from bot.turn import Turn
from tests.waiting import PATIENCE, until

NOON = datetime(2025, 1, 6, 12, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
CTRL_C, CTRL_D, ENTER, TAB, UP = "\x03", "\x04", "\r", "\t", "\x1b[A"
GREETING = Reply((Text("Ahoy!"), Choices((Choice("Hoist the flag", says="/flag"),))), "help")


class Parrot:
    """Says again what it hears."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    async def hear(self, turn: Turn) -> AsyncIterator[Reply]:
        self.heard.append(turn.words)
        yield Reply((Text(f"You said: {turn.words}"),), "question")


# --- The prompt ---


def streams(monkeypatch: pytest.MonkeyPatch, terminal: bool, piped: bytes = b"") -> None:
    """Standard streams of a terminal, or of a pipe, for `run`."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: terminal, buffer=BytesIO(piped)))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal, raising=False)


def type_in(monkeypatch: pytest.MonkeyPatch, typed: str, history: Path, greeting: Reply = GREETING) -> list[str]:
    """What the assistant hears of what is typed."""
    streams(monkeypatch, terminal=True)
    parrot = Parrot()
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text(typed)
        app.run(parrot, greeting, ["How are you?", "What is FinOps?"], history)
    return parrot.heard


@pytest.mark.parametrize("end", [CTRL_D, f"bye{ENTER}"], ids=["Ctrl-D", "bye"])
def test_a_typed_talk_ends_cleanly(
    end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    type_in(monkeypatch, f"hello{ENTER}{ENTER}again{ENTER}{end}", tmp_path / "history")
    shown = capsys.readouterr()
    assert shown.out.split("\n") == [
        "Ahoy!",
        "",
        "  1. Hoist the flag",
        f"{LEAVING} {COMPLETES}",
        "",
        "You said: hello",
        "",
        "You said: again",
        "",
        FAREWELL,
        "",
    ]
    assert shown.err == ""


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        (f"half{CTRL_C}whole{ENTER}{CTRL_D}", ["whole"]),
        (f"{CTRL_C}still here{ENTER}{CTRL_D}", ["still here"]),
        (f"{CTRL_C}one{ENTER}{CTRL_C}two{ENTER}{CTRL_D}", ["one", "two"]),
        (f"{CTRL_C}half{CTRL_C}{CTRL_C}whole{ENTER}{CTRL_D}", ["whole"]),
        (f"{CTRL_C}{CTRL_C}never{ENTER}", []),
        (f"half{CTRL_C}{CTRL_C}{CTRL_C}never{ENTER}", []),
    ],
    ids=["clears", "warns", "warns again", "typing disarms it", "leaves", "clears and leaves"],
)
def test_what_an_interrupt_does_at_the_prompt(
    typed: str, heard: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert type_in(monkeypatch, typed, tmp_path / "history") == heard
    out = capsys.readouterr().out
    assert out.endswith(f"{FAREWELL}\n")
    assert (LEAVING_NOW in out) == (f"{CTRL_C}{CTRL_C}" in typed or typed.startswith(CTRL_C))


def test_an_interrupt_leaves_an_open_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    form = Form("/new", "New boat", (Field("name", "Name"), Field("home", "Harbour")))
    greeting = Reply((Text("Ahoy!"), Choices((Choice("New boat", opens=form),))), "help")
    typed = f"1{ENTER}Ahoy{ENTER}half{CTRL_C}still here{ENTER}{CTRL_D}"
    assert type_in(monkeypatch, typed, tmp_path / "history", greeting) == ["still here"]
    out = capsys.readouterr().out
    assert CANCELLED in out
    assert LEAVING_NOW not in out


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        (f"1{ENTER}", "/flag"),
        (f"\x1b[200~one\r\ntwo\nthree\x1b[201~{ENTER}", "one two three"),
        (f"\x1b[200~{'long ' * 4_000}\x1b[201~{ENTER}", ("long " * 4_000).strip()),
        (f"naïve \N{GRINNING FACE}{ENTER}", "naïve \N{GRINNING FACE}"),
    ],
    ids=["number", "paste", "long", "not ASCII"],
)
def test_what_is_pressed_and_pasted(typed: str, heard: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert type_in(monkeypatch, typed + CTRL_D, tmp_path / "history") == [heard]


def test_what_was_typed_is_there_the_next_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history = tmp_path / "history"
    type_in(monkeypatch, f"first{ENTER}second{ENTER}{CTRL_D}", history)
    assert type_in(monkeypatch, f"{UP}{UP}{ENTER}{CTRL_D}", history) == ["first"]
    assert re.findall(r"^\+(.*)$", history.read_text(), re.M) == ["first", "second", "first"]
    assert stat.S_IMODE(history.stat().st_mode) == 0o600


@pytest.mark.parametrize("place", ["nowhere/history", "."])
def test_a_history_that_cannot_be_written_is_done_without(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert type_in(monkeypatch, f"hello{ENTER}{CTRL_D}", tmp_path / place) == ["hello"]
    assert list(tmp_path.iterdir()) == []


# --- A pipe ---


def test_a_piped_talk_has_no_prompt_and_ends_with_its_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    streams(monkeypatch, terminal=False, piped=b"1\n\n\xfftwo\r\nthree")
    app.run(Parrot(), GREETING, [], tmp_path / "history")
    assert capsys.readouterr().out == ("You said: 1\n\nYou said: \N{REPLACEMENT CHARACTER}two\n\nYou said: three\n\n")
    assert list(tmp_path.iterdir()) == []


PROGRAM = """
import asyncio, fcntl, os, sys, termios
from pathlib import Path
from adapters.terminal.app import run
from bot.reply import Ballot, Choice, Choices, Reply, Text

class Slow:
    async def hear(self, turn):
        if turn.words == "poll":
            yield Reply((Ballot(1, "Where?", (Choice("Here", says="/here"),), 0),), "poll")
            return
        if turn.words.startswith("slow"):
            yield Reply((Text("Well"),), "question", slot="a")
            Path(sys.argv[1] + ".slow").touch()
            await asyncio.sleep(1 if turn.words == "slow" else 600)
        yield Reply((Text(f"Well, you said: {turn.words} “…”"),), "question", slot="a")

if os.isatty(0):
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
greeting = Reply((Text("Ahoy!"), Choices((Choice("Hoist", says="/flag"),))), "help")
run(Slow(), greeting, ["How are you?"], Path(sys.argv[1]))
"""


def start(terminal: int | None, history: Path, **environment: str) -> subprocess.Popen[bytes]:
    """The program in `terminal`, on pipes if it is None."""
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS", "LINES")}
    # Nothing here answers the question where the cursor is.
    changed = {"PROMPT_TOOLKIT_NO_CPR": "1", "PYTHONIOENCODING": "utf-8", "TERM": "xterm", "PYTHONPATH": str(ROOT)}
    place = subprocess.PIPE if terminal is None else terminal
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", PROGRAM, str(history)],
        env={**kept, **changed, **environment},
        start_new_session=True,
        stdin=place,
        stdout=place,
        stderr=place,
    )


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_what_cannot_be_written_does_not_end_the_talk(encoding: str, tmp_path: Path) -> None:
    with start(None, tmp_path / "history", PYTHONIOENCODING=encoding) as process:
        out, error = process.communicate("naïve\nnext\n".encode(), timeout=PATIENCE)
    assert (process.returncode, error) == (0, b"")
    expected = "Well, you said: naïve “…”\n\nWell, you said: next “…”\n\n"
    assert out == expected.encode(encoding, "replace")


def test_each_answer_of_a_pipe_comes_at_once_and_a_closed_one_ends_silently(tmp_path: Path) -> None:
    with start(None, tmp_path / "history") as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(b"one\n")
        process.stdin.flush()
        assert process.stdout.readline() == "Well, you said: one “…”\n".encode()
        process.stdout.close()
        process.stdin.write(b"two\nthree\n")
        process.stdin.close()
        assert process.wait(PATIENCE) == 0
        assert process.stderr.read() == b""


@pytest.mark.parametrize("said", ["one", "slow for ever"], ids=["reading", "answering"])
def test_an_interrupted_pipe_ends_without_a_word(said: str, tmp_path: Path) -> None:
    with start(None, tmp_path / "history") as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(f"one\n{said}\n".encode())
        process.stdin.flush()
        process.stdout.readline()
        if said != "one":
            until((tmp_path / "history.slow").exists, "the answer to begin")
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 130
        assert process.stderr.read() == b""


def test_no_input_at_all_is_the_end_of_the_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    parrot = Parrot()
    app.run(parrot, GREETING, [], tmp_path / "history")
    assert parrot.heard == []


# --- A terminal ---


class Window:
    """A terminal window with the program in it."""

    def __init__(self, keyboard: int, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.text = ""
        self._keyboard = keyboard
        self._read = 0

    def type(self, keys: str) -> None:
        os.write(self._keyboard, keys.encode())

    def expect(self, text: str) -> None:
        """Wait until `text` is shown after what was expected before."""
        end = time.monotonic() + PATIENCE
        while text not in self.text[self._read :]:
            assert time.monotonic() < end, f"{text!r} is not in {self.text[self._read :]!r}"
            if not self._more():
                break
        self._read = self.text.index(text, self._read) + len(text)

    def end(self) -> int:
        """Wait until the program has ended."""
        while self._more():
            pass
        return self.process.wait(PATIENCE)

    def _more(self) -> bool:
        ready, _, _ = select.select([self._keyboard], [], [], 1)
        try:
            new = os.read(self._keyboard, 65536) if ready else b""
        except OSError:  # the other side is closed
            return False
        self.text += new.decode("utf-8", "replace")
        return bool(new) or self.process.poll() is None


@contextmanager
def window(history: Path, columns: int = 80, **environment: str) -> Iterator[Window]:
    keyboard, terminal = os.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    process = start(terminal, history, **environment)
    os.close(terminal)
    try:
        yield Window(keyboard, process)
    finally:
        process.kill()
        process.wait()
        os.close(keyboard)


COLOURED = re.compile(r"\x1b\[[1-9][0-9;]*m")


@pytest.mark.parametrize(("no_color", "columns"), [("", 20), ("1", 80)])
def test_a_talk_in_a_terminal(no_color: str, columns: int, tmp_path: Path) -> None:
    with window(tmp_path / "history", columns, NO_COLOR=no_color) as seen:
        seen.expect("Ahoy!\r\n\r\n  1. Hoist\r\nTo leave: quit")
        seen.expect(">")
        seen.type(f"1{ENTER}")
        seen.expect("said:")
        seen.expect("/flag")
        seen.expect(">")
        seen.type(f"poll{ENTER}")
        seen.expect("Poll: Where?" if no_color else "\x1b[1mPoll: Where?\x1b[0m")
        seen.expect(">")
        seen.type(CTRL_C)
        seen.expect("To leave: quit")
        seen.expect(">")
        seen.type(CTRL_C)
        seen.expect(FAREWELL)
        assert seen.end() == 0
        assert "Traceback" not in seen.text
        assert bool(COLOURED.search(seen.text)) != bool(no_color)


def test_suggestions_and_what_can_be_pressed_are_completed(tmp_path: Path) -> None:
    with window(tmp_path / "history") as seen:
        for begun, completed, heard in (("how a", "re you?", "How are you?"), ("hoi", "st", "/flag")):
            seen.expect(">")
            seen.type(begun + TAB)
            seen.expect(completed)
            seen.type(ENTER)
            seen.expect(f"Well, you said: {heard}")
        seen.expect(">")
        seen.type(CTRL_D)
        assert seen.end() == 0


def test_an_answer_that_takes_long_shows_that_and_can_be_stopped(tmp_path: Path) -> None:
    with window(tmp_path / "history") as seen:
        seen.expect(">")
        seen.type(f"slow{ENTER}")
        seen.expect(SIGN)
        seen.expect("\r\x1b[KWell, you said: slow")
        seen.expect(">")
        seen.type(f"slow for ever{ENTER}")
        seen.expect(SIGN)
        seen.type(CTRL_C)
        seen.expect("\r\x1b[KWell\r\n")
        seen.expect("Stopped.")
        seen.expect(">")
        seen.type(f"next{ENTER}")
        seen.expect("Well, you said: next")
        seen.expect(">")
        seen.type(CTRL_D)
        seen.expect(FAREWELL)
        assert seen.end() == 0
        assert "Traceback" not in seen.text


def test_a_dumb_terminal_gets_lines_and_nothing_else(tmp_path: Path) -> None:
    with window(tmp_path / "history", TERM="dumb") as seen:
        seen.expect("1. Hoist\r\n")
        seen.expect(">")
        seen.type("hoist\n")
        seen.expect("Well, you said: /flag")
        seen.expect(">")
        seen.type("slow\n")
        seen.expect("Well, you said: slow")
        seen.expect(">")
        (tmp_path / "history.slow").unlink()
        seen.type("slow for ever\n")
        seen.expect("slow for ever")
        until((tmp_path / "history.slow").exists, "the answer to begin")
        seen.type(CTRL_C)
        seen.expect("Stopped.")
        seen.expect(">")
        seen.type(CTRL_C)
        seen.expect(LEAVING_NOW)
        seen.expect(">")
        seen.type("again\n")
        seen.expect("Well, you said: again")
        seen.expect(">")
        seen.type(CTRL_D)
        seen.expect(FAREWELL)
        assert seen.end() == 0
        assert "\x1b" not in seen.text
        assert SIGN not in seen.text
        assert COMPLETES not in seen.text
        assert "Traceback" not in seen.text


def test_a_dumb_terminal_is_left_by_two_interrupts(tmp_path: Path) -> None:
    with window(tmp_path / "history", TERM="dumb") as seen:
        for expected in (LEAVING_NOW, FAREWELL):
            seen.expect(">")
            seen.type(CTRL_C)
            seen.expect(expected)
        assert seen.end() == 0


# --- Waiting ---


def test_a_turn_is_heard_in_one_task_and_its_failure_is_not_hidden() -> None:
    class Broken:
        async def hear(self, turn: Turn) -> AsyncIterator[Reply]:
            async with asyncio.timeout(60):  # fails where it is left in another task
                for text in ("one", "two"):
                    yield Reply((Text(text),), "x")
                    await asyncio.sleep(0)
            raise LookupError("broken")

    heard: list[Reply] = []

    async def listen() -> None:
        async for reply in Attended(Broken(), None, stoppable=True).hear(turn("a", NOON)):
            heard.append(reply)

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(LookupError, match="broken"):
        asyncio.run(listen())
    assert [reply.text for reply in heard] == ["one", "two"]
    assert signal.getsignal(signal.SIGINT) == before


def test_a_stopped_turn_is_cancelled() -> None:
    cancelled = []

    class Endless:
        async def hear(self, turn: Turn) -> AsyncIterator[Reply]:
            yield Reply((Text("one"),), "x")
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cancelled.append(turn.words)
                raise

    async def listen() -> list[Reply]:
        heard = []
        async for reply in Attended(Endless(), None, stoppable=True).hear(turn("a", NOON)):
            heard.append(reply)
            asyncio.get_running_loop().call_later(0.05, signal.raise_signal, signal.SIGINT)
        return heard

    assert [reply.text for reply in asyncio.run(listen())] == ["one", STOPPED.text]
    assert cancelled == ["a"]
