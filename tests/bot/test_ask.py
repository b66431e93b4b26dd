"""`ask` and `chat` as people and scripts run them: what they print, where, and how they end."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.commands.answers import LineError, read_asked
from knowledge.answer import MAX_ANSWER, Message
from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
KEYS = ["id", "answer", "abstained", "verdict", "sources", "activity", "milliseconds"]

Run = Callable[..., "subprocess.CompletedProcess[bytes]"]
Environment = Callable[..., dict[str, str]]


def test_ask_prints_the_answer_and_its_source(bot: Run) -> None:
    done = bot("ask", "What is FinOps?")
    assert (done.returncode, done.stderr) == (0, b"")
    text = done.stdout.decode()
    assert text.startswith("FinOps, or Financial Operations, is like the financial compass")
    named = " ".join(text.rsplit("\n\n", 1)[1].split())
    assert named == "Source: The role of FinOps in AI project success (What is FinOps?, 0:30-2:00)"
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
    assert "- Improved budgeting and forecasting\n" in record["answer"]
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


def test_a_question_comes_in_words_or_by_a_pipe(bot: Run) -> None:
    asked = [
        bot("ask", "What is FinOps?"),
        bot("ask", "What", "is", "FinOps?", stdin=b"not read"),
        bot("ask", stdin=b"What is\nFinOps?\n"),
        bot("ask", "-", stdin=b"What is FinOps?"),
    ]
    assert {(done.returncode, done.stderr, done.stdout) for done in asked} == {(0, b"", asked[0].stdout)}


def test_a_pipe_that_never_ends_is_read_as_far_as_a_question_goes(bot: Run) -> None:
    assert "2,000 characters" in bot("ask", stdin=b"why " * 1_000_000).stdout.decode()


def test_route_reads_lines_without_being_told_so(bot: Run) -> None:
    line = json.dumps({"id": 1, "utterance": "quiz me"}).encode()
    told = bot("route", stdin=line).stdout
    assert told == bot("route", "--jsonl", stdin=line).stdout
    assert json.loads(told)["intent"] == "quiz_start"


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
    for file in own_home.glob("store*"):
        file.unlink()  # of those who had the home before
    done = bot("ask", "--jsonl", stdin=stdin, at=own_home)
    assert (done.returncode, done.stderr) == (0, b"")
    for line, (said, activity, sections, pieces) in zip(done.stdout.decode().splitlines(), ASKED, strict=True):
        record = json.loads(line)
        assert (record["id"], record["activity"], record["abstained"]) == (said, activity, False)
        of_video = [source for source in record["sources"] if source["title"] == TITLE]
        assert [source["section"] for source in of_video] == sections, said
        others = [source["title"] for source in record["sources"] if source not in of_video]
        assert all(title.startswith("Handbook: ") for title in others)
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


@pytest.mark.trial
def test_json_is_utf_8_whatever_the_locale(bot_process: Run) -> None:
    stdin = json.dumps({"id": "“ü”", "question": "Give me one expert quote"}, ensure_ascii=False).encode()
    done = bot_process("ask", "--jsonl", stdin=stdin, LC_ALL="POSIX", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    record = json.loads(done.stdout.decode("utf-8"))
    assert record["id"] == "“ü”"
    assert record["answer"].startswith("“")


def test_text_is_utf_8_in_the_plainest_locale(bot_process: Run) -> None:
    done = bot_process("ask", "Give me one expert quote", LC_ALL="C", LANG="C")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode("utf-8").startswith("“")


def test_a_reader_that_has_had_enough_is_no_error(environment: Environment, home: Path) -> None:
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
        timeout=PATIENCE,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["id"] == 1


@pytest.mark.parametrize(
    "arguments", [["polls", "list"], ["--help"], pytest.param(["doctor", "--json"], marks=pytest.mark.trial)]
)
def test_a_full_disk_is_told_as_such(environment: Environment, home: Path, arguments: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=ROOT,
            env=environment(home),
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=PATIENCE,
        )
    assert done.returncode == 1
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith("The disk is full (")


@pytest.mark.trial
def test_answers_come_as_questions_do(environment: Environment, home: Path) -> None:
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
