"""The app's home, and what is suggested where a conversation is opened."""

from __future__ import annotations

from typing import Any

from adapters.slack.blocks import context, numbered
from adapters.slack.render import EMPTY, render
from bot.activities.help import EXAMPLES
from bot.reply import Reply

PROMPTS_TITLE = "Ask me, for example:"
# Slack shows four at most.
PROMPTS = [{"title": example[:75], "message": example} for example in EXAMPLES[:4]]
MOST_BLOCKS = 100


def view(reply: Reply, note: str = "") -> dict[str, Any]:
    """The home that shows a reply, below a `note` where there is one."""
    blocks = ([context(note)] if note else []) + numbered(
        [block for message in render(reply) for block in message.blocks]
    )
    return {"type": "home", "blocks": blocks[:MOST_BLOCKS] or [context(EMPTY)]}
