"""Forms in Discord: opened by commands and buttons, mended, submitted, in whatever process."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from discord import ui
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord import forms
from bot.activities.places import QUIET
from bot.reply import Field, Form
from tests.adapters.discord.conftest import Server, labels

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
PLACES = Field("places", "Places", options=("here", "there", "elsewhere"), several=True, required=False)


@pytest.mark.asyncio
async def test_a_poll_is_made_by_a_form(server: Server) -> None:
    form = await server.ana.slash(server.channel, "finops-mod poll new")
    filled = server.filled(form)
    result = await server.ana.submit_modal(form, {**filled, "question": "Where?", "options": "Here\nThere"})
    assert result.response is not None
    assert "Where?" in result.response.content


@pytest.mark.asyncio
async def test_whom_a_form_mentions_is_called_by_name(server: Server) -> None:
    form = await server.ana.slash(server.channel, "finops-mod poll new")
    options = f"<@{server.bo.id}>\n<#{server.channel.id}>"
    result = await server.ana.submit_modal(form, {**server.filled(form), "question": "Who?", "options": options})
    assert result.response is not None
    assert "- \\@bo\n- \\#general" in result.response.content


@pytest.mark.asyncio
async def test_a_form_with_mistakes_can_be_opened_again_as_it_was(server: Server) -> None:
    form = await server.ana.slash(server.channel, "finops-mod poll new")
    filled = server.filled(form)
    wrong = await server.ana.submit_modal(form, {**filled, "question": "Where?", "options": "Here", "when": "for 2h"})
    assert wrong.response is not None
    assert wrong.response.ephemeral
    assert wrong.response.content.startswith("Nothing was sent yet. Please correct this:\n- **Options")
    again = await server.ana.click(wrong.response, label="Correct it")
    held = server.filled(again)
    assert (held["question"], held["options"], held["when"]) == ("Where?", "Here", "for 2h")
    result = await server.ana.submit_modal(again, {**held, "options": "Here\nThere"})
    assert result.response is not None
    assert "Where?" in result.response.content


@pytest.mark.asyncio
async def test_after_a_restart_a_form_opens_and_is_submitted_all_the_same(server: Server) -> None:
    answer = await server.mention(server.bo, "What is FinOps?")
    await server.restart()
    form = await server.bo.click(answer, label="not helpful")
    await server.restart()
    result = await server.bo.submit_modal(form, {"reason": "too short"})
    assert result.response is not None
    assert result.response.content.startswith("Thank you for saying so.")


@pytest.mark.asyncio
async def test_a_form_that_is_not_for_somebody_is_not_opened(server: Server) -> None:
    await server.ana.slash(server.channel, "finops-mod poll new", poll="Where do we eat? Pizza, Sushi")
    result = await server.bo.slash(server.channel, "finops help")
    assert result.response is not None
    assert "Start the poll" not in labels(result.response)


@pytest.mark.asyncio
async def test_savings_are_estimated_by_a_form(server: Server) -> None:
    asked = await server.bo.slash(server.channel, "finops savings")
    assert asked.response is not None
    form = await server.bo.click(asked.response, label="Fill in a form")
    told = await server.bo.submit_modal(form, {"spend": "80k", "period": ["month"], "currency": "EUR", "rate": "10"})
    assert told.response is not None
    assert "8,000" in told.response.content


@pytest.mark.asyncio
async def test_several_options_are_a_value_of_several_lines() -> None:
    form = Form("settings", "Settings", (PLACES,))
    window = forms.modal(form, {"places": "here\nelsewhere"}).to_dict()
    (label,) = window["components"]
    asked = label["component"]
    assert asked["max_values"] == 3
    assert [option["default"] for option in asked["options"]] == [True, False, True]
    submitted = [{"type": 18, "component": {"type": 3, "custom_id": "places", "values": ["there", "here"]}}]
    assert forms.filled_in(submitted, form) == {"places": "there\nhere"}


def test_what_was_filled_in_is_kept_for_a_while() -> None:
    now = [NOON]
    drafts = forms.Drafts(lambda: now[0])
    key = drafts.keep({"a": "b"})
    now[0] += timedelta(minutes=14)
    assert drafts.find(key) == {"a": "b"}
    now[0] += timedelta(minutes=2)
    assert drafts.find(key) == {}
    assert drafts.find("other") == {}


@given(st.text(max_size=300), st.text(max_size=300), st.text(max_size=5000), st.integers(0, 30))
def test_every_form_is_within_the_limits(title: str, hint: str, value: str, options: int) -> None:
    names = tuple(f"{place} {title}"[:200] for place in range(options))
    fields = (Field("a", title or "-", hint, value=value), Field("b", "B", options=tuple(dict.fromkeys(names))))
    window = forms.modal(Form("poll new", title or "-", fields), {}).to_dict()
    assert 0 < len(window["title"]) <= 45
    for label in window["components"]:
        assert len(label["label"]) <= 45
        assert len(label.get("description") or "") <= 100
        asked = label["component"]
        assert len(asked.get("value") or "") <= 4000
        assert len(asked.get("options", ())) <= 25
        assert all(len(option["label"]) <= 100 for option in asked.get("options", ()))
    assert isinstance(ui.Modal(title="x"), ui.Modal)


@pytest.mark.asyncio
async def test_moderators_set_how_the_bot_behaves_in_a_form(server: Server) -> None:
    shown = await server.ana.slash(server.channel, "finops-mod settings")
    assert shown.response is not None
    assert "Change the settings" in labels(shown.response)
    form = await server.ana.click(shown.response, label="Change the settings")
    filled = server.filled(form)
    assert "quizzes" in filled["features"]
    changed = {**filled, "features": ["polls", "savings"], "unasked": [QUIET], "moderators": f"discord:{server.cy.id}"}
    told = await server.ana.submit_modal(form, changed)
    assert told.response is not None
    assert "I am quiet" in told.response.content
    off = await server.bo.slash(server.channel, "finops quiz")
    assert off.response is not None
    assert off.response.content.startswith("Quizzes are switched off here")
    allowed = await server.mention(server.cy, "start the poll")
    await server.wait()
    assert "Only moderators" not in allowed.content
