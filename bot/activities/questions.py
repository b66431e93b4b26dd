"""Questions: whatever no other activity takes is answered from the sources."""

from __future__ import annotations

from bot.activities import Growing, Heard
from bot.costs.budget import Budget
from bot.costs.prices import plausible
from bot.reply import Lack, Part, Reply, Sources, Text
from knowledge.answer import Answer, Answerer, Spent


class Questions:
    """Takes every turn; a language model is called while the budget lasts."""

    def __init__(self, answerer: Answerer, budget: Budget | None = None) -> None:
        self._answerer = answerer
        self._budget = budget or Budget()

    async def take(self, heard: Heard) -> Growing:
        """The answer as it grows; the last one has its sources."""
        return self._replies(heard)

    async def _replies(self, heard: Heard) -> Growing:
        slot = f"answer {heard.turn.id}"
        with self._budget.call(heard.turn.at, heard.scene.spent) as call:
            async for answer in self._answerer.answer(heard.turn.words, heard.scene.history, call.composed):
                call.spent = plausible(answer.spent) if answer.spent else None
                yield _reply(answer, call.spent, slot)


def _reply(answer: Answer, spent: Spent | None, slot: str) -> Reply:
    parts: tuple[Part, ...] = (Text(answer.text),)
    if answer.sources and not answer.abstained:
        parts += (Sources(answer.sources, answer.numbered),)
    lacks: Lack | None = ("outside" if answer.outside else "gap") if answer.verdict == "decline" else None
    return Reply(parts, "question", answer.abstained, slot, spent=spent, lacks=lacks, sure=answer.verdict == "answer")
