"""From a reply to messages of Discord: words, what can be pressed, pictures.

Words are a message's own text, no embeds and no layout of components: that is what screen readers read best, what
people can quote and search, and what polls and pictures with an alternative text can stand beside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import assert_never

from adapters.discord.escaping import joined, line, plain
from adapters.discord.markdown import pieces, sentence, written
from bot.markup.visible import cut
from bot.reply import Ballot, Choice, Choices, Form, Part, Picture, Reply, Sources, Tally, Text, so_far, standing

# What a message's text, an alternative text may hold.
LONGEST, LONGEST_ALTERNATIVE = 2000, 1024
VOTING = "Press a button to vote."
_WEB = re.compile(r"https?://[^\s<>|]+")
EMPTY = "There is nothing to show."


@dataclass(frozen=True)
class Drawing:
    """A reply as Discord shows it: `texts` are messages in turn, each within the limit, never none; what can be pressed
    and the pictures stand under the last.
    """

    texts: tuple[str, ...]
    choices: tuple[Choice, ...] = ()
    pictures: tuple[Picture, ...] = ()


def draw(reply: Reply) -> Drawing:
    """The reply, with everything in it that could be a format or a mention made harmless."""
    blocks = [block for part in reply.parts for block in _words(part)]
    choices = [choice for part in reply.parts for choice in pressed(part)]
    pictures = tuple(part for part in reply.parts if isinstance(part, Picture))
    return Drawing(tuple(joined(blocks, LONGEST)) or (EMPTY,), _each_once(choices), pictures)


def pressed(part: Part) -> tuple[Choice, ...]:
    """What of a part can be pressed; an invitation to a form is something to press too."""
    match part:
        case Ballot(choices=choices) | Choices(choices):
            return choices
        case Form():
            return (Choice(cut(part.title, 75), opens=part),)
        case _:
            return ()


def alternative(picture: Picture) -> str:
    """What is said instead of a picture, as far as there is room."""
    return cut(picture.alternative, LONGEST_ALTERNATIVE)


def _words(part: Part) -> Iterable[str]:
    match part:
        case Text(text):
            return pieces(text, LONGEST)
        case Choices() | Form():
            return ()
        case Ballot():
            return _in_pieces((_heading(f"Poll: {part.question}"), *_options(part), "", *_below(part)))
        case Tally():
            rows = zip(part.options, part.counts, part.shares, strict=True)
            options = (f"- {written(option)}: **{count:,}** ({share}%)" for option, count, share in rows)
            return _in_pieces((_heading(f"Results: {part.question}"), *options, "", plain(standing(part))))
        case Picture(_, words, told):
            # What is too long for an alternative text is told in full.
            return () if told or len(words) <= LONGEST_ALTERNATIVE else _in_pieces((plain(words),))
        case Sources():
            label = "Source" if len(part.sources) == 1 else "Sources"
            named = (_source(shown, source.url) for shown, source in zip(part.lines, part.sources, strict=True))
            return _in_pieces((f"-# {label}: " + "; ".join(named),))
        case _:
            assert_never(part)


def _source(text: str, url: str | None) -> str:
    """A source by name; one that is a page on the web leads there."""
    return f"[{line(text)}](<{url}>)" if url and _WEB.fullmatch(url) else line(text)


def _heading(text: str) -> str:
    return f"**{written(text)}**"


def _options(ballot: Ballot) -> Iterable[str]:
    """The options in full, as a button may not show all of one, with their votes where these are shown."""
    for place, choice in enumerate(ballot.choices):
        votes = f": **{ballot.counts[place]:,}**" if ballot.counts is not None and ballot.voters else ""
        yield f"{place + 1}. {written(choice.label)}{votes}"


def _below(ballot: Ballot) -> Iterable[str]:
    return (plain(f"{so_far(ballot.voters)} {VOTING}"), *(f"-# {sentence(note)}" for note in ballot.notes))


def _in_pieces(lines: Iterable[str]) -> list[str]:
    """Lines put together into blocks that fit; a line that is longer than a message is cut into several."""
    short = [one[start : start + LONGEST] for one in lines for start in range(0, max(1, len(one)), LONGEST)]
    blocks: list[str] = []
    for one in short:
        if blocks and len(blocks[-1]) + 1 + len(one) <= LONGEST:
            blocks[-1] += f"\n{one}"
        else:
            blocks.append(one)
    return blocks


def _each_once(choices: Iterable[Choice]) -> tuple[Choice, ...]:
    """Discord refuses a message in which two buttons carry the same."""
    return tuple({(choice.says, choice.opens.says if choice.opens else ""): choice for choice in choices}.values())


def beside(reply: Reply) -> str:
    """What stands beside a poll of Discord's own: what a voter should know, and whatever else the reply holds."""
    ballots = [part for part in reply.parts if isinstance(part, Ballot)]
    notes = [f"-# {sentence(note)}" for ballot in ballots for note in ballot.notes]
    rest = [block for part in reply.parts if not isinstance(part, Ballot) for block in _words(part)]
    return joined([*_in_pieces(notes), *rest], LONGEST)[0] if notes or rest else ""
