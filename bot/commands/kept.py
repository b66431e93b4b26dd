"""Kept answers measured: which questions would get one that was written for another, and which of them wrongly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from bot.commands.graded import Question
from bot.reply import Reply, Text

if TYPE_CHECKING:
    from knowledge.answer import Answer
    from knowledge.library import Library


@dataclass(frozen=True)
class Hit:
    """A question, and the one before it whose answer it would get; `wrong` where that asks for something else."""

    question: Question
    other: Question
    wrong: bool


@dataclass(frozen=True)
class Kept:
    """What was measured: the different questions that a model would be asked, and those that need not be."""

    asked: int
    hits: tuple[Hit, ...]

    @property
    def wrong(self) -> list[Hit]:
        """The hits that ask for something else."""
        return [hit for hit in self.hits if hit.wrong]


def measure_kept(library: Library, rows: Sequence[Question]) -> Kept:
    """Ask all questions one after the other, the same words once, and see which meet an answer that was kept.

    A hit is wrong where both questions ask for other words, and the answer composed for the other lacks those of this.
    """
    from knowledge.answers import asking_of
    from knowledge.cache import AnswerCache
    from knowledge.chain import Asked

    different = {row.asked.casefold(): row for row in rows}.values()
    answered = library.chain.ask([Asked(row.asked, row.history) for row in different])
    written = [
        (row, asked)
        for row, asked in zip(different, answered, strict=True)
        if asked.answer and asked.answer.verdict == "answer" and not asked.leans
    ]
    vectors = library.retriever.embedder.embed([asked.text for _, asked in written])
    cache, rows_of, hits = AnswerCache(), dict[int, Question](), []
    for (row, asked), vector in zip(written, vectors, strict=True):
        assert asked.answer is not None
        asking = asking_of(asked, vector)
        if known := cache.get(asking):
            hits.append(Hit(row, rows_of[id(known)], _is_wrong(row, rows_of[id(known)], known)))
        else:
            cache.put(asking, asked.answer)
            rows_of[id(asked.answer)] = row
    return Kept(len(written), tuple(hits))


def _is_wrong(row: Question, other: Question, answer: Answer) -> bool:
    differ = row.record.get("must_contain") != other.record.get("must_contain")
    return differ and not row.passes(Reply((Text(answer.text),), "question"))


def report_kept(kept: Kept, shown: bool) -> None:
    """Print what was measured; with `shown`, each hit."""
    click.echo("kept answers")
    click.echo(f"  questions that a model would be asked     {kept.asked:>4}")
    click.echo(f"  that would get the answer to another      {len(kept.hits):>4}  {len(kept.hits) / kept.asked:.1%}")
    click.echo(f"  that ask for something else               {len(kept.wrong):>4}")
    for hit in kept.hits if shown else kept.wrong:
        click.echo(f"  {'!' if hit.wrong else '-'} {hit.question.asked}\n    {hit.other.asked}")
