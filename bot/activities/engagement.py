"""Engagement: the script's questions to its viewers, as questions to talk about here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot import shelf as scripts
from bot.activities import Heard, script_meant
from bot.reply import Choice, Choices, Reply, Sources, Text
from knowledge.chunks import sentences
from knowledge.script import Script, Section
from knowledge.script.passages import call_to_action
from knowledge.words import stems

if TYPE_CHECKING:
    from bot.shelf import Shelf

REPLY_HERE = "Reply here."
ANOTHER = Choice("Another question", "another question for the team")
# Sentences that only make sense under a video: where to leave a comment, and what to press there.
_COMMENT = re.compile(r"\bcomments?\b|\b(?:tell us|let us know|write (?:to )?us)\b.*\bbelow\b", re.I)
_VIDEO = re.compile(
    r"\b(?:subscribe|like (?:this|the) video|hit (?:the )?like|bell|notifications?|click|link below)\b", re.I
)


class Engagement:
    """Takes requests for something to discuss."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def take(self, heard: Heard) -> Reply | None:
        """One question, that was not posted here lately if there is one; that of a section where one is named."""
        if heard.intent.name != "engagement_question":
            return None
        script = script_meant(heard, self._shelf, questions_of)
        if isinstance(script, Reply):
            return script
        said = " ".join(message.content for message in heard.scene.history if message.role == "assistant")
        section, question = _choose(script, heard.turn.words, said)
        parts = (Text(f"{question}\n{REPLY_HERE}"), Choices((ANOTHER,)))
        return Reply((*parts, Sources((scripts.source(script, section),))), "engagement_question")


def questions_of(script: Script) -> list[tuple[Section, str]]:
    """The questions of a script with their sections, fit for a chat; the call at its end is one of them."""
    found = [(section, for_chat(section.engagement)) for section in script.sections if section.engagement]
    if calls := for_chat(" ".join(call_to_action(script))):
        found.append((script.sections[-1], calls))
    return [(section, question) for section, question in found if question]


def for_chat(text: str) -> str:
    """`text` without the sentences that ask for a comment under a video, or for something to be pressed there."""
    kept = [one for one in sentences(text) if not _COMMENT.search(one) and not _VIDEO.search(one)]
    return " ".join(kept)


def _choose(script: Script, words: str, said: str) -> tuple[Section, str]:
    held = questions_of(script)
    wanted = set(stems(words))
    about = [one for one in held if len(set(stems(one[0].title)) & wanted) >= len(set(stems(one[0].title))) / 2]
    # The first that was not said yet, else the one that was said longest ago.
    return min(about or held, key=lambda one: said.rfind(one[1]))
