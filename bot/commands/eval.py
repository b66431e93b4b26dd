"""`eval`: accuracy over files of questions, utterances and sentences, graded as the files say."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands.graded import Question, Sentence, Talk, Utterance, Verdict, read_rows
from bot.commands.judgements import deciders_of_folds, write_weights
from bot.commands.kept import measure_kept, report_kept
from bot.commands.recall import recall
from bot.commands.route import Router
from bot.commands.sentences import checker, judge_sentence, sentence_examples, write_support
from bot.commands.start import make_assistant, open_library, start, understand
from bot.commands.talks import judge_talk
from bot.intents.understanding import Understanding
from bot.shelf import Shelf
from bot.turn import Person, Room, Turn
from knowledge.words import words

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from bot.settings import Settings
    from bot.store.database import Store
    from knowledge.decision import Decider
    from knowledge.embedder import Vectors
    from knowledge.library import Library

HERE = Room("command", "eval", private=True)
ASKER = Person("command:eval", "eval", moderator=True)


@click.command(name="eval")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--failed", is_flag=True, help="Show each failed row with what was said.")
@click.option("--cross-validate", is_flag=True, help="Judge each row by what was fitted on the others.")
@click.option("--fit", is_flag=True, help="Fit the weights of decision and check on these rows and write them.")
@click.option("--cache", "kept", is_flag=True, help="Measure instead which questions get an answer kept for another.")
def eval(files: Sequence[Path], failed: bool, cross_validate: bool, fit: bool, kept: bool) -> None:
    """Measure accuracy over FILES of questions, utterances and sentences (JSON lines).

    Example: finops-bot eval tests/eval/script_questions_dev.jsonl tests/eval/intents_dev.jsonl
    """
    rows = [row for file in files for row in read_rows(file)]
    settings = start()
    library = open_library(settings)
    if kept:
        _report_kept(library, rows, failed)
        return
    if fit:
        _fit(files, rows, library)
        library = open_library(settings)
    grader = CrossValidated(library, settings, rows) if cross_validate else AsIs(library, settings)
    _report(library, rows, [grader.judge(row) for row in rows], failed)


Row = Question | Utterance | Sentence | Talk


class AsIs:
    """Judges rows by the bot as it is."""

    def __init__(self, library: Library, settings: Settings) -> None:
        self._library = library
        self._settings = settings
        self._understanding = understand(library, settings)
        self._assistant = make_assistant(library, settings, understanding=self._understanding)
        self._checker = checker(library)

    def judge(self, row: Row) -> Verdict:
        """The verdict on a row."""
        if isinstance(row, Question):
            return judge_question(self._assistant, row)
        if isinstance(row, Sentence):
            return judge_sentence(self._checker, self._library.passages(), row)
        if isinstance(row, Talk):
            return judge_talk(self._made, row)
        return judge_utterance(Router(self._understanding, self._library.scripts[0]), row)

    def _made(self, store: Callable[[], Store]) -> Assistant:
        return make_assistant(self._library, self._settings, store, self._understanding)


class CrossValidated:
    """Judges each row by what was fitted without it and its fold."""

    def __init__(self, library: Library, settings: Settings, rows: Sequence[Row]) -> None:
        from knowledge.answers import Answers
        from knowledge.chain import RetrievalChain
        from knowledge.fitting import fold_of, supports

        sentences = [row for row in rows if isinstance(row, Sentence)]
        self._fold = {id(row): fold_of(place) for place, row in enumerate(sentences)}
        self._passages = library.passages()
        self._checkers = [
            checker(library, one) for one in (supports(sentence_examples(library, sentences)) if sentences else ())
        ]
        understanding = understand(library, settings)
        questions = [row for row in rows if isinstance(row, Question)]
        decider_for = deciders_of_folds(library, questions)

        @cache
        def assistant(decider: Decider) -> Assistant:
            chain = RetrievalChain(library.retriever, decider)
            return make_assistant(library, settings, understanding=understanding, answerer=Answers(chain))

        def assistant_for(row: Question) -> Assistant:
            return assistant(decider_for(row))

        self._assistant_for = assistant_for
        self._router = routers_of_folds(library)

    def judge(self, row: Row) -> Verdict:
        """The verdict on a row."""
        if isinstance(row, Question):
            return judge_question(self._assistant_for(row), row)
        if isinstance(row, Sentence):
            return judge_sentence(self._checkers[self._fold[id(row)]], self._passages, row)
        if isinstance(row, Talk):
            raise click.UsageError("Talks are not fitted to anything, so they are not cross-validated.")
        return judge_utterance(self._router(fold_of_words(row.asked)), row)


def fold_of_words(text: str) -> int:
    """The fold of an utterance: the same words are never taught and asked in one."""
    from knowledge.fitting import fold_of_name

    return fold_of_name(" ".join(words(text)))


def routers_of_folds(library: Library) -> Callable[[int], Router]:
    """Gives for a fold the router that learned from the examples of all others; each is made when it is needed."""
    from bot.intents.features import features
    from bot.intents.sense import LearnedSense, read_utterances
    from knowledge.meaning import Meaning, in_batches

    taught = read_utterances()

    @cache
    def vectors() -> Vectors:
        return in_batches([one.text for one in taught], library.embed)

    @cache
    def router(fold: int) -> Router:
        others = [place for place, one in enumerate(taught) if fold_of_words(one.text) != fold]
        learn = partial(Meaning, vectors=vectors()[others], features=features)
        sense = LearnedSense([taught[place] for place in others], learn, library.embed)
        return Router(Understanding(Shelf(library.scripts), sense), library.scripts[0])

    return router


def judge_question(assistant: Assistant, row: Question) -> Verdict:
    """What the assistant says to a question, judged."""
    turn = Turn("eval", HERE, ASKER, row.asked, datetime.now(UTC))
    reply = asyncio.run(assistant.respond(turn, row.history))
    shown = () if reply.activity == "question" else tuple(source.section for source in reply.sources if source.section)
    return Verdict(row.passes(reply), reply.abstained, f"[{reply.activity}] {reply.text}", shown, decided=reply.verdict)


def judge_utterance(router: Router, row: Utterance) -> Verdict:
    """What an utterance is taken for, judged."""
    return row.judged(router.route(row.asked, row.context, row.at, row.history))


def _fit(files: Sequence[Path], rows: Sequence[Row], library: Library) -> None:
    questions = [row for row in rows if isinstance(row, Question)]
    sentences = [row for row in rows if isinstance(row, Sentence)]
    if questions:
        write_weights(files, questions, library)
    if sentences:
        write_support(files, sentence_examples(library, sentences))


def _report_kept(library: Library, rows: Sequence[Row], shown: bool) -> None:
    questions = [row for row in rows if isinstance(row, Question) and row.answerable]
    if not questions:
        raise click.UsageError("There is no question in these files that should be answered.")
    report_kept(measure_kept(library, questions), shown)


def _report_acts(here: Sequence[tuple[Row, Verdict]]) -> None:
    """What was done that was not meant, what was meant and not done, and the turns of talks."""
    if spoken := [verdict for row, verdict in here if isinstance(row, Utterance)]:
        wrong, missed = sum(one.wrong for one in spoken), sum(one.missed for one in spoken)
        click.echo(f"  acted on and wrong: {wrong} ({wrong / len(spoken):.1%})")
        if clear := [row for row, _ in here if isinstance(row, Utterance) and row.is_clear]:
            done = len(clear) - missed - sum(one.wrong for row, one in here if row in clear)
            click.echo(f"  clear ones done at once and right: {done} of {len(clear)} ({done / len(clear):.1%})")
    if turns := [turn for _, verdict in here for turn in verdict.turns]:
        click.echo(f"  turns: {sum(turns)} of {len(turns)} ({sum(turns) / len(turns):.1%})")


def _report_decided(judged: Sequence[Verdict]) -> None:
    """How many are right, wrong and shown as an answer, given as the nearest, and declined; a nearest may be right."""
    shown = sum(not one.passed and not one.abstained for one in judged)
    near = sum(one.decided == "nearest" for one in judged)
    declined = sum(one.abstained and one.decided != "nearest" for one in judged)
    told = {"right": sum(one.passed for one in judged), "wrong as an answer": shown, "nearest": near}
    parts = [f"{name} {count / len(judged):.1%}" for name, count in {**told, "declined": declined}.items()]
    click.echo(f"  {', '.join(parts)}")


def _report(library: Library, rows: Sequence[Row], verdicts: Sequence[Verdict], failed: bool) -> None:
    judged = list(zip(rows, verdicts, strict=True))
    for file in dict.fromkeys(row.file for row in rows):
        here: list[tuple[Row, Verdict]] = [one for one in judged if one[0].file == file]
        whole = Counter(row.kind for row, _ in here)
        good = Counter(row.kind for row, verdict in here if verdict.passed)
        click.echo(file)
        for kind, count in whole.items():
            click.echo(f"  {kind:<20}{good[kind]:>4} /{count:>4}")
        click.echo(f"  {'total':<20}{good.total():>4} /{len(here):>4}  {good.total() / len(here):.1%}")
        _report_acts(here)
        answerable = [verdict for row, verdict in here if isinstance(row, Question) and row.answerable]
        if answerable:
            refused = sum(verdict.abstained for verdict in answerable)
            click.echo(f"  below an answer though answerable: {refused} ({refused / len(answerable):.1%})")
        if asked := [verdict for row, verdict in here if isinstance(row, Question)]:
            _report_decided(asked)
        questions = [(row, verdict) for row, verdict in here if isinstance(row, Question)]
        if (sections := recall(library, questions)) is not None:
            shares = ", ".join(f"@{depth} {share:.1%}" for depth, share in sections.at.items())
            click.echo(f"  sections found of {sections.questions} questions: {shares}")
        for row, verdict in here if failed else ():
            if not verdict.passed:
                click.echo(f"  - {row.record['id']} {row.asked}\n    {verdict.said}")
