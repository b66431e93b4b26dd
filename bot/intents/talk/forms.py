"""Set forms: wordings that mean one thing whatever else is open, with or without "please" or "lol" after them."""

from __future__ import annotations

import re

# What may follow: two such words at most, so that a form takes linear time whatever it ends in.
END = (
    r"(?<![\s!?.])"
    r"(?:,? (?:please|pls|plz|thanks|thank you|thx|ty|lol|lmao|haha(?:ha)?|hehe|mate|man|bro|dude|guys|folks)){0,2}"
    r"[\s!?.]*"
)


def set_form(pattern: str) -> re.Pattern[str]:
    """What matches `pattern` as a whole utterance, in any case."""
    return re.compile(rf"(?:{pattern}){END}", re.I | re.S)
