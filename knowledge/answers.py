"""Answers as people get them: composed by workers, many at once, and written by a language model where there is one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from knowledge.answer import Answer, Message
from knowledge.cache import AnswerCache, Asking
from knowledge.chain import Asked, Part, RetrievalChain
from knowledge.extent import AS_COMPOSED, TRANSLATION
from knowledge.pool import Pool
from knowledge.question import joined
from knowledge.say import IN_ENGLISH_ONLY, NEEDS_MODEL

if TYPE_CHECKING:
    from knowledge.cache import Vector
    from knowledge.embedder import Vectors
    from knowledge.writer import Writer


class Answers:
    """The `Answerer` over one chain, and so over one generation of the index."""

    def __init__(
        self,
        chain: RetrievalChain,
        writer: Writer | None = None,
        embed: Callable[[Sequence[str]], Vectors] | None = None,
    ) -> None:
        """With `embed`, which gives a row of length 1 for each text, what `writer` wrote is kept for those who ask for
        the same.
        """
        self._pool = Pool(chain.ask)
        self._writer = writer
        self._embed = embed
        self._cache = AnswerCache()

    async def answer(
        self, question: str, history: Sequence[Message] = (), composed: bool = False
    ) -> AsyncIterator[Answer]:
        """The answer to `question` as it grows, the whole last."""
        asked = await self._pool.ask(Asked(question, tuple(history)))
        assert asked.answer is not None
        wanted = asked.extent
        if wanted.reworded and (wanted.reworded == TRANSLATION or self._writer is None or composed):
            yield Answer(IN_ENGLISH_ONLY if wanted.reworded == TRANSLATION else NEEDS_MODEL, "refuse")
            return
        if self._writer is None or composed or wanted.whole or asked.answer.verdict == "refuse":
            yield asked.answer
            return
        asked, spent = await self._writer.standing_alone(asked, self._pool.ask)
        assert asked.answer is not None
        if not self._writer.may_judge(asked):
            yield replace(asked.answer, spent=spent)
            return
        asking = await self._asking(asked)
        if asking and (known := self._cache.get(asking)):
            yield replace(known, spent=spent)
            return
        async for answer in self._writer.write(asked):
            if answer.spent:
                if asking and answer.numbered and not answer.broken_off:
                    self._cache.put(asking, answer)
                answer = replace(answer, spent=answer.spent + spent)
            yield answer

    def close(self) -> None:
        """End the workers, once they have answered what was asked."""
        self._pool.close()

    async def _asking(self, asked: Asked) -> Asking | None:
        """What `asked` asks for, as answers are kept; None where it leans on its conversation."""
        if self._embed is None or asked.leans or asked.extent != AS_COMPOSED:
            return None
        vectors = await asyncio.to_thread(self._embed, [asked.text])
        return asking_of(asked, vectors[0])


def asking_of(asked: Asked, vector: Vector) -> Asking:
    """What `asked`, answered by the chain, asks for; `vector` is that of its text."""
    units = tuple((part.picks[0].passage.id, _meant(part)) for part in asked.parts if part.picks)
    # "The introduction and the conclusion" asks for more than the introduction.
    units += (("pieces", (len(joined(asked.text)),)),)
    return Asking(asked.text, vector, units)


def _meant(part: Part) -> tuple[int, ...]:
    """The unit of the best passage that a question means: what is shown beside it turns on the words. Of a document,
    where one passage has many, any.
    """
    pick = part.picks[0]
    if pick.passage.listed or pick.passage.joins:
        return pick.units if pick.passage.listed else ()
    near = next((one.units for one in part.search.found if one.passage == pick.passage), ())
    return (max(range(len(near)), key=near.__getitem__),) if near else pick.units
