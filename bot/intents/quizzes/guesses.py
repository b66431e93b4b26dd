"""Whether what is said is a guess at a share and nothing else, or says that the person does not know."""

from __future__ import annotations

import re

from bot.intents.quizzes.shares import PEOPLE, Found, prepared, shares_in, that_count
from knowledge.words import FUNCTION_WORDS
from knowledge.words import words as words_of

_IGNORANCE = re.compile(
    r"(?<!\S)(?:(?:no|not (?:an?|the)|haven't (?:got )?(?:an?|any|the)|don't have (?:an?|any|the)) (?:\w{1,12} )?"
    r"(?:idea|clue|notion|guess|foggiest|faintest)|(?:not|no|isn't) (?:\w{1,12} )?(?:sure|certain)|unsure|clueless|"
    r"stumped|dunno|idk|(?:do not|don't|dont|didn't|wouldn't) (?:\w{1,12} )?(?:know|remember|recall)|"
    r"(?:cannot|can't|cant|can not|couldn't) (?:\w{1,12} )?(?:say|tell|guess|remember|recall)|(?:beats|search) me|"
    r"you tell me|you(?:'ve)? (?:got|have) me(?: there)?|(?:who|god|goodness|heaven) knows|hard to (?:say|tell))(?!\S)"
)
_PASS = re.compile(
    r"^\W*(?:(?:i|i'll|we|we'll|i will|ok|hmm?|hard) [^\w]*)?pass(?! (?:the|an?|me|my|our|it|us|to|by|through)\b)(?!\S)"
)
# What asks for the answer itself, or only wraps a guess: no question of its own.
_ASIDES = re.compile(
    r"(?<!\S)(?:what (?:it is|is it|to (?:say|answer))|(?:what|what's|whats)(?: is)? the (?:\w{1,12} )?"
    r"(?:answer|number|figure|percentage|share)(?: is)?|(?:how|what) about|"
    r"(?:could|would|can|might|may|must|should) (?:it|that) be|(?:could|would|might|may|must|should) be|"
    r"(?:i|i'd|id|i'll|i would|i will|we|we'd|we'll|let's|lets|let us|let me|gonna|going to|going) (?:\w{1,12} )?"
    r"(?:say|guess|go|bet|think|reckon|believe|assume|suppose|estimate|with)(?: with| for)?|"
    r"(?:my|our) (?:\w{1,12} )?(?:guess|answer|bet|estimate|hunch)|put (?:me|us) down for|lock (?:it )?in|"
    r"if i had to guess|put it|give or take|sounds? (?:about )?right|if you ask me|out of 100|on 2nd thoughts?|"
    r"does(?=.{1,40} right))(?!\S)"
)
# Beside grammar and small talk: what is said around a guess, and of the projects that the quiz is about.
_AROUND = """
ai answer anywhere approximately around assume barely believe best bet bit bot budget budgets certain certainly change
close closer correct correction definitely easily er estimate exceed exceeds final guess guessing gut hmmm honest
honestly ish likely little make near nearer nearly odd over overbudget overrun overruns overspend percent percentage
plus possibly probably project projects range reckon region right roughly run scratch share slightly solid somewhere
still suppose surely tbh think thinking wait
"""
_FILLERS = FUNCTION_WORDS.union(_AROUND.split())
# Grammar, but a question or a wish of its own.
_QUESTIONS = """
what what's whats which who who's whos whom whose why why's how how's hows when where where's does did doing can could
should will whether if
"""
_WISHES = """
explain describe show tell give gives need needs want wants use used uses using mean means meant our ours your yours
you we we're we've other another say says said mention mentioned asking know
"""
_WEIGHTY = frozenset(f"{_QUESTIONS} {_WISHES}".split())
_ASKING = re.compile(rf"(?<!\S)(?:{'|'.join(_QUESTIONS.split())})(?!\S)")
_YES_OR_NO = re.compile(r"(?:^|[,.] )(?:is|are|was|were|do|has|have)\b")
_OF_WHOM = re.compile(rf" of (?!this|that|it|my|our|your|what)| {PEOPLE}(?!\S)")


def is_bare_claim(words: str) -> bool:
    """Whether `words` are (nearly) nothing but a claim: "is it 60?", but not "is it true that 30% can be saved?".

    A number from 1 to 5 alone is none: it may be the number of an option.
    """
    text = prepared(words)
    shares = shares_in(text)
    final = that_count(text, shares)
    if not final or (len(final) == 1 and _names_option(final[0])):
        return False
    rest = text
    for share in reversed(shares):
        rest = f"{rest[: share.start]} , {rest[share.end :]}"
    rest = _IGNORANCE.sub(" ", _ASIDES.sub(" ", " ".join(rest.split())))
    others = [word for word in words_of(rest) if word in _WEIGHTY or word not in _FILLERS]
    # "80% of teams tag them" answers too; "is half of our budget lost?" is about something else.
    answers = any(_OF_WHOM.match(text, share.end) for share in shares) and not _YES_OR_NO.search(text)
    return not others or (answers and len(others) <= 2 and not any(map(_weighs, others)))


def is_filler(word: str) -> bool:
    """Whether a word only stands around a guess, and neither asks nor wishes for anything."""
    return word in _FILLERS and word not in _WEIGHTY


def _weighs(word: str) -> bool:
    return word in _WEIGHTY or word.isdigit()


def _names_option(share: Found) -> bool:
    return not share.signed and share.claim.percent in (1, 2, 3, 4, 5)


def admits_ignorance(words: str) -> bool:
    """Whether `words` say that the person does not know, or passes; "not sure, 60?" does so and claims a share too."""
    text = prepared(words)
    if _PASS.search(text) or "🤷" in text:
        return True
    return bool(_IGNORANCE.search(text)) and not _ASKING.search(_ASIDES.sub(" ", _IGNORANCE.sub(" ", text)))
