"""The program from its first moment to its last: a sign of life, and an end without a word of Python whenever."""

from __future__ import annotations

import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from bot.__main__ import cli
from bot.commands.sign import CLEARED, Sign
from bot.program import INTERRUPTED, STOPPED
from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
BEGIN = "import fcntl, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); from bot.program import main; main()"

Environment = Callable[..., dict[str, str]]


class Window:
    """A terminal window with the program in it."""

    def __init__(self, keyboard: int, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.text = ""
        self._keyboard = keyboard

    def type(self, keys: str) -> None:
        os.write(self._keyboard, keys.encode())

    def until(self, text: str) -> None:
        """Wait until `text` is shown."""
        end = time.monotonic() + PATIENCE
        while text not in self.text:
            assert time.monotonic() < end, f"{text!r} is not in {self.text!r}"
            assert self.more() or text in self.text, f"it ended: {self.text!r}"

    def end(self) -> int:
        """Wait until the program has ended."""
        while self.more():
            pass
        return self.process.wait(PATIENCE)

    def more(self) -> bool:
        """Whether something has been shown, or still may be."""
        ready, _, _ = select.select([self._keyboard], [], [], 0.2)
        try:
            new = os.read(self._keyboard, 65536) if ready else b""
        except OSError:  # the other side is closed
            return False
        self.text += new.decode("utf-8", "replace")
        return bool(new) or self.process.poll() is None


@contextmanager
def window(variables: dict[str, str], *arguments: str) -> Iterator[Window]:
    keyboard, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", BEGIN, *arguments],
        cwd=ROOT,
        env={**variables, "TERM": "xterm", "NO_COLOR": "", "PROMPT_TOOLKIT_NO_CPR": "1"},
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    )
    os.close(terminal)
    try:
        yield Window(keyboard, process)
    finally:
        process.kill()
        process.wait()
        os.close(keyboard)


def stopped(seen: Window) -> None:
    """It ended by Ctrl-C, with one sentence and nothing of Python's."""
    assert seen.end() == INTERRUPTED
    assert "Traceback" not in seen.text
    assert "Exception ignored" not in seen.text
    assert seen.text.replace("\r\n", "\n").endswith(STOPPED)


def test_it_says_that_it_starts_and_leaves_nothing_of_that(environment: Environment, home: Path) -> None:
    with window(
        environment(home), "ask", "What", "is", "showback,", "and", "what", "does", "the", "video", "say?"
    ) as seen:
        seen.until("Showback")
        assert seen.end() == 0
    assert seen.text.startswith(f"{CLEARED}Starting ...{CLEARED}")
    assert "Starting" not in seen.text.removeprefix(f"{CLEARED}Starting ...")
    assert "\x1b[1mFrom the video:\x1b[0m" in seen.text, "drawn as in a talk"
    assert "\x1b]8;;https://" in seen.text


def test_no_output_at_all_is_no_failure(environment: Environment, home: Path) -> None:
    command = f'"{sys.executable}" -m bot polls list >&-'
    done = subprocess.run(["sh", "-c", command], cwd=ROOT, env=environment(home), capture_output=True, timeout=PATIENCE)
    assert (done.returncode, done.stderr) == (0, b"")


def test_nothing_is_said_where_nobody_looks(environment: Environment, home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "ask", "What is FinOps?"],
        cwd=ROOT,
        env=environment(home),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_start_can_be_interrupted(environment: Environment, home: Path) -> None:
    with window(environment(home), "chat") as seen:
        seen.until("Starting")
        seen.type("\x03")
        stopped(seen)


@pytest.mark.trial
@pytest.mark.parametrize("later", [step / 10 for step in range(0, 40, 2)])
def test_a_start_can_be_interrupted_at_any_moment(later: float, environment: Environment, home: Path) -> None:
    """Wherever it is by then: loading, opening, learning, or at its prompt already, where Ctrl-C is a key."""
    with window(environment(home), "chat") as seen:
        seen.until("Starting")
        end = time.monotonic() + later
        while time.monotonic() < end:
            seen.more()
        seen.type("\x03")
        while "To leave: quit, Ctrl-D" not in seen.text and seen.more():
            pass
        if seen.process.poll() is None:
            seen.type("\x03\x04")
        assert seen.end() in (0, INTERRUPTED)
        assert "Traceback" not in seen.text
        assert "Exception ignored" not in seen.text


@pytest.mark.trial
def test_the_first_index_can_be_interrupted_and_is_built_the_next_time(
    environment: Environment, tmp_path: Path
) -> None:
    with window(environment(tmp_path / "home"), "chat") as seen:
        seen.until("Embedded 64 of")
        seen.type("\x03")
        stopped(seen)
    with window(environment(tmp_path / "home"), "chat") as seen:
        seen.until("Embedded 64 of")
        seen.process.send_signal(signal.SIGINT)
        stopped(seen)


@pytest.mark.trial
def test_what_is_done_once_is_done_before_anybody_is_asked(environment: Environment, own_home: Path) -> None:
    shutil.rmtree(own_home / "models")
    shutil.rmtree(own_home / "meaning")
    with window(environment(own_home), "chat") as seen:
        for told in ("Preparing the embedding model", "Learning from", "Hello!", "Tab completes"):
            seen.until(told)
        before = seen.text
        seen.type("what is finops?\r")
        seen.until("Financial Operations")
        seen.type("quit\r")
        assert seen.end() == 0
    assert before.index("Preparing") < before.index("Hello!")
    assert before.index("Learning") < before.index("Hello!")
    assert "Preparing" not in seen.text[len(before) :]
    assert "Learning" not in seen.text[len(before) :]


def test_a_piped_command_is_interrupted_without_a_word(environment: Environment, home: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "ask", "--jsonl"],
        cwd=ROOT,
        env=environment(home),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b'{"id": 1, "question": "What is FinOps?"}\n')
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == INTERRUPTED
        assert process.stderr is not None
        assert process.stderr.read() == b""


def test_a_shell_completes_commands(environment: Environment, home: Path) -> None:
    asked = {"_FINOPS_BOT_COMPLETE": "bash_complete", "COMP_WORDS": "finops-bot do", "COMP_CWORD": "1"}
    program = Path(sys.executable).with_name("finops-bot")
    done = subprocess.run([program], env=environment(home, **asked), capture_output=True, text=True, timeout=PATIENCE)
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.partition(",")[2] for line in done.stdout.splitlines()] == ["doctor"]


@pytest.mark.parametrize(("command", "begun", "offered"), [("polls", "ex", "export"), ("sources", "--j", "--json")])
def test_what_belongs_to_a_command_is_completed(command: str, begun: str, offered: str) -> None:
    completing = ShellComplete(cli, {}, "finops-bot", "_FINOPS_BOT_COMPLETE")
    assert [one.value for one in completing.get_completions([command], begun)] == [offered]


# --- The sign ---


class Written:
    """A terminal that remembers."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None:
        pass


def test_a_terminal_shows_one_line_and_keeps_whole_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    terminal = Written()
    sign = Sign(terminal)  # type: ignore[arg-type]
    sign.begin()
    sign.say("Embedded 64 of 128 texts")
    sign.say("Answering from the index as it was.")
    sign.say("x" * 500)
    sign.clear()
    sign.clear()
    lines = terminal.text.split(CLEARED)
    assert lines[:4] == ["", "Starting ...", "Embedded 64 of 128 texts ...", ""]
    assert 0 < len(lines[4]) < 500
    assert lines[5:] == [""]
    assert capsys.readouterr().err == "Answering from the index as it was.\n"


def test_elsewhere_each_message_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    sign = Sign()
    sign.begin()
    sign.say("Embedded 64 of 128 texts")
    sign.say("Answering from the index as it was.")
    sign.clear()
    assert capsys.readouterr().err == "Embedded 64 of 128 texts ...\nAnswering from the index as it was.\n"
