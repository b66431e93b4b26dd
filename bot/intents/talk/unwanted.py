"""What somebody names who wants no more of it: "enough quizzing for today", "let's not do a poll"."""

from __future__ import annotations

import re

from bot.intents import Name

# How people call what an intent begins.
_THINGS: dict[Name, str] = {
    "quiz_start": r"(?:quiz\w*|questions?|trivia|round)",
    "poll_start": r"(?:polls?|polling|surveys?|vot(?:e|es|ing))",
}
# Before such a thing, with a few words in between, these say that it is not wanted, or over.
_NO_MORE = (
    r"(?<!why )\b(?:don'?t|do not|not|no|never|no more|enough|done|finished|through|tired|sick|bored|fed up|stop|quit"
    r"|leave|without|instead of|rather than|forget|skip)\b"
)


def is_unwanted(name: Name, text: str) -> bool:
    """Whether `text` says that what `name` begins is not wanted."""
    thing = _THINGS.get(name)
    plain = text.replace("\u2019", "'")
    return thing is not None and re.search(rf"{_NO_MORE}(?:\W+\w+){{0,4}}?\W+{thing}\b", plain, re.I) is not None
