"""Polls in Discord: with buttons, and of Discord's own where they fit."""

from __future__ import annotations

from datetime import timedelta

import discord
import pytest

from tests.adapters.discord.conftest import Server, carried, labels

pytestmark = pytest.mark.asyncio

TWO_HOURS = "Where do we eat? Pizza, Sushi, Salad for 2h"


async def opened(server: Server, poll: str) -> discord.Message:
    """The message in which people vote."""
    result = await server.ana.slash(server.channel, "finops-mod poll new", poll=poll)
    assert result.response is None, result.response
    await server.wait()
    return server.last()


async def test_a_poll_that_fits_is_one_of_discords_own(server: Server) -> None:
    ballot = await opened(server, TWO_HOURS)
    assert ballot.poll is not None
    assert ballot.poll.question == "Where do we eat?"
    assert [answer.text for answer in ballot.poll.answers] == ["Pizza", "Sushi", "Salad"]
    assert ballot.poll.expires_at is not None
    assert ballot.poll.expires_at - ballot.created_at == timedelta(hours=2)
    assert "Moderators can see who chose what." in ballot.content
    assert labels(ballot) == []


@pytest.mark.parametrize(
    "poll",
    [
        "Where do we eat? Pizza, Sushi",
        "Where do we eat? Pizza, Sushi for 90 minutes",
        "Where do we eat? Pizza, Sushi, anonymous for 2h",
        "Where do we eat? Pizza, Sushi, hidden results for 2h",
        f"Where do we eat? {'x' * 56}, Sushi for 2h",
    ],
)
async def test_any_other_poll_has_buttons(server: Server, poll: str) -> None:
    ballot = await opened(server, poll)
    assert ballot.poll is None
    assert len(labels(ballot)) == 2


async def test_votes_in_discords_own_poll_are_counted(server: Server) -> None:
    ballot = await opened(server, TWO_HOURS)
    await server.bo.vote(ballot, answer=1)
    await server.cy.vote(ballot, answer=2)
    await server.cy.vote(ballot, answer=1)
    await server.ana.vote(ballot, answer=3)
    await server.ana.remove_vote(ballot, answer=3)
    assert server.votes() == {"Pizza": 2, "Sushi": 0, "Salad": 0}
    assert server.last().id == ballot.id, "a vote has no reply"


async def test_votes_that_were_missed_are_made_good(server: Server) -> None:
    ballot = await opened(server, TWO_HOURS)
    await server.cy.vote(ballot, answer=2)
    await server.ana.vote(ballot, answer=2)
    backend = server.env.backend
    message = backend.get_message(server.channel.id, ballot.id)
    assert message.poll is not None
    # As after a gap: Discord knows what the gateway did not tell.
    message.poll.votes = {1: {server.bo.id, server.cy.id}, 2: set()}
    await server.restart()
    await server.bot.native.reconcile()
    assert server.votes() == {"Pizza": 2, "Sushi": 0, "Salad": 0}


async def test_votes_that_were_missed_count_though_the_poll_is_overdue(server: Server) -> None:
    ballot = await opened(server, TWO_HOURS)
    message = server.env.backend.get_message(server.channel.id, ballot.id)
    assert message.poll is not None
    message.poll.votes = {1: {server.bo.id}, 2: {server.cy.id, server.ana.id}}
    await server.env.advance_time(2 * 3600 + 60)
    await server.restart()
    await server.bot.native.catch_up()
    await server.keep_up()
    assert "- Sushi: **2** (67%)" in server.last().content


async def test_discords_own_poll_ends_with_the_poll(server: Server) -> None:
    ballot = await opened(server, TWO_HOURS)
    await server.bo.vote(ballot, answer=1)
    offered = await server.ana.autocomplete(server.channel, "finops-mod poll close", "poll", "")
    await server.ana.slash(server.channel, "finops-mod poll close", poll=offered[0]["value"])
    await server.wait()
    told = {message.id: message for message in server.channel.history()}
    ended = told[ballot.id].poll
    assert ended is not None
    assert ended.is_finalised()
    assert "- Pizza: **1** (100%)" in server.last().content


async def test_an_overdue_poll_is_closed_and_ended_by_itself(server: Server) -> None:
    ballot = await opened(server, TWO_HOURS)
    await server.bo.vote(ballot, answer=2)
    await server.wait(2 * 3600)
    await server.wait()
    assert "- Sushi: **1** (100%)" in server.last().content


async def test_a_poll_that_ended_by_itself_meanwhile_is_no_failure(server: Server) -> None:
    ballot = await opened(server, TWO_HOURS)
    await server.bo.vote(ballot, answer=1)
    server.env.inject_error("POST", "/channels/*/polls/*/expire", status=400, code=520001)
    await server.ana.slash(server.channel, "finops-mod poll close")
    await server.wait()
    await server.wait(10)
    expired = [one for one in server.env.http_requests if one.path.endswith("/expire")]
    assert len(expired) == 1, "it is not tried again and again"
    assert "- Pizza: **1** (100%)" in server.last().content


async def test_a_poll_that_is_edited_goes_on_with_buttons(server: Server) -> None:
    ballot = await opened(server, TWO_HOURS)
    await server.bo.vote(ballot, answer=1)
    offered = await server.ana.autocomplete(server.channel, "finops-mod poll edit", "poll", "")
    form = await server.ana.slash(server.channel, "finops-mod poll edit", poll=offered[0]["value"])
    filled = server.filled(form)
    await server.ana.submit_modal(form, {**filled, "options": f"{filled['options']}\nSoup"})
    await server.wait()
    told = {message.id: message for message in server.channel.history()}
    before = told[ballot.id].poll
    assert before is not None
    assert before.is_finalised()
    instead = server.last()
    assert instead.id != ballot.id
    assert labels(instead) == ["Pizza", "Sushi", "Salad", "Soup"]
    await server.cy.click(instead, label="Sushi")
    await server.wait()
    assert "1. Pizza: **1**" in server.last().content
    assert server.last().id == instead.id


async def test_a_poll_that_stays_open_longer_goes_on_with_buttons(server: Server) -> None:
    ballot = await opened(server, TWO_HOURS)
    await server.mention(server.ana, "keep the poll open for 5 hours")
    await server.wait()
    assert server.last().id != ballot.id
    assert labels(server.last()) == ["Pizza", "Sushi", "Salad"]


async def test_discords_own_poll_is_known_again_in_another_process(server: Server) -> None:
    ballot = await opened(server, TWO_HOURS)
    await server.restart()
    await server.bo.vote(ballot, answer=1)
    await server.wait()
    assert server.last().id == ballot.id
    assert server.votes()["Pizza"] == 1


@pytest.mark.parametrize(("status", "code"), [(403, 50013), (400, 50035)])
async def test_where_no_poll_can_be_sent_there_are_buttons(server: Server, status: int, code: int) -> None:
    server.env.inject_error("POST", "/channels/*/messages", status=status, code=code)
    ballot = await opened(server, TWO_HOURS)
    assert ballot.poll is None
    assert labels(ballot) == ["Pizza", "Sushi", "Salad"]


async def test_moderators_are_looked_at_again_where_the_server_lets_others_use_their_commands(server: Server) -> None:
    with server.env.time_context():
        commands = {command.name: command for command in await server.bot.tree.fetch_commands()}
    server.guild.set_command_permissions(commands["finops-mod"], {server.guild.default_role: True})
    assert "finops-mod poll new" in server.bo.available_commands(server.channel)
    for name, options in (("poll new", {"poll": "Where? Here, There"}), ("poll video", {}), ("poll new", {})):
        result = await server.bo.slash(server.channel, f"finops-mod {name}", **options)
        assert result.modal is None
        assert result.response is not None
        assert "moderators" in result.response.content
    assert server.channel.last_message is None


async def test_a_crowd_that_votes_at_once_is_counted_exactly(server: Server) -> None:
    ballot = await opened(server, "Where do we eat? Pizza, Sushi")
    crowd = [server.guild.add_member(server.env.create_user(f"voter{number}")) for number in range(60)]
    ids = carried(ballot)
    first = await server.press(ballot, [(one, ids[0]) for one in crowd])
    # A third of them change their minds.
    await server.press(ballot, [(one, ids[1]) for one in crowd[:20]])
    assert server.votes() == {"Pizza": 40, "Sushi": 20}
    before = len(server.env.http_requests)
    await server.wait()
    edits = [one for one in server.env.http_requests[before:] if one.method == "PATCH"]
    assert len(edits) == 1
    assert "1. Pizza: **40**" in server.last().content
    assert first == 60, "each is acknowledged before anybody is answered"


async def test_where_the_bot_may_not_write_a_moderator_is_told(server: Server) -> None:
    closed = discord.PermissionOverwrite(send_messages=False)
    channel = server.guild.create_text_channel("closed", overwrites={server.guild.default_role: closed})
    result = await server.ana.slash(channel, "finops-mod poll new", poll="Where do we eat? Pizza, Sushi")
    assert result.response is not None
    assert result.response.content.startswith("I may not write there")


async def test_a_closed_poll_is_opened_again(server: Server) -> None:
    ballot = await opened(server, "Where do we eat? Pizza, Sushi")
    await server.bo.click(ballot, label="Pizza")
    await server.ana.slash(server.channel, "finops-mod poll close")
    await server.wait()
    offered = await server.ana.autocomplete(server.channel, "finops-mod poll reopen", "poll", "")
    assert await server.ana.autocomplete(server.channel, "finops-mod poll close", "poll", "") == []
    await server.ana.slash(server.channel, "finops-mod poll reopen", poll=offered[0]["value"])
    await server.wait()
    shown = await server.cy.slash(server.channel, "finops results", poll=offered[0]["value"])
    assert shown.response is not None
    assert "the poll is open" in shown.response.content


@pytest.mark.parametrize("name", ["settings", "insights"])
async def test_moderators_see_settings_and_insights_alone(server: Server, name: str) -> None:
    result = await server.ana.slash(server.channel, f"finops-mod {name}")
    assert result.response is not None
    assert result.response.ephemeral
    assert not result.response.content.startswith("Sorry")


async def test_a_poll_of_a_form_is_shown_first_and_then_posted(server: Server) -> None:
    form = await server.ana.slash(server.channel, "finops-mod poll new")
    filled = server.filled(form)
    result = await server.ana.submit_modal(form, {**filled, "question": "Where?", "options": "Here\nThere"})
    assert result.response is not None
    assert result.response.ephemeral
    assert server.channel.last_message is None
    await server.ana.click(result.response, label=labels(result.response)[0])
    await server.wait()
    assert labels(server.last()) == ["Here", "There"]


async def test_a_poll_is_filled_in_by_a_command_with_options_of_their_own(server: Server) -> None:
    told = await server.ana.slash(
        server.channel,
        "finops-mod poll new",
        question="Who brings cake, and when?",
        option1=f"{server.bo.mention}, on Monday",
        option2="Cy; on Tuesday",
        duration="2h",
        anonymous=True,
    )
    assert told.response is not None
    assert told.response.ephemeral
    assert "- \\@bo, on Monday\n- Cy; on Tuesday" in told.response.content
    assert "Anonymous" in told.response.content
    await server.ana.click(told.response, label="Open")
    await server.wait()
    assert server.last().content.startswith(
        "**Poll: Who brings cake, and when?**\n1. \\@bo, on Monday\n2. Cy; on Tuesday"
    )
    wrong = await server.ana.slash(server.channel, "finops-mod poll new", question="Tea?", duration="soonish")
    assert wrong.response is not None
    assert "Fill in the form" in labels(wrong.response)


PARTY = "<:party:123456789012345678>"


async def test_emoji_of_a_server_are_drawn_in_discords_own_polls_and_named_on_buttons(server: Server) -> None:
    ballot = await opened(server, f"Where do we eat? {PARTY} Pizza, Sushi for 2h")
    assert ballot.poll is not None
    assert next((str(answer.emoji), answer.text) for answer in ballot.poll.answers) == (PARTY, "Pizza")
    await server.bo.vote(ballot, answer=1)
    await server.ana.slash(server.channel, "finops-mod poll close")
    await server.wait()
    other = await opened(server, f"Where else? {PARTY} Pizza, Sushi")
    assert labels(other) == [":party: Pizza", "Sushi"]
    assert f"1. {PARTY} Pizza" in other.content


async def test_open_polls_and_results_lead_to_their_messages(server: Server) -> None:
    ballot = await opened(server, "Where do we eat? Pizza, Sushi")
    address = f"https://discord.com/channels/{server.guild.id}/{server.channel.id}/{ballot.id}"
    listed = await server.bo.slash(server.channel, "finops ask", question="polls")
    assert listed.response is not None
    assert f"[Go to it](<{address}>)" in listed.response.content
    results = await server.bo.slash(server.channel, "finops ask", question="results")
    assert results.response is not None
    assert f"[To the poll](<{address}>)" in results.response.content
    await server.mention(server.ana, "close the poll")
    await server.wait()
    assert f"[To the poll](<{address}>)" in server.last().content


async def test_polls_of_other_places_are_listed_to_an_administrator_with_the_public_ones_alone(server: Server) -> None:
    other = server.guild.create_text_channel("other")
    closed, open_to_me = discord.PermissionOverwrite(view_channel=False), discord.PermissionOverwrite(view_channel=True)
    me = server.guild.me
    assert me is not None
    hidden = server.guild.create_text_channel(
        "hidden", overwrites={server.guild.default_role: closed, me: open_to_me, server.ana: open_to_me}
    )
    for channel, poll in ((other, "Tea? yes, no"), (hidden, "Secret? yes, no")):
        await server.ana.slash(channel, "finops-mod poll new", poll=poll)
    await server.wait()
    told = await server.ana.slash(server.channel, "finops ask", question="polls")
    assert told.response is not None
    address = f"https://discord.com/channels/{server.guild.id}/{other.id}/{server.last(other).id}"
    assert f"[Go to it](<{address}>)" in told.response.content
    assert "Secret?" not in told.response.content
    told = await server.bo.slash(server.channel, "finops ask", question="polls")
    assert told.response is not None
    assert "Tea?" not in told.response.content
