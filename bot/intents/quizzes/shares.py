"""The share that a person claims: "two thirds", "over 60%", "most of them"."""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from bot.intents.quizzes.grading import Claim, Side
from knowledge.words import Spelling

LONGEST = 2_000


@dataclass(frozen=True)
class Found:
    """A share in prepared words: where it stands, and how much it tells: 0 denied, 1 an amount, 2 a bound, 3 a figure.

    `signed` tells a share from a plain number; `side` is that of a bound.
    """

    start: int
    end: int
    claim: Claim
    weight: int
    signed: bool = False
    side: Side = "at"


# --- Words made plain ---

_FRACTIONS = "half halves third thirds quarter quarters fourth fifth fifths tenth tenths"
_VOCABULARY = f"""
percent per cent about around roughly approximately between over under above below more less than least most fewer
twenty thirty forty fifty sixty seventy eighty ninety hundred three seven eight eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen {_FRACTIONS} majority minority nearly almost hardly everyone none
guess think reckon maybe probably perhaps believe answer idea clue sure know dunno idk
"""
# Unicode's apostrophes, hyphens and fraction slash.
_SIGNS = {0x2018: "'", 0x2019: "'", 0x60: "'", **dict.fromkeys([*range(0x2010, 0x2016), 0x2212], "-"), 0x2044: "/"}

_TOKEN = re.compile(
    r"[$€£¥#]\s?[0-9][0-9.,]*\w*"  # money and places in lists are no shares
    r"|(?P<thousands>[0-9]{1,3}(?:,[0-9]{3}){1,2})(?![\w,])"
    r"|(?P<number>(?:(?<!\S)-)?(?:[0-9]{1,9}(?:[.,][0-9]{1,9})?|\.[0-9]{1,9}))(?!\w)"
    r"|\w+(?:'\w+)*|[^\w\s]"
)
# What is written in several ways, in one: applied in this order to words that are one space apart.
_REWRITTEN = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"(?<=[0-9%]) -(?=[0-9.])", " - "),  # "60 -70" is a range
        (r"(?<!\S)zero(?!\S)", "0"),
        (r"(?<!\S)(\+|plus|ish|odd|something|or so|or more|or less) %", r"% \1"),
    )
)


@functools.cache
def _spelling() -> Spelling:
    return Spelling(_VOCABULARY.split())


def prepared(words: str) -> str:
    """`words` in lower case, typos mended, numbers in digits, one space between words and signs."""
    from text_to_num import alpha2digit

    text = unicodedata.normalize("NFKC", words[:LONGEST])[:LONGEST].lower().translate(_SIGNS).replace("fourty", "forty")
    text = re.sub(r"(?<=[0-9y])-?ish\b|(?<=half)-?ish\b", " ish", text)
    text = re.sub(r"(?<=[^\W\d_])-(?=[^\W\d_])", " ", _spelling().mend(text))
    text = re.sub(r"(?<![a-z])(?:per[ -]?cents?|pct|pc)(?![a-z])", " % ", text)
    # "One" stays a word: "skip this one" holds no number.
    text = " ".join(map(_token, _TOKEN.finditer(str(alpha2digit(text, "en", 1.5)))))
    for pattern, plain in _REWRITTEN:
        text = pattern.sub(plain, text)
    return text


def _token(match: re.Match[str]) -> str:
    if match["thousands"]:
        return match["thousands"].replace(",", "")
    if match["number"]:
        return match["number"].replace(",", ".")
    return match.group()


# --- Shares in prepared words ---

_NUMBER = r"-?(?:[0-9]{1,9}(?:\.[0-9]{1,9})?|\.[0-9]{1,9})"
PEOPLE = r"(?:ai\ )?(?:projects?|companies|teams|people|organi[sz]ations|times)"
_OF = rf"(?:(?:of\ them|{PEOPLE})\ )?(?:out\ of|in|of|/)(?:\ every|\ each)?"
_FIGURE = re.compile(
    rf"""(?<!\S)(?:
    (?:(?P<from>{_NUMBER})\ (?:to|or|-)\ )?(?P<part>{_NUMBER}|one)\ (?P<of>{_OF})
        \ (?P<whole>[0-9]{{1,4}})(?:rds?|ths?|s)?
    | (?P<count>{_NUMBER}|one|an?)\ (?P<unit>hal(?:f|ves)|quarters?|3rds?|[0-9]{{1,3}}ths?)
    | (?:(?<!the\ )(?<!this\ )(?<!next\ )(?<!last\ )(?P<bare>quarter|3rd)(?=\ of|[^\w]*$)|(?P<half>half))
    | every\ (?:(?P<other>other)|(?P<every>[0-9]{{1,3}})(?:nd|rd|th))
    | (?P<before>%\ )?(?P<number>{_NUMBER}|one(?=\ %))(?P<sign>\ %)?
    )(?!\S)""",
    re.X,
)

_MOST = math.nextafter(50, 100)
_FEW = math.nextafter(50, 0)
_ALMOST = r"(?:nearly|almost|virtually|practically|basically|pretty much|just about|close to)"
_ANYONE = r"(?:one|body|thing)"
# "All of us are here" and "all the best" are no share.
_OF_THEM = r" of(?! (?:us|you)\b)| the(?! (?:time|best|way|same)\b)"
# Amounts without a figure, the narrower before the wider: what they say, from and to, the figure if they come to one.
_AMOUNTS = tuple(
    (re.compile(rf"(?<!\S)(?:{pattern})(?!\S)"), Claim(float(low), high, percent))
    for pattern, low, high, percent in (
        (rf"{_ALMOST} (?:all|every(?: single)?(?: ?{_ANYONE})?)|all but (?:an? )?(?:few|handful|one)", 90, 100.0, None),
        (rf"(?:{_ALMOST}|next to) (?:none|no ?{_ANYONE})|(?:hardly|barely) any(?: ?{_ANYONE})?", 0, 10.0, None),
        (r"(?:a |the )?(?:vast|overwhelming|huge) majority", 80, 100.0, None),
        (r"(?:a )?(?:tiny|small|little) (?:share|fraction|minority|number|part|percentage)", 0, 20.0, None),
        (r"(?<!quite )(?<!quite a )(?:(?:only|just|very) )?(?:a )?(?:few|handful)", 0, 20.0, None),
        (r"not (?:(?:that|very|so|too) )?many", 0, 20.0, None),
        (r"(?:(?:a|the) (?:\w{1,12} )?)?majority|the bulk|the lion's share|mostly", _MOST, 100.0, None),
        (r"(?<!at )(?<!the )most(?! likely| probably| definitely| certainly)", _MOST, 100.0, None),
        (r"(?:(?:a|the) (?:\w{1,12} )?)?minority", 0, _FEW, None),
        (rf"every(?: single)? ?(?:one|body|project)|all(?={_OF_THEM}| {PEOPLE}|[^\w]*$)", 100, 100.0, 100.0),
        (r"none|nobody|no one|not (?:a single )?one", 0, 0.0, 0.0),
    )
)
_GREETED = re.compile(
    r"(?<!\S)(?:(?:at|after|that's|that is|you|it) all|"
    r"(?:hi|hello|hey|thanks|cheers|bye|morning)(?: to)? (?:all|everyone|everybody))$"
)

_MORE, _LESS = r"(?:more|greater|higher|larger|bigger|better)", r"(?:less|fewer|lower|smaller)"
_OVER = (
    rf"(?:no|not|never) (?:{_LESS} th[ae]n|under|below)|{_MORE} th[ae]n|over|above|north of|upwards? of|past|beyond|"
    r"exceed(?:s|ing)?|in excess of|at (?:the )?(?:very )?least|(?:a )?min(?:imum)?(?: of)?|>(?: =)?|≥"
)
_UNDER = (
    rf"(?:no|not|never) (?:{_MORE} th[ae]n|over|above|exceeding)|not (?:even|quite)|{_LESS} th[ae]n|under|below|"
    r"beneath|(?:south|short|shy) of|up to|at (?:the )?(?:very )?most|(?:a )?max(?:imum)?(?: of)?|<(?: =)?|≤"
)
_BETWEEN = r"(?: (?:a|an|the|about|around|roughly|approximately|like|say|maybe|perhaps|probably|some|~|≈|,)){0,4} $"
_DENIED = r"not|isn't|nowhere near|instead of|rather than"
_BEFORE = re.compile(rf"(?<!\S)(?:(?P<under>{_UNDER})|(?P<over>{_OVER})|(?P<denied>{_DENIED})){_BETWEEN}")
_AFTER = re.compile(
    r"(?: ,)? (?:(?P<over>\+|plus|(?:or|and) (?:more|above|over|higher|greater|up|upwards|beyond)|upwards?|"
    r"at (?:the )?(?:very )?least|minimum|min)|(?P<under>(?:or|and) (?:less|fewer|below|under|lower)|"
    r"at (?:the )?(?:very )?most|max|maximum|tops))(?!\S)"
)
# Says that a bound holds its own figure too.
_INCLUDING = re.compile(r"least|most|min|max|tops|=|≥|≤|\bor\b|up to|\+|plus|\bn(?:o|ot|ever) (?!even|quite)")
_LINK = re.compile(r" (?:(?:-|to|up to|or|and|till|until|through)(?: (?:maybe|even|about|around|perhaps))? )?")
_SURE = re.compile(r" (?:sure|certain|confident|positive)\b")
_MEASURE = re.compile(
    r" (?:an? )?(?:seconds?|2nds?|secs?|minutes?|mins?|hours?|days?|weeks?|months?|years?|dozen|thousand|k|millions?|"
    r"billions?|dollars?|euros?|usd|eur|bucks|cents|x|times|tokens|gpus|quotes?|points?)(?!\S)"
)
_LISTED = re.compile(
    r"(?<!\S)(?:option|number|no|question|choice|top|page|step|benefit|card|item|quote|of (?:the|our)) $"
)
# After such a word the person says it anew; "no more than" is no such word.
_ANEW = re.compile(
    rf"(?<!\S)(?:no(?! (?:{_MORE}|{_LESS}) th[ae]n| one| body)|nope|wait|actually|i mean|"
    r"(?:make|change) (?:that|it)|scratch that|correction|rather|hang on|hold on|on 2nd thoughts?)(?!\S)"
)


def _open(number: float, side: Side, including: bool) -> Claim:
    """The claim of all that is over or under `number`, with it or without."""
    if side == "over":
        low = number if including else math.nextafter(number, math.inf)
        return Claim(low, max(100.0, number + 1), round(number, 1))
    high = number if including else math.nextafter(number, -math.inf)
    return Claim(min(0.0, number - 1), high, round(number, 1))


def _spread(low: float, high: float) -> Claim:
    """The claim of all from `low` to `high`, in whichever order they were named."""
    return Claim(min(low, high), max(low, high), round((low + high) / 2, 1))


def _figure(match: re.Match[str]) -> tuple[Claim, int]:
    """The percent of a figure, and where it ends: "60 in 2024" is no ratio, and ends after its 60."""
    if match["part"]:
        part, whole = (1.0 if match["part"] == "one" else float(match["part"])), float(match["whole"])
        if match["of"] == "/" and part + whole == 100:  # "60/40" tells both sides
            return _spread(part, part), match.end()
        if 0 <= part <= whole and 0 < whole <= 1_000:
            first = float(match["from"]) if match["from"] else part
            return _spread(100 * first / whole, 100 * part / whole), match.end()
        return _spread(part, part), match.end("part")
    if match["number"]:
        number = 1.0 if match["number"] == "one" else float(match["number"])
        # "0.6" is a share of one, "0.6%" is not.
        number *= 100 if abs(number) < 1 and not (match["sign"] or match["before"]) else 1
        return _spread(number, number), match.end()
    unit = match["unit"] or match["bare"] or match["half"] or match["every"] or "half"
    parts = {"h": 2.0, "q": 4.0}.get(unit[0]) or float(re.sub(r"\D", "", unit)) or math.inf
    count = float(match["count"]) if (match["count"] or "a")[-1].isdigit() else 1.0
    return _spread(100 * count / parts, 100 * count / parts), match.end()


def _figures(text: str) -> Iterator[Found]:
    """The figures of prepared words one by one, without what is counted, measured or listed."""
    at = 0
    while match := _FIGURE.search(text, at):
        claim, at = _figure(match)
        signed = not match["number"] or bool(match["sign"] or match["before"])
        listed = not signed and _LISTED.search(text[max(0, match.start() - 20) : match.start()])
        if not _MEASURE.match(text, at) and not (listed and (listed.group().startswith("of") or claim.low < 10)):
            yield Found(match.start(), at, claim, 3, signed)


def _joined(text: str) -> list[Found]:
    """The figures of prepared words, two that make a range ("60 to 70") as one."""
    found: list[Found] = []
    for figure in _figures(text):
        link = _LINK.fullmatch(text[found[-1].end : figure.start]) if found else None
        if link is None or not _makes_range(link.group().strip(), found[-1].claim, figure.claim):
            found.append(figure)
            continue
        first = found.pop()
        low, high = first.claim.low, figure.claim.high
        found.append(Found(first.start, figure.end, _spread(low, high), 3, True))
    return found


def _makes_range(link: str, first: Claim, second: Claim) -> bool:
    return bool(link) or 10 <= first.low <= second.high <= 100


def _bounded(text: str, figure: Found) -> Found:
    """`figure` with the words around it that make it a bound ("over", "or less"), or deny it (weight 0)."""
    floor = max(0, figure.start - 60)
    before = _BEFORE.search(text[floor : figure.start])
    after = _AFTER.match(text, figure.end)
    start, end = floor + before.start() if before else figure.start, after.end() if after else figure.end
    if (before and before["denied"]) or _SURE.match(text, figure.end):
        return Found(start, end, figure.claim, 0, figure.signed)
    if figure.claim.low == figure.claim.high and (bound := before or after):
        side: Side = "over" if bound["over"] else "under"
        claim = _open(figure.claim.low, side, bool(_INCLUDING.search(bound.group())))
        return Found(start, end, claim, 2, True, side)
    return Found(start, end, figure.claim, figure.weight, figure.signed)


def _amounts(text: str, taken: list[Found]) -> Iterator[Found]:
    """The amounts without a figure that prepared words name outside of what is taken already."""
    spans = [(found.start, found.end) for found in taken]
    for pattern, claim in _AMOUNTS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < to and since < end for since, to in spans):
                continue
            spans.append((start, end))
            before = text[max(0, start - 20) : start]
            if not _GREETED.search(before + match.group()):
                denied = re.search(r"(?<!\S)(?:not|isn't) $", before)
                yield Found(start, end, claim, 0 if denied else 1)


def shares_in(text: str) -> list[Found]:
    """All shares of prepared words, in order."""
    figures = [_bounded(text, figure) for figure in _joined(text)]
    return sorted([*figures, *_amounts(text, figures)], key=lambda found: found.start)


def that_count(text: str, shares: list[Found]) -> list[Found]:
    """The shares that count: none that is denied, and those after the last correction that brings any."""
    counting = [share for share in shares if share.weight]
    turns = [match.start() for match in _ANEW.finditer(text)]
    last = max((turn for turn in turns if any(share.start >= turn for share in counting)), default=0)
    return [share for share in counting if share.start >= last]


def read_claim(words: str) -> Claim | None:
    """The share that `words` claim, in percent; None where they claim none. Only 2,000 characters are read.

    After a correction ("60, no wait, 70") the later counts. A figure tells more than a bound, that more than "most".
    """
    text = prepared(words)
    return _chosen(that_count(text, shares_in(text)))


def _chosen(shares: list[Found]) -> Claim | None:
    # "65% in 2024": what cannot be a share counts only where nothing else does.
    shares = [share for share in shares if 0 <= share.claim.low <= 100] or shares
    if not shares:
        return None
    best = max(shares, key=lambda share: (share.weight, share.start))
    if best.weight == 2:
        over = next((share.claim for share in reversed(shares) if share.side == "over"), None)
        under = next((share.claim for share in reversed(shares) if share.side == "under"), None)
        if over and under and over.low < under.high:
            return _spread(round(over.low, 9), round(under.high, 9))
    return best.claim
