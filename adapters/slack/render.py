"""From a reply to messages of Slack: blocks within all limits, and the same as a text for notifications."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from adapters.slack.blocks import LABEL, Kit, button, context, header, judged, notes, numbered, pressed, rich_text, row
from adapters.slack.mrkdwn import escaped, write
from bot.markup import Block, Items, Paragraph, Words
from bot.markup.marks import unmarked
from bot.markup.reader import read
from bot.markup.splitting import split
from bot.markup.visible import visible
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
    tally_lines,
)

# A message takes about 13,200 characters in all its blocks together, and 50 blocks; nobody reads as much in one piece.
LONGEST, MOST_BLOCKS = 3000, 45
# In bytes: an edit takes 4,000 of them.
FALLBACK = 3900
VOTE = "Vote"
EMPTY = "There is nothing to show."
_HALF = re.compile("&[a-z]{0,4}$")


@dataclass(frozen=True)
class Message:
    """A message: `text` is what notifications tell, escaped; `pictures` belong below it."""

    text: str
    blocks: list[Kit]
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class _Piece:
    """A block, and what it shows in words."""

    block: Kit
    words: str = ""

    @property
    def length(self) -> int:
        """How many characters it shows."""
        return len(self.words)


def render(reply: Reply) -> list[Message]:
    """The reply in as few messages as it takes; pictures come below the last. Of nothing to show, no message."""
    filled: list[list[_Piece]] = []
    for piece in _pieces(reply.parts):
        last = filled[-1] if filled else None
        if last is None or len(last) == MOST_BLOCKS or sum(one.length for one in last) + piece.length > LONGEST:
            filled.append([piece])
        else:
            last.append(piece)
    pictures = tuple(part for part in reply.parts if isinstance(part, Picture))
    if not filled and pictures:
        filled.append([])
    return [
        Message(
            _fallback([piece.words for piece in pieces]),
            numbered([piece.block for piece in pieces]),
            pictures if place == len(filled) else (),
        )
        for place, pieces in enumerate(filled, 1)
    ]


def _fallback(words: Sequence[str]) -> str:
    """The words of a message in one text, as notifications tell it."""
    told = visible("\n".join(filter(None, words))) or EMPTY
    # No escape is cut in two.
    return _HALF.sub("", escaped(told).encode()[:FALLBACK].decode(errors="ignore"))


def _pieces(parts: Sequence[Part]) -> Iterator[_Piece]:
    for part in parts:
        yield from _part(part)


def _part(part: Part) -> Iterator[_Piece]:
    match part:
        case Text(text):
            yield from _words(read(text))
        case Choices(choices):
            yield from _choices(choices)
        case Form():
            invited = Choice(part.title, opens=part)
            yield _Piece({"type": "actions", "elements": [button(invited)]})
        case Ballot():
            yield from _ballot(part)
        case Tally():
            yield _Piece(header(f"Results: {part.question}"), f"Results: {part.question}")
            lines = (line.removeprefix("- ") for line in tally_lines(part))
            yield from _words([Items(tuple((Paragraph((Words(line),)),) for line in lines)), _line(standing(part))])
        case Picture(_, alternative, told):
            if not told:
                yield from _words([_line(f"Picture: {alternative}")])
        case Sources():
            label = "Source" if len(part.sources) == 1 else "Sources"
            line = f"{label}: {'; '.join(part.lines)}"
            yield _Piece(context(line), line)
        case _:
            assert_never(part)


def _words(blocks: Sequence[Block]) -> Iterator[_Piece]:
    for some in split(blocks, LONGEST, write):
        yield _Piece(rich_text(some), write(some))


def _choices(choices: Sequence[Choice]) -> Iterator[_Piece]:
    """What can be pressed; the full words above it where a button has no room for them."""
    if any(len(choice.label) > LABEL for choice in choices):
        yield from _words([Items(tuple((_line(choice.label),) for choice in choices))])
    opinions = list(judged(choices))
    for block in (*opinions, *pressed([choice for choice in choices if not (opinions and choice.opinion)])):
        yield _Piece(block)


def _ballot(ballot: Ballot) -> Iterator[_Piece]:
    """The question, a line with a button for each option, and what a voter should know."""
    yield _Piece(header(f"Poll: {ballot.question}"), f"Poll: {ballot.question}")
    for choice, label in zip(ballot.choices, ballot_labels(ballot), strict=True):
        yield _Piece(row(label, choice, VOTE), f"- {label}")
    told = " ".join((so_far(ballot.voters), *ballot.notes))
    yield _Piece(notes(told), unmarked(told))


def _line(text: str) -> Paragraph:
    return Paragraph((Words(text),))
