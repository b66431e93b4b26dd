"""Arithmetic as a row of the table writes it: names of inputs, numbers, + - * / abs() and brackets; nothing else."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext

# Enough for any figures below the limit: what is rounded is rounded at the end.
_DIGITS = 100
_OPERATIONS: Mapping[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: lambda one, other: one + other,
    ast.Sub: lambda one, other: one - other,
    ast.Mult: lambda one, other: one * other,
    ast.Div: lambda one, other: one / other,
}
_PIECE = re.compile(r"[a-z_]+|[0-9.]+|[*]")
_NAME = re.compile(r"[a-z_]+(?![a-z_(])")


@dataclass(frozen=True)
class Expression:
    """An expression over inputs, by their names."""

    text: str

    def __post_init__(self) -> None:
        _check(ast.parse(self.text, mode="eval").body, self.text)

    @property
    def names(self) -> frozenset[str]:
        """The inputs that it takes."""
        return frozenset(_NAME.findall(self.text))

    def value(self, values: Mapping[str, Decimal]) -> Decimal:
        """What it comes to, not rounded. Raises KeyError for a name without a value, decimal.DivisionByZero."""
        with localcontext(prec=_DIGITS):
            return _value(ast.parse(self.text, mode="eval").body, values)

    def told(self, names: Mapping[str, str]) -> str:
        """The expression as people read it, with what stands for each name."""

        def piece(match: re.Match[str]) -> str:
            found = match[0]
            if found == "*":
                return "×"
            return names.get(found, found) if found[0].isalpha() else f"{Decimal(found):,f}"

        return _PIECE.sub(piece, self.text)


def _check(node: ast.expr, text: str) -> None:
    """Raises ValueError where something else than arithmetic stands in an expression."""
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        _check(node.left, text)
        _check(node.right, text)
    elif isinstance(node, ast.Call) and ast.unparse(node.func) == "abs" and len(node.args) == 1:
        _check(node.args[0], text)
    elif not isinstance(node, ast.Name) and not (isinstance(node, ast.Constant) and type(node.value) in (int, float)):
        raise ValueError(f"{text!r} holds something else than names, numbers, + - * / abs() and brackets")


def _value(node: ast.expr, values: Mapping[str, Decimal]) -> Decimal:
    match node:
        case ast.BinOp(left, operation, right):
            return _OPERATIONS[type(operation)](_value(left, values), _value(right, values))
        case ast.Call(_, [argument]):
            return abs(_value(argument, values))
        case ast.Name(name):
            return values[name]
        case ast.Constant(number):
            return Decimal(str(number))
        case _:
            raise AssertionError("checked when it was made")
