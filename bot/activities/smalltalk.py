"""Small talk: a friendly line of our own to thanks, greetings, laughter and whatever else is said about the talk."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.activities import Heard
from bot.intents import Chat
from bot.reply import Reply, Text

_FILE = Path(__file__).with_name("smalltalk.toml")


class Smalltalk:
    """Takes remarks."""

    async def take(self, heard: Heard) -> Reply | None:
        """The line that was said longest ago in this talk, or never."""
        chat = heard.intent.value
        if not isinstance(chat, Chat):
            return None
        told = "\n".join(heard.scene.chatted)
        line = min(_lines()[chat.about][chat.language], key=told.rfind)
        return Reply((Text(line),), "smalltalk")


@functools.cache
def _lines() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """The lines by what they answer and by language, a code of ISO 639-1."""
    return tomllib.loads(_FILE.read_text("utf-8"))
