"""News: what appears in the terminal without being asked, such as the end of a poll whose time is up."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from adapters.terminal.listen import ROOM
from bot.board import Board
from bot.reply import Reply
from bot.store import StoreGone

log = logging.getLogger(__name__)

# What is written in a terminal has no name, and cannot be changed any more.
REFERENCE = "written"


class News:
    """Has what is due done, and gives what is new to show."""

    def __init__(self, board: Board, work: Callable[[datetime], int]) -> None:
        self._board = board
        self._work = work

    def latest(self, at: datetime) -> list[Reply]:
        """What has to appear at that moment. What would only change something that stands above is left out.

        Where that fails, nothing appears, and the log says why: the talk goes on.
        """
        shown: list[Reply] = []
        try:
            self._work(at)
            for page in self._board.pages(ROOM.platform, at):
                self._board.drawn(page, REFERENCE, at)
                if page.post.reference is None:
                    shown.append(page.reply)
        except StoreGone:
            pass  # the store has told the log
        except Exception:
            log.exception("What is new could not be shown; it is tried again")
        return shown

    def told(self, reply: Reply, at: datetime) -> None:
        """A reply was shown: what it shows need not appear again."""
        try:
            self._board.placed(ROOM, reply, REFERENCE, at)
        except Exception:
            log.exception("A reply that was shown may appear again")
