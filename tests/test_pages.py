"""The pages are true: their commands run, their links lead somewhere, what they name is there."""

from __future__ import annotations

import ast
import json
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest

from bot.__main__ import cli
from tests.commands import Done, environment
from tests.pictures.canvas import words_of
from tests.waiting import PATIENCE

ROOT = Path(__file__).parent.parent
# Every page but the topics of the handbook, which are content.
ROOMS = ("", "adapters", "bot", "deploy", "knowledge", "tests")
PAGES = [page for room in ROOMS for page in sorted((ROOT / room).glob("*.md"))]
NAMED = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
# A path of the project: what begins with a room and goes on; names in capitals stand for any.
PATH = re.compile(rf"(?:{'|'.join(filter(None, ROOMS))})/[\w./*-]+")
LONGEST_README = 150


@cache
def text_of(page: Path) -> str:
    return page.read_text("utf-8")


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of that language."""
    return re.findall(rf"^ *```{language}\n(.*?)^ *```", text, re.S | re.M)


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return re.sub(r"^ *```.*?^ *```", "", text_of(page), flags=re.S | re.M)


def spans(page: Path) -> list[str]:
    """What stands between backticks within sentences."""
    return [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", prose(page))]


# --- Commands ---


def commands() -> list[Any]:
    """Each command line of the shell blocks; those of make are run by CI itself, and `eval` reads whole files."""
    lines = dict.fromkeys(
        line for page in PAGES for block in blocks(text_of(page), "sh") for line in block.splitlines()
    )
    run = [line for line in lines if not line.startswith("make ")]
    return [pytest.param(line, marks=pytest.mark.trial if " eval " in line else ()) for line in run]


@pytest.mark.parametrize("command", commands())
def test_command_runs(command: str, bot: Callable[..., Done], tmp_path: Path) -> None:
    said, _, called = command.rpartition(" | ")
    stdin = shlex.split(said)[1] if said else ""
    program, *arguments = shlex.split(called)
    assert Path(program).name == "finops-bot"
    done = bot(*arguments, stdin=stdin.encode(), FINOPS_DATABASE_URL=f"sqlite:///{tmp_path / 'store.db'}")
    assert done.returncode == 0, done.stderr
    assert done.stdout or arguments == ["chat"]
    assert b"Traceback" not in done.stderr


@NAMED
def test_every_command_that_is_named_exists(page: Path) -> None:
    for span in spans(page):
        if span.startswith("finops-bot "):
            _, *words = span.split()
            found: click.Command = cli
            context = click.Context(cli)
            while isinstance(found, click.Group) and words and not words[0].startswith("-"):
                held = found.get_command(context, words.pop(0))
                assert held is not None, span
                found = held
            known = {name for one in found.get_params(context) for name in one.opts}
            assert [word for word in words if word.startswith("-") and word not in known] == [], span


@NAMED
def test_every_target_of_make_exists(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    told = [*spans(page), *(line for block in blocks(text_of(page), "sh") for line in block.splitlines())]
    for target in re.findall(r"^make ([a-z]+)\b", "\n".join(told), re.M):
        assert re.search(rf"^{target}:", makefile, re.M), target


def test_the_program_is_installed_in_the_version_of_the_changelog(home: Path) -> None:
    program = Path(sys.executable).with_name("finops-bot")
    done = subprocess.run([program, "--version"], env=environment(home), capture_output=True, timeout=PATIENCE)
    assert (done.returncode, done.stderr) == (0, b"")
    newest = re.search(r"^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d$", text_of(ROOT / "CHANGELOG.md"), re.M)
    assert newest is not None
    assert done.stdout.decode().strip() == f"finops-bot, version {newest[1]}"


# --- Links, paths, pictures ---


@NAMED
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if re.match("[a-z]+:", target):
            assert target.startswith("https://"), target
            continue
        file, _, anchor = target.partition("#")
        found = (page.parent / file).resolve() if file else page
        assert found.is_relative_to(ROOT), target
        assert found.exists(), target
        assert not anchor or anchor in anchors(found), target


def anchors(page: Path) -> set[str]:
    """What the headings of a page can be called by in a link."""
    headings = re.findall(r"^#+ (.*)$", text_of(page), re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@NAMED
def test_every_path_that_is_named_exists(page: Path) -> None:
    for span in spans(page):
        if (path := span.partition("::")[0]) and PATH.fullmatch(path) and not re.search("[A-Z]{2}", path.split(".")[0]):
            assert [*ROOT.glob(path.rstrip("/"))], span


@NAMED
def test_every_path_in_a_block_exists(page: Path) -> None:
    for block in re.findall(r"^ *```.*?^ *```", text_of(page), re.S | re.M):
        for path in PATH.findall(block):
            assert [*ROOT.glob(path.rstrip("/")), *ROOT.glob(f"{path}.py")], path


@NAMED
def test_every_file_that_a_table_of_a_room_names_exists(page: Path) -> None:
    """A room's page calls its own files by their names within it."""
    rooms = [folder for folder in (page.parent, *page.parent.iterdir()) if folder.is_dir()]
    for row in re.findall(r"^\| .*$", prose(page), re.M):
        for name in re.findall(r"`([a-z_]+\.py)`", row) if page.parent != ROOT else ():
            assert any((folder / name).exists() for folder in rooms), name


@NAMED
def test_every_picture_is_told_in_words_that_it_shows(page: Path) -> None:
    for told, target in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", text_of(page)):
        shown = " ".join(words_of((page.parent / target).read_text("utf-8")).split())
        quoted = re.findall("“([^”]+)”", told)
        assert len(quoted) >= 3, target
        assert [words for words in quoted if words not in shown] == [], target


def test_every_picture_is_on_a_page() -> None:
    shown = {Path(target).name for page in PAGES for target in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text_of(page))}
    assert shown == {file.name for file in (ROOT / "deploy" / "pictures").iterdir()}


# --- What single pages promise ---


def test_the_packages_say_that_they_are_typed() -> None:
    """A wheel is built of these folders, with a mark that type checkers look for."""
    told = tomllib.loads(text_of(ROOT / "pyproject.toml"))
    packages = told["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert "Typing :: Typed" in told["project"]["classifiers"]
    assert all((ROOT / package / "py.typed").is_file() for package in packages)


def test_the_readme_is_short_and_leads_to_every_other_page() -> None:
    readme = text_of(ROOT / "README.md")
    assert len(readme.splitlines()) <= LONGEST_README
    led_to = {(ROOT / target).resolve() for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", readme)}
    assert {page for page in PAGES if page.name != "README.md" or page.parent != ROOT} <= led_to


# What is open when it is said, or was said before.
SETTINGS: dict[str, dict[str, Any]] = {
    "somewhat": {"context": "poll_open"},
    "more than half": {"context": "quiz_open"},
    "hint": {"context": "quiz_open"},
    "again": {"history": [{"role": "user", "content": "What is FinOps?"}, {"role": "assistant", "content": "A way."}]},
    "and at 10%?": {"history": [{"role": "user", "content": "how much could we save on 80k a month?"}]},
}
ANSWERED = {"why?", "and the third one?", "again", "says who?", "are you sure?", "how old is that?"}


def test_what_can_be_said_is_done_at_once(bot: Callable[..., Done]) -> None:
    told = {ROOT / "README.md": "What can be said", ROOT / "bot" / "README.md": "What else can be said"}
    tables = [text_of(page).partition(f"\n## {heading}\n")[2].partition("\n## ")[0] for page, heading in told.items()]
    rows = [row for table in tables for row in re.findall(r"^\| ([^|]*) \|", table, re.M)]
    said = [words for row in rows for words in re.findall("“([^”]+)”", row)]
    assert len(said) > 40
    lines = [json.dumps({"id": words, "utterance": words, **SETTINGS.get(words, {})}) for words in said]
    done = bot("route", "--jsonl", stdin="\n".join(lines).encode())
    does = {row["id"]: row["does"] for row in map(json.loads, done.stdout.splitlines())}
    assert does == {words: "answer" if words in ANSWERED else "act" for words in said}


def figures() -> Iterator[Any]:
    """Each row of the README's table of figures: the file, and what is told of it."""
    for file, told in re.findall(r"\| `(tests/eval/\w+\.jsonl)` \| (.*?) \|$", text_of(ROOT / "README.md"), re.M):
        yield pytest.param(file, told, id=file)


@pytest.mark.trial
@pytest.mark.parametrize(("file", "told"), [*figures()])
def test_the_figures_of_the_readme_are_those_of_today(file: str, told: str, bot: Callable[..., Done]) -> None:
    measured = re.sub(r"\s+", " ", bot("eval", file).stdout.decode().replace("/", " of "))
    counts = re.findall(r"\d+ of \d+", told)
    assert counts
    assert [count for count in counts if f" {count}" not in measured] == [], measured
    assert "none" not in told or "acted on and wrong: 0 " in measured


def test_every_setting_is_in_the_table_and_the_example() -> None:
    from bot.settings import Settings

    example = (ROOT / ".env.example").read_text("utf-8")
    table = text_of(ROOT / "deploy" / "settings.md")
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        written = alias if isinstance(alias, str) else f"FINOPS_{name.upper()}"
        assert f"| `{written}` |" in table
        assert f"# {written}=" in example


def test_every_permission_in_discord_is_named() -> None:
    from adapters.discord.rights import NEEDED

    listed = re.search(r"and no more: (.*?)\. Open the link", text_of(ROOT / "deploy" / "discord.md"), re.S)
    assert listed is not None
    named = [re.sub(r"\s+", " ", one) for one in re.sub(r"\([^)]*\)", "", listed[1]).split(",")]
    assert [one.strip() for one in named] == [called for called, _ in NEEDED.values()]


@pytest.mark.parametrize("platform", ["slack", "discord"])
def test_what_doctor_complains_of_is_what_it_says(platform: str) -> None:
    section = text_of(ROOT / "deploy" / f"{platform}.md").partition("\n## When `doctor` complains\n")[2]
    told = re.findall(r"^\| `([^`]+)` \|", section.partition("\n## ")[0], re.M)
    code = [*(ROOT / "adapters" / platform).glob("*.py"), ROOT / "bot/settings.py", ROOT / "bot/commands/doctor.py"]
    said = [
        one.value
        for file in code
        for one in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]
    assert len(told) >= 6
    assert [words for words in told if not any(words in one for one in said)] == []


def test_the_words_of_the_core_are_those_of_its_code() -> None:
    words = text_of(ROOT / "bot" / "README.md").partition("\n## Words\n")[2]
    rows = [row for row in words.splitlines()[2:] if row.startswith("| ")]
    assert len(rows) <= 30
    code = "\n".join(file.read_text("utf-8") for file in (ROOT / "bot").rglob("*.py"))
    for name in re.findall(r"\(`(\w+)`\)", "\n".join(rows)):
        assert re.search(rf"^(?:class {name}\b|{name} = )", code, re.M), name


def test_no_line_of_the_files_of_others_is_taught() -> None:
    """What is only measured is taught nowhere, word for word."""

    def plain(text: str) -> str:
        return " ".join(re.findall(r"\w+", text.lower()))

    kept = [ROOT / f"bot/intents/{name}.jsonl" for name in ("utterances", "others", "orders")]
    taught = {plain(json.loads(line)["utterance"]) for file in kept for line in file.read_text("utf-8").splitlines()}
    for hints in (ROOT / "knowledge/scripts").glob("*.hints.toml"):
        taught |= set(map(plain, re.findall(r'^\s*"(.*)",?$', hints.read_text("utf-8"), re.M)))
    rows = [
        json.loads(line)
        for name in ("dev", "held")
        for file in (ROOT / "tests/eval").glob(f"*_{name}.jsonl")
        for line in file.read_text("utf-8").splitlines()
    ]
    asked = {plain(row[name]) for row in rows for name in ("question", "utterance") if name in row}
    asked |= {plain(turn["say"]) for row in rows for turn in row.get("turns", ())}
    # Set phrases of up to three words (“benefit no 4”) are anybody's.
    assert {line for line in asked & taught if len(line.split()) > 3} == set()
