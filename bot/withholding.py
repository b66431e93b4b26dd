"""What would give away an open quiz is kept back from whoever is answering it, found by comparison with the quiz."""

from __future__ import annotations

from dataclasses import replace

from bot.intents.shares import read_claim
from bot.reply import Part, Reply, Text
from knowledge.chunks import sentences
from knowledge.script import Quiz
from knowledge.words import stems

KEPT_BACK = (
    "That is what your open quiz asks, so I keep it back for now: answer it, say “hint”, or say “skip” to see the "
    "answer."
)
LINE_KEPT_BACK = "(One line is kept back while your quiz is open.)"
# From this share of a question's words on, a text is on the same matter.
SAME_MATTER = 0.5


def without_answer(reply: Reply, quiz: Quiz) -> Reply:
    """`reply` without what gives the answer of `quiz` away.

    A list loses that line only. Anything else is kept back whole: what is left of a sentence, or whether it confirms
    or corrects, would tell as much.
    """
    told = [part for part in reply.parts if isinstance(part, Text) and gives_away(part.text, quiz)]
    if not told:
        return reply
    if reply.activity == "question":
        return replace(reply, parts=(Text(KEPT_BACK),), abstained=True)
    parts = tuple(_without_lines(part, quiz) if part in told else part for part in reply.parts)
    if not any(isinstance(part, Text) and part.text != LINE_KEPT_BACK for part in parts):
        return replace(reply, parts=(Text(KEPT_BACK),))
    return replace(reply, parts=parts)


def gives_away(text: str, quiz: Quiz) -> bool:
    """Whether `text` is on the matter of the quiz and one of its sentences states the answer."""
    matter = set(stems(quiz.question))
    near = len(matter & set(stems(text))) >= SAME_MATTER * len(matter)
    return near and any(_states_answer(sentence, quiz) for line in text.splitlines() for sentence in sentences(line))


def _states_answer(sentence: str, quiz: Quiz) -> bool:
    if quiz.percent is None:
        answer = set(stems(quiz.answer))
        return bool(answer) and answer <= set(stems(sentence))
    claim = read_claim(sentence)
    return quiz.answer.casefold() in sentence.casefold() or (claim is not None and claim.percent == quiz.percent)


def _without_lines(part: Text, quiz: Quiz) -> Part:
    lines = part.text.splitlines()
    kept = [line for line in lines if not any(_states_answer(sentence, quiz) for sentence in sentences(line))]
    listed = len(lines) > 1 and len(kept) > 0
    return Text("\n".join((*kept, LINE_KEPT_BACK)) if listed else LINE_KEPT_BACK)
