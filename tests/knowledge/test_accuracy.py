"""The pass marks: how much of the project's own files is answered, and understood, as it should be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.activities.excerpts import EXCERPTS
from bot.assistant import Assistant
from bot.commands.eval import AsIs, CrossValidated, Row
from bot.commands.graded import Question, Verdict, read_rows
from bot.commands.kept import measure_kept
from bot.commands.recall import recall
from bot.intents.sense import UTTERANCES
from bot.reply import Reply
from bot.settings import Settings
from bot.turn import Turn
from knowledge.answer import MAX_ANSWER, Message
from knowledge.library import Library

pytestmark = pytest.mark.xdist_group("graded")  # by one worker, as what was judged is shared

FILES = Path(__file__).parents[1] / "eval"
DEV = ("script_questions_dev", "out_of_scope_dev")
OWN = ("script_questions_own", "out_of_scope_own")
SPOKEN = "intents_dev"
SENTENCES, KINDS = "model_sentences_own", "model_sentences_kinds_own"
# Lies of these kinds never reach a person.
GRAVE = ("figure", "link", "source", "name", "quote", "injection", "mention")


@dataclass(frozen=True)
class Graded:
    """The rows of the files and the verdict on each."""

    rows: Sequence[Row]
    verdicts: Sequence[Verdict]

    def of(self, file: str, kind: str | None = None) -> list[tuple[Row, Verdict]]:
        """The rows of a file, of one kind if that is given, with their verdicts."""
        pairs = zip(self.rows, self.verdicts, strict=True)
        found = [pair for pair in pairs if pair[0].file == f"{file}.jsonl" and kind in (None, pair[0].kind)]
        assert found
        return found

    def share(self, file: str, kind: str | None = None) -> float:
        """The share of those that pass."""
        return sum(verdict.passed for _, verdict in self.of(file, kind)) / len(self.of(file, kind))

    def refused(self, file: str) -> float:
        """The share of answerable questions that were not answered."""
        return sum(verdict.abstained for _, verdict in self.of(file)) / len(self.of(file))

    def misses(self, file: str) -> Counter[str]:
        """How many fail, by kind."""
        return Counter(row.kind for row, verdict in self.of(file) if not verdict.passed)


Asked = tuple[Graded, list[Reply]]


def rows_of(*names: str) -> list[Row]:
    return [row for name in names for row in read_rows(FILES / f"{name}.jsonl")]


def check_dev(result: Graded) -> None:
    """The marks for the files of questions that came from elsewhere."""
    asked, beyond = DEV
    assert result.share(asked) >= 0.96
    assert {kind: missed for kind, missed in result.misses(asked).items() if missed > 1} == {}
    assert result.refused(asked) <= 0.07  # a nearest passage that holds what was asked is right, and none the less
    assert result.share(beyond, "off_topic") >= 0.97
    assert result.share(beyond, "near_miss") >= 0.90
    assert result.share(beyond, "adversarial") == 1.0


def check_own(result: Graded) -> None:
    """The marks for those written for this project, the hard ones among them."""
    asked, beyond = OWN
    assert result.share(asked) >= 0.88
    assert result.refused(asked) <= 0.12
    assert result.share(beyond, "off_topic") >= 0.90  # every tenth of these plays on the metaphors of the video
    assert result.share(beyond, "near_miss") >= 0.85
    assert result.share(beyond, "adversarial") >= 0.97


@pytest.fixture(scope="module")
def asked(library: Library, settings: Settings) -> Asked:
    """The questions and utterances that came from elsewhere, judged once by the bot as it is; and its replies to them.

    They are a seventh of all questions; to those written for this project, `asked_own`, trials are put.
    """
    return judged(library, settings, *DEV, SPOKEN)


@pytest.fixture(scope="module")
def asked_own(library: Library, settings: Settings) -> Asked:
    """The same of the questions written for this project."""
    return judged(library, settings, *OWN)


def judged(library: Library, settings: Settings, *names: str) -> Asked:
    rows, replies = rows_of(*names), list[Reply]()
    respond = Assistant.respond

    async def noted(self: Assistant, turn: Turn, history: Sequence[Message]) -> Reply:
        replies.append(await respond(self, turn, history))
        return replies[-1]

    grader = AsIs(library, settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Assistant, "respond", noted)
        return Graded(rows, [grader.judge(row) for row in rows]), replies


def test_pass_marks(asked: Asked) -> None:
    check_dev(asked[0])
    # Loosely worded votes are asked about rather than counted; with that the mark of 98% is not reached.
    assert asked[0].share(SPOKEN) >= 0.93
    assert sum(verdict.wrong for _, verdict in asked[0].of(SPOKEN)) <= 1


@pytest.mark.trial
def test_pass_marks_of_own_questions(asked_own: Asked) -> None:
    check_own(asked_own[0])


@pytest.mark.trial
def test_pass_marks_with_weights_fitted_without_the_question(library: Library, settings: Settings) -> None:
    rows = rows_of(*DEV, *OWN)
    grader = CrossValidated(library, settings, rows)
    result = Graded(rows, [grader.judge(row) for row in rows])
    check_dev(result)
    check_own(result)


def test_the_sections_that_answer_are_among_the_first(library: Library, asked: Asked) -> None:
    check_recall(library, asked, DEV[0])


@pytest.mark.trial
def test_the_sections_that_answer_own_questions_are_among_the_first(library: Library, asked_own: Asked) -> None:
    check_recall(library, asked_own, OWN[0])


def check_recall(library: Library, asked: Asked, name: str) -> None:
    found = recall(library, [(row, verdict) for row, verdict in asked[0].of(name) if isinstance(row, Question)])
    assert found is not None
    assert found.at[1] >= 0.93
    assert found.at[3] >= 0.98


@pytest.mark.trial
def test_pass_marks_of_meaning_learned_without_the_words(library: Library, settings: Settings) -> None:
    rows = [*rows_of(SPOKEN), *read_rows(UTTERANCES)]
    grader = CrossValidated(library, settings, rows)
    result = Graded(rows, [grader.judge(row) for row in rows])
    assert result.share(SPOKEN) >= 0.93
    # A quarter of them was written without sight of the others: of those fewer are found than of the first ones.
    assert result.share("utterances") >= 0.88


def test_grave_lies_of_a_model_are_caught_and_truth_passes(library: Library, settings: Settings) -> None:
    # Of a third of the sentences, in which chance has more to say.
    result = check_sentences(rows_of(SENTENCES)[::3], AsIs(library, settings))
    assert result.share(SENTENCES, "truth") >= 0.90


@pytest.mark.trial
def test_lies_of_a_model_are_caught_by_what_was_fitted_without_them(library: Library, settings: Settings) -> None:
    rows = rows_of(SENTENCES)
    result = check_sentences(rows, CrossValidated(library, settings, rows))
    assert result.share(SENTENCES, "truth") >= 0.95
    # These are measured; words alone cannot tell them all.
    assert result.share(SENTENCES, "unsupported") >= 0.80
    assert result.share(SENTENCES, "negation") >= 0.93
    assert result.share(SENTENCES, "swap") >= 0.35


def check_sentences(rows: Sequence[Row], grader: AsIs | CrossValidated) -> Graded:
    result = Graded(rows, [grader.judge(row) for row in rows])
    for kind in GRAVE:
        assert result.share(SENTENCES, kind) == 1.0
    assert sum(row.kind in GRAVE for row in rows) >= 60
    return result


# Shares of each kind of untruth without a figure that are to be found among the sentences held back from all fitting;
# words alone cannot tell more. Of the true ones, which are put in other words than the handbook's, as many are to pass.
HELD_BACK = {
    "truth": 0.85,
    "insult": 0.9,
    "guarantee": 0.9,
    "belittling": 1.0,
    "negating": 0.75,
    "condition": 0.65,
    "clause": 0.65,
    "reversal": 0.55,
    "roles": 0.5,
}


@pytest.mark.trial
def test_untruths_without_a_figure_are_found(library: Library, settings: Settings) -> None:
    rows = [row for row in rows_of(KINDS) if row.record["held"]]
    grader = AsIs(library, settings)
    result = Graded(rows, [grader.judge(row) for row in rows])
    assert {kind for kind, mark in HELD_BACK.items() if result.share(KINDS, kind) < mark} == set()


@pytest.mark.trial
def test_answers_kept_for_others_are_those_asked_for(library: Library) -> None:
    rows = [row for row in rows_of(DEV[0], OWN[0]) if isinstance(row, Question)]
    kept = measure_kept(library, rows)
    assert kept.wrong == []
    assert len(kept.hits) >= 0.07 * kept.asked


@pytest.mark.parametrize("judged", ["asked", pytest.param("asked_own", marks=pytest.mark.trial)])
@pytest.mark.usefixtures("home")  # `judged` is asked for by its name, so nobody sees that it wants one
def test_every_answer_fits_and_names_its_sources(judged: str, request: pytest.FixtureRequest) -> None:
    graded, replies = request.getfixturevalue(judged)
    assert len(replies) == sum(isinstance(row, Question) for row in graded.rows)
    for reply in replies:
        assert 1 <= len(reply.text) <= MAX_ANSWER, reply.text
        assert reply.sources or reply.abstained or reply.activity not in ("question", *EXCERPTS), reply.text
