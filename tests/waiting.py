"""Waiting for a state, however busy the machine: the end of a wait says only that something hangs."""

from __future__ import annotations

import time
from collections.abc import Callable

# Seconds. Hundreds of times what anything waited for takes on a quiet machine.
PATIENCE = 120.0


def until(holds: Callable[[], object], what: str, within: float = PATIENCE) -> None:
    """Come back when `holds()` is true. Raises AssertionError with `what` was waited for when it never is."""
    end = time.monotonic() + within
    while not holds():
        assert time.monotonic() < end, f"waited {within:.0f} seconds for {what}"
        time.sleep(0.01)
