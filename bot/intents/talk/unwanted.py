"""What somebody names who wants no more of it: "enough quizzing for today", "let's not do a poll"."""

from __future__ import annotations

import re

from bot.intents import Name

# Before such a thing, with a few words of the same clause in between, these say that it is not wanted, or over.
_NO_MORE = (
    r"(?<!why )\b(?:don'?t|do not|not|no|never|no more|enough|done|finished|through|tired|sick|bored|fed up|stop|quit"
    r"|leave|without|instead of|rather than|forget|skip)\b(?:\s+(?!but\b|rather\b)[\w'-]+){0,4}?\s+"
)
_NO_QUIZ = re.compile(rf"{_NO_MORE}(?:quiz\w*|questions?|trivia|round)\b", re.I)
_NO_POLL = re.compile(rf"{_NO_MORE}(?:polls?|polling|surveys?|vot(?:e|es|ing))\b", re.I)
_UNWANTED: dict[Name, re.Pattern[str]] = {"quiz_start": _NO_QUIZ, "poll_start": _NO_POLL}


def is_unwanted(name: Name, text: str) -> bool:
    """Whether `text` says that what `name` begins is not wanted."""
    unwanted = _UNWANTED.get(name)
    return unwanted is not None and unwanted.search(text.replace("\u2019", "'")) is not None
