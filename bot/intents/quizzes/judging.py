"""How near an answer comes to that of a quiz question: by option, by share, by number with unit, or in words."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Sequence

from bot.intents.options import is_denial
from bot.intents.quizzes.grading import Grade, grade
from bot.intents.quizzes.guesses import admits_ignorance, is_bare_claim
from bot.intents.quizzes.measures import read_measure
from bot.intents.quizzes.shares import read_claim
from bot.intents.votes.ballots import read_guess
from bot.intents.votes.places import OPTION, place_among, place_named
from bot.shelf import quiz_options
from knowledge.bank import Question
from knowledge.bank.entry import written
from knowledge.words import Spelling, content_words, frequency, stems, words

# From this share of an answer's telling words on, it is close.
CLOSE = 0.5
# A word that occurs more often than that in the word list of English (as "time" and "look" do) tells nothing of an
# option that has at least so many telling words.
EVERYDAY, MUCH_MORE = 150_000, 3
# So much of what is said is read.
LONGEST = 2_000

# No denial, though it begins like one: a guess put as a question, or a wish to be sure.
_NO_DENIAL = re.compile(
    r"\b(?:isn'?t (?:it|that|this)|is it not|wouldn'?t (?:it|that) be|aren'?t they|why not|no doubt|no question"
    r"|not (?:only|just|merely)|not to mention|how about)\b",
    re.I,
)
_CLAUSES = re.compile(r"[,;:.!?()\u2013\u2014]|\b(?:but|rather|instead|however)\b", re.I)
# Halves of a character that cannot stand alone: some readers refuse them.
_HALVES = re.compile("[\ud800-\udfff]")
# A denial, though it does not begin like one.
_BUT_NOT = re.compile(r"\b(?:anything|everything|all|any) (?:but|except)\b|\bnothing like\b|\bopposite of\b", re.I)


def grade_question(question: Question, said: str, option: int | None = None) -> Grade:
    """The grade of an answer in somebody's own words, or of the option that they chose, from 1.

    "no_answer" where they say that they do not know, or nothing. Raises IndexError for an option that there is none of.
    """
    said = _HALVES.sub(" ", said[:LONGEST])
    chosen = option_chosen(question, said) if option is None else option
    if chosen is not None:
        return "correct" if quiz_options(question)[chosen - 1] == question.answer else "incorrect"
    if question.relation is not None and question.percent is not None:
        return grade(read_claim(said), question.relation, question.percent)
    judged = _grade_number(question, said) if question.number is not None else _grade_words(question, said)
    # "Not sure, but the compass" claims something, "not sure" does not.
    return "no_answer" if judged == "incorrect" and admits_ignorance(said) else judged


def option_chosen(question: Question, said: str) -> int | None:
    """The option, from 1, that is named and nothing else; a share is an answer of its own, not the number of one."""
    options = quiz_options(question)
    if not options:
        return None
    if question.percent is not None:
        if is_bare_claim(said):
            return None
        if (named := place_named(said, OPTION)) is not None and (place := place_among(named, len(options))):
            return place
        if read_claim(said) is not None:
            return None
    guess = read_guess(said, question.question, options)
    if not guess.votes or guess.certainty == "open" or _is_too_little(said, options[guess.votes[0] - 1]):
        return None
    return guess.votes[0]


def _is_too_little(said: str, option: str) -> bool:
    """Whether `said` is one everyday word of an option that says much more: "time" is no answer."""
    telling = content_words(said)
    everyday = len(telling) == 1 and frequency(telling[0]) > EVERYDAY and place_named(said, OPTION) is None
    return everyday and len(content_words(option)) >= MUCH_MORE


def _grade_number(question: Question, said: str) -> Grade:
    """Right within the tolerance, close within twice that; a bound is at best close."""
    assert question.number is not None
    measure = read_measure(said, question.unit)
    if measure is None:
        return "no_answer"
    if measure.low is None or measure.high is None:
        return "incorrect"
    away = round(abs((measure.low + measure.high) / 2 - question.number), 9)
    # A range is as good as what it says: "between 0 and 60" knows nothing of 30.
    wide = (measure.high - measure.low) / 2 > max(question.tolerance, abs(question.number) / 4)
    if measure.bound is not None:
        low = measure.low if measure.bound == "over" else -math.inf
        high = measure.high if measure.bound == "under" else math.inf
        return "close" if away <= 2 * question.tolerance and low <= question.number <= high else "incorrect"
    if wide or away > 2 * question.tolerance:
        return "incorrect"
    return "correct" if away <= question.tolerance else "close"


# --- Words ---


def judge_words(answer: str, said: str) -> Grade:
    """The rule for a script's own quiz in words: all telling words of the answer are needed, half of them are close."""
    if not (spoken := set(stems(said))):
        return "no_answer"
    wanted = set(stems(answer))
    share = len(wanted & spoken) / len(wanted) if wanted else float(answer.casefold() in said.casefold())
    return "correct" if share == 1 else "close" if share >= CLOSE else "incorrect"


def _grade_words(question: Question, said: str) -> Grade:
    """The answer, or another way to say it, by its telling words; what is denied or names a wrong option too is not."""
    if question.own:
        return judge_words(question.answer, said)
    if not words(said):
        return "no_answer"
    text = _spelling(question).mend(said)
    affirmed, whole = set(stems(_affirmed(text))), set(stems(text))
    right = max(
        _held(way, question, whole if _denies(way) else affirmed) for way in (question.answer, *question.accept)
    )
    wrong = max((_held(option, question, affirmed, apart=True) for option in question.wrong), default=0.0)
    if right == 1:
        return "close" if wrong == 1 else "correct"
    if right >= CLOSE and right > wrong:
        return "close"
    return "incorrect" if whole else "no_answer"


def _held(way: str, question: Question, said: set[str], apart: bool = False) -> float:
    """The share of the telling words of `way` that were said, without those of the question; with `apart`, without
    those of the answer too.
    """
    known = set(stems(question.question)) | (set(stems(question.answer)) if apart else set())
    wanted = set(stems(way))
    wanted = wanted - known or wanted
    return len(wanted & said) / len(wanted) if wanted else 0.0


def _affirmed(text: str) -> str:
    """The clauses of `text`, each up to where it denies something."""
    kept = []
    for clause in _CLAUSES.split(_BUT_NOT.sub(" not ", _NO_DENIAL.sub(" ", text))):
        spoken = words(clause)
        first = next((at for at, word in enumerate(spoken) if is_denial(word)), len(spoken))
        kept.append(" ".join(spoken[:first]))
    return " , ".join(kept)


def _denies(text: str) -> bool:
    return any(map(is_denial, words(text)))


def _spelling(question: Question) -> Spelling:
    return _mending((question.question, question.answer, *question.accept, *question.wrong))


@functools.lru_cache(256)
def _mending(texts: tuple[str, ...]) -> Spelling:
    return Spelling(word for text in texts for word in words(text))


# --- Hints ---


def hints(question: Question) -> list[str]:
    """Hints from the faintest to the plainest; none of them says the answer."""
    given = []
    if struck := question.wrong[:-1]:  # one wrong option stays, or the hint would be the answer
        given.append(f"It is not {_listed(struck)}.")
    if question.percent is not None:
        given.append(_share_span(question.percent))
    elif question.number is not None:
        given.append(_span(question.number, question.unit))
    else:
        first, *others = question.answer.split()
        given.append(f"It begins with “{first[0]}” and has {len(others) + 1} word{'s' if others else ''}.")
    return given


def _listed(options: Sequence[str]) -> str:
    return " and not ".join(f"“{option}”" for option in options)


def _share_span(percent: float) -> str:
    low, high = max(0, 10 * math.floor((percent - 15) / 10)), min(100, 10 * math.ceil((percent + 15) / 10))
    return f"The figure lies between {low}% and {high}%."


def _span(number: float, unit: str | None) -> str:
    if unit == "%" and 0 <= number <= 100:
        return _share_span(number)
    low, high = sorted((math.floor(number * 0.4), math.ceil(number * 1.7) + (number == 0)))
    return f"It lies between {written(low, None)} and {written(high, unit)}."
