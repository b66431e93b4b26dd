"""The leaderboard: who wants to be seen in it, by how much was right at the first try, never by speed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from bot.activities import Heard
from bot.intents import sayings
from bot.markup.marks import as_written
from bot.markup.visible import cut
from bot.reply import Choice, Choices, Part, Reply, Text
from bot.store import Score
from bot.store.keys import person_of

if TYPE_CHECKING:
    from bot.store.records import Records

# So many questions somebody has answered before they are ranked.
LEAST = 3
# So many are shown.
SHOWN = 20
LONGEST_NAME = 40
NOTHING = "You have not answered a quiz here yet, so there is nothing to count."


def standings(heard: Heard, records: Records) -> Reply:
    """Those who joined here, and one's own result, which nobody else sees."""
    turn = heard.turn
    names, scores = records.leaderboard.names(turn.room), records.leaderboard.scores(turn.room)
    me = person_of(turn.person)
    mine = scores.get(me, Score())
    parts: list[Part] = [Text(_own(mine))]
    if names:
        parts.append(Text("\n".join(_board(names, scores))))
    offered = [
        Choice("Leave the leaderboard", sayings.LEAVE) if me in names else Choice("Join the leaderboard", sayings.JOIN)
    ]
    if not mine.answered:
        offered.insert(0, Choice("Quiz me", "quiz me"))
    return Reply((*parts, Choices(tuple(offered))), "leaderboard", private=True)


def join(heard: Heard, records: Records) -> Reply:
    """Have the person seen in the leaderboard of this place."""
    turn = heard.turn
    records.leaderboard.join(turn.room, turn.person)
    told = (
        f"You are in the leaderboard of this place as {plain_name(turn.person.name)}: others here see how much of your "
        f"answers was right, from {LEAST} questions on. Say “leave the leaderboard” to be taken off it."
    )
    return Reply((Text(told),), "leaderboard", private=True)


def leave(heard: Heard, records: Records) -> Reply:
    """Have the person not seen there any more."""
    left = records.leaderboard.leave(heard.turn.room, heard.turn.person)
    told = (
        "You are taken off the leaderboard of this place." if left else "You are not in the leaderboard of this place."
    )
    return Reply((Text(told),), "leaderboard", private=True)


def ranked(scores: Mapping[str, Score]) -> Iterator[tuple[int, str, Score]]:
    """The rank from 1, the person and the score, best first: by the share that was right, then by how many questions;
    who has the same in both has the same rank.
    """

    def order(person: str) -> tuple[float, int]:
        score = scores[person]
        return -score.right / max(score.answered, 1), -score.answered

    people = sorted(scores, key=lambda person: (*order(person), person))
    rank = 0
    for place, person in enumerate(people, 1):
        if place == 1 or order(person) != order(people[place - 2]):
            rank = place
        yield rank, person, scores[person]


def share(right: int, answered: int) -> str:
    """A share in whole percent."""
    return f"{round(100 * right / answered)}%"


def plain_name(name: str) -> str:
    """A name as it can stand in a reply's text: as it is written, and not too long."""
    return as_written(cut(name, LONGEST_NAME)) or "somebody"


def _own(mine: Score) -> str:
    if not mine.answered:
        return NOTHING
    said = f"{mine.right} of {mine.answered} right at the first try ({share(mine.right, mine.answered)})"
    return f"Your quizzes here: {said}. Only you see this; speed does not count."


def _board(names: Mapping[str, str], scores: Mapping[str, Score]) -> Iterator[str]:
    seen = {person: score for person, score in scores.items() if person in names and score.answered >= LEAST}
    if not seen:
        yield f"Nobody in the leaderboard here has answered {LEAST} questions yet."
        return
    yield "Leaderboard of this place, by what was right at the first try:"
    for rank, person, score in list(ranked(seen))[:SHOWN]:
        yield (
            f"{rank}. {plain_name(names[person])}: {share(score.right, score.answered)} "
            f"({score.right} of {score.answered})"
        )
