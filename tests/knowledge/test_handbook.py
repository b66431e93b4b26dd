"""The handbook: its form, what is told of files that do not hold to it, and what is asked about it."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from bot.shelf import Shelf, quiz_options
from knowledge.decision import Decider
from knowledge.documents import Document, Handbook, TopicSection
from knowledge.documents.handbook import OWN_HANDBOOK, PARTS, read_handbook
from knowledge.documents.passages import handbook_passages
from knowledge.library import Library
from knowledge.script import ScriptError

OWN = read_handbook([OWN_HANDBOOK])
TOPICS = {document.slug: document for document in OWN.documents}
GOOD = """---
title: Showback
summary: Showback shows each team its cost.
sources:
  - name: FinOps Framework
    title: FinOps Framework, Invoicing & Chargeback
    url: https://www.finops.org/framework/
checked: 2026-11-28
---

Showback is a report of cost by team.

## What goes wrong with showback?

The FinOps Framework sets 90% as an aim.

| Step | Who |
| --- | --- |
| Report | Finance |

- One thing.
- Another thing.
"""


def read(folder: Path, **files: str) -> Handbook:
    """The handbook of a folder with these files; the ending is Markdown's where the name has none."""
    for name, text in files.items():
        (folder / (name if "." in name else f"{name}.md")).write_text(text, "utf-8")
    return read_handbook([folder])


def told_wrong(folder: Path, **files: str) -> list[str]:
    """All that is told of files that are wrong."""
    with pytest.raises(ScriptError) as failure:
        read(folder, **files)
    return str(failure.value).splitlines()


# --- Our own ---


def words_of(section: TopicSection) -> int:
    return len(section.text.split())


@pytest.mark.parametrize("slug", TOPICS)
def test_a_topic_is_as_long_as_one_reads_in_a_chat(slug: str) -> None:
    topic = TOPICS[slug]
    opening, *sections = topic.sections
    assert opening.heading == topic.title
    assert words_of(opening) <= 60
    assert 3 <= len(sections) <= 6
    assert 300 <= sum(map(words_of, topic.sections)) <= 800, "words of the whole"
    assert [section.heading for section in sections if not 35 <= words_of(section) <= 175] == []
    assert topic.part in PARTS
    assert topic.summary.endswith(".")
    assert len(topic.synonyms) >= 3
    assert topic.references
    assert topic.checked
    assert topic.related
    assert topic.discussion
    assert topic.discussion.endswith("?")


@pytest.mark.parametrize("slug", TOPICS)
def test_each_section_is_read_by_itself(slug: str) -> None:
    leaning = re.compile(
        r"\b(?:as (?:above|below)|see (?:above|below)|mentioned (?:above|earlier)|previous section)\b", re.I
    )
    assert [section.heading for section in TOPICS[slug].sections if leaning.search(section.text)] == []


def test_the_whole_field_is_there() -> None:
    assert len(TOPICS) >= 72
    assert {document.part for document in OWN.documents} == set(PARTS)
    assert len(OWN.terms) >= 120


@pytest.mark.parametrize("slug", TOPICS)
def test_each_topic_asks_two_questions_of_different_levels(slug: str) -> None:
    asked = [question for question in OWN.questions if question.bank == slug]
    assert len(asked) >= 2
    assert len({question.level for question in asked}) >= 2
    assert all(question.topic and question.explanation and question.section for question in asked)


def test_no_answer_is_known_by_its_length() -> None:
    """By chance the right option of four would be the longest in a quarter of the questions, and so the shortest."""
    placed = Counter(
        "longest"
        if len(one.answer) > max(map(len, one.wrong))
        else "shortest"
        if len(one.answer) < min(map(len, one.wrong))
        else "between"
        for one in OWN.questions
        if one.wrong
    )
    assert placed["longest"] <= 0.4 * placed.total()
    assert placed["shortest"] <= 0.4 * placed.total()
    by_far = [one.ref for one in OWN.questions if one.wrong and len(one.answer) > 1.6 * max(map(len, one.wrong)) + 5]
    assert by_far == []


def test_every_question_shows_where_its_answer_stands() -> None:
    shelf = Shelf((), OWN.questions, OWN)
    for question in OWN.questions:
        source = shelf.source_of(question)
        assert source.title.startswith("Handbook: ")
        assert source.locator == question.section
        assert not question.wrong or question.answer in quiz_options(question)


def test_passages_have_ids_of_their_own_and_stand_within_what_is_embedded() -> None:
    passages = handbook_passages(OWN)
    assert len({passage.id for passage in passages}) == len(passages)
    assert all(len(passage.joins) == len(passage.units) for passage in passages)
    assert max(len(passage.text) for passage in passages) <= 1_500


# --- What is read ---


def test_a_topic_is_read_into_sections_with_sentences_items_and_rows(tmp_path: Path) -> None:
    (document,) = read(tmp_path, showback=GOOD).documents
    opening, wrong = document.sections
    assert opening.blocks[0].texts == ("Showback is a report of cost by team.",)
    assert wrong.heading == "What goes wrong with showback?"
    assert [(block.unit, block.texts) for block in wrong.blocks] == [
        ("sentence", ("The FinOps Framework sets 90% as an aim.",)),
        ("item", ("Report: Who: Finance",)),
        ("item", ("One thing.", "Another thing.")),
    ]


def test_markdown_without_front_matter_is_taken_as_it_is(tmp_path: Path) -> None:
    text = "# Our rules\n\nTag all you start.\n\n## Cost\n\nEach team pays 100%.\n\n### When\n\nEach month.\n"
    (document,) = read(tmp_path, rules=text).documents
    assert document.title == "Our rules"
    assert [section.heading for section in document.sections] == ["Our rules", "Cost", "Cost > When"]
    assert isinstance(document, Document)


FOREIGN = """\
---
title: Our rules
layout: page
nav_order: 3
---
<!-- markdownlint-disable-next-line MD025 -->
# Our rules

Tag all you start.<br>Each team <b>pays</b> 100%. <!-- Ask Ana. -->

<details>
<summary>More</summary>

Rules are read each year.

</details>

## Added

One.

## Added

Two.
"""


def test_of_the_front_matter_of_another_program_the_title_counts(tmp_path: Path) -> None:
    (document,) = read(tmp_path, rules=FOREIGN).documents
    assert document.title == "Our rules"
    assert not document.references
    without = "---\nlayout: [page\n---\n# Our rules\n\nTag all you start.\n"
    (document,) = read(tmp_path, rules=without).documents
    assert (document.title, len(document.sections)) == ("Our rules", 1)


def test_of_html_in_markdown_only_the_words_are_read(tmp_path: Path) -> None:
    (document,) = read(tmp_path, rules=FOREIGN).documents
    told = [text for section in document.sections for block in section.blocks for text in block.texts]
    assert told == ["Tag all you start.", "Each team pays 100%.", "Rules are read each year.", "One.", "Two."]


# --- What is wrong ---


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            "summary: Showback shows each team its cost.\n",
            "",
            'good.md:1: no "summary"; expected it in the front matter',
        ),
        ("checked: 2026-11-28", "checked: soon", 'good.md:8: "checked": expected a date, as in 2026-11-28'),
        (
            "checked: 2026-11-28",
            "checked: 2026-11-28\nrelated: [chargeback]",
            'good.md:1: related "chargeback" is no document',
        ),
        ("checked: 2026-11-28", "checked: 2026-11-28\nprize: 3", 'good.md:9: unknown key "prize"'),
        ("https://www", "http://www", "good.md:4: source 1: http://www.finops.org/framework/ is no address"),
        ("The FinOps Framework sets", "Somebody sets", "good.md:13: a figure without source"),
        ("title: Showback", "title: [", "good.md:"),
        ("## What goes wrong with showback?", "## Showback", "good.md:13: the heading"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(before: str, after: str, told: str, tmp_path: Path) -> None:
    assert before in GOOD
    lines = told_wrong(tmp_path, good=GOOD.replace(before, after))
    assert any(line.startswith(told) for line in lines), lines


def test_all_files_are_told_of_at_once(tmp_path: Path) -> None:
    quiz = (
        '[[question]]\nquestion = "Who?"\nanswer = "Ana"\nwrong = ["ana"]\nexplanation = "So."\nsection = "Nowhere"\n'
    )
    glossary = '[[term]]\nname = "PUE"\nsays = "A ratio."\ntopic = "power"\n'
    lines = told_wrong(
        tmp_path,
        good=GOOD.replace("summary: Showback shows each team its cost.\n", ""),
        **{"good.quiz.toml": quiz, "glossary.toml": glossary},
    )
    assert [line.split(": ")[0] for line in lines] == [
        "good.md:1",
        "glossary.toml:4",
        "good.quiz.toml:4",
        "good.quiz.toml:6",
    ]
    assert 'wrong option "ana" is the answer' in lines[2]
    assert 'no section "Nowhere" in good.md' in lines[3]


# --- What is answered from it ---


@pytest.mark.parametrize(
    "question",
    ["What is the capital of Australia?", "What is your favourite colour?"],
)
def test_what_is_off_the_subject_is_not_answered_by_a_word_that_is_near(library: Library, question: str) -> None:
    assert library.answer(question).abstained


def test_what_the_handbook_alone_holds_is_answered_from_it(library: Library) -> None:
    answer = library.answer("What is showback?")
    assert answer.verdict == "answer"
    assert answer.text.startswith("Showback is")
    assert str(answer.sources[0]) == "Handbook: Showback (Showback)"


def test_who_asks_for_one_of_both_gets_that_one(library: Library) -> None:
    of_handbook = library.answer("What is FinOps, according to the handbook?")
    assert {source.title.partition(":")[0] for source in of_handbook.sources} == {"Handbook"}
    of_video = library.answer("What is FinOps, according to the video?")
    assert {source.title for source in of_video.sources} == {"The role of FinOps in AI project success"}
    assert of_video.sources[0].section == "What is FinOps?"


def test_what_is_asked_of_the_video_is_answered_from_it(library: Library) -> None:
    answer = library.answer("In which country is the public sector example set?")
    assert answer.abstained
    assert not any(source.title.startswith("Handbook") for source in answer.sources)


@pytest.mark.parametrize(
    "question", ["How much cheaper is batch inference on Amazon Bedrock?", "What are the ITIL 4 principles?"]
)
def test_what_is_asked_of_somebody_else_by_name_is_less_likely_to_be_answered(library: Library, question: str) -> None:
    decider = Decider()

    def chance(text: str) -> float:
        (search,) = library.retriever.find([text])
        return decider.chance(search)

    assert chance(question) < chance(question.replace("Amazon Bedrock", "it").replace("ITIL 4", "FinOps"))


def test_an_address_that_a_document_lacks_is_not_answered_by_what_is_near_it(library: Library) -> None:
    assert library.answer("What's the phone number of the FinOps Foundation?").abstained
    assert not library.answer("What is the FinOps Foundation?").abstained


def test_what_is_announced_follows(library: Library) -> None:
    """No paragraph of an answer ends with "A useful page has:" and leaves it at that."""
    for document in library.report.handbook.documents:
        for asked in (f"What is {document.title}?", f"How do I start with {document.title.lower()}?"):
            paragraphs = [*library.answer(asked).text.split("\n\n"), "**"]
            for paragraph, following in pairwise(paragraphs):
                assert not (paragraph.rstrip().endswith(":") and following.startswith("**")), (asked, paragraph)
