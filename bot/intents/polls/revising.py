"""What is said to change a poll that is not open yet: how it is held, its options, its question."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.intents import Intent, Order, Vote
from bot.intents.polls.cues import doubtful_from
from bot.intents.polls.drafts import tidy
from bot.intents.polls.listings import Lister
from bot.intents.polls.openings import is_moment
from bot.intents.polls.ordering import option_meant, place_of_option
from bot.intents.polls.quotations import hold_quotes, restore
from bot.intents.polls.separators import AND, pieces_of
from bot.intents.polls.terms import CUTS, held_to, read_terms
from bot.intents.talk.leads import unled
from bot.store import Draft, Poll

# Characters of such words, and changes in them, that are read: more is a text, and no change.
LONGEST, MOST = 400, 6

_NOUN = r"(?:option|choice|answer)s?"
_LIST = rf"(?:the |this |that |my |our )?(?:list|poll|draft|survey|vote|{_NOUN}|ballot)"
# "yes, but make it anonymous": the change is what counts, as the poll is shown again.
_AGREED = re.compile(r"(?:yes|yeah|yep|yup|sure|no|nope|nah)(?:[,.!]*+ (?:but |and )?)(?=\w)", re.I)
_VERB = (
    r"(?:make|add|include|append|remove|delete|drop|take|leave|throw|rename|change|replace|swap|call|name|title|let|set"
    r"|keep|hide|show|put|close|end|repeat|remind|with|without|until|till|for \d|no|not|also)"
)
# Between two changes.
_JOIN = re.compile(
    rf"[.;!] (?:and |also |then |but ){{0,3}}+|,? (?:and |also |then |but ){{1,3}}+(?={_VERB}\b)|, (?={_VERB}\b)", re.I
)
# Before a change that is wished for.
_WISHING = re.compile(
    r"(?:i|we)(?:'d| would)? (?:should|could|want to|need to|have to|like to|rather) |(?:let'?s|let us) ", re.I
)
_POLITE = re.compile(r"(?:,? (?:please|pls|now|then|again|thanks|thank you)){1,4}[\s.!]{0,9}\Z", re.I)
_RATHER = re.compile(r",? instead\Z", re.I)

_OPENED = re.compile(
    r"(?:open|launch|start|post|publish|send|run) (?:it|this|that|the (?:poll|draft)) (?:but |and )?(?:make it )?", re.I
)
_TITLED = re.compile(
    r"(?:(?:change|rename|set|make|reword|correct|edit|update|have|let) )?(?:the |its |my |that )?"
    r"(?:(?:question|title|topic|headline|heading)(?: (?:to|into|as|should be|should read|should say|be|is|must be"
    r"|reads?|called|named):?|:)|(?:name|poll'?s? (?:name|title|question))(?: (?:to|into|should be|is):?|:)) (?P<to>.+)"
    r"|(?:call|name|title|rename|retitle|reword) (?:it|this|that|(?:the|this|that|my) (?:poll|survey|question))"
    r"(?: (?:to|as|into))?:? (?P<called>.+)|(?:rather )?ask:? (?P<asked>.+) instead",
    re.I,
)
_REMOVED = re.compile(
    rf"(?:(?:remove|delete|drop|strike|cut|scrap|get rid of|leave out|take out|take off|take away|kick out|throw out"
    rf"|cross out|cross off|lose) (?:the )?(?:{_NOUN} )?(?P<what>.+)"
    rf"|(?:take|leave|kick|throw|cross|strike) (?:the )?(?:{_NOUN} )?(?P<away>.+) (?:out|off|away)"
    rf"|(?:no|not|without|minus|skip|we (?:don't|do not) need) (?:the )?(?:{_NOUN} )?(?P<exact>.+))",
    re.I,
)
_FROM = re.compile(rf"(?: (?:completely|altogether|out|off|away|(?:from|off|out of|in) {_LIST})){{1,3}}\Z", re.I)
_RENAMES = re.compile(
    rf"(?:rename|change|replace|swap|switch|exchange|edit|turn|reword|correct|fix|call) (?:out )?"
    rf"(?:the )?(?:{_NOUN} )?",
    re.I,
)
_BECOMES = re.compile(
    r" (?:(?:should|must|has to) (?:be(?: called| named)?|read|say)|to|into|with|for|by|as|->|=>) ", re.I
)
_CALLED = re.compile(rf"(?:call|name|make) {_NOUN} (?P<old>[0-9]{{1,2}}|[a-j]) (?P<new>.+)", re.I)
_INSTEAD = re.compile(r",? (?:instead of|in place of|rather than) ", re.I)
_WISHED = re.compile(
    r"(?:make (?:it|that)|put|use|say|have|take|i want|i'd like|i'd rather have|rather|offer"
    r"|let's (?:use|have|take|say)|it should be) ",
    re.I,
)
_ADDED = re.compile(r"(?:add|include|append|insert|offer|throw in|put in|put on|plus) ", re.I)
_ALSO = re.compile(r"(?:and|also|plus|maybe) (?P<what>.+)|(?P<too>.+),? (?:too|as well|also)", re.I)
_OF_OPTIONS = re.compile(
    rf"(?:(?:an?|another|one more|the|some|a few|two|three|these) )?"
    rf"(?:(?:new|more|extra|further|other|additional|last|third|fourth|fifth) ){{0,3}}"
    rf"{_NOUN}(?:[: ]++(?:(?:for|called|named|saying|like)\b[: ]*+)?)|(?:another|one more)(?: one)?: ",
    re.I,
)
_TO_LIST = re.compile(
    rf"(?:,? (?:as (?:an?|another|the) (?:\w{{1,20}} )?{_NOUN}|(?:to|on) (?:it|them|{_LIST})|in there"
    r"|too|as well|also)){1,3}\Z",
    re.I,
)
_ARTICLE = re.compile(r"(?:an?|the|some) ", re.I)
_MANNER = re.compile(r"(?:please )?(?:add|include|put|set|give it|make it|have) ", re.I)
# What is not to be any more, and what then is held.
_DEADLINE = r"(?:deadline|time ?limit|closing (?:time|date)|end(?:ing| date| time)?|due date)"
# What has to be said wholly to be one: "a deadline".
_SETTING = re.compile(rf"(?:{_DEADLINE}|reminders?|repetitions?|anonymity|limit|poll settings?)[\s.!]*", re.I)
_OFF = r"(?:no|without(?: an?| any)?|(?:remove|drop|delete|cancel|skip|forget|clear)(?: the| its)?)"
_NO_MORE: tuple[tuple[re.Pattern[str], Callable[[Draft], Draft]], ...] = (
    (
        re.compile(rf"{_OFF} {_DEADLINE}|(?:leave|keep) it open(?:[ -]ended)?|open[ -]end(?:ed)?|never close it", re.I),
        lambda draft: replace(draft, lasts=None, until=None, remind=None),
    ),
    (re.compile(rf"{_OFF} reminders?", re.I), lambda draft: replace(draft, remind=timedelta())),
    (
        re.compile(
            rf"{_OFF} (?:repetitions?|recurrence|repeats?|repeating)|(?:do not|don't) repeat(?: it)?"
            r"|(?:only|just) once",
            re.I,
        ),
        lambda draft: replace(draft, rule=None),
    ),
)


def revised(said: str, draft: Draft, at: datetime, zone: str) -> Draft | None:
    """`draft` with what `said` changes in it, and as `unread` what of that was not understood; None where it says
    something else. `at` and `zone` are those of moments.
    """
    for way in _ways(said):
        pieces = [piece for piece in _JOIN.split(way) if piece]
        changed: Draft | None = replace(draft, unread=())
        for piece in pieces if 1 < len(pieces) <= MOST else ():
            changed = changed and _changed(piece, changed, at, zone)
        if changed is None or not 1 < len(pieces) <= MOST:
            changed = _changed(way, replace(draft, unread=()), at, zone)
        if changed is not None:
            return changed
    return None


def with_options(said: str, draft: Draft, at: datetime, zone: str) -> Draft | None:
    """The same, where it names options to add, to remove or to call otherwise; None for anything else."""
    return next((found for way in _ways(said) if (found := _with_options(way, draft, at, zone))), None)


def with_one_more(said: str, draft: Draft) -> Draft | None:
    """`draft` with one more option, where "also Tapas" or "Tapas too" says no more than that."""
    bare = " ".join(said.split()).strip(" .!")
    found = _ALSO.fullmatch(bare) if len(bare) <= LONGEST else None
    named = _TO_LIST.sub("", found["what"] or found["too"]) if found else ""
    if not named or len(named.split()) > 3 or doubtful_from(named, [], "") is not None:
        return None
    return replace(draft, options=(*draft.options, tidy(named)), unread=())


def order_of_change(said: str, found: Intent, poll: Poll, at: datetime, zone: str) -> Intent | None:
    """The one option that `said` adds to an open poll, takes out of it or calls otherwise; a new name is said, the
    others are meant, as people say them of much else. None for anything else; `found` is what it is otherwise.
    """
    is_vote = isinstance(found.value, Vote) and found.certainty == "meant"
    if found.certainty == "said" or is_vote or not is_change(said):
        return None
    changed = with_options(said, Draft(poll.question, poll.options), at, zone)
    if changed is None or changed.unread:
        return None
    gone = [one for one in poll.options if one not in changed.options]
    more = [one for one in changed.options if one.casefold() not in map(str.casefold, poll.options)]
    match gone, more:
        case [old], [new] if len(changed.options) == len(poll.options):
            said_so = unled(said).lower().startswith("rename")
            return Intent("poll_start", Order("rename", text=new, old=old), "said" if said_so else "meant")
        case [], [new] if len(changed.options) == len(poll.options) + 1:
            return Intent("poll_start", Order("add", text=new))
        case [old], [] if len(changed.options) == len(poll.options) - 1:
            return Intent("poll_start", Order("remove", text=old))
    return None


def is_change(said: str) -> bool:
    """Whether `said` begins as a change of options does, whatever it names."""
    way = _plain(_WISHING.sub("", unled(" ".join(said.split())), count=1))
    found = _REMOVED.fullmatch(way)
    return bool(_RENAMES.match(way) or _ADDED.match(way) or (found and not found["exact"]))


def _ways(said: str) -> tuple[str, ...]:
    text = " ".join(said.split())
    if len(text) > LONGEST:
        return ()
    bare = unled(text)
    agreed = _AGREED.sub("", bare, count=1)
    wished = _WISHING.sub("", unled(agreed), count=1)
    return tuple(dict.fromkeys(_plain(one) for one in (text, bare, agreed, unled(agreed), wished) if one))


def _plain(text: str) -> str:
    return _POLITE.sub("", _OPENED.sub("", text, count=1)).strip(" .!")


def _changed(text: str, draft: Draft, at: datetime, zone: str) -> Draft | None:
    """The draft with the one change that `text` is."""
    bare = _WISHING.sub("", unled(text), count=1)
    if added := _ADDED.match(bare):
        named = _TO_LIST.sub("", bare[added.end() :])
        own, *others = [read_terms(one, at, zone, apart=True) or [] for one in (named, *draft.options)]
        if own and [term.kind for term in own] in [[term.kind for term in other] for other in others]:
            return replace(draft, options=(*draft.options, _unquoted(named)))  # "add Fridays" to Mondays and Tuesdays
    return _held(text, draft, at, zone) or _titled(text, draft) or _with_options(text, draft, at, zone)


def _held(text: str, draft: Draft, at: datetime, zone: str) -> Draft | None:
    """The draft held otherwise."""
    for pattern, without in _NO_MORE:
        if pattern.fullmatch(text):
            return without(draft)
    ways = (text, _MANNER.sub("", text, count=1), *([f"until {text}"] if is_moment(text, at, zone) else []))
    for said in dict.fromkeys(ways):
        terms = read_terms(said.rstrip("?"), at, zone, apart=True) or []
        if any(term.kind != "courtesy" for term in terms):
            problems = tuple(term.said for term in terms if term.problem or not term.sure)
            return replace(held_to(draft, terms), zone=zone, unread=(*draft.unread, *problems))
    return None


def _titled(text: str, draft: Draft) -> Draft | None:
    """The draft with another question."""
    found = _TITLED.fullmatch(text)
    named = found["to"] or found["called"] or found["asked"] if found else ""
    return replace(draft, question=_unquoted(named)) if named else None


def _with_options(text: str, draft: Draft, at: datetime, zone: str) -> Draft | None:
    return _renamed(text, draft) or _removed(text, draft) or _added(text, draft, at, zone)


def _renamed(text: str, draft: Draft) -> Draft | None:
    """The draft with an option called otherwise."""
    if called := _CALLED.fullmatch(text):
        return _called(draft, place_of_option(called["old"], draft.options), called["new"])
    said, *olds = _INSTEAD.split(text, maxsplit=1)
    if olds:
        return _called(draft, _place(olds[0], draft), _WISHED.sub("", said, count=1))
    verb = _RENAMES.match(text)
    start = verb.end() if verb else 0
    for becomes in list(_BECOMES.finditer(text, start))[:4]:
        if not verb and "should" not in becomes[0].lower() and "must" not in becomes[0].lower():
            continue
        place = _place(text[start : becomes.start()], draft)
        if place is not None:
            return _called(draft, place, text[becomes.end() :])
    return None


def _called(draft: Draft, place: int | None, name: str) -> Draft | None:
    name = _unquoted(name)
    if place is None or not name:
        return None
    return replace(draft, options=(*draft.options[:place], name, *draft.options[place + 1 :]))


def _removed(text: str, draft: Draft) -> Draft | None:
    """The draft without the options that are named, if all of them are there."""
    found = _REMOVED.fullmatch(text)
    if found is None:
        return None
    named = _FROM.sub("", found["what"] or found["away"] or found["exact"])
    exact = bool(found["exact"])
    pieces = [one for piece in pieces_of(named)[0] for one in AND.split(piece) if one.strip()]
    places = [_place(one, draft, exact) for one in pieces]
    if None in places:
        places = [_place(named, draft, exact)]
    if None in places or not places:
        return None
    return replace(draft, options=tuple(one for place, one in enumerate(draft.options) if place not in places))


def _added(text: str, draft: Draft, at: datetime, zone: str) -> Draft | None:
    """The draft with more options."""
    found = _ADDED.match(text)
    body, held = hold_quotes(_TO_LIST.sub("", text[found.end() :])) if found else ("", [])
    introduced = _OF_OPTIONS.match(body)
    body = body[introduced.end() :] if introduced else body
    if not body.strip(f"{CUTS} ") or re.search(r"\b(?:poll|survey)\b", body, re.I):
        return None
    bare = _ARTICLE.sub("", body, count=1)
    if _SETTING.fullmatch(bare) or doubtful_from(bare, [], draft.question) == 0:
        return replace(draft, unread=(*draft.unread, text))
    listed = Lister(draft.question, at, zone).read(body, introduced=True)
    options = tuple(tidy(restore(one, held)) for one in listed.options)
    unread = tuple(tidy(restore(one, held)) for one in listed.unread)
    changed = replace(held_to(draft, listed.terms), unread=(*draft.unread, *unread))
    return replace(changed, options=(*draft.options, *options)) if options or unread else None


def _place(named: str, draft: Draft, exact: bool = False) -> int | None:
    """The place from 0 of the option that is named; a number, a letter or other words count where it need not be
    `exact`.
    """
    said = re.sub(rf"^(?:the )?(?:{_NOUN} )?", "", named.strip(" ,.;:"), count=1, flags=re.I)
    if exact:
        return next((at for at, one in enumerate(draft.options) if one.casefold() == said.casefold()), None)
    place = place_of_option(said, draft.options)
    if place is None and (meant := option_meant(named, draft)):
        place = meant - 1
    return place


def _unquoted(text: str) -> str:
    return tidy(_RATHER.sub("", text).strip('"“”‘’„«» '))
