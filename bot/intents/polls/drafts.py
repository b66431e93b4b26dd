"""A poll as somebody wants it: read from what they say, and what is wrong with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from itertools import combinations

from bot.intents import Drafted
from bot.intents.polls.cues import doubtful_from, sounds_private
from bot.intents.polls.dividing import Divided, divide
from bot.intents.polls.openings import Opening, after_poll, is_moment, read_opening
from bot.intents.polls.quotations import held_character, is_quoted, is_spoiler, restore
from bot.intents.polls.requests import GOING, QUESTION_MARKS
from bot.intents.polls.terms import CUTS, Term, held_to, peel
from bot.intents.polls.tidying import looks
from bot.intents.polls.tidying import tidy as tidy
from bot.intents.times.moments import lasting
from bot.store import Draft
from knowledge.words import words as spoken

LONGEST_QUESTION = 300
LONGEST_OPTION = 75
FEWEST, MOST = 2, 10
# A poll of the longest question and options, with room for what is said around them.
LONGEST_WORDS = 3000

YES_NO = ("Yes", "No")
TOO_LONG = (
    f"That is too long for a poll: a question has at most {LONGEST_QUESTION} characters, an option {LONGEST_OPTION}."
)
_NO_QUESTION = "The poll has no question: write one, for example “Where do we eat?”."
_NOT_SHOWN = "The question has nothing that can be shown: write it in words."
# What is asked of the poll that there is, in words that look like a question and options.
_OF_THE_POLL = frozenset(
    ["results", "result", "status", "now", "please", "over", "closed", "open", "again", "ok", "today"]
)
# What tells of options is hardly one of them; "the one from the video" is the script's poll.
_OF_OPTIONS = re.compile(r"\b(?:options?|choices?|question|topic)(?: (?:is|are|would be))?(?: ?:| is\b| are\b)", re.I)
_OF_A_SCRIPT = re.compile(r"(?:the one )?(?:from|of|in) (?:the|this|that) (?:video|script|episode)", re.I)
_COURTESY = re.compile(r"[\s,.!]*+(?:please|pls|plz|thanks|thank you|now|again)?[\s,.!]*", re.IGNORECASE)


class DraftError(ValueError):
    """A poll that cannot be; `sentences` say everything that is wrong with it, `draft` is what could be read."""

    def __init__(self, sentences: tuple[str, ...], draft: Draft | None = None) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences
        self.draft = draft


def require_sound(draft: Draft) -> None:
    """Raises DraftError where `check_draft` finds something wrong."""
    if wrong := check_draft(draft):
        raise DraftError(wrong, draft)


def check_draft(draft: Draft) -> tuple[str, ...]:
    """Everything that is wrong with a poll, a sentence each; none where it can be opened."""
    if len(draft.question) + sum(map(len, draft.options)) > LONGEST_WORDS:
        return (TOO_LONG,)
    return (*wrong_question(draft.question), *wrong_options(draft.options), *wrong_times(draft))


def wrong_question(question: str) -> tuple[str, ...]:
    """What is wrong with a question, in sentences."""
    shown = tidy(question)
    if all(unicodedata.category(character)[0] in "PZ" for character in shown):
        return (_NOT_SHOWN if question.strip() else _NO_QUESTION,)
    if len(shown) > LONGEST_QUESTION:
        return (f"The question has {len(shown):,} characters: {LONGEST_QUESTION} are the most.",)
    return ()


def wrong_options(options: tuple[str, ...]) -> tuple[str, ...]:
    """What is wrong with options, in sentences."""
    if len(options) > MOST:
        return (f"The poll has {len(options)} options: {MOST} are the most.",)
    wrong = []
    if len(options) < FEWEST:
        has = "only one option" if options else "no options"
        wrong.append(f"The poll has {has}: give {FEWEST} to {MOST}.")
    shown = [tidy(option) for option in options]
    for number, option in enumerate(shown, 1):
        if not option and options[number - 1].strip():
            wrong.append(f"Option {number} has nothing that can be shown: write it in words.")
        elif not option:
            wrong.append(f"Option {number} is empty: fill it in, or leave it out.")
        elif len(option) > LONGEST_OPTION:
            wrong.append(f"Option {number} has {len(option):,} characters: {LONGEST_OPTION} are the most.")
    told: set[str] = set()
    for (one, first), (other, second) in combinations(enumerate(shown, 1), 2):
        if first and looks(first) == looks(second) and looks(first) not in told:
            told.add(looks(first))
            said = f"Options {one} and {other} are the same, “{first[:LONGEST_OPTION]}” and “{second[:LONGEST_OPTION]}”"
            wrong.append(f"{said}: change one of them.")
    return tuple(wrong)


def wrong_times(draft: Draft) -> tuple[str, ...]:
    """What is wrong with deadline, reminder and repetition, in sentences."""
    wrong = []
    if draft.rule and draft.until:
        wrong.append("A poll that repeats closes after a time, not on a date: write for example “for 2 days”.")
    if draft.remind and not (draft.lasts or draft.until):
        wrong.append("A reminder needs a deadline: say when the poll closes, for example “for 2h”, or leave it out.")
    if draft.remind and draft.lasts and draft.remind >= draft.lasts:
        wrong.append(f"The reminder would come before the poll opens: it is open for {lasting(draft.lasts)}.")
    return tuple(wrong)


def read_draft(words: str, now: datetime, zone: str) -> Draft | None:
    """The poll of their own that somebody describes; None where the words are none, but may start the script's.

    What was not understood stands in its `unread`: such a poll is shown before it is opened. `now` is aware, `zone` an
    IANA name. Raises DraftError for one whose terms cannot be, and for one too long to be read. What else is wrong
    with it `check_draft` says.
    """
    text = "\n".join(filter(None, map(tidy, words[: 2 * LONGEST_WORDS].splitlines())))
    opening = read_opening(text, now, zone)
    if opening is None:
        return None
    asking = [place for place, one in enumerate(opening.held) if one.rstrip()[-1:] in tuple(QUESTION_MARKS)]
    asks = held_character(asking[0]) if len(asking) == 1 else ""
    divided = divide(opening.body, now, zone, asks)
    if not _is_meant(opening, divided):
        return None
    if len(words) > LONGEST_WORDS:
        raise DraftError((TOO_LONG,))
    options = tuple(tidy(restore(option, opening.held)) for option in divided.options)
    terms, clashing = _agreed((*opening.terms, *divided.terms))
    # What goes on after a quotation is hardly part of an option that begins with one.
    odd = [
        one for one in divided.options if len(one) > 1 and is_quoted(one[0]) and not is_spoiler(one[0], opening.held)
    ]
    # A bare "2 hours" after other options, or one that tells of options, is hardly one of them.
    *others, last = divided.options or ("",)
    alike = any(any(map(str.isdecimal, one)) or is_moment(one, now, zone) for one in others)
    if not alike and is_moment(last, now, zone):
        odd.append(last)
    odd += [one for one in divided.options if _OF_OPTIONS.search(one)]
    unread = [*opening.unread, *divided.unread, *odd, *clashing, *(term.said for term in terms if not term.sure)]
    draft = Draft(
        tidy(restore(_clean(divided.question), opening.held)),
        options or (YES_NO if opening.yes_no else ()),
        zone=zone,
        unread=tuple(filter(None, (tidy(restore(one.strip(f"{CUTS} "), opening.held)) for one in unread))),
    )
    draft = _on_the_private_side(held_to(draft, terms))
    if problems := tuple(term.problem for term in terms if term.problem):
        raise DraftError(problems, draft)
    return draft


def unread_of_poll(words: str, now: datetime, zone: str) -> tuple[str, ...]:
    """What of the words that start a script's poll sounds like a setting, and is none that is understood."""
    while peeled := peel(words, now, zone, sure=False):
        words = peeled[0]
    tail = GOING.sub("", f" {after_poll(words)}", count=1).strip(f"{CUTS} ")
    tail = _OF_A_SCRIPT.sub("", tail)
    asks = tail.rstrip(f"{QUESTION_MARKS}{CUTS} ")
    listed = "," in asks or any(mark in asks for mark in QUESTION_MARKS)
    return (tail,) if tail and (listed or doubtful_from(tail, [], "") is not None) else ()


def own_poll(words: str, now: datetime, zone: str) -> Drafted | None:
    """The poll of somebody's own that `words` describe, whatever may be wrong with it; None where they describe none.

    `now` is aware, `zone` an IANA name.
    """
    try:
        draft = read_draft(words, now, zone)
    except DraftError as error:
        return Drafted(error.draft, error.sentences)
    return None if draft is None else Drafted(draft, check_draft(draft))


def _clean(question: str) -> str:
    """A question without the marks that only set it off."""
    question = question.lstrip("!. ")
    return question.strip(" ,;:-–—") if not is_quoted(question) else question.strip(" ,;:")


def _agreed(terms: Iterable[Term]) -> tuple[list[Term], list[str]]:
    """The terms, one of each kind, and what was said against one of them."""
    kept: dict[str, Term] = {}
    clashing = []
    for term in terms:
        before = kept.setdefault(term.kind, term)
        if (before.value, before.problem) != (term.value, term.problem):
            clashing.append(term.said)
            if term.value is True:
                # Of two that contradict each other the more private one holds until it is decided.
                kept[term.kind] = term
    return list(kept.values()), clashing


def _on_the_private_side(draft: Draft) -> Draft:
    """`draft`, with choices and results kept from others where something about them was not understood."""
    names, results = sounds_private(draft.unread)
    return replace(draft, anonymous=draft.anonymous or names, hidden=draft.hidden or results)


def _is_meant(opening: Opening, divided: Divided) -> bool:
    """Whether a poll of one's own is meant: a colon says so, or "new", or else a question with options does."""
    question = divided.question.strip()
    if opening.is_address and not question:
        return bool(opening.terms or divided.terms or divided.options)
    if _COURTESY.fullmatch(question.strip(f"{QUESTION_MARKS} ")) and not divided.options and not divided.unread:
        return False
    several = len(divided.options) >= FEWEST
    if opening.after:
        return bool(question) and several
    asked = is_quoted(question[:1]) or question[-1:] in tuple(QUESTION_MARKS) or divided.listed
    if opening.is_plain or (opening.is_new and asked):
        return True
    if is_quoted(question[:1]):
        return bool(divided.options)
    if set(spoken(question)) <= _OF_THE_POLL and not several:
        return False
    if opening.is_definite:
        # "run the poll How was it? fine, bad", and not "start the poll on DataOps".
        return several and opening.is_asked and question[-1:] in tuple(QUESTION_MARKS)
    return several or opening.is_asked
