"""Quizzes, rounds, cards and posted questions in Discord."""

from __future__ import annotations

import discord
import pytest

from tests.adapters.discord.conftest import Server, labels

pytestmark = pytest.mark.asyncio

POSTED = "Have you ever faced budget surprises in your tech projects?"


async def test_a_quiz_is_taken_alone(server: Server) -> None:
    asked = await server.bo.slash(server.channel, "finops quiz")
    assert asked.response is not None
    assert "About 40%" in labels(asked.response)
    hint = await server.bo.click(asked.response, label="Hint")
    assert hint.response is not None
    wrong = await server.bo.click(asked.response, label="About 40%")
    assert wrong.response is not None
    assert wrong.response.ephemeral
    assert wrong.response.id == asked.response.id, "the message is edited, no other one posted"
    assert "Not quite. You have 2 more tries." in wrong.response.content
    assert wrong.response.content.startswith("Quiz: What percentage of AI projects")
    assert "✗ About 40%" in labels(wrong.response)
    await server.restart()
    right = await server.bo.click(wrong.response, label="Over 60%")
    assert right.response is not None
    assert "60%" in right.response.content
    assert labels(right.response) == []
    assert server.channel.last_message is None


async def test_a_round_is_played_together(server: Server) -> None:
    await server.mention(server.ana, "quiz everybody")
    await server.wait()
    question = server.last()
    assert question.content.startswith("Question 1 of ")
    for person, answer in ((server.bo, "About 40%"), (server.cy, "Over 60%")):
        told = await person.click(question, label=answer)
        assert told.response is not None
        assert told.response.ephemeral
        assert "60%" not in told.response.content or answer == "Over 60%"
    await server.wait()
    await server.ana.click(server.last(), label="Reveal")
    await server.wait()
    assert "60%" in server.last().content


async def test_cards_are_turned_one_by_one(server: Server) -> None:
    listed = await server.bo.slash(server.channel, "finops benefits")
    assert listed.response is not None
    card = await server.bo.click(listed.response, label=labels(listed.response)[0])
    assert card.response is not None
    assert "number 1 of 5" in card.response.content
    following = await server.bo.click(card.response, label="Next")
    assert following.response is not None
    assert "number 2 of 5" in following.response.content


async def test_a_posted_question_is_answered_by_a_reply_and_by_a_form(server: Server) -> None:
    await server.mention(server.ana, "post a question for the team")
    await server.wait()
    posted = server.last()
    assert POSTED in posted.content
    await server.bo.send(server.channel, f"{server.me} Yes, our bill doubled within a month.", reply_to=posted)
    form = await server.cy.click(posted, label="Answer")
    kept = await server.cy.submit_modal(form, {"answer": "Budgets first."})
    assert kept.response is not None
    assert kept.response.content.startswith("Thank you: your reply is kept")
    seen = await server.ana.slash(server.channel, "finops ask", question="show the replies")
    assert seen.response is not None
    assert "Budgets first." in seen.response.content
    assert "our bill doubled" in seen.response.content
    refused = await server.bo.slash(server.channel, "finops ask", question="show the replies")
    assert refused.response is not None
    assert "Budgets first." not in refused.response.content


async def test_what_is_asked_for_in_a_thread_stands_there(server: Server) -> None:
    channel = server.env.bot.get_channel(server.channel.id)
    assert isinstance(channel, discord.TextChannel)
    with server.env.time_context():
        made = await channel.create_thread(name="secret", type=discord.ChannelType.private_thread)
        for person in (server.ana, server.bo):
            await made.add_user(discord.Object(person.id))
    (thread,) = server.channel.threads
    before = server.channel.history()
    for words, shown in (
        ("poll: Raise for Cy? Yes, No", "**Poll: Raise for Cy?"),
        ("start a quiz for everybody", "Question 1 of"),
        ("post a question for the team", "replies are gathered"),
    ):
        await server.ana.send(thread, f"{server.me} {words}")
        await server.wait()
        assert any(shown in message.content for message in thread.history()), words
    poll = next(one for one in thread.history() if one.content.startswith("**Poll: "))
    await server.bo.click(poll, label="Yes")
    seen = await server.bo.slash(thread, "finops results")
    assert seen.response is not None
    assert "Raise for Cy?" in seen.response.content
    elsewhere = await server.bo.slash(server.channel, "finops results")
    assert elsewhere.response is not None
    assert "Raise" not in elsewhere.response.content
    assert len(server.channel.history()) == len(before)


async def test_a_thread_has_the_settings_of_its_channel(server: Server) -> None:
    # A thread is a channel with an id of its own, so that settings of the channel were lost: lexicalunit/spellbot#681.
    await server.ana.slash(server.channel, "finops ask", question="switch quizzes off here")
    answer = await server.mention(server.bo, "What is FinOps?")
    await server.bo.send(server.channel, f"{server.me} why?", reply_to=answer)
    await server.bo.click(server.last(), label="Go on in a thread")
    (thread,) = server.channel.threads
    told = await server.bo.slash(thread, "finops quiz")
    assert told.response is not None
    assert "switched off" in told.response.content
