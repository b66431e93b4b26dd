"""The home is its owner's alone: nobody else of the machine reads what people said, whatever the umask is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

# What the bot itself writes into a home, and the folders for what people drop in.
OWN = ("chat-history", "finops-bot.log*", "index", "meaning", "models", "secret", "store.db*")
PEOPLES = frozenset({"scripts", "handbook"})
# What those who are not the owner could do with a file or a folder.
OTHERS = 0o077


def keep_private(home: Path) -> None:
    """Have all that this process makes be its owner's alone, and what an earlier version left in the home as well.

    A folder that holds other things than the bot's is left as it is.
    """
    os.umask(OTHERS)
    with suppress(OSError):
        if not home.stat().st_mode & OTHERS:
            return
        own = {path for pattern in OWN for path in home.glob(pattern)}
        for path in own:
            for held in (path, *path.rglob("*")):
                _close(held)
        if own and own >= {path for path in home.iterdir() if path.name not in PEOPLES}:
            _close(home)


def open_to_others(home: Path) -> Iterator[Path]:
    """What of a home others of the machine may look into: the folder, and where it is open, what lies in it."""
    if home.stat().st_mode & OTHERS:
        yield home
        own = sorted(path for pattern in OWN for path in home.glob(pattern))
        yield from (path for path in own if path.lstat().st_mode & OTHERS)


def _close(path: Path) -> None:
    """Take from others what they could do with it, where it is ours."""
    if not path.is_symlink():
        with suppress(OSError):
            path.chmod(path.stat().st_mode & ~OTHERS & 0o7777)
