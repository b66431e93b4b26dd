"""Who and what a sentence names beside its passages: names, sources and quotes that they do not hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.checking.wordlists import STEMS
from knowledge.words import FUNCTION_WORDS, frequency, stem, stems, words

# A source that is claimed. "Case study" is a kind of section rather than research.
_CLAIMED = re.compile(
    r"\b(research(?:ers)?|(?<!case )stud(?:y|ies)|surveys?|reports?|polls?|analysts?|experts?|specialists|scientists?"
    r"|economists?|journalists?|academics?|professors?|consultan(?:ts?|c\w+)|white ?papers?|papers?|articles?|blogs?"
    r"|publications?|magazines?|newspapers?|press|university|institute|benchmarks?(?= (?:show|find|suggest|say))"
    r"|analys[ie]s(?= (?:show|find|found|by|from))|evidence|auditors?|authorities|regulators?|officials|critics"
    r"|insiders|observers|sources? (?:say|close)|reportedly|allegedly|famously|historically)\b",
    re.I,
)
_ACCORDING = re.compile(
    r"\b(?:according to|as (?:reported|stated|said|shown|noted|published) (?:by|in)|says?|said)\b", re.I
)
_QUOTED = re.compile(
    r"“([^“”]*)”|\"([^\"]*)\"|«([^«»]*)»|\u2039([^\u2039\u203a]*)\u203a|„([^„“”]*)[“”]"
    r"|(?<!\w)[‘']([^‘’']+(?:(?<=\w)['’](?=\w)[^‘’']*)*)[’'](?!\w)"
)
_CAPITAL = re.compile(r"(?<![\w'’-])[A-Z][\w'’]*(?:-[\w'’]+)*")
# Who made something is somebody, in whatever letters.
_MADE_BY = re.compile(
    r"\b(?:creat|found|invent|develop|coin|introduc|publish|own|produc|present|host|narrat|fund)ed by (?:an? |the )?"
    r"(\w+)|\b(?:built|made|run|written|led|driven|shown) by (?:an? |the )?(\w+)",
    re.I,
)
_START = re.compile(r"^\W*$|[:;.!?]\s*[\"“‘'(]*$")
_BOUND = re.compile(r"(?:north|upwards?) of\b", re.I)
# Words at the beginning of a sentence that end like this are no names, if they are English at all.
_NO_NAME = re.compile(r"(?:s|ing|ed|ly|ion|ity|ment|ness|ance|ence)$")
# So often an English word is met in the word list, and so often one that is hardly ever taken for a name.
ENGLISH, EVERYDAY = 200, 100_000


def strange_name(sentence: str, allowed: str) -> str | None:
    """The first name in `sentence` that `allowed`, all that it cites, does not hold; None where there is none."""
    known = set(words(allowed)) | {stem(word) for word in words(allowed)}
    for match in _MADE_BY.finditer(sentence):
        maker = (match[1] or match[2]).lower()
        if maker not in known and stem(maker) not in known:
            return maker
    for match in _CAPITAL.finditer(sentence):
        name = match[0].removesuffix("'s").removesuffix("’s")
        unknown = [word for word in words(name) if word not in known and stem(word) not in known]
        if not unknown or name.lower() in FUNCTION_WORDS or _BOUND.match(sentence, match.start()):
            continue
        begins = _START.search(sentence[: match.start()]) is not None
        if not (begins and match[0][1:].islower() and _is_common(unknown[0])):
            return name
    return None


def _is_common(word: str) -> bool:
    """Whether a word that begins a sentence is a plain English word rather than a name."""
    met = frequency(word)
    return stem(word) in STEMS["own"] or met >= (ENGLISH if _NO_NAME.search(word) else EVERYDAY)


def strange_source(sentence: str, allowed: str) -> str | None:
    """The source that `sentence` claims and `allowed` does not name; None where it claims none."""
    known = set(stems(" ".join(_CLAIMED.findall(allowed))))
    for match in _CLAIMED.finditer(sentence):
        if known.isdisjoint(stems(match[0])):
            return match[0]
    held = STEMS["own"].union(stems(allowed))
    for match in _ACCORDING.finditer(sentence):
        after = [stem(word) for word in words(sentence[match.end() :])[:6] if word not in FUNCTION_WORDS]
        before = [stem(word) for word in words(sentence[: match.start()])[-6:] if word not in FUNCTION_WORDS]
        near = after if match[0].lower().startswith(("acc", "as")) else before
        if near and not STEMS["own"].intersection(near) and not held.issuperset(near):
            return match[0]
    return None


def strange_quote(sentence: str, allowed: str) -> str | None:
    """The first words in quotation marks that do not stand like that in `allowed`; None where there are none."""
    held = _plain(allowed)
    for quoted in _quotes(sentence):
        if _plain(quoted) not in held:
            return quoted
    return None


def _quotes(sentence: str) -> Iterator[str]:
    for match in _QUOTED.finditer(sentence):
        yield next(filter(None, match.groups()), "")


def _plain(text: str) -> str:
    """Words and what stands between them, in one style: quotation marks, dashes, white space, no stop at the end."""
    text = text.casefold().translate(_STYLES)
    return " ".join(text.split()).strip(" .,;:!?…'\"")


_STYLES = {0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x2013: "-", 0x2014: "-", 0xA0: " "}
