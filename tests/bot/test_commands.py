"""The commands as people and scripts run them: what they print, where, and how they end."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from bot.__main__ import COMMANDS
from bot.commands.graded import read_rows
from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[2]

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


def refused(done: subprocess.CompletedProcess[bytes]) -> str:
    """What was said by a command that was used wrongly: plain sentences on standard error, and nothing else."""
    assert done.returncode == 2
    assert done.stdout == b""
    said = done.stderr.decode()
    assert "Traceback" not in said
    assert said.endswith("\n")
    return said.rstrip("\n")


# --- Wrong use ---


@pytest.mark.parametrize(
    ("arguments", "piece"),
    [
        (["ask"], "Ask one question"),
        (["ask", "What?", "--jsonl"], "Ask one question"),
        (["ask", "-"], "Ask one question"),
        (["ask", "-", "--jsonl"], "Ask one question"),
        (["ask", "--colour", "What?"], "--colour"),
        (["--colour"], "--colour"),
        (["askk", "What?"], "askk"),
        (["chat", "now"], "unexpected extra argument"),
        (["eval"], "Missing argument"),
        (["eval", "/no/such/file.jsonl"], "does not exist"),
        (["eval", "--colour"], "--colour"),
        (["bench", "taste"], "taste"),
    ],
)
def test_wrong_use_is_said_in_one_line(bot: Run, arguments: list[str], piece: str) -> None:
    said = refused(bot(*arguments))
    assert piece in said
    assert "\n" not in said


@pytest.mark.parametrize("arguments", [["ask", "What is FinOps?"], ["doctor"], ["sources"], ["ingest"], ["chat"]])
def test_a_wrong_setting_is_said_in_one_line(bot: Run, arguments: list[str]) -> None:
    said = refused(bot(*arguments, FINOPS_LOG_LEVEL="LOUD"))
    assert said == "FINOPS_LOG_LEVEL cannot be 'LOUD': set it to one of DEBUG, INFO, WARNING, ERROR."


@pytest.mark.parametrize("arguments", [["ask", "What is FinOps?"], ["ingest"], ["chat"]])
def test_a_home_that_cannot_be_is_said_in_one_line(bot: Run, arguments: list[str], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = refused(bot(*arguments, at=tmp_path / "file" / "home"))
    assert "set FINOPS_HOME to a folder" in said
    assert "\n" not in said


@pytest.fixture
def broken_home(own_home: Path) -> Path:
    """A home whose own script has two mistakes."""
    (own_home / "scripts").mkdir()
    (own_home / "scripts" / "broken.txt").write_text(
        "# Boats\n\n## Detailed Script Structure\n\nNothing of the kind.\n"
    )
    return own_home


@pytest.mark.parametrize("arguments", [["ask", "What is FinOps?"], ["sources"]])
def test_a_broken_script_is_said_with_file_and_line(bot: Run, arguments: list[str], broken_home: Path) -> None:
    lines = refused(bot(*arguments, at=broken_home)).splitlines()
    assert lines
    for line in lines:
        file, number, problem = line.split(":", 2)
        assert file.endswith("broken.txt")
        assert number.isdigit()
        assert problem.strip()


@pytest.mark.parametrize("arguments", [["ask", "What is FinOps?"], ["ingest"], ["doctor"]])
def test_all_that_is_wrong_is_said_at_once(bot: Run, arguments: list[str], broken_home: Path) -> None:
    """A script, the files beside it, and the handbook: whoever wrote them mends them in one go."""
    (broken_home / "scripts" / "broken.authored.toml").write_text("no toml")
    (broken_home / "scripts" / "broken.quiz.toml").write_text('[[question]]\nquestion = "Why?"\nsection = "Hold"\n')
    (broken_home / "handbook").mkdir()
    (broken_home / "handbook" / "glossary.toml").write_text("term = 1\n")
    done = bot(*arguments, at=broken_home)
    told = (done.stdout + done.stderr).decode()
    for file in ("broken.txt:", "broken.authored.toml:", "broken.quiz.toml:1: ", "glossary.toml:1: "):
        assert file in told
    assert 'question 1: no "explanation"' in told
    assert "nothing of the name" not in told, "the script is there, and is only not read yet"


def test_a_settings_file_that_is_no_text_is_said_in_one_line(
    environment: Callable[..., dict[str, str]], home: Path, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_bytes(b"FINOPS_TIMEZONE=\xff\xfe")
    done = subprocess.run(
        [sys.executable, "-m", "bot", "polls", "list"],
        cwd=tmp_path,
        env=environment(home, PYTHONPATH=str(ROOT)),
        capture_output=True,
        timeout=PATIENCE,
    )
    assert refused(done) == "The file .env is not plain text: save it as UTF-8."


def test_a_wrong_question_file_is_said_with_file_and_line(bot: Run, tmp_path: Path) -> None:
    (tmp_path / "asked.jsonl").write_text(
        '{"id": 1, "question": "?", "kind": "x", "must_contain": [["y"]]}\n\n{"id": 2}\n'
    )
    said = refused(bot("eval", str(tmp_path / "asked.jsonl")))
    assert said.startswith("asked.jsonl:3: expected an object")


@pytest.mark.parametrize(
    "line",
    [
        "no JSON",
        "[]",
        '{"question": "?", "kind": "x"}',
        '{"question": "?", "kind": "x", "must_contain": []}',
        '{"question": "", "kind": "x", "expected": "abstain"}',
        '{"question": "?", "expected": "abstain"}',
        '{"utterance": "hi", "expected_intent": "help"}',
        '{"kind": "help", "expected_intent": "help"}',
        '{"utterance": "hi", "kind": "help"}',
    ],
)
def test_a_row_that_cannot_be_graded_is_refused(tmp_path: Path, line: str) -> None:
    good = '{"utterance": "hi", "kind": "help", "expected_intent": "help"}'
    (tmp_path / "rows.jsonl").write_text(f"{good}\n{line}\n")
    with pytest.raises(click.UsageError, match=r"^rows\.jsonl:2: expected an object"):
        read_rows(tmp_path / "rows.jsonl")


# --- eval ---

QUESTIONS: list[dict[str, Any]] = [
    {"id": "q1", "question": "What is FinOps?", "kind": "direct", "must_contain": [["financial operations"]]},
    {
        "id": "q2",
        "question": "According to the video, what is FinOps?",
        "kind": "direct",
        "must_contain": [["a kind of fish"]],
    },
    {"id": "q3", "question": "Who won the champions league final?", "kind": "off_topic", "expected": "abstain"},
]
UTTERANCES: list[dict[str, Any]] = [
    {"id": "u1", "utterance": "quiz me", "context": None, "expected_intent": "quiz_start", "kind": "quiz"},
    {
        "id": "u2",
        "utterance": "two thirds",
        "context": "quiz_open",
        "expected_intent": "quiz_answer",
        "expected_value": {"grade": "correct", "percent": 66.7},
        "kind": "quiz",
    },
    {"id": "u3", "utterance": "help", "context": None, "expected_intent": "stop", "kind": "stop"},
]


def written(file: Path, rows: list[dict[str, Any]]) -> str:
    file.write_text("\n".join(json.dumps(row) for row in rows))
    return str(file)


def test_eval_grades_questions_and_utterances_in_one_run(bot: Run, tmp_path: Path) -> None:
    files = [written(tmp_path / "asked.jsonl", QUESTIONS), written(tmp_path / "said.jsonl", UTTERANCES)]
    done = bot("eval", "--failed", *files)
    assert (done.returncode, done.stderr) == (0, b"")
    lines = [" ".join(line.split()) for line in done.stdout.decode().splitlines()]
    assert lines[:8] == [
        "asked.jsonl",
        "direct 1 / 2",
        "off_topic 1 / 1",
        "total 2 / 3 66.7%",
        "below an answer though answerable: 0 (0.0%)",
        "right 66.7%, wrong as an answer 33.3%, nearest 0.0%, declined 33.3%",
        "- q2 According to the video, what is FinOps?",
        "[question] FinOps, or Financial Operations, is like the financial compass for your AI journey. It's a "
        "collaborative practice that brings financial accountability to the often variable and complex world of AI and "
        "cloud computing. Think of it as the bridge between your innovative AI ideas and the realities of your budget.",
    ]
    assert lines[lines.index("said.jsonl") :][:5] == [
        "said.jsonl",
        "quiz 2 / 2",
        "stop 0 / 1",
        "total 2 / 3 66.7%",
        "acted on and wrong: 1 (33.3%)",
    ]
    assert "- q2" not in bot("eval", files[0]).stdout.decode()


def test_eval_grades_votes_polls_and_talks(bot: Run, home: Path, tmp_path: Path) -> None:
    lunch = {"poll": {"question": "Where do we eat?", "options": ["Noodles", "Soup"]}}
    draft = {"question": "Where do we eat?", "options": ["Noodles", "Soup"], "several": False, "anonymous": False}
    draft |= {"hidden": False, "closes": None, "remind_minutes": None, "repeats": None}
    poll = {"kind": "plain", "at": "2026-11-27T10:00:00+00:00", "utterance": "poll: Where do we eat? Noodles, Soup"}
    rows: list[dict[str, Any]] = [
        {"id": "v1", "kind": "name", "context": lunch, "utterance": "soup", "expected": {"votes": [2]}},
        {"id": "v2", "kind": "name", "context": lunch, "utterance": "soup", "expected": {"votes": [1]}},
        {"id": "v3", "kind": "none", "context": lunch, "utterance": "help", "expected": {"votes": "none"}},
        {"id": "p1", **poll, "expected": draft},
        {"id": "p2", **poll, "expected": {**draft, "anonymous": True}},
        {
            "id": "t1",
            "person": "member",
            "turns": [
                {"say": "start the poll", "any_of": ["only moderators"], "none_of": []},
                {"say": "quiz me", "any_of": ["over budget"], "none_of": ["60%"]},
                {"say": "quiz me", "any_of": ["there is no such reply"], "none_of": []},
            ],
        },
    ]
    done = bot("eval", written(tmp_path / "mixed.jsonl", rows))
    assert (done.returncode, done.stderr) == (0, b"")
    assert [" ".join(line.split()) for line in done.stdout.decode().splitlines()] == [
        "mixed.jsonl",
        "name 1 / 2",
        "none 1 / 1",
        "plain 1 / 2",
        "member 0 / 1",
        "total 3 / 6 50.0%",
        "acted on and wrong: 2 (40.0%)",
        "clear ones done at once and right: 2 of 4 (50.0%)",
        "turns: 2 of 3 (66.7%)",
    ]


def test_a_member_may_not_start_a_poll_in_the_terminal(bot: Run) -> None:
    said = bot("chat", "--as", "member", stdin=b"start the poll\n").stdout.decode()
    assert "Only moderators" in said


def test_eval_cross_validates(bot: Run, tmp_path: Path) -> None:
    beyond = [
        {**QUESTIONS[2], "question": f"Who won the {cup} cup in {year}?"} for cup in ("a", "b") for year in (1, 2)
    ]
    asked = [{**QUESTIONS[0], "question": f"{ask} FinOps{end}"} for ask in ("What is", "Explain") for end in ("?", "")]
    done = bot("eval", "--cross-validate", written(tmp_path / "asked.jsonl", beyond + asked))
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode()
    assert re.search(r"off_topic +\d / +4", text)
    assert re.search(r"direct +\d / +4", text)


# --- The other commands ---


def test_doctor_is_content_with_a_good_home(bot: Run) -> None:
    done = bot("doctor")
    lines = done.stdout.decode().splitlines()
    assert (done.returncode, done.stderr) == (0, b"")
    assert lines[-1] == "All of it works."
    assert all(line.startswith("ok    ") for line in lines[:-1])
    assert any(line.startswith("ok    Index: generation ") for line in lines)


def test_doctor_says_what_to_do(bot: Run, broken_home: Path, tmp_path: Path) -> None:
    done = bot("doctor", at=broken_home)
    assert done.returncode == 1
    failed = [line for line in done.stdout.decode().splitlines() if line.startswith("FAIL")]
    assert failed
    assert all("broken.txt:" in line for line in failed)
    (tmp_path / "file").touch()
    done = bot("doctor", at=tmp_path / "file" / "home")
    assert done.returncode == 1
    assert "FAIL  Home: " in done.stdout.decode()
    assert "set FINOPS_HOME" in done.stdout.decode()
    assert b"Traceback" not in done.stdout + done.stderr


def test_doctor_warns_of_what_is_left_out(bot: Run, own_home: Path) -> None:
    own_home.chmod(0o755)
    (own_home / "scripts").mkdir()
    (own_home / "scripts" / "notes.md").touch()  # the team's own: the home stays as open as it is
    done = bot("doctor", at=own_home, FINOPS_MODEL="openai:gpt-4.1-mini", OPENAI_API_KEY="k", FINOPS_TIMEZONE="UTC")
    lines = done.stdout.decode().splitlines()
    warned = [line for line in lines if line.startswith("warn")]
    assert done.returncode == 0
    assert "warn  Budget: none (FINOPS_MONTHLY_BUDGET): a language model may cost anything" in warned
    assert lines[-1] == "It works; the lines marked warn say what is left out."
    assert "note: " not in done.stdout.decode()


def test_doctor_tells_the_same_as_json(bot: Run, broken_home: Path) -> None:
    good = bot("doctor", "--json")
    told = json.loads(good.stdout)
    assert (good.returncode, told["works"]) == (0, True)
    assert {line["state"] for line in told["lines"]} == {"ok"}
    said = bot("doctor").stdout.decode().splitlines()[:-1]
    same = [f"ok    {line['check']}: {line['told']}" for line in told["lines"]]
    assert [line for line in same if "MB free" not in line] == [line for line in said if "MB free" not in line]
    bad = bot("doctor", "--json", at=broken_home)
    told = json.loads(bad.stdout)
    assert (bad.returncode, told["works"]) == (1, False)
    assert any(line["state"] == "FAIL" and line["told"].startswith("broken.txt:") for line in told["lines"])


def test_sources_tells_the_same_as_json(bot: Run) -> None:
    told = json.loads(bot("sources", "--json").stdout)
    listed = bot("sources").stdout.decode()
    assert list(told) == ["scripts", "handbook", "terms", "quiz_questions"]
    for script in told["scripts"]:
        assert f"{script['title']}: {sum(one['passages'] for one in script['sections'])} passages" in listed
    for topic in told["handbook"]:
        assert f"  {topic['title']}: {len(topic['sections'])} sections" in listed
    assert f"Handbook, glossary: {told['terms']} terms" in listed
    assert any(bank["own"] == 1 for bank in told["quiz_questions"])


def test_sources_lists_documents_and_sections(bot: Run) -> None:
    done = bot("sources")
    lines = done.stdout.decode().splitlines()
    assert (done.returncode, done.stderr) == (0, b"")
    assert lines[0].startswith("The role of FinOps in AI project success: ")
    assert any(line.startswith("  What is FinOps? (0:30-2:00): ") for line in lines)
    of_video = lines[1 : next(place for place, line in enumerate(lines) if line.startswith("Handbook, "))]
    listed = [line for line in of_video if line.startswith("  ")]
    assert "Handbook, Rates: " in done.stdout.decode()
    assert any(line.startswith("  Showback: ") and "sources read on" in line for line in lines)
    assert int(lines[0].split()[-2]) == sum(int(line.rsplit(": ", 1)[1]) for line in listed)


def test_sources_counts_the_questions_of_quizzes(bot: Run) -> None:
    told = bot("sources").stdout.decode().splitlines()[-1]
    assert re.fullmatch(
        r"Quiz questions, The role of FinOps in AI project success: \d\d \(1 of the video's own\)", told
    )


def test_doctor_notices_the_bank_and_what_is_wrong_with_one(bot: Run, own_home: Path) -> None:
    assert "role-of-finops.quiz.toml: 18 quiz questions" in bot("doctor").stdout.decode()
    (own_home / "scripts").mkdir(exist_ok=True)
    (own_home / "scripts" / "mine.quiz.toml").write_text('[[question]]\nquestion = "Why?"\n')
    done = bot("doctor", at=own_home)
    assert done.returncode == 1
    assert 'FAIL  Scripts: mine.quiz.toml:1: question 1: no "explanation"' in done.stdout.decode()
    done = bot("ingest", at=own_home)
    assert done.returncode != 0
    assert "mine.quiz.toml:1: " in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_ingest_of_what_is_there_does_nothing(bot: Run) -> None:
    done = bot("ingest")
    assert (done.returncode, done.stderr) == (0, b"")
    assert ": 0 passages embedded, " in done.stdout.decode()


def test_version(bot: Run) -> None:
    done = bot("--version")
    assert done.returncode == 0
    assert done.stdout.startswith(b"finops-bot, version ")


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_lists_every_command(bot: Run, flag: str) -> None:
    done = bot(flag)
    text = done.stdout.decode()
    assert done.returncode == 0
    assert "Examples:" in text
    for name, (_, line) in COMMANDS.items():
        assert f"  {name} " in text
        assert line.split()[0] in text


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_has_help(bot: Run, name: str) -> None:
    done = bot(name, "--help")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"Usage: ")
