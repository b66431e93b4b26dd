"""What answers of a language model cost: kept with each reply, held to the budget, told to those who ask."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.activities import Activity
from bot.activities.privacy import Privacy
from bot.activities.questions import Questions
from bot.activities.quizzes import Quizzes
from bot.activities.usage import Usage, of_budget
from bot.assistant import Assistant
from bot.costs.budget import MOST_READ, MOST_WRITTEN, Budget
from bot.costs.prices import nanodollars
from bot.intents.understanding import Understanding
from bot.reply import Reply
from bot.shelf import Shelf
from bot.store import Spending
from bot.store.database import Store
from bot.store.records import Records
from bot.store.scope import EVERYTHING
from bot.turn import Room, Turn
from bot.withholding import KEPT_BACK
from knowledge.answer import Answer, Message, Source, Spent
from knowledge.script import Script
from tests.bot.conftest import ALONE, ANA, BO, HERE, NOON, THERE, Talk, Taught

MODEL = "openai:gpt-4.1-mini"
# $0.0008: 1,000 tokens in at $0.40 a million, 250 out at $1.60
SPENT = Spent(MODEL, 1_000, 250)
COST = 800_000
CENT = 10_000_000
SOURCE = Source("Video", "Part", None, None)
PHRASES = {"privacy": "privacy", "quiz me": "quiz_start", "what do you cost?": "usage"}

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


class Writer:
    """An answerer with a language model that takes `spent` for each answer; `composed` lists which went without."""

    def __init__(self, spent: Spent = SPENT, text: str = "So it is.") -> None:
        self.spent = spent
        self.text = text
        self.composed: list[bool] = []
        self.under_way = 0
        self.most_under_way = 0

    async def answer(
        self, question: str, history: Sequence[Message] = (), composed: bool = False
    ) -> AsyncIterator[Answer]:
        self.composed.append(composed)
        if composed:
            yield Answer("In the sources' words.", "answer", (SOURCE,))
            return
        yield Answer(self.text[:5], "answer")
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        await asyncio.sleep(0.01)
        self.under_way -= 1
        yield Answer(self.text, "answer", (SOURCE,), self.spent)


MakeTalk = Callable[..., Talk]


@pytest.fixture
def talk_with(store: Store, scripts: Sequence[Script]) -> MakeTalk:
    """Makes a talk with a bot that has a language model, and a budget in dollars."""

    def make(writer: Writer, limit: str | None = None, model: str = MODEL) -> Talk:
        shelf = Shelf(scripts[:1])
        budget = Budget(model, Decimal(limit) if limit else None)
        activities: list[Activity] = [Quizzes(shelf), Usage(budget), Privacy(90, model), Questions(writer, budget)]
        understanding = Understanding(shelf, Taught(PHRASES))
        return Talk(Assistant(activities, understanding, shelf, lambda: store, budget=budget), store)

    return make


def ask(talk: Talk, room: Room = HERE) -> Reply:
    """The last reply to a question."""
    return talk.replies(talk.turn("Is it?", room=room))[-1]


def usage(talk: Talk, moderator: bool = False, room: Room = HERE) -> Reply:
    return talk.say("what do you cost?", ANA if moderator else BO, room)


def month(store: Store) -> Spending:
    with store.reading() as records:
        return records.ledger.month(NOON, scope=EVERYTHING)


# --- What is kept ---


def test_what_an_answer_took_is_kept_with_it(talk_with: MakeTalk, store: Store) -> None:
    ask(talk_with(Writer()))
    assert month(store) == Spending(1, 1_000, 250, COST)


def test_an_answer_that_took_nothing_is_not_in_the_ledger(talk_with: MakeTalk, store: Store) -> None:
    talk = talk_with(Writer())
    usage(talk)
    assert month(store) == Spending()


def test_an_answer_without_a_known_price_is_kept_without_one(talk_with: MakeTalk, store: Store) -> None:
    ask(talk_with(Writer(Spent("openai:no-such-model", 20, 5))))
    assert month(store) == Spending(1, 20, 5, 0, 1)


def test_an_answer_that_is_kept_back_for_a_quiz_was_paid_for(talk_with: MakeTalk, store: Store) -> None:
    talk = talk_with(Writer(text="Over 60% of AI projects go over budget."))
    talk.say("quiz me")
    assert talk.say("How many go over budget?").text == KEPT_BACK
    assert month(store) == Spending(1, 1_000, 250, COST)


def test_a_turn_that_comes_twice_is_paid_for_once(talk_with: MakeTalk, store: Store) -> None:
    talk = talk_with(Writer())
    turn = talk.turn("Is it?")
    assert len(talk.replies(turn)) == 2
    assert talk.replies(turn) == []
    assert month(store).answers == 1


def test_what_was_spent_is_kept_where_the_reply_fails(
    talk_with: MakeTalk, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Records, turn: Turn, reply: Reply) -> int:
        raise ValueError("no room")

    monkeypatch.setattr(Records, "remember", fail)
    assert ask(talk_with(Writer())).text.startswith("Sorry")
    assert month(store) == Spending(1, 1_000, 250, COST)


def test_counts_of_a_broken_server_do_no_harm(talk_with: MakeTalk, store: Store) -> None:
    talk = talk_with(Writer(Spent(MODEL, -7, 10**30)))
    assert ask(talk).text.startswith("So it is.")
    assert month(store).input_tokens == 0
    assert 0 < month(store).nanodollars < 10**12


# --- The budget ---


def test_beyond_the_budget_answers_are_composed(talk_with: MakeTalk, store: Store) -> None:
    writer = Writer()
    talk = talk_with(writer, limit="0.01")
    for _ in range(20):
        ask(talk)
    # 13 × $0.0008 are the first to reach a cent.
    assert writer.composed == [False] * 13 + [True] * 7
    assert month(store).nanodollars == 13 * COST


def test_another_process_finds_what_was_spent(talk_with: MakeTalk) -> None:
    talk, writer = talk_with(Writer(Spent(MODEL, 25_000, 0)), limit="0.01"), Writer()
    ask(talk)
    talk.assistant = talk_with(writer, limit="0.01").assistant
    ask(talk)
    assert writer.composed == [True]


def test_a_new_month_has_a_new_budget(talk_with: MakeTalk) -> None:
    writer = Writer(Spent(MODEL, 25_000, 0))
    talk = talk_with(writer, limit="0.01")
    ask(talk)
    ask(talk)
    talk.wait(days=26)
    ask(talk)
    assert writer.composed == [False, True, False]


@pytest.mark.every_database
def test_many_turns_at_once_overrun_the_budget_by_one_answer_at_most(talk_with: MakeTalk, store: Store) -> None:
    dearest = Spent(MODEL, MOST_READ, MOST_WRITTEN)
    most = nanodollars(dearest, NOON) or 0
    writer = Writer(dearest)
    talk = talk_with(writer, limit="0.10")
    turns = [talk.turn("Is it?", room=Room("test", f"room {number}")) for number in range(30)]

    async def one(turn: Turn) -> None:
        async for _ in talk.assistant.hear(turn):
            pass

    async def all_at_once() -> None:
        await asyncio.gather(*map(one, turns))

    asyncio.run(all_at_once())
    assert writer.most_under_way > 1
    assert 10 * CENT <= month(store).nanodollars < 10 * CENT + most
    assert month(store).answers == writer.composed.count(False)
    assert len(writer.composed) == 30


def test_the_log_warns_once_for_each_share(talk_with: MakeTalk, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        talk = talk_with(Writer(), limit="0.01")
        for _ in range(20):
            # As in a new process: nothing but the store knows what was said.
            talk.assistant = talk_with(Writer(), limit="0.01").assistant
            ask(talk, THERE)
    said = [record.getMessage() for record in caplog.records if "budget" in record.getMessage()]
    assert len(said) == 2
    assert "$0.008 in January 2025; 80% of the monthly budget of $0.01 is used" in said[0]
    assert "100% of the monthly budget" in said[1]


# --- The activity ---


def test_without_a_model_nothing_is_spent_and_why(talk_with: MakeTalk) -> None:
    talk = talk_with(Writer(), model="")
    for moderator in (True, False):
        reply = usage(talk, moderator)
        assert "0 tokens and 0 in money: I compose answers from my sources myself" in reply.text
        assert not reply.private
        assert "In all " not in reply.text


def test_everybody_is_told_of_this_place_alone(talk_with: MakeTalk) -> None:
    talk = talk_with(Writer(), limit="20")
    for room in (HERE, HERE, THERE):
        ask(talk, room)
    reply = usage(talk)
    assert reply.text == (
        "In January 2025 I have given 2 replies here, counted from what I remember of this place. Here it is 2 answers "
        "for which a language model was called, 2,000 tokens in, 500 out, $0.0016, which is $0.0008 an answer "
        "($0.0016 / 2)."
    )
    assert not reply.private


def test_a_place_without_a_call_says_so(talk_with: MakeTalk) -> None:
    talk = talk_with(Writer())
    ask(talk, THERE)
    assert "0 tokens and 0 in money: no language model was called for them." in usage(talk).text


def test_administrators_are_told_of_the_public_places_of_their_server_and_alone(talk_with: MakeTalk) -> None:
    here, there, closed, away = (
        Room("test", place, server=server, public=public)
        for place, server, public in (("a", "s", True), ("b", "s", True), ("c", "s", False), ("a", "t", True))
    )
    administrator = replace(ANA, administrator=True)
    writer = Writer()
    talk = talk_with(writer, limit="0.01")
    for room in (here, there, there, closed, away, ALONE):
        ask(talk, room)
    writer.spent = Spent("openai:no-such-model", 20, 5)
    ask(talk, here)
    talk.wait(days=31)
    ask(talk, here)
    talk.wait(days=-31)
    reply = talk.say("what do you cost?", administrator, here)
    assert reply.private
    paragraphs = reply.text.split("\n\n")
    assert paragraphs[1] == (
        "In all public places of this server: 4 answers for which a language model was called, 3,020 tokens in, 755 "
        "out, $0.0024, which is $0.0008 an answer ($0.0024 / 3); no price is known for 1 of them."
    )
    assert "budget" not in reply.text
    assert [line.split(":")[0] for line in paragraphs[2].splitlines()] == ["By place", "- test/s/b", "- test/s/a"]
    assert [line.split(": ")[0] for line in paragraphs[3].splitlines()] == [
        *("By model:", f"- {MODEL}", "- openai:no-such-model"),
    ]
    assert "Prices are those of genai-prices" in paragraphs[-1]
    talk.wait(days=31)
    assert "\n- January 2025: 4 answers" in talk.say("what do you cost?", administrator, here).text


def test_many_places_are_summed_up(talk_with: MakeTalk) -> None:
    talk = talk_with(Writer())
    for number in range(13):
        ask(talk, room := Room("test", f"room{number}", server="s", public=True))
    lines = talk.say("what do you cost?", replace(ANA, administrator=True), room).text.splitlines()
    assert sum(line.startswith("- test/s/room") for line in lines) == 10
    (others,) = [line for line in lines if "others" in line]
    assert others.startswith("- 3 others: 3 answers for which a language model was called, 3,000 tokens in, 750 out")


def test_that_the_budget_is_used_up_is_told_to_everybody(talk_with: MakeTalk) -> None:
    talk = talk_with(Writer(), limit="0.01")
    for _ in range(12):
        ask(talk)
    # How much of it is used is a sum over everybody who shares the bot.
    assert "%" not in usage(talk, moderator=True).text
    assert "used up" not in usage(talk).text
    ask(talk)
    told = "The monthly budget for a language model is used up: until February 1 (UTC) I compose answers"
    assert told in usage(talk).text
    assert told in usage(talk, moderator=True).text


def test_a_budget_is_not_used_up_by_rounding(talk_with: MakeTalk) -> None:
    talk = talk_with(Writer(Spent(MODEL, 24_999, 0)), limit="0.01")
    ask(talk)
    assert "used up" not in usage(talk).text
    assert "99.9% is used" in of_budget(Decimal("0.01"), month(talk.store).nanodollars, NOON)


# --- Privacy ---


def test_who_asks_for_their_data_is_told_of_the_model(talk_with: MakeTalk) -> None:
    talk = talk_with(Writer(), model="")
    assert "nothing is sent to a language model" in talk.say("privacy").text
    talk.assistant = talk_with(Writer()).assistant
    told = talk.say("privacy").text
    assert "nothing is sent" not in told
    assert f"may be sent to a language model ({MODEL}), and nothing to anybody else" in told


# --- The commands ---


@pytest.fixture
def spending(tmp_path: Path) -> str:
    """The URL of a store in which this month cost $0.02, and the one before $0.01."""
    file = tmp_path / "spent.db"
    now = datetime.now(UTC)
    with closing(Store(file)) as store, store.writing() as records:
        for number, at in enumerate((now, now, now.replace(day=1) - timedelta(days=1))):
            turn = Turn(f"test:{number}", HERE, BO, "Is it?", at)
            records.ledger.enter(turn, Spent(MODEL, 25_000, 0), CENT, None)
    return f"sqlite:///{file}"


def test_usage_without_a_store_makes_none(bot: Run, tmp_path: Path) -> None:
    done = bot("usage", FINOPS_DATABASE_URL=f"sqlite:///{tmp_path / 'none.db'}")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "no language model is configured (FINOPS_MODEL), so they cost nothing" in done.stdout.decode()
    assert "tokens" not in done.stdout.decode()


def test_usage_tells_all_places(bot: Run, spending: str) -> None:
    done = bot("usage", FINOPS_DATABASE_URL=spending, FINOPS_MODEL=MODEL, FINOPS_MONTHLY_BUDGET="$1")
    assert (done.returncode, done.stderr) == (0, b"")
    said = done.stdout.decode()
    assert "0 replies in all places" in said
    assert "2 answers for which a language model was called, 50,000 tokens in, 0 out, $0.02" in said
    assert "Of the monthly budget of $1, 2.0% is used ($0.02 of it)." in said
    assert said.count("1 answer for which a language model was called") == 1


def test_usage_as_json(bot: Run, spending: str) -> None:
    done = bot("usage", "--json", FINOPS_DATABASE_URL=spending, FINOPS_MODEL=MODEL, FINOPS_MONTHLY_BUDGET="$1")
    (line,) = done.stdout.splitlines()
    record = json.loads(line)
    sums = {
        "model_answers": 2,
        "unpriced_answers": 0,
        "input_tokens": 50_000,
        "output_tokens": 0,
        "usd": 0.02,
        "usd_per_answer": 0.01,
    }
    assert sums.items() <= record.items()
    assert record["budget"] == {"usd": 1.0, "used_percent": 2.0}
    assert record["places"] == [{"place": "test/here", **sums}]
    assert record["models"] == [{"model": MODEL, **sums}]
    assert [before["usd"] for before in record["months"]] == [0.01]


def test_ask_composes_beyond_the_budget_and_says_so_once(bot: Run, spending: str, tmp_path: Path) -> None:
    asked = "\n".join(json.dumps({"id": number, "question": "What is FinOps?"}) for number in range(2)).encode()
    setting = {"FINOPS_DATABASE_URL": spending, "FINOPS_MODEL": MODEL, "OPENAI_API_KEY": "sk-0"}
    before = (tmp_path / "spent.db").read_bytes()
    done = bot("ask", "--jsonl", stdin=asked, FINOPS_MONTHLY_BUDGET="0.02 USD", **setting)
    assert done.returncode == 0
    said_of_it = [json.loads(line)["answer"] for line in done.stdout.splitlines()]
    assert [answer[:23] for answer in said_of_it] == ["FinOps, or Financial Op"] * 2
    (said,) = done.stderr.decode().splitlines()
    assert said == "The monthly budget is used up: answers are composed without the language model."
    assert (tmp_path / "spent.db").read_bytes() == before


@pytest.mark.parametrize("command", [["ask", "What is FinOps?"], ["chat"]])
def test_a_budget_that_cannot_be_held_to_is_said(bot: Run, command: list[str]) -> None:
    setting = {"FINOPS_MODEL": "openai:no-such-model", "FINOPS_MONTHLY_BUDGET": "$20", "OPENAI_API_KEY": "sk-0"}
    done = bot(*command, **setting)
    assert (done.returncode, done.stdout) == (2, b"")
    (said,) = done.stderr.decode().splitlines()
    assert said.startswith("FINOPS_MONTHLY_BUDGET cannot be held to, as no price is known for the language model")
    assert "no-such-model" not in said
    done = bot("doctor", **setting)
    assert done.returncode == 1
    assert "FAIL  Budget: FINOPS_MONTHLY_BUDGET cannot be held to" in done.stdout.decode()


@pytest.mark.parametrize("command", [["ask", "What is FinOps?"], ["chat"]])
def test_a_wrong_name_is_said_before_its_price_is_missed(bot: Run, command: list[str]) -> None:
    done = bot(*command, FINOPS_MODEL="gpt-4.1-mini", FINOPS_MONTHLY_BUDGET="$20")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().startswith("The name of a language model should look like openai:")


def test_doctor_tells_of_the_model_and_the_budget(bot: Run, spending: str) -> None:
    setting = {"FINOPS_DATABASE_URL": spending, "FINOPS_MODEL": MODEL, "OPENAI_API_KEY": "sk-0123456789"}
    done = bot("doctor", FINOPS_MONTHLY_BUDGET="0.024 USD", **setting)
    assert done.returncode == 0
    said = done.stdout.decode()
    assert f"ok    Language model: {MODEL} can be called" in said
    assert "ok    Budget: Of the monthly budget of $0.024, 83.3% is used ($0.02 of it). Warning: 16.7% is left." in said
    assert "0123456789" not in said


def test_doctor_says_what_is_wrong_with_a_model(bot: Run) -> None:
    done = bot("doctor", FINOPS_MODEL="sk-0123456789", OPENAI_API_KEY="")
    assert done.returncode == 1
    assert "FAIL  Language model: The name of a language model should look like" in done.stdout.decode()
    assert b"0123456789" not in done.stdout + done.stderr
    done = bot("doctor", FINOPS_MODEL=MODEL, OPENAI_API_KEY="")
    assert "FAIL  Language model: " in done.stdout.decode()
    assert "set OPENAI_API_KEY" in done.stdout.decode()


def test_doctor_is_content_without_a_model(bot: Run) -> None:
    said = bot("doctor", FINOPS_MONTHLY_BUDGET="$20").stdout.decode()
    assert "ok    Language model: none (FINOPS_MODEL): answers are composed from the sources, and cost nothing" in said
    assert "ok    Budget: $20 a month, of which nothing is needed without a language model" in said
