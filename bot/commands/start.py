"""What most commands begin with: settings, the log, progress for a person, and the library."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import click

from bot.logs import write_logs
from bot.settings import Settings, read_settings

if TYPE_CHECKING:
    from bot.assistant import Assistant
    from knowledge.library import Library


def start() -> Settings:
    """Read the settings and start the log. Raises SettingsError."""
    settings = read_settings()
    write_logs(settings)
    return settings


def show_progress(message: str) -> None:
    """Tell a person what is under way, on standard error."""
    click.echo(f"{message} ...", err=True)


def open_library(settings: Settings) -> Library:
    """The library, brought up to date first. Raises KnowledgeError."""
    # All that is loaded here stays: looking through it for garbage again and again costs a fifth of a cold start.
    gc.disable()
    try:
        from knowledge.library import open_library

        library = open_library(settings.home, settings.embedding_model, show_progress)
    finally:
        gc.freeze()
        gc.enable()
    for warning in library.report.warnings:
        click.echo(f"Warning: {warning}", err=True)
    return library


def make_assistant(library: Library) -> Assistant:
    """The assistant with all its activities, in the order in which they are asked."""
    from bot.activities import Activity
    from bot.activities.help import Help
    from bot.activities.questions import Questions
    from bot.assistant import Assistant

    activities: list[Activity] = [Help(), Questions(library)]
    return Assistant(activities)
