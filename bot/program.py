"""The program's first and last moments: a sign of life before anything is loaded, and an end without a word of Python.

Nothing is imported here that takes time.
"""

from __future__ import annotations

import os
import signal
import sys

TYPE_CHECKING = False  # that of `typing`, which takes a while to load
if TYPE_CHECKING:
    from types import FrameType
    from typing import NoReturn

INTERRUPTED = 130
# Below the terminal's own "^C".
STOPPED = "\nStopped. Nothing is lost: run the same command again.\n"
# Commands that load the library before there is anything to see.
SLOW = frozenset({"ask", "chat", "discord", "insights", "serve", "slack", "sources"})


def main() -> NoReturn:
    """Run the command line as a program; ends the process with 0, 1 (failed), 2 (wrong use) or 130 (interrupted)."""
    signal.signal(signal.SIGINT, end)
    from bot.commands.sign import sign_for

    sign = sign_for(sys.stderr)
    if SLOW.intersection(sys.argv[1:2]) and not {"-h", "--help"}.intersection(sys.argv):
        sign.begin()
    from bot.__main__ import run

    code = run(sign=sign)
    sign.clear()
    signal.signal(signal.SIGINT, end)
    sys.exit(code)


def end(number: int, frame: FrameType | None) -> None:
    """End the process at once, in whatever library it is: what is half done is thrown away at the next start.

    Where something has to be ended first, as in a talk, its own handler takes over.
    """
    if sys.stderr is not None and sys.stderr.isatty():
        os.write(2, STOPPED.encode())
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    main()
