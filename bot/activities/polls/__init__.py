"""Polls: opened by moderators, voted in by everybody, with a result that can be shown around.

`opening`, `voting`, `results`, `closing` and `keeping` hold what is said about them; `ballots` how they look.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot import shelf as scripts
from bot.activities import Chore, Drawer, Heard, Retraction, Step, Undo, script_meant
from bot.activities.polls import ballots, closing, keeping, making, opening, results, undoing, voting
from bot.activities.polls.links import Addresses, Links
from bot.intents import Abstention, Action, Begun, Drafted, Order, Vote, Withdrawal
from bot.intents.polls.draft_forms import read_form
from bot.intents.polls.drafts import DraftError, require_sound
from bot.intents.polls.ordering import in_words
from bot.intents.sayings import MAY_NOT, ONLY_MODERATORS
from bot.intents.stakes import does_with
from bot.reply import Choices, Form, Reply, Text
from bot.store import REPEAT
from bot.store.polling import CLOSE, REMIND

if TYPE_CHECKING:
    from bot.shelf import Shelf
    from bot.store.records import Records

NO_ADDRESSES: Addresses = MappingProxyType({})
# What everybody may do; all other orders are for moderators.
FOR_EVERYBODY: frozenset[Action] = frozenset({"ballot", "list", "mine", "trend", "when"})


class Polls:
    """Takes what is said about polls."""

    def __init__(self, shelf: Shelf, zone: str = "UTC", addresses: Addresses = NO_ADDRESSES) -> None:
        """`zone` is the time zone of places and people that have none of their own; `addresses` are those of messages
        that stand.
        """
        self._shelf = shelf
        self._zone = zone
        self._links = Links(addresses)

    @property
    def chores(self) -> Mapping[str, Chore]:
        """Closes, reminders and recurrences."""
        return {
            CLOSE: closing.close_when_due,
            REMIND: closing.remind_when_due,
            f"{REPEAT} {opening.POLL}": opening.open_again,
        }

    @property
    def drawers(self) -> Mapping[str, Drawer]:
        """Ballots, results and reminders."""
        return {
            "poll": lambda records, number, room: ballots.draw_ballot(self._shelf, records, number),
            "result": partial(ballots.draw_result, self._links),
            closing.REMINDER: lambda records, number, room: closing.draw_reminder(records, number),
        }

    @property
    def undoes(self) -> Mapping[str, Undo]:
        """A vote in words, and the close of a poll with names."""
        return {voting.UNDO_VOTE: undoing.undo_vote, closing.UNDO_CLOSE: partial(undoing.undo_close, self._shelf)}

    @property
    def retractions(self) -> Mapping[str, Retraction]:
        """A poll that nobody can see is not open."""
        return {"poll": opening.retract}

    async def take(self, heard: Heard) -> Reply | Step | None:
        """The step that the poll takes."""
        match heard.intent.value:
            case Order():
                return self._ordered(heard, heard.intent.value)
            case Vote() if heard.intent.certainty != "open":
                return partial(voting.vote, heard)
            case Withdrawal():
                return partial(voting.withdraw, heard)
            case Abstention():
                return partial(voting.abstain, heard)
        match heard.intent.name:
            case "poll_answer":
                return partial(voting.ask, heard)
            case "poll_start":
                return self._start(heard)
            case "results":
                return partial(results.results, heard, self._links)
            case "poll_close":
                return partial(closing.close_by_hand, heard, self._links)
            case _:
                return None

    def _ordered(self, heard: Heard, order: Order) -> Reply | Step:
        if order.action not in FOR_EVERYBODY and not heard.turn.person.moderator:
            return _for_moderators(heard)
        if order.action == "new":
            return self._own(heard)
        is_there = heard.scene.poll is not None or order.action in ("reopen", "names")
        # What is not wholly named is asked for by the step itself.
        if does_with(heard.intent) != "act" and is_there and in_words(order):
            return partial(keeping.ask_first, heard)
        zone, shelf = self._zone_of(heard), self._shelf
        steps: Mapping[Action, Callable[[Heard, Records], Reply]] = {
            "post": lambda heard, records: opening.post_draft(heard, shelf, zone, records),
            "discard": opening.discard_draft,
            "ballot": voting.private_ballot,
            "edit": lambda heard, records: keeping.edit(heard, zone, shelf, records),
            "deadline": lambda heard, records: keeping.set_deadline(heard, zone, shelf, records),
            "add": lambda heard, records: keeping.change_option(heard, zone, shelf, records),
            "rename": lambda heard, records: keeping.change_option(heard, zone, shelf, records),
            "remove": lambda heard, records: keeping.change_option(heard, zone, shelf, records),
            "when": keeping.tell_deadline,
            "mine": voting.tell_own,
            "delete": keeping.delete,
            "reopen": lambda heard, records: keeping.reopen(heard, shelf, records),
            "share": keeping.share,
            "join": lambda heard, records: opening.join(heard, shelf, records),
            "list": lambda heard, records: results.list_polls(heard, self._links, records),
            "names": results.names,
            "trend": results.trend,
            "save": keeping.save,
            "use": lambda heard, records: opening.use_template(heard, shelf, records),
            "drop": keeping.drop,
            "templates": keeping.list_templates,
            "repeat": lambda heard, records: keeping.repeat_poll(heard, zone, records),
        }
        return partial(steps[order.action], heard)

    def form(self, heard: Heard, records: Records) -> Form | None:
        """The form for a poll of one's own, or to change one; for moderators."""
        order, zone = heard.intent.value, self._zone_of(heard)
        if not isinstance(order, Order) or not heard.turn.person.moderator:
            return None
        if order.action == "new":
            return opening.own_form(heard, zone, records)
        return keeping.edit_form(heard, zone, records) if order.action == "edit" else None

    def _start(self, heard: Heard) -> Reply | Step:
        """A poll of somebody's own where the words hold one, else the script's."""
        if not heard.turn.person.moderator:
            return _for_moderators(heard)
        zone, words, own = self._zone_of(heard), heard.turn.words, heard.intent.value
        if isinstance(own, Begun):
            return making.go_on(heard, own, zone)
        if isinstance(own, Drafted):
            draft = own.draft
            if draft is not None and own.number is not None:
                return partial(opening.show_preview, heard, draft, zone, wrong=own.wrong)
            if own.wrong or draft is None:
                return partial(opening.mend, heard, own.wrong, draft, zone)
            if draft.unread or does_with(heard.intent) != "act":
                return partial(opening.show_preview, heard, draft, zone)
            return lambda records: opening.open_draft(heard, draft, self._shelf, records)
        try:
            terms = opening.terms_in(words, heard.turn.at, zone)
        except DraftError as error:
            return partial(opening.mend, heard, error.sentences, error.draft, zone)
        script = script_meant(heard, self._shelf, scripts.polls)
        if isinstance(script, Reply):
            return script
        if terms.unread:
            return opening.ask_about_script(terms, script)
        return lambda records: opening.open_script(heard, script, terms, self._shelf, records)

    def _own(self, heard: Heard) -> Reply | Step:
        """The form for a poll of one's own, or what was filled in."""
        zone = self._zone_of(heard)
        if not heard.turn.fields:
            return making.go_on(heard, Begun(), zone)
        try:
            draft = read_form(heard.turn.fields, heard.turn.at, zone)
            require_sound(draft)
        except DraftError as error:
            return partial(opening.mend, heard, error.sentences, error.draft, zone)
        return partial(opening.show_preview, heard, draft, zone)

    def _zone_of(self, heard: Heard) -> str:
        return heard.turn.person.timezone or heard.scene.place.zone or self._zone


def _for_moderators(heard: Heard) -> Reply:
    order = heard.intent.value
    if heard.intent.name != "poll_start" or (isinstance(order, Order) and order.action != "new"):
        return Reply((Text(MAY_NOT),), heard.intent.name, private=True)
    said = f"{ONLY_MODERATORS} start a poll here: ask one of them to say “start the poll”. What I can do for "
    said += "you is a quiz."
    return Reply((Text(said), Choices((voting.QUIZ,))), "poll_start", private=True)
