"""Which questions a round has: those that are meant, first the ones that were not asked yet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from bot import shelf as scripts
from bot.activities import Heard
from bot.intents import RoundOrder
from bot.reply import Choice, Choices, Reply, Text
from knowledge.bank import LEVELS, Question
from knowledge.words import stems

if TYPE_CHECKING:
    from bot.shelf import Shelf

USUAL = 5
# So many topics are named where none of them was asked for.
NAMED = 12
NO_QUESTIONS = "I have no quiz questions to ask. Say “help” to see what I can do."
ROUND = Choice("A round of all", "quiz round")


def questions_meant(heard: Heard, order: RoundOrder, shelf: Shelf) -> tuple[Question, ...] | Reply:
    """The questions that a round can have: of the topic or script that is named, else of the place's current script,
    else all. In a round together each has options, as people press them.
    """
    held = [one for one in shelf.questions if not order.together or scripts.quiz_options(one)]
    if order.text:
        said = order.text.lower().replace(",", " ").split()
        level = next((one for one in LEVELS if one in said), None)
        about = " ".join(word for word in said if word not in LEVELS)
        found = _about(about, held, shelf) if about else tuple(held)
        if not found:
            return _none_about(held)
        return tuple(one for one in found if one.level == level) or found
    current = shelf.current(heard.scene.place.script).slug
    return tuple(one for one in held if one.bank == current) or tuple(held) or _said(NO_QUESTIONS)


def drawn(meant: Sequence[Question], count: int | None, had: Collection[str]) -> tuple[str, ...]:
    """So many of the questions, as refs; those that were not had come first, each in the order of the bank."""
    ordered = sorted(meant, key=lambda one: one.ref in had)
    return tuple(one.ref for one in ordered[: USUAL if count is None else count])


def _about(text: str, held: Sequence[Question], shelf: Shelf) -> tuple[Question, ...]:
    """Those of a topic, a section or a script that `text` names."""
    said = set(stems(text))
    shares = {one.topic: scripts.share_named(one.topic, said) for one in held if one.topic}
    if most := max(shares.values(), default=0.0):
        return tuple(one for one in held if one.topic and shares[one.topic] == most)
    named = {script.slug for script in shelf.named(text)}
    by_section = tuple(one for one in held if said and said <= set(stems(shelf.source_of(one).section or "")))
    by_bank = tuple(one for one in held if one.bank in named or (said and said <= set(stems(one.bank))))
    return by_section or by_bank


def names_topic(text: str, held: Sequence[Question]) -> bool:
    """Whether `text` names a topic that questions are about."""
    said = set(stems(text))
    return any(one.topic and scripts.share_named(one.topic, said) for one in held)


def _none_about(held: Sequence[Question]) -> Reply:
    topics = list(dict.fromkeys(one.topic for one in held if one.topic))
    if not topics:
        return _said(NO_QUESTIONS)
    more = f" and {len(topics) - NAMED} other topics" if len(topics) > NAMED else ""
    told = f"I have no quiz questions about that. I have some about {', '.join(topics[:NAMED])}{more}."
    return Reply((Text(told), Choices((ROUND,))), "quiz_start", private=True)


def _said(told: str) -> Reply:
    return Reply((Text(told),), "quiz_start", private=True)
