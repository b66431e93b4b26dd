"""Switched: what moderators have switched off in a place is not begun there; what is open goes on."""

from __future__ import annotations

from bot.activities import Heard
from bot.intents import Discuss, Order, RoundOrder
from bot.intents.behaviour import FEATURES
from bot.reply import Reply, Text

# What is done with what is there already.
GOES_ON = frozenset(
    ["edit", "deadline", "end", "drop", "save", "templates", "schedules", "list", "names", "trend", "share", "mine"]
)
_REVEALS = frozenset({"reveal", "next", "end", "show", "join", "leave"})
_CLOSES = frozenset({"answer", "withdraw", "close", "digest", "names"})


class Switched:
    """Takes what would begin something that is switched off."""

    async def take(self, heard: Heard) -> Reply | None:
        """That it is switched off, and what to do."""
        off = heard.scene.place.off
        feature = next((name for name in FEATURES if name in off and heard.intent.name in FEATURES[name].begins), None)
        if feature is None or _goes_on(heard):
            return None
        back = "moderators can switch them on in the settings"
        if heard.turn.room.private or heard.turn.person.moderator:
            back = f"“switch {feature} on” has them back"
        told = f"{feature.capitalize()} are switched off here; {back}."
        return Reply((Text(told),), heard.intent.name, abstained=True, private=True, remembered=False)


def _goes_on(heard: Heard) -> bool:
    match heard.intent.value:
        case Order(action):
            return action in GOES_ON
        case RoundOrder(action):
            return action in _REVEALS
        case Discuss(action):
            return action in _CLOSES
        case _:
            return False
