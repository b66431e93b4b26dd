"""The whole of what the bot knows, open and ready: the door of this package."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.answer import Answer, Message
from knowledge.bank import Question
from knowledge.chain import RetrievalChain
from knowledge.chunks import Origin, Passage
from knowledge.decision import Decider
from knowledge.embedder import Embedder, Progress, open_embedder
from knowledge.embedding_model import find_model
from knowledge.embedding_once import JoiningEmbedder, RecentEmbedder
from knowledge.index import Generation
from knowledge.ingest import Report, open_index, open_published
from knowledge.question import clean
from knowledge.retriever import PREFERENCE, HybridRetriever
from knowledge.script import Script

if TYPE_CHECKING:
    from knowledge.embedder import Vectors


@dataclass(frozen=True)
class Library:
    """An open generation of the index, and the chain that answers from it."""

    generation: Generation
    retriever: HybridRetriever
    chain: RetrievalChain
    report: Report

    def answer(self, question: str, history: Sequence[Message] = ()) -> Answer:
        """The answer to `question`; `history` is oldest first."""
        return self.chain.answer(question, history)

    @property
    def scripts(self) -> tuple[Script, ...]:
        """The scripts, in the order of their files, the project's own first."""
        return self.report.scripts

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions of quizzes; nothing of them is searched for answers."""
        return self.report.questions

    def embed(self, texts: Sequence[str]) -> Vectors:
        """The vectors of what people say, as retrieval sees it: a row for each text, of length 1."""
        vectors: Vectors = self.retriever.embedder.embed([self.retriever.mend(clean(text)) for text in texts])
        return vectors

    def passages(self) -> list[Passage]:
        """Everything that can be answered from, in the order of the documents."""
        return list(self.generation.passages.values())


def open_library(
    home: Path, model_name: str, progress: Progress, meanwhile: bool = False, prefer: Sequence[Origin] = PREFERENCE
) -> Library:
    """Open the library in `home`, bringing the index and the fast model up to date first where they are not.

    `prefer` are the kinds of source, the one that is preferred first. With `meanwhile` it may be of an older
    generation, which is to be built again: then its report says so.
    Raises KnowledgeError: a sentence that says what to do.
    """
    model = find_model(model_name)
    generation, report = open_index(home, model, progress, meanwhile)
    embedder = RecentEmbedder(JoiningEmbedder(lambda: open_embedder(model, home, progress)))
    return _library(generation, report, embedder, prefer)


def reopen_library(library: Library, home: Path, model_name: str) -> Library:
    """The library as it is published in `home` by now; nothing is brought up to date, nor the model loaded again.

    Raises KnowledgeError where what is published cannot be used.
    """
    generation, report = open_published(home, find_model(model_name))
    return _library(generation, report, library.retriever.embedder, library.retriever.prefer)


def _library(generation: Generation, report: Report, embedder: Embedder, prefer: Sequence[Origin]) -> Library:
    retriever = HybridRetriever(generation, embedder, prefer=tuple(prefer))
    return Library(generation, retriever, RetrievalChain(retriever, Decider()), report)
