"""Marks: what a figure has to reach, as a ratio to a baseline of the same run, so that it holds on any machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import click


@dataclass(frozen=True)
class Mark:
    """A figure and its limit, both without a unit."""

    name: str
    figure: float
    limit: float
    bound: Literal["at most", "at least"]

    @property
    def is_reached(self) -> bool:
        """Whether the figure keeps to its limit."""
        return self.figure <= self.limit if self.bound == "at most" else self.figure >= self.limit


def show_marks(marks: Sequence[Mark]) -> None:
    """All marks of a run, a line each."""
    click.echo(f"{'marks of this run':<50}{'ratio':>8}{'to reach':>16}")
    for mark in marks:
        missed = "" if mark.is_reached else "  MISSED"
        click.echo(f"  {mark.name:<48}{mark.figure:>8.2f}{f'{mark.bound} {mark.limit:g}':>16}{missed}")
