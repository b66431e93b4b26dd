"""How a round in a room looks: its open question, the reveal, and the result at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot import shelf as scripts
from bot.activities.quizzes.asking import solution
from bot.activities.quizzes.standings import plain_name, ranked, share
from bot.intents import sayings
from bot.reply import Choice, Choices, Part, Reply, Text
from bot.store import Round, RoundAnswer, Score, round_slot
from knowledge.bank import Question
from knowledge.provenance import EDITORS

if TYPE_CHECKING:
    from bot.shelf import Shelf
    from bot.store.records import Records

GONE = "This question is no longer in the bank."


def draw(held: Round, shelf: Shelf, records: Records) -> Reply:
    """The message of a round as it is now."""
    answers = records.rounds.answers(held)
    if held.ended is not None:
        parts = _result(held, answers, shelf, records)
        return Reply(parts, "quiz_start", slot=round_slot(held.id))
    parts = _revealed(held, answers, shelf) if held.revealed else _open(held, answers, shelf)
    return Reply(parts, "quiz_start", slot=round_slot(held.id))


def private_question(held: Round, permit: str, shelf: Shelf, records: Records) -> Reply:
    """The question that is open, with buttons that count in a private talk."""
    question = shelf.question(held.ref)
    if question is None or held.revealed:
        return Reply((Text("No question is open there at the moment."),), "quiz_answer", private=True)
    parts = (Text(f"{_title(held)}: {question.question}"), Choices(tuple(_options(held, question, permit))))
    return Reply(parts, "quiz_answer", private=True, remembered=False)


def _title(held: Round) -> str:
    return f"Question {held.at + 1} of {len(held.questions)}"


def _options(held: Round, question: Question, permit: str = "") -> Iterator[Choice]:
    for number, option in enumerate(scripts.quiz_options(question), 1):
        yield Choice(option, sayings.answer_round(held.id, held.at + 1, number, permit))


def _open(held: Round, answers: list[RoundAnswer], shelf: Shelf) -> tuple[Part, ...]:
    """The question and its options; how many have answered, and nothing else, is told before the reveal."""
    reveal = Choice("Reveal", sayings.round_order("reveal", held.id, held.at + 1))
    question = shelf.question(held.ref)
    if question is None:
        return Text(f"{_title(held)}: {GONE}"), Choices((reveal,))
    count = sum(answer.at == held.at for answer in answers)
    whose = "The wrong options are" if question.own else "Question and options are"
    lines = (
        f"{_title(held)}: {question.question}",
        f"One answer each, which can be changed until the reveal; speed does not count. ({whose} {EDITORS}.)",
        f"{_people(count)} answered." if count else "Nobody has answered yet.",
    )
    return Text("\n".join(lines)), Choices((*_options(held, question), reveal))


def _revealed(held: Round, answers: list[RoundAnswer], shelf: Shelf) -> tuple[Part, ...]:
    """The answer, why, and how many chose what."""
    says = [Choice("Show the result", sayings.round_order("next", held.id, held.at + 1))]
    if not held.is_last:
        says = [
            Choice("Next question", sayings.round_order("next", held.id, held.at + 1)),
            Choice("End the round", sayings.round_order("end", held.id)),
        ]
    question = shelf.question(held.ref)
    if question is None:
        return Text(f"{_title(held)}: {GONE}"), Choices(tuple(says))
    given = [answer for answer in answers if answer.at == held.at]
    right = sum(answer.grade == "correct" for answer in given)
    chosen = Counter(answer.option for answer in given)
    lines = [f"{right} of {len(given)} right:" if given else "Nobody has answered."]
    for number, option in enumerate(scripts.quiz_options(question), 1):
        mark = " (right)" if option == question.answer else ""
        lines.append(f"- {option}: {chosen[number]}{mark}")
    if chosen[None]:
        lines.append(f"- In their own words: {chosen[None]}")
    solved = solution(question, shelf)
    head = Text(f"{_title(held)}: {question.question}")
    return head, *solved[:1], Text("\n".join(lines)), *solved[1:], Choices(tuple(says))


def _result(held: Round, answers: list[RoundAnswer], shelf: Shelf, records: Records) -> tuple[Part, ...]:
    """How right all were by question, and by name those who want to be seen."""
    counted = [answer for answer in answers if answer.at < held.at or held.revealed]
    people = {answer.person for answer in counted}
    lines = [
        f"The quiz is over: {_people(len(people), 'took part')}." if people else "The quiz is over: nobody took part."
    ]
    for at, ref in enumerate(held.questions[: held.at + 1]):
        given = [answer for answer in counted if answer.at == at]
        if (question := shelf.question(ref)) and given:
            right = sum(answer.grade == "correct" for answer in given)
            lines.append(f"- {question.question} {share(right, len(given))} right ({right} of {len(given)})")
    parts: tuple[Part, ...] = (Text("\n".join(lines)),)
    names = records.leaderboard.names_of_round(held)
    scores = {
        person: Score(
            sum(answer.grade == "correct" for answer in counted if answer.person == person),
            sum(answer.person == person for answer in counted),
        )
        for person in people & names.keys()
    }
    if scores:
        board = [
            f"{rank}. {plain_name(names[person])}: {score.right} of {score.answered}"
            for rank, person, score in ranked(scores)
        ]
        parts += (Text("\n".join(("Those who joined the leaderboard, by how much was right:", *board))),)
    return (*parts, Choices((Choice("Join the leaderboard", sayings.JOIN),)))


def _people(count: int, did: str = "have") -> str:
    one = {"have": "has"}.get(did, did)
    return f"{count} {'person' if count == 1 else 'people'} {one if count == 1 else did}"
