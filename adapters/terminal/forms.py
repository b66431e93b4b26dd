"""A form in the terminal: its fields are questions in turn, one line each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass

from adapters.terminal.layout import clean_line, wrap
from adapters.terminal.render import draw_heading, draw_options, fit
from adapters.terminal.screen import Screen, pick
from adapters.terminal.style import Style
from bot.reply import Field, Form

LEAVING_WORDS = frozenset(
    {"stop", "cancel", "never mind", "nevermind", "quit", "exit", "/cancel", "/stop", "/quit", "/exit", ":q"}
)
CANCELLED = "Cancelled: nothing was sent."
HOW_TO_LEAVE = 'One line an answer; "cancel" leaves the form.'
NEEDED = "This one is needed."
PICK = "Pick one of these, by number, letter or words."
SEVERAL = "Pick any of these, with commas between; “none” for nothing."
NOTHING = frozenset({"none", "nothing", "-"})


@dataclass(frozen=True)
class Desk:
    """Where forms are filled in: the lines that are typed, what is shown, at which width and how."""

    lines: AsyncIterator[str]
    show: Callable[[str], None]
    width: Callable[[], int]
    style: Style
    screen: Screen

    def tell(self, text: str) -> None:
        """Show one sentence."""
        self.show(wrap(clean_line(text), fit(self.width())))


class _LeftError(Exception):
    """The form was left, or the input has ended."""


async def fill(form: Form, desk: Desk) -> dict[str, str] | None:
    """The values by field, checked ("" where an optional one is skipped); None if it was left or the input ended.

    The title is not shown: a reply that holds the form has drawn it.
    """
    values: dict[str, str] = {}
    asking: Iterable[Field] = form.fields
    desk.tell(HOW_TO_LEAVE)
    try:
        while True:
            for field in asking:
                values[field.name] = await _answer(field, desk)
            wrong = form.check(values)
            if not wrong:
                return values
            for name, message in wrong.items():
                desk.tell(f"{_label(form, name)}{message}")
            # What is wrong with no field in particular may be wrong with any.
            asking = [field for field in form.fields if field.name in wrong] or form.fields
            if not asking:
                return None
    except _LeftError:
        return None
    finally:
        desk.screen.asked = ()


def show_title(form: Form, desk: Desk) -> None:
    """Show which form is being opened."""
    desk.show(draw_heading(form.title, fit(desk.width()), desk.style))


async def _answer(field: Field, desk: Desk) -> str:
    """One field's value. Raises _LeftError."""
    desk.screen.asked = field.options
    while True:
        desk.show(_question(field, desk))
        line = await anext(desk.lines, None)
        if line is None:
            raise _LeftError
        words = " ".join(line.splitlines()).strip()
        if field.several and words and (chosen := _several(words, field)) is not None:
            return chosen
        place = pick(words, field.options) if words else None
        if place is not None and not field.several:
            return field.options[place]
        if words.lower().rstrip("!. ") in LEAVING_WORDS:
            desk.show(CANCELLED + "\n")
            raise _LeftError
        if words and not field.options:
            return words
        if not words and (field.value or not field.required):
            return field.value
        desk.tell((SEVERAL if field.several else PICK) if words else NEEDED)


def _several(words: str, field: Field) -> str | None:
    """What is picked of several, one a line: by number, letter or words, with commas between; "none" for nothing."""
    if words.lower() in NOTHING:
        return ""
    places = [pick(one.strip(), field.options) for one in words.split(",")]
    if None in places:
        return None
    return "\n".join(option for at, option in enumerate(field.options) if at in places)


def _question(field: Field, desk: Desk) -> str:
    columns = fit(desk.width())
    label = clean_line(field.label) + ("" if field.required else " (optional)")
    hint = f": {clean_line(field.hint)}" if field.hint else ""
    held = ", ".join(field.value.split("\n")) if field.several else field.value
    kept = f" [an empty line keeps: {clean_line(held)}]" if held else ""
    drawn = wrap(label + hint + kept, columns)
    return f"{drawn}\n{draw_options(field.options, columns)}" if field.options else drawn


def _label(form: Form, name: str) -> str:
    return next((f"{field.label}: " for field in form.fields if field.name == name), "")
