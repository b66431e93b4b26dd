"""What would give away an open quiz: kept back from whoever is at it, told to everybody else."""

from __future__ import annotations

import pytest

from bot.reply import Choice, Choices, Reply, Sources, Text
from bot.withholding import (
    KEPT_BACK,
    KEPT_BACK_HERE,
    LINE_KEPT_BACK,
    LINE_KEPT_BACK_HERE,
    gives_away,
    without_answer,
)
from knowledge.answer import Source
from knowledge.bank import Question, own_question
from knowledge.bank.reader import read_banks, subject_of
from knowledge.script import Quiz
from knowledge.script.parser import read_scripts
from tests.bot.conftest import ANA, BO, CY, HERE, KNOWLEDGE, THERE, Talk, choices

ANSWER = "60%"
STATISTIC = "Over 60% of AI projects go over budget."
OTHER_STATISTIC = "Companies implementing FinOps practices can achieve up to 30% cost reduction in AI projects."
WRONG = ("Under 10%", "About 25%")
QUIZ = own_question(
    "script", "why", Quiz("What percentage of AI projects go over budget?", "Over 60%", "over", 60.0, WRONG)
)
IN_WORDS = own_question(
    "script", "idle", Quiz("Who owns an idle endpoint in production?", "The model owner", None, None)
)

# Each is answered with the statistic, or what else states it.
GIVEAWAYS = [
    "how many AI projects go over budget?",
    "In how many AI projects is the budget exceeded?",
    "what share of AI projects overspend?",
    "what percentage of AI projects go over budget?",
    "What proportion of AI projects exceed their budget?",
    "Is it true that 80% of AI projects go over budget?",
    "what does the quiz reveal?",
    "what interactive element does Why FinOps Matters have?",
    "which statistic is about budgets?",
    "do AI projects often go over budget?",
    "what is the statistic on AI projects going over budget?",
    "What is the revealed answer of the quiz in the video?",
]


@pytest.mark.parametrize("words", GIVEAWAYS)
def test_the_answer_of_an_open_quiz_is_not_told_in_any_wording(words: str, talk: Talk) -> None:
    talk.say("quiz me")
    reply = talk.say(words)
    if reply.activity.startswith("quiz"):
        assert "Correct!" not in reply.text
        assert "script's answer" not in reply.text
    else:
        assert ANSWER not in reply.text
        assert reply.text == KEPT_BACK
        assert reply.sources == ()
        assert choices(reply) == []


@pytest.mark.parametrize("words", [GIVEAWAYS[0], GIVEAWAYS[2], GIVEAWAYS[3]])
def test_others_are_told_everything(words: str, talk: Talk) -> None:
    talk.say("quiz me", BO)
    assert ANSWER in talk.say(words, CY).text
    assert ANSWER in talk.say(words, ANA, THERE).text


def test_the_answer_is_kept_back_wherever_the_person_asks(talk: Talk) -> None:
    talk.say("quiz me", BO, HERE)
    assert talk.say(GIVEAWAYS[0], BO, THERE).text == KEPT_BACK


@pytest.mark.parametrize("end", ["skip", "stop", "over 60%", "a day"])
def test_after_the_quiz_everything_is_told_again(end: str, talk: Talk) -> None:
    talk.say("quiz me")
    assert talk.say(GIVEAWAYS[0]).text == KEPT_BACK
    if end == "a day":
        talk.wait(days=1, minutes=1)
    else:
        talk.say(end)
    assert STATISTIC in talk.say(GIVEAWAYS[0]).text
    assert STATISTIC in talk.say("show me the statistics").text


def test_a_list_loses_that_line_only(talk: Talk) -> None:
    talk.say("quiz me")
    reply = talk.say("show me the statistics")
    assert ANSWER not in reply.text
    assert OTHER_STATISTIC in reply.text
    assert LINE_KEPT_BACK in reply.text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("what did Company X achieve?", "30% cost reduction"),
        ("savings for 80k a month", "30%"),
        ("what is FinOps?", "collaborative practice"),
        ("takeaways", "Key takeaways"),
        ("short version", "In short"),
    ],
)
def test_other_figures_and_matters_are_told_during_the_quiz(words: str, told: str, talk: Talk) -> None:
    talk.say("quiz me")
    reply = talk.say(words)
    assert told in reply.text
    assert "kept back" not in reply.text


def test_what_is_kept_back_is_not_in_the_history_either(talk: Talk) -> None:
    talk.say("quiz me")
    talk.say(GIVEAWAYS[0])
    talk.say("show me the statistics")
    told = " ".join(message.content for message in talk.scene().history if message.role == "assistant")
    assert STATISTIC not in told
    assert KEPT_BACK in told


def test_nobody_is_asked_whether_it_helped_that_an_answer_was_kept_back(talk: Talk) -> None:
    talk.say("quiz me")
    assert not any(isinstance(part, Choices) for part in talk.say(GIVEAWAYS[0]).parts)


def test_an_answer_in_words_is_kept_back_too() -> None:
    reply = Reply((Text("In production an idle endpoint is owned by the owner of its model."),), "question")
    assert without_answer(reply, IN_WORDS).text == KEPT_BACK


# --- Text by text ---


@pytest.mark.parametrize(
    ("text", "gives"),
    [
        (STATISTIC, True),
        ("Interactive element: Quiz: What percentage of AI projects go over budget? Revealed: Over 60%.", True),
        ("More than 60 percent of AI projects go over budget.", True),
        ("Sixty percent of AI projects overspend their budget.", True),
        (f"{OTHER_STATISTIC}\n{STATISTIC}", True),
        (OTHER_STATISTIC, False),
        ("Company X achieved a 30% cost reduction.", False),
        ("Some AI projects go over budget.", False),
        ("What percentage of AI projects go over budget?", False),
        ("Over 60% of cats sleep.", False),
        ("Results: Very familiar: 3 (60%)", False),
        ("", False),
    ],
)
def test_a_text_gives_a_share_away_if_it_states_it_on_that_matter(text: str, gives: bool) -> None:
    assert gives_away(text, QUIZ) is gives


@pytest.mark.parametrize(
    ("text", "gives"),
    [
        ("The model owner owns an idle endpoint in production.", True),
        ("An idle endpoint in production costs. Its owner is the one of the model.", True),
        ("The owner of an idle endpoint in production shuts it down.", False),
        ("The model owner has lunch.", False),
    ],
)
def test_a_text_gives_words_away_if_a_sentence_holds_them_all(text: str, gives: bool) -> None:
    assert gives_away(text, IN_WORDS) is gives


def test_a_reply_that_gives_nothing_away_stays_as_it_is() -> None:
    reply = Reply((Text(OTHER_STATISTIC), Choices((Choice("More", "more"),))), "stats")
    assert without_answer(reply, QUIZ) is reply


def test_what_belongs_to_a_list_stays_with_it() -> None:
    source = Sources((Source("Video", "Statistics", None, None),))
    reply = Reply((Text(f"{STATISTIC}\n{OTHER_STATISTIC}"), source), "stats", slot="s", private=True)
    told = without_answer(reply, QUIZ)
    assert told.text == f"{OTHER_STATISTIC}\n{LINE_KEPT_BACK}"
    assert told.sources == source.sources
    assert (told.activity, told.slot, told.private) == ("stats", "s", True)


def test_a_list_of_nothing_else_is_kept_back_whole() -> None:
    assert without_answer(Reply((Text(STATISTIC),), "stats"), QUIZ).text == KEPT_BACK


# --- Questions of a bank ---


@pytest.fixture(scope="module")
def questions() -> dict[str, Question]:
    folder = KNOWLEDGE / "scripts"
    (bank,) = read_banks([folder], map(subject_of, read_scripts([folder])))
    return {question.id: question for question in bank.questions}


@pytest.mark.parametrize(
    ("name", "text", "gives"),
    [
        ("company-x-cut", "Company X achieved a 30% cost reduction with FinOps practices.", True),
        ("company-x-cut", "Company X cut its costs by thirty percent through FinOps practices.", True),
        ("company-x-cut", "Company X gained visibility into its spending with FinOps practices.", False),
        ("company-x-cut", "At most: 80,000 × 30% = 24,000 a month.", False),
        (
            "how-many-benefits",
            "The script lists key benefits of FinOps in AI; these are the five benefits.",
            True,
        ),
        ("how-many-benefits", "Key Benefits of FinOps in AI, number 3 of 5: Improved budgeting.", False),
        ("how-many-benefits", "5) Alignment of AI initiatives with business objectives", False),
        ("compass", "FinOps is like the financial compass for your AI journey.", True),
        ("compass", "A compass points north.", False),
        ("compass", "FinOps keeps AI projects on course.", False),
        ("fuel-gauge", "Think of sports cars: you keep an eye on the fuel gauge.", True),
        ("fuel-gauge", "AI projects are like high-performance sports cars.", False),
        ("hand-in-hand", "In the world of AI, innovation and financial responsibility go hand in hand.", True),
        ("hand-in-hand", "It brings financial accountability to the world of AI.", False),
        ("company-x-how", "Company X gained visibility into its spending, in three steps.", True),
        ("company-x-how", "Watch your spending.", False),
        ("up-to", "Companies with FinOps practices can achieve up to 30% cost reduction in AI projects.", True),
        ("up-to", "Over 60% of AI projects go over budget.", False),
    ],
)
def test_a_text_gives_any_question_away_only_if_it_states_the_answer(
    name: str, text: str, gives: bool, questions: dict[str, Question]
) -> None:
    assert gives_away(text, questions[name]) is gives


@pytest.mark.parametrize(
    ("unit", "text", "gives"),
    [
        ("USD", "The trial cost 1,200 USD in the first month.", True),
        ("USD", "The trial cost a lot in the first month, namely twelve hundred USD.", True),
        ("USD", "The trial cost 11,200 USD in the first month.", False),
        ("USD", "In the first month the trial cost nothing for 1,200 people.", False),
        (None, "The trial cost in the first month was 1,200.", True),
    ],
)
def test_a_number_is_given_away_with_its_unit(unit: str | None, text: str, gives: bool) -> None:
    question = Question("b", "q", "What did the trial cost in the first month?", "1,200", number=1_200.0, unit=unit)
    assert gives_away(text, question) is gives


def test_the_explanation_of_each_question_would_be_kept_back(questions: dict[str, Question]) -> None:
    told = [one.id for one in questions.values() if gives_away(f"{one.question} {one.answer}.", one)]
    assert told == list(questions)


def test_most_of_what_the_bot_says_is_told_while_any_question_is_open(questions: dict[str, Question]) -> None:
    script = (KNOWLEDGE / "scripts" / "role-of-finops.txt").read_text("utf-8").splitlines()
    lines = [line for line in script if len(line) > 40]
    for question in questions.values():
        kept_back = [line for line in lines if gives_away(line, question)]
        assert len(kept_back) <= len(lines) / 4, question.id


def test_in_a_round_together_it_is_said_for_all(questions: dict[str, Question]) -> None:
    told = without_answer(Reply((Text("FinOps is the financial compass."),), "question"), questions["compass"], True)
    assert told.text == KEPT_BACK_HERE
    listed = Reply((Text("FinOps is the financial compass.\nIt saves money."),), "quote")
    assert without_answer(listed, questions["compass"], True).text == f"It saves money.\n{LINE_KEPT_BACK_HERE}"
