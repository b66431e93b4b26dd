"""Brings the index up to date: what is new or changed is embedded, what vanished is removed, the rest is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.bank import Bank, Question, all_questions
from knowledge.bank.reader import read_banks, subject_of
from knowledge.chunks import Passage
from knowledge.documents import Handbook
from knowledge.documents.handbook import OWN_HANDBOOK, read_handbook
from knowledge.documents.passages import handbook_passages
from knowledge.embedder import Progress, open_for_passages
from knowledge.embedding_model import EmbeddingModel
from knowledge.errors import HomeError, IngestBusy
from knowledge.generations import IndexFolder
from knowledge.index import Generation, entries
from knowledge.locked import locked
from knowledge.manifest import DamagedIndex
from knowledge.meaning import in_batches
from knowledge.script import Problem, Script
from knowledge.script.hints import with_hints
from knowledge.script.parser import read_scripts
from knowledge.script.passages import script_passages

if TYPE_CHECKING:
    from knowledge.embedder import Vectors

OWN_SCRIPTS = Path(__file__).parent / "scripts"
# Passages that are embedded before the next are looked at: so many vectors are in memory at once.
TOGETHER = 128


@dataclass(frozen=True)
class Report:
    """What an ingest did, in passages; `rebuilt` says why everything was made anew, None if it was not."""

    embedded: int
    unchanged: int
    removed: int
    generation: int
    rebuilt: str | None
    scripts: tuple[Script, ...] = field(default=(), compare=False)  # what it was done with
    banks: tuple[Bank, ...] = field(default=(), compare=False)
    handbook: Handbook = field(default=Handbook(), compare=False)
    damage: str | None = None  # why an older generation answers, which is to be built again

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What was left out or changed while the scripts and banks were read."""
        of_scripts = [warning for script in self.scripts for warning in script.warnings]
        of_banks = [warning for bank in self.banks for warning in bank.warnings]
        return (*of_scripts, *of_banks, *self.handbook.warnings)

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions of quizzes: the scripts' own, those of the banks, those of the handbook."""
        return (*all_questions(self.scripts, self.banks), *self.handbook.questions)


def read_library(home: Path) -> list[Script]:
    """The project's scripts and those in the home's folder `scripts`. Raises ScriptError."""
    return read_scripts(_folders(home))


def read_own_banks(home: Path, scripts: Sequence[Script]) -> list[Bank]:
    """The banks of quiz questions in the same folders; they are asked, and never searched. Raises ScriptError."""
    return read_banks(_folders(home), map(subject_of, scripts))


def read_whole_handbook(home: Path) -> Handbook:
    """The project's handbook and what is in the home's folder `handbook`. Raises ScriptError."""
    return read_handbook([OWN_HANDBOOK, home / "handbook"])


def _folders(home: Path) -> list[Path]:
    return [OWN_SCRIPTS, home / "scripts"]


def open_index(
    home: Path, model: EmbeddingModel, progress: Progress, meanwhile: bool = False
) -> tuple[Generation, Report]:
    """The published generation, brought up to date first where it is missing, damaged or behind the content.

    While another process brings it up to date, or where that cannot be written, the published one is used. Where there
    is none, this one waits, or raises HomeError. With `meanwhile` a damaged one is left to be built again by the
    caller, as long as there is an older one that is sound.
    """
    content, folder = _read_content(home), IndexFolder(home)
    current, damage = _open(folder, model)
    if meanwhile and damage and (older := folder.older(model.slug)):
        progress(f"{damage} Answering from an older index until it is built again")
        return older, replace(content.unchanged(older), damage=damage)
    if current is not None and current.passages.digests() == content.digests:
        return current, content.unchanged(current)
    try:
        renewed = _ingest(home, model, content, progress, wait=False)
    except (IngestBusy, HomeError) as error:
        if current is not None:
            progress(f"{error} Answering from the index as it was.")
            return current, content.unchanged(current)
        if isinstance(error, HomeError):
            raise
        progress("Another process is building the index; waiting for it")
        return _ingest(home, model, content, progress, wait=True)
    if current is not None:
        current.close()
    return renewed


def open_published(home: Path, model: EmbeddingModel) -> tuple[Generation, Report]:
    """The published generation as it is, with the scripts as they are. Raises KnowledgeError where it is of no use."""
    content = _read_content(home)
    current, damage = _open(IndexFolder(home), model)
    if current is None:
        raise DamagedIndex(damage or "There is no index.")
    return current, content.unchanged(current)


def ingest(home: Path, model: EmbeddingModel, progress: Progress) -> tuple[Generation, Report]:
    """Bring the index up to date with the content. Raises IngestBusy while another ingest is under way."""
    return _ingest(home, model, _read_content(home), progress, wait=False)


@dataclass(frozen=True)
class _Content:
    """What the index should hold."""

    passages: tuple[Passage, ...]
    scripts: tuple[Script, ...]
    banks: tuple[Bank, ...]
    handbook: Handbook

    @property
    def digests(self) -> dict[str, str]:
        return {passage.id: passage.digest for passage in self.passages}

    def unchanged(self, current: Generation) -> Report:
        return self.report(0, len(self.passages), 0, current)

    def report(
        self, embedded: int, unchanged: int, removed: int, made: Generation, rebuilt: str | None = None
    ) -> Report:
        return Report(embedded, unchanged, removed, made.number, rebuilt, self.scripts, self.banks, self.handbook)


def _read_content(home: Path) -> _Content:
    scripts = read_library(home)
    banks = read_own_banks(home, scripts)
    handbook = read_whole_handbook(home)
    told = [passage for script in scripts for passage in script_passages(script)]
    passages = (*with_hints(told, _folders(home)), *handbook_passages(handbook))
    return _Content(passages, tuple(scripts), tuple(banks), handbook)


def _ingest(
    home: Path, model: EmbeddingModel, content: _Content, progress: Progress, *, wait: bool
) -> tuple[Generation, Report]:
    folder = IndexFolder(home)
    with locked(home / "index" / "ingest.lock", wait=wait):
        current, damage = _open(folder, model)
        if current is not None:
            try:
                return _renew(home, folder, current, model, content, progress)
            except DamagedIndex as found:
                damage = str(found)
                current.close()
        if damage:
            progress(f"{damage} Building the index again")
        folder.need_room(None, sum(1 for passage in content.passages for _ in entries(passage)))
        built = folder.build(None, content.passages, _embed(home, content.passages, model, progress), model.slug)
        return built, content.report(len(content.passages), 0, 0, built, damage)


def _renew(
    home: Path, folder: IndexFolder, current: Generation, model: EmbeddingModel, content: _Content, progress: Progress
) -> tuple[Generation, Report]:
    """The generation after `current`, which is closed; `current` itself where nothing is new."""
    known, wanted = current.passages.digests(), content.digests
    if known == wanted:
        return current, content.unchanged(current)
    changed = [passage for passage in content.passages if known.get(passage.id) != passage.digest]
    folder.need_room(current, sum(1 for passage in changed for _ in entries(passage)))
    built = folder.build(current, content.passages, _embed(home, changed, model, progress), model.slug)
    current.close()
    gone = len(known.keys() - wanted.keys())
    return built, content.report(len(changed), len(wanted) - len(changed), gone, built)


def _open(folder: IndexFolder, model: EmbeddingModel) -> tuple[Generation | None, str | None]:
    try:
        current = folder.open()
    except DamagedIndex as damage:
        return None, str(damage)
    if current is not None and current.model != model.slug:
        current.close()
        return None, f"The embedding model is another one now: {model.name}."
    return current, None


def _embed(home: Path, passages: Sequence[Passage], model: EmbeddingModel, progress: Progress) -> Iterator[Vectors]:
    """For each passage one row an entry of it. Loads a model only if there is something to embed."""
    count = sum(1 for passage in passages for _ in entries(passage))
    if not count:
        return
    progress(f"Embedding {len(passages)} passages ({count} texts)")
    embedder = open_for_passages(model, home, progress)
    done = 0

    def embed(texts: Sequence[str]) -> Vectors:
        nonlocal done
        vectors = embedder.embed(texts)
        done += len(texts)
        progress(f"Embedded {done} of {count} texts")
        return vectors

    for first in range(0, len(passages), TOGETHER):
        some = passages[first : first + TOGETHER]
        texts = [entry.text for passage in some for entry in entries(passage)]
        rows = in_batches(texts, embed)
        for passage in some:
            its = sum(1 for _ in entries(passage))
            yield rows[:its]
            rows = rows[its:]
