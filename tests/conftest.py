"""What all tests share: one home, built before the first of them, and the library in it."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from filelock import FileLock

from bot.commands.start import understand
from bot.logs import NAME, OWN, write_logs
from bot.settings import Settings
from tests import commands
from tests.home import HOME, VECTORS, copy_home, load_vectors, prepare, settings_of
from tests.stores import forget_the_disk

if TYPE_CHECKING:
    from bot.intents.understanding import Understanding
    from knowledge.embedder import Vectors
    from knowledge.library import Library

# Where the folder of the home is told to the workers, and to the fixtures of a run without workers.
PREPARED = pytest.StashKey[Path]()


Logged = Callable[[], str]

# As in the program (bot/__main__.py): threads that are woken for each small multiplication take the processors from the
# tests. Nothing that is imported above loads the library that reads it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def quiet(said: str) -> None:
    """Progress that nobody reads."""


# Examples of each property: everyday the same few, in `make trials` many others. How fast they come says nothing, and
# fixtures that are made once for all of them are meant so.
QUIETLY = (hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.function_scoped_fixture)
hypothesis.settings.register_profile(
    "everyday", max_examples=50, derandomize=True, deadline=None, suppress_health_check=QUIETLY
)
hypothesis.settings.register_profile("deep", max_examples=300, deadline=None, suppress_health_check=QUIETLY)
hypothesis.settings.load_profile("everyday")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """A worker is told where the home lies; who has workers sees to it before they start."""
    config = session.config
    told: dict[str, str] | None = getattr(config, "workerinput", None)
    if told is not None:
        config.stash[PREPARED] = Path(told["home"])
    elif config.getoption("tx", None):
        _prepare(config)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Without workers, the home is built when it is known that one of the tests will want it."""
    wanted = any("home" in getattr(item, "fixturenames", ()) for item in session.items)
    if PREPARED not in session.config.stash and wanted:
        _prepare(session.config)


def _prepare(config: pytest.Config) -> None:
    """Have the home ready before the first test and outside of its time limit, with progress that a person sees."""
    if config.option.collectonly:
        return
    capture, reporter = (config.pluginmanager.getplugin(name) for name in ("capturemanager", "terminalreporter"))
    assert capture is not None
    assert reporter is not None
    with capture.global_and_fixture_disabled():
        folder = config.cache.mkdir("home")
        with FileLock(folder.with_suffix(".lock")):  # another run, which deletes what it does not know
            config.stash[PREPARED] = prepare(folder, reporter.write_line)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker where the home lies."""
    node.workerinput["home"] = str(node.config.stash[PREPARED])


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run, and no other run, see."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def home(shared: Path, pytestconfig: pytest.Config) -> Path:
    """A home built from the project's own sources, with the fast model. To change it, take `own_home`."""
    copied = shared / "home"
    with FileLock(shared / "home.lock"):
        if not copied.exists():
            shutil.copytree(pytestconfig.stash[PREPARED] / HOME, shared / "home-draft", dirs_exist_ok=True)
            (shared / "home-draft").rename(copied)
    return copied


@pytest.fixture
def own_home(home: Path, tmp_path: Path) -> Path:
    """A copy of `home` that a test may damage."""
    return copy_home(home, tmp_path / "home")


@pytest.fixture(scope="session")
def library(home: Path) -> Iterator[Library]:
    """The library of `home`, open for reading."""
    from knowledge.embedding_model import DEFAULT_MODEL
    from knowledge.library import open_library

    opened = open_library(home, DEFAULT_MODEL, quiet)
    yield opened
    opened.generation.close()


@pytest.fixture(scope="session")
def known_vectors(pytestconfig: pytest.Config) -> dict[str, Vectors]:
    """The vector of each text that `home` was built from, so that building it again need not wait for the model."""
    return load_vectors(pytestconfig.stash[PREPARED] / VECTORS)


@pytest.fixture(scope="session")
def settings(home: Path) -> Settings:
    """The settings of `home`."""
    return settings_of(home)


@pytest.fixture(scope="session")
def understanding(library: Library, settings: Settings) -> Understanding:
    """What turns are about, learned once a run."""
    return understand(library, settings)


@pytest.fixture
def logged(tmp_path: Path, settings: Settings) -> Iterator[Logged]:
    """All that the log's file holds at DEBUG, of the bot and of every library."""
    own = tmp_path / "logged"
    root, known = logging.getLogger(), [logging.getLogger(name) for name in ("", *OWN)]
    before, raises = ([logger.level for logger in known], [*root.handlers]), logging.raiseExceptions
    write_logs(settings.model_copy(update={"home": own, "log_level": "DEBUG"}))
    (handler,) = root.handlers
    yield lambda: (own / NAME).read_text() if (own / NAME).exists() else ""
    handler.close()
    root.handlers, logging.raiseExceptions = before[1], raises
    for logger, level in zip(known, before[0], strict=True):
        logger.setLevel(level)


@pytest.fixture(scope="session", autouse=True)
def forgotten_disk() -> Iterator[None]:
    """No store in this process waits for the disk, which is most of what a transaction takes."""
    with pytest.MonkeyPatch.context() as patch:
        forget_the_disk(patch)
        yield


@pytest.fixture(scope="session")
def environment() -> Callable[..., dict[str, str]]:
    """The environment of a process of the bot in a home, with whatever else is given."""
    return commands.environment


@pytest.fixture
def bot(home: Path) -> Callable[..., commands.Done]:
    """Runs `finops-bot` in this process, which is what nearly every test of a command needs."""

    def run(*arguments: str, stdin: bytes = b"", at: Path = home, **more: str) -> commands.Done:
        return commands.in_process(arguments, stdin, commands.environment(at, **more))

    return run


@pytest.fixture
def bot_process(home: Path) -> Callable[..., commands.Done]:
    """Runs `finops-bot` in a process of its own, for what only a process shows: a second or two, so take it seldom."""

    def run(*arguments: str, stdin: bytes = b"", at: Path = home, **more: str) -> commands.Done:
        return commands.in_own_process(arguments, stdin, commands.environment(at, **more))

    return run
