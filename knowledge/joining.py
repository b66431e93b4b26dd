"""Joining what the video and the documents say: each is named, and what was asked for comes first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from knowledge.answer import MAX_ANSWER, Answer
from knowledge.chunks import Origin
from knowledge.compose import Pick, sources, write
from knowledge.documents.answering import DocumentAnswers, Holding
from knowledge.say import NOT_COVERED, nearest_place
from knowledge.script import kinds

if TYPE_CHECKING:
    from knowledge.chain import Part

IN_VIDEO, IN_HANDBOOK = "From the video:", "From the handbook:"
NOT_THERE = "The {} does not cover that. From the {}:"
# What is added to an answer of the video is short: characters.
ADDED = 600
# Margins (differences of scores) from which on documents lead: the score of their best passage less that of the
# video's, where the video has an answer, and where it has none. Measured on script_questions_own,
# handbook_questions_own and out_of_scope_own: of 592 questions on the video 4 lose their right answer; of 71 on the
# handbook that the video would answer as well 62 are answered by the handbook alone, and of 122 that it would decline
# 118 (at -0.1: 121); of 280 that neither answers 13 are answered (at -0.1: 18).
LEADING, LEADING_ALONE = -0.1, 0.0

# What the sections of a video say of its subject in running text; its lists are told whole, or by the item.
_SAID = {kind.name for kind in (kinds.CONTENT, kinds.NARRATION, kinds.EXPLANATION)}
# Likelihood from which documents answer what the video takes for another subject. Measured: of 33 questions on the
# handbook that it takes for that 30 are answered, of 454 on other subjects 3 (by the usual threshold 33 and 9).
OFF_SUBJECT = 0.4
_NAMED: tuple[tuple[Origin, re.Pattern[str]], ...] = (
    ("handbook", re.compile(r"\bhand ?book\b", re.I)),
    ("video", re.compile(r"\b(?:video|script|clip|film)\b", re.I)),
)

# Words that only say where to look.
_OF_HANDBOOK = re.compile(
    r"(?<!\s)\s*+,?\s*+\b(?:according to|as|by|in|from|does|says?|what) (?:the|your) hand ?book"
    r"(?: says?| have to say)?\b,?",
    re.I,
)


def origin_named(text: str) -> Origin | None:
    """Which of them a question asks by name ("according to the handbook"); None for both or neither."""
    named = [origin for origin, pattern in _NAMED if pattern.search(text)]
    return named[0] if len(named) == 1 else None


def without_handbook(text: str) -> str:
    """`text` without "according to the handbook" and the like, which would be searched for as if it were a subject."""
    return " ".join(_OF_HANDBOOK.sub("", text).split()) or text


def joined(
    answer: Answer,
    parts: Sequence[Part],
    held: tuple[Sequence[Holding], Sequence[Holding]],
    documents: DocumentAnswers,
    named: Origin | None,
) -> tuple[Answer, tuple[Pick, ...]]:
    """The answer of both, and what it is made of.

    `answer` is the video's, made of `parts`; `held` is what documents hold instead of it, and what beside it; `named`
    is the one of both that was asked for.
    """
    holdings, beside = held
    of_video = tuple(pick for part in parts for pick in part.picks)
    likely = min(one.likely for one in holdings)
    settled = answer.verdict in ("refuse", "correct") or any(part.absent for part in parts)
    # Of a question in parts the documents answer all, or leave it to the video to say what it does not hold.
    settled = settled or (answer.verdict == "answer" and len(holdings) < len(parts))
    if settled or (named == "video" and answer.verdict == "answer"):
        return answer, of_video
    enough = max(documents.answer_from, OFF_SUBJECT) if any(part.far_off for part in parts) else documents.answer_from
    margin = LEADING if answer.verdict == "answer" else LEADING_ALONE
    answered, leading = likely >= enough, _lead(holdings, parts) >= margin
    if not leading and named != "handbook":
        # What documents hold far from a question takes nothing from what the video holds nearer to it.
        both = answer.verdict == "answer" and min(one.likely for one in beside) >= enough
        return _both(answer, of_video, beside, documents) if both else (answer, of_video)
    if answered:
        picks = tuple(documents.compose(holdings))
        lead = NOT_THERE.format("video", "handbook") + "\n" if named == "video" else ""
        return Answer(lead + write(picks), "answer", sources(picks)), picks
    if likely < documents.nearest_from:
        return answer, of_video
    picks = tuple(documents.compose(holdings)[:1])
    told = nearest_place(NOT_COVERED, f"“{picks[0].passage.heading}”", write(picks))
    return Answer(told, "decline", sources(picks)), picks


def _both(
    answer: Answer, of_video: tuple[Pick, ...], holdings: Sequence[Holding], documents: DocumentAnswers
) -> tuple[Answer, tuple[Pick, ...]]:
    if _is_about_the_video(of_video):
        return answer, of_video
    room = min(ADDED, MAX_ANSWER - len(answer.text) - len(IN_VIDEO) - len(IN_HANDBOOK) - 4)
    picks = tuple(documents.compose(holdings, room)) if room > 0 else ()
    added = write(picks) if picks else ""
    if not added or len(added) > room:
        return answer, of_video
    text = f"{IN_VIDEO}\n{answer.text}\n\n{IN_HANDBOOK}\n{added}"
    return replace(answer, text=text, sources=(*answer.sources, *sources(picks))), (*of_video, *picks)


def _is_about_the_video(picks: Sequence[Pick]) -> bool:
    """Whether what answers is of the video itself, such as a cue, a quote or a length, which no document treats."""
    return any(pick.passage.kind not in _SAID for pick in picks)


def _lead(holdings: Sequence[Holding], parts: Sequence[Part]) -> float:
    """How far the documents' best passage is ahead of the video's, by their scores; of several parts the least sure."""
    documents = [one.lookup.best.score if one.lookup.best else 0.0 for one in holdings]
    return min(documents) - min(part.search.nearness for part in parts)
