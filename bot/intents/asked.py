"""What somebody is asked here, by a poll or a quiz, and the words that are nothing but an answer to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from bot.intents import Attempt, Intent, RoundPlace, Vote
from bot.intents.guesses import is_bare_claim, is_filler
from bot.intents.judging import grade_question, option_chosen
from bot.intents.measures import read_measure
from bot.intents.numbers import in_digits
from bot.intents.options import names_several, option_named, options_named
from bot.intents.shares import read_claim
from bot.store import Poll
from knowledge.bank import Question
from knowledge.question import asks
from knowledge.words import stem, stems, words

POLL, QUIZ = "poll_open", "quiz_open"
# So many words can be nothing but an answer.
LONGEST_ANSWER = 25
# With more words, a guess that is put as a question is a question.
LONGEST_GUESS = 6
_GUESS = re.compile(r"(?:isn'?t|wasn'?t|is|was|wouldn'?t|could|might) (?:it|that|this)\b(?! true)", re.I)


@dataclass(frozen=True)
class Asked:
    """The question that somebody is asked, since when, and where in a round it is asked of all in the room."""

    question: Question
    since: datetime
    place: RoundPlace | None = None


def newest(poll: Poll | None, quiz: Asked | None) -> str | None:
    """What was opened last: that is what a short answer is meant for."""
    if poll is None or quiz is None:
        return POLL if poll else QUIZ if quiz else None
    return POLL if poll.opened > quiz.since else QUIZ


def explicit_answer(text: str, poll: Poll | None, quiz: Question | None, first: str | None) -> Intent | None:
    """The vote or the answer that is nothing else; what was opened last is meant where both can be."""
    attempt = _attempt(text, quiz) if quiz else None
    if attempt and first == QUIZ:
        return Intent("quiz_answer", attempt)
    if poll and names_several(text, poll.options):
        if not poll.several:
            # A person has one vote: it is not for the bot to choose.
            return Intent("question")
        first_one, *others = options_named(text, poll.options)
        return Intent("poll_answer", Vote(first_one, also=tuple(others)))
    if poll and (vote := option_named(text, poll.options)):
        return Intent("poll_answer", Vote(vote))
    return Intent("quiz_answer", attempt) if attempt else None


def _attempt(text: str, quiz: Question) -> Attempt | None:
    """An answer to the quiz that is nothing but an answer: an option, a share, a number, or the right words."""
    if quiz.percent is not None and is_bare_claim(text):
        return Attempt(read_claim(text))
    if place := option_chosen(quiz, text):
        return Attempt(option=place)
    if quiz.percent is not None or len(words(text)) > LONGEST_ANSWER or (asks(text) and not _guesses(text, quiz)):
        return None
    if quiz.number is not None:
        is_number = read_measure(text, quiz.unit) is not None and _says_little_else(text, quiz)
        return Attempt() if is_number or (quiz.unit == "%" and is_bare_claim(text)) else None
    return Attempt() if grade_question(quiz, text) in ("correct", "close") else None


def _guesses(text: str, quiz: Question) -> bool:
    """Whether `text` has the form of a question and is an answer: "isn't it a compass?", "how much fuel is left"."""
    said = words(text)
    ways = [words(way) for way in (quiz.answer, *quiz.accept)]
    return said in ways or (len(said) <= LONGEST_GUESS and _GUESS.match(text) is not None)


def _says_little_else(text: str, quiz: Question) -> bool:
    """Whether `text` is a number with its unit and small talk: "about 5 benefits", but not "savings for 80k"."""
    known = {*stems(quiz.question), *stems(quiz.unit or "")}
    others = [word for word in words(in_digits(text)) if not word[0].isdigit()]
    return all(is_filler(word) or stem(word) in known for word in others)
