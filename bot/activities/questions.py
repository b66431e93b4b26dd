"""Questions: whatever no other activity takes is answered from the sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.activities import Growing, Heard
from bot.costs.budget import Budget
from bot.costs.prices import plausible
from bot.reply import Lack, Part, Reply, Sources, Text
from knowledge.answer import NOT_THAT, OFF_SUBJECT, Answer, Answerer, Message, Spent

NO_WORDS = "I find no words in that message: ask me in your own."
ONLY_PICTURES = "I cannot read pictures: tell me in words what you would like to know."
# What was said in full in this talk already is said shortly from then on.
SHORTER = {
    OFF_SUBJECT: "My sources hold nothing on that either.",
    NOT_THAT: "I will not do that either.",
}
NO_PICTURES = "I cannot read the picture, so I went by the words alone."


class Questions:
    """Takes every turn; a language model is called while the budget lasts."""

    def __init__(self, answerer: Answerer, budget: Budget | None = None) -> None:
        self._answerer = answerer
        self._budget = budget or Budget()

    async def take(self, heard: Heard) -> Growing:
        """The answer as it grows; the last one has its sources."""
        return self._replies(heard)

    async def _replies(self, heard: Heard) -> Growing:
        turn = heard.turn
        if not turn.words.strip() and (turn.quoted or turn.pictures):
            said = ONLY_PICTURES if turn.pictures else NO_WORDS
            yield Reply((Text(said),), "question", abstained=True, remembered=False)
            return
        slot, reply = f"answer {turn.id}", None
        with self._budget.call(turn.at, heard.scene.spent) as call:
            async for answer in self._answerer.answer(turn.words, heard.scene.history, call.composed):
                call.spent = plausible(answer.spent) if answer.spent else None
                reply = _reply(_once(answer, heard.scene.history), call.spent, slot)
                if not turn.pictures:
                    yield reply
        if turn.pictures and reply is not None:
            yield replace(reply, parts=(reply.parts[0], Text(NO_PICTURES), *reply.parts[1:]))


def _once(answer: Answer, history: Sequence[Message]) -> Answer:
    """`answer`, shorter where it declines in words that the talk holds already."""
    shorter = SHORTER.get(answer.text)
    told = {message.content for message in history if message.role == "assistant"}
    return replace(answer, text=shorter) if shorter and told & {answer.text, shorter} else answer


def _reply(answer: Answer, spent: Spent | None, slot: str) -> Reply:
    parts: tuple[Part, ...] = (Text(answer.text),)
    if answer.sources and not answer.abstained:
        parts += (Sources(answer.sources, answer.numbered),)
    lacks: Lack | None = ("outside" if answer.outside else "gap") if answer.verdict == "decline" else None
    return Reply(parts, "question", answer.abstained, slot, spent=spent, lacks=lacks, sure=answer.verdict == "answer")
