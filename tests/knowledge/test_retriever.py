"""Hybrid search: what is found for a question, and what the words of the question say about where to look."""

from __future__ import annotations

from pathlib import Path

import pytest
from langchain_core.documents import Document

from knowledge import open_retriever
from knowledge.library import Library
from knowledge.retriever import CLOSELY, HybridRetriever

WHY = "Why FinOps Matters in AI"
BENEFITS = "Key Benefits of FinOps in AI"
CASE = "FinOps in Action: A Case Study"


@pytest.fixture(scope="module")
def retriever(library: Library) -> HybridRetriever:
    return library.retriever


@pytest.mark.parametrize(
    ("question", "section", "kind"),
    [
        ("What is FinOps compared with on a journey?", "What is FinOps?", "content"),
        ("fuel gauge", WHY, "content"),
        ("Which vehicles do AI projects resemble?", WHY, "content"),
        ("Which five advantages are there?", BENEFITS, "points"),
        ("How did Company X speed up?", CASE, "content"),
        ("Which picture is shown during the conclusion?", "Conclusion", "visual"),
        ("Which music plays during the case study?", CASE, "audio"),
        ("What can I click in the key benefits?", BENEFITS, "element"),
        ("Where can I read more?", "Additional Resources", "resources"),
        ("Which search terms is the video optimised for?", "SEO Keywords", "keywords"),
        ("how long does the introduction take", "Introduction", "timing"),
        ("Which question do the viewers vote on?", "What is FinOps?", "element"),
    ],
)
def test_the_passage_that_answers_comes_first(
    retriever: HybridRetriever, question: str, section: str, kind: str
) -> None:
    best = retriever.find([question])[0].best
    assert best is not None
    assert (best.passage.section, best.passage.kind) == (section, kind)


def test_many_questions_are_found_as_each_would_be_alone(retriever: HybridRetriever) -> None:
    questions = ["What is FinOps?", "Which quotes are there?", "fuel gauge"]
    alone = [retriever.find([question])[0] for question in questions]
    at_once = retriever.find(questions)
    assert [search.question for search in at_once] == questions
    for one, other in zip(alone, at_once, strict=True):
        assert one.best is not None
        assert other.best is not None
        assert one.best.passage == other.best.passage
        assert one.best.score == pytest.approx(other.best.score, abs=1e-3)


def test_passages_come_best_first_and_each_once(retriever: HybridRetriever) -> None:
    for search in retriever.find(["What is FinOps?", "budget", "zebra", "the", ""]):
        scores = [found.score for found in search.found]
        assert scores == sorted(scores, reverse=True)
        assert len({found.passage.id for found in search.found}) == len(search.found) <= CLOSELY
        assert all(len(found.units) == len(found.passage.units) for found in search.found)


def test_a_question_about_something_else_is_about_less_of_the_sources(retriever: HybridRetriever) -> None:
    inside, far = retriever.find(["What is FinOps?", "Which wine goes with grilled salmon?"])
    assert inside.features["about"] > 2 * far.features["about"]
    assert inside.features["coverage"] > far.features["coverage"]


def test_one_kind_of_source_may_be_searched_alone(retriever: HybridRetriever) -> None:
    (met,) = retriever.meet(["What is FinOps?"])
    for origin in ("video", "handbook"):
        found = retriever.search(met, origin).found
        assert {one.passage.origin for one in found} == {origin}
    best = retriever.search(met).found[0].passage.id
    assert best not in {one.passage.id for one in retriever.search(met, without={best}).found}


def test_the_kind_of_source_that_is_preferred_comes_first_where_both_answer(library: Library) -> None:
    firsts = []
    for prefer in (("handbook", "video"), ("video", "handbook")):
        retriever = HybridRetriever(library.generation, library.retriever.embedder, prefer=prefer)
        (search,) = retriever.find(["What is FinOps?"])
        scores = {one.passage.id: one.score for one in search.found}
        firsts.append((scores, {one.passage.id: one.passage.origin for one in search.found}))
    (by_handbook, origins), (by_video, _) = firsts
    for name in by_handbook.keys() & by_video.keys():
        assert (by_handbook[name] > by_video[name]) is (origins[name] == "handbook")


@pytest.mark.parametrize(
    ("text", "sections"),
    [
        ("What is in the conclusion?", {"Conclusion"}),
        ("key benefits of finops in ai", {BENEFITS}),
        ("What is shown at 4:30?", {BENEFITS}),
        ("What is said at 0:10?", {"Introduction"}),
        ("five minutes in", {BENEFITS}),
        ("at 59:00", set()),
        ("How are you?", set()),
    ],
)
def test_sections_are_named_by_title_and_by_time(retriever: HybridRetriever, text: str, sections: set[str]) -> None:
    named = retriever.find([text])[0].named
    assert {place.section for place in named} == sections


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("visual", "visual"),
        ("Which sounds do I hear", "audio"),
        ("for people who cannot see", "accessibility"),
        ("the 60-second version", "short-version"),
        ("the poll", "element"),
        ("how long", "timing"),
        ("hashtags", "hashtags"),
    ],
)
def test_kinds_are_asked_for_by_their_words(retriever: HybridRetriever, text: str, kind: str) -> None:
    assert kind in retriever.find([text])[0].asked


def test_a_phrase_goes_before_its_words(retriever: HybridRetriever) -> None:
    assert "visual" in retriever.find(["What can I see"])[0].asked
    assert "visual" not in retriever.find(["for those who cannot see"])[0].asked
    assert retriever.find(["Is FinOps worth it?"])[0].asked == frozenset()


def test_words_are_known_mended_and_weighed(retriever: HybridRetriever) -> None:
    assert retriever.mend("acessibility of the finopps poll") == "accessibility of the finops poll"
    assert retriever.weight("zebra") > retriever.weight("penni") > retriever.weight("finop") > 0


def test_it_is_a_retriever_of_langchain(retriever: HybridRetriever) -> None:
    found = retriever.invoke("What is FinOps?")
    assert 0 < len(found) <= retriever.count
    assert all(isinstance(document, Document) for document in found)
    scores = [document.metadata["score"] for document in found]
    assert scores == sorted(scores, reverse=True)
    video = next(document for document in found if document.metadata["locator"] == "0:30-2:00")
    assert video.metadata["section"] == "What is FinOps?"
    assert video.metadata["source"] == "The role of FinOps in AI project success"
    assert "Financial Operations" in video.page_content


def test_a_team_can_open_it_for_a_chain_of_its_own(home: Path) -> None:
    found = open_retriever(home, count=3)
    try:
        documents = found.invoke("What is showback?")
        assert len(documents) == 3
        assert documents[0].metadata["source"] == "Handbook: Showback"
    finally:
        found.generation.close()
