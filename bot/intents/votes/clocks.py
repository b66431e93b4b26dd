"""Numbers, times of day, weekdays and months in options, and as people say them: "2pm", "half nine", "tue", "1k"."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping, Sequence

from bot.intents.amounts.numbers import in_digits
from bot.intents.votes.spoken import LISTS

HALF_A_DAY = 12 * 60
_TIME = re.compile(r"(?P<hour>[01]?\d|2[0-4])(?:[:.h](?P<minute>[0-5]\d))?(?P<half>[ap]m)?")
_NUMBER = re.compile(r"(?P<whole>\d{1,3}(?:[.,]\d{3})+|\d{1,9})(?:[.,:](?P<rest>\d{1,9}))?(?P<scale>[km]?)%?")
_SCALES = {"": 1, "k": 1_000, "m": 1_000_000}
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)")
# A number as `in_digits` writes it, and cents behind a whole one.
_VALUE, _CENTS = re.compile(r"\d+(?:\.\d+)?(?:e\d+)?"), re.compile(r"[2-9]\d")
# A number in words has so many at most: "one hundred and twenty five thousand".
_WORDS_OF_A_NUMBER = 6
# Minutes of a length of time, a month of 30 days.
_UNITS = {"minute": 1, "hour": 60, "day": 1_440, "week": 10_080, "fortnight": 20_160, "month": 43_200, "year": 525_600}
# Before what is counted these are a one: "a week".
ARTICLES = frozenset(["a", "an", "un", "una", "une", "um", "uma", "ein", "eine", "einen", "einer"])
_MONEY = frozenset(["$", "\u20ac", "\u00a3", "usd", "eur", "gbp", "dollar", "dollars", "euro", "euros", "pounds"])


@functools.cache
def _table(name: str) -> Mapping[str, str]:
    """Each word of a table of words that are the same, with the name of its line."""
    listed = tomllib.loads(LISTS.read_text("utf-8"))[name]
    return {word.strip(): key for key, line in listed.items() for word in line.split(",")}


def same_day(word: str) -> str:
    """The weekday or month that a word names in one of five languages, in full or in short; "" for none."""
    return _table("days").get(word, "")


def same_word(word: str) -> str:
    """The English word of those that polls are often about, in five languages; "" for any other."""
    return _table("same").get(word, "")


def count_of(word: str) -> int | None:
    """The number that a word says, up to twelve; None for none."""
    found = _table("counts").get(word)
    return int(found) if found else None


def place_of(word: str) -> int | None:
    """The place that an ordinal names: -1 for the last, 0 for the middle; None for no ordinal."""
    found = _table("places").get(word)
    return int(found) if found else None


def plain_number(word: str) -> str:
    """A number in digits without what it counts: "9:00" and "nine" as "9", "1k" and "1,000" as "1000"; "" for none."""
    count = count_of(word)
    if count is not None:
        return str(count)
    match = _NUMBER.fullmatch(word.removesuffix("am").removesuffix("pm"))
    if match is None:
        return ""
    whole = int(re.sub(r"\D", "", match["whole"]))
    rest = (match["rest"] or "").rstrip("0")
    if match["scale"]:
        value = float(f"{whole}.{rest or 0}") * _SCALES[match["scale"]]
        return str(int(value)) if value == int(value) else str(value)
    return f"{whole}.{rest}" if rest else str(whole)


def option_time(own: Sequence[str]) -> int | None:
    """The minute of the day in an option that is a time: "9:30", "2 pm", "14h00"; None for other options."""
    found = [
        (match, after)
        for word, after in zip(own, [*own[1:], ""], strict=True)
        if (match := _TIME.fullmatch(word)) and (match["minute"] or match["half"])
    ]
    if len(found) == 1:
        match, after = found[0]
        return _minute(match["hour"], match["minute"], match["half"] or after)
    if len(own) == 2 and own[1] in ("am", "pm", "h", "uhr") and (match := _TIME.fullmatch(own[0])):
        return _minute(match["hour"], None, own[1])
    return None


def time_at(texts: Sequence[str], at: int) -> tuple[int, int, bool]:
    """How many words at a place say a time, its minute of the day, and whether it is of 24 hours; 0 for none."""
    word, *after = texts[at : at + 4]
    if word == "noon" or word == "midday":
        return 1, HALF_A_DAY, True
    if word in ("half", "quarter") and after:
        joint = after[0] if after[0] in ("past", "to", "before", "after") else ""
        hour = _hour(after[1] if joint and len(after) > 1 else after[0])
        if hour is None or (word == "quarter" and not joint):
            return 0, 0, False
        minutes = 30 if word == "half" else 15
        return (3 if joint else 2), hour * 60 + (-minutes if joint in ("to", "before") else minutes), False
    match = _TIME.fullmatch(word)
    if match and (match["minute"] or match["half"]):
        half = match["half"] or next((one for one in after[:1] if one in ("am", "pm")), None)
        size = 1 if match["half"] or half is None else 2
        return size, _minute(match["hour"], match["minute"], half), half is not None or int(match["hour"]) > 12
    hour = _hour(word)
    if hour is not None and after and after[0] in ("am", "pm", "o'clock", "uhr", "h"):
        return 2, _minute(str(hour), None, after[0]), after[0] != "o'clock"
    return 0, 0, False


def _hour(word: str) -> int | None:
    number = plain_number(word)
    return int(number) if number.isdecimal() and int(number) < 25 else None


def _minute(hour: str, minute: str | None, half: str | None) -> int:
    of_day = int(hour) % 12 + (12 if half == "pm" else 0) if half in ("am", "pm") else int(hour)
    return of_day * 60 + int(minute or 0)


def day_of(word: str) -> str:
    """The number of a day of the month, as an ordinal says it: "the 7th", "ninth"; "" for none."""
    place = place_of(word)
    if place is not None:
        return str(place) if place > 0 else ""
    return word[:-2] if _ORDINAL.fullmatch(word) else ""


def numbers_at(texts: Sequence[str], at: int) -> list[tuple[int, float]]:
    """What number the words at a place may say, and how many words, the longest first: "twenty-five thousand" and
    "10 thousand"; "three fifty" is 3.50. A number of one word up to twelve is none of these, nor one in digits.
    """
    found: list[tuple[int, float]] = []
    for size in range(min(_WORDS_OF_A_NUMBER, len(texts) - at), 0, -1):
        said = texts[at : at + size]
        if size == 1 and (count_of(said[0]) is not None or not said[0].isalpha()):
            continue
        if _VALUE.fullmatch(value := in_digits(" ".join(said))):
            found.append((size, float(value)))
        elif size == 2 and (whole := count_of(said[0])) and _CENTS.fullmatch(cents := in_digits(said[1])):
            found.append((size, whole + int(cents) / 100))
    return found


def amount_at(texts: Sequence[str], at: int) -> tuple[int, float]:
    """How many words at a place say a length of time, and its minutes: "two weeks", "una semana"; 0 for none."""
    word, *after = texts[at : at + 3]
    half = word == "half" and after[:1] in (["a"], ["an"])
    number = "0.5" if half else "1" if word in ARTICLES else plain_number(word)
    unit = next(iter(after[half:]), "")
    size = _UNITS.get(same_word(unit) or unit) if number else None
    return (2 + half, float(number) * size) if size else (0, 0)


def amount_of(own: Sequence[str]) -> float | None:
    """The one price in an option, else the one number, of a length of time in minutes; None where there is no one."""
    numbers = [(at, number) for at, word in enumerate(own) if (number := plain_number(word))]
    priced = [one for one in numbers if {*own[max(0, one[0] - 1) : one[0]], *own[one[0] + 1 : one[0] + 2]} & _MONEY]
    found = priced or numbers
    if len(found) != 1:
        return None
    return amount_at(own, found[0][0])[1] or float(found[0][1])


def ranks(said: Sequence[Sequence[str]]) -> list[float] | None:
    """By what options are ordered, one after the other: times, weekdays or months, or amounts; None for no order."""
    days = list(dict.fromkeys(_table("days").values()))
    readers = (
        option_time,
        lambda own: next((days.index(day) for word in own if (day := same_day(word))), None),
        amount_of,
    )
    for read in readers:
        kept = [float(one) for one in map(read, said) if one is not None]
        # Numbers and lengths of time are amounts of different things.
        lasting = {any((same_word(word) or word) in _UNITS for word in own) for own in said}
        # After 12 comes 1, where both are hours.
        alike = read is not amount_of or (len(lasting) == 1 and not (max(kept, default=0) == 12 and min(kept) < 7))
        if len(kept) == len(said) > 1 and len(set(kept)) == len(kept) and alike:
            return kept
    return None
