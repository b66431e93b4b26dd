"""The bank of quiz questions: what a file may hold, what is said about each mistake, and the banks that are shipped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.bank import Bank, Question, all_questions
from knowledge.bank.entry import written
from knowledge.bank.reader import read_banks, subject_of
from knowledge.script import Script, ScriptError
from knowledge.script.elements import is_share
from knowledge.script.parser import read_scripts
from knowledge.script.table import fold

OWN = Path(__file__).parents[2] / "knowledge" / "scripts"
MORE = Path(__file__).parent / "scripts"

WORDS = """
[[question]]
id = "compass"
question = "What is FinOps like?"
answer = "A compass"
wrong = ["An anchor", "A lighthouse"]
explanation = "It keeps projects on course."
source = "The handbook"
"""
NUMBER = """
[[question]]
question = "How large was the cut?"
number = 30
unit = "%"
tolerance = "10%"
explanation = "A cut of 30%."
source = "The handbook"
topic = "figures"
level = "hard"
"""


@pytest.fixture(scope="module")
def scripts() -> list[Script]:
    return read_scripts([OWN, MORE])


@pytest.fixture(scope="module")
def banks(scripts: Sequence[Script]) -> list[Bank]:
    return read_banks([OWN, MORE], map(subject_of, scripts))


def read(folder: Path, text: str | bytes, name: str = "mine", scripts: Sequence[Script] = ()) -> list[Bank]:
    """The banks of a folder with one file."""
    file = folder / f"{name}.quiz.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_banks([folder], map(subject_of, scripts))


def problems(folder: Path, text: str | bytes, name: str = "mine", scripts: Sequence[Script] = ()) -> list[str]:
    """What is said about a file, a line each."""
    with pytest.raises(ScriptError) as caught:
        read(folder, text, name, scripts)
    return str(caught.value).splitlines()


# --- What is read ---


def test_a_question_with_options_is_read(tmp_path: Path) -> None:
    (bank,) = read(tmp_path, WORDS)
    (question,) = bank.questions
    assert question == Question(
        bank="mine",
        id="compass",
        question="What is FinOps like?",
        answer="A compass",
        wrong=("An anchor", "A lighthouse"),
        explanation="It keeps projects on course.",
        source="The handbook",
    )
    assert question.ref == "mine/compass"


def test_a_question_with_a_number_is_read(tmp_path: Path) -> None:
    (question,) = read(tmp_path, NUMBER)[0].questions
    assert (question.number, question.unit, question.tolerance) == (30.0, "%", 3.0)
    assert (question.answer, question.wrong) == ("30%", ())
    assert (question.topic, question.level) == ("figures", "hard")
    assert question.id == "how-large-was-the-cut"


@pytest.mark.parametrize(
    ("number", "unit", "said"),
    [(30, "%", "30%"), (1200, "USD", "1,200 USD"), (2.5, "hours", "2.5 hours"), (5, None, "5"), (-0.25, "%", "-0.25%")],
)
def test_a_number_is_written_as_people_read_it(number: float, unit: str | None, said: str) -> None:
    assert written(number, unit) == said


@pytest.mark.parametrize(
    ("answer", "relation", "percent"),
    [
        ("Up to 30%", "under", 30.0),
        ("Over 60 percent", "over", 60.0),
        ("A 30% cost cut", None, None),
        ("30% or more", "over", 30.0),
    ],
)
def test_only_an_answer_that_is_a_share_is_graded_as_one(
    answer: str, relation: str | None, percent: float | None, tmp_path: Path
) -> None:
    (question,) = read(tmp_path, WORDS.replace("A compass", answer))[0].questions
    assert (question.relation, question.percent) == (relation, percent)


def test_a_section_is_named_by_slug_title_or_heading_of_the_notes(scripts: Sequence[Script], tmp_path: Path) -> None:
    named = {"what-is-finops": "what-is-finops", "what is FinOps?": "what-is-finops", "statistics": "Statistics"}
    for said, meant in named.items():
        text = WORDS.replace('source = "The handbook"', f'section = "{said}"')
        (question,) = read(tmp_path, text, "role-of-finops", scripts)[0].questions
        assert question.section == meant
        assert question.source is None


def test_a_file_of_another_system_reads_the_same(tmp_path: Path) -> None:
    (plain,) = read(tmp_path, WORDS)
    (other,) = read(tmp_path, b"\xef\xbb\xbf" + WORDS.replace("\n", "\r\n").encode())
    assert other == plain


def test_damaged_characters_are_repaired_or_told(tmp_path: Path) -> None:
    (bank,) = read(tmp_path, WORDS.replace("A lighthouse", "A cafâ€™s sign").replace("on course", "on cou\ufffdse"))
    assert bank.questions[0].wrong[1] == "A caf's sign"
    (warning,) = bank.warnings
    assert (warning.line, "damaged characters" in warning.text) == (7, True)


def test_markup_is_text(tmp_path: Path) -> None:
    (question,) = read(tmp_path, WORDS.replace("An anchor", "<b>An</b> *anchor*"))[0].questions
    assert question.wrong[0] == "<b>An</b> *anchor*"


def test_hidden_files_and_missing_folders_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".draft.quiz.toml").write_text("no [ TOML")
    assert read_banks([tmp_path, tmp_path / "none"], ()) == []


# --- What is wrong, each with its line ---


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("[[question]]", "[question", 2, "no valid TOML"),
        ("[[question]]", "[question]", 2, "no question; expected tables that begin with [[question]]"),
        ("[[question]]", 'author = "me"\n[[question]]', 2, 'unknown key "author"'),
        ('id = "compass"', 'idd = "compass"', 3, 'unknown key "idd"'),
        ('id = "compass"', 'id = "The Compass!"', 3, '"id": expected small letters, digits and hyphens'),
        ('question = "What is FinOps like?"', "", 2, 'no "question"'),
        ('"What is FinOps like?"', '""', 4, '"question": expected a text that is not empty'),
        ('"What is FinOps like?"', "7", 4, '"question": expected a text that is not empty'),
        ("What is FinOps like?", "x" * 301, 4, '"question" has 301 characters; expected at most 300'),
        ('"A compass"', f'"{"y" * 76}"', 5, '"answer" has 76 characters; expected at most 75'),
        ('answer = "A compass"', "", 2, 'expected either "answer" with "wrong", or "number"'),
        ('wrong = ["An anchor", "A lighthouse"]', "", 2, 'no "wrong"; expected 1 to 5 wrong options'),
        ('["An anchor", "A lighthouse"]', "[]", 6, '"wrong": expected a list of texts'),
        ('["An anchor", "A lighthouse"]', '"An anchor"', 6, '"wrong": expected a list of texts'),
        ('["An anchor", "A lighthouse"]', '["a","b","c","d","e","f"]', 6, '"wrong" has 6 entries; expected at most 5'),
        ('"An anchor"', f'"{"z" * 76}"', 6, '"wrong": an entry has 76 characters; expected at most 75'),
        ('"A lighthouse"', '"an  ANCHOR."', 6, "is there twice"),
        ('"A lighthouse"', '"a compass."', 6, 'wrong option "a compass." is the answer'),
        ('explanation = "It keeps projects on course."', "", 2, 'no "explanation"'),
        ("It keeps projects on course.", "e" * 601, 7, '"explanation" has 601 characters; expected at most 600'),
        ('source = "The handbook"', "", 2, 'expected either "section" (of the script or topic) or "source"'),
        ('source = "The handbook"', 'section = "Intro"', 8, '"section": nothing of the name of this file'),
        ('source = "The handbook"', 'source = "a"\nlevel = "silly"', 9, '"level": expected one of easy, medium, hard'),
        ('source = "The handbook"', 'source = "a"\nunit = "%"', 9, '"unit" belongs to "number"'),
    ],
)
def test_each_mistake_has_its_message_and_line(old: str, new: str, line: int, said: str, tmp_path: Path) -> None:
    assert old in WORDS
    (told,) = problems(tmp_path, WORDS.replace(old, new))[:1]
    assert told.startswith(f"mine.quiz.toml:{line}: "), told
    assert said in told


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("number = 30", 'number = "thirty"', 4, '"number": expected a number'),
        ("number = 30", "number = true", 4, '"number": expected a number'),
        ("number = 30", "number = nan", 4, '"number": expected a number'),
        ("number = 30", f"number = 1{'0' * 400}", 4, '"number": expected a number'),
        ('"10%"', '"a bit"', 6, '"tolerance": expected a number from 0 on'),
        ('"10%"', "-1", 6, '"tolerance": expected a number from 0 on'),
        ('unit = "%"', 'unit = "%"\nanswer = "30%"', 6, '"answer" belongs to an answer in words'),
        ('unit = "%"', 'unit = "%"\nwrong = ["40%"]', 6, '"wrong" belongs to an answer in words'),
    ],
)
def test_each_mistake_of_a_number_has_its_message(old: str, new: str, line: int, said: str, tmp_path: Path) -> None:
    (told,) = problems(tmp_path, NUMBER.replace(old, new))[:1]
    assert told.startswith(f"mine.quiz.toml:{line}: "), told
    assert said in told


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "other.quiz.toml").write_text(NUMBER.replace('"hard"', '"no"'))
    told = problems(tmp_path, WORDS.replace("A lighthouse", "a compass") + NUMBER.replace("30\n", "false\n"))
    assert [line.split(" ")[0] for line in told] == ["mine.quiz.toml:6:", "mine.quiz.toml:12:", "other.quiz.toml:10:"]


def test_a_wrong_option_that_can_be_right_is_told(tmp_path: Path) -> None:
    text = WORDS.replace("A compass", "Over 60%").replace("An anchor", "About 62%")
    assert "can be right, as the answer is" in problems(tmp_path, text)[0]


def test_an_unknown_section_is_told(scripts: Sequence[Script], tmp_path: Path) -> None:
    text = WORDS.replace('source = "The handbook"', 'section = "Nowhere"')
    (told,) = problems(tmp_path, text, "role-of-finops", scripts)
    assert told == 'role-of-finops.quiz.toml:8: question 1: no section "Nowhere" in role-of-finops.txt'


def test_ids_and_questions_are_there_once(scripts: Sequence[Script], tmp_path: Path) -> None:
    twice = problems(tmp_path, WORDS + WORDS)
    assert 'the id "compass" is that of question 1' in twice[0]
    assert "asked by question 1 already" in twice[1]
    (tmp_path / "own").mkdir()
    own = WORDS.replace("What is FinOps like?", "What percentage of AI projects go over budget?")
    own = own.replace('source = "The handbook"', 'section = "Statistics"')
    assert "asked by the script itself already" in problems(tmp_path / "own", own, "role-of-finops", scripts)[0]


def test_two_banks_of_one_name_are_told(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "mine.quiz.toml").write_text(WORDS)
    with pytest.raises(ScriptError, match='second bank "mine"'):
        read_banks([tmp_path / "one", tmp_path / "two"], ())


@pytest.mark.parametrize("data", [b"\xff\xfe[[question]]", b"a\x00b"])
def test_what_is_no_text_is_told(data: bytes, tmp_path: Path) -> None:
    (told,) = problems(tmp_path, data)
    assert told.startswith("mine.quiz.toml:1: the file is ")


@given(st.text(max_size=200))
def test_any_text_is_read_or_told(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("bank")
    data = text.encode("utf-8", "replace")
    with pytest.raises(ScriptError) as caught:
        read(folder, data)
    assert all(problem.file == "mine.quiz.toml" and problem.line >= 1 for problem in caught.value.problems)


# --- The banks that are there ---


def test_the_projects_own_bank_holds_enough(banks: Sequence[Bank]) -> None:
    (own,) = [bank for bank in banks if bank.slug == "role-of-finops"]
    assert 14 <= len(own.questions) <= 18
    assert sum(question.number is not None for question in own.questions) >= 2
    assert {"definitions", "metaphors", "benefits", "case study", "figures"} <= {one.topic for one in own.questions}
    assert not own.warnings


def test_no_figure_is_in_the_bank_that_the_script_lacks(banks: Sequence[Bank], scripts: Sequence[Script]) -> None:
    text = (OWN / "role-of-finops.txt").read_text("utf-8") + " 5 five"
    for question in banks[0].questions:
        told = f"{question.question} {question.explanation} {'' if is_share(question.answer) else question.answer}"
        assert set(re.findall(r"\d+", told)) <= set(re.findall(r"\d+", text)), question.id


def test_wrong_options_are_about_as_long_as_the_answer(banks: Sequence[Bank]) -> None:
    for question in banks[0].questions:
        for option in question.wrong:
            assert 0.4 <= len(option) / len(question.answer) <= 2.5, (question.id, option)


def test_an_explanation_tells_no_other_answer(banks: Sequence[Bank]) -> None:
    """A round shows it before the next question is asked."""
    held = [one for one in banks[0].questions if one.number is None and one.percent is None]
    for place, question in enumerate(held):
        for later in held[place + 1 :]:
            assert fold(later.answer) not in fold(question.explanation or ""), (question.id, later.id)


def test_the_scripts_own_quiz_is_a_question_as_well(banks: Sequence[Bank], scripts: Sequence[Script]) -> None:
    questions = all_questions(scripts, banks)
    own = questions[0]
    assert own.own
    assert (own.ref, own.relation, own.percent) == ("role-of-finops/own.why-finops-matters-in-ai", "over", 60.0)
    assert len({question.ref for question in questions}) == len(questions)
    assert [question.own for question in questions].count(True) == 2
