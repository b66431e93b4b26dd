"""Benefits: the cards of a script to press, each with the editors' explanation behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import shelf as scripts
from bot.activities import Heard, shown_of
from bot.intents import sayings
from bot.reply import Choice, Choices, Part, Reply, Sources, Text
from knowledge.provenance import EDITORS
from knowledge.script import Script

if TYPE_CHECKING:
    from bot.shelf import Shelf


class Benefits:
    """Takes requests for the cards, or for one of them."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def take(self, heard: Heard) -> Reply | None:
        """All cards to press, or the one that is meant."""
        if heard.intent.name != "benefits":
            return None
        script = shown_of(heard, self._shelf, scripts.cards)
        if script is None or isinstance(script, Reply):
            return script
        return _card(script, heard.pick.number) if heard.pick.number is not None else _all(script)


def _all(script: Script) -> Reply:
    held = scripts.cards(script)
    assert held is not None
    section, cards = held
    choices = tuple(Choice(f"{card.title}", sayings.show("benefits", script.slug, card.number)) for card in cards.cards)
    parts = (Text(f"{section.title}: choose one to see more."), Choices(choices, listed=True))
    return Reply((*parts, Sources((scripts.source(script, section),))), "benefits")


def _card(script: Script, number: int) -> Reply:
    """One card; behind a number that there is none of lies the list."""
    held = scripts.cards(script)
    assert held is not None
    section, cards = held
    if not 1 <= number <= len(cards.cards):
        everything = _all(script)
        return Reply((Text(f"There are only {len(cards.cards)}."), *everything.parts), "benefits", abstained=True)
    card = cards.cards[number - 1]
    lines = [f"{section.title}, number {number} of {len(cards.cards)}: {card.title}."]
    if card.explanation:
        lines.append(f"{card.explanation} ({EDITORS[0].upper()}{EDITORS[1:]}.)")
    parts: tuple[Part, ...] = (Text("\n".join(lines)), Sources((scripts.source(script, section),)))
    around = [Choice("Next", sayings.show("benefits", script.slug, number % len(cards.cards) + 1))]
    around.append(Choice("All of them", sayings.show("benefits", script.slug)))
    return Reply((*parts, Choices(tuple(around))), "benefits")
