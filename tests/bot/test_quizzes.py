"""Quizzes: answers in people's own words, tries, hints, ways out, and buttons that have had their day."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest

from bot.intents.quizzes.judging import hints, judge_words
from bot.reply import Choices, Reply
from bot.shelf import Shelf
from bot.turn import Person, Room
from knowledge.bank import own_question
from knowledge.script import Quiz, Script
from tests.bot.conftest import (
    ANA,
    BO,
    CY,
    FIRST,
    HERE,
    SECOND,
    THERE,
    MakeTalk,
    Talk,
    choices,
    labels,
    saying,
    without_elements,
)

QUESTION = "What percentage of AI projects go over budget?"
OPTIONS = ["About 40%", "Under 10%", "About 25%", "Over 60%"]
SOLUTION = "The script's answer: Over 60%."
OVER = "That quiz is over"


def is_open(talk: Talk, person: Person = BO) -> bool:
    return talk.scene(person).quiz is not None


# --- Asking and answering ---


@pytest.mark.parametrize("words", ["quiz me", "test my knowledge", "Can I take the quiz?", "quizz mee"])
def test_a_quiz_is_asked_in_private_with_its_options(words: str, talk: Talk) -> None:
    reply = talk.say(words)
    assert QUESTION in reply.text
    assert labels(reply) == [*OPTIONS, "Hint", "Skip"]
    assert reply.private
    assert SOLUTION not in reply.text


@pytest.mark.parametrize(
    "words", ["60%", "over 60%", "more than sixty percent", "65%", "four", "d", "Over 60%!", "it's over 60% I think"]
)
def test_the_right_answer_ends_the_quiz(words: str, talk: Talk) -> None:
    talk.say("quiz me")
    reply = talk.say(words)
    assert reply.text.startswith(f"Correct! {SOLUTION}")
    assert "in the editors' words" in reply.text
    assert [source.section for source in reply.sources] == ["Why FinOps Matters in AI"]
    assert not is_open(talk)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("55%", "Close, but not it yet."),
        ("more than half", "Close, but not it yet."),
        ("most of them", "Close, but not it yet."),
        ("20%", "Not quite."),
        ("less than half", "Not quite."),
        ("a quarter", "Not quite."),
        ("2", "Not quite."),
        ("about 40%", "Not quite."),
    ],
)
def test_another_answer_leaves_more_tries(words: str, said: str, talk: Talk) -> None:
    talk.say("quiz me")
    reply = talk.say(words)
    assert reply.text.startswith(f"{said} You have 2 more tries.")
    assert [label.removeprefix("✗ ") for label in labels(reply)] == [*OPTIONS, "Hint", "Skip"]
    assert SOLUTION not in reply.text
    assert is_open(talk)


def test_what_is_pressed_becomes_the_whole_of_its_message_and_marks_what_was_tried(talk: Talk) -> None:
    asked = talk.say("quiz me")
    first = talk.say(saying(asked, "About 40%"))
    question, verdict, ways = first.instead
    assert question == asked.parts[0]
    assert (verdict, ways) == first.parts
    assert labels(first) == ["✗ About 40%", "Under 10%", "About 25%", "Over 60%", "Hint", "Skip"]
    again = talk.say(saying(asked, "About 40%"))
    assert again.text.startswith("You have tried “About 40%” already.")
    hint = talk.say(saying(first, "Hint"))
    assert hint.instead[1].text.startswith("Hint: ")  # type: ignore[union-attr]
    second = talk.say(saying(first, "About 25%"))
    assert second.text.startswith("Not quite. You have 1 more try.")
    assert labels(second) == ["✗ About 40%", "Under 10%", "✗ About 25%", "Over 60%", "Hint", "Skip"]
    right = talk.say(saying(second, "Over 60%"))
    assert [part for part in right.instead if isinstance(part, Choices)] == []
    assert right.instead[1:] == right.parts


def test_every_option_can_be_pressed(talk: Talk) -> None:
    for option in OPTIONS:
        reply = talk.say(saying(talk.say("quiz me"), option))
        assert reply.text.startswith("Correct!" if option == "Over 60%" else "Not quite."), option
        talk.say("stop")


def test_after_three_tries_the_solution_is_told(talk: Talk) -> None:
    talk.say("quiz me")
    assert "2 more tries" in talk.say("10%").text
    assert "1 more try" in talk.say("20%").text
    last = talk.say("55%")
    assert last.text.startswith(f"Close, but not it. {SOLUTION}")
    assert not is_open(talk)


@pytest.mark.parametrize("words", ["no idea", "I don't know", "dunno", "not sure"])
def test_not_knowing_costs_no_try(words: str, talk: Talk) -> None:
    talk.say("quiz me")
    reply = talk.say(words)
    assert reply.text.startswith("That is all right.")
    scene = talk.scene()
    assert scene.quiz is not None
    assert (scene.quiz.tries, scene.quiz.first) == (0, None)


@pytest.mark.parametrize("option", [0, 5, 99])
def test_an_option_that_there_is_none_of_costs_no_try(option: int, talk: Talk) -> None:
    talk.say("quiz me")
    run = talk.scene().quiz
    assert run is not None
    assert "Choose from 1 to 4" in talk.say(f"quiz {run.id} answer {option}").text
    assert talk.scene().quiz == run


def test_a_question_in_between_is_answered_and_the_quiz_stays_open(talk: Talk) -> None:
    talk.say("quiz me")
    between = talk.say("what is FinOps?")
    assert between.activity == "question"
    assert "collaborative practice" in between.text
    assert talk.say("over 60%").text.startswith("Correct!")


def test_asking_for_the_quiz_again_shows_the_one_that_is_open_with_its_tries(talk: Talk) -> None:
    first = talk.say("quiz me")
    talk.say("20%")
    again = talk.say("quiz me")
    assert again.text.startswith("This one is still open:")
    assert again.private
    assert again.slot == first.slot
    assert "1 more try" in talk.say("20%").text


# --- Hints and ways out ---


def test_hints_are_given_one_by_one_until_the_last(talk: Talk) -> None:
    talk.say("quiz me")
    given = [talk.say(words).text.split("\n")[0] for words in ("hint", "give me a hint", "another hint")]
    assert given[0].startswith("Hint: It is not “")
    assert "last hint" not in given[0]
    assert given[1].startswith("Hint: The figure lies between 40% and 80%.")
    assert "That was the last hint." in given[1]
    assert given[2] == given[1]
    assert is_open(talk)


@pytest.mark.parametrize("words", ["skip", "i give up", "just tell me the answer"])
def test_skipping_tells_the_solution(words: str, talk: Talk) -> None:
    talk.say("quiz me")
    assert talk.say(words).text.startswith(f"Skipped. {SOLUTION}")
    assert not is_open(talk)


@pytest.mark.parametrize("words", ["stop", "cancel", "quit the quiz"])
def test_stopping_tells_nothing(words: str, talk: Talk) -> None:
    talk.say("quiz me")
    reply = talk.say(words)
    assert "60" not in reply.text
    assert not is_open(talk)


@pytest.mark.parametrize("words", ["hint", "skip"])
def test_without_a_quiz_there_is_none_to_help_with(words: str, talk: Talk) -> None:
    reply = talk.say(words)
    assert "No quiz is open for you." in reply.text
    assert talk.say(saying(reply, "Quiz me")).activity == "quiz_start"


# --- What has had its day ---


@pytest.mark.parametrize("end", ["over 60%", "skip", "stop"])
def test_buttons_of_a_quiz_that_has_ended_do_nothing(end: str, talk: Talk) -> None:
    old = choices(talk.say("quiz me"))
    talk.say(end)
    talk.say("quiz me", ANA)
    fresh = talk.say("quiz me")
    assert QUESTION in fresh.text
    for choice in old:
        reply = talk.say(choice.says)
        assert reply.text.startswith(OVER), choice.label
        assert SOLUTION not in reply.text
    run = talk.scene().quiz
    assert run is not None
    assert (run.tries, run.hints) == (0, 0)


def test_buttons_of_another_person_do_nothing(talk: Talk) -> None:
    of_bo = choices(talk.say("quiz me", BO))
    for choice in of_bo:
        reply = talk.say(choice.says, CY)
        assert reply.text.startswith("No quiz is open for you."), choice.label
    run = talk.scene(BO).quiz
    assert run is not None
    assert (run.tries, run.hints) == (0, 0)


def test_a_quiz_that_was_open_for_a_day_is_over(talk: Talk) -> None:
    old = choices(talk.say("quiz me"))
    talk.wait(hours=23)
    assert is_open(talk)
    talk.wait(hours=2)
    assert not is_open(talk)
    for choice in old:
        assert talk.say(choice.says).text.startswith(OVER), choice.label
    assert talk.say("hint").text.startswith("No quiz is open for you.")
    assert talk.say("quiz me").text.startswith(f"Quiz: {QUESTION}")


def test_a_quiz_belongs_to_its_person_wherever_they_are(talk: Talk) -> None:
    talk.say("quiz me", BO, HERE)
    assert talk.say("quiz me", BO, THERE).text.startswith("This one is still open:")
    assert talk.say("65%", BO, Room("test", "there", thread="1")).text.startswith("Correct!")


def test_two_people_have_a_quiz_each(talk: Talk) -> None:
    talk.say("quiz me", BO)
    talk.say("quiz me", CY)
    assert talk.say("10%", BO).text.startswith("Not quite. You have 2")
    assert talk.say("20%", CY).text.startswith("Not quite. You have 2")
    assert talk.say("over 60%", BO).text.startswith("Correct!")
    assert is_open(talk, CY)
    assert not is_open(talk, BO)


# --- Own results ---


def test_own_results_count_first_tries_here_and_nobody_elses(talk: Talk) -> None:
    assert "You have not answered a quiz here yet" in talk.say("leaderboard").text
    talk.say("quiz me")
    talk.say("65%")
    talk.say("quiz me")
    talk.say("10%")
    talk.say("65%")
    talk.say("quiz me", CY)
    talk.say("10%", CY)
    talk.say("skip", CY)
    talk.say("quiz me", BO, THERE)
    talk.say("10%", BO, THERE)
    talk.say("skip", BO, THERE)
    reply = talk.say("leaderboard")
    assert "1 of 2 right at the first try (50%)" in reply.text
    assert reply.private
    assert "0 of 1 right at the first try (0%)" in talk.say("leaderboard", CY).text


def test_what_was_skipped_untried_does_not_count(talk: Talk) -> None:
    talk.say("quiz me")
    talk.say("skip")
    assert "You have not answered a quiz here yet" in talk.say("leaderboard").text


# --- Several scripts, and answers in words ---

IN_WORDS = Quiz(
    "Who owns an idle endpoint?", "The model owner", None, None, ("Nobody", "The auditor"), "Somebody must."
)
BARE = Quiz("What does a tag show?", "Whose cost it is", None, None)


@pytest.fixture
def in_words(talk_on: MakeTalk, scripts: Sequence[Script]) -> Talk:
    """A talk on a script with three quizzes, two of which are answered in words."""
    held = list(scripts[1].sections)
    for place, quiz in ((0, IN_WORDS), (5, BARE)):
        held[place] = dataclasses.replace(held[place], element=quiz)
    return talk_on([dataclasses.replace(scripts[1], sections=tuple(held))])


def test_quizzes_follow_each_other_until_all_were_asked(in_words: Talk) -> None:
    asked = []
    for _ in range(4):
        reply = in_words.say("quiz me")
        asked.append(reply.text.split("\n")[0].removeprefix("Quiz: "))
        in_words.say("skip")
    assert asked[0] == IN_WORDS.question
    assert asked[2] == BARE.question
    assert len(set(asked[:3])) == 3
    assert asked[3] == asked[0]


def test_next_question_is_offered_where_there_are_several(in_words: Talk) -> None:
    in_words.say("quiz me")
    ended = in_words.say("skip")
    follows = in_words.say(saying(ended, "Next question"))
    assert "What share of trained models" in follows.text


@pytest.mark.parametrize("words", ["the model owner", "model owner!", "I'd say the owner of the model"])
def test_an_answer_in_words_is_right(words: str, in_words: Talk) -> None:
    in_words.say("quiz me")
    assert in_words.say(words).text.startswith("Correct! The script's answer: The model owner.")


def test_a_wrong_option_in_words_is_wrong(in_words: Talk) -> None:
    in_words.say("quiz me")
    assert in_words.say("nobody").text.startswith("Not quite.")
    assert in_words.say("the auditor").text.startswith("Not quite. You have 1 more try.")


def test_a_quiz_without_options_is_answered_in_words_only(in_words: Talk) -> None:
    for _ in range(2):
        in_words.say("quiz me")
        in_words.say("skip")
    asked = in_words.say("quiz me")
    assert labels(asked) == ["Hint", "Skip"]
    assert "Answer in your own words." in asked.text
    hint = in_words.say("hint").text
    assert hint.startswith("Hint: It begins with “W” and has 4 words.")
    assert in_words.say("it shows whose cost it is").text.startswith("Correct!")


@pytest.mark.parametrize(
    ("words", "judged"),
    [
        ("model owner", "correct"),
        ("the owners of models", "correct"),
        ("the owner", "close"),
        ("the auditor", "incorrect"),
        ("the", "no_answer"),
        ("", "no_answer"),
    ],
)
def test_words_are_judged_by_what_they_tell(words: str, judged: str) -> None:
    assert judge_words("The model owner", words) == judged


def test_no_hint_says_the_answer(scripts: Sequence[Script]) -> None:
    for quiz in (*Shelf(scripts).questions, own_question("s", "one", IN_WORDS), own_question("s", "two", BARE)):
        assert hints(quiz)
        assert not [hint for hint in hints(quiz) if quiz.answer.casefold() in hint.casefold()], quiz


def started(reply: Reply) -> str:
    return reply.text.split("\n")[0]


def test_the_quiz_is_that_of_the_current_script_unless_another_is_named(two: Talk) -> None:
    assert started(two.say("quiz me")) == f"Quiz: {QUESTION}"
    assert started(two.say("quiz me on DataOps", CY)).startswith("Quiz: What share of trained models")
    assert two.say("12%", CY).text.startswith("Correct! The script's answer: Under 15 percent.")


def test_a_quiz_of_another_script_takes_the_place_of_the_open_one(two: Talk) -> None:
    old = choices(two.say(f"show quiz_start {FIRST}"))
    assert started(two.say(f"show quiz_start {SECOND}")).startswith("Quiz: What share of trained models")
    assert two.say(old[0].says).text.startswith(OVER)


def test_which_quiz_is_meant_is_asked_where_several_fit(talk_on: MakeTalk, scripts: Sequence[Script]) -> None:
    talk = talk_on([without_elements(scripts[0], "bare"), *scripts])
    asked = talk.say("quiz me")
    assert asked.text.startswith("Which one do you mean?")
    assert labels(asked) == [script.title for script in scripts]
    assert not is_open(talk)
    assert started(talk.say(saying(asked, scripts[1].title))).startswith("Quiz: What share of trained models")


def test_a_quiz_whose_script_is_gone_is_no_longer_open(talk_on: MakeTalk, scripts: Sequence[Script]) -> None:
    before = talk_on(scripts)
    buttons = choices(before.say(f"show quiz_start {SECOND}"))
    after = talk_on(scripts[:1])
    after.heard = before.heard
    for choice in buttons:
        assert after.say(choice.says).text.startswith("No quiz is open for you."), choice.label
    assert after.say("12%").activity == "question"
    assert started(after.say("quiz me")) == f"Quiz: {QUESTION}"


# --- Time, and ways out ---


@pytest.mark.parametrize(
    "words", ["let me think", "hold on", "repeat", "what was the question again?", "give me a sec"]
)
def test_who_asks_for_time_is_told_no_answer(words: str, talk: Talk) -> None:
    asked = talk.say("quiz me")
    reply = talk.say(words)
    assert reply.text.startswith("Take your time.")
    assert labels(reply) == labels(asked)
    assert "over 60%" not in reply.text.casefold().replace("- over 60%", "")
    assert talk.scene().quiz is not None


@pytest.mark.parametrize("words", ["pass", "no idea, tell me", "next", "I give up", "what's the answer?"])
def test_who_wants_no_more_tries_is_told_the_answer(words: str, talk: Talk) -> None:
    talk.say("quiz me")
    assert talk.say(words).text.startswith("Skipped. The script's answer:")
    assert talk.scene().quiz is None


def test_a_choice_with_a_reason_counts_and_two_choices_are_no_try(in_words: Talk) -> None:
    asked = in_words.say("quiz me")
    right = labels(asked).index("The model owner") + 1
    unclear = in_words.say("1 or 2")
    assert unclear.text.startswith("I am not sure which one you mean, so that was no try.")
    assert in_words.say(f"option {right}, because it is their budget").text.startswith("Correct!")
