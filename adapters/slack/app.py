"""The connection to Slack: what arrives becomes a turn at once, and is answered when that is acknowledged."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Protocol

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import commands, home
from adapters.slack.listen import (
    CALLED,
    VOTES,
    WRITTEN,
    Payload,
    Spot,
    is_mentioned,
    is_to_others,
    moment,
    read_spot,
    said,
    spot_of_command,
    spot_of_message,
    spot_of_press,
    turn,
)
from adapters.slack.people import People
from adapters.slack.poster import SlackPoster
from adapters.slack.scopes import GROUPS, OVERHEARING
from adapters.slack.stream import FAILURES
from adapters.slack.telling import Teller
from adapters.slack.views import form_errors, form_values, form_view
from bot.board import Board
from bot.publisher import Publisher
from bot.reply import Form, Reply, Text
from bot.settings import Settings
from bot.turn import Person, Turn

log = logging.getLogger(__name__)

FORM, SHORTCUT = "form", "ask_about_this"
GONE = "This is no longer open."
# A clean stop waits so long, in seconds, for what was begun.
ENDING = 25.0
# A call that is asked to wait tries again so often, as long as Slack says each time.
PATIENCE = 3


class Hearer(Protocol):
    """What Slack needs of an assistant."""

    def hear(self, turn: Turn) -> AsyncIterator[Reply]:
        """The replies to `turn`, as they come."""
        ...

    async def form(self, turn: Turn) -> Form | None:
        """The form that the words of `turn` stand for."""
        ...

    async def home(self, turn: Turn) -> Reply:
        """What somebody finds in the app's home."""
        ...


class SlackApp:
    """Slack's events, commands and presses, for one workspace."""

    def __init__(self, settings: Settings, assistant: Hearer, board: Board, work: Callable[[Any], int]) -> None:
        """`work` does what is due at a moment."""
        token, address = settings.slack_bot_token.get_secret_value(), settings.slack_api_url
        waiting: list[AsyncRetryHandler] = [AsyncRateLimitErrorRetryHandler(max_retry_count=PATIENCE)]
        self.client = AsyncWebClient(token, base_url=address, retry_handlers=waiting)
        self.publisher = Publisher(board, work, SlackPoster(AsyncWebClient(token, base_url=address, retry_handlers=[])))
        self.bolt = AsyncApp(
            client=self.client, signing_secret=settings.slack_signing_secret.get_secret_value(), logger=log
        )
        self._assistant = assistant
        self._people = People(self.client, settings.moderators)
        self._teller = Teller(self.client, board, self.publisher)
        self._bot, self._overhears = "", False
        self._begun: set[object] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._listen()

    async def introduce(self) -> None:
        """Ask Slack who the bot is, and what it may hear. Raises SlackApiError."""
        told = await self.client.auth_test()
        self._bot = told["user_id"]
        granted = {name.lower(): value for name, value in told.headers.items()}.get("x-oauth-scopes", "")
        scopes = granted.split(",")
        self._overhears = any(scope in OVERHEARING for scope in scopes)
        self._people.sees_groups = GROUPS in scopes

    async def finish(self) -> None:
        """Wait for what was begun, but not for long."""
        try:
            await asyncio.wait_for(self._idle.wait(), ENDING)
        except TimeoutError:
            log.warning("Some answers were not finished when Slack was left")

    def _listen(self) -> None:
        self.bolt.event("app_mention")(self._on_mention)
        self.bolt.event("message")(self._on_message)
        self.bolt.event("app_home_opened")(self._on_home)
        self.bolt.command(commands.NAME)(self._on_command)
        self.bolt.shortcut(SHORTCUT)(self._on_shortcut)
        self.bolt.action(re.compile("^(say|open|menu):"))(self._on_press)
        self.bolt.view(FORM)(self._on_form)
        self.bolt.error(self._on_error)

    # --- What arrives ---

    async def _on_mention(self, event: Payload) -> None:
        if event.get("bot_id") or event.get("edited"):
            return
        await self._hear_message(event, addressed=True)

    async def _on_message(self, event: Payload) -> None:
        """A direct message, or what is overheard; mentions come as events of their own."""
        if event.get("subtype") not in WRITTEN or event.get("bot_id") or not event.get("user"):
            return
        direct = event.get("channel_type") == "im"
        if direct or not is_mentioned(event.get("text", ""), self._bot):
            await self._hear_message(event, addressed=direct)

    async def _hear_message(self, event: Payload, addressed: bool) -> None:
        text, spot = event.get("text", ""), spot_of_message(event)
        with self._at_work():
            person = await self._people.person(spot.user)
            heard = turn(
                # The same message can come as several events.
                f"{spot.channel}:{event['ts']}",
                spot.room(self._overhears),
                person,
                said(text, self._bot) or CALLED,
                at=moment(event["ts"]),
                addressed=addressed,
                to_others=is_to_others(text, self._bot),
            )
            await self._answer(heard, spot)

    async def _on_command(self, ack: AsyncAck, body: Payload) -> None:
        await ack()
        spot, text = spot_of_command(body), body.get("text", "")
        with self._at_work():
            person = await self._people.person(spot.user, body.get("user_name", ""))
            heard = self._quiet(body["trigger_id"], spot, person, commands.words_of(text))
            if commands.is_help(text):
                help_text = Reply((Text(commands.help_text()),), "help", private=True)
                await self._teller.tell(heard, _one(help_text), spot)
            await self._answer(heard, spot)

    async def _on_shortcut(self, ack: AsyncAck, body: Payload) -> None:
        """A question about a message: its words are asked, and only who asked sees the answer."""
        await ack()
        spot, message = spot_of_press(body), body.get("message") or {}
        if spot is None:
            return
        with self._at_work():
            person = await self._people.person(spot.user, body["user"].get("name", ""))
            words = said(message.get("text", ""), self._bot) or CALLED
            await self._answer(self._quiet(body["trigger_id"], spot, person, words), spot)

    async def _on_press(self, ack: AsyncAck, body: Payload) -> None:
        await ack()
        pressed = body["actions"][0]
        opens, words = _pressed(pressed)
        spot = spot_of_press(body) or await self._direct(body)
        with self._at_work():
            user, name = body["user"]["id"], body["user"].get("username") or body["user"].get("name") or ""
            known = self._people.by_event(user, name) if words.startswith(VOTES) else None
            person = known or await self._people.person(user, name)
            heard = self._quiet(f"{user}:{pressed['action_ts']}:{pressed['action_id']}", spot, person, words)
            if opens:
                await self._open(heard, spot, body["trigger_id"])
            else:
                await self._answer(heard, spot)
            if body.get("view"):
                await self._show_home(person)

    async def _on_form(self, ack: AsyncAck, body: Payload) -> None:
        view = body["view"]
        says, opened = read_spot(view["private_metadata"])
        # Whoever sends it answers for it, whatever the window carries.
        spot = replace(opened, user=body["user"]["id"])
        with self._at_work():
            person = await self._people.person(spot.user, body["user"].get("name", ""))
            values = form_values(view["state"])
            heard = self._quiet(f"view:{view['id']}", spot, person, says, fields=values)
            form = await self._assistant.form(heard)
            if form is not None and (wrong := form.check(values)):
                await ack(response_action="errors", errors=form_errors(wrong, form))
                return
            await ack()
            await self._answer(heard, spot)

    async def _on_home(self, event: Payload) -> None:
        person = await self._people.person(event["user"])
        if event.get("tab") == "messages":
            await self.client.assistant_threads_setSuggestedPrompts(
                channel_id=event["channel"], title=home.PROMPTS_TITLE, prompts=home.PROMPTS
            )
        else:
            await self._show_home(person)

    # --- What is done about it ---

    async def _answer(self, heard: Turn, spot: Spot) -> None:
        await self._teller.tell(heard, self._assistant.hear(heard), spot)

    async def _open(self, heard: Turn, spot: Spot, trigger: str) -> None:
        """Open the form that was pressed; the trigger is good for three seconds."""
        form = await self._assistant.form(heard)
        if form is None:
            await self._teller.tell(heard, _one(Reply((Text(GONE),), "help", private=True)), spot)
            return
        await self.client.views_open(trigger_id=trigger, view=form_view(form, spot.written(form.says), FORM))

    async def _show_home(self, person: Person) -> None:
        user = person.id.partition(":")[2]
        spot = await self._direct({"user": {"id": user}})
        shown = await self._assistant.home(self._quiet(f"home:{secrets.token_hex(8)}", spot, person, "home"))
        await self.client.views_publish(user_id=user, view=home.view(shown))

    async def _direct(self, body: Payload) -> Spot:
        """The direct messages with whoever presses something that stands in no channel."""
        user = body["user"]["id"]
        opened = await self.client.conversations_open(users=user)
        return Spot(opened["channel"]["id"], user, None, True, (body.get("team") or {}).get("id", ""))

    def _quiet(self, identifier: str, spot: Spot, person: Person, words: str, **more: Any) -> Turn:
        """What nobody else can read: a press, a command, a form."""
        return turn(identifier, spot.room(self._overhears), person, words, aloud=False, **more)

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        """What a clean stop waits for."""
        token = object()
        self._begun.add(token)
        self._idle.clear()
        try:
            yield
        finally:
            self._begun.discard(token)
            if not self._begun:
                self._idle.set()

    async def _on_error(self, error: Exception) -> None:
        """No listener's failure reaches a person; what can be told was told by the assistant."""
        kind = str(error.response["error"]) if hasattr(error, "response") else type(error).__name__
        log.error("Slack: %s; reference %s", kind, secrets.token_hex(4), exc_info=not isinstance(error, FAILURES))


async def _one(reply: Reply) -> AsyncIterator[Reply]:
    yield reply


def _pressed(action: Payload) -> tuple[bool, str]:
    """Whether a press opens a form, and the words: a button's, or those of what was chosen from a menu."""
    kind = action["action_id"].partition(":")[0]
    value = (action.get("selected_option") or action)["value"]
    if kind == "menu":
        kind, _, value = value.partition(" ")
    return kind == "open", value
