"""The way in: `finops-bot`. Commands are imported when they are called, so that each starts as fast as it can."""

from __future__ import annotations

import importlib
import logging
import os
import secrets
import sys
from collections.abc import Sequence

import click

log = logging.getLogger("bot")

# Answers are many small multiplications in several threads: threads of the library's own would only wait on each other
# (many times as long, measured on a busy machine). It reads this when it is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# command -> the module of `bot.commands` that holds it, and its line in the help
COMMANDS = {
    "chat": ("answers", "Talk with the bot in the terminal."),
    "ask": ("answers", "Answer one question, or many from standard input."),
    "slack": ("serve", "Connect to Slack."),
    "discord": ("serve", "Connect to Discord."),
    "serve": ("serve", "Connect to every platform that has its tokens."),
    "route": ("route", "Say which activity would take an utterance."),
    "ingest": ("sources", "Bring the index up to date."),
    "sources": ("sources", "List what the bot knows."),
    "gaps": ("gaps", "List what people asked that the sources do not cover."),
    "polls": ("polls", "List, show, close and export polls."),
    "insights": ("insights", "Say what people ask, lack and take part in."),
    "usage": ("usage", "Say what the bot has done and cost."),
    "eval": ("eval", "Measure accuracy over question files."),
    "bench": ("bench", "Measure speed, each figure beside its baseline."),
    "backup": ("backup", "Write all that the store holds to a file."),
    "restore": ("backup", "Read a backup into the store."),
    "doctor": ("doctor", "Say what is configured, reachable, missing."),
}
FAILED, USAGE, INTERRUPTED = 1, 2, 130


class Commands(click.Group):
    """Finds a command by name and imports its module only then."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; well ended too when whoever reads its output has had enough."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # Nothing is left to say, and nothing may be flushed. (Further up, click would make a failure of it.)
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(f"bot.commands.{COMMANDS[cmd_name][0]}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in the help, without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Examples:  finops-bot chat  |  finops-bot ask 'What is FinOps?'  |  finops-bot doctor",
)
@click.version_option(package_name="finops-bot", prog_name="finops-bot")
def cli() -> None:
    """Answers questions about FinOps for AI, with its sources."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; ends the process with 0, 1 (failed), 2 (wrong use) or 130 (interrupted)."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code; what is wrong goes to standard error as plain sentences."""
    from bot.settings import SettingsError
    from bot.store import StoreError
    from knowledge.errors import KnowledgeError

    try:
        code = cli.main(args=arguments, standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        return _refuse(f"{error.format_message()} (See finops-bot --help.)")
    except (KnowledgeError, SettingsError, StoreError) as error:
        return _refuse(str(error))
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("Command failed; reference %s", reference)
        click.echo(f"Something went wrong; the log in the bot's home says what (reference {reference}).", err=True)
        return FAILED


def _refuse(sentence: str) -> int:
    click.echo(sentence, err=True)
    return USAGE


if __name__ == "__main__":
    main()
