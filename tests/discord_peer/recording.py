"""Takes down each request that the real discord.py sends through simcord, held against Discord's specification.

    from tests.discord_peer.recording import sent_to_discord  # in a conftest: holds for all tests beside it

    async def test_an_answer(simcord_env: Env, sent_to_discord: list[Sent]) -> None:
        ...  # what was sent is in the list, and whatever Discord would refuse in it fails the test at its end

simcord refuses much of what is too long, as Discord does; it lets pass unknown keys, mentions and missing alternatives.
"""

from __future__ import annotations

import copy
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import discord
import pytest
from simcord.http import router

from tests.discord_peer.sent import Sent, problems


@contextmanager
def recording() -> Iterator[list[Sent]]:
    """The requests of all clients of simcord that are made within the block, restarted ones too, failed ones too."""
    sent: list[Sent] = []
    answer = router.dispatch

    def take_down(backend: Any, method: str, path: str, *, json: Any = None, files: Any = None, **more: Any) -> Any:
        sizes = tuple(_size(file) for file in files or ())
        sent.append(Sent(method, path, copy.deepcopy(json), sizes))
        return answer(backend, method, path, json=json, files=files, **more)

    with pytest.MonkeyPatch.context() as patch:
        # Messages and interactions go by different doors of the library; both lead through here.
        patch.setattr(router, "dispatch", take_down)
        yield sent


@pytest.fixture(autouse=True)
def sent_to_discord() -> Iterator[list[Sent]]:
    """What the test sends to Discord; at its end all of it must be what Discord takes."""
    with recording() as sent:
        yield sent
    if wrong := problems(sent):
        pytest.fail("\n".join(("Discord would refuse this:", *wrong)))


def _size(file: discord.File) -> int:
    at = file.fp.tell()
    end = file.fp.seek(0, io.SEEK_END)
    file.fp.seek(at)
    return end
