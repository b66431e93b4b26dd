"""The settings of a place, what is kept about a person, opinions on answers, what the bot costs, and stopping."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import timedelta

import pytest

from bot.activities.feedback import REASON
from bot.activities.privacy import delete_old
from bot.reply import Choice, Choices, Reply
from bot.scheduler import Scheduler
from bot.store import Draft
from bot.store.database import Store
from bot.turn import Person
from tests.bot.conftest import ALONE, ANA, BO, CY, FIRST, HERE, SECOND, THERE, Talk, form, kept, labels, saying

OURS, THEIRS = "The role of FinOps in AI project success", "How DataOps and MLOps complement FinOps"


def rows(store: Store, query: str) -> list[tuple[object, ...]]:
    """What a query finds in the store's file."""
    with contextlib.closing(sqlite3.connect(str(store))) as database:
        return database.execute(query).fetchall()


# --- Places ---


def test_the_only_script_leaves_nothing_to_choose(talk: Talk) -> None:
    reply = talk.say("settings", ANA)
    assert OURS in reply.text
    assert "nothing else to choose" in reply.text
    assert labels(reply) == ["Change the settings"]


@pytest.mark.parametrize("person", [ANA, BO])
def test_everybody_may_see_the_settings(person: Person, two: Talk) -> None:
    reply = two.say("settings", person)
    assert f"come from “{OURS}”" in reply.text
    assert labels(reply) == [f"Use “{THEIRS}”", *(["Change the settings"] if person.moderator else [])]


def test_a_moderator_changes_the_script_of_a_place_and_of_no_other(two: Talk) -> None:
    reply = two.say(saying(two.say("settings", ANA), f"Use “{THEIRS}”"), ANA)
    assert f"From now on polls, quizzes and cards here come from “{THEIRS}”." in reply.text
    assert two.scene(BO).place.script == SECOND
    assert "Four Handovers" in two.say("show the benefits").text
    assert "What share of trained models" in two.say("quiz me").text
    assert two.scene(BO, THERE).place.script is None
    assert "Key Benefits" in two.say("show the benefits", room=THERE).text
    assert labels(two.say("settings")) == [f"Use “{OURS}”"]


def test_a_member_does_not_change_a_shared_place_in_any_way(two: Talk) -> None:
    for words in ("use the DataOps script", f"use {SECOND}", f"show settings {SECOND}"):
        reply = two.say(words, BO)
        assert "Only moderators can change the settings of this place." in reply.text, words
        assert reply.private
    assert two.scene().place.script is None


def test_a_member_changes_the_settings_of_a_talk_of_their_own(two: Talk) -> None:
    assert "From now on" in two.say("use the DataOps script", BO, ALONE).text
    assert two.scene(BO, ALONE).place.script == SECOND
    assert "From now on" in two.say(f"use {FIRST}", BO, ALONE).text
    assert two.scene(BO, ALONE).place.script == FIRST


@pytest.mark.parametrize("words", [f"use {FIRST}", "use nonsense", "show settings nowhere 7"])
def test_what_is_current_or_unknown_changes_nothing(words: str, two: Talk) -> None:
    assert f"come from “{OURS}”" in two.say(words, ANA).text
    assert two.scene().place.script is None


# --- Privacy ---


def test_what_is_kept_is_counted(talk: Talk) -> None:
    assert "About you I hold nothing." in talk.say("privacy", CY).text
    talk.say("start the poll", ANA)
    talk.say("1")
    answer = talk.say("what is FinOps?")
    talk.say(saying(answer, "helpful"))
    talk.say("quiz me")
    reply = talk.say("what do you store about me?")
    assert "I hold 6 messages, 1 change that you can undo, 1 opinion on an answer, 1 quiz and 1 vote." in reply.text
    assert "deleted after 90 days" in reply.text
    assert reply.private


@pytest.mark.parametrize("words", ["delete my data", "forget me", "please erase everything you know about me"])
def test_nothing_is_deleted_without_asking_back(words: str, talk: Talk) -> None:
    talk.say("start the poll", ANA)
    talk.say("1")
    reply = talk.say(words)
    assert "Shall I delete all of it?" in reply.text
    assert labels(reply) == ["Delete it", "Keep it"]
    assert talk.say(saying(reply, "Keep it")).text == "Nothing was deleted."
    assert talk.tally().voters == 1


def test_deleting_leaves_closed_counts_without_the_person_and_nothing_else(talk: Talk) -> None:
    talk.say("start the poll", ANA)
    talk.say("1")
    talk.say("2", CY)
    talk.say("close the poll", ANA)
    closed = talk.tally()
    talk.say("start the poll", ANA)
    talk.say("3")
    talk.say("3", CY)
    talk.say("quiz me")
    talk.say("my hushed question")
    talk.say("not helpful", fields={REASON: "my hushed reason"})
    reply = talk.say(saying(talk.say("delete my data"), "Delete it"))
    assert reply.text.startswith("Done:")
    assert talk.tally().counts == (0, 0, 1)
    with talk.store.reading() as records:
        poll = records.polls.find(closed.poll, HERE)
        assert poll is not None
        assert records.polls.votes.tally(poll) == closed
        assert records.kept(BO) == []
    assert talk.scene().quiz is None
    with contextlib.closing(sqlite3.connect(str(talk.store))) as database:
        dump = "\n".join(database.iterdump())
    assert "hushed" not in dump
    # What other people said stays.
    assert rows(talk.store, "SELECT count(*) FROM votes WHERE voter = 'test:cy'") == [(2,)]


def test_no_table_knows_anything_of_somebody_who_is_forgotten(talk: Talk) -> None:
    for words in (
        *("poll: where? here, there", "save the poll as lunch", "repeat the poll every monday at 9:00", "1"),
        *("post a question for the team", "answer: so", "start a quiz for all", "quiz me", "join the leaderboard"),
        *("poll: open? b, c", "who is the pope?", "not helpful"),
    ):
        talk.replies(talk.turn(words, ANA))
    with talk.store.writing() as records:
        records.drafts.keep(ANA, Draft("mine?", ("b", "c")), talk.now)
    reply = talk.say("privacy delete everything", ANA)
    assert "templates and schedules that you made, stay" in reply.text
    with talk.store.reading() as records:
        assert [one.name for one in records.plans.templates(HERE)] == ["lunch"]
        assert len(records.plans.schedules(HERE)) == 1
    with contextlib.closing(sqlite3.connect(str(talk.store))) as database:
        dump = "\n".join(database.iterdump())
    assert ANA.id not in dump
    assert "'Ana'" not in dump


def test_what_becomes_old_while_the_bot_runs_is_deleted_every_day(talk: Talk) -> None:
    scheduler = Scheduler(lambda: talk.assistant.keepers, lambda: talk.store)
    with talk.store.writing() as records:
        delete_old(records, 90, talk.now)
    talk.say("quiz me")
    for days, left in ((89, True), (2, False)):
        talk.wait(days=days)
        assert scheduler.work(talk.now) == 1
        with talk.store.reading() as records:
            assert ("2 messages" in map(str, records.kept(BO))) == left
    assert scheduler.work(talk.now + timedelta(hours=23)) == 0


def test_somebody_else_is_not_forgotten(talk: Talk) -> None:
    talk.say("quiz me", CY)
    talk.say("privacy delete everything", BO)
    assert talk.scene(CY).quiz is not None
    with talk.store.reading() as records:
        assert kept(records, CY)["messages"] == 2


# --- Feedback ---


def opinions(talk: Talk) -> list[tuple[object, ...]]:
    return rows(talk.store, "SELECT message, person, helpful, reason FROM feedback ORDER BY message, person")


def number(answer: Reply) -> int:
    return int(saying(answer, "helpful").split()[1])


def test_an_answer_is_judged_by_buttons(talk: Talk) -> None:
    answer = talk.say("what is FinOps?")
    assert labels(answer) == ["helpful", "not helpful"]
    assert all(part.aside for part in answer.parts if isinstance(part, Choices))
    assert talk.say(saying(answer, "helpful")).text == "Good to hear, thank you."
    assert opinions(talk) == [(number(answer), "test:bo", 1, None)]
    reply = talk.say(form(answer).says, fields={REASON: " no figures "})
    assert reply.text.startswith("Thank you for saying so.")
    assert reply.private
    assert opinions(talk) == [(number(answer), "test:bo", 0, "no figures")]


@pytest.mark.parametrize(
    ("words", "helpful"),
    [
        ("helpful", 1),
        ("that was very helpful!", 1),
        ("That helped.", 1),
        ("not helpful", 0),
        ("this was not really helpful", 0),
        ("unhelpful", 0),
        ("that's wrong", 0),
        ("it didn't help at all", 0),
    ],
)
def test_an_answer_is_judged_in_words(words: str, helpful: int, talk: Talk) -> None:
    answer = talk.say("what is FinOps?")
    talk.say(words)
    assert opinions(talk) == [(number(answer), "test:bo", helpful, None)]


def test_a_second_opinion_takes_the_place_of_the_first(talk: Talk) -> None:
    answer = talk.say("what is FinOps?")
    for words in ("not helpful", "that was helpful", "not helpful"):
        talk.say(words)
    assert opinions(talk) == [(number(answer), "test:bo", 0, None)]


def test_only_own_answers_are_judged(talk: Talk) -> None:
    answer = talk.say("what is FinOps?", BO)
    for words in (saying(answer, "helpful"), form(answer).says, "that was helpful", "helpful 999999999"):
        assert "no answer of mine here" in talk.say(words, CY).text, words
    assert opinions(talk) == []


@pytest.mark.parametrize("words", ["how helpful is FinOps?", "helpful tips for FinOps please"])
def test_a_question_about_help_is_no_opinion(words: str, talk: Talk) -> None:
    talk.say("what is FinOps?")
    talk.say(words)
    assert opinions(talk) == []


def test_an_opinion_is_not_offered_on_anything_but_answers(talk: Talk) -> None:
    helpful = Choice("helpful", "helpful 2")
    for words in ("help", "give me a quote", "start the poll", "who won the champions league final?"):
        assert helpful.label not in labels(talk.say(words)), words


# --- Usage and stopping ---


def test_usage_counts_the_replies_of_this_month_in_this_place(talk: Talk) -> None:
    talk.say("help", room=THERE)
    talk.say("help")
    talk.say("give me a quote", CY)
    assert "I have given 2 replies here" in talk.say("what do you cost?").text
    talk.wait(days=31)
    reply = talk.say("what do you cost?")
    assert "In February 2025 I have given 0 replies here" in reply.text
    assert "0 tokens" in reply.text


def test_stopping_where_nothing_is_open_is_harmless(talk: Talk) -> None:
    assert talk.say("stop").text.startswith("Nothing is open")


def test_stopping_ends_the_quiz_before_it_speaks_of_the_poll(talk: Talk) -> None:
    talk.say("start the poll", ANA)
    talk.say("quiz me", ANA)
    assert talk.say("stop", ANA).text.startswith("The quiz is stopped.")
    assert "is open" in talk.say("stop", ANA).text
    assert not talk.tally().closed
