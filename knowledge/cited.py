"""What a language model writes, read piece by piece: its judgement, then sentences with the passages that they cite."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from knowledge.chunks import ends_in_abbreviation

# Whether passages answer a question: whole, in part, or not at all. The first word that is written.
Judgement = Literal["HELD", "PARTLY", "NOTHING"]
_JUDGEMENT = re.compile(rf"\W*({'|'.join(get_args(Judgement))})\b\W*")
# "[2]", "[1, 3]", "[1][3]", before the stop or after it.
_MARK = re.compile(r"(?:(?<![^\S\n])[^\S\n]+)?\[(\d{1,3}(?:[^\S\n]*[,;][^\S\n]*\d{1,3})*)\]")
# What may become such marks, or more of them, when more is written.
_BEGUN = re.compile(rf"(?:{_MARK.pattern})*[^\S\n]*(?:\[(?:[\d,;]|[^\S\n])*)?")
# A sentence ends at a stop, with its quotation mark or bracket and its citations, before white space, or with its line.
_END = re.compile(rf"[.!?…][\"'”’»*_)]*(?:{_MARK.pattern})*(?=\s)|\n")
_ITEM = re.compile(r"^(?:[-*•]|\d{1,2}[.)])\s+")
_EMPHASIS = re.compile(r"(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)")


@dataclass(frozen=True)
class Cited:
    """A sentence without its marks, and the numbers of the passages that it cites; `item` where a list has it."""

    text: str
    passages: tuple[int, ...]
    item: bool = False
    paragraph: bool = False  # whether it begins a new paragraph


class Sentences:
    """Takes what is written, and gives each sentence once it is whole.

    `judgement` is known before the first sentence is given; None where what is written does not begin with one.
    """

    def __init__(self) -> None:
        self.judgement: Judgement | None = None
        self._begun = False
        self._rest = ""
        self._breaks = 0  # line breaks since the last sentence

    def read(self, piece: str) -> Iterator[Cited]:
        """The sentences that `piece` completes."""
        self._rest += piece.replace("\r", "")
        start = 0
        for match in _END.finditer(self._rest):
            written = self._rest[start : match.end()]
            if match[0] != "\n":
                if _BEGUN.fullmatch(self._rest, match.end()):
                    break  # its citation may still come
                if ends_in_abbreviation(written) or _ITEM.fullmatch(written.strip() + " "):
                    continue
            start = match.end()
            yield from self._sentence(written)
        self._rest = self._rest[start:]

    def end(self) -> Iterator[Cited]:
        """The sentence that was left when all was written."""
        rest, self._rest = self._rest, ""
        yield from self._sentence(rest)

    def _sentence(self, written: str) -> Iterator[Cited]:
        broken = written.endswith("\n")
        text = self._judged(written).strip()
        if text:
            item = _ITEM.match(text)
            numbers = [int(number) for mark in _MARK.findall(text) for number in re.findall(r"\d+", mark)]
            plain = _EMPHASIS.sub("", _MARK.sub("", text[item.end() :] if item else text)).strip()
            yield Cited(plain, tuple(dict.fromkeys(numbers)), item is not None, self._breaks > 1)
            self._breaks = 0
        self._breaks += broken

    def _judged(self, written: str) -> str:
        """`written` without the judgement that it begins with, where it is the first that is written."""
        if self._begun or not written.strip():
            return written
        self._begun = True
        found = _JUDGEMENT.match(written)
        if found is None:
            return written
        self.judgement = next(one for one in get_args(Judgement) if one == found[1])
        return written[found.end() :]
