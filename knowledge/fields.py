"""Fields asked for by name: several at once ("the music of the opening and of the case study"), or one of the section
that was just spoken of ("and its music?").
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from knowledge.chunks import Passage, Place
from knowledge.retriever import HybridRetriever
from knowledge.search import Found, Search
from knowledge.words import content_words, stem, stems

# What is asked for along with the best passage is nearly as near; farther only where nothing else is said of it.
NEARLY, FARTHER = 0.30, 0.75
# Kinds that tell of a script as a whole: their words ("section") mostly say where something else is.
_OF_THE_WHOLE = frozenset({"outline", "series-section"})
# So many words beside those that name a field leave it a field of what was spoken of.
BARE = 1

_JOINED = re.compile(
    r"(?<!\s)\s+(?:and|as well as|plus|versus|vs\.?|or|than|with the one)\s+(?:also\s+)?"
    r"|(?:(?<!\s)\s+)?(?:&\s*|[,;]\s*(?:and\s+)?)"
    r"|\bboth\b",
    re.I,
)


@dataclass(frozen=True)
class _Piece:
    """What a piece of a question names: a kind of passage by a word of it, sections; `bare` if it says little else."""

    kind: str | None
    word: str
    places: tuple[Place, ...]
    bare: bool


def crossed(search: Search, retriever: HybridRetriever) -> Search:
    """`search` with what it asks for by name more than once as its `joint` finds, in the order of the question."""
    if not search.found or not _JOINED.search(search.mended):
        return search
    pieces = list(_pieces(search, retriever))
    joint = _of_sections(search, _inherited(pieces), retriever)
    if len(joint) < 2:
        joint = _of_kinds(search, pieces, retriever.notes(search.found[0].passage.document))
    if len(joint) < 2:
        return search
    return replace(search, joint=tuple(joint), found=tuple(dict.fromkeys((*joint, *search.found))))


def anchored(search: Search, place: Place, retriever: HybridRetriever) -> Search | None:
    """`search` for a field that is asked for by name without a section, in the section `place`; None where it asks for
    none, or for more than that.
    """
    if search.found and not search.named and len(_beside_kinds(search.mended, retriever)) <= BARE:
        for kind, word in _kinds_by_word(search.mended, retriever, retriever.fields(place.document).keys()).items():
            passage = retriever.passage(place, kind)
            best = search.found[0].passage
            # "And the quiz?" after the poll is not for what the section with the poll has.
            other = best.kind == kind and best != passage and best.units[0].lower().startswith(word)
            if passage is not None and not other:
                found = _by_name(search.found[0], passage)
                return replace(search, found=(found, *search.found), named={place: 1.0})
    return None


def _pieces(search: Search, retriever: HybridRetriever) -> Iterator[_Piece]:
    best = search.found[0].passage.document
    held = retriever.fields(best).keys() | retriever.notes(best).keys()
    for text in _JOINED.split(search.mended):
        kinds = _kinds_by_word(text, retriever, held)
        named = [place for place in retriever.sections_named(text) if place.document == best]
        if kinds or named:
            bare = len(_beside_kinds(text, retriever)) <= BARE
            kind = next((one for one in kinds if not (named and one in _OF_THE_WHOLE)), None)
            yield _Piece(kind, kinds[kind] if kind else "", tuple(named), bare)


def _kinds_by_word(text: str, retriever: HybridRetriever, held: Set[str]) -> dict[str, str]:
    """The kinds among `held` that the first telling word of `text` asks for, each with that word; those first that the
    other words ask for as well: in "SEO title" the title is the SEO's.
    """
    asked = [(word, kinds & held) for word, kinds in retriever.kinds_by_word(text).items() if kinds & held]
    # "Which sections have a poll?" asks for polls.
    asked = [one for one in asked if not one[1] <= _OF_THE_WHOLE] or asked
    if not asked:
        return {}
    votes = Counter(kind for _, kinds in asked for kind in kinds)
    word, first = asked[0]
    kinds = {kind.removesuffix("-overview") for kind in first}
    return dict.fromkeys(sorted(kinds, key=lambda kind: (-votes[kind], len(kind))), word)


def _beside_kinds(text: str, retriever: HybridRetriever) -> list[str]:
    """The words of `text` that carry a subject and do not ask for a kind."""
    asking = {word for phrase in retriever.kinds_by_word(text) for word in phrase.split()}
    return [word for word in content_words(text) if word not in asking]


def _inherited(pieces: Sequence[_Piece]) -> list[_Piece]:
    """Each piece with what it leaves out: the kind of the one before, the sections of the one that follows."""
    filled: list[_Piece] = []
    for number, piece in enumerate(pieces):
        before, after = filled[::-1], pieces[number + 1 :]
        kind = piece.kind or next((one.kind for one in (*before, *after) if one.kind), None)
        places = piece.places or next((one.places for one in (*after, *before) if one.places), ())
        filled.append(replace(piece, kind=kind, places=places))
    return filled


def _of_sections(search: Search, pieces: Sequence[_Piece], retriever: HybridRetriever) -> list[Found]:
    """The field of each piece in each of its sections, where a section is named at all."""
    known = {found.passage.id: found for found in search.found}
    fields = retriever.fields(search.found[0].passage.document)
    joint: list[Found] = []
    for piece in pieces if any(piece.places for piece in pieces) else ():
        if piece.kind is None or piece.kind not in fields:
            # A note is of the whole, whatever section stands beside it: "... and the total time".
            joint += [one for one in search.found if one.passage.kind == piece.kind][:1]
            continue
        passages = [retriever.passage(place, piece.kind) for place in piece.places]
        joint += [known.get(one.id) or _by_name(search.found[0], one) for one in passages if one is not None]
    return list(dict.fromkeys(joint))


def _by_name(best: Found, passage: Passage) -> Found:
    """A passage that is named, found as near as the best."""
    near = max((*best.units, best.hint))
    return replace(best, passage=passage, units=(near,) * len(passage.units))


def _of_kinds(search: Search, pieces: Sequence[_Piece], notes: Mapping[str, Passage]) -> list[Found]:
    """The best passage of each kind, those of sections from the section of the first unless they hold its word."""
    chosen: list[Found] = []
    for piece in pieces:
        found = [one for one in search.found if one.passage.kind.removesuffix("-overview") == piece.kind]
        best = next((one for one in found if stem(piece.word) in stems(one.passage.text)), next(iter(found), None))
        if best is None and piece.bare and (note := notes.get(piece.kind or "")):
            best = _by_name(search.found[0], note)
        reach = FARTHER if piece.bare else NEARLY
        if best is None or best in chosen or search.found[0].score - best.score >= reach:
            continue
        there = not chosen or best.passage.locator is None or best.passage.place == chosen[0].passage.place
        if there or stem(piece.word) in stems(best.passage.text):
            chosen.append(best)
    return chosen if search.found[0] in chosen else []
