"""Quizzes: a script's question, answered in one's own words, with hints, a reveal and an explanation."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot import shelf as scripts
from bot.activities import Heard, Step, script_meant
from bot.intents import Attempt, Ref, sayings
from bot.intents.grading import grade
from bot.reply import Choice, Choices, Part, Reply, Sources, Text
from bot.store import QuizRun
from knowledge.provenance import EDITORS
from knowledge.script import Quiz, Script, Section

if TYPE_CHECKING:
    from bot.shelf import Shelf
    from bot.store.records import Records

# After so many answers the solution is shown.
TRIES = 3
AGAIN = Choice("Quiz me", "quiz me")
NONE_OPEN = "No quiz is open for you."


@dataclass(frozen=True)
class Asked:
    """A run with the quiz that it asks."""

    run: QuizRun
    script: Script
    section: Section
    quiz: Quiz

    @property
    def options(self) -> tuple[str, ...]:
        """The quiz's answer among the wrong options, in an order that its question fixes; () without wrong ones."""
        return scripts.quiz_options(self.quiz)


class Quizzes:
    """Takes what is said about quizzes: starting, answering, hints, skipping, one's own results."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def take(self, heard: Heard) -> Reply | Step | None:
        """The step that the quiz takes."""
        match heard.intent.name:
            case "quiz_start":
                return self._start(heard)
            case "quiz_answer":
                return lambda records: self._answer(heard, records)
            case "quiz_hint":
                return lambda records: self._hint(heard, records)
            case "quiz_skip":
                return lambda records: self._skip(heard, records)
            case "leaderboard":
                return lambda records: _own_results(heard, records)
            case _:
                return None

    def _start(self, heard: Heard) -> Reply | Step:
        script = script_meant(heard, self._shelf, scripts.quizzes)
        if isinstance(script, Reply):
            return script
        return lambda records: self._open(heard, script, records)

    def _open(self, heard: Heard, script: Script, records: Records) -> Reply:
        """Ask a quiz that the person has not had; one that is open is asked again."""
        held = scripts.quizzes(script)
        open_run = records.quizzes.open_run(heard.turn.person, heard.turn.at)
        if open_run is not None and open_run.script == script.slug and (asked := self._asked(open_run)):
            parts = (Text("This one is still open:"), *_question(asked))
            return Reply(parts, "quiz_start", slot=_slot(open_run), private=True)
        had = {run.section for run in records.quizzes.over(heard.turn.person) if run.script == script.slug}
        fresh = [section for section, _ in held if section.slug not in had] or [section for section, _ in held]
        section = fresh[0]
        asked = self._asked(records.quizzes.start(heard.turn, script.slug, section.slug))
        assert asked is not None
        return Reply(_question(asked), "quiz_start", slot=_slot(asked.run), private=True)

    def _asked(self, run: QuizRun | None) -> Asked | None:
        """The run with its quiz; None where there is none, or the script no longer holds it."""
        script = self._shelf.get(run.script) if run else None
        section = scripts.section_of(script, run.section) if script and run else None
        if run is None or script is None or section is None or not isinstance(section.element, Quiz):
            return None
        return Asked(run, script, section, section.element)

    def _current(self, heard: Heard, records: Records) -> Asked | Reply:
        """The quiz that the turn is about, or what to say where it is not open."""
        value, person = heard.intent.value, heard.turn.person
        number = value.number if isinstance(value, Ref) else value.run if isinstance(value, Attempt) else None
        open_run = records.quizzes.open_run(person, heard.turn.at)
        run = open_run if number is None else records.quizzes.run(number, person)
        if run != open_run and run is not None:
            # Ended, or left alone for too long.
            said = Text("That quiz is over.")
            return Reply((said, Choices((AGAIN,))), heard.intent.name, private=True)
        asked = self._asked(run)
        return asked or Reply((Text(NONE_OPEN), Choices((AGAIN,))), heard.intent.name, private=True)

    def _answer(self, heard: Heard, records: Records) -> Reply:
        """Grade an answer: right, it ends the quiz; otherwise there is another try."""
        asked, attempt = self._current(heard, records), heard.intent.value
        if isinstance(asked, Reply):
            return asked
        assert isinstance(attempt, Attempt)
        if attempt.option is not None and not 1 <= attempt.option <= len(asked.options):
            said = f"Choose from 1 to {len(asked.options)}, or answer in your own words."
            return Reply((Text(said), *_question(asked)[1:]), "quiz_answer", slot=_slot(asked.run), private=True)
        judged = judge(asked.quiz, attempt, heard.turn.words)
        if judged == "no_answer":
            said = "That is all right. Take a guess, ask for a hint, or skip to see the answer."
            return Reply((Text(said), _ways_out(asked)), "quiz_answer", slot=_slot(asked.run), private=True)
        run = replace(asked.run, tries=asked.run.tries + 1, first=asked.run.first or judged)
        if judged == "correct":
            return self._end(replace(asked, run=run), "correct", "Correct!", records, "quiz_answer")
        if run.tries >= TRIES:
            said = "Close, but not it." if judged == "close" else "Not quite."
            return self._end(replace(asked, run=run), "revealed", said, records, "quiz_answer")
        records.quizzes.keep(run)
        left = TRIES - run.tries
        said = "Close, but not it yet." if judged == "close" else "Not quite."
        parts = (Text(f"{said} You have {left} more {'try' if left == 1 else 'tries'}."), _ways_out(asked))
        return Reply(parts, "quiz_answer", slot=_slot(run), private=True)

    def _hint(self, heard: Heard, records: Records) -> Reply:
        asked = self._current(heard, records)
        if isinstance(asked, Reply):
            return asked
        given = hints(asked.quiz)
        place = min(asked.run.hints, len(given) - 1)
        records.quizzes.keep(replace(asked.run, hints=asked.run.hints + 1))
        last = " That was the last hint." if place == len(given) - 1 else ""
        parts = (Text(f"Hint: {given[place]}{last}"), _ways_out(asked))
        return Reply(parts, "quiz_hint", slot=_slot(asked.run), private=True)

    def _skip(self, heard: Heard, records: Records) -> Reply:
        asked = self._current(heard, records)
        if isinstance(asked, Reply):
            return asked
        return self._end(asked, "revealed", "Skipped.", records, "quiz_skip")

    def _end(self, asked: Asked, outcome: str, said: str, records: Records, activity: str) -> Reply:
        """The solution, with the editors' explanation and the place in the source."""
        records.quizzes.keep(replace(asked.run, outcome=outcome))
        lines = [f"{said} The script's answer: {asked.quiz.answer}."]
        if asked.quiz.explanation:
            lines.append(f"Why ({EDITORS}): {asked.quiz.explanation}")
        parts: tuple[Part, ...] = (Text("\n".join(lines)), Sources((scripts.source(asked.script, asked.section),)))
        if len(scripts.quizzes(asked.script)) > 1:
            parts += (Choices((Choice("Next question", sayings.show("quiz_start", asked.script.slug)),)),)
        return Reply(parts, activity, slot=_slot(asked.run), private=True)


def judge(quiz: Quiz, attempt: Attempt, words: str) -> str:
    """ "correct", "close", "incorrect" or "no_answer"; by the rule of `shares.grade` where the answer is a share."""
    if attempt.option is not None:
        chosen = scripts.quiz_options(quiz)[attempt.option - 1]
        return "correct" if chosen == quiz.answer else "incorrect"
    if quiz.relation is not None and quiz.percent is not None:
        return grade(attempt.claim, quiz.relation, quiz.percent)
    return judge_words(quiz.answer, words)


def judge_words(answer: str, words: str) -> str:
    """An answer that is no share: all of its telling words are needed, half of them are close."""
    from knowledge.words import stems

    wanted, said = set(stems(answer)), set(stems(words))
    if not said:
        return "no_answer"
    share = len(wanted & said) / len(wanted) if wanted else float(answer.casefold() in words.casefold())
    return "correct" if share == 1 else "close" if share >= 0.5 else "incorrect"


def hints(quiz: Quiz) -> list[str]:
    """Hints from the faintest to the plainest; none of them says the answer."""
    given = []
    if struck := quiz.wrong[:-1]:  # one wrong option stays, or the hint would be the answer
        given.append(f"It is not {' and not '.join(f'“{option}”' for option in struck)}.")
    if quiz.percent is not None:
        given.append(_span(quiz.percent))
    else:
        first, *others = quiz.answer.split()
        given.append(f"It begins with “{first[0]}” and has {len(others) + 1} word{'s' if others else ''}.")
    return given


def _span(percent: float) -> str:
    low, high = max(0, 10 * math.floor((percent - 15) / 10)), min(100, 10 * math.ceil((percent + 15) / 10))
    return f"The figure lies between {low}% and {high}%."


def _question(asked: Asked) -> tuple[Part, ...]:
    lines = [f"Quiz: {asked.quiz.question}"]
    if asked.options:
        lines.append(f"Choose, or answer in your own words. (The wrong options are {EDITORS}.)")
    else:
        lines.append("Answer in your own words.")
    return Text("\n".join(lines)), _ways_out(asked)


def _ways_out(asked: Asked) -> Choices:
    run = asked.run.id
    choices = [Choice(option, sayings.answer_quiz(run, place)) for place, option in enumerate(asked.options, 1)]
    return Choices((*choices, Choice("Hint", sayings.hint(run)), Choice("Skip", sayings.skip(run))))


def _own_results(heard: Heard, records: Records) -> Reply:
    """How often this person was right at the first try, in this place; nobody else's results are shown."""
    runs = [run for run in records.quizzes.over(heard.turn.person, heard.turn.room) if run.first is not None]
    if not runs:
        parts = (Text("You have not answered a quiz here yet, so there is nothing to count."), Choices((AGAIN,)))
        return Reply(parts, "leaderboard", private=True)
    right = sum(run.first == "correct" for run in runs)
    said = f"Your quizzes here: {right} of {len(runs)} right at the first try ({round(100 * right / len(runs))}%)."
    return Reply((Text(f"{said} Only you see this; speed does not count."),), "leaderboard", private=True)


def _slot(run: QuizRun) -> str:
    return f"quiz-{run.id}"
