"""Between a language model and a person: whether a sentence says what the passages that it cites say, and no more.

Rules find what no passage can excuse (links, mentions, orders) and what these passages do not hold (figures with their
bounds, times and extent, names, sources, quotes, the opposite of what they say); `support` weighs the rest. Each looks
at one sentence with its passages, so it can be shown as soon as it is whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal

from knowledge.checking.order import swaps
from knowledge.checking.origins import strange_name, strange_quote, strange_source
from knowledge.checking.scope import overreaches
from knowledge.checking.sense import contradicts
from knowledge.checking.stated import strange_figure
from knowledge.checking.support import Evidence, Support
from knowledge.checking.wording import Wording, forbidden
from knowledge.chunks import Passage

if TYPE_CHECKING:
    from knowledge.embedder import Vectors

Fault = Wording | Literal["uncited", "figure", "name", "source", "quote", "opposite", "swapped", "unsupported"]


class Checker:
    """Checks sentences that a language model wrote."""

    def __init__(self, embed: Callable[[Sequence[str]], Vectors], support: Support | None = None) -> None:
        """`embed` gives a row of length 1 for each text."""
        self._evidence = Evidence(embed)
        self._support = support or Support()

    def fault(self, sentence: str, passages: Sequence[Passage]) -> Fault | None:
        """What is wrong with `sentence`, which cites `passages`; None where nothing is."""
        if not passages:
            return "uncited"
        cited = " ".join(_whole(one) for one in passages)
        if fault := forbidden(sentence, cited):
            return fault
        if strange_quote(sentence, cited):
            return "quote"
        if strange_name(sentence, cited):
            return "name"
        if strange_source(sentence, cited):
            return "source"
        if strange_figure(sentence, passages) or overreaches(sentence, passages):
            return "figure"
        measures, piece = self._evidence.measure(sentence, passages)
        if contradicts(sentence, piece):
            return "opposite"
        if swaps(sentence, piece):
            return "swapped"
        return None if self._support.suffices(measures) else "unsupported"

    def measure(self, sentence: str, passages: Sequence[Passage]) -> dict[str, float]:
        """What the weights of `Support` judge."""
        return self._evidence.measure(sentence, passages)[0]


def _whole(passage: Passage) -> str:
    """All that a sentence may take from a passage, its place included."""
    return " ".join(filter(None, (passage.title, passage.section, passage.locator, passage.text)))
