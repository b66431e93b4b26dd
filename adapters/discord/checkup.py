"""What `doctor` finds out about Discord: whether the token works, and what the bot may do in each channel."""

from __future__ import annotations

from collections.abc import AsyncIterator

import discord
from aiohttp import ClientError

from adapters.discord.connection import NO_INTENT, NO_TOKEN, WRONG_TOKEN, use_addresses
from adapters.discord.rights import in_words, install_link, lacking
from bot.markup.visible import cut
from bot.settings import Settings, SettingsError

# So many servers are looked at, and so many channels of each are named.
SERVERS, CHANNELS = 20, 20


async def examine(settings: Settings) -> AsyncIterator[str]:
    """What works, a line each, and what is missing where. Raises SettingsError with what cannot work at all."""
    token = settings.discord_token.get_secret_value()
    if not token:
        raise SettingsError(NO_TOKEN)
    use_addresses(settings)
    async with discord.Client(intents=discord.Intents.none()) as client:
        try:
            await client.login(token)
            async for line in look(client, settings):
                yield line
        except discord.LoginFailure as error:
            raise SettingsError(WRONG_TOKEN) from error
        except (ClientError, OSError, TimeoutError, discord.HTTPException) as error:
            raise SettingsError(f"Discord cannot be reached ({type(error).__name__}).") from error


async def look(client: discord.Client, settings: Settings) -> AsyncIterator[str]:
    """What a client that is logged in finds. Raises SettingsError where the intent that is set is not granted."""
    application = await client.application_info()
    yield f"the bot is {cut(application.name, 80)}"
    if settings.discord_message_content:
        granted = application.flags.gateway_message_content or application.flags.gateway_message_content_limited
        if not granted:
            raise SettingsError(NO_INTENT)
        yield "it is granted the Message Content intent"
    servers = [guild async for guild in client.fetch_guilds(limit=SERVERS)]
    if not servers:
        yield f"it is in no server yet: open {install_link(application.id)}"
    for server in servers:
        async for line in _look_at(client, server.id):
            yield line


def _needless(channel: discord.abc.GuildChannel) -> tuple[str, ...]:
    """What nobody needs in a channel of that kind: a forum holds posts alone, a voice channel has no threads."""
    if isinstance(channel, discord.ForumChannel):
        return ("send_messages", "create_public_threads")
    if isinstance(channel, discord.VoiceChannel | discord.StageChannel):
        return ("send_messages_in_threads", "create_public_threads")
    return ()


async def _look_at(client: discord.Client, server_id: int) -> AsyncIterator[str]:
    assert client.user is not None
    server = await client.fetch_guild(server_id)
    me = await server.fetch_member(client.user.id)
    name = cut(server.name, 80)
    channels = [one for one in await server.fetch_channels() if not isinstance(one, discord.CategoryChannel)]
    wanting = [(channel, lacking(channel.permissions_for(me), _needless(channel))) for channel in channels]
    fine = [channel for channel, lacks in wanting if not lacks]
    threads = len(await server.active_threads())
    seen = f", and it can see {threads} open {'thread' if threads == 1 else 'threads'}" if threads else ""
    yield f"{name}: all rights in {len(fine)} of {len(channels)} channels{seen}"
    for channel, lacks in [(channel, lacks) for channel, lacks in wanting if lacks][:CHANNELS]:
        yield f"note: {name}, #{cut(channel.name, 80)}: not granted is {in_words(lacks)}"
