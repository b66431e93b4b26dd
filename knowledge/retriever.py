"""Hybrid search as a LangChain retriever: vectors of passages, units and hints, and BM25, in one score."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, PrivateAttr

from knowledge import outside
from knowledge.chunks import Passage
from knowledge.embedder import Embedder
from knowledge.index import Generation, Hit
from knowledge.lexical import Lexical
from knowledge.question import clock_span, moment
from knowledge.words import Spelling, stem, stems, words

# Vectors asked of Chroma for each question: enough to meet every near passage by some unit or hint of it.
NEAREST = 64
# A passage that only BM25 finds counts as this near, about the cosine of two unrelated sentences.
UNRELATED = 0.1
# How BM25 and cosine are blended (measured: blending beats rank fusion at the first place).
LEXICAL_WEIGHT = 0.025
LEXICAL_CAP = 10.0
# What the words of a question say about the kind of passage that it wants.
KIND_ASKED = 0.06
KIND_NOT_ASKED = 0.10
SECTION_NAMED = 0.12
# A moment on the clock lies in one section; the others do not answer.
ELSEWHERE = 0.4
# The editors' words come after the source's own.
AUTHORED = 0.12
# What is asked for by name (a cue, a length) belongs to the section whose content the question is about.
SECTION_SUPPORT = 0.25
# Part of a title names its section if it holds a word that at most this share of the sections have in their titles.
TELLING = 0.15


@dataclass(frozen=True)
class Found:
    """A passage found for a question: its score, what the score is made of, and how near each of its units is."""

    passage: Passage
    score: float
    dense: float
    lexical: float
    units: tuple[float, ...]
    hint: float  # the nearest hint for the passage as a whole


@dataclass(frozen=True)
class Search:
    """What was found for one question: passages, best first, and how near it is to what lies outside."""

    question: str
    mended: str
    found: tuple[Found, ...]
    outside: Mapping[str, float] = field(default_factory=dict)  # the nearest example of each kind
    scope: Mapping[str, float] = field(default_factory=dict)  # above 0: inside, as against each kind
    asked: frozenset[str] = frozenset()  # the kinds of passage asked for by name
    named: Mapping[str, float] = field(default_factory=dict)  # the sections named, and how much of their titles

    @property
    def best(self) -> Found | None:
        """The best passage, None where nothing was found."""
        return self.found[0] if self.found else None

    @property
    def nearness(self) -> float:
        """The score of the best passage, 0 where there is none."""
        return self.found[0].score if self.found else 0.0

    @property
    def kind(self) -> str | None:
        """The kind of the best passage."""
        return self.found[0].passage.kind if self.found else None

    def with_units_of(self, other: Search) -> Search:
        """This search with the nearness of each unit as `other` sees it, where that has found the passage too."""
        seen = {found.passage.id: found for found in other.found}
        found = tuple(
            replace(one, units=seen[one.passage.id].units) if one.passage.id in seen else one for one in self.found
        )
        return replace(self, found=found)


class HybridRetriever(BaseRetriever):
    """Finds passages in one published generation of the index."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    generation: Generation
    embedder: Any
    count: int = 5
    _lexical: Lexical = PrivateAttr()
    _spelling: Spelling = PrivateAttr()
    _asked_by: dict[str, set[str]] = PrivateAttr()
    _phrases: dict[str, set[str]] = PrivateAttr()
    _clock: dict[str, tuple[int, int]] = PrivateAttr()
    _subjects: dict[str, frozenset[str]] = PrivateAttr()
    _places: frozenset[tuple[str, str, str]] = PrivateAttr()
    _titles: dict[str, dict[str, float]] = PrivateAttr()

    def __init__(self, generation: Generation, embedder: Embedder, count: int = 5) -> None:
        super().__init__(generation=generation, embedder=embedder, count=count)  # type: ignore[call-arg]  # pydantic's fields
        sources = [passage for passage in generation.passages.values() if passage.document != outside.DOCUMENT]
        searched = {passage.id: stems(_searched(passage)) for passage in sources}
        self._lexical = Lexical(searched)
        self._subjects = {
            passage.id: frozenset(searched[passage.id]).union(map(stem, passage.words)) for passage in sources
        }
        self._spelling = Spelling(
            {word for passage in sources for word in (*words(_searched(passage)), *passage.words)}
        )
        self._asked_by = defaultdict(set)
        self._phrases = defaultdict(set)
        for passage in sources:
            for name in passage.words:
                names = self._phrases if " " in name else self._asked_by
                names[" ".join(words(name)) if " " in name else stem(name)].add(passage.kind)
        self._clock = {
            passage.section: span for passage in sources if (span := clock_span(passage.locator)) is not None
        }
        self._places = frozenset((passage.document, passage.section, passage.kind) for passage in sources)
        self._titles = _titles(passage.section for passage in sources)

    def mend(self, text: str) -> str:
        """`text` with its typos mended towards the words of the sources."""
        return self._spelling.mend(text)

    def knows(self, word_stem: str) -> bool:
        """Whether any passage holds that stem."""
        return word_stem in self._lexical

    def holds(self, document: str, section: str, kind: str) -> bool:
        """Whether that section of that document has a passage of that kind."""
        return (document, section, kind) in self._places

    def subjects(self, passage: Passage) -> frozenset[str]:
        """The stems of all that a passage says and is asked for by."""
        return self._subjects[passage.id]

    def weight(self, word_stem: str) -> float:
        """How telling a stem is among the passages (its inverse document frequency)."""
        return self._lexical.idf(word_stem)

    def kinds_asked(self, text: str) -> frozenset[str]:
        """The kinds of passage that `text` asks for by name; a phrase ("cannot see") goes before its words."""
        said = f" {' '.join(words(text))} "
        asked: set[str] = set()
        for phrase, kinds in self._phrases.items():
            if f" {phrase} " in said:
                asked |= kinds
                said = said.replace(f" {phrase} ", "  ")
        stemmed = {stem(word) for word in said.split()}
        return frozenset(asked.union(*(self._asked_by[word] for word in stemmed & self._asked_by.keys())))

    def find(self, questions: Sequence[str]) -> list[Search]:
        """Search for several questions at once: one embedding and one query of Chroma for all."""
        mended = [self.mend(question) for question in questions]
        vectors = self.embedder.embed(mended)
        hits = self.generation.search(vectors, NEAREST)
        return [
            self._search(question, right, vector, row)
            for question, right, vector, row in zip(questions, mended, vectors, hits, strict=True)
        ]

    def _search(self, question: str, mended: str, vector: Any, hits: Iterable[Hit]) -> Search:
        nearest: dict[str, float] = {}
        hints: dict[str, list[Hit]] = defaultdict(list)
        for hit in hits:
            nearest.setdefault(hit.passage, hit.similarity)
            if hit.role == "hint":
                hints[hit.passage].append(hit)
        beyond = {kind: nearest.pop(outside.passage_id(kind), UNRELATED) for kind in outside.KINDS}
        lexical = self._lexical.scores(dict.fromkeys(stems(mended), 1.0))
        blended = {
            name: nearest.get(name, UNRELATED) + LEXICAL_WEIGHT * min(lexical.get(name, 0.0), LEXICAL_CAP)
            for name in nearest.keys() | lexical.keys()
        }
        asked = self.kinds_asked(mended)
        named = self.sections_named(mended)
        content = self._nearest_by_place(blended)
        clocked = moment(mended) is not None
        scored = []
        for name, score in blended.items():
            passage = self.generation.passages[name]
            score += SECTION_NAMED * named.get(passage.section, 0.0) - (AUTHORED if passage.authored else 0.0)
            if clocked and passage.section not in named:
                score -= ELSEWHERE
            if passage.kind in asked:
                score += KIND_ASKED
                if passage.named and passage.locator:
                    score -= SECTION_SUPPORT * _shortfall(content, passage)
                if passage.named and passage.section not in named:
                    score -= SECTION_NAMED * max(named.values(), default=0.0)
            elif passage.named:
                score -= KIND_NOT_ASKED
            scored.append((score, nearest.get(name, UNRELATED), lexical.get(name, 0.0), passage))
        scored.sort(key=lambda row: (-row[0], row[3].order))
        found = tuple(
            self._found(passage, score, dense, bm25, vector, hints[passage.id])
            for score, dense, bm25, passage in scored[: 2 * self.count]
        )
        return Search(question, mended, found, beyond, self._scope(vector), asked, named)

    def _scope(self, vector: Any) -> dict[str, float]:
        directions = self.generation.scope
        if not len(directions):
            return {}
        return dict(zip(outside.KINDS, map(float, directions[:, :-1] @ vector + directions[:, -1]), strict=True))

    def _found(
        self, passage: Passage, score: float, dense: float, bm25: float, vector: Any, hints: Sequence[Hit]
    ) -> Found:
        units = [float(similarity) for similarity in self.generation.unit_vectors(passage.id) @ vector]
        whole = UNRELATED
        for hit in hints:
            unit = passage.hints[hit.place].unit
            if unit is None:
                whole = max(whole, hit.similarity)
            else:
                units[unit] = max(units[unit], hit.similarity)
        return Found(passage, score, dense, bm25, tuple(units), whole)

    def _nearest_by_place(self, blended: Mapping[str, float]) -> dict[tuple[str, str], float]:
        """The best score of each kind in each section of a video."""
        nearest: dict[tuple[str, str], float] = defaultdict(float)
        for name, score in blended.items():
            passage = self.generation.passages[name]
            if passage.locator:
                place = (passage.section, passage.kind)
                nearest[place] = max(nearest[place], score)
        return nearest

    def sections_named(self, text: str) -> dict[str, float]:
        """The sections whose title stands in `text`: 1.0 for the whole title, else how much of it, by weight."""
        said, phrase = set(stems(text)), f" {' '.join(words(text))} "
        named = {}
        for section, title in self._titles.items():
            share = sum(weight for word, weight in title.items() if word in said)
            if f" {' '.join(words(section))} " in phrase:
                named[section] = 1.0
            elif share > 0.5:
                named[section] = share
        if (second := moment(text)) is not None:
            named |= {section: 1.0 for section, (start, end) in self._clock.items() if start <= second < end}
        return named

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [
            Document(
                id=found.passage.id,
                page_content=found.passage.text,
                metadata={"score": found.score, "section": found.passage.section, "locator": found.passage.locator},
            )
            for found in self.find([query])[0].found[: self.count]
        ]


def _titles(sections: Iterable[str]) -> dict[str, dict[str, float]]:
    """For each section the stems of its title with their weights, which add up to 1; {} where none is telling."""
    titles = {section: set(stems(section)) for section in sections}
    spread = Counter(word for title in titles.values() for word in title)
    weighed = {}
    for section, title in titles.items():
        weights = {word: math.log(len(titles) / spread[word]) for word in title}
        whole = sum(weights.values())
        telling = any(spread[word] <= TELLING * len(titles) for word in title)
        weighed[section] = {word: weight / whole for word, weight in weights.items()} if telling and whole else {}
    return weighed


def _shortfall(content: Mapping[tuple[str, str], float], passage: Passage) -> float:
    """How much farther from the question the rest of a passage's section is than that of the nearest section."""
    others = [(section, score) for (section, kind), score in content.items() if kind != passage.kind]
    best = max((score for _, score in others), default=0.0)
    return best - max((score for section, score in others if section == passage.section), default=0.0)


def _searched(passage: Passage) -> str:
    """What BM25 searches of a passage."""
    return " ".join((passage.section, passage.text, *(hint.text for hint in passage.hints)))
