"""Durations, days and times of day as people write them: the pieces of deadlines and recurrences."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta
from functools import lru_cache

from bot.intents.amounts.numbers import plain

END_OF_DAY = 23 * 60 + 59
MIDNIGHT = 24 * 60
# Longer than any deadline may be; what is longer still is not computed.
LONGEST = timedelta(days=10 * 366)

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_UNITS = ("seconds", "minutes", "hours", "days", "weeks", "fortnight", "month", "year")
# The shortest word that may be a slip.
SHORTEST_MENDED = 4
# Words that are mended where one letter is wrong, missing, doubled, or has changed places.
_MENDED = (
    *WEEKDAYS,
    *MONTHS,
    *_UNITS,
    *("second", "minute", "weekday", "weekend", "months", "tomorrow", "tonight", "midnight", "every", "until"),
    *("today", "daily", "weekly", "monthly", "fortnightly"),
)
_LONG = tuple(word for word in _MENDED if len(word) > SHORTEST_MENDED)
# A word of the language that is one letter away from such a word, and means something else.
_RIGHT = frozenset(["dairy", "daisy", "delay", "gaily", "event", "ever", "very", "fever", "never", "hour", "week"])
# A day without a year passed by so many days ago is a mistake, and not the same day next year.
JUST_PASSED = 31

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400, "f": 14 * 86400}
_UNIT = (
    r"(?P<unit>s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?|fortnights?|(?:mo|months?)"
    r"|(?:y|yrs?|years?))"
)
_COUNTED = re.compile(rf"\s*(?P<count>\d{{1,9}}(?:\.\d{{1,6}})?)[\s-]*{_UNIT}(?![a-z])\s*")
_COUNT_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_COUNTS = {"a couple of": "2", **{word: str(count) for count, word in enumerate(_COUNT_WORDS, 1)}, "an": "1", "a": "1"}
_PARTS = {"half": "0.5", "a quarter of": "0.25", "3 quarters of": "0.75"}

_TIMES = re.compile(
    r"(?<![\w.:/-])(?:(?P<at>at|@)\s*)?(?:"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::00)?(?![\d:.])\s*(?P<half>[ap]\.?m\b\.?)?(?:\s?(?:h|o'?clock)\b)?"
    r"|(?P<dotted>\d{1,2})\.(?P<after>\d{2})(?![\d.])\s*(?P<dotted_half>[ap]\.?m\b\.?)?(?:\s?h\b)?"
    r"|(?P<hours>\d{1,2})\s?(?:(?P<hours_half>[ap]\.?m\b\.?)|h(?P<past>\d{2})?\b|o'?clock\b)"
    r"|(?P<bare>\d{1,2})(?![\w.:/-])"
    r"|(?P<word>noon|midday|midnight|eod|(?:the )?end of (?:the )?day|morning|evening)\b)"
)
_WORDS = {"noon": 12 * 60, "midday": 12 * 60, "midnight": MIDNIGHT, "morning": 9 * 60, "evening": 18 * 60}
_PARTS_OF_DAY = ("morning", "evening")
_HOURS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_PAST_OR_TO = re.compile(
    rf"\b(?:a )?(?P<part>half|quarter) (?P<side>past|to) (?P<hour>\d{{1,2}}(?![\d:.])"
    rf"|(?:{'|'.join(_HOURS)})\b|noon|midday)"
)

WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?"
MONTH = rf"(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|{'|'.join(MONTHS)})\.?"
_NUMBERED = r"(?P<{}>\d{{1,2}})(?:st|nd|rd|th)?"
_IN_NUMBERS = re.compile(
    r"(?:(?P<iso>\d{4})-(?P<iso_month>\d{1,2})-(?P<iso_day>\d{1,2})"
    r"|(?P<one>\d{1,2})(?P<mark>[./])(?P<other>\d{1,2})(?:(?P=mark)(?P<year>\d{4}|\d{2})?)?)"
)
_IN_WORDS = re.compile(
    rf"(?:the )?(?:{_NUMBERED.format('day')}(?: of)? (?P<month>{MONTH})|(?P<month_first>{MONTH}) (?:the )?"
    rf"{_NUMBERED.format('day_last')}),?(?: (?P<year>\d{{4}}))?"
)
_THE_WEEKDAY = re.compile(rf"(?:(?P<next>next)|this|coming|this coming|the)? ?(?P<name>{WEEKDAY})")
_WEEKDAY_BEFORE = re.compile(rf"(?P<name>{WEEKDAY}),? (?:the )?(?=\d|{MONTH} )")


class DayError(ValueError):
    """A day that cannot be meant; one sentence says why."""


def mended(text: str) -> str:
    """`text` in lower case with plain signs and single spaces; slips in names of days, months and units are mended."""
    lower = plain(text).lower()
    lower = re.sub(r"(?<=\d)t(?=\d\d:)", " ", lower)
    return " ".join(re.sub(rf"(?<![a-z])[a-z]{{{SHORTEST_MENDED},}}", lambda word: _mend(word[0]), lower).split())


@lru_cache(maxsize=4096)
def _mend(word: str) -> str:
    from rapidfuzz.distance import OSA

    if word in _MENDED or word in _RIGHT or word.removesuffix("s") in _MENDED:
        return word
    near = [known for known in _LONG if OSA.distance(word, known, score_cutoff=1) <= 1]
    return near[0] if len(near) == 1 else word


def read_duration(text: str, now: datetime) -> timedelta | None:
    """How long "2h", "90 minutes", "1h30m" or "half an hour" is; None where `text` is no duration.

    Months and years are those that begin at `now`. Nothing is longer than `LONGEST`.
    """
    from dateutil.relativedelta import relativedelta

    rest = _in_figures(mended(text))
    total, months, place = 0.0, 0, 0
    while match := _COUNTED.match(rest, place):
        count, unit, place = float(match["count"]), match["unit"], match.end()
        if unit.startswith(("mo", "y")):
            if not count.is_integer():
                return None
            months += int(count) * (12 if unit.startswith("y") else 1)
        else:
            total += count * _SECONDS[unit[0]]
    if not place or place < len(rest):
        return None
    if months * 28 > LONGEST.days or total > LONGEST.total_seconds():
        return LONGEST
    start = now.replace(tzinfo=None)
    try:
        ahead: timedelta = start + relativedelta(months=months) - start
    except (OverflowError, ValueError):
        return LONGEST
    return ahead + timedelta(seconds=round(total))


def _in_figures(text: str) -> str:
    """`text` with its counts in figures: "an hour and a half" -> "1.5 hour", "twenty minutes" -> "20 minutes"."""
    from text_to_num import alpha2digit

    text = str(alpha2digit(re.sub(r"^(?:for|in|within|after)\s+", "", text), "en"))
    text = re.sub(r"\b(\w+) (hour|day|week)s? and a half\b", r"\1.5 \2", text)
    text = re.sub(r"\b(\w+) and a half\b", r"\1.5", text)
    text = re.sub(rf"\b({'|'.join(_PARTS)})(?: an?)?\b", lambda part: _PARTS[part[1]], text)
    text = re.sub(rf"\b(?:{'|'.join(_COUNTS)})\b", lambda word: _COUNTS[word[0]], text)
    text = re.sub(r"(?<=\d),(?=\d)", ".", text)
    text = re.sub(r"^(?:another|the next) ", "", re.sub(r"^(?:another|the next) (?!\d)", "1 ", text))
    # "2h30" ends in minutes.
    text = re.sub(r"(?<=\dh)(\d{1,2})$", r"\1m", text)
    return re.sub(r"(?<=[a-z])(?:,| and) (?=\d)", " ", text)


def split_time(text: str) -> tuple[str, int | None]:
    """`text` (mended) without its time of day, and that time in minutes since midnight, 1440 for midnight itself.

    None where it has none. Raises DayError where it has two, or one that no clock shows.
    """
    text = _PAST_OR_TO.sub(_on_the_clock, text)
    found = [match for match in _TIMES.finditer(text) if _is_time(match)]
    vague = [match for match in found if match["word"] in _PARTS_OF_DAY]
    exact = [match for match in found if match not in vague]
    if not found:
        return text, None
    if len(exact or vague) > 1:
        raise DayError("I see two times of day there: give one.")
    minutes = _minutes((exact or vague)[0])
    rest = text
    for match in reversed(found):
        rest = f"{rest[: match.start()]} {rest[match.end() :]}"
    if exact and minutes < 12 * 60 and ("tonight" in rest or "evening" in [match["word"] for match in vague]):
        minutes += 12 * 60
    # "at 7 in the evening", "this evening"
    rest = re.sub(r"\b(?:in the|this)(?= *$| +on )|\bat(?= *$)", " ", rest) if vague else rest
    return " ".join(rest.split()).strip(" ,"), minutes


def _on_the_clock(match: re.Match[str]) -> str:
    """ "half past twelve" as "12:30", "quarter to 5" as "4:45"; "half to" is nothing that people say."""
    said = match["hour"]
    hour = int(said) if said.isdigit() else _HOURS.index(said) + 1 if said in _HOURS else 12
    if match["side"] == "past":
        return f"{hour}:{30 if match['part'] == 'half' else 15}"
    return match[0] if match["part"] == "half" or not hour else f"{hour - 1 or 12}:45"


def _is_time(match: re.Match[str]) -> bool:
    if match["bare"]:
        return match["at"] is not None
    if match["dotted"]:
        # "24.12" is a day, "17.00" and "at 9.05" are times.
        return bool(match["at"] or match["dotted_half"]) or not 1 <= int(match["after"]) <= 12
    return True


def _minutes(match: re.Match[str]) -> int:
    """The time at `match`. Raises DayError for one that no clock shows."""
    if word := match["word"]:
        return _WORDS.get(word, END_OF_DAY)
    hour = int(match["hour"] or match["dotted"] or match["hours"] or match["bare"])
    minute = int(match["minute"] or match["after"] or match["past"] or 0)
    half = match["half"] or match["dotted_half"] or match["hours_half"]
    if minute > 59 or hour > 24 or (hour == 24 and minute) or (half and not 1 <= hour <= 12):
        raise DayError("No clock shows that time: write for example “17:00” or “5pm”.")
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return hour * 60 + minute


def read_day(text: str, today: date) -> tuple[date, int] | None:
    """The day that `text` (mended, without a time of day) names, and by how many days it moves on where it has passed.

    Nothing at all is today, or tomorrow where that has passed (1); "friday" may be today, or in a week (7); "next
    friday" is never today; a date without a year is the next such day. None where `text` is no day. Raises DayError.
    """
    text = re.sub(r"^on\b|\bon$", "", text).strip(" ,")
    if not text:
        return today, 1
    if text in ("today", "tonight"):
        return today, 0
    if text == "tomorrow":
        return today + timedelta(days=1), 0
    if text == "the day after tomorrow":
        return today + timedelta(days=2), 0
    if re.fullmatch(r"(?:the )?end of (?:the|this) month", text):
        return today.replace(day=monthrange(today.year, today.month)[1]), 0
    if match := _THE_WEEKDAY.fullmatch(text):
        day = _named(match["name"], today)
        return (day + timedelta(days=7) if match["next"] and day == today else day), 0 if match["next"] else 7
    weekday = _WEEKDAY_BEFORE.match(text)
    found = _dated(text[weekday.end() :] if weekday else text, today)
    if found and weekday and found.weekday() != _named(weekday["name"], today).weekday():
        right = WEEKDAYS[found.weekday()].capitalize()
        raise DayError(f"That day is a {right}: give the date alone, or another weekday.")
    return (found, 0) if found else None


def _named(weekday: str, today: date) -> date:
    """The next day of that name, today included."""
    found = _parsed(weekday, today)
    assert found is not None
    return found


def _dated(text: str, today: date) -> date | None:
    """The day of a date in figures or words, the next one where it has no year.

    Raises DayError for one that the calendar lacks, that can be read in two ways, or that has just passed.
    """
    if match := _IN_WORDS.fullmatch(text):
        year, number = match["year"] or "", match["day"] or match["day_last"]
        month = match["month"] or match["month_first"]
        found = _parsed(f"{number} {month.rstrip('.')} {year}".strip(), today)
        if found is None:
            raise DayError("The calendar has no such day: give another one.")
        return found if year else _coming(found, today)
    if not (match := _IN_NUMBERS.fullmatch(text)):
        return None
    if match["iso"]:
        return _of(int(match["iso"]), int(match["iso_month"]), int(match["iso_day"]))
    day, month = int(match["one"]), int(match["other"])
    if match["mark"] == "/" and day != month and (day <= 12 or month > 12):
        if month <= 12:
            raise DayError("That date can be read in two ways: write the month as a word, for example “3 April”.")
        day, month = month, day
    if match["year"]:
        year = int(match["year"])
        return _of(year if year > 99 else 2000 + year, month, day)
    found = _of(today.year, month, day) if (month, day) != (2, 29) else _of(2000, month, day)
    coming = _parsed(f"{found.day} {MONTHS[found.month - 1]}", today)
    return _coming(coming, today) if coming else None


def _coming(day: date, today: date) -> date:
    """A day that was given without a year. Raises DayError where it has just passed: hardly anybody means next year."""
    if (day - today).days > 366 - JUST_PASSED:
        raise DayError("That day has passed, or is more than a year away: give another one, with its year.")
    return day


def _of(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise DayError("The calendar has no such day: give another one.") from error


def _parsed(text: str, today: date) -> date | None:
    """What dateparser makes of a weekday or a date: the next one, today included."""
    import dateparser

    yesterday = datetime(today.year, today.month, today.day) - timedelta(days=1)
    found = dateparser.parse(
        text,
        languages=["en"],
        settings={
            "DATE_ORDER": "DMY",
            "PARSERS": ["absolute-time"],
            "PREFER_DATES_FROM": "future",
            "RELATIVE_BASE": yesterday,
        },
    )
    return found.date() if found else None
