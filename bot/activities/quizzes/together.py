"""A round for all in a room: everybody answers, then it is revealed; moderators lead, everybody can take part."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot import shelf as scripts
from bot.activities import Heard
from bot.activities.quizzes.choosing import drawn, questions_meant
from bot.activities.quizzes.drawing import draw, private_question
from bot.intents import Attempt, RoundOrder, RoundPlace, sayings
from bot.intents.quizzes.judging import grade_question
from bot.intents.sayings import MAY_NOT, ONLY_MODERATORS
from bot.reply import Choice, Choices, Reply, Text
from bot.store import Round, round_slot
from bot.turn import Room

if TYPE_CHECKING:
    from bot.shelf import Shelf
    from bot.store.records import Records

MAY_NOT_START = f"{ONLY_MODERATORS} start a quiz for everybody here. What I can do for you is a round alone."
NONE_OPEN = "No quiz for everybody is open here."
STALE = "That question is over; what you pressed changed nothing."
NOT_ALOUD = (
    "Others can read what you write here, so I did not count it. Press a button, or write to me privately: “{}”."
)


def start(heard: Heard, order: RoundOrder, shelf: Shelf, records: Records) -> Reply:
    """Begin a round in the room; one that is open there is shown again, so that a second press does no harm."""
    turn = heard.turn
    if not turn.person.moderator:
        offer = Choices((Choice("Quiz round", "quiz round"),))
        return Reply((Text(MAY_NOT_START), offer), "quiz_start", private=True)
    if held := records.rounds.open_together(turn.room, turn.at):
        shown = draw(held, shelf, records)
        return replace(shown, parts=(Text("A quiz is open here already:"), *shown.parts), slot=None, private=True)
    meant = questions_meant(heard, order, shelf)
    if isinstance(meant, Reply):
        return meant
    refs = drawn(meant, max(order.count, 1) if order.count is not None else None, records.rounds.asked_in(turn.room))
    return _post(heard, records.rounds.start(turn, refs, together=True), shelf, records)


def answer(heard: Heard, shelf: Shelf, records: Records) -> Reply:
    """Keep an answer; it can be changed until the reveal, and nobody is told before that whether it is right."""
    attempt, turn = heard.intent.value, heard.turn
    assert isinstance(attempt, Attempt)
    assert attempt.round is not None
    held = _open(heard, attempt.round, records)
    if isinstance(held, Reply):
        return held
    question = shelf.question(held.ref)
    if question is None or held.revealed or held.at + 1 != attempt.round.place:
        return _private(STALE)
    if turn.aloud and not turn.room.private:
        permit = records.rounds.permit(held, turn.person)
        return _private(NOT_ALOUD.format(sayings.show_round(held.id, permit)))
    options = scripts.quiz_options(question)
    if attempt.option is not None and not 1 <= attempt.option <= len(options):
        return _private(f"There is no such option: choose from 1 to {len(options)}.")
    if attempt.pause:
        return _private(f"Take your time. The question is: {question.question}")
    if heard.intent.certainty == "open":
        return _private("I am not sure which one you mean, so I have kept nothing. Name one of the answers.")
    judged = grade_question(question, turn.words, attempt.option)
    if judged == "no_answer":
        return _private("That is all right. Take a guess before the answer is revealed.")
    option = attempt.option
    if option is None and judged == "correct":
        option = options.index(question.answer) + 1
    records.rounds.answer(held, turn.person, judged, option)
    records.posts.changed(round_slot(held.id))
    chosen = f": {options[option - 1]}" if attempt.option is not None and option is not None else ""
    return _private(f"Your answer is kept{chosen}. You can change it until the reveal.")


def show(heard: Heard, order: RoundOrder, shelf: Shelf, records: Records) -> Reply:
    """The question for whoever was given a permit, in a private talk."""
    held = _open(heard, RoundPlace(order.number or 0, 0, order.permit), records)
    if isinstance(held, Reply):
        return held
    return private_question(held, order.permit, shelf, records)


def reveal(heard: Heard, order: RoundOrder, shelf: Shelf, records: Records) -> Reply:
    """Show all what is right, and how many knew it."""
    held = _led(heard, order, records)
    if isinstance(held, Reply):
        return held
    if held.revealed:
        return _private("The answer is revealed already.")
    revealed = replace(held, revealed=True)
    records.rounds.keep(revealed)
    records.posts.look_again(round_slot(held.id))
    return draw(revealed, shelf, records)


def go_on(heard: Heard, order: RoundOrder, shelf: Shelf, records: Records) -> Reply:
    """Ask the next question in a new message; after the last one the round ends."""
    held = _led(heard, order, records)
    if isinstance(held, Reply):
        return held
    if not held.revealed:
        return _private("Reveal the answer first, then go on.")
    at = held.at + 1
    while at < len(held.questions) and shelf.question(held.questions[at]) is None:
        at += 1
    if at >= len(held.questions):
        return _end(heard, held, shelf, records)
    moved = replace(held, at=at, revealed=False, asked=heard.turn.at)
    records.rounds.keep(moved)
    return _post(heard, moved, shelf, records)


def end(heard: Heard, order: RoundOrder, shelf: Shelf, records: Records) -> Reply:
    """End the round before its time, with the result so far."""
    held = _led(heard, replace(order, place=None), records)
    return held if isinstance(held, Reply) else _end(heard, held, shelf, records)


def draw_round(shelf: Shelf, records: Records, number: int) -> Reply | None:
    """What the message of a round shows now."""
    held = records.rounds.find(number)
    return draw(held, shelf, records) if held else None


def retract(records: Records, number: int, room: Room) -> str:
    """End a round whose message could not be shown: nobody could answer it."""
    held = records.rounds.find(number)
    if held is not None:
        records.rounds.keep(replace(held, ended=held.asked))
    return "So the quiz is not open."


def _end(heard: Heard, held: Round, shelf: Shelf, records: Records) -> Reply:
    ended = replace(held, ended=heard.turn.at)
    records.rounds.keep(ended)
    return _post(heard, ended, shelf, records)


def _post(heard: Heard, held: Round, shelf: Shelf, records: Records) -> Reply:
    """A message of its own for what the round shows now; the one before stays as it is."""
    from bot.store.posts import DRAWING  # here, as the store's own modules load its database

    slot = round_slot(held.id)
    records.posts.drop(slot)
    records.posts.put(heard.turn.room.whole, slot, heard.turn.at + DRAWING)
    return draw(held, shelf, records)


def _led(heard: Heard, order: RoundOrder, records: Records) -> Round | Reply:
    """The open round of the place, for a moderator, at the question that a button belongs to."""
    turn = heard.turn
    if not turn.person.moderator:
        return _private(MAY_NOT)
    found = records.rounds.open_together(turn.room, turn.at)
    held = records.rounds.find(found.id, turn.room, hold=True) if found else None
    if held is None or (order.number is not None and order.number != held.id):
        return _private(NONE_OPEN)
    return held if order.place in (None, held.at + 1) else _private(STALE)


def _open(heard: Heard, place: RoundPlace, records: Records) -> Round | Reply:
    """The open round that is meant: one of this place, or one that the person holds a permit for."""
    turn = heard.turn
    held = records.rounds.find(place.number, turn.room, hold=True)
    if held is None and place.permit and turn.room.private:
        elsewhere = records.rounds.find(place.number, hold=True)
        if elsewhere is not None and records.rounds.is_permit(place.permit, elsewhere, turn.person):
            held = elsewhere
    return held if held is not None and records.rounds.is_open(held, turn.at) else _private(NONE_OPEN)


def _private(said: str) -> Reply:
    # What somebody answers is no part of the talk before it is revealed.
    return Reply((Text(said),), "quiz_answer", private=True, remembered=False)
