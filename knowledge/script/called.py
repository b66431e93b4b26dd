"""What people call a section of a script: by its title, its part in the video, or its place in it.

All of it is about the form of the series, never about one script.
"""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.script import Script, Section

_FIRST = (
    *("intro", "introduction", "introductory", "opening", "opener", "the start", "very start", "the beginning"),
    *("very beginning", "first scene", "first section", "first part", "first segment"),
)
_LAST = (
    *("outro", "conclusion", "concluding", "ending", "closing", "finale", "wrap up", "closing words", "the end"),
    *("very end", "last scene", "last section", "final section", "last part", "final part", "last segment"),
)
_PLACES = (
    ("first", "1st", "one", "1"),
    ("second", "2nd", "two", "2"),
    ("third", "3rd", "three", "3"),
    ("fourth", "4th", "four", "4"),
    ("fifth", "5th", "five", "5"),
    ("sixth", "6th", "six", "6"),
    ("seventh", "7th", "seven", "7"),
    ("eighth", "8th", "eight", "8"),
)
_PIECES = ("section", "part", "segment", "bit", "scene")
# What a word of a title makes of its section.
_ROLES = (
    (("what is", "what are"), ("definition", "defines", "defining", "definitions")),
    (("matter",), ("why it matters", "why does it matter", "why this matters", "why that matters")),
    (("why",), ("why section", "why part", "reasons section", "reasons part")),
    (
        ("case study", "example", "in action"),
        ("case", "case study", "success story", "example section", "example part"),
    ),
    (
        ("benefit", "advantage"),
        (
            *("benefits", "advantages", "merits", "perks", "upsides", "pluses", "plus points", "benefit list"),
            *("benefits list", "list of benefits"),
        ),
    ),
)


def callings(script: Script, section: Section) -> tuple[str, ...]:
    """The words that name a section wherever they stand, in lower case without punctuation."""
    return tuple(dict.fromkeys(_callings(script, section)))


def _callings(script: Script, section: Section) -> Iterator[str]:
    if section is script.sections[0]:
        yield from _FIRST
    if section is script.sections[-1]:
        yield from _LAST
    lower = section.title.lower()
    for marks, called in _ROLES:
        if any(lower.startswith(mark) if mark.startswith("wh") else mark in lower for mark in marks):
            yield from called
    place = script.sections.index(section)
    if place < len(_PLACES):
        ordinal, short, count, digit = _PLACES[place]
        for piece in _PIECES:
            yield from (f"{ordinal} {piece}", f"{short} {piece}", f"{piece} {count}", f"{piece} {digit}")
