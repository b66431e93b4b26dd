"""A poll as somebody wants it: said in one line, filled in a form, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import assert_never

from bot.intents.listings import (
    QUESTION_MARKS,
    is_quoted,
    options_of,
    question_of,
    restore,
    unmarked,
    unquoted,
)
from bot.intents.moments import MomentError, in_words, lasting, read_deadline, repeating
from bot.intents.openings import Opening, read_opening
from bot.intents.terms import CUTS, Term, held_to, peel, read_terms
from bot.intents.tidying import looks
from bot.intents.tidying import tidy as tidy
from bot.reply import Field, Form
from bot.store import Draft
from knowledge.words import words as spoken

LONGEST_QUESTION = 300
LONGEST_OPTION = 75
FEWEST, MOST = 2, 10
# A poll of the longest question and options, with room for what is said around them.
LONGEST_WORDS = 3000

# Whether words are a poll does not depend on when they are said.
_SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)
YES_NO = ("Yes", "No")
HOW = {
    "one choice, named": (False, False),
    "several choices, named": (True, False),
    "one choice, anonymous": (False, True),
    "several choices, anonymous": (True, True),
}
RESULTS = {"shown while it is open": False, "shown after the close": True}

_TOO_LONG = (
    f"That is too long for a poll: a question has at most {LONGEST_QUESTION} characters, an option {LONGEST_OPTION}."
)
_NO_QUESTION = "The poll has no question: write one, for example “Where do we eat?”."
_NOT_SHOWN = "The question has nothing that can be shown: write it in words."
_UNKNOWN_WHEN = (
    "I do not understand that: write for example “for 2h”, “until Friday 17:00, remind 1h before” or “every Monday at "
    "9:00 for 2 days”."
)

# What is asked of the poll that there is, in words that look like a question and options.
_OF_THE_POLL = frozenset(
    ["results", "result", "status", "now", "please", "over", "closed", "open", "again", "ok", "today"]
)
_COURTESY = re.compile(r"[\s,.!]*(?:please|pls|plz|thanks|thank you|now|again)?[\s,.!]*", re.IGNORECASE)
# Questions whose options can be moments, durations, or manners of voting.
_ABOUT_MOMENTS = re.compile(
    r"\b(?:when|how often|(?:what|which) (?:day|time|date|week|month)s?|deadline|remind\w*)\b", re.I
)
_ABOUT_DURATIONS = re.compile(r"\b(?:how long|how much time|duration)\b", re.I)
_ABOUT_VOTING = re.compile(r"\b(?:anonym\w*|secret\w*|named|vot(?:es?|ing)|polls?|results?)\b", re.I)
_NO_DEADLINE = re.compile(
    r"[\s-]*(?:never|none|no|nothing|no deadline|by hand|open end|open-ended)?[\s.-]*", re.IGNORECASE
)


class DraftError(ValueError):
    """A poll that cannot be; `sentences` say everything that is wrong with it, `draft` is what could be read."""

    def __init__(self, sentences: tuple[str, ...], draft: Draft | None = None) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences
        self.draft = draft


def check_draft(draft: Draft) -> tuple[str, ...]:
    """Everything that is wrong with a poll, a sentence each; none where it can be opened."""
    if len(draft.question) + sum(map(len, draft.options)) > LONGEST_WORDS:
        return (_TOO_LONG,)
    return (*_wrong_question(draft.question), *_wrong_options(draft.options), *_wrong_times(draft))


def _wrong_question(question: str) -> tuple[str, ...]:
    shown = tidy(question)
    if not shown:
        return (_NOT_SHOWN if question.strip() else _NO_QUESTION,)
    if len(shown) > LONGEST_QUESTION:
        return (f"The question has {len(shown):,} characters: {LONGEST_QUESTION} are the most.",)
    return ()


def _wrong_options(options: tuple[str, ...]) -> tuple[str, ...]:
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


def _wrong_times(draft: Draft) -> tuple[str, ...]:
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

    `now` is aware, `zone` an IANA name. Raises DraftError for one whose terms cannot be, or are not
    understood, and for one too long to be read. What else is wrong with it `check_draft` says.
    """
    text = "\n".join(filter(None, map(tidy, words[: 2 * LONGEST_WORDS].splitlines())))
    opening = read_opening(text, now, zone)
    if opening is None:
        return None
    question, listed = question_of(opening.body)
    options, terms = _options_and_terms(question, listed, now, zone)
    if not _is_meant(opening, question, listed, options):
        return None
    if len(words) > LONGEST_WORDS:
        raise DraftError((_TOO_LONG,))
    terms = [*opening.terms, *terms]
    texts = tuple(tidy(restore(option, opening.held)) for option in options) or (YES_NO if opening.yes_no else ())
    draft = held_to(Draft(tidy(restore(question, opening.held)), texts, zone=zone), terms)
    problems = [term.problem for term in terms if term.problem]
    problems += [_misplaced(unquoted(option)) for option in options if len(option) > 1 and is_quoted(option)]
    if problems:
        raise DraftError(tuple(problems), draft)
    return draft


def wants_own_poll(words: str) -> bool:
    """Whether `words` describe a poll of somebody's own, whatever may be wrong with it."""
    try:
        return read_draft(words, _SOME_DAY, "UTC") is not None
    except DraftError:
        return True


def _is_meant(opening: Opening, question: str, listed: str, options: list[str]) -> bool:
    """Whether a poll of one's own is meant: a colon says so, or "new", or else a question with options does."""
    if not question.strip() or _COURTESY.fullmatch(question):
        return False
    is_asked = is_quoted(question[:1]) or question[-1] in QUESTION_MARKS or bool(listed.strip())
    if opening.is_plain or (opening.is_new and is_asked):
        return True
    if is_quoted(question[:1]):
        return bool(options)
    return len(options) >= FEWEST and not opening.is_definite and not set(spoken(question)) <= _OF_THE_POLL


def _options_and_terms(question: str, text: str, now: datetime, zone: str) -> tuple[list[str], list[Term]]:
    """The options in `text`, and the terms after them. What would leave no two options is an option itself."""
    quoted = is_quoted(text)
    # "red, blue; several choices, hidden": what a stronger cut sets apart from the options is no option.
    apart, cut, tail = text.rpartition(";")
    if cut and ";" not in apart and len(options_of(apart)) >= FEWEST and (only := read_terms(tail, now, zone)):
        return options_of(apart), only
    steps: list[tuple[str, list[Term]]] = [(text, [])]
    while peeled := peel(steps[-1][0], now, zone):
        before, term, cut = peeled
        terms = steps[-1][1]
        if not quoted and cut in ("", ",", "/", "|") and _can_be_option(term, steps[-1][0][len(before) :], question):
            break
        if term.kind in [one.kind for one in terms]:
            # Of a kind that is said twice, both are options.
            steps = [step for step in steps if term.kind not in [one.kind for one in step[1]]]
            break
        steps.append((before, [term, *terms]))
    fitting = [step for step in steps if len(options_of(step[0])) >= FEWEST]
    rest, terms = steps[-1] if quoted or not fitting else fitting[-1]
    return options_of(rest), terms


def _can_be_option(term: Term, said: str, question: str) -> bool:
    """Whether what sounds like a term answers the question."""
    match term.kind:
        case "courtesy":
            return False
        case "closes" | "repeats" | "remind":
            about = _ABOUT_DURATIONS if said.lower().startswith("for ") else _ABOUT_MOMENTS
        case "anonymous" | "several" | "hidden":
            about = _ABOUT_VOTING
        case _:
            assert_never(term.kind)
    return about.search(question) is not None


def _misplaced(text: str) -> str:
    return f"I do not know what “{text[:LONGEST_OPTION]}” is: put each option in quotes, with a comma after it."


def when_in_words(draft: Draft) -> str:
    """When a poll closes, repeats and reminds, in words that the form's field "when" takes."""
    said = [repeating(draft.rule)] if draft.rule else []
    if draft.lasts:
        said.append(f"for {lasting(draft.lasts)}")
    if draft.until:
        said.append(f"until {in_words(draft.until, draft.zone or 'UTC')}")
    if draft.remind is not None:
        said.append(f"remind {lasting(draft.remind)} before" if draft.remind else "no reminder")
    return ", ".join(said)


def draft_form(says: str, draft: Draft | None = None, fixed: Collection[str] = (), *, now: datetime, zone: str) -> Form:
    """A form for a poll of one's own, filled with `draft`; the fields named in `fixed` are left out.

    Fields: question, options, how, results, when. Submitted, it says `says`; `read_form` reads it.
    """
    shown = draft or Draft("", ())
    how = next(words for words, held in HOW.items() if held == (shown.several, shown.anonymous))
    results = next(words for words, hidden in RESULTS.items() if hidden == shown.hidden)
    fields = (
        Field("question", "Question", "For example: Where do we eat?", value=shown.question),
        Field(
            "options",
            f"Options, {FEWEST} to {MOST}",
            "One a line; on a single line, put ; between them.",
            value="\n".join(shown.options),
            long=True,
        ),
        Field("how", "Choices and names", options=tuple(HOW), value=how),
        Field("results", "Results", options=tuple(RESULTS), value=results),
        Field(
            "when",
            "Deadline, reminder, repetition",
            "“for 2h”, “until Friday 17:00, remind 1h before” or “every Monday at 9:00 for 2 days”",
            required=False,
            value=when_in_words(shown),
        ),
    )

    def check(values: Mapping[str, str]) -> Mapping[str, str]:
        return {name: " ".join(wrong) for name, wrong in _read(values, now, zone, draft)[1].items()}

    return Form(says, "Your own poll", tuple(field for field in fields if field.name not in fixed), check)


def read_form(values: Mapping[str, str], now: datetime, zone: str, draft: Draft | None = None) -> Draft:
    """The poll that a form holds; what the form left out is as in `draft`. Raises DraftError."""
    read, wrong = _read(values, now, zone, draft)
    if wrong:
        raise DraftError(tuple(sentence for sentences in wrong.values() for sentence in sentences), read)
    return read


def _read(
    values: Mapping[str, str], now: datetime, zone: str, draft: Draft | None
) -> tuple[Draft, dict[str, tuple[str, ...]]]:
    """The poll that `values` describe, and what is wrong with it by field."""
    read, wrong = replace(draft or Draft("", ()), zone=zone), dict[str, tuple[str, ...]]()
    question, options = values.get("question", read.question), values.get("options")
    texts = read.options if options is None else _lines(options)
    if len(question) + sum(map(len, texts)) > LONGEST_WORDS:
        return read, {"question" if len(question) > LONGEST_QUESTION else "options": (_TOO_LONG,)}
    wrong["question"], wrong["options"] = _wrong_question(question), _wrong_options(texts)
    read = replace(read, question=tidy(question), options=tuple(map(tidy, texts)))
    if (how := values.get("how")) is not None:
        wrong["how"] = () if how in HOW else ("Choose one of the four.",)
        several, anonymous = HOW.get(how, (read.several, read.anonymous))
        read = replace(read, several=several, anonymous=anonymous)
    if (results := values.get("results")) is not None:
        wrong["results"] = () if results in RESULTS else ("Choose one of the two.",)
        read = replace(read, hidden=RESULTS.get(results, read.hidden))
    if (when := values.get("when")) is not None:
        read = replace(read, lasts=None, until=None, remind=None, rule=None)
        try:
            read = held_to(read, _read_when(when, now, zone))
            wrong["when"] = _wrong_times(read)
        except MomentError as error:
            wrong["when"] = (str(error),)
    return read, {name: sentences for name, sentences in wrong.items() if sentences}


def _lines(text: str) -> tuple[str, ...]:
    """Options one a line, or on one line with ";" between them. Lines without words are none."""
    lines = [line for line in text.splitlines() if line.strip()]
    lines = unmarked(lines if len(lines) != 1 else lines[0].strip(" ;").split(";"))
    return tuple(lines) if any(lines) else ()


def _read_when(text: str, now: datetime, zone: str) -> list[Term]:
    """The terms of the field "when"; a deadline may stand without "for" or "until". Raises MomentError."""
    if len(text) > LONGEST_OPTION * 4:
        raise MomentError(_UNKNOWN_WHEN, understood=False)
    if _NO_DEADLINE.fullmatch(text):
        return []
    terms: list[Term] = []
    rest = tidy(text)
    while rest := rest.strip(f"{CUTS} &+").removesuffix(" and"):
        peeled = peel(rest, now, zone, sure=False)
        before, term = peeled[:2] if peeled else ("", Term("closes", _deadline(rest, now, zone)))
        if term.problem:
            raise MomentError(term.problem)
        if term.kind not in ("closes", "repeats", "remind", "courtesy") or term.kind in [one.kind for one in terms]:
            raise MomentError(_UNKNOWN_WHEN, understood=False)
        terms.insert(0, term)
        rest = before
    return terms


def _deadline(text: str, now: datetime, zone: str) -> timedelta | datetime:
    try:
        return read_deadline(text, now, zone)
    except MomentError as error:
        raise error if error.understood else MomentError(_UNKNOWN_WHEN, understood=False) from error
