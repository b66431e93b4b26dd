"""The conversation in the terminal: a prompt where somebody types, one turn a line where a pipe does."""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from adapters.terminal.forms import Desk, fill, show_title
from adapters.terminal.layout import wrap
from adapters.terminal.listen import NO_FIELDS, PERSON, turn
from adapters.terminal.news import News
from adapters.terminal.reading import COMPLETES, FAREWELL, LEAVING, piped, typed, typed_plainly
from adapters.terminal.render import WIDEST, fit, render
from adapters.terminal.screen import Screen
from adapters.terminal.stream import Telling
from adapters.terminal.style import PLAIN, Style, is_capable, style_of
from adapters.terminal.waiting import Attended, Hearer, on_interrupt
from bot.reply import Form, Reply
from bot.turn import Person

GOODBYES = frozenset({"quit", "exit", "bye", "goodbye", "/quit", "/exit", ":q", "q"})
INTERRUPTED = 130
# How often a prompt looks for what has come up.
LOOKS_SECONDS = 1.0


async def converse(
    assistant: Hearer,
    lines: AsyncIterator[str],
    show: Callable[[str], None],
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    style: Style = PLAIN,
    screen: Screen | None = None,
    news: News | None = None,
    person: Person = PERSON,
) -> None:
    """Answer each of `lines` until they end or somebody says goodbye; `show` is given whole lines.

    `screen` holds what can be pressed from the start, nothing if it is None. `news` is what appears unasked. `person`
    says the lines.
    """
    desk = Desk(lines, show, _width, style, screen or Screen())
    conversation = _Conversation(assistant, desk, clock, news, person)
    looking = asyncio.create_task(conversation.keep_looking())
    try:
        async for line in lines:
            await conversation.look()
            words = " ".join(line.splitlines()).strip()
            if words.lower().rstrip("!. ") in GOODBYES:
                show(FAREWELL)
                return
            if words:
                await conversation.say(words)
    finally:
        looking.cancel()


class _Conversation:
    """Takes what is typed to the assistant, and what it asks in forms back to the person."""

    def __init__(
        self, assistant: Hearer, desk: Desk, clock: Callable[[], datetime], news: News | None, person: Person
    ) -> None:
        self._person = person
        self._assistant = assistant
        self._desk = desk
        self._clock = clock
        self._news = news
        # What comes up waits until what is being said is answered.
        self._speaking = asyncio.Lock()

    async def look(self) -> None:
        """Show what has come up meanwhile."""
        async with self._speaking:
            await self._show_news()

    async def _show_news(self) -> None:
        for reply in await asyncio.to_thread(self._news.latest, self._clock()) if self._news else ():
            self._desk.show(render(reply, self._desk.width(), self._desk.style) + "\n")
            self._desk.screen.see(reply)

    async def keep_looking(self) -> None:
        """Show what comes up while somebody thinks, until this is cancelled."""
        while True:
            await asyncio.sleep(LOOKS_SECONDS)
            await self.look()

    async def say(self, words: str) -> None:
        """One line, and the forms that it leads to, until all is answered or a form is left."""
        async with self._speaking:
            await self._say(words)

    async def _say(self, words: str) -> None:
        pressed = self._desk.screen.press(words)
        if pressed is None:
            forms = await self._hear(words)
        elif pressed.opens is None:
            forms = await self._hear(pressed.says)
        else:
            show_title(pressed.opens, self._desk)
            forms = [pressed.opens]
        while forms:
            form = forms.pop(0)
            values = await fill(form, self._desk, self._hear)
            if values is None:
                return
            forms += await self._hear(form.says, values)

    async def _hear(self, words: str, fields: Mapping[str, str] = NO_FIELDS) -> list[Form]:
        """Say `words` and show the replies; the forms in them are returned, to be asked."""
        telling = Telling(self._desk.show, self._desk.width(), self._desk.style)
        async for reply in self._assistant.hear(turn(words, self._clock(), fields, self._person)):
            telling.tell(reply)
        telling.end()
        for reply in telling.replies:
            self._desk.screen.see(reply)
            if self._news:
                await asyncio.to_thread(self._news.told, reply, self._clock())
        return [part for reply in telling.replies for part in reply.parts if isinstance(part, Form)]


def run(
    assistant: Hearer,
    greeting: Reply,
    suggestions: Iterable[str],
    history: Path,
    news: News | None = None,
    person: Person = PERSON,
) -> None:
    """Talk with `person` on standard input and output until the input ends.

    Raises SystemExit(130) if a talk without a prompt is interrupted.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        # What the terminal cannot write becomes "?" rather than the end of the talk.
        sys.stdout.reconfigure(errors="replace")
    prompted = sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()
    style, screen = style_of(sys.stdout, os.environ), Screen()
    capable = is_capable(sys.stdout, os.environ)
    attended = Attended(assistant, sys.stdout if capable else None, stoppable=prompted)
    try:
        if prompted:
            ways = f"{LEAVING} {COMPLETES}" if capable else LEAVING
            _show(f"{render(greeting, _width(), style)}\n{_fitted(ways)}\n")
            screen.see(greeting)
        lines = _lines(prompted, capable, suggestions, history, screen, style)
        with on_interrupt(_interrupt):
            asyncio.run(converse(attended, lines, _show, style=style, screen=screen, news=news, person=person))
    except KeyboardInterrupt:
        if not prompted:
            raise SystemExit(INTERRUPTED) from None
        _show(f"\n{FAREWELL}")
    except BrokenPipeError:
        _drop_output()


def draw(reply: Reply) -> str:
    """One reply for standard output: as wide as its window and in its style, or plain lines where it is no terminal."""
    style = style_of(sys.stdout, os.environ)
    return render(reply, _width() if sys.stdout.isatty() else WIDEST, style)


def _lines(
    prompted: bool, capable: bool, suggestions: Iterable[str], history: Path, screen: Screen, style: Style
) -> AsyncIterator[str]:
    if not prompted:
        return piped(sys.stdin.buffer if sys.stdin is not None else io.BytesIO())
    if not capable:
        return typed_plainly(sys.stdin.buffer, screen, _write, _tell)
    return typed(suggestions, screen, history, _tell, ghosts=style.colour)


def _interrupt(*_: object) -> None:
    # asyncio's own handler would wait for the next line, as lines are read in its thread.
    raise KeyboardInterrupt


def _width() -> int:
    return shutil.get_terminal_size().columns


def _fitted(sentence: str) -> str:
    return wrap(sentence, fit(_width()))


def _tell(sentence: str) -> None:
    _show(_fitted(sentence))


def _show(text: str) -> None:
    _write(text + "\n")


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _drop_output() -> None:
    """Whoever read the answers has had enough: nothing more may be written, not even at the end of the process."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
