"""A question and several options said together: quotes, the marks between options, the marks before lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.intents.terms import is_held

QUESTION_MARKS = "?\uff1f\u061f"
# For what is quoted stand characters for private use, the first for the first.
_FIRST_HELD = 0xE000
_DOUBLE = '"“”„‟«»\uff02'
_QUOTED = re.compile(
    rf"[{_DOUBLE}](?P<double>[^{_DOUBLE}\n]*)[{_DOUBLE}]"
    r"|(?<![\w'’])['‘\u201a](?P<single>[^'‘’\u201a\n]*(?:(?<=\w)['’](?=\w)[^'‘’\u201a\n]*)*)['’‘](?!\w)"
)
_MARK = re.compile(r"\s*(?:[-*•·–]\s+|\(?(?:\d{1,2}|[a-z])[.)]\s+)", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:^|\s)\(?\d{1,2}[.)]\s+")
# "1,000" is one number.
_COMMA = re.compile(r",(?!\d{3}(?!\d))|(?<!\d),")
_LAST_OR = re.compile(r"^or\s+|\s+or\s+", re.IGNORECASE)
_OR = re.compile(r"\s+(?:or|vs\.?|versus)\s+", re.IGNORECASE)
# What introduces options.
_INTRODUCED = re.compile(
    r"[\s:,.]*(?:(?:with|and)?\s*(?:the )?(?:options?|choices?|answers?)(?: are)?\s*:?|(?:with|between|either)\b)\s*",
    re.IGNORECASE,
)
_COLON = re.compile(r"(?<!\d)[:\uff1a]|[:\uff1a](?!\d)")
_HELD = r"[\ue000-\uf8ff]"
_BETWEEN_HELD = re.compile(rf"(?<={_HELD})\s+(?:and|or|vs\.?|versus|&)\s+(?={_HELD})", re.IGNORECASE)
_DASH = re.compile(r"\s+[-–—]+\s+")
_QUESTION_MARK = re.compile(rf"[{QUESTION_MARKS}]+(?=\s|$|{_HELD})")


def hold_quotes(text: str) -> tuple[str, list[str]]:
    """`text` with one character in the place of each quotation, and what these say.

    What is quoted is nothing but text: no mark, no term. `text` must have no characters for private use.
    """
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        held.append(match["double"] if match["double"] is not None else match["single"])
        return chr(_FIRST_HELD + len(held) - 1)

    return _QUOTED.sub(hold, text), held


def restore(text: str, held: Sequence[str]) -> str:
    """`text` with its quotations; without quotes where it is nothing else."""
    text = text.strip()
    if len(text) == 1 and is_held(text):
        return held[ord(text) - _FIRST_HELD]
    return "".join(f'"{held[ord(one) - _FIRST_HELD]}"' if is_held(one) else one for one in text)


def is_quoted(text: str) -> bool:
    """Whether a quotation is in `text`."""
    return any(map(is_held, text))


def unquoted(text: str) -> str:
    """What of `text` is no quotation."""
    return " ".join("".join(" " if is_held(one) else one for one in text).split())


def question_of(text: str) -> tuple[str, str]:
    """The question of `text`, and what is after it: the quotation at its start, or what a mark or a line's end ends."""
    text = text.strip()
    if text[:1] and is_held(text[0]):
        return text[0], text[1:]
    asked, line = _QUESTION_MARK.search(text), text.find("\n")
    if asked and (line < 0 or asked.end() <= line):
        return text[: asked.end()], text[asked.end() :]
    if line >= 0:
        return text[:line].rstrip(" :"), text[line:]
    for mark in (r"\s*\|\s*", r"\s*;\s*"):
        pieces = re.split(mark, text, maxsplit=1)
        if len(pieces) == 2:
            return pieces[0], pieces[1]
    for pattern in (_COLON, _DASH):
        if found := pattern.search(text):
            return text[: found.start()], text[found.end() :]
    return text, ""


def options_of(text: str) -> list[str]:
    """The options that `text` lists, quotations held; empty ones between two marks are listed too.

    Lines come before "|", that before ";", commas, "/" and "or".
    """
    if introduced := _INTRODUCED.match(text):
        text = text[introduced.end() :]
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > 1:
        return unmarked(lines)
    text = _BETWEEN_HELD.sub(", ", lines[0] if lines else "").strip(" ,;|/:(")
    if not text:
        return []
    if _NUMBERED.match(text) and len(numbered := _NUMBERED.split(text)) > 2:
        return [piece.strip(" ,;") for piece in numbered[1:]]
    pieces = _pieces(unmarked([text])[0])
    if [piece[-1:] for piece in pieces if piece[-1:] == "."] == ["."] and not pieces[-1].endswith(".."):
        # The end of the sentence, not of the option.
        pieces[-1] = pieces[-1].removesuffix(".").rstrip()
    return [one for piece in pieces for one in (piece.replace(" ", "") if _is_all_held(piece) else [piece])]


def unmarked(lines: list[str]) -> list[str]:
    """Lines without the marks of a list ("-", "1.") and the commas at their ends, where all have them."""
    if all(_MARK.match(line) for line in lines):
        lines = [_MARK.sub("", line, count=1) for line in lines]
    if all(line.rstrip()[-1:] in (",", ";") for line in lines[:-1]):
        lines = [line.rstrip(" ,;") for line in lines]
    return [line.strip() for line in lines]


def _pieces(text: str) -> list[str]:
    for mark in ("|", ";"):
        if mark in text:
            return [piece.strip() for piece in text.split(mark)]
    for pattern in (_COMMA, re.compile(r"\s+/\s+"), re.compile(r"/")):
        pieces = [piece.strip() for piece in pattern.split(text)]
        if len(pieces) > 1:
            # "pizza, sushi or salad", "pizza, sushi, or salad"
            return [*pieces[:-1], *filter(None, _LAST_OR.split(pieces[-1]))]
    return [piece.strip() for piece in _OR.split(text)]


def _is_all_held(piece: str) -> bool:
    return bool(piece) and all(is_held(one) or one == " " for one in piece)
