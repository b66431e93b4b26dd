"""The interactive elements of a section: what the script's wording means as a poll, a quiz, cards or a slider."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.script import Card, Cards, Element, OtherElement, Poll, Quiz, Slider
from knowledge.script.text import Findings, words

_POINT = re.compile(r"(?<!\S)\(?([0-9]{1,2})([.)])\s+")
_SENTENCE_END = re.compile(r"[.!?](?=\s+[A-Z])")
_SHARE = re.compile(r"(?<![0-9.,])([0-9]{1,3}(?:\.[0-9]{1,4})?)\s*(?:%|per\s?cent\b)", re.IGNORECASE)
_UP_TO = re.compile(r"\bup to\s+([0-9]{1,3}(?:\.[0-9]{1,4})?)\s*(?:%|per\s?cent\b)", re.IGNORECASE)

# What stands before or after a share and says how it is meant.
_BEFORE = re.compile(
    r"(?:^|\s)(?:(?P<under>(?:no|not) more than|at most|up to|under|(?:less|fewer|lower) than|below|<)"
    r"|(?P<over>(?:no|not) less than|at least|over|(?:more|greater|higher) than|above|>)"
    r"|(?P<about>about|around|roughly|approximately|nearly|almost|~))$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?P<over>\+|or more|or higher|and more|and above)|(?P<under>or less|or lower|or fewer|and below)", re.IGNORECASE
)
# "question? (inside)": the brackets that end a text, which may hold others.
_BRACKETS = re.compile(r"(.*?)\(((?:[^()]|\([^()]*\))*)\)[. ]*", re.DOTALL)
_RANGE_WORDS = ("-", "\u2013", " to", " and", " or")
_ABOUT = 5.0  # percentage points on each side that "about" covers
_PRESSES = ("clickable", "click", "tap", "tappable", "press", "pressable")
_PRESSED = ("icon", "card", "tile", "list", "point")


def read_element(
    text: str, line: int, points: Sequence[str], statistics: Sequence[str], findings: Findings
) -> Element | None:
    """Read an interactive element as the script words it.

    `points` are the numbered points of the same section, `statistics` the script's own. None, with a problem on
    `line`, where a known kind lacks what it needs; an unknown kind is kept as OtherElement, with a warning.
    """
    before, colon, after = text.partition(":")
    kind = before.strip() if colon else ""
    known_kind = " ".join(kind.casefold().split())
    if known_kind == "poll":
        return _poll(after.strip(), line, findings)
    if known_kind == "quiz":
        return _quiz(after.strip(), line, findings)
    if known_kind in ("slider", "slider tool"):
        return Slider(after.strip(), _maximum(after, statistics))
    if _is_cards(text):
        return _cards(text, line, points, findings)
    kind = kind or "element"
    findings.warn(
        line, f'unknown kind of interactive element "{kind}": kept as text (known: Poll, Quiz, Clickable icons, Slider)'
    )
    return OtherElement(kind, after.strip() or text)


def _poll(text: str, line: int, findings: Findings) -> Poll | None:
    question, inside = _last_brackets(text)
    options = _options(inside)
    if not question:
        findings.problem(line, 'poll: no question; expected "Poll: question? (A / B / C)"')
    elif inside is None:
        findings.problem(line, f'poll "{question}": no options in brackets; expected at least two, as in (A / B / C)')
    elif len(options) < 2:
        found = f"only the option {options[0]}" if options else "no option"
        findings.problem(line, f'poll "{question}": {found}; expected at least two, as in (A / B / C)')
    elif len({option.casefold() for option in options}) < len(options):
        findings.problem(line, f'poll "{question}": the same option twice; expected different ones')
    else:
        return Poll(question, options)
    return None


def _options(inside: str | None) -> tuple[str, ...]:
    """Part "A / B"; a slash without spaces ("CI/CD") belongs to an option where others have spaces."""
    inside = inside or ""
    parts = re.split(r"\s/\s", f" {inside} ")
    if len(parts) == 1:
        parts = inside.split("/")
    return tuple(part.strip() for part in parts if part.strip())


def _quiz(text: str, line: int, findings: Findings) -> Quiz | None:
    question, inside = _last_brackets(text)
    label, colon, rest = (inside or "").partition(":")
    answer = (rest if colon and "answer" in label.casefold() else inside or "").strip()
    if not question:
        findings.problem(line, 'quiz: no question; expected "Quiz: question? (Reveal answer: ...)"')
    elif not answer:
        findings.problem(line, f'quiz "{question}": no answer in brackets; expected (Reveal answer: ...)')
    else:
        relation, percent = read_share(answer)
        return Quiz(question, answer, relation, percent)
    return None


def _is_cards(text: str) -> bool:
    """Whether a text begins like "Clickable icons for ..." or "Press the cards ..."."""
    first, *others = text.casefold().replace(":", " ").split()[:4] or [""]
    return first in _PRESSES and any(word.startswith(_PRESSED) for word in others)


def _cards(text: str, line: int, points: Sequence[str], findings: Findings) -> Cards | None:
    if not points:
        findings.problem(
            line, f'clickable cards "{text}": no numbered points in the section\'s Content; expected 1) ..., 2) ...'
        )
        return None
    return Cards(text, tuple(Card(number, point) for number, point in enumerate(points, start=1)))


def _maximum(text: str, statistics: Sequence[str]) -> float | None:
    """Return the share that the statistics state as "up to N%"; of several, from the line most like the slider."""
    found = [(line, share) for line in statistics if (share := _UP_TO.search(line))]
    if not found:
        return None
    _, share = max(found, key=lambda each: len(words(each[0]) & words(text)))
    return float(share[1]) / 100


def _last_brackets(text: str) -> tuple[str, str | None]:
    """Part "question? (inside)" at the brackets that end the text; (text, None) where it ends without brackets."""
    found = _BRACKETS.fullmatch(text.strip())
    return (found[1].strip(), found[2].strip()) if found else (text.strip(), None)


def read_points(content: str) -> tuple[str, ...]:
    """Return the numbered points ("1) a, 2) b, and 3) c." or one on each line); none where fewer than two."""
    marks: list[re.Match[str]] = []
    for mark in _POINT.finditer(content):
        if int(mark[1]) == len(marks) + 1 and _begins_point(content, mark):
            marks.append(mark)
    if len(marks) < 2:
        return ()
    ends = [mark.start() for mark in marks[1:]] + [len(content)]
    texts = [content[mark.end() : end].partition("\n")[0] for mark, end in zip(marks, ends, strict=True)]
    if not _at_line_start(content, marks[-1]) and (sentence := _SENTENCE_END.search(texts[-1])):
        texts[-1] = texts[-1][: sentence.start()]
    return (*(_trim_point(text, last=False) for text in texts[:-1]), _trim_point(texts[-1], last=True))


def _begins_point(content: str, mark: re.Match[str]) -> bool:
    """Whether a number begins a point: "phase 1. Then" does not, "benefits: 1. Then" and "1) then" do."""
    before = content[: mark.start()].rstrip(" ")
    return mark[2] == ")" or not before or before.endswith(("\n", ":", ";", ",", ".", "!", "?", " and", " or"))


def _at_line_start(content: str, mark: re.Match[str]) -> bool:
    return content[: mark.start()].rstrip(" ").endswith("\n")


def _trim_point(text: str, last: bool) -> str:
    text = text.strip().rstrip(",; ")
    if not last:
        text = text.removesuffix(" and").removesuffix(" or").rstrip(",; ")
    return text.removesuffix(".").rstrip()


def read_share(text: str) -> tuple[str | None, float | None]:
    """Read the one share a text states: "Over 60%" -> ("over", 60.0), "60%" -> ("exactly", 60.0).

    (None, None) where it states none, several or a range.
    """
    shares = list(_SHARE.finditer(text))
    if len(shares) != 1:
        return None, None
    share = shares[0]
    before, after = text[: share.start()].rstrip().casefold(), text[share.end() :].strip()
    if before.endswith(_RANGE_WORDS) and any(char.isdigit() for char in before) and not before.endswith(" up to"):
        return None, None
    said = _BEFORE.search(before) or _AFTER.match(after)
    return said.lastgroup if said else "exactly", float(share[1])


def is_share(text: str) -> bool:
    """Whether a text is a share and nothing else: "Over 60%", "60 percent or more", but not "a 30% cost cut"."""
    share = _SHARE.search(text)
    if share is None:
        return False
    before, after = text[: share.start()].strip(), text[share.end() :].strip(" .!")
    return bool((not before or _BEFORE.fullmatch(before)) and (not after or _AFTER.fullmatch(after)))


def same_share(one: str, other: str) -> bool:
    """Whether some share would make both texts true ("About 60%" and "Over 60%"); False where either states none."""
    first, second = _range(one), _range(other)
    if first is None or second is None:
        return False
    return first[0] <= second[1] and second[0] <= first[1]


def _range(text: str) -> tuple[float, float] | None:
    relation, percent = read_share(text)
    if relation is None or percent is None:
        return None
    beside = 1e-6  # "over 60" does not hold 60 itself
    ranges = {
        "over": (percent + beside, float("inf")),
        "under": (0.0, percent - beside),
        "about": (percent - _ABOUT, percent + _ABOUT),
        "exactly": (percent, percent),
    }
    return ranges[relation]
