"""Discussions in the store: what is open where, how many replies are kept, and what goes when somebody goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.store import Discussion
from bot.store.database import Store
from bot.store.discussing import GATHERED, digest_slot, question_slot
from bot.store.discussions import MOST, MOST_OF_A_PERSON
from bot.store.records import Records
from bot.store.scope import EVERYTHING, Scope
from bot.turn import Person, Room
from tests.bot.conftest import ALONE, ANA, BO, CY, HERE, NOON, THERE, kept, purge

pytestmark = pytest.mark.every_database

REPLIES = "replies to posted questions"

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def posted(records: Records, room: Room = HERE, question: str = "Why?", days: int = 0) -> Discussion:
    return records.discussions.start(room, question, ("script", "section"), "UTC", NOON + days * DAY)


def texts(records: Records, discussion: Discussion) -> list[str]:
    return [remark.text for remark in records.discussions.remarks(discussion)]


# --- Finding ---


def test_what_is_posted_is_found_in_its_place_only(records: Records) -> None:
    here, there = posted(records), posted(records, THERE)
    thread = replace(HERE, thread="7")
    assert records.discussions.newest(HERE) == records.discussions.newest(thread) == here
    assert records.discussions.find(here.id, THERE) is None
    assert records.discussions.find(there.id) == there
    for number in (0, -1, 77, 2**31, 999_999_999_999):
        assert records.discussions.find(number) is None


def test_when_each_question_was_posted_last(records: Records) -> None:
    for question, days in (("Why?", 0), ("How?", 1), ("Why?", 9)):
        posted(records, HERE, question, days)
    posted(records, THERE, "Who?")
    assert records.discussions.posted(HERE) == {"Why?": NOON + 9 * DAY, "How?": NOON + DAY}


def test_the_thread_of_a_posted_question_is_known_by_the_reference_of_its_message(records: Records) -> None:
    discussion = posted(records)
    records.posts.put(HERE, question_slot(discussion.id))
    records.posts.placed(HERE, question_slot(discussion.id), "ts-7", "", NOON)
    records.posts.put(HERE, "poll-1")
    records.posts.placed(HERE, "poll-1", "ts-8", "", NOON)
    assert records.discussions.of_thread(replace(HERE, thread="ts-7")) == discussion
    for other in (HERE, replace(HERE, thread="ts-8"), replace(HERE, thread="ts-9"), replace(THERE, thread="ts-7")):
        assert records.discussions.of_thread(other) is None


def test_a_question_is_open_for_a_week_and_remembered_as_over_for_another(records: Records) -> None:
    discussion = posted(records)
    last = discussion.closes - SECOND
    assert records.discussions.open_in(HERE, last) == [discussion]
    assert records.discussions.open_in(HERE, discussion.closes) == []
    assert records.discussions.current(HERE, discussion.closes) == discussion
    assert records.discussions.current(HERE, discussion.closes + GATHERED) is None
    assert records.due.next() == discussion.closes


def test_an_open_question_goes_before_a_newer_one_that_is_closed(records: Records) -> None:
    older, newer = posted(records), posted(records)
    records.discussions.close(newer, NOON)
    assert records.discussions.current(HERE, NOON) == older


def test_closing_twice_changes_nothing_more(records: Records) -> None:
    discussion = posted(records)
    first = records.discussions.close(discussion, NOON + DAY)
    assert (first.closed, records.due.next()) == (NOON + DAY, None)
    assert records.discussions.close(discussion, NOON + 2 * DAY) == first


# --- Gathering ---


def test_of_a_person_the_newest_replies_are_kept(records: Records) -> None:
    discussion = posted(records)
    told = [records.discussions.gather(discussion, BO, f"reply {number}", NOON) for number in range(7)]
    assert told == ["kept"] * MOST_OF_A_PERSON + ["replaced"] * 2
    assert texts(records, discussion) == [f"reply {number}" for number in range(2, 7)]
    assert records.discussions.gather(discussion, CY, "mine", NOON) == "kept"
    assert records.discussions.people(discussion) == 2


def test_a_full_question_takes_no_more_but_replacements(records: Records) -> None:
    discussion = posted(records)
    for number in range(MOST // MOST_OF_A_PERSON):
        for _ in range(MOST_OF_A_PERSON):
            records.discussions.gather(discussion, Person(f"test:{number}", "N"), "reply", NOON)
    assert records.discussions.gather(discussion, BO, "too late", NOON) == "full"
    assert records.discussions.gather(discussion, Person("test:7", "N"), "instead", NOON) == "replaced"
    assert len(texts(records, discussion)) == MOST


def test_nothing_is_gathered_once_it_is_over(records: Records) -> None:
    by_hand, in_time = posted(records), posted(records)
    records.discussions.close(by_hand, NOON)
    assert records.discussions.gather(by_hand, BO, "late", NOON) == "over"
    assert records.discussions.gather(in_time, BO, "late", in_time.closes) == "over"
    assert records.kept(BO) == []


# --- Taking back ---


def test_only_ones_own_replies_are_taken_back(records: Records) -> None:
    discussion, other = posted(records), posted(records, THERE)
    for person in (BO, BO, CY):
        records.discussions.gather(discussion, person, person.name, NOON)
    records.discussions.gather(other, BO, "elsewhere", NOON)
    assert records.discussions.withdraw(discussion, BO) == 2
    assert records.discussions.withdraw(discussion, BO) == 0
    assert texts(records, discussion) == ["Cy"]
    assert texts(records, other) == ["elsewhere"]


def test_who_wants_to_be_forgotten_is_in_no_reply(records: Records) -> None:
    for room in (HERE, THERE):
        discussion = posted(records, room)
        records.discussions.gather(discussion, BO, "mine", NOON)
        records.discussions.gather(discussion, CY, "hers", NOON)
    assert (kept(records, BO)[REPLIES], kept(records, CY)[REPLIES]) == (2, 2)
    records.forget(BO)
    assert (kept(records, BO)[REPLIES], kept(records, CY)[REPLIES]) == (0, 2)


def test_replies_go_when_their_time_is_up_and_the_question_stays(store: Store) -> None:
    with store.writing() as records:
        discussion = posted(records)
        records.discussions.gather(discussion, BO, "old", NOON)
        records.discussions.gather(discussion, BO, "new", NOON + DAY)
    purge(store, NOON + SECOND)
    with store.reading() as records:
        assert texts(records, discussion) == ["new"]
        assert list(records.discussions.posted(HERE)) == ["Why?"]


# --- Digests ---


def test_a_digest_begins_where_the_one_before_ended(records: Records) -> None:
    plan = records.plans.repeat(HERE, "digest", "{}", "FREQ=WEEKLY", NOON, "UTC")
    first, second = records.discussions.start_digest(plan, NOON), records.discussions.start_digest(plan, NOON + DAY)
    assert (first.since, first.until) == (NOON - GATHERED, NOON)
    assert (second.since, second.until) == (NOON, NOON + DAY)
    other = records.plans.repeat(HERE, "digest", "{}", "FREQ=DAILY", NOON, "UTC")
    assert records.discussions.start_digest(other, NOON + DAY).since == NOON + DAY - GATHERED


def test_a_digest_tells_what_was_gathered_in_its_scope(records: Records) -> None:
    for room in (HERE, THERE, ALONE, Room("other", "here")):
        records.discussions.gather(posted(records, room), BO, f"{room.platform} {room.place}", NOON)
    plan = records.plans.repeat(HERE, "digest", "{}", "FREQ=WEEKLY", NOON, "UTC")
    digest = records.discussions.start_digest(plan, NOON)
    for scope, told in ((Scope(digest.room), ["test here"]), (Scope(ALONE), ["test alone"])):
        gathered = records.discussions.gathered(digest, scope=scope)
        assert [remark.text for _, remarks in gathered for remark in remarks] == told


@pytest.mark.parametrize("taken", ["withdrawn", "forgotten", "old"])
def test_a_digest_is_drawn_again_where_a_reply_in_it_is_taken_back(taken: str, records: Records) -> None:
    discussion = posted(records)
    records.discussions.gather(discussion, BO, "mine", NOON)
    plan = records.plans.repeat(HERE, "digest", "{}", "FREQ=WEEKLY", NOON, "UTC")
    digests = [records.discussions.start_digest(plan, NOON), records.discussions.start_digest(plan, NOON + DAY)]
    for digest in digests:
        records.posts.put(HERE, digest_slot(digest.id))
        (post,) = records.posts.of_slot(digest_slot(digest.id))
        (taken_post,) = records.posts.take([post.id], NOON)
        records.posts.drawn(taken_post, "reference", "shown", NOON)
    if taken == "withdrawn":
        records.discussions.withdraw(discussion, BO)
    elif taken == "forgotten":
        records.forget(BO)
    else:
        records.purge(NOON + SECOND)
    (first,) = records.posts.of_slot(digest_slot(digests[0].id))
    assert [one.id for one in records.posts.waiting("test", 9)] == [first.id]
    assert records.discussions.gathered(digests[0], scope=EVERYTHING) == []


def test_nobody_in_particular_holds_nothing(records: Records) -> None:
    assert records.kept(ANA) == []
    assert records.discussions.replied_to(ANA, None) is None
