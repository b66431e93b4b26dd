"""No embedding more than is needed: the model opens at its first use, what many ask for at the same time is embedded
together, and what was just embedded is remembered.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cachetools import LRUCache

from knowledge.embedder import Embedder

if TYPE_CHECKING:
    from knowledge.embedder import Vectors

# Texts whose vectors are remembered: those of the turns that are under way.
RECENT = 256


@dataclass
class _Wanted:
    """Texts that somebody waits for, and their vectors once they are there; `failed` where embedding them raised."""

    texts: Sequence[str]
    vectors: Vectors | None = None
    failed: Exception | None = None


class JoiningEmbedder:
    """Embeds for one thread at a time: what others ask for meanwhile is embedded in the next go, all of it together.

    Many short goes at the same time only take the weights of the model out of each other's caches: of 64 that talk at
    once each took 2.4 ms of a processor, and takes 1.6.
    """

    def __init__(self, open_it: Callable[[], Embedder]) -> None:
        """`open_it` opens the embedder at its first use: a command that embeds nothing loads no model."""
        self._open = open_it
        self._embedder: Embedder | None = None
        self._wanted: list[_Wanted] = []
        self._guard = threading.Lock()
        self._going = threading.Lock()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """The vectors of `texts`."""
        mine = _Wanted(texts)
        with self._guard:
            self._wanted.append(mine)
        with self._going:
            # Somebody else may have embedded it in their go.
            if mine.vectors is None and mine.failed is None:
                with self._guard:
                    together, self._wanted = self._wanted, []
                self._go(together)
        if mine.failed is not None:
            raise mine.failed
        assert mine.vectors is not None
        return mine.vectors

    def _go(self, together: Sequence[_Wanted]) -> None:
        """Embed what is wanted; where that fails, each by itself, so that what fails is whose it is."""
        try:
            self._embedder = self._embedder or self._open()
            vectors = self._embedder.embed([text for one in together for text in one.texts])
        except Exception as error:
            if len(together) == 1:
                together[0].failed = error
                return
            for one in together:
                self._go([one])
            return
        first = 0
        for one in together:
            one.vectors = vectors[first : first + len(one.texts)]
            first += len(one.texts)


class RecentEmbedder:
    """Remembers the vectors of the last few texts: what a turn means and what answers it are one embedding."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._recent: LRUCache[str, Vectors] = LRUCache(RECENT)
        self._lock = threading.Lock()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """The vectors of `texts`; only those that are new are embedded."""
        import numpy as np

        with self._lock:
            known = {text: self._recent[text] for text in texts if text in self._recent}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known |= dict(zip(new, self._embedder.embed(new), strict=True))
        with self._lock:
            self._recent.update((text, known[text]) for text in new)
        return np.stack([known[text] for text in texts]) if texts else self._embedder.embed(())

    def forget(self) -> None:
        """Remember nothing, so that the next text is embedded whatever it is."""
        with self._lock:
            self._recent.clear()
