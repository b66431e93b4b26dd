"""No embedding more than is needed: the model opens at its first use, and what was just embedded is remembered."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from knowledge.embedder import Embedder

if TYPE_CHECKING:
    from knowledge.embedder import Vectors

# Texts whose vectors are remembered: those of the turns that are under way.
RECENT = 256


class LazyEmbedder:
    """Opens the embedder at its first use: a command that embeds nothing loads no model."""

    def __init__(self, open_it: Callable[[], Embedder]) -> None:
        self._open = open_it
        self._embedder: Embedder | None = None
        self._lock = threading.Lock()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """The vectors of `texts`."""
        with self._lock:
            if self._embedder is None:
                self._embedder = self._open()
        return self._embedder.embed(texts)


class RecentEmbedder:
    """Remembers the vectors of the last few texts: what a turn means and what answers it are one embedding."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._recent: OrderedDict[str, Vectors] = OrderedDict()
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
            while len(self._recent) > RECENT:
                self._recent.popitem(last=False)
        return np.stack([known[text] for text in texts]) if texts else self._embedder.embed(())

    def forget(self) -> None:
        """Remember nothing, so that the next text is embedded whatever it is."""
        with self._lock:
            self._recent.clear()
