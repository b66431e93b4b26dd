"""News: what appears in the terminal without being asked, such as the end of a poll whose time is up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from adapters.terminal.listen import ROOM
from bot.board import Board
from bot.reply import Reply

# What is written in a terminal has no name, and cannot be changed any more.
REFERENCE = "written"


class News:
    """Has what is due done, and gives what is new to show."""

    def __init__(self, board: Board, work: Callable[[datetime], int]) -> None:
        self._board = board
        self._work = work

    def latest(self, at: datetime) -> list[Reply]:
        """What has to appear at that moment. What would only change something that stands above is left out."""
        self._work(at)
        shown = []
        for page in self._board.pages(ROOM.platform, at):
            self._board.drawn(page, REFERENCE)
            if page.post.reference is None:
                shown.append(page.reply)
        return shown

    def told(self, reply: Reply) -> None:
        """A reply was shown: what it shows need not appear again."""
        self._board.placed(ROOM, reply, REFERENCE)
