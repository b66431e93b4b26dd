"""Hybrid search as a LangChain retriever: vectors of passages, units and hints, and BM25, in one score.

It knows no document: what a script alone has (fields that are asked for by name, a clock, hints) are facets of
passages, and the same score ranks a section of a handbook and a cue of a video.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, PrivateAttr

from knowledge.chunks import Origin, Passage, Place
from knowledge.documents.passages import TERM
from knowledge.embedder import Embedder
from knowledge.evidence import OWN_DATA
from knowledge.features import Corpus, measure
from knowledge.index import Generation, Hit
from knowledge.lexical import Lexical
from knowledge.named import Names
from knowledge.question import moment
from knowledge.rows import Marks
from knowledge.search import UNRELATED, Found, Met, Search
from knowledge.words import Spelling, stems

# Vectors asked of Chroma for each question: enough to meet every near passage by some unit or hint of it, also where
# dozens of hints ask just that.
NEAREST = 128
# Passages that are looked at closely for each question.
CLOSELY = 20
# How much the best BM25 of a question counts beside a cosine (measured: relative to the best it carries over to large
# and small collections, a fixed scale does not; from 0.2 to 0.4 nothing changes but by chance).
LEXICAL_WEIGHT = 0.25
# What the words of a question say about the kind of passage that it wants, and about the section; in cosines. The field
# of another section comes before other words of a section that has none: so it is seen that there is none.
KIND_ASKED, KIND_NOT_ASKED, SECTION_NAMED = 0.16, 0.1, 0.09
# Of the many hints that are written for some passages one is near by chance: so much less does such a one count (a
# cosine). Without it the handbook must be preferred by as much, and 1 % of the questions about a script without written
# hints are lost.
WRITTEN_BEHIND = 0.05
# Of two scripts each has a poll: the one whose headings hold less of the question's words falls behind by so much of
# the difference (a cosine). Nothing else, nor a script that is alone, is moved by it.
OTHER_SCRIPT = 0.4
# A moment on the clock lies in one section; the others do not answer.
ELSEWHERE = 0.4
# The editors' words come after the source's own, and a line of the glossary after the topic that explains it: with 0.15
# the passages that answer come first for 7 more of `handbook_questions_own` than with 0.05.
AUTHORED, TERM_BEHIND = 0.16, 0.15
# The kinds of source, the one that is preferred first, and by how much it is (a cosine): of two that are as near it
# wins. With 0.02 for the handbook 1 % of the questions about a script without hints are lost to it.
PREFERENCE: tuple[Origin, ...] = ("handbook", "video")
PREFERRED = 0.005
# A team's own documents come before what is true of any team, and more so where it asks for data of its own ("our bill
# last month"). Chosen on 45 questions about three such documents by somebody who had seen no code: with 0.05 28 of them
# hold what was asked, with 0.10 31, with 0.15 36, and `handbook_questions_own` lose 0, 1 and 5 of 233.
OWN, OWN_ASKED = 0.10, 0.20


class HybridRetriever(BaseRetriever):
    """Finds passages in one published generation of the index."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    generation: Generation
    embedder: Any
    count: int = 5
    prefer: tuple[Origin, ...] = PREFERENCE
    _names: Names = PrivateAttr()
    _lexical: Lexical = PrivateAttr()
    _spelling: Spelling = PrivateAttr()
    _corpus: Corpus = PrivateAttr()
    _preferred: Mapping[Origin, float] = PrivateAttr()

    def __init__(
        self, generation: Generation, embedder: Embedder, count: int = 5, prefer: tuple[Origin, ...] = PREFERENCE
    ) -> None:
        """`count` passages are given as documents of LangChain; the first kind of `prefer` comes first."""
        super().__init__(generation=generation, embedder=embedder, count=count, prefer=prefer)  # type: ignore[call-arg]  # pydantic
        self._preferred = {"video": 0.0, "handbook": 0.0, prefer[0]: PREFERRED}
        passages = generation.passages
        self._names = Names(passages.called())
        self._lexical = Lexical(generation.folder, passages)
        used = self._lexical.vocabulary()
        self._spelling = Spelling(used, used)
        self._corpus = Corpus(passages, self._lexical)

    def mend(self, text: str) -> str:
        """`text` with its typos mended towards the words of the sources."""
        return self._spelling.mend(text)

    def weight(self, word_stem: str) -> float:
        """How telling a stem is among the passages (its inverse document frequency)."""
        return self._lexical.idf(word_stem)

    def resources(self, document: str) -> Passage | None:
        """The passage with the further resources that a document names."""
        found: Passage | None = self.generation.passages.first(document, "resources")
        return found

    def opening(self, document: str) -> Passage | None:
        """The first passage of a document."""
        found: Passage | None = self.generation.passages.first(document)
        return found

    def asked_by(self, passage: Passage) -> frozenset[str]:
        """The stems of what a passage says, stands under and is known to be asked by."""
        return self._corpus.asked_by(passage)

    def sections_named(self, text: str) -> frozenset[Place]:
        """The sections that `text` names."""
        return self._names.sections(text)

    def find(self, questions: Sequence[str]) -> list[Search]:
        """Search for several questions at once: one embedding and one query of Chroma for all."""
        return list(map(self.search, self.meet(questions)))

    def meet(self, questions: Sequence[str]) -> list[Met]:
        """What lies near each of several questions: one embedding and one query of Chroma for all."""
        mended = [self.mend(question) for question in questions]
        vectors = self.embedder.embed(mended)
        hits = self.generation.search(vectors, NEAREST)
        return list(map(Met, questions, mended, vectors, hits))

    def search(self, met: Met, only: Origin | None = None, without: Collection[str] = ()) -> Search:
        """The passages for a question, best first: those of one kind of source `only`, and without some by their ids,
        to measure what is found where the right ones are missing.
        """
        passages = self.generation.passages
        hinted = self._hinted(met.hits)
        said, kinds = stems(met.mended), self._names.kinds(met.mended)
        asked, named = frozenset[str]().union(*kinds.values()), self._names.sections(met.mended)
        near = {hit.passage for hit in met.hits}
        lexical = self._lexical.scores(said, near)
        names = sorted(
            name
            for name in {*lexical, *near}.difference(without)
            if only is None or passages.marks(name).origin == only
        )
        if not names:
            return Search(met.question, met.mended, asked=asked, named=named)
        texts = self.generation.text_vectors(names) @ met.vector
        clocked = moment(met.mended) is not None
        subjects = frozenset(said).difference(*map(stems, kinds))
        preferred = {**self._preferred, "own": OWN_ASKED if OWN_DATA.search(met.question) else OWN}
        headed = {script: self._share(subjects & held, subjects) for script, held in self._names.headings.items()}
        most = max(headed.values(), default=0.0)
        fits = [
            _fit(marks, self._asked_for(name, marks, asked, subjects), named, clocked)
            + preferred[marks.origin]
            - OTHER_SCRIPT * (most - headed.get(marks.place.document, most))
            for name, marks in zip(names, map(passages.marks, names), strict=True)
        ]
        highest = max((lexical.get(name, 0.0) for name in names), default=0.0) or 1.0
        shares = [lexical.get(name, 0.0) / highest for name in names]
        blended = np.array(
            [
                max(float(text), _nearest(hinted.get(name))) + LEXICAL_WEIGHT * share + fit
                for name, text, share, fit in zip(names, texts, shares, fits, strict=True)
            ]
        )
        closely = [int(place) for place in np.argsort(-blended, kind="stable")[:CLOSELY]]
        units = self._units([passages[names[place]] for place in closely], met.vector)
        found = sorted(
            (
                _found(passages[names[place]], float(texts[place]), near, shares[place], lexical, fits[place], hinted)
                for place, near in zip(closely, units, strict=True)
            ),
            key=lambda one: (-one.score, one.passage.order),
        )
        features = measure(met, found, texts, self._corpus, asked, named)
        return Search(met.question, met.mended, tuple(found), features, asked, named)

    def _asked_for(self, name: str, marks: Marks, asked: frozenset[str], subjects: frozenset[str]) -> float | None:
        """How much of the subjects of a question a passage holds whose kind it asks for by name; None of another kind:
        "the benefits of tagging" are no list of other benefits.
        """
        if marks.kind not in asked:
            return None
        return self._share(subjects & self._corpus.asked_by(self.generation.passages[name]), subjects)

    def _share(self, held: Iterable[str], subjects: Iterable[str]) -> float:
        """How much of the subjects of a question those are, by weight; all where it has none."""
        whole = sum(map(self.weight, subjects))
        return sum(map(self.weight, held)) / whole if whole else 1.0

    def _hinted(self, hits: Sequence[Hit]) -> Hinted:
        """The hints met, by passage, nearest first."""
        hinted: dict[str, list[Hit]] = defaultdict(list)
        for hit in (hit for hit in hits if hit.role == "hint"):
            written = self.generation.passages[hit.passage].hints[hit.place].written
            hinted[hit.passage].append(hit._replace(similarity=hit.similarity - WRITTEN_BEHIND * written))
        return {name: sorted(found, key=lambda hit: -hit.similarity) for name, found in hinted.items()}

    def _units(self, passages: Sequence[Passage], vector: Any) -> list[list[float]]:
        """How near each unit of each passage is, all in one multiplication."""
        rows = [self.generation.vectors(passage.id)[1:] for passage in passages]
        near = iter((np.concatenate(rows) @ vector).tolist())
        return [list(islice(near, len(passage.units))) for passage in passages]

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [
            Document(
                id=found.passage.id,
                page_content=found.passage.text,
                metadata={
                    "score": found.score,
                    "source": found.passage.title,
                    "section": found.passage.section,
                    "locator": found.passage.locator,
                    "url": found.passage.url,
                },
            )
            for found in self.find([query])[0].found[: self.count]
        ]


Hinted = Mapping[str, Sequence[Hit]]


def _nearest(hits: Sequence[Hit] | None) -> float:
    return hits[0].similarity if hits else UNRELATED


def _fit(marks: Marks, asked_for: float | None, named: Collection[Place], clocked: bool) -> float:
    """What the words of a question add to the score of a passage, or take from it, for what they name."""
    of_section = marks.place in named
    fit = -KIND_NOT_ASKED * marks.named if asked_for is None else KIND_ASKED * asked_for
    fit += SECTION_NAMED * of_section - ELSEWHERE * (clocked and not of_section)
    return fit - AUTHORED * marks.authored - TERM_BEHIND * (marks.kind == TERM)


def _found(
    passage: Passage,
    text: float,
    units: list[float],
    share: float,
    lexical: Mapping[str, float],
    fit: float,
    hinted: Hinted,
) -> Found:
    """What was found, with the nearness of units as the hints for them say it."""
    hits = hinted.get(passage.id, ())
    for hit in hits:
        unit = passage.hints[hit.place].unit
        if unit is not None:
            units[unit] = max(units[unit], hit.similarity)
    hint = _nearest(hits)
    score = (max(text, hint) + max((*units, hint))) / 2 + LEXICAL_WEIGHT * share + fit
    return Found(passage, score, text, hint, tuple(units), lexical.get(passage.id, 0.0))
