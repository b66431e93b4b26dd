"""Writing: a language model judges whether passages answer a question and puts them into prose; no sentence is shown
before its check.

Its judgement is the first word that it writes rather than an object with fields: so it is known before the first
sentence, sentences are still shown one by one, and any model can do it, with or without tools or a mode for JSON. Where
it says that the passages hold no answer, where nothing that it writes passes, or where it fails, the chain's words
stand; what the chain corrects, refuses or takes for another subject is not put before it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from knowledge import say
from knowledge.answer import MAX_ANSWER, Answer, Source, Spent
from knowledge.chain import Asked
from knowledge.checking import Checker
from knowledge.checking.wording import forbidden
from knowledge.chunks import Passage
from knowledge.cited import Cited, Judgement, Sentences
from knowledge.model import LanguageModel
from knowledge.picks import ROOM, source
from knowledge.prompt import answer_messages, rewrite_messages, steers
from knowledge.provenance import EDITORS, lacking
from knowledge.question import clean, item_asked
from knowledge.words import content_words, stem
from knowledge.writing import ModelFailed

# So many passages are shown: those of the chain's answer, and those that come near it, of each kind of source.
MOST_PASSAGES = 8
LONGEST_REWRITE = 300
# What is written has at least so many characters; a long list of the sources then takes its place where it breaks off.
LEAST_ROOM = 400
# A rewritten question is taken up if the chain has at least as good an answer to it.
_BETTER = {"refuse": 0, "decline": 1, "nearest": 2, "correct": 3, "answer": 4}
# A passage so little behind the best one (a difference of scores) is shown as well.
NEARLY = 0.30
# What is said after sentences of a model that failed, where the sources' own words would be no answer.
BROKEN_OFF = "The writing broke off there (reference {})."

_log = logging.getLogger(__name__)


class Writer:
    """Writes answers with a language model, held to passages by a check."""

    def __init__(self, model: LanguageModel, checker: Checker) -> None:
        self._model = model
        self._checker = checker

    def may_judge(self, asked: Asked) -> bool:
        """Whether the model may judge what the chain found for `asked`: where the chain answers, and where it is not
        sure or declines but has something near. Attacks, other subjects and corrected figures are the chain's alone.
        """
        found = asked.answer
        return found is not None and (
            found.verdict in ("answer", "nearest") or (found.verdict == "decline" and not found.outside)
        )

    async def standing_alone(
        self, asked: Asked, ask: Callable[[Asked], Awaitable[Asked]]
    ) -> tuple[Asked, Spent | None]:
        """`asked`, a follow-up, as a question that needs no conversation, where that is answered as well; and what
        finding that out took.
        """
        if not asked.leans or item_asked(asked.text).other:
            return asked, None
        try:
            said = await self._model.say(rewrite_messages(asked.text, asked.history))
        except ModelFailed as failed:
            return asked, failed.spent
        if not _may_stand_for(said.text, asked):
            _log.info("A question that a language model rewrote was left out")
            return asked, said.spent
        again = await ask(Asked(said.text))
        return (again if _rank(again) >= _rank(asked) else asked), said.spent

    async def write(self, asked: Asked) -> AsyncIterator[Answer]:
        """The answer to `asked`, which the chain has answered, as it grows; the last is whole, with what it took.

        Only for what `may_judge` allows.
        """
        composed = asked.answer
        assert composed is not None
        passages = best_passages(asked)
        draft = Draft(_room(composed))
        sentences = Sentences()
        async with self._model.write(answer_messages(_question(asked), passages)) as writing:
            try:
                async for piece in writing:
                    for sentence in sentences.read(piece):
                        if _is_answered(sentences.judgement, composed) and await self._kept(sentence, passages, draft):
                            yield Answer(draft.text, "answer")
                    if draft.full:
                        break
                else:
                    for sentence in sentences.end():
                        if _is_answered(sentences.judgement, composed):
                            await self._kept(sentence, passages, draft)
            except ModelFailed as failed:
                yield replace(_broken_off(draft, composed, failed.reference), spent=writing.spent)
                return
            yield replace(draft.answer(composed, sentences.judgement), spent=writing.spent)

    async def _kept(self, sentence: Cited, passages: Sequence[Passage], draft: Draft) -> bool:
        """Whether `sentence` passes its check and is now in the draft."""
        if draft.full or not all(1 <= number <= len(passages) for number in sentence.passages):
            return False
        cited = [passages[number - 1] for number in sentence.passages]
        # It embeds the sentence: work for a processor.
        fault = await asyncio.to_thread(self._checker.fault, sentence.text, cited)
        if fault:
            _log.info("A sentence of a language model was left out: %s", fault)
            return False
        return draft.add(sentence, cited)


@dataclass
class Draft:
    """What has been written and passed: its text, with its sources as numbers, and the passages that it cites."""

    room: int  # characters
    text: str = ""
    sources: list[Source] = field(default_factory=list)
    cited: list[tuple[str, Passage]] = field(default_factory=list)
    full: bool = False

    def add(self, sentence: Cited, passages: Sequence[Passage]) -> bool:
        """Add a sentence with its sources; False where it has no more room."""
        sources = list(dict.fromkeys(map(source, passages)))
        known = [*self.sources, *(one for one in sources if one not in self.sources)]
        marks = "".join(f"[{known.index(one) + 1}]" for one in sources)
        aside = f" ({EDITORS})" if any(one.authored for one in passages) else ""
        line = f"{'- ' if sentence.item else ''}{sentence.text}{aside} {marks}"
        between = "" if not self.text else "\n\n" if sentence.paragraph else "\n" if sentence.item else " "
        if len(self.text) + len(between) + len(line) > self.room:
            self.full = True
            return False
        self.text += between + line
        self.sources = known
        self.cited += [(sentence.text, one) for one in passages]
        return True

    def answer(self, composed: Answer, judgement: Judgement | None = None) -> Answer:
        """The whole: what was written, and what has to be said with it; `composed` where nothing was."""
        if not self.text:
            return _unanswered(composed) if judgement == "NOTHING" else composed
        notes = [note for note in lacking(self.cited) if note not in self.text]
        if say.REST in composed.text or judgement == "PARTLY":
            notes.append(say.REST)
        text = "\n\n".join((self.text, *notes))
        return Answer(text, "answer", tuple(self.sources), numbered=True, onward=composed.onward)


def _is_answered(judgement: Judgement | None, composed: Answer) -> bool:
    """Whether sentences may be taken for an answer: where the chain was not sure the model has to say so."""
    return judgement in ("HELD", "PARTLY") or (judgement is None and composed.verdict == "answer")


def _unanswered(composed: Answer) -> Answer:
    """`composed` as what is near, where the model judges that it is no answer."""
    if composed.verdict != "answer":
        return composed
    nearest = say.as_nearest(composed)
    return nearest if len(nearest.text) <= MAX_ANSWER else composed


def _room(composed: Answer) -> int:
    """How much may be written so that `composed` can follow it, should the writing break off."""
    return min(ROOM, max(LEAST_ROOM, MAX_ANSWER - len(composed.text) - len(say.broken_off("12345678")) - 3))


def _broken_off(draft: Draft, composed: Answer, reference: str) -> Answer:
    """What is said where a model failed in the middle: what had passed, then the whole in the sources' own words where
    they answer.
    """
    if not draft.text:
        return composed
    notes = [note for note in lacking(draft.cited) if note not in composed.text]
    sources = tuple(draft.sources)
    if composed.verdict == "answer":
        last = f"{say.broken_off(reference)}\n{composed.text}"
        sources = tuple(dict.fromkeys((*sources, *composed.sources)))
    else:
        last = BROKEN_OFF.format(reference)
    text = "\n\n".join((draft.text, *notes, last))
    if len(text) > MAX_ANSWER:
        return composed
    return Answer(text, "answer", sources, numbered=True, broken_off=True)


def _question(asked: Asked) -> str:
    """The question, with what it leans on where it is a follow-up that nobody rewrote."""
    together = clean(asked.followup.together) if asked.followup and asked.leans else ""
    return together if together and not steers(together) else asked.posed or asked.text


def best_passages(asked: Asked) -> list[Passage]:
    """What a model is to judge and to write from, at most `MOST_PASSAGES`: the passages of the chain's own answer, then
    those that come near, one of each kind of source after the other; of one kind alone where that is asked for by name.

    What would order a reader about is left out of them.
    """
    near = [
        found.passage
        for part in asked.parts
        for found in part.search.found
        if part.search.found[0].score - found.score < NEARLY and not found.passage.authored
    ]
    kinds: dict[str, list[Passage]] = {}
    for passage in dict.fromkeys(near):
        if asked.named in (None, passage.origin):
            kinds.setdefault(passage.origin, []).append(passage)
    mixed = [passage for rank in zip_longest(*kinds.values()) for passage in rank if passage is not None]
    safe = map(_safe, dict.fromkeys((*(pick.passage for pick in asked.picks), *mixed)))
    return [passage for passage in safe if passage.units and not steers(f"{passage.section} {passage.text}")][
        :MOST_PASSAGES
    ]


def _safe(passage: Passage) -> Passage:
    return replace(passage, units=tuple(unit for unit in passage.units if not steers(unit)))


def _rank(asked: Asked) -> int:
    return _BETTER[asked.answer.verdict] if asked.answer else -1


def _may_stand_for(rewritten: str, asked: Asked) -> bool:
    """Whether `rewritten` is a question, in words of the conversation, that steers nobody."""
    said = " ".join((asked.text, *(message.content for message in asked.history)))
    known = set(map(stem, content_words(said)))
    strange = [word for word in content_words(rewritten) if stem(word) not in known]
    return (
        0 < len(rewritten) <= LONGEST_REWRITE
        and "\n" not in rewritten
        and clean(rewritten) == rewritten
        and forbidden(rewritten, said) is None
        and not strange
    )
