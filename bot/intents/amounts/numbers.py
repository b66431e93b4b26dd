"""Numbers as people write them, made plain: digits of any script, number words, scales ("80k", "half a million")."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from itertools import islice

LETTER = r"[^\W\d_]"
END = rf"(?!{LETTER})"

_SCALES = {
    **dict.fromkeys(("hundred",), 2),
    **dict.fromkeys(("thousand", "thou", "grand", "k"), 3),
    **dict.fromkeys(("lakh", "lac"), 5),
    **dict.fromkeys(("million", "mil", "mill", "mio", "mln", "mn", "m"), 6),
    **dict.fromkeys(("crore", "cr"), 7),
    **dict.fromkeys(("billion", "bn", "b"), 9),
    **dict.fromkeys(("trillion", "tn"), 12),
}
_SCALE = rf"(?:{'|'.join(sorted(_SCALES, key=len, reverse=True))})"
# "80k", "5 hundred thousand", "2 millions", "200kEUR"
_SCALED = re.compile(rf"(?<=\d)((?:[ -]?(?:{_SCALE}s?{END}|[km](?=(?:eur|usd|gbp|chf|inr|jpy){END})))+)", re.IGNORECASE)
_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_AND_A_HALF = re.compile(rf"\b(\d+|{'|'.join(_ONES)}) and a half\b", re.IGNORECASE)
_PART_OF = re.compile(rf"\b(half|(?:a )?quarter|three quarters)(?: of)?(?: an?)? (?={_SCALE}{END})", re.IGNORECASE)
_PARTS = {"half": "0.5", "quarter": "0.25", "a quarter": "0.25", "three quarters": "0.75"}

MOST_NUMBERS = 40  # the first so many numbers of a text are read: more are a list, and each takes its time
# Groups of three after spaces, or digits with separators between them; an exponent; or what is no number at all.
NUMBER = re.compile(
    r"(?<!\d)(?<!\d\.)(?:(?P<digits>\d{1,3}(?: \d{3})+(?!\d)(?:[.,]\d+)?|(?:(?<!\w)\.)?\d+(?:[.,']\d+)*)"
    rf"(?:e(?P<exponent>[+-]?\d+))?|∞|(?<!\w)(?P<none>nan|inf(?:inity|inite)?){END})",
    re.IGNORECASE,
)
# A number of a list, its scale as its exponent; what stands between two of them; and what makes two of them a list.
_OF_A_LIST = re.compile(
    r"(?P<at>\b(?:at|for)\s|@\s?)?(?P<sign>[€$£¥₹])?(?<![\w.,'-])(?P<value>\d{1,15}(?:\.\d{1,3})?)(?:e(?P<scale>\d{1,2}))?(?![.,']?\d|\w)"
)
_BETWEEN = re.compile(r"\s?(?:[,;&]|,?\s?\b(?:and|or)\b)\s?", re.IGNORECASE)
_JOINED = re.compile(r"&|\b(?:and|or)\b", re.IGNORECASE)
# "500 and 2k" are no 500,000: numbers that share a scale are less than so many times one another.
_ALIKE = 100
_ONE_MARK = re.compile(r"\d*([.,])\d+|\d+")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_GROUPED = re.compile(r"\d{1,3}(?:(?:\.\d{3})+(?:,\d+)?|(?:,\d{2,3})*,\d{3}(?:\.\d+)?|(?:'\d{3})+(?:[.,]\d+)?)")

# Apostrophes, minus signs, and the Arabic signs for per cent, decimals and thousands.
_PLAIN_SIGNS = {
    **dict.fromkeys("\u2018\u2019\u02bc\u2032`\u00b4", "'"),
    **dict.fromkeys("\u2212\u2013\ufe63\uff0d", "-"),
    "\u066a": "%",
    "\u066b": ".",
    "\u066c": ",",
}


def plain(text: str) -> str:
    """`text` with digits, signs and spaces of any script as ASCII has them."""
    return "".join(map(_plain_character, text))


def _plain_character(character: str) -> str:
    if character in _PLAIN_SIGNS:
        return _PLAIN_SIGNS[character]
    decimal = unicodedata.decimal(character, None)
    if decimal is not None:
        return str(decimal)
    decomposition = unicodedata.decomposition(character)
    if decomposition.startswith("<fraction>"):
        return f"{unicodedata.numeric(character, 0):.4f}".strip("0")
    # A surrogate cannot be handed to the reader of number words; a raised 2 is no digit of the amount.
    if unicodedata.category(character) in ("Cs", "Cc", "Cf") or decomposition.startswith(("<super>", "<sub>")):
        return " "
    return " " if character.isspace() else unicodedata.normalize("NFKC", character)


def in_digits(text: str) -> str:
    """`text` with its number words in digits, and the scale of a number as its exponent: "eighty grand" -> "80e3"."""
    from text_to_num import alpha2digit

    text = _AND_A_HALF.sub(lambda match: f"{_count(match[1])}.5", text)
    text = _PART_OF.sub(lambda match: f"{_PARTS[match[1].lower()]} ", text)
    text = _SCALED.sub(_exponent, text)
    said = set(re.findall(r"\d+", text))
    text = str(alpha2digit(text, "en"))
    # A large number in words is marked as scaled, like one with a "k".
    text = re.sub(r"\d{4,}", lambda match: match[0] if match[0] in said else f"{match[0]}e0", text)
    text = re.sub(r"(\.\d+) 1((?:000)+)e0", lambda match: f"{match[1]}e{len(match[2])}", text)
    text = _with_shared_scale(_SCALED.sub(_exponent, text))
    return re.sub(r"\b(?:minus|negative) (?=\S{0,3}\d)", "-", text, flags=re.IGNORECASE)


def _with_shared_scale(text: str) -> str:
    """`text` with the scale of a list's last number at all of them: "10, 20 and 70e6" -> "10e6, 20e6 and 70e6"."""
    numbers = list(islice(_OF_A_LIST.finditer(text), MOST_NUMBERS))
    ends: list[tuple[int, int]] = []
    listed: list[re.Match[str]] = []
    scale = 0
    for number in reversed(numbers):
        between = text[number.end() : listed[-1].start()] if listed else ""
        if number["scale"] or not (scale and _BETWEEN.fullmatch(between)):
            ends += _sharing(text, listed)
            listed, scale = [number], _scale(number)
        else:
            listed.append(number)
    ends += _sharing(text, listed)
    for place, zeros in sorted(ends, reverse=True):
        text = f"{text[:place]}e{zeros}{text[place:]}"
    return text


def _sharing(text: str, listed: list[re.Match[str]]) -> list[tuple[int, int]]:
    """The ends of the numbers before the last, `listed` from there, that share its scale; and that scale."""
    if len(listed) < 2 or not (len(listed) > 2 or _JOINED.search(text, listed[1].end(), listed[0].start())):
        return []
    scale = _scale(listed[0])
    last = Decimal(listed[0]["value"]).scaleb(int(listed[0]["scale"]) - scale)
    alike = all(last / _ALIKE < Decimal(one["value"]) < _ALIKE * last for one in listed[1:])
    # "At 3 and 500e3" is a price and a count.
    priced = any(one["at"] or one["sign"] != listed[0]["sign"] for one in listed[1:])
    return [(one.end(), scale) for one in listed[1:]] if alike and not priced else []


def _scale(number: re.Match[str]) -> int:
    """The zeros of a number that are its scale; of one that was written in words those of its thousands."""
    if number["scale"] != "0":
        return int(number["scale"] or 0)
    zeros = len(number["value"]) - len(number["value"].rstrip("0"))
    return zeros // 3 * 3


def _count(word: str) -> str:
    return str(_ONES.index(word.lower()) + 1) if word.lower() in _ONES else word


def _exponent(match: re.Match[str]) -> str:
    return f"e{sum(_SCALES[scale] for scale in re.findall(_SCALE, match[1].lower()))}"


def read_value(match: re.Match[str], grouped: bool) -> Decimal | None:
    """The number at `match` of NUMBER, without its sign; None where its marks make no number.

    A rate is never `grouped`.
    """
    from price_parser import Price

    if match["digits"] is None:
        return Decimal("nan" if (match["none"] or "").lower() == "nan" else "inf")
    digits, exponent = match["digits"].replace(" ", ""), match["exponent"] or "0"
    if len(exponent.lstrip("+-")) > 3:
        return Decimal(0 if exponent.startswith("-") else "inf")
    one_mark = _ONE_MARK.fullmatch(digits)
    # "1.500" are thousands, "1.500 million" are not.
    thousands = grouped and _THOUSANDS.fullmatch(digits) and not ("." in digits and match["exponent"])
    if one_mark and not thousands:
        amount = Price.fromstring(digits, decimal_separator=one_mark[1] or ".").amount
    else:
        amount = Price.fromstring(digits.replace("'", "")).amount if _GROUPED.fullmatch(digits) else None
    # Written out, so that it prints as 80000, not as 8E+4.
    return None if amount is None else Decimal(f"{amount.scaleb(int(exponent)):f}")
