"""The assistant: hears a turn, gives it to the first activity that takes it, and replies; it never raises."""

from __future__ import annotations

import logging
import secrets
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Sequence

from bot.activities import Activity
from bot.reply import Reply, Text
from bot.turn import Room, Turn
from knowledge.answer import Message

log = logging.getLogger(__name__)

# What a follow-up can lean on; older turns are forgotten.
REMEMBERED = 12
# Conversations kept at once; the one that was silent for longest goes first.
ROOMS = 1_000


class Assistant:
    """Hears turns. The order of `activities` is the routing table: the last should take everything."""

    def __init__(self, activities: Sequence[Activity]) -> None:
        self._activities = activities
        self._conversations: OrderedDict[Room, deque[Message]] = OrderedDict()

    async def hear(self, turn: Turn) -> AsyncIterator[Reply]:
        """The replies to `turn`. A failure becomes an apology with a reference that stands in the log."""
        try:
            reply = await self.respond(turn, tuple(self._conversations.get(turn.room, ())))
        except Exception:
            reference = secrets.token_hex(4)
            log.exception("Turn %s failed; reference %s", turn.id, reference)
            yield Reply((Text(f"Sorry, that went wrong on my side (reference {reference})."),), "question", True)
            return
        self._remember(turn, reply)
        yield reply

    async def respond(self, turn: Turn, history: Sequence[Message]) -> Reply:
        """The reply of the first activity that takes `turn`; nothing is remembered."""
        for activity in self._activities:
            if (reply := await activity.take(turn, history)) is not None:
                return reply
        raise LookupError("No activity takes this turn: the last one listed must take everything.")

    def _remember(self, turn: Turn, reply: Reply) -> None:
        conversation = self._conversations.setdefault(turn.room, deque(maxlen=REMEMBERED))
        self._conversations.move_to_end(turn.room)
        conversation.append(Message("user", turn.words))
        conversation.append(Message("assistant", reply.text))
        while len(self._conversations) > ROOMS:
            self._conversations.popitem(last=False)
