"""`eval`: accuracy over question files, graded as the files say."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.commands.start import open_library, start
from knowledge.answer import MAX_ANSWER, Answer, Message

if TYPE_CHECKING:
    from knowledge.fitting import Example
    from knowledge.library import Library


@dataclass(frozen=True)
class Row:
    """A graded question. One without `expected` should be answered, one with it should not."""

    file: str
    record: dict[str, Any]

    @property
    def question(self) -> str:
        """The question as asked."""
        return str(self.record["question"])

    @property
    def history(self) -> tuple[Message, ...]:
        """The turns before it."""
        return tuple(Message(entry["role"], entry["content"]) for entry in self.record.get("history", ()))

    @property
    def answerable(self) -> bool:
        """Whether the sources hold the answer."""
        return "expected" not in self.record

    def passes(self, answer: Answer) -> bool:
        """The verdict: what must stand in the answer does, what must not does not, and it abstains where it should."""
        text = _plain(answer.text)
        if any(_plain(banned) in text for banned in self.record.get("must_not_contain", ())):
            return False
        if not self.answerable:
            lenient = ("accept_correction", "accept_clean_answer", "handbook_may_answer")
            return answer.abstained or any(self.record.get(name) for name in lenient)
        groups = self.record["must_contain"]
        return 0 < len(text) <= MAX_ANSWER and all(any(_plain(way) in text for way in group) for group in groups)


def _plain(text: str) -> str:
    return text.lower().replace("’", "'").replace("‘", "'").replace("\u00a0", " ").replace("**", "")


@click.command(name="eval")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--failed", is_flag=True, help="Show each failed question with the answer given.")
@click.option("--cross-validate", is_flag=True, help="Judge each question by weights fitted on the others.")
@click.option("--fit", is_flag=True, help="Fit the weights of the decision on these files and write them.")
def eval(files: Sequence[Path], failed: bool, cross_validate: bool, fit: bool) -> None:
    """Measure accuracy over question FILES (JSON lines).

    Example: finops-bot eval tests/eval/script_questions_dev.jsonl
    """
    rows = [row for file in files for row in read_rows(file)]
    library = open_library(start())
    if fit:
        _write_weights(files, _examples(library, rows))
    answer = cross_validated(library, rows) if cross_validate else _as_is(open_library(start()) if fit else library)
    _report(rows, [answer(place, row) for place, row in enumerate(rows)], failed)


def read_rows(file: Path) -> list[Row]:
    """The rows of a question file. Raises click.UsageError naming file and line."""
    rows = []
    for number, line in enumerate(file.read_bytes().splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = Row(file.name, json.loads(line))
            if not (row.question and row.record["kind"] and ("expected" in row.record or row.record["must_contain"])):
                raise ValueError
        except (ValueError, KeyError, TypeError) as error:
            expected = 'expected an object with "question", "kind" and "must_contain" or "expected"'
            raise click.UsageError(f"{file.name}:{number}: {expected}") from error
        rows.append(row)
    return rows


def _as_is(library: Library) -> Callable[[int, Row], Answer]:
    return lambda place, row: library.answer(row.question, row.history)


def cross_validated(library: Library, rows: Sequence[Row]) -> Callable[[int, Row], Answer]:
    """What answers the question at a place, judged by weights that were fitted without it and its fold."""
    from knowledge.chain import RetrievalChain
    from knowledge.fitting import deciders, fold_of

    chains = [RetrievalChain(library.retriever, decider) for decider in deciders(_examples(library, rows))]
    return lambda place, row: chains[fold_of(place)].answer(row.question, row.history)


def _examples(library: Library, rows: Iterable[Row]) -> list[tuple[int, Example]]:
    """The questions that are decided by weights: those of one part, with what was measured of them."""
    from knowledge.fitting import Example

    examples = []
    for place, row in enumerate(rows):
        parts = library.chain.judge(row.question, row.history)
        if len(parts) == 1 and parts[0].decision is not None:
            examples.append((place, Example(parts[0].decision.features, row.answerable)))
    return examples


def _write_weights(files: Sequence[Path], examples: Sequence[tuple[int, Example]]) -> None:
    from knowledge.decision import WEIGHTS
    from knowledge.fitting import fit

    table = fit([example for _, example in examples])
    command = f"finops-bot eval --fit {' '.join(file.name for file in files)}"
    WEIGHTS.write_text(json.dumps({"made_by": command, "questions": len(examples), **table}, indent=2) + "\n", "utf-8")
    click.echo(f"Weights fitted on {len(examples)} questions: {WEIGHTS.name}\n")


def _report(rows: Sequence[Row], answers: Sequence[Answer], failed: bool) -> None:
    passed = [row.passes(answer) for row, answer in zip(rows, answers, strict=True)]
    for file in dict.fromkeys(row.file for row in rows):
        places = [place for place, row in enumerate(rows) if row.file == file]
        whole = Counter(rows[place].record["kind"] for place in places)
        good = Counter(rows[place].record["kind"] for place in places if passed[place])
        click.echo(file)
        for kind, count in whole.items():
            click.echo(f"  {kind:<14}{good[kind]:>4} /{count:>4}")
        click.echo(f"  {'total':<14}{good.total():>4} /{len(places):>4}  {good.total() / len(places):.1%}")
        answerable = [place for place in places if rows[place].answerable]
        if answerable:
            refused = sum(answers[place].abstained for place in answerable)
            click.echo(f"  refused though answerable: {refused} ({refused / len(answerable):.1%})")
        for place in places if failed else ():
            if not passed[place]:
                answer = answers[place]
                click.echo(
                    f"  - {rows[place].record['id']} {rows[place].question}\n    [{answer.verdict}] {answer.text}"
                )
