"""A poll that was shown as it will look, and is not open yet: whether it is opened, changed or thrown away.

It is the one that "it" means until something is done with it, also after a reply or two about something else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from bot.intents import Begun, Drafted, Intent, Order, certain
from bot.intents.asked import yes_or_no
from bot.intents.polls.begun import NOT_MADE, POLL_OPENED, REMINDERS, WAITS, told_before
from bot.intents.polls.cues import doubtful_from
from bot.intents.polls.draft_forms import held_in_words
from bot.intents.polls.drafts import check_draft
from bot.intents.polls.openings import begins_poll
from bot.intents.polls.orders import read_order
from bot.intents.polls.revising import is_change, revised, with_one_more
from bot.intents.sayings import read_saying
from bot.intents.talk.forms import set_form
from bot.intents.talk.leads import unled
from bot.intents.votes.ballots import read_vote
from bot.store import Draft, Prepared, Scene
from knowledge.question import asks

PREVIEW = "This is how it will look:"
UNREAD_PREVIEW = "Without that it will look like this:"
UNCHANGED_PREVIEW = "So it stays as it was:"
NOT_OPEN = "Nobody can vote in this poll before it is open."
THROWN_AWAY = "All right, it is thrown away."

_IT = r"(?:it|this|that|(?:the|this|that|my|our) (?:new )?(?:poll|draft|survey|vote))"
_GO = r"(?:please |pls |now |then |just |go ahead(?: and)? |let's |lets |yes,? |ok,? )*+"
_OPEN = set_form(
    rf"{_GO}(?:open|post|start|publish|run|launch|send|release|put)(?: up)? {_IT}(?: up| out| off| now| then| live)?"
    rf"|{_GO}(?:my |the )draft (?:please )?open"
)
_OPEN_AT_ONCE = set_form(
    rf"{_GO}(?:open|post|start|publish|run|launch|send|go live|go|ship it)(?: now)?|perfect"
    r"|(?:that |it )?looks? (?:good|fine|great)|(?:open|post|publish|launch) as (?:it )?is"
)
_DISCARD = set_form(
    rf"(?:(?:no|nope|nah),? )?(?:discard|scrap|throw(?: away)?|bin|ditch) (?:{_IT})(?: away| out)?|discard"
)
_DISCARD_AT_ONCE = set_form(rf"(?:delete|remove|drop|cancel|forget|get rid of) {_IT}|delete|throw away")
_BACK = set_form(r"(?:go )?back(?: to (?:the )?options)?|(?:the )?previous(?: step)?|one step back")
_SHOW = set_form(
    r"(?:show(?: me)? (?:it|the (?:poll|draft|preview))|preview|change|edit|keep it|wait|hold on"
    r"|(?:i want to |let me |can i )?(?:change|edit) (?:it|that|this|something|the (?:poll|draft|options?|question)))"
    r"(?: again)?"
)
# What changes a poll, and is meant of one that was shown last where none is named.
_CHANGES = frozenset({"edit", "add", "rename", "remove", "deadline", "repeat"})


@dataclass(frozen=True)
class Shown:
    """The question of a poll that was shown as it will look, and how many replies were given `since`."""

    question: str
    since: int

    @property
    def last(self) -> bool:
        """Whether nothing was told since."""
        return self.since == 0


def shown_before(scene: Scene, at: datetime) -> Shown | None:
    """The poll that was shown last, if it is not decided yet and little was said since; None for none."""
    if scene.told_at is not None and at - scene.told_at > WAITS:
        return None
    for since, told in enumerate(islice(told_before(scene), REMINDERS + 1)):
        head, _, poll = told.partition(f"\n{POLL_OPENED}")
        if poll and any(mark in head for mark in (PREVIEW, UNREAD_PREVIEW, UNCHANGED_PREVIEW)):
            return Shown(poll.partition("\n")[0], since if scene.before == "poll_start" else max(since, 1))
        if told.startswith((NOT_MADE, POLL_OPENED, THROWN_AWAY)):
            return None
    return None


def read_revision(said: str, scene: Scene, at: datetime, zone: str) -> Intent | None:
    """What `said` changes in the poll that was shown last, to be shown again; None where it changes nothing in it."""
    kept, shown = _kept(scene, at), shown_before(scene, at)
    if kept is None or shown is None or read_saying(said.strip()) or _is_another(said, scene, shown, at, zone):
        return None
    changed = revised(said, kept.draft, at, zone)
    return None if changed is None else _shown_again(kept, changed)


def read_prepared(said: str, scene: Scene, found: Intent, at: datetime, zone: str) -> Intent | None:
    """What else `said` is for the poll that was shown last: whether to open it, or that it is not understood.

    `found` is what it is without that poll.
    """
    shown, bare = shown_before(scene, at), unled(" ".join(said.split()))
    if shown is None:
        return None
    if _OPEN.fullmatch(bare):
        return certain("poll_start", Order("post", text=shown.question))
    if _DISCARD.fullmatch(bare):
        return certain("poll_start", Order("discard", text=shown.question))
    if not shown.last:
        return None
    if _DISCARD_AT_ONCE.fullmatch(bare) or found.name == "stop":
        return certain("poll_start", Order("discard", text=shown.question))
    kept = _kept(scene, at)
    if kept and _SHOW.fullmatch(" ".join(said.split())):
        return _shown_again(kept, replace(kept.draft, unread=()))
    if kept and _BACK.fullmatch(bare):
        return certain("poll_start", Begun(kept.draft.question, kept.draft.options, held=held_in_words(kept.draft)))
    yes = True if _OPEN_AT_ONCE.fullmatch(bare) else yes_or_no(said)
    if yes is not None:
        return certain("poll_start", Order("post" if yes else "discard", text=shown.question))
    return _changed(bare, said, kept, found) if kept and not asks(bare) else None


def _changed(bare: str, said: str, kept: Prepared, found: Intent) -> Intent | None:
    """The poll with one more option; or that nobody can vote in it yet, or that it is not understood what to change."""
    order = found.value
    if isinstance(order, Order) and order.number is None and order.action in _CHANGES:
        return _shown_again(kept, replace(kept.draft, unread=(bare,)))
    if found.certainty == "said":
        return None
    read = read_vote(bare, kept.draft.question, kept.draft.options, kept.draft.several)
    if read.about and read.votes and found.name != "poll_start":
        return certain("poll_start", Drafted(kept.draft, (NOT_OPEN,), kept.number))
    if found.name not in ("question", "poll_start"):
        return None
    if found.name == "question" and (more := with_one_more(said, kept.draft)):
        return _shown_again(kept, more)
    doubtful = is_change(said) or doubtful_from(bare, [], "") is not None
    return _shown_again(kept, replace(kept.draft, unread=(bare,))) if doubtful else None


def _kept(scene: Scene, at: datetime) -> Prepared | None:
    """The poll that was shown last, as it is kept."""
    kept, shown = scene.prepared, shown_before(scene, at)
    return kept if kept and shown and kept.draft.question == shown.question else None


def _is_another(said: str, scene: Scene, shown: Shown, at: datetime, zone: str) -> bool:
    """Whether `said` may be meant of another poll: one that it names or begins, or that was spoken of since."""
    order = read_order(said)
    if order and isinstance(order.value, Order) and order.value.number is not None:
        return True
    of_it = said.lower().split()[1:2] in (["it"], ["this"], ["that"])
    if not of_it and begins_poll(" ".join(said.split()), at, zone) is not None:
        return True
    since = next(iter(told_before(scene)), "")
    return not shown.last and scene.poll is not None and scene.poll.question in since


def _shown_again(kept: Prepared, changed: Draft) -> Intent:
    wrong = check_draft(changed)
    return certain("poll_start", Drafted(kept.draft if wrong else changed, wrong, kept.number))
