"""The connection to Slack: what arrives becomes a turn at once, and is answered when that is acknowledged."""

from __future__ import annotations

import logging
import re
import secrets
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import commands, home
from adapters.slack.errors import code_of, retries
from adapters.slack.hearer import Hearer
from adapters.slack.listen import (
    CALLED,
    WRITTEN,
    Payload,
    Spot,
    moment,
    read_spot,
    spot_of_command,
    spot_of_message,
    spot_of_press,
    turn,
)
from adapters.slack.people import People
from adapters.slack.poster import SlackPoster
from adapters.slack.quoting import has_pictures, text_of
from adapters.slack.reading import is_mentioned, is_to_others
from adapters.slack.scopes import GROUPS, OVERHEARING
from adapters.slack.stream import FAILURES
from adapters.slack.telling import Teller
from adapters.slack.views import channel_chosen, form_errors, form_values
from adapters.slack.windows import FORM, GONE, Windows
from adapters.slack.work import Work
from bot.board import Board
from bot.publisher import Publisher
from bot.settings import Settings
from bot.turn import Person, Room, Turn

log = logging.getLogger(__name__)

# What the shortcuts of the manifest are called: of a message, and of no place.
SHORTCUT, NEW_POLL = "ask_about_this", "new_poll"
ANSWERED = "I have answered you in our direct messages: open the tab “Messages”."
FOR_MODERATORS = "Only moderators can start a poll. If you moderate a channel, say `/finops poll` there."
# A first sign that is not taken within so long, in seconds, is none.
HASTY = 5


class SlackApp:
    """Slack's events, commands and presses, for one workspace."""

    def __init__(self, settings: Settings, assistant: Hearer, board: Board) -> None:
        token, address = settings.slack_bot_token.get_secret_value(), settings.slack_api_url
        self.client = AsyncWebClient(token, base_url=address, retry_handlers=retries(waits=True))
        impatient = AsyncWebClient(token, base_url=address, retry_handlers=retries(waits=False))
        self.publisher = Publisher(board, SlackPoster(impatient))
        # Its log is its own: at DEBUG it tells all that arrives.
        self.bolt = AsyncApp(client=self.client, signing_secret=settings.slack_signing_secret.get_secret_value())
        self._assistant = assistant
        self._people = People(self.client, settings.moderators)
        hasty = AsyncWebClient(token, base_url=address, timeout=HASTY, retry_handlers=[])
        self._teller = Teller(self.client, hasty, self.publisher)
        self._overhears = False
        # Whether the workspace has done without the bot since it was started.
        self.is_removed = False
        self._windows = Windows(self.client, assistant, self._teller)
        self._work = Work()
        self._listen()

    async def introduce(self) -> None:
        """Ask Slack who the bot is, and what it may hear. Raises SlackApiError."""
        told = await self.client.auth_test()
        self._people.bot, self._people.team = told["user_id"], told["team_id"]
        granted = {name.lower(): value for name, value in told.headers.items()}.get("x-oauth-scopes", "")
        scopes = granted.split(",")
        self._overhears = any(scope in OVERHEARING for scope in scopes)
        self._people.sees_groups = GROUPS in scopes

    async def finish(self) -> None:
        """Wait for what was begun, but not for long."""
        await self._work.finish()

    def _listen(self) -> None:
        self.bolt.event("app_mention")(self._on_mention)
        self.bolt.event("message")(self._on_message)
        self.bolt.event("app_home_opened")(self._on_home)
        self.bolt.event("app_uninstalled")(self._on_removal)
        self.bolt.event("tokens_revoked")(self._on_removal)
        self.bolt.command(commands.NAME)(self._on_command)
        self.bolt.shortcut(SHORTCUT)(self._on_shortcut)
        self.bolt.shortcut(NEW_POLL)(self._on_new_poll)
        self.bolt.action(re.compile("^(say|open|menu|judge):"))(self._on_press)
        self.bolt.view(FORM)(self._on_form)
        self.bolt.error(self._on_error)

    # --- What arrives ---

    async def _on_mention(self, event: Payload) -> None:
        # An edit comes too: one that adds the mention is heard, all others are of a message that was answered.
        if event.get("bot_id"):
            return
        await self._hear_message(event, addressed=True)

    async def _on_message(self, event: Payload) -> None:
        """A direct message, or what is overheard; mentions come as events of their own."""
        if event.get("subtype") not in WRITTEN or event.get("bot_id") or not event.get("user"):
            return
        direct, mentioned = event.get("channel_type") == "im", is_mentioned(event.get("text", ""), self._people.bot)
        # Of a mention with a file Slack tells nothing else (slackapi/bolt-python#925).
        if direct or not mentioned or event.get("subtype") == "file_share":
            await self._hear_message(event, addressed=direct or mentioned)

    async def _hear_message(self, event: Payload, addressed: bool) -> None:
        text, pictures = event.get("text", ""), has_pictures(event)
        with self._work.begun():
            spot = await self._people.placed(spot_of_message(event))
            written = await self._people.read(text)
            if not addressed and not written.words:
                return
            heard = turn(
                # The same message can come as several events.
                f"{spot.channel}:{event['ts']}",
                self._room(spot),
                await self._people.person(spot.user),
                written.words or ("" if pictures else CALLED),
                at=moment(event["ts"]),
                addressed=addressed,
                to_others=is_to_others(text, self._people.bot),
                pictures=pictures,
                people=written.people,
            )
            await self._answer(heard, spot)

    async def _on_command(self, ack: AsyncAck, body: Payload) -> None:
        await ack()
        spot = await self._people.placed(spot_of_command(body))
        with self._work.begun():
            person = await self._people.person(spot.user, body.get("user_name", ""))
            written = await self._people.read(body.get("text", ""))
            words = commands.words_of(written.words)
            heard = self._quiet(body["trigger_id"], spot, person, words, people=written.people)
            if words in commands.OPENING and await self._windows.open(heard, spot, body["trigger_id"]):
                return
            if commands.is_help(written.words):
                await self._windows.tell(heard, spot, commands.help_text())
            await self._answer(heard, spot)

    async def _on_shortcut(self, ack: AsyncAck, body: Payload) -> None:
        """A question about a message: its words are asked, not said, and only who asked sees the answer."""
        await ack()
        found, message = spot_of_press(body), body.get("message") or {}
        if found is None:
            return
        with self._work.begun():
            spot = await self._people.placed(found)
            person = await self._people.person(spot.user, body["user"].get("name", ""))
            words = (await self._people.read(text_of(message))).words
            about = {"quoted": True, "pictures": has_pictures(message)}
            await self._answer(self._quiet(body["trigger_id"], spot, person, words, **about), spot)

    async def _on_new_poll(self, ack: AsyncAck, body: Payload) -> None:
        """A form for a poll, from anywhere in Slack: the channel is chosen in it."""
        await ack()
        with self._work.begun():
            user = body["user"]["id"]
            spot = await self._direct(user, (body.get("team") or {}).get("id", ""))
            person = await self._people.person(user, body["user"].get("username", ""))
            heard = self._quiet(body["trigger_id"], spot, person, commands.NEW_POLL)
            if not await self._windows.open(heard, spot, body["trigger_id"], choose_channel=True):
                await self._windows.tell(heard, spot, FOR_MODERATORS)

    async def _on_press(self, ack: AsyncAck, body: Payload) -> None:
        await ack()
        pressed = body["actions"][0]
        opens, words = _pressed(pressed)
        with self._work.begun():
            user, name = body["user"]["id"], body["user"].get("username") or body["user"].get("name") or ""
            found = spot_of_press(body) or await self._direct(user, (body.get("team") or {}).get("id", ""))
            spot, person = await self._people.placed(found), await self._people.person(user, name)
            heard = self._quiet(f"{user}:{pressed['action_ts']}:{pressed['action_id']}", spot, person, words)
            if not opens:
                await self._answer(heard, spot)
            elif not await self._windows.open(heard, spot, body["trigger_id"]):
                await self._windows.tell(heard, spot, GONE)
            if spot.at_home:
                await self._show_home(person, "" if opens else ANSWERED)

    async def _on_form(self, ack: AsyncAck, body: Payload) -> None:
        view = body["view"]
        says, opened = read_spot(view["private_metadata"])
        # Whoever sends it answers for it, whatever the window carries.
        spot = replace(opened, user=body["user"]["id"])
        if (chosen := channel_chosen(view["state"])) is not None:
            urls = {one.get("channel_id"): one.get("response_url", "") for one in body.get("response_urls") or ()}
            spot = replace(spot, channel=chosen, private=False, at_home=False, url=urls.get(chosen, ""))
        with self._work.begun():
            spot = await self._people.placed(spot) if chosen else spot
            person = await self._people.person(spot.user, body["user"].get("name", ""))
            values = {
                name: (await self._people.read(value)).words for name, value in form_values(view["state"]).items()
            }
            heard = self._quiet(f"view:{view['id']}", spot, person, says, fields=values)
            form = await self._assistant.form(heard)
            if form is not None and (wrong := form.check(values)):
                await ack(response_action="errors", errors=form_errors(wrong, form))
                return
            await ack()
            await self._answer(heard, spot)
            if spot.at_home:
                await self._show_home(person, ANSWERED)

    async def _on_home(self, event: Payload) -> None:
        if event.get("tab") == "messages":
            await self.client.assistant_threads_setSuggestedPrompts(
                channel_id=event["channel"], title=home.PROMPTS_TITLE, prompts=home.PROMPTS
            )
        else:
            await self._show_home(await self._people.person(event["user"]))

    async def _on_removal(self, event: Payload) -> None:
        """The app was removed from the workspace, or its token was taken back: nothing can be said there any more."""
        if event["type"] == "app_uninstalled" or (event.get("tokens") or {}).get("bot"):
            self.is_removed = True
            log.error("Slack: the app was removed from the workspace, or its token revoked; install it anew")

    # --- What is done about it ---

    async def _answer(self, heard: Turn, spot: Spot) -> None:
        await self._teller.tell(heard, self._assistant.hear(heard), spot)

    async def _show_home(self, person: Person, note: str = "") -> None:
        user = person.id.partition(":")[2]
        spot = await self._direct(user)
        shown = await self._assistant.home(self._quiet(f"home:{secrets.token_hex(8)}", spot, person, "home"))
        await self.client.views_publish(user_id=user, view=home.view(shown, note))

    async def _direct(self, user: str, team: str = "") -> Spot:
        """The direct messages with whoever presses something that stands in no channel."""
        return Spot(await self._people.direct(user), user, None, True, team, at_home=True)

    def _quiet(self, identifier: str, spot: Spot, person: Person, words: str, **more: Any) -> Turn:
        """What nobody else can read: a press, a command, a form."""
        return turn(identifier, self._room(spot), person, words, aloud=False, **more)

    def _room(self, spot: Spot) -> Room:
        return spot.room(self._people.team, self._overhears)

    async def _on_error(self, error: Exception) -> None:
        """No listener's failure reaches a person; what can be told was told by the assistant."""
        kind = (code_of(error) if isinstance(error, SlackApiError) else "") or type(error).__name__
        log.error("Slack: %s; reference %s", kind, secrets.token_hex(4), exc_info=not isinstance(error, FAILURES))


def _pressed(action: Payload) -> tuple[bool, str]:
    """Whether a press opens a form, and the words: a button's, or those of what was chosen."""
    kind = action["action_id"].partition(":")[0]
    value = (action.get("selected_option") or action)["value"]
    if kind in ("menu", "judge"):
        kind, _, value = value.partition(" ")
    return kind == "open", value
