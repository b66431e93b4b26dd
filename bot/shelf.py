"""The scripts that the bot speaks from, by slug and by name, with the source line of whatever is quoted from them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence

from knowledge.answer import Source
from knowledge.bank import Question, all_questions
from knowledge.documents import Document, Handbook
from knowledge.script import Cards, Poll, Quiz, Script, Section, Slider
from knowledge.script.passages import locator
from knowledge.words import stems

Holds = Callable[[Script], object]
EMPTY = Handbook()
# A document is named by at least this share of the words of its title, or of one of its other names.
NAMED = 0.5


class Shelf:
    """All scripts; the first is current where a place has not chosen another one."""

    def __init__(
        self,
        scripts: Sequence[Script],
        questions: Sequence[Question] | None = None,
        handbook: Handbook = EMPTY,
    ) -> None:
        """`questions` are those of quizzes; by default the scripts' own."""
        self.scripts = tuple(scripts)
        self.handbook = handbook
        self.questions = tuple(all_questions(scripts, ()) if questions is None else questions)
        self._by_ref = {question.ref: question for question in self.questions}
        self._by_slug = {script.slug: script for script in scripts}
        titles = {script.slug: set(stems(script.title)) for script in scripts}
        spread = Counter(word for title in titles.values() for word in title)
        # What is in every title names none of them.
        self._names = {slug: {word for word in title if spread[word] < len(titles)} for slug, title in titles.items()}

    def current(self, slug: str | None) -> Script:
        """The script of that slug; the first where there is none such (any more)."""
        return self._by_slug.get(slug or "", self.scripts[0])

    def get(self, slug: str) -> Script | None:
        """The script of that slug."""
        return self._by_slug.get(slug)

    def question(self, ref: str | None) -> Question | None:
        """The question that `ref` names; None where there is none such (any more)."""
        return self._by_ref.get(ref or "")

    def source_of(self, question: Question) -> Source:
        """Where the answer to a question stands."""
        script = self.get(question.bank)
        if script is None and question.section is not None and (topic := self.handbook.document(question.bank)):
            return topic.source(question.section)
        if script is None or question.section is None:
            return Source(question.source or question.bank, None, None, None)
        section = section_of(script, question.section)
        return source(script, section) if section else note(script, question.section)

    def topic(self, words: str) -> Document | None:
        """The document that `words` name by its title or another name, by the most of that; None where none is."""
        said = set(stems(words))
        shares = [
            (max(share_named(name, said) for name in (document.title, *document.synonyms)), document)
            for document in self.handbook.documents
        ]
        share, found = max(shares, key=lambda one: one[0], default=(0.0, None))
        return found if share >= NAMED else None

    def named(self, words: str) -> tuple[Script, ...]:
        """The scripts that `words` name, by what sets their titles apart; () where none is named."""
        said = set(stems(words))
        shares = {slug: len(names & said) for slug, names in self._names.items()}
        most = max(shares.values(), default=0)
        return tuple(self._by_slug[slug] for slug, share in shares.items() if share == most) if most else ()

    def fitting(self, words: str, current: str | None, holds: Holds) -> tuple[Script, ...]:
        """The scripts that `words` can mean among those that hold something: the named ones, else the current one,
        else whichever hold it. One is the answer, several call for a question back.
        """
        holding = [script for script in self.scripts if holds(script)]
        named = tuple(script for script in self.named(words) if script in holding)
        here = self.current(current)
        return named or ((here,) if here in holding else tuple(holding))


def share_named(name: str, said: set[str]) -> float:
    """How much of a name's words are among those stems, from 0 to 1."""
    stemmed = set(stems(name))
    return len(stemmed & said) / len(stemmed) if stemmed else 0.0


def polls(script: Script) -> list[tuple[Section, Poll]]:
    """The polls of a script with their sections."""
    return [(section, section.element) for section in script.sections if isinstance(section.element, Poll)]


def quizzes(script: Script) -> list[tuple[Section, Quiz]]:
    """The quizzes of a script with their sections."""
    return [(section, section.element) for section in script.sections if isinstance(section.element, Quiz)]


def quiz_options(quiz: Quiz | Question) -> tuple[str, ...]:
    """A quiz's answer among the wrong options that the editors wrote; () where they wrote none.

    The order follows from the texts: the same for everybody, and without a place that gives the answer away.
    """

    if isinstance(quiz, Question) and quiz.listed:
        return quiz.listed

    def order(option: str) -> bytes:
        return hashlib.sha256(f"{quiz.question}/{option}".encode()).digest()

    return tuple(sorted((quiz.answer, *quiz.wrong), key=order)) if quiz.wrong else ()


def cards(script: Script) -> tuple[Section, Cards] | None:
    """The cards to press, with their section; the first where there are several."""
    return next(((section, found) for section in script.sections if isinstance(found := section.element, Cards)), None)


def slider(script: Script) -> tuple[Section, Slider] | None:
    """The slider with its section; one without a maximum estimates nothing."""
    return next(
        (
            (section, found)
            for section in script.sections
            if isinstance(found := section.element, Slider) and found.maximum
        ),
        None,
    )


def section_of(script: Script, slug: str) -> Section | None:
    """The section of that slug."""
    return next((section for section in script.sections if section.slug == slug), None)


def source(script: Script, section: Section) -> Source:
    """Where a section stands."""
    return Source(script.title, section.title, locator(section), None)


def note(script: Script, heading: str) -> Source:
    """Where a list of the notes stands."""
    return Source(script.title, heading, None, None)
