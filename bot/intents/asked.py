"""What somebody is asked here, by a poll or a quiz, and the words that are nothing but an answer to it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from bot.intents import Abstention, Attempt, Intent, RoundPlace, Vote, Withdrawal, certain
from bot.intents.amounts.numbers import in_digits
from bot.intents.labels import Sense
from bot.intents.polls.ordering import option_meant
from bot.intents.quizzes.guesses import is_bare_claim, is_filler
from bot.intents.quizzes.judging import grade_question, option_chosen
from bot.intents.quizzes.leaving import read_leaving
from bot.intents.quizzes.measures import read_measure
from bot.intents.quizzes.shares import read_claim
from bot.intents.talk.forms import set_form
from bot.intents.talk.leads import unled
from bot.intents.votes.ballots import is_bare_answer, read_guess, read_vote
from bot.intents.votes.likely import likely
from bot.shelf import quiz_options
from bot.store import Poll, Scene
from knowledge.bank import Question
from knowledge.question import asks
from knowledge.words import stem, stems, words

POLL, QUIZ = "poll_open", "quiz_open"
# What was told last is of a poll.
OF_A_POLL = frozenset({"poll_start", "poll_answer", "poll_close", "results", "undo"})
# What is asked where a vote is not clear, of the option that may be meant.
DO_YOU_VOTE = "Do you vote for “{}”?"
# So many words can be nothing but an answer.
LONGEST_ANSWER = 25
# With more words, a guess that is put as a question is a question.
LONGEST_GUESS = 6
# What is done by a yes cannot always be undone: so a yes is one of these words, and no liking, place or letter.
_YES = set_form(
    r"(?:yes|yep|yeah|yea|yup|yess|aye|y|sure|of course|certainly|definitely|absolutely|exactly|correct|confirmed?"
    r"|that's (?:right|it)|ja|jawohl|genau|oui|si|sí|sim)(?:,? (?:sure|of course|exactly|definitely|do (?:it|that|so)"
    r"|go ahead|delete it|thanks|thank you|bitte|please do))?|do (?:it|that|so)|go ahead|please do|ok(?:ay)?"
)
_NO = set_form(
    r"(?:no|nope|nah|nay|n|nein|non|não|nao|lieber nicht)(?:,? (?:thanks|thank you|danke|merci|not now|never mind|don't"
    r"|do not|leave it|keep it|better not))?|(?:please )?(?:do not|don't|better not|leave it|keep it|not now)"
)
# "Just gemini for me", where several can be chosen.
_ONLY = frozenset({"only", "just", "solely", "instead"})
_TAKEN_BACK = set_form(
    r"(?:take|drop|remove|delete|strike|scratch|un-?select|de-?select|un-?tick|withdraw|take back) (?P<option>.{1,75}?)"
    r" (?:back )?(?:out of|from|off|in) (?:my (?:own )?(?:votes?|choices?|selection|picks?|ballot)|mine)(?: again)?"
)
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


def is_of_the_talk(text: str, scene: Scene) -> bool:
    """Whether a yes or a no may belong to what the bot told this person last, which was not of the open poll."""
    if scene.poll is None or scene.told_at is None or scene.before in OF_A_POLL or not is_bare_answer(text):
        return False
    return scene.told_at >= scene.poll.opened and bool(scene.history)


def explicit_answer(text: str, poll: Poll | None, quiz: Question | None, first: str | None) -> Intent | None:
    """The vote or the answer that is nothing else; what was opened last is meant where both can be."""
    attempt = _attempt(text, quiz) if quiz else None
    if attempt and first == QUIZ:
        return certain("quiz_answer", attempt)
    vote = vote_in(text, poll) if poll else None
    # "Pass" is meant for the quiz where that was opened last.
    if vote and vote.certainty != "open" and not (isinstance(vote.value, Abstention) and first == QUIZ):
        return vote
    return certain("quiz_answer", attempt) if attempt else None


def left(text: str, asked: Asked) -> Intent | None:
    """The wish to leave the question, or for more time; None for anything else. Nobody leaves a question of all."""
    wish = read_leaving(text)
    if wish == "pause":
        return certain("quiz_answer", Attempt(pause=True))
    if wish == "skip":
        return certain("quiz_skip") if asked.place is None else certain("quiz_answer", Attempt())
    return None


def unclear_guess(text: str, quiz: Question) -> Intent | None:
    """An answer to the quiz that names options, but not which one: "not B", "1 or 2"."""
    options = quiz_options(quiz)
    guess = read_guess(text, quiz.question, options) if options and quiz.percent is None else None
    named = guess is not None and guess.about and guess.certainty == "open" and bool(guess.votes)
    return Intent("quiz_answer", Attempt(), "open") if named else None


def vote_in(text: str, poll: Poll) -> Intent | None:
    """The vote, the abstention or the choice taken back that `text` is, or an open vote with what it may be; None where
    it is none of these.
    """
    if (taken := _TAKEN_BACK.fullmatch(text)) and (place := option_meant(taken["option"], poll)):
        return certain("poll_answer", Withdrawal(option=poll.numbers[place - 1]))
    read = read_vote(text, poll.question, poll.options, poll.several)
    if not read.about:
        return None
    if read.certainty != "open" and not read.votes:
        return Intent("poll_answer", Abstention(), read.certainty)
    if not read.votes:
        return Intent("poll_answer", None, read.certainty)
    first, *others = read.votes
    only = poll.several and not _ONLY.isdisjoint(words(text))
    return Intent("poll_answer", Vote(first, also=tuple(others), only=only), read.certainty)


def likely_vote(text: str, scene: Scene, sense: Sense) -> Intent | None:
    """The vote in the open poll that other words than an option's mean, or may mean, which is asked once in a row."""
    poll = scene.poll
    found = likely(text, poll.question, poll.options, sense, POLL) if poll else None
    if not found or not found.certainty or (found.certainty == "open" and scene.before == "poll_answer"):
        return None
    return Intent("poll_answer", Vote(found.place), found.certainty)


def is_of_options(text: str, poll: Poll) -> bool:
    """Whether `text` says nothing but words of the options, and is no question: "savings plan", where two begin so."""
    said = set(stems(text))
    return bool(said) and not asks(text) and said <= {one for option in poll.options for one in stems(option)}


def yes_or_no(text: str) -> bool | None:
    """Whether that is a yes, or a no; None where it is neither for sure."""
    said = " ".join(text.split()).replace("’", "'")
    ways = (said, unled(said))
    return True if any(map(_YES.fullmatch, ways)) else False if any(map(_NO.fullmatch, ways)) else None


def confirmed_vote(text: str, told: str, poll: Poll) -> Intent | None:
    """The vote that a yes to "Do you vote for “Pizza”?" is, the abstention that a no is; None for anything else."""
    places = [place for place, option in enumerate(poll.options, 1) if DO_YOU_VOTE.format(option) in told]
    yes = yes_or_no(text) if len(places) == 1 else None
    return None if yes is None else certain("poll_answer", Vote(places[0]) if yes else Abstention())


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
