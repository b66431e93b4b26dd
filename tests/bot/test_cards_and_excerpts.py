"""Cards, excerpts, descriptions and questions to discuss: what a script holds, shown as it stands there."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest

from bot.activities.engagement.questions import for_chat, questions_of
from knowledge.script import Script
from tests.bot.conftest import (
    ANA,
    CY,
    FIRST,
    SECOND,
    THERE,
    MakeTalk,
    Talk,
    choices,
    labels,
    saying,
    without_elements,
)

AUTHORED = "n the editors' words, not the video's"


@pytest.fixture
def first(scripts: Sequence[Script]) -> Script:
    return scripts[0]


# --- Cards ---

BENEFITS = [
    "Cost transparency and accountability",
    "Optimized resource allocation",
    "Improved budgeting and forecasting",
    "Enhanced collaboration between teams",
    "Alignment of AI initiatives with business objectives",
]


def test_all_cards_can_be_pressed(talk: Talk) -> None:
    reply = talk.say("show me the benefits cards")
    assert labels(reply) == BENEFITS
    for number, choice in enumerate(choices(reply), 1):
        card = talk.say(choice.says)
        assert f"number {number} of 5: {BENEFITS[number - 1]}." in card.text
        assert AUTHORED in card.text
        assert [source.section for source in card.sources] == ["Key Benefits of FinOps in AI"]


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("open card 3", 3),
        ("open the card about forecasting", 3),
        ("show me the second benefit card", 2),
        ("the last benefit", 5),
        ("benefit 4", 4),
    ],
)
def test_one_card_is_opened_by_place_or_words(words: str, number: int, talk: Talk) -> None:
    assert f"number {number} of 5" in talk.say(words).text


def test_next_goes_round_by_words_and_by_button(talk: Talk) -> None:
    reply = talk.say("open card 4")
    for number in (5, 1, 2):
        reply = talk.say("next" if number == 1 else saying(reply, "Next"))
        assert f"number {number} of 5" in reply.text
    assert labels(talk.say(saying(reply, "All of them"))) == BENEFITS


@pytest.mark.parametrize("number", [0, 6, 7, 999])
def test_behind_a_card_that_there_is_none_of_lie_all(number: int, talk: Talk) -> None:
    reply = talk.say(f"show benefits {FIRST} {number}")
    assert reply.text.startswith("There are only 5.")
    assert labels(reply) == BENEFITS


def test_a_card_that_nobody_explained_shows_its_title(two: Talk) -> None:
    reply = two.say(f"show benefits {SECOND} 2")
    assert "number 2 of 4: Reproducible training runs." in reply.text
    assert "editors" not in reply.text
    assert "shut down" in two.say(f"show benefits {SECOND} 3").text


# --- Excerpts ---


@pytest.mark.parametrize("words", ["key takeaways", "show the takeaways", "what are the key takeaways?"])
def test_takeaways_are_all_listed(words: str, talk: Talk, first: Script) -> None:
    reply = talk.say(words)
    assert reply.activity == "takeaways"
    assert all(f"- {line}" in reply.text for line in first.takeaways)
    assert [source.section for source in reply.sources] == ["Key Takeaways"]


def test_statistics_name_their_missing_origin(talk: Talk, first: Script) -> None:
    reply = talk.say("show me the statistics")
    assert all(line in reply.text for line in first.statistics)
    assert "The video names no source for these figures." in reply.text


def test_keywords_come_with_hashtags(talk: Talk, first: Script) -> None:
    reply = talk.say("show the seo keywords")
    assert all(f"- {line}" in reply.text for line in first.keywords)
    assert "#FinOps #AISuccess" in reply.text


def test_resources_have_no_addresses(talk: Talk, first: Script) -> None:
    reply = talk.say("list the resources")
    assert all(f"- {line}" in reply.text for line in first.resources)
    assert "http" not in reply.text
    assert "without addresses" in reply.text


def test_the_short_version_is_marked_as_the_editors(talk: Talk, first: Script) -> None:
    reply = talk.say("give me the 60 second version")
    assert AUTHORED in reply.text
    assert first.short_version is not None
    assert first.short_version.strip() in reply.text


def test_a_short_version_that_nobody_wrote_is_described(talk_on: MakeTalk, first: Script) -> None:
    reply = talk_on([dataclasses.replace(first, short_version=None)]).say("short version")
    assert reply.text.startswith("The script only describes its short version: Create a 60-second version")


def test_what_comes_next_is_the_teaser(talk: Talk) -> None:
    reply = talk.say("what's the next video about?")
    assert reply.activity in ("next_topic", "question")
    assert "DataOps and MLOps complement FinOps" in reply.text


def test_quotes_are_credited_or_said_to_lack_it(talk: Talk, first: Script) -> None:
    reply = talk.say("show all quotes")
    assert all(f"“{quote}”" in reply.text for quote in first.quotes)
    assert "The video names no speaker." in reply.text
    assert choices(reply) == []


def test_another_quote_is_the_one_that_was_told_longest_ago(talk: Talk, first: Script) -> None:
    reply = talk.say("give me a quote")
    told = [first.quotes.index(quote) for quote in first.quotes if quote in reply.text]
    for words in ("another one", saying(reply, "Another quote"), "another one", "next one please"):
        reply = talk.say(words)
        told += [first.quotes.index(quote) for quote in first.quotes if quote in reply.text]
    assert told == [0, 1, 0, 1, 0]


@pytest.mark.parametrize(("words", "place"), [("the second quote", 1), ("the quote about breakneck speed", 1)])
def test_a_quote_is_found_by_place_or_words(words: str, place: int, talk: Talk, first: Script) -> None:
    reply = talk.say(words)
    assert first.quotes[place] in reply.text
    assert first.quotes[1 - place] not in reply.text


@pytest.mark.parametrize(
    ("name", "ours", "theirs"),
    [
        ("quote", "financial compass", "A model without an owner"),
        ("takeaways", "FinOps is crucial", "DataOps keeps the input trustworthy"),
        ("stats", "Over 60%", "Under 15 percent"),
        ("resources", "FinOps Foundation", "Three Practices, One Pipeline"),
        ("keywords", "cost optimization", "model drift"),
        ("short_version", "In short", "Three practices meet"),
        ("next_topic", "DataOps and MLOps", "an auditor"),
        ("describe", "infographic", "A night train"),
        ("benefits", "Key Benefits", "Four Handovers"),
        ("engagement_question", "budget surprises", "broken table"),
    ],
)
def test_each_script_has_its_own(name: str, ours: str, theirs: str, two: Talk) -> None:
    both = [two.say(f"show {name} {slug}", room=THERE).text for slug in (FIRST, SECOND)]
    if name == "quote":
        both[0] += two.say("show quote role-of-finops", room=THERE).text
    assert ours in both[0]
    assert theirs in both[1]
    assert theirs not in both[0]


def test_which_script_is_meant_is_asked_where_several_fit(talk_on: MakeTalk, scripts: Sequence[Script]) -> None:
    talk = talk_on([without_elements(scripts[0], "bare"), *scripts])
    asked = talk.say("show the benefits")
    assert labels(asked) == [script.title for script in scripts]
    assert "Four Handovers" in talk.say(saying(asked, scripts[1].title)).text


def test_a_script_that_is_gone_is_not_shown(two: Talk) -> None:
    assert two.say("show quote nowhere").activity == "quote"
    assert "financial compass" in two.say("show quote nowhere 5").text


# --- Descriptions ---


def test_all_sections_are_described_and_can_be_chosen(talk: Talk, first: Script) -> None:
    reply = talk.say("describe the visuals and sounds")
    assert reply.activity == "describe"
    assert labels(reply) == [section.title for section in first.sections]
    for choice, section in zip(choices(reply), first.sections, strict=True):
        assert f"Seen: {section.visual}" in reply.text
        one = talk.say(choice.says)
        assert one.text.startswith(section.title)
        assert section.content in one.text
        assert f"Seen: {section.visual}" in one.text
        assert f"Heard: {section.audio}" in one.text
        assert [source.section for source in one.sources] == [section.title]


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("what is shown on the screen in the introduction?", 0),
        ("describe the visuals at 3:00", 2),
        ("describe the pictures of the case study", 4),
        ("describe the split-screen", 2),
        ("describe the third section", 2),
        ("describe the visuals at the end", 5),
    ],
)
def test_a_section_is_found_by_title_moment_place_or_picture(words: str, place: int, talk: Talk, first: Script) -> None:
    reply = talk.say(words)
    assert str(first.sections[place].visual) in reply.text
    assert sum(str(section.visual) in reply.text for section in first.sections) == 1


def test_next_section_leads_to_the_end(talk: Talk, first: Script) -> None:
    reply = talk.say(f"show describe {FIRST} 1")
    for section in first.sections[1:]:
        reply = talk.say(saying(reply, "Next section"))
        assert reply.text.startswith(section.title)
    assert labels(reply) == ["All sections"]


@pytest.mark.parametrize("number", [0, 7, 99])
def test_a_section_that_there_is_none_of_shows_all(number: int, talk: Talk, first: Script) -> None:
    assert len(choices(talk.say(f"show describe {FIRST} {number}"))) == len(first.sections)


def test_what_a_section_lacks_is_said(two: Talk) -> None:
    reply = two.say(f"show describe {SECOND} 1")
    assert "Heard: the script names no sound here." in reply.text
    assert "Accessibility note: the script has none for this section." in reply.text


# --- Questions to discuss ---


def test_questions_go_round_each_in_turn(talk: Talk, first: Script) -> None:
    held = [question for _, question in questions_of(first)]
    asked = [talk.say("give the team something to discuss", ANA)]
    asked += [talk.say(saying(asked[0], "Another question"), CY) for _ in range(2 * len(held) - 1)]
    texts = [reply.text.split("\n")[0] for reply in asked]
    assert texts[: len(held)] == held
    assert sorted(texts[len(held) :]) == sorted(held)
    assert all(reply.sources for reply in asked)


def test_a_section_is_named_for_its_question(talk: Talk) -> None:
    reply = talk.say("a discussion question for the team about the key benefits")
    assert "Which of these benefits" in reply.text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Have you ever? Share in the comments!", "Have you ever?"),
        ("Are you ready? Leave a comment. And don't forget to subscribe for more!", "Are you ready?"),
        ("Hit the like button and the bell.", ""),
        ("Let us know below.", ""),
        ("Which one, and why?", "Which one, and why?"),
        ("", ""),
    ],
)
def test_what_belongs_under_a_video_is_left_out(text: str, kept: str) -> None:
    assert for_chat(text) == kept


def test_what_no_script_has_is_looked_up(talk_on: MakeTalk, scripts: Sequence[Script]) -> None:
    talk = talk_on([without_elements(scripts[0], "bare")])
    assert talk.say("show the benefits").activity == "question"
