"""What would give away an open quiz is kept back from whoever answers it, found by comparison with the question."""

from __future__ import annotations

from dataclasses import replace

from bot.intents.amounts.numbers import NUMBER, in_digits, plain, read_value
from bot.intents.quizzes.shares import read_claim
from bot.reply import Part, Reply, Text
from knowledge.bank import Question
from knowledge.chunks import sentences
from knowledge.words import stem, stems, words

KEPT_BACK = (
    "That is what your open quiz asks, so I keep it back for now: answer it, say “hint”, or say “skip” to see the "
    "answer."
)
KEPT_BACK_HERE = "That is what the open question of the quiz here asks, so I keep it back until it is revealed."
LINE_KEPT_BACK = "(One line is kept back while your quiz is open.)"
LINE_KEPT_BACK_HERE = "(One line is kept back until the question of the quiz here is revealed.)"
# From this share of a question's words on, a text is on the same matter.
SAME_MATTER = 0.5
# So many characters from a number its unit may stand.
NEAR = 15
# So many telling words of an answer, all in one sentence, are no chance: then one word of the question is enough.
NO_CHANCE = 2


def without_answer(reply: Reply, question: Question, together: bool = False) -> Reply:
    """`reply` without what gives the answer to `question` away; `together` where it is asked of all in the room.

    A list loses that line only. Anything else is kept back whole: what is left of a sentence, or whether it confirms
    or corrects, would tell as much.
    """
    whole, line = (KEPT_BACK_HERE, LINE_KEPT_BACK_HERE) if together else (KEPT_BACK, LINE_KEPT_BACK)
    told = [part for part in reply.parts if isinstance(part, Text) and gives_away(part.text, question)]
    if not told:
        return reply
    if reply.activity == "question":
        return replace(reply, parts=(Text(whole),), abstained=True)
    parts = tuple(_without_lines(part, question, line) if part in told else part for part in reply.parts)
    if not any(isinstance(part, Text) and part.text != line for part in parts):
        return replace(reply, parts=(Text(whole),))
    return replace(reply, parts=parts)


def gives_away(text: str, question: Question) -> bool:
    """Whether `text` is on the matter of the question and one of its sentences states the answer."""
    matter, said = set(stems(question.question)), set(stems(text))
    shared = len(matter & said)
    near = shared >= SAME_MATTER * len(matter) or (bool(shared) and len(_telling(question)) >= NO_CHANCE)
    return near and any(_states_answer(one, question) for line in text.splitlines() for one in sentences(line))


def _telling(question: Question) -> set[str]:
    """The words that only the answer in words brings; () where it is a figure, which can stand anywhere."""
    if question.own or question.percent is not None or question.number is not None:
        return set()
    return set(stems(question.answer)) - set(stems(question.question))


def _states_answer(sentence: str, question: Question) -> bool:
    if question.number is not None:
        return _states_number(sentence, question.number, question.unit)
    if question.percent is None:
        answer = _telling(question) or set(stems(question.answer))
        return bool(answer) and answer <= set(stems(sentence))
    claim = read_claim(sentence)
    return question.answer.casefold() in sentence.casefold() or (
        claim is not None and claim.percent == question.percent
    )


def _states_number(sentence: str, number: float, unit: str | None) -> bool:
    """Whether a sentence holds the number with its unit: a 5 alone is not the five benefits."""
    if unit == "%":
        claim = read_claim(sentence)
        return claim is not None and claim.percent is not None and abs(claim.percent - number) < 0.05
    text = in_digits(plain(sentence))
    for match in NUMBER.finditer(text):
        value = read_value(match, grouped=True)
        if value is not None and value.is_finite() and float(value) == number:
            beside = text[max(0, match.start() - NEAR) : match.end() + NEAR]
            if unit is None or stem(unit.lower()) in map(stem, words(beside)):
                return True
    return False


def _without_lines(part: Text, question: Question, told: str) -> Part:
    lines = part.text.splitlines()
    kept = [line for line in lines if not any(_states_answer(sentence, question) for sentence in sentences(line))]
    listed = len(lines) > 1 and len(kept) > 0
    return Text("\n".join((*kept, told)) if listed else told)
