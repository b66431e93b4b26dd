"""Questions: whatever no other activity takes is answered from the sources."""

from __future__ import annotations

from bot.activities import Growing, Heard
from bot.reply import Lack, Part, Reply, Sources, Text
from knowledge.answer import Answer, Answerer


class Questions:
    """Takes every turn."""

    def __init__(self, answerer: Answerer) -> None:
        self._answerer = answerer

    async def take(self, heard: Heard) -> Growing:
        """The answer as it grows; the last one has its sources."""
        return self._replies(heard)

    async def _replies(self, heard: Heard) -> Growing:
        slot = f"answer {heard.turn.id}"
        async for answer in self._answerer.answer(heard.turn.words, heard.scene.history):
            yield _reply(answer, slot)


def _reply(answer: Answer, slot: str) -> Reply:
    parts: tuple[Part, ...] = (Text(answer.text),)
    if answer.sources and not answer.abstained:
        parts += (Sources(answer.sources),)
    lacks: Lack | None = ("outside" if answer.outside else "gap") if answer.verdict == "decline" else None
    return Reply(parts, "question", answer.abstained, slot, spent=answer.spent, lacks=lacks)
