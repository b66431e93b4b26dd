"""What the learned part takes an utterance for: the label that fits best, and whether it is clearly ahead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.intents.certainty import Certainty
from bot.intents.options import degrees, options_denied
from bot.store import Poll
from knowledge.bank import Question

# Below this score an utterance is like nothing that people say to the bot: it is looked up.
UNLIKE = 0.12
# Most of what is taught are questions; by so much they stand back where something else is nearly as likely.
QUESTIONS_LAST = 0.08
# What is none of all that can be done: it is looked up, or small talk.
NOTHING_TO_DO = frozenset({"question", "none", "smalltalk"})
# By so much what is meant is ahead of all else that it could be, in points of the score. Cross-validated in ten folds
# over the examples: of 1,837 things to do 90 % are meant and 1 % taken for another (0: 93 and 2 %; 0.1: 87 and 1 %), of
# 1,112 questions 4 % for something to do (6; 4), of 551 remarks 6 % (8; 5; without a class of their own 45 %).
AHEAD = 0.05


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
    if (known := sense.knows(text, setting)) is not None and is_possible(known, text, poll, quiz):
        return known, "said"
    denied = _denied(text, poll) if poll else frozenset()
    fitting = {
        label: score
        for label, score in sense.scores(text, setting).items()
        if is_possible(label, text, poll, quiz) and label not in denied
    }
    fitting["question"] = fitting.get("question", 0.0) - QUESTIONS_LAST
    first, *others = sorted(fitting, key=lambda one: fitting[one], reverse=True)
    if first in NOTHING_TO_DO or fitting[first] < UNLIKE:
        return first if first in NOTHING_TO_DO else "question", "meant"
    ahead = fitting[first] - max((fitting[other] for other in others), default=0.0)
    return first, "meant" if ahead >= AHEAD else "open"


def is_possible(label: str, text: str, poll: Poll | None, quiz: Question | None) -> bool:
    """Whether a label can be meant with what is open."""
    name, _, degree = label.partition(" ")
    if name == "poll_answer":
        # A number is no degree: "over 60%" votes for nothing, and "opton 2" not for what is like it.
        return poll is not None and not any(map(str.isdecimal, text)) and degree in degrees(poll.options)
    return name != "quiz_answer" or quiz is not None


def _denied(text: str, poll: Poll) -> frozenset[str]:
    """The labels of the degrees that the words deny."""
    places = options_denied(text, poll.options)
    return frozenset(f"poll_answer {degree}" for degree, place in degrees(poll.options).items() if place in places)
