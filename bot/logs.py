"""Where the log goes: a file in the bot's home, so that a person in the terminal sees answers only."""

from __future__ import annotations

import logging
import os
from logging.handlers import RotatingFileHandler

from bot.settings import Settings

NAME = "finops-bot.log"


def write_logs(settings: Settings) -> None:
    """Send the log to the home's file; nowhere where that cannot be written."""
    # The libraries below would print bars and notes of their own into a conversation.
    os.environ.setdefault("TQDM_DISABLE", "1")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    root = logging.getLogger()
    root.setLevel(settings.log_level)
    handler: logging.Handler = logging.NullHandler()
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            settings.home / NAME, maxBytes=1_000_000, backupCount=3, encoding="utf-8", delay=True
        )
    except OSError:
        pass  # what needs the home will say that it cannot be written
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.handlers = [handler]
