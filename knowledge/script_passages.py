"""A script as passages: its narration, every cue, note and element of its sections, and its lists.

The hints are questions about the form of the series ("What is the visual cue for ...?"), never about one script.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.chunks import Passage, sentences
from knowledge.script import Cards, OtherElement, Poll, Quiz, Script, Section, Slider

HEADER = "About the video"


@dataclass(frozen=True)
class _Field:
    """One field of a section: how it is called in an answer and asked for in a question ({s}: the section)."""

    kind: str
    name: str
    plural: str
    hints: tuple[str, ...]


_VISUAL = _Field(
    "visual",
    "Visual cue",
    "Visual cues",
    (
        "What is the visual cue for {s}?",
        "Which picture, animation, diagram or chart illustrates the part about {s}?",
        "What is shown on the screen during {s}?",
    ),
)
_AUDIO = _Field(
    "audio",
    "Audio cue",
    "Audio cues",
    (
        "What is the audio cue for {s}?",
        "Which sound, noise or music is heard during {s}?",
    ),
)
_ACCESSIBILITY = _Field(
    "accessibility",
    "Accessibility note",
    "Accessibility notes",
    (
        "What is the accessibility note for {s}?",
        "What should be described to blind or visually impaired viewers in {s}?",
    ),
)
_ENGAGEMENT = _Field(
    "engagement",
    "Engagement question",
    "Engagement questions",
    (
        "What engagement question is asked in {s}?",
        "What are viewers asked to think about or share in {s}?",
    ),
)
_ELEMENT = _Field(
    "element",
    "Interactive element",
    "Interactive elements",
    (
        "What is the interactive element in {s}?",
        "What can viewers click, try or take part in during {s}?",
    ),
)
_TIMING = _Field(
    "timing",
    "Estimated time",
    "Estimated times",
    (
        "How long is the section {s}?",
        "How much time does the part {s} take?",
        "When does {s} start and end in the video?",
    ),
)

_LISTS = (
    (
        "takeaways",
        "Key Takeaways",
        "The key takeaways:",
        ("What are the key takeaways?", "What should I remember from this video?", "Summarise the main points."),
    ),
    (
        "keywords",
        "SEO Keywords",
        "The SEO keywords:",
        ("What are the SEO keywords?", "Which search terms or tags is the video optimised for?"),
    ),
    (
        "resources",
        "Additional Resources",
        "Additional resources:",
        (
            "Which additional resources are there?",
            "Where can I read more or learn more about this?",
            "Which books, websites and links are recommended for further reading?",
        ),
    ),
    (
        "quotes",
        "Expert Quotes",
        "",
        ("What do the experts say?", "Give me an expert quote.", "Which quotes are there?"),
    ),
    (
        "statistics",
        "Statistics",
        "",
        ("What are the statistics?", "Which figures, numbers or percentages are given?", "Show me the data."),
    ),
    (
        "examples",
        "Practical Examples",
        "",
        ("Which practical examples are there?", "Is there a real-world example or case study?"),
    ),
)

_CALLS = re.compile(r"\b(subscribe|comments?|like this|share|follow us|sign up|join|download|click|visit)\b", re.I)


def script_passages(script: Script) -> list[Passage]:
    """All passages of `script`, in the order of the file."""
    drafts = itertools.chain(_header(script), _sections(script), _narration(script), _overviews(script), _notes(script))
    return [replace(passage, order=order) for order, passage in enumerate(drafts)]


def clock(seconds: int) -> str:
    """Seconds on the video's clock as M:SS."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def spoken_time(seconds: int) -> str:
    """Seconds as people say them: "1 minute 30 seconds"."""
    minutes, rest = divmod(seconds, 60)
    parts = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in ((minutes, "minute"), (rest, "second"))]
    return " ".join(part for part in parts if not part.startswith("0 ")) or "0 seconds"


def locator(section: Section) -> str:
    """A section's place on the video's clock: "2:00-4:00"."""
    return f"{clock(section.start)}-{clock(section.end)}"


def call_to_action(script: Script) -> tuple[str, ...]:
    """What the last section asks of its viewers, with the question that leads there."""
    said = sentences(script.sections[-1].content)
    asked = [place for place, sentence in enumerate(said) if _CALLS.search(sentence)]
    if not asked:
        return ()
    first = asked[0] - 1 if asked[0] and said[asked[0] - 1].endswith("?") else asked[0]
    return said[first : asked[-1] + 1]


def _header(script: Script) -> Iterator[Passage]:
    for kind, value, lead, hints in (
        (
            "title",
            script.title,
            "The video's title:",
            ("What is the title of the video?", "What is this video or script called?"),
        ),
        ("seo-title", script.seo_title, "The SEO title:", ("What is the SEO title?",)),
        (
            "chapter",
            script.chapter,
            "The chapter:",
            ("Which chapter does the video belong to?", "What is the name of the chapter in the book?"),
        ),
        (
            "series-section",
            script.series_section,
            "The section of the series:",
            ("Which section of the book or series does the video belong to?",),
        ),
        (
            "target-length",
            script.target_length,
            "The target length of the video:",
            ("What is the target length of the video?", "How long should the video be?"),
        ),
    ):
        if value:
            yield _note(script, HEADER, kind, lead, (value,), hints)
    yield _note(
        script,
        HEADER,
        "total-time",
        "The total estimated time of the video:",
        (f"{spoken_time(script.total_seconds)}.",),
        ("What is the total estimated time?", "How long is the video in total?", "What is the running time?"),
    )


def _sections(script: Script) -> Iterator[Passage]:
    for section in script.sections:
        yield _passage(
            script,
            section,
            "content",
            "",
            sentences(section.content),
            (section.title, f"What is said about {_name(section)}?"),
        )
        if section.points:
            yield replace(
                _passage(script, section, "points", f"{section.title}:", section.points, _points_hints(section)),
                listed=True,
                numbered=True,
            )
        for field, value in _fields(section):
            yield _field_passage(script, section, field, value)
        if section.element:
            yield _element(script, section)
        if section.teaser:
            yield _passage(
                script,
                section,
                "teaser",
                "",
                sentences(section.teaser),
                (
                    "What is the next topic?",
                    "What is the next topic teaser?",
                    "What comes up in the next video or episode of the series?",
                    "What follows after this video?",
                ),
            )
    if calls := call_to_action(script):
        yield _passage(
            script,
            script.sections[-1],
            "call",
            "",
            calls,
            (
                "What is the call to action?",
                "What are viewers asked to do at the end of the video?",
                "What should I do after watching?",
            ),
        )


def _points_hints(section: Section) -> tuple[str, ...]:
    title = _name(section)
    return (
        f"What are the {len(section.points)} {title}?",
        f"List the {title}.",
        f"Which of the {title} is about this?",
        f"What is the first, second or third of the {title}?",
    )


def _fields(section: Section) -> Iterator[tuple[_Field, str]]:
    times = f"{spoken_time(section.seconds)}, from {clock(section.start)} to {clock(section.end)} on the video's clock."
    for field, value in (
        (_VISUAL, section.visual),
        (_AUDIO, section.audio),
        (_ACCESSIBILITY, section.accessibility),
        (_ENGAGEMENT, section.engagement),
        (_TIMING, times),
    ):
        if value:
            yield field, value


def _field_passage(script: Script, section: Section, field: _Field, value: str) -> Passage:
    hints = tuple(hint.format(s=_name(section)) for hint in field.hints)
    return _passage(script, section, field.kind, f"{field.name} ({section.title}):", (value,), hints)


def _element(script: Script, section: Section) -> Passage:
    hints = tuple(hint.format(s=_name(section)) for hint in _ELEMENT.hints)
    match section.element:
        case Poll(question, options):
            units: tuple[str, ...] = (f"Poll: {question}", f"The options: {' / '.join(options)}.")
            hints += ("What is the poll question?", "What are the options of the poll?", "In which section is the poll?")
        case Quiz(question, answer):
            units = (f"Quiz: {question}", f"The revealed answer: {answer}.")
            hints += ("What is the quiz question?", "What is the answer to the quiz?", "In which section is the quiz?")
        case Cards(text):
            units = (text,)
            hints += ("What happens when you click on an icon?", f"Which icons are there for {_name(section)}?")
        case Slider(text):
            units = (text,)
            hints += ("How does the slider tool work?", "What does the slider estimate?")
        case OtherElement(kind, text):
            units = (text,)
            hints += (f"What is the {kind}?",)
        case None:
            units = ()
    return _passage(script, section, _ELEMENT.kind, f"{_ELEMENT.name} ({section.title}):", units, hints)


def _narration(script: Script) -> Iterator[Passage]:
    """The full narration, where it says more than the sections do; it takes the time of its section."""
    by_slug = {section.slug: section for section in script.sections}
    said = {_plain(sentence) for section in script.sections for sentence in _said(section)}
    for number, paragraph in enumerate(script.narration):
        more = [sentence for sentence in sentences(" ".join(paragraph.text.split())) if _plain(sentence) not in said]
        if more:
            section = by_slug[paragraph.section]
            yield _passage(script, section, f"narration-{number}", "", tuple(more), ())


def _said(section: Section) -> Iterator[str]:
    for text in (section.content, section.engagement, section.teaser):
        yield from sentences(text or "")


def _plain(sentence: str) -> str:
    return re.sub(r"[\W_]+", " ", sentence.lower()).strip()


def _overviews(script: Script) -> Iterator[Passage]:
    """One passage a field with the values of all sections, for questions that name no section."""
    columns: dict[_Field, list[tuple[Section, str]]] = {}
    for section in script.sections:
        for field, value in _fields(section):
            columns.setdefault(field, []).append((section, value))
        if section.element_text:
            columns.setdefault(_ELEMENT, []).append((section, section.element_text))
    for field, cells in columns.items():
        if len(cells) > 1:
            many = field.plural.lower()
            hints = (
                f"List all {many}, section by section.",
                f"Which {many} are there in the video?",
                f"{field.plural} of the main content",
                f"Does every section have one of the {many}?",
            )
            units = tuple(f"{section.title}: {value}" for section, value in cells)
            overview = _note(script, "All sections", f"{field.kind}-overview", f"{field.plural}:", units, hints)
            yield replace(overview, listed=True)
    yield replace(
        _note(
            script,
            "All sections",
            "outline",
            "The sections of the video:",
            tuple(f"{section.title} ({locator(section)})" for section in script.sections),
            ("Which sections does the video have?", "How is the video structured?", "What does the video cover?"),
        ),
        listed=True,
    )


def _notes(script: Script) -> Iterator[Passage]:
    for name, section, lead, hints in _LISTS:
        items: Sequence[str] = getattr(script, name)
        if items:
            yield replace(_note(script, section, name, lead, tuple(items), hints), listed=True)
    if script.short_form:
        yield _note(
            script,
            "Short Form Adaptation",
            "short-form",
            "",
            sentences(script.short_form),
            (
                "What should the short form adaptation focus on?",
                "How is the short version for TikTok, reels or shorts made?",
                "Guidelines for a one-minute clip",
            ),
        )
    if script.listing:
        listing, name = script.listing, "YouTube Listing"
        yield _note(
            script,
            name,
            "listing",
            "",
            sentences(listing.text),
            ("What is the YouTube description?", "Who is the video for?", "What is the audience of the video?"),
        )
        if listing.hashtags:
            yield _note(
                script, name, "hashtags", "The hashtags:", (" ".join(listing.hashtags),), ("Which hashtags are used?",)
            )
        if listing.links:
            yield replace(
                _note(
                    script,
                    name,
                    "links",
                    "Useful links (named without an address):",
                    listing.links,
                    ("Which useful links are in the YouTube listing?",),
                ),
                listed=True,
            )


def _name(section: Section) -> str:
    """A section's title as it stands in the middle of a question."""
    return section.title.rstrip("?!. ")


def _passage(
    script: Script, section: Section, kind: str, lead: str, units: tuple[str, ...], hints: tuple[str, ...]
) -> Passage:
    return Passage(
        id=f"{script.slug}/{section.slug}/{kind}",
        document=script.slug,
        title=script.title,
        section=section.title,
        locator=locator(section),
        url=None,
        kind=kind,
        lead=lead,
        units=units,
        hints=hints,
    )


def _note(
    script: Script, section: str, kind: str, lead: str, units: tuple[str, ...], hints: tuple[str, ...]
) -> Passage:
    return Passage(
        id=f"{script.slug}/notes/{kind}",
        document=script.slug,
        title=script.title,
        section=section,
        locator=None,
        url=None,
        kind=kind,
        lead=lead,
        units=units,
        hints=hints,
    )
