"""What an order by meaning is about: which option, what it is to be called, until when; and an order as a set form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from bot.intents import Order
from bot.intents.sayings import order as order_saying
from bot.intents.times.extending import as_span, without_more
from bot.intents.times.moments import MomentError, read_deadline
from bot.intents.votes.clauses import clauses_of
from bot.intents.votes.compared import options_of
from bot.intents.votes.mentions import Mention
from bot.intents.votes.spoken import tokens
from bot.reply import LONGEST_SAYING
from bot.store import Draft, Poll
from knowledge.words import words_of

# Characters of an option, and words of a moment: no longer ones are looked for.
LONGEST, MOST_WORDS = 75, 6
# With more words an order is not taken apart: the form asks.
MOST_SAID = 30
# What stands between an option and what it is to be called.
_BECOMES = re.compile(
    r"\s(?:(?:(?:should|must|shall|(?:has|have|needs|ought) to) )?(?:be(?: (?:called|named))?|reads?|says?)"
    r"|called|named|into|to|as|with|for)(?:\s|:\s)|:\s",
    re.I,
)
_AFTER = re.compile(r"(?<!\s)\s++(?:instead|please|pls|now|then|too|as well|again)\Z", re.I)
_ENDS = re.compile(r"[,;.!?](?:\s|\Z)")
# Around the name of an option that is to be added.
_ABOUT_ADDING = words_of(
    """let's lets can could would will you we i they people everybody also have has had put add adding added include
    append offer extend stick throw give let get make need want like choose pick missing forgot forget forgotten
    lack lacks say please pls too as well an a the of on in to for at by with and there be is are was should must
    shall another other one more extra further new additional option options choice choices answer answers
    possibility list poll survey vote ballot it them us me our my this that room end here called named asked
    somebody someone not"""
)
# What is no part of a moment, though a deadline may be said with it.
_NO_MOMENT = re.compile(r"(?:the |a |an )?(?:deadline|due|clos|end|it\b|voting|poll|survey|vote)", re.I)
_LEAD = re.compile(r"(?:until|till|til|by|before|at|on|in|for|to|within|after)\s+", re.I)


def completed(order: Order, said: str, poll: Poll | None, at: datetime, zone: str) -> Order:
    """`order` with what `said` names for it; as it is where that is left open. `at` and `zone` are those of moments."""
    text = " ".join(said.split()).strip(" .!?")
    if len(text.split()) > MOST_SAID:
        return order
    match order.action:
        case "deadline":
            return replace(order, text=_moment(text, at, zone))
        case "add":
            return replace(order, text=_added(text))
        case "remove" if poll and (place := option_meant(text, poll)):
            return replace(order, text=poll.options[place - 1])
        case "rename" if poll:
            place, name = _renamed(text, poll)
            return replace(order, old=poll.options[place - 1], text=name) if place else order
    return order


def place_of_option(named: str, options: Sequence[str]) -> int | None:
    """The place from 0 of the option that is named by its number, its letter or its words."""
    said = named.strip(" .\"“”'").casefold()
    exact = [place for place, option in enumerate(options) if option.casefold() == said]
    if exact:
        return exact[0]
    number = (
        int(said)
        if re.fullmatch(r"[0-9]{1,2}", said)
        else ord(said) - ord("a") + 1
        if re.fullmatch("[a-j]", said)
        else 0
    )
    return number - 1 if 1 <= number <= len(options) else None


def in_words(order: Order) -> str | None:
    """The set form that says `order`; None for one that is not wholly named."""
    match order:
        case Order("add", text=text) if text:
            return f"Add option {text}"
        case Order("remove", text=text) if text:
            return f"Remove option {text}"
        case Order("rename", text=text, old=old) if text and old:
            return f"Rename option {old} to {text}"
        case Order("deadline", text=text) if text:
            verbs = {"by": "Extend the poll", "less": "Shorten the poll"}
            return f"{verbs.get(text.split()[0], 'Keep the poll open')} {text.removeprefix('less ')}"
        case Order("reopen"):
            return "Reopen the poll"
        case Order("names"):
            return "Show the votes by name"
        case Order("end"):
            return "Stop repeating"
    return None


def of_poll(order: Order, poll: int) -> str | None:
    """What a button says that does `order` with the poll of that number; None where none can say it."""
    match order:
        case Order("add", text=text) if text:
            said = f"add option {text} to poll {poll}"
        case Order("remove", text=text) if text:
            said = f"remove option {text} from poll {poll}"
        case Order("rename", text=text, old=old) if text and old:
            said = f"rename option {old} to {text} in poll {poll}"
        case Order("deadline", text=text) if text:
            said = f"extend poll {poll} to {text}"
        case Order("save", text=text):
            said = f"save poll {poll} as {text}"
        case Order("repeat", text=text):
            said = f"repeat poll {poll} {text}"
        case Order(action):
            said = order_saying(action, poll)
    return said if said.isascii() and len(said) <= LONGEST_SAYING else None


def option_meant(text: str, poll: Poll | Draft) -> int | None:
    """The place from 1 of the one option that is named among other words."""
    clauses = clauses_of(tokens(text), options_of(poll.question, poll.options))
    named = [one for clause in clauses for one in clause.items if isinstance(one, Mention) and len(one.places) == 1]
    strong = {place for one in named if one.is_strong for place in one.places}
    places = strong or {place for one in named for place in one.places}
    return places.pop() if len(places) == 1 else None


def _renamed(text: str, poll: Poll) -> tuple[int | None, str]:
    """The option that is to be called otherwise, by its place, and how."""
    for becomes in islice(_BECOMES.finditer(text), 4):
        place, name = option_meant(text[: becomes.start()], poll), _name(text[becomes.end() :])
        if place and name:
            return place, name
    return None, ""


def _name(text: str) -> str:
    """What an option is to be called, without what is said after it."""
    said = _ENDS.split(text, maxsplit=1)[0].strip("\"“”'‘’ ")
    while after := _AFTER.search(said):
        said = said[: after.start()]
    return said if len(said) <= LONGEST else ""


def _added(text: str) -> str:
    """The one stretch of words that are not about adding an option."""
    stretches: list[list[str]] = [[]]
    for word in re.split(r"([,;:]?\s)", text):
        if not word.strip():
            continue
        if word.strip(" ,;:.!?'").lower() in _ABOUT_ADDING or not any(map(str.isalnum, word)):
            stretches.append([])
        else:
            stretches[-1].append(word)
    named = [" ".join(words) for words in stretches if words]
    return _name(named[0]) if len(named) == 1 else ""


def _moment(text: str, at: datetime, zone: str) -> str:
    """The longest words that are a moment, as those of a deadline: "until Friday noon", "for 2 hours"."""
    for span in _spans(without_more(text).split()):
        when = _LEAD.sub("", span, count=1)
        if _NO_MOMENT.match(when):
            continue
        try:
            wanted = read_deadline(when, at, zone)
        except MomentError:
            continue
        return as_span(text, when) if isinstance(wanted, timedelta) else f"until {when}"
    return ""


def _spans(words: list[str]) -> Iterator[str]:
    """Words side by side, the most first."""
    for size in range(min(MOST_WORDS, len(words)), 0, -1):
        for start in range(len(words) - size + 1):
            yield " ".join(words[start : start + size])
