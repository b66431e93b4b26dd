"""`/finops`: its sub-commands, each in the words that a person would type."""

from __future__ import annotations

import re

from bot.intents import sayings

# What a form for a poll says; it is one of the words that open a form at once.
NEW_POLL = sayings.order("new")
OPENING = frozenset({NEW_POLL})
# sub-command -> what it says alone, what it says with more ("{}"), and how it is told in the help
COMMANDS: dict[str, tuple[str, str, str]] = {
    "ask": ("help", "{}", "QUESTION: an answer with its sources"),
    "poll": (NEW_POLL, "poll: {}", "a form for a poll; or in one line: QUESTION? OPTION, OPTION, ... for 2h"),
    "start": ("start the poll", "start {}", "the script's own poll"),
    "quiz": ("quiz me", "quiz round about {}", "a question to answer; with a topic, a round about that"),
    "benefits": ("show me the benefits", "benefit {}", "the cards to press, or one by its number"),
    "savings": ("savings slider", "savings {}", "an estimate, for example 80k a month at 15%"),
    "takeaways": ("show the key takeaways", "show the key takeaways of {}", "the key takeaways"),
    "quote": ("give me a quote", "give me a quote about {}", "a quote"),
    "stats": ("show the statistics", "show the statistics about {}", "the statistics"),
    "describe": (
        "describe the visuals and sounds",
        "describe the visuals and sounds of {}",
        "pictures and sounds in words",
    ),
    "discuss": (
        "give the team something to discuss",
        "post a question for the team about {}",
        "a question for the team",
    ),
    "results": ("results", "results of {}", "how the poll stands, or another by its number"),
    "leaderboard": ("leaderboard", "leaderboard", "who has joined it, by how much was right"),
    "usage": ("what do you cost?", "what do you cost?", "what the bot has done and cost"),
    "privacy": ("privacy", "{} my data", "what is kept about you; “delete” deletes it"),
    "settings": ("settings", "settings: {}", "the settings of this channel; or one to change, for example: be quiet"),
}
NAME = "/finops"
# People may say such a word themselves: "quiz for everybody", "results of poll 3".
_JOIN = re.compile(r"(?:about|of) (?=\{\}$)")
_JOINED = re.compile(r"(?:about|on|of|for|from|with) ", re.IGNORECASE)
HEAD = f"{NAME} takes a question, or one of these:"


def words_of(text: str) -> str:
    """What a command says: its sub-command in words, or whatever else was typed as it stands."""
    name, _, more = text.strip().partition(" ")
    if name.lower() not in COMMANDS:
        return text.strip() or "help"
    alone, with_more, _ = COMMANDS[name.lower()]
    more = more.strip()
    if _JOINED.match(more):
        with_more = _JOIN.sub("", with_more)
    return with_more.format(more) if more else alone


def is_help(text: str) -> bool:
    """Whether nothing or only help is asked for."""
    return text.strip().lower() in ("", "help", "?")


def help_text() -> str:
    """The sub-commands, a line each, in Markdown."""
    return "\n".join((HEAD, *(f"- `{NAME} {name}` {told}" for name, (_, _, told) in COMMANDS.items())))
