"""The words around an answer: what is nearest, what is declined and what is refused, each in one plain sentence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from knowledge.answer import MAX_QUESTION, NO_ANSWER, NOT_COVERED, NOT_THAT, OFF_SUBJECT, Answer, Source
from knowledge.chunks import Passage, as_sentence
from knowledge.decision import is_of_another_section, lacking_fact
from knowledge.followup import refers
from knowledge.picks import Pick, cut, merge, source, sources, write, written

if TYPE_CHECKING:
    from knowledge.chain import Part

TOO_LONG = Answer(f"That is long for me: please ask in at most {MAX_QUESTION:,} characters.", "refuse")
REFUSED = Answer(NOT_THAT, "refuse")
NOTHING_ASKED = Answer(
    "I did not see a question there. Ask me something, for example: What is FinOps?", "decline", outside=True
)
OUTSIDE = Answer(OFF_SUBJECT, "decline", outside=True)
REST = "My sources hold no answer to the rest of the question."
REST_NEAREST = "To the rest I have no answer. The nearest that I have, in {}, is:"
CORRECTION = "My sources do not give that figure. What they say:"
NEAREST = "The nearest that I have, in {}, is:"
LACKS = "My sources do not state {} for that."
HAS_NONE = "“{}” has none."
ANNOUNCED = "My sources do not cover that; they only announce it:"
ALL_TOLD = "That is all that I find on it in my sources."
IN_ENGLISH_ONLY = "My sources are in English, and I say only what they say, so I do not translate."
NEEDS_MODEL = (
    "Other words than my sources' need a language model, and none is set up here. I can make it shorter: say “shorter”."
)
FURTHER = "Further resources:"
OFFER = 300
# So many questions are offered after an answer, of at most so many characters: a button carries no more.
ONWARD, LONGEST_ONWARD = 2, 75
# The passage with the resources that a document names, None where it names none.
Resources = Callable[[str], Passage | None]


def broken_off(reference: str) -> str:
    """What leads from the words of a language model that failed to those of the sources; the log has the reference."""
    return f"The writing broke off there (reference {reference}). In the words of my sources:"


def reply(parts: Sequence[Part], resources: Resources = lambda document: None, said: str = "") -> Answer:
    """One answer for all parts: what is covered first, then what is not.

    `resources` are offered with what is not covered, unless that stands in `said`: all that was said before.
    """
    if answered := merge([part.picks for part in parts if part.verdict == "answer"]):
        told, used = [write(answered, any(part.points for part in parts))], list(answered)
        near = next((part for part in parts if part.verdict == "nearest" and part.picks[0] not in answered), None)
        if near is not None and len(told[0]) + len(written(near.picks[0])) < MAX_NEAR:
            told.append(f"{REST_NEAREST.format(_place(near.picks[0]))}\n{written(near.picks[0])}")
            used.append(near.picks[0])
        elif any(part.verdict != "answer" for part in parts):
            told.append(REST)
        return Answer("\n\n".join(told), "answer", sources(used), onward=_onward(parts, used, said))
    if corrected := merge([part.picks for part in parts if part.verdict == "correct"]):
        return Answer(f"{CORRECTION}\n{write(corrected)}", "correct", sources(corrected))
    if near := next((part for part in parts if part.verdict == "nearest"), None):
        return _nearest(near)
    return _declined(parts[-1], resources, said)


def _onward(parts: Sequence[Part], used: Sequence[Pick], said: str) -> tuple[str, ...]:
    """The questions that the document of the best passage answers besides, as its headings ask them, nearest first;
    of those that stand by themselves, that a button can carry, and that were not told yet.
    """
    # What a button says is said by who presses it: so none says what somebody put into a document of a team.
    if used[0].passage.named or used[0].passage.origin == "own":
        return ()
    told = {one.passage.section for one in used}
    document = used[0].passage.document
    near = (
        found.passage
        for part in parts
        for found in part.search.found
        if found.passage.document == document and found.passage.section not in told
    )
    fitting = (
        passage.section
        for passage in near
        if passage.section.endswith("?")
        and not refers(passage.section)
        and passage.section.isascii()
        and len(passage.section) <= LONGEST_ONWARD
        and passage.units[0] not in said
    )
    return tuple(islice(dict.fromkeys(fitting), ONWARD))


# With a nearest passage an answer is at most so long, in characters.
MAX_NEAR = 1_200


def _nearest(part: Part) -> Answer:
    """The nearest that the sources have, named as only that."""
    best = part.picks[0]
    if part.beyond:
        return Answer(part.beyond, "nearest", (source(best.passage),))
    if best.passage.kind == "teaser":
        return Answer(f"{ANNOUNCED} “{' '.join(best.passage.units)}”", "nearest", (source(best.passage),))
    absent = is_of_another_section(part.search)
    # Beside a field of another section nothing else is near; else one more place may hold what was asked.
    shown = part.picks[: 1 if absent else 2]
    first = HAS_NONE.format(min(part.search.named).section) if absent else _lacking(part) or NO_ANSWER
    return Answer(f"{first} {NEAREST.format(_place(best))}\n{write(shown)}", "nearest", sources(shown))


def as_nearest(answer: Answer) -> Answer:
    """An answer that turned out to be none, as the nearest that there is."""
    text = f"{NO_ANSWER} {NEAREST.format(_named(answer.sources[0]))}\n{answer.text}"
    return replace(answer, text=text, verdict="nearest")


def _place(pick: Pick) -> str:
    """Where a pick stands, as an answer names it: "“Showback” (How it is done)"."""
    place = source(pick.passage)
    return _named(place)


def _named(place: Source) -> str:
    where = ", ".join(cut(part) for part in (place.section, place.locator) if part)
    return f"“{cut(place.title)}” ({where})" if where else f"“{cut(place.title)}”"


def _declined(part: Part, resources: Resources, said: str) -> Answer:
    """Not covered: off the subject, or within it, and then where to read on."""
    if part.off_subject or part.search.best is None:
        return OUTSIDE
    first = _lacking(part) or NOT_COVERED
    offered = _offered(resources(part.search.best.passage.document), first + said)
    return Answer("\n".join(filter(None, (first, offered))), "decline")


def _lacking(part: Part) -> str:
    """What kind of fact is lacking; "" where none in particular is."""
    lacks = lacking_fact(part.search, part.picks) if part.picks else None
    return LACKS.format(lacks).replace("of that for that", "of that") if lacks else ""


def _offered(resources: Passage | None, told: str) -> str:
    """One line with the resources that a source names, whole and as many as fit; "" for none or those told already."""
    line = ""
    for unit in resources.units if resources else ():
        longer = f"{line}; {unit}" if line else f"{FURTHER} {unit}"
        if unit not in told and len(longer) <= OFFER:
            line = longer
    return as_sentence(line) if line else ""
