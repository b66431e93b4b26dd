"""How the bot is to behave in a place, in set forms: "answer automatically here", "be quiet", "switch quizzes off"."""

from __future__ import annotations

import re

from bot.intents import Intent, Setting
from bot.intents.forms import set_form

# feature -> how it is called
FEATURES = {
    "polls": "poll",
    "quizzes": "quiz(?:zes)?",
    "benefits": "benefit",
    "savings": "saving|savings estimate|estimate",
    "discussions": "discussion|engagement question|question for the team",
    "excerpts": "excerpt|quote|takeaway|statistic",
    "descriptions": "description",
}
ID = r"(?:slack|discord|terminal):[A-Za-z0-9]{1,40}"
_HERE = r"(?: (?:here|in here|in this (?:channel|place|room|talk)))?"
_WHEN = "(?:when|if)(?: you are|you're)?"
_SETTINGS: tuple[tuple[Setting, str], ...] = (
    (Setting("automatic"), r"(?:answer|reply) (?:automatically|to everything|without (?:a |being )?mention(?:ed)?)"),
    (Setting("automatic", False), rf"(?:(?:answer|reply|speak) )?only {_WHEN} (?:mentioned|asked|addressed)"),
    (Setting("quiet"), r"(?:be|stay|keep|go) quiet"),
    (Setting("quiet", False), r"(?:do not|don't|stop) (?:be|being) quiet"),
)
_FORMS = tuple((setting, set_form(pattern + _HERE)) for setting, pattern in _SETTINGS)
_FEATURE = set_form(
    r"(?:switch|turn) (?:the )?(?:(?P<before>on|off) (?:the )?(?P<after_it>[a-z ]{3,30}?)"
    rf"|(?P<before_it>[a-z ]{{3,30}}?) (?P<after>on|off)){_HERE}"
)
_NEW = set_form(rf"(?:make|add) (?P<who>{ID}) (?:(?:as )?an? )?moderator{_HERE}")
_GONE = set_form(rf"(?:remove|drop) (?P<who>{ID}) (?:as an?|from the|as) moderators?{_HERE}")


def read_setting(words: str) -> Intent | None:
    """The change that `words` ask for in one of the forms above; None for all other words."""
    text = " ".join(words.split())
    for setting, pattern in _FORMS:
        if pattern.fullmatch(text):
            return Intent("settings", setting)
    for pattern, on in ((_NEW, True), (_GONE, False)):
        if match := pattern.fullmatch(text):
            return Intent("settings", Setting("moderator", on, match["who"]))
    if (match := _FEATURE.fullmatch(text)) and (feature := _feature(match["after_it"] or match["before_it"])):
        return Intent("settings", Setting("feature", "on" in (match["after"], match["before"]), feature))
    return None


def _feature(called: str) -> str | None:
    found = (name for name, pattern in FEATURES.items() if re.fullmatch(f"(?:{pattern})s?", called.strip(), re.I))
    return next(found, None)


def is_id(text: str) -> bool:
    """Whether that is the id of somebody, or of a group, with its platform."""
    return re.fullmatch(ID, text) is not None
