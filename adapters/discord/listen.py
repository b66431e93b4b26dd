"""From what happens in Discord to turns: who speaks, where, which words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

import discord

from bot.turn import Person, Room, Turn

PLATFORM = "discord"
NO_FIELDS: Mapping[str, str] = MappingProxyType({})
# What somebody means who mentions the bot without a word.
NOTHING_SAID = "help"
# What people say; everything else, such as a pin or a new thread, is the platform's own.
SAID = (discord.MessageType.default, discord.MessageType.reply)
# A talk of replies to replies is followed back so far.
FARTHEST = 10


def person_of(user: discord.abc.User, permissions: discord.Permissions | None, moderators: Collection[str]) -> Person:
    """The person; a moderator by rights in the server, or as one of `moderators`: ids of people or roles."""
    roles = user.roles if isinstance(user, discord.Member) else []
    ids = {f"{PLATFORM}:{user.id}", *(f"{PLATFORM}:{role.id}" for role in roles)}
    may = permissions is not None and (permissions.manage_guild or permissions.administrator)
    groups = tuple(f"{PLATFORM}:{role.id}" for role in roles)
    return Person(f"{PLATFORM}:{user.id}", user.display_name, may or not ids.isdisjoint(moderators), groups=groups)


def room_of(channel_id: int, parent: int | None, private: bool, overhears: bool, root: int | None = None) -> Room:
    """The room of a channel; of a thread where it has a `parent`.

    A talk in a channel that goes on by replies has the id of its first message, `root`: so it is remembered by itself,
    and a thread that is opened from that message, which has the same id, goes on with it.
    """
    if private:
        return Room(PLATFORM, str(channel_id), private=True)
    thread = channel_id if parent is not None else root
    return Room(PLATFORM, str(parent or channel_id), None if thread is None else str(thread), overheard=overhears)


def is_addressed(message: discord.Message, me: discord.abc.User) -> bool:
    """Whether a message is for the bot: said privately, mentioning it or its role, or replying so that it is told."""
    if message.guild is None or me in message.mentions:
        return True
    own = message.guild.self_role
    return own is not None and own in message.role_mentions


def is_to_others(message: discord.Message, me: discord.abc.User) -> bool:
    """Whether somebody else is mentioned or replied to."""
    own = message.guild.self_role if message.guild else None
    if message.mention_everyone or any(user != me for user in message.mentions):
        return True
    if any(role != own for role in message.role_mentions):
        return True
    replied = message.reference.resolved if message.reference else None
    return isinstance(replied, discord.Message) and replied.author != me


def words_of(message: discord.Message, me: discord.abc.User) -> str:
    """What is said: without the mention of the bot, other mentions by name."""
    own = message.guild.self_role if message.guild else None
    names = {f"<@{user.id}>": f"@{user.display_name}" for user in message.mentions}
    names |= {f"<@!{user.id}>": f"@{user.display_name}" for user in message.mentions}
    names |= {f"<@&{role.id}>": f"@{role.name}" for role in message.role_mentions}
    names |= {f"<@{me.id}>": "", f"<@!{me.id}>": ""} | ({f"<@&{own.id}>": ""} if own else {})
    text = message.content
    for mention, name in names.items():
        text = text.replace(mention, name)
    return text.strip()


async def root_of(message: discord.Message, me: discord.abc.User) -> int:
    """The first message of the talk that a message belongs to: itself, unless it replies to the bot."""
    found = message
    for _ in range(FARTHEST):
        replied = await _replied(found)
        if replied is None or (found.author != me and replied.author != me):
            break
        found = replied
    return found.id


async def _replied(message: discord.Message) -> discord.Message | None:
    """The message that a message replies to; None if it replies to none, or that one is gone."""
    reference = message.reference
    if reference is None or reference.message_id is None or reference.type is not discord.MessageReferenceType.reply:
        return None
    held = reference.resolved or reference.cached_message
    if isinstance(held, discord.DeletedReferencedMessage):
        return None
    if held is not None:
        return held
    try:
        return await message.channel.fetch_message(reference.message_id)
    except discord.HTTPException:
        return None


async def turn_of(
    interaction: discord.Interaction,
    words: str,
    moderators: Collection[str],
    overhears: bool,
    fields: Mapping[str, str] = NO_FIELDS,
) -> Turn:
    """The turn of a command, a press or a form: nobody else reads it. What is pressed belongs to its message's talk."""
    channel, private = interaction.channel, interaction.guild_id is None
    parent = channel.parent_id if isinstance(channel, discord.Thread) else None
    root = None
    if interaction.message is not None and interaction.message.reference is not None and not private and not parent:
        root = await root_of(interaction.message, interaction.message.author)
    room = room_of(interaction.channel_id or 0, parent, private, overhears, root)
    # What only looks like a server's permissions in a private talk says nothing.
    person = person_of(interaction.user, None if private else interaction.permissions, moderators)
    return Turn(f"{PLATFORM}:{interaction.id}", room, person, words, interaction.created_at, dict(fields), aloud=False)


async def turn_said(
    message: discord.Message, me: discord.abc.User, moderators: Collection[str], overhears: bool
) -> Turn:
    """The turn of a message."""
    channel, private = message.channel, message.guild is None
    parent = channel.parent_id if isinstance(channel, discord.Thread) else None
    addressed = is_addressed(message, me)
    root = await root_of(message, me) if addressed and not private and not parent else None
    author = message.author
    person = person_of(author, author.guild_permissions if isinstance(author, discord.Member) else None, moderators)
    return Turn(
        f"{PLATFORM}:{message.id}",
        room_of(channel.id, parent, private, overhears, root),
        person,
        words_of(message, me) or NOTHING_SAID,
        message.created_at,
        addressed=addressed,
        to_others=is_to_others(message, me),
    )
