"""From what happens in Discord to turns: who speaks, where, which words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

import discord
from discord.abc import Snowflake

from adapters.discord.errors import REFUSALS
from adapters.discord.reading import PLATFORM as PLATFORM
from adapters.discord.reading import has_pictures, named, shown_words
from bot.turn import WITHIN, Person, Room, Turn, place_within

NO_FIELDS: Mapping[str, str] = MappingProxyType({})
# What somebody means who mentions the bot without a word.
NOTHING_SAID = "help"
# What people say; everything else, such as a pin or a new thread, is the platform's own.
SAID = (discord.MessageType.default, discord.MessageType.reply)
# A talk of replies to replies is followed back so far.
FARTHEST = 10


def person_of(user: discord.abc.User, permissions: discord.Permissions | None, moderators: Collection[str]) -> Person:
    """The person; an administrator by rights in the server; a moderator who is one, or one of `moderators`: ids of
    people or roles.
    """
    roles = user.roles if isinstance(user, discord.Member) else []
    ids = {f"{PLATFORM}:{user.id}", *(f"{PLATFORM}:{role.id}" for role in roles)}
    administers = permissions is not None and (permissions.manage_guild or permissions.administrator)
    moderates = administers or not ids.isdisjoint(moderators)
    groups = tuple(f"{PLATFORM}:{role.id}" for role in roles)
    return Person(f"{PLATFORM}:{user.id}", user.display_name, moderates, groups=groups, administrator=administers)


def room_of(channel: Snowflake | None, guild_id: int | None, overhears: bool, root: int | None = None) -> Room:
    """The room of a channel or a thread, in that server; a direct talk where there is none. What is asked for in a
    thread stands there.

    A talk in a channel that goes on by replies has the id of its first message, `root`: so it is remembered by itself,
    and a thread that is opened from that message, which has the same id, goes on with it.
    """
    number = channel.id if channel is not None else 0
    if guild_id is None:
        return Room(PLATFORM, str(number), private=True)
    place, thread = str(number), root
    if isinstance(channel, discord.Thread):
        place, thread = place_within(str(channel.parent_id), place), number
    return Room(
        PLATFORM,
        place,
        None if thread is None else str(thread),
        overheard=overhears,
        server=str(guild_id),
        public=_is_public(channel),
    )


def channel_of(room: Room) -> int:
    """The channel in which something stands: a thread, where it stands in one."""
    return int(room.place.rpartition(WITHIN)[2])


def _is_public(channel: Snowflake | None) -> bool:
    """Whether everybody of the server sees the channel; False where that is not known."""
    if isinstance(channel, discord.Thread):
        return not channel.is_private() and _is_public(channel.parent)
    if not isinstance(channel, discord.abc.GuildChannel):
        return False
    # An event tells no rights: what Discord did not tell of before is not known, nor is a server without roles.
    known, everybody = channel.guild.get_channel(channel.id), channel.guild.get_role(channel.guild.id)
    return known is not None and everybody is not None and known.permissions_for(everybody).view_channel


def server_of(message: discord.Message) -> int | None:
    """The server in which a message is said; None for a direct talk.

    Of a server that the library does not hold, the channel has its number.
    """
    return message.guild.id if message.guild else getattr(message.channel, "guild_id", None)


def is_addressed(message: discord.Message, me: discord.abc.User) -> bool:
    """Whether a message is for the bot: said privately, mentioning it or its role, or replying so that it is told."""
    if server_of(message) is None or me in message.mentions:
        return True
    own = message.guild.self_role if message.guild else None
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
    except REFUSALS:
        return None


async def turn_of(
    interaction: discord.Interaction,
    words: str,
    moderators: Collection[str],
    overhears: bool,
    fields: Mapping[str, str] = NO_FIELDS,
    followed: bool = True,
) -> Turn:
    """The turn of a command, a press or a form: nobody else reads it. What is pressed belongs to its message's talk,
    which is `followed` back unless there is no time for that.
    """
    channel, private = interaction.channel, interaction.guild_id is None
    in_thread = isinstance(channel, discord.Thread)
    root = None
    pressed = interaction.message if followed and not private and not in_thread else None
    if pressed is not None and pressed.reference is not None:
        root = await root_of(pressed, pressed.author)
    room = room_of(channel, interaction.guild_id, overhears, root)
    # What only looks like a server's permissions in a private talk says nothing.
    person = person_of(interaction.user, None if private else interaction.permissions, moderators)
    return Turn(f"{PLATFORM}:{interaction.id}", room, person, words, interaction.created_at, dict(fields), aloud=False)


async def turn_said(
    message: discord.Message, me: discord.abc.User, moderators: Collection[str], overhears: bool, channel: Snowflake
) -> Turn:
    """The turn of a message; `channel` is where it is said, as far as it can be known."""
    server = server_of(message)
    addressed, in_thread = is_addressed(message, me), isinstance(channel, discord.Thread)
    root = await root_of(message, me) if addressed and server is not None and not in_thread else None
    author = message.author
    known = (*message.mentions, *message.role_mentions, *message.channel_mentions)
    said = await named(message.content, message.guild, me, known)
    # Who mentions the bot without a word under what somebody else wrote wants that answered.
    asked = await _replied(message) if addressed and not said.words else None
    about = shown_words(asked) if asked is not None and asked.author != me else ""
    person = person_of(author, author.guild_permissions if isinstance(author, discord.Member) else None, moderators)
    return Turn(
        f"{PLATFORM}:{message.id}",
        room_of(channel, server, overhears, root),
        person,
        said.words or about or NOTHING_SAID,
        message.created_at,
        addressed=addressed,
        to_others=is_to_others(message, me),
        quoted=bool(about),
        pictures=has_pictures(asked if about and asked is not None else message),
        people=said.people,
    )
