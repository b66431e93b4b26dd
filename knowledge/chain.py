"""The retrieval chain on LangChain: understand -> retrieve -> judge (compose, decide, say).

No model is needed: an answer is made of units of the passages found, and each step is a plain function of what the
step before it found.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from langchain_core.runnables import Runnable, RunnableConfig

from knowledge import say
from knowledge.answer import MAX_QUESTION, Answer, Message, Verdict
from knowledge.chunks import Origin, Passage
from knowledge.compose import NEARLY, Pick, pick, write
from knowledge.decision import Decider, Decision
from knowledge.documents.answering import DocumentAnswers, Holding
from knowledge.evidence import asks_for_share, figures, missing_fact
from knowledge.fields import anchored, crossed
from knowledge.followup import OWN_SUBJECT, Followup, points, read_followup, read_together
from knowledge.gaps import absent_field, beyond_list
from knowledge.joining import joined, origin_named, without_handbook
from knowledge.question import Item, asks, bare, clean, has_words, item_asked, parts
from knowledge.refusal import is_refused, without_scripts
from knowledge.retriever import HybridRetriever
from knowledge.search import Met, Search
from knowledge.words import content_words, stems


@dataclass(frozen=True)
class Part:
    """One question of a turn: what was found for it, what of that would answer it, and whether it does."""

    search: Search
    item: Item
    picks: tuple[Pick, ...] = ()
    decision: Decision | None = None
    absent: str | None = None  # what the sources plainly lack, in words
    told: str = ""  # what was said before and need not be said again

    def verdict(self, decider: Decider) -> Verdict:
        """What is done with this part."""
        if self.decision is None or self.absent or self.decision.lacks or self._only_announced() or self.far_off:
            return "decline"
        if self._unknown_figure() and asks_for_share(self.search.mended):
            # "What share saves over 50 %?" claims nothing that could be corrected.
            return "decline"
        if self._wrong_figure():
            return "correct"
        verdict = decider.verdict(self.decision.chance)
        # "No, I meant the fourth" says all that it takes, where what was spoken of is a list.
        by_place = self.told and self.item.place is not None and self.picks[0].passage.listed
        return "answer" if by_place and verdict == "hedge" else verdict

    @property
    def thin(self) -> bool:
        """Whether it has too few words to be understood by itself."""
        return len(content_words(self.search.mended)) < 2

    @property
    def far_off(self) -> bool:
        """Whether the question is about something else altogether."""
        if self.decision is None or not self.decision.features or self.absent:
            return False
        unknown = self.decision.features["unknown"]
        farther = self.search.aim.beyond("off_topic") - self.decision.features["aim"]
        doubtful = self.decision.chance < SURE
        return (unknown == 1.0 and self.decision.features["nearest"] < NEAR) or (
            unknown > 0 and farther > FAR and doubtful
        )

    def _wrong_figure(self) -> bool:
        """Whether the question states a figure that the sources do not, where they state another."""
        return self._unknown_figure() and bool(figures(write(self.picks)))

    def _unknown_figure(self) -> bool:
        return self.decision is not None and self.decision.features["lacks_figure"] > 0

    def _only_announced(self) -> bool:
        """Whether a question about a subject meets only the announcement of that subject."""
        by_name = self.decision is not None and self.decision.features["by_name"] > 0
        return self.search.kind == "teaser" and not by_name and asks(self.search.mended)


@dataclass(frozen=True)
class Asked:
    """A question on its way through the chain; each step adds to it, and `answer` ends the way."""

    words: str
    history: tuple[Message, ...] = ()
    text: str = ""
    named: Origin | None = None  # which kind of source it asks by name
    followup: Followup | None = None
    wanted: tuple[str, ...] = ()  # what is searched for
    parts: tuple[Part, ...] = ()
    whole: Part | None = None  # the question as one, where it has several parts
    holdings: tuple[Holding, ...] = ()  # what documents say to it
    picks: tuple[Pick, ...] = ()  # what the answer is made of
    answer: Answer | None = None

    @property
    def leans(self) -> bool:
        """Whether its answer depends on what was said before."""
        return any(part.told for part in self.parts)


# Aiming so much better outside than at what was found, a question is about something else altogether.
FAR = 0.15
# Who is this sure of an answer gives it all the same.
SURE = 0.8
# Words that no source holds may still be meant as something near it, from this score on.
NEAR = 0.4
# From here on a question aims at what is refused, where it aims by so much less at the best that was found.
HOSTILE, HOSTILE_BY = 0.45, 0.2
# By so much the section that was spoken of is nearer to a follow-up.
SPOKEN_OF, FIRMLY = 0.12, 0.5
# A follow-up stands for itself if its own best passage is nearly as near as that of both questions read as one.
TOGETHER = 0.12


class RetrievalChain(Runnable[Asked, Asked]):
    """Answers questions from one generation of the index.

    One runnable rather than a sequence of them: each link would cost as much as all that this chain adds to a search.
    """

    def __init__(self, retriever: HybridRetriever, decider: Decider, documents: DocumentAnswers | None = None) -> None:
        """`documents` answer beside the scripts; without them the scripts answer alone."""
        self._retriever = retriever
        self._decider = decider
        self._documents = documents

    def invoke(self, input: Asked, config: RunnableConfig | None = None, **kwargs: Any) -> Asked:
        """`input` with its parts as they were judged, and its answer."""
        return self.ask([input])[0]

    def ask(self, asked: Sequence[Asked]) -> list[Asked]:
        """Many questions at once: one embedding and one query of Chroma for all."""
        planned = [self._plan(_understand(one)) for one in asked]
        wanted = [text for one in planned for text in one.wanted]
        met = iter(self._retriever.meet(wanted) if wanted else ())
        return [self._answered(one, list(islice(met, len(one.wanted)))) if one.wanted else one for one in planned]

    def _answered(self, asked: Asked, mets: Sequence[Met]) -> Asked:
        """The answer of the scripts, and what documents say beside it or instead."""
        judged = self._judge(self._divide(asked, list(map(self._retriever.search, mets))))
        assert judged.answer is not None
        picks = tuple(pick for part in judged.parts for pick in part.picks)
        if self._documents is None or judged.answer.verdict == "refuse":
            return replace(judged, picks=picks)
        holdings = self._documents.parts(mets, asked.followup)
        # Beside an answer that a question got by itself stands only what answers it by itself.
        stands = asked.followup is not None and judged.parts[0].search.question == asked.text
        beside = self._documents.parts(mets, asked.followup, stands) if stands else holdings
        answer, picks = joined(judged.answer, judged.parts, (holdings, beside), self._documents, asked.named)
        return replace(judged, answer=answer, holdings=holdings, picks=picks)

    def answer(self, question: str, history: Sequence[Message] = ()) -> Answer:
        """The answer to `question`; `history` is oldest first."""
        asked = self.invoke(Asked(question, tuple(history)))
        assert asked.answer is not None
        return asked.answer

    def judge(self, question: str, history: Sequence[Message] = ()) -> tuple[Part, ...]:
        """The parts of `question` as they were judged, () where it was answered without a search."""
        return self.invoke(Asked(question, tuple(history))).parts

    def _plan(self, asked: Asked) -> Asked:
        """What to search for: each part of the question, or what a follow-up may stand for."""
        if asked.answer is not None:
            return asked
        if asked.followup is not None:
            return replace(asked, wanted=(asked.text, asked.followup.together, asked.followup.earlier))
        pieces = self._standing(parts(self._retriever.mend(asked.text)))
        # A remark around a question ("my boss wants a number: ...") may lead away from it.
        return replace(asked, wanted=(asked.text, *(pieces if len(pieces) > 1 else {bare(asked.text)} - {asked.text})))

    def _standing(self, pieces: Sequence[str]) -> list[str]:
        """The questions of a turn, those that lean on the first filled with its subject ("how did they do it?")."""
        first, *others = pieces
        return [first, *(read_together(piece, first) if self._leans(piece) else piece for piece in others)]

    def _leans(self, piece: str) -> bool:
        names = self._retriever.sections_named(piece) or self._retriever.kinds_asked(piece)
        return points(piece) and not names and len(content_words(piece)) < OWN_SUBJECT

    def _divide(self, asked: Asked, searches: Sequence[Search]) -> Asked:
        """The parts of the question, from what was found for all that was planned."""
        if asked.followup is not None:
            return replace(asked, parts=(self._resolve(asked.text, asked.followup, searches),))
        whole, *others = (crossed(search, self._retriever) for search in searches)
        if len(others) < 2:
            return replace(asked, parts=(_part(max((whole, *others), key=lambda one: one.nearness)),))
        if _says_all(whole, others, self._retriever):
            return replace(asked, parts=(_part(whole),))
        found = self._spoken_of(others)
        if whole.joint and all(one.best in whole.joint or one.kind not in one.asked for one in found):
            return replace(asked, parts=(_part(whole),))
        return replace(asked, parts=tuple(map(_part, found)), whole=_part(whole))

    def _spoken_of(self, searches: Sequence[Search]) -> list[Search]:
        """The searches of a question's parts, a field without a section taken from that of the part before."""
        found: list[Search] = []
        for search in searches:
            before = found[-1].best if found else None
            there = anchored(search, before.passage.place, self._retriever) if before else None
            found.append(there or search)
        return found

    def _resolve(self, text: str, followup: Followup, searches: Sequence[Search]) -> Part:
        """The search that fits a follow-up: its own, that of both questions as one, or that of the question before."""
        alone, both, before = (crossed(search, self._retriever) for search in searches)
        item = item_asked(alone.mended)
        by_place = item.place is not None or item.other
        before_it = before.best.passage.place if before.best and not by_place else None
        if before_it is not None and (there := anchored(alone, before_it, self._retriever)):
            return Part(there, item, told=followup.told)
        if before_it is not None and points(text) and alone.asked and _is_text(before):
            # "How long should it be?" after a text about something asks for what that text says.
            return Part(both.nearer(before_it, FIRMLY), item, told=followup.told)
        if by_place:
            for search in (alone, before):
                asks = search is before or search.kind in self._retriever.kinds_asked(alone.mended)
                if asks and search.best is not None and search.best.passage.listed:
                    return Part(search, item, told=followup.told)
        # "What sound plays for them?" finds some sound by itself; "them" says which.
        pointed = points(text)
        if pointed and before.best is not None:
            both = both.nearer(before.best.passage.place, SPOKEN_OF)
        pointed = pointed and (both.kind == alone.kind or both.nearness >= alone.nearness)
        # What names a section and what is wanted of it needs nothing of what was said before.
        complete = bool(alone.asked and alone.named)
        # "Which resources are there?" after quotes asks for another kind of thing.
        complete = complete or (alone.kind in alone.asked and both.kind not in alone.asked)
        stands = complete or (alone.nearness >= both.nearness - TOGETHER and not pointed)
        # Who asks for a thing by its own words wants it, told before or not.
        told = "" if stands and len(content_words(text)) > 1 else followup.told
        return Part(alone if stands else both.with_units_of(alone), item, told=told)

    def _judge(self, asked: Asked) -> Asked:
        """Compose each part and decide whether that answers it; a part that fails gives way to the whole question."""
        searches = [part.search for part in (asked.whole, *asked.parts) if part is not None]
        if any(map(_hostile, searches)):
            return replace(asked, answer=say.REFUSED)
        judged = [self._judged(part) for part in asked.parts]
        failed = [part for part in judged if not self._passes(part)]
        # A part of one word ("... and the catch?") means nothing by itself.
        if asked.whole is not None and failed and (len(failed) == len(judged) or any(part.thin for part in failed)):
            whole = self._judged(asked.whole)
            if self._passes(whole) or len(failed) == len(judged):
                judged = [*(part for part in judged if part not in failed), whole]
        said = "\n".join(message.content for message in asked.history if message.role == "assistant")
        reply = say.reply([(part, part.verdict(self._decider)) for part in judged], self._retriever.resources, said)
        return replace(asked, parts=tuple(judged), answer=reply)

    def _judged(self, part: Part, again: bool = True) -> Part:
        picks = tuple(pick(part.search, part.item, self._retriever, part.told))
        if not picks:
            return part
        decision = self._decider.decide(part.search, self._retriever, write(picks))
        if again and decision.lacks and (holding := _holding(part.search)):
            return self._judged(replace(part, search=holding), again=False)
        absent = absent_field(part.search, self._retriever) or beyond_list(part.item, picks)
        return replace(part, picks=picks, decision=decision, absent=absent)

    def _passes(self, part: Part) -> bool:
        return part.verdict(self._decider) in ("answer", "hedge", "correct")


def _holding(search: Search) -> Search | None:
    """`search` with a passage first that has the kind of fact that its best one lacks: of the same section, and asked
    for by name as well ("the audio cue of the introduction, and how long is it?"); None where there is none.
    """
    best = search.found[0]
    for found in search.found[1:]:
        by_name = found.passage.place == best.passage.place and found.passage.kind in search.asked
        if by_name and best.score - found.score < NEARLY and not missing_fact(search.mended, found.passage.text):
            return replace(search, found=tuple(dict.fromkeys((found, *search.found))))
    return None


def _understand(asked: Asked) -> Asked:
    """Clean the question and see what it leans on; answer at once what needs no search."""
    if len(asked.words) > MAX_QUESTION:
        return replace(asked, answer=say.TOO_LONG)
    honest = without_scripts(asked.words)
    if is_refused(honest):
        return replace(asked, answer=say.REFUSED)
    visible = clean(honest)
    text = without_handbook(visible)
    if not has_words(text):
        return replace(asked, answer=say.NOTHING_ASKED)
    return replace(asked, text=text, named=origin_named(visible), followup=read_followup(text, asked.history))


def _says_all(whole: Search, parts: Sequence[Search], retriever: HybridRetriever) -> bool:
    """Whether the best passage for a question as a whole has every known word of its parts, and is best for one of them
    and nearly so for the others.
    """
    if whole.best is None or all(part.best is None or part.best.passage != whole.best.passage for part in parts):
        return False
    if any(_behind(whole.best.passage, part) > NEARLY for part in parts):
        return False
    held = stems(whole.best.passage.text)
    asked = {word for part in parts for word in stems(part.question) if retriever.knows(word)}
    return (
        not (whole.best.passage.named or whole.best.passage.listed) and len(asked) >= OWN_SUBJECT and asked <= set(held)
    )


def _behind(passage: Passage, search: Search) -> float:
    """How far `passage` is behind the best one for `search`; farther than anything if it was not found."""
    scores = (found.score for found in search.found if found.passage == passage)
    return next((search.nearness - score for score in scores), math.inf)


def _is_text(search: Search) -> bool:
    """Whether the best passage is a text of its own rather than a part of a video, a list or a name."""
    best = search.best
    return best is not None and not best.passage.locator and not best.passage.listed and len(best.passage.units) > 1


def _hostile(search: Search) -> bool:
    """Whether a question aims at what is refused, and at little else."""
    attack = search.aim.beyond("attack")
    return search.best is not None and attack > max(HOSTILE, search.aim.at(search.best.passage) + HOSTILE_BY)


def _part(search: Search) -> Part:
    return Part(search, item_asked(search.mended))
