"""Quizzes, rounds, cards and posted questions in Discord."""

from __future__ import annotations

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
    assert wrong.response.content.startswith("Not quite.")
    await server.restart()
    right = await server.bo.click(wrong.response, label="Over 60%")
    assert right.response is not None
    assert "60%" in right.response.content
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


async def test_a_poll_stands_in_the_channel_whatever_the_thread(server: Server) -> None:
    answer = await server.mention(server.bo, "What is FinOps?")
    await server.bo.send(server.channel, f"{server.me} why?", reply_to=answer)
    await server.bo.click(server.last(), label="Go on in a thread")
    (thread,) = server.channel.threads
    await server.ana.send(thread, f"{server.me} start the poll")
    await server.wait()
    assert server.last().content.startswith("**Poll: ")
