"""What a language model writes, as it writes it: within limits, counted, and with one kind of failure."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Self

from langchain_core.exceptions import (
    ContextOverflowError,
    ModelAPIError,
    ModelAuthenticationError,
    ModelConnectionError,
    ModelInvalidRequestError,
    ModelNotFoundError,
    ModelPermissionDeniedError,
    ModelRateLimitError,
    ModelTimeoutError,
)
from langchain_core.messages import AIMessage, AIMessageChunk, UsageMetadata
from langchain_core.messages.ai import add_usage
from langchain_core.messages.utils import count_tokens_approximately

from knowledge.answer import Spent

if TYPE_CHECKING:
    from knowledge.model import LanguageModel

Role = Literal["system", "user", "assistant"]
Reason = Literal[
    "too slow",
    "too long",
    "empty",
    "cut off",
    "withheld",
    "rate limit",
    "key rejected",
    "not permitted",
    "no such model",
    "input too long",
    "request rejected",
    "provider failed",
    "connection lost",
    "unreadable",
]

_REASONS: tuple[tuple[type[Exception], Reason], ...] = (
    (ModelTimeoutError, "too slow"),
    (TimeoutError, "too slow"),
    (ModelRateLimitError, "rate limit"),
    (ModelAuthenticationError, "key rejected"),
    (ModelPermissionDeniedError, "not permitted"),
    (ModelNotFoundError, "no such model"),
    (ContextOverflowError, "input too long"),
    (ModelInvalidRequestError, "request rejected"),
    (ModelAPIError, "provider failed"),
    (ModelConnectionError, "connection lost"),
    (OSError, "connection lost"),
)
# Libraries below the providers' own, whose errors may come up as they are when a connection breaks in the middle.
_TRANSPORTS = ("httpx", "httpcore", "httpx2", "httpcore2")
# What providers call the reason for which an answer ended, and the reasons that leave it unfit to be shown.
_ENDS = ("finish_reason", "stop_reason", "done_reason", "status")
_UNFIT: dict[str, Reason] = {
    "length": "too long",
    "max_tokens": "too long",
    "incomplete": "too long",
    "content_filter": "withheld",
    "refusal": "withheld",
}

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    """How long a call of a language model may take (seconds), and how much it may write."""

    first: float = 20.0  # until the first words
    total: float = 45.0
    characters: int = 6_000
    tokens: int = 4_000  # asked of the provider; what a model thinks before it writes counts as well


ANSWER = Limits()
SHORT = Limits(first=8.0, total=8.0, characters=1_000)


class ModelFailed(Exception):
    """A language model gave no answer that can be used.

    `reason` is for logs and for counting, and holds nothing that anybody wrote; the log tells it with `reference`.
    `spent` is what it took all the same.
    """

    def __init__(self, reason: Reason, spent: Spent, reference: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.spent = spent
        self.reference = reference


@dataclass(frozen=True)
class Said:
    """All the words of a short call, and what they took."""

    text: str
    spent: Spent


class Writing:
    """The words of one call, piece by piece, once: `async with model.write(messages) as writing`, then `async for`.

    The call begins with the block, and ends with it at the latest: who leaves early, or is cancelled, closes the
    connection. Raises ModelFailed, also in the middle. `spent` may be read at any time.
    """

    def __init__(self, model: LanguageModel, messages: Sequence[tuple[Role, str]], limits: Limits) -> None:
        self._model = model
        self._messages = list(messages)
        self._limits = limits
        self._pieces: asyncio.Queue[str | None] = asyncio.Queue()
        self._written = ""
        self._usage: UsageMetadata | None = None
        self._end: str | None = None
        self._billed = False
        self._reason: Reason | None = None
        self._reference = secrets.token_hex(4)

    async def __aenter__(self) -> Self:
        # LangChain's generators within generators close in order only if they are cancelled where they wait for the
        # provider, so a task waits there at all times.
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._reading.cancel()
        await asyncio.wait([self._reading])

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> str:
        piece = await self._pieces.get()
        if piece is not None:
            return piece
        self._pieces.put_nowait(None)
        if self._reason:
            raise ModelFailed(self._reason, self.spent, self._reference)
        raise StopAsyncIteration

    @property
    def spent(self) -> Spent:
        """The tokens that the provider counted; an estimate where it did not, as when an answer is cut off."""
        if not self._billed:
            return Spent(self._model.name, 0, 0)
        read, wrote = (self._usage["input_tokens"], self._usage["output_tokens"]) if self._usage else (0, 0)
        if not (self._end and wrote) and self._written:
            guess = count_tokens_approximately([AIMessage(self._written)], extra_tokens_per_message=0)
            # No provider bills for more than was asked for, whatever a broken one sends.
            wrote = max(wrote, min(guess, self._limits.tokens))
        return Spent(self._model.name, read or count_tokens_approximately(self._messages), wrote)

    async def _read(self) -> None:
        """Fill the queue until the end, which is None; what goes wrong is kept in `_reason`."""
        started = asyncio.get_running_loop().time()
        again, cause = True, "its answer"
        while again:
            again = False
            chat = self._model.chat
            self._billed = True
            try:
                async with asyncio.timeout_at(started + min(self._limits.first, self._limits.total)) as clock:
                    async for chunk in chat.astream(self._messages):
                        self._take(chunk, clock, started)
                self._reason = self._reason or self._judge()
            except Exception as error:
                self._billed = not _unbilled(error)
                again = _refused(error) and self._model.forgo(chat, str(error))
                self._reason = None if again else self._reason or _reason(error)
                cause = type(error).__name__  # the error itself may quote what was sent
        if self._reason:
            said = "The language model %s failed: %s (%s); reference %s"
            _log.warning(said, self._model.name, self._reason, cause, self._reference)
        self._pieces.put_nowait(None)

    def _take(self, chunk: AIMessageChunk, clock: asyncio.Timeout, started: float) -> None:
        """Pass on the words in `chunk`, and keep what else it tells; thoughts of the model are no words."""
        if clock.expired():
            raise TimeoutError  # its cancellation may get lost: Python 3.11's `wait_for` lets a chunk win over it
        if self._reason:
            return
        if chunk.usage_metadata:
            self._usage = add_usage(self._usage, chunk.usage_metadata)
        for name in _ENDS:
            self._end = chunk.response_metadata.get(name) or self._end
        piece = str(chunk.text)
        if not piece:
            return
        if not self._written:
            clock.reschedule(started + self._limits.total)
        self._written += piece
        if len(self._written) > self._limits.characters:
            self._reason = "too long"
            clock.reschedule(started)
        else:
            self._pieces.put_nowait(piece)

    def _judge(self) -> Reason | None:
        """What keeps that which was written from being a whole answer."""
        if self._end in _UNFIT:
            return _UNFIT[self._end]
        if self._end is None and self._model.tells_end:
            return "cut off"
        return None if self._written.strip() else "empty"


def _reason(error: Exception) -> Reason:
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return reason
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return "provider failed" if status >= 500 else "request rejected"
    library = type(error).__module__.partition(".")[0]
    return "connection lost" if library in _TRANSPORTS else "unreadable"


def _refused(error: Exception) -> bool:
    """Whether the provider found fault with the request."""
    return getattr(error, "status_code", None) in (400, 422)


def _unbilled(error: BaseException | None) -> bool:
    """Whether the provider never read the request, or answered it with an error instead of words."""
    if isinstance(getattr(error, "status_code", None), int):
        return True
    while error is not None:
        if type(error).__name__ in ("ConnectError", "ConnectTimeout", "ConnectionRefusedError"):
            return True
        error = error.__cause__ or error.__context__
    return False
