"""What a language model writes, as it writes it: within limits, counted, and with one kind of failure."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

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
    """How long a language model may take (seconds), and how much it may write."""

    first: float = 20.0  # until its first words
    total: float = 45.0
    characters: int = 6_000
    tokens: int = 4_000  # asked of the provider; what a model thinks before it writes counts as well
    short: float = 8.0  # the total of a short call
    short_characters: int = 1_000


class ModelFailed(Exception):
    """A language model gave no answer that can be used.

    `reason` is for logs and for counting, and holds nothing that anybody wrote; `spent` is what it took all the same.
    """

    def __init__(self, reason: Reason, spent: Spent) -> None:
        super().__init__(reason)
        self.reason = reason
        self.spent = spent


@dataclass(frozen=True)
class Said:
    """All the words of a short call, and what they took."""

    text: str
    spent: Spent


class Writing:
    """The words of one call, piece by piece: `async for piece in writing`, once.

    Who stops early closes it (`async with contextlib.aclosing(writing)`), and the connection with it; a cancelled task
    closes it by itself. Raises ModelFailed, also in the middle. `spent` may be read at any time.
    """

    def __init__(
        self, model: LanguageModel, messages: Sequence[tuple[Role, str]], seconds: tuple[float, float], most: int
    ) -> None:
        """`seconds`: until the first words, and in all; `most`: so many characters."""
        self._model = model
        self._messages = list(messages)
        self._first, self._total = seconds
        self._most = most
        self._written = ""
        self._usage: UsageMetadata | None = None
        self._end: str | None = None
        self._asked = False
        self._pieces = self._write()

    def __aiter__(self) -> AsyncIterator[str]:
        return self._pieces

    async def aclose(self) -> None:
        """Close the connection, if it is still open."""
        await self._pieces.aclose()

    @property
    def spent(self) -> Spent:
        """The tokens that the provider counted; an estimate where it did not, as when an answer is cut off."""
        if not self._asked:
            return Spent(self._model.name, 0, 0)
        read, wrote = (self._usage["input_tokens"], self._usage["output_tokens"]) if self._usage else (0, 0)
        if not (self._end and wrote) and self._written:
            guess = count_tokens_approximately([AIMessage(self._written)], extra_tokens_per_message=0)
            # No provider bills for more than was asked for, whatever a broken one sends.
            wrote = max(wrote, min(guess, self._model.limits.tokens))
        return Spent(self._model.name, read or count_tokens_approximately(self._messages), wrote)

    async def _write(self) -> AsyncGenerator[str, None]:
        began = asyncio.get_running_loop().time()
        reason: Reason | None = None
        while True:
            chat = self._model.chat
            # LangChain says that this is an iterator; it is a generator, which has to be closed.
            chunks = cast(AsyncGenerator[AIMessageChunk, None], chat.astream(self._messages))
            try:
                self._asked = True
                async with aclosing(chunks):
                    while (chunk := await self._next(chunks, began)) is not None:
                        if piece := self._take(chunk):
                            yield piece
                self._judge()
                return
            except ModelFailed as failure:
                reason = failure.reason
            except Exception as error:
                self._asked = not _unbilled(error)
                if _refused(error) and self._model.forgo(chat, str(error)):
                    continue
                reason = _reason(error)
                _log.warning("%s: %s (%s)", self._model.name, reason, type(error).__name__)
            break
        # Raised here, where no other error is under way: those may quote what was sent.
        raise ModelFailed(reason, self.spent)

    async def _next(self, chunks: AsyncIterator[AIMessageChunk], began: float) -> AIMessageChunk | None:
        """The next chunk, None at the end."""
        async with asyncio.timeout_at(began + (self._total if self._written else min(self._first, self._total))):
            return await anext(chunks, None)

    def _take(self, chunk: AIMessageChunk) -> str:
        """The words in `chunk`, with what else it tells; thoughts of the model are no words."""
        if chunk.usage_metadata:
            self._usage = add_usage(self._usage, chunk.usage_metadata)
        for name in _ENDS:
            self._end = chunk.response_metadata.get(name) or self._end
        piece = str(chunk.text)
        self._written += piece
        if len(self._written) > self._most:
            raise ModelFailed("too long", self.spent)
        return piece

    def _judge(self) -> None:
        """Raises ModelFailed if what was written is no whole answer."""
        if self._end in _UNFIT:
            raise ModelFailed(_UNFIT[self._end], self.spent)
        if self._end is None and self._model.tells_end:
            raise ModelFailed("cut off", self.spent)
        if not self._written.strip():
            raise ModelFailed("empty", self.spent)


def _reason(error: Exception) -> Reason:
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return reason
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return "provider failed" if status >= 500 else "request rejected"
    return "connection lost" if _module(error) in _TRANSPORTS else "unreadable"


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


def _module(error: Exception) -> str:
    return type(error).__module__.partition(".")[0]
