"""How many statements each kind of turn takes: what surrounds an answer must not cost more than the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event

from bot.turn import Turn
from tests.bot.conftest import ANA, BO, HERE, NOON, Talk


@contextmanager
def counting(talk: Talk) -> Iterator[list[str]]:
    """The statements that the store sends meanwhile, each BEGIN among them."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith("PRAGMA"):
            sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def hear(talk: Talk, words: str, number: int) -> None:
    """Have a turn heard."""

    async def heard() -> None:
        turn = Turn(f"test:{number}", HERE, BO if number % 2 else ANA, words, NOON)
        assert [reply async for reply in talk.assistant.hear(turn)]

    asyncio.run(heard())


# So many of each kind, each BEGIN among them; once, they were 20 and more. A question is claimed and its scene read in
# one transaction (BEGIN, the claim, what is there, what was said, if anything), and kept in another (BEGIN, the event,
# what was said, what was answered). The first of a minute also looks for what is old.
MOST = {
    "What is FinOps?": 8,
    "help": 8,
    "savings": 8,
    "quiz me": 13,
    "60%": 13,
}


def test_each_kind_of_turn_takes_few_statements(talk: Talk) -> None:
    taken = {}
    for number, words in enumerate(MOST):
        with counting(talk) as sent:
            hear(talk, words, number * 2)
        taken[words] = len(sent)
    assert {words: count for words, count in taken.items() if count > MOST[words]} == {}
