"""Forms: a modal, what was filled in, and a while in which one with mistakes can be opened again as it was."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import discord
from discord import ui

from adapters.discord.escaping import line
from bot.markup.visible import cut, label
from bot.reply import Field, Form

# What Discord has room for.
LONGEST_TITLE, LONGEST_HINT, LONGEST_VALUE, LONGEST_OPTION, MOST_OPTIONS, MOST_FIELDS = 45, 100, 4000, 100, 25, 5
# So long a form with mistakes can be opened again filled in; and so many are kept.
KEPT, MOST_KEPT = timedelta(minutes=15), 10_000
SUBMITTED = "form "


@dataclass(frozen=True)
class Kept:
    """What somebody filled in, until when."""

    values: Mapping[str, str]
    until: datetime


class Drafts:
    """Keeps what was filled in with mistakes: in memory, as losing it only means typing again."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._kept: dict[str, Kept] = {}

    def keep(self, values: Mapping[str, str]) -> str:
        """A key for the values, of 8 characters."""
        now = self._clock()
        self._kept = {key: kept for key, kept in self._kept.items() if kept.until > now}
        while len(self._kept) >= MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        key = secrets.token_hex(4)
        self._kept[key] = Kept(dict(values), now + KEPT)
        return key

    def find(self, key: str) -> Mapping[str, str]:
        """The values of a key; none where their time is over."""
        kept = self._kept.get(key)
        return kept.values if kept and kept.until > self._clock() else {}


def modal(form: Form, values: Mapping[str, str]) -> ui.Modal:
    """The form as a modal, filled with `values` where there are any. What it says comes back with what is filled in."""
    # The library forgets it after this time; what is submitted is read by what it says, whoever remembers it.
    window = ui.Modal(title=label(form.title, LONGEST_TITLE), custom_id=f"{SUBMITTED}{form.says}", timeout=900)
    for field in form.fields[:MOST_FIELDS]:
        hint = cut(field.hint, LONGEST_HINT) or None
        asked = _asked(field, values.get(field.name, field.value))
        window.add_item(ui.Label(text=label(field.label, LONGEST_TITLE), description=hint, component=asked))
    return window


def filled_in(components: Iterable[Mapping[str, Any]], form: Form | None) -> dict[str, str]:
    """The values by field that came with a submitted modal; chosen options in full, one a line."""
    options = {field.name: field.options for field in form.fields} if form else {}
    values = {}
    for component in _answers(components):
        name = component["custom_id"]
        if "values" in component:
            known = {_value(option): option for option in options.get(name, ())}
            values[name] = "\n".join(known.get(chosen, chosen) for chosen in component["values"])
        else:
            values[name] = component.get("value") or ""
    return values


def what_is_wrong(form: Form, wrong: Mapping[str, str]) -> str:
    """What has to be mended, a line a field."""
    labels = {field.name: field.label for field in form.fields}
    told = (
        f"- **{line(labels[name])}**: {line(said)}" if name in labels else f"- {line(said)}"
        for name, said in wrong.items()
    )
    return "\n".join(("Nothing was sent yet. Please correct this:", *told))


def _asked(field: Field, value: str) -> ui.TextInput[Any] | ui.Select[Any]:
    if not 0 < len(field.options) <= MOST_OPTIONS:
        style = discord.TextStyle.paragraph if field.long or field.several else discord.TextStyle.short
        return ui.TextInput(
            custom_id=field.name,
            style=style,
            required=field.required,
            default=value[:LONGEST_VALUE] or None,
            max_length=LONGEST_VALUE,
        )
    chosen = value.splitlines() if field.several else [value]
    return ui.Select(
        custom_id=field.name,
        required=field.required,
        min_values=1 if field.required else 0,
        max_values=len(field.options) if field.several else 1,
        options=[
            discord.SelectOption(label=label(option, LONGEST_OPTION), value=_value(option), default=option in chosen)
            for option in field.options
        ],
    )


def _value(option: str) -> str:
    return option[:LONGEST_OPTION]


def _answers(components: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for component in components:
        if "component" in component:
            yield component["component"]
        else:
            yield from component.get("components", ())
