"""Pictures of results: what is drawn, what is said in words, and what no text and no thread may do to them."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from bot.charts import Edition, chart, trend, trend_lines
from bot.charts.alternative import LONGEST, alternative
from bot.charts.bars import BAR, LEADING
from bot.charts.card import INK, PAPER, QUIET, TRACK, WIDTH
from bot.charts.trends import LINES, OTHERS, apart
from bot.markup.marks import unmarked
from bot.reply import Picture, Tally
from tests.naughty import SOME
from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
QUESTION = "What would help your teams most?"
MONDAY = date(2026, 1, 5)


def tally(
    counts: Sequence[int],
    options: Sequence[str] = (),
    question: str = QUESTION,
    several: bool = False,
    closed: bool = True,
) -> Tally:
    named = tuple(options) or tuple(f"Way {number}" for number in range(len(counts)))
    voters = max(counts, default=0) if several else sum(counts)
    return Tally(7, question, named, tuple(counts), voters, closed, several)


def lines_of(editions: Sequence[Edition]) -> tuple[str, ...]:
    return tuple(map(unmarked, trend_lines(editions)))


def weekly(tallies: Sequence[Tally]) -> list[Edition]:
    return [Edition(MONDAY + timedelta(weeks=week), one) for week, one in enumerate(tallies)]


def pixels(picture: Picture) -> np.ndarray[tuple[int, ...], np.dtype[np.int16]]:
    with Image.open(io.BytesIO(picture.draw())) as image:
        assert image.format == "PNG"
        image.load()
        assert "transparency" not in image.info
        return np.asarray(image.convert("RGB")).astype(np.int16)


def bar_lengths(picture: Picture) -> list[int]:
    """The pixels of each bar that is drawn, from the top down."""
    drawn = pixels(picture)
    blue = np.zeros(drawn.shape[:2], dtype=bool)
    for colour in (BAR, LEADING):
        blue |= np.abs(drawn - np.array(list(bytes.fromhex(colour[1:])), dtype=np.int16)).max(axis=2) <= 3
    lengths: list[int] = []
    inside = False
    for length in blue.sum(axis=1):
        if length < 5:
            inside = False
        elif inside:
            lengths[-1] = max(lengths[-1], int(length))
        else:
            lengths.append(int(length))
            inside = True
    return lengths


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2 defines it."""

    def luminance(colour: str) -> float:
        parts = [value / 255 for value in bytes.fromhex(colour[1:])]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


# --- One poll: what is drawn ---


def test_a_bar_is_as_long_as_its_share() -> None:
    quarter, three_quarters = bar_lengths(chart(tally((250, 750))))
    assert three_quarters == pytest.approx(3 * quarter, rel=0.02)


def test_one_option_with_all_votes_fills_its_row_and_none_has_no_bar() -> None:
    (everything,) = bar_lengths(chart(tally((0, 12))))
    (half, same) = bar_lengths(chart(tally((11, 11))))
    assert half == same == pytest.approx(everything / 2, rel=0.03)


def test_nobody_voted() -> None:
    picture = chart(tally((0, 0, 0), closed=False))
    assert bar_lengths(picture) == []
    assert picture.alternative.splitlines()[1:] == [
        "Way 0: 0 votes (0%)",
        "Way 1: 0 votes (0%)",
        "Way 2: 0 votes (0%)",
        "Nobody voted; the poll is open.",
    ]


def test_a_share_of_several_choices_is_one_of_the_voters() -> None:
    picture = chart(tally((40, 20), several=True))
    whole, half = bar_lengths(picture)
    assert half == pytest.approx(whole / 2, rel=0.02)
    assert "Way 0: 40 votes (100%)" in picture.alternative
    assert "several options" in picture.alternative


@pytest.mark.parametrize(
    "one",
    [
        tally((1, 0)),
        tally(range(200, 2200, 200), options=[f"{number}{'W' * 74}" for number in range(10)], question="W " * 150),
        tally((2000, 2000), options=["i" * 75, "Ö" * 5000], question="?" * 5000, several=True),
        tally((0,) * 10, options=[("many words " * 7)[:74] + str(number) for number in range(10)]),
    ],
    ids=["small", "widest", "too long", "nobody"],
)
def test_a_picture_is_sharp_and_small(one: Tally) -> None:
    picture = chart(one)
    height, width, _ = pixels(picture).shape
    assert width == WIDTH == 1200
    assert 300 < height < 3000
    assert len(picture.draw()) < 200_000


def test_nothing_is_drawn_over_the_margins() -> None:
    wide = tally((3, 2), options=["W" * 75, "x" * 75], question="M" * 300)
    for picture in (chart(wide), trend(weekly([wide, wide]))):
        assert picture is not None
        inner = pixels(picture)[8:-8, 8:-8]
        for margin in (inner[:, :40], inner[:, -40:], inner[:30], inner[-40:]):
            assert int(np.ptp(margin, axis=(0, 1)).max()) <= 2


def test_colours_are_read_by_everybody() -> None:
    for text in (INK, QUIET, *(colour for colour, _ in LINES)):
        assert contrast(text, PAPER) >= 4.5
    for shape in (BAR, LEADING):
        assert min(contrast(shape, PAPER), contrast(shape, TRACK)) >= 3
    assert contrast(BAR, LEADING) >= 1.5
    assert contrast(OTHERS, PAPER) >= 3
    assert len({marker for _, marker in LINES}) == len(LINES)


# --- Texts that a font or matplotlib could stumble over ---


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (("投票", "No"), ("Option 1", "No")),
        (("No", "🦄🦄"), ("No", "Option 2")),
        (("予算 (Budget)", "No"), ("(Budget)", "No")),
        (("Cut 🦄 costs", "No"), ("Cut costs", "No")),
        (("「」!?", "No"), ("Option 1", "No")),
        (("", " \u200b "), ("Option 1", "Option 2")),
        (("A 红", "A 绿"), ("Option 1: A", "Option 2: A")),
        (("a\u202eb\x00c", "two\n lines"), ("abc", "two lines")),
        (("Z\u0301\u0301\u0301\u0301\u0301\u0301\u0301", "No"), ("Z\u0301\u0301\u0301", "No")),
        (("\ud800 half", "No"), ("half", "No")),
    ],
)
def test_what_the_font_lacks_is_left_out(typed: tuple[str, str], shown: tuple[str, str]) -> None:
    assert chart(tally((2, 1), options=typed)).draw() == chart(tally((2, 1), options=shown)).draw()


def test_a_question_of_which_nothing_can_be_shown_has_a_title() -> None:
    picture = chart(tally((2, 1), question="どう思う"))
    assert picture.draw() == chart(tally((2, 1), question="Poll results")).draw()
    assert "どう思う" in picture.alternative


def test_signs_alone_are_shown_where_they_are_all_there_is() -> None:
    assert chart(tally((2, 1), options=("?!", "No"))).draw() != chart(tally((2, 1), options=("Option 1", "No"))).draw()


@pytest.mark.parametrize("text", ["$x$", "$\\frac{1$", "_^\\", "$$", "\\$5 and $6_", "${}^$ $\\unknown$"])
def test_a_text_is_never_read_as_a_formula(text: str) -> None:
    picture = chart(tally((2, 1), options=(text, "No"), question=text))
    drawn = trend(weekly([tally((2, 1), options=(text, "No"), question=text)] * 2))
    assert text in picture.alternative
    assert drawn is not None
    assert text in drawn.alternative


def test_naughty_strings_are_drawn_without_a_warning() -> None:
    for start in range(0, len(SOME), 10):
        some = SOME[start : start + 10]
        picture = chart(tally(range(len(some)), options=some, question=some[0]))
        assert len(picture.alternative) <= LONGEST
        assert len(picture.alternative.splitlines()) == len(some) + 2


# --- The same bytes, whoever draws, wherever ---


def test_threads_do_not_disturb_each_other() -> None:
    tallies = [tally((count, 5, 3), question=f"Question {count}?") for count in range(12)]
    pictures = [chart(one) for one in tallies]
    pictures += [picture for one in tallies if (picture := trend(weekly([one, tallies[0]])))]
    alone = [picture.draw() for picture in pictures]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda picture: picture.draw(), pictures)) == alone
    assert len(set(alone)) == len(pictures) == 2 * len(tallies)


def test_another_process_without_a_home_draws_the_same_and_says_nothing() -> None:
    code = (
        "import hashlib\nfrom bot.charts import chart\nfrom bot.reply import Tally\n"
        "picture = chart(Tally(7, 'One?', ('Yes', 'No'), (2, 1), 3, True))\n"
        "print(hashlib.sha256(picture.draw()).hexdigest())"
    )
    folders = {"HOME": "/dev/null", "XDG_CACHE_HOME": "/dev/null", "XDG_CONFIG_HOME": "/dev/null"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        env={**{name: value for name, value in os.environ.items() if name != "MPLCONFIGDIR"}, **folders},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    here = chart(Tally(7, "One?", ("Yes", "No"), (2, 1), 3, True))
    assert done.stdout.strip() == hashlib.sha256(here.draw()).hexdigest()
    assert done.stderr == ""


# --- One poll in words ---


@given(
    st.lists(st.tuples(st.text(max_size=75), st.integers(0, 2000)), min_size=2, max_size=10),
    st.text(max_size=300),
    st.booleans(),
    st.booleans(),
)
@example([("x" * 75, 2000)] * 10, "y" * 300, True, False)
def test_the_words_have_every_figure(votes: list[tuple[str, int]], question: str, several: bool, closed: bool) -> None:
    one = tally([count for _, count in votes], [option for option, _ in votes], question, several, closed)
    words = chart(one).alternative
    assert len(words) <= LONGEST
    first, *rest = words.splitlines()
    assert first.startswith("Bar chart:")
    for line, count, share in zip(rest, one.counts, one.shares, strict=False):
        assert line.endswith(f": {count:,} {'vote' if count == 1 else 'votes'} ({share}%)")
    assert str(one.voters) in rest[-1] or (one.voters == 0 and "Nobody" in rest[-1])
    assert ("closed" if closed else "open") in rest[-1]
    assert len(rest) == len(votes) + 1


def test_short_words_are_whole() -> None:
    picture = chart(tally((12, 18), options=("Yes,  of\ncourse", "No 🦄")))
    assert picture.alternative == (
        f"Bar chart: {QUESTION}\n"
        "Yes, of course: 12 votes (40%)\nNo 🦄: 18 votes (60%)\n30 people voted; the poll is closed."
    )


def test_long_words_are_shortened_evenly() -> None:
    options = ["short", *(f"{number}{'x' * 74}" for number in range(9))]
    _, short, *long = chart(tally(range(10), options, "y" * 300)).alternative.splitlines()[:-1]
    assert short == "short: 0 votes (0%)"
    lengths = {line.index("…") for line in long}
    assert len(lengths) == 1
    assert lengths.pop() > 30


@given(st.lists(st.text(max_size=200), max_size=10), st.text(max_size=6000))
def test_words_never_pass_the_limit(options: list[str], question: str) -> None:
    words = alternative("Trend", question, [(option, "from 100% to 100%") for option in options], ["One.", "Two."])
    assert len(words) <= LONGEST
    assert len(words.splitlines()) == len(options) + 3


# --- A poll that is repeated ---


def test_one_edition_has_no_trend() -> None:
    assert trend([]) is None
    assert trend(weekly([tally((1, 2))])) is None
    assert lines_of(weekly([tally((1, 2))])) == ()


def test_a_trend_in_words() -> None:
    held = weekly([tally((1, 3), ("Showback", "Budget")), tally((2, 2), ("showback ", "Budget")), tally((3, 0))])
    held[2] = Edition(held[2].day, tally((1500, 500), ("Showback", "Nothing")))
    words = (
        "Showback: from 25% to 75%",
        "Nothing: 25% (1 of 3 times)",
        "Budget: from 75% to 50% (2 of 3 times)",
    )
    told = ("Held 3 times, from 5 January 2026 to 19 January 2026.", "Voters each time: 4, 4, 2,000.")
    picture = trend(held)
    assert picture is not None
    assert picture.alternative.splitlines() == [f"Trend: {QUESTION}", *words, *told]
    assert lines_of(held) == (*(f"- {line}" for line in words), *told)
    turned = trend(held[::-1])
    assert turned is not None
    assert (turned.alternative, turned.draw()) == (picture.alternative, picture.draw())


def test_when_nobody_voted_there_is_no_share() -> None:
    quiet = tally((0, 0))
    assert lines_of(weekly([quiet, quiet]))[:2] == ("- Way 0: nobody voted", "- Way 1: nobody voted")
    assert lines_of(weekly([tally((1, 0)), quiet, tally((0, 1))]))[0] == "- Way 0: from 100% to 0% (2 of 3 times)"
    assert trend(weekly([quiet, quiet])) is not None


def test_of_many_options_the_last_are_grey_and_still_seen() -> None:
    few, many = weekly([tally((9, 8, 7, 6, 5, 4))] * 2), weekly([tally((9, 8, 7, 6, 5, 4, 3))] * 2)
    grey = np.array(list(bytes.fromhex(OTHERS[1:])), dtype=np.int16)
    seen = []
    for picture in (trend(few), trend(many)):
        assert picture is not None
        seen.append(int((np.abs(pixels(picture) - grey).max(axis=2) <= 8).sum()))
        assert ("Way 6: from 7% to 7%" in picture.alternative) == (len(seen) == 2)
    assert seen[1] > seen[0] + 500


def test_half_a_year_of_ten_long_options_fits() -> None:
    options = [f"{number}{'x' * 74}" for number in range(10)]
    held = weekly([tally([2000 + week] * 9 + [0], options, "y" * 300, several=True) for week in range(30)])
    picture = trend(held)
    assert picture is not None
    assert len(picture.alternative) <= LONGEST
    for number in range(9):
        assert f"\n{number}x" in picture.alternative
    assert picture.alternative.count("from 100% to 100%") == 9
    assert "Held 26 times, from 2 February 2026 to 27 July 2026." in picture.alternative
    assert "2,029." in picture.alternative
    assert len(picture.draw()) < 200_000
    assert pixels(picture).shape[1] == WIDTH


def test_what_was_an_option_long_ago_is_counted_where_there_is_no_room() -> None:
    held = weekly([tally((1,) * 6, [f"{week} {number}" for number in range(6)]) for week in range(3)])
    *rows, _, _, missing = lines_of(held)
    assert len(rows) == 10
    assert rows[0].startswith("- 2 0")
    assert missing == "Not shown: 8 options of earlier times."
    assert trend(held) is not None


def test_editions_on_one_day_and_over_years_are_drawn() -> None:
    one = tally((1, 2))
    assert trend([Edition(MONDAY, one)] * 3) is not None
    years = trend([Edition(date(2020 + year, 12, 28), one) for year in range(26)])
    assert years is not None
    assert "from 28 December 2020 to 28 December 2045" in years.alternative


@given(st.lists(st.tuples(st.floats(-50, 600), st.integers(20, 75)), min_size=1, max_size=6))
def test_names_at_the_ends_of_lines_never_overlap(wanted: list[tuple[float, int]]) -> None:
    wanted.sort()
    heights = [height for _, height in wanted]
    tops = apart([top for top, _ in wanted], heights, 0, 560)
    ends = [top + height for top, height in zip(tops, heights, strict=True)]
    assert all(end + 8 <= top + 1e-6 for end, (_, top) in zip(ends, pairwise(tops), strict=False))
    assert min(tops) >= -1e-6
    assert max(ends) <= 560 + 1e-6


def test_a_name_that_has_room_stays_where_it_is_wanted() -> None:
    assert apart([10, 200, 210], [40, 40, 40], 0, 560) == [10, 181, 229]
