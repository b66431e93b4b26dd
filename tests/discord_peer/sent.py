"""A request to Discord, as it was sent, and what Discord would refuse of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tests.discord_peer.limits import file_problems
from tests.discord_peer.schema import check_request


@dataclass(frozen=True)
class Sent:
    """A request: `path` behind the version of the API, `payload` as JSON or None, `files` the sizes in bytes."""

    method: str
    path: str
    payload: Any = None
    files: tuple[int, ...] = ()


def problems(sent: Iterable[Sent]) -> list[str]:
    """What Discord would refuse of all this, a sentence each."""
    return [problem for request in sent for problem in _problems(request)]


def _problems(request: Sent) -> list[str]:
    found = check_request(request.method, request.path, request.payload)
    if not found and request.files:
        body = request.payload.get("data", request.payload)
        found = [f"{request.method} {request.path}: {one}" for one in file_problems(body, request.files)]
    return found
