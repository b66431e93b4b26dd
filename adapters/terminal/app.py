"""The conversation in the terminal: a prompt where somebody types, one turn a line where a pipe does."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from adapters.terminal.listen import turn
from adapters.terminal.render import render
from bot.assistant import Assistant
from bot.reply import Reply

PROMPT = "> "
GOODBYES = frozenset({"quit", "exit", "bye", "goodbye", "/quit", "/exit", ":q", "q"})
FAREWELL = "Goodbye!"
LEAVING = "To leave: quit, or Ctrl-D."


async def converse(
    assistant: Assistant,
    lines: AsyncIterator[str],
    show: Callable[[str], None],
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> None:
    """Answer each of `lines` until they end or somebody says goodbye."""
    async for line in lines:
        words = line.strip()
        if words.lower().rstrip("!. ") in GOODBYES:
            show(FAREWELL)
            return
        if not words:
            continue
        async for reply in assistant.hear(turn(words, clock())):
            show(render(reply, shutil.get_terminal_size().columns) + "\n")


def run(assistant: Assistant, greeting: Reply, suggestions: Iterable[str], history: Path) -> None:
    """Talk on standard input and output until the input ends."""
    if sys.stdin.isatty() and sys.stdout.isatty():
        _show(render(greeting, shutil.get_terminal_size().columns) + f"\n{LEAVING}\n")
        lines = _typed(suggestions, history)
    else:
        lines = _piped()
    try:
        asyncio.run(converse(assistant, lines, _show))
    except KeyboardInterrupt:
        _show("")


def _show(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


async def _typed(suggestions: Iterable[str], history: Path) -> AsyncIterator[str]:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
    from prompt_toolkit.completion import WordCompleter
    from prompt_toolkit.history import FileHistory, History, InMemoryHistory

    remembered: History = FileHistory(str(history)) if history.parent.is_dir() else InMemoryHistory()
    session: PromptSession[str] = PromptSession(
        PROMPT,
        history=remembered,
        auto_suggest=AutoSuggestFromHistory(),
        completer=WordCompleter(list(suggestions), ignore_case=True, sentence=True),
        complete_while_typing=False,
    )
    while True:
        try:
            yield await session.prompt_async()
        except (EOFError, KeyboardInterrupt):
            _show(FAREWELL)
            return


async def _piped() -> AsyncIterator[str]:
    # Bytes that are no text are shown as such to the bot instead of ending the talk.
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", "replace")
