"""Runs `finops-bot` for a test: in this process, as nearly all tests do, or in its own where that is the point."""

from __future__ import annotations

import gc
import logging
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import chdir
from pathlib import Path
from unittest import mock

from click.testing import CliRunner

from bot.logs import OWN
from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[1]

Done = subprocess.CompletedProcess[bytes]

_OWN = ("FINOPS_", "SLACK_", "DISCORD_", "LC_", "LANG", "PYTEST", "DATABASE_URL")
_KEPT = {name: value for name, value in os.environ.items() if not name.startswith(_OWN)}


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of the bot in a home, with whatever else is given, and nothing else that it reads."""
    return {**_KEPT, "LANG": "C.UTF-8", "FINOPS_HOME": str(home), "PYTHONWARNINGS": "default", **more}


def in_process(arguments: Sequence[str], stdin: bytes, variables: Mapping[str, str]) -> Done:
    """Run a command here: what it wrote, and the code that it would end with. The log and the environment are put back.

    It takes a tenth of the time of a process, most of which is imports. A process shows what this cannot: signals,
    closed pipes, the locale, what is imported.
    """
    from bot.__main__ import run

    root = logging.getLogger()
    handlers, raises, umask = root.handlers, logging.raiseExceptions, os.umask(0o022)
    levels = {logger: logger.level for logger in (root, *map(logging.getLogger, OWN))}
    os.umask(umask)
    patched = mock.patch.dict(os.environ, variables, clear=True)
    with patched, chdir(ROOT), CliRunner().isolation(stdin) as (out, errors, _):
        try:
            code = run(arguments)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for handler in root.handlers:
                if handler not in handlers:
                    handler.close()
            root.handlers = handlers
            for logger, level in levels.items():
                logger.setLevel(level)
            logging.raiseExceptions = raises
            os.umask(umask)
            gc.unfreeze()  # a command is the only thing in its process, and keeps what it has loaded from collection
        return Done(list(arguments), code, out.getvalue(), errors.getvalue())


def in_own_process(arguments: Sequence[str], stdin: bytes, variables: Mapping[str, str]) -> Done:
    """Run a command as a person does: what it wrote, and the code that it ended with."""
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(command, cwd=ROOT, env=variables, input=stdin, capture_output=True, timeout=PATIENCE)
