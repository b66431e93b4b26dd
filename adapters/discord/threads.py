"""Threads: a talk that gets longer goes on in one, when somebody wants that."""

from __future__ import annotations

from typing import Any

import discord

from adapters.discord.deliver import NO_MENTIONS
from bot.markup.visible import cut

LONGEST_NAME = 100
NAME = "FinOps"
HERE = "Here we go on. Mention me in what you ask, or use /finops ask."
GO_THERE = "We go on in {}."
NOT_ALLOWED = "I may not open a thread here: a moderator can give me the right “Create Public Threads”."


async def go_on(interaction: discord.Interaction[Any], root: int) -> None:
    """Open a thread from the first message of a talk, or show the one that there is."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    channel = interaction.channel
    if not isinstance(channel, discord.TextChannel):
        await interaction.delete_original_response()
        return
    try:
        thread = channel.get_thread(root) or await _opened(channel, root)
        await thread.add_user(interaction.user)
    except discord.HTTPException:
        await interaction.edit_original_response(content=NOT_ALLOWED)
        return
    await interaction.edit_original_response(content=GO_THERE.format(thread.mention))


async def _opened(channel: discord.TextChannel, root: int) -> discord.Thread:
    message = await channel.fetch_message(root)
    name = message.clean_content.replace(f"@{channel.guild.me.display_name}", "")
    thread = await message.create_thread(name=cut(name, LONGEST_NAME) or NAME)
    await thread.send(HERE, allowed_mentions=NO_MENTIONS)
    return thread
