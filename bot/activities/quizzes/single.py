"""One question for one person: asked, answered in several tries, helped with, left; alone or as part of a round."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot import shelf as scripts
from bot.activities import Heard
from bot.activities.quizzes import alone
from bot.activities.quizzes.asking import Asked, asked_of, gone_on, question_parts, solution
from bot.intents import Attempt, Ref, sayings
from bot.intents.quizzes.judging import grade_question, hints
from bot.reply import Choice, Choices, Part, Reply, Text
from knowledge.script import Script

if TYPE_CHECKING:
    from bot.shelf import Shelf
    from bot.store.records import Records

# After so many answers the solution is shown.
TRIES = 3
AGAIN = Choice("Quiz me", "quiz me")
NONE_OPEN = "No quiz is open for you."


def start(heard: Heard, script: Script, shelf: Shelf, records: Records) -> Reply:
    """Ask a quiz of the script that the person has not had; one that is open is asked again."""
    held = scripts.quizzes(script)
    open_run = records.quizzes.open_run(heard.turn.person, heard.turn.at)
    if open_run is not None and open_run.script == script.slug and (asked := asked_of(open_run, shelf)):
        parts = (Text("This one is still open:"), *question_parts(asked))
        return Reply(parts, "quiz_start", slot=asked.slot, private=True, continues=True)
    had = {
        run.section
        for run in records.quizzes.over(heard.turn.person)
        if run.script == script.slug and run.question is None
    }
    fresh = [section for section, _ in held if section.slug not in had] or [section for section, _ in held]
    records.rounds.end_alone(heard.turn.person, heard.turn.at)
    asked = asked_of(records.quizzes.start(heard.turn, script.slug, fresh[0].slug), shelf)
    assert asked is not None
    return Reply(question_parts(asked), "quiz_start", slot=asked.slot, private=True, continues=True)


def answer(heard: Heard, shelf: Shelf, records: Records) -> Reply:
    """Grade an answer: right, it ends the question; otherwise there is another try."""
    asked, attempt = _current(heard, shelf, records), heard.intent.value
    if isinstance(asked, Reply):
        return asked
    assert isinstance(attempt, Attempt)
    if attempt.option is not None and not 1 <= attempt.option <= len(asked.options):
        told = f"Choose from 1 to {len(asked.options)}, or answer in your own words."
        if not asked.options:
            told = "There is nothing to choose from: answer in your own words."
        return Reply(
            (Text(told), *question_parts(asked)[1:]), "quiz_answer", slot=asked.slot, private=True, continues=True
        )
    if attempt.pause:
        parts = (Text("Take your time."), *question_parts(asked))
        return replace(gone_on(asked, "Take your time."), parts=parts)
    if heard.intent.certainty == "open":
        return gone_on(asked, "I am not sure which one you mean, so that was no try.")
    judged = grade_question(asked.question, heard.turn.words, attempt.option)
    if judged == "no_answer":
        said = "That is all right. Take a guess, ask for a hint, or skip to see the answer."
        return gone_on(asked, said)
    if attempt.option in asked.run.tried:
        return gone_on(asked, f"You have tried “{asked.options[attempt.option - 1]}” already.")
    tried = asked.run.tried if attempt.option is None else (*asked.run.tried, attempt.option)
    run = replace(asked.run, tries=asked.run.tries + 1, first=asked.run.first or judged, tried=tried)
    if judged == "correct":
        return _end(heard, replace(asked, run=run), "correct", "Correct!", shelf, records)
    if run.tries >= TRIES:
        said = "Close, but not it." if judged == "close" else "Not quite."
        return _end(heard, replace(asked, run=run), "revealed", said, shelf, records)
    records.quizzes.keep(run)
    left = TRIES - run.tries
    said = "Close, but not it yet." if judged == "close" else "Not quite."
    said += f" You have {left} more {'try' if left == 1 else 'tries'}."
    return gone_on(replace(asked, run=run), said)


def hint(heard: Heard, shelf: Shelf, records: Records) -> Reply:
    """The next hint, or the last one again."""
    asked = _current(heard, shelf, records)
    if isinstance(asked, Reply):
        return asked
    given = hints(asked.question)
    place = min(asked.run.hints, len(given) - 1)
    records.quizzes.keep(replace(asked.run, hints=asked.run.hints + 1))
    last = " That was the last hint." if place == len(given) - 1 else ""
    return replace(gone_on(asked, f"Hint: {given[place]}{last}"), activity="quiz_hint")


def skip(heard: Heard, shelf: Shelf, records: Records) -> Reply:
    """Leave the question and see its answer."""
    asked = _current(heard, shelf, records)
    if isinstance(asked, Reply):
        return asked
    if heard.intent.certainty != "said":
        # What reveals an answer is not done on a guess.
        return replace(gone_on(asked, "Do you want to see the answer? Say “skip” for that."), activity="quiz_skip")
    return _end(heard, asked, "revealed", "Skipped.", shelf, records)


def _current(heard: Heard, shelf: Shelf, records: Records) -> Asked | Reply:
    """The question that the turn is about, or what to say where it is not open."""
    value, person = heard.intent.value, heard.turn.person
    number = value.number if isinstance(value, Ref) else value.run if isinstance(value, Attempt) else None
    open_run = records.quizzes.open_run(person, heard.turn.at)
    run = open_run if number is None else records.quizzes.run(number, person)
    if run != open_run and run is not None:
        # Ended, or left alone for too long.
        return Reply((Text("That quiz is over."), Choices((AGAIN,))), heard.intent.name, private=True)
    asked = asked_of(run, shelf)
    if asked is None and run is not None and run.round is not None:
        return alone.leave_out(heard, run, shelf, records)
    return asked or Reply((Text(NONE_OPEN), Choices((AGAIN,))), heard.intent.name, private=True)


def _end(heard: Heard, asked: Asked, outcome: str, said: str, shelf: Shelf, records: Records) -> Reply:
    """The solution, and what follows: the next question of the round, or the offer of one more."""
    records.quizzes.keep(replace(asked.run, outcome=outcome))
    solved = solution(asked.question, shelf, said)
    held = records.rounds.open_alone(heard.turn.person, heard.turn.at)
    if held is not None and asked.run.round == held.id:
        following = alone.go_on(heard, held, solved, shelf, records)
        return replace(following, instead=(_question(asked), *following.parts))
    parts: tuple[Part, ...] = solved
    script = shelf.get(asked.run.script)
    if script is not None and asked.question.own and len(scripts.quizzes(script)) > 1:
        parts += (Choices((Choice("Next question", sayings.show("quiz_start", script.slug)),)),)
    return Reply(parts, heard.intent.name, slot=asked.slot, private=True, instead=(_question(asked), *parts))


def _question(asked: Asked) -> Text:
    """The question that an answer belongs to, with nothing more to do about it."""
    return Text(f"{sayings.QUIZ_ASKED}{asked.question.question}")
