"""Rounds of quiz questions: alone from the first to the last, together with a reveal, and the leaderboard."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import pytest

from bot.board import Board
from bot.commands.start import make_assistant
from bot.intents.understanding import Understanding
from bot.markup import Items, Link, Paragraph, Words, plain
from bot.markup.reader import read
from bot.markup.visible import cut
from bot.reply import Reply, Text
from bot.settings import Settings
from bot.shelf import Shelf, quiz_options
from bot.store import Round
from bot.store.database import Store
from bot.turn import Person, Room
from bot.withholding import KEPT_BACK, KEPT_BACK_HERE
from knowledge.bank import Bank, Question, all_questions
from knowledge.script import Script
from tests.bot.conftest import (
    ALONE,
    ANA,
    BO,
    CY,
    HERE,
    PHRASES,
    THERE,
    Talk,
    Taught,
    Told,
    choices,
    kept,
    labels,
    saying,
)

if TYPE_CHECKING:
    from knowledge.library import Library

COLOURS = tuple(
    Question(
        bank="role-of-finops",
        id=f"q{number}",
        question=f"What is the colour of number {number}?",
        answer=answer,
        wrong=wrong,
        explanation=f"It was painted {answer.casefold()} long ago.",
        source="The painter",
        topic="colours",
    )
    for number, (answer, wrong) in enumerate(
        [
            ("Crimson", ("Turquoise", "Beige")),
            ("Magenta", ("Olive", "Silver")),
            ("Indigo", ("Amber", "Ivory")),
            ("Saffron", ("Cobalt", "Maroon")),
        ],
        1,
    )
)
WEIGHT = Question(
    "role-of-finops",
    "weight",
    "How heavy is it?",
    "12 tons",
    number=12.0,
    unit="tons",
    explanation="Heavy.",
    source="A",
    topic="weights",
)
ROUND_OF_TWO = "quiz me with 2 questions about colours"
TEAM_OF_TWO = "start a team quiz with 2 questions about colours"
ANSWERS = {
    "what colour is number 1?": "The colour of number 1 is crimson, as the painter says.",
    "what is FinOps?": "FinOps is a practice.",
}

MakeRounds = Callable[..., Talk]


def standing(talk: Talk) -> Round:
    """The round that is open here."""
    held = talk.scene().round
    assert held is not None
    return held


@pytest.fixture
def rounds_on(library: Library, settings: Settings, scripts: Sequence[Script], store: Store) -> MakeRounds:
    """Makes a talk with a bank of given questions."""

    def make(questions: Sequence[Question] = (*COLOURS, WEIGHT)) -> Talk:
        bank = Bank("role-of-finops.quiz.toml", "role-of-finops", tuple(questions))
        report = dataclasses.replace(library.report, scripts=tuple(scripts[:1]), banks=(bank,))
        shelved = dataclasses.replace(library, report=report)
        understanding = Understanding(
            Shelf(scripts[:1], all_questions(scripts[:1], (bank,))), Taught({**PHRASES, "leaderboard": "leaderboard"})
        )
        return Talk(make_assistant(shelved, settings, lambda: store, understanding, Told(ANSWERS)), store)

    return make


@pytest.fixture
def talk(rounds_on: MakeRounds) -> Talk:
    return rounds_on()


def place(question: Question, option: str) -> int:
    return quiz_options(question).index(option) + 1


def first_line(reply: Reply) -> str:
    return reply.text.split("\n")[0]


def quietly(talk: Talk, words: str, person: Person = BO, room: Room = HERE) -> Reply:
    """The reply to what nobody else in the room can read."""
    (reply,) = talk.replies(dataclasses.replace(talk.turn(words, person, room), aloud=False))
    return reply


def press(talk: Talk, reply: Reply, label: str, person: Person, room: Room = HERE) -> Reply:
    """The reply to a press on what is labelled so."""
    return quietly(talk, saying(reply, label), person, room)


def pages(talk: Talk) -> dict[str, Reply]:
    """What each message that stands shows when it is drawn now; they are drawn long after whoever answered did."""
    board = Board(lambda: talk.assistant.keepers, lambda: talk.store)
    talk.wait(minutes=2)
    drawn = {}
    for page in board.pages("test", talk.now):
        drawn[page.post.slot] = page.reply
        board.drawn(page, f"message {page.post.id}", talk.now)
    return drawn


# --- Alone ---


def test_a_round_alone_goes_from_question_to_question_in_one_reply_each(talk: Talk) -> None:
    first = talk.say(ROUND_OF_TWO)
    assert first_line(first) == "Question 1 of 2: What is the colour of number 1?"
    assert labels(first) == [*quiz_options(COLOURS[0]), "Hint", "Skip"]
    assert first.private
    second = talk.say("it is crimson")
    assert second.text.startswith("Correct! The answer: Crimson.")
    assert "It was painted crimson long ago." in second.text
    assert [source.title for source in second.sources] == ["The painter"]
    assert "Question 2 of 2: What is the colour of number 2?" in second.text
    assert talk.say("olive").text.startswith("Not quite. You have 2 more tries.")
    last = talk.say("magenta")
    assert "The round is over: 1 of 2 right at the first try." in last.text
    assert "- What is the colour of number 2?" in last.text
    assert "- What is the colour of number 1?" not in last.text.split("The round is over")[1]
    assert talk.scene().quiz is None


def test_the_wrong_ones_can_be_had_again(talk: Talk) -> None:
    talk.say(ROUND_OF_TWO)
    talk.say("skip")
    last = talk.say("magenta")
    again = talk.say(saying(last, "Again with the wrong ones"))
    assert first_line(again) == "Question 1 of 1: What is the colour of number 1?"
    assert "1 of 1 right at the first try." in talk.say("crimson").text
    assert "You had none wrong" in talk.say("again with the wrong ones").text


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("quiz round", 5),
        ("quiz me with three questions", 3),
        ("3 questions about colours", 3),
        ("please give me 2 quiz questions", 2),
        ("start a quiz round with 4 questions on colours", 4),
        ("quiz me with 500 questions", 6),
    ],
)
def test_a_round_is_as_long_as_it_is_wanted_and_the_bank_allows(words: str, count: int, talk: Talk) -> None:
    assert f"Question 1 of {count}: " in talk.say(words).text


def test_what_no_question_is_about_is_told_with_what_there_is(talk: Talk) -> None:
    reply = talk.say("3 questions about submarines")
    assert reply.text.startswith("I have no quiz questions about that. I have some about colours, weights, ")
    assert talk.scene().quiz is None
    assert "at least one question" in talk.say("quiz me with 0 questions about colours").text


def test_questions_that_were_not_had_come_first(talk: Talk) -> None:
    talk.say(ROUND_OF_TWO)
    talk.say("skip")
    talk.say("skip")
    assert "number 3" in first_line(talk.say(ROUND_OF_TWO))


def test_a_number_is_answered_in_words(talk: Talk) -> None:
    asked = talk.say("1 question about weights")
    assert "Answer with a number." in asked.text
    assert labels(asked) == ["Hint", "Skip"]
    assert talk.say("about 11 tons").text.startswith("Not quite.")
    assert talk.say("twelve tons").text.startswith("Correct! The answer: 12 tons.")


def test_stop_ends_a_round_and_its_buttons_do_nothing(talk: Talk) -> None:
    old = choices(talk.say(ROUND_OF_TWO))
    assert talk.say("stop").text.startswith("The round is stopped.")
    for choice in old:
        assert talk.say(choice.says).text.startswith("That quiz is over"), choice.label
    assert talk.scene().quiz is None


def test_a_second_press_of_an_answer_does_not_answer_the_next_question(talk: Talk) -> None:
    first = talk.say(ROUND_OF_TWO)
    talk.say(saying(first, "Crimson"))
    assert talk.say(saying(first, "Crimson")).text.startswith("That quiz is over")
    run = talk.scene().quiz
    assert run is not None
    assert (run.tries, run.question) == (0, "q2")


def test_a_round_survives_a_restart_and_is_over_after_a_day(rounds_on: MakeRounds) -> None:
    before = rounds_on()
    before.say(ROUND_OF_TWO)
    after = rounds_on()
    after.heard, after.now = before.heard, before.now
    assert "Question 2 of 2" in after.say("crimson").text
    after.wait(days=1, minutes=1)
    assert after.say("hint").text.startswith("No quiz is open for you.")


def test_a_question_that_the_bank_has_lost_is_left_out(rounds_on: MakeRounds) -> None:
    before = rounds_on()
    before.say("quiz me with 3 questions about colours")
    after = rounds_on([COLOURS[0], *COLOURS[2:]])
    after.heard, after.now = before.heard, before.now
    reply = after.say("crimson")
    assert "no longer in the bank" in reply.text
    assert "Question 3 of 3: What is the colour of number 3?" in reply.text
    assert "The round is over: 2 of 2" in after.say("indigo").text


def test_a_round_goes_on_where_the_bank_has_lost_the_open_question(rounds_on: MakeRounds) -> None:
    before = rounds_on()
    asked = before.say(ROUND_OF_TWO)
    after = rounds_on(COLOURS[1:])
    after.heard, after.now = before.heard, before.now
    reply = after.say(saying(asked, "Hint"))
    assert "no longer in the bank" in reply.text
    assert "Question 2 of 2: What is the colour of number 2?" in reply.text
    assert "The round is over: 1 of 1 right at the first try." in after.say("magenta").text


def test_the_single_quiz_ends_nothing_but_takes_the_place_of_a_round(talk: Talk) -> None:
    talk.say(ROUND_OF_TWO)
    assert talk.say("quiz me").text.startswith("This one is still open:")
    talk.say("stop")
    assert talk.say("quiz me").text.startswith("Quiz: What percentage of AI projects go over budget?")


def test_the_answer_of_an_open_question_is_kept_back_from_its_person_only(talk: Talk) -> None:
    talk.say(ROUND_OF_TWO)
    assert talk.say("what colour is number 1?").text == KEPT_BACK
    assert "crimson" in talk.say("what colour is number 1?", CY).text
    assert "FinOps is a practice." in talk.say("what is FinOps?").text


# --- Together ---


def test_only_moderators_lead_a_round(talk: Talk) -> None:
    refused = talk.say(TEAM_OF_TWO, BO)
    assert "Only moderators can start a quiz for everybody here." in refused.text
    opened = talk.say(TEAM_OF_TWO, ANA)
    for words in (saying(opened, "Reveal"), "reveal", "next question", "end the round", "round 1 end"):
        assert talk.say(words, BO).text == "Only moderators can do that here."
    assert not standing(talk).revealed


def test_everybody_answers_then_it_is_revealed(talk: Talk) -> None:
    opened = talk.say(TEAM_OF_TWO, ANA)
    assert first_line(opened) == "Question 1 of 2: What is the colour of number 1?"
    assert not opened.private
    assert opened.slot == "round-1"
    assert labels(opened) == [*quiz_options(COLOURS[0]), "Reveal"]
    kept = press(talk, opened, "Crimson", BO)
    assert kept.text == "Your answer is kept: Crimson. You can change it until the reveal."
    assert kept.private
    press(talk, opened, "Crimson", CY)
    press(talk, opened, "Beige", CY)
    shown = pages(talk)["round-1"]
    assert "2 people have answered." in shown.text
    assert "right" not in shown.text.replace("bright", "")
    revealed = talk.say("reveal", ANA)
    assert "The answer: Crimson." in revealed.text
    assert "It was painted crimson long ago." in revealed.text
    assert "1 of 2 right:" in revealed.text
    assert "- Crimson: 1 (right)" in revealed.text
    assert "- Beige: 1" in revealed.text
    assert [source.title for source in revealed.sources] == ["The painter"]


def test_the_round_goes_on_to_its_result(talk: Talk) -> None:
    opened = talk.say(TEAM_OF_TWO, ANA)
    press(talk, opened, "Crimson", BO)
    revealed = talk.say(saying(opened, "Reveal"), ANA)
    second = talk.say(saying(revealed, "Next question"), ANA)
    assert first_line(second) == "Question 2 of 2: What is the colour of number 2?"
    press(talk, second, "Olive", BO)
    press(talk, second, "Magenta", CY)
    over = talk.say(saying(talk.say("reveal", ANA), "Show the result"), ANA)
    assert first_line(over) == "The quiz is over: 2 people took part."
    assert "What is the colour of number 1? 100% right (1 of 1)" in over.text
    assert "What is the colour of number 2? 50% right (1 of 2)" in over.text
    assert talk.scene().round is None
    assert pages(talk)["round-1"].text == over.text


@pytest.mark.parametrize("again", [1, 2])
def test_stale_and_double_presses_do_no_harm(again: int, talk: Talk) -> None:
    opened = talk.say(TEAM_OF_TWO, ANA)
    press(talk, opened, "Crimson", BO)
    revealed = talk.say(saying(opened, "Reveal"), ANA)
    for _ in range(again):
        assert talk.say(saying(opened, "Reveal"), ANA).text == "The answer is revealed already."
        assert "changed nothing" in press(talk, opened, "Beige", BO).text
    talk.say(saying(revealed, "Next question"), ANA)
    for _ in range(again):
        for label, reply in (("Next question", revealed), ("Reveal", opened)):
            assert "changed nothing" in talk.say(saying(reply, label), ANA).text
        assert "changed nothing" in press(talk, opened, "Beige", BO).text
    held = talk.scene().round
    assert held is not None
    assert (held.at, held.revealed) == (1, False)
    with talk.store.reading() as records:
        assert [(one.at, one.grade, one.option) for one in records.rounds.answers(held)] == [
            (0, "correct", place(COLOURS[0], "Crimson"))
        ]


def test_starting_again_shows_the_open_round(talk: Talk) -> None:
    talk.say(TEAM_OF_TWO, ANA)
    again = talk.say("quiz for everybody", ANA)
    assert again.text.startswith("A quiz is open here already:")
    assert again.private
    assert standing(talk).id == 1


def test_the_next_question_waits_for_the_reveal(talk: Talk) -> None:
    talk.say(TEAM_OF_TWO, ANA)
    assert talk.say("next question", ANA).text == "Reveal the answer first, then go on."


def test_an_answer_that_others_can_read_is_declined(talk: Talk) -> None:
    talk.say(TEAM_OF_TWO, ANA)
    assert "Others can read" in talk.say("round 1 answer 1 1", BO).text
    declined = talk.say("crimson", BO)
    assert "Others can read what you write here" in declined.text
    assert "Nobody has answered yet." in pages(talk)["round-1"].text
    words = declined.text.split("“")[1].split("”")[0]
    assert talk.say(words, CY, ALONE).text == "No quiz for everybody is open here."
    shown = talk.say(words, BO, ALONE)
    assert press(talk, shown, "Crimson", BO, ALONE).text.startswith("Your answer is kept: Crimson.")
    assert "1 person has answered." in pages(talk)["round-1"].text


def test_in_private_words_are_an_answer_and_are_not_remembered(talk: Talk) -> None:
    talk.say(TEAM_OF_TWO, ANA, ALONE)
    assert talk.say("I would say crimson", BO, ALONE).text.startswith("Your answer is kept")
    assert talk.say("no idea", CY, ALONE).text.startswith("That is all right.")
    assert "1 of 1 right:" in talk.say("reveal", ANA, ALONE).text
    said = [message.content for message in talk.scene(BO, ALONE).history if message.role == "user"]
    assert "I would say crimson" not in said


def test_buttons_of_another_room_do_nothing(talk: Talk) -> None:
    opened = talk.say(TEAM_OF_TWO, ANA)
    assert "No quiz for everybody is open here." in press(talk, opened, "Crimson", BO, THERE).text
    assert "No quiz for everybody is open here." in talk.say(saying(opened, "Reveal"), ANA, THERE).text
    assert "There is no such option" in quietly(talk, "round 1 answer 1 9", BO).text
    assert "No quiz for everybody is open here." in quietly(talk, "round 99 answer 1 1", BO).text


def test_what_gives_the_open_question_away_is_kept_back_in_that_room_only(talk: Talk) -> None:
    talk.say(TEAM_OF_TWO, ANA)
    for person in (ANA, BO):
        assert talk.say("what colour is number 1?", person).text == KEPT_BACK_HERE
    assert "crimson" in talk.say("what colour is number 1?", BO, THERE).text
    assert talk.say("what is FinOps?", BO).text.startswith("FinOps is a practice.")
    talk.say("reveal", ANA)
    assert "crimson" in talk.say("what colour is number 1?", BO).text


def test_a_round_together_survives_a_restart_and_is_over_after_a_day(rounds_on: MakeRounds) -> None:
    before = rounds_on()
    opened = before.say(TEAM_OF_TWO, ANA)
    press(before, opened, "Crimson", BO)
    after = rounds_on()
    after.heard, after.now = before.heard, before.now
    assert "1 of 1 right:" in after.say("reveal", ANA).text
    after.wait(days=1, minutes=1)
    assert after.scene().round is None
    assert after.say("round 1 next 1", ANA).text == "No quiz for everybody is open here."


def test_a_round_together_leaves_out_what_the_bank_has_lost(rounds_on: MakeRounds) -> None:
    before = rounds_on()
    before.say("start a team quiz with 3 questions about colours", ANA)
    before.say("reveal", ANA)
    after = rounds_on([COLOURS[0], *COLOURS[2:]])
    after.heard, after.now = before.heard, before.now
    assert "Question 3 of 3" in after.say("next question", ANA).text
    lost = rounds_on([COLOURS[0]])
    lost.heard, lost.now = after.heard, after.now
    assert "no longer in the bank" in pages(lost)["round-1"].text
    assert lost.say("reveal", ANA).activity == "quiz_start"
    assert first_line(lost.say("next question", ANA)) == "The quiz is over: nobody took part."


def test_stop_tells_that_a_round_stays_open(talk: Talk) -> None:
    talk.say(TEAM_OF_TWO, ANA)
    assert "a moderator ends it" in talk.say("stop", BO).text
    ending = talk.say("stop", ANA)
    assert first_line(talk.say(saying(ending, "End the round"), ANA)).startswith("The quiz is over")


# --- The leaderboard ---


def have(talk: Talk, person: Person, right: int, wrong: int, room: Room = HERE) -> None:
    """Answer so many questions right and so many wrong, each at the first try."""
    for number in range(right + wrong):
        talk.say("quiz me", person, room)
        talk.say("65%" if number < right else "10%", person, room)
        if number >= right:
            talk.say("skip", person, room)


def test_those_who_joined_are_shown_by_what_was_right(talk: Talk) -> None:
    have(talk, BO, right=2, wrong=1)
    have(talk, CY, right=3, wrong=0)
    assert "Leaderboard of this place" not in talk.say("leaderboard", BO).text
    talk.say("join the leaderboard", BO)
    shown = talk.say("leaderboard", BO)
    assert "1. Bo: 67% (2 of 3)" in shown.text
    assert "Cy" not in shown.text
    talk.say("join the leaderboard", CY)
    assert "1. Cy: 100% (3 of 3)\n2. Bo: 67% (2 of 3)" in talk.say("leaderboard", BO).text
    assert "Leaderboard of this place" not in talk.say("leaderboard", BO, THERE).text
    talk.say("leave the leaderboard", CY)
    assert "Cy" not in talk.say("leaderboard", BO).text


def test_who_has_answered_too_little_is_not_ranked(talk: Talk) -> None:
    have(talk, BO, right=2, wrong=0)
    talk.say("join the leaderboard", BO)
    assert "Nobody in the leaderboard here has answered 3 questions yet." in talk.say("leaderboard", BO).text


def test_ties_go_by_how_many_questions_then_share_a_rank(talk: Talk) -> None:
    for person, right in ((ANA, 3), (BO, 3), (CY, 4)):
        have(talk, person, right, 0)
        talk.say("join the leaderboard", person)
    told = talk.say("leaderboard", BO).text
    assert "1. Cy: 100% (4 of 4)\n2. Ana: 100% (3 of 3)\n2. Bo: 100% (3 of 3)" in told


def test_answers_together_count_once_they_are_revealed(talk: Talk) -> None:
    have(talk, BO, right=2, wrong=0)
    talk.say("join the leaderboard", BO)
    opened = talk.say(TEAM_OF_TWO, ANA)
    press(talk, opened, "Beige", BO)
    assert "2 of 2 right" in talk.say("leaderboard", BO).text
    talk.say("reveal", ANA)
    assert "1. Bo: 67% (2 of 3)" in talk.say("leaderboard", BO).text
    over = talk.say("end the round", ANA)
    assert "1. Bo: 0 of 1" in over.text


@pytest.mark.parametrize("name", ["*_Bo_* <@U1>", "# [Bo](http://x)", "@everyone", "x" * 300, "", "\u202e\n1. Ana"])
def test_a_name_is_no_markup(name: str, talk: Talk) -> None:
    person = Person("test:odd", name)
    have(talk, person, right=3, wrong=0)
    talk.say("join the leaderboard", person)
    parts = [part.text for part in talk.say("leaderboard", BO).parts if isinstance(part, Text)]
    (ranked,) = [one for text in parts for one in read(text) if isinstance(one, Items)]
    ((paragraph,),) = ranked.items
    assert isinstance(paragraph, Paragraph)
    line = paragraph.parts
    assert all(isinstance(one, Words) or (isinstance(one, Link) and one.parts == (Words(one.url),)) for one in line)
    assert plain(line) == f"{cut(name, 40) or 'somebody'}: 100% (3 of 3)"
    assert len(line) < 80


def test_forgetting_takes_answers_rounds_and_the_name_away(talk: Talk) -> None:
    have(talk, BO, right=3, wrong=0)
    talk.say("join the leaderboard", BO)
    opened = talk.say(TEAM_OF_TWO, ANA)
    press(talk, opened, "Crimson", BO)
    talk.say(ROUND_OF_TWO, BO)
    with talk.store.reading() as records:
        held = kept(records, BO)
        assert (held["quizzes"], held["answers in rounds"], held["rounds that you opened"]) == (4, 1, 1)
        assert held["leaderboards with your name"] == 1
    talk.say("privacy delete everything", BO)
    with talk.store.reading() as records:
        assert records.kept(BO) == []
    talk.say("privacy delete everything", ANA)
    assert "Nobody has answered yet." in pages(talk)["round-1"].text
