"""Set forms: wordings that mean one thing whatever else is open, with a "please" after it; `leads` sees to the rest."""

from __future__ import annotations

import re

# What may follow.
END = r"(?<![\s!?.])(?:,? (?:please|pls))?[\s!?.]*"


def set_form(pattern: str) -> re.Pattern[str]:
    """What matches `pattern` as a whole utterance, in any case."""
    return re.compile(rf"(?:{pattern}){END}", re.I | re.S)
