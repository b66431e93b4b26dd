"""Meaning: labels learned from examples, kept on disk, learned anew when anything that they follow from has changed."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from bot.intents import features as real_features
from bot.intents.sense import LearnedSense, Utterance
from knowledge.meaning import Meaning, open_meaning

if TYPE_CHECKING:
    from knowledge.embedder import Vectors


@dataclass(frozen=True)
class Said:
    text: str
    label: str
    setting: str = ""


EXAMPLES = (
    Said("start the poll", "poll"),
    Said("open a poll now", "poll"),
    Said("let us vote", "poll"),
    Said("quiz me", "quiz"),
    Said("start a quiz", "quiz"),
    Said("test what I know", "quiz"),
    Said("next", "topic"),
    Said("next", "skip", "quiz_open"),
    Said("skip it", "skip", "quiz_open"),
)


def features(text: str) -> list[str]:
    return text.lower().split()


class Embedder:
    """Vectors of length 1 that follow from the words; it counts the texts that it was given."""

    def __init__(self) -> None:
        self.embedded = 0

    def __call__(self, texts: Sequence[str]) -> Vectors:
        self.embedded += len(texts)
        return np.stack([self.vector(text) for text in texts])

    @staticmethod
    def vector(text: str) -> Vectors:
        vector = np.ones(16, dtype=np.float32)
        for word in features(text):
            vector[hashlib.sha256(word.encode()).digest()[0] % 16] += 3
        return vector / np.float32(np.linalg.norm(vector))


class Progress:
    """Keeps what was told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def __call__(self, said: str) -> None:
        self.told.append(said)


@pytest.fixture
def embed() -> Embedder:
    return Embedder()


@pytest.fixture
def told() -> Progress:
    return Progress()


def learned(examples: Sequence[Said] = EXAMPLES) -> Meaning:
    return Meaning(examples, Embedder()([one.text for one in examples]), features)


def best(meaning: Meaning, text: str, setting: str = "") -> str:
    scores = meaning.scores(text, Embedder.vector(text), setting)
    return max(scores, key=lambda label: scores[label])


@pytest.mark.parametrize("one", EXAMPLES, ids=lambda one: f"{one.text} {one.setting}")
def test_what_was_taught_is_known(one: Said) -> None:
    assert best(learned(), one.text, one.setting) == one.label


@pytest.mark.parametrize(("text", "label"), [("please start a poll", "poll"), ("quiz", "quiz"), ("a vote", "poll")])
def test_what_is_near_is_known(text: str, label: str) -> None:
    assert best(learned(), text) == label


def test_the_setting_tells_the_same_words_apart() -> None:
    assert best(learned(), "next") == "topic"
    assert best(learned(), "next", "quiz_open") == "skip"


def test_every_label_has_a_score_also_for_what_is_like_nothing() -> None:
    scores = learned().scores("zebra", Embedder.vector("zebra"))
    assert sorted(scores) == ["poll", "quiz", "skip", "topic"]
    assert max(scores.values()) < 0.8
    assert learned().scores("", Embedder.vector("")).keys() == scores.keys()


def test_what_was_kept_gives_the_same_scores(tmp_path: Path) -> None:
    meaning = learned()
    meaning.save(tmp_path / "new" / "kept.npz")
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["kept.npz"]
    kept = Meaning.load(tmp_path / "new" / "kept.npz", features)
    assert kept is not None
    assert kept.labels == meaning.labels
    for text in ("start the poll", "next", "a quiz please", "zebra", ""):
        for setting in ("", "quiz_open", "unheard of"):
            vector = Embedder.vector(text)
            assert kept.scores(text, vector, setting) == meaning.scores(text, vector, setting)


def reopen(folder: Path, embed: Embedder, told: Progress, examples: Sequence[Said] = EXAMPLES) -> Meaning:
    return open_meaning(examples, features, embed, folder, "model-1", told)


def test_learning_happens_once(tmp_path: Path, embed: Embedder, told: Progress) -> None:
    first = reopen(tmp_path, embed, told)
    assert (embed.embedded, len(told.told)) == (len(EXAMPLES), 1)
    again = reopen(tmp_path, embed, told)
    assert (embed.embedded, len(told.told)) == (len(EXAMPLES), 1)
    assert best(first, "next") == best(again, "next") == "topic"


def test_many_examples_keep_their_vectors(tmp_path: Path, embed: Embedder, told: Progress) -> None:
    # Batches are made by length; the rows have to come back in the order of the examples.
    many = [Said(f"{'poll ' * (90 - number)}{number}", f"label {number}") for number in range(90)]
    meaning = reopen(tmp_path, embed, told, many)
    plain = learned(many)
    for one in many[::17]:
        expected = plain.scores(one.text, Embedder.vector(one.text))
        assert meaning.scores(one.text, Embedder.vector(one.text)) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 not really", b"\x93NUMPY"])
def test_a_damaged_file_is_learned_anew(tmp_path: Path, embed: Embedder, told: Progress, damage: bytes) -> None:
    reopen(tmp_path, embed, told)
    (file,) = tmp_path.iterdir()
    file.write_bytes(damage)
    assert Meaning.load(file, features) is None
    assert best(reopen(tmp_path, embed, told), "next") == "topic"
    assert embed.embedded == 2 * len(EXAMPLES)
    assert Meaning.load(file, features) is not None


def test_a_file_that_was_cut_short_is_learned_anew(tmp_path: Path, embed: Embedder, told: Progress) -> None:
    reopen(tmp_path, embed, told)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    for part in (0.1, 0.5, 0.9, 0.99):
        file.write_bytes(whole[: int(part * len(whole))])
        assert Meaning.load(file, features) is None
    changed = bytearray(whole)
    changed[len(whole) // 3] ^= 0xFF
    file.write_bytes(bytes(changed))
    assert best(reopen(tmp_path, embed, told), "quiz me") == "quiz"


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(
    tmp_path: Path, embed: Embedder, told: Progress
) -> None:
    (tmp_path / "file").touch()
    for times in (1, 2):
        assert best(reopen(tmp_path / "file" / "below", embed, told), "next") == "topic"
        assert embed.embedded == times * len(EXAMPLES)


@pytest.mark.parametrize("at", [0, len(EXAMPLES) - 1])
@pytest.mark.parametrize("field", ["text", "label", "setting"])
def test_a_change_of_the_examples_replaces_the_file(
    tmp_path: Path, embed: Embedder, told: Progress, at: int, field: str
) -> None:
    reopen(tmp_path, embed, told)
    (old,) = tmp_path.iterdir()
    (tmp_path / "another.txt").touch()
    changed = [*EXAMPLES]
    changed[at] = Said(**{**vars(changed[at]), field: "something else"})
    reopen(tmp_path, embed, told, changed)
    assert len(told.told) == 2
    assert not old.exists()
    assert len(list(tmp_path.glob("meaning-*.npz"))) == 1
    assert (tmp_path / "another.txt").exists()


def test_another_model_replaces_the_file(tmp_path: Path, embed: Embedder, told: Progress) -> None:
    reopen(tmp_path, embed, told)
    (old,) = tmp_path.iterdir()
    open_meaning(EXAMPLES, features, embed, tmp_path, "model-2", told)
    assert len(told.told) == 2
    assert not old.exists()


def test_a_change_of_the_concepts_replaces_the_file(
    tmp_path: Path, embed: Embedder, told: Progress, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The word stands in the last of many examples only.
    many = [*(Said(f"say it {number} times", f"label {number % 3}") for number in range(120)), Said("zebra", "label 1")]

    def open_with(concepts: str) -> None:
        (tmp_path / "concepts.toml").write_text(concepts)
        monkeypatch.setattr(real_features, "CONCEPTS", tmp_path / "concepts.toml")
        real_features._concepts.cache_clear()
        open_meaning(many, real_features.features, embed, tmp_path / "meaning", "model-1", told)

    try:
        open_with('poll = "vote"\n')
        open_with('poll = "vote"\n')
        assert len(told.told) == 1
        open_with('poll = "vote"\nanimal = "zebra"\n')
        assert len(told.told) == 2
        assert len(list((tmp_path / "meaning").iterdir())) == 1
    finally:
        real_features._concepts.cache_clear()


def test_sense_mends_typos_and_learns_on_first_use(embed: Embedder) -> None:
    taught = [Utterance(one.text, one.setting, one.label) for one in EXAMPLES]
    lessons: list[Sequence[Utterance]] = []

    def learn(examples: Sequence[Utterance]) -> Meaning:
        lessons.append(examples)
        return Meaning(examples, embed([one.text for one in examples]), features)

    sense = LearnedSense(taught, learn, embed)
    assert sense.knows("Quiz me!", "") == "quiz"
    assert sense.knows("next", "quiz_open") == "skip"
    assert sense.knows("never said", "") is None
    assert lessons == []
    scores = sense.scores("start the pol", "")
    assert max(scores, key=lambda label: scores[label]) == "poll"
    assert sense.prepare() is sense
    assert len(lessons) == 1


def test_sense_learns_once_for_all_who_ask_at_the_same_time(embed: Embedder) -> None:
    taught = [Utterance(one.text, one.setting, one.label) for one in EXAMPLES]
    lessons: list[int] = []

    def learn(examples: Sequence[Utterance]) -> Meaning:
        lessons.append(len(examples))
        time.sleep(0.05)
        return Meaning(examples, embed([one.text for one in examples]), features)

    sense = LearnedSense(taught, learn, embed)
    with ThreadPoolExecutor(8) as threads:
        assert {max(told, key=told.__getitem__) for told in threads.map(sense.scores, ["quiz me"] * 8, [""] * 8)} == {
            "quiz"
        }
    assert lessons == [len(EXAMPLES)]


def test_sense_does_not_know_what_was_taught_in_two_ways(embed: Embedder) -> None:
    taught = [Utterance("go on", "", "one"), Utterance("Go on!", "", "other"), Utterance("go on", "quiz_open", "third")]
    sense = LearnedSense(taught, lambda examples: Meaning(examples, embed(["go on"] * 3), features), embed)
    assert sense.knows("go on", "") is None
    assert sense.knows("go on", "quiz_open") == "third"


def test_likeness_is_one_number_for_each(embed: Embedder) -> None:
    sense = LearnedSense([], lambda examples: learned(), embed)
    near = sense.likeness("start the poll", ["start the poll", "zebra"])
    assert near[0] == pytest.approx(1.0, abs=1e-5)
    assert near[1] < near[0]
