"""Answers as people get them: composed of the passages by a pool of workers, so that many can ask at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from knowledge.answer import Answer, Message
from knowledge.chain import Asked, RetrievalChain
from knowledge.pool import Pool


class Answers:
    """The `Answerer` over one chain."""

    def __init__(self, chain: RetrievalChain) -> None:
        self._pool = Pool(chain.ask)

    async def answer(
        self, question: str, history: Sequence[Message] = (), composed: bool = False
    ) -> AsyncIterator[Answer]:
        """The answer to `question` as it grows, the whole last."""
        asked = await self._pool.ask(Asked(question, tuple(history)))
        assert asked.answer is not None
        yield asked.answer
