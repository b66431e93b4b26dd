"""What the store and the activity of engagement know alike: how long replies are gathered, and names of slots."""

from __future__ import annotations

from datetime import timedelta

# How long replies to a posted question are gathered, and what comes due then.
GATHERED = timedelta(days=7)
CLOSE_DISCUSSION = "close engagement"


def question_slot(discussion: int) -> str:
    """Where a posted question stands."""
    return f"engagement-{discussion}"


def digest_slot(digest: int) -> str:
    """Where a digest stands."""
    return f"digest-{digest}"
