"""Making a poll in several messages: what is asked for next, and again after what was said meanwhile."""

from __future__ import annotations

from bot.activities import Heard
from bot.activities.polls.opening import FORM, NEW
from bot.intents import Begun
from bot.intents.polls.begun import ASK_OPTIONS, ASK_QUESTION, HELD_SO, NOT_MADE, part_asked
from bot.intents.polls.draft_forms import draft_form
from bot.markup.marks import as_written
from bot.reply import Choice, Choices, Reply, Text


def go_on(heard: Heard, begun: Begun, zone: str) -> Reply:
    """What a poll takes next that is made in several messages; with its question the form for all of it is offered."""
    if begun.left:
        return Reply((Text(NOT_MADE),), "poll_start", private=True)
    if begun.question:
        said = Text(_options_asked(begun) if begun.held else f"{_options_asked(begun)} {_SAY_HOW}")
        return Reply((said,), "poll_start", private=True)
    form = Choice(FORM, opens=draft_form(NEW, None, now=heard.turn.at, zone=zone))
    said = Text(f"{_question_asked(begun)} {_OTHER_WAYS}")
    return Reply((said, Choices((form,))), "poll_start", private=True)


def still_asked(heard: Heard) -> Text | None:
    """What of a poll is waited for, after something else that was said meanwhile; None where nothing is."""
    part = part_asked(heard.scene, heard.turn.at) if heard.turn.addressed else None
    if part is None or heard.intent.name == "poll_start":
        return None
    return Text(_options_asked(part) if part.question else f"Your poll: {_question_asked(part)}")


_OTHER_WAYS = (
    "You can also fill in the form, or say all in one line: “poll: Where do we eat? Pizza, Sushi, Salad for 2h”."
)
_SAY_HOW = "Add how it is held, if you like: “for 2h”, “anonymous”."


def _question_asked(begun: Begun) -> str:
    return f"{ASK_QUESTION} Say it, or “cancel”.{_held_so(begun)}"


def _options_asked(begun: Begun) -> str:
    lone = f" “{as_written(begun.lone)}” is only one." if begun.lone else ""
    return (
        f"“{as_written(begun.question)}” {ASK_OPTIONS}{lone} “Skip” makes them Yes and No, “back” changes the "
        f"question, “cancel” leaves it.{_held_so(begun)}"
    )


def _held_so(begun: Begun) -> str:
    return f" {HELD_SO.format(as_written(begun.held))}" if begun.held else ""
