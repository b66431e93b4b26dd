"""Between a language model and a person: whether a sentence says what the passages that it cites say, and no more.

Rules find what no passage can excuse (links, mentions, orders) and what these passages do not hold (figures with their
bounds, times and extent, names, sources, quotes, the opposite of what they say); `support` weighs the rest. Each looks
at one sentence with its passages, so it can be shown as soon as it is whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from knowledge.checking.order import swaps
from knowledge.checking.origins import strange_name, strange_quote, strange_source
from knowledge.checking.pieces import Evidence, Look
from knowledge.checking.scope import overreaches, sets_condition
from knowledge.checking.sense import contradicts
from knowledge.checking.stated import strange_figure
from knowledge.checking.support import Support
from knowledge.checking.wording import Wording, forbidden
from knowledge.chunks import Passage

if TYPE_CHECKING:
    from knowledge.embedder import Vectors

Fault = (
    Wording
    | Literal[
        "uncited", "figure", "name", "source", "quote", "condition", "opposite", "swapped", "loaded", "unsupported"
    ]
)


class Checker:
    """Checks sentences that a language model wrote."""

    def __init__(self, embed: Callable[[Sequence[str]], Vectors], support: Support | None = None) -> None:
        """`embed` gives a row of length 1 for each text."""
        self._evidence = Evidence(embed)
        self._support = support or Support()

    def fault(self, sentence: str, passages: Sequence[Passage]) -> Fault | None:
        """What is wrong with `sentence`, which cites `passages`; None where nothing is."""
        found = self._ruled(sentence, passages)
        if isinstance(found, Look):
            return None if self._support.suffices(found.measures) else "unsupported"
        return found

    def weighed(self, sentence: str, passages: Sequence[Passage]) -> Mapping[str, float] | None:
        """What the weights of `Support` judge; None where a rule finds a fault before them."""
        found = self._ruled(sentence, passages)
        return found.measures if isinstance(found, Look) else None

    def _ruled(self, sentence: str, passages: Sequence[Passage]) -> Fault | Look:
        """The fault that a rule finds; else what was measured."""
        if fault := _plain_fault(sentence, passages):
            return fault
        look = self._evidence.look(sentence, passages)
        if contradicts(sentence, look.piece):
            return "opposite"
        if swaps(sentence, look.piece):
            return "swapped"
        return "loaded" if look.loaded else look


def _plain_fault(sentence: str, passages: Sequence[Passage]) -> Fault | None:
    """The fault that shows without a look at which piece of the passages a sentence is from."""
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
    return "condition" if sets_condition(sentence, cited) else None


def _whole(passage: Passage) -> str:
    """All that a sentence may take from a passage, its place included."""
    return " ".join(filter(None, (passage.title, passage.section, passage.locator, passage.text)))
