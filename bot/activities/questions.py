"""Questions: whatever no other activity takes is answered from the sources."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.reply import Part, Reply, Sources, Text
from bot.turn import Turn
from knowledge.answer import Answerer, Message


class Questions:
    """Takes every turn."""

    def __init__(self, answerer: Answerer) -> None:
        self._answerer = answerer

    async def take(self, turn: Turn, history: Sequence[Message]) -> Reply | None:
        """The answer with its sources."""
        # Embedding and searching are work for a processor: elsewhere, so that other rooms are heard meanwhile.
        answer = await asyncio.to_thread(self._answerer.answer, turn.words, history)
        parts: tuple[Part, ...] = (Text(answer.text),)
        if answer.sources and not answer.abstained:
            parts += (Sources(answer.sources),)
        return Reply(parts, activity="question", abstained=answer.abstained)
