"""Reading what people write in Discord: whom and what it mentions by name, and all words that a message shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import discord

from adapters.discord.errors import REFUSALS

PLATFORM = "discord"
_MENTION = re.compile(r"<(?P<kind>@[!&]?|#)(?P<id>\d{1,21})>")
# So many people whom the library does not know are looked up for one text.
LOOKED_UP = 10


@dataclass(frozen=True)
class Written:
    """Words with names in the place of mentions; `people` are ids of people and roles, by the name in the words."""

    words: str
    people: Mapping[str, str] = field(default_factory=dict)


async def named(
    text: str,
    guild: discord.Guild | None,
    me: discord.abc.User,
    known: Iterable[discord.abc.User | discord.Role | discord.abc.GuildChannel | discord.Thread] = (),
) -> Written:
    """`text` without the mentions of the bot, other mentions by name as far as they are `known` or can be looked up."""
    own = guild.self_role if guild else None
    found: dict[str, str] = {str(one.id): _name(one) for one in known} if "<" in text else {}
    people: dict[str, str] = {}
    for kind, number in list(dict.fromkeys(match.group("kind", "id") for match in _MENTION.finditer(text)))[:LOOKED_UP]:
        if number not in found and guild is not None and (held := await _looked_up(guild, kind, int(number))):
            found[number] = _name(held)
        if number in found and kind != "#":
            people[found[number]] = f"{PLATFORM}:{number}"

    def shown(match: re.Match[str]) -> str:
        if match["id"] == str(me.id) or (own is not None and match["id"] == str(own.id)):
            return ""
        return found.get(match["id"], match[0])

    mine = {str(me.id), *([str(own.id)] if own else [])}
    others = {name: id_ for name, id_ in people.items() if id_.partition(":")[2] not in mine}
    return Written(_MENTION.sub(shown, text).strip(), others)


async def _looked_up(
    guild: discord.Guild, kind: str, number: int
) -> discord.Member | discord.Role | discord.abc.GuildChannel | discord.Thread | None:
    if kind == "#":
        return guild.get_channel_or_thread(number)
    if kind == "@&":
        return guild.get_role(number)
    if (member := guild.get_member(number)) is not None:
        return member
    with suppress(*REFUSALS):
        return await guild.fetch_member(number)
    return None


def _name(one: discord.abc.User | discord.Role | discord.abc.GuildChannel | discord.Thread) -> str:
    if isinstance(one, discord.abc.GuildChannel | discord.Thread):
        return f"#{one.name}"
    return f"@{one.name if isinstance(one, discord.Role) else one.display_name}"


def shown_words(message: discord.Message) -> str:
    """All words that a message shows: its own, those of what it forwards, of embeds, and of a poll."""
    poll = message.poll
    asked = [poll.question, *(answer.text for answer in poll.answers)] if poll is not None else []
    parts = [message.content, *_embedded(message.embeds), *asked]
    for forwarded in message.message_snapshots:
        parts += [forwarded.content, *_embedded(forwarded.embeds)]
    return "\n".join(filter(None, (part.strip() for part in parts)))


def has_pictures(message: discord.Message) -> bool:
    """Whether a message shows pictures, which nobody here can read."""
    attached, embeds = [*message.attachments], [*message.embeds]
    for forwarded in message.message_snapshots:
        attached += forwarded.attachments
        embeds += forwarded.embeds
    drawn = any((one.content_type or "").startswith("image/") for one in attached)
    return drawn or any(embed.image or embed.type == "image" for embed in embeds)


def _embedded(embeds: Iterable[discord.Embed]) -> Iterator[str]:
    for embed in embeds:
        yield from filter(None, (embed.author.name, embed.title, embed.description))
        for one in embed.fields:
            yield f"{one.name}: {one.value}"
        if embed.footer.text:
            yield embed.footer.text
