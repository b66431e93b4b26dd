"""Set forms: wordings that mean one thing whatever else is open, with the politeness that people put around them."""

from __future__ import annotations

import re

PLEASE = (
    r"(?:(?:please|pls|can you|could you|can we|could we|now|then|so|well|right|great|good|cool|all ?right"
    r"|(?:ok(?:ay)?|thanks|thank you)(?: (?:team|everyone|everybody|folks|all))?|hey bot|bot"
    r"|(?:that's|thats|that is|this is|it's) (?:all|it|enough)(?: for (?:now|today))?|time(?:'s| is|s) up"
    r"|(?:we're|we are|i'm|i am) (?:all )?done)[ ,.!;:]++)*+"
)


def set_form(pattern: str) -> re.Pattern[str]:
    """What matches `pattern` as a whole utterance, in any case, with a "please" before or after it."""
    return re.compile(rf"{PLEASE}(?:{pattern})(?<![\s!?.])(?:,? (?:please|pls))?[\s!?.]*", re.I | re.S)
