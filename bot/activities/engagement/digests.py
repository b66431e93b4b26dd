"""Digests: what people replied to posted questions, for moderators, drawn from what is there at that moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bot.activities import Alike, Heard
from bot.intents import Discuss, sayings
from bot.intents.times import moments
from bot.markup.marks import as_written
from bot.reply import Choice, Choices, Part, Reply, Text
from bot.store import Digest, Discussion, Remark
from bot.store.discussing import digest_slot
from bot.store.scope import Scope

if TYPE_CHECKING:
    from bot.store.records import Records

# So many replies or groups are shown of a question where it is asked for, and in a digest of several questions.
MOST, MOST_OF_EACH = 15, 5
# So many questions are shown in a digest.
MOST_QUESTIONS = 10
LONGEST = 280
NONE = "No question has been posted here yet, so there are no replies. Say “post a question for the team”."
NO_SUCH = "I have posted no question of that number here. “Digest” shows the replies to the newest."


# --- Asked for ---


def found(heard: Heard, wanted: Discuss, records: Records) -> tuple[Discussion | None, list[Remark]]:
    """The discussion that is meant, by number, by thread, or the newest of the place, with its replies."""
    room, scene = heard.turn.room, heard.scene
    if wanted.number is not None:
        discussion = records.discussions.find(wanted.number, room)
    else:
        discussion = scene.discussion if scene.in_thread else records.discussions.newest(room)
    return discussion, records.discussions.remarks(discussion) if discussion else []


def told(wanted: Discuss, discussion: Discussion | None, remarks: Sequence[Remark], alike: Alike) -> Reply:
    """What was replied to one question: alike replies together, or one by one with names."""
    if discussion is None:
        return _private((Text(NO_SUCH if wanted.number is not None else NONE),))
    if not remarks:
        return _private(
            (Text(f"Nobody has replied to question {discussion.id} so far: “{as_written(discussion.question)}”"),)
        )
    lines = [f"{_counted(remarks)} to question {discussion.id}: “{as_written(discussion.question)}”"]
    if wanted.action == "names":
        lines += _shortened([f"- {as_written(one.name) or 'somebody'}: {_quoted(one)}" for one in remarks], MOST)
        return _private((Text("\n".join(lines)),))
    groups = sorted(alike([one.text for one in remarks]), key=len, reverse=True)
    lines += (_line([remarks[place] for place in places]) for places in groups[:MOST])
    if left := sum(map(len, groups[MOST:])):
        lines.append(_left_out(left))
    with_names = Choice("with names", sayings.discuss("names", discussion.id))
    return _private((Text("\n".join(lines)), Choices((with_names,), aside=True)))


# --- Sent on a schedule ---


def draw(records: Records, number: int) -> Reply | None:
    """What the message with a digest shows now; it changes only where somebody takes a reply back."""
    digest = records.discussions.digest(number)
    if digest is None:
        return None
    text = "\n".join(_told(digest, records.discussions.gathered(digest, scope=Scope(digest.room))))
    return Reply((Text(text),), "engagement_question", slot=digest_slot(number))


def _told(digest: Digest, gathered: Sequence[tuple[Discussion, Sequence[Remark]]]) -> Iterator[str]:
    since = moments.shown(digest.since, digest.zone, digest.until)
    if not gathered:
        yield f"Digest: there are no replies since {since}."
        return
    yield f"Digest of the replies that were gathered since {since}, without names:"
    for discussion, remarks in gathered[:MOST_QUESTIONS]:
        yield f"\n{_counted(remarks)} to question {discussion.id}: “{as_written(discussion.question)}”"
        yield from _shortened([f"- {_quoted(one)}" for one in remarks], MOST_OF_EACH)
    if (left := len(gathered) - MOST_QUESTIONS) > 0:
        yield f"\n{left} more {'question is' if left == 1 else 'questions are'} left out here."
    yield "\nWhere a question was posted, “show the replies” gives all of them, those that are alike together."


# --- Lines ---


def _counted(remarks: Sequence[Remark]) -> str:
    people, count = len({one.person for one in remarks}), len(remarks)
    replies = f"{count:,} {'reply' if count == 1 else 'replies'}"
    return f"{replies} by {people:,} {'person' if people == 1 else 'people'}"


def _line(group: Sequence[Remark]) -> str:
    first, *others = group
    if not others:
        return f"- {_quoted(first)}"
    told = f"{_quoted(first)} and {_quoted(others[0])}"
    return f"- 2 alike: {told}" if len(group) == 2 else f"- {len(group)} alike, for example {told}"


def _shortened(lines: Sequence[str], most: int) -> Iterator[str]:
    yield from lines[:most]
    if len(lines) > most:
        yield _left_out(len(lines) - most)


def _left_out(count: int) -> str:
    return f"- {count:,} more {'reply is' if count == 1 else 'replies are'} left out here."


def _quoted(remark: Remark) -> str:
    text = remark.text
    short = text if len(text) <= LONGEST else f"{text[:LONGEST].rsplit(' ', 1)[0]} …"
    return f"“{as_written(short)}”"


def _private(parts: tuple[Part, ...]) -> Reply:
    # What others said is kept in one place only, from which they can take it back.
    return Reply(parts, "engagement_question", private=True, remembered=False)
