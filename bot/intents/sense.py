"""What utterances mean, learned from the examples in `utterances.jsonl`; `finops-bot eval` grades them as well."""

from __future__ import annotations

import json
import threading
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from bot.intents.labels import ORDER
from bot.intents.options import DEGREES
from knowledge.words import Spelling, words

UTTERANCES = Path(__file__).with_name("utterances.jsonl")
# What is none of all that the bot does: noise, remarks about other things in the same words.
OTHERS = Path(__file__).with_name("others.jsonl")
# What is said about the talk itself, each with what it is.
SMALLTALK = Path(__file__).with_name("smalltalk.jsonl")
# What moderators want done with polls and with what comes again, each with the action that it orders.
ORDERS = Path(__file__).with_name("orders.jsonl")
# Questions that no source of the bot answers: they are questions all the same.
OUTSIDE = Path(__file__).with_name("outside.toml")
# A word that several people use is no slip.
USED = 2

# Texts -> their vectors, a row each, of length 1, as retrieval uses them.
Embed = Callable[[Sequence[str]], Any]


@dataclass(frozen=True)
class Utterance:
    """Something that people say, what was open when they said it, and the label that it teaches."""

    text: str
    setting: str
    label: str

    @property
    def plain(self) -> tuple[str, str]:
        """The words and the setting, for comparison."""
        return " ".join(words(self.text)), self.setting


def read_utterances(*files: Path) -> list[Utterance]:
    """The examples of `files`, by default those that come with the bot; whatever lies outside its sources is a question
    too, to be declined, unless an example says otherwise.
    """
    lines = [
        line
        for file in files or (UTTERANCES, OTHERS, SMALLTALK, ORDERS)
        for line in file.read_text("utf-8").splitlines()
        if line
    ]
    told = [read_utterance(json.loads(line)) for line in lines]
    known = {one.plain for one in told}
    beyond = tomllib.loads(OUTSIDE.read_text("utf-8"))["questions"]
    return told + [one for text in beyond if (one := Utterance(text, "", "question")).plain not in known]


def read_utterance(record: Mapping[str, Any]) -> Utterance:
    """The example in a row of a file of intents; a vote is labelled with the degree that its option has, small talk
    with what it is. A greeting may open the talk: it asks for help then.
    """
    if about := record.get("about"):
        name = "help" if about == "greeting" else "smalltalk"
        return Utterance(str(record["utterance"]), str(record["context"] or ""), f"{name} {about}")
    if order := record.get("order"):
        return Utterance(str(record["utterance"]), str(record["context"] or ""), f"{ORDER} {order}")
    label = str(record["expected_intent"])
    if label == "poll_answer":
        said = set(str(record["expected_value"]).casefold().split())
        label = f"{label} {next(name for name, telling in DEGREES.items() if said & telling)}"
    return Utterance(str(record["utterance"]), str(record["context"] or ""), label)


class Learned(Protocol):
    """What examples teach."""

    def scores(self, text: str, vector: Any, setting: str = "") -> Mapping[str, float]:
        """How well each label fits `text`, whose vector is given."""
        ...


Learn = Callable[[Sequence[Utterance]], Learned]


class LearnedSense:
    """Knows utterances by the examples that are near them."""

    def __init__(self, taught: Sequence[Utterance], learn: Learn, embed: Embed) -> None:
        """`learn` makes what the examples teach, on first use."""
        self._taught = taught
        self._learn = learn
        self._embed = embed
        used = Counter(word for one in taught for word in set(words(one.text)))
        self._spelling = Spelling(word for word, count in used.items() if count >= USED)
        self._labels: dict[tuple[str, str], str | None] = {}
        for one in taught:
            known = self._labels.setdefault(one.plain, one.label)
            if known != one.label:
                self._labels[one.plain] = None
        self._meaning: Learned | None = None
        self._newest: tuple[tuple[str, str], Mapping[str, float]] | None = None
        self._learning = threading.Lock()

    def prepare(self) -> LearnedSense:
        """Learn now instead of on first use."""
        with self._learning:  # turns are heard in several threads: the first learns, the others wait for it
            if self._meaning is None:
                self._meaning = self._learn([replace(one, text=self._spelling.mend(one.text)) for one in self._taught])
        return self

    def scores(self, text: str, setting: str) -> Mapping[str, float]:
        """How well each label fits."""
        newest = self._newest
        if newest and newest[0] == (text, setting):
            return newest[1]  # one turn asks several times
        self.prepare()
        assert self._meaning is not None
        found = self._meaning.scores(self._spelling.mend(text), self._embed([text])[0], setting)
        self._newest = ((text, setting), found)
        return found

    def knows(self, text: str, setting: str) -> str | None:
        """The label of an example that says just this."""
        plain = " ".join(words(text))
        return self._labels.get((plain, setting)) or self._labels.get((plain, ""))

    def likeness(self, text: str, others: Sequence[str]) -> Sequence[float]:
        """How near `text` is to each of `others`."""
        vectors = self._embed([text, *others])
        return [float(near) for near in vectors[1:] @ vectors[0]]
