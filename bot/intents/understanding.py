"""From what is said to what is meant: explicit words first, then meaning, in the light of what is open here."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from bot import shelf as scripts
from bot.intents import Attempt, Chat, Intent, Order, RoundPlace, Vote, certain, name_of
from bot.intents.amounts.calculations import read_calculation
from bot.intents.amounts.estimates import Spend
from bot.intents.amounts.spending import read_spend
from bot.intents.asked import (
    POLL,
    QUIZ,
    Asked,
    explicit_answer,
    is_of_options,
    is_of_the_talk,
    left,
    likely_vote,
    newest,
    unclear_guess,
    vote_in,
)
from bot.intents.discussions import is_for_discussion, read_answer
from bot.intents.labels import NOTHING_TO_DO, ORDER, Sense, answers_rather, asks_for_several, chatter, label_of
from bot.intents.options import degrees
from bot.intents.polls.begun import begin_poll, lacks_options, part_asked, read_begun
from bot.intents.polls.drafts import own_poll
from bot.intents.polls.ordering import completed
from bot.intents.polls.orders import order_meant
from bot.intents.polls.prepared import read_prepared, read_revision
from bot.intents.polls.revising import order_of_change
from bot.intents.polls.wishes import read_wish, with_first, with_question
from bot.intents.quizzes.guesses import admits_ignorance
from bot.intents.quizzes.rounds import read_for_all
from bot.intents.quizzes.shares import read_claim
from bot.intents.sayings import read_saying
from bot.intents.stakes import does_with
from bot.intents.talk.another import card_shown, read_another, wants_more
from bot.intents.talk.cards import card_named, card_placed
from bot.intents.talk.going_on import asks_about_rates, asks_another_sum, other_estimate, read_going_on, told_last
from bot.intents.talk.leads import unled, written_out
from bot.intents.talk.phrases import read_phrase
from bot.intents.talk.set_forms import HALVES, read_set_form
from bot.intents.talk.smalltalk import names_of_signs, read_chat, read_courtesy, read_sign
from bot.intents.talk.unwanted import is_unwanted
from bot.intents.talk.within import RECKONED, TALK, read_within
from bot.intents.times.recurring import read_recurring
from bot.intents.votes.ballots import disputes, is_bare_answer
from bot.shelf import Shelf
from bot.store import Scene
from knowledge.answer import MAX_QUESTION
from knowledge.bank import Question
from knowledge.followup import refers
from knowledge.question import asks, parts
from knowledge.refusal import is_refused, without_scripts
from knowledge.script import Script
from knowledge.words import words

# Amounts: no places in a list, and no moments.
_AMOUNTS = re.compile(r"(?<![\d:])\d{2,}(?:[.,]\d+)*(?![\d:])")
# What shows something of a script, whatever was said before.
SHOWN = frozenset(
    {"describe", "takeaways", "stats", "resources", "keywords", "short_version", "next_topic", "help", "usage"}
)
# What "the third" or "half of that" goes on with where it was shown last, though a poll or a quiz was opened before it.
SHOWN_LAST = frozenset({"benefits", "savings_estimate"})
# What may be an answer that names no option.
ANSWERING = frozenset({"question", "none"})


class Understanding:
    """Finds the intent of a turn, and the value that its words name."""

    def __init__(self, shelf: Shelf, sense: Sense, zone: str = "UTC") -> None:
        """`zone` is the time zone (IANA) of places and people that have none of their own."""
        self._shelf = shelf
        self._sense = sense
        self._zone = zone

    def asking(self, question: Question) -> Understanding:
        """The same with that question to be asked, and no other."""
        return Understanding(Shelf(self._shelf.scripts, [question]), self._sense, self._zone)

    def intent(self, said: str, scene: Scene, at: datetime | None = None, zone: str | None = None) -> Intent:
        """What `said` is about in `scene`; "question" for whatever is nothing else, or too long to be read.

        It is said `at` a moment (aware; now, without one), in the time zone of its person, if they have one.
        """
        zone = zone or scene.place.zone or self._zone
        at = at or datetime.now(UTC)

        def read(text: str, plainly: bool) -> Intent:
            return self._read(text, scene, at, zone, plainly)

        whole = read(said, False)
        if whole.certainty == "said" or whole.name in RECKONED or part_asked(scene, at):
            return whole
        plainly = does_with(whole, scene.poll) == "act" and whole.name not in TALK
        return read_within(said, whole, read, partial(chatter, self._sense), plainly)

    def _read(self, said: str, scene: Scene, at: datetime, zone: str, plainly: bool) -> Intent:
        """What `said` is as a whole; without regard to what it may mean where only what is `plainly` said counts."""
        if revision := read_revision(said, scene, at, zone):
            return revision
        if drafted := own_poll(said, at, zone):
            ways = (lacks_options(drafted), with_question(drafted), with_first(drafted))
            return next(filter(None, ways), certain("poll_start", drafted))
        asked = self._asked(scene)
        found = self._meant(said, scene, asked, plainly)
        if scene.poll and (changed := order_of_change(said, found, scene.poll, at, zone)):
            return changed
        if isinstance(found.value, Order) and found.certainty != "said":
            found = replace(found, value=completed(found.value, said, scene.poll, at, zone))
        begun = read_prepared(said, scene, found, at, zone) or read_begun(said, scene, found, at, zone)
        if begun := begun or begin_poll(said, found, at, zone) or read_wish(said, found, at, zone):
            return begun
        if (
            found.certainty != "said"
            and found.name not in RECKONED
            and not plainly
            and (again := read_recurring(said, self._label, at, zone))
        ):
            return again
        if does_with(found, scene.poll) == "answer":
            return found if found.name == "question" else Intent("question")
        attempt = found.value
        if asked and asked.place and isinstance(attempt, Attempt) and attempt.run is None and attempt.round is None:
            return replace(found, value=replace(attempt, round=asked.place))
        return found

    def _label(self, text: str) -> str:
        """What `text` is about, whatever is open."""
        return label_of(self._sense, text, "", None, None)[0]

    def _asked(self, scene: Scene) -> Asked | None:
        """What this person is asked: a quiz of their own, or what a round asks everybody here; the newest of both."""
        found = []
        if scene.quiz and (own := self._shelf.question(scene.quiz.ref)):
            found.append(Asked(own, scene.quiz.opened))
        held = scene.round
        if held and not held.revealed and (question := self._shelf.question(held.ref)):
            found.append(Asked(question, held.asked, RoundPlace(held.id, held.at + 1)))
        return max(found, key=lambda one: one.since, default=None)

    def _meant(self, said: str, scene: Scene, asked: Asked | None, plainly: bool) -> Intent:
        if is_for_discussion(scene) and (answer := read_answer(said)):
            return answer
        if len(said) > MAX_QUESTION:
            return Intent("question")
        in_round = scene.round is not None and (asked is None or asked.place is not None)
        if found := read_saying(said.strip()):
            return found
        if found := read_set_form(said, scene, in_round):
            return found
        honest = without_scripts(said)
        text = " ".join(HALVES.sub(" ", honest).split())
        if text and set(text) <= {"?"}:
            return certain("help")
        refused = is_refused(honest)
        if not refused and (calculation := read_calculation(text, scene.before, told_last(scene))):
            return Intent("calculate", calculation)
        if not words(text) and not refused:
            return self._by_sign(text, scene)
        if refused or len([one for one in parts(text) if asks(one)]) > 1:
            # What must be refused is refused there; what asks two things is no request for one of them.
            return Intent("question")
        quiz = asked.question if asked else None
        first = newest(scene.poll, asked)
        if found := self._plainly(text, scene, asked, first):
            return found
        if not any(character.isalpha() for character in text):
            return self._unclear_vote(text, scene) or Intent("question")
        return Intent("question") if plainly else self._by_meaning(text, scene, quiz, first)

    def _plainly(self, text: str, scene: Scene, asked: Asked | None, first: str | None) -> Intent | None:
        """What `text` is without regard to meaning: an answer to what is open, what goes on, a set phrase."""
        bare = written_out(unled(text))
        leaving = (left(text, asked) or left(bare, asked)) if asked else None
        answer = explicit_answer(text, scene.poll, asked.question if asked else None, first)
        if answer and answer.name == "poll_answer" and is_of_the_talk(text, scene):
            answer = replace(answer, certainty="open")
        # "Next" after a quote wants another quote, whatever is open.
        return (
            read_another(bare, scene, self._shelf)
            or (self._going_on(bare, scene) if scene.before in SHOWN_LAST else None)
            or (leaving if first == QUIZ else None)
            or answer
            or leaving
            or self._going_on(bare, scene)
            or read_going_on(bare, scene)
            or read_phrase(text)
            or read_courtesy(text, bool(scene.history))
            or (_reaction(text) if scene.history and is_bare_answer(text) else None)
        )

    def _by_sign(self, text: str, scene: Scene) -> Intent:
        """What signs alone say: a thumb, the emoji of an option, or one that is called so; else they are small talk."""
        vote = None
        if scene.poll:
            vote = vote_in(text, scene.poll) or vote_in(names_of_signs(text), scene.poll)
        if vote and vote.certainty == "open" and scene.before == "poll_answer":
            return Intent("question")
        chat = read_sign(text)
        return vote or (Intent("smalltalk", chat) if chat else Intent("question"))

    def _going_on(self, text: str, scene: Scene) -> Intent | None:
        """What goes on with the reply before; None where the words do not."""
        if scene.quiz is None and wants_more(text):
            return Intent("question")
        if scene.before == "benefits" or card_shown(scene):
            # "3", "the last one", "tell me more about number four"
            if place := card_placed(text, self._script(text, scene)):
                return certain("benefits", place)
            if scene.before == "benefits":
                return None
        return other_estimate(text, scene)

    def _by_meaning(self, text: str, scene: Scene, quiz: Question | None, first: str | None) -> Intent:
        label, certainty = label_of(self._sense, text, first or "", scene.poll, quiz)
        if label in SHOWN and scene.history and refers(text, own=1):
            # "How should that be described?" asks about what was said, not for something new.
            label = "question"
        if label in {*SHOWN, "quote", "benefits"} and (asks_for_several(text) or len(_AMOUNTS.findall(text)) > 1):
            # Several amounts are told for something to be calculated.
            label = "question"
        nothing = label.partition(" ")[0] in NOTHING_TO_DO
        if quiz and nothing and admits_ignorance(text):
            return Intent("quiz_answer", Attempt())
        unsure = nothing or label.startswith("poll_answer") or certainty == "open"
        vote = self._unclear_vote(text, scene)
        # Words that name an option of the open poll are about that, before they are taken for a wish to do something.
        unsure = unsure or (vote is not None and vote.value is not None)
        unsure = unsure or (scene.poll is not None and is_of_options(text, scene.poll))
        if quiz and (unsure or label == "quiz_answer") and (guess := unclear_guess(text, quiz)):
            return guess
        meant = likely_vote(text, scene, self._sense) if first == POLL and certainty != "said" else None
        if meant and (meant.certainty == "meant" or (unsure and vote is None)):
            return meant
        if unsure and not (label == "question" and asks(text)) and vote:
            return vote
        if (
            label in ANSWERING
            and first == POLL
            and scene.before != "poll_answer"
            and answers_rather(self._sense, text, POLL)
        ):
            return Intent("poll_answer", None, "open")
        if label.startswith(f"{ORDER} "):
            return order_meant(label.removeprefix(f"{ORDER} ")) if certainty != "open" else Intent("question")
        found = self._valued(text, label, scene, quiz)
        if found.name == "poll_answer":
            # Only words that name an option are counted; what asks is no answer.
            asked = scene.before != "poll_answer" and not asks(text)
            return replace(found, certainty="open") if asked else Intent("question")
        return found if found.name == "question" else replace(found, certainty=certainty)

    def _valued(self, text: str, label: str, scene: Scene, quiz: Question | None) -> Intent:
        """The intent of a label, with the value that the words name for it."""
        name, _, degree = label.partition(" ")
        if name == "poll_answer" and scene.poll:
            return Intent("poll_answer", Vote(degrees(scene.poll.options)[degree]))
        if name == "quiz_answer" and quiz:
            return Intent("quiz_answer", Attempt(read_claim(text) if quiz.percent is not None else None))
        if chat := read_chat(label, bool(scene.history)):
            return Intent("smalltalk", chat)
        if name == "benefits":
            return Intent("benefits", card_named(text, self._script(text, scene)))
        if name == "savings_estimate" and (asks_about_rates(text) or asks_another_sum(text)):
            return Intent("question")
        if name == "savings_estimate":
            spend = read_spend(text)
            return Intent("savings_estimate", None if spend == Spend() else spend)
        begun = name_of(name)
        if is_unwanted(begun, text):
            return Intent("stop")
        return (read_for_all(text) if begun == "quiz_start" else None) or Intent(begun)

    def _unclear_vote(self, text: str, scene: Scene) -> Intent | None:
        """A vote that must be asked; once in a row, after that it is looked up."""
        return vote_in(text, scene.poll) if scene.poll and scene.before != "poll_answer" else None

    def _script(self, text: str, scene: Scene) -> Script:
        fitting = self._shelf.fitting(text, scene.place.script, scripts.cards)
        return fitting[0] if fitting else self._shelf.current(scene.place.script)


def _reaction(text: str) -> Intent:
    """A yes or a no to what was told: "that's wrong" complains."""
    return certain("smalltalk", Chat("complaint" if disputes(text) else "agreement"))
