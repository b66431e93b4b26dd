"""What no sentence may hold, whatever the passages say: links, mentions, markup, hidden characters, orders, a self."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

from knowledge.refusal import is_refused

Wording = Literal["hidden", "link", "mention", "markup", "language", "self", "order"]

_LINK = re.compile(
    r"\w://|\b\d{1,3}(?:\.\d{1,3}){3}\b|\bwww\.|\bmailto:"
    r"|\b[\w-]{1,63}\.(?:com|org|net|io|ai|dev|app|info|co|me|ru|cn|xyz|gov|edu|uk|de|eu|ly|gg)\b|\b[\w-]{1,63}\.[a-z]{2,20}/"
    r"|\b[\w-]{1,63}\s{0,9}(?:\(dot\)|\[dot\]|\bdot\b)\s{0,9}(?:com|org|net|io|ai|dev|app|info|co|ly|gg)\b",
    re.I,
)
# So many characters on either side belong to an address.
LONGEST = 500
_MENTION = re.compile(r"@|<[!#@&]|\b(?:everyone|channel|here)>")
# Bold and italics are no more than emphasis; everything else shows something that the passages do not.
_MARKUP = re.compile(r"[`<>{}|\\~^]|\]\(|\]\[|!\[|^\s*#|==|\$\(|&\w+;|\b0x[0-9a-f]{2,}|[A-Za-z0-9+/]{24,}={0,2}")
_SELF = re.compile(
    r"\b(?:I|I'm|I've|I'll|I'd|me|my|myself|mine)\b(?!\.)|\b[Aa]s an? (?:AI|(?:AI )?(?:language|assistant|chatbot|bot))"
    r"[ ,]|\b(?:system|hidden|initial) (?:prompt|message|instructions?)\b|\bmy (?:rules|instructions|prompt)\b",
)
# What nobody is to be asked for.
_PERSONAL = re.compile(
    r"\b(?:pass(?:word|code|phrase)s?|pins?|tokens?|(?:api|private|secret|licen[cs]e) keys?|credentials?|log-?ins?"
    r"|credit cards?|card (?:number|details)|bank (?:account|details)|account numbers?|phone numbers?|social security"
    r"|(?:home|postal|street|e-?mail|ip) address(?:es)?|e-?mails?|wallets?|seed phrases?|gift cards?|bitcoins?"
    r"|crypto)\b",
    re.I,
)
_JOINERS = frozenset("\u200d\ufe0f")  # within an emoji they hide nothing


def forbidden(sentence: str, allowed: str) -> Wording | None:
    """The kind of what `sentence` must not hold ("link", "mention", ...); None where it holds nothing of that.

    `allowed` is the text that it cites: an address that stands there may be repeated to the letter.
    """
    if any(_hides(character) for character in sentence):
        return "hidden"
    if not set(_links(sentence)) <= set(_links(allowed)):
        return "link"
    if _MENTION.search(sentence):
        return "mention"
    if _MARKUP.search(sentence):
        return "markup"
    if not _same_letters(sentence, allowed):
        return "language"
    if _SELF.search(sentence) and not _SELF.search(allowed):
        return "self"
    asks = is_refused(sentence) and not is_refused(allowed)
    return (
        "order"
        if asks or any(match[0].lower() not in allowed.lower() for match in _PERSONAL.finditer(sentence))
        else None
    )


def _links(text: str) -> Iterator[str]:
    """The addresses in `text`, each with all that is written in one with it."""
    for match in _LINK.finditer(text):
        before, after = text[max(0, match.start() - LONGEST) : match.start()], text[match.end() : match.end() + LONGEST]
        whole = re.split(r"\s", before)[-1] + match[0] + re.split(r"\s", after)[0]
        yield whole.casefold().strip(".,;:!?()[]<>\"'“”‘’")


def _hides(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs", "Cn") and character not in _JOINERS


def _same_letters(sentence: str, allowed: str) -> bool:
    """Whether the letters of `sentence` are Latin ones, or of a script in which `allowed` is written too."""
    return all("LATIN" in unicodedata.name(letter, "") or letter in allowed for letter in sentence if letter.isalpha())
