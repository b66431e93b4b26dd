"""Deadlines and recurrences as people write them, moments as they read them, in the wall clock of a time zone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.intents.times.days import END_OF_DAY, MIDNIGHT, DayError, mended, read_day, read_duration, split_time
from bot.intents.times.rules import RuleError, check_often, parts_of, read_rule
from bot.intents.times.rules import repeating as repeating
from bot.markup import marks

SHORTEST = timedelta(minutes=1)
FARTHEST = timedelta(days=366)
# Within so many days every rule has come once: a 29 February can be eight years away.
_ONCE = timedelta(days=9 * 366)

_LEAD = re.compile(
    r"(?:(?:it |the poll )?(?:close[sd]?|closing|ends?(?! of)|due|deadline)\b[\s:]*(?:is |on |at )?\s*)+"
)
_UNTIL = re.compile(r"(?:until|untill|til|till|'til|by|before|up to)\b\s*")
_FOR = re.compile(r"(?:for|in|within|after)\b\s*")

_UNKNOWN = "I do not understand when that is: write for example “for 2h” or “until Friday 17:00”."
_UNKNOWN_RULE = (
    "I do not understand how often that is: write for example “every Monday at 9:00” or “every two weeks on Friday”."
)
_NEVER = "That day never comes: give another one, for example “every month on the last day”."
_WHICH_MIDNIGHT = "Midnight is where one day ends and the next begins: write “0:00” or “23:59”."
_BEFORE = re.compile(
    r"(?:until|till|by|on|at)? ?(?:yesterday|last (?:night|week|month|year|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
    r"|.{1,30} ago)(?: .{1,20})?"
)
_PASSED = "That time has passed: give a later one, for example “for 2h” or “until tomorrow 17:00”."
_TOO_FAR = "That is more than a year ahead: give a time within the next 366 days."
_TOO_SOON = "That is less than a minute from now: give at least a minute, for example “for 10 minutes”."


class MomentError(ValueError):
    """Words that give no usable moment; the text is one sentence for the person.

    `understood` where they do name a moment, which cannot be used.
    """

    def __init__(self, sentence: str, understood: bool = True) -> None:
        super().__init__(sentence)
        self.understood = understood


@dataclass(frozen=True)
class Recurrence:
    """A rule (RFC 5545, without DTSTART), and the first of its times, an aware moment that it is counted from."""

    rule: str
    first: datetime


def read_deadline(text: str, now: datetime, zone: str) -> timedelta | datetime:
    """When something closes: a duration ("2h", "in 3 days"), or an aware moment in `zone` ("Friday 17:00").

    `now` is aware, `zone` an IANA name. A time alone that has passed today means tomorrow; a weekday means the next one
    whose time is still ahead, today included ("next Friday" is never today); a day without a time means its end, 23:59;
    midnight is where that day ends. Hours are those of a 24-hour clock unless am or pm is said. A date without a year
    is the next one. A zone may follow ("17:00 UTC"). Of a time that comes twice as clocks go back, the first is meant.
    Raises MomentError for what is not understood, passed, less than a minute or more than 366 days ahead, or a time
    that the clocks skip.
    """
    said = mended(text)
    if lead := _LEAD.match(said):
        said = said[lead.end() :]
    until, lasting = _UNTIL.match(said), _FOR.match(said)
    if until is None and (lasts := read_duration(said, now)) is not None:
        _check_ahead(lasts)
        return lasts
    if lasting:
        raise MomentError(_UNKNOWN, understood=False)
    try:
        moment = _moment(said[until.end() :] if until else said, now, zone)
    except DayError as error:
        raise MomentError(str(error)) from error
    if moment is None:
        if _BEFORE.fullmatch(said):
            raise MomentError(_PASSED)
        raise MomentError(_UNKNOWN, understood=False)
    return moment


def _check_ahead(ahead: timedelta) -> None:
    if ahead <= timedelta():
        raise MomentError(_PASSED)
    if ahead < SHORTEST:
        raise MomentError(_TOO_SOON)
    if ahead > FARTHEST:
        raise MomentError(_TOO_FAR)


def _moment(text: str, now: datetime, zone: str) -> datetime | None:
    """The moment that `text` (mended) names; None where it names none. Raises MomentError and DayError."""
    today = now.astimezone(ZoneInfo(zone)).date()
    rest, minutes = split_time(text)
    found = read_day(rest, today)
    if found is None:
        # The last word or the last two may be a zone: "17:00 UTC", "Friday 17:00 New York", "(Europe/Berlin)".
        for words in (1, 2):
            before, _, _ = text.rpartition(" ") if words == 1 else (" ".join(text.split()[:-2]), "", "")
            place = known_zone(text[len(before) :].strip(" ()")) if before else None
            if place:
                return _moment(before, now, place)
        return None
    day, step = found
    if minutes is None and step == 1:
        return None
    ahead = (day - today).days
    if ahead < 0:
        raise MomentError(_PASSED)
    if ahead > FARTHEST.days + 1:
        raise MomentError(_TOO_FAR)
    wall = _wall(day, END_OF_DAY if minutes is None else minutes)
    if step and first_moment(wall, zone).astimezone(UTC) <= now.astimezone(UTC):
        wall += timedelta(days=step)
    _check_exists(wall, zone)
    moment = first_moment(wall, zone)
    _check_ahead(moment.astimezone(UTC) - now.astimezone(UTC))
    return moment


def read_recurrence(text: str, now: datetime, zone: str) -> Recurrence:
    """How often something repeats, and when first after `now` (aware), in the wall clock of `zone`.

    Understood are days, weeks, months and years, weekdays and days of a month: "daily at 10", "every two weeks on
    Friday 17:00", "every first Monday of the month at 10:00". Without a time of day it is that of `now`, to the minute;
    without a day that of `now` as well, as `read_rule` says. Raises MomentError for what is not understood, more often
    than once a day, less often than once a year, or a day that never comes.
    """
    here = now.astimezone(ZoneInfo(zone))
    said = mended(text)
    try:
        check_often(said)
        rest, minutes = split_time(said)
        parts = read_rule(rest, here.date())
    except (DayError, RuleError) as error:
        raise MomentError(str(error)) from error
    if parts is None:
        raise MomentError(_UNKNOWN_RULE, understood=False)
    if minutes == MIDNIGHT:
        raise MomentError(_WHICH_MIDNIGHT)
    hour, minute = divmod(here.hour * 60 + here.minute if minutes is None else minutes, 60)
    parts |= {"BYHOUR": str(hour), "BYMINUTE": str(minute)}
    rule = _rule(parts)
    first = first_occurrence(rule, now, zone)
    if first is None:
        raise MomentError(_NEVER)
    return Recurrence(rule, first)


def _rule(parts: Mapping[str, str]) -> str:
    order = ("FREQ", "INTERVAL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "BYHOUR", "BYMINUTE")
    return ";".join(f"{key}={parts[key]}" for key in order if key in parts)


def first_occurrence(rule: str, now: datetime, zone: str) -> datetime | None:
    """The first time of a rule after `now`, the nearest that fits; None where there is none.

    From it on weeks and months between are counted.
    """
    once = _rule({key: part for key, part in parts_of(rule).items() if key != "INTERVAL"})
    midnight = now.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    return _next(once, midnight, now, zone)


def next_occurrence(rule: str, first: datetime, after: datetime, zone: str) -> datetime | None:
    """The first time of a recurrence after a moment, in the wall clock of `zone`; None where there is none any more.

    `first` is the first of all, and all others are counted from it. 9:00 stays 9:00 as clocks change; a time that they
    skip moves to the first one after it.
    """
    if after.astimezone(UTC) < first.astimezone(UTC):
        return first.astimezone(ZoneInfo(zone))
    return _next(rule, first, after, zone)


def _next(rule: str, start: datetime, after: datetime, zone: str) -> datetime | None:
    from dateutil.rrule import rrulestr

    place = ZoneInfo(zone)
    wall_start, wall_after = (_bare(moment.astimezone(place)) for moment in (start, after))
    times = rrulestr(rule, dtstart=wall_start).replace(until=max(wall_start, wall_after) + _ONCE)
    # A day earlier, as what the clocks skip moves on.
    for wall in times.xafter(wall_after - timedelta(days=1), inc=True):
        moment = first_moment(wall, zone)
        if moment.astimezone(UTC) > after.astimezone(UTC):
            return moment
    return None


def _bare(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None, fold=0)


def _wall(day: date, minutes: int) -> datetime:
    return datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)


def _exists(wall: datetime, place: ZoneInfo) -> bool:
    return wall.replace(tzinfo=place).astimezone(UTC).astimezone(place).replace(tzinfo=None) == wall


def first_moment(wall: datetime, zone: str) -> datetime:
    """When a clock in `zone` first shows `wall` (naive), or the first minute after it where the clocks skip it."""
    place = ZoneInfo(zone)
    wall = wall.replace(fold=0)
    while not _exists(wall, place):
        wall = wall.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return wall.replace(tzinfo=place)


def _check_exists(wall: datetime, zone: str) -> None:
    """Raises MomentError where the clocks skip that time."""
    if not _exists(wall, ZoneInfo(zone)):
        after = first_moment(wall, zone)
        day = f"{wall:%A} {wall.day} {wall:%B}"
        raise MomentError(
            f"There is no {wall:%H:%M} in {zone} on {day}: the clocks are set forward. The first time after it is "
            f"{after:%H:%M}{'' if after.date() == wall.date() else f' on {after:%A} {after.day} {after:%B}'}."
        )


def in_words(moment: datetime, zone: str, now: datetime | None = None) -> str:
    """`moment` (aware) as a clock in `zone` shows it: "Fri 27 Nov, 17:00 (Europe/Berlin)".

    With its year where that is another one than that of `now`, or where there is no `now`.
    """
    from babel.dates import format_datetime

    place = ZoneInfo(zone)
    shown = moment.astimezone(place)
    year = "" if now is not None and now.astimezone(place).year == shown.year else " y"
    # Without its zone, as the library would else set it to UTC.
    written = format_datetime(shown.replace(tzinfo=None), f"EEE d MMM{year}, HH:mm", locale="en_GB")
    return f"{written} ({zone})"


def shown(moment: datetime, zone: str, now: datetime | None = None) -> str:
    """The same to be put into a reply's text: in the reader's own time where the platform can."""
    return marks.moment(moment, in_words(moment, zone, now))


def lasting(duration: timedelta) -> str:
    """A duration in days, hours, minutes and seconds: "1 hour 30 minutes". Parts of a second are left out."""
    seconds = max(0, int(duration.total_seconds()))
    units = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))
    said = []
    for name, size in units:
        count, seconds = divmod(seconds, size)
        if count:
            said.append(f"{count:,} {name}{'' if count == 1 else 's'}")
    return " ".join(said) or "0 seconds"


def known_zone(name: str) -> str | None:
    """The IANA name of the time zone that somebody calls "berlin", "New York", "CET" or "america/new_york".

    None where no zone is called so, or several whose clocks differ.
    """
    wanted = "_".join(name.split()).casefold()
    found = _zones().get(wanted)
    return found or _cities().get(wanted)


@cache
def _zones() -> dict[str, str]:
    return {zone.casefold(): zone for zone in sorted(available_timezones())}


@cache
def _cities() -> dict[str, str]:
    """Zones by their last part, where that is the name of one only."""
    from babel.core import get_global

    aliases = get_global("zone_aliases")
    areas = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
    cities: dict[str, set[str]] = {}
    for zone in available_timezones():
        if zone.startswith(areas):
            cities.setdefault(zone.rpartition("/")[2].casefold(), set()).add(zone)
    return {
        city: min(zones, key=lambda zone: (zone in aliases, len(zone)))
        for city, zones in cities.items()
        if len({aliases.get(zone, zone) for zone in zones}) == 1
    }
