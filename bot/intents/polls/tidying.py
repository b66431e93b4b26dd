"""What people type into what others see, without what nobody sees."""

from __future__ import annotations

import unicodedata

# Letters that nobody sees.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u2800\u3164\uffa0")
_JOINERS = "\u200c\u200d"
_EMOJI_STYLE = "\ufe0f"
_FLAG, _TAGS = "\U0001f3f4", range(0xE0020, 0xE0080)


def tidy(text: str) -> str:
    """`text` on one line without what nobody sees: control characters, marks of direction, zero-width characters.

    Joiners stay where they change what is seen: in emoji, after a virama, between Arabic letters.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    text = unicodedata.normalize("NFC", text)
    seen = (character for place, character in enumerate(text) if _is_seen(text, place, character))
    return unicodedata.normalize("NFC", " ".join("".join(seen).split()))


def _is_seen(text: str, place: int, character: str) -> bool:
    if character.isspace():
        return True
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    if character in _JOINERS:
        arabic = all(one and unicodedata.bidirectional(one) == "AL" for one in (before, after))
        emoji = before and (unicodedata.category(before) in ("So", "Sk") or before == _EMOJI_STYLE)
        emoji = emoji and after and unicodedata.category(after) == "So"
        virama = before and unicodedata.combining(before) == 9
        return bool(virama or (emoji if character == "\u200d" else arabic))
    if "\ufe00" <= character <= "\ufe0f":
        return bool(before) and (unicodedata.category(before) in ("So", "Sm", "Po", "Nd", "Sk"))
    if ord(character) in _TAGS:
        return _FLAG in text[max(0, place - 7) : place]
    return character not in _BLANK and unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co")


def looks(text: str) -> str:
    """What two options have in common that look the same."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", tidy(text)).casefold())
    return " ".join("".join(one for one in folded if unicodedata.category(one) != "Cf").split())
