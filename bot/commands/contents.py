"""All that is wrong with the content of a home, at once: scripts, the files beside them, quiz questions, handbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from knowledge.script import Problem, Script


@contextmanager
def telling_all_that_is_wrong(home: Path) -> Iterator[None]:
    """Where the content of a home cannot be read, tell what is wrong with all of its files, not with the first kind."""
    try:
        yield
    except KnowledgeError as error:
        from knowledge.script import ScriptError

        if not isinstance(error, ScriptError):
            raise
        raise ScriptError(problems_of(home) or error.problems) from error


def problems_of(home: Path) -> list[Problem]:
    """Everything that keeps the content of a home from being read, file by file; [] where all of it can be."""
    from knowledge.bank.reader import ENDING, read_banks, subject_of
    from knowledge.ingest import OWN_SCRIPTS, read_library, read_whole_handbook
    from knowledge.script import ScriptError

    folders = [OWN_SCRIPTS, home / "scripts"]
    found: list[Problem] = []
    try:
        read_library(home)
    except ScriptError as error:
        found += error.problems
    # What a bank may name of a script is known only once that can be read.
    unread = {f"{Path(one.file).stem.removesuffix('.authored')}{ENDING}" for one in found}
    try:
        read_banks(folders, map(subject_of, _sound(folders)))
    except ScriptError as error:
        found += [one for one in error.problems if one.file not in unread or "nothing of the name" not in one.text]
    try:
        read_whole_handbook(home)
    except ScriptError as error:
        found += error.problems
    return found


def _sound(folders: Sequence[Path]) -> Iterator[Script]:
    """The scripts that can be read, one a slug."""
    from knowledge.script import ScriptError
    from knowledge.script.parser import files_in, read_script, script_slug

    known: set[str] = set()
    for path in [path for folder in folders for path in files_in(folder, ".txt")]:
        with suppress(ScriptError):
            if script_slug(path) not in known:
                known.add(script_slug(path))
                yield read_script(path)
