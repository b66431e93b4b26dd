"""The lines that are typed or piped, and the ways to stop typing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from adapters.terminal.screen import Screen

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import History
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

PROMPT = "> "
FAREWELL = "Goodbye!"
LEAVING = "To leave: quit, or Ctrl-D."
COMPLETES = "Tab completes what can be said."
# What Ctrl-C says while a form is open.
LEAVE_FORM = "cancel"
LEAVING_NOW = "To leave: quit, Ctrl-D, or Ctrl-C again."

Show = Callable[[str], None]


async def typed(
    suggestions: Iterable[str], screen: Screen, history: Path, show: Show, ghosts: bool
) -> AsyncIterator[str]:
    """Lines typed at a prompt, with history and completion, until Ctrl-D, or Ctrl-C twice; in a form Ctrl-C leaves it.

    `ghosts` shows dimly what was typed before and begins alike; only for terminals where dim can be told from typed.
    """
    from prompt_toolkit.patch_stdout import patch_stdout

    session = _session(suggestions, screen, history, ghosts)
    warned = False
    while True:
        try:
            # What comes up meanwhile is shown above the prompt.
            with patch_stdout(raw=True):
                line = await session.prompt_async()
        except KeyboardInterrupt:
            if screen.in_form:
                yield LEAVE_FORM
            elif session.default_buffer.text:
                warned = False
            elif warned:
                break
            else:
                show(LEAVING_NOW)
                warned = True
            continue
        except EOFError:
            break
        warned = False
        yield line
    show(FAREWELL)


async def typed_plainly(keyboard: BinaryIO, screen: Screen, write: Show, show: Show) -> AsyncIterator[str]:
    """Lines typed where the terminal itself edits them: it can do no more, or a screen reader reads it."""
    warned = False
    while True:
        try:
            write(PROMPT)
            line = keyboard.readline()
        except KeyboardInterrupt:
            show("")
            if screen.in_form:
                yield LEAVE_FORM
                continue
            if warned:
                break
            show(LEAVING_NOW)
            warned = True
            continue
        if not line:
            show("")
            break
        warned = False
        yield line.decode("utf-8", "replace")
    show(FAREWELL)


async def piped(source: BinaryIO) -> AsyncIterator[str]:
    """The lines of a pipe. Bytes that are no text are shown as such to the bot instead of ending the talk."""
    for line in source:
        yield line.decode("utf-8", "replace")


def _session(suggestions: Iterable[str], screen: Screen, history: Path, ghosts: bool) -> PromptSession[str]:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
    from prompt_toolkit.completion import WordCompleter

    always = list(suggestions)
    return PromptSession(
        PROMPT,
        history=_history(history),
        auto_suggest=AutoSuggestFromHistory() if ghosts else None,
        completer=WordCompleter(
            lambda: list(dict.fromkeys([*screen.labels, *always])), ignore_case=True, sentence=True
        ),
        complete_while_typing=False,
        enable_suspend=True,
        key_bindings=_keys(),
    )


def _keys() -> KeyBindings:
    from prompt_toolkit.key_binding import KeyBindings
    from prompt_toolkit.keys import Keys

    keys = KeyBindings()

    @keys.add(Keys.BracketedPaste)
    def paste(event: KeyPressEvent) -> None:
        # What is pasted is one thing said, however many lines it has.
        event.current_buffer.insert_text(" ".join(event.data.splitlines()))

    return keys


def _history(path: Path) -> History:
    """What was typed before: in a file for its owner alone, only in memory where that cannot be written."""
    from prompt_toolkit.history import FileHistory, InMemoryHistory

    try:
        path.touch(0o600)
        with path.open("ab"):
            return FileHistory(str(path))
    except OSError:
        return InMemoryHistory()
