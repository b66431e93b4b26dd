"""The commands as people and scripts run them: what they print, where, and how they end."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from bot.__main__ import COMMANDS
from bot.commands.answers import LineError, read_asked
from bot.commands.graded import read_rows
from knowledge.answer import MAX_ANSWER, Message

ROOT = Path(__file__).parents[2]
KEYS = ["id", "answer", "abstained", "sources", "activity", "milliseconds"]

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("FINOPS_", "LC_", "LANG", "PYTEST"))
    }
    return {**kept, "LANG": "C.UTF-8", "FINOPS_HOME": str(home), "PYTHONWARNINGS": "default", **more}


@pytest.fixture
def bot(home: Path) -> Run:
    """Runs `finops-bot` in a process of its own."""

    def run(*arguments: str, stdin: bytes = b"", at: Path = home, **more: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=ROOT,
            env=environment(at, **more),
            input=stdin,
            capture_output=True,
            timeout=100,
        )

    return run


def refused(done: subprocess.CompletedProcess[bytes]) -> str:
    """What was said by a command that was used wrongly: plain sentences on standard error, and nothing else."""
    assert done.returncode == 2
    assert done.stdout == b""
    said = done.stderr.decode()
    assert "Traceback" not in said
    assert said.endswith("\n")
    return said.rstrip("\n")


# --- ask ---


def test_ask_prints_the_answer_and_its_source(bot: Run) -> None:
    done = bot("ask", "What is FinOps?")
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode()
    assert text.startswith("FinOps, or Financial Operations, is like the financial compass")
    assert text.endswith("\n\nSource: The role of FinOps in AI project success (What is FinOps?, 0:30-2:00)\n")
    assert max(map(len, text.splitlines())) <= 100


def test_ask_json_prints_one_object(bot: Run) -> None:
    done = bot("ask", "--json", "What are the five benefits?")
    assert (done.returncode, done.stderr) == (0, b"")
    (line,) = done.stdout.splitlines()
    record = json.loads(line)
    assert list(record) == KEYS
    assert record["id"] is None
    assert record["activity"] == "benefits"
    assert record["abstained"] is False
    assert "3. Improved budgeting and forecasting" in record["answer"]
    assert "Source" not in record["answer"]
    assert record["sources"] == [
        {
            "title": "The role of FinOps in AI project success",
            "section": "Key Benefits of FinOps in AI",
            "locator": "4:00-6:00",
            "url": None,
        }
    ]
    assert 0 < record["milliseconds"] < 60_000


QUESTION: dict[str, Any] = {"question": "What is FinOps?"}
# Lines of `ask --jsonl`, and what is expected of the line that answers: an id, and a piece of its answer or error.
LINES: list[tuple[bytes, str | int | float | None, str | None, str | None]] = [
    (json.dumps({"id": "a", **QUESTION}).encode(), "a", "Financial Operations", None),
    (json.dumps({"id": 7, **QUESTION}).encode(), 7, "Financial Operations", None),
    (json.dumps({"id": 1.5, **QUESTION}).encode(), 1.5, "Financial Operations", None),
    (json.dumps({"id": 10**30, **QUESTION}).encode(), 10**30, "Financial Operations", None),
    (json.dumps({"id": "", **QUESTION, "colour": "red", "n": [{}]}).encode(), "", "Financial Operations", None),
    (json.dumps({"id": "crlf", **QUESTION}).encode() + b"\r", "crlf", "Financial Operations", None),
    (json.dumps({"id": "bom", **QUESTION}).encode("utf-8-sig"), "bom", "Financial Operations", None),
    (
        json.dumps({"id": "é ü 費", "question": "Qu’est-ce que FinOps ?"}, ensure_ascii=False).encode(),
        "é ü 費",
        "",
        None,
    ),
    (b'{"id": "\\ud800", "question": "\\udfff What is FinOps?"}', "\ud800", "Financial Operations", None),
    (json.dumps({"id": "empty", "question": ""}).encode(), "empty", "I did not see a question", None),
    (json.dumps({"id": "long", "question": "x" * 100_000}).encode(), "long", "2,000 characters", None),
    (json.dumps({"id": "null", "question": "\0\0"}).encode(), "null", "I did not see a question", None),
    (json.dumps({"id": "no", **QUESTION, "history": []}).encode(), "no", "Financial Operations", None),
    (json.dumps({"id": "none", **QUESTION, "history": None}).encode(), "none", "Financial Operations", None),
    (
        json.dumps(
            {
                "id": "follow",
                "question": "And the third one?",
                "history": [
                    {"role": "user", "content": "What are the five benefits?", "at": 3},
                    {"role": "assistant", "content": "There are five."},
                ],
            }
        ).encode(),
        "follow",
        "Improved budgeting and forecasting",
        None,
    ),
    (b"not json", None, None, "not a JSON object"),
    (b"[1, 2]", None, None, "not a JSON object"),
    (b'"What is FinOps?"', None, None, "not a JSON object"),
    (b"{" * 100_000, None, None, "not a JSON object"),
    (b"[" * 100_000, None, None, "not a JSON object"),
    (b'{"id": "cut", "question": "What', None, None, "not a JSON object"),
    (b'{"id": "x", "question": "\xff\xfe"}', None, None, "not a JSON object"),
    (b"\xff\xfe\x00\x01", None, None, "not a JSON object"),
    (b'{"id": ' + b"9" * 5_000 + b', "question": "?"}', None, None, "not a JSON object"),
    (json.dumps(QUESTION).encode(), None, None, '"id" must be a string or a number'),
    (json.dumps({"id": None, **QUESTION}).encode(), None, None, '"id" must be a string or a number'),
    (json.dumps({"id": True, **QUESTION}).encode(), None, None, '"id" must be a string or a number'),
    (json.dumps({"id": ["a"], **QUESTION}).encode(), None, None, '"id" must be a string or a number'),
    (b'{"id": NaN, "question": "What is FinOps?"}', None, None, "not a JSON object"),
    (b'{"id": 1e999, "question": "What is FinOps?"}', None, None, '"id" must be a string or a number'),
    (json.dumps({"id": "b"}).encode(), "b", None, '"question" must be a string'),
    (json.dumps({"id": "c", "question": 5}).encode(), "c", None, '"question" must be a string'),
    (json.dumps({"id": "d", **QUESTION, "history": "before"}).encode(), "d", None, '"history" must be a list'),
    (json.dumps({"id": "e", **QUESTION, "history": [1]}).encode(), "e", None, '"history" must be a list'),
    (
        json.dumps({"id": "f", **QUESTION, "history": [{"role": "user"}]}).encode(),
        "f",
        None,
        '"history" must be a list',
    ),
    (
        json.dumps({"id": "g", **QUESTION, "history": [{"role": "system", "content": ""}]}).encode(),
        "g",
        None,
        '"history" must be a list',
    ),
    (json.dumps({"id": "z", **QUESTION}).encode(), "z", "Financial Operations", None),  # the run went on
]


def test_ask_jsonl_answers_line_by_line(bot: Run) -> None:
    stdin = b"\n \n\t\n".join(line for line, *_ in LINES) + b"\n\n"
    done = bot("ask", "--jsonl", stdin=stdin)
    assert (done.returncode, done.stderr) == (0, b"")
    lines = done.stdout.splitlines()
    assert len(lines) == len(LINES)
    for line, (asked, identifier, piece, error) in zip(lines, LINES, strict=True):
        record = json.loads(line.decode(), parse_constant=pytest.fail)
        assert record["id"] == identifier, asked[:80]
        if error is not None:
            assert list(record) == ["id", "error"], asked[:80]
            assert error in record["error"]
        else:
            assert list(record) == KEYS, asked[:80]
            assert piece is not None
            assert piece in record["answer"]
            assert 1 <= len(record["answer"]) <= MAX_ANSWER
    # A number stays the kind of number that it was.
    assert b'{"id": 7, ' in done.stdout
    assert b'{"id": 1.5, ' in done.stdout


TITLE = "The role of FinOps in AI project success"
# What is asked, the activity that takes it, its sections, and pieces of the answer: questions, options, cards, choices.
ASKED: list[tuple[str, str, list[str], list[str]]] = [
    (
        "start the poll",
        "poll_start",
        ["What is FinOps?"],
        ["Poll: How familiar are you with FinOps?", "- Very familiar\n- Somewhat familiar\n- Not at all"],
    ),
    ("quiz me", "quiz_start", [], ["Quiz: What percentage of AI projects go over budget?", "- Over 60%", "- Hint"]),
    (
        "show me the benefits",
        "benefits",
        ["Key Benefits of FinOps in AI"],
        ["- Cost transparency and accountability", "- Enhanced collaboration between teams"],
    ),
    ("open the card about forecasting", "benefits", ["Key Benefits of FinOps in AI"], ["number 3 of 5", "- Next"]),
    (
        "estimate savings for £80k/month at 15%",
        "savings_estimate",
        ["FinOps in Action: A Case Study", "Statistics"],
        ["£80,000 × 15% = £12,000 a month"],
    ),
    ("give me all quotes", "quote", ["Expert Quotes"], ["“FinOps is not just", "“In the world of AI"]),
    ("show me the statistics", "stats", ["Statistics"], ["Over 60% of AI projects go over budget"]),
    ("show the key takeaways", "takeaways", ["Key Takeaways"], ["- FinOps is crucial"]),
    ("results", "results", [], ["No poll has been held here yet"]),
    ("help", "help", [], ["I answer questions about FinOps", "- Quiz me"]),
    ("describe the visuals and sounds", "describe", [], ["Animated infographic"]),
    ("What is FinOps?", "question", ["What is FinOps?"], ["Financial Operations"]),
]


def test_every_activity_answers_ask_and_no_store_is_made(bot: Run, own_home: Path) -> None:
    stdin = "\n".join(json.dumps({"id": said, "question": said}) for said, *_ in ASKED).encode()
    done = bot("ask", "--jsonl", stdin=stdin, at=own_home)
    assert (done.returncode, done.stderr) == (0, b"")
    for line, (said, activity, sections, pieces) in zip(done.stdout.decode().splitlines(), ASKED, strict=True):
        record = json.loads(line)
        assert (record["id"], record["activity"], record["abstained"]) == (said, activity, False)
        assert [source["section"] for source in record["sources"]] == sections, said
        assert {source["title"] for source in record["sources"]} <= {TITLE}
        assert 1 <= len(record["answer"]) <= MAX_ANSWER
        assert [piece for piece in pieces if piece not in record["answer"]] == [], said
    assert [file.name for file in own_home.iterdir() if "store" in file.name] == []


def test_what_is_asked_leaves_nothing_open(bot: Run) -> None:
    said = ["start the poll", "1", "results", "quiz me", "60%"]
    stdin = "\n".join(json.dumps({"id": number, "question": one}) for number, one in enumerate(said)).encode()
    done = bot("ask", "--jsonl", stdin=stdin)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["activity"] for one in answers] == ["poll_start", "question", "results", "quiz_start", "question"]
    assert "No poll has been held here yet" in answers[2]["answer"]


def test_a_line_is_read() -> None:
    asked = read_asked(b'{"id": 1, "question": "Why?", "history": [{"role": "user", "content": "What?"}], "x": 1}')
    assert (asked.id, asked.question, asked.history) == (1, "Why?", (Message("user", "What?"),))
    with pytest.raises(LineError) as raised:
        read_asked(b'{"id": "a", "question": null}')
    assert raised.value.id == "a"


def test_ask_jsonl_without_lines_ends_well(bot: Run) -> None:
    done = bot("ask", "--jsonl")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


@pytest.mark.parametrize(
    "language", [{"LC_ALL": "C"}, {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}]
)
def test_json_is_utf_8_whatever_the_locale(bot: Run, language: dict[str, str]) -> None:
    stdin = json.dumps({"id": "“ü”", "question": "Give me one expert quote"}, ensure_ascii=False).encode()
    done = bot("ask", "--jsonl", stdin=stdin, **language)
    record = json.loads(done.stdout.decode("utf-8"))
    assert record["id"] == "“ü”"
    assert record["answer"].startswith("“")


def test_text_is_utf_8_in_the_plainest_locale(bot: Run) -> None:
    done = bot("ask", "Give me one expert quote", LC_ALL="C", LANG="C")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode("utf-8").startswith("“")


def test_a_reader_that_has_had_enough_is_no_error(bot: Run, home: Path) -> None:
    line = json.dumps({"id": 1, **QUESTION})
    done = subprocess.run(
        [
            "bash",
            "-c",
            f"yes '{line}' | head -n 300 | \"$0\" -m bot ask --jsonl | head -n 1; exit ${{PIPESTATUS[2]}}",
            sys.executable,
        ],
        cwd=ROOT,
        env=environment(home),
        capture_output=True,
        timeout=100,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["id"] == 1


def test_answers_come_as_questions_do(home: Path) -> None:
    talk = subprocess.Popen(
        [sys.executable, "-m", "bot", "ask", "--jsonl"],
        cwd=ROOT,
        env=environment(home),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with talk:
        assert talk.stdin is not None
        assert talk.stdout is not None
        for number in range(3):
            talk.stdin.write(json.dumps({"id": number, **QUESTION}).encode() + b"\n")
            talk.stdin.flush()
            assert json.loads(talk.stdout.readline())["id"] == number  # before the next is asked
        talk.stdin.close()
    assert talk.returncode == 0


# --- chat through a pipe ---


def test_chat_reads_a_pipe_and_remembers(bot: Run) -> None:
    done = bot("chat", stdin=b"What are the five benefits?\n\n\xff\xfe\nWhat is FinOps?\nquit\nWhat is FinOps?\n")
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode()
    assert text.count("Financial Operations") == 1
    assert text.endswith("Goodbye!\n")
    assert "\x1b" not in text


# --- Wrong use ---


@pytest.mark.parametrize(
    ("arguments", "piece"),
    [
        (["ask"], "Ask one question"),
        (["ask", "What?", "--jsonl"], "Ask one question"),
        (["ask", "What?", "And?"], "unexpected extra argument"),
        (["ask", "--colour", "What?"], "--colour"),
        (["--colour"], "--colour"),
        (["askk", "What?"], "askk"),
        (["chat", "now"], "unexpected extra argument"),
        (["eval"], "Missing argument"),
        (["eval", "/no/such/file.jsonl"], "does not exist"),
        (["eval", "--colour"], "--colour"),
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
    {"id": "q2", "question": "What is FinOps?", "kind": "direct", "must_contain": [["a kind of fish"]]},
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
    assert [" ".join(line.split()) for line in done.stdout.decode().splitlines()][:12] == [
        "asked.jsonl",
        "direct 1 / 2",
        "off_topic 1 / 1",
        "total 2 / 3 66.7%",
        "refused though answerable: 0 (0.0%)",
        "- q2 What is FinOps?",
        "[question] FinOps, or Financial Operations, is like the financial compass for your AI journey. It's a "
        "collaborative practice that brings financial accountability to the often variable and complex world of AI and "
        "cloud computing. Think of it as the bridge between your innovative AI ideas and the realities of your budget.",
        "said.jsonl",
        "quiz 2 / 2",
        "stop 0 / 1",
        "total 2 / 3 66.7%",
        "- u3 help",
    ]
    assert "- q2" not in bot("eval", files[0]).stdout.decode()


def test_eval_cross_validates_both_kinds(bot: Run, tmp_path: Path) -> None:
    beyond = [
        {**QUESTIONS[2], "question": f"Who won the {cup} cup in {year}?"} for cup in ("a", "b") for year in (1, 2)
    ]
    asked = [{**QUESTIONS[0], "question": f"{ask} FinOps{end}"} for ask in ("What is", "Explain") for end in ("?", "")]
    files = [written(tmp_path / "asked.jsonl", beyond + asked), written(tmp_path / "said.jsonl", UTTERANCES)]
    done = bot("eval", "--cross-validate", *files)
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode()
    assert re.search(r"off_topic +4 / +4", text)
    assert re.search(r"direct +\d / +4", text)
    assert re.search(r"quiz +2 / +2", text)


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


def test_sources_lists_documents_and_sections(bot: Run) -> None:
    done = bot("sources")
    lines = done.stdout.decode().splitlines()
    assert (done.returncode, done.stderr) == (0, b"")
    assert lines[0].startswith("The role of FinOps in AI project success: ")
    assert any(line.startswith("  What is FinOps? (0:30-2:00): ") for line in lines)
    assert int(lines[0].split()[-2]) == sum(int(line.rsplit(": ", 1)[1]) for line in lines[1:])


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
