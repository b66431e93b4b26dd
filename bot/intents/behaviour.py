"""How the bot is to behave in a place, in set forms: "answer automatically here", "be quiet", "switch quizzes off"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.intents import Intent, Name, Setting, certain
from bot.intents.talk.forms import set_form


@dataclass(frozen=True)
class Feature:
    """What can be switched off: how it is called, as a pattern, and what is not begun then."""

    called: str
    begins: frozenset[Name]


FEATURES: Mapping[str, Feature] = {
    "polls": Feature("poll", frozenset({"poll_start"})),
    "quizzes": Feature("quiz(?:zes)?", frozenset({"quiz_start"})),
    "benefits": Feature("benefit", frozenset({"benefits"})),
    "savings": Feature("saving|savings estimate|estimate", frozenset({"savings_estimate"})),
    "discussions": Feature("discussion|engagement question|question for the team", frozenset({"engagement_question"})),
    "excerpts": Feature(
        "excerpt|quote|takeaway|statistic",
        frozenset({"quote", "takeaways", "short_version", "stats", "resources", "keywords", "next_topic"}),
    ),
    "descriptions": Feature("description", frozenset({"describe"})),
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
_CALLED = {name: re.compile(f"(?:{one.called})s?", re.I) for name, one in FEATURES.items()}
_WHO = rf"(?P<who>{ID}(?:(?:,| and|, and)? {ID})*)"
_NEW = set_form(rf"(?:make|add) {_WHO} (?:(?:as )?an? |(?:as )?)?moderators?{_HERE}")
_LISTED = set_form(rf"(?:add )?moderators?:? {_WHO}")
_GONE = set_form(rf"(?:remove|drop) {_WHO} (?:as an?|from the|as) moderators?{_HERE}")
# What is said by a command for settings: nothing else than a setting.
SETTINGS = "settings: "


def read_setting(words: str) -> Intent | None:
    """The change that `words` ask for in one of the forms above; None for all other words."""
    text = " ".join(words.split())
    if text.startswith(SETTINGS):
        return read_setting(text.removeprefix(SETTINGS)) or certain("settings")
    for setting, pattern in _FORMS:
        if pattern.fullmatch(text):
            return certain("settings", setting)
    for pattern, on in ((_NEW, True), (_LISTED, True), (_GONE, False)):
        if match := pattern.fullmatch(text):
            return certain("settings", Setting("moderator", on, " ".join(re.findall(ID, match["who"], re.I))))
    if (match := _FEATURE.fullmatch(text)) and (feature := _feature(match["after_it"] or match["before_it"])):
        return certain("settings", Setting("feature", "on" in (match["after"], match["before"]), feature))
    return None


def _feature(called: str) -> str | None:
    return next((name for name, written in _CALLED.items() if written.fullmatch(called.strip())), None)


def is_id(text: str) -> bool:
    """Whether that is the id of somebody, or of a group, with its platform."""
    return re.fullmatch(ID, text) is not None
