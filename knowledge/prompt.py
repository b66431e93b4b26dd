"""What a language model is told: the rules of an answer, numbered passages, a question; and how to rewrite one."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.answer import Message
from knowledge.chunks import Passage
from knowledge.question import clean
from knowledge.refusal import is_refused

if TYPE_CHECKING:
    from knowledge.writing import Role

_RULES = tomllib.loads(Path(__file__).with_name("prompts.toml").read_text("utf-8"))
ANSWER_RULES, REWRITE_RULES = str(_RULES["answer"]), str(_RULES["rewrite"])
# So much of the conversation is shown; what a follow-up leans on is near.
TURNS = 6
LONGEST_TURN = 600
_HIDDEN = ("Cc", "Cf", "Co", "Cs", "Cn")


def answer_messages(question: str, passages: Sequence[Passage]) -> list[tuple[Role, str]]:
    """The messages that ask for an answer; passages are numbered from 1."""
    listed = "\n".join(f"[{number}] {_shown(passage)}" for number, passage in enumerate(passages, 1))
    return [("system", ANSWER_RULES), ("user", f"Passages:\n{listed}\n\nQuestion: {_one_line(question)}")]


def rewrite_messages(question: str, history: Sequence[Message]) -> list[tuple[Role, str]]:
    """The messages that ask for `question` in words that stand for themselves; `history` is oldest first.

    What would order a reader about is left out of it.
    """
    said = "\n".join(
        f"{'Person' if message.role == 'user' else 'Assistant'}: {clean(message.content)[:LONGEST_TURN]}"
        for message in history[-TURNS:]
        if not steers(message.content)
    )
    return [("system", REWRITE_RULES), ("user", f"Conversation:\n{said}\n\nLast question: {_one_line(question)}")]


def steers(text: str) -> bool:
    """Whether `text` would order a reader about, be it in characters that do not show."""
    return is_refused(text) or is_refused(clean(text))


def _shown(passage: Passage) -> str:
    place = ", ".join(dict.fromkeys((passage.title, passage.section)))
    numbered = [f"({place}) {unit}" for place, unit in enumerate(passage.units, 1)] if passage.listed else passage.units
    return _one_line(" ".join((f"({place})", passage.lead, *numbered)))


def _one_line(text: str) -> str:
    """`text` without characters that do not show; white space folded."""
    return " ".join("".join(one for one in text if unicodedata.category(one) not in _HIDDEN or one.isspace()).split())
