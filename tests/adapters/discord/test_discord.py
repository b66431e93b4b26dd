"""Talks in Discord, from the first word to the last button."""

from __future__ import annotations

import discord
import pytest

from tests.adapters.discord.conftest import Server, labels
from tests.conftest import Logged

pytestmark = pytest.mark.asyncio

QUESTION = "What is FinOps?"
ANSWER = "FinOps, or Financial Operations"
POLL = "Where do we eat? Pizza, Sushi, Salad"


# --- Questions ---


async def test_an_answer_to_a_command_is_for_the_asker_alone_and_can_be_shared(server: Server) -> None:
    result = await server.bo.slash(server.channel, "finops ask", question=QUESTION)
    assert result.response is not None
    assert result.response.ephemeral
    assert ANSWER in result.response.content
    assert "-# Source: " in result.response.content
    assert server.channel.last_message is None
    assert labels(result.response) == ["helpful", "not helpful", "share"]
    shared = await server.bo.click(result.response, label="share")
    await server.wait()
    assert ANSWER in server.last().content
    assert server.last().content.startswith(f"bo asked “{QUESTION}” and shares the answer:")
    assert shared.response is None, "what was deferred goes away"


async def test_a_mention_is_answered_under_it_for_all_to_read(server: Server) -> None:
    answer = await server.mention(server.bo, QUESTION)
    assert answer.reference is not None
    asked = server.channel.history(viewer=None)
    assert ANSWER in answer.content
    assert labels(answer) == ["helpful", "not helpful"]
    assert len(asked) == 2


async def test_the_log_holds_nothing_of_what_people_say_press_or_fill_in(server: Server, logged: Logged) -> None:
    await server.mention(server.bo, "What is FinOps in Zanzibar?")
    await server.bo.slash(server.channel, "finops ask", question="What is Zanzibar?")
    await server.mention(server.ana, "poll: Zanzibar? Zanzibar Town, nowhere")
    await server.wait()
    await server.mention(server.bo, "Zanzibar Town")
    assert server.votes() == {"Zanzibar Town": 1, "nowhere": 0}
    assert "Zanzibar" not in logged()


async def test_a_reply_that_pings_the_bot_goes_on_with_its_talk(server: Server) -> None:
    answer = await server.mention(server.bo, QUESTION)
    await server.bo.send(server.channel, f"{server.me} why?", reply_to=answer)
    again = server.last()
    assert again.id != answer.id
    assert "Go on in a thread" in labels(again)
    await server.bo.click(again, label="Go on in a thread")
    (thread,) = server.channel.threads
    assert thread.id == server.channel.history()[0].id, "the talk and its thread have the same id"
    await server.bo.send(thread, f"{server.me} and what does it cost?")
    assert server.last(thread).author == server.env.bot.user


async def test_feedback_on_an_answer_belongs_to_it(server: Server) -> None:
    answer = await server.mention(server.bo, QUESTION)
    result = await server.bo.click(answer, label="helpful")
    assert result.response is not None
    assert result.ephemeral
    assert result.response.content == "Good to hear, thank you."


async def test_a_direct_message_is_a_talk(server: Server) -> None:
    await server.bo.user.send_dm(QUESTION)
    answer = server.last(server.bo.user.dm_channel)
    assert ANSWER in answer.content
    await server.bo.user.send_dm("thanks")
    assert server.last(server.bo.user.dm_channel).content.startswith("You are welcome")


async def test_what_is_not_said_to_the_bot_is_left_alone(server: Server) -> None:
    await server.bo.send(server.channel, QUESTION)
    assert server.last().author.id == server.bo.id


async def test_a_message_can_be_asked_about(server: Server) -> None:
    said = await server.cy.send(server.channel, QUESTION)
    result = await server.bo.context_menu(server.channel, "Ask FinOps Bot about it", said)
    assert result.response is not None
    assert result.ephemeral
    assert ANSWER in result.response.content


# --- Commands ---


@pytest.mark.parametrize(
    ("command", "options", "told"),
    [
        ("quiz", {}, "Quiz: "),
        ("quiz", {"questions": 2}, "1 of 2"),
        ("benefits", {}, "benefit"),
        ("savings", {"spend": 80000.0, "period": "month", "currency": "EUR", "rate": 10.0}, "8,000"),
        ("savings", {}, "How much do you spend?"),
        ("takeaways", {}, "takeaways"),
        ("quote", {}, "“"),
        ("stats", {}, "up to"),
        ("describe", {}, "section"),
        ("results", {}, "No poll has been held here yet"),
        ("leaderboard", {}, "You have not answered a quiz here yet"),
        ("usage", {}, ""),
        ("privacy", {}, "keep"),
        ("help", {}, "Hello!"),
    ],
)
async def test_a_command_is_answered_for_its_person_alone(
    server: Server, command: str, options: dict[str, object], told: str
) -> None:
    result = await server.bo.slash(server.channel, f"finops {command}", **options)
    assert result.response is not None
    assert result.response.ephemeral
    assert not result.response.content.startswith("Sorry")
    assert told.casefold() in result.response.content.casefold(), result.response.content
    assert server.channel.last_message is None


async def test_what_can_be_chosen_is_offered_while_somebody_types(server: Server) -> None:
    sections = await server.bo.autocomplete(server.channel, "finops describe", "section", "what is")
    assert [offer["name"] for offer in sections] == ["What is FinOps?"]
    told = await server.bo.slash(server.channel, "finops describe", section=sections[0]["value"])
    assert told.response is not None
    assert "What is FinOps?" in told.response.content
    benefits = await server.bo.autocomplete(server.channel, "finops benefits", "benefit", "")
    assert len(benefits) == 5
    topics = await server.bo.autocomplete(server.channel, "finops quiz", "topic", "")
    assert 0 < len(topics) <= 25


async def test_only_moderators_are_shown_their_commands(server: Server) -> None:
    assert "finops-mod insights" in server.ana.available_commands(server.channel)
    assert not any(name.startswith("finops-mod") for name in server.bo.available_commands(server.channel))


# --- Polls ---


async def test_a_poll_is_opened_voted_in_changed_and_closed(server: Server) -> None:
    opened = await server.ana.slash(server.channel, "finops-mod poll new", poll=POLL)
    await server.wait()
    ballot = server.last()
    assert opened.response is None
    assert "**Poll: Where do we eat?**" in ballot.content
    assert labels(ballot) == ["Pizza", "Sushi", "Salad"]
    counted = await server.bo.click(ballot, label="Pizza")
    assert counted.response is not None
    assert counted.ephemeral
    assert counted.response.content.startswith("Counted: Pizza")
    await server.cy.click(ballot, label="Sushi")
    await server.cy.click(ballot, label="Pizza")
    await server.wait()
    assert "1. Pizza: **2**" in server.last().content
    offered = await server.ana.autocomplete(server.channel, "finops-mod poll close", "poll", "eat")
    await server.ana.slash(server.channel, "finops-mod poll close", poll=offered[0]["value"])
    await server.wait()
    result = server.last()
    assert "- Pizza: **2** (100%)" in result.content
    (picture,) = result.attachments
    assert picture.description
    assert labels(ballot_now(server, ballot)) == []


async def test_buttons_live_on_in_another_process(server: Server) -> None:
    await server.ana.slash(server.channel, "finops-mod poll video")
    await server.wait()
    ballot = server.last()
    await server.restart()
    counted = await server.bo.click(ballot, label=labels(ballot)[0])
    assert counted.response is not None
    assert counted.response.content.startswith("Counted: ")


async def test_a_member_cannot_open_a_poll(server: Server) -> None:
    await server.mention(server.bo, "start the poll")
    assert server.last().content == "My answer is for bo alone: press the button to see it."
    told = await server.bo.click(server.last(), label="Show my answer")
    assert told.response is not None
    assert told.response.ephemeral
    assert told.response.content.startswith("Only moderators can start a poll here")


def ballot_now(server: Server, ballot: discord.Message) -> discord.Message:
    """A message as it stands by now."""
    return next(message for message in server.channel.history() if message.id == ballot.id)


async def test_a_second_mention_goes_on_with_the_talk_of_its_person(server: Server) -> None:
    await server.mention(server.bo, "What is FinOps?")
    other = await server.mention(server.cy, "and why?")
    assert "Go on in a thread" not in labels(other)
    again = await server.mention(server.bo, "and why does it matter?")
    assert "Go on in a thread" in labels(again)
    await server.bo.click(again, label="Go on in a thread")
    (thread,) = server.channel.threads
    assert thread.id == server.channel.history()[0].id
