"""The replies to one turn as they come: one that grows is continued line by line, never repeated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import takewhile

from adapters.terminal.render import render
from adapters.terminal.style import Style
from bot.reply import Reply, Text


class Telling:
    """Shows the replies to one turn, at one width. `replies` are those that stand: the last of each slot."""

    def __init__(self, show: Callable[[str], None], width: int, style: Style) -> None:
        self._show = show
        self._width = width
        self._style = style
        self._growing: Reply | None = None
        self._lines_shown = 0
        self.replies: list[Reply] = []

    def tell(self, reply: Reply) -> None:
        """Show `reply`, or what it adds to the one before in its slot."""
        self._keep(reply)
        if not _continues(reply, self._growing):
            self.end()
        if reply.slot is None or not _text(reply).strip():
            self._write(self._draw(reply))
            return
        self._growing = reply
        # Only the last line can still change: its last word may grow beyond the width.
        whole = self._draw(_beginning(reply)).split("\n")[:-1]
        if len(whole) > self._lines_shown:
            self._show("\n".join(whole[self._lines_shown :]))
            self._lines_shown = len(whole)

    def end(self) -> None:
        """Show what is left of the reply that was growing: its last line, and what can be pressed."""
        if self._growing is not None:
            lines = self._draw(self._growing).split("\n")
            self._write("\n".join(lines[self._lines_shown :]))
        self._growing = None
        self._lines_shown = 0

    def _keep(self, reply: Reply) -> None:
        earlier = [kept for kept in self.replies if reply.slot is None or kept.slot != reply.slot]
        self.replies = [*earlier, reply]

    def _draw(self, reply: Reply) -> str:
        return render(reply, self._width, self._style)

    def _write(self, text: str) -> None:
        if text:
            self._show(text + "\n")


def _continues(reply: Reply, growing: Reply | None) -> bool:
    return growing is not None and reply.slot == growing.slot and _text(reply).startswith(_text(growing))


def _beginning(reply: Reply) -> Reply:
    """The reply without what may come at its end only: everything from the first part that is no text."""
    return replace(reply, parts=tuple(takewhile(lambda part: isinstance(part, Text), reply.parts)))


def _text(reply: Reply) -> str:
    return _beginning(reply).text
