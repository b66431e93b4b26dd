"""Addresses of messages in Discord. Nothing heavy is imported here: whoever lists polls needs no connection."""

from __future__ import annotations

from bot.store import Post
from bot.turn import WITHIN


def address_of(post: Post) -> str:
    """The address of a message that stands; of a direct talk there is no server."""
    channel = post.room.place.rpartition(WITHIN)[2]
    return f"https://discord.com/channels/{post.room.server or '@me'}/{channel}/{post.reference}"
