"""Installs into a virtual environment of its own, and says what it does, how far it is, and what to do if it stops.

Called by the Makefile: install.py FOLDER LOCK. Nothing but Python's own library is needed. It ends with 0, with 1 where
a step failed, with 130 where somebody stopped it.
"""

import signal

# Until there is something to clean up, Ctrl-C ends it without a word.
signal.signal(signal.SIGINT, signal.SIG_DFL)

import importlib.util  # noqa: E402
import os  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

NEEDED = "FinOps Bot needs Python 3.11 or later with venv; name one like this: make PYTHON=python3.12"
if sys.version_info < (3, 11) or importlib.util.find_spec("ensurepip") is None:
    # Whoever has an older Python reads this, so nothing above it may be newer than that.
    sys.exit(NEEDED + " (Debian, Ubuntu: apt install python3-venv)")

FAILED, INTERRUPTED = 1, 130
STOPPED = "Stopped. Run the same command again: what is downloaded already is not downloaded twice."
ADVICE = (
    "That step failed; the lines above say why. Most often the network or the disk (3 GB free) is the reason: run the "
    "same command again when that is mended. On Linux, make ... TORCH_INDEX_URL=... with the CPU index that PyTorch's "
    "own install page shows saves several GB."
)
CREATED = ".created"
# The lock of those who start the bot; others install for checks and tests.
SERVED = "requirements.lock"


class StepFailed(Exception):
    """A step ended with something else than 0."""


def main(venv: Path, lock: Path, torch_index: str) -> None:
    """Take all steps. Raises StepFailed."""
    python, pins = venv / "bin" / "python", lock.read_text("utf-8").splitlines()
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install"]
    packages = sum(1 for pin in pins if "==" in pin)
    torch = next((pin.split(" ")[0] for pin in pins if pin.startswith("torch==")), "")
    steps = [
        (f"a virtual environment in {venv}", [sys.executable, "-m", "venv", "--clear", str(venv)]),
        (f"PyTorch for the CPU, {torch}", [*pip, "--no-deps", "--index-url", torch_index, torch]),
        (f"{packages} packages, about 2 GB; some minutes", [*pip, "-r", str(lock)]),
        ("the bot itself", [*pip, "--no-deps", "-e", "."]),
    ]
    if (venv / CREATED).exists():
        del steps[0]
    if not torch_index:
        steps = [step for step in steps if "--index-url" not in step[1]]
    for place, (told, command) in enumerate(steps, start=1):
        print(f"Step {place} of {len(steps)}: {told} ... (Ctrl-C stops it)", file=sys.stderr, flush=True)
        take(command)
        if "venv" in command:
            (venv / CREATED).touch()
    after = " The first start also builds an index, which takes a few minutes more." if lock.name == SERVED else ""
    print(f"Installed.{after}", file=sys.stderr)


def take(command: list[str]) -> None:
    """Run one step, with nothing to read and all that it writes on standard error. Raises StepFailed."""
    # A step that is only being started cannot be ended: a stop that comes meanwhile is remembered until it runs.
    early: list[int] = []
    hear(lambda number, _: early.append(number))
    # In a session of its own, so that Ctrl-C comes here alone, and pip has no part in what is said then.
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=2, start_new_session=True)
    try:
        hear(interrupt)
        if early:
            raise KeyboardInterrupt
        code = process.wait()
    except KeyboardInterrupt:
        hear(signal.SIG_IGN)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    if code:
        raise StepFailed


def hear(done: Any) -> None:
    """What is done when somebody stops this process."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, done)


def interrupt(*_: object) -> None:
    """Whoever ends this process ends its step as well."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    try:
        hear(interrupt)
        main(Path(sys.argv[1]), Path(sys.argv[2]), os.environ.get("TORCH_INDEX_URL", ""))
    except KeyboardInterrupt:
        print(f"\n{STOPPED}", file=sys.stderr, flush=True)
        os._exit(INTERRUPTED)
    except StepFailed:
        print(f"\n{ADVICE}", file=sys.stderr)
        sys.exit(FAILED)
