"""What is shipped to run the bot elsewhere: the container's files, what it installs, and how it begins."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import tomllib
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8")


def loaded(name: str) -> ModuleType:
    """A script of the folder `deploy`, as a module."""
    spec = importlib.util.spec_from_file_location(name, DEPLOY / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # where its dataclasses look for their types
    spec.loader.exec_module(module)
    return module


def pins(file: str) -> set[str]:
    lines = (ROOT / file).read_text("utf-8").splitlines()
    return {line for line in lines if line and not line.startswith("#")}


# --- What is installed to serve ---


def test_serving_installs_the_same_versions_and_no_torch() -> None:
    serving = pins("requirements-serve.lock")
    assert serving < pins("requirements.lock")
    names = {pin.partition("==")[0] for pin in serving}
    assert not names & {"torch", "transformers", "sentence-transformers", "onnx", "scikit-learn"}


def test_serving_lacks_nothing_that_the_project_asks_for_but_what_prepares() -> None:
    lock = loaded("lock")
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    names = {pin.partition("==")[0].replace("-", "_") for pin in pins("requirements-serve.lock")}
    asked = {lock.name_of(one).replace("-", "_").replace(".", "_") for one in wanted}
    prepares = {name.replace("-", "_") for name in lock.PREPARING} - {lock.WEIGHTS.replace("-", "_")}
    assert asked - names == prepares


# --- The image ---


def steps() -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = list(loaded("package").steps(DOCKERFILE))
    return found


def serving_stage() -> list[tuple[str, str]]:
    last = max(place for place, (name, _) in enumerate(steps()) if name == "FROM")
    return steps()[last:]


def test_the_image_runs_as_nobody_in_particular_and_says_how_it_is() -> None:
    stage = serving_stage()
    told = dict(stage)
    user, _, group = told["USER"].partition(":")
    assert int(user) >= 1000
    assert int(group) >= 1000
    assert told["VOLUME"] == "/var/lib/finops-bot"
    assert "/health" in told["HEALTHCHECK"]
    assert not any("pip" in words for name, words in stage if name == "RUN")
    assert re.fullmatch(r"DEBIAN=debian:\d+\.\d+-slim", next(words for name, words in steps() if name == "ARG"))


def test_what_is_copied_into_the_image_is_there_and_is_let_in() -> None:
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").split()
    let_in = {line[1:] for line in ignored if line.startswith("!")}
    copied = [words.split()[:-1] for name, words in steps() if name == "COPY" and "--from" not in words]
    for source in (one for sources in copied for one in sources):
        assert (ROOT / source).exists(), source
        assert source in let_in, source
    assert "*" in ignored, "nothing else is let in, such as the tokens of a .env"


def test_only_the_steps_that_are_known_are_taken() -> None:
    package = loaded("package")
    found = list(package.steps("ARG A=1\n# no\nFROM x AS y\nRUN one \\\n  # no\n  && two\nENV A=1 \\\n    B=2\n"))
    assert found == [("ARG", "A=1"), ("FROM", "x AS y"), ("RUN", "one    && two"), ("ENV", "A=1 B=2")]
    assert package.filled("${A}-${B}", {"A": "1"}) == "1-"
    with pytest.raises(ValueError, match="not known here: ONBUILD"):
        package.Builder(ROOT, ROOT, ()).take("ONBUILD", "RUN x")


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False)])
def test_the_health_check_asks_the_health_page(status: int, healthy: bool) -> None:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/health" else 404)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    _, _, command = dict(serving_stage())["HEALTHCHECK"].partition(" CMD ")
    program, *arguments = json.loads(command)
    assert program == "python3"
    with HTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        told = {**os.environ, "FINOPS_PORT": str(server.server_port)}
        done = subprocess.run([sys.executable, *arguments], env=told, capture_output=True, timeout=PATIENCE)
    assert (done.returncode == 0) == healthy


# --- How the container begins ---


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """Folders as they are in the image, with a bot that says what it is told and where."""
    image = tmp_path / "image"
    (image / "bin").mkdir(parents=True)
    shutil.copy(DEPLOY / "start.sh", image / "bin" / "start")
    for file in ("index/1/texts", "index/current", "models/one/model.onnx", "meaning/a.npz"):
        (image / "prepared" / file).parent.mkdir(parents=True, exist_ok=True)
        (image / "prepared" / file).write_text(f"built {file}")
    bot = image / "path" / "finops-bot"
    bot.parent.mkdir()
    bot.write_text('#!/bin/sh\necho "$PWD: $*"\n')
    bot.chmod(0o755)
    return image


def begun(image: Path, home: Path, *told: str) -> subprocess.CompletedProcess[str]:
    path = f"{image / 'path'}:{os.environ['PATH']}"
    return subprocess.run(
        [image / "bin" / "start", *told],
        env={"PATH": path, "FINOPS_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def held(home: Path) -> dict[str, str]:
    return {str(path.relative_to(home)): path.read_text() for path in sorted(home.rglob("*")) if path.is_file()}


def test_an_empty_volume_gets_what_was_built_and_the_bot_its_words(image: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    done = begun(image, home, "ask", "What is it?")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{home}: ask What is it?\n"
    assert held(home) == held(image / "prepared")
    assert [path.name for path in home.iterdir() if path.name.startswith(".")] == []


def test_what_the_volume_holds_stays_and_a_new_model_is_added(image: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "index" / "7").mkdir(parents=True)
    (home / "index" / "current").write_text("7")
    (home / "models" / "older").mkdir(parents=True)
    assert begun(image, home, "serve").returncode == 0
    assert held(home) == {
        "index/current": "7",
        "meaning/a.npz": "built meaning/a.npz",
        "models/one/model.onnx": "built models/one/model.onnx",
    }


def test_a_volume_that_cannot_be_written_is_told_in_one_line(image: Path, tmp_path: Path) -> None:
    done = begun(image, tmp_path / "nowhere", "serve")
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert "cannot be written to: mount a volume there" in line


# --- Compose and systemd ---


def test_compose_gives_the_bot_no_more_than_it_needs() -> None:
    compose: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    bot, database = compose["services"]["bot"], compose["services"]["database"]
    assert bot["read_only"] is True
    assert bot["cap_drop"] == ["ALL"]
    assert bot["volumes"] == ["home:/var/lib/finops-bot"]
    assert all(port.startswith("127.0.0.1:") for port in bot["ports"])
    assert database["profiles"] == ["postgresql"]
    assert bot["depends_on"]["database"]["required"] is False
    assert (DEPLOY / bot["build"]["context"]).resolve() == ROOT
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert bot["image"] == f"finops-bot:{version}"


def test_the_service_is_held_to_its_own_folder() -> None:
    unit = (DEPLOY / "finops-bot.service").read_text("utf-8").splitlines()
    for line in ("DynamicUser=yes", "ProtectSystem=strict", "StateDirectory=finops-bot", "CapabilityBoundingSet="):
        assert line in unit
    assert any(line.startswith("ExecStart=") and line.endswith("finops-bot serve") for line in unit)
