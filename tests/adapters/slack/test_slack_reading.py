"""Slack's texts as people see them, and all that a message says: blocks, attachments, forwarded messages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.quoting import has_pictures, text_of
from adapters.slack.reading import is_mentioned, is_to_others, people_named, read

ME = "UBOT"
NAMES = {"U7": "Bo", "U8": "Cy, the second", "U9": "Bo"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<@UBOT> what is FinOps?", "what is FinOps?"),
        ("  <@UBOT|finops> \n hi ", "hi"),
        ("<@UBOT> R&amp;D &lt;5% &gt; 3?", "R&D <5% > 3?"),
        ("&amp;lt; stays", "&lt; stays"),
        ("is <http://vantage.sh|vantage.sh> any good?", "is vantage.sh any good?"),
        ("see <https://a.example/x_y?a=1&amp;b=2>.", "see https://a.example/x_y?a=1&b=2."),
        ("<https://a.example/|the *page*>", "the *page*"),
        ("ask <@U7> in <#C1|general> and <#C2>", "ask @Bo in #general and #C2"),
        ("<@U7|bo.b>, <@U8|cy>, <@U5|ed>, <@U6>", "@Bo, @Cy the second, @ed, @U6"),
        ("<@U7> or <@U9>", "@Bo or @Bo U9"),
        ("<!here> <!subteam^S1|@admins> <!subteam^S2> look", "@here @admins @slack:S2 look"),
        ("on <!date^1392734382^{date}^https://a.example|Feb 18>", "on Feb 18"),
        ("on <!date^1392734382^{date}>", "on 2014-02-18 14:39 UTC"),
        ("mail <mailto:a@b.c|a@b.c> <mailto:d@e.f>, call <tel:+491234|01234>", "mail a@b.c d@e.f, call 01234"),
        (":tada: at 10:30:45", ":tada: at 10:30:45"),
        ("a < b > c", "a < b > c"),
        ("<@UBOT>", ""),
    ],
)
def test_words_are_without_the_marks_of_slack(text: str, words: str) -> None:
    assert read(text, ME, NAMES).words == words


def test_who_is_called_by_name_is_known_by_id() -> None:
    written = read("make <@U7> and <@U9> moderators, or <!subteam^S1|@admins>", ME, NAMES)
    assert written.people == {"@Bo": "slack:U7", "@Bo U9": "slack:U9", "@admins": "slack:S1"}
    assert list(people_named("<@UBOT> <@U7|bo> <@U8>", ME)) == [("U7", "bo"), ("U8", "")]


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    assert not re.search(r"<@[A-Z0-9]+>", read(text.replace("&", ""), ME, {}).words)
    assert is_mentioned(text, ME) == bool(re.search(r"<@UBOT(\|[^<>]*)?>", text))


def test_who_is_meant() -> None:
    assert is_mentioned("hi <@UBOT>", ME)
    assert not is_to_others("hi <@UBOT> on <!date^1^{date}|Monday>", ME)
    assert is_to_others("hi <@U7>", ME)
    assert is_to_others("<!channel> hi", ME)


# --- All that a message says ---


def rich(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    section = {"type": "rich_text_section", "elements": list(elements)}
    listed = {"type": "rich_text_list", "style": "bullet", "elements": [section, section]}
    return [{"type": "rich_text", "elements": [section, listed]}]


WORDS = rich(
    {"type": "text", "text": "a < ", "style": {"bold": True}},
    {"type": "user", "user_id": "U7"},
    {"type": "emoji", "name": "tada"},
    {"type": "link", "url": "https://a.example", "text": "b"},
)
SECTION = {
    "type": "section",
    "text": {"type": "mrkdwn", "text": "Which *one*?"},
    "fields": [{"type": "plain_text", "text": "R&D"}],
    "accessory": {"type": "button", "text": {"type": "plain_text", "text": "Vote"}, "action_id": "a", "value": "v"},
}
READ = "a < @Bo:tada:b"


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"text": "what is FinOps?", "blocks": WORDS}, "what is FinOps?"),
        ({"text": "New alert", "bot_id": "B1", "blocks": [SECTION, {"type": "divider"}]}, "Which *one*?\nR&D"),
        ({"text": "", "blocks": WORDS}, f"{READ}\n- {READ}\n- {READ}"),
        (
            {"text": "fyi", "attachments": [{"is_share": True, "text": "old", "fallback": "[no preview]"}]},
            "fyi\nold",
        ),
        (
            {"text": "", "attachments": [{"message_blocks": [{"message": {"blocks": [SECTION]}}], "text": "x"}]},
            "Which *one*?\nR&D",
        ),
        (
            {"attachments": [{"title": "Bill", "fields": [{"title": "Total", "value": "80k"}]}, {"fallback": "f"}]},
            "Bill\nTotal\n80k\nf",
        ),
        ({"text": "", "blocks": [{"type": "image", "alt_text": "a chart", "image_url": "x"}]}, "a chart"),
        ({"files": [{"mimetype": "image/png", "title": "cat.png"}]}, ""),
    ],
)
def test_all_that_a_message_says_is_read(message: dict[str, Any], words: str) -> None:
    assert read(text_of(message), ME, NAMES).words == words


@pytest.mark.parametrize(
    ("message", "pictures"),
    [
        ({"files": [{"mimetype": "image/png"}]}, True),
        ({"files": [{"mimetype": "application/pdf"}]}, False),
        ({"blocks": [{"type": "image", "alt_text": "a", "image_url": "x"}]}, True),
        ({"attachments": [{"files": [{"mimetype": "image/gif"}]}]}, True),
        ({"attachments": [{"message_blocks": [{"message": {"blocks": [{"type": "image"}]}}]}]}, True),
        ({"text": "hi"}, False),
    ],
)
def test_pictures_are_noticed(message: dict[str, Any], pictures: bool) -> None:
    assert has_pictures(message) == pictures
