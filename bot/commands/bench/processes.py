"""New processes: how long they take until they are of use, and the memory that they need."""

from __future__ import annotations

import inspect
import statistics
import subprocess
import sys
import time

import click

from bot.commands.bench.marks import Mark

PROCESSES = 3


def peak_memory() -> int:
    """The most memory that this process has had, in kilobytes."""
    import resource
    import sys

    try:
        # Linux resets this when a program starts; what getrusage tells includes the process which started it.
        with open("/proc/self/status") as status:
            return int(status.read().split("VmHWM:")[1].split()[0])
    except (OSError, IndexError):
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return used // 1024 if sys.platform == "darwin" else used


# Makes a process tell its peak when it ends; by its source, so that nothing is imported for it.
_WITH_MEMORY = f"""
import atexit, sys
{inspect.getsource(peak_memory)}
atexit.register(lambda: print(peak_memory(), file=sys.stderr))
"""


def measure_cold_starts() -> list[Mark]:
    """New processes: one that answers, one that listens, an ingest with nothing changed, beside the import of what the
    reference model runs on.
    """
    ask = _cold("import bot.__main__ as m; m.run(['ask', 'What is FinOps?'])")
    chat = _cold("import bot.__main__ as m; m.run(['chat'])")
    ingest = _cold("import bot.__main__ as m; m.run(['ingest'])")
    heavy = _cold("import sentence_transformers")
    click.echo(f"{'cold process, median of ' + str(PROCESSES):<40}{'s':>8}{'MB peak':>10}")
    click.echo(f"  {'finops-bot ask':<38}{ask[0]:>8.2f}{ask[1]:>10.0f}")
    click.echo(f"  {'finops-bot chat, until it listens':<38}{chat[0]:>8.2f}{chat[1]:>10.0f}")
    click.echo(f"  {'finops-bot ingest, nothing changed':<38}{ingest[0]:>8.2f}{ingest[1]:>10.0f}")
    click.echo(f"  {'import sentence_transformers':<38}{heavy[0]:>8.2f}{heavy[1]:>10.0f}\n")
    return [
        Mark("cold ask / import of the reference model, s", ask[0] / heavy[0], 0.5, "at most"),
        Mark("cold chat / import of the reference model, s", chat[0] / heavy[0], 0.5, "at most"),
        Mark("idle ingest / import of the reference model, s", ingest[0] / heavy[0], 0.5, "at most"),
        Mark("cold ask / import of the reference model, MB", ask[1] / heavy[1], 1, "at most"),
    ]


def _cold(program: str) -> tuple[float, float]:
    """Seconds and peak megabytes of a new process that runs `program`."""
    seconds, megabytes = [], []
    for _ in range(PROCESSES):
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", _WITH_MEMORY + program],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
        )
        seconds.append(time.perf_counter() - started)
        megabytes.append(int(done.stderr.split()[-1]) / 1_000)
    return statistics.median(seconds), statistics.median(megabytes)
