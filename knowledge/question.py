"""What a question asks, as far as its words say: its parts, one item or all of them, which fields, which sections."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from knowledge.words import content_words, words

_TAG = re.compile(r"</?[a-zA-Z][^>]{0,200}>")
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+", re.I)
_MENTION = re.compile(r"(?<!\w)@\w+|<[!@#][^>]{0,80}>")

ASKING = r"(?:what|which|who|whom|whose|when|where|why|how|is|are|was|were|does|do|did|can|could|should|would|will)"
_ASKED_AFTER = rf"(?:(?:in|on|at|for|of|from|to|with|by) (?=(?:what|which|whom|whose)\b))?{ASKING}"
# Where a second question begins: after a stop, or after a comma, a dash or "and" before a word that asks.
_PART = re.compile(
    rf"(?<=[?!.;])\s+|(?:(?<!\s)\s+)?[,;:]\s*+(?:and|or|but|then|also)?\s*+(?={_ASKED_AFTER}\b)"
    rf"|(?<!\s)\s+(?:and|plus|also|[-–—]+)\s+(?={_ASKED_AFTER}\b)",
    re.I,
)
_ASKS = re.compile(rf"(?:\W*+(?:(?:and|so|but|also|ok|hey|lol|then)\W++)++)?+{_ASKED_AFTER}\b", re.I)
MOST_PARTS = 6
# So many words, none of which carries a subject, are no question of their own; "what should I do until then?" is one.
FEW = 3
_JOINED = re.compile(r"(?<!\s)\s+(?:and|as well as|plus|&)\s+|(?:(?<!\s)\s+)?,\s*(?:and\s+)?", re.I)

_ORDINAL_WORDS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_COUNT_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ORDINALS = {
    **{word: place for place, word in enumerate(_ORDINAL_WORDS, 1)},
    **{f"{place}{ending}": place for place, ending in ((1, "st"), (2, "nd"), (3, "rd"))},
    **{f"{place}th": place for place in range(4, 21)},
}
_COUNTS = {word: count for count, word in enumerate(_COUNT_WORDS, 1)}
_LAST = {"last", "final"}
_NUMBERED = re.compile(r"\b(?:number|no\.?|#|point|item|benefit|takeaway|quote)\s*#?(\d{1,2})\b", re.I)
# "The first two", "the last 3"; "the first three minutes" are none.
_FIRST_FEW = re.compile(
    rf"\b(?P<end>first|last|final) (?P<count>{'|'.join(_COUNT_WORDS[1:])}|[2-9])\b"
    r"(?! (?:second|minute|hour|day|week)s?)",
    re.I,
)
_ONE_OF = re.compile(
    r"\b(?:which (?:one|of|single|benefit|item|point|takeaway|advantage|statistic|quote)|(?:a|one|another|any) "
    r"(?:(?:expert|good|nice|practical|real|single|more)\s+){0,2}(?:quote|statistic|stat|takeaway|benefit|example|one))\b",
    re.I,
)
_OTHER = re.compile(r"\b(?:another|other|else|more|next one|different one)\b", re.I)


@dataclass(frozen=True)
class Item:
    """Which item of a list is asked for: the place (from 1, -1 the last), one of them, or another one.

    `also` are further places: "the first and the last", "the first three".
    """

    place: int | None = None
    one: bool = False
    other: bool = False
    also: tuple[int, ...] = ()


def clean(text: str) -> str:
    """`text` without tags, addresses, mentions and characters that do not show; white space folded."""
    visible = "".join(
        " " if unicodedata.category(character) in ("Cc", "Zl", "Zp", "Co", "Cs", "Cn") else character
        for character in unicodedata.normalize("NFKC", text)
        if unicodedata.category(character) != "Cf"
    )
    for pattern in (_TAG, _ADDRESS, _MENTION):
        visible = pattern.sub(" ", visible)
    return " ".join(visible.split())


def has_words(text: str) -> bool:
    """Whether there is anything to look up in `text`."""
    return any(character.isalpha() for character in text)


def parts(text: str) -> list[str]:
    """The questions in `text`, in order; a remark stays with the question that it leads to or follows."""
    found: list[str] = []
    remark = ""
    for piece in pieces(text):
        if not content_words(piece) and (len(words(piece)) <= FEW or not asks(piece)):
            # "... and how?" asks for more of the same.
            if found:
                found[-1] = f"{found[-1]}, {piece}"
        elif asks(piece):
            found.append(f"{remark} {piece}".strip())
            remark = ""
        else:
            remark = f"{remark} {piece}".strip()
    if remark and found:
        found[-1] = f"{found[-1]}, {remark}"
    # Each part is searched for: who asks for more than this gets the rest as one.
    first, rest = found[: MOST_PARTS - 1], found[MOST_PARTS - 1 :]
    return [*first, " ".join(rest)] if rest else first or [text]


def pieces(text: str) -> list[str]:
    """The remarks and questions in `text`, one after the other."""
    return [piece.strip(" ,;:") for piece in _PART.split(text)]


def joined(text: str) -> list[str]:
    """The pieces of `text` between "and" and commas, where each carries a subject; [] where there is one only."""
    pieces = [piece.strip() for piece in _JOINED.split(text)]
    pieces = [piece for piece in pieces if content_words(piece)]
    return pieces if len(pieces) > 1 else []


def item_asked(text: str) -> Item:
    """Which item of a list `text` asks for; Item() where it asks for none in particular."""
    places = _places(text)
    first = places[0] if places else None
    return Item(first, bool(_ONE_OF.search(text)), bool(_OTHER.search(text)), tuple(places[1:]))


def _places(text: str) -> list[int]:
    """The places that `text` names, each once."""
    if match := _FIRST_FEW.search(text):
        count = _COUNTS.get(match["count"].lower()) or int(match["count"])
        few = range(1, count + 1)
        return [-place for place in few] if match["end"].lower() in _LAST else list(few)
    if numbered := [int(number) for number in _NUMBERED.findall(text)]:
        return numbered
    named = (_ORDINALS.get(word, -1 if word in _LAST else None) for word in words(text))
    return list(dict.fromkeys(place for place in named if place is not None))


_MINUTES = rf"\d{{1,3}}|{'|'.join(_COUNTS)}"
_MINUTE = re.compile(
    rf"\b(?:minute\s+(?P<count>{_MINUTES})\b|(?P<before>{_MINUTES})[\s-]minutes?\s+(?:in|into|mark)\b)", re.I
)


def moment(text: str) -> int | None:
    """The moment on a video's clock that `text` names, in seconds: "at 3:20", "five minutes in"; else None."""
    if match := re.search(r"\b(\d{1,3}):(\d\d)\b", text):
        return int(match[1]) * 60 + int(match[2])
    match = _MINUTE.search(text)
    if match is None:
        return None
    said = (match["count"] or match["before"]).lower()
    return 60 * (int(said) if said.isdigit() else _COUNTS[said])


def clock_span(locator: str | None) -> tuple[int, int] | None:
    """The seconds from and to of a locator on a video's clock ("2:00-4:00"); None for other places."""
    match = re.fullmatch(r"(\d+):(\d\d)-(\d+):(\d\d)", locator or "")
    if match is None:
        return None
    start, start_seconds, end, end_seconds = map(int, match.groups())
    return 60 * start + start_seconds, 60 * end + end_seconds


def asks(piece: str) -> bool:
    """Whether `piece` is put as a question."""
    return _ASKS.match(piece) is not None or "?" in piece
