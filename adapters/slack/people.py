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


class People:
    """Looks people up."""

    def __init__(self, client: AsyncWebClient, moderators: Sequence[str]) -> None:
        """`moderators` are ids of people and user groups with their platform, such as "slack:U1"."""
        # Whether Slack tells who is in which user group: a scope of its own.
        self.sees_groups = False
        self._client = client
        self._moderators = frozenset(moderators)
        self._people: TTLCache[str, Person] = TTLCache(MOST_REMEMBERED, REMEMBERED)
        # The one list of all user groups: who is in each.
        self._members: TTLCache[str, dict[str, frozenset[str]]] = TTLCache(1, REMEMBERED)

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
        me = f"{PLATFORM}:{user}"
        groups = [f"{PLATFORM}:{group}" for group, members in (await self._groups()).items() if user in members]
        administers = bool(told.get("is_admin") or told.get("is_owner"))
        return Person(
            me,
            profile.get("display_name") or told.get("real_name") or told.get("name") or user,
            moderator=administers or not self._moderators.isdisjoint((me, *groups)),
            timezone=told.get("tz"),
            groups=tuple(groups),
        )

    async def _groups(self) -> dict[str, frozenset[str]]:
        """Who is in each user group, by its id."""
        if not self.sees_groups:
            return {}
        if "all" not in self._members:
            told = await self._client.usergroups_list(include_users=True)
            self._members["all"] = {group["id"]: frozenset(group.get("users") or ()) for group in told["usergroups"]}
        return self._members["all"]


def _reason(error: Exception) -> str:
    return str(error.response["error"]) if isinstance(error, SlackApiError) else type(error).__name__
