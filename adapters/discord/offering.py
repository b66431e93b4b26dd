"""Offering to answer what somebody else asked, where the bot is only pointed at it: whoever wants that presses."""

from __future__ import annotations

from typing import Any

import discord

from adapters.discord.buttons import ABOUT, button, view
from adapters.discord.deliver import whisper
from adapters.discord.errors import REFUSALS, kind_of
from adapters.discord.reading import has_pictures, shown_words
from adapters.discord.render import Drawing

OFFER = "I can answer that, to you alone."
ANSWER = "Answer it"
DELETED = "That message is gone, or I may not read it: ask me in words of your own."


async def offer(message: discord.Message, asked: int) -> None:
    """Offer to answer the message `asked`, under the one that points at it; tell why where it is refused."""
    try:
        await message.reply(
            OFFER,
            view=view((), (button(ANSWER, f"{ABOUT} {asked}"),)) or discord.utils.MISSING,
            nonce=f"{message.id}-o",
        )
    except REFUSALS as error:
        await whisper(message.author, Drawing((kind_of(error).said,)), f"{message.id}-n")


async def asked_about(interaction: discord.Interaction[Any], number: int) -> tuple[str, bool] | None:
    """The words of a message, and whether pictures came with them; whoever pressed is told where there are none."""
    try:
        assert isinstance(interaction.channel, discord.abc.Messageable)
        message = await interaction.channel.fetch_message(number)
    except REFUSALS:
        message = None
    words = shown_words(message) if message is not None else ""
    if message is None or not words:
        await interaction.response.send_message(DELETED, ephemeral=True)
        return None
    return words, has_pictures(message)
