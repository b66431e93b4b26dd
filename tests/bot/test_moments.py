"""Moments: deadlines and recurrences as people write them, in the wall clock of a time zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil.rrule import rrulestr
from hypothesis import example, given
from hypothesis import strategies as st

from bot.intents.times.days import read_duration
from bot.intents.times.moments import (
    FARTHEST,
    SHORTEST,
    MomentError,
    first_occurrence,
    in_words,
    known_zone,
    lasting,
    next_occurrence,
    read_deadline,
    read_recurrence,
    repeating,
)
from tests.naughty import NAUGHTY

BERLIN = "Europe/Berlin"
# The libraries are loaded in whichever example is the first.
# A Wednesday, 15:20 in Berlin.
NOW = datetime(2026, 11, 25, 14, 20, 33, tzinfo=UTC)
ZONES = ["UTC", BERLIN, "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia"]

MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
Read = TypeVar("Read")
PIECES = [
    *["for", "until", "in", "by", "at", "on", "every", "each", "next", "last", "of", "the", "and", "a", "half", "two"],
    *["monday", "fri", "tomorow", "tonight", "weekday", "day", "week", "month", "year", "hour", "2h", "1h30m", "90"],
    *["17:00", "5pm", "9.30", "24.12.", "31/2", "2026-12-24", "25:00", "midnight", "eod", "first", "31st", "february"],
    *["29", "0", "999999999", "daily", "weekly", "other", "(Europe/Berlin)", "UTC", ",", ":", "-", ".", "/"],
]
WORDS = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=7).map(" ".join))


def berlin(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(BERLIN))


def deadline(text: str, now: datetime = NOW, zone: str = BERLIN) -> timedelta | datetime:
    return read_deadline(text, now, zone)


def read_or_told(
    read: Callable[[str, datetime, str], Read], text: str, now: datetime = NOW, zone: str = BERLIN
) -> Read | str:
    """What is read, or the sentence that is told instead."""
    try:
        return read(text, now, zone)
    except MomentError as error:
        return str(error)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("for 2h", 120),
        ("2h", 120),
        ("2 hours", 120),
        ("two hours", 120),
        ("for 2 horus", 120),
        ("90 minutes", 90),
        ("90min", 90),
        ("1h30m", 90),
        ("1h30", 90),
        ("1 hour and 30 minutes", 90),
        ("1.5 hours", 90),
        ("1,5h", 90),
        ("an hour and a half", 90),
        ("two and a half hours", 150),
        ("half an hour", 30),
        ("2 hours and a half", 150),
        ("three quarters of an hour", 45),
        ("another hour", 60),
        ("another 20 minutes", 20),
        ("a quarter of an hour", 15),
        ("twenty-four hours", 24 * 60),
        ("in 3 days", 3 * 24 * 60),
        ("within 3 days", 3 * 24 * 60),
        ("a couple of days", 2 * 24 * 60),
        ("for the next week", 7 * 24 * 60),
        ("a fortnight", 14 * 24 * 60),
        ("2 weeks, 3 days", 17 * 24 * 60),
        ("for one month", 30 * 24 * 60),
        ("a year", 365 * 24 * 60),
        ("366 days", 366 * 24 * 60),
        ("closes in 45 minutes", 45),
        ("90 seconds", 1.5),
        ("FOR 2H", 120),
        ("for\u00a02\u200ahours", 120),
        ("for \uff12 hours", 120),
    ],
)
def test_durations(text: str, minutes: float) -> None:
    assert deadline(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("until Friday 17:00", (2026, 11, 27, 17, 0)),
        ("until Friday", (2026, 11, 27, 23, 59)),
        ("till fri 17h", (2026, 11, 27, 17, 0)),
        ("by fri. 17.00", (2026, 11, 27, 17, 0)),
        ("Friday 5pm", (2026, 11, 27, 17, 0)),
        ("Friday 5 p.m.", (2026, 11, 27, 17, 0)),
        ("Friday at 5", (2026, 11, 27, 5, 0)),
        ("friday 5 o'clock", (2026, 11, 27, 5, 0)),
        ("5pm on Friday", (2026, 11, 27, 17, 0)),
        ("closes on Friday at 17:00", (2026, 11, 27, 17, 0)),
        ("this coming friday noon", (2026, 11, 27, 12, 0)),
        ("friday, 12am", (2026, 11, 27, 0, 0)),
        ("friday midnight", (2026, 11, 28, 0, 0)),
        ("friday 24:00", (2026, 11, 28, 0, 0)),
        ("friday evening", (2026, 11, 27, 18, 0)),
        ("friday at 7 in the evening", (2026, 11, 27, 19, 0)),
        ("tomorrow noon", (2026, 11, 26, 12, 0)),
        ("tomorow", (2026, 11, 26, 23, 59)),
        ("tomorrow morning at 10", (2026, 11, 26, 10, 0)),
        ("this evening at 8", (2026, 11, 25, 20, 0)),
        ("at 7 in the evening on friday", (2026, 11, 27, 19, 0)),
        ("friday at 9 in the morning", (2026, 11, 27, 9, 0)),
        ("tomorrow morning", (2026, 11, 26, 9, 0)),
        ("the day after tomorrow", (2026, 11, 27, 23, 59)),
        ("satruday noon", (2026, 11, 28, 12, 0)),
        ("eod", (2026, 11, 25, 23, 59)),
        ("end of the day", (2026, 11, 25, 23, 59)),
        ("eod friday", (2026, 11, 27, 23, 59)),
        ("today", (2026, 11, 25, 23, 59)),
        ("tonight", (2026, 11, 25, 23, 59)),
        ("tonight at 8", (2026, 11, 25, 20, 0)),
        ("midnight", (2026, 11, 26, 0, 0)),
        ("until the end of the month", (2026, 11, 30, 23, 59)),
        ("17:00", (2026, 11, 25, 17, 0)),
        ("until 17:00:00", (2026, 11, 25, 17, 0)),
        # A time that has passed today means tomorrow.
        ("9:00", (2026, 11, 26, 9, 0)),
        ("noon", (2026, 11, 26, 12, 0)),
        # A weekday may be today.
        ("wednesday", (2026, 11, 25, 23, 59)),
        ("wednesday 18:00", (2026, 11, 25, 18, 0)),
        ("wednesday 12:00", (2026, 12, 2, 12, 0)),
        ("next wednesday", (2026, 12, 2, 23, 59)),
        ("next Monday", (2026, 11, 30, 23, 59)),
        ("2026-12-24 12:00", (2026, 12, 24, 12, 0)),
        ("2026-12-24T12:00", (2026, 12, 24, 12, 0)),
        ("24.12. 12:00", (2026, 12, 24, 12, 0)),
        ("24.12", (2026, 12, 24, 23, 59)),
        ("24.12.26", (2026, 12, 24, 23, 59)),
        ("24/12/2026 9am", (2026, 12, 24, 9, 0)),
        ("12/24", (2026, 12, 24, 23, 59)),
        ("4/4", (2027, 4, 4, 23, 59)),
        ("Dec 24", (2026, 12, 24, 23, 59)),
        ("the 24th of December, 12:00", (2026, 12, 24, 12, 0)),
        ("24 decemebr 2026", (2026, 12, 24, 23, 59)),
        ("Thursday 24 December at 9.05", (2026, 12, 24, 9, 5)),
        ("3 January", (2027, 1, 3, 23, 59)),
        ("25 November", (2026, 11, 25, 23, 59)),
        ("Fri 27 Nov 2026, 17:00 (Europe/Berlin)", (2026, 11, 27, 17, 0)),
        ("17:00 UTC", (2026, 11, 25, 18, 0)),
        ("17:00 New York", (2026, 11, 25, 23, 0)),
        # Of a time that comes twice, the first.
        ("31 October 2027 2:30", (2027, 10, 31, 2, 30)),
    ],
)
def test_moments(text: str, moment: tuple[int, ...]) -> None:
    found = deadline(text)
    assert isinstance(found, datetime)
    assert found.astimezone(UTC) == berlin(*moment).astimezone(UTC)


def test_a_time_that_comes_twice_is_the_first() -> None:
    found = deadline("31 October 2027 2:30")
    assert isinstance(found, datetime)
    assert found.utcoffset() == timedelta(hours=2)


@pytest.mark.parametrize("text", ["17:00", "until friday", "tomorrow noon"])
def test_the_zone_tells_which_moment_is_meant(text: str) -> None:
    here, there = deadline(text, zone=BERLIN), deadline(text, zone="America/New_York")
    assert isinstance(here, datetime)
    assert isinstance(there, datetime)
    assert there.astimezone(UTC) - here.astimezone(UTC) == timedelta(hours=6)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "“for 2h” or “until Friday 17:00”"),
        ("soon", "I do not understand when"),
        ("christmas", "I do not understand when"),
        ("for everybody", "I do not understand when"),
        ("for friday", "I do not understand when"),
        ("until", "I do not understand when"),
        ("17", "I do not understand when"),
        ("-2h", "I do not understand when"),
        ("17:00 Nowhere", "I do not understand when"),
        ("yesterday", "That time has passed"),
        ("0 minutes", "has passed"),
        ("2026-11-24 12:00", "has passed"),
        ("0001-01-01", "has passed"),
        ("today 9:00", "has passed"),
        ("24 November", "has passed"),
        ("24.11.", "has passed"),
        ("in 400 days", "more than a year ahead"),
        ("367 days", "more than a year ahead"),
        ("999999999 weeks", "more than a year ahead"),
        ("99999999 years", "more than a year ahead"),
        ("2027-12-24", "more than a year ahead"),
        ("9999-12-31 23:59", "more than a year ahead"),
        ("10s", "less than a minute"),
        ("59 seconds", "less than a minute"),
        ("15:20", "less than a minute"),
        ("31.2.", "The calendar has no such day"),
        ("30 February 17:00", "The calendar has no such day"),
        ("2027-02-29", "The calendar has no such day"),
        ("3/4", "two ways"),
        ("Friday 26 November", "That day is a Thursday"),
        ("friday 25:00", "No clock shows that time"),
        ("friday 17:75", "No clock shows that time"),
        ("13pm", "No clock shows that time"),
        ("friday 9:00 17:00", "two times of day"),
    ],
)
def test_what_is_no_deadline_gets_one_sentence(text: str, sentence: str) -> None:
    now = NOW.replace(minute=19, second=30)
    with pytest.raises(MomentError) as raised:
        deadline(text, now)
    assert sentence in str(raised.value)
    assert str(raised.value).endswith(".")


def test_a_time_that_the_clocks_skip_is_named_with_the_first_one_after_it() -> None:
    with pytest.raises(MomentError) as raised:
        deadline("28 March 2027 2:30")
    assert str(raised.value) == (
        "There is no 02:30 in Europe/Berlin on Sunday 28 March: the clocks are set forward. The first time after it is "
        "03:00."
    )


def test_the_end_of_a_day_without_midnight_is_no_gap() -> None:
    # Cairo's clocks jump from 0:00 to 1:00 on 30 April 2027.
    with pytest.raises(MomentError, match="no 00:00 in Africa/Cairo on Friday 30 April"):
        deadline("29 April 2027 midnight", zone="Africa/Cairo")
    found = deadline("29 April 2027", zone="Africa/Cairo")
    assert isinstance(found, datetime)
    assert (found.hour, found.minute) == (23, 59)


@given(WORDS, MOMENTS, st.sampled_from(ZONES))
@example("midnight", datetime(2027, 12, 31, 23, 59, tzinfo=UTC), "UTC")
def test_whatever_is_typed_gives_a_deadline_ahead_or_a_sentence(text: str, now: datetime, zone: str) -> None:
    found = read_or_told(read_deadline, text, now, zone)
    if isinstance(found, str):
        assert found.endswith(".")
        return
    ahead = found if isinstance(found, timedelta) else found.astimezone(UTC) - now
    assert SHORTEST <= ahead <= FARTHEST


@given(WORDS, MOMENTS, st.sampled_from(ZONES))
def test_whatever_is_typed_gives_a_recurrence_or_a_sentence(text: str, now: datetime, zone: str) -> None:
    found = read_or_told(read_recurrence, text, now, zone)
    if isinstance(found, str):
        assert found.endswith(".")
        return
    assert found.first.astimezone(UTC) > now
    assert read_recurrence(repeating(found.rule), now, zone) == found


def test_naughty_strings_give_a_sentence() -> None:
    for text in NAUGHTY:
        # "1.00" and "0.00" are times of day.
        told = read_or_told(read_deadline, text)
        assert isinstance(told, datetime) if text in ("0.00", "1.00") else str(told).endswith("."), text
        assert str(read_or_told(read_recurrence, text)).endswith("."), text


def test_a_long_text_is_read_to_its_end() -> None:
    # Where time grows with the square of the length, the time limit ends this.
    for text in ("every " * 800, "1" * 5000, "1:" * 2500, "a and " * 800, "until friday " * 400, "2w" * 2500):
        for read in (read_deadline, read_recurrence):
            assert isinstance(read_or_told(read, text), str), text[:20]


@given(st.integers(60, 366 * 86400 - 1).map(lambda seconds: timedelta(seconds=seconds)))
def test_a_duration_in_words_is_read_as_it_was(duration: timedelta) -> None:
    assert deadline(f"for {lasting(duration)}") == duration


@given(MOMENTS, st.sampled_from(sorted(available_timezones())))
def test_a_moment_in_words_is_read_as_it_was(now: datetime, zone: str) -> None:
    moment = now.replace(second=0) + timedelta(days=50)
    if moment.astimezone(ZoneInfo(zone)).fold or zone in ("Factory", "localtime"):
        return
    found = read_deadline(f"until {in_words(moment, zone)}", now, "Asia/Tokyo")
    assert isinstance(found, datetime)
    assert found.astimezone(UTC) == moment.replace(microsecond=0)


@pytest.mark.parametrize(
    ("text", "rule", "first"),
    [
        ("every Monday at 9:00", "FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0", (2026, 11, 30, 9, 0)),
        ("every monday 9am", "FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0", (2026, 11, 30, 9, 0)),
        ("at 9 every monday", "FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0", (2026, 11, 30, 9, 0)),
        ("evry mondya at 9", "FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0", (2026, 11, 30, 9, 0)),
        ("mondays at 9", "FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0", (2026, 11, 30, 9, 0)),
        ("repeat every mon. 21h", "FREQ=WEEKLY;BYDAY=MO;BYHOUR=21;BYMINUTE=0", (2026, 11, 30, 21, 0)),
        ("daily at 10", "FREQ=DAILY;BYHOUR=10;BYMINUTE=0", (2026, 11, 26, 10, 0)),
        ("every day at 17:00", "FREQ=DAILY;BYHOUR=17;BYMINUTE=0", (2026, 11, 25, 17, 0)),
        ("once a day at noon", "FREQ=DAILY;BYHOUR=12;BYMINUTE=0", (2026, 11, 26, 12, 0)),
        ("every 3 days at 8", "FREQ=DAILY;INTERVAL=3;BYHOUR=8;BYMINUTE=0", (2026, 11, 26, 8, 0)),
        ("every other day at 8", "FREQ=DAILY;INTERVAL=2;BYHOUR=8;BYMINUTE=0", (2026, 11, 26, 8, 0)),
        # Without a time of day or a day, those of now.
        ("daily", "FREQ=DAILY;BYHOUR=15;BYMINUTE=20", (2026, 11, 26, 15, 20)),
        ("weekly", "FREQ=WEEKLY;BYDAY=WE;BYHOUR=15;BYMINUTE=20", (2026, 12, 2, 15, 20)),
        ("once a week at 16:00", "FREQ=WEEKLY;BYDAY=WE;BYHOUR=16;BYMINUTE=0", (2026, 11, 25, 16, 0)),
        ("monthly", "FREQ=MONTHLY;BYMONTHDAY=25;BYHOUR=15;BYMINUTE=20", (2026, 12, 25, 15, 20)),
        ("quarterly", "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=25;BYHOUR=15;BYMINUTE=20", (2026, 12, 25, 15, 20)),
        ("yearly", "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=25;BYHOUR=15;BYMINUTE=20", (2027, 11, 25, 15, 20)),
        ("every two weeks on Friday 17:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR;BYHOUR=17;BYMINUTE=0", (2026, 11, 27, 17)),
        ("every other friday 17:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR;BYHOUR=17;BYMINUTE=0", (2026, 11, 27, 17)),
        ("every second friday 17:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR;BYHOUR=17;BYMINUTE=0", (2026, 11, 27, 17)),
        ("fortnightly on tue 8am", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;BYHOUR=8;BYMINUTE=0", (2026, 12, 1, 8, 0)),
        ("every weekday at 9", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=9;BYMINUTE=0", (2026, 11, 26, 9, 0)),
        ("every working day at 9", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=9;BYMINUTE=0", (2026, 11, 26, 9, 0)),
        ("every weekend at 9", "FREQ=WEEKLY;BYDAY=SA,SU;BYHOUR=9;BYMINUTE=0", (2026, 11, 28, 9, 0)),
        ("every mon, wed and fri 8:15", "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYHOUR=8;BYMINUTE=15", (2026, 11, 27, 8, 15)),
        ("every first monday of the month at 10:00", "FREQ=MONTHLY;BYDAY=1MO;BYHOUR=10;BYMINUTE=0", (2026, 12, 7, 10)),
        ("every first monday at 10", "FREQ=MONTHLY;BYDAY=1MO;BYHOUR=10;BYMINUTE=0", (2026, 12, 7, 10, 0)),
        ("every second monday of the month 10:00", "FREQ=MONTHLY;BYDAY=2MO;BYHOUR=10;BYMINUTE=0", (2026, 12, 14, 10)),
        ("on the last friday of each month, 9h", "FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=9;BYMINUTE=0", (2026, 11, 27, 9, 0)),
        (
            "first and third monday of the month 9:00",
            "FREQ=MONTHLY;BYDAY=1MO,3MO;BYHOUR=9;BYMINUTE=0",
            (2026, 12, 7, 9),
        ),
        ("every 15th at 9:00", "FREQ=MONTHLY;BYMONTHDAY=15;BYHOUR=9;BYMINUTE=0", (2026, 12, 15, 9, 0)),
        ("monthly on the 1st and 15th at 9", "FREQ=MONTHLY;BYMONTHDAY=1,15;BYHOUR=9;BYMINUTE=0", (2026, 12, 1, 9, 0)),
        ("last day of the month at 9", "FREQ=MONTHLY;BYMONTHDAY=-1;BYHOUR=9;BYMINUTE=0", (2026, 11, 30, 9, 0)),
        ("every 24 december at 9", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24;BYHOUR=9;BYMINUTE=0", (2026, 12, 24, 9, 0)),
        ("each year on Dec 24th 9:00", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24;BYHOUR=9;BYMINUTE=0", (2026, 12, 24, 9)),
        ("every february 29 at 9", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYHOUR=9;BYMINUTE=0", (2028, 2, 29, 9, 0)),
        # A day that a month lacks is its last.
        (
            "monthly on the 31st at 9",
            "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1;BYHOUR=9;BYMINUTE=0",
            (2026, 11, 30, 9),
        ),
    ],
)
def test_recurrences(text: str, rule: str, first: tuple[int, ...]) -> None:
    found = read_recurrence(text, NOW, BERLIN)
    assert found.rule == rule
    year, month, day, hour, *minute = first
    assert found.first == berlin(year, month, day, hour, *minute)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "“every Monday at 9:00” or “every two weeks on Friday”"),
        ("every", "I do not understand how often"),
        ("every so often", "I do not understand how often"),
        ("monday", "I do not understand how often"),
        ("every monday until christmas", "I do not understand how often"),
        ("every monday except 24 december", "I do not understand how often"),
        ("every tuesday at half to nine", "I do not understand how often"),
        ("hourly", "once a day at most"),
        ("every hour", "once a day at most"),
        ("every 5 minutes", "once a day at most"),
        ("every 3h", "once a day at most"),
        ("every second", "once a day at most"),
        ("twice a day", "once a day at most"),
        ("every day at 9:00 and 17:00", "two times of day"),
        ("every 0 days", "once a year at least"),
        ("every 99 weeks", "once a year at least"),
        ("every 31st of february", "That day never comes"),
        ("every 30 february at 9", "That day never comes"),
        ("monthly on the 32nd", "No month has such a day"),
        ("every friday at 25:00", "No clock shows that time"),
        ("every friday at midnight", "write “0:00” or “23:59”"),
    ],
)
def test_what_is_no_recurrence_gets_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(MomentError) as raised:
        read_recurrence(text, NOW, BERLIN)
    assert sentence in str(raised.value)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=WEEKLY;BYDAY=MO;BYHOUR=9;BYMINUTE=0", "every week on Monday at 09:00"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;BYHOUR=9;BYMINUTE=5", "every 2 weeks on Monday and Friday at 09:05"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=9;BYMINUTE=0", "every weekday at 09:00"),
        ("FREQ=DAILY;BYHOUR=17;BYMINUTE=30", "every day at 17:30"),
        ("FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=9;BYMINUTE=0", "every month on the last Friday at 09:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,22,-1;BYHOUR=9;BYMINUTE=0", "every month on the 1st, 22nd and last day at 09:00"),
        (
            "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1;BYHOUR=9;BYMINUTE=0",
            "every month on the 30th or the last day at 09:00",
        ),
        ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24;BYHOUR=9;BYMINUTE=0", "every year on 24 December at 09:00"),
    ],
)
def test_rules_in_words(rule: str, said: str) -> None:
    assert repeating(rule) == said


def test_nine_stays_nine_as_clocks_change() -> None:
    found = read_recurrence("daily at 9:00", berlin(2027, 3, 26, 12), BERLIN)
    moments = [found.first]
    for _ in range(3):
        following = next_occurrence(found.rule, found.first, moments[-1], BERLIN)
        assert following is not None
        moments.append(following)
    assert [moment.hour for moment in moments] == [9, 9, 9, 9]
    gaps = [after.astimezone(UTC) - before.astimezone(UTC) for before, after in pairwise(moments)]
    assert gaps == [timedelta(hours=23), timedelta(hours=24), timedelta(hours=24)]


def test_a_time_that_the_clocks_skip_moves_on_for_that_day_alone() -> None:
    found = read_recurrence("daily at 2:30", berlin(2027, 3, 26, 12), BERLIN)
    assert found.first == berlin(2027, 3, 27, 2, 30)
    gap = next_occurrence(found.rule, found.first, found.first, BERLIN)
    assert gap is not None
    assert (gap.day, gap.hour, gap.minute) == (28, 3, 0)
    assert next_occurrence(found.rule, found.first, gap, BERLIN) == berlin(2027, 3, 29, 2, 30)
    beginning = read_recurrence("daily at 2:30", berlin(2027, 3, 27, 12), BERLIN)
    assert (beginning.first.day, beginning.first.hour) == (28, 3)
    assert next_occurrence(beginning.rule, beginning.first, berlin(2027, 3, 1), BERLIN) == beginning.first
    assert next_occurrence(beginning.rule, beginning.first, beginning.first, BERLIN) == berlin(2027, 3, 29, 2, 30)


def test_a_time_that_comes_twice_occurs_once() -> None:
    found = read_recurrence("daily at 2:30", berlin(2027, 10, 30, 12), BERLIN)
    assert found.first.utcoffset() == timedelta(hours=2)
    assert next_occurrence(found.rule, found.first, found.first, BERLIN) == berlin(2027, 11, 1, 2, 30)


def test_weeks_are_counted_from_the_first_time() -> None:
    found = read_recurrence("every two weeks on Friday 17:00", NOW, BERLIN)
    assert next_occurrence(found.rule, found.first, found.first, BERLIN) == berlin(2026, 12, 11, 17)
    assert next_occurrence(found.rule, found.first, berlin(2027, 6, 1), BERLIN) == berlin(2027, 6, 11, 17)


def test_a_rule_that_was_kept_begins_with_its_nearest_time() -> None:
    found = read_recurrence("every two weeks on Friday 17:00", NOW, BERLIN)
    assert first_occurrence(found.rule, NOW, BERLIN) == found.first
    assert first_occurrence(found.rule, berlin(2027, 2, 1), BERLIN) == berlin(2027, 2, 5, 17)
    assert first_occurrence("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", NOW, BERLIN) is None


RULES = st.sampled_from(
    [
        *["daily at 2:30", "every 3 days at 1:00", "weekly at 0:00", "every 2 weeks on monday and sunday at 2:15"],
        *["monthly on the 31st at 3:00", "every last sunday of the month at 2:30", "every weekday at 23:59", "yearly"],
    ]
)


@given(RULES, MOMENTS, st.timedeltas(timedelta(days=-30), timedelta(days=1200)), st.sampled_from(ZONES))
def test_the_next_occurrence_is_the_first_that_comes(text: str, now: datetime, later: timedelta, zone: str) -> None:
    recurrence = read_recurrence(text, now, zone)
    rule, first, after = recurrence.rule, recurrence.first, now + later
    following = next_occurrence(rule, first, after, zone)
    assert following is not None
    assert following.astimezone(UTC) > after
    # None lies between: what comes next of any moment before it is not later.
    before = following.astimezone(UTC) - timedelta(microseconds=1)
    assert next_occurrence(rule, first, max(before, after), zone) == following
    wall = following.replace(tzinfo=None, fold=0)
    if wall in rrulestr(rule, dtstart=first.replace(tzinfo=None, fold=0)):
        assert following.fold == 0
    else:
        # Only what the clocks skip is moved, to the first time after it.
        earlier = following.astimezone(UTC) - timedelta(minutes=1)
        assert earlier.astimezone(ZoneInfo(zone)).replace(tzinfo=None) + timedelta(minutes=1) < wall


@pytest.mark.parametrize(
    ("moment", "now", "said"),
    [
        (berlin(2026, 11, 27, 17), NOW, "Fri 27 Nov, 17:00 (Europe/Berlin)"),
        (berlin(2027, 1, 3, 9, 5), NOW, "Sun 3 Jan 2027, 09:05 (Europe/Berlin)"),
        (berlin(2026, 11, 27, 17), None, "Fri 27 Nov 2026, 17:00 (Europe/Berlin)"),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), NOW, "Fri 1 Jan 2027, 00:30 (Europe/Berlin)"),
    ],
)
def test_moments_in_words(moment: datetime, now: datetime | None, said: str) -> None:
    assert in_words(moment, BERLIN, now) == said


@pytest.mark.parametrize(
    ("duration", "said"),
    [
        (timedelta(hours=2), "2 hours"),
        (timedelta(minutes=90), "1 hour 30 minutes"),
        (timedelta(days=3), "3 days"),
        (timedelta(days=1, hours=1, minutes=1, seconds=1.9), "1 day 1 hour 1 minute 1 second"),
        (timedelta(), "0 seconds"),
    ],
)
def test_durations_in_words(duration: timedelta, said: str) -> None:
    assert lasting(duration) == said


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("berlin", BERLIN),
        ("EUROPE/BERLIN", BERLIN),
        ("New York", "America/New_York"),
        ("america/new_york", "America/New_York"),
        ("kolkata", "Asia/Kolkata"),
        ("utc", "UTC"),
        ("CET", "CET"),
        ("central", None),
        ("PST", None),
        ("Atlantis", None),
        ("", None),
        ("../../etc/passwd", None),
    ],
)
def test_zones_by_what_people_call_them(name: str, zone: str | None) -> None:
    assert known_zone(name) == zone


@given(st.sampled_from(sorted(available_timezones())))
def test_every_zone_is_known_by_its_name(zone: str) -> None:
    assert known_zone(zone.lower()) == zone


@given(WORDS, MOMENTS)
def test_whatever_is_typed_gives_a_duration_or_none(text: str, now: datetime) -> None:
    found = read_duration(text, now)
    assert found is None or found >= timedelta()
