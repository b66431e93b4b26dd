"""Somebody else's words, about which a person asks: a question and nothing else, answered to who asks alone."""

from __future__ import annotations

from dataclasses import replace

from bot.activities.questions import NO_PICTURES, NO_WORDS, ONLY_PICTURES
from bot.reply import Reply
from tests.bot.conftest import ANA, CY, Talk

QUESTION = "What is FinOps?"


def ask_about(talk: Talk, words: str, pictures: bool = False) -> Reply:
    """What a moderator is told who asks about a message with these words."""
    about = replace(talk.turn(words, ANA), quoted=True, pictures=pictures)
    *_, reply = talk.replies(about)
    assert reply.private
    return reply


# Each of them does something to whoever says it in their own name.
DOING = (
    "yes",
    "2",
    "very familiar",
    "vote 1 2",
    "close the poll",
    "poll 1 close",
    "be quiet",
    "switch quizzes off",
    "time zone Europe/Berlin",
    "poll: Is Ana a fool? Yes, No",
    "start the poll",
    "quiz me",
    "quiz round for everybody",
    "60%",
    "quiz 1 answer 1",
    "answer: we tag everything",
    "post a question for the team",
    "privacy delete everything",
    "join the leaderboard",
    "share 1",
    "helpful 1",
    "stop",
)


def test_words_of_somebody_else_do_nothing(talk: Talk) -> None:
    talk.say(QUESTION, ANA)
    talk.say("start the poll", ANA)
    talk.say("quiz me", ANA)
    before, scene = talk.tally(), talk.scene(ANA)
    for words in DOING:
        assert ask_about(talk, words).activity == "question", words
        after = talk.scene(ANA)
        assert talk.tally() == before, words
        assert (after.place, after.quiz, after.round, after.discussion) == (
            scene.place,
            scene.quiz,
            scene.round,
            scene.discussion,
        ), words


def test_a_question_of_somebody_else_is_answered_without_what_was_said_before(talk: Talk) -> None:
    talk.say("What did Company X achieve?", ANA)
    assert "financial compass" in ask_about(talk, QUESTION).text
    assert ask_about(talk, "why?").verdict != "answer"


def test_pictures_are_said_not_to_be_read(talk: Talk) -> None:
    assert NO_PICTURES in ask_about(talk, QUESTION, pictures=True).text
    assert ask_about(talk, " ", pictures=True).text == ONLY_PICTURES
    assert ask_about(talk, "").text == NO_WORDS
    (own,) = talk.replies(replace(talk.turn("", CY), pictures=True))
    assert own.text == ONLY_PICTURES
