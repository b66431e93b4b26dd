"""Places: the settings of a channel or a talk. Everybody may see them, moderators may change them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.activities import Heard, Step, Undo, do_you_mean, undoable
from bot.intents import Setting, sayings
from bot.intents.behaviour import FEATURES, is_id
from bot.intents.certainty import does
from bot.intents.sayings import ONLY_MODERATORS
from bot.intents.times.moments import known_zone
from bot.markup.marks import as_written
from bot.reply import Choice, Choices, Field, Form, Reply, Text
from bot.store import Changes, Place
from bot.turn import Room
from knowledge.script import Script

if TYPE_CHECKING:
    from bot.shelf import Shelf
    from bot.store.records import Records


FOR_MODERATORS = f"{ONLY_MODERATORS} change the settings of this place."
ONLY_ADDRESSED, AUTOMATIC = "Only when I am addressed", "Also questions that I overhear, where I am sure"
POSTED, QUIET = "Reminders and digests are posted", "Quiet: nothing that nobody asked for"
MOST_MODERATORS = 20
# What is undone where a setting is.
UNDO_SETTING = "setting"
_ZONE = re.compile(r"\btime ?zone\b(?: of this (?:place|channel|room))?(?: is| to| =|:)* ([\w/+-]{2,40})", re.I)


class Places:
    """Takes requests for the settings of a place."""

    def __init__(self, shelf: Shelf, zone: str = "UTC") -> None:
        """`zone` is the time zone of places that have none of their own."""
        self._shelf = shelf
        self._zone = zone

    async def take(self, heard: Heard) -> Reply | Step | None:
        """The settings, or the change of one."""
        if heard.intent.name != "settings":
            return None
        if isinstance(heard.intent.value, Setting):
            return self._set(heard, heard.intent.value)
        if named_zone := _ZONE.search(heard.turn.words):
            return self._use_zone(heard, named_zone[1])
        wanted = self._shelf.get(heard.pick.script or "")
        named = self._shelf.named(heard.turn.words) if wanted is None else (wanted,)
        if len(named) == 1 and named[0] is not self._shelf.current(heard.scene.place.script):
            return self._change(heard, named[0])
        return self._told(heard)

    @property
    def undoes(self) -> Mapping[str, Undo]:
        """A change of the settings."""
        return {UNDO_SETTING: _undo}

    def form(self, heard: Heard, records: Records) -> Form | None:
        """The form to change the settings, as they are now; for those who may."""
        wanted = heard.intent.value
        is_wanted = isinstance(wanted, Setting) and wanted.what == "form" and _may_change(heard)
        return settings_form(heard.scene.place, heard.turn.room, self._zone) if is_wanted else None

    def _set(self, heard: Heard, setting: Setting) -> Reply | Step:
        if not _may_change(heard):
            return _private(FOR_MODERATORS)
        if setting.what == "form":
            if not heard.turn.fields:
                return self._told(heard)
            if wrong := check(heard.turn.fields):
                return _private(" ".join(wrong.values()))
        elif heard.turn.room.private and setting.what != "feature":
            return _private("That is about channels: here I answer whatever you say, and nobody moderates.")
        return lambda records: _keep(heard, setting, records)

    def _change(self, heard: Heard, script: Script) -> Reply | Step:
        if not _may_change(heard):
            return _private(FOR_MODERATORS)
        if does("changed", heard.intent.certainty) != "act":
            return do_you_mean(heard, f"Use “{script.title}”", sayings.use_script(script.slug))
        return lambda records: _use(heard, script, records)

    def _use_zone(self, heard: Heard, said: str) -> Reply | Step:
        if not _may_change(heard):
            return _private(FOR_MODERATORS)
        if (zone := known_zone(said)) is None:
            return _private(f"I know no time zone “{as_written(said)}”. Name one like this: “time zone Europe/Berlin”.")
        if does("changed", heard.intent.certainty) != "act":
            return do_you_mean(heard, f"Set the time zone {zone}", f"time zone {zone}")
        return lambda records: _keep_zone(heard, zone, records)

    def _told(self, heard: Heard) -> Reply:
        place, room = heard.scene.place, heard.turn.room
        current = self._shelf.current(place.script)
        zone = place.zone or self._zone
        said = (
            f"Polls, quizzes and cards here come from “{current.title}”. Moments are read and told in the time zone "
            f"{zone}, unless your platform tells me yours (“time zone Europe/Berlin” changes it)."
        )
        others = [script for script in self._shelf.scripts if script is not current]
        if not others:
            said = f"{said} It is the only script that I have, so there is nothing else to choose."
        choices = [Choice(f"Use “{script.title}”", sayings.use_script(script.slug)) for script in others]
        if _may_change(heard):
            choices.append(Choice("Change the settings", opens=settings_form(place, room, self._zone)))
        parts = (Text(f"{said}\n\n{_behaviour(place, room)}"), Choices(tuple(choices)))
        return Reply(parts if choices else parts[:1], "settings", private=True)


def settings_form(place: Place, room: Room, zone: str) -> Form:
    """The form for how the bot behaves; in a private talk, which nobody else takes part in, it is a short one."""
    on = "\n".join(name for name in FEATURES if name not in place.off)
    fields = [
        Field("features", "What can be done here", required=False, options=tuple(FEATURES), value=on, several=True),
        Field("zone", "Time zone", "For example Europe/Berlin", value=place.zone or zone),
    ]
    if not room.private:
        mode = AUTOMATIC if place.automatic else ONLY_ADDRESSED
        unasked = QUIET if place.quiet else POSTED
        named = "\n".join(place.moderators)
        hint = "Ids with their platform, one a line: slack:U0123ABCD, discord:1234567890 (a person, a group or a role)"
        fields = [
            Field("answers", "What I answer", options=(ONLY_ADDRESSED, AUTOMATIC), value=mode),
            Field("unasked", "What I post unasked", options=(POSTED, QUIET), value=unasked),
            *fields,
            Field(
                "moderators",
                "Moderators beside administrators",
                hint,
                required=False,
                value=named,
                long=True,
                people=True,
            ),
        ]
    return Form(sayings.SETTINGS, "Settings", tuple(fields), check)


def check(values: Mapping[str, str]) -> Mapping[str, str]:
    """What is wrong with the settings that are filled in, by field."""
    wrong = {}
    zone = values.get("zone", "").strip()
    if zone and known_zone(zone) is None:
        wrong["zone"] = f"I know no time zone “{zone[:40]}”: name one such as Europe/Berlin."
    named = values.get("moderators", "").split()
    if strange := [one for one in named if not is_id(one)]:
        wrong["moderators"] = f"“{strange[0][:40]}” is no id: give one such as slack:U0123ABCD or discord:1234567890."
    elif len(named) > MOST_MODERATORS:
        wrong["moderators"] = f"These are {len(named)}: {MOST_MODERATORS} are the most."
    return wrong


def _keep(heard: Heard, setting: Setting, records: Records) -> Reply:
    """Change the settings as they are in the store by now: somebody else may have changed some in the meantime."""
    room = heard.turn.room
    if setting.what == "form":
        changes, said = _read(heard.turn.fields), "The settings of this place are changed."
    else:
        changes, said = _changed(setting, records.places.find(room))
    back = _apply(heard, changes, records)
    told = Text(f"{said}\n\n{_behaviour(records.places.find(room), room)}")
    return Reply((told,) if setting.what == "form" else (told, back), "settings", private=True)


def _apply(heard: Heard, changes: Changes, records: Records) -> Choices:
    """Change the settings; what undoes it."""
    before = records.places.find(heard.turn.room)
    records.places.change(heard.turn.room, **changes)
    kept = {"before": _written(before, changes), "after": _written(records.places.find(heard.turn.room), changes)}
    return Choices((undoable(heard, UNDO_SETTING, kept, records),), aside=True)


def _written(place: Place, changes: Changes) -> Mapping[str, Any]:
    """What of a place is changed, as JSON holds it."""
    held = {name: getattr(place, name) for name in changes}
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in held.items()}


def _undo(heard: Heard, kept: Mapping[str, Any], records: Records) -> Reply:
    """Change the settings back, unless somebody has changed them since."""
    if not _may_change(heard):
        return _private(FOR_MODERATORS)
    room = heard.turn.room
    changes = _read_back(kept["before"])
    if json.loads(json.dumps(_written(records.places.find(room), changes))) != kept["after"]:
        return _private("Somebody has changed that since, so it stays as it is.")
    records.places.change(room, **changes)
    return _private(f"Undone.\n\n{_behaviour(records.places.find(room), room)}")


def _read_back(held: Mapping[str, Any]) -> Changes:
    changes = Changes()
    for name in held:
        match name:
            case "script":
                changes["script"] = held[name]
            case "zone":
                changes["zone"] = held[name]
            case "automatic":
                changes["automatic"] = held[name]
            case "quiet":
                changes["quiet"] = held[name]
            case "off":
                changes["off"] = frozenset(held[name])
            case "moderators":
                changes["moderators"] = tuple(held[name])
    return changes


def _read(values: Mapping[str, str]) -> Changes:
    """What is filled in; what the form left out stays as it is."""
    changes = Changes()
    if "features" in values:
        changes["off"] = frozenset(FEATURES) - frozenset(values["features"].split())
    if zone := known_zone(values.get("zone", "").strip()):
        changes["zone"] = zone
    if "answers" in values:
        changes["automatic"] = values["answers"] == AUTOMATIC
    if "unasked" in values:
        changes["quiet"] = values["unasked"] == QUIET
    if "moderators" in values:
        changes["moderators"] = tuple(dict.fromkeys(values["moderators"].split()))
    return changes


def _changed(setting: Setting, place: Place) -> tuple[Changes, str]:
    """What one order changes, and how that is told."""
    match setting.what:
        case "automatic":
            told = (
                "I answer questions that I overhear here, where I am sure."
                if setting.on
                else "I answer when I am addressed."
            )
            return {"automatic": setting.on}, told
        case "quiet":
            return {"quiet": setting.on}, "I am quiet here." if setting.on else "I am not quiet here any more."
        case "feature":
            off = place.off - {setting.text} if setting.on else place.off | {setting.text}
            return {"off": off}, f"{setting.text.capitalize()} are switched {'on' if setting.on else 'off'} here."
        case _:
            named = tuple(dict.fromkeys(setting.text.split()))
            others = tuple(one for one in place.moderators if one not in named)
            role = "moderators" if len(named) > 1 else "a moderator"
            if not setting.on:
                return {"moderators": others}, f"They are not {role} of this place any more."
            return {"moderators": (*others, *named)[-MOST_MODERATORS:]}, f"They are {role} of this place now."


def _behaviour(place: Place, room: Room) -> str:
    """How the bot behaves in a place, in words."""
    off = [name for name in FEATURES if name in place.off]
    switched = f"Switched off: {', '.join(off)}." if off else "Nothing is switched off."
    if room.private:
        return switched
    answers = "I answer when I am addressed"
    if place.automatic:
        answers += ", and questions that I overhear where I am sure"
        answers += "" if room.overheard else " (but I overhear nothing here: my app is not allowed to)"
    unasked = "I am quiet: I post nothing that nobody asked for" if place.quiet else "I post reminders and digests"
    moderators = (
        f" Moderators beside administrators: {as_written(', '.join(place.moderators))}." if place.moderators else ""
    )
    return f"{answers}. {unasked}. {switched}{moderators}"


def _may_change(heard: Heard) -> bool:
    return heard.turn.person.moderator or heard.turn.room.private


def _keep_zone(heard: Heard, zone: str, records: Records) -> Reply:
    back = _apply(heard, {"zone": zone}, records)
    return Reply((Text(f"From now on moments here are read and told in the time zone {zone}."), back), "settings")


def _use(heard: Heard, script: Script, records: Records) -> Reply:
    back = _apply(heard, {"script": script.slug}, records)
    return Reply((Text(f"From now on polls, quizzes and cards here come from “{script.title}”."), back), "settings")


def _private(said: str) -> Reply:
    return Reply((Text(said),), "settings", private=True)
