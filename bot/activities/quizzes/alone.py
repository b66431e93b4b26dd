"""A round for one person alone: one question after the other, then what was right at the first try."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.activities import Heard
from bot.activities.quizzes.asking import asked_of, question_parts
from bot.activities.quizzes.choosing import drawn, questions_meant
from bot.intents import RoundOrder, sayings
from bot.reply import Choice, Choices, Part, Reply, Text
from bot.store import QuizRun, Round

if TYPE_CHECKING:
    from bot.shelf import Shelf
    from bot.store.records import Records

NONE_YET = "You have not been in a round yet. Say “quiz round” to begin one."
NONE_WRONG = "You had none wrong in your last round. Say “quiz round” for another one."
AT_LEAST_ONE = "A round needs at least one question: say for example “quiz me with 5 questions”."
LOST = "A question of the round is no longer in the bank, so it is left out."


def start(heard: Heard, order: RoundOrder, shelf: Shelf, records: Records) -> Reply:
    """Begin a round; whatever quiz or round the person had open is stopped."""
    meant = questions_meant(heard, order, shelf)
    if isinstance(meant, Reply):
        return meant
    if order.count == 0:
        return Reply((Text(AT_LEAST_ONE),), "quiz_start", private=True)
    had = {run.ref for run in records.quizzes.over(heard.turn.person)}
    refs = drawn(meant, order.count, had)
    told = ""
    if order.count is not None and order.count > len(refs):
        told = f"I have {len(refs)} {'question' if len(refs) == 1 else 'questions'} of that kind, so these are all."
    return _begin(heard, refs, (Text(told),) if told else (), shelf, records)


def again(heard: Heard, order: RoundOrder, shelf: Shelf, records: Records) -> Reply:
    """Begin a round of those questions that were not right at the first try in the last one, or the one named."""
    person = heard.turn.person
    held = records.rounds.last_alone(person) if order.number is None else records.rounds.alone(order.number, person)
    if held is None:
        return Reply((Text(NONE_YET),), "quiz_start", private=True)
    wrong = tuple(run.ref for run in _wrong(records.quizzes.of_round(held.id)) if shelf.question(run.ref))
    if not wrong:
        return Reply((Text(NONE_WRONG),), "quiz_start", private=True)
    return _begin(heard, wrong, (), shelf, records)


def go_on(heard: Heard, held: Round, solved: tuple[Part, ...], shelf: Shelf, records: Records) -> Reply:
    """After `solved`, the next question that the bank still has, or the end of the round."""
    at, lost = held.at + 1, False
    while at < len(held.questions) and shelf.question(held.questions[at]) is None:
        at, lost = at + 1, True
    if lost and Text(LOST) not in solved:
        solved += (Text(LOST),)
    if at >= len(held.questions):
        records.rounds.keep(replace(held, at=len(held.questions) - 1, ended=heard.turn.at))
        return _ended(heard, held, solved, shelf, records)
    moved = replace(held, at=at, asked=heard.turn.at)
    records.rounds.keep(moved)
    return _ask(heard, moved, solved, shelf, records)


def leave_out(heard: Heard, run: QuizRun, shelf: Shelf, records: Records) -> Reply:
    """Go on where the bank has lost the very question that was asked."""
    records.quizzes.keep(replace(run, outcome="stopped"))
    held = records.rounds.open_alone(heard.turn.person, heard.turn.at)
    if held is None or held.id != run.round:
        return Reply((Text(LOST),), heard.intent.name, private=True)
    return go_on(heard, held, (Text(LOST),), shelf, records)


def _begin(heard: Heard, refs: tuple[str, ...], before: tuple[Part, ...], shelf: Shelf, records: Records) -> Reply:
    return _ask(heard, records.rounds.start(heard.turn, refs, together=False), before, shelf, records)


def _ask(heard: Heard, held: Round, before: tuple[Part, ...], shelf: Shelf, records: Records) -> Reply:
    question = shelf.question(held.ref)
    assert question is not None
    # A script's own quiz is named by its section, everything else by its id.
    section, name = (question.section or "", None) if question.own else ("", question.id)
    run = records.quizzes.start(heard.turn, question.bank, section, name, held.id)
    asked = asked_of(run, shelf)
    assert asked is not None
    title = f"Question {held.at + 1} of {len(held.questions)}"
    parts = (*before, *question_parts(asked, title))
    return Reply(parts, heard.intent.name, slot=asked.slot, private=True, continues=True)


def _ended(heard: Heard, held: Round, solved: tuple[Part, ...], shelf: Shelf, records: Records) -> Reply:
    """The result of a round: how many were right at the first try, and which were not."""
    every = records.quizzes.of_round(held.id)
    runs = [run for run in every if shelf.question(run.ref)]
    wrong = [question for run in _wrong(runs) if (question := shelf.question(run.ref))]
    lines = [f"The round is over: {len(runs) - len(wrong)} of {len(runs)} right at the first try."]
    if wrong:
        lines += ["Not right at the first try:", *(f"- {question.question}" for question in wrong)]
    offered = [Choice("Another round", "quiz round")]
    if wrong:
        offered.insert(0, Choice("Again with the wrong ones", sayings.round_order("again", held.id)))
    parts = (*solved, Text("\n".join(lines)), Choices(tuple(offered)))
    return Reply(parts, heard.intent.name, slot=f"quiz-{every[-1].id}", private=True)


def _wrong(runs: Sequence[QuizRun]) -> list[QuizRun]:
    """The runs that were not right at the first try."""
    return [run for run in runs if run.first != "correct"]
