"""Answers and their sources: the light types that the core may import, and what answers questions."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

MAX_QUESTION = 2_000
MAX_ANSWER = 1_500
# What is said of what is not answered, of what lies off the subject, and of what is not done.
NO_ANSWER = "I have no answer to that."
NOT_COVERED = "My sources do not cover that."
OFF_SUBJECT = "My sources hold nothing on that: I answer questions about FinOps, and only from them."
NOT_THAT = "I will not do that. I answer questions about FinOps from my sources: ask me one."

# "nearest": nothing answers it; the nearest passage is quoted and named as that.
Verdict = Literal["answer", "nearest", "correct", "decline", "refuse"]


@dataclass(frozen=True)
class Source:
    """Where an answer stands: a document, its section, and the place there ("2:00-4:00" on a video's clock)."""

    title: str
    section: str | None
    locator: str | None
    url: str | None

    def __str__(self) -> str:
        place = ", ".join(part for part in (self.section, self.locator) if part)
        return f"{self.title} ({place})" if place else self.title


@dataclass(frozen=True)
class Spent:
    """What calls of a language model took: `model` as set ("openai:gpt-4.1-mini"), and the tokens that it counted."""

    model: str
    input_tokens: int
    output_tokens: int

    def __add__(self, other: Spent | None) -> Spent:
        """What this and another call of the same model took."""
        if other is None:
            return self
        return Spent(self.model, self.input_tokens + other.input_tokens, self.output_tokens + other.output_tokens)


@dataclass(frozen=True)
class Answer:
    """What is said to a question; `text` holds no source line, `sources` are in the order of their use.

    `spent` is what a language model took, whether or not it is its words that are said; None where none was called.
    Where it is `numbered`, the text refers to its sources by their places, from [1]. Where it is `broken_off`, a
    language model failed in the middle of it. It is `outside` where it is declined as being about something else.
    `onward` are questions that its documents answer besides.
    """

    text: str
    verdict: Verdict
    sources: tuple[Source, ...] = ()
    spent: Spent | None = None
    numbered: bool = False
    broken_off: bool = False
    outside: bool = False
    onward: tuple[str, ...] = ()

    @property
    def abstained(self) -> bool:
        """True when the sources do not hold it, it is outside the subject, or the bot will not."""
        return self.verdict in ("nearest", "decline", "refuse")


@dataclass(frozen=True)
class Message:
    """An earlier turn of the conversation."""

    role: Literal["user", "assistant"]
    content: str


class Answerer(Protocol):
    """Answers questions; `history` is oldest first."""

    def answer(self, question: str, history: Sequence[Message] = (), composed: bool = False) -> AsyncIterator[Answer]:
        """The answer to `question` as it grows: each text begins with the one before, and the last is the whole.

        With `composed` it is in the sources' own words, whatever language model there is.
        """
        ...
