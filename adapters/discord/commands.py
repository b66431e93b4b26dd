"""Slash commands and the entry in the menu of a message: each is words, said so that nobody else hears them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Literal

import discord
from discord import app_commands

from adapters.discord.poll_commands import (
    LONGEST_ASKED,
    Choices,
    Fill,
    Offering,
    PollCommands,
    Say,
    choices_of,
    number_of,
    poll_choices,
)
from adapters.discord.reading import has_pictures, shown_words
from bot.intents import sayings

ANYWHERE = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False)
IN_SERVERS = app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False)
INSTALLED = app_commands.AppInstallationType(guild=True, user=False)
MODERATORS = discord.Permissions(manage_guild=True)
ABOUT_THIS = "Ask FinOps Bot about it"
PICTURE = "I cannot read pictures: ask me in words, with /finops ask."
NO_WORDS = "That message has no words that I can read: ask me with /finops ask."

# What is done with the words of another message.
Ask = Callable[[discord.Interaction[Any], str, bool], Awaitable[None]]


def tree(
    client: discord.Client, catalogue: Offering, say: Say, open_form: Say, ask: Ask, fill: Fill
) -> app_commands.CommandTree[Any]:
    """All commands; `say` is told the words of one, `open_form` those of one that opens a form, `ask` those of another
    message, and whether there are pictures in it, `fill` those of one with what it fills in.
    """
    made: app_commands.CommandTree[Any] = app_commands.CommandTree(client)
    made.add_command(_Everybody(catalogue, say))
    made.add_command(_Moderators(catalogue, say, open_form, fill))

    async def about_this(interaction: discord.Interaction[Any], message: discord.Message) -> None:
        words, pictures = shown_words(message), has_pictures(message)
        if words:
            await ask(interaction, words[:LONGEST_ASKED], pictures)
        else:
            await interaction.response.send_message(PICTURE if pictures else NO_WORDS, ephemeral=True)

    made.add_command(
        app_commands.ContextMenu(
            name=ABOUT_THIS, callback=about_this, allowed_contexts=ANYWHERE, allowed_installs=INSTALLED
        )
    )
    return made


class _Everybody(app_commands.Group):
    """What everybody may say."""

    def __init__(self, catalogue: Offering, say: Say) -> None:
        super().__init__(
            name="finops",
            description="Ask about FinOps for AI, take a quiz, estimate savings.",
            allowed_contexts=ANYWHERE,
            allowed_installs=INSTALLED,
        )
        self.catalogue = catalogue
        self.say = say

    @app_commands.command()
    @app_commands.describe(question="What you would like to know")
    async def ask(
        self, interaction: discord.Interaction[Any], question: app_commands.Range[str, 1, LONGEST_ASKED]
    ) -> None:
        """Ask a question; the answer names its sources."""
        await self.say(interaction, question)

    @app_commands.command()
    @app_commands.describe(questions="How many questions, for a round of them", topic="What they should be about")
    async def quiz(
        self,
        interaction: discord.Interaction[Any],
        questions: app_commands.Range[int, 2, 20] | None = None,
        topic: app_commands.Range[str, 1, 80] | None = None,
    ) -> None:
        """Take a quiz: one question, or a round of several."""
        about = f" about {' '.join(topic.split())}" if topic else ""
        rounds = f"quiz round with {questions} questions" if questions else "quiz round"
        await self.say(interaction, f"{rounds}{about}" if questions or topic else "quiz me")

    @quiz.autocomplete("topic")
    async def _topics(self, interaction: discord.Interaction[Any], typed: str) -> Choices:
        topics = await asyncio.to_thread(self.catalogue().topics)
        return choices_of(((topic, topic) for topic in topics), typed)

    @app_commands.command()
    @app_commands.describe(benefit="One of them, in more words")
    async def benefits(self, interaction: discord.Interaction[Any], benefit: str | None = None) -> None:
        """See the benefits of FinOps for AI, one by one."""
        offered = await asyncio.to_thread(self.catalogue().benefits)
        await self.say(interaction, _chosen(benefit, offered) or "show me the benefits")

    @benefits.autocomplete("benefit")
    async def _benefits(self, interaction: discord.Interaction[Any], typed: str) -> Choices:
        offered = await asyncio.to_thread(self.catalogue().benefits)
        return choices_of(((offer.label, offer.says) for offer in offered), typed)

    @app_commands.command()
    @app_commands.describe(
        spend="What you spend, as a number",
        period="What period that is for",
        currency="The currency, such as EUR",
        rate="The rate in percent; left out, the most that the video states",
    )
    async def savings(
        self,
        interaction: discord.Interaction[Any],
        spend: app_commands.Range[float, 0.01, 1_000_000_000_000.0] | None = None,
        period: Literal["month", "year"] | None = None,
        currency: app_commands.Range[str, 1, 3] | None = None,
        rate: app_commands.Range[float, 0.0, 100.0] | None = None,
    ) -> None:
        """Estimate what you could save."""
        if spend is None:
            await self.say(interaction, "savings slider")
            return
        amount = f"{spend:.2f}".removesuffix(".00")
        percent = f"{rate:g}%" if rate is not None else None
        await self.say(interaction, " ".join(filter(None, ("savings", amount, period, currency, percent))))

    @app_commands.command()
    async def takeaways(self, interaction: discord.Interaction[Any]) -> None:
        """Read the key takeaways."""
        await self.say(interaction, "show the key takeaways")

    @app_commands.command()
    async def quote(self, interaction: discord.Interaction[Any]) -> None:
        """Read a quote to share."""
        await self.say(interaction, "a quote")

    @app_commands.command()
    async def stats(self, interaction: discord.Interaction[Any]) -> None:
        """Read the statistics, with what is said of where they come from."""
        await self.say(interaction, "statistics")

    @app_commands.command()
    @app_commands.describe(section="Which part of the video")
    async def describe(self, interaction: discord.Interaction[Any], section: str | None = None) -> None:
        """Have the pictures and sounds of the video described."""
        offered = await asyncio.to_thread(self.catalogue().sections)
        await self.say(interaction, _chosen(section, offered) or "describe the visuals and sounds")

    @describe.autocomplete("section")
    async def _sections(self, interaction: discord.Interaction[Any], typed: str) -> Choices:
        offered = await asyncio.to_thread(self.catalogue().sections)
        return choices_of(((offer.label, offer.says) for offer in offered), typed)

    @app_commands.command()
    @app_commands.describe(poll="Which poll; left out, the one that is open or was last")
    async def results(self, interaction: discord.Interaction[Any], poll: str | None = None) -> None:
        """See how a poll stands."""
        number = number_of(poll)
        await self.say(interaction, sayings.poll_results(number) if number is not None else "results")

    @results.autocomplete("poll")
    async def _polls(self, interaction: discord.Interaction[Any], typed: str) -> Choices:
        return await poll_choices(self.catalogue, interaction, typed, lambda poll: True)

    @app_commands.command()
    async def leaderboard(self, interaction: discord.Interaction[Any]) -> None:
        """See who is best at the quiz, of those who want to be seen."""
        await self.say(interaction, "leaderboard")

    @app_commands.command()
    async def usage(self, interaction: discord.Interaction[Any]) -> None:
        """See what the bot has done and cost."""
        await self.say(interaction, "usage")

    @app_commands.command()
    async def privacy(self, interaction: discord.Interaction[Any]) -> None:
        """See what the bot keeps about you, and have it deleted."""
        await self.say(interaction, "privacy")

    @app_commands.command()
    async def help(self, interaction: discord.Interaction[Any]) -> None:
        """See what the bot can do."""
        await self.say(interaction, "help")


class _Moderators(app_commands.Group):
    """What moderators may say. Discord hides it from others; the assistant looks at each turn again."""

    def __init__(self, catalogue: Offering, say: Say, open_form: Say, fill: Fill) -> None:
        super().__init__(
            name="finops-mod",
            description="For moderators: polls, settings, insights.",
            default_permissions=MODERATORS,
            allowed_contexts=IN_SERVERS,
            allowed_installs=INSTALLED,
        )
        self.say = say
        self.add_command(PollCommands(catalogue, say, open_form, fill))

    @app_commands.command()
    async def settings(self, interaction: discord.Interaction[Any]) -> None:
        """See and change the settings of this channel."""
        await self.say(interaction, "settings")

    @app_commands.command()
    async def insights(self, interaction: discord.Interaction[Any]) -> None:
        """See what people ask, lack and take part in here."""
        await self.say(interaction, "insights")


def _chosen(typed: str | None, offered: Iterable[Any]) -> str | None:
    """What was chosen says; also where somebody typed a label without choosing it. None for nothing known."""
    wanted = (typed or "").casefold().strip()
    return next((one.says for one in offered if wanted in (one.says.casefold(), one.label.casefold())), None)
