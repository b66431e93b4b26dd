"""Rules of commands that Discord's specification does not state, but Discord enforces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Object = Mapping[str, Any]

# How many commands of a kind there may be.
MOST = {1: 100, 2: 5, 3: 5}
SAID = 1
SUBCOMMAND, GROUP = 1, 2
# The characters of a command's names, descriptions and values, with all that lies in it.
CHARACTERS = 8000


def command_problems(commands: Sequence[Object]) -> list[str]:
    """What is wrong with commands that are registered together."""
    kinds = Counter(_kind(command) for command in commands)
    wrong = [
        f"there are {count} commands of type {kind}" for kind, count in kinds.items() if count > MOST.get(kind, 100)
    ]
    for (kind, name), times in Counter((_kind(command), command["name"]) for command in commands).items():
        if times > 1:
            wrong.append(f"the command {name!r} of type {kind} stands there {times} times")
    for command in commands:
        wrong += [f"/{command['name']}: {problem}" for problem in _of_command(command)]
    return wrong


def _of_command(command: Object) -> Iterator[str]:
    if _kind(command) == SAID:
        yield from _name_problems(command["name"])
        if not command.get("description"):
            yield "a command that is typed needs a description"
        yield from _option_problems(command)
    elif command.get("description") or command.get("options"):
        yield "a command of a menu has neither a description nor options"
    if (size := _size(command)) > CHARACTERS:
        yield f"it has {size} characters in all, more than {CHARACTERS}"


def _option_problems(holder: Object) -> Iterator[str]:
    options = holder.get("options") or ()
    for name, times in Counter(option["name"] for option in options).items():
        if times > 1:
            yield f"the option {name!r} stands there {times} times"
    nested = [option["type"] in (SUBCOMMAND, GROUP) for option in options]
    if any(nested) and not all(nested):
        yield "sub-commands stand beside options"
    asked = [bool(option.get("required")) for option in options]
    if asked != sorted(asked, reverse=True):
        yield "an option that is needed stands behind one that is not"
    for option in options:
        yield from _name_problems(option["name"])
        if option.get("autocomplete") and option.get("choices"):
            yield f"the option {option['name']!r} has choices and completes what is typed"
        for least, most in (("min_value", "max_value"), ("min_length", "max_length")):
            if option.get(least) is not None and option.get(most) is not None and option[least] > option[most]:
                yield f"the option {option['name']!r} has a {least} above its {most}"
        yield from _option_problems(option)


def _name_problems(name: str) -> Iterator[str]:
    if name != name.lower() or not all(letter.isalnum() or letter in "-_'" for letter in name):
        yield f"{name!r} is no name: small letters, digits, hyphens and underscores only"


def _size(named: Object) -> int:
    own = len(named["name"]) + len(named.get("description") or "")
    choices = sum(len(choice["name"]) + len(str(choice["value"])) for choice in named.get("choices") or ())
    return own + choices + sum(_size(option) for option in named.get("options") or ())


def _kind(command: Object) -> int:
    return int(command.get("type") or SAID)
