"""The small Markdown of replies: how it is read, and how what is too long is split."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.markup import (
    Block,
    Break,
    Code,
    Emphasis,
    Heading,
    Items,
    Link,
    Paragraph,
    Quote,
    Strong,
    Table,
    Verbatim,
    Words,
    plain,
)
from bot.markup.reader import read
from bot.markup.splitting import split
from tests.naughty import NAUGHTY


def line(text: str) -> Paragraph:
    return Paragraph((Words(text),))


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("Hello.", (line("Hello."),)),
        ("one\ntwo", (Paragraph((Words("one"), Break(), Words("two"))),)),
        ("one\n\ntwo", (line("one"), line("two"))),
        ("**so** `is`", (Paragraph((Strong((Words("so"),)), Words(" "), Verbatim("is"))),)),
        ("*it*", (Paragraph((Emphasis((Words("it"),)),)),)),
        ("# Title", (Heading((Words("Title"),)),)),
        ("Here:\n- a\n- b", (line("Here:"), Items(((line("a"),), (line("b"),))))),
        ("3. c\n4. d", (Items(((line("c"),), (line("d"),)), 3),)),
        ("0. c", (Items(((line("c"),),), 0),)),
        ("```py\nx = 1\n```", (Code("x = 1", "py"),)),
        ("> said", (Quote((line("said"),)),)),
        ("[FinOps](https://finops.org)", (Paragraph((Link((Words("FinOps"),), "https://finops.org"),)),)),
        ("https://a.b/c_d.", (Paragraph((Link((Words("https://a.b/c_d"),), "https://a.b/c_d"), Words("."))),)),
        ("https://a.b/c_(d).", (Paragraph((Link((Words("https://a.b/c_(d)"),), "https://a.b/c_(d)"), Words("."))),)),
        ("(https://a.b)", (Paragraph((Words("("), Link((Words("https://a.b"),), "https://a.b"), Words(")"))),)),
        ("[x](javascript:alert)", (line("[x](javascript:alert)"),)),
        ("[x](mailto:a@b.c)", (line("x"),)),
        ("![p](https://a.b/c.png)", None),
        ("<b>no</b> &amp; <!channel>", (line("<b>no</b> &amp; <!channel>"),)),
        ("    indented", (line("indented"),)),
        ("a\n---", (Paragraph((Words("a"), Break(), Words("---"))),)),
        ("", ()),
    ],
)  # fmt: skip
def test_what_is_read(text: str, blocks: tuple[Block, ...] | None) -> None:
    if blocks is not None:
        assert read(text) == blocks
    else:
        assert "https://a.b/c.png" in written(read(text))


@pytest.mark.parametrize("mark", ["- ", "> ", "1. ", "> - "])
@pytest.mark.parametrize("depth", [1, 5, 9, 10, 11, 19, 20, 21, 200])
def test_nothing_is_too_deep_to_be_read(mark: str, depth: int) -> None:
    assert "at the bottom" in written(read(f"{mark * depth}at the bottom"))


def test_a_table() -> None:
    (table,) = read("| a | b |\n| --- | --- |\n| 1 | **2** |\n| 3 |")
    assert table == Table(
        ((Words("a"),), (Words("b"),)), (((Words("1"),), (Strong((Words("2"),)),)), ((Words("3"),), ()))
    )


# --- Splitting, in a dialect of its own ---


def written(blocks: Sequence[Block]) -> str:
    return "\n\n".join(map(_block, blocks))


def _block(block: Block) -> str:
    match block:
        case Paragraph(parts):
            return plain(parts)
        case Heading(parts):
            return f"# {plain(parts)}"
        case Code(text):
            return f"```\n{text}\n```"
        case Quote(blocks):
            return "\n".join(f"> {one}" for one in written(blocks).split("\n"))
        case Items(items, first):
            marks = ("-" if first is None else f"{first + place}." for place in range(len(items)))
            return "\n".join(f"{mark} {written(item)}" for mark, item in zip(marks, items, strict=True))
        case Table(head, rows):
            return "\n".join(" | ".join(map(plain, row)) for row in (head, *rows))


def letters(text: str) -> str:
    """What must not be lost: everything but spaces and marks."""
    return re.sub(r"[\s>#`|.:()-]|\d+\.", "", text)


TEXTS = st.lists(
    st.sampled_from(
        [
            "FinOps keeps an eye on the fuel gauge. ",
            "Costs **matter very much** here.\n",
            "\n\n",
            "- an item of a list\n",
            "  - an item of a list in a list\n",
            "1. a step that has several words\n",
            # A table that is cut repeats its head, of which no letter counts.
            "\n| # | . |\n| --- | --- |\n| 100 | twenty |\n| 200 | thirty |\n\n",
            "# A title\n",
            "> quoted words\n",
            "```\nx = 1\ny = 2\n```\n",
            "see https://example.org/a/long/path/to/a/page ",
            "[words](https://example.org/x) ",
            "averyveryverylongwordwithoutanyspaceinitatall",
            "`verbatim words` ",
        ]
    ),
    max_size=12,
).map("".join)


@given(TEXTS, st.integers(60, 200))
def test_nothing_is_lost_and_each_piece_fits(text: str, limit: int) -> None:
    blocks = read(text)
    groups = split(blocks, limit, written)
    assert all(len(written(group)) <= limit for group in groups)
    assert "".join(letters(written(group)) for group in groups) == letters(written(blocks))


@given(st.lists(st.sampled_from(NAUGHTY), max_size=4).map("\n".join), st.integers(40, 120))
def test_naughty_texts_are_split_too(text: str, limit: int) -> None:
    for group in split(read(text), limit, written):
        assert len(written(group)) <= limit


@pytest.mark.parametrize("text", ["word " * 40, "# " + "word " * 40, "> " + "word " * 40, "- " + "word " * 40])
def test_the_limit_to_the_letter(text: str) -> None:
    whole = len(written(read(text)))
    assert len(split(read(text), whole + 1, written)) == 1
    assert len(split(read(text), whole, written)) == 1
    assert len(split(read(text), whole - 1, written)) == 2


def test_a_link_is_whole_in_one_piece() -> None:
    text = f"{'many words ' * 6}[a link of words](https://example.org/page) {'and more ' * 6}"
    for limit in range(60, 140):
        assert (
            sum(
                "a link of words (https://example.org/page)" in written(one)
                for one in split(read(text), limit, written)
            )
            == 1
        )


def test_a_sentence_is_not_cut_where_the_one_before_leaves_room() -> None:
    groups = split(read("One sentence stands here. Another one is the second."), 40, written)
    assert [written(group) for group in groups] == ["One sentence stands here.", "Another one is the second."]


def test_code_is_closed_and_opened_again_between_lines() -> None:
    groups = split(read("```\nfirst line\nsecond line\nthird line\n```"), 34, written)
    assert [written(group) for group in groups] == ["```\nfirst line\nsecond line\n```", "```\nthird line\n```"]


def test_lists_are_cut_between_items_and_go_on_counting() -> None:
    groups = split(read("1. first item\n2. second item\n3. third item"), 30, written)
    assert [written(group) for group in groups] == ["1. first item\n2. second item", "3. third item"]


def test_tables_repeat_their_head() -> None:
    groups = split(read("| a | b |\n| --- | --- |\n| one | two |\n| three | four |"), 20, written)
    assert [written(group) for group in groups] == ["a | b\none | two", "a | b\nthree | four"]


def test_a_row_that_is_too_long_becomes_lines() -> None:
    (group,) = split(read(f"| a | b |\n| --- | --- |\n| one | {'two ' * 3}|"), 19, written)[:1]
    assert written(group).startswith("a: one")


def test_what_nests_deeper_than_anybody_writes_is_plain() -> None:
    text = f"{'*' * 5_000}a{'*' * 5_000}"
    assert read(text) == (line(text),)


def test_a_link_without_words_shows_its_address() -> None:
    assert read("[](https://a.b)") == (Paragraph((Link((Words("https://a.b"),), "https://a.b"),)),)
