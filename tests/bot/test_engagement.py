"""Posted questions: who may post and close them, what is gathered where, digests, and what comes again."""

from __future__ import annotations

import asyncio
import dataclasses
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.activities import Activity
from bot.activities.engagement import Engagement, digests
from bot.activities.engagement.questions import questions_of
from bot.activities.privacy import Privacy
from bot.activities.questions import Questions
from bot.assistant import Assistant
from bot.board import Board
from bot.costs.budget import Budget
from bot.intents import Discuss
from bot.intents.understanding import Understanding
from bot.reply import Choices, Form, Reply
from bot.scheduler import Scheduler
from bot.shelf import Shelf
from bot.store import Discussion, Remark
from bot.store.database import Store
from bot.turn import Person, Room, Turn
from knowledge.script import Script
from tests.bot.conftest import (
    ALONE,
    ANA,
    BO,
    CY,
    HERE,
    NOON,
    PHRASES,
    THERE,
    Talk,
    Taught,
    Told,
    choices,
    form,
    labels,
    saying,
)

OPEN = dataclasses.replace(HERE, overheard=True)
POST = "post a question for the team"
NAUGHTY = [
    "<script>alert(1)</script> spend",
    "*bold* _it_ `code` [link](https://evil.example.com) spend",
    "'; DROP TABLE remarks; -- spend",
    "=HYPERLINK(1) spend",
    "\x1b[31mred\x07 spend",
    "\N{RIGHT-TO-LEFT OVERRIDE}dneps spend",
    "@everyone <@U123> <!channel> spend",
    "\uff53\uff50\uff45\uff4e\uff44 spend",
    "half \ud83d of it spend",
    "nothing\x00 spend",
]


def alike(texts: Sequence[str]) -> list[list[int]]:
    """Texts that begin with the same word are alike."""
    groups: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        groups.setdefault(text.split()[0], []).append(place)
    return list(groups.values())


@pytest.fixture
def shelf(scripts: Sequence[Script]) -> Shelf:
    return Shelf(scripts[:1])


@pytest.fixture
def club(store: Store, shelf: Shelf) -> Talk:
    """A talk with a bot that knows nothing but questions to discuss."""
    activities: list[Activity] = [
        Engagement(shelf, lambda: store.reading(), alike),
        Privacy(90),
        Questions(Told({"What is FinOps?": "A practice."}), Budget()),
    ]
    phrases = {**PHRASES, "my data": "privacy", "another question for the team": "engagement_question"}
    return Talk(Assistant(activities, Understanding(shelf, Taught(phrases)), shelf, lambda: store), store)


def held(shelf: Shelf) -> list[str]:
    return [question for _, question in questions_of(shelf.scripts[0])]


def gathered(talk: Talk, number: int = 1) -> list[str]:
    """The replies to a posted question, oldest first."""
    with talk.store.reading() as records:
        discussion = records.discussions.find(number)
        assert discussion is not None
        return [remark.text for remark in records.discussions.remarks(discussion)]


def place(talk: Talk, reply: Reply, room: Room = OPEN, reference: str = "ts-1") -> Room:
    """The thread of a reply that stands in its room."""
    Board(lambda: talk.assistant.keepers, lambda: talk.store).placed(room, reply, reference, talk.now)
    return dataclasses.replace(room, thread=reference)


def overhear(talk: Talk, words: str, room: Room, person: Person = BO) -> Turn:
    turn = dataclasses.replace(talk.turn(words, person, room), addressed=False)
    assert talk.replies(turn) == []
    return turn


def answer_form(reply: Reply) -> Form:
    return form(reply)


def shown(talk: Talk, at: datetime) -> list[Reply]:
    """What has to be drawn on the platform at a moment, after all that is due is done."""
    board = Board(lambda: talk.assistant.keepers, lambda: talk.store)
    Scheduler(lambda: talk.assistant.keepers, lambda: talk.store).work(at)
    pages = []
    for page in board.pages("test", at):
        board.drawn(page, f"drawn-{page.post.id}", at)
        pages.append(page.reply)
    return pages


# --- Posting ---


@pytest.mark.parametrize(
    "words",
    [
        POST,
        "close the discussion",
        "digest",
        "digest with names",
        "post a question every Monday at 9:00",
        "send the digest every Friday",
        "engagement 1 close",
        "engagement 1 names",
        "engagement post role-of-finops 1",
    ],
)
def test_only_moderators_post_close_and_read(words: str, club: Talk) -> None:
    club.say(POST, ANA)
    club.say("answer: mine", CY)
    reply = club.say(words, BO)
    assert reply.text.startswith("Only moderators can ")
    assert reply.private
    assert "mine" not in reply.text
    with club.store.reading() as records:
        assert len(records.discussions.open_in(HERE, club.now)) == 1
        assert records.plans.schedules(HERE) == []


def test_a_question_is_suggested_to_everybody_and_posted_by_a_button_of_moderators(club: Talk) -> None:
    assert labels(club.say("discuss", BO)) == ["Another question"]
    suggested = club.say("discuss", ANA)
    says = saying(suggested, "Post it for everybody")
    reply = club.say(says, ANA)
    assert reply.text.split("\n")[0] == suggested.text.split("\n")[0]
    assert (reply.slot, reply.private, labels(reply)) == ("engagement-1", False, ["Answer"])
    again = club.say(says, ANA)
    assert again.text == "That question is posted here already, and still open."
    assert again.private


@pytest.mark.parametrize(
    ("room", "way"),
    [
        (OPEN, "Reply in the thread, or press “Answer”."),
        (HERE, "Press “Answer”; what is written in the thread is not gathered."),
        (ALONE, "Press “Answer”, or begin what you say with “answer:”."),
    ],
)
def test_a_posted_question_says_what_is_gathered_for_whom_and_how_to_take_it_back(
    room: Room, way: str, club: Talk
) -> None:
    said = club.say(POST, ANA, room).text
    assert way in said
    for promise in ("gathered for the moderators", "Until Mon 13 Jan, 12:00 (UTC)", "“take my reply back”"):
        assert promise in said


def test_questions_rotate_by_what_was_posted_in_the_place(club: Talk, shelf: Shelf) -> None:
    posted = []
    for _ in range(len(held(shelf)) + 2):
        posted.append(club.say(POST, ANA).text.split("\n")[0])
        club.say("close the discussion", ANA)
    assert posted == [*held(shelf), *held(shelf)[:2]]
    assert club.say(POST, ANA, THERE).text.startswith(held(shelf)[0])


def test_the_question_of_a_section_is_posted_by_name(club: Talk) -> None:
    assert "this kind of optimization" in club.say("post the question of the case study", ANA).text
    said = club.say("post a question about quantum chemistry", ANA)
    assert said.text.startswith("I have no question about that.")
    assert said.private


@pytest.mark.parametrize("number", [0, 77, 999_999_999])
def test_a_question_that_is_not_in_the_script_is_not_posted(number: int, club: Talk) -> None:
    assert club.say(f"engagement post role-of-finops {number}", ANA).text.startswith("I have no question about that.")


def test_posted_from_a_thread_it_stands_in_the_place_itself(club: Talk) -> None:
    reply = club.say(POST, ANA, dataclasses.replace(HERE, thread="t-1"))
    assert reply.private
    (post,) = shown(club, club.now)
    assert post.slot == "engagement-1"
    with club.store.reading() as records:
        (where,) = records.posts.of_slot("engagement-1")
    assert (where.room.place, where.room.thread) == ("here", None)


def test_so_many_questions_are_open_and_no_more(club: Talk) -> None:
    with club.store.writing() as records:
        for number in range(20):
            records.discussions.start(HERE, f"Why {number}?", ("a", "b"), "UTC", NOON)
    assert club.say(POST, ANA).text.startswith("20 questions are open here")


# --- Answering ---


def test_a_reply_comes_by_the_form_and_is_no_part_of_the_talk(club: Talk) -> None:
    opened = answer_form(club.say(POST, ANA))
    assert opened.says == "engagement 1 answer"
    reply = club.say(opened.says, BO, HERE, {"answer": "We tag nothing."})
    assert reply.text.startswith("Thank you: your reply is kept")
    assert (reply.private, reply.remembered) == (True, False)
    assert gathered(club) == ["We tag nothing."]
    assert "tag" not in " ".join(message.content for message in club.scene().history)


def test_typed_without_a_form_it_offers_the_form(club: Talk) -> None:
    club.say(POST, ANA)
    assert answer_form(club.say("engagement 1 answer")).title == "Your answer"
    assert gathered(club) == []


def test_words_that_are_marked_answer_the_newest_question(club: Talk) -> None:
    club.say(POST, ANA)
    club.say(POST, ANA)
    club.say("answer: Nobody looks at the bills.", CY, dataclasses.replace(HERE, thread="elsewhere"))
    assert (gathered(club, 1), gathered(club, 2)) == ([], ["Nobody looks at the bills."])


def test_a_marked_answer_is_for_the_quiz_that_was_opened_later(club: Talk) -> None:
    club.say(POST, ANA)
    turn = club.turn("-")
    with club.store.writing() as records:
        records.quizzes.start(turn, "role-of-finops", "statistics")
    club.say("answer: 60%")
    assert gathered(club) == []


@pytest.mark.parametrize("text", ["", "  \n ", "\x00\x07", "<b></b>", "\N{ZERO WIDTH SPACE}", "@everyone"])
def test_a_reply_without_words_is_not_kept(text: str, club: Talk) -> None:
    opened = answer_form(club.say(POST, ANA))
    assert opened.check({"answer": text}) == {"answer": "There are no words in that: write a sentence or two."}
    assert club.say(opened.says, BO, HERE, {"answer": text}).text.startswith("There are no words in that")
    assert gathered(club) == []


def test_a_reply_has_at_most_2000_characters(club: Talk) -> None:
    opened = answer_form(club.say(POST, ANA))
    assert opened.check({"answer": "x" * 2000}) == {}
    wrong = "That is 2,001 characters: shorten it to 2,000."
    assert opened.check({"answer": "x" * 2001}) == {"answer": wrong}
    assert club.say(f"answer: {'x' * 2001}").text == wrong
    assert club.say(f"answer: {'x' * 2000}").text.startswith("Thank you")
    assert gathered(club) == ["x" * 2000]


@pytest.mark.parametrize("number", [0, 2, 77, 999_999_999])
def test_a_question_that_is_not_of_this_place_takes_no_reply(number: int, club: Talk) -> None:
    club.say(POST, ANA)
    club.say(POST, ANA, THERE)
    reply = club.say(f"engagement {number} answer", BO, HERE, {"answer": "hello"})
    assert reply.text == "No posted question is open here, so there is nothing to reply to."
    assert gathered(club, 1) == gathered(club, 2) == []


def test_once_it_is_over_replies_are_declined_by_hand_or_in_time(club: Talk) -> None:
    opened = answer_form(club.say(POST, ANA))
    club.wait(days=7)
    late = club.say(opened.says, BO, HERE, {"answer": "late"})
    assert late.text == "That discussion is over, so your reply was not kept."
    assert gathered(club) == []


def test_a_sixth_reply_takes_the_place_of_the_oldest(club: Talk) -> None:
    club.say(POST, ANA)
    told = [club.say(f"answer: reply {number}").text for number in range(6)]
    assert "oldest" not in told[4]
    assert "oldest" in told[5]
    assert gathered(club) == [f"reply {number}" for number in range(1, 6)]


# --- Overheard ---


def test_what_is_said_in_the_thread_is_gathered_without_a_word(club: Talk) -> None:
    thread = place(club, club.say(POST, ANA, OPEN))
    overhear(club, "We tag nothing", thread)
    overhear(club, "answer: Nor do we", thread, CY)
    assert gathered(club) == ["We tag nothing", "Nor do we"]
    assert club.scene(BO, thread).history == ()


def test_only_that_thread_is_listened_to(club: Talk) -> None:
    thread = place(club, club.say(POST, ANA, OPEN))
    others = (OPEN, dataclasses.replace(thread, thread="ts-2"), dataclasses.replace(thread, place="there"))
    for room in others:
        turn = overhear(club, "We tag nothing", room)
        with club.store.reading() as records:
            assert not records.events.is_taken(turn.id, club.now)
    assert gathered(club) == []


def test_the_same_event_counts_once_whatever_it_says_now(club: Talk) -> None:
    thread = place(club, club.say(POST, ANA, OPEN))
    turn = overhear(club, "We tag nothing", thread)
    for again in (turn, dataclasses.replace(turn, words="We tag nothing (edited)")):
        assert club.replies(again) == []
    assert gathered(club) == ["We tag nothing"]


def test_a_reply_is_taken_back_in_the_thread_and_orders_are_no_replies(club: Talk) -> None:
    thread = place(club, club.say(POST, ANA, OPEN))
    overhear(club, "We tag nothing", thread)
    overhear(club, "Not us", thread, CY)
    for words in ("take my reply back", "digest", "close the discussion"):
        overhear(club, words, thread)
    assert gathered(club) == ["Not us"]


def test_however_long_it_is_the_beginning_is_kept_at_once(club: Talk) -> None:
    thread = place(club, club.say(POST, ANA, OPEN))
    overhear(club, f"post a question about {'!' * 40_000}", thread)
    assert [len(text) for text in gathered(club)] == [2000]


def test_nothing_is_overheard_once_it_is_over(club: Talk) -> None:
    thread = place(club, club.say(POST, ANA, OPEN))
    club.say("close the discussion", ANA, thread)
    overhear(club, "too late", thread)
    assert gathered(club) == []


def test_addressed_in_the_thread_a_plain_reply_is_gathered_and_a_question_is_answered(club: Talk) -> None:
    thread = place(club, club.say(POST, ANA, OPEN))
    assert club.say("We have too many accounts to follow.", BO, thread).text.startswith("Thank you")
    assert club.say("What is FinOps?", BO, thread).text.startswith("A practice.")
    club.say("Tell me about budgets", BO, thread)
    assert club.say("We have too many accounts to follow.", BO, OPEN).abstained
    assert gathered(club) == ["We have too many accounts to follow."]


def test_a_failure_is_told_to_nobody_and_leaves_nothing(
    club: Talk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread = place(club, club.say(POST, ANA, OPEN))
    with monkeypatch.context() as patch:
        patch.setattr("bot.activities.engagement.gathering.clean", lambda text: 1 / 0)
        turn = overhear(club, "my secret", thread)
    assert "was lost; reference" in caplog.text
    assert "my secret" not in caplog.text
    # So that its next delivery is gathered.
    assert club.replies(turn) == []
    assert gathered(club) == ["my secret"]


@given(st.text(max_size=3000))
def test_whatever_is_overheard_is_kept_clean_or_not_at_all(club: Talk, words: str) -> None:
    with club.store.writing() as records:
        if records.discussions.find(1) is None:
            records.discussions.start(OPEN, "Why?", ("a", "b"), "UTC", NOON)
            records.posts.put(OPEN, "engagement-1")
            records.posts.placed(OPEN, "engagement-1", "ts-1", "", NOON)
    overhear(club, words, dataclasses.replace(OPEN, thread="ts-1"))
    for text in gathered(club):
        assert 0 < len(text) <= 2000
        # No control characters, half surrogates or line breaks; what joins the parts of an emoji stays.
        assert not {unicodedata.category(one) for one in text} & {"Cc", "Cs", "Zl", "Zp"}


# --- Taking back ---


def test_a_button_takes_back_ones_own_replies_only(club: Talk) -> None:
    club.say(POST, ANA)
    club.say("answer: hers", CY)
    says = saying(club.say("answer: mine"), "take my replies back")
    assert club.say(says).text.startswith("Taken back: your reply is deleted.")
    assert club.say(says).text.startswith("I hold no reply of yours to that")
    assert gathered(club) == ["hers"]


def test_in_private_it_is_taken_back_wherever_it_was_given(club: Talk) -> None:
    club.say(POST, ANA)
    club.say("answer: one")
    club.say("answer: two")
    assert "your 2 replies are deleted" in club.say("take my reply back", BO, ALONE).text
    assert gathered(club) == []


def test_privacy_counts_names_and_deletes_replies(club: Talk) -> None:
    club.say(POST, ANA)
    club.say("answer: mine")
    said = club.say("my data").text
    assert "1 reply to a posted question" in said
    assert "what is replied to posted questions, without names unless they ask for them" in said
    assert "replies to posted questions" in club.say("privacy delete everything").text
    assert gathered(club) == []


# --- Digests asked for ---


def test_a_digest_groups_what_is_alike_and_names_nobody(club: Talk) -> None:
    club.say(POST, ANA)
    for person, words in ((BO, "Tags are missing"), (CY, "Budgets"), (ANA, "Tags, mostly")):
        club.say(f"answer: {words}", person)
    club.say("answer: Tags again", CY)
    reply = club.say("digest", ANA)
    assert reply.text.split("\n")[0].startswith("4 replies by 3 people to question 1: “Have you ever faced")
    assert "- 2 alike: “Tags are missing” and “Tags again”" in reply.text
    assert (reply.private, reply.remembered) == (True, False)
    for name in ("Bo", "Cy", "Ana", "test:"):
        assert name not in reply.text
    for words in (saying(reply, "with names"), "digest with names"):
        assert "- Bo: “Tags are missing”" in club.say(words, ANA).text


def test_nothing_posted_nothing_replied_nothing_by_that_number(club: Talk) -> None:
    assert club.say("digest", ANA).text.startswith("No question has been posted here yet")
    club.say(POST, ANA)
    assert club.say("digest", ANA).text.startswith("Nobody has replied to question 1 so far")
    assert club.say("digest 2", ANA).text.startswith("I have posted no question of that number here.")
    assert club.say("digest 1", ANA, THERE).text.startswith("I have posted no question of that number here.")


def test_a_long_digest_is_shortened_and_says_what_is_left_out(club: Talk) -> None:
    club.say(POST, ANA)
    with club.store.writing() as records:
        discussion = records.discussions.find(1)
        assert discussion is not None
        for number in range(40):
            person = Person(f"test:{number}", f"Person {number}")
            records.discussions.gather(discussion, person, f"w{number} {'long ' * 390}", club.now)
    for words in ("digest", "digest with names"):
        said = club.say(words, ANA).text
        assert "40 replies by 40 people" in said
        assert "- 25 more replies are left out here." in said
        assert len(said) < 6000


@pytest.mark.parametrize("text", NAUGHTY)
def test_a_reply_is_shown_without_what_does_not_show(text: str, club: Talk) -> None:
    opened = answer_form(club.say(POST, ANA))
    club.say(opened.says, Person("test:x", f"X {text}"), HERE, {"answer": text})
    for words in ("digest", "digest with names"):
        said = club.say(words, ANA).text
        assert "spend" in said
        for harm in ("\x1b", "\x07", "\x00", "\ud83d", "\N{RIGHT-TO-LEFT OVERRIDE}"):
            assert harm not in said


def test_a_group_tells_how_many_it_holds() -> None:
    discussion = Discussion(1, HERE, "Why?", "script", "section", "UTC", NOON, NOON)
    remarks = [Remark(1, f"p{number}", "N", f"text {number}", NOON) for number in range(3)]
    said = digests.told(Discuss("digest"), discussion, remarks, alike).text
    assert said.split("\n")[1] == "- 3 alike, for example “text 0” and “text 1”"


# --- Closing ---


def test_a_discussion_closes_in_time_and_its_message_says_so(club: Talk) -> None:
    place(club, club.say(POST, ANA, OPEN))
    club.say("answer: mine", BO, OPEN)
    assert shown(club, club.now + timedelta(days=6)) == []
    (message,) = shown(club, club.now + timedelta(days=7))
    assert message.text.endswith("This discussion is over. 1 person replied.")
    assert not any(isinstance(part, Choices) for part in message.parts)
    assert shown(club, club.now + timedelta(days=30)) == []


def test_a_moderator_closes_it_once(club: Talk) -> None:
    club.say(POST, ANA)
    first = club.say("close the discussion", ANA)
    assert first.text.startswith(
        "Closed: “Have you ever faced budget surprises in your tech projects?” Nobody replied."
    )
    assert "See the replies" in labels(first)
    assert club.say("close the discussion", ANA).text == "That discussion was closed before."
    assert club.say("engagement 77 close", ANA).text == "No posted question is open here."
    assert club.say("engagement 1 close", ANA, THERE).text == "No posted question is open here."


# --- What comes again ---


def test_a_question_comes_every_week_and_the_last_of_what_was_missed(club: Talk, shelf: Shelf) -> None:
    said = club.say("post a question every Monday at 9:00", ANA, OPEN)
    assert "first on Mon 13 Jan, 09:00 (UTC)" in said.text
    monday = datetime(2025, 1, 13, 9, tzinfo=UTC)
    assert shown(club, monday - timedelta(seconds=1)) == []
    (first,) = shown(club, monday)
    assert first.text.startswith(held(shelf)[0])
    assert "Reply in the thread" in first.text, "what is overheard is known though nobody spoke"
    later = sorted(shown(club, monday + timedelta(weeks=3, days=2)), key=lambda reply: reply.slot or "")
    assert [reply.text.split("\n")[0] for reply in later] == [held(shelf)[0], held(shelf)[1]]
    assert "This discussion is over." in later[0].text
    assert len(shown(club, monday + timedelta(weeks=4))) == 1


def test_what_would_be_over_by_now_is_not_posted(club: Talk) -> None:
    club.say("post a question every month on the 10th at 9:00", ANA)
    assert shown(club, datetime(2025, 1, 20, tzinfo=UTC)) == []
    assert len(shown(club, datetime(2025, 2, 10, 9, tzinfo=UTC))) == 1


@pytest.mark.every_database
def test_two_processes_post_it_once(club: Talk, shelf: Shelf, tmp_path: Path) -> None:
    club.say("post a question daily at 9:00", ANA)
    other = Store(tmp_path / "store.db")
    activity = Engagement(shelf, lambda: other.reading(), alike)
    at = datetime(2025, 1, 7, 9, tzinfo=UTC)
    one = Scheduler(lambda: club.assistant.keepers, lambda: club.store)
    two = Scheduler(lambda: [activity], lambda: other)

    async def race() -> int:
        return sum(await asyncio.gather(*(asyncio.to_thread(each.work, at) for each in (one, two))))

    assert asyncio.run(race()) == 1
    other.close()
    with club.store.reading() as records:
        assert len(records.discussions.open_in(HERE, at)) == 1


def test_a_question_that_is_still_open_is_closed_before_it_comes_again(club: Talk, shelf: Shelf) -> None:
    club.say("post a question daily at 9:00", ANA)
    count = len(held(shelf))
    for day in range(count + 1):
        shown(club, datetime(2025, 1, 7 + day, 9, tzinfo=UTC))
    with club.store.reading() as records:
        running = records.discussions.open_in(HERE, datetime(2025, 1, 7 + count, 9, tzinfo=UTC))
    assert sorted(one.question for one in running) == sorted(held(shelf))


@pytest.mark.parametrize("words", ["post a question every blue moon", "send the digest every blue moon"])
def test_a_rule_that_is_not_understood_is_said(words: str, club: Talk) -> None:
    assert club.say(words, ANA).text.startswith("I do not understand how often that is")


def test_the_same_rule_twice_is_one_schedule(club: Talk) -> None:
    club.say("post a question every Monday at 9:00", ANA)
    assert "already" in club.say("post a question every Monday at 9:00", ANA).text
    assert "already" not in club.say("send the digest every Monday at 9:00", ANA).text
    with club.store.reading() as records:
        assert [one.kind for one in records.plans.schedules(HERE)] == ["engagement", "digest"]


def test_moments_are_those_of_the_person(club: Talk) -> None:
    ana = dataclasses.replace(ANA, timezone="Asia/Tokyo")
    assert "Mon 13 Jan, 09:00 (Asia/Tokyo)" in club.say("post a question every Monday at 9:00", ana).text


def test_a_digest_is_sent_with_what_was_gathered_since_the_one_before(club: Talk) -> None:
    club.say("send the digest every Friday at 16:00", ANA)
    club.say(POST, ANA, THERE)
    club.say("answer: Of another place", CY, THERE)
    club.say(POST, ANA)
    club.say("answer: Tags are missing", BO)
    friday = datetime(2025, 1, 10, 16, tzinfo=UTC)
    (told,) = [reply for reply in shown(club, friday) if reply.slot == "digest-1"]
    assert "1 reply by 1 person to question 2: “Have you ever faced" in told.text
    assert "another place" not in told.text
    assert "- “Tags are missing”" in told.text
    assert "Bo" not in told.text
    missed = [reply for reply in shown(club, friday + timedelta(weeks=3)) if "digest" in str(reply.slot)]
    assert [reply.text for reply in missed] == ["Digest: there are no replies since Fri 10 Jan, 16:00 (UTC)."]


def test_a_digest_that_was_sent_changes_where_a_reply_is_taken_back(club: Talk) -> None:
    club.say("send the digest every Friday at 16:00", ANA)
    club.say(POST, ANA)
    club.say("answer: Tags are missing", BO)
    club.say("answer: Budgets", CY)
    friday = datetime(2025, 1, 10, 16, tzinfo=UTC)
    shown(club, friday)
    club.say("take my reply back", BO)
    (again,) = shown(club, friday + timedelta(minutes=5))
    assert again.slot == "digest-1"
    assert "Budgets" in again.text
    assert "Tags" not in again.text


def test_a_digest_of_many_questions_is_shortened(club: Talk) -> None:
    club.say("send the digest every Friday at 16:00", ANA)
    with club.store.writing() as records:
        for number in range(12):
            discussion = records.discussions.start(HERE, f"Why {number}?", ("a", "b"), "UTC", NOON)
            for person in range(8):
                records.discussions.gather(discussion, Person(f"test:{person}", "N"), "x " * 900, club.now)
    (told,) = [one for one in shown(club, datetime(2025, 1, 10, 16, tzinfo=UTC)) if one.slot == "digest-1"]
    assert told.text.count("- 3 more replies are left out here.") == 10
    assert "2 more questions are left out here." in told.text


def test_every_button_says_what_is_read_back(club: Talk) -> None:
    replies = [club.say("discuss", ANA), club.say(POST, ANA), club.say("answer: mine", ANA), club.say("digest", ANA)]
    replies.append(club.say("close the discussion", ANA))
    pressed = [choice for reply in replies for choice in choices(reply) if choice.says]
    assert len(pressed) == 5
    for choice in pressed:
        assert club.say(choice.says, ANA).activity == "engagement_question"
