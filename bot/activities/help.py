"""Help: what the bot is for and what to say to it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.reply import Reply, Text
from bot.turn import Turn
from knowledge.answer import Message

GREETING = "Hello! I answer questions about FinOps, the money side of AI and cloud, and name my sources."
EXAMPLES = (
    "What is FinOps?",
    "What are the five benefits?",
    "What did Company X achieve, and how?",
    "What is shown on the screen in the introduction?",
)
HINTS = "Ask on with “why?” or “and the third one?”. What my sources do not hold, I say so."

_ASKED = re.compile(
    r"(?:/|\\)?(?:help|h|commands?|menu|start|hi|hello|hey|hiya|howdy|good (?:morning|afternoon|evening)|\?+"
    r"|what can (?:you|i) (?:do|ask|say)(?: here| for me)?|how (?:do|does|can) (?:i use )?(?:this|the|you)"
    r"(?: bot)?(?: work)?|who are you|what are you)[\s!?.]*",
    re.I,
)


_THANKS = re.compile(
    r"(?:(?:many|ok|great|perfect|cool|nice)[ ,]+)?(?:thanks?|thank you|thx|cheers|ty)"
    r"(?: (?:a lot|so much|very much|bot|all|again|for (?:that|this|the help|your help)))*[\s!.]*",
    re.I,
)
WELCOME = "You are welcome! Ask me whatever else you would like to know about FinOps."


class Help:
    """Takes greetings, thanks and requests for help."""

    async def take(self, turn: Turn, history: Sequence[Message]) -> Reply | None:
        """What the bot can do, where that is asked for."""
        words = turn.words.strip()
        if _THANKS.fullmatch(words):
            return Reply((Text(WELCOME),), activity="help")
        return greeting() if _ASKED.fullmatch(words) else None


def greeting() -> Reply:
    """What the bot is, example questions, and how to go on."""
    examples = "\n".join(f"- {example}" for example in EXAMPLES)
    return Reply((Text(f"{GREETING} For example:\n{examples}\n{HINTS}"),), activity="help")
