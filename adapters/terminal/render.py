"""From a reply to lines of a terminal: plain text, nothing by colour alone, wrapped to the width."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from adapters.terminal.layout import clean, clean_line, linked, titled, wrap
from adapters.terminal.style import PLAIN, Style
from bot.reply import (
    Ballot,
    Choice,
    Choices,
    Form,
    Part,
    Picture,
    Reply,
    Sources,
    Tally,
    Text,
    ballot_labels,
    so_far,
    standing,
)

# Long lines tire the eye, however wide the window is.
WIDEST = 100
NARROWEST = 20
SHORTEST_BAR, LONGEST_BAR = 5, 30
VOTING = "Vote by number, letter or words."


def render(reply: Reply, width: int, style: Style = PLAIN) -> str:
    """The reply as text, no line longer than `width` (nor than is good to read) unless one word is.

    What can be pressed is numbered through the whole reply. The text holds no control characters but `style`'s own.
    """
    columns = fit(width)
    drawn: list[str] = []
    count = 0
    for part in reply.parts:
        drawn.append(_part(part, columns, style, count + 1))
        count += len(numbered(part))
    return "\n\n".join(filter(None, drawn))


def fit(width: int) -> int:
    """The columns that are used of a window `width` columns wide."""
    return max(NARROWEST, min(width, WIDEST))


def numbered(part: Part) -> tuple[Choice, ...]:
    """What of a part can be pressed by number."""
    match part:
        case Ballot():
            return part.choices
        case Choices(choices, aside):
            return () if aside else choices
        case _:
            return ()


def draw_options(labels: Iterable[str], columns: int, first: int = 1) -> str:
    """One numbered line a label."""
    return "\n".join(wrap(clean_line(label), columns, f"{place:3}. ") for place, label in enumerate(labels, first))


def _part(part: Part, columns: int, style: Style, first: int) -> str:
    match part:
        case Text(text):
            return _paragraph(text, columns, style)
        case Choices(choices, aside):
            labels = [choice.label for choice in choices]
            return style.aside(_asides(labels, columns, style)) if aside else draw_options(labels, columns, first)
        case Form(_, title, fields):
            labels_line = "Fill in: " + ", ".join(clean_line(field.label) for field in fields)
            return f"{draw_heading(title, columns, style)}\n{wrap(labels_line, columns)}"
        case Ballot():
            options = draw_options(ballot_labels(part), columns, first)
            heading = draw_heading(f"Poll: {part.question}", columns, style)
            notes = (wrap(clean_line(note), columns) for note in part.notes)
            return "\n".join((heading, options, wrap(f"{so_far(part.voters)} {VOTING}", columns), *notes))
        case Tally():
            heading = draw_heading(f"Results: {part.question}", columns, style)
            return "\n".join((heading, *_tally(part, columns, style), wrap(standing(part), columns)))
        case Picture(_, alternative, told):
            return "" if told else _paragraph(f"Picture: {alternative}", columns, style)
        case Sources():
            return style.aside(_sources(part, columns, style))
        case _:
            assert_never(part)


def draw_heading(text: str, columns: int, style: Style) -> str:
    """A heading, bold where that can be."""
    return style.heading(wrap(clean_line(text), columns))


def _paragraph(text: str, columns: int, style: Style) -> str:
    drawn = (
        style.heading(wrap(clean(line), columns)) if is_title else linked(wrap(clean(line), columns), style.link)
        for line, is_title in titled(text)
    )
    return "\n".join(drawn).strip("\n")


def _sources(part: Sources, columns: int, style: Style) -> str:
    """All sources in a row; one that has an address leads there."""
    label = "Source: " if len(part.sources) == 1 else "Sources: "
    rest = wrap(label + clean_line("; ".join(part.lines)), columns)
    drawn = ""
    for source, line in zip(part.sources, part.lines, strict=True):
        if source.url and source.url.startswith(("https://", "http://")):
            before, words, rest = _parted(rest, clean_line(line))
            drawn += before + style.link(words, clean_line(source.url))
    return drawn + rest


def _parted(drawn: str, words: str) -> tuple[str, str, str]:
    """What stands before `words` in drawn lines, the words as they are broken there, and what stands behind."""
    # Where each character of the words on one line stands in the drawn lines.
    places = [place for place, one in enumerate(drawn) if not (one.isspace() and drawn[place - 1 : place].isspace())]
    flat = "".join(" " if drawn[place].isspace() else drawn[place] for place in places)
    start = flat.find(words)
    if start < 0 or not words:
        return "", "", drawn
    first, behind = places[start], places[start + len(words) - 1] + 1
    return drawn[:first], drawn[first:behind], drawn[behind:]


def _asides(labels: Sequence[str], columns: int, style: Style) -> str:
    if not labels:
        return ""
    return wrap("(" + f" {style.dot} ".join(_in_a_line(clean_line(label)) for label in labels) + ")", columns)


def _in_a_line(label: str) -> str:
    """A label as it stands in the middle of a line: a name ("AWS") keeps its capitals."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _tally(tally: Tally, columns: int, style: Style) -> list[str]:
    """The options with their votes: side by side where there is room for a bar, one below the other where not."""
    labels = [clean_line(option) for option in tally.options]
    votes = [f"{count} ({share}%)" for count, share in zip(tally.counts, tally.shares, strict=True)]
    if not labels:
        return []
    right = max(map(len, votes))
    left = max(1, min(max(map(len, labels)), columns // 2))
    room = columns - left - right - 4
    if room < SHORTEST_BAR or max(len(word) for label in labels for word in [*label.split(), ""]) > left:
        room = columns - right - 4
        return [
            f"{wrap(label, columns, '- ')}\n{f'  {said:{right}}{bar}'.rstrip(' ')}"
            for label, said, bar in zip(labels, votes, _bars(tally, room, style), strict=True)
        ]
    lines = []
    for label, said, bar in zip(labels, votes, _bars(tally, room, style), strict=True):
        # The votes stand on the last line of a long option, so that it is heard in one piece.
        *above, last = wrap(label, left).split("\n")
        lines += [*above, f"{last:{left}}  {said:>{right}}{bar}"]
    return lines


def _bars(tally: Tally, room: int, style: Style) -> list[str]:
    """A bar for each option, after a gap: all of the room (to its limit) stands for everybody; "" without votes."""
    longest = min(room, LONGEST_BAR)
    lengths = [round(share * longest / 100) for share in tally.shares]
    return [
        f"  {style.block * max(1, length)}" if count else ""
        for count, length in zip(tally.counts, lengths, strict=True)
    ]
