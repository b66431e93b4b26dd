"""Where something comes from that was told last, and how old it is: "says who?", "where does the 30% come from?"."""

from __future__ import annotations

import re

from bot.intents.talk.forms import set_form
from bot.intents.talk.leads import unled

_IT = r"(?:that|this|it|those|these)"
_FIGURE = r"(?P<{}>\d{{1,9}}(?:[.,]\d{{1,9}})*) ?(?:%|per ?cent)?"
_CLAIM = r"(?:number|figure|percentage|rate|share|claim|estimate|statistic|stat|information|info|answer|statement)s?"
_NAMED = rf"(?:{_IT}(?: {_CLAIM})?|(?:the|your|those|these) {_CLAIM}|(?:the |your |that )?{_FIGURE})"
_NAMED_ALONE = rf"(?:{_IT}(?: {_CLAIM})?|(?:the|your|those|these) {_CLAIM})"
_FROM = r"(?:(?:come|comes|coming|taken|originate|derive|stem)(?: originally)? from|from|based on|come)(?: originally)?"
_SOURCE = r"(?:sources?|references?|citations?|proof|evidence)"


_NUMBER = re.compile(r"(?<![\d.,])\d{1,9}(?:[.,]\d{1,9})*+")


def _named(number: int) -> str:
    return _NAMED.format(f"figure{number}")


_ASKED = set_form(
    r"says who|who (?:says|said|claims)(?: so| that| this| it)?|according to (?:who|whom|what)"
    r"|on what (?:basis|grounds)|(?:what(?:'s| is| are|s)? (?:the |your )?|(?:do you have|have you got|got|any"
    r"|is there|are there|give me|show me)"
    rf"(?: (?:a|any|the|your|some))? )?{_SOURCE}(?: (?:for|of|on) {_named(0)})?"
    rf"|where (?:did|do) you (?:get|have|take|find|know|read) {_named(1)}(?: from)?|how do you know(?: {_IT})?"
    r"|what makes you (?:think|say|believe) (?:so|that|this)"
    rf"|(?:are )?(?:you|u|ya) (?:really |quite |absolutely |that )?(?:sure|certain|positive)(?: (?:about|of) {_IT})?"
    rf"|(?:can|could|should|may) (?:i|we|one) (?:really )?(?:trust|believe|quote|cite|rely on|count on) {_IT}"
    rf"|(?:is|are) {_IT} (?:really |actually |all |still )?(?:true|right|correct|certain|realistic|guaranteed|reliable"
    r"|verified|official|up[ -]to[ -]date|current|recent|valid|outdated|a fact)"
    rf"|how (?:old|sure|certain|reliable|recent|current|up to date) (?:is|are) (?:you|{_NAMED_ALONE})"
    rf"(?: (?:about|of) {_IT})?"
    rf"|when (?:was|were|did you) {_NAMED_ALONE} (?:last )?(?:written|checked|verified|updated|read|published|made)"
    rf"|where(?:'s| is| does| do| did| are)? {_named(2)} {_FROM}"
    rf"|what(?:'s| is| are| was|s)? {_named(3)} (?:based|founded|built|resting) on"
    rf"|what (?:does|do|did) {_named(4)} (?:rest|build|stand|rely) (?:up)?on"
    rf"|(?:does|do|did) (?:the video|the script|the handbook|it|they|you) (?:say|tell|name|state|mention)"
    rf" where {_named(5)} (?:is|are|was|comes?|came)(?: taken)? from"
)


def asks_for_grounds(text: str, told: str) -> bool:
    """Whether `text` asks where that comes from which was `told` last; a figure that it names must stand there."""
    asked = _ASKED.fullmatch(unled(" ".join(text.split())).replace("\u2019", "'"))
    if asked is None or not told:
        return False
    return {figure for figure in asked.groupdict().values() if figure} <= set(_NUMBER.findall(told))
