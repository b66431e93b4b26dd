"""Another one, or the next, of what was shown last: a quote, a card, a section, a question."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.intents import Intent, Pick, certain, name_of
from bot.intents.talk.going_on import told_last
from bot.shelf import Shelf
from bot.store import Scene

# What goes on by "another one" or "next", with what each may be called.
GOES_ON: Mapping[str, frozenset[str]] = {
    "quote": frozenset({"quote"}),
    "engagement_question": frozenset({"question"}),
    "benefits": frozenset({"card", "benefit"}),
    "describe": frozenset({"section"}),
    **dict.fromkeys(("quiz_start", "quiz_answer", "quiz_skip"), frozenset({"question", "quiz"})),
}
_CARD = re.compile(r"\bnumber (\d{1,2}) of (\d{1,2})\b")
# So many replies ago a card is still what "the one after it" goes on from.
A_MOMENT = 3
_ANOTHER = re.compile(
    r"(?:(?:show|give|tell|ask|hit) )?(?:me |us )?(?:with )?(?:the )?"
    r"(?:(?P<more>another|next|one more|more|a different|(?P<back>previous))"
    r"(?: one| (?P<thing>quote|question|quiz|card|benefit|section))?"
    r"|(?:one|card|section) (?:after|(?P<before>before)) (?:it|that|this)(?: one)?)(?: please| pls)?[\s!.?]*",
    re.I,
)


def read_another(text: str, scene: Scene, shelf: Shelf) -> Intent | None:
    """Another one of what was shown last; None where the words want none, or nothing was shown that goes on."""
    before, again = scene.before or "", _ANOTHER.fullmatch(text)
    if again and card_shown(scene) and (again["thing"] == "card" or not again["more"]):
        before = "benefits"
    if again is None or before not in GOES_ON or (again["thing"] or "").lower() not in ("", *GOES_ON[before]):
        return None
    if before.startswith("quiz"):
        # "Next" leaves a quiz that is open.
        return certain("quiz_start") if scene.quiz is None else None
    return certain(name_of(before), _beside(before, scene, shelf, -1 if again["back"] or again["before"] else 1))


def card_shown(scene: Scene) -> re.Match[str] | None:
    """The place of the card that was shown a moment ago, and of how many; None where none was, or something else since
    that is no answer to a question.
    """
    if scene.before not in ("benefits", "question"):
        return None
    told = [one.content for one in reversed(scene.history) if one.role == "assistant"][:A_MOMENT]
    return next((match for one in told if (match := _CARD.search(one))), None)


def wants_another(text: str) -> bool:
    """Whether `text` wants another one or the next, of whatever was shown."""
    return _ANOTHER.fullmatch(text) is not None


def wants_more(text: str) -> bool:
    """Whether `text` wants more of what was told, and does not say of what."""
    again = _ANOTHER.fullmatch(text)
    return again is not None and not again["thing"] and (again["more"] or "next").lower() not in ("next", "previous")


def _beside(before: str, scene: Scene, shelf: Shelf, step: int) -> Pick | None:
    """The card or section after the one shown last, as the talk tells it, or before it where `step` is -1."""
    if before == "benefits":
        match = card_shown(scene)
        return Pick((int(match[1]) - 1 + step) % int(match[2]) + 1) if match else Pick(1)
    if before == "describe":
        sections = shelf.current(scene.place.script).sections
        shown = [
            place for place, section in enumerate(sections, 1) if told_last(scene).startswith(f"{section.title} (")
        ]
        return Pick((shown[0] - 1 + step) % len(sections) + 1) if shown else Pick(1)
    return None
