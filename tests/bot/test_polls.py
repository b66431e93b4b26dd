"""Polls: who may open and close them, how people vote, and what becomes of buttons that have had their day."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.reply import Reply, Tally
from bot.turn import Room
from knowledge.script import Script
from tests.bot.conftest import (
    ALONE,
    ANA,
    BO,
    CY,
    HERE,
    THERE,
    MakeTalk,
    Talk,
    ballot,
    choices,
    labels,
    saying,
    without_elements,
)

QUESTION = "How familiar are you with FinOps?"
OPTIONS = ("Very familiar", "Somewhat familiar", "Not at all")


def tally(reply: Reply) -> Tally:
    return next(part for part in reply.parts if isinstance(part, Tally))


# --- Opening ---


@pytest.mark.parametrize("words", ["start the poll", "can we do the poll?", "start teh poll", "Let's have a poll"])
def test_a_member_is_told_who_may_start_a_poll_and_offered_the_quiz(words: str, talk: Talk) -> None:
    reply = talk.say(words)
    assert "Only moderators can start a poll" in reply.text
    assert reply.private
    assert talk.scene().poll is None
    assert talk.say(saying(reply, "Quiz me")).activity == "quiz_start"


def test_a_moderator_opens_the_poll_of_the_script(talk: Talk) -> None:
    reply = talk.say("start the poll", ANA)
    poll = ballot(reply)
    assert (poll.question, poll.voters) == (QUESTION, 0)
    assert tuple(labels(reply)) == OPTIONS
    assert not reply.private
    assert [source.section for source in reply.sources] == ["What is FinOps?"]


def test_starting_it_again_shows_the_same_poll_with_its_votes(talk: Talk) -> None:
    first = talk.say("start the poll", ANA)
    talk.say("2")
    again = talk.say("start the poll", ANA)
    assert ballot(again).poll == ballot(first).poll
    assert ballot(again).voters == 1
    assert again.private, "a second message of the same poll would go stale"
    assert labels(again)[:3] == labels(first)


def test_every_room_has_its_own_poll_and_threads_share_that_of_their_room(talk: Talk) -> None:
    here = ballot(talk.say("start the poll", ANA))
    there = ballot(talk.say("start the poll", ANA, THERE))
    thread = ballot(talk.say("start the poll", ANA, Room("test", "here", thread="7")))
    assert there.poll != here.poll
    assert thread.poll == here.poll


def test_once_closed_it_can_be_opened_anew_with_no_votes(talk: Talk) -> None:
    first = ballot(talk.say("start the poll", ANA))
    talk.say("1")
    talk.say("close the poll", ANA)
    again = ballot(talk.say("start the poll", ANA))
    assert again.poll != first.poll
    assert again.voters == 0


# --- Voting ---


@pytest.mark.parametrize(
    ("words", "option"),
    [
        ("1", 1),
        ("b", 2),
        ("C)", 3),
        ("option 3", 3),
        ("the last one", 3),
        ("very familiar", 1),
        ("Somewhat familiar.", 2),
        ("not at all", 3),
        ("somwhat familar", 2),
        ("i vote for the first one", 1),
        ("I know a bit", 2),
        ("never heard of it", 3),
    ],
)
def test_a_vote_is_understood(words: str, option: int, talk: Talk) -> None:
    talk.say("start the poll", ANA)
    reply = talk.say(words)
    assert reply.text.startswith(f"Counted: {OPTIONS[option - 1]}.")
    assert tally(reply).counts == tuple(int(place == option) for place in (1, 2, 3))
    assert reply.private


def test_a_vote_that_is_not_clear_is_asked_once_and_not_counted(talk: Talk) -> None:
    talk.say("start the poll", ANA)
    asked = talk.say("maybe somewhat familiar")
    assert asked.private
    assert "Do you vote for “Somewhat familiar”?" in asked.text
    assert labels(asked) == ["Somewhat familiar", "Very familiar", "Not at all"]
    assert talk.tally().voters == 0
    assert "Which one do you vote for?" not in talk.say("1 or 3").text
    assert talk.tally().voters == 0
    assert tally(talk.say(saying(asked, "Very familiar"))).counts == (1, 0, 0)


def test_yes_counts_what_was_asked_about_for_nobody_else(talk: Talk) -> None:
    talk.say("start the poll", ANA)
    talk.say("somewhat familiar?", BO)
    talk.say("yes", ANA)
    assert talk.tally().voters == 0
    assert tally(talk.say("yes", BO)).counts == (0, 1, 0)


def test_what_was_said_and_not_clear_is_in_no_memory(talk: Talk) -> None:
    talk.say("start the poll", ANA)
    talk.say("maybe somewhat familiar")
    scene = talk.scene()
    assert scene.before == "poll_answer"
    assert not any("maybe" in message.content for message in scene.history)


def test_in_an_anonymous_poll_no_option_is_named_where_it_is_asked(talk: Talk) -> None:
    talk.say("new poll: Lunch? Pizza, Sushi; anonymous", ANA, ALONE)
    asked = talk.say("maybe pizza", ANA, ALONE)
    assert "Which one do you vote for?" in asked.text
    assert "“Pizza”" not in asked.text


def test_an_abstention_is_told_and_a_vote_stays(talk: Talk) -> None:
    talk.say("start the poll", ANA)
    assert talk.say("I abstain").text.startswith("All right, I have counted nothing for you.")
    talk.say("not at all")
    assert talk.say("I abstain").text.startswith("I have counted nothing new; your vote is still Not at all.")
    assert talk.tally().counts == (0, 0, 1)


def test_every_button_of_a_poll_votes_for_what_is_written_on_it(talk: Talk) -> None:
    opened = talk.say("start the poll", ANA)
    for choice in choices(opened):
        told = tally(talk.say(choice.says))
        assert dict(zip(OPTIONS, told.counts, strict=True)) == {o: int(o == choice.label) for o in OPTIONS}


def test_the_last_vote_of_a_person_counts(talk: Talk) -> None:
    talk.say("start the poll", ANA)
    assert "Counted: Very familiar." in talk.say("1").text
    assert "Your vote was Very familiar before, and still is." in talk.say("a").text
    assert "Changed: Not at all instead of Very familiar." in talk.say("3").text
    talk.say("2", CY)
    talk.say("2", ANA)
    assert talk.tally().counts == (0, 2, 1)
    assert talk.tally().voters == 3


@pytest.mark.parametrize("option", [0, 4, 77, 999_999_999])
def test_an_option_that_there_is_none_of_is_no_vote(option: int, talk: Talk) -> None:
    poll = ballot(talk.say("start the poll", ANA)).poll
    reply = talk.say(f"vote {poll} {option}")
    assert "from 1 to 3" in reply.text
    assert talk.tally().voters == 0


def test_a_question_is_answered_while_a_poll_is_open(talk: Talk) -> None:
    talk.say("start the poll", ANA)
    assert talk.say("what is FinOps?").activity == "question"
    assert talk.tally().voters == 0


def test_a_button_of_a_closed_poll_does_not_vote_even_where_another_is_open(talk: Talk) -> None:
    old = talk.say("start the poll", ANA)
    talk.say(saying(old, "Very familiar"))
    talk.say("close the poll", ANA)
    talk.say("start the poll", ANA)
    reply = talk.say(saying(old, "Not at all"))
    assert "closed; your vote was not counted" in reply.text
    assert tally(reply).counts == (1, 0, 0)
    assert talk.tally().voters == 0


def test_a_button_of_a_poll_elsewhere_does_not_vote(talk: Talk) -> None:
    there = talk.say("start the poll", ANA, THERE)
    talk.say("start the poll", ANA, HERE)
    assert "No poll is open here." in talk.say(saying(there, "Not at all"), room=HERE).text
    assert talk.tally(HERE).voters == 0
    assert talk.tally(THERE).voters == 0


@pytest.mark.parametrize("words", ["vote 99 1", "vote 999999999 1", "vote 0 0"])
def test_a_vote_in_a_poll_that_never_was_is_told(words: str, talk: Talk) -> None:
    assert "No poll is open here." in talk.say(words).text


# --- Results and closing ---


def test_there_are_no_results_before_a_poll(talk: Talk) -> None:
    for person, offered in ((ANA, ["Start the poll", "Quiz me"]), (BO, ["Quiz me"])):
        reply = talk.say("results", person)
        assert "No poll has been held here yet" in reply.text
        assert labels(reply) == offered


def test_results_are_told_to_everybody_open_or_closed(talk: Talk) -> None:
    talk.say("start the poll", ANA)
    assert "Nobody voted; the poll is open." in talk.say("results").text
    talk.say("1")
    talk.say("3", CY)
    for person in (ANA, BO):
        reply = talk.say("how did we vote?", person)
        assert tally(reply).counts == (1, 0, 1)
        assert tally(reply).shares == (50, 0, 50)
        assert not tally(reply).closed
        assert labels(reply) == (["Votes by name", "Close the poll"] if person.moderator else [])
    talk.say("close the poll", ANA)
    closed = talk.say("results")
    assert tally(closed).closed
    assert tally(closed).counts == (1, 0, 1)
    assert choices(closed) == []


def test_a_moderator_closes_by_button(talk: Talk) -> None:
    talk.say("start the poll", ANA)
    reply = talk.say(saying(talk.say("results", ANA), "Close the poll"), ANA)
    assert tally(reply).closed
    assert talk.scene().poll is None


@pytest.mark.parametrize("words", ["close the poll", "end the poll please", "close voting"])
def test_a_moderator_closes_in_words(words: str, talk: Talk) -> None:
    talk.say("start the poll", ANA)
    talk.say("2")
    reply = talk.say(words, ANA)
    assert tally(reply).closed
    assert tally(reply).counts == (0, 1, 0)


def test_a_member_does_not_close_a_poll_in_any_way(talk: Talk) -> None:
    poll = ballot(talk.say("start the poll", ANA)).poll
    for words in ("close the poll", f"poll {poll} close"):
        assert "Only moderators can close a poll" in talk.say(words).text
    talk.say("stop")
    assert not talk.tally().closed


def test_closing_twice_changes_nothing(talk: Talk) -> None:
    poll = ballot(talk.say("start the poll", ANA)).poll
    talk.say("3")
    first = tally(talk.say(f"poll {poll} close", ANA))
    again = talk.say(f"poll {poll} close", ANA)
    assert "closed before" in again.text
    assert tally(again) == first
    assert "No poll is open here." in talk.say("close the poll", ANA).text


def test_a_button_that_closes_an_old_poll_leaves_the_new_one_open(talk: Talk) -> None:
    old = ballot(talk.say("start the poll", ANA)).poll
    talk.say("close the poll", ANA)
    new = ballot(talk.say("start the poll", ANA)).poll
    assert "closed before" in talk.say(f"poll {old} close", ANA).text
    assert "the poll is closed" in talk.say(f"poll {old} results", ANA).text
    scene = talk.scene()
    assert scene.poll is not None
    assert scene.poll.id == new


def test_a_poll_elsewhere_is_neither_shown_nor_closed_from_here(talk: Talk) -> None:
    there = ballot(talk.say("start the poll", ANA, THERE)).poll
    assert "No poll is open here." in talk.say(f"poll {there} close", ANA, HERE).text
    assert "No poll has been held here yet" in talk.say(f"poll {there} results", ANA, HERE).text
    assert not talk.tally(THERE).closed


def test_stop_tells_that_a_poll_stays_open(talk: Talk) -> None:
    talk.say("start the poll", ANA)
    assert "still open" in talk.say("stop").text
    offered = talk.say("stop", ANA)
    assert not talk.tally().closed
    talk.say(saying(offered, "Close the poll"), ANA)
    assert talk.tally().closed


# --- Several scripts ---


def test_the_poll_is_that_of_the_current_script_unless_another_is_named(two: Talk) -> None:
    assert ballot(two.say("start the poll", ANA)).question == QUESTION
    assert ballot(two.say("start the poll on MLOps", ANA, THERE)).question == "Who repairs your data when it breaks?"


def test_options_that_are_no_degrees_are_voted_for_in_words(two: Talk) -> None:
    opened = two.say("start the poll on MLOps", ANA)
    assert labels(opened) == ["Whoever notices", "A data engineer", "The CI/CD pipeline", "Nobody"]
    for words, option in (("nobody", 4), ("the data engineer", 2), ("pipeline", 3), ("a", 1)):
        assert tally(two.say(words)).counts.index(1) + 1 == option, words


def test_which_poll_is_meant_is_asked_where_the_current_script_has_none(
    talk_on: MakeTalk, scripts: Sequence[Script]
) -> None:
    talk = talk_on([without_elements(scripts[0], "bare"), *scripts])
    asked = talk.say("start the poll", ANA)
    assert asked.text.startswith("Which one do you mean?")
    assert labels(asked) == [script.title for script in scripts]
    opened = talk.say(saying(asked, scripts[1].title), ANA)
    assert ballot(opened).question == "Who repairs your data when it breaks?"


def test_where_no_script_has_a_poll_that_is_said(talk_on: MakeTalk, scripts: Sequence[Script]) -> None:
    talk = talk_on([without_elements(scripts[0], "bare")])
    reply = talk.say("start the poll", ANA)
    assert "None of my scripts has that." in reply.text
    assert reply.abstained
