"""Documents and the glossary as passages: one for each section, those that are too long in several."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.chunks import HANDBOOK, LINE, PARAGRAPH, SPACE, Passage
from knowledge.documents import Document, GlossaryEntry, Handbook, TopicSection

OPENING, SECTION, TERM = "opening", "topic section", "term"
GLOSSARY = "glossary"
# Characters of a passage from which a section is parted between two blocks: about 200 tokens of the 256 that the
# embedding model reads, the rest being headings.
LONGEST = 1_000


def handbook_passages(handbook: Handbook) -> list[Passage]:
    """All passages of the handbook, in its order, the glossary last."""
    found = [passage for document in handbook.documents for passage in _of_document(document)]
    return [*found, *(_of_term(handbook, term) for term in handbook.terms)]


def _of_document(document: Document) -> Iterator[Passage]:
    called = f" ({', '.join(document.synonyms)})" if document.synonyms else ""
    pieces = [(number, piece) for number, section in enumerate(document.sections) for piece in _pieces(section)]
    for order, (number, (units, joins)) in enumerate(pieces):
        heading = document.sections[number].heading
        yield Passage(
            id=f"handbook/{document.slug}/{number}-{order}",
            document=f"handbook/{document.slug}",
            title=document.source().title,
            section=heading,
            locator=heading,
            url=document.url,
            kind=OPENING if heading == document.title else SECTION,
            lead="",
            units=tuple(units),
            joins=tuple(joins),
            above=f"{document.title}{called}",
            origin=document.origin,
            order=order,
        )


def _pieces(section: TopicSection) -> Iterator[tuple[list[str], list[str]]]:
    """The units of a section, and what stands before each, in parts that are not too long, each of whole blocks where
    that is possible.
    """
    units: list[str] = []
    joins: list[str] = []
    for block in section.blocks:
        if units and sum(map(len, units)) + sum(map(len, block.texts)) > LONGEST:
            # What leads into a list stays with it.
            whole = len(units) - units[-1].endswith(":")
            if whole:
                yield units[:whole], joins[:whole]
            units, joins = units[whole:], joins[whole:]
        for place, text in enumerate(block.texts):
            if units and sum(map(len, units)) + len(text) > LONGEST:
                yield units, joins
                units, joins = [], []
            first = PARAGRAPH if place == 0 and units and block.unit == "sentence" else ""
            mark = {"sentence": SPACE, "item": LINE, "step": f"\n{place + 1}. "}[block.unit]
            units.append(text)
            joins.append(first or (mark if units[:-1] or block.unit != "sentence" else ""))
    if units:
        yield units, joins


def _of_term(handbook: Handbook, term: GlossaryEntry) -> Passage:
    """A term as a passage of the document that explains it."""
    document = handbook.document(term.topic)
    called = f"{term.name} ({term.stands_for})" if term.stands_for else term.name
    return Passage(
        id=f"handbook/{GLOSSARY}/{term.name}",
        document=f"handbook/{term.topic}",
        title=f"{HANDBOOK}: Glossary",
        section=term.name,
        locator=term.name,
        url=document.url if document else None,
        kind=TERM,
        lead="",
        units=(f"{called}: {term.says}",),
        joins=("",),
        above=term.name,
        origin="handbook",
    )
