"""What the app needs in Slack, and why: no scope without a reason."""

from __future__ import annotations

from collections.abc import Collection

GROUPS = "usergroups:read"
REQUIRED = {
    "app_mentions:read": "to hear when somebody mentions the bot",
    "assistant:write": "to suggest what to ask when a conversation is opened",
    "chat:write": "to answer, and to say that an answer is under way",
    "commands": "for /finops and the shortcut on messages",
    "im:history": "to hear what is said in direct messages",
    "im:write": "to go on with a quiz or an estimate in direct messages",
    "users:read": "to know who is an administrator, and in which time zone somebody lives",
}
OPTIONAL = {
    "channels:history": "to follow up in threads without a new mention, and to answer where a channel asks for that",
    "files:write": "to show results as pictures; without it their text is shown alone",
    "groups:history": "the same as channels:history in private channels",
    GROUPS: "to let a user group moderate; needed only where FINOPS_MODERATORS or a channel names one",
}
# Any of these lets the bot hear what is said in a channel without a mention.
OVERHEARING = ("channels:history", "groups:history")


def missing(granted: Collection[str]) -> list[str]:
    """The required scopes that were not granted, each with what it is for."""
    return [f"{scope} ({why})" for scope, why in REQUIRED.items() if scope not in granted]


def lacking(granted: Collection[str]) -> list[str]:
    """The optional scopes that were not granted, each with what it is for."""
    return [f"{scope} ({why})" for scope, why in OPTIONAL.items() if scope not in granted]
