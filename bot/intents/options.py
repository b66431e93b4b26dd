"""Which of several things somebody means by words that only one has; which options are degrees."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from knowledge.words import content_words, stem

_DENIALS = frozenset(
    ["not", "no", "never", "neither", "nor", "hardly", "barely", "scarcely", "less", "least", "cannot", "without"]
)
_DENYING_VERB = re.compile(
    r"(?:is|are|was|were|do|does|did|have|has|had|ca|could|wo|would|should|ai)n'?t|can'?t|won'?t"
)

DEGREES: Mapping[str, frozenset[str]] = {
    "none": frozenset(["not", "none", "never", "nothing", "nobody", "no", "zero"]),
    "some": frozenset(["somewhat", "some", "bit", "little", "slightly", "partly", "moderately", "fairly", "sometimes"]),
    "high": frozenset(["very", "extremely", "fully", "completely", "highly", "always", "expert", "totally", "yes"]),
}


def told_apart(text: str, others: Sequence[str]) -> int | None:
    """Which of `others`, from 1, `text` names by words that only this one has; None where it names none, or two."""
    held = [set(map(stem, content_words(other))) for other in others]
    said = set(map(stem, content_words(text)))
    shares = [len(said & own.difference(*held[:at], *held[at + 1 :])) for at, own in enumerate(held)]
    most = max(shares, default=0)
    return shares.index(most) + 1 if most and shares.count(most) == 1 else None


def is_denial(word: str) -> bool:
    """Whether a word denies what follows it: "not", "isn't"."""
    return word in _DENIALS or _DENYING_VERB.fullmatch(word) is not None


def degrees(options: Sequence[str]) -> dict[str, int]:
    """The option for each degree ("none", "some", "high"), from 1; {} where the options are no scale of degrees."""
    found: dict[str, int] = {}
    for place, option in enumerate(options, 1):
        said = set(re.findall(r"[a-z']+", option.casefold()))
        degree = next((name for name, telling in DEGREES.items() if said & telling), None)
        if degree is None or degree in found:
            return {}
        found[degree] = place
    return found if len(found) > 1 else {}
