"""What a remark can be that is about the talk itself, or only friendly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

About = Literal[
    "thanks",
    "praise",
    "agreement",
    "greeting",
    "goodbye",
    "laughter",
    "joy",
    "complaint",
    "insult",
    "frustration",
    "apology",
    "are_you_human",
    "who_made_you",
    "how_are_you",
    "name",
    "love",
    "congratulation",
    "surprise",
    "waiting",
    "moderators",
    "warm",
    "chat",
]


@dataclass(frozen=True)
class Chat:
    """Something said about the talk itself, or to be friendly; "warm" or "chat" where it is not clear what.

    "moderators" asks why only they may do something. `language` is a code of ISO 639-1.
    """

    about: About
    language: str = "en"
