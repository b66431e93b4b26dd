"""Who somebody is in Slack: their name and time zone, and whether they moderate."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from cachetools import TTLCache
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.turn import Person

log = logging.getLogger(__name__)

PLATFORM = "slack"
# Rights that were taken away are gone after so many seconds; nobody is looked up for each press.
REMEMBERED = 60.0
MOST_REMEMBERED = 10_000
# Where Slack does not say in time who somebody is, they have no more rights than anybody.
PATIENCE = 2.0
_GROUP = "S"


class People:
    """Looks people up."""

    def __init__(self, client: AsyncWebClient, moderators: Sequence[str]) -> None:
        """`moderators` are ids of people and user groups with their platform, such as "slack:U1"."""
        named = [one.removeprefix(f"{PLATFORM}:") for one in moderators if one.startswith(f"{PLATFORM}:")]
        self._client = client
        self._moderators = frozenset(one for one in named if not one.startswith(_GROUP))
        self._groups = tuple(one for one in named if one.startswith(_GROUP))
        self._people: TTLCache[str, Person] = TTLCache(MOST_REMEMBERED, REMEMBERED)
        self._members: TTLCache[str, frozenset[str]] = TTLCache(MOST_REMEMBERED, REMEMBERED)

    async def person(self, user: str, name: str = "") -> Person:
        """The person of that id; `name` is what an event calls them, where Slack cannot be asked."""
        if (known := self._people.get(user)) is not None:
            return known
        try:
            found = await asyncio.wait_for(self._look_up(user), PATIENCE)
        except (SlackApiError, TimeoutError, OSError) as error:
            log.warning("Slack did not say who somebody is: %s", _reason(error))
            return Person(f"{PLATFORM}:{user}", name or user)
        self._people[user] = found
        return found

    def by_event(self, user: str, name: str) -> Person:
        """The person as an event names them, without rights: enough for a vote, of which hundreds come in a second."""
        return Person(f"{PLATFORM}:{user}", name or user)

    async def _look_up(self, user: str) -> Person:
        told = (await self._client.users_info(user=user))["user"]
        profile = told.get("profile") or {}
        groups = [group for group in self._groups if user in await self._members_of(group)]
        administers = bool(told.get("is_admin") or told.get("is_owner"))
        return Person(
            f"{PLATFORM}:{user}",
            profile.get("display_name") or told.get("real_name") or told.get("name") or user,
            moderator=administers or user in self._moderators or bool(groups),
            timezone=told.get("tz"),
            groups=tuple(f"{PLATFORM}:{group}" for group in groups),
        )

    async def _members_of(self, group: str) -> frozenset[str]:
        if group not in self._members:
            told = await self._client.usergroups_users_list(usergroup=group)
            self._members[group] = frozenset(told["users"])
        return self._members[group]


def _reason(error: Exception) -> str:
    return str(error.response["error"]) if isinstance(error, SlackApiError) else type(error).__name__
