"""Passages: the chunks that are searched and answered from, with stable ids and the place they stand at."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple

# A sentence ends at . ! ? (with a closing quote or bracket) before a space and something that can begin a sentence.
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[\"'“‘(]?[A-Z0-9])")
# Headings that stand in no source: what they gather is found by its kind, not by their words.
ABOUT, ALL_SECTIONS = "About the video", "All sections"
_ABBREVIATION = re.compile(r"\b(?:e\.g|i\.e|vs|etc|Mr|Mrs|Ms|Dr|No|St|approx|Inc|Ltd|Co|[A-Z])\.$")


# What a document is for people: a script of the series, a topic of the handbook, or one of the team's own.
Origin = Literal["video", "handbook", "own"]
# What the titles of the handbook's topics begin with in source lines.
HANDBOOK = "Handbook"


# What stands before a unit of a document: in running text, before an item of a list, before a new block.
SPACE, LINE, PARAGRAPH = " ", "\n- ", "\n\n"


class Place(NamedTuple):
    """A section of a document."""

    document: str
    section: str


@dataclass(frozen=True)
class Hint:
    """A question that a passage answers, or one unit of it (from 0); searched, never shown.

    It is `written` where somebody wrote it for this passage, and not the reader for all passages of its kind.
    """

    text: str
    unit: int | None = None
    written: bool = False


@dataclass(frozen=True)
class Passage:
    """A chunk of a document: what is shown of it, what it is about, and where it stands.

    `units` are its sentences, or its items where `listed`; an answer is made of units, never of less. `lead` says
    what they are where they do not say so themselves ("The visual cue for the introduction:"). `hints` are questions
    that it answers, written when it was made; they are searched, never shown.

    `origin` is what its document is for people. Of a document in Markdown `above` is what its headings stand under when
    it is searched (its title and what else people call it), and `joins` are what stands before each unit.
    """

    id: str  # document/section/kind/n: stable while the text around it changes
    document: str
    title: str
    section: str
    locator: str | None
    url: str | None
    kind: str
    lead: str
    units: tuple[str, ...]
    listed: bool = False
    numbered: bool = False
    hints: tuple[Hint, ...] = ()
    words: tuple[str, ...] = ()  # that ask for its kind
    called: tuple[str, ...] = ()  # that name its section, beside the title
    named: bool = False
    authored: bool = False
    entire: bool = False  # told as a whole or not at all
    order: int = 0  # its place among the passages of the document
    origin: Origin = "video"
    above: str = ""
    joins: tuple[str, ...] = ()

    @cached_property
    def place(self) -> Place:
        """The section that it is of."""
        return Place(self.document, self.section)

    @property
    def is_hinted(self) -> bool:
        """Whether somebody wrote questions for it."""
        return any(hint.written for hint in self.hints)

    @property
    def headings(self) -> str:
        """What it stands under as a whole: title and other names before the section, where it has them."""
        return f"{self.above} > {self.section}" if self.above else self.section

    def is_item(self, place: int) -> bool:
        """Whether the unit at that place stands in a line of its own, in a document."""
        join = self.joins[place] if self.joins and place >= 0 else ""
        return join.startswith("\n") and join != PARAGRAPH

    @property
    def text(self) -> str:
        """All that is shown of it, in one line."""
        return " ".join((self.lead, *self.units)).strip()

    @cached_property
    def digest(self) -> str:
        """A hash of everything that is embedded or shown."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    def to_json(self) -> str:
        """The passage as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, written: str) -> Passage:
        """The passage that `to_json` wrote."""
        record: dict[str, Any] = json.loads(written)
        hints = tuple(Hint(**hint) for hint in record["hints"])
        texts = {name: tuple(record[name]) for name in ("units", "words", "called", "joins")}
        return cls(**{**record, **texts, "hints": hints})


def as_sentence(text: str) -> str:
    """`text` with a stop at its end, unless it ends with one, or leads into a list."""
    return text if text.endswith((".", "!", "?", "…", ":")) else f"{text}."


def ends_in_abbreviation(text: str) -> bool:
    """Whether `text` ends in a stop that ends no sentence ("e.g.")."""
    return _ABBREVIATION.search(text[-20:]) is not None


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of `text`, in order and whole."""
    found: list[str] = []
    for piece in (piece.strip() for piece in _SENTENCE_END.split(text)):
        if found and ends_in_abbreviation(found[-1]):
            found[-1] = f"{found[-1]} {piece}"
        elif piece:
            found.append(piece)
    return tuple(found)
