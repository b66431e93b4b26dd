"""How often something repeats, as people write it and as they read it: rules of RFC 5545 without a start."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

from bot.intents.times.days import MONTH, MONTHS, WEEKDAY, WEEKDAYS

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WORKDAYS, _WEEKEND = ",".join(CODES[:5]), ",".join(CODES[5:])
_UNITS: Mapping[str, str] = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
# The most that may lie between two times, by unit: about a year.
_LARGEST: Mapping[str, int] = {"DAILY": 366, "WEEKLY": 53, "MONTHLY": 12, "YEARLY": 1}
_PLACES = {"1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth", "-1": "last"}

_SMALL = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_STEP = rf"(?:\d{{1,4}}|{_SMALL}|other|second|2nd|alternate) "
_NAMED = rf"(?:{WEEKDAY}s?|weekdays?|weekends?)"
_JOIN = r"(?:, and |, | and | & )"
_DAYS = rf"{_NAMED}(?:{_JOIN}{_NAMED})*"
_NTH = r"(?:first|second|third|fourth|fifth|last|\d{1,2}(?:st|nd|rd|th))"
_NTHS = rf"{_NTH}(?:{_JOIN}{_NTH})*"
_EACH = r"(?:every|each)"
_IN_MONTH = rf"{_NTHS}(?: (?:{WEEKDAY}|day))?"
_DATE = rf"(?:{MONTH} \d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {MONTH})"
# What the library reads rightly; of what it does not know, it drops words without a sign.
_READ = re.compile(
    rf"(?:daily|{_EACH} (?:{_STEP}|\d+(?:st|nd|rd|th) )?days?"
    rf"|(?:weekly|{_EACH} (?:{_STEP})?weeks?)(?: on (?:the )?{_DAYS})?"
    rf"|(?:{_EACH} |on )?(?:{_STEP})?{_DAYS}"
    rf"|(?:monthly|{_EACH} (?:{_STEP})?months?)(?: on (?:the )?{_IN_MONTH}(?P<shorter> or (?:the|its) last day)?)?"
    rf"|{_EACH} {_IN_MONTH} (?:of|in) (?:the|every|each|a) month"
    rf"|(?:yearly|{_EACH} year)(?: on (?:the )?{_DATE})?)"
)
_TOO_OFTEN = re.compile(
    rf"\b(?:hourly|{_EACH} (?:{_STEP})?(?:h|hrs?|hours?|m|mins?|minutes?|secs?|seconds|second(?! \w))\b"
    rf"|{_EACH} \d+(?:h|hrs?|m|mins?|s|secs?)\b|(?:twice|times) (?:a|per|every) day)"
)
_SAME = (
    (re.compile(r"^(?:repeats?|repeating|repeated|recurring|once)\b[:\s]*"), ""),
    (re.compile(r"\b(?:fortnightly|biweekly|bi-weekly|(?:every|each|a) fortnight)\b"), "every 2 weeks"),
    (re.compile(r"\b(?:quarterly|(?:every|each|a) quarter)\b"), "every 3 months"),
    (re.compile(r"\b(?:annually|(?:a|per) year)\b"), "yearly"),
    (re.compile(r"^(?:a|per) (?=(?:day|week|month)\b)"), "every "),
    (re.compile(rf"^{_EACH} (?:working|work|business) ?day\b"), "every weekday"),
    # "every first Monday" is one of a month; "every second Monday" is every other one.
    (re.compile(rf"^{_EACH} ((?:first|1st|third|3rd|fourth|4th|fifth|5th|last) {_NAMED})$"), r"every \1 of the month"),
    (re.compile(rf"^{_EACH} (\d{{1,2}}(?:st|nd|rd|th))$"), r"every \1 of the month"),
    (re.compile(rf"^(?:on )?(?:the )?({_IN_MONTH}) (?:of|in) (?:the|every|each|a) month$"), r"every \1 of the month"),
    (re.compile(rf"^(?:{_EACH} )(?:year on )?(?:the )?({_DATE})$"), r"every year on \1"),
)


class RuleError(ValueError):
    """How often it repeats is understood, and cannot be; one sentence says why."""


def check_often(text: str) -> None:
    """Raises RuleError where `text` (mended, with its time of day) asks for more than once a day."""
    if _TOO_OFTEN.search(text):
        raise RuleError("A poll can repeat once a day at most: write for example “daily at 9:00”.")


def read_rule(text: str, today: date) -> dict[str, str] | None:
    """The parts of the rule (FREQ, INTERVAL, BYDAY, ...) that `text` (mended, without a time of day) names.

    What repeats weekly, monthly or yearly without saying when does so on the weekday or the day of `today`. A day
    that not every month has, the 29th to the 31st, stands for the month's last where the month is shorter. None where
    `text` is no recurrence. Raises RuleError for less than once a year, and for a day that no month has.
    """
    for pattern, same in _SAME:
        text = pattern.sub(same, text)
    text = re.sub(r"(?<=[a-z])\.(?= |$|,)", "", text).strip(" ,")
    if not (match := _READ.fullmatch(text)):
        return None
    if match["shorter"]:
        text = text[: match.start("shorter")]
    text = re.sub(rf"(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({MONTH})$", r"\2 \1", text)
    rule = _parsed(text, today)
    return _completed(parts_of(rule), today) if rule else None


def _parsed(text: str, today: date) -> str | None:
    """What recurrent makes of `text`: a rule, or None."""
    from recurrent import RecurringEvent

    rule = RecurringEvent(now_date=datetime(today.year, today.month, today.day)).parse(text)
    return rule if isinstance(rule, str) and rule.startswith("RRULE:") else None


def parts_of(rule: str) -> dict[str, str]:
    """The parts of a rule: {"FREQ": "WEEKLY", "BYDAY": "MO"}."""
    return dict(part.split("=", 1) for part in rule.removeprefix("RRULE:").split(";") if "=" in part)


def _completed(parts: dict[str, str], today: date) -> dict[str, str]:
    """`parts` with the day that they leave out. Raises RuleError for days that no month has, and for years between."""
    frequency, interval = parts.get("FREQ", ""), int(parts.pop("INTERVAL", "1"))
    if not 1 <= interval <= _LARGEST[frequency]:
        raise RuleError("A poll can repeat once a year at least: write for example “every 3 months”.")
    if interval > 1:
        parts["INTERVAL"] = str(interval)
    if frequency == "WEEKLY" and "BYDAY" not in parts:
        parts["BYDAY"] = CODES[today.weekday()]
    if frequency in ("MONTHLY", "YEARLY") and not {"BYDAY", "BYMONTHDAY"} & parts.keys():
        parts["BYMONTHDAY"] = str(today.day)
    if frequency == "YEARLY" and "BYMONTH" not in parts:
        parts["BYMONTH"] = str(today.month)
    days = [int(day) for day in parts.get("BYMONTHDAY", "").split(",") if day]
    if any(not -1 <= day <= 31 or day == 0 for day in days):
        raise RuleError("No month has such a day: give one from the 1st to the 31st.")
    if frequency == "MONTHLY" and len(days) == 1 and days[0] > 28:
        # The last of these days that the month has.
        parts |= {"BYMONTHDAY": ",".join(map(str, range(28, days[0] + 1))), "BYSETPOS": "-1"}
    return parts


def repeating(rule: str) -> str:
    """How often a rule that was read here repeats: "every week on Monday at 09:00"."""
    parts = parts_of(rule)
    unit, interval = _UNITS[parts["FREQ"]], int(parts.get("INTERVAL", "1"))
    every = f"every {unit}" if interval == 1 else f"every {interval} {unit}s"
    days = parts.get("BYDAY", "")
    if (parts["FREQ"], interval, days) == ("WEEKLY", 1, _WORKDAYS):
        every = "every weekday"
    elif days:
        every = f"{every} on {_days(days.split(','))}"
    elif dates := parts.get("BYMONTHDAY"):
        every = f"{every} on {_dates(dates.split(','), parts)}"
    time = f" at {int(parts['BYHOUR']):02}:{int(parts.get('BYMINUTE', '0')):02}" if "BYHOUR" in parts else ""
    return every + time


def _days(codes: list[str]) -> str:
    """The names of weekdays, "MO"; or of one weekday of a month, "1MO" and "3MO"."""
    names = [WEEKDAYS[CODES.index(code[-2:])].capitalize() for code in codes]
    places = [_PLACES[code[:-2]] for code in codes if code[:-2]]
    return f"the {_listed(places)} {names[0]}" if places else _listed(names)


def _dates(dates: list[str], parts: Mapping[str, str]) -> str:
    """The days of a month, or the day of a year."""
    if "BYMONTH" in parts:
        return f"{dates[0]} {MONTHS[int(parts['BYMONTH']) - 1].capitalize()}"
    if "BYSETPOS" in parts:
        return f"the {_nth(dates[-1])} or the last day"
    return f"the {_listed(['last day' if day == '-1' else _nth(day) for day in dates])}"


def _nth(number: str) -> str:
    tens, ones = divmod(int(number), 10)
    return f"{number}{'th' if tens == 1 else {1: 'st', 2: 'nd', 3: 'rd'}.get(ones, 'th')}"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
