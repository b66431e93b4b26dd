"""Descriptions: what is seen and heard in the video, for people who cannot see or hear it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

from bot import shelf as scripts
from bot.activities import Heard, shown_of
from bot.intents import sayings
from bot.reply import Choice, Choices, Reply, Sources, Text
from knowledge.chunks import as_sentence
from knowledge.question import item_asked, moment
from knowledge.script import Script, Section
from knowledge.script.called import callings
from knowledge.script.passages import locator
from knowledge.words import Spelling, stems
from knowledge.words import words as plain

if TYPE_CHECKING:
    from bot.shelf import Shelf

NO_MORE = "The script describes no more than this: no values, no details of the pictures."
_PIECE = re.compile(r"\b(?:and|as well as|plus|versus|vs)\b|[,;&]", re.I)
# So many pieces of what is said are looked at, each for a section: no script has more than people would name.
MOST_PIECES = 12
# What people ask with, whatever the section.
_ASKED_WITH = frozenset(
    stems(
        "visual visuals visually audio sound sounds music picture pictures image images animation animated describe "
        "description detail details note accessibility screen show shown see hear heard cue cues blind deaf effects "
        "section video everything all every each list one side appear time"
    )
)


class Descriptions:
    """Takes requests to describe what is seen and heard."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def take(self, heard: Heard) -> Reply | None:
        """The section that is meant in full; all sections in a line each where none is."""
        if heard.intent.name != "describe":
            return None
        script = shown_of(heard, self._shelf, _has_cues)
        if script is None or isinstance(script, Reply):
            return script
        number = heard.pick.number
        if number is not None and 1 <= number <= len(script.sections):
            return _one(script, script.sections[number - 1])
        if heard.pick.script is not None:
            return _all(script)
        return await asyncio.to_thread(_told, script, heard.turn.words)


def _told(script: Script, words: str) -> Reply:
    """What `words` ask for; they may be many, and are compared with every section."""
    said = _spelling(script).mend(words)
    pieces = dict.fromkeys(piece for piece in map(str.strip, _PIECE.split(said)) if piece)
    named = list(dict.fromkeys(section for piece in islice(pieces, MOST_PIECES) for section in _meant(script, piece)))
    if len(named) > 1:
        return _several(script, named)
    section = named[0] if named else section_meant(script, said)
    return _one(script, section) if section else _all(script)


def _has_cues(script: Script) -> bool:
    return any(section.visual or section.audio for section in script.sections)


def _spelling(script: Script) -> Spelling:
    shown = (
        f"{one.title} {one.visual} {one.audio} {one.accessibility} {' '.join(callings(script, one))}"
        for one in script.sections
    )
    return Spelling(plain(" ".join(shown)))


def _meant(script: Script, piece: str) -> list[Section]:
    """The sections that a piece of what was said names, else the one that it means."""
    named = sections_named(script, piece)
    return named or [section for section in (section_meant(script, piece),) if section is not None]


def sections_named(script: Script, words: str) -> list[Section]:
    """The sections that `words` name by their part in the video ("the opening", "the benefits"), in their order."""
    said = f" {' '.join(plain(words))} "
    return [section for section in script.sections if any(f" {name} " in said for name in callings(script, section))]


def section_meant(script: Script, words: str) -> Section | None:
    """The section that `words` name: by its title, its number, a moment on the clock, or what is seen there."""
    second = moment(words)
    if second is not None:
        return next((section for section in script.sections if section.start <= second < section.end), None)
    said = set(stems(words)) - _ASKED_WITH
    scores = {section.slug: _nearness(section, said, script) for section in script.sections}
    best = max(scores, key=lambda slug: scores[slug])
    if scores[best] > 0 and list(scores.values()).count(scores[best]) == 1:
        return scripts.section_of(script, best)
    place = item_asked(words).place
    return script.sections[place - 1] if place and 1 <= place <= len(script.sections) else None


def _nearness(section: Section, said: set[str], script: Script) -> float:
    """How many of the words that only this section has in its title or pictures are said; titles count double."""
    own = set(stems(section.title))
    seen = set(stems(f"{section.visual or ''} {section.audio or ''} {section.accessibility or ''}"))
    others = [other for other in script.sections if other is not section]
    elsewhere = set(stems(" ".join(f"{other.title} {other.visual or ''} {other.audio or ''}" for other in others)))
    return 2 * len(said & own - elsewhere) + len(said & seen - elsewhere)


def _one(script: Script, section: Section) -> Reply:
    lines = [f"{section.title} ({locator(section)})"]
    lines.append(as_sentence(f"Seen: {section.visual or 'the script names nothing to see here'}"))
    lines.append(as_sentence(f"Heard: {section.audio or 'the script names no sound here'}"))
    lines.append(as_sentence(f"Accessibility note: {section.accessibility or 'the script has none for this section'}"))
    lines.append(f"The narration: {section.content}")
    parts = (Text("\n".join(lines)), Text(NO_MORE))
    number = script.sections.index(section) + 1
    around = []
    if number < len(script.sections):
        around.append(Choice("Next section", sayings.show("describe", script.slug, number + 1)))
    around.append(Choice("All sections", sayings.show("describe", script.slug)))
    return Reply((*parts, Sources((scripts.source(script, section),)), Choices(tuple(around))), "describe")


def _line(section: Section) -> str:
    seen = as_sentence(f"Seen: {section.visual or 'nothing named'}")
    heard = as_sentence(f"Heard: {section.audio or 'nothing named'}")
    return f"- {section.title} ({locator(section)}). {seen} {heard}"


def _several(script: Script, sections: Sequence[Section]) -> Reply:
    """Some sections in a line each, with the notes for those who cannot see."""
    lines = [
        f"{_line(section)} {as_sentence(f'Accessibility note: {section.accessibility}')}"
        if section.accessibility
        else _line(section)
        for section in sections
    ]
    sources = tuple(scripts.source(script, section) for section in sections)
    return Reply((Text("\n".join(lines)), Text(NO_MORE), Sources(sources)), "describe")


def _all(script: Script) -> Reply:
    lines = [f"What is seen and heard in “{script.title}”:", *map(_line, script.sections)]
    choices = tuple(
        Choice(section.title, sayings.show("describe", script.slug, number))
        for number, section in enumerate(script.sections, 1)
    )
    said = Text("\n".join(lines))
    return Reply((said, Text("For more, choose a section:"), Choices(choices, listed=True)), "describe")
