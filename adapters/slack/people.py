"""Who somebody is in Slack: their name and time zone, and whether they moderate or administer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from aiohttp import ClientError
from cachetools import LRUCache, TTLCache
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.errors import code_of
from adapters.slack.listen import DIRECT, PLATFORM, Payload, Spot
from adapters.slack.reading import Written, people_named, read
from bot.intents.times.moments import known_zone
from bot.turn import Person

log = logging.getLogger(__name__)

# Rights that were taken away are gone after so many seconds; nobody is looked up for each press.
REMEMBERED = 60.0
MOST_REMEMBERED = 10_000
# Where Slack does not say in time who somebody is, they have no more rights than anybody.
PATIENCE = 2.0
# So many people are looked up at the same time: hundreds may vote in a second.
AT_ONCE = 8
# So many people that a text names are called by their names, the others by what Slack writes of them.
MOST_NAMED = 20


class People:
    """Looks people up."""

    def __init__(self, client: AsyncWebClient, moderators: Sequence[str]) -> None:
        """`moderators` are ids of people and user groups with their platform, such as "slack:U1"."""
        # Whether Slack tells who is in which user group: a scope of its own.
        self.sees_groups = False
        # Who the bot is, and in which workspace.
        self.bot, self.team = "", ""
        self._client = client
        self._moderators = frozenset(moderators)
        self._people: TTLCache[str, Person] = TTLCache(MOST_REMEMBERED, REMEMBERED)
        self._names: LRUCache[str, str] = LRUCache(MOST_REMEMBERED)
        self._direct: LRUCache[str, str] = LRUCache(MOST_REMEMBERED)
        self._public: LRUCache[str, bool] = LRUCache(MOST_REMEMBERED)
        self._asking = asyncio.Semaphore(AT_ONCE)
        # The one list of all user groups: who is in each.
        self._members: TTLCache[str, dict[str, frozenset[str]]] = TTLCache(1, REMEMBERED)

    async def person(self, user: str, name: str = "") -> Person:
        """The person of that id; `name` is what an event calls them, where Slack cannot be asked."""
        if (known := self._people.get(user)) is not None:
            return known
        try:
            async with asyncio.timeout(PATIENCE), self._asking:
                found = self._people.get(user) or await self._look_up(user)
        except (SlackApiError, ClientError, OSError) as error:
            log.warning("Slack did not say who somebody is: %s", _reason(error))
            return Person(f"{PLATFORM}:{user}", self._names.get(user) or name or user)
        self._people[user], self._names[user] = found, found.name
        return found

    async def read(self, text: str) -> Written:
        """A text of Slack's as people see it, with the names of those whom it mentions."""
        labels = dict(islice(people_named(text, self.bot), MOST_NAMED))
        found = await asyncio.gather(*(self.person(user, label) for user, label in labels.items()))
        return read(text, self.bot, dict(zip(labels, (person.name for person in found), strict=True)))

    async def direct(self, user: str) -> str:
        """The channel of somebody's direct messages with the bot. Raises SlackApiError."""
        if (known := self._direct.get(user)) is None:
            opened = await self._client.conversations_open(users=user)
            known = self._direct[user] = str(opened["channel"]["id"])
        return known

    async def placed(self, spot: Spot) -> Spot:
        """The same, with what its event did not tell: whether its channel is public, as far as another event has told,
        and whether it is in the direct messages of its person with the bot.
        """
        if spot.private:
            return spot
        if not spot.channel.startswith(DIRECT):
            if spot.public is None:
                return replace(spot, public=self._public.get(spot.channel))
            self._public[spot.channel] = spot.public
            return spot
        try:
            return replace(spot, private=await self.direct(spot.user) == spot.channel)
        except (SlackApiError, ClientError, OSError) as error:
            log.warning("Slack did not say which direct messages are the bot's own: %s", _reason(error))
            return spot

    async def _look_up(self, user: str) -> Person:
        told = (await self._client.users_info(user=user))["user"]
        profile, zone = told.get("profile") or {}, told.get("tz")
        if zone and known_zone(zone) is None:
            log.warning("Slack names a time zone that is not known here: %s", zone)
            zone = None
        me = f"{PLATFORM}:{user}"
        groups = [f"{PLATFORM}:{group}" for group, members in (await self._groups()).items() if user in members]
        administers = bool(told.get("is_admin") or told.get("is_owner")) and self._is_of_here(told)
        return Person(
            me,
            profile.get("display_name") or told.get("real_name") or told.get("name") or user,
            moderator=administers or not self._moderators.isdisjoint((me, *groups)),
            timezone=zone,
            groups=tuple(groups),
            administrator=administers,
        )

    def _is_of_here(self, told: Payload) -> bool:
        """Whether somebody belongs to the bot's workspace: no guest, and nobody of another company in a shared channel,
        whatever they administer there.
        """
        if any(told.get(f"is_{kind}") for kind in ("stranger", "restricted", "ultra_restricted")):
            return False
        teams = (told.get("enterprise_user") or {}).get("teams") or ()
        return told.get("team_id") == self.team or self.team in teams

    async def _groups(self) -> dict[str, frozenset[str]]:
        """Who is in each user group, by its id."""
        if not self.sees_groups:
            return {}
        if "all" not in self._members:
            told = await self._client.usergroups_list(include_users=True)
            self._members["all"] = {group["id"]: frozenset(group.get("users") or ()) for group in told["usergroups"]}
        return self._members["all"]


def _reason(error: Exception) -> str:
    return (code_of(error) if isinstance(error, SlackApiError) else "") or type(error).__name__
