"""Which option words are likely to mean that name none, and how likely that is: learned, where nothing is said."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.intents.certainty import Certainty
from bot.intents.labels import Sense
from bot.intents.options import degrees
from bot.intents.votes.clauses import DOUBTS, Clause, clauses_of
from bot.intents.votes.compared import options_of
from bot.intents.votes.items import Mark
from bot.intents.votes.spoken import Token, tokens
from knowledge.odds import Odds
from knowledge.question import asks

# Words of the longest text that may mean an option.
LONGEST = 25
# What says nothing of an option.
_TALK = frozenset(["around", "address", "request", "emphasis", "and"])
_DOUBTS = tuple(kind for kind in DOUBTS if kind not in ("unknown", "number", "past"))
# How the labels begin that are none of something else to do.
_NOTHING_ELSE = ("question", "none", "smalltalk", "poll_answer", "help")
FITTED = Path(__file__).with_name("likely.toml")


@dataclass(frozen=True)
class Likely:
    """An option by its place from 1, and how likely it is meant, from 0 to 1: a "degree", or another "option"."""

    place: int
    chance: float
    kind: str

    @property
    def certainty(self) -> Certainty | None:
        """ "meant" where it is to be counted, "open" where it is to be asked about; None where it is neither.

        That words are near an option makes no vote: "Friday" is near "Thursday".
        """
        fitted = _fitted()[self.kind]
        if self.kind == "degree" and self.chance >= fitted["counted"]:
            return "meant"
        return "open" if self.chance >= fitted["asked"] else None


def likely(text: str, question: str, options: Sequence[str], sense: Sense, setting: str) -> Likely | None:
    """The option that `text` is nearest to; None where it cannot be a vote by meaning, as it asks, or doubts, or names
    options, of which the rules know more.
    """
    said, held = tokens(text), options_of(question, tuple(options))
    clauses = clauses_of(said, held) if len(said) <= LONGEST else []
    named = frozenset[int]().union(*(mention.places for clause in clauses for mention in clause.mentions))
    doubts = (*_DOUBTS, "denial", "aversion") if named else _DOUBTS
    if not clauses or held.polar or asks(text) or any(one.asked or one.has(*doubts) for one in clauses):
        return None
    scale = degrees(options)
    told = _told(said, clauses)
    if not scale and (not told or any(map(str.isdecimal, told)) or named):
        return None
    taught = sense.scores(text, setting)
    measures = {
        "none": taught.get("none", 0.0),
        "question": taught.get("question", 0.0),
        "talk": sum(score for label, score in taught.items() if label.startswith(("smalltalk", "help"))),
        "other": sum(score for label, score in taught.items() if not label.startswith(_NOTHING_ELSE)),
        "words": len(said) / 10,
    }
    if scale:
        near = {place: taught.get(f"poll_answer {name}", 0.0) for name, place in scale.items()}
    else:
        asked, *found = sense.likeness(told, [question, *options])
        near = dict(enumerate(found, 1))
        measures |= {"asked": asked, "told": len(told.split()), "options": len(near)}
    best, second, *_ = sorted(near, key=lambda place: near[place], reverse=True)
    if named and named != {best}:
        return None
    ahead = near[best] - near[second]
    measures |= {"score": near[best], "ahead": ahead, "both": near[best] * ahead}
    kind = "degree" if scale else "option"
    return Likely(best, Odds(_fitted()[kind]).chance(measures), kind)


@functools.cache
def _fitted() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(FITTED.read_text("utf-8"))


def _told(said: Sequence[Token], clauses: Sequence[Clause]) -> str:
    """What is said beside talk and reasons."""
    kept = [
        item
        for clause in clauses
        if clause.begins != "reason"
        for item in clause.items
        if isinstance(item, Mark) and item.kind not in _TALK
    ]
    return " ".join(token.text for item in kept for token in said[item.start : item.end])
