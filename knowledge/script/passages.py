"""A script as passages: its narration, every cue, note and element of its sections, and its lists."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from knowledge.chunks import ABOUT, ALL_SECTIONS, Hint, Passage, sentences
from knowledge.provenance import EDITORS
from knowledge.script import Cards, Element, OtherElement, Poll, Quiz, Script, Section, Slider
from knowledge.script.called import callings
from knowledge.script.kinds import KINDS, Kind, overview
from knowledge.script.parser import LISTING, LISTS, SHORT_FORM
from knowledge.script.text import clock
from knowledge.words import stems

# A sentence of the narration that shares this much of its words with its section says the same.
SAME = 0.7

_BOUND = r"(?:(?:over|more than|up to|at least|at most|about|around|nearly|almost|under|less than|a|an)\s+)?"
_SHARE = re.compile(rf"\b{_BOUND}\d+(?:\.\d+)?\s?(?:%|percent\b|per cent\b)(?:\s+of\b)?", re.I)
_SHARE_OF = re.compile(rf"\b{_BOUND}\d+(?:\.\d+)?\s?(?:%|percent|per cent)\s+of\s", re.I)
_CALLS = re.compile(r"\b(subscribe|comments?|like this|share|follow us|sign up|join|download|click|visit)\b", re.I)


def script_passages(script: Script) -> list[Passage]:
    """All passages of `script`, in the order of the file."""
    drafts = itertools.chain(_header(script), _sections(script), _narration(script), _overviews(script), _notes(script))
    return [replace(passage, order=order) for order, passage in enumerate(drafts)]


def spoken_time(seconds: int) -> str:
    """Seconds as people say them: "1 minute 30 seconds"."""
    minutes, rest = divmod(seconds, 60)
    parts = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in ((minutes, "minute"), (rest, "second"))]
    return " ".join(part for part in parts if not part.startswith("0 ")) or "0 seconds"


def locator(section: Section) -> str:
    """A section's place on the video's clock: "2:00-4:00"."""
    return f"{clock(section.start)}-{clock(section.end)}"


def call_to_action(script: Script) -> tuple[str, ...]:
    """What the last section asks of its viewers, with the question that leads there; () where it asks nothing."""
    said = sentences(script.sections[-1].content)
    asked = [place for place, sentence in enumerate(said) if _CALLS.search(sentence)]
    if not asked:
        return ()
    first = asked[0] - 1 if asked[0] and said[asked[0] - 1].endswith("?") else asked[0]
    return said[first : asked[-1] + 1]


def _header(script: Script) -> Iterator[Passage]:
    for kind in ("title", "seo-title", "chapter", "series-section", "target-length"):
        if value := getattr(script, kind.replace("-", "_")):
            yield _note(script, ABOUT, KINDS[kind], (value,))
    yield _note(script, ABOUT, KINDS["total-time"], (f"{spoken_time(script.total_seconds)}.",))


def _sections(script: Script) -> Iterator[Passage]:
    for section in script.sections:
        content = _of_section(script, section, KINDS["content"], sentences(section.content))
        yield replace(content, called=callings(script, section))
        if section.points:
            points = _of_section(script, section, KINDS["points"], section.points)
            yield replace(points, listed=True, numbered=True)
        for kind, value in _fields(section):
            yield _of_section(script, section, kind, (value,))
        if section.element:
            units, hints = _told(section.element, section.element_text or "")
            passage = _of_section(script, section, KINDS["element"], units)
            yield replace(passage, hints=passage.hints + tuple(map(Hint, hints)))
            yield from _explanations(script, section)
        if section.teaser:
            yield _of_section(script, section, KINDS["teaser"], sentences(section.teaser))
    if calls := call_to_action(script):
        yield _of_section(script, script.sections[-1], KINDS["call"], calls)


def _fields(section: Section) -> Iterator[tuple[Kind, str]]:
    for name in ("visual", "audio", "accessibility", "engagement"):
        if value := getattr(section, name):
            yield KINDS[name], value
    times = f"{spoken_time(section.seconds)}, from {clock(section.start)} to {clock(section.end)} on the video's clock."
    yield KINDS["timing"], times


def _told(element: Element, whole: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is told of an element, whose words are `whole`, and the questions for it beside those for any element."""
    match element:
        case Poll(question, options):
            return (f"Poll: {question}", f"The options: {' / '.join(options)}."), KINDS["poll"].hints
        case Quiz(question, answer):
            return (f"Quiz: {question}", f"The revealed answer: {answer}."), KINDS["quiz"].hints
        case Cards():
            return (whole,), KINDS["cards"].hints
        case Slider():
            return (whole,), KINDS["slider"].hints
        case OtherElement(kind, _):
            return (whole,), (f"What is the {kind}?",)


def _explanations(script: Script, section: Section) -> Iterator[Passage]:
    """What the editors wrote to go behind the cards: a passage each, marked as theirs."""
    for card in section.element.cards if isinstance(section.element, Cards) else ():
        if card.explanation:
            passage = _of_section(script, section, KINDS["explanation"], sentences(card.explanation))
            yield replace(
                passage,
                id=f"{passage.id}-{card.number}",
                lead=f"{card.title} ({EDITORS}):",
                hints=tuple(Hint(hint.format(s=card.title)) for hint in KINDS["explanation"].hints),
                authored=True,
            )


def _narration(script: Script) -> Iterator[Passage]:
    """The full narration, where it says more than the sections do; it takes the time of its section."""
    by_slug = {section.slug: section for section in script.sections}
    for number, paragraph in enumerate(script.narration):
        section = by_slug[paragraph.section]
        told = set(stems(" ".join((section.title, section.content, section.engagement or "", section.teaser or ""))))
        more = tuple(
            sentence for sentence in sentences(" ".join(paragraph.text.split())) if not _says_same(sentence, told)
        )
        if more:
            passage = _of_section(script, section, KINDS["narration"], more)
            yield replace(passage, id=f"{passage.id}-{number}")


def _says_same(sentence: str, told: set[str]) -> bool:
    """Whether a sentence adds nothing to what is told: its words stand there, or it only asks or leads over."""
    said = set(stems(sentence))
    return sentence.endswith("?") or len(said & told) >= SAME * len(said)


def _overviews(script: Script) -> Iterator[Passage]:
    """One passage a field with the values of all sections, for questions that name no section."""
    columns: dict[Kind, list[str]] = {}
    for section in script.sections:
        for kind, value in _fields(section):
            columns.setdefault(kind, []).append(f"{section.title}: {value}")
        if section.element_text:
            columns.setdefault(KINDS["element"], []).append(f"{section.title}: {section.element_text}")
    for kind, cells in columns.items():
        if len(cells) > 1:
            yield replace(_note(script, ALL_SECTIONS, overview(kind), tuple(cells)), listed=True)
    outline = tuple(f"{section.title} ({locator(section)})" for section in script.sections)
    yield replace(_note(script, ALL_SECTIONS, KINDS["outline"], outline), listed=True)


def _notes(script: Script) -> Iterator[Passage]:
    for heading, name in LISTS.items():
        if items := getattr(script, name):
            yield replace(_note(script, heading, KINDS[name], items), listed=True)
    if script.short_form:
        yield _note(script, SHORT_FORM, KINDS["short-form"], sentences(script.short_form))
    if script.short_version:
        short = _note(script, SHORT_FORM, KINDS["short-version"], sentences(script.short_version))
        yield replace(short, lead=f"In short ({EDITORS}):", authored=True, entire=True)
    if script.listing:
        yield _note(script, LISTING, KINDS["listing"], sentences(script.listing.text))
        if script.listing.hashtags:
            yield _note(script, LISTING, KINDS["hashtags"], (" ".join(script.listing.hashtags),))
        if script.listing.links:
            yield replace(_note(script, LISTING, KINDS["links"], script.listing.links), listed=True)


def _of_section(script: Script, section: Section, kind: Kind, units: tuple[str, ...]) -> Passage:
    named = section.title.rstrip("?!. ")
    return replace(
        _note(script, section.title, kind, units),
        id=f"{script.slug}/{section.slug}/{kind.name}",
        locator=locator(section),
        lead=kind.lead.format(s=section.title),
        hints=(*(Hint(hint.format(s=named, n=len(units))) for hint in kind.hints), *_asked_for_figures(units)),
    )


def _asked_for_figures(units: Sequence[str]) -> Iterator[Hint]:
    """For each unit with a share of something, the same with the share asked for."""
    for place, unit in enumerate(units):
        asked, figures = _SHARE.subn("how much", unit)
        if figures:
            yield Hint(f"{asked.rstrip('.')}?", place)
        if match := _SHARE_OF.search(unit):
            counted = unit[match.end() :].strip().rstrip(".")
            yield Hint(f"How many {counted}?", place)
            yield Hint(f"What percentage of {counted}?", place)


def _note(script: Script, heading: str, kind: Kind, units: tuple[str, ...]) -> Passage:
    return Passage(
        id=f"{script.slug}/notes/{kind.name}",
        document=script.slug,
        title=script.title,
        section=heading,
        locator=None,
        url=None,
        kind=kind.name,
        lead=kind.lead,
        units=units,
        hints=(*map(Hint, kind.hints), *_asked_for_figures(units)),
        words=kind.words,
        named=kind.named,
    )
