"""Retelling: what was told last is told again, or one thing of its list, or where it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from bot.activities import Heard, Step
from bot.intents import Retelling
from bot.markup.marks import as_written
from bot.reply import Part, Reply, Sources, Text
from knowledge.answer import Source
from knowledge.documents import Handbook
from knowledge.provenance import NO_SOURCE, NO_SOURCES, NO_SPEAKER

if TYPE_CHECKING:
    from bot.store.records import Records

# Characters of a line of the answer that is quoted again.
LONGEST_QUOTED = 200
_GROUNDS = "I have that from here, and from nowhere else."
_NO_GROUNDS = "What I told you last is from me, and rests on none of my sources."


class Retellings:
    """Takes "again", "what did you say?", "the third one" and "says who?"."""

    def __init__(self, handbook: Handbook) -> None:
        self._handbook = handbook

    async def take(self, heard: Heard) -> Step | None:
        """What was told last to this person here, with its sources."""
        value = heard.intent.value
        if not isinstance(value, Retelling) or value.explained:
            return None  # what is explained is looked up again
        return partial(_grounds, heard, self._handbook) if value.grounds else partial(_retell, heard, value.item)


def _grounds(heard: Heard, handbook: Handbook, records: Records) -> Reply:
    told = records.told_last(heard.turn)
    if told is None or not told.sources:
        return Reply((Text(_NO_GROUNDS),), "smalltalk", remembered=False)
    lacking = [note for note in (NO_SOURCE, NO_SOURCES, NO_SPEAKER) if note in told.content]
    if told.activity == "savings_estimate":
        # What an estimate rests on stands below its sum, with the notes.
        grounds = f"{_GROUNDS} {' '.join(told.content.splitlines()[1:])}"
    else:
        grounds = " ".join((_GROUNDS, *_figures_of(told.content), *lacking))
    said = "\n".join((grounds, *_references(told.sources, handbook)))
    return Reply((Text(said), Sources(told.sources)), told.activity, remembered=False)


def _figures_of(content: str) -> Iterator[str]:
    """The first sentence of what was told that states a share, as it was told."""
    for line in content.splitlines():
        if "%" in line and len(line) <= LONGEST_QUOTED:
            yield f"“{as_written(line.strip('- '))}”"
            return


def _references(sources: Sequence[Source], handbook: Handbook) -> Iterator[str]:
    """What each topic was written from, and when that was read."""
    titles = {source.title for source in sources}
    for document in handbook.documents:
        if document.source().title in titles and document.references and document.checked:
            listed = "; ".join(as_written(one.title) for one in document.references)
            read = f"{document.checked.day} {document.checked:%B %Y}"
            yield f"“{as_written(document.title)}” was written from: {listed} (read on {read})."


def _retell(heard: Heard, item: str, records: Records) -> Reply:
    told = records.told_last(heard.turn)
    if told is None:
        return Reply((Text("I have told you nothing here yet that I could tell again."),), "question")
    parts: tuple[Part, ...] = (Text(as_written(item or told.content)),)
    if told.sources:
        parts += (Sources(told.sources, told.numbered),)
    return Reply(parts, told.activity)
