"""Documents in Markdown: topics of the handbook, and whatever else is put beside them, as typed content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from knowledge.answer import Source
from knowledge.bank import Question
from knowledge.chunks import HANDBOOK, Origin
from knowledge.script import Problem

# The part of a document that names none.
OWN_PART = "Own documents"

Unit = Literal["sentence", "item", "step"]


@dataclass(frozen=True)
class Reference:
    """Where the facts of a document come from: `name` is how its sentences call it, `licence` is one to be named."""

    name: str
    title: str
    url: str
    licence: str | None = None


@dataclass(frozen=True)
class TopicBlock:
    """Something of a section in order: the sentences of a paragraph, or the items or numbered steps of a list.

    A row of a table is an item that names its columns: "Anthropic: write 1.25x; read 0.1x".
    """

    unit: Unit
    texts: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class TopicSection:
    """A part of a document under its heading; the first, without one, has the title as its `heading`."""

    heading: str
    blocks: tuple[TopicBlock, ...]
    line: int

    @property
    def text(self) -> str:
        """All that it says, in one line."""
        return " ".join(text for block in self.blocks for text in block.texts)


@dataclass(frozen=True)
class Document:
    """A Markdown file. One with front matter is a topic: it has a summary, sources and the day they were read."""

    file: str
    slug: str
    title: str
    sections: tuple[TopicSection, ...]
    part: str = OWN_PART
    summary: str = ""
    synonyms: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    checked: date | None = None
    related: tuple[str, ...] = ()
    volatile: str | None = None
    discussion: str | None = None

    def source(self, heading: str | None = None) -> Source:
        """Where it stands, or a section of it."""
        title = self.title if self.origin == "own" else f"{HANDBOOK}: {self.title}"
        return Source(title, None, heading, self.url)

    @property
    def origin(self) -> Origin:
        """A topic of the handbook names its sources; what names none is a team's own."""
        return "handbook" if self.references else "own"

    @property
    def url(self) -> str | None:
        """The address of its first source."""
        return self.references[0].url if self.references else None


@dataclass(frozen=True)
class GlossaryEntry:
    """An entry of the glossary; `topic` is the slug of the document that explains it."""

    name: str
    says: str
    topic: str
    stands_for: str | None = None


@dataclass(frozen=True)
class Handbook:
    """All documents in the order of their parts, the glossary, and the questions that are asked about them."""

    documents: tuple[Document, ...] = ()
    terms: tuple[GlossaryEntry, ...] = ()
    questions: tuple[Question, ...] = ()
    warnings: tuple[Problem, ...] = ()

    def document(self, slug: str) -> Document | None:
        """The document of that slug."""
        return next((one for one in self.documents if one.slug == slug), None)
