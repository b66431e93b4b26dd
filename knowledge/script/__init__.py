"""A script of the video series as typed content: its sections, elements and notes."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.errors import KnowledgeError


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a content file; prints as `FILE:LINE: what is wrong`."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


class ScriptError(KnowledgeError):
    """A script cannot be read; `problems` holds everything that is wrong with it, in line order."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True)
class Poll:
    """A poll of the script: `options` has at least two entries."""

    question: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class Quiz:
    """A quiz question with the script's revealed answer, for example "Over 60%".

    `relation` and `percent` are read from the answer ("over", 60.0) and None where it states no share.
    `wrong` (options) and `explanation` are authored, not part of the script; empty where nobody wrote any.
    """

    question: str
    answer: str
    relation: str | None  # "over", "under", "about", "exactly"
    percent: float | None
    wrong: tuple[str, ...] = ()
    explanation: str | None = None


@dataclass(frozen=True)
class Card:
    """One of the things to press; `explanation` is authored, not part of the script."""

    number: int
    title: str
    explanation: str | None = None


@dataclass(frozen=True)
class Cards:
    """Things to press (the script's clickable icons), one card for each numbered point of the section."""

    text: str
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Slider:
    """An estimate with a slider; `maximum` is the share (0.3) that the script's statistics state as "up to N%"."""

    text: str
    maximum: float | None


@dataclass(frozen=True)
class OtherElement:
    """An interactive element of a kind that this bot does not know: kept, and shown as text."""

    kind: str
    text: str


Element = Poll | Quiz | Cards | Slider | OtherElement


@dataclass(frozen=True)
class Section:
    """A section of the detailed structure; `start` and `end` are seconds on the video's clock.

    `element_text` is the interactive element as the script words it; `points` are the numbered points of `content`.
    """

    slug: str
    title: str
    content: str
    points: tuple[str, ...]
    visual: str | None
    audio: str | None
    engagement: str | None
    element: Element | None
    element_text: str | None
    accessibility: str | None
    teaser: str | None
    start: int
    end: int

    @property
    def seconds(self) -> int:
        """The section's length."""
        return self.end - self.start


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the full narration, with the slug of the section that says the same."""

    text: str
    section: str


@dataclass(frozen=True)
class Listing:
    """The text under the video; `hashtags` keep their "#", `links` are named without address in the script."""

    text: str
    hashtags: tuple[str, ...]
    links: tuple[str, ...]


@dataclass(frozen=True)
class Script:
    """One script file. Texts are repaired (no damaged characters) and free of emoji."""

    file: str
    slug: str
    title: str
    seo_title: str | None
    chapter: str | None
    series_section: str | None
    target_length: str | None
    narration: tuple[Paragraph, ...]
    sections: tuple[Section, ...]
    takeaways: tuple[str, ...]
    keywords: tuple[str, ...]
    resources: tuple[str, ...]
    quotes: tuple[str, ...]
    statistics: tuple[str, ...]
    examples: tuple[str, ...]
    short_form: str | None
    listing: Listing | None
    warnings: tuple[Problem, ...]
    short_version: str | None = None  # authored, about 150 spoken words

    @property
    def total_seconds(self) -> int:
        """The length of the video."""
        return self.sections[-1].end
