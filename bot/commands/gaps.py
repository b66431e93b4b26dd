"""`gaps`: what people asked that the sources do not cover, for those who write them."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from bot.activities.insights import shown
from bot.commands.answers import write_record
from bot.commands.start import existing_store, open_library, start
from bot.store import Unanswered
from bot.store.scope import EVERYTHING
from knowledge.answer import Source
from knowledge.question import clean
from knowledge.words import words

if TYPE_CHECKING:
    from bot.settings import Settings
    from knowledge.library import Library

COLUMNS = 100
# Other wordings that are shown of a group.
WORDINGS = 3
# So many different wordings are grouped, the newest; more would need more memory than a small machine has.
MOST = 10_000


@dataclass(frozen=True)
class Gap:
    """Questions that ask for about the same thing. `wordings` begin with the most typical one."""

    wordings: tuple[str, ...]
    asked: tuple[Unanswered, ...]

    @property
    def people(self) -> int:
        """How many different people asked."""
        return len({one.person for one in self.asked})

    @property
    def places(self) -> int:
        """In how many different places it was asked."""
        return len({one.place for one in self.asked})

    @property
    def first(self) -> date:
        """The day when it was first asked (UTC)."""
        return self.asked[0].at.date()

    @property
    def last(self) -> date:
        """The day when it was last asked (UTC)."""
        return self.asked[-1].at.date()

    @property
    def outside(self) -> bool:
        """Whether it never was about the subject."""
        return all(one.outside for one in self.asked)


@dataclass(frozen=True)
class Judged:
    """A gap, the nearest place of the sources, and whether they seem to answer it by now."""

    gap: Gap
    nearest: Source | None
    answered: bool


@click.command()
@click.option("--since", type=click.IntRange(1, 36_500), metavar="DAYS", help="Only the last DAYS days.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="List at most so many groups.")
@click.option("--all", "everything", is_flag=True, help="List also what was outside the subject.")
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON object.")
def gaps(since: int | None, limit: int, everything: bool, as_json: bool) -> None:
    """List what people asked that the sources do not cover: alike questions together, the most frequent first.

    The report names nobody; questions stand in it as they were asked, without mentions and addresses.
    """
    settings = start()
    days = min(since or settings.retention_days, settings.retention_days)
    with closing(existing_store(settings)) as store, store.reading() as records:
        declined = records.unanswered(datetime.now(UTC) - timedelta(days=days), scope=EVERYTHING)
    listed = [one for one in declined if everything or not one.outside]
    found, judged = _found(listed, limit, settings) if listed else ([], [])
    counts = {"questions": len(listed), "groups": len(found), "not_listed_outside": len(declined) - len(listed)}
    if as_json:
        write_record({**counts, "gaps": list(map(_record, judged))})
    else:
        click.echo("\n".join(_report(counts, judged)))


def _found(listed: Sequence[Unanswered], limit: int, settings: Settings) -> tuple[list[Gap], list[Judged]]:
    """All gaps, and the largest of them with what the sources say to them."""
    library = open_library(settings)
    found = find_gaps(listed, library)
    return found, judge_again(found[:limit], library)


def find_gaps(declined: Sequence[Unanswered], library: Library) -> list[Gap]:
    """The questions in groups, the largest first; among equals, the latest first."""
    from knowledge.grouping import group

    by_wording: dict[tuple[str, ...], list[Unanswered]] = defaultdict(list)
    for one in declined:
        by_wording[tuple(words(clean(one.question)))].append(one)
    newest = sorted(by_wording.values(), key=lambda asked: asked[-1].at)[-MOST:]
    wordings = [_commonest(asked) for asked in newest]
    mended = [library.retriever.mend(wording) for wording in wordings]
    groups = group(mended, library.embed(wordings), list(map(len, newest)), library.retriever.weight)
    found = [_gap([wordings[place] for place in places], [newest[place] for place in places]) for places in groups]
    return sorted(found, key=lambda gap: (len(gap.asked), gap.people, gap.asked[-1].at), reverse=True)


def _gap(wordings: Sequence[str], asked: Sequence[Sequence[Unanswered]]) -> Gap:
    return Gap(tuple(wordings), tuple(sorted((one for each in asked for one in each), key=lambda one: one.at)))


def _commonest(asked: Sequence[Unanswered]) -> str:
    """How it was put most often, without mentions, addresses and what does not show."""
    put = Counter(shown(one.question) for one in asked)
    return put.most_common(1)[0][0]


def judge_again(gaps: Sequence[Gap], library: Library) -> list[Judged]:
    """The gaps, their most typical wording asked again: what was lacking may be there by now."""
    from knowledge.chain import Asked
    from knowledge.picks import source

    judged = []
    for gap, asked in zip(gaps, library.chain.ask([Asked(gap.wordings[0]) for gap in gaps]), strict=True):
        assert asked.answer is not None
        near = asked.parts[-1].search.best if asked.parts else None
        nearest = asked.answer.sources[0] if asked.answer.sources else source(near.passage) if near else None
        judged.append(Judged(gap, nearest, asked.answer.verdict == "answer"))
    return judged


def _record(judged: Judged) -> dict[str, Any]:
    gap = judged.gap
    return {
        "question": gap.wordings[0],
        "wordings": list(gap.wordings),
        "count": len(gap.asked),
        "people": gap.people,
        "places": gap.places,
        "first": gap.first.isoformat(),
        "last": gap.last.isoformat(),
        "outside": gap.outside,
        "answered_now": judged.answered,
        "nearest": asdict(judged.nearest) if judged.nearest else None,
    }


def _report(counts: Mapping[str, int], judged: Sequence[Judged]) -> Iterator[str]:
    """The report for people, line by line."""
    from adapters.terminal.layout import clean_line, wrap

    asked, groups, outside = counts["questions"], counts["groups"], counts["not_listed_outside"]
    if judged:
        yield f"{_many(asked, 'question')} not covered by the sources, about {_many(groups, 'thing')}:"
    else:
        yield "No question is on record that the sources do not cover."
    for place, one in enumerate(judged, 1):
        yield ""
        for line, lead in zip(_lines(one), itertools.chain([f"{place:3}. "], itertools.repeat("     ")), strict=False):
            yield wrap(clean_line(line), COLUMNS, lead)
    if left := groups - len(judged):
        yield f"\n{_many(left, 'thing')} more: --limit {groups} lists all."
    if outside:
        yield f"\nOutside the subject: {_many(outside, 'question')}, not listed (--all lists them)."


def _lines(judged: Judged) -> Iterator[str]:
    """What is told of a gap, a line each."""
    gap, others = judged.gap, judged.gap.wordings[1 : 1 + WORDINGS]
    yield gap.wordings[0]
    if len(gap.asked) == 1:
        yield f"asked once, on {gap.first}"
    else:
        when = f"on {gap.first}" if gap.first == gap.last else f"{gap.first} to {gap.last}"
        people = f"{gap.people:,} {'person' if gap.people == 1 else 'people'}"
        yield f"asked {len(gap.asked):,} times by {people} in {_many(gap.places, 'place')}, {when}"
    if others:
        more = len(gap.wordings) - 1 - len(others)
        yield "also: " + " / ".join(others) + (f" / and {more} more" if more else "")
    if gap.outside:
        yield "outside the subject"
    elif judged.nearest:
        yield f"{'perhaps answered by now' if judged.answered else 'nearest'}: {judged.nearest}"


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
