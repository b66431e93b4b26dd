"""Windows that a press, a command or a shortcut opens: at once, as what opens one is good for three seconds."""

from __future__ import annotations

from collections.abc import AsyncIterator

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.errors import code_of
from adapters.slack.hearer import Hearer
from adapters.slack.listen import Spot
from adapters.slack.telling import Teller
from adapters.slack.views import form_view
from bot.reply import Reply, Text
from bot.turn import Turn

FORM = "form"
GONE = "This is no longer open."
TOO_LATE = "Slack lets me open a window only within three seconds, and I came too late: press again."
# What Slack says of a trigger that was used before, or is too old.
_TRIGGER = "trigger"


class Windows:
    """Opens forms."""

    def __init__(self, client: AsyncWebClient, hearer: Hearer, teller: Teller) -> None:
        self._client = client
        self._hearer = hearer
        self._teller = teller

    async def open(self, heard: Turn, spot: Spot, trigger: str, choose_channel: bool = False) -> bool:
        """Open the form that the words of a turn stand for; False where they stand for none, or its person may not.

        With `choose_channel` the window asks in which channel its words are to be said.
        """
        form = await self._hearer.form(heard)
        if form is None:
            return False
        view = form_view(form, spot.written(form.says), FORM, choose_channel)
        try:
            await self._client.views_open(trigger_id=trigger, view=view)
        except SlackApiError as error:
            if _TRIGGER not in code_of(error):
                raise
            await self.tell(heard, spot, TOO_LATE)
        return True

    async def tell(self, heard: Turn, spot: Spot, said: str) -> None:
        """Say something to the person of a turn alone."""
        await self._teller.tell(heard, one(Reply((Text(said),), "help", private=True)), spot)


async def one(reply: Reply) -> AsyncIterator[Reply]:
    """Just that reply."""
    yield reply
