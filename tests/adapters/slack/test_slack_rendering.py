"""How replies look in Slack: within all limits, with nothing lost, and nothing in them that mentions or links."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack import home
from adapters.slack.mrkdwn import harmless
from adapters.slack.render import LONGEST, Message, render
from adapters.slack.views import form_errors, form_values, form_view
from bot.markup.marks import as_written, moment
from bot.markup.visible import label
from bot.reply import Ballot, Choice, Choices, Field, Form, Picture, Reply, Sources, Tally, Text
from knowledge.answer import Source
from tests.adapters.samples import FIELDS, NASTY, REPLIES, choices, form, reply
from tests.naughty import SOME
from tests.slack.schema import check_call


def sent(message: Message) -> dict[str, Any]:
    return {"text": message.text, "blocks": message.blocks, "unfurl_links": False, "unfurl_media": False}


def wrong(reply: Reply) -> list[str]:
    return [told for message in render(reply) for told in check_call("chat.postMessage", sent(message))]


def words(found: object) -> str:
    """All words of blocks, in their order."""
    if isinstance(found, dict):
        own = found["text"] if isinstance(found.get("text"), str) else ""
        return own + "".join(words(value) for value in found.values() if not isinstance(value, str))
    return "".join(map(words, found)) if isinstance(found, list) else ""


@pytest.mark.parametrize("name", REPLIES)
def test_every_sample_is_taken(name: str) -> None:
    assert wrong(REPLIES[name]) == []
    assert render(REPLIES[name]) or name in ("nothing", "empty text", "no choices")


@pytest.mark.parametrize("name", [name for name in REPLIES if name not in ("a form", "everything")])
def test_what_can_be_pressed_says_what_it_should(name: str) -> None:
    shown = json.dumps([message.blocks for message in render(REPLIES[name])])
    for part in REPLIES[name].parts:
        if isinstance(part, Choices | Ballot):
            for choice in part.choices:
                assert (choice.opens.says if choice.opens else choice.says) in shown


def test_naughty_texts_are_taken_everywhere() -> None:
    for text in SOME:
        label = text or "x"
        parts = (
            Text(text),
            Choices((Choice(label, "vote 1 1"),)),
            Ballot(1, label, (Choice(label, "vote 1 2"), Choice("b", "vote 1 3")), 0),
            Tally(1, label, (label,), (1,), 1, closed=True),
            Sources((Source(label, label, None, None),)),
        )
        assert wrong(reply(*parts)) == []
        view = form_view(form(Field("a", label, label, value=text)), "{}", "form")
        assert check_call("views.open", {"view": view}) == []


def test_the_text_of_a_notification_holds_no_mention_and_no_link() -> None:
    for text in (NASTY, "<https://evil.example|your bank>", *SOME):
        for message in render(reply(Text(text), Ballot(1, text, (Choice(text or "-", "vote 1 1"),), 0))):
            assert not re.search(r"[<>]|@(?=channel|here|everyone)", message.text), text


@pytest.mark.parametrize("length", [LONGEST - 1, LONGEST, LONGEST + 1])
def test_a_text_at_the_limit_of_a_message(length: int) -> None:
    messages = render(reply(Text("w" * length)))
    assert wrong(reply(Text("w" * length))) == []
    assert len(messages) == (1 if length <= LONGEST else 2)
    assert sum(words(message.blocks).count("w") for message in messages) == length


@pytest.mark.parametrize("length", [74, 75, 76])
def test_a_label_at_its_limit(length: int) -> None:
    (message,) = render(reply(Choices((Choice("l" * length, "vote 1 1"),))))
    button = message.blocks[-1]["elements"][0]["text"]["text"]
    assert len(button) == min(length, 75)
    # What has no room on its button stands above it.
    assert ("l" * length in json.dumps(message.blocks[:-1])) == (length > 75)


@pytest.mark.parametrize("count", [9, 10, 11, 99, 100, 101])
def test_many_choices_at_their_limits(count: int) -> None:
    shown = reply(Choices(choices(count)))
    assert wrong(shown) == []
    assert json.dumps([message.blocks for message in render(shown)]).count("vote 1 ") == count


@given(st.text(max_size=400), st.integers(1, 100))
def test_what_is_cut_fits(text: str, limit: int) -> None:
    assert 0 < len(label(text, limit)) <= limit


@given(st.text(alphabet="<@!#>UBCeveryonhlgr |*_`&;", max_size=60))
def test_no_text_mentions_anybody(text: str) -> None:
    assert wrong(reply(Text(text))) == []
    assert check_call("chat.appendStream", {"markdown_text": harmless(text)}) == []


def test_words_of_people_are_no_format() -> None:
    (message,) = render(reply(Ballot(1, NASTY, choices(2), 0)))
    assert "link" not in [element["type"] for element in message.blocks[0]["elements"][0]["elements"]]


def test_an_answer_has_its_words_then_its_sources_then_what_can_be_pressed() -> None:
    reason = Form("unhelpful 1", "Not helpful", (Field("reason", "Why?"),))
    opinions = Choice("helpful", "helpful 1", opinion="for"), Choice("not helpful", opens=reason, opinion="against")
    aside = Choices((*opinions, Choice("share", "share 1")), aside=True)
    (message,) = render(reply(Text("It is **so**."), Sources((Source("Video", "Part", "0:30-2:00", None),)), aside))
    assert [block["type"] for block in message.blocks] == ["rich_text", "context", "context_actions", "actions"]
    assert message.blocks[1]["elements"][0]["text"] == "Source: Video (Part, 0:30-2:00)"
    (judged,) = message.blocks[2]["elements"]
    assert (judged["positive_button"]["value"], judged["negative_button"]["value"]) == (
        "say helpful 1",
        "open unhelpful 1",
    )
    assert [one["text"]["text"] for one in message.blocks[3]["elements"]] == ["Share"]
    assert message.text == "It is so.\nSource: Video (Part, 0:30-2:00)"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ship it :tada:", ["tada"]),
        (":wave::skin-tone-2: **hi :+1:** `:no:`", ["wave::skin-tone-2", "+1"]),
        (":100: (:e-mail:) at 10:30:45", ["100", "e-mail"]),
        ("a:b:c and std::sort:: https://a.example/:x:", []),
        (as_written("<:party:123456789012345678> yes"), ["party"]),  # one of a Discord server
    ],
)
def test_emoji_are_drawn_where_they_are_called_by_name(text: str, names: list[str]) -> None:
    assert wrong(reply(Text(text), Ballot(1, text, (Choice(text, "vote 1 1"), Choice("b", "vote 1 2")), 0))) == []
    (message,) = render(reply(Text(text)))
    elements = message.blocks[0]["elements"][0]["elements"]
    assert [one["name"] for one in elements if one["type"] == "emoji"] == names


def test_moments_are_shown_in_the_readers_own_time() -> None:
    at = datetime(2026, 11, 27, 17, tzinfo=UTC)
    until = f"It closes on {moment(at, 'Fri 27 Nov, 17:00 (UTC)')}."
    shown = reply(Text(f"**{until}**"), Ballot(1, "Tea?", choices(2), 0, notes=(until,)))
    assert wrong(shown) == []
    (message,) = render(shown)
    assert message.text.count("It closes on Fri 27 Nov, 17:00 (UTC).") == 2
    dates = [one for one in parts(message.blocks) if one.get("type") == "date"]
    assert [(one["timestamp"], one["fallback"]) for one in dates] == [(1795798800, "Fri 27 Nov, 17:00 (UTC)")] * 2
    assert dates[0]["style"] == {"bold": True}


def parts(found: object) -> Iterator[dict[str, Any]]:
    """All that blocks are made of."""
    if isinstance(found, dict):
        yield found
        for value in found.values():
            yield from parts(value)
    for one in found if isinstance(found, list) else ():
        yield from parts(one)


def test_what_people_wrote_is_no_format() -> None:
    text = as_written("**x** [a](https://evil.example) <!here> :tada:\n- see https://a.example/x_y_z and")
    assert wrong(reply(Text(text))) == []
    (message,) = render(reply(Text(text)))
    found = [one for one in parts(message.blocks) if "type" in one]
    assert not any(one.get("style") for one in found)
    assert [one["url"] for one in found if one["type"] == "link"] == ["https://evil.example", "https://a.example/x_y_z"]
    assert words(message.blocks).startswith("**x** [a](https://evil.example) <!here> ")


def test_a_picture_that_nothing_else_tells_is_told_and_comes_last() -> None:
    picture = Picture(lambda: b"", "Votes as bars: yes 2.")
    (message,) = render(reply(Text("Look:"), picture))
    assert message.pictures == (picture,)
    assert "Picture: Votes as bars: yes 2." in words(message.blocks)
    (message,) = render(reply(Text("Look:"), dataclasses.replace(picture, told=True)))
    assert "Votes" not in words(message.blocks)


# --- Windows ---


def test_a_window_holds_each_field_and_what_it_held() -> None:
    view = form_view(form(*FIELDS), "{}", "form")
    assert check_call("views.open", {"view": view}) == []
    kinds = [block["element"]["type"] for block in view["blocks"]]
    assert kinds == ["plain_text_input"] * 2 + ["static_select", "checkboxes", "multi_static_select", "number_input"]
    assert view["blocks"][2]["element"]["initial_option"]["value"] == "year"
    assert [one["value"] for one in view["blocks"][3]["element"]["initial_options"]] == ["feature 1"]


def test_what_was_filled_in_comes_back_by_field() -> None:
    state = {
        "values": {
            "short": {"value": {"type": "plain_text_input", "value": None}},
            "long": {"value": {"type": "plain_text_input", "value": " a\nb "}},
            "one": {"value": {"type": "static_select", "selected_option": {"value": "month"}}},
            "none": {"value": {"type": "static_select", "selected_option": None}},
            "some": {"value": {"type": "checkboxes", "selected_options": [{"value": "a"}, {"value": "b"}]}},
        }
    }
    assert form_values(state) == {"short": "", "long": " a\nb ", "one": "month", "none": "", "some": "a\nb"}


def test_what_is_wrong_stands_at_its_field_else_at_the_first() -> None:
    shown = Form("x", "T", (Field("a", "A"), Field("b", "B")))
    assert form_errors({"b": "Bad.", "": "All bad.", "c": "Worse."}, shown) == {"b": "Bad.", "a": "All bad. Worse."}


@pytest.mark.parametrize("name", REPLIES)
def test_a_home_takes_every_sample(name: str) -> None:
    if name != "everything":
        assert check_call("views.publish", {"view": home.view(REPLIES[name])}) == []


# --- Limits, to the letter ---


def window(**changed: Any) -> dict[str, Any]:
    field = Field(**{"name": "f", "label": "Label", **changed})
    return form_view(Form("x", "T", (field,)), "{}", "form")


@pytest.mark.parametrize("length", [23, 24, 25])
def test_the_title_of_a_window_at_its_limit(length: int) -> None:
    view = form_view(Form("x", "t" * length, (Field("f", "F"),)), "{}", "form")
    assert len(view["title"]["text"]) == min(length, 24)
    assert check_call("views.open", {"view": view}) == []


@pytest.mark.parametrize("length", [149, 150, 151])
def test_the_label_of_a_field_at_its_limit(length: int) -> None:
    view = window(label="l" * length)
    assert len(view["blocks"][0]["label"]["text"]) == min(length, 150)
    assert check_call("views.open", {"view": view}) == []


@pytest.mark.parametrize("length", [74, 75, 76])
def test_an_option_of_a_field_at_its_limit(length: int) -> None:
    view = window(options=("o" * length, "other"))
    assert len(view["blocks"][0]["element"]["options"][0]["text"]["text"]) == min(length, 75)
    assert check_call("views.open", {"view": view}) == []


@pytest.mark.parametrize("length", [2_999, 3_000, 3_001])
def test_what_a_field_holds_at_its_limit(length: int) -> None:
    view = window(value="v" * length, long=True)
    assert len(view["blocks"][0]["element"]["initial_value"]) == min(length, 3_000)
    assert check_call("views.open", {"view": view}) == []


@pytest.mark.parametrize("count", [9, 10, 11])
def test_boxes_of_a_field_at_their_limit(count: int) -> None:
    view = window(options=tuple(f"o{place}" for place in range(count)), several=True)
    assert view["blocks"][0]["element"]["type"] == ("checkboxes" if count <= 10 else "multi_static_select")
    assert check_call("views.open", {"view": view}) == []


@pytest.mark.parametrize("length", [1_999, 2_000, 2_001])
def test_the_sources_of_an_answer_at_their_limit(length: int) -> None:
    title = "t" * (length - len("Source: "))
    (message,) = render(reply(Sources((Source(title, None, None, None),))))
    assert len(message.blocks[0]["elements"][0]["text"]) == min(length, 2_000)
    assert check_call("chat.postMessage", sent(message)) == []


@pytest.mark.parametrize("count", [44, 45, 46, 90, 91])
def test_the_blocks_of_a_message_at_their_limit(count: int) -> None:
    shown = reply(*(Choices(choices(1, str(place))) for place in range(count)))
    messages = render(shown)
    assert sum(len(message.blocks) for message in messages) == count
    assert [told for message in messages for told in check_call("chat.postMessage", sent(message))] == []


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("chat.postMessage", {"text": "", "blocks": [], "unfurl_links": False, "unfurl_media": False}),
        ("chat.postMessage", {"text": "a", "blocks": []}),
        ("chat.postMessage", {"text": "<!here>", "blocks": [], "unfurl_links": False, "unfurl_media": False}),
        ("chat.update", {"text": "ü" * 2_001, "blocks": []}),
        ("chat.update", {"text": "a", "blocks": [{"type": "divider"}] * 51}),
        ("chat.update", {"text": "a", "blocks": [{"type": "nothing"}]}),
        ("chat.update", {"text": "a", "blocks": [{"type": "divider", "colour": "red"}]}),
        ("chat.update", {"text": "a", "blocks": [{"type": "divider", "block_id": "b"}] * 2}),
        ("chat.appendStream", {"markdown_text": "m" * 12_001}),
        ("assistant.threads.setSuggestedPrompts", {"prompts": [{}] * 5}),
        ("files.getUploadURLExternal", {"filename": "a.png"}),
    ],
)
def test_what_slack_would_refuse_is_noticed(method: str, arguments: dict[str, Any]) -> None:
    assert check_call(method, arguments) != []
