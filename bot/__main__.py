"""The way in: `finops-bot`. Commands are imported when they are called, so that each starts as fast as it can."""

from __future__ import annotations

import contextlib
import errno
import importlib
import io
import logging
import os
import secrets
import sys
from collections.abc import Sequence

import click
from click.shell_completion import CompletionItem

from bot.commands.sign import Sign, shown_by

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
EPILOG = """\b
Examples:
  finops-bot chat
  finops-bot ask what is showback
  finops-bot doctor

\b
Completion in bash (in zsh and fish with their names):
  eval "$(_FINOPS_BOT_COMPLETE=bash_source finops-bot)"
"""
FAILED, USAGE, INTERRUPTED = 1, 2, 130
FULL = (errno.ENOSPC, errno.EDQUOT)
# What a folder or a disk refuses, however often it is tried.
REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EISDIR)


class Commands(click.Group):
    """Finds a command by name and imports its module only then."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; well ended too when whoever reads its output has had enough."""
        try:
            code = super().invoke(ctx)
            if sys.stdout is not None:
                sys.stdout.flush()  # what cannot be written is known here
            return code
        except BrokenPipeError:
            # Nothing is left to say, and nothing may be flushed. (Further up, click would make a failure of it.)
            _drop_output()
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

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """What a shell may complete, without importing any command either."""
        named = [CompletionItem(name, help=line) for name, (_, line) in COMMANDS.items() if name.startswith(incomplete)]
        return [*named, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in the help, without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EPILOG,
)
@click.version_option(package_name="finops-bot", prog_name="finops-bot")
def cli() -> None:
    """Answers questions about FinOps for AI, with its sources."""


def main() -> None:
    """Run the command line as a program (see `bot.program`)."""
    from bot.program import main as program

    program()


def run(arguments: Sequence[str] | None = None, sign: Sign | None = None) -> int:
    """Run the command line and return the exit code; what is wrong goes to standard error as plain sentences.

    `sign` is what says that the command has begun, and is cleared before anything else is said.
    """
    from bot.settings import SettingsError
    from bot.store import StoreError
    from knowledge.errors import KnowledgeError

    sign = sign or Sign()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # What a terminal cannot write becomes "?" rather than the end of the answer. JSON is written as UTF-8.
            stream.reconfigure(errors="replace")
    try:
        with shown_by(sign):
            code = cli.main(args=arguments, standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        return _refuse(f"{error.format_message()} (See finops-bot --help.)", sign)
    except (KnowledgeError, SettingsError, StoreError) as error:
        return _refuse(str(error), sign)
    except (KeyboardInterrupt, click.Abort):
        sign.clear()
        return INTERRUPTED
    except Exception as error:
        if isinstance(error, OSError) and (said := _of_system(error)):
            return _refuse(said, sign, FAILED if error.errno in FULL else USAGE)
        reference = secrets.token_hex(4)
        log.exception("Command failed; reference %s", reference)
        return _refuse(
            f"Something went wrong; the log in the bot's home says what (reference {reference}).", sign, FAILED
        )


def _of_system(error: OSError) -> str | None:
    """What a person can do about a failure of the system, None where nothing is known."""
    named = error.filename if isinstance(error.filename, str) else None
    if error.errno in FULL:
        if named is None:
            _drop_output()
        place = named or "where standard output goes, or the bot's home"
        return f"The disk is full ({place}): make room there, then run the same command again."
    if error.errno in REFUSED and named:
        return (
            f"{named} cannot be used ({error.strerror}): give yourself the right to read and write it, or set "
            "FINOPS_HOME to a folder of yours where it is the bot's home."
        )
    return None


def _refuse(sentence: str, sign: Sign, code: int = USAGE) -> int:
    sign.clear()
    click.echo(sentence, err=True)
    return code


def _drop_output() -> None:
    """Nothing more can be written to standard output, not even at the end of the process."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
