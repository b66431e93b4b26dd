"""What replies look like in Discord: within its limits, with nothing in them that acts."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.buttons import view
from adapters.discord.escaping import line, plain
from adapters.discord.markdown import pieces
from adapters.discord.render import EMPTY, LONGEST, alternative, beside, draw
from bot.markup.marks import as_written, moment
from bot.markup.visible import cut
from bot.reply import Ballot, Choice, Choices, Field, Form, Part, Picture, Reply, Sources, Tally, Text
from knowledge.answer import Source
from tests.naughty import NAUGHTY

NASTY = "@everyone <@1> **b** [a](https://x.example) `c` ~~d~~ ||e|| # f\n- g\n1. h\n> i \\ \u202e \ud800 <#1> </a:1>"
AT = datetime(2026, 11, 27, 17, tzinfo=UTC)
SECONDS = 1_795_798_800
WIDE = "W" * 3000


def ballot(text: str, options: int = 10, counts: bool = True) -> Ballot:
    """A poll with that text everywhere."""
    choices = tuple(Choice(text[:75], f"vote 1 {number}") for number in range(1, options + 1))
    return Ballot(1, text[:300], choices, 5, tuple(range(options)) if counts else None, (text[:100], text[:100]))


def samples(text: str) -> list[Part]:
    """Every part with that text in it."""
    form = Form("poll new", text[:40] or "-", (Field("a", "A"),))
    return [
        Text(text),
        Choices(tuple(Choice(text[:70] or "-", f"say {number}") for number in range(7))),
        Choices((Choice("open", opens=form),), aside=True),
        form,
        ballot(text),
        Tally(1, text[:300], (text[:75], "b"), (3, 1), 4, closed=True),
        Picture(lambda: b"", text),
        Sources((Source(text, text, "0:10", None),)),
    ]


@pytest.mark.parametrize("text", ["", "plain", NASTY, WIDE, NASTY * 40, "\n\n".join(NAUGHTY)])
def test_every_reply_fits_into_messages(text: str) -> None:
    drawing = draw(Reply(tuple(samples(text)), "question"))
    assert drawing.texts
    assert all(0 < len(one) <= LONGEST for one in drawing.texts)
    for one in drawing.texts:
        one.encode()
    shown = view(drawing.choices)
    assert shown is not None
    rows = shown.to_components()
    assert len(rows) <= 5
    ids = [item["custom_id"] for row in rows for item in row["components"]]
    assert len(set(ids)) == len(ids)
    assert all(len(one) <= 100 for one in ids)
    assert all(len(alternative(picture)) <= 1024 for picture in drawing.pictures)


@given(st.lists(st.text(max_size=3000), max_size=6))
def test_any_text_fits_into_messages(texts: list[str]) -> None:
    drawing = draw(Reply(tuple(Text(text) for text in texts), "question"))
    assert all(0 < len(one) <= LONGEST for one in drawing.texts)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hello.", "Hello."),
        ("**so** *is* `it`", "**so** *is* `it`"),
        ("# Title\n\ntext", "### Title\ntext"),
        ("Here:\n- a\n- b", "Here:\n- a\n- b"),
        ("3. c\n4. d", "3. c\n4. d"),
        ("- a\n  - b", "- a\n  - b"),
        ("> said\n> so", "> said\n> so"),
        ("```py\nx = 1\n```", "```py\nx = 1\n```"),
        ("[FinOps](https://finops.example)", "[FinOps](<https://finops.example>)"),
        ("see https://a.example/b_c.", "see <https://a.example/b_c>."),
        ("|a|b|\n|-|-|\n|1|2|", "- **1**: b: 2"),
        ("@everyone <@1> ||x||", "\\@everyone \\<\\@1\\> \\|\\|x\\|\\|"),
        ("`` a`b ``", "`` a`b ``"),
        ("a\\\n\\# b", "a\n\\# b"),
        (
            f"**so**: {as_written('**x** [a](https://evil.example)')}",
            "**so**: \\*\\*x\\*\\* \\[a\\](<https://evil.example>)",
        ),
        (f"- {as_written('# a_b')}", "- \\# a\\_b"),
        (f"“{as_written('see https://a.example/_x_y_ and')}”", "“see <https://a.example/_x_y_> and”"),
        (
            f"{as_written('<:party:123456789012345678> <@123456789012345678>')}",
            "<:party:123456789012345678> <@123456789012345678>",
        ),
        (f"Until {moment(AT, 'Fri')}.", f"Until <t:{SECONDS}:F> (<t:{SECONDS}:R>)."),
        (as_written(moment(AT, "Fri")), "Fri"),
    ],
)
def test_the_markdown_of_replies_is_written_as_discord_reads_it(text: str, shown: str) -> None:
    assert pieces(text, LONGEST) == [shown]


def test_code_lists_and_links_are_not_broken_where_a_text_is_split() -> None:
    code = "```py\n" + "\n".join(f"line {number}" for number in range(400)) + "\n```"
    links = " ".join(f"[page {number}](https://a.example/{number})" for number in range(200))
    for text in (code, links, "\n".join(f"- item {number}" for number in range(400))):
        split = pieces(text, LONGEST)
        assert len(split) > 1
        assert all(len(one) <= LONGEST for one in split)
        assert all(one.count("```") % 2 == 0 for one in split)
        assert sum(one.count("](<https://a.example/") for one in split) == text.count("](")
        assert sum(one.count("- item ") for one in split) == text.count("- item ")


@given(st.text(max_size=200))
def test_nothing_in_plain_words_acts(text: str) -> None:
    shown = plain(text)
    for place, character in enumerate(shown):
        if character in "*_~`|<>[]@":
            assert shown[:place].endswith("\\")
    assert not any(one.lstrip().startswith(("#", "-", "+", ">")) for one in shown.split("\n"))
    assert "\n" not in line(text).strip("\n") or "\r" in text


@pytest.mark.parametrize("length", [79, 80, 81])
def test_a_long_label_is_cut(length: int) -> None:
    assert len(cut("x" * length, 80)) == min(length, 80)
    assert cut("x" * length, 80).endswith("…") == (length > 80)


@pytest.mark.parametrize("count", [1, 25, 26, 125, 126])
def test_what_is_more_than_buttons_have_room_for_is_in_menus(count: int) -> None:
    shown = view(tuple(Choice(f"{number}", f"say {number}") for number in range(count)))
    assert shown is not None
    rows = shown.to_components()
    kinds = {item["type"] for row in rows for item in row["components"]}
    assert kinds == ({2} if count <= 25 else {3})
    assert len(rows) <= 5


def test_what_says_the_same_is_pressed_once() -> None:
    twice = Choices((Choice("Quiz me", "quiz me"), Choice("Quiz", "quiz me")))
    assert [choice.label for choice in draw(Reply((twice,), "help")).choices] == ["Quiz"]


def test_nothing_to_show_is_said() -> None:
    assert draw(Reply((), "help")).texts == (EMPTY,)
    assert view(()) is None


def test_a_source_on_the_web_leads_there() -> None:
    sources = (Source("A [b]", None, None, "https://a.example/b"), Source("C", "d", None, "javascript:alert(1)"))
    shown = "-# Sources: [\\[1\\] A \\[b\\]](<https://a.example/b>); \\[2\\] C (d)"
    assert draw(Reply((Sources(sources, numbered=True),), "question")).texts == (shown,)


def test_hidden_votes_are_not_shown() -> None:
    shown = draw(Reply((ballot("a", 2, counts=False),), "poll_start")).texts[0]
    assert "1. a\n2. a\n" in shown
    assert "\\@everyone" in beside(Reply((ballot(NASTY),), "poll_start"))


def test_no_naughty_string_mentions_anybody() -> None:
    for text in NAUGHTY:
        reply = Reply((ballot(text or "-", 2), Tally(1, text, (text, "b"), (1, 0), 1, closed=True)), "results")
        shown = re.sub(r"<https?://[^<>\s]*>", "", "\n".join(draw(reply).texts))
        assert not re.search(r"(?<!\\)(?:@|<[@#:/])", shown), text


def test_a_picture_whose_words_are_too_long_for_it_has_them_beside() -> None:
    told = draw(Reply((Picture(lambda: b"", "w" * 1025),), "results")).texts[0]
    assert told == "w" * 1025
    assert draw(Reply((Text("a"), Picture(lambda: b"", "w" * 1024)), "results")).texts == ("a",)


def test_the_permissions_asked_for_are_few() -> None:
    from adapters.discord.rights import install_link, lacking, needed

    link = install_link(42)
    assert "client_id=42" in link
    assert f"permissions={needed().value}" in link
    assert not needed().administrator
    assert lacking(discord.Permissions.none())[:2] == ("View Channel", "Send Messages")
    assert lacking(needed()) == ()
