"""Yes and no to what the bot asked last: whether that was meant, or is to be done."""

from __future__ import annotations

import re

from bot.intents import Confirmed, Intent, certain, name_of
from bot.intents.asked import confirmed_vote, yes_or_no
from bot.intents.discussions import read_discussion
from bot.intents.polls.orders import read_order
from bot.intents.quizzes.rounds import read_round
from bot.intents.sayings import DO_YOU_MEAN, OPEN_THIS, SHALL_I_DELETE
from bot.intents.talk.forms import set_form
from bot.intents.talk.going_on import told_last
from bot.intents.talk.leads import unled
from bot.store import Scene
from knowledge.words import content_words, words, words_of

# What is asked about first where it was not plainly said, and done by a "yes".
NOT_WITHOUT_ASKING = frozenset({"quiz_start", "poll_start", "poll_close", "quiz_skip", "engagement_question", "undo"})
# Of these there is one thing only that can be asked about.
_ALONE = frozenset({"poll_close", "quiz_skip", "undo"})
# A yes before the words of what was asked, and what else may stand among these.
_YES_LEAD = re.compile(
    r"\W*(?:(?:yes|yep|yeah|yup|sure|ok(?:ay)?|right|exactly|please|go on|go ahead|do)\b\W*){1,3}", re.I
)
_BESIDE = words_of("it that this the a please pls now then so do poll vote")
# A yes to a deletion, and to nothing else.
_DELETE_IT = set_form(r"delete it")


def _repeats(text: str, asked: str) -> bool:
    """Whether `text` is a yes and words of what was asked, and no others: "yes, close it", "go on, extend it"."""
    lead = _YES_LEAD.match(text)
    rest = words(text[lead.end() :]) if lead else []
    return bool(content_words(" ".join(rest))) and set(rest) <= {*words(asked), *_BESIDE}


def read_confirmed(text: str, scene: Scene) -> Intent | None:
    """What a yes or a no to what the bot asked last says, whatever else is open; None where it asked nothing."""
    before, told = scene.before, told_last(scene)
    if before == "poll_answer" and scene.poll and (vote := confirmed_vote(text, told, scene.poll)):
        return vote
    deletes = before == "privacy" and SHALL_I_DELETE in told
    if not deletes and not (before in NOT_WITHOUT_ASKING and DO_YOU_MEAN in told):
        return None
    asked = told.partition(DO_YOU_MEAN)[2].partition("\n")[0].rpartition("?")[0]
    deletion = deletes or asked.startswith("delete")
    yes = True if deletion and _DELETE_IT.fullmatch(unled(text)) else yes_or_no(text)
    if yes is None and _repeats(text, asked):
        yes = True
    if yes is None:
        return None
    if deletes:
        return certain("privacy", Confirmed(yes))
    if not yes:
        return certain("stop", Confirmed(False))
    # What was asked in a set form is done as it says; what is not understood is not done.
    if found := read_order(asked) or read_discussion(asked) or read_round(asked):
        return found
    return certain(name_of(before)) if before in _ALONE or asked == OPEN_THIS else None
