"""Fields asked for by name: several at once, and one of the section that was spoken of."""

from __future__ import annotations

import pytest

from knowledge.answer import Message
from knowledge.library import Library

INTRO, WHAT, WHY = "Animated infographic", "Animated diagram", "Split-screen animation"
UPBEAT, PING, POP, SHIFT, UPLIFTING = "Upbeat, tech", "Soft 'ping'", "Gentle 'pop'", "shifts to a more", "Uplifting"


@pytest.mark.parametrize(
    ("question", "all_of"),
    [
        ("Which sounds belong to the definition and to the advantages part?", [PING, POP]),
        ("the music at the very start vs the music at the end", [UPBEAT, UPLIFTING]),
        ("What is seen and heard in the first section?", [INTRO, UPBEAT]),
        ("audio and visual of the closing words", [UPLIFTING, "rocket"]),
        ("How long are the intro and the outro?", ["30 seconds", "1 minute, from 8:00"]),
        ("the picture of the opening and the sound of the success story", [INTRO, SHIFT]),
        ("Tell me the title and the SEO title", ["The role of FinOps", "The Key to Successful"]),
        ("hashtags plus keywords, please", ["#TechROI", "AI budget control"]),
        ("Which sections have a poll and a quiz?", ["How familiar are you", "go over budget"]),
        ("length of the second section and the total time", ["1 minute 30 seconds", "9 minutes"]),
    ],
)
def test_several_fields_at_once(question: str, all_of: list[str], library: Library) -> None:
    answer = library.answer(question)
    assert answer.verdict == "answer"
    assert [part for part in all_of if part not in answer.text] == []


@pytest.mark.parametrize(
    ("question", "alone"),
    [
        ("What does it say about costs and budgets in the long run?", "Estimated time"),
        ("According to the takeaways, what is FinOps essential for?", "Estimated time"),
        ("Do teams and finance work together?", "Audio cue"),
    ],
)
def test_words_joined_by_chance_ask_for_no_fields(question: str, alone: str, library: Library) -> None:
    assert alone not in library.answer(question).text


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        ("What is shown in the case study?", "and the music?", SHIFT),
        ("What is FinOps?", "what do you hear there?", PING),
        ("What does the split screen show?", "how long is that part?", "from 2:00 to 4:00"),
        ("Which picture comes with the definition?", "and its accessibility note?", "Describe the bridge diagram"),
        ("Is there a version of 60 seconds for TikTok?", "what should it show on screen?", "text overlays"),
    ],
)
def test_a_field_is_that_of_the_section_spoken_of(before: str, question: str, expected: str, library: Library) -> None:
    told = library.answer(before).text
    answer = library.chain.answer(question, (Message("user", before), Message("assistant", told)))
    assert expected in answer.text


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        ("What is shown in the case study?", "which music plays at the end?", UPLIFTING),
        ("What does the poll ask?", "and the quiz?", "What percentage"),
        ("What is the first benefit?", "and the second?", "Optimized resource allocation"),
    ],
)
def test_a_question_that_names_its_own_is_not_tied_to_the_one_before(
    before: str, question: str, expected: str, library: Library
) -> None:
    told = library.answer(before).text
    answer = library.chain.answer(question, (Message("user", before), Message("assistant", told)))
    assert expected in answer.text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Is there an interactive element in the conclusion?", "The section “Conclusion” has no interactive element"),
        ("accessibility note of the outro", "The section “Conclusion” has no accessibility note"),
        ("What happens at 25:00?", "The video is over by then: it runs to 9:00."),
    ],
)
def test_what_is_not_there_is_said(question: str, said: str, library: Library) -> None:
    answer = library.answer(question)
    assert answer.abstained
    assert said in answer.text
