"""What the bot needs to be allowed in Discord, each with its reason; nothing else is asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import discord

# Permission -> what it is called in Discord, and what it is for.
NEEDED: Mapping[str, tuple[str, str]] = {
    "view_channel": ("View Channel", "to see that it is mentioned"),
    "send_messages": ("Send Messages", "to answer"),
    "send_messages_in_threads": ("Send Messages in Threads", "to answer in threads"),
    "read_message_history": ("Read Message History", "to answer under what was said"),
    "attach_files": ("Attach Files", "to show results as pictures"),
    "create_public_threads": ("Create Public Threads", "to go on in a thread"),
    "send_polls": ("Create Polls", "to hold polls of Discord's own; else they have buttons"),
}
SCOPES = ("bot", "applications.commands")


def needed() -> discord.Permissions:
    """All of it."""
    return discord.Permissions(**dict.fromkeys(NEEDED, True))


def install_link(application: int) -> str:
    """Where a server's moderator adds the bot, with these permissions and no more."""
    return discord.utils.oauth_url(application, permissions=needed(), scopes=SCOPES)


def lacking(held: discord.Permissions, needless: Collection[str] = ()) -> tuple[str, ...]:
    """What is not held, as Discord calls it, but for what is `needless` there."""
    names = (name for name in NEEDED if name not in needless)
    return tuple(NEEDED[name][0] for name in names if not getattr(held, name))


def in_words(called: Iterable[str]) -> str:
    """Permissions by name."""
    return ", ".join(f"“{name}”" for name in called)
