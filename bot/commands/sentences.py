"""Graded sentences of language models: whether the check lets through what is true, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from bot.commands.graded import Sentence, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from knowledge.checking import Checker
    from knowledge.checking.support import Support
    from knowledge.chunks import Passage
    from knowledge.fitting import Example
    from knowledge.library import Library


# What rules are for: words in another order, a claim denied, a word for its opposite.
RULED = ("swap", "roles", "negation", "negating", "reversal")


def checker(library: Library, support: Support | None = None) -> Checker:
    """The check as answers meet it."""
    from knowledge.checking import Checker

    return Checker(library.retriever.embedder.embed, support)


def judge_sentence(check: Checker, passages: Sequence[Passage], row: Sentence) -> Verdict:
    """Whether a true sentence passes, and any other one does not."""
    fault = check.fault(row.asked, [cited(passages, row)])
    return Verdict((fault is None) == row.true, fault is not None, f"[{fault or 'passed'}]")


def sentence_examples(library: Library, rows: Iterable[Sentence]) -> list[tuple[int, Example]]:
    """The sentences that weights decide on, with what was measured of them and their place among the rows.

    Those that are held back are measured by what was fitted without them.
    """
    from knowledge.fitting import Example

    check, passages = checker(library), library.passages()
    measured = [
        (place, row, check.weighed(row.asked, [cited(passages, row)]))
        for place, row in enumerate(rows)
        if not row.record.get("held") and row.kind not in RULED
    ]
    return [(place, Example(measures, row.true)) for place, row, measures in measured if measures is not None]


def write_support(files: Sequence[Path], fitted: Sequence[tuple[int, Example]]) -> None:
    """Fit the weights on these sentences, and write them with the command that made them."""
    from knowledge.checking.support import WEIGHTS
    from knowledge.fitting import fit_support

    table = fit_support([example for _, example in fitted])
    command = f"finops-bot eval --fit {' '.join(file.name for file in files)}"
    WEIGHTS.write_text(json.dumps({"made_by": command, "sentences": len(fitted), **table}, indent=2) + "\n", "utf-8")
    click.echo(f"Weights fitted on {len(fitted)} sentences: {WEIGHTS.name}\n")


def cited(passages: Sequence[Passage], row: Sentence) -> Passage:
    """The passage that a row cites by some of its words. Raises click.UsageError where none holds them."""
    words = _plain(row.cited)
    for passage in passages:
        if any(words in _plain(unit) for unit in passage.units):
            return passage
    raise click.UsageError(f'{row.file}: no passage holds "{row.cited}", which {row.record["id"]} cites')


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").split())
