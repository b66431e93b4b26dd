"""What somebody wants again and again, said in their own words: "a digest each Friday", "weekly question please"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from bot.intents import Discuss, Intent
from bot.intents.discussions import read_discussion
from bot.intents.polls.terms import LONGEST_TERM, read_term, split_terms
from bot.intents.times.days import WEEKDAYS
from bot.intents.times.rules import repeating
from knowledge.question import asks
from knowledge.words import words as words_in
from knowledge.words import words_of

# What the rest of such a wish is about, by its label, and what is then done.
_DIGEST, _QUESTION = "order digest", "engagement_question"
# What is shown on request, but does not come by itself.
_SHOWN = frozenset(
    {"usage", "stats", "quote", "takeaways", "short_version", "results", "resources", "keywords", "quiz_start"}
)
# Without one of these words nothing is said to come again: most of what is said need not be read for it.
_OFTEN = words_of(
    "every each daily weekly monthly yearly annually quarterly fortnightly biweekly repeat weekdays weekends"
)
_OFTEN |= {f"{day}s" for day in WEEKDAYS} | {"fortnight", "workday", "weekday", "repeating", "repeats", "recurring"}
# So begins the wish that something comes.
_SENDS = frozenset({"send", "deliver", "mail"})
_WANTED = re.compile(
    r"(?:(?:i|we)(?:'d| would)? (?:like|want|need|wish)|(?:can|could|would|will) (?:you|we)|let'?s|let us|please"
    r"|(?:what|how) about)\b",
    re.I,
)
# So few words beside how often name what is wanted: "the replies every Friday".
SHORT = 4


def read_recurring(words: str, label_of: Callable[[str], str], at: datetime, zone: str) -> Intent | None:
    """What is to come again and again; None where nothing is, or it is something that says so itself, as a poll.

    `label_of` tells what a text is about; `at` and `zone` are those of moments in `words`.
    """
    text = " ".join(words.split())
    if len(text) > 2 * LONGEST_TERM or _OFTEN.isdisjoint(words_in(text)):
        return None
    terms, others = split_terms(text, at, zone)
    said = [term.said for term in terms if term.kind == "repeats" and not term.problem]
    # "A fortnightly digest on Fridays" says in two places how often.
    rule = read_term(" ".join(said), at, zone) if said else None
    if rule is None or rule.kind != "repeats" or not others:
        return None
    rest, often = " ".join(others), repeating(str(rule.value))
    plain = read_discussion(rest)
    action = plain.value.action if plain and isinstance(plain.value, Discuss) else None
    label = "" if action else label_of(rest)
    # "I talk about costs every Friday" wants nothing.
    said_of_it = rest.split()
    sends = said_of_it[0].lower() in _SENDS
    if not (action or sends or _WANTED.match(rest) or len(said_of_it) <= SHORT):
        return None
    if action == "digest" or label == _DIGEST:
        return Intent("engagement_question", Discuss("send", text=often))
    if action == "post" or label == _QUESTION:
        return Intent("engagement_question", Discuss("repeat", text=often))
    wanted = (sends or label in _SHOWN) and not asks(rest)
    return Intent("engagement_question", Discuss("choose", text=often)) if wanted else None
