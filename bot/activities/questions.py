"""Questions: whatever no other activity takes is answered from the sources."""

from __future__ import annotations

import asyncio

from bot.activities import Heard
from bot.reply import Part, Reply, Sources, Text
from knowledge.answer import Answerer


class Questions:
    """Takes every turn."""

    def __init__(self, answerer: Answerer) -> None:
        self._answerer = answerer

    async def take(self, heard: Heard) -> Reply | None:
        """The answer with its sources."""
        # Embedding and searching are work for a processor: elsewhere, so that other rooms are heard meanwhile.
        answer = await asyncio.to_thread(self._answerer.answer, heard.turn.words, heard.scene.history)
        parts: tuple[Part, ...] = (Text(answer.text),)
        if answer.sources and not answer.abstained:
            parts += (Sources(answer.sources),)
        return Reply(parts, activity="question", abstained=answer.abstained)
