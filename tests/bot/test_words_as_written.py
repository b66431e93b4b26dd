"""What people write is shown as they wrote it: in no flow do their words become a format, lose a part, or a moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from bot.board import Board
from bot.intents import sayings
from bot.markup import (
    Block,
    Code,
    Emphasis,
    Heading,
    Inline,
    Items,
    Link,
    Moment,
    Paragraph,
    Quote,
    Strong,
    Table,
    Verbatim,
    Words,
)
from bot.markup.marks import END, WRITTEN, as_written, moment
from bot.markup.reader import read, read_line
from bot.reply import Ballot, Reply, Text
from bot.turn import Person
from tests.bot.conftest import ANA, BO, HERE, NOON, Talk, choices, saying

NASTY = f"**x** [a](https://evil.example/x_y_z) `c` _e_{END}{WRITTEN}"
EVE = Person("test:eve", NASTY, moderator=True)


def inlines(blocks: Iterable[Block]) -> Iterator[Inline]:
    """All that stands within lines, at any depth."""
    for block in blocks:
        match block:
            case Paragraph(parts) | Heading(parts):
                yield from within(parts)
            case Quote(blocks):
                yield from inlines(blocks)
            case Items(items):
                for item in items:
                    yield from inlines(item)
            case Table(head, rows):
                for row in (head, *rows):
                    for cell in row:
                        yield from within(cell)
            case Code():
                pass


def within(parts: Iterable[Inline]) -> Iterator[Inline]:
    """The same of one line."""
    for part in parts:
        yield part
        if isinstance(part, Strong | Emphasis | Link):
            yield from within(part.parts)


def shown(reply: Reply) -> list[Inline]:
    """What the words of a reply are read as."""
    texts = [one for part in reply.parts if isinstance(part, Text) for one in inlines(read(part.text))]
    notes = [note for part in reply.parts if isinstance(part, Ballot) for note in part.notes]
    return [*texts, *(one for note in notes for one in read_line(note))]


def moments(reply: Reply) -> list[Moment]:
    """The moments in a reply."""
    return [one for one in shown(reply) if isinstance(one, Moment)]


def test_in_no_flow_do_peoples_words_become_a_format(talk: Talk) -> None:
    board = Board(lambda: talk.assistant.keepers, lambda: talk.store)
    drawn: list[Reply] = []

    def say(words: str, **more: object) -> Reply:
        reply = talk.say(words, EVE, **more)  # type: ignore[arg-type]
        drawn.extend(page.reply for page in board.pages("test", talk.now))
        return reply

    draft = {
        "question": f"{NASTY}?",
        "options": f"{NASTY} one\n{NASTY} two",
    }
    opened = say(sayings.order("new"), fields=draft)
    if "Open" in [choice.label for choice in choices(opened)]:
        opened = say(saying(opened, "Open"))
    say(choices(opened)[0].says)
    for words in ("polls", "results", "stop", "save the poll as __x__", "templates", "use template __y__"):
        say(words)
    say("repeat the poll every Monday at 9:00")
    say("schedules")
    say(sayings.order("names", 1))
    say("share the poll")
    say(f"time zone {NASTY}")
    say("time zone __x__")
    say("close the poll")
    say("post a question for the team")
    say(f"answer: {NASTY} and more")
    say("show the replies")
    say("join the leaderboard")
    say("leaderboard")
    say("insights")
    told = [*talk.told, *drawn]
    texts = " ".join(reply.text for reply in told)
    # Each of these flows has shown them.
    assert texts.count("evil.example/x_y_z") > 12
    assert WRITTEN not in texts
    for reply in told:
        for one in shown(reply):
            match one:
                case Link(parts, url):
                    assert "evil" not in url or parts == (Words(url),), reply
                case Strong(parts) | Emphasis(parts):
                    assert not {"x", "e", "y"} & {getattr(part, "text", "") for part in parts}, reply
                case Verbatim(text):
                    assert text != "c", reply


def test_a_reply_keeps_its_links_whole(talk: Talk) -> None:
    talk.say("post a question for the team", ANA)
    talk.say("answer: see https://a.example/x_y_z and", BO)
    assert "“see https://a.example/x_y_z and”" in talk.say("show the replies", ANA).text


def test_a_deadline_is_a_moment(talk: Talk) -> None:
    opened = talk.say("poll: Tea? Yes, No for 2h", ANA)
    (closes,) = moments(opened)
    assert (closes.at - talk.now).total_seconds() == 7200
    assert closes.words in opened.text


@pytest.mark.parametrize("forged", [moment(NOON, "soon"), f"{END}{moment(NOON, 'soon')}{WRITTEN}"])
def test_nobody_can_write_a_moment(talk: Talk, forged: str) -> None:
    assert not any(isinstance(one, Moment) for one in inlines(read(as_written(forged))))
    opened = talk.say(f"poll: {forged}? Yes, {forged}", ANA)
    assert not moments(opened)
    assert not moments(talk.say(f"answer: {forged}", BO, HERE))
