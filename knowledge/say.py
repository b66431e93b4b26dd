"""The words around an answer: hedges, declines and refusals, each in one plain sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from knowledge.answer import MAX_QUESTION, NOT_THAT, OFF_SUBJECT, Answer, Verdict
from knowledge.chunks import Passage, as_sentence
from knowledge.compose import Pick, merge, source, sources, write

if TYPE_CHECKING:
    from knowledge.chain import Part

TOO_LONG = Answer(f"That is long for me: please ask in at most {MAX_QUESTION:,} characters.", "refuse")
REFUSED = Answer(NOT_THAT, "refuse")
NOTHING_ASKED = Answer("I did not see a question there. Ask me something, for example: What is FinOps?", "decline")
VERDICTS: tuple[Verdict, ...] = ("answer", "correct", "hedge")
REST = "My sources hold no answer to the rest of the question."
REST_HEDGE = "On the rest I am not sure; the closest I have is:"
CORRECTION = "My sources do not give that figure. What they say:"
HEDGE = "I am not sure that this answers it; the closest I have is:"
NOT_COVERED = "My sources do not cover that."
ANNOUNCED = "My sources do not cover that; they only announce it:"
FURTHER = "Further resources:"
# From this chance on the nearest passage is worth reading although it does not answer.
WORTH_QUOTING = 0.1
EXCERPT = 500
OFFER = 300
# The passage with the resources that a document names, None where it names none.
Resources = Callable[[str], Passage | None]


def no_resources(document: str) -> None:
    """Nothing to offer."""


def broken_off(reference: str) -> str:
    """What leads from the words of a language model that failed to those of the sources; the log has the reference."""
    return f"The writing broke off there (reference {reference}). In the words of my sources:"


def reply(parts: Sequence[tuple[Part, Verdict]], resources: Resources = no_resources, said: str = "") -> Answer:
    """One answer for all parts: what is covered first, then what is not.

    `resources` are offered with what is not covered, unless that stands in `said`: all that was said before.
    """
    by_verdict = {kind: merge(_picks(part for part, verdict in parts if verdict == kind)) for kind in VERDICTS}
    if answered := by_verdict["answer"]:
        told = [write(answered)]
        unsure = [one for one in by_verdict["hedge"] if one not in answered]
        if unsure:
            told.append(f"{REST_HEDGE}\n{write(unsure)}")
        if any(verdict == "decline" for _, verdict in parts):
            told.append(REST)
        return Answer("\n\n".join(told), "answer", sources([*answered, *unsure]))
    if corrected := by_verdict["correct"]:
        return Answer(f"{CORRECTION}\n{write(corrected)}", "correct", sources(corrected))
    if unsure := by_verdict["hedge"]:
        return Answer(f"{HEDGE}\n{write(unsure)}", "hedge", sources(unsure))
    return _declined(parts[-1][0], resources, said)


def _picks(parts: Iterable[Part]) -> list[Pick]:
    return [pick for part in parts for pick in part.picks]


def _declined(part: Part, resources: Resources, said: str) -> Answer:
    """Not covered: what is lacking, the nearest place that is covered, and where to read on."""
    if not part.picks or part.far_off:
        return Answer(OFF_SUBJECT, "decline")
    nearest = part.picks[0].passage
    near = (source(nearest),)
    if part.absent:
        return Answer(part.absent, "decline", near)
    told = _nearest(part, nearest)
    offered = _offered(resources(nearest.document), told + said)
    return Answer("\n".join(filter(None, (told, offered))), "decline", near)


def _nearest(part: Part, nearest: Passage) -> str:
    """What is lacking, and the nearest place that is covered, with what it says where that is worth reading."""
    if nearest.kind == "teaser":
        return f"{ANNOUNCED} “{' '.join(nearest.units)}”"
    place = f"“{nearest.section}”" + (f" ({nearest.locator})" if nearest.locator else "")
    lacks = part.decision.lacks if part.decision else None
    first = f"My sources do not state {lacks} for that." if lacks else NOT_COVERED
    chance = part.decision.chance if part.decision else 0.0
    excerpt = write(part.picks[:1])
    worth_quoting = (lacks or chance >= WORTH_QUOTING) and len(excerpt) <= EXCERPT
    return nearest_place(first, place, excerpt if worth_quoting else "")


def nearest_place(first: str, place: str, excerpt: str = "") -> str:
    """What is lacking, then the nearest place that is covered, with what it says where that is given."""
    told = f"{first} The nearest that they have is {place}"
    return f"{told}:\n{excerpt}" if excerpt else f"{told}."


def _offered(resources: Passage | None, told: str) -> str:
    """One line with the resources that a source names, whole and as many as fit; "" for none or those told already."""
    line = ""
    for unit in resources.units if resources else ():
        longer = f"{line}; {unit}" if line else f"{FURTHER} {unit}"
        if unit not in told and len(longer) <= OFFER:
            line = longer
    return as_sentence(line) if line else ""
