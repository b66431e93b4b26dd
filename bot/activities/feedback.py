"""Feedback: whether an answer helped, and if not, why."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.activities import Heard, Step
from bot.reply import Choice, Field, Form, Reply, Text

if TYPE_CHECKING:
    from bot.store.records import Records

REASON = "reason"
_PRESSED = re.compile(r"(helpful|unhelpful) (\d{1,9})", re.ASCII)
_NO = r"(?:not|wasn't|isn't|didn't|un|no|nt)"
_TYPED = re.compile(
    rf"(?:(?:that|this|it|the answer)(?:'s| is| was)? )?(?:very |really |so )?"
    rf"(?P<no>(?:{_NO}(?: very| really| at all)?[ -]?)?)(?:helpful|useful|helped|help at all|help me)[\s!.]*"
    rf"|(?P<wrong>(?:that|this|it)(?:'s| is| was) (?:wrong|useless|no help))[\s!.]*",
    re.I,
)


class Feedback:
    """Takes opinions on the answer before."""

    async def take(self, heard: Heard) -> Step | None:
        """The opinion, kept beside the answer that it is about."""
        words = " ".join(heard.turn.words.split())
        if match := _PRESSED.fullmatch(words):
            helpful, number = match[1] == "helpful", int(match[2])
            return lambda records: _keep(heard, number, helpful, records)
        typed = _TYPED.fullmatch(words)
        if typed is None or not any(message.role == "assistant" for message in heard.scene.history):
            return None
        helpful = not (typed["no"] or typed["wrong"])
        return lambda records: _keep(heard, records.last_answer(heard.turn), helpful, records)

    def form(self, heard: Heard, records: Records) -> Form | None:
        """The form for why an answer did not help."""
        pressed = _PRESSED.fullmatch(heard.turn.words)
        return reason_form(int(pressed[2])) if pressed and pressed[1] == "unhelpful" else None


def offered(reply: Reply, answer: int) -> tuple[Choice, ...]:
    """The choices that go with an answer to a question, by the number under which it is remembered."""
    if reply.activity != "question" or reply.abstained:
        return ()
    return (
        Choice("helpful", f"helpful {answer}", opinion="for"),
        Choice("not helpful", opens=reason_form(answer), opinion="against"),
    )


def reason_form(answer: int) -> Form:
    """The form in which somebody says why an answer did not help."""
    reason = Field(REASON, "What was missing or wrong?", required=False)
    return Form(f"unhelpful {answer}", "Not helpful", (reason,))


def _keep(heard: Heard, number: int | None, helpful: bool, records: Records) -> Reply:
    reason = heard.turn.fields.get(REASON, "").strip() or None
    turn = heard.turn
    kept = number is not None and records.judge(number, turn.person, helpful, reason, turn.at)
    if not kept:
        said = "I have no answer of mine here that this could be about."
    elif helpful:
        said = "Good to hear, thank you."
    else:
        said = "Thank you for saying so. It goes to those who look after my sources."
    # Not an answer itself: a second opinion is about the same answer as the first.
    return Reply((Text(said),), "help", private=True)
