"""Set phrases: the names of what people can do, and what the bot's own buttons and hints tell them to say."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.intents import Intent, Name, certain
from bot.intents.talk.forms import set_form
from bot.intents.talk.leads import unled

_SHOW = r"(?:(?:show|give|tell) (?:me |us )?)?(?:the |my |your |all )?"
_START = r"(?:(?:start|begin|open|run|do) )?(?:the |a |another )?(?:new )?"
# "the lunch poll"
_NAMED = r"(?:[\w'’-]+ ){0,4}"
_PHRASES: Mapping[Name, str] = {
    "poll_start": r"(?:start|begin|open|run|launch) (?:(?:the|a|our) )?(?:poll|survey|vote)",
    "poll_close": rf"(?:close|end|finish) (?:the|this|our) {_NAMED}(?:poll|survey|vote)(?: about .{{1,60}})?"
    r"|(?:close|end|finish) (?:both|all|all of|the|our|these|those)(?: the)?(?: open)? (?:polls|surveys|votes)",
    "results": rf"{_SHOW}(?:poll |survey )?results(?: (?:of|for|from|in) (?:the|our) {_NAMED}(?:poll|survey|vote))?",
    "quiz_start": rf"{_START}quiz|quiz (?:me|us)",
    "quiz_hint": r"(?:a |another |give me a )?hint",
    "quiz_skip": r"skip(?: it| this| this one)?|(?:show|reveal) the answer",
    "leaderboard": rf"{_SHOW}leaderboard",
    "benefits": rf"{_SHOW}(?:five )?benefits",
    "savings_estimate": rf"{_SHOW}savings (?:slider|estimate)",
    "engagement_question": r"give the team something to discuss|(?:a|another) question for the team",
    "quote": rf"{_SHOW}quotes?|another quote",
    "takeaways": rf"{_SHOW}(?:key )?takeaways",
    "short_version": rf"{_SHOW}short version",
    "stats": rf"{_SHOW}(?:stats|statistics)",
    "resources": rf"{_SHOW}resources",
    "keywords": rf"{_SHOW}keywords",
    "next_topic": r"next topic",
    "describe": r"describe the visuals(?: and sounds)?",
    "usage": rf"{_SHOW}usage",
    "privacy": r"privacy",
    "settings": rf"{_SHOW}settings",
    "help": r"/?help(?: me)?|menu|commands",
    "stop": r"(?:(?:no|nah|nope),? )?(?:stop|cancel|quit|exit|abort"
    r"|never ?mind|nvm|forget (?:it|that|about it)|drop (?:it|that)"
    r"|scrap (?:it|that)|leave it|no more)(?:,? (?:thanks|thank you|wrong (?:channel|chat|room|thread)))?",
    "undo": r"undo(?: that| it| this)?(?: again| once more)?|(?:take|put) (?:that|it) back",
}
_READERS: tuple[tuple[Name, re.Pattern[str]], ...] = tuple((name, set_form(said)) for name, said in _PHRASES.items())


def read_phrase(text: str) -> Intent | None:
    """The intent of a set phrase, whatever is open; None for all other words. `text` has single spaces."""
    return next(
        (certain(name) for way in (text, unled(text)) for name, pattern in _READERS if pattern.fullmatch(way)), None
    )
