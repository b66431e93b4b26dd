"""The program's first and last moments: a sign of life before anything is loaded, and an end without a word of Python.

Nothing is imported here that takes time.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from bot.commands.sign import CLEARED, sign_for

if TYPE_CHECKING:
    from types import FrameType

INTERRUPTED = 130
STOPPED = "Stopped. Nothing is lost: run the same command again.\n"
# Commands that load the library before there is anything to see.
SLOW = frozenset({"ask", "chat", "discord", "insights", "serve", "slack", "sources"})


def main() -> NoReturn:
    """Run the command line as a program; ends the process with 0, 1 (failed), 2 (wrong use) or 130 (interrupted)."""
    # Ctrl-C ends it at once, in whatever library it is: what is half done is thrown away at the next start. Where
    # something has to be ended, as in a talk, its own handler takes over.
    interrupted = _ending()
    signal.signal(signal.SIGINT, interrupted)
    sign = sign_for(sys.stderr)
    if SLOW.intersection(sys.argv[1:2]) and not {"-h", "--help"}.intersection(sys.argv):
        sign.begin()
    from bot.__main__ import run

    code = run(sign=sign)
    sign.clear()
    signal.signal(signal.SIGINT, interrupted)
    sys.exit(code)


def _ending() -> Callable[[int, FrameType | None], None]:
    seen = sys.stderr is not None and sys.stderr.isatty()
    told = (("" if os.environ.get("TERM") == "dumb" else CLEARED) + STOPPED).encode() if seen else b""

    def end(number: int, frame: FrameType | None) -> None:
        os.write(2, told)
        os._exit(INTERRUPTED)

    return end


if __name__ == "__main__":
    main()
