"""The text of a content file: its lines, repaired, and the small readings that every part of a script needs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from knowledge.script import Problem

# Symbols that are drawn as pictures. Text symbols such as the degree sign, arrows and the trade mark stay.
_PICTOGRAPHS = (
    "[\u231a\u231b\u2328\u23cf\u23e9-\u23fa\u24c2\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u27bf\u2934\u2935"
    "\u2b00-\u2bff\u3030\u303d\u3297\u3299\ue000-\uf8ff\U0001f000-\U0001fbff]"
)
_PICTOGRAPH_RUN = re.compile(rf" ?{_PICTOGRAPHS}(?: |{_PICTOGRAPHS})*([.,;:!?])?")
_LOST = "\ufffd"
_MARKS_OF_PICTOGRAPHS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\u20e3\u034f]")
_WORD = re.compile(r"[^\W_]+")
_NUMBERED_ITEM = re.compile(r"[0-9]{1,2}[.)]\s")
_BULLETS = ("- ", "* ", "\u2022 ", "\u2013 ", "\u2014 ")
_LONGEST_SLUG = 48  # a button's words hold one or two slugs in 80 characters

_AMOUNT = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,2})?)\s*([a-z]+)\.?(?:\s*,)?(?:\s+and\b)?\s*")
_CLOCK = re.compile(r"(?:([0-9]{1,2}):)?([0-9]{1,3}):([0-5][0-9])")
_UNITS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 3600),
}


class Findings:
    """What is found wrong in one file while it is read: `problems` stop it, `warnings` do not."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []

    def problem(self, line: int, text: str) -> None:
        """Note something that must be mended before the file can be used."""
        self.problems.append(Problem(self.file, line, text))

    def in_order(self) -> list[Problem]:
        """The problems by their lines."""
        return sorted(self.problems, key=lambda problem: problem.line)

    def warn(self, line: int, text: str) -> None:
        """Note something that was left out or changed, so that nothing is lost silently."""
        self.warnings.append(Problem(self.file, line, text))


@dataclass(frozen=True)
class Line:
    """One repaired line; `number` counts from 1 in the file as it lies on the disk."""

    number: int
    text: str
    indented: bool = False


def read_text(path: Path, findings: Findings) -> str | None:
    """Return the file's text, without byte order mark; None, with a problem on line 1, where it is no UTF-8 text."""
    try:
        data = path.read_bytes()
    except OSError as error:
        findings.problem(1, f"the file cannot be read: {error.strerror or error}")
        return None
    if b"\0" in data:
        findings.problem(1, "the file is binary; expected text in UTF-8")
        return None
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        place = data.count(b"\n", 0, error.start) + 1
        findings.problem(1, f"the file is not UTF-8 (first bad character on line {place}); save it as UTF-8")
        return None


def read_lines(path: Path, findings: Findings) -> list[Line]:
    """Return the file's lines, repaired; empty, with a problem, where there is nothing to read."""
    text = read_text(path, findings)
    if text is None:
        return []
    lines = [
        Line(number, mended(raw, number, findings), raw[:1].isspace())
        for number, raw in enumerate(text.split("\n"), start=1)
    ]
    if not any(line.text for line in lines):
        findings.problem(1, "the file is empty; expected a script that begins with '# Title'")
        return []
    return lines


def repair(text: str) -> str:
    """Return one line of text without mojibake, pictographs, invisible characters and double spaces."""
    if text.isascii() and text.isprintable() and "&" not in text:
        # Nothing of that can be in it; most text is such, and a start reads all of the handbook.
        return " ".join(text.split())
    import ftfy  # here, because the types' users need no repair

    text = ftfy.fix_text(text)
    text = "".join(char for char in text if char.isspace() or unicodedata.category(char) not in ("Cf", "Cc"))
    text = " ".join(_MARKS_OF_PICTOGRAPHS.sub("", text).split())
    # "Great [rocket]!" becomes "Great!", without the blank that stood before the rocket.
    text = _PICTOGRAPH_RUN.sub(lambda run: run[1] or " ", text)
    return " ".join(text.split())


def mended(text: str, line: int, findings: Findings) -> str:
    """One line of text repaired, without what cannot be, of which is warned."""
    repaired = repair(text)
    if repaired.isascii():
        return repaired
    import ftfy.badness

    if _LOST in repaired or ftfy.badness.is_bad(repaired):
        findings.warn(line, "damaged characters that cannot be repaired; write them anew")
    return " ".join(repaired.replace(_LOST, " ").split())


def without_bullet(text: str) -> str | None:
    """Return the text of a "- item" line, None where the line is no such item."""
    return text[2:].strip() if text.startswith(_BULLETS) else None


def prose(lines: Iterable[Line]) -> str:
    """Join lines to text: wrapped lines become one, list items keep their own, blank lines part paragraphs."""
    text = ""
    break_before = after_item = False
    for line in lines:
        if not line.text:
            break_before = bool(text)
            continue
        item = bool(_NUMBERED_ITEM.match(line.text)) or without_bullet(line.text) is not None
        if break_before:
            text += "\n\n"
        elif text:
            # An item ends with its line, unless the next one is indented as Markdown wants it.
            text += "\n" if item or (after_item and not line.indented) else " "
        text += line.text
        after_item = item or (after_item and line.indented and not break_before)
        break_before = False
    return text


def words(text: str) -> set[str]:
    """Return the different words of a text, in small letters."""
    return set(_WORD.findall(text.casefold()))


def slugify(title: str) -> str:
    """Return a title as small ASCII letters, digits and hyphens ("What is FinOps?" -> "what-is-finops"), or ""."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode("ascii").lower()
    slug = "-".join(re.findall(r"[a-z0-9]+", plain.replace("'", "")))
    if len(slug) <= _LONGEST_SLUG:
        return slug
    return slug[: _LONGEST_SLUG + 1].rpartition("-")[0] or slug[:_LONGEST_SLUG]


def read_seconds(text: str) -> int | None:
    """Read "30 seconds", "1 minute 30 seconds", "1 min", "90 sec", "1:30" or "1:02:30"; None for anything else."""
    text = text.strip().lower().removesuffix(".")
    if clock_time := _CLOCK.fullmatch(text):
        hours, minutes, seconds = clock_time.groups(default="0")
        return int(hours) * 3600 + int(minutes) * 60 + int(seconds)
    total, at = 0.0, 0
    while at < len(text):
        amount = _AMOUNT.match(text, at)
        if amount is None or amount[2] not in _UNITS:
            return None
        total += float(amount[1]) * _UNITS[amount[2]]
        at = amount.end()
    return round(total) if at else None


def clock(seconds: int) -> str:
    """Write seconds as the video's clock shows them: 90 -> "1:30", 3661 -> "1:01:01"."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
