"""The bot in a Slack that the project did not write, over a socket: ways in, activities, people and a moderator."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.activities.places import QUIET as QUIETLY
from tests.adapters.slack.conftest import Connect, people_in, running
from tests.conftest import Logged
from tests.slack.local import ANA, BO, BOT, CY, FINOPS, QUIET, LocalSlack, People, shown

Story = Callable[[Callable[[People], Awaitable[None]]], None]


@pytest.fixture
def story(socket_slack: LocalSlack, connect: Connect) -> Story:
    """Plays what people do while the bot is connected."""

    def play(act: Callable[[People], Awaitable[None]]) -> None:
        async def run() -> None:
            async with people_in(socket_slack) as people, running(connect(socket_slack)):
                await act(people)

        asyncio.run(run())

    return play


def test_a_mention_is_answered_in_its_thread_with_its_source(story: Story) -> None:
    async def act(people: People) -> None:
        asked = await people.say(BO, f"<@{BOT}> what is FinOps?")
        answer = await people.wait_for("Source: The role of FinOps")
        assert answer["thread_ts"] == asked
        assert {"Helpful", "Not helpful"} <= set(shown(answer).split("\n"))
        await people.say(BO, f"<@{BOT}> who is the pope?", thread=asked)
        assert (await people.wait_for("My sources hold nothing on that"))["thread_ts"] == asked

    story(act)


def test_only_who_calls_the_bot_is_answered(story: Story) -> None:
    async def act(people: People) -> None:
        await people.say(BO, "what is FinOps?")
        await people.say(BO, f"<@{BOT}>", channel=QUIET)
        await people.wait_for("Hello! I answer questions about FinOps", QUIET)
        assert [message["user"] for message in await people.messages()] == [BO]

    story(act)


def test_direct_messages_are_one_conversation(story: Story) -> None:
    async def act(people: People) -> None:
        await people.open_home(BO)
        direct = await people.direct(BO)
        await people.say(BO, "how much could we save on 80k a month?", direct)
        await people.wait_for("24,000 a month", direct)
        await people.say(BO, "and at 10%?", direct)
        await people.wait_for("8,000 a month", direct)

    story(act)


def test_a_moderator_holds_a_poll_by_command_and_all_see_how_it_stands(story: Story) -> None:
    async def act(people: People) -> None:
        await people.command(BO, "start")
        await people.wait_for("Only moderators can start a poll here", to=BO)
        await people.command(ANA, "start")
        ballot = await people.wait_for("Poll: How familiar are you with FinOps?")
        assert "thread_ts" not in ballot
        await people.press(BO, ballot, "Vote: Somewhat familiar")
        await people.wait_for("Counted: Somewhat familiar.", to=BO)
        await people.press(CY, ballot, "Vote: Very familiar")
        await people.press(CY, ballot, "Vote: Somewhat familiar")
        drawn = await people.wait_for("Somewhat familiar (2)")
        assert drawn["ts"] == ballot["ts"]
        await people.say(ANA, f"<@{BOT}> close the poll")
        result = await people.wait_for("Results: How familiar are you with FinOps?")
        assert "Somewhat familiar: 2 (100%)" in shown(result)
        assert (await people.picture())["mimetype"] == "image/png"
        assert (await people.wait_for("the poll is closed"))["ts"]
        await people.press(BO, ballot, "Vote: Not at all")
        await people.wait_for("your vote was not counted", to=BO)

    story(act)


def test_a_poll_of_ones_own_is_filled_in_mended_looked_at_and_posted_once(story: Story) -> None:
    async def act(people: People) -> None:
        await people.say(ANA, f"<@{BOT}> own poll")
        offered = await people.wait_for("What is the question?", to=ANA)
        await people.press(ANA, offered, "Fill in the form")
        wrong = await people.submit(ANA, question="Tea?", options="yes")
        assert list(wrong) == ["options"]
        assert await people.submit(ANA, question="Tea?", options="yes\nno <!channel>", when="for 2h") == {}
        preview = await people.wait_for("This is how it will look:", to=ANA)
        await people.press(ANA, preview, "Change")
        window = await people.window()
        assert window["blocks"][0]["element"]["initial_value"] == "Tea?"
        await people.submit(ANA, question="Coffee?")
        preview = await people.wait_for("Poll: Coffee?", to=ANA)
        await people.press(ANA, preview, "Open")
        await people.press(ANA, preview, "Open")
        await people.wait_for("posted or thrown away before", to=ANA)
        await people.wait_for("Nobody has voted yet.")
        polls = [message for message in await people.messages() if "Nobody has voted yet." in shown(message)]
        assert len(polls) == 1

    story(act)


def test_a_quiz_alone_goes_on_in_direct_messages(story: Story) -> None:
    async def act(people: People) -> None:
        await people.say(BO, f"<@{BOT}> quiz me")
        await people.wait_for("I have answered you in our direct messages", to=BO)
        direct = await people.direct(BO)
        question = await people.wait_for("What percentage of AI projects go over budget?", direct)
        await people.press(BO, question, "About 40%")
        tried = await people.wait_for("You have 2 more tries", direct)
        assert tried["ts"] == question["ts"], "the message is edited, no other one posted"
        assert "✗ About 40%" in shown(tried)
        assert "What percentage of AI projects go over budget?" in shown(tried)
        await people.say(BO, "65%", direct)
        await people.wait_for("Correct!", direct)
        assert not any("40%" in shown(message) for message in await people.messages())

    story(act)


def test_a_private_answer_is_shared_and_judged(story: Story) -> None:
    async def act(people: People) -> None:
        await people.command(BO, "ask what is FinOps?")
        answer = await people.wait_for("financial compass", to=BO)
        await people.press(BO, answer, "Share")
        shared = await people.wait_for("asked “what is FinOps?” and shares the answer:")
        assert "Share" not in shown(shared).split("\n")
        assert "Source: The role of FinOps" in shown(shared)
        await people.press(BO, answer, "Not helpful")
        assert await people.submit(BO, reason="too short") == {}
        await people.wait_for("Thank you for saying so.", to=BO)

    story(act)


def test_the_log_holds_nothing_of_what_people_say_press_or_fill_in(story: Story, logged: Logged) -> None:
    async def act(people: People) -> None:
        await people.say(BO, f"<@{BOT}> what is Zanzibar?")
        await people.wait_for("My sources hold nothing on that")
        await people.command(BO, "ask what is Zanzibar?")
        await people.say(ANA, f"<@{BOT}> own poll")
        offered = await people.wait_for("What is the question?", to=ANA)
        await people.press(ANA, offered, "Fill in the form")
        await people.submit(ANA, question="Zanzibar?", options="Zanzibar Town\nnowhere")
        preview = await people.wait_for("This is how it will look:", to=ANA)
        await people.press(ANA, preview, "Open")
        ballot = await people.wait_for("Nobody has voted yet.")
        await people.press(BO, ballot, "Vote: Zanzibar Town")
        await people.wait_for("Zanzibar Town (1)")

    story(act)
    assert "Zanzibar" not in logged()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "`/finops quiz`"),
        ("benefits", "Cost transparency and accountability"),
        ("takeaways", "takeaways"),
        ("quote", "“"),
        ("stats", "60%"),
        ("describe", "0:00"),
        ("leaderboard", "You have not answered a quiz here yet"),
        ("usage", "cost"),
        ("privacy", "About you I hold"),
        ("settings", "time zone"),
        ("results", "No poll has been held here yet"),
        ("what is FinOps?", "financial compass"),
    ],
)
def test_each_command_answers_who_gives_it_alone(text: str, told: str, story: Story) -> None:
    async def act(people: People) -> None:
        await people.command(CY, text)
        await people.wait_for(told.strip("`"), to=CY)
        assert {message.get("ephemeral_to") for message in await people.messages()} == {CY}

    story(act)


def test_an_estimate_is_filled_in(story: Story) -> None:
    async def act(people: People) -> None:
        await people.command(BO, "savings")
        direct = await people.direct(BO)
        offered = await people.wait_for("How much do you spend?", direct)
        await people.press(BO, offered, "Fill in a form")
        window = await people.window()
        assert window["blocks"][0]["element"]["type"] == "number_input"
        assert list(await people.submit(BO, spend="0", rate="15")) == ["spend"]
        await people.submit(BO, spend="80000", period="month", rate="15")
        await people.wait_for("12,000 a month", direct)

    story(act)


def test_the_home_shows_what_is_open_and_is_pressed(story: Story) -> None:
    async def act(people: People) -> None:
        await people.command(ANA, "start")
        await people.wait_for("Poll: How familiar")
        await people.say(BO, f"<@{BOT}> keywords")
        await people.wait_for("eyword")
        home = await people.open_home(BO)
        assert "Insights" not in shown(home)
        assert "How familiar are you with FinOps? Nobody has voted yet." in shown(home)
        assert "Insights" in shown(await people.open_home(ANA))

    story(act)


def test_a_posted_question_is_answered_by_a_form(story: Story) -> None:
    async def act(people: People) -> None:
        await people.say(ANA, f"<@{BOT}> post a question for the team")
        posted = await people.wait_for("replies are gathered for the moderators")
        assert "thread_ts" not in posted
        await people.press(BO, posted, "Answer")
        await people.submit(BO, answer="We tag everything that runs.")
        await people.wait_for("Thank you: your reply is kept", to=BO)

    story(act)


def test_buttons_live_on_after_a_restart(socket_slack: LocalSlack, connect: Connect) -> None:
    async def run() -> None:
        async with people_in(socket_slack) as people:
            async with running(connect(socket_slack)):
                await people.command(ANA, "start")
                ballot = await people.wait_for("Poll: How familiar")
                await people.say(BO, f"<@{BOT}> what is FinOps?")
                answer = await people.wait_for("financial compass")
            async with running(connect(socket_slack)):
                await people.press(BO, ballot, "Vote: Not at all")
                await people.wait_for("Not at all (1)")
                await people.press(BO, answer, "Not helpful")
                await people.submit(BO, reason="")
                await people.wait_for("Thank you for saying so.", to=BO)

    asyncio.run(run())


def test_nothing_that_somebody_says_mentions_anybody(story: Story) -> None:
    async def act(people: People) -> None:
        await people.say(ANA, f"<@{BOT}> poll: Who <!channel> @here <@{CY}>? <!everyone>, *bold* _it_")
        ballot = await people.wait_for("Poll: Who")
        told = str([message for message in await people.messages(FINOPS) if message["user"] == BOT])
        assert "<!" not in told
        assert f"<@{CY}>" not in told
        assert ballot

    story(act)


def test_moderators_set_how_the_bot_behaves_in_a_window(story: Story) -> None:
    async def act(people: People) -> None:
        await people.command(BO, "settings")
        told = await people.wait_for("I answer when I am addressed", to=BO)
        assert "Change the settings" not in shown(told)
        await people.command(ANA, "settings")
        told = await people.wait_for("I answer when I am addressed", to=ANA)
        await people.press(ANA, told, "Change the settings")
        assert list(await people.submit(ANA, zone="Atlantis")) == ["zone"]
        sent = await people.submit(ANA, zone="Europe/Berlin", features=["polls"], unasked=QUIETLY, moderators=CY)
        assert sent == {}
        await people.wait_for("I am quiet", to=ANA)
        await people.command(BO, "quiz")
        await people.wait_for("Quizzes are switched off here", to=BO)
        await people.command(CY, "start")
        await people.wait_for("Poll: How familiar")

    story(act)
