"""What the learned part takes an utterance for: the label that fits best, and whether it is clearly ahead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.intents.certainty import Certainty
from bot.intents.features import concepts
from bot.intents.options import degrees
from bot.intents.talk.leads import unled
from bot.store import Poll
from knowledge.bank import Question
from knowledge.question import asks, joined
from knowledge.words import frequency, words

# Below this score an utterance is like nothing that people say to the bot: it is looked up.
UNLIKE = 0.12
# Most of what is taught are questions; by so much they stand back where something else is nearly as likely. With 0.08 3
# more of 592 questions about the script are taken for a wish, with 0 "what are the benefits?" is none.
QUESTIONS_LAST = 0.05
# What is none of all that can be done: it is looked up, or small talk.
NOTHING_TO_DO = frozenset({"question", "none", "smalltalk"})
# By so much what is meant is ahead of all else that it could be, in points of the score. Cross-validated in ten folds
# over the examples: of 1,837 things to do 90 % are meant and 1 % taken for another (0: 93 and 2 %; 0.1: 87 and 1 %), of
# 1,112 questions 4 % for something to do (6; 4), of 551 remarks 6 % (8; 5; without a class of their own 45 %).
AHEAD = 0.05
# Before the action that an order is, in its label.
ORDER = "order"
# What has kinds: small talk by what it is, and help, for which a greeting asks.
OF_KINDS = frozenset({"smalltalk", "help"})
# Small talk scores so much at least, and is by so much ahead of all else, in points of the score. Cross-validated in
# ten folds: of 685 remarks 79 % are found, of 1,178 questions 5 taken for one, of 372 lines that are none of all that
# the bot does 43 (at 0.5 and 0.2: 73 %, 2, 32).
TALK, TALK_AHEAD = 0.4, 0.1
# What has the form of a question is one, unless small talk is so much ahead ("what a useless bot"): of 100 such remarks
# 83 are found at 0.1 for those about the bot, and of questions beside a "sorry" or "thanks" the highest lead is 0.23.
ASKED_AHEAD = 0.4
_ABOUT_THE_BOT = frozenset(f"smalltalk {one}" for one in ("are_you_human", "who_made_you", "how_are_you", "name"))
# By so much a kind is ahead of the others to be named: of the remarks found, 89 % are, 88 % of those rightly.
KIND_AHEAD = 0.1
# What is said while a poll is open is an answer that names no option, rather than a question for the sources, where by
# so much, in points of the score, what is none of all and the degrees together outweigh questions; it has no more words
# than that. Of 158 questions in notes that have no question's form 3 are taken for one, of 45 answers in votes 19.
ANSWERED_RATHER, LONGEST_ANSWERED = 0.5, 8
# Things of these concepts can be asked for together.
SEVERAL = frozenset({"quote", "statistics", "takeaways", "resources", "keywords", "next", "benefits"})
# What is said kindly: where none is clearly ahead, but all together outweigh the rest, it is "warm", 75 % rightly.
_WARM = frozenset({"thanks", "praise", "agreement", "laughter", "joy", "love", "congratulation"})


class Sense(Protocol):
    """What utterances mean, learned from examples."""

    def scores(self, text: str, setting: str) -> Mapping[str, float]:
        """How well each label fits: an intent, or "poll_answer high", "some", "none" for the degrees of a poll."""
        ...

    def knows(self, text: str, setting: str) -> str | None:
        """The label of an example that says just this; None where there is none, or they differ."""
        ...

    def likeness(self, text: str, others: Sequence[str]) -> Sequence[float]:
        """How near `text` is to each of `others` in meaning, 1 for the same."""
        ...


def label_of(sense: Sense, text: str, setting: str, poll: Poll | None, quiz: Question | None) -> tuple[str, Certainty]:
    """The label of `text`: "said" where an example says just that, "meant" where it is clearly ahead of all others."""
    known = sense.knows(text, setting) or sense.knows(unled(text), setting)
    if known is not None and is_possible(known, text, poll, quiz):
        return known, "said"
    scores = sense.scores(text, setting)
    fitting = {label: score for label, score in scores.items() if is_possible(label, text, poll, quiz)}
    # An answer to what is not open any more is no small talk.
    cannot_be = max((score for label, score in scores.items() if label not in fitting), default=0.0)
    fitting["question"] = fitting.get("question", 0.0) - QUESTIONS_LAST
    kinds, fitting = _kinds(fitting), _totals(fitting)
    first, *others = sorted(fitting, key=lambda one: fitting[one], reverse=True)
    ahead = fitting[first] - max((fitting[other] for other in others), default=0.0)
    if first == "smalltalk" and fitting[first] >= max(TALK, cannot_be + TALK_AHEAD) and _is_language(text):
        talk = _clearest(first, kinds[first])
        if ahead >= (ASKED_AHEAD if asks(text) and talk not in _ABOUT_THE_BOT else TALK_AHEAD):
            return talk, "meant"
    if first in NOTHING_TO_DO or fitting[first] < UNLIKE:
        return "question" if first not in NOTHING_TO_DO or first == "smalltalk" else first, "meant"
    return _clearest(first, kinds.get(first, {})), "meant" if ahead >= AHEAD else "open"


def answers_rather(sense: Sense, text: str, setting: str) -> bool:
    """Whether `text` is said in answer to an open poll, rather than asked; it may name no option all the same."""
    if asks(text) or len(words(text)) > LONGEST_ANSWERED:
        return False
    scores = sense.scores(text, setting)
    answering = sum(score for label, score in scores.items() if label == "none" or label.startswith("poll_answer"))
    return answering - scores.get("question", 0.0) >= ANSWERED_RATHER


def chatter(sense: Sense, text: str) -> float:
    """By how much `text` is rather talk beside the point than something to look up: small talk and what is none of all
    together against questions, in points of the score.
    """
    scores = sense.scores(text, "")
    talk = sum(score for label, score in scores.items() if label.startswith(("smalltalk", "none", "help greeting")))
    return talk - scores.get("question", 0.0)


def _is_language(text: str) -> bool:
    """Whether at least half of the words are words; letters one by one and what is encoded are none."""
    said = words(text)
    return 2 * sum(len(word) > 1 and frequency(word) > 0 for word in said) >= len(said)


def _kinds(scores: Mapping[str, float]) -> Mapping[str, Mapping[str, float]]:
    """The scores of the kinds of small talk and help, by which of both they are of."""
    kinds: dict[str, dict[str, float]] = {}
    for label, score in scores.items():
        name, _, kind = label.partition(" ")
        if name in OF_KINDS:
            kinds.setdefault(name, {})[kind] = score
    return kinds


def _totals(scores: Mapping[str, float]) -> dict[str, float]:
    """The scores, those of kinds added up: so one label for all of them would score, as the lesson is linear."""
    totals: dict[str, float] = {}
    for label, score in scores.items():
        name = label.partition(" ")[0]
        key = name if name in OF_KINDS else label
        totals[key] = totals.get(key, 0.0) + score
    return totals


def _clearest(name: str, kinds: Mapping[str, float]) -> str:
    """The label with its kind, where one is clearly ahead of the others, or all that are said kindly together are."""
    if not any(kinds):
        return name
    first, second, *_ = (*sorted(kinds, key=lambda one: kinds[one], reverse=True), "")
    # Of two kind ones either is answered by the other's line: "thanks, that was great".
    if kinds[first] - kinds.get(second, 0.0) >= KIND_AHEAD or {first, second} <= _WARM:
        return f"{name} {first}".rstrip()
    return f"{name} warm" if 2 * sum(kinds.get(one, 0.0) for one in _WARM) > sum(kinds.values()) else name


def asks_for_several(text: str) -> bool:
    """Whether `text` joins things of several kinds ("a quote and a statistic")."""
    kinds = [asked for piece in joined(text) if (asked := concepts(piece) & SEVERAL)]
    return any(one.isdisjoint(kinds[0]) for one in kinds[1:])


def is_possible(label: str, text: str, poll: Poll | None, quiz: Question | None) -> bool:
    """Whether a label can be meant with what is open."""
    name, _, degree = label.partition(" ")
    if name == "poll_answer":
        # A number is no degree: "over 60%" votes for nothing, and "opton 2" not for what is like it.
        return poll is not None and not any(map(str.isdecimal, text)) and degree in degrees(poll.options)
    return name != "quiz_answer" or quiz is not None
