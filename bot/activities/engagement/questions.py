"""The script's questions to its viewers, as questions to talk about here, and which of them comes next."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from knowledge.chunks import sentences
from knowledge.script import Script, Section
from knowledge.script.passages import call_to_action
from knowledge.words import stems

# Sentences that only make sense under a video: where to leave a comment, and what to press there.
_COMMENT = re.compile(r"\bcomments?\b|\b(?:tell us|let us know|write (?:to )?us)\b.{0,200}?\bbelow\b", re.I)
_VIDEO = re.compile(
    r"\b(?:subscribe|like (?:this|the) video|hit (?:the )?like|bell|notifications?|click|link below)\b", re.I
)


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


def about(script: Script, words: str) -> list[tuple[Section, str]]:
    """The questions of the sections that `words` name by at least half of what their titles say."""
    wanted = set(stems(words))
    return [one for one in questions_of(script) if _named(set(stems(one[0].title)), wanted)]


def least_recent(held: list[tuple[Section, str]], last: Callable[[str], Any]) -> tuple[Section, str]:
    """The first of the questions whose `last` time, of whatever kind that is, is the lowest."""
    return min(held, key=lambda one: last(one[1]))


def _named(title: set[str], wanted: set[str]) -> bool:
    return len(title & wanted) >= len(title) / 2
