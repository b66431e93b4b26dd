"""A poll that is repeated: its editions, and how the share of each option has changed from the first to the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.charts.alternative import in_line
from bot.markup.marks import as_written
from bot.reply import Tally

# What a picture and its words have room for: half a year of weeks; a poll has no more options.
MOST_EDITIONS, MOST_OPTIONS = 26, 10


@dataclass(frozen=True)
class Edition:
    """One time that a repeated poll was held: its day, and how it ended."""

    day: date
    tally: Tally


@dataclass(frozen=True)
class Course:
    """The share of an option in each edition, in percent; None where it was no option, or where nobody voted."""

    option: str
    shares: tuple[int | None, ...]

    @property
    def known(self) -> tuple[int, ...]:
        """The shares that there are."""
        return tuple(share for share in self.shares if share is not None)

    @property
    def change(self) -> str:
        """The first and the last share in words."""
        if not self.known:
            return "nobody voted"
        first, last = f"{self.known[0]}%", f"{self.known[-1]}%"
        said = first if len(self.known) == 1 else f"from {first} to {last}"
        held = len(self.shares)
        return said if len(self.known) == held else f"{said} ({len(self.known)} of {held} times)"


def latest(editions: Sequence[Edition]) -> tuple[Edition, ...]:
    """The editions that are shown, the earliest first."""
    return tuple(sorted(editions, key=lambda edition: edition.day)[-MOST_EDITIONS:])


def courses(editions: Sequence[Edition]) -> tuple[Course, ...]:
    """A course for each option; those of the last edition first, then what was an option before, the latest first.

    Options are the same where their texts are, whatever their case and spaces.
    """
    held = [_shares(edition.tally) for edition in editions]
    names: dict[str, str] = {}
    for edition in reversed(editions):
        for option in edition.tally.options:
            names.setdefault(_same(option), in_line(option))
    return tuple(Course(name, tuple(shares.get(same) for shares in held)) for same, name in names.items())


def trend_lines(editions: Sequence[Edition]) -> tuple[str, ...]:
    """What a trend shows as lines of a reply's text, with the options as typed; () for fewer than two editions."""
    shown = latest(editions)
    if len(shown) < 2:
        return ()
    rows = (f"- {as_written(course.option)}: {course.change}" for course in courses(shown)[:MOST_OPTIONS])
    return (*rows, *circumstances(shown))


def circumstances(editions: Sequence[Edition]) -> tuple[str, ...]:
    """Sentences on what the shares of two or more editions are shares of: how often, when, and how many voted."""
    first, last = editions[0].day, editions[-1].day
    voters = ", ".join(f"{edition.tally.voters:,}" for edition in editions)
    said = [f"Held {len(editions)} times, from {in_full(first)} to {in_full(last)}.", f"Voters each time: {voters}."]
    if any(edition.tally.several for edition in editions):
        said.append("Everybody could choose several options.")
    if (missing := len(courses(editions)) - MOST_OPTIONS) > 0:
        said.append(f"Not shown: {missing} {'option' if missing == 1 else 'options'} of earlier times.")
    return tuple(said)


def in_full(day: date) -> str:
    """A day with its year: "5 January 2026"."""
    return f"{day.day} {day:%B} {day.year}"


def _shares(tally: Tally) -> dict[str, int]:
    """The shares by option; none where nobody voted, as 0% would say that all others were preferred."""
    return dict(zip(map(_same, tally.options), tally.shares, strict=True)) if tally.voters else {}


def _same(option: str) -> str:
    return in_line(option).casefold()
