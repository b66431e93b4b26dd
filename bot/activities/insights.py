"""Insights: what people ask, what they lack and how they take part, in numbers, for moderators. Nobody is named."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.activities import Alike, Heard
from bot.intents import Insight
from bot.intents.sayings import ONLY_MODERATORS
from bot.markup.marks import as_written
from bot.reply import Reply, Text
from bot.store import Participation, Verdicts
from bot.store.months import month_of
from bot.store.scope import Scope, scope_of
from knowledge.extent import asks_something
from knowledge.question import clean

if TYPE_CHECKING:
    from bot.store.records import Records

# So many groups of questions are told, and so much of each wording.
TOP = 5
LONGEST = 200
FOR_MODERATORS = f"{ONLY_MODERATORS} see insights."
_EMAIL = re.compile(r"(?<![^\s@])[^\s@]++@[^\s@]+\.\w+")


@dataclass(frozen=True)
class Group:
    """Questions that ask for about the same, by a typical wording."""

    question: str
    count: int


@dataclass(frozen=True)
class Report:
    """What was counted since a moment; `asked` and `lacking` are all questions of which `top` and `gaps` are groups."""

    since: datetime
    asked: int
    top: tuple[Group, ...]
    lacking: int
    gaps: tuple[Group, ...]
    verdicts: Verdicts
    participation: Participation


class Insights:
    """Takes moderators' requests for insights."""

    def __init__(
        self, reading: Callable[[], AbstractContextManager[Records]], alike: Alike, retention_days: int
    ) -> None:
        """`reading` opens the records for what takes its time; `alike` groups questions."""
        self._reading = reading
        self._alike = alike
        self._days = retention_days

    async def take(self, heard: Heard) -> Reply | None:
        """The insights of this place, or for its administrator of all public places of the server."""
        wanted, turn = heard.intent.value, heard.turn
        if not isinstance(wanted, Insight):
            return None
        if not turn.person.moderator:
            return Reply((Text(FOR_MODERATORS),), "usage", private=True)
        scope = scope_of(turn)
        since = begin(wanted, turn.at, self._days)
        found = await asyncio.to_thread(report, self._reading, since, self._alike, scope=scope)
        said = "\n\n".join(told(found, scope.named, self._days))
        return Reply((Text(said),), "usage", private=True, remembered=False)


def begin(wanted: Insight, at: datetime, retention_days: int) -> datetime:
    """From when on is counted: never before what is remembered."""
    remembered = at - timedelta(days=retention_days)
    if wanted.month:
        return max(remembered, month_of(at))
    return max(remembered, at - timedelta(days=wanted.days)) if wanted.days is not None else remembered


def report(
    reading: Callable[[], AbstractContextManager[Records]], since: datetime, alike: Alike, *, scope: Scope
) -> Report:
    """What is counted. Questions are grouped when nothing is held any more."""
    with reading() as records:
        insights = records.insights
        asked, lacking = insights.questions(since, scope=scope), insights.gaps(since, scope=scope)
        asked, lacking = ([one for one in said if asks_something(clean(one))] for said in (asked, lacking))
        verdicts, participation = insights.verdicts(since, scope=scope), insights.participation(since, scope=scope)
    top, gaps = _largest(asked, alike), _largest(lacking, alike)
    return Report(since, len(asked), top, len(lacking), gaps, verdicts, participation)


def told(found: Report, where: str, retention_days: int) -> Iterator[str]:
    """The report for people, in paragraphs."""
    since = f"{found.since.day} {found.since:%B %Y}"
    yield (
        f"Insights for {where} since {since} (UTC). Each figure is counted from what is remembered "
        f"({retention_days} days); nobody is named."
    )
    yield _listed("Most asked", found.asked, "asked and looked up", found.top)
    yield _listed("Gaps", found.lacking, "about the subject and not covered by the sources", found.gaps)
    yield _helpful(found.verdicts)
    yield _taken_part(found.participation)


def shown(question: str) -> str:
    """A question as moderators see it: without mentions, addresses and what does not show."""
    return _EMAIL.sub("(address)", clean(question)) or "(no words)"


def _largest(questions: Sequence[str], alike: Alike) -> tuple[Group, ...]:
    """The largest groups; among equals, those that were asked last."""
    groups = sorted(alike(questions), key=lambda places: (len(places), max(places)), reverse=True)
    return tuple(Group(shown(questions[places[0]])[:LONGEST], len(places)) for places in groups[:TOP])


def _listed(heading: str, count: int, what: str, groups: Sequence[Group]) -> str:
    if not count:
        return f"{heading}: no question was {what}."
    lines = [f"{heading}: {count:,} {'question was' if count == 1 else 'questions were'} {what}."]
    lines += (f"- {_times(one.count)}: {as_written(one.question)}" for one in groups)
    if left := count - sum(one.count for one in groups):
        lines.append(f"- {left:,} more {'is' if left == 1 else 'are'} left out here.")
    return "\n".join(lines)


def _helpful(verdicts: Verdicts) -> str:
    answers = f"{verdicts.answers:,} {'answer' if verdicts.answers == 1 else 'answers'}"
    if not verdicts.opinions:
        return f"Helpful: nobody has given an opinion yet, on {answers}."
    share = round(100 * verdicts.helpful / verdicts.opinions)
    opinions = f"{verdicts.opinions:,} {'opinion' if verdicts.opinions == 1 else 'opinions'}"
    return f"Helpful: {verdicts.helpful:,} of {opinions} ({share}%), given on {answers}."


def _taken_part(found: Participation) -> str:
    lines = (
        "People who took part:",
        f"- asked: {found.asked:,}",
        f"- voted with their names: {found.voted:,}",
        f"- took quizzes: {found.quizzed:,}",
        f"- replied to posted questions: {found.replied:,}",
        f"Polls opened: {found.polls:,}; the anonymous ones among them have {found.secret_voters:,} "
        f"{'voter' if found.secret_voters == 1 else 'voters'} in all.",
    )
    return "\n".join(lines)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"
