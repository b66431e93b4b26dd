"""The form for a poll of one's own: filled with what is known, read when it is submitted."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.intents.polls.drafts import (
    FEWEST,
    LONGEST_OPTION,
    LONGEST_QUESTION,
    LONGEST_WORDS,
    MOST,
    TOO_LONG,
    DraftError,
    tidy,
    wrong_options,
    wrong_question,
    wrong_times,
)
from bot.intents.polls.separators import unmarked
from bot.intents.polls.terms import CUTS, Term, held_to, peel
from bot.intents.times.moments import MomentError, in_words, lasting, read_deadline, repeating
from bot.reply import Field, Form
from bot.store import Draft

HOW = {
    "one choice, named": (False, False),
    "several choices, named": (True, False),
    "one choice, anonymous": (False, True),
    "several choices, anonymous": (True, True),
}
RESULTS = {"shown while it is open": False, "shown after the close": True}

_UNKNOWN_WHEN = (
    "I do not understand that: write for example “for 2h”, “until Friday 17:00, remind 1h before” or “every Monday at "
    "9:00 for 2 days”."
)

_NO_DEADLINE = re.compile(
    r"[\s-]*+(?:never|none|no|nothing|no deadline|by hand|open end|open-ended)?[\s.-]*", re.IGNORECASE
)


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


def held_in_words(draft: Draft) -> str:
    """How a poll is held, in words that are understood of one; empty where nothing was said of it."""
    said = [
        *(["several choices"] if draft.several else []),
        *(["anonymous"] if draft.anonymous else []),
        *(["hidden until the close"] if draft.hidden and not draft.anonymous else []),
        when_in_words(draft),
    ]
    return ", ".join(filter(None, said))


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
        return read, {"question" if len(question) > LONGEST_QUESTION else "options": (TOO_LONG,)}
    wrong["question"], wrong["options"] = wrong_question(question), wrong_options(texts)
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
            wrong["when"] = wrong_times(read)
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
