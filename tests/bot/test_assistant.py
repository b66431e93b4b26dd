"""The assistant: who takes a turn, what is remembered, and what happens when something fails."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.activities import Activity, Heard, Step
from bot.activities.help import AGAIN, EXAMPLES, GREETING, Help
from bot.activities.polls import Polls
from bot.activities.questions import Questions
from bot.activities.quizzes import Quizzes
from bot.assistant import Assistant
from bot.intents import Intent, Pick
from bot.intents.understanding import Understanding
from bot.reply import Reply, Sources, Text
from bot.shelf import Shelf
from bot.store import Scene
from bot.store.database import Store
from bot.store.looks import REMEMBERED
from bot.store.records import Records
from bot.store.scope import Scope
from bot.turn import Room, Turn
from bot.withholding import KEPT_BACK
from knowledge.answer import MAX_QUESTION, Answer, Message, Source, Spent
from knowledge.script import Script
from tests.bot.conftest import ANA, BO, CY, HERE, NOON, THERE, Place, Talk, Taught, Told, choices, labels, run_sql

# What an exception says. In a variable, as a traceback shows lines of code.
REASON = "disk on fire"
APOLOGY = re.compile(r"Sorry, that went wrong on my side \(reference ([0-9a-f]{8})\)\.")


class Echo:
    """Takes turns that hold `trigger`; keeps what it heard."""

    def __init__(self, trigger: str = "") -> None:
        self.trigger = trigger
        self.heard: list[Heard] = []

    async def take(self, heard: Heard) -> Reply | None:
        if self.trigger not in heard.turn.words:
            return None
        self.heard.append(heard)
        return Reply((Text(f"{self.trigger or 'any'}: {heard.turn.words}"),), "question")

    def before(self) -> list[str]:
        """What had been said before the last turn."""
        return [message.content for message in self.heard[-1].scene.history]


class Broken:
    """Fails at whatever holds its trigger."""

    async def take(self, heard: Heard) -> Reply | None:
        if "break" in heard.turn.words:
            raise OSError(f"{REASON}: {heard.turn.words}")
        return None


class Spoilt:
    """Does what an activity does, and fails in the same step."""

    def __init__(self, activity: Activity) -> None:
        self._activity = activity

    async def take(self, heard: Heard) -> Reply | Step | None:
        taken = await self._activity.take(heard)
        if taken is None or isinstance(taken, AsyncGenerator):
            return None
        return lambda records: self._step(taken, records)

    def _step(self, taken: Reply | Step, records: Records) -> Reply:
        if not isinstance(taken, Reply):
            taken(records)
        raise ValueError(REASON)


class Unreadable:
    """A sense that fails."""

    def scores(self, text: str, setting: str) -> Mapping[str, float]:
        raise ZeroDivisionError("no sense")

    def knows(self, text: str, setting: str) -> str | None:
        return None

    def likeness(self, text: str, others: Sequence[str]) -> Sequence[float]:
        return [0.0] * len(others)


@pytest.fixture
def shelf(scripts: Sequence[Script]) -> Shelf:
    return Shelf(scripts[:1])


def with_activities(store: Store, shelf: Shelf, *activities: Activity) -> Talk:
    sense = Taught({"quiz me": "quiz_start", "start the poll": "poll_start", "help": "help"})
    return Talk(Assistant(activities, Understanding(shelf, sense), shelf, lambda: store), store)


# --- Who takes a turn ---


def test_the_first_that_takes_a_turn_has_it(store: Store, shelf: Shelf) -> None:
    cats, dogs, rest = Echo("cat"), Echo("dog"), Echo()
    talk = with_activities(store, shelf, cats, dogs, rest)
    said = [talk.say(words).parts[0] for words in ("a dog", "a cat and a dog", "a fish")]
    assert said == [Text("dog: a dog"), Text("cat: a cat and a dog"), Text("any: a fish")]
    assert [len(activity.heard) for activity in (cats, dogs, rest)] == [1, 1, 1]


def test_nobody_taking_a_turn_is_a_failure(store: Store, shelf: Shelf) -> None:
    talk = with_activities(store, shelf, Echo("cat"))
    (reply,) = talk.replies(talk.turn("dog"))
    assert APOLOGY.fullmatch(reply.text)


def test_what_is_only_overheard_is_not_answered(store: Store, shelf: Shelf) -> None:
    echo = Echo()
    talk = with_activities(store, shelf, echo)
    overheard = Turn("test:overheard", HERE, BO, "start the poll", NOON, addressed=False)
    assert talk.replies(overheard) == []
    talk.say("hello")
    assert echo.before() == []


def test_a_turn_is_answered_once_however_often_it_is_delivered(store: Store, shelf: Shelf) -> None:
    echo = Echo()
    talk = with_activities(store, shelf, echo)
    turn = talk.turn("one")
    assert [len(talk.replies(turn)) for _ in range(3)] == [1, 0, 0]
    talk.wait(days=3)
    assert talk.replies(turn) == []
    talk.say("two")
    assert echo.before() == ["one", "any: one"]


def test_very_long_words_are_looked_up_and_nothing_else(store: Store, shelf: Shelf) -> None:
    known = Told({})
    talk = with_activities(store, shelf, Polls(shelf), Quizzes(shelf), Questions(known))
    words = "start the poll " * (MAX_QUESTION // 10)
    assert talk.say(words, ANA).activity == "question"
    assert known.asked[0][0] == words
    assert talk.scene().poll is None


# --- What is remembered ---


def test_a_turn_is_heard_with_what_was_said_before_it(store: Store, shelf: Shelf) -> None:
    echo = Echo()
    talk = with_activities(store, shelf, echo)
    talk.say("one")
    talk.say("two")
    assert echo.heard[0].scene.history == ()
    assert echo.heard[1].scene.history == (Message("user", "one"), Message("assistant", "any: one"))


def test_rooms_and_threads_do_not_hear_each_other(store: Store, shelf: Shelf) -> None:
    echo = Echo()
    talk = with_activities(store, shelf, echo)
    for room in (HERE, Room("test", "here", thread="7"), THERE, Room("other", "here")):
        talk.say("one", room=room)
        assert echo.before() == [], room


def test_memory_of_a_room_is_bounded(store: Store, shelf: Shelf) -> None:
    echo = Echo()
    talk = with_activities(store, shelf, echo)
    for number in range(REMEMBERED):
        talk.say(str(number))
    assert len(echo.before()) == REMEMBERED
    assert echo.before()[-1] == f"any: {REMEMBERED - 2}"
    assert echo.heard[-1].scene.history[0].role == "user"


def test_a_vote_is_told_to_the_tally_only(talk: Talk) -> None:
    talk.say("start the poll", ANA)
    before = talk.scene().history
    for words in ("2", "very familiar", f"vote {talk.tally().poll} 3", f"vote {talk.tally().poll} 77"):
        assert talk.say(words).activity == "poll_answer"
    assert talk.scene().history == before
    assert talk.tally().counts == (0, 0, 1)


def test_responding_keeps_nothing(talk: Talk) -> None:
    for words in ("start the poll", "quiz me", "what is FinOps?", "what do you cost?", "privacy delete everything"):
        turn = Turn("test:asked", HERE, ANA, words, NOON)
        reply = asyncio.run(talk.assistant.respond(turn, ()))
        assert reply.text
        assert "Sorry" not in reply.text
    scene = talk.scene(ANA)
    assert (scene.history, scene.poll, scene.quiz) == ((), None, None)
    assert talk.replies(Turn("test:asked", HERE, ANA, "hello", NOON))


def test_responding_takes_history_into_account(store: Store, shelf: Shelf) -> None:
    known = Told({})
    talk = with_activities(store, shelf, Questions(known))
    history = (Message("user", "one"), Message("assistant", "two"))
    asyncio.run(talk.assistant.respond(Turn("test:1", HERE, BO, "and then?", NOON), history))
    assert known.asked == [("and then?", history)]


# --- Failures ---


def test_a_failure_is_an_apology_with_a_reference_that_stands_in_the_log(
    store: Store, shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    echo = Echo()
    talk = with_activities(store, shelf, Broken(), echo)
    talk.say("fine")
    with caplog.at_level(logging.ERROR):
        (reply,) = talk.replies(talk.turn("break my secret"))
    match = APOLOGY.fullmatch(reply.text)
    assert match is not None
    assert reply.abstained
    assert reply.sources == ()
    (record,) = caplog.records
    assert match[1] in record.getMessage()
    # The log tells where it went wrong, and nothing of what was said: an exception's text may hold that.
    assert "OSError" in caplog.text
    assert "in take" in caplog.text
    assert "secret" not in caplog.text
    assert REASON not in caplog.text
    talk.say("fine again")
    assert echo.before() == ["fine", "any: fine"]


def test_every_failure_has_a_reference_of_its_own(store: Store, shelf: Shelf) -> None:
    talk = with_activities(store, shelf, Broken())
    assert len({talk.replies(talk.turn("break"))[0].text for _ in range(5)}) == 5


@pytest.mark.parametrize("words", ["start the poll", "quiz me"])
def test_a_step_that_fails_leaves_the_room_as_it_was(
    words: str, store: Store, shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    talk = with_activities(store, shelf, Spoilt(Polls(shelf)), Spoilt(Quizzes(shelf)), Questions(Told({})))
    (reply,) = talk.replies(talk.turn(words, ANA))
    match = APOLOGY.fullmatch(reply.text)
    assert match is not None
    assert match[1] in caplog.text
    assert REASON not in caplog.text
    assert words not in caplog.text
    scene = talk.scene(ANA)
    assert (scene.history, scene.poll, scene.quiz) == ((), None, None)


def test_a_vote_that_fails_does_not_count(store: Store, shelf: Shelf) -> None:
    with_activities(store, shelf, Polls(shelf)).say("start the poll", ANA)
    talk = with_activities(store, shelf, Spoilt(Polls(shelf)))
    talk.heard = [talk.turn("")]  # so that its turns are others than those of the talk before
    (reply,) = talk.replies(talk.turn("1"))
    assert APOLOGY.fullmatch(reply.text)
    assert talk.tally().voters == 0


def test_what_was_said_in_a_failed_turn_is_not_logged_by_the_database(
    store: Store, database: Place, shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    talk = with_activities(store, shelf, Echo())
    talk.say("hello")
    run_sql(database, "DROP TABLE messages")
    (reply,) = talk.replies(talk.turn("my secret"))
    assert APOLOGY.fullmatch(reply.text)
    assert "secret" not in caplog.text
    assert re.search("OperationalError|UndefinedTable", caplog.text)


def test_failing_to_understand_is_a_failure_of_the_turn(store: Store, shelf: Shelf) -> None:
    understanding = Understanding(shelf, Unreadable())
    talk = Talk(Assistant([Echo()], understanding, shelf, lambda: store), store)
    (reply,) = talk.replies(talk.turn("dog"))
    assert APOLOGY.fullmatch(reply.text)


# --- Many at once ---


def test_many_at_once_are_all_heard_on_one_store(tmp_path: Path, shelf: Shelf) -> None:
    opened: list[Store] = []

    def open_store() -> Store:
        opened.append(Store(tmp_path / "many.db"))
        return opened[-1]

    activities: list[Activity] = [Polls(shelf), Questions(Told({}))]
    assistant = Assistant(activities, Understanding(shelf, Taught({"start the poll": "poll_start"})), shelf, open_store)

    def turn(number: int) -> Turn:
        person = ANA if number % 2 else BO
        words = "start the poll" if number % 4 == 1 else f"question {number}"
        return Turn(f"test:{number}", HERE, person, words, NOON + timedelta(seconds=number))

    async def reply(number: int) -> list[Reply]:
        return [reply async for reply in assistant.hear(turn(number))]

    async def everybody() -> list[list[Reply]]:
        # Every turn is delivered twice.
        return await asyncio.gather(*(reply(number % 20) for number in range(40)))

    told = asyncio.run(everybody())
    assert len(opened) == 1
    assert sum(map(len, told)) == 20
    assert not [one.text for replies in told for one in replies if one.text.startswith("Sorry")]
    with opened[0].reading() as records:
        assert records.answers_since(NOON, scope=Scope(HERE)) == 20
        poll = records.polls.newest_open(HERE, NOON)
        assert poll is not None
        assert records.polls.find(poll.id + 1, HERE) is None
        assert records.polls.find(poll.id - 1, HERE) is None
    opened[0].close()


# --- Activities that take whatever is left, and greetings ---


def take(activity: Activity, words: str, name: Intent, history: Sequence[Message] = ()) -> list[Reply]:
    """What an activity that needs no records says to a turn."""

    async def taken() -> list[Reply]:
        heard = Heard(Turn("test:1", HERE, BO, words, NOON), name, Scene(history=tuple(history)))
        match await activity.take(heard):
            case None:
                return []
            case AsyncGenerator() as growing:
                return [reply async for reply in growing]
            case reply:
                assert isinstance(reply, Reply)
                return [reply]

    return asyncio.run(taken())


@pytest.mark.parametrize(
    "words",
    ["help", "/help", "Hi!", "hello", "Good morning", "what can you do?", " HELP ", "menu"],
)
def test_help_is_given_to_those_who_ask_or_greet(words: str, talk: Talk) -> None:
    reply = talk.say(words)
    assert reply.activity == "help"
    assert not reply.abstained
    assert EXAMPLES[0] in reply.text
    assert "Quiz me" in labels(reply)


@pytest.mark.parametrize("words", ["How does FinOps help?", "hi, what is FinOps?", "who are they", "start the poll"])
def test_help_leaves_questions_to_others(words: str, talk: Talk) -> None:
    assert talk.say(words).activity != "help"


def test_only_moderators_are_offered_what_only_they_may_do(talk: Talk) -> None:
    assert "Start the poll" in labels(talk.say("help", ANA))
    assert "Start the poll" not in labels(talk.say("help", CY))


def test_help_takes_nothing_else() -> None:
    assert take(Help(), "help", Intent("question")) == []
    assert take(Help(), "help", Intent("benefits", Pick(1))) == []


def test_an_answer_becomes_a_reply_with_its_sources() -> None:
    known = Told({"Is it taxed?": "So it is."})
    (reply,) = take(Questions(known), "Is it taxed?", Intent("question"), [Message("user", "Hm")])
    source = Source("Video", "Part", "0:00-0:30", None)
    assert reply == Reply((Text("So it is."), Sources((source,))), "question", slot="answer test:1", verdict="answer")
    assert [(asked, len(history)) for asked, history in known.asked] == [("Is it taxed?", 1)]


def test_the_nearest_that_there_is_counts_as_a_gap_and_names_its_source() -> None:
    source = Source("Video", "Part", None, None)
    (reply,) = take(Questions(Growing(Answer("Only this.", "nearest", (source,)))), "Is it taxed?", Intent("question"))
    assert reply == Reply(
        (Text("Only this."), Sources((source,))),
        "question",
        abstained=True,
        slot="answer test:1",
        lacks="gap",
        verdict="nearest",
    )


@pytest.mark.parametrize("outside", [True, False])
def test_what_is_declined_is_a_gap_unless_it_is_outside(outside: bool) -> None:
    declined = Answer("I do not know.", "decline", outside=outside)
    (reply,) = take(Questions(Growing(declined)), "Is it taxed?", Intent("question"))
    assert (reply.abstained, reply.verdict, reply.sources) == (True, "decline", ())
    assert reply.lacks == ("outside" if outside else "gap")


# --- An answer that grows ---

SOURCE = Source("Video", "Part", None, None)
GROWN = (
    Answer("Over 60% of AI projects", "answer"),
    Answer("Over 60% of AI projects go over budget.", "answer", (SOURCE,), Spent("openai:some", 20, 5)),
)


class Growing:
    """An answerer whose answer grows."""

    def __init__(self, *answers: Answer) -> None:
        self._answers = answers

    async def answer(
        self, question: str, history: Sequence[Message] = (), composed: bool = False
    ) -> AsyncIterator[Answer]:
        for answer in self._answers:
            yield answer


def test_a_reply_grows_in_its_slot_and_is_kept_once(store: Store, shelf: Shelf) -> None:
    talk = with_activities(store, shelf, Questions(Growing(*GROWN)))
    first, last = talk.replies(talk.turn("How many?"))
    assert first.slot == last.slot is not None
    assert (first.text, first.sources, choices(first)) == (GROWN[0].text, (), [])
    assert (last.text, last.sources, last.spent) == (GROWN[1].text, (SOURCE,), GROWN[1].spent)
    assert labels(last) == ["helpful", "not helpful"]
    assert [message.content for message in talk.scene().history] == ["How many?", GROWN[1].text]


def test_nothing_of_a_reply_is_told_before_it_is_known_to_keep_the_secret_of_a_quiz(store: Store, shelf: Shelf) -> None:
    talk = with_activities(store, shelf, Quizzes(shelf), Questions(Growing(*GROWN)))
    talk.say("quiz me")
    assert talk.say("How many go over budget?").text == KEPT_BACK


def test_parts_of_a_reply() -> None:
    one, other = Source("A", None, None, None), Source("B", None, None, None)
    reply = Reply((Text("first"), Sources((one,)), Text("second"), Sources((other,))), "question")
    assert reply.text == "first\n\nsecond"
    assert reply.sources == (one, other)


@pytest.mark.parametrize("again", ["help", "what can you do?"])
def test_help_is_short_where_it_was_given_before(again: str, talk: Talk) -> None:
    assert GREETING in talk.say("help").text
    for _ in range(4):
        assert talk.say(again).text == AGAIN
    assert len(AGAIN.splitlines()) == 4


@pytest.mark.parametrize(
    "words", ["hi", "Hello there!", "good morning 👋", "Guten Morgen", "bonjour", "¡Hola!", "olá", "Buongiorno!"]
)
def test_a_greeting_in_the_middle_of_a_talk_gets_one_line(words: str, talk: Talk) -> None:
    talk.say("What is FinOps?")
    line = talk.say(words)
    assert (line.activity, "\n" in line.text, line.abstained) == ("smalltalk", False, False)


def test_a_remark_that_asks_for_nothing_gets_no_refusal(talk: Talk) -> None:
    talk.say("what is a bird?")
    assert talk.say("our landlord would laugh at that").text.startswith("I have nothing to add to that")
    assert not talk.say("which landlord is the cheapest?").text.startswith("I have nothing to add to that")
