"""Limits: nobody keeps the bot from the others, and nothing grows without end."""

from __future__ import annotations

from bot.activities import MOST_SCHEDULES
from bot.activities.polls.keeping import MOST_TEMPLATES
from bot.activities.polls.opening import MOST
from bot.charts import chart
from bot.charts.card import _made
from bot.limits import Limits
from bot.reply import Tally
from bot.store import Draft
from bot.store.polling import MOST_DRAFTS
from bot.turn import Person
from tests.bot.conftest import ANA, BO, CY, HERE, Talk, kept

DRAFTS = "polls that you have not opened"


def test_every_act_counts_and_one_who_does_too_much_is_told_once(talk: Talk) -> None:
    talk.assistant._limits = Limits(acts=5)
    for words in ("help", "privacy", "show quote role-of-finops", "poll 3 results", "thanks"):
        talk.say(words, BO)
    told = talk.say("help", BO)
    assert told.private
    assert told.text.startswith("You have said or pressed 5 things within a minute: please wait ")
    for words in ("help", "what is FinOps?", "share 1"):
        assert talk.replies(talk.turn(words, BO)) == []
    assert not talk.say("help", CY).text.startswith("You have")


def test_votes_count_apart(talk: Talk) -> None:
    talk.say("start the poll", ANA)
    poll = talk.tally().poll
    talk.assistant._limits = Limits(acts=1, votes=2)
    talk.say("help", BO)
    assert talk.tally().voters == 0
    for option in (1, 2):
        talk.say(f"vote {poll} {option}", BO)
    assert talk.say(f"vote {poll} 3", BO).text.startswith("You have cast 2 votes within a minute: please wait ")
    assert talk.replies(talk.turn(f"unvote {poll}", BO)) == []
    assert talk.tally().counts[1] == 1


def test_overheard_words_of_one_who_floods_are_not_read(talk: Talk) -> None:
    talk.assistant._limits = Limits(acts=3)
    for _ in range(3):
        talk.say("help", BO)
    assert talk.replies(talk.turn("what is FinOps?", BO)) != []  # told
    assert talk.replies(talk.turn("what is FinOps?", BO)) == []


def test_an_apology_is_as_private_as_what_was_pressed(talk: Talk) -> None:
    talk.say("start the poll", ANA)
    poll = talk.tally().poll

    def broken() -> None:
        raise OSError("gone")

    talk.assistant._open_store = broken  # type: ignore[assignment]
    talk.assistant._opened = None
    for words, aloud in ((f"vote {poll} 1", False), ("help", False), ("what is FinOps?", True)):
        turn = talk.turn(words, BO)
        (sorry,) = talk.replies(type(turn)(turn.id, turn.room, turn.person, words, turn.at, aloud=aloud))
        assert sorry.text.startswith("Sorry")
        assert sorry.private is not aloud


def test_a_place_keeps_so_many_templates_and_no_more(talk: Talk) -> None:
    talk.say("poll: a? b, c", ANA)
    for number in range(MOST_TEMPLATES):
        assert talk.say(f"save the poll as lunch {number}", ANA).text.startswith("Kept")
    assert talk.say("save the poll as dinner", ANA).text.startswith(f"{MOST_TEMPLATES} polls are kept here for reuse")
    assert talk.say("save the poll as LUNCH 7", ANA).text.startswith("Kept")


def test_so_many_things_come_again_in_a_place_and_no_more(talk: Talk) -> None:
    talk.say("poll: a? b, c", ANA)
    for _ in range(MOST_SCHEDULES):
        assert "comes again" in talk.say("repeat the poll every monday at 9:00", ANA).text
    for words in ("repeat the poll daily", "poll: d? e, f every monday at 9:00 for 2h"):
        assert talk.say(words, ANA).text.startswith(f"{MOST_SCHEDULES} things come again here")


def test_a_closed_poll_is_not_opened_again_beside_as_many_as_there_can_be(talk: Talk) -> None:
    talk.say("poll: first? b, c", ANA)
    first = talk.tally().poll
    talk.say("close the poll", ANA)
    with talk.store.writing() as records:
        for number in range(MOST):
            records.polls.start(HERE, "somebody", talk.now, Draft(f"{number}?", ("b", "c")))
    assert talk.say(f"reopen poll {first}", ANA).text.startswith(f"{MOST} polls are open here")


def test_somebody_keeps_so_many_drafts_the_newest(talk: Talk) -> None:
    with talk.store.writing() as records:
        numbers = [
            records.drafts.keep(BO, Draft(f"{number}?", ("b", "c")), talk.now) for number in range(MOST_DRAFTS + 3)
        ]
        others = Person("test:other", "Other")
        records.drafts.keep(others, Draft("a?", ("b", "c")), talk.now)
        assert kept(records, BO)[DRAFTS] == MOST_DRAFTS
        assert kept(records, others)[DRAFTS] == 1
        assert [records.drafts.find(number, BO) is not None for number in numbers] == [False] * 3 + [True] * MOST_DRAFTS


def test_the_picture_of_a_result_is_made_once() -> None:
    tally = Tally(1, "Where?", ("here", "there"), (3, 4), 7, True)
    before = _made.cache_info().misses
    pictures = {chart(tally).draw() for _ in range(3)}
    assert len(pictures) == 1
    assert _made.cache_info().misses == before + 1
