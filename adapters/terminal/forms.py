"""A form in the terminal: its fields are questions in turn, one line each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass

from adapters.terminal.layout import clean_line, wrap
from adapters.terminal.render import draw_heading, draw_options, fit
from adapters.terminal.screen import Screen, pick
from adapters.terminal.style import Style
from bot.reply import Field, Form

LEAVING_WORDS = frozenset(
    {"stop", "cancel", "never mind", "nevermind", "quit", "exit", "/cancel", "/stop", "/quit", "/exit", ":q"}
)
BACK = frozenset({"back", "/back"})
CANCELLED = "Cancelled: nothing was sent."
ONE_LINE = 'One line an answer; "back" goes to the one before.'
LEAVES = '"cancel" leaves'
WAY_OUT = 'Not that either: "cancel" leaves the form, "back" goes one answer back.'
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


# What somebody asks while a form is open goes to the bot.
Ask = Callable[[str], Awaitable[object]]


class _LeftError(Exception):
    """The form was left, or the input has ended."""


class _BackError(Exception):
    """The answer before is wanted again."""


async def fill(form: Form, desk: Desk, ask: Ask) -> dict[str, str] | None:
    """The values by field, checked ("" where an optional one is skipped); None if it was left or the input ended.

    The title is not shown: a reply that holds the form has drawn it. A question in place of an answer goes to `ask`.
    """
    values: dict[str, str] = {}
    told: set[tuple[str, str]] = set()
    asking = form.fields
    desk.tell(ONE_LINE)
    desk.screen.in_form = True
    try:
        while True:
            await _answers(asking, values, desk, ask)
            wrong = form.check(values)
            if not wrong:
                return values
            for name, message in wrong.items():
                if _is_question(values.get(name, "")):
                    await ask(values[name])
                else:
                    desk.tell(WAY_OUT if (name, message) in told else f"{_label(form, name)}{message}")
                    told.add((name, message))
            # What is wrong with no field in particular may be wrong with any.
            asking = tuple(field for field in form.fields if field.name in wrong) or form.fields
            if not asking:
                return None
    except _LeftError:
        return None
    finally:
        desk.screen.asked, desk.screen.in_form = (), False


async def _answers(asking: Sequence[Field], values: dict[str, str], desk: Desk, ask: Ask) -> None:
    """Put the value of each field into `values`, where those that were given already stay until they are changed."""
    at = 0
    while at < len(asking):
        try:
            values[asking[at].name] = await _answer(asking[at], desk, ask)
            at += 1
        except _BackError:
            at = max(0, at - 1)


def show_title(form: Form, desk: Desk) -> None:
    """Show which form is being opened."""
    desk.show(draw_heading(form.title, fit(desk.width()), desk.style))


async def _answer(field: Field, desk: Desk, ask: Ask) -> str:
    """One field's value. Raises _LeftError and _BackError."""
    told = ""
    while True:
        desk.screen.asked = field.options
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
        if words.lower() in BACK:
            raise _BackError
        if words and not field.options:
            return words
        if not words and (field.value or not field.required):
            return field.value
        if _is_question(words):
            await ask(words)
            continue
        # What is wrong is explained once.
        wrong = (SEVERAL if field.several else PICK) if words else NEEDED
        desk.tell(WAY_OUT if wrong == told else wrong)
        told = wrong


def _is_question(words: str) -> bool:
    """Whether words that are no answer ask something."""
    return words.endswith("?")


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
    hint = f": {clean_line(field.hint)}" if field.hint else ""
    held = ", ".join(field.value.split("\n")) if field.several else field.value
    empty = (
        f"an empty line keeps: {clean_line(held)}; " if held else "" if field.required else "an empty line skips it; "
    )
    drawn = wrap(f"{clean_line(field.label)}{hint} [{empty}{LEAVES}]", columns)
    return f"{drawn}\n{draw_options(field.options, columns)}" if field.options else drawn


def _label(form: Form, name: str) -> str:
    return next((f"{field.label}: " for field in form.fields if field.name == name), "")
