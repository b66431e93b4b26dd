"""Buttons and menus: each carries what it says or opens, so that it works after a restart and in any process."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, Self, cast

import discord
from discord import ui

from bot.markup.visible import EMOJI
from bot.markup.visible import label as named
from bot.reply import Choice

LONGEST_LABEL, LONGEST_OPTION = 80, 100
# A message has five rows: of five buttons, or of a menu of 25 options.
IN_A_ROW, ROWS, IN_A_MENU = 5, 5, 25
SAY, OPEN, AGAIN, THREAD, MINE, ABOUT = "say", "open", "again", "thread", "mine", "about"
MENU = "Choose"
_CARRIED = r"(?P<what>(?:say|open|again|thread|mine|about) [ -~]{1,93})"


# Holds the values of a form for a while; a key for them.
Keep = Callable[[Mapping[str, str]], str]
# Whether the bot may use an emoji of a server, by its id: Discord refuses a message with one that it may not use.
Usable = Callable[[int], bool]


def nothing_usable(_: int) -> bool:
    """No emoji of a server is drawn."""
    return False


class Presser(Protocol):
    """Who is told of what is pressed."""

    async def press(self, interaction: discord.Interaction[Any], what: str) -> None:
        """Do what a button or a menu carries, such as "say quiz me"."""
        ...


class Pressed(ui.DynamicItem[ui.Button[Any]], template=_CARRIED):
    """A button, in a message of whatever age."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The button that was pressed."""
        return cls(cast("ui.Button[Any]", item))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do what it carries."""
        await cast(Presser, interaction.client).press(interaction, self.custom_id)


class Picked(ui.DynamicItem[ui.Select[Any]], template=r"menu [1-5]"):
    """A menu, in a message of whatever age."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """The menu of which something was chosen."""
        return cls(cast("ui.Select[Any]", item))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do what the chosen option carries."""
        await cast(Presser, interaction.client).press(interaction, self.item.values[0])


def carried(choice: Choice, keep: Keep | None = None) -> str:
    """What a button for that choice carries; `keep` holds what a form has filled in, for a while."""
    if choice.opens is None:
        return f"{SAY} {choice.says}"
    written = {field.name: field.value for field in choice.opens.fields}
    if keep is not None and any(field.value and not field.options for field in choice.opens.fields):
        return f"{AGAIN} {keep(written)} {choice.opens.says}"
    return f"{OPEN} {choice.opens.says}"


def view(
    choices: Sequence[Choice],
    more: Iterable[ui.DynamicItem[Any]] = (),
    keep: Keep | None = None,
    usable: Usable = nothing_usable,
) -> ui.View | None:
    """All that can be pressed: buttons, or menus where there are more than a message has room for; None for nothing.

    An emoji that a label begins with is drawn where it is `usable`, and called by its name elsewhere.
    """
    items: list[ui.DynamicItem[Any]] = [*more]
    if len(choices) + len(items) <= IN_A_ROW * ROWS:
        items = [*(button(choice.label, carried(choice, keep), usable) for choice in choices), *items]
    else:
        starts = range(0, len(choices), IN_A_MENU)[:ROWS]
        items = [*(_menu(choices[start : start + IN_A_MENU], start, usable) for start in starts)]
    if not items:
        return None
    drawn = ui.View(timeout=None)
    for item in items:
        drawn.add_item(item)
    return drawn


def button(label: str, what: str, usable: Usable = nothing_usable) -> Pressed:
    """A button that carries `what`."""
    text, emoji = _drawn(label, usable)
    return Pressed(ui.Button(label=named(text, LONGEST_LABEL), emoji=emoji, custom_id=what))


def _menu(choices: Sequence[Choice], start: int, usable: Usable) -> Picked:
    options = []
    for choice in choices:
        text, emoji = _drawn(choice.label, usable)
        options.append(discord.SelectOption(label=named(text, LONGEST_OPTION), emoji=emoji, value=carried(choice)))
    return Picked(ui.Select(custom_id=f"menu {start // IN_A_MENU + 1}", placeholder=MENU, options=options))


def _drawn(label: str, usable: Usable) -> tuple[str, discord.PartialEmoji | None]:
    """A label as it is drawn: the text, and the emoji before it."""
    text, emoji = parted(label)
    return (text, emoji) if emoji is not None and emoji.id is not None and usable(emoji.id) else (label, None)


def parted(label: str) -> tuple[str, discord.PartialEmoji | None]:
    """The text after the emoji of a server that a label begins with, and that emoji; all of it where it is no more."""
    first = EMOJI.match(label)
    emoji = discord.PartialEmoji.from_str(first[0]) if first else None
    return (label[first.end() :].strip() or label if first else label), emoji
