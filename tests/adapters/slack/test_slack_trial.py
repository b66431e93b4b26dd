"""Many people in Slack at once: counts are asserted, times are printed beside the figures that they should reach."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import pairwise

import pytest

from bot.store.database import Store
from bot.store.posts import REST
from tests.adapters.slack.conftest import Connect, running
from tests.slack.server import FakeSlack, fake_slack

PEOPLE, VOTERS, SECONDS = 50, 500, 10
QUESTIONS = ("what is FinOps?", "why does it matter?", "what did Company X achieve?", "what are the benefits?")
pytestmark = pytest.mark.trial


def percentile(times: Sequence[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


def test_fifty_people_ask_at_once(connect: Connect) -> None:
    async def run() -> None:
        async with fake_slack() as slack, running(connect(slack)):
            await slack.say("U0BO", "<@U0BOT> what is FinOps?")
            await slack.until(lambda: slack.of("chat.postMessage"))
            slack.calls.clear()
            loop = asyncio.get_running_loop()
            asked: dict[str, float] = {}
            threads: dict[str, float] = {}
            for number in range(PEOPLE):
                ts = f"{1_750_000_000 + number}.000100"
                words = f"<@U0BOT> {QUESTIONS[number % len(QUESTIONS)]}"
                event = {"type": "app_mention", "user": f"U{number}", "text": words, "channel": f"C{number}", "ts": ts}
                threads[ts] = loop.time()
                asked[await slack.event({**event, "team": "T0TEST"})] = threads[ts]
            await slack.until(lambda: len(slack.of("chat.postMessage")) == PEOPLE)
            acknowledged = [slack.acknowledged[one] - at for one, at in asked.items()]
            signs, answers = (
                [call.at - threads[call.arguments["thread_ts"]] for call in slack.calls if call.method == method]
                for method in ("assistant.threads.setStatus", "chat.postMessage")
            )
            answered = [one["thread_ts"] for one in slack.of("chat.postMessage")]
            assert sorted(answered) == sorted(threads)
            print(
                f"\n{PEOPLE} people at once: acknowledged p99 {percentile(acknowledged, 0.99):.2f} s (below 1), ",
                end="",
            )
            print(f"first sign p95 {percentile(signs, 0.95):.2f} s (below 1), ", end="")
            print(f"answer p95 {percentile(answers, 0.95):.2f} s (below 1)")

    asyncio.run(run())


def test_five_hundred_votes_in_ten_seconds(connect: Connect, slack_store: Store) -> None:
    async def run() -> None:
        async with fake_slack() as slack, running(connect(slack)):
            await slack.say("U0ANA", "<@U0BOT> start the poll")
            await slack.until(lambda: any("Poll: How familiar" in one for one in slack.shown()))
            envelopes = await _vote(slack)
            await slack.until(lambda: len(slack.of("response")) == VOTERS)
            await slack.until(lambda: any(f"{VOTERS} people voted so far" in one for one in slack.shown()[-50:]))
            edits = [call.at for call in slack.calls if call.method == "chat.update"]
            assert all(later - earlier >= REST.total_seconds() for earlier, later in pairwise(edits))
            assert set(envelopes) <= slack.acknowledged.keys()
            print(f"\n{VOTERS} votes in {SECONDS} s: {len(edits)} edits of the poll's message")

    asyncio.run(run())
    with slack_store.reading() as records:
        poll = records.polls.find(1)
        assert poll is not None
        assert records.polls.votes.tally(poll).counts == tuple(len(range(at, VOTERS, 3)) for at in range(3))


async def _vote(slack: FakeSlack) -> list[str]:
    """All vote, evenly over the time; their envelopes."""
    loop = asyncio.get_running_loop()
    started, envelopes = loop.time(), []
    for number in range(VOTERS):
        await asyncio.sleep(max(0.0, started + number * SECONDS / VOTERS - loop.time()))
        envelopes.append(await slack.press(f"U{number}", f"vote 1 {number % 3 + 1}"))
    return envelopes
