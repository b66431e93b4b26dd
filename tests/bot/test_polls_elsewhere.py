"""Polls in several places and in private: codes, permits, secrets, and messages that stand."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.board import Board, fingerprint
from bot.commands import polls as shell
from bot.errors import Final, Passing
from bot.reply import Ballot, Picture, Reply, Tally, Text
from bot.scheduler import Scheduler
from bot.store import Draft
from bot.store.database import Store
from bot.store.keys import person_of
from bot.store.polling import FEWEST
from bot.store.seal import Seal, SealError
from bot.turn import Person, Room
from tests.bot.conftest import ANA, BO, CY, HERE, NOON, THERE, Talk, ballot, labels, saying

ELSEWHERE = Room("other", "there")
IN_PRIVATE = Room("test", "bo", private=True)
ON_OTHER = Person("other:dee", "Dee", moderator=True)


def shared(own: Talk, words: str = "poll: Tea? yes, no") -> int:
    """A poll that is held in two places on two platforms."""
    opened = ballot(own.say(words, ANA))
    code = re.search(r"join poll (\w{8})", own.say("share the poll", ANA).text)
    assert code is not None
    joined = own.say(f"join poll {code[1].lower()}", ON_OTHER, ELSEWHERE)
    assert ballot(joined).poll == opened.poll
    return opened.poll


def test_one_poll_in_two_places_has_one_result_and_says_that_two_votes_are_two(own: Talk) -> None:
    poll = shared(own)
    own.say(f"vote {poll} 1", BO)
    told = own.say(f"vote {poll} 2", ON_OTHER, ELSEWHERE)
    tally = next(part for part in told.parts if isinstance(part, Tally))
    assert (tally.counts, tally.voters) == ((1, 1), 2)
    board = Board(lambda: own.assistant.keepers, lambda: own.store)
    pages = list(board.pages("other", own.now + timedelta(hours=1)))
    assert "It is held on Other and Test: whoever votes on two of them counts as two." in ballot(pages[0].reply).notes


@pytest.mark.parametrize("code", ["ABCDEFGH", "AAAAAAAA"])
def test_a_code_that_was_not_given_opens_nothing(own: Talk, code: str) -> None:
    own.say("poll: Tea? yes, no", ANA)
    assert "no open poll by that code" in own.say(f"join poll {code}", ON_OTHER, ELSEWHERE).text


def test_a_code_is_good_for_a_day_and_for_moderators(own: Talk) -> None:
    own.say("poll: Tea? yes, no", ANA)
    code = re.search(r"join poll (\w{8})", own.say("share the poll", ANA).text)
    assert code is not None
    assert "Only moderators" in own.say(f"join poll {code[1]}", BO, THERE).text
    own.wait(days=1, seconds=1)
    assert "no open poll by that code" in own.say(f"join poll {code[1]}", ON_OTHER, ELSEWHERE).text


def test_a_close_in_one_place_is_seen_in_the_other_once(own: Talk) -> None:
    poll = shared(own)
    board = Board(lambda: own.assistant.keepers, lambda: own.store)
    own.say(f"vote {poll} 1", BO)
    own.wait(minutes=2)
    for page in board.pages("other", own.now):
        board.drawn(page, "reference", own.now)
    own.say(f"poll {poll} close", ANA)
    own.wait(minutes=2)
    drawn = []
    for _ in range(3):
        for page in board.pages("other", own.now):
            drawn.append((page.post.slot, type(page.reply.parts[0]), page.post.reference))
            board.drawn(page, page.post.reference or "new", own.now)
    assert sorted(drawn) == sorted([(f"poll-{poll}", Tally, "reference"), (f"result-{poll}", Tally, None)])


def test_a_message_whose_drawing_failed_is_drawn_again_and_a_lost_one_is_not(own: Talk) -> None:
    shared(own)
    board = Board(lambda: own.assistant.keepers, lambda: own.store)
    own.wait(minutes=2)
    (page,) = board.pages("other", own.now)
    assert list(board.pages("other", own.now)) == [], "somebody is drawing it"
    board.refused(page, Passing(), own.now)
    own.wait(seconds=5)
    (again,) = board.pages("other", own.now)
    assert fingerprint(again.reply) == fingerprint(page.reply)
    board.refused(again, Final("gone"), own.now)
    own.wait(days=1)
    assert list(board.pages("other", own.now)) == []


def test_a_message_whose_drawer_died_is_drawn_by_another(own: Talk) -> None:
    shared(own)
    board = Board(lambda: own.assistant.keepers, lambda: own.store)
    own.wait(minutes=2)
    assert len(list(board.pages("other", own.now))) == 1
    own.wait(minutes=2)
    assert len(list(board.pages("other", own.now))) == 1


# --- Anonymous ---


def test_a_vote_aloud_is_declined_and_a_private_one_counts(own: Talk) -> None:
    poll = ballot(own.say("anonymous poll: Tea? yes; no", ANA)).poll
    declined = own.say("yes", BO)
    assert "write to me privately" in declined.text
    assert declined.private
    assert own.tally().voters == 0
    permit = re.search(rf"poll {poll} ([0-9a-f]{{12}})", declined.text)
    assert permit is not None
    private = own.say(permit[0], BO, IN_PRIVATE)
    assert own.say(saying(private, "no"), BO, IN_PRIVATE).text.startswith("Counted: no")
    assert own.tally().counts == (0, 1)
    # Nobody else can vote with it, nor can he twice.
    assert "No poll is open here." in own.say(saying(private, "yes"), CY, replace(IN_PRIVATE, place="cy")).text
    own.say(saying(private, "yes"), BO, IN_PRIVATE)
    assert (own.tally().counts, own.tally().voters) == ((1, 0), 1)


def test_what_is_stored_of_an_anonymous_vote_names_nobody_and_no_moment(own: Talk) -> None:
    poll = ballot(own.say("anonymous poll: Tea? yes; no", ANA)).poll
    turn = replace(own.turn(f"vote {poll} 1", BO), aloud=False)
    (reply,) = own.replies(turn)
    assert reply.text.startswith("Counted")
    with closing(sqlite3.connect(str(own.store))) as database:
        (row,) = database.execute("SELECT * FROM secret_votes").fetchall()
        sealed = database.execute("SELECT key FROM polls").fetchall()
        assert row[0] == poll
        assert re.fullmatch("[0-9a-f]{64}", row[1])
        assert row[2:] == (0, 1)
        assert database.execute("SELECT count(*) FROM votes").fetchall() == [(0,)]
        assert "Counted" not in "\n".join(map(str, database.execute("SELECT content FROM messages").fetchall()))
        with pytest.raises(sqlite3.OperationalError):
            database.execute("SELECT rowid FROM secret_votes")
    assert sealed != [(None,)]
    own.say(f"poll {poll} close", ANA)
    with closing(sqlite3.connect(str(own.store))) as database:
        assert database.execute("SELECT key, voters FROM polls").fetchall() == [(None, 1)]
        assert database.execute("SELECT count(*) FROM secret_votes").fetchall() == [(0,)]
    left = b"".join(file.read_bytes() for file in Path(str(own.store)).parent.glob("store.db*"))
    assert sealed[0][0].encode() not in left, "the key is gone from the file"
    assert row[1].encode() not in left, "so is who voted"


@pytest.mark.parametrize("few", [True, False])
def test_an_anonymous_poll_tells_no_result_before_its_close_and_none_of_a_few(own: Talk, few: bool) -> None:
    """Nobody can subtract what was shown before from what is shown after, wherever they look."""
    opened = ballot(own.say("anonymous poll: Tea? yes; no", ANA))
    poll, voters = opened.poll, FEWEST - 1 if few else FEWEST
    assert f"Results are shown after the close, if at least {FEWEST} people have voted." in opened.notes
    for number in range(voters):
        (told,) = own.replies(replace(own.turn(f"vote {poll} 1", Person(f"test:{number}", "A voter")), aloud=False))
        assert told.text.startswith("Counted")
        assert not any(tells_a_result(reply) for reply in looked_at(own, poll))
    closing_reply = own.say(f"poll {poll} close", ANA)
    late = own.replies(replace(own.turn(f"vote {poll} 2", BO), aloud=False))[0]
    seen = [closing_reply, late, *looked_at(own, poll)]
    if few:
        assert not any(tells_a_result(reply) for reply in seen)
        assert "4 people voted; the poll is closed. It was anonymous, and fewer than 5 voted" in closing_reply.text
        with closing(sqlite3.connect(str(own.store))) as database:
            assert database.execute("SELECT votes FROM options").fetchall() == [(None,), (None,)]
    else:
        assert sum(tells_a_result(reply) for reply in seen) == len(seen) - 1, "all but the trend"


def looked_at(own: Talk, poll: int) -> list[Reply]:
    """What is shown of a poll wherever one can look; what the shell prints as a reply of one text."""
    said = [own.say(f"poll {poll} results", ANA), own.say("trend", ANA)]
    drawers = {kind: drawer for keeper in own.assistant.keepers for kind, drawer in keeper.drawers.items()}
    with own.store.reading() as records:
        found = records.polls.find(poll)
        assert found is not None
        drawn = [drawers[kind](records, poll, HERE) for kind in ("poll", "result")]
        printed = "\n".join(shell.results(found, records))
        record = json.dumps(shell.record(found, records))
        table = shell.as_csv(found, records)
    assert (table is None) == (json.loads(record)["votes"] is None)
    said += [page for page in drawn if page is not None]
    return [*said, Reply((Text(printed),), "results"), Reply((Text(f"{record}{table}"),), "results")]


def tells_a_result(reply: Reply) -> bool:
    """Whether a part of a reply is a result, its picture, or counts in words."""
    shown = any(isinstance(part, Tally | Picture) or (isinstance(part, Ballot) and part.counts) for part in reply.parts)
    return shown or "%" in reply.text or '"votes": {' in reply.text


def test_with_another_secret_a_vote_is_declined_in_one_sentence(own: Talk) -> None:
    poll = ballot(own.say("anonymous poll: Tea? yes; no", ANA)).poll
    own.store.close()
    with closing(Store(Path(str(own.store)), lambda: b"another secret of at least 32 characters")) as other:
        own.assistant._open_store = lambda: other
        own.assistant._opened = None
        own.store = other
        told = own.replies(replace(own.turn(f"vote {poll} 1", BO), aloud=False))[0]
        assert "FINOPS_SECRET" in told.text
        assert own.tally().voters == 0
        assert own.say(f"poll {poll} close", ANA).text.startswith("Results")


def test_keys_differ_by_poll_and_person_and_need_the_secret() -> None:
    seal, other = Seal(lambda: b"x" * 32), Seal(lambda: b"y" * 32)
    first, second = seal.new_key(), seal.new_key()
    names = {seal.voter(key, person) for key in (first, second) for person in (BO, CY)}
    assert len(names) == 4
    assert seal.voter(first, BO) == seal.voter(first, BO)
    assert not any(person_of(BO) in name for name in names)
    with pytest.raises(SealError):
        other.voter(first, BO)


# --- What is due ---


def test_what_fails_is_tried_again_and_does_not_hold_up_the_rest(own: Talk) -> None:
    ballot(own.say("poll: Tea? yes, no for 2h", ANA))
    with own.store.writing() as records:
        records.due.set("unheard of", 1, NOON)
    scheduler = Scheduler(lambda: own.assistant.keepers, lambda: own.store)
    own.wait(hours=3)
    scheduler.work(own.now)
    assert own.tally().closed
    with own.store.reading() as records:
        coming = records.due.next()
    assert coming is not None
    assert own.now < coming <= own.now + timedelta(hours=1)


def test_twenty_polls_are_enough_for_a_place(own: Talk) -> None:
    for number in range(20):
        assert ballot(own.say(f"poll: Number {number}? yes, no", ANA))
    assert own.say("poll: One more? yes, no", ANA).text.startswith("20 polls are open here")
    assert labels(own.say("polls"))


def test_a_stale_button_of_an_option_that_went_votes_for_nothing(own: Talk) -> None:
    opened = own.say("poll: Tea? yes, no, perhaps", ANA)
    stale = saying(opened, "no")
    with own.store.writing() as records:
        poll = records.polls.newest_open(HERE, own.now)
        assert poll is not None
        records.polls.change(poll, Draft("Tea?", ("yes", "perhaps", "later")), own.now)
    assert "not in the poll any more" in own.say(stale).text
    assert own.tally().voters == 0
    assert own.say("2").text.startswith("Counted: perhaps")
    assert own.tally().options == ("yes", "perhaps", "later")


@pytest.mark.parametrize(
    "words", ["vote 99 1", "unvote 99", "poll 99 close", "poll 99 edit", "poll 99 results", "vote 1 0"]
)
def test_numbers_of_nothing_get_a_sentence(own: Talk, words: str) -> None:
    own.say("poll: Tea? yes, no", ANA)
    before = own.tally()
    assert own.say(words, ANA).text
    assert own.tally() == before
