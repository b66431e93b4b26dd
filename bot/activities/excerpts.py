"""Excerpts: what a script holds as lists and short texts, shown as it stands there, with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot import shelf as scripts
from bot.activities import Heard, shown_of
from bot.intents import Name
from bot.intents.options import told_apart
from bot.reply import Choice, Choices, Part, Reply, Sources, Text
from knowledge.answer import Source
from knowledge.chunks import sentences
from knowledge.provenance import EDITORS, quoted, stated
from knowledge.question import item_asked
from knowledge.script import Script
from knowledge.words import Spelling, words

if TYPE_CHECKING:
    from bot.shelf import Shelf

Said = Sequence[str]  # what was said in this conversation before
_ALL = re.compile(r"\b(?:all|every|both|each|full list|quotes)\b", re.I)


@dataclass(frozen=True)
class Excerpt:
    """One kind of excerpt: where a script has it, and what is shown of it."""

    holds: Callable[[Script], object]
    show: Callable[[Script, str, Said], tuple[Part, ...]]


class Excerpts:
    """Takes requests for quotes, takeaways, statistics, resources, keywords, the short version, what comes next."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def take(self, heard: Heard) -> Reply | None:
        """The excerpt that is meant, from the script that is meant."""
        name = heard.intent.name
        excerpt = EXCERPTS.get(name)
        if excerpt is None:
            return None
        script = shown_of(heard, self._shelf, excerpt.holds)
        if script is None or isinstance(script, Reply):
            return script
        said = tuple(message.content for message in heard.scene.history if message.role == "assistant")
        return Reply(excerpt.show(script, heard.turn.words, said), name)


def _listed(title: str, items: Sequence[str], source: Source) -> tuple[Part, ...]:
    return Text("\n".join((f"{title}:", *(f"- {item}" for item in items)))), Sources((source,))


def _quotes(script: Script, asked: str, said: Said) -> tuple[Part, ...]:
    """The quote that is meant; one that was not given lately, where none is; all of them, where that is wanted."""
    told = " ".join(said)
    # The first that was not told yet, else the one that was told longest ago.
    fresh = min(script.quotes, key=lambda quote: told.rfind(quote))
    shown = list(script.quotes) if _ALL.search(asked) else [_quote_meant(script.quotes, asked) or fresh]
    parts: tuple[Part, ...] = (Text("\n".join(quoted(shown))), Sources((scripts.note(script, "Expert Quotes"),)))
    return parts if len(shown) == len(script.quotes) else (*parts, Choices((Choice("Another quote", "another quote"),)))


def _quote_meant(quotes: Sequence[str], said: str) -> str | None:
    """The quote that is named by its place, or by words that only this quote has."""
    place = item_asked(said).place
    if place is not None and place <= len(quotes):
        return quotes[place - 1] if place > 0 else quotes[-1]
    named = told_apart(Spelling(words(" ".join(quotes))).mend(said), quotes)
    return quotes[named - 1] if named else None


def _takeaways(script: Script, asked: str, said: Said) -> tuple[Part, ...]:
    return _listed("Key takeaways", script.takeaways, scripts.note(script, "Key Takeaways"))


def _statistics(script: Script, asked: str, said: Said) -> tuple[Part, ...]:
    lines = "\n".join(stated(script.statistics))
    return Text(lines), Sources((scripts.note(script, "Statistics"),))


def _resources(script: Script, asked: str, said: Said) -> tuple[Part, ...]:
    """The resources, and what the text under the video links to; the script gives no addresses, so none are shown."""
    links = script.listing.links if script.listing else ()
    known = " ".join(script.resources).casefold()
    more = [link for link in links if link.casefold() not in known]
    parts = _listed("Resources", (*script.resources, *more), scripts.note(script, "Additional Resources"))
    return parts[0], Text("The script names them without addresses."), *parts[1:]


def _keywords(script: Script, asked: str, said: Said) -> tuple[Part, ...]:
    parts = _listed("Keywords", script.keywords, scripts.note(script, "SEO Keywords"))
    tags = script.listing.hashtags if script.listing else ()
    return (parts[0], Text(f"Hashtags: {' '.join(tags)}"), *parts[1:]) if tags else parts


def _short_version(script: Script, asked: str, said: Said) -> tuple[Part, ...]:
    """The editors' short text; without one, what the script wants of it."""
    source = Sources((scripts.note(script, "Short Form Adaptation"),))
    if script.short_version is None:
        return Text(f"The script only describes its short version: {script.short_form}"), source
    # The script calls for "the top 3 benefits" without saying which they are.
    top = re.search(r"\btop (\d)\b", script.short_form or "")
    chosen = f"; the script's “top {top[1]}” are taken to be its first {top[1]}" if top else ""
    wanted = sentences(script.short_form or "")
    calls = (Text(f"The script calls for it: {wanted[0]}"),) if wanted else ()
    return (
        *calls,
        Text(f"In short ({EDITORS}{chosen}):"),
        Text(script.short_version),
        source,
    )


def _next_topic(script: Script, asked: str, said: Said) -> tuple[Part, ...]:
    section = next(section for section in script.sections if section.teaser)
    return Text(str(section.teaser)), Sources((scripts.source(script, section),))


EXCERPTS: dict[Name, Excerpt] = {
    "quote": Excerpt(lambda script: script.quotes, _quotes),
    "takeaways": Excerpt(lambda script: script.takeaways, _takeaways),
    "stats": Excerpt(lambda script: script.statistics, _statistics),
    "resources": Excerpt(lambda script: script.resources, _resources),
    "keywords": Excerpt(lambda script: script.keywords, _keywords),
    "short_version": Excerpt(lambda script: script.short_version or script.short_form, _short_version),
    "next_topic": Excerpt(lambda script: any(section.teaser for section in script.sections), _next_topic),
}
