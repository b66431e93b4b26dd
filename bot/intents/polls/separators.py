"""The marks between options and sentences: quotations, lines, numbers, commas, slashes, "or"."""

from __future__ import annotations

import re

HELD = r"[\ue000-\uf8ff]"
MARK = re.compile(r"\s*(?:[-*•·–]\s+|\(?(?:\d{1,2}|[a-z])[.)]\s+)", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:^|(?<=[\s,;:]))\(?\d{1,2}(?:[.):]|\s=)\s+")
_LETTERED = re.compile(r"(?:^|(?<=[\s,;:]))(?:\([a-j]\)|[a-j](?:[.):]|\s=))\s+", re.IGNORECASE)
# "1,000" is one number.
_COMMA = re.compile(r",(?!\d{3}(?!\d))|(?<!\d),")
_LAST_OR = re.compile(r"^(?:or|oder|ou|o)\s+|(?<!\s)\s+(?:or|oder|ou|o)\s+", re.IGNORECASE)
OR = re.compile(r"(?<!\s)\s+(?:or|vs\.?|versus|oder|ou|o)\s+", re.IGNORECASE)
AND = re.compile(r"^(?:and|&)\s+|(?<!\s)\s+(?:and|&)\s+", re.IGNORECASE)
SLASH = re.compile(r"(?<!\s)\s+/\s+")
DASH = re.compile(r"(?<!\s)\s+[-–—]+\s+")
# Where a sentence ends: after a word or a figure, not after one letter ("5 p.m. or 6 p.m."), nor after "vs.".
_SENTENCE = re.compile(
    r"(?:(?<=[\w)\ue000-\uf8ff%][.!])(?<!(?<!\w)\w\.)(?<!\bvs\.)(?<!\bst\.)|(?<=[^\w\s.,:;][.!])|(?<=!))\s+",
    re.IGNORECASE,
)

PARENTHESIS = re.compile(r"[(\[]([^()\[\]\n]{1,150})[)\]]")
# What introduces options.
INTRODUCED = re.compile(
    r"(?<![\s:,.–—-])[\s:,.–—-]*+(?:(?:(?:with|and|as|using|from|has|have|are|the|these|possible|answer|following|your)\s+){0,4}"
    r"(?:options?|choices?|answers?|alternatives)(?:\s+(?:are|is|being|of)\b|(?=\s*[:=\ue000-\uf8ff])"
    r"|(?=\s+\S)(?!\s+(?:to|for|in)\b))\s*+[:=]?"
    r"|(?:with|between|either|among|where (?:people|you|everyone|we|they) (?:can |may "
    r"|should )?(?:pick|choose|select|vote)(?: between| from| among)?)\b\s*+:?)\s*",
    re.IGNORECASE,
)
_JOIN = re.compile(r"(?<!\w)(?:and|but|also)\Z", re.IGNORECASE)
CONNECTING = re.compile(
    r"\W*(?:(?:and|or|vs|versus|with|as|the|options?|choices?|answers?|are|between|either|about|on|for"
    r"|question|is|called|"
    r"titled|named|asking|poll|a|an|make|it|to|choose|from|possible)\W+){0,6}",
    re.IGNORECASE,
)


def unmarked(lines: list[str]) -> list[str]:
    """Lines without the marks of a list ("-", "1.") and the commas at their ends, where all have them."""
    marks = [mark.end() for line in lines if (mark := MARK.match(line))]
    if len(marks) == len(lines):
        lines = [line[end:] for line, end in zip(lines, marks, strict=True)]
    if all(line.rstrip()[-1:] in (",", ";") for line in lines[:-1]):
        lines = [line.rstrip(" ,;") for line in lines]
    return [line.strip() for line in lines]


def sentences(text: str) -> list[str]:
    """The sentences of a line, without what ends them."""
    return [piece.strip() for piece in _SENTENCE.split(text) if piece.strip(" .!")]


def pieces_of(text: str) -> tuple[list[str], str]:
    """What `text` lists, and the mark between: the strongest of numbers, "|", ";", ",", "/" and "or"; "" for none."""
    for numbers in (_NUMBERED, _LETTERED):
        if numbers.match(text) and len(numbered := numbers.split(text)) > 2:
            return [piece.strip(" ,;") for piece in numbered[1:]], "1"
    for mark in ("|", ";"):
        if mark in text:
            return [piece.strip() for piece in text.strip(f" {mark}" if mark == ";" else " ").split(mark)], mark
    for cut, mark in ((_COMMA.split, ","), (SLASH.split, "/"), (lambda whole: whole.split("/"), "/")):
        pieces = [piece.strip() for piece in cut(text.strip(" ,"))]
        if len(pieces) > 1:
            return parted_last(pieces), mark
    if len(dashed := DASH.split(f" {text.lstrip('-– ')}")) > 1 and not OR.search(text):
        return [piece.strip() for piece in dashed], "-"
    pieces = [piece.strip() for piece in OR.split(text)]
    return pieces, "or" if len(pieces) > 1 else ""


def parted_last(pieces: list[str]) -> list[str]:
    """Pieces of a list, the last parted where "or" joins two: "pizza, sushi or salad", "pizza, sushi, or salad"."""
    return [*pieces[:-1], *filter(None, map(str.strip, _LAST_OR.split(pieces[-1])))]


def without_join(text: str) -> str:
    """`text` without what joins it to more at its end."""
    text = text.rstrip(" ,;&–—-")
    return text[: joined.start()].rstrip(" ,;&–—-") if (joined := _JOIN.search(text)) else text
