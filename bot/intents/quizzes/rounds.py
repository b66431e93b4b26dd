"""What is said about rounds of quiz questions in set forms: "5 questions about benefits", "quiz for everybody"."""

from __future__ import annotations

import re

from bot.intents import Intent, RoundAction, RoundOrder
from bot.intents.sayings import round_ordered
from bot.intents.talk.forms import set_form

_MAKE = r"(?:(?:start|open|begin|make|do|play|hold|run|give me|i want|i'd like|let's do|let's play|let's have) )?"
_A = r"(?:a |an |the |another |one more |our )?(?:new )?"
_NUMBERS = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "fifteen",
    "twenty",
]
_COUNT = rf"(?P<count>[0-9]{{1,3}}|{'|'.join(_NUMBERS)})"
_VALUES = {**{word: value for value, word in enumerate(_NUMBERS[:12], 1)}, "fifteen": 15, "twenty": 20}
_WITH = rf"(?:,? (?:with|of) {_COUNT}(?: quiz)?(?: questions?)?)?"
_ABOUT = r"(?: (?:about|on|from) (?P<text>.{1,80}?))?"
_ALL = r"(?:everybody|everyone|(?:all|each) of us|us all|all|us|the (?:whole )?(?:team|room|channel|group))"
_ROUND = r"(?:quiz[ -]?round|round of (?:quiz )?questions|team quiz)"
_MISSED = "(?:wrong|missed|failed)"
_WISH = r"(?:(?:i want to|i'd like to|let me|may i|can i) )?"
_BOARD = r"(?:the |your )?(?:quiz )?leader ?board"

# Whether it is meant for all in the room, and how it is said.
_STARTS: tuple[tuple[bool, str], ...] = (
    (True, rf"{_MAKE}{_A}(?:team|group|common|joint|room)[ -]?(?:quiz|quiz round){_WITH}{_ABOUT}"),
    (True, rf"{_MAKE}{_A}quiz(?: round)?{_WITH} (?:for|with) {_ALL}{_WITH.replace('count', 'more')}{_ABOUT}"),
    (True, rf"quiz (?:everybody|everyone|us all|all of us|the team|the room){_WITH}{_ABOUT}"),
    (False, rf"{_MAKE}{_A}(?:quiz[ -]?round|round of (?:quiz|quizzes)){_WITH}{_ABOUT}"),
    (False, rf"{_MAKE}{_A}round of {_COUNT}(?: quiz)? questions?{_ABOUT}"),
    (False, rf"(?:quiz|test|ask) me,? (?:with|on)? ?{_COUNT}(?: quiz)? questions?{_ABOUT}"),
    (False, rf"(?:(?:give|ask) me )?{_COUNT}(?: quiz)? questions?(?: (?:about|on|from) (?P<text>.{{1,80}}?))"),
    (False, rf"(?:give|ask) me {_COUNT} quiz questions?"),
    (False, r"(?:quiz|test) me,? (?:on|about) (?P<text>.{1,80}?)"),
)
_ORDERS: tuple[tuple[RoundAction, str], ...] = (
    ("again", rf"(?:again|repeat|retry|try again)(?: with)? (?:the |my )?{_MISSED} (?:ones?|questions?)"),
    ("join", rf"{_WISH}(?:join|enter|be on|add me to|put me on) {_BOARD}"),
    ("leave", rf"{_WISH}(?:leave|quit|get off|remove me from|take me off|delete me from) {_BOARD}"),
)
# Said only while a round is open together in the room.
_IN_ROUND: tuple[tuple[RoundAction, str], ...] = (
    (
        "reveal",
        r"(?:reveal|resolve|uncover)(?: (?:it|(?:the )?(?:right |correct )?(?:answer|solution|question)))?"
        r"|(?:show|tell|give)(?: (?:me|us|everybody|everyone|them))? (?:the )?(?:right |correct )?(?:answer|solution)"
        r"|(?:what(?:'s| is) )?the (?:right |correct )?(?:answer|solution)",
    ),
    ("next", r"(?:(?:go on|continue|move on) (?:with|to) )?(?:the )?next question|go on|move on|carry on|continue"),
    (
        "end",
        rf"(?:end|stop|finish|close|cancel|quit)(?: of)? (?:the |our |this )?(?:whole )?(?:{_ROUND}|round|quiz)"
        r"(?:,? (?:here|now|everybody|everyone|all))?|(?:end|stop|finish|quit) it(?: (?:here|now|there))?",
    ),
)
# Said only once the answer is revealed: before that they pass the question.
_REVEALED: tuple[tuple[RoundAction, str], ...] = (("next", r"(?:the )?next(?: one)?|another(?: one)?"),)


_STARTING = tuple((together, set_form(pattern)) for together, pattern in _STARTS)
_ORDERING = tuple((action, set_form(pattern)) for action, pattern in _ORDERS)
_GOING_ON = tuple((action, set_form(pattern)) for action, pattern in _IN_ROUND)
_AFTER_REVEAL = tuple((action, set_form(pattern)) for action, pattern in _REVEALED)
# Who else is to be quizzed; and how many questions there are to be.
_OTHERS = re.compile(r"\b(?:us|everyone|everybody|team|group|room|channel|together|colleagues)\b", re.I)
_OF_SO_MANY = re.compile(rf"\b{_COUNT} (?:quiz )?questions?\b", re.I)


def read_round(words: str, in_round: bool = False, revealed: bool = False) -> Intent | None:
    """What `words` order of a round or the leaderboard; `in_round` while one is open together in the room, `revealed`
    once it has shown its answer.
    """
    text = " ".join(words.split())
    led = (*_GOING_ON, *(_AFTER_REVEAL if revealed else ())) if in_round else ()
    for action, pattern in (*_ORDERING, *led):
        if pattern.fullmatch(text):
            return round_ordered(RoundOrder(action))
    for together, pattern in _STARTING:
        if match := pattern.fullmatch(text):
            held = match.groupdict()
            count = held.get("count") or held.get("more")
            about = (held.get("text") or "").strip()
            return round_ordered(RoundOrder("start", count=_value(count), text=about, together=together))
    return None


def read_for_all(words: str) -> Intent | None:
    """The quiz for all in the room that `words`, which want a quiz, may mean; None where they name nobody else."""
    if not _OTHERS.search(words):
        return None
    count = _OF_SO_MANY.search(words)
    return Intent("quiz_start", RoundOrder("start", count=_value(count["count"]) if count else None, together=True))


def _value(count: str | None) -> int | None:
    return None if count is None else int(count) if count.isdecimal() else _VALUES[count.lower()]
