"""Threads: a talk that gets longer goes on in one, when somebody wants that."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import discord

from adapters.discord.errors import REFUSALS, WRITE, kind_of
from bot.errors import MissingRight
from bot.markup.visible import cut

LONGEST_NAME = 100
NAME = "FinOps"
HERE = "Here we go on. Mention me in what you ask, or use /finops ask."
GO_THERE = "We go on in {}."
NOT_ALLOWED = "I may not open a thread here: a moderator can give me the right “Create Public Threads”."
DELETED = "The message that this talk began with is deleted, so no thread can grow out of it: ask me anew."
TOO_MANY = "This server has as many open threads as Discord allows: let one be archived, then press again."
# Discord's numbers for a thread that is there already, a message that is gone, and too many threads.
THERE_ALREADY, GONE, FULL = 160004, 10008, 160006


async def go_on(interaction: discord.Interaction[Any], root: int) -> None:
    """Open a thread from the first message of a talk, or show the one that there is; else tell why there is none."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    channel = interaction.channel
    if not isinstance(channel, discord.TextChannel):
        await interaction.delete_original_response()
        return
    try:
        thread = channel.get_thread(root) or await _opened(channel, root)
    except REFUSALS as error:
        await interaction.edit_original_response(content=_why_not(error))
        return
    with suppress(*REFUSALS):
        # Who cannot be added still finds it by the link.
        await thread.add_user(interaction.user)
    await interaction.edit_original_response(content=GO_THERE.format(thread.mention))


async def _opened(channel: discord.TextChannel, root: int) -> discord.Thread:
    message = await channel.fetch_message(root)
    name = message.clean_content.replace(f"@{channel.guild.me.display_name}", "")
    try:
        thread = await message.create_thread(name=cut(name, LONGEST_NAME) or NAME)
    except discord.HTTPException as error:
        if error.code != THERE_ALREADY:
            raise
        # It has the id of its message, and is none that the library holds, as it is archived.
        found = await channel.guild.fetch_channel(root)
        if not isinstance(found, discord.Thread):
            raise
        return found
    with suppress(*REFUSALS):
        await thread.send(HERE)
    return thread


def _why_not(error: discord.HTTPException | discord.RateLimited) -> str:
    code = error.code if isinstance(error, discord.HTTPException) else None
    if code == GONE:
        return DELETED
    if code == FULL:
        return TOO_MANY
    kind = kind_of(error)
    return NOT_ALLOWED if isinstance(kind, MissingRight) and kind.said == WRITE else kind.said
