"""Slash commands for polls, and what can be chosen as somebody types."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Literal

import discord
from discord import app_commands

from adapters.discord.listen import room_of
from bot.catalogue import Catalogue
from bot.intents import sayings
from bot.intents.polls.drafts import LONGEST_OPTION, LONGEST_QUESTION
from bot.markup.visible import cut
from bot.store import Poll

LONGEST_ASKED = 2000
MOST_CHOICES, LONGEST_CHOICE = 25, 100
Option = app_commands.Range[str, 1, LONGEST_OPTION]

# What is done with the words of a command, and with what it fills in; the catalogue as it is now.
Say = Callable[[discord.Interaction[Any], str], Awaitable[None]]
Fill = Callable[[discord.Interaction[Any], str, Mapping[str, str]], Awaitable[None]]
Offering = Callable[[], Catalogue]
Choices = list[app_commands.Choice[str]]


class PollCommands(app_commands.Group):
    """What moderators may do with polls."""

    def __init__(self, catalogue: Offering, say: Say, open_form: Say, fill: Fill) -> None:
        super().__init__(name="poll", description="Open, close, edit and reopen polls.")
        self.catalogue = catalogue
        self.say = say
        self.open_form = open_form
        self.fill = fill

    @app_commands.command()
    @app_commands.describe(
        poll="The poll in one line, such as: Where do we eat? Pizza, Sushi for 2h; left out, a form opens",
        question="The question, with options beside it",
        duration="How long it is open, or until when, such as: 2h, Friday 17:00",
        several="Whether one can choose several options",
        anonymous="Whether nobody can see who chose what",
        hidden="Whether the results are shown after the close only",
    )
    async def new(
        self,
        interaction: discord.Interaction[Any],
        poll: app_commands.Range[str, 1, LONGEST_ASKED] | None = None,
        question: app_commands.Range[str, 1, LONGEST_QUESTION] | None = None,
        option1: Option | None = None,
        option2: Option | None = None,
        option3: Option | None = None,
        option4: Option | None = None,
        option5: Option | None = None,
        option6: Option | None = None,
        option7: Option | None = None,
        option8: Option | None = None,
        option9: Option | None = None,
        option10: Option | None = None,
        duration: app_commands.Range[str, 1, 80] | None = None,
        several: bool = False,
        anonymous: bool = False,
        hidden: bool = False,
    ) -> None:
        """Open a poll of your own."""
        listed = (option1, option2, option3, option4, option5, option6, option7, option8, option9, option10)
        options = [option for option in listed if option]
        if poll is not None:
            await self.say(interaction, f"poll: {poll}")
        elif question is not None or options:
            how = f"{'several choices' if several else 'one choice'}, {'anonymous' if anonymous else 'named'}"
            results = "shown after the close" if hidden else "shown while it is open"
            asked = {"question": question or "", "options": "\n".join(options), "how": how, "results": results}
            await self.fill(interaction, sayings.order("new"), {**asked, "when": duration or ""})
        else:
            await self.open_form(interaction, sayings.order("new"))

    @app_commands.command()
    async def video(self, interaction: discord.Interaction[Any]) -> None:
        """Open the video's own poll."""
        await self.say(interaction, "start the poll")

    @app_commands.command()
    @app_commands.describe(poll="Which poll; left out, the newest")
    async def close(self, interaction: discord.Interaction[Any], poll: str | None = None) -> None:
        """Close a poll and show its result."""
        number = number_of(poll)
        await self.say(interaction, sayings.close_poll(number) if number is not None else "close the poll")

    @app_commands.command()
    @app_commands.describe(poll="Which poll")
    async def edit(self, interaction: discord.Interaction[Any], poll: str) -> None:
        """Change a poll that is open."""
        await self.open_form(interaction, _ordered("edit", poll))

    @app_commands.command()
    @app_commands.describe(poll="Which poll")
    async def reopen(self, interaction: discord.Interaction[Any], poll: str) -> None:
        """Open a closed poll again."""
        await self.say(interaction, _ordered("reopen", poll))

    @close.autocomplete("poll")
    @edit.autocomplete("poll")
    async def _open(self, interaction: discord.Interaction[Any], typed: str) -> Choices:
        return await poll_choices(self.catalogue, interaction, typed, lambda poll: poll.closed is None)

    @reopen.autocomplete("poll")
    async def _closed(self, interaction: discord.Interaction[Any], typed: str) -> Choices:
        return await poll_choices(self.catalogue, interaction, typed, lambda poll: poll.closed is not None)


async def poll_choices(
    catalogue: Offering, interaction: discord.Interaction[Any], typed: str, wanted: Callable[[Poll], bool]
) -> Choices:
    """The polls of the place that are wanted, by what was typed so far."""
    room = room_of(interaction.channel, interaction.guild_id, overhears=False)
    polls = await asyncio.to_thread(catalogue().polls, room)
    return choices_of(((poll.question, str(poll.id)) for poll in polls if wanted(poll)), typed)


def choices_of(offered: Iterable[tuple[str, str]], typed: str) -> Choices:
    """What was typed so far picks among what is offered: each of its words has to be in the label."""
    words = typed.casefold().split()
    fitting = [(label, value) for label, value in offered if all(word in label.casefold() for word in words)]
    return [
        app_commands.Choice(name=cut(label, LONGEST_CHOICE), value=value)
        for label, value in fitting[:MOST_CHOICES]
        if len(value) <= LONGEST_CHOICE
    ]


def number_of(typed: str | None) -> int | None:
    """The number of the poll that was chosen; people can type anything instead."""
    return int(typed) if typed and typed.isascii() and typed.isdecimal() and len(typed) < 10 else None


def _ordered(action: Literal["edit", "reopen"], poll: str) -> str:
    number = number_of(poll)
    return sayings.order(action, number) if number is not None else f"{action} the poll"
