"""The retrieval chain on LangChain: understand -> retrieve -> compose -> decide -> say.

No model is needed: an answer is made of units of the passages found, and each step is a plain function of what the
step before it found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from langchain_core.runnables import Runnable, RunnableConfig

from knowledge import say
from knowledge.answer import MAX_ANSWER, MAX_QUESTION, Answer, Message, Verdict
from knowledge.chunks import Origin
from knowledge.compose import ROOM, beyond_list, compose
from knowledge.decision import Decider
from knowledge.extent import AS_COMPOSED, Extent, asked_before, read_extent
from knowledge.followup import Followup, goes_on, points, read_followup, read_together, refers
from knowledge.origins import not_there, origin_named, without_handbook
from knowledge.picks import Pick, is_told
from knowledge.question import Item, clean, has_words, item_asked, parts
from knowledge.refusal import is_refused, without_scripts
from knowledge.retriever import HybridRetriever
from knowledge.search import Met, Search
from knowledge.words import content_words, stems

# Words that carry a subject which a part of a question has at least, to mean something by itself.
FEWEST = 2

# A follow-up that is answered by itself stands by itself, unless it is by so much more likely answered when it is read
# with what was said before: a difference of chances. Of 0.05, 0.2, 0.4 and 1 it is the one with which most follow-ups
# of `script_questions_own` are right.
BEHIND = 0.05


@dataclass(frozen=True)
class Part:
    """One question of a turn: what was found for it, what of that would answer it, and what is done with it."""

    search: Search
    picks: tuple[Pick, ...] = ()
    verdict: Verdict = "decline"
    off_subject: bool = False
    beyond: str = ""  # what is said where an item or more is asked for than there is
    points: bool = False  # whether each unit is to be a point


@dataclass(frozen=True)
class Asked:
    """A question on its way through the chain; each step adds to it, and `answer` ends the way."""

    words: str
    history: tuple[Message, ...] = ()
    text: str = ""
    posed: str = ""  # as a language model is asked it, with how much is wanted
    extent: Extent = AS_COMPOSED
    told: str = ""  # what was told of it already, where more of it is wanted
    named: Origin | None = None  # which kind of source it asks by name
    followup: Followup | None = None
    wanted: tuple[str, ...] = ()  # what is searched for
    parts: tuple[Part, ...] = ()
    answer: Answer | None = None
    leans: bool = False  # whether its answer depends on what was said before

    @property
    def picks(self) -> tuple[Pick, ...]:
        """What the answer is made of."""
        return tuple(pick for part in self.parts for pick in part.picks)


class RetrievalChain(Runnable[Asked, Asked]):
    """Answers questions from one generation of the index.

    One runnable rather than a sequence of them: each link would cost as much as all that this chain adds to a search.
    """

    def __init__(self, retriever: HybridRetriever, decider: Decider) -> None:
        self._retriever = retriever
        self._decider = decider

    def invoke(self, input: Asked, config: RunnableConfig | None = None, **kwargs: Any) -> Asked:
        """`input` with its parts as they were judged, and its answer."""
        return self.ask([input])[0]

    def ask(self, asked: Sequence[Asked]) -> list[Asked]:
        """Many questions at once: one embedding and one query of Chroma for all."""
        planned = [self._plan(_understand(one)) for one in asked]
        wanted = [text for one in planned for text in one.wanted]
        met = iter(self._retriever.meet(wanted) if wanted else ())
        return [self._answered(one, list(islice(met, len(one.wanted)))) if one.wanted else one for one in planned]

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
        return replace(asked, wanted=(asked.text, *(pieces if len(pieces) > 1 else ())))

    def _standing(self, pieces: Sequence[str]) -> list[str]:
        """The questions of a turn, those that lean on the first filled with its subject ("how did they do it?")."""
        first, *others = pieces
        return [first, *(read_together(piece, first) if self._leans(piece) else piece for piece in others)]

    def _leans(self, piece: str) -> bool:
        return refers(piece) and not self._retriever.sections_named(piece)

    def _answered(self, asked: Asked, mets: Sequence[Met]) -> Asked:
        """The answer, from the kind of source that is asked for by name where that has one."""
        judged = self._judged(asked, mets, asked.named)
        if asked.named is None or any(part.verdict in ("answer", "correct") for part in judged.parts):
            return self._said(judged)
        elsewhere = self._judged(asked, mets, None)
        if not any(part.verdict == "answer" for part in elsewhere.parts):
            return self._said(judged)
        said = self._said(elsewhere)
        assert said.answer is not None
        lead = not_there(asked.named, elsewhere.picks[0].passage.origin)
        fits = len(lead) + len(said.answer.text) < MAX_ANSWER
        return replace(said, answer=replace(said.answer, text=f"{lead}\n{said.answer.text}")) if fits else said

    def _said(self, judged: Asked) -> Asked:
        said = "\n".join(message.content for message in judged.history if message.role == "assistant")
        return replace(judged, answer=say.reply(judged.parts, self._retriever.resources, said))

    def _judged(self, asked: Asked, mets: Sequence[Met], only: Origin | None) -> Asked:
        """The parts of the question with what is found for them: of several, those that are answered by themselves, or
        else the question as a whole where that is.
        """
        if asked.followup is not None:
            return self._resolved(asked, asked.followup, mets, only)
        # "What is showback, and what does the video say?" asks the video for the second alone.
        apart = only is not None and len(mets) > 2
        searches = [self._retriever.search(met, origin_named(met.question) if apart else only) for met in mets]
        whole, *pieces = searches
        if not pieces:
            return replace(asked, parts=(self._part(asked, whole),))
        parted = [self._part(asked, piece, ROOM // len(pieces)) for piece in pieces]
        if all(part.verdict == "answer" for part in parted):
            return replace(asked, parts=tuple(parted))
        together = self._part(asked, whole)
        failed = [part for part in parted if part.verdict not in ("answer", "correct")]
        # A part of one word ("... and the catch?") means nothing by itself.
        thin = any(len(content_words(part.search.mended)) < FEWEST for part in failed)
        if len(failed) < len(parted) and not thin:
            return replace(asked, parts=tuple(parted))
        return replace(asked, parts=(max((together, *parted), key=self._margin),))

    def _resolved(self, asked: Asked, followup: Followup, mets: Sequence[Met], only: Origin | None) -> Asked:
        """A follow-up: an item of what was spoken of, or itself, or both questions read as one."""
        alone, both, before = (self._retriever.search(met, only) for met in mets)
        bare = not content_words(asked.text)
        if bare:
            # "Why?" is searched for with what was told, and asks for nothing that stands there.
            both = replace(both, mended=alone.mended)
        item = item_asked(alone.mended)
        if item.place is not None or item.other:
            for search in (alone, before):
                fits = search is before or search.best is None or search.best.passage.kind in search.asked
                if fits and search.best is not None and search.best.passage.listed:
                    part = self._part(asked, search, told=followup.told, item=item)
                    return replace(asked, parts=(part,), leans=True)
        ahead = self._decider.margin(alone) - self._decider.margin(both)
        # What names a section and what is wanted of it needs nothing of what was said before.
        complete = bool(alone.asked and alone.named)
        answered = self._decider.margin(alone) >= 0 and ahead > -BEHIND
        itself = answered or self._changes_subject(alone, both)
        stands = complete or (itself and not points(asked.text))
        search, told = (alone, "") if stands else (both, followup.told)
        part = self._part(asked, search, told=told, item=item)
        if bare and is_told(part.picks, told):
            # "Why?", "what should I do?": what was just said is no answer to that.
            part = self._part(replace(asked, extent=Extent(more=True)), search, told=told)
        return replace(asked, parts=(part,), leans=not stands or goes_on(asked.text))

    def _changes_subject(self, alone: Search, both: Search) -> bool:
        """Whether a follow-up is about something else: none of its words stands in what both questions find as one
        ("who is the pope?" after a question on the subject).
        """
        own = stems(alone.mended)
        held = self._retriever.asked_by(both.best.passage) if both.best else frozenset[str]()
        return bool(own) and self._decider.is_off_subject(alone) and held.isdisjoint(own)

    def _part(self, asked: Asked, search: Search, room: int = ROOM, told: str = "", item: Item | None = None) -> Part:
        """What is composed from a search, and what is done with that."""
        item = item or item_asked(search.mended)
        picks = compose(search, self._retriever, item, asked.told or told, room, asked.extent)
        if search.best is not None and not picks:
            best = search.best.passage
            return Part(search, (Pick(best, tuple(range(len(best.units)))),), "nearest", beyond=say.ALL_TOLD)
        beyond = beyond_list(item, picks)
        verdict = "nearest" if beyond else self._decider.verdict(search, picks)
        off_subject = self._decider.is_off_subject(search)
        return Part(search, tuple(picks), verdict, off_subject, beyond, asked.extent.points)

    def _margin(self, part: Part) -> float:
        return self._decider.margin(part.search)


def _understand(asked: Asked) -> Asked:
    """Clean the question and see what it leans on; answer at once what needs no search."""
    if len(asked.words) > MAX_QUESTION:
        return replace(asked, answer=say.TOO_LONG)
    honest = without_scripts(asked.words)
    if is_refused(honest):
        return replace(asked, answer=say.REFUSED)
    visible = clean(honest)
    posed = without_handbook(visible)
    extent, text = read_extent(posed)
    if not text and extent != AS_COMPOSED and (before := asked_before(asked.history)) is not None:
        question, history, told = before
        earlier = _understand(replace(asked, words=question.content, history=tuple(history)))
        told = told if extent.more else ""
        return replace(earlier, posed=f"{earlier.text} ({posed})", extent=extent, told=told)
    if not has_words(text):
        return replace(asked, answer=say.NOTHING_ASKED)
    followup = read_followup(text, asked.history)
    return replace(asked, text=text, posed=posed, extent=extent, named=origin_named(visible), followup=followup)
