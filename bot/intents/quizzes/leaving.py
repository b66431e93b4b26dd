"""What is said of an open quiz and answers nothing: to leave the question, to see its answer, or to have more time."""

from __future__ import annotations

from typing import Literal

from bot.intents.talk.forms import set_form

_WHO = r"(?:i |i'll |i will |i think i'll |we )?"
_IT = r"(?:it|that|us|(?:the |this |its |your )?(?:right |correct )?(?:answer|solution|one))"
_TELL = (
    rf"(?:just |so |then |now )?(?:(?:tell|show|give) (?:me|us)(?: {_IT})?(?: then| now| already)?"
    rf"|(?:reveal|show|say) {_IT}|the (?:answer|solution)"
    rf"|(?:what is|what's|whats) (?:it|the (?:right |correct )?(?:answer|solution))(?: then)?)"
)
_ONE = r"(?: (?:it|this|that|ahead|(?:this |that |the )?(?:one|question)))?"
_SKIP = set_form(
    rf"{_WHO}(?:pass|skip){_ONE}|pass on {_ONE.removesuffix('?')}|(?:the )?next(?: one| question)?"
    rf"|(?:let's |let us |lets )?(?:move on|go on)(?: to the next(?: one| question)?)?"
    rf"|{_WHO}(?:give|giving) up(?: on this(?: one)?)?|i'm giving up|i surrender|i'm out"
    rf"|{_TELL}|(?:the )?(?:answer|solution)"
)
_MOMENT = r"(?:a |one |just a |just one |half a )?(?:moment|minute|min|second|sec|bit|tick)"
_PAUSE = set_form(
    rf"(?:let me (?:think|see)(?: about (?:it|that|this))?"
    rf"(?: for)?(?: {_MOMENT})?(?: first)?|(?:hold|hang) on(?: {_MOMENT})?|wait(?: (?:{_MOMENT}|for me))?|{_MOMENT}"
    rf"|(?:give|gimme) ?(?:me |us )?(?:{_MOMENT}|(?:some|more|a little) (?:more )?time)(?: to think)?"
    rf"|(?:i need|i want|need|(?:can|could|may) i (?:have|get|take))"
    rf" (?:{_MOMENT}|(?:some|more|a little) (?:more )?time)(?: to think)?"
    rf"|still thinking|thinking"
    rf"|(?:i'm|i am) (?:still )?thinking|i (?:have|need) to think(?: about (?:it|that|this))?|not yet"
    rf"|(?:repeat|say|ask)(?: (?:it|that|this|the question|me))?(?: once)?(?: again| more)?|come again"
    rf"|(?:what was|what's|what is) the question(?: again)?|(?:the )?question again|(?:once )?again|one more time"
    rf"|(?:can you |could you )?(?:repeat|rephrase) (?:it|that|the question)|what did you ask(?: me)?|sorry|pardon)"
)


def read_leaving(text: str) -> Literal["skip", "pause"] | None:
    """Whether `text` asks for no more than to go on with another question, or for time or the question again.

    None for whatever else is said. `text` has single spaces.
    """
    plain = text.replace("\u2019", "'").replace("\u2026", ".").rstrip(" .!?")
    if _PAUSE.fullmatch(plain):
        return "pause"
    return "skip" if _SKIP.fullmatch(plain) else None
