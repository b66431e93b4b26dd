"""Hybrid search as a LangChain retriever: vectors of passages, units and hints, and BM25, in one score."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, PrivateAttr

from knowledge import outside
from knowledge.aim import Aim
from knowledge.chunks import Passage, Place
from knowledge.embedder import Embedder
from knowledge.index import Generation, Hit
from knowledge.lexical import Lexical
from knowledge.named import Names
from knowledge.question import moment
from knowledge.search import UNRELATED, Found, Met, Search
from knowledge.words import Spelling, stem, stems, words

# Vectors asked of Chroma for each question: enough to meet every near passage by some unit or hint of it.
NEAREST = 64
# How BM25 and cosine are blended (measured: blending beats rank fusion at the first place).
LEXICAL_WEIGHT = 0.025
LEXICAL_CAP = 10.0
# How much it counts what questions like this one were taught to aim at.
AIMED_AT = 0.3
# What the words of a question say about the kind of passage that it wants.
KIND_ASKED = 0.06
KIND_NOT_ASKED = 0.16
HEAD_KIND = 0.1
SECTION_NAMED = 0.18
# A moment on the clock lies in one section; the others do not answer.
ELSEWHERE = 0.4
# The editors' words come after the source's own.
AUTHORED = 0.16
# What is asked for by name (a cue, a length) belongs to the section whose content the question is about.
SECTION_SUPPORT = 0.25
# Passages whose subjects are remembered: those that questions meet again and again.
MET_AGAIN = 4_096


@dataclass(frozen=True)
class _Wanted:
    """What the words of a question name: kinds of passage, those of them that it asks for outright, sections, and
    whether it names a moment.
    """

    asked: frozenset[str]
    head: frozenset[str]
    named: Mapping[Place, float]
    clocked: bool


class HybridRetriever(BaseRetriever):
    """Finds passages in one published generation of the index."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    generation: Generation
    embedder: Any
    count: int = 5
    _met: set[str] = PrivateAttr()  # the passages of scripts and of what lies outside
    _names: Names = PrivateAttr()
    _lexical: Lexical = PrivateAttr()
    _spelling: Spelling = PrivateAttr()
    _subjects: Callable[[str], frozenset[str]] = PrivateAttr()
    _kinds: dict[Place, dict[str, Passage]] = PrivateAttr()
    _fields: dict[str, dict[str, Passage]] = PrivateAttr()
    _resources: dict[str, Passage] = PrivateAttr()
    _notes: dict[str, dict[str, Passage]] = PrivateAttr()

    def __init__(self, generation: Generation, embedder: Embedder, count: int = 5) -> None:
        super().__init__(generation=generation, embedder=embedder, count=count)  # type: ignore[call-arg]  # pydantic's fields
        told = [passage for passage in generation.passages.values() if passage.document != outside.DOCUMENT]
        sources = [passage for passage in told if passage.origin == "video"]
        self._met = {passage.id for passage in sources} | {outside.passage_id(kind) for kind in outside.KINDS}
        self._names = Names(sources)
        self._lexical = Lexical({passage.id: stems(_searched(passage)) for passage in sources})
        self._spelling = Spelling(
            {word for one in told for word in (*words(f"{one.above} {_searched(one)}"), *one.words)}
        )
        self._subjects = lru_cache(MET_AGAIN)(lambda name: _subjects_of(generation.passages[name]))
        self._kinds = defaultdict(dict)
        self._fields = defaultdict(dict)
        self._notes = defaultdict(dict)
        for passage in sources:
            self._kinds[passage.place].setdefault(passage.kind, passage)
            if passage.named and passage.locator:
                self._fields[passage.document].setdefault(passage.kind, passage)
            elif not passage.locator and passage.words:
                self._notes[passage.document].setdefault(passage.kind, passage)

        self._resources = {passage.document: passage for passage in sources if passage.kind == "resources"}

    def mend(self, text: str) -> str:
        """`text` with its typos mended towards the words of the sources."""
        return self._spelling.mend(text)

    def knows(self, word_stem: str) -> bool:
        """Whether any passage holds that stem."""
        return word_stem in self._lexical

    def holds(self, place: Place, kind: str) -> bool:
        """Whether that section has a passage of that kind."""
        return kind in self._kinds.get(place, ())

    def passage(self, place: Place, kind: str) -> Passage | None:
        """The passage of that kind in that section; None where there is none."""
        return self._kinds.get(place, {}).get(kind)

    def ends(self, document: str) -> int | None:
        """The second at which a video ends; None for what is none."""
        return self._names.ends(document)

    def notes(self, document: str) -> Mapping[str, Passage]:
        """For each kind that is of a document as a whole (its quotes, its title) the passage."""
        return self._notes.get(document, {})

    def fields(self, document: str) -> Mapping[str, Passage]:
        """For each kind of field that the sections of a document have (a cue, a length) one passage of it."""
        return self._fields.get(document, {})

    def resources(self, document: str) -> Passage | None:
        """The passage with the further resources that a document names."""
        return self._resources.get(document)

    def subjects(self, passage: Passage) -> frozenset[str]:
        """The stems of all that a passage says and is asked for by."""
        return self._subjects(passage.id)

    def weight(self, word_stem: str) -> float:
        """How telling a stem is among the passages (its inverse document frequency)."""
        return self._lexical.idf(word_stem)

    def kinds_asked(self, text: str) -> frozenset[str]:
        """The kinds of passage that `text` asks for by name."""
        return frozenset[str]().union(*self._names.kinds(text).values())

    def kinds_by_word(self, text: str) -> Mapping[str, frozenset[str]]:
        """The same by the word or phrase that asks, in the order of `text`."""
        return self._names.kinds(text)

    def sections_named(self, text: str) -> Mapping[Place, float]:
        """The sections that `text` names, and how much of their titles."""
        return self._names.sections(text)

    def find(self, questions: Sequence[str]) -> list[Search]:
        """Search for several questions at once: one embedding and one query of Chroma for all."""
        return list(map(self.search, self.meet(questions)))

    def meet(self, questions: Sequence[str]) -> list[Met]:
        """What lies near each of several questions: one embedding and one query of Chroma for all."""
        mended = [self.mend(question) for question in questions]
        vectors = self.embedder.embed(mended)
        hits = self.generation.search(vectors, NEAREST)
        taught = self.generation.aims.nearness(mended, vectors)
        return list(map(Met, questions, mended, vectors, hits, taught))

    def search(self, met: Met) -> Search:
        """The passages of scripts for a question, best first."""
        question, mended, vector, taught = met.question, met.mended, met.vector, met.taught
        nearest: dict[str, float] = {}
        hints: dict[str, list[Hit]] = defaultdict(list)
        for hit in met.hits:
            if hit.passage not in self._met:
                continue
            nearest.setdefault(hit.passage, hit.similarity)
            if hit.role == "hint":
                hints[hit.passage].append(hit)
        beyond = {kind: nearest.pop(outside.passage_id(kind), UNRELATED) for kind in outside.KINDS}
        lexical = self._lexical.scores(stems(mended), nearest)
        asked, named = self.kinds_asked(mended), self._names.sections(mended)
        aim = self.generation.aims.aim(taught, self._documents(nearest.keys() | lexical.keys()))
        wanted = _Wanted(asked, self._names.head_kinds(mended), named, moment(mended) is not None)
        found = self._ranked(nearest, lexical, aim, wanted)[: 2 * self.count]
        units = self._units([passage for _, passage in found], vector)
        return Search(
            question,
            mended,
            tuple(
                _found(passage, score, nearest.get(passage.id, UNRELATED), lexical.get(passage.id, 0.0), near, hints)
                for (score, passage), near in zip(found, units, strict=True)
            ),
            beyond,
            aim,
            asked,
            named,
        )

    def _documents(self, names: Iterable[str]) -> set[str]:
        return {self.generation.passages[name].document for name in names}

    def _ranked(
        self,
        nearest: Mapping[str, float],
        lexical: Mapping[str, float],
        aim: Aim,
        wanted: _Wanted,
    ) -> list[tuple[float, Passage]]:
        """The passages found with their scores, best first."""
        passages = self.generation.passages
        blended = [
            (
                nearest.get(name, UNRELATED)
                + LEXICAL_WEIGHT * min(lexical.get(name, 0.0), LEXICAL_CAP)
                + AIMED_AT * aim.at(passages[name]),
                passages[name],
            )
            for name in nearest.keys() | lexical.keys()
        ]
        content = _nearest_by_place(blended)
        named, most = wanted.named, max(wanted.named.values(), default=0.0)
        scored = []
        for score, passage in blended:
            of_section = named.get(passage.place, 0.0)
            score += SECTION_NAMED * of_section - (AUTHORED if passage.authored else 0.0)
            if wanted.clocked and not of_section:
                score -= ELSEWHERE
            if passage.kind in wanted.asked:
                score += KIND_ASKED + (HEAD_KIND if passage.kind in wanted.head else 0.0)
                if passage.named and passage.locator:
                    score -= SECTION_SUPPORT * _shortfall(content, passage)
                if passage.named and not of_section:
                    score -= SECTION_NAMED * most
            elif passage.named:
                score -= KIND_NOT_ASKED + (HEAD_KIND if wanted.head else 0.0)
            scored.append((score, passage))
        return sorted(scored, key=lambda row: (-row[0], row[1].order))

    def _units(self, passages: Sequence[Passage], vector: Any) -> list[list[float]]:
        """How near each unit of each passage is, all in one multiplication."""
        if not passages:
            return []
        rows = [self.generation.unit_vectors(passage.id) for passage in passages]
        near = iter((np.concatenate(rows) @ vector).tolist())
        return [list(islice(near, len(passage.units))) for passage in passages]

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [
            Document(
                id=found.passage.id,
                page_content=found.passage.text,
                metadata={"score": found.score, "section": found.passage.section, "locator": found.passage.locator},
            )
            for found in self.find([query])[0].found[: self.count]
        ]


def _found(
    passage: Passage,
    score: float,
    dense: float,
    lexical: float,
    units: list[float],
    hints: Mapping[str, Sequence[Hit]],
) -> Found:
    """What was found, with the nearness of units and of the whole as the hints for them say it."""
    whole = UNRELATED
    for hit in hints.get(passage.id, ()):
        unit = passage.hints[hit.place].unit
        if unit is None:
            whole = max(whole, hit.similarity)
        else:
            units[unit] = max(units[unit], hit.similarity)
    return Found(passage, score, dense, lexical, tuple(units), whole)


def _nearest_by_place(blended: Iterable[tuple[float, Passage]]) -> dict[str, dict[Place, float]]:
    """For each kind the best score in each section of a video."""
    nearest: dict[str, dict[Place, float]] = defaultdict(dict)
    for score, passage in blended:
        if passage.locator:
            places = nearest[passage.kind]
            places[passage.place] = max(places.get(passage.place, 0.0), score)
    return nearest


def _shortfall(content: Mapping[str, Mapping[Place, float]], passage: Passage) -> float:
    """How much farther from the question the rest of a passage's section is than that of the nearest section."""
    others = [places for kind, places in content.items() if kind != passage.kind]
    best = max((score for places in others for score in places.values()), default=0.0)
    return best - max((places.get(passage.place, 0.0) for places in others), default=0.0)


def _subjects_of(passage: Passage) -> frozenset[str]:
    return frozenset((*stems(_searched(passage)), *map(stem, passage.words)))


def _searched(passage: Passage) -> str:
    """What BM25 searches of a passage."""
    return " ".join((passage.section, passage.text, *(hint.text for hint in passage.hints)))
