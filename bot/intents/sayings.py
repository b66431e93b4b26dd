"""What buttons say: short commands with ids, written and read in one place. People may type them as well."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.intents import NAMES, Attempt, Confirmed, Intent, Name, Pick, Ref, Vote

# --- Written by activities ---


def vote(poll: int, option: int) -> str:
    """A vote in a poll; options count from 1."""
    return f"vote {poll} {option}"


def close_poll(poll: int) -> str:
    """Close a poll."""
    return f"poll {poll} close"


def poll_results(poll: int) -> str:
    """How a poll stands."""
    return f"poll {poll} results"


def answer_quiz(run: int, option: int) -> str:
    """Answer a quiz with one of its options; they count from 1."""
    return f"quiz {run} answer {option}"


def hint(run: int) -> str:
    """A hint for a quiz."""
    return f"quiz {run} hint"


def skip(run: int) -> str:
    """Leave a quiz and see its answer."""
    return f"quiz {run} skip"


def show(name: Name, script: str, number: int | None = None) -> str:
    """Something of a script: its quotes, its poll, a card or a section by number."""
    return f"show {name} {script}" if number is None else f"show {name} {script} {number}"


def use_script(script: str) -> str:
    """Make a script the current one of a place."""
    return f"use {script}"


# What is asked before anything is deleted; "yes" is an answer to it.
SHALL_I_DELETE = "Shall I delete all of it? That cannot be undone."
FORGET_ME = "privacy delete everything"
KEEP_ME = "privacy keep everything"

# --- Read from what was said ---

_ID = r"(\d{1,9})"
_SLUG = "([A-Za-z0-9][A-Za-z0-9_-]{0,59})"
# Whatever a script can show; a vote or an answer needs an id.
_NAME = f"({'|'.join(name for name in NAMES if name not in ('poll_answer', 'quiz_answer'))})"


def _shown(name: Name, script: str, number: str | None) -> Intent:
    return Intent(name, Pick(int(number) if number else None, script))


_READERS: tuple[tuple[str, Callable[..., Intent]], ...] = (
    (f"vote {_ID} {_ID}", lambda poll, option: Intent("poll_answer", Vote(int(option), int(poll)))),
    (f"poll {_ID} close", lambda poll: Intent("poll_close", Ref(int(poll)))),
    (f"poll {_ID} results", lambda poll: Intent("results", Ref(int(poll)))),
    (f"quiz {_ID} answer {_ID}", lambda run, place: Intent("quiz_answer", Attempt(None, int(place), int(run)))),
    (f"quiz {_ID} hint", lambda run: Intent("quiz_hint", Ref(int(run)))),
    (f"quiz {_ID} skip", lambda run: Intent("quiz_skip", Ref(int(run)))),
    (f"show {_NAME} {_SLUG}(?: {_ID})?", _shown),
    (f"use {_SLUG}", lambda slug: Intent("settings", Pick(script=slug))),
    (FORGET_ME, lambda: Intent("privacy", Confirmed(True))),
    (KEEP_ME, lambda: Intent("privacy", Confirmed(False))),
)
_COMPILED = tuple((re.compile(pattern, re.ASCII), read) for pattern, read in _READERS)


def read_saying(words: str) -> Intent | None:
    """The intent of what a button says; None for words that no button says."""
    for pattern, read in _COMPILED:
        if match := pattern.fullmatch(words):
            return read(*match.groups())
    return None
