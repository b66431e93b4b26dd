"""What a person is told: parts that every platform draws in its own way."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.answer import Source


@dataclass(frozen=True)
class Text:
    """Sentences and lists in a small, fixed Markdown."""

    text: str


@dataclass(frozen=True)
class Sources:
    """Where an answer stands, in the order of use; never empty."""

    sources: tuple[Source, ...]


Part = Text | Sources


@dataclass(frozen=True)
class Reply:
    """What one activity says to a turn; `abstained` when it says that it cannot or will not answer."""

    parts: tuple[Part, ...]
    activity: str
    abstained: bool = False

    @property
    def text(self) -> str:
        """The words of all parts but the sources."""
        return "\n\n".join(part.text for part in self.parts if isinstance(part, Text))

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources of all parts."""
        return tuple(source for part in self.parts if isinstance(part, Sources) for source in part.sources)
