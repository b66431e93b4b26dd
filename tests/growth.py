"""How the time of reading grows with the length of what is read: every pattern, and texts that slow one.

Python's patterns try again from every place, so a text made for one can hold the interpreter for minutes. A pattern is
attacked with long repeats of what it is made of. CPU time is counted, and the least of several runs: a busy machine
adds to it, and takes nothing from it.
"""

from __future__ import annotations

import ast
import functools
import gc
import importlib
import random
import re
import signal
import time
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

from bot.intents.talk.forms import END as END_OF_FORM

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "knowledge", "adapters")
# How a pattern is applied: the rest of its methods come down to these.
APPLIED: dict[str, Callable[[re.Pattern[str], str], object]] = {
    "match": lambda pattern, text: pattern.match(text),
    "fullmatch": lambda pattern, text: pattern.fullmatch(text),
    "search": lambda pattern, text: sum(1 for _ in pattern.finditer(text)),
}
_ALIKE = {**dict.fromkeys(("sub", "subn", "split", "findall", "finditer", "search"), "search")}
_ALIKE |= {"match": "match", "fullmatch": "fullmatch"}
# Lengths in characters: each doubling up to the last may triple the time.
SHORTER, LONG = (500, 1_000, 2_000), 4_000
# Seconds of CPU below which no pattern is looked at more closely: what is quadratic takes longer at 4,000 characters.
FLOOR = 0.004
# Seconds of CPU after which something at 300 characters is taken for exponential.
PATIENCE = 0.5
# Seconds of CPU after which what could not be stopped is stopped again.
AGAIN = 0.01
# What follows the repeats, so that nothing matches to the end.
ENDS = ("", "\x00", "zzz!", "\n x")
_SEPARATORS = (*" ,.-_'\"/:%(<@|`?!1a", "\n", ", ")

_parser: Any = importlib.import_module("re._parser")
_codes: Any = importlib.import_module("re._constants")


@dataclass(frozen=True)
class Used:
    """A pattern, where it stands, and how it is applied."""

    where: str
    pattern: re.Pattern[str]
    applied: frozenset[str]


# --- Finding every pattern ---


def every_pattern() -> list[Used]:
    """Every pattern of the packages, each once; in a test's time nothing else is compiled."""
    found: dict[re.Pattern[str], Used] = {}
    written = {name: path.read_text("utf-8") for name, path in _modules()}
    trees = {name: ast.parse(text) for name, text in written.items() if "import re\n" in text or "set_form" in text}
    for name, tree in trees.items():
        module = importlib.import_module(name)
        named = _methods(tree)
        for at, value in vars(module).items():
            for pattern in _held(value, set()):
                applied = named.get(at, set(APPLIED))
                if pattern.pattern.endswith(END_OF_FORM):
                    applied = {"fullmatch"}
                before = found[pattern].applied if pattern in found else frozenset()
                found[pattern] = Used(f"{name}.{at}", pattern, before | applied)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and (method := _method_of_re(node.func)):
                pattern = re.compile(eval(ast.unparse(node.args[0]), vars(module)), _flags(node, module))
                found.setdefault(pattern, Used(f"{name}:{node.lineno}", pattern, frozenset({method})))
    return list(found.values())


def _modules() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            if ".migrations." not in name and not name.endswith("__main__"):
                yield name, path


def _method_of_re(called: ast.expr) -> str | None:
    """How `re.search` and the like apply a pattern; None for what else is called, as `re.compile`."""
    of_re = isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "re"
    return _ALIKE.get(called.attr) if of_re and isinstance(called, ast.Attribute) else None


def _flags(call: ast.Call, module: types.ModuleType) -> int:
    given = [*call.args[1:], *(keyword.value for keyword in call.keywords)]
    return sum(int(eval(ast.unparse(one), vars(module))) for one in given if re.match(r"re\.[A-Z]", ast.unparse(one)))


def _methods(tree: ast.Module) -> dict[str, set[str]]:
    """How each name of a module is applied there."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in _ALIKE:
            found.setdefault(node.value.id, set()).add(_ALIKE[node.attr])
    return found


def _held(value: object, seen: set[int]) -> Iterator[re.Pattern[str]]:
    """The patterns that something holds, however deep."""
    if isinstance(value, str | bytes | type | types.ModuleType) or id(value) in seen:
        return
    seen.add(id(value))
    inner: list[object] = []
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        inner = [*value, *value.values()]
    elif isinstance(value, tuple | list | set | frozenset):
        inner = [*value]
    elif isinstance(value, types.FunctionType):
        inner = [cell.cell_contents for cell in value.__closure__ or ()]
    elif isinstance(value, functools.partial):
        inner = [value.func, value.args]
    elif is_dataclass(value):
        inner = [getattr(value, field.name) for field in fields(value)]
    for one in inner:
        yield from _held(one, seen)


# --- Making texts that are hard for one ---


@dataclass(frozen=True)
class Attack:
    """A text of any length: a beginning, then a repeat of something, then an end."""

    beginning: str
    repeat: str
    end: str = ""

    def text(self, length: int) -> str:
        """The text, of so many characters before its end."""
        return (self.beginning + self.repeat * (length // len(self.repeat) + 1))[:length] + self.end


def attacks(pattern: re.Pattern[str], rounds: int, ends: tuple[str, ...] = ENDS) -> Iterator[Attack]:
    """Repeats of what a pattern is made of: of its own matches, of parts of them, of its literals with separators."""
    chance = random.Random(ascii(pattern.pattern))
    tree = _parser.parse(pattern.pattern, pattern.flags)
    repeats = dict.fromkeys(("", one) for one in (" ", "a", "1"))
    literals: list[str] = []
    for _ in range(rounds):
        pieces: list[tuple[str, str]] = []
        whole = _spelled(tree, chance, pieces)
        literals += [whole, *whole.split()]
        for beginning, body in pieces:
            repeats |= dict.fromkeys([("", body), (beginning, body), ("", beginning)])
        for piece in (whole, whole[: chance.randint(0, len(whole))], chance.choice(literals or ["a"])):
            repeats |= dict.fromkeys([("", piece), ("", piece + chance.choice(_SEPARATORS))])
        repeats[chance.choice(["", whole]), chance.choice(_SEPARATORS) + chance.choice(_SEPARATORS)] = None
    for beginning, repeat in repeats:
        if repeat:
            yield from (Attack(beginning, repeat, end) for end in ends)


def _spelled(tree: Any, chance: random.Random, pieces: list[tuple[str, str]]) -> str:
    """A text that the pattern matches, but for what it looks at around it; `pieces` gets what may come many times."""
    said = ""
    for code, held in tree:
        if code is _codes.LITERAL:
            said += chr(held)
        elif code is _codes.NOT_LITERAL:
            said += "a" if held != ord("a") else "b"
        elif code is _codes.ANY:
            said += chance.choice("a ,1")
        elif code is _codes.IN:
            said += _one_of(held, chance)
        elif code is _codes.BRANCH:
            said += _spelled(chance.choice(held[1]), chance, pieces)
        elif code is _codes.SUBPATTERN:
            said += _spelled(held[3], chance, pieces)
        elif code is _codes.ATOMIC_GROUP:
            said += _spelled(held, chance, pieces)
        elif code is _codes.ASSERT and (held[0] < 0 or chance.random() < 0.5):
            said += _spelled(held[1], chance, [])
        elif code in (_codes.MAX_REPEAT, _codes.MIN_REPEAT, _codes.POSSESSIVE_REPEAT):
            least, most, body = held
            if most >= 8:
                pieces.append((said, "".join(_spelled(body, chance, []) for _ in range(chance.randint(1, 3)))))
            for _ in range(chance.randint(least, min(most, least + 2))):
                said += _spelled(body, chance, pieces)
    return said


_SEEN = " a1,.\n-:'\"?!/xA_" + "".join(map(chr, range(33, 127))) + "\u2019\u20ac\u2013\u0300\t"


def _one_of(held: Any, chance: random.Random) -> str:
    single = next((chr(value) for code, value in held if code is _codes.LITERAL), "a")
    within = re.compile(_class(held))
    fitting = [one for one in _SEEN if within.match(one)] or [single]
    return chance.choice(fitting[:4] if chance.random() < 0.7 else fitting)


def _class(held: Any) -> str:
    """A class of characters, written again."""
    written = ""
    for code, value in held:
        if code is _codes.NEGATE:
            written += "^"
        elif code is _codes.LITERAL:
            written += re.escape(chr(value))
        elif code is _codes.RANGE:
            written += f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
        elif code is _codes.CATEGORY:
            written += _CATEGORIES[str(value)]
    return f"[{written}]"


_CATEGORIES = {
    f"CATEGORY_{'NOT_' * negative}{name}": f"\\{letter.upper() if negative else letter}"
    for name, letter in (("SPACE", "s"), ("WORD", "w"), ("DIGIT", "d"))
    for negative in (False, True)
}


# --- Counting ---


class _TooLong(Exception):
    """Something was stopped."""


def _stop(_: int, frame: types.FrameType | None) -> None:
    """Stop what is under way; while a finalizer runs, which lets nothing out, the timer comes again."""
    while frame is not None:
        if frame.f_code.co_name == "__del__":
            return
        frame = frame.f_back
    raise _TooLong


def spent(read: Callable[[str], object], text: str) -> float:
    """Seconds of CPU that reading a text takes; PATIENCE where it took longer, and was stopped."""
    before = signal.signal(signal.SIGVTALRM, _stop)
    collecting = gc.isenabled()
    gc.disable()  # what is called by the collector lets nothing out either
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE, AGAIN)
    start = time.thread_time()
    try:
        read(text)
        return time.thread_time() - start
    except _TooLong:
        return PATIENCE
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
        if collecting:
            gc.enable()


def too_much(read: Callable[[str], object], attack: Attack, floor: float = FLOOR) -> str | None:
    """How the time grew, where it grew too much; None where it did not, or is not worth a look.

    It grew too much where it did so from each of the shorter lengths: a text that is read in another way from some
    length on takes longer from there, and grows no faster for that.
    """
    for length in (60, 300):
        if (taken := spent(read, attack.text(length))) >= PATIENCE:
            return f"{taken:.1f} s for {length} characters"
    whole = attack.text(LONG)
    if spent(read, whole) < floor:
        return None
    grown = []
    for shorter in SHORTER:
        part, most = attack.text(shorter), 3 ** ((LONG // shorter).bit_length() - 1)
        for _ in range(3):  # a busy machine adds to what is counted: the least of five is right, or is looked at again
            long, brief = (min(spent(read, text) for _ in range(5)) for text in (whole, part))
            if long < max(floor, most * brief):
                return None
        grown.append(f"{long / brief:.0f} times that for {shorter}")
    return f"{long * 1000:.1f} ms for {LONG} characters, {', '.join(grown)}"
