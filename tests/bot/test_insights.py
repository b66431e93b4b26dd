"""Insights: what is counted of a place and of all places, told to moderators only, and nobody named in it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.activities import Activity
from bot.activities.insights import Insights, begin, shown
from bot.activities.questions import Questions
from bot.assistant import Assistant
from bot.costs.budget import Budget
from bot.intents import Insight
from bot.intents.understanding import Understanding
from bot.reply import Reply, Text
from bot.shelf import Shelf
from bot.store import Draft, Participation, Verdicts
from bot.store.database import Store
from bot.store.records import Records
from bot.store.scope import EVERYTHING, Scope
from bot.turn import Person, Room, Turn
from knowledge.script import Script
from tests.bot.conftest import ALONE, ANA, BO, CY, HERE, NOON, THERE, Talk, Taught, Told

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]

LONG_AGO = NOON - timedelta(days=1)


def ask(records: Records, words: str, person: Person = BO, room: Room = HERE, at: datetime = NOON) -> int:
    """A question that was answered; the number of the answer."""
    turn = Turn("test:-", room, person, words, at)
    return records.remember(turn, Reply((Text("An answer."),), "question"))


def vote(records: Records, people: Sequence[Person], room: Room = HERE, anonymous: bool = False) -> int:
    poll = records.polls.start(room, "test:ana", NOON, Draft("Which?", ("a", "b"), anonymous=anonymous))
    for person in people:
        records.polls.votes.vote(poll, person, (1,))
    return poll.id


# --- What is counted ---


def test_questions_that_were_looked_up_are_counted_and_nothing_else(records: Records) -> None:
    ask(records, "Why tags?")
    ask(records, "How?", CY, replace(HERE, thread="7"))
    ask(records, "Who pays?", BO, THERE)
    ask(records, "Long ago?", at=LONG_AGO - timedelta(seconds=1))
    records.remember(Turn("test:-", HERE, BO, "quiz me", NOON), Reply((Text("A quiz."),), "quiz_start"))
    assert records.insights.questions(LONG_AGO, scope=Scope(HERE)) == ["Why tags?", "How?"]
    assert records.insights.questions(LONG_AGO, scope=EVERYTHING) == ["Why tags?", "How?", "Who pays?"]
    assert records.insights.questions(LONG_AGO, scope=Scope(Room("test", "her"))) == []


def test_gaps_are_about_the_subject(records: Records) -> None:
    for words, room, outside in (("Chargeback?", HERE, False), ("Football?", HERE, True), ("Tags?", THERE, False)):
        records.note_unanswered(Turn("test:-", room, BO, words, NOON), outside)
    assert records.insights.gaps(LONG_AGO, scope=Scope(HERE)) == ["Chargeback?"]
    assert records.insights.gaps(LONG_AGO, scope=EVERYTHING) == ["Chargeback?", "Tags?"]
    assert records.insights.gaps(NOON + timedelta(seconds=1), scope=EVERYTHING) == []


def test_opinions_are_counted_beside_the_answers_they_are_about(records: Records) -> None:
    answers = [ask(records, f"Why budget {number}?") for number in range(3)]
    elsewhere = ask(records, "Why tags?", BO, THERE)
    for number, helpful in ((answers[0], True), (answers[1], False), (elsewhere, True)):
        assert records.judge(number, BO, helpful, None, NOON)
    assert records.insights.verdicts(LONG_AGO, scope=Scope(HERE)) == Verdicts(3, 2, 1)
    assert records.insights.verdicts(LONG_AGO, scope=EVERYTHING) == Verdicts(4, 3, 2)


def test_people_are_counted_once_and_secret_voters_as_a_sum(records: Records) -> None:
    ask(records, "Why tags?")
    ask(records, "How?")
    ask(records, "Who pays?", CY, THERE)
    vote(records, (BO, CY))
    vote(records, (BO,))
    vote(records, (ANA, BO, CY), anonymous=True)
    closed = records.polls.find(vote(records, (ANA, BO), anonymous=True))
    assert closed is not None
    records.polls.close(closed, NOON)
    records.quizzes.start(Turn("test:-", HERE, CY, "quiz me", NOON), "script", "section")
    discussion = records.discussions.start(HERE, "Why tags?", ("script", "section"), "UTC", NOON)
    records.discussions.gather(discussion, BO, "one", NOON)
    records.discussions.gather(discussion, BO, "two", NOON)
    here = Participation(asked=1, voted=2, secret_voters=5, quizzed=1, replied=1, polls=4)
    assert records.insights.participation(LONG_AGO, scope=Scope(HERE)) == here
    assert records.insights.participation(LONG_AGO, scope=EVERYTHING) == replace(here, asked=2)
    assert records.insights.participation(LONG_AGO, scope=Scope(THERE)) == Participation(1, 0, 0, 0, 0, 0)
    assert records.insights.participation(NOON + timedelta(seconds=1), scope=EVERYTHING) == Participation(
        0, 0, 0, 0, 0, 0
    )


@pytest.mark.parametrize(
    ("wanted", "days"),
    [(Insight(), 90), (Insight(7), 7), (Insight(4000), 90), (Insight(month=True), 5.5)],
)
def test_no_further_back_than_is_remembered(wanted: Insight, days: float) -> None:
    assert begin(wanted, NOON, 90) == NOON - timedelta(days=days)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Hey <@U0SECRET1>, \x1b[31mwho\x07 tags? ask ana@corp.example.com", "Hey , [31mwho tags? ask (address)"),
        ("@bob https://evil.example.com", "(no words)"),
    ],
)
def test_a_question_is_shown_without_people_and_addresses(question: str, told: str) -> None:
    assert shown(question) == told


# --- What is told ---


def alike(texts: Sequence[str]) -> list[list[int]]:
    """Texts that are the same but for their case are alike."""
    groups: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        groups.setdefault(text.casefold(), []).append(place)
    return list(groups.values())


@pytest.fixture
def club(store: Store, scripts: Sequence[Script]) -> Talk:
    """A talk with a bot that answers nothing, and tells insights."""
    shelf = Shelf(scripts[:1])
    activities: list[Activity] = [Insights(lambda: store.reading(), alike, 90), Questions(Told({}), Budget())]
    return Talk(Assistant(activities, Understanding(shelf, Taught({})), shelf, lambda: store), store)


def test_only_moderators_see_them_and_only_in_private(club: Talk) -> None:
    refused = club.say("insights", BO)
    assert refused.text == "Only moderators can see insights."
    told = club.say("insights", ANA)
    assert told.text.startswith("Insights for this place since 8 October 2024 (UTC).")
    assert "counted from what is remembered (90 days); nobody is named." in told.text
    assert (refused.private, told.private, told.remembered) == (True, True, False)


def test_without_anything_it_says_so(club: Talk) -> None:
    said = club.say("insights", ANA).text
    assert "Most asked: no question was asked and looked up." in said
    assert "Helpful: nobody has given an opinion yet, on 0 answers." in said
    assert "- asked: 0" in said


def test_a_place_and_a_private_talk_tell_of_themselves_alone(club: Talk) -> None:
    with club.store.writing() as records:
        ask(records, "Why tags?")
        ask(records, "Who pays?", CY, THERE)
        ask(records, "and you?")
    here, alone = club.say("insights", ANA).text, club.say("insights", ANA, ALONE).text
    assert here.startswith("Insights for this place")
    assert "and you?" not in here
    assert "- once: Why tags?" in here
    assert "Who pays?" not in here
    assert alone.startswith("Insights for this talk")
    for secret in ("Why tags?", "Who pays?", "Bo", "Cy", "test:"):
        assert secret not in alone


def test_an_administrator_is_told_of_the_public_places_of_the_server(club: Talk) -> None:
    here, there, closed, away = (
        Room("test", place, server=server, public=public)
        for place, server, public in (("a", "s", True), ("b", "s", True), ("c", "s", False), ("a", "t", True))
    )
    with club.store.writing() as records:
        for number, room in enumerate((here, there, closed, away)):
            ask(records, f"Why budget {number}?", CY, room)
    administrator = replace(ANA, administrator=True)
    said = club.say("insights", administrator, here).text
    assert said.startswith("Insights for all public places of this server")
    assert [f"Why budget {number}?" in said for number in range(4)] == [True, True, False, False]
    told = club.say("insights", administrator, closed).text
    assert [f"Why budget {number}?" in told for number in range(4)] == [False, False, True, False]


def test_the_five_largest_groups_come_first_and_the_rest_is_counted(club: Talk) -> None:
    with club.store.writing() as records:
        for number in range(7):
            for _ in range(number + 1):
                ask(records, f"Why budget {number}?")
        number = ask(records, "why budget 6?", CY)
        records.judge(number, CY, True, None, NOON)
    said = club.say("insights of this month", ANA).text
    assert "Most asked: 29 questions were asked and looked up." in said
    lines = [line for line in said.splitlines() if line.startswith("- ") and "times" in line]
    assert lines[0] == "- 8 times: Why budget 6?"
    assert len(lines) == 5
    assert "- 3 more are left out here." in said
    assert "Helpful: 1 of 1 opinion (100%), given on 29 answers." in said


# --- The command ---


def test_the_command_tells_all_places(bot: Run, tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    now = datetime.now(UTC) - timedelta(hours=1)
    with closing(Store(file)) as store, store.writing() as records:
        for words, person, room, days in (
            ("How do we do chargeback?", BO, HERE, 0),
            ("how does chargeback work", CY, THERE, 0),
            ("What is FinOps?", BO, ALONE, 9),
        ):
            ask(records, words, person, room, now - timedelta(days=days))
        records.note_unanswered(Turn("test:1", HERE, BO, "How do we do chargeback?", now))
    url = f"sqlite:///{file}"
    said = bot("insights", FINOPS_DATABASE_URL=url)
    assert (said.returncode, said.stderr) == (0, b"")
    assert b"Insights for all places" in said.stdout
    assert b"- 2 times: " in said.stdout
    report = json.loads(bot("insights", "--days", "7", "--json", FINOPS_DATABASE_URL=url).stdout)
    assert (report["questions"], report["not_covered"], report["remembered_days"]) == (2, 1, 90)
    assert [group["count"] for group in report["top"]] == [2]
    assert report["gaps"] == [{"question": "How do we do chargeback?", "count": 1}]
    assert report["people"] == {"asked": 2, "voted_by_name": 0, "took_quizzes": 0, "replied": 0}
    assert (report["opinions"], report["helpful_percent"]) == (0, None)
    for secret in ("test:", "Bo"):
        assert secret not in json.dumps(report)


def test_a_store_that_is_not_there_yet_has_nothing_to_tell_and_is_not_made(bot: Run, tmp_path: Path) -> None:
    done = bot("insights", at=tmp_path / "home")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Most asked: no question was asked and looked up." in done.stdout
    assert not (tmp_path / "home" / "store.db").exists()
