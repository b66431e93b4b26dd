"""What was only overheard: who takes it, and whether it is answered all the same."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from bot.activities import Listener
from bot.catalogue import FOLLOW_UP
from bot.intents.talk.smalltalk import is_courteous
from bot.logs import failure
from bot.turn import Turn
from knowledge.answer import MAX_QUESTION
from knowledge.question import asks

if TYPE_CHECKING:
    from bot.store.database import Store
    from bot.store.records import Records

log = logging.getLogger(__name__)

# How what was only overheard is answered.
Way = Literal["follow-up", "automatic"]
# Names of emoji, addresses, and the names of people: no words of a sentence.
_UNSAID = re.compile(r":[\w+'-]+:|(?<!\w)\w++://\S+|@\S+|(?<![\w-])[\w-]++(?:\.[\w-]+)+(?:/\S*)?")


class Overhearing:
    """Takes what was not addressed to the bot."""

    def __init__(
        self, listeners: Sequence[Listener], open_store: Callable[[], Store], clock: Callable[[], datetime]
    ) -> None:
        self._listeners = listeners
        self._open_store = open_store
        self._clock = clock

    def take(self, turn: Turn) -> Way | None:
        """Let whoever wants it take what was only overheard; else in which way it is answered all the same, if in any.

        A failure is told to nobody but the log.
        """
        try:
            store = self._open_store()
            with store.reading() as records:
                if records.events.is_taken(turn.id, self._clock()):
                    return None
                wanting = [one for one in self._listeners if one.wants(turn, records)]
                if not wanting:
                    return _way(turn, records)
            with store.writing() as records:
                if records.events.claim(turn.id, self._clock(), done=True):
                    # The first that takes it has it.
                    any(one.overhear(turn, records) for one in wanting)
        except Exception as error:
            log.error(
                "What was overheard on %s was lost; reference %s\n%s",
                turn.room.platform,
                secrets.token_hex(4),
                failure(error),
            )
        return None


def _way(turn: Turn, records: Records) -> Way | None:
    """As a follow-up of whom the bot answered last in this thread, or as a question where it answers all."""
    if (
        not turn.room.overheard
        or turn.to_others
        or len(turn.words) > MAX_QUESTION
        or is_remark(turn.words)
        or (place := records.places.find(turn.room)).quiet
    ):
        return None
    if records.is_answered_last(turn, turn.at - FOLLOW_UP):
        return "follow-up"
    return "automatic" if place.automatic and asks(turn.words) else None


def is_remark(words: str) -> bool:
    """Whether `words` ask for no reply: an "ok", thanks, a bare address, emoji."""
    said = _UNSAID.sub(" ", words).strip()
    return not any(letter.isalnum() for letter in said) or ("?" not in said and is_courteous(said))
