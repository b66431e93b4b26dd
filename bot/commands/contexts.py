"""What is open when an utterance is said, as a line of JSON tells it: a script's own poll or quiz, or any other one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot import shelf as scripts
from bot.intents.asked import POLL, QUIZ
from bot.store import Poll, QuizRun, Scene
from knowledge.answer import Message
from knowledge.bank import Question
from knowledge.script.elements import read_share

if TYPE_CHECKING:
    from knowledge.script import Script

CONTEXTS = (None, QUIZ, POLL)
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
EXPECTED = (
    '"context" must be null, "quiz_open", "poll_open", {"poll": {"question", "options", "several"}} or '
    '{"quiz": {"question", and "options", "answer" or "percent"}}'
)
# The bank that a quiz belongs to which no script asks.
_ASKED = "asked"

Context = str | None | Mapping[str, Any]


@dataclass(frozen=True)
class Stage:
    """What an utterance finds: the scene, and the question of its quiz where no script asks it."""

    scene: Scene
    quiz: Question | None = None


def stage_of(context: Context, script: Script, history: Sequence[Message] = (), before: str | None = None) -> Stage:
    """The stage of a context; `before` is the activity of the reply before. Raises ValueError for what is none."""
    poll, run, quiz = None, None, None
    if isinstance(context, Mapping):
        if set(context) == {"poll"}:
            poll = _poll(context["poll"])
        elif set(context) == {"quiz"}:
            quiz = _quiz(context["quiz"])
            run = QuizRun(1, _ASKED, "", BEGINNING, question=quiz.id)
        else:
            raise ValueError(EXPECTED)
    elif context not in CONTEXTS:
        raise ValueError(EXPECTED)
    elif context == POLL and (polls := scripts.polls(script)):
        poll = Poll(1, polls[0][1].question, polls[0][1].options, BEGINNING, numbers=_numbers(polls[0][1].options))
    elif context == QUIZ and (quizzes := scripts.quizzes(script)):
        run = QuizRun(1, script.slug, quizzes[0][0].slug, BEGINNING)
    return Stage(Scene(history=tuple(history), before=before, poll=poll, quiz=run), quiz)


def _numbers(options: Sequence[str]) -> tuple[int, ...]:
    return tuple(range(1, len(options) + 1))


def _poll(told: Any) -> Poll:
    options = _options(told)
    several = told.get("several", False)
    if len(options) < 1 or not isinstance(several, bool):
        raise ValueError(EXPECTED)
    return Poll(1, told["question"], options, BEGINNING, numbers=_numbers(options), several=several)


def _quiz(told: Any) -> Question:
    options = _options(told)
    percent, answer = told.get("percent"), told.get("answer")
    if not (answer is None or isinstance(answer, str)) or isinstance(percent, bool):
        raise ValueError(EXPECTED)
    if percent is not None and not isinstance(percent, (int, float)):
        raise ValueError(EXPECTED)
    relation: str | None = "over"
    if percent is None:
        relation, percent = read_share(answer or "")
    answer = answer or (f"Over {percent:g}%" if percent is not None else "")
    if not (answer or options):
        raise ValueError(EXPECTED)
    wrong = tuple(option for option in options if option != answer)
    share = None if percent is None else float(percent)
    return Question(_ASKED, "1", told["question"], answer, wrong, relation=relation, percent=share, listed=options)


def _options(told: Any) -> tuple[str, ...]:
    """The options of a poll or a quiz whose question is a string."""
    if not isinstance(told, Mapping) or not isinstance(told.get("question"), str):
        raise ValueError(EXPECTED)
    options = told.get("options") or ()
    if not isinstance(options, (list, tuple)) or not all(isinstance(option, str) for option in options):
        raise ValueError(EXPECTED)
    return tuple(options)
