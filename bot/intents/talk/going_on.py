"""What goes on with what was told before, and does not begin something else: again, one of a list, another estimate."""

from __future__ import annotations

import re

from bot.intents import Chat, Intent, Order, Retelling, certain
from bot.intents.amounts.estimates import NO_PROMISE, Spend
from bot.intents.amounts.numbers import in_digits
from bot.intents.amounts.parts_of_sums import left_of_sum
from bot.intents.amounts.relative import scaled
from bot.intents.amounts.spending import read_spend
from bot.intents.asked import OF_A_POLL
from bot.intents.sayings import ONLY_MODERATORS
from bot.intents.talk.forms import set_form
from bot.intents.talk.grounds import asks_for_grounds
from bot.intents.votes.places import place_among, place_named
from bot.store import Scene
from knowledge.answer import NO_ANSWER, NOT_COVERED, NOT_THAT, OFF_SUBJECT
from knowledge.extent import is_about_extent
from knowledge.words import words

# So many words can go on with an estimate, and not begin something else.
SHORT = 6
# With an amount and its currency or period so many; and so few where something else was said in between ("per year?").
LONGER, BARE = 14, 3
# Where the last reply was no answer, an estimate among so many still goes on.
LATELY = 2
# Words with which somebody goes on from what was told, however many follow.
_SUPPOSES = re.compile(
    r"\W*+(?:(?:and|but|or|so)\W++)?(?:what (?:if|about)|how about|if|say|suppose|supposing|assum(?:e|ing)|imagine"
    r"|let's say|make (?:it|that)|with|at|for|over|per|in)\b",
    re.I,
)
_AT_RATE = re.compile(r"(?:and |or |what about |how about )?at [0-9]{1,2}(?:\.[0-9]{1,2})?[\s?!.]*", re.I)
# "Show me the calculation" asks for what was just told, "why 30 max?" for where it comes from.
_WORKING = set_form(
    r"(?:(?:what|how)(?:'s| is| was)?|show me|show|give me|tell me)(?: (?:the|your|that|this))?"
    r" (?:formula|calculation|working|workings|maths?|sum)(?: (?:again|behind (?:it|that)|for (?:it|that)))?"
    r"|how (?:is|was|did) (?:that|this|it|you) (?:calculated|computed|worked out|calculate (?:that|it)"
    r"|(?:get|come|arrive) (?:(?:to |at )?(?:that|it|this)|there))"
)
_WHY_RATE = set_form(
    r"why (?:only |just |not more than |no more than |at most |up to )?(?P<figure>[0-9]{1,3})(?: ?%| percent)?"
    r"(?: (?:max|maximum|at most|only|and not more))?|why (?:that|this) (?:rate|maximum|limit|percentage)"
)
# A question about a rate or a formula, and no wish for an estimate.
_OF_A_RATE = re.compile(
    r"\b(?:formulas?|equation|definition|why|normal|typical|usual|average|realistic|unrealistic|optimistic|pessimistic"
    r"|plausible|credible|ambitious|benchmark)\b|\btoo (?:high|low|much|good|little)\b"
    r"|\bhow (?:is|are|do|does|would) .{0,60}?\b(?:calculated?|computed?|measured?|worked out)\b",
    re.I,
)
# Sums that are none of what could be saved: of what is left, for each of something, so many times as much, by the hour.
_ANOTHER_SUM = re.compile(
    r"\b(?:left|remain\w*|times|grow\w*|shares?|split|divid\w+|average)\b|[×*]"
    r"|\beach\b(?! (?:day|week|month|quarter|year)\b)"
    r"|\bper (?!cent\b|annum\b|(?:calendar )?(?:day|week|month|quarter|year|mo|yr)\b)[a-z]"
    r"|(?:\b(?:an|per|each)\s|/\s?)(?:hours?|hr|h|minutes?|seconds?)\b",
    re.I,
)
# After an estimate "what about 10%?" goes on with it; "did they save 30%?" does not.
_ASKS_ANEW = re.compile(
    r"(?:who|when|where|which|why|how (?!about|much)"
    r"|what (?!about|if|would|at|in|for)|what's|do|does|did|is|are|was|were|has|have)\b",
    re.I,
)
_AGAIN = set_form(
    r"(?:again|once more|one more time|(?:say|repeat)(?: again)?|what|say what|come again"
    r"|(?:say|tell me|show me|repeat) (?:that|it|this)(?: (?:once more|again))?"
    r"|what did you (?:just )?say(?: again)?|what was that(?: again)?|pardon(?: me)?|sorry(?= ?\?)"
    r"|i (?:missed|didn't catch) that)"
)
# Said by somebody who did not understand.
_UNCLEAR = set_form(
    r"(?:what|how) (?:do|did|does) (?:you|that|this|it) mean(?: (?:by|with) (?:that|this|it))?"
    r"|(?:i (?:still )?(?:(?:do |did |can|could )?not|don't|didn't|can't)|not sure i) (?:really |quite |fully )?"
    r"(?:get|understand|follow)(?: (?:it|that|this|you|what (?:you|that|this|it) means?))?"
    r"|(?:you )?(?:have )?lost me(?: there)?|(?:that's|it's|this is|that is) (?:not clear|unclear|confusing)"
    r"|(?:that|this|it) (?:makes no|(?:does not|doesn't) make (?:any |much )?) ?sense(?: to me)?|huh"
    r"|meaning|(?:to )?(?:explain|clarify)(?: (?:that|this|it))?"
    r"(?: (?:again|better|differently|(?:in|with) other words|to me))?"
)
_NOW = r"(?: (?:so far|now|right now|at the moment|in the end|then|yet))?"
_WON = set_form(
    r"(?:who|what|which)(?:'s)?(?: (?:one|option|of (?:them|those)))?(?: (?:has|is|was|did|do we have))?"
    r" (?:won|win|winning|ahead|leading|in front|in the lead|(?:the |as )?(?:winner|favourite|favorite))"
    rf"{_NOW}"
)
_STANDS = set_form(
    r"how(?:'s| is| are| does| do| did)? (?:it|we|they|things?|that|the (?:poll|votes?|voting|results?))"
    rf" (?:look|looking|stand|standing|coming along|split){_NOW}"
    r"|(?:any|how many) votes(?: (?:yet|so far|in|already|now))?|how many(?: people| of us)? (?:have )?voted"
    r"|(?:has |have |did )?(?:any(?:one|body)|some(?:one|body)|every(?:one|body)|all)(?: else)? vote[ds]?"
    r"(?: yet| already)?"
    rf"|what(?:'s| is) the (?:score|count|tally|standing|state|status|outcome|result){_NOW}"
)
# What asks the same only where a poll was spoken of last; else it is small talk.
_GOES = set_form(rf"how(?:'s| is| are) (?:it|we|things?|that|the (?:poll|votes?|voting)) (?:going|doing){_NOW}")
_WHY = set_form(r"(?:why|how come)(?: not| is that| so| can't i| though)?")
# After what is kept of somebody was told; it is asked about before it is done.
_DELETES = set_form(
    r"(?:delete|erase|remove|wipe|clear|purge|forget|drop|get rid of)"
    r" (?:(?:it|that|this|them|everything|those)(?: all)?|all(?: (?:it|that|this|of (?:it|that|this|them)))?)"
)
_LISTED = re.compile(r"^(?:- |\d{1,2}[.)] )(?P<item>[^\n]+)", re.M)
_SHORT = set_form(r"(?:the |a |in )?(?:short|shorter|brief) (?:version|form)")
# The line of an estimate or a calculation that holds its result.
_RESULT = re.compile(r"^[^\n]{1,300} = [^\n]{1,300}", re.M)
# What was told last may hold a list.
_LISTING = frozenset({"question", "takeaways", "stats", "resources", "keywords", "short_version", "describe"})
_DECLINED = (OFF_SUBJECT, NOT_THAT, NO_ANSWER, NOT_COVERED)
_RECKONED = frozenset({"savings_estimate", "calculate"})


def read_going_on(text: str, scene: Scene) -> Intent | None:
    """What goes on with whatever was told last; None where the words do not."""
    told = told_last(scene)
    if not told:
        return None
    of_a_poll = scene.before in OF_A_POLL
    if (scene.poll or of_a_poll) and (_STANDS.fullmatch(text) or _WON.fullmatch(text)):
        return certain("results")
    if of_a_poll and _GOES.fullmatch(text):
        return certain("results")
    if _WHY.fullmatch(text) and told.startswith(ONLY_MODERATORS):
        return certain("smalltalk", Chat("moderators"))
    # Sources are kept with what was told here; a history that somebody hands over has none.
    if scene.told_at is not None and asks_for_grounds(text, told):
        return certain("question", Retelling(grounds=True))
    if scene.before == "privacy" and _DELETES.fullmatch(text):
        return Intent("privacy")
    if _UNCLEAR.fullmatch(text):
        return _explained(scene, told)
    if _AGAIN.fullmatch(text):
        return _again(scene)
    if scene.before == "question" and is_about_extent(text):
        return certain("question")
    shortly = is_about_extent(text) or _SHORT.fullmatch(text)
    if scene.before in _RECKONED and shortly and (result := _RESULT.search(told)):
        return certain("question", Retelling(result[0]))  # a sum, shortly, is its result
    if scene.before in _LISTING and (place := place_named(text)) is not None and (item := _listed(scene, place)):
        return certain("question", Retelling(item))
    return None


def _explained(scene: Scene, told: str) -> Intent:
    """The last answer with all that belongs to it; what was no answer is told again, and what had none asked anew."""
    if scene.before != "question":
        return _again(scene)
    declined = told.startswith(_DECLINED)
    return certain("smalltalk", Chat("complaint")) if declined else certain("question", Retelling(explained=True))


def _again(scene: Scene) -> Intent:
    """What was told last, told once more; of a poll as it stands by now."""
    if scene.poll and scene.before in ("poll_start", "poll_answer"):
        return certain("poll_start", Order("ballot"))
    return certain("results") if scene.before in ("results", "poll_close") else certain("question", Retelling())


def _listed(scene: Scene, place: int) -> str | None:
    """What stands at a place, as `place_named` tells it, in the list that was told last, or of which one thing was."""
    told = [message.content for message in reversed(scene.history) if message.role == "assistant"]
    lists = [[match["item"] for match in _LISTED.finditer(one)] for one in told]
    newest = next((number for number, items in enumerate(lists) if items), None)
    if newest is None or any(one not in lists[newest] for one in told[:newest]):
        return None
    items = lists[newest]
    at = place_among(place, len(items))
    return items[at - 1] if at else None


def is_of_list(scene: Scene) -> bool:
    """Whether what was told last is one thing of a list that was told before it."""
    told = told_last(scene)
    return any(match["item"] == told for one in scene.history for match in _LISTED.finditer(one.content))


def told_last(scene: Scene) -> str:
    """What the bot said last."""
    return next((message.content for message in reversed(scene.history) if message.role == "assistant"), "")


def asks_about_rates(text: str) -> bool:
    """Whether `text` is about a rate or a formula, such as "is 20% too optimistic?", and names no spend."""
    return _OF_A_RATE.search(text) is not None and read_spend(text).amount is None


def asks_another_sum(text: str) -> bool:
    """Whether `text` asks for another sum than what could be saved: what is left, for each, so many times as much."""
    return _ANOTHER_SUM.search(text) is not None


def other_estimate(text: str, scene: Scene) -> Intent | None:
    """The estimate before with another amount, rate, currency or period; None where the words begin something else."""
    if scene.before in _RECKONED and _WORKING.fullmatch(text):
        return certain("question", Retelling())
    why = _WHY_RATE.fullmatch(text) if scene.before == "savings_estimate" else None
    if why and (why["figure"] is None or f" {why['figure']}%" in told_last(scene)):
        return certain("question", Retelling(grounds=True))
    # With a poll open its options are numbers as well.
    if asks_about_rates(text) or (scene.poll and text.strip().isdecimal()):
        return None
    told = [NO_PROMISE in one.content for one in reversed(scene.history) if one.role == "assistant"]
    if any(told):
        said = (message.content for message in reversed(scene.history) if message.role == "user")
        if left := next(filter(None, (left_of_sum(text, before) for before in said)), None):
            return Intent("savings_estimate", left)
    if _ASKS_ANEW.match(text):
        return None
    # "and at 10%?", "at 10", "in euros", "per year"
    spend = read_spend(f"{text.rstrip('?!. ')}%" if _AT_RATE.fullmatch(text) else text)
    count = len(words(text))
    nothing_since = told_last(scene).startswith(_DECLINED) and any(told[:LATELY])
    if scene.before == "savings_estimate" or nothing_since:
        named = spend.amount is not None and bool(spend.period or spend.currency)
        most = LONGER if named or _SUPPOSES.match(text) else SHORT
        goes_on = (spend != Spend() and count <= most) or scaled(in_digits(text)) is not None
    else:
        goes_on = any(told) and count <= BARE and spend == Spend(period=spend.period) != Spend()
    return Intent("savings_estimate", spend) if goes_on else None
