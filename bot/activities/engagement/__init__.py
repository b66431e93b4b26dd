"""Engagement: questions to talk about, posted for people to reply to, and digests of the replies for moderators.

`questions` finds them in the scripts; `posting`, `gathering`, `digests` and `recurring` hold what is done with them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from typing import TYPE_CHECKING

from bot import shelf as scripts
from bot.activities import Alike, Chore, Drawer, Heard, Retraction, Step, script_meant
from bot.activities.engagement import digests, gathering, posting, recurring
from bot.activities.engagement.questions import about, least_recent, questions_of
from bot.intents import Discuss, Discussing, sayings
from bot.intents.sayings import MAY_NOT, ONLY_MODERATORS
from bot.intents.stakes import does_with
from bot.reply import Choice, Choices, Form, Reply, Sources, Text
from bot.store import REPEAT
from bot.store.discussing import CLOSE_DISCUSSION
from bot.turn import Turn

if TYPE_CHECKING:
    from bot.shelf import Shelf
    from bot.store.records import Records

REPLY_HERE = "Reply here."
ANOTHER = Choice("Another question", "another question for the team")
# What everybody may do; all else is for moderators.
FOR_EVERYBODY: frozenset[Discussing] = frozenset({"answer", "withdraw"})


class Engagement:
    """Takes requests for something to discuss, and what is said about questions that are posted."""

    def __init__(
        self,
        shelf: Shelf,
        reading: Callable[[], AbstractContextManager[Records]],
        alike: Alike,
        zone: str = "UTC",
    ) -> None:
        """`reading` opens the records for what takes its time; `alike` groups replies; `zone` is the time zone of
        places and people that have none of their own.
        """
        self._shelf = shelf
        self._reading = reading
        self._alike = alike
        self._zone = zone

    @property
    def chores(self) -> Mapping[str, Chore]:
        """Closes, and what comes again."""
        return {
            CLOSE_DISCUSSION: posting.close_when_due,
            f"{REPEAT} {recurring.QUESTION}": partial(recurring.post_again, self._shelf),
            f"{REPEAT} {recurring.DIGEST}": recurring.send_again,
        }

    @property
    def drawers(self) -> Mapping[str, Drawer]:
        """Posted questions, and digests."""
        return {
            "engagement": partial(posting.draw, self._shelf),
            "digest": lambda records, number, room: digests.draw(records, number),
        }

    @property
    def retractions(self) -> Mapping[str, Retraction]:
        """A question that nobody can see is not posted."""
        return {"engagement": posting.retract}

    async def take(self, heard: Heard) -> Reply | Step | None:
        """A question to talk about, or the step that is taken with one that is posted."""
        if isinstance(heard.intent.value, Discuss):
            return await self._discussed(heard, heard.intent.value)
        if gathering.is_plain_reply(heard):
            return partial(gathering.answer, heard, Discuss("answer", text=heard.turn.words))
        return self._suggest(heard) if heard.intent.name == "engagement_question" else None

    def wants(self, turn: Turn, records: Records) -> bool:
        """Whether a turn is said in the thread of a question that is open."""
        return gathering.wants(turn, records)

    def overhear(self, turn: Turn, records: Records) -> bool:
        """Gather a reply that was not addressed to the bot."""
        return gathering.overhear(turn, records)

    def form(self, heard: Heard, records: Records) -> Form | None:
        """The form in which a posted question is answered."""
        wanted = heard.intent.value
        if not isinstance(wanted, Discuss) or wanted.action != "answer" or wanted.number is None:
            return None
        discussion = records.discussions.find(wanted.number, heard.turn.room)
        is_open = discussion is not None and not discussion.is_over(heard.turn.at)
        return gathering.answer_form(discussion) if discussion and is_open else None

    def _suggest(self, heard: Heard) -> Reply:
        """One question, that was not told here lately if there is one; that of a section where one is named."""
        script = script_meant(heard, self._shelf, questions_of)
        if isinstance(script, Reply):
            return script
        said = " ".join(message.content for message in heard.scene.history if message.role == "assistant")
        held = questions_of(script)
        # The first that was not said yet, else the one that was said longest ago.
        section, question = chosen = least_recent(about(script, heard.turn.words) or held, said.rfind)
        choices = [ANOTHER]
        if heard.turn.person.moderator:
            choices.append(Choice("Post it for everybody", sayings.post_question(script.slug, held.index(chosen) + 1)))
        parts = (Text(f"{question}\n{REPLY_HERE}"), Choices(tuple(choices)))
        return Reply((*parts, Sources((scripts.source(script, section),))), "engagement_question")

    async def _discussed(self, heard: Heard, wanted: Discuss) -> Reply | Step:
        if wanted.action not in FOR_EVERYBODY and not heard.turn.person.moderator:
            return _for_moderators(wanted)
        zone = heard.turn.person.timezone or heard.scene.place.zone or self._zone
        match wanted.action:
            case "post":
                script = self._shelf.get(wanted.script or "") or script_meant(heard, self._shelf, questions_of)
                if isinstance(script, Reply):
                    return script
                return partial(posting.post, heard, wanted, script, self._shelf, zone)
            case "choose":
                return recurring.choose(wanted)
            case "repeat" | "send" if does_with(heard.intent) != "act":
                return recurring.ask_first(heard, wanted)
            case "repeat" | "send":
                return partial(recurring.repeat, heard, wanted, zone)
            case "close":
                return partial(posting.close_by_hand, heard, wanted)
            case "answer":
                return partial(gathering.answer, heard, wanted)
            case "withdraw":
                return partial(gathering.withdraw, heard, wanted)
            case "digest" | "names":
                return await asyncio.to_thread(self._digest, heard, wanted)

    def _digest(self, heard: Heard, wanted: Discuss) -> Reply:
        with self._reading() as records:
            discussion, remarks = digests.found(heard, wanted, records)
        # To find replies alike takes a while, in which nobody has to wait.
        return digests.told(wanted, discussion, remarks, self._alike)


def _for_moderators(wanted: Discuss) -> Reply:
    if wanted.action != "post":
        return Reply((Text(MAY_NOT),), "engagement_question", private=True)
    said = f"{ONLY_MODERATORS} post a question and have the replies gathered. I can give you one to talk about."
    return Reply((Text(said), Choices((Choice("A question", ANOTHER.says),))), "engagement_question", private=True)
