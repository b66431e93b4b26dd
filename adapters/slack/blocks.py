"""Block Kit: Slack's building blocks, each within its limits.

Words are `rich_text`: there every format and link is said, and whatever somebody wrote stands as it is, so that no
mention fires and nothing has to be escaped.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Any, assert_never

from adapters.slack.mrkdwn import lines_of
from bot.markup import (
    Block,
    Break,
    Code,
    Emphasis,
    Heading,
    Inline,
    Items,
    Link,
    Moment,
    Paragraph,
    Quote,
    Strong,
    Table,
    Verbatim,
    Words,
    plain,
)
from bot.markup.reader import read_line
from bot.markup.visible import label, named_emoji, visible
from bot.reply import Choice

Kit = dict[str, Any]

LABEL, VALUE, SECTION, CONTEXT = 75, 150, 3000, 2000
# So many buttons are looked through; more are a menu.
BUTTONS, MENU = 10, 100
CHOOSE = "Choose"
# A moment in the time zone and the words of whoever reads it.
MOMENT = "{date_short_pretty}, {time}"
# How Slack writes an emoji (":wave::skin-tone-2:"); no time of day, and nothing within a word or an address.
_EMOJI = re.compile(r"(?<![\w:/]):((?=[\w+-]*[A-Za-z]|[+-]1:|100:)[a-z0-9_+'-]{1,80}(?:::skin-tone-[2-6])?):(?![\w:/])")


def plain_text(text: str, limit: int) -> Kit:
    """Words without any format; what are the names of emoji is shown as these."""
    return {"type": "plain_text", "text": label(text, limit), "emoji": True}


def context(text: str) -> Kit:
    """A small line."""
    return {"type": "context", "elements": [plain_text(text, CONTEXT)]}


def notes(text: str) -> Kit:
    """What a voter should know, with moments in the reader's own time."""
    return rich_text([Paragraph(read_line(text))])


def header(text: str) -> Kit:
    """A title."""
    return rich_text([Heading((Words(text),))])


# --- What can be pressed ---


def button(choice: Choice) -> Kit:
    """A button that says words, or opens the form that says them. Its `action_id` is its kind; see `numbered`."""
    kind, value = ("open", choice.opens.says) if choice.opens else ("say", choice.says)
    return {
        "type": "button",
        "text": plain_text(_capital(choice.label), LABEL),
        "action_id": kind,
        "value": value,
    }


def pressed(choices: Sequence[Choice]) -> Iterator[Kit]:
    """What can be pressed: buttons, or menus where there are many."""
    if len(choices) <= BUTTONS:
        if choices:
            yield {"type": "actions", "elements": [button(choice) for choice in choices]}
        return
    for start in range(0, len(choices), MENU):
        options = [_option(choice) for choice in choices[start : start + MENU]]
        menu = {
            "type": "static_select",
            "placeholder": plain_text(CHOOSE, LABEL),
            "action_id": "menu",
            "options": options,
        }
        yield {"type": "actions", "elements": [menu]}


def judged(choices: Sequence[Choice]) -> Iterator[Kit]:
    """Two opinions on what is said, as Slack draws them: small, and with the one marked that was chosen."""
    held = {choice.opinion: _option(choice) for choice in choices if choice.opinion}
    if len(held) == 2:
        buttons = {"positive_button": held["for"], "negative_button": held["against"]}
        yield {"type": "context_actions", "elements": [{"type": "feedback_buttons", "action_id": "judge", **buttons}]}


def _option(choice: Choice) -> Kit:
    says = f"open {choice.opens.says}" if choice.opens else f"say {choice.says}"
    return {"text": plain_text(_capital(choice.label), LABEL), "value": says}


def row(text: str, choice: Choice, named: str) -> Kit:
    """A line with a button beside it; whoever cannot see the line hears what the button is for."""
    beside = {**button(choice), "text": plain_text(named, LABEL)}
    beside["accessibility_label"] = label(f"{named}: {choice.label}", LABEL)
    return {"type": "section", "text": plain_text(text, SECTION), "accessory": beside}


def numbered(blocks: Sequence[Kit]) -> list[Kit]:
    """The blocks of a message, with all that can be pressed told apart: "say:1", "open:2"."""
    count = itertools.count(1)

    def told_apart(element: Kit) -> Kit:
        if "action_id" not in element:
            return element
        kind = element["action_id"].partition(":")[0]
        return {**element, "action_id": f"{kind}:{next(count)}"}

    found = []
    for block in blocks:
        if block["type"] in ("actions", "context_actions"):
            block = {**block, "elements": [told_apart(element) for element in block["elements"]]}
        elif "accessory" in block:
            block = {**block, "accessory": told_apart(block["accessory"])}
        found.append(block)
    return found


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- Words ---


def rich_text(blocks: Sequence[Block]) -> Kit:
    """Blocks of the small Markdown."""
    elements: list[Kit] = []
    for element in (element for block in blocks for element in _elements(block)):
        last = elements[-1] if elements else None
        if last is not None and last["type"] == element["type"] == "rich_text_section":
            # Lines of one section: between sections of their own there may be no gap.
            last["elements"] += [_text("\n"), *element["elements"]]
        else:
            elements.append(element)
    # A section that is followed by nothing needs no line between.
    if elements and elements[-1]["type"] == "rich_text_section" and elements[-1]["elements"][1:]:
        elements[-1]["elements"].pop()
    return {"type": "rich_text", "elements": elements}


def _elements(block: Block, indent: int = 0) -> Iterator[Kit]:
    match block:
        case Paragraph(parts):
            yield _section((*parts, Break()))
        case Heading(parts):
            yield _section((Strong(parts), Break()))
        case Code(text):
            yield {"type": "rich_text_preformatted", "elements": [_text(text)]}
        case Table():
            yield {"type": "rich_text_preformatted", "elements": [_text("\n".join(lines_of(block)))]}
        case Quote(blocks):
            inner = [part for one in blocks for part in (*_flat(one), Break())]
            yield {"type": "rich_text_quote", "elements": list(_inlines(tuple(inner[:-1]), {}))}
        case Items():
            yield from _lists(block, indent)
        case _:
            assert_never(block)


def _lists(block: Items, indent: int) -> Iterator[Kit]:
    """A list, interrupted by the lists in it, as Slack knows no list in a list but one that is set in."""
    held: list[tuple[Inline, ...]] = []
    number = block.first
    for item in block.items:
        inner = [one for one in item if isinstance(one, Items)]
        held.append(tuple(part for one in item if not isinstance(one, Items) for part in (*_flat(one), Break()))[:-1])
        if inner:
            yield from _list(held, number, indent)
            number = None if number is None else number + len(held)
            held = []
            for one in inner:
                yield from _lists(one, min(indent + 1, 8))
    if held:
        yield from _list(held, number, indent)


def _list(items: Sequence[tuple[Inline, ...]], number: int | None, indent: int) -> Iterator[Kit]:
    """Items one below the other. Slack numbers from 1 on only: other numbers are written."""
    if number in (None, 1):
        style = "bullet" if number is None else "ordered"
        elements = [_section(item) for item in items]
        yield {"type": "rich_text_list", "style": style, "indent": indent, "elements": elements}
        return
    for place, item in enumerate(items, number):
        yield _section((Words(f"{place}. "), *item, Break()))


def _flat(block: Block) -> tuple[Inline, ...]:
    """A block as the words of a line, where Slack takes no block."""
    match block:
        case Paragraph(parts):
            return parts
        case Heading(parts):
            return (Strong(parts),)
        case Code(text):
            return (Verbatim(text),)
        case Table():
            return (Verbatim("\n".join(lines_of(block))),)
        case Quote(blocks):
            return tuple(part for one in blocks for part in (*_flat(one), Break()))[:-1]
        case Items(items):
            return tuple(part for item in items for one in item for part in (Words("- "), *_flat(one), Break()))[:-1]
        case _:
            assert_never(block)


def _section(parts: tuple[Inline, ...]) -> Kit:
    return {"type": "rich_text_section", "elements": list(_inlines(parts, {})) or [_text(" ")]}


def _inlines(parts: tuple[Inline, ...], style: dict[str, bool]) -> Iterator[Kit]:
    for part in parts:
        match part:
            case Words(text):
                yield from _words(named_emoji(text), style)
            case Moment(at, told):
                shown = {"style": style} if style else {}
                stamp = {"timestamp": int(at.timestamp()), "format": MOMENT, "fallback": visible(told) or " "}
                yield {"type": "date", **stamp, **shown}
            case Break():
                yield _text("\n")
            case Verbatim(text):
                yield _text(text, {**style, "code": True})
            case Strong(inner):
                yield from _inlines(inner, {**style, "bold": True})
            case Emphasis(inner):
                yield from _inlines(inner, {**style, "italic": True})
            case Link(inner, url):
                shown = {"style": style} if style else {}
                yield {"type": "link", "url": url[:3000], "text": visible(plain(inner)) or url, **shown}
            case _:
                assert_never(part)


def _words(text: str, style: dict[str, bool]) -> Iterator[Kit]:
    """Words, and the emoji among them that people called by name."""
    end = 0
    for match in _EMOJI.finditer(text):
        if match.start() > end:
            yield _text(text[end : match.start()], style)
        yield {"type": "emoji", "name": match[1]}
        end = match.end()
    if end < len(text) or not end:
        yield _text(text[end:], style)


def _text(text: str, style: dict[str, bool] | None = None) -> Kit:
    return {"type": "text", "text": visible(text) or " ", **({"style": style} if style else {})}
