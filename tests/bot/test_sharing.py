"""Private answers in rooms of many: what is not said aloud is not answered aloud, and how an answer is shared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.board import Board
from bot.intents import Name, sayings
from bot.reply import Choices, Reply, Sources
from bot.turn import Person, Room
from knowledge.script import Script
from tests.bot.conftest import ALONE, ANA, BO, CY, HERE, THERE, MakeTalk, Talk, labels, saying

QUESTION = "what is `FinOps` <!channel> https://evil.example?"


@pytest.fixture
def talk(talk_on: MakeTalk, scripts: Sequence[Script]) -> Talk:
    return talk_on(scripts, {QUESTION: "FinOps is a **practice**."})


def quietly(talk: Talk, words: str, person: Person = BO, room: Room = HERE) -> Reply:
    """The reply to what is pressed, or said by a command."""
    (reply,) = talk.replies(replace(talk.turn(words, person, room), aloud=False))
    return reply


def test_what_is_not_said_aloud_is_not_answered_aloud(talk: Talk) -> None:
    assert quietly(talk, QUESTION).private
    assert quietly(talk, "keywords").private
    assert not talk.say(QUESTION).private


def test_in_a_room_of_ones_own_nothing_needs_to_be_private(talk: Talk) -> None:
    reply = quietly(talk, QUESTION, room=ALONE)
    assert not reply.private
    assert "share" not in labels(reply)


def test_what_is_to_stand_in_the_room_is_public_however_it_was_said(talk: Talk) -> None:
    assert not quietly(talk, "start the poll", ANA).private


def test_a_private_answer_is_shared_with_its_sources_once(talk: Talk) -> None:
    answer = quietly(talk, QUESTION)
    assert labels(answer) == ["helpful", "not helpful", "share"]
    shared = quietly(talk, saying(answer, "share"))
    assert not shared.private
    assert shared.text == f"Bo asked “{QUESTION}” and shares the answer:\n\nFinOps is a **practice**."
    assert shared.sources == answer.sources
    again = quietly(talk, saying(answer, "share"))
    assert again.private
    assert again.text == "It is shared here already."


def test_a_share_that_was_not_shown_is_shown_by_somebody_else(talk: Talk) -> None:
    shared = quietly(talk, saying(quietly(talk, QUESTION), "share"))
    board = Board(lambda: talk.assistant.keepers, lambda: talk.store)
    assert list(board.pages("test", talk.now)) == []
    talk.wait(minutes=2)
    (page,) = board.pages("test", talk.now)
    assert page.reply == shared


def test_excerpts_are_shared_without_a_question(talk: Talk) -> None:
    shared = quietly(talk, saying(quietly(talk, "keywords"), "share"))
    assert shared.text.startswith("Bo shares this:\n\n")
    assert any(isinstance(part, Sources) for part in shared.parts)


@pytest.mark.parametrize(
    ("shown", "told", "dead"),
    [
        (("benefits", 2), "number 2 of 5", "All of them"),
        (("benefits", None), "- Cost transparency and accountability", ""),
        (("describe", 2), "", "Next section"),
    ],
)
def test_what_is_shared_has_what_was_told_and_no_names_of_buttons(
    talk: Talk, scripts: Sequence[Script], shown: tuple[Name, int | None], told: str, dead: str
) -> None:
    answer = quietly(talk, sayings.show(shown[0], scripts[0].slug, shown[1]))
    if dead:
        assert dead in labels(answer)
    shared = quietly(talk, saying(answer, "share"))
    assert told in shared.text
    assert not dead or dead not in shared.text
    assert shared.sources == answer.sources
    assert not any(isinstance(part, Choices) for part in shared.parts)


def test_only_ones_own_answers_are_shared_and_only_where_they_were_given(talk: Talk) -> None:
    words = saying(quietly(talk, QUESTION), "share")
    assert quietly(talk, words, CY).private
    assert quietly(talk, words, BO, THERE).private
    assert quietly(talk, "share 999999999").private
    shared = quietly(talk, words)
    assert not shared.private


def test_what_says_nothing_or_is_about_somebody_is_not_offered_to_be_shared(talk: Talk) -> None:
    assert "share" not in labels(quietly(talk, "who is the pope?"))
    assert "share" not in labels(quietly(talk, "settings"))


def test_nothing_is_shared_while_all_are_asked_a_question(talk: Talk) -> None:
    words = saying(quietly(talk, QUESTION), "share")
    talk.say("quiz round for everybody", ANA)
    assert quietly(talk, words).text == "A quiz is open here: share the answer after it."
