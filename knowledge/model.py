"""The language model that may be configured: found by its name, and opened with what its provider needs."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.request import getproxies_environment

from knowledge.errors import LanguageModelError
from knowledge.writing import ANSWER, SHORT, Limits, Role, Said, Writing

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

EXAMPLE = "openai:gpt-4.1-mini"

# A connection of its own for each call, so that none is left behind with an event loop that has ended.
_ONCE = {"Connection": "close"}
_LOOPBACK = "localhost,127.0.0.1,::1"


# The providers that are known, each by the name of this package's extra for it, and where the key of each stands.
KEYS = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY", "ollama": None}


@dataclass
class LanguageModel:
    """A language model of any provider, without tools; an answer is within `limits`, a few words within `short`.

    `tells_end`: whether its provider is known to say why an answer ended, so that none without is whole.
    """

    name: str
    chat: BaseChatModel
    limits: Limits = ANSWER
    short: Limits = SHORT
    tells_end: bool = False

    def write(self, messages: Sequence[tuple[Role, str]]) -> Writing:
        """The answer to `messages`, piece by piece."""
        return Writing(self, messages, self.limits)

    async def say(self, messages: Sequence[tuple[Role, str]]) -> Said:
        """A few words at once. Raises ModelFailed."""
        async with Writing(self, messages, self.short) as writing:
            return Said("".join([piece async for piece in writing]).strip(), writing.spent)

    def forgo(self, chat: BaseChatModel, refusal: str) -> bool:
        """Leave out from now on what `refusal`, the answer to a call of `chat`, takes exception to.

        Some models want no temperature, some servers no count of tokens. False if it was nothing of that kind.
        """
        if chat is not self.chat:
            return True  # another call has met the same refusal
        for word, option in (("temperature", "temperature"), ("stream_options", "stream_usage")):
            if word in refusal and getattr(chat, option, None) is not None:
                self.chat = chat.model_copy(update={option: None})
                return True
        return False


def open_model(name: str, limits: Limits = ANSWER, short: Limits = SHORT) -> LanguageModel:
    """The language model `name`, "provider:model" as LangChain's `init_chat_model` has them; nothing is sent yet.

    Raises LanguageModelError for a name, a package or a key that is wrong or missing.
    """
    provider, _, model = name.strip().partition(":")
    if not re.fullmatch(r"[A-Za-z_-]+", provider) or not re.fullmatch(r"\S+", model):
        # The name is not repeated: people put keys in the wrong place.
        raise LanguageModelError(f"The name of a language model should look like {EXAMPLE}: a provider and its model.")
    provider = provider.lower().replace("-", "_")
    if provider in KEYS:
        _require(provider, f"{provider}:{model}")
    _spare_loopback()
    chat = _open_chat(provider, model, _options(provider, limits))
    return LanguageModel(f"{provider}:{model}", chat, limits, short, tells_end=provider in KEYS)


def _require(provider: str, name: str) -> None:
    if find_spec(f"langchain_{provider}") is None:
        raise LanguageModelError(f'The language model {name} needs a package: pip install "finops-bot[{provider}]".')
    variable = KEYS[provider]
    if variable is None:
        return
    key = os.environ.get(variable, "")
    if not key.strip():
        raise LanguageModelError(f"The language model {name} needs an API key: set {variable}.")
    if not re.fullmatch(r"[!-~]+", key):
        raise LanguageModelError(
            f"{variable} holds a space, a line break or a letter that is in no key: copy it again."
        )


def _options(provider: str, limits: Limits) -> Mapping[str, Any]:
    """The limits in the words of each provider's class; no retries, since an answer without a model is at hand."""
    if provider == "ollama":
        calls = {"timeout": limits.total, "headers": dict(_ONCE)}
        # Without `reasoning` off, a model's thoughts would come as part of its answer.
        return {"num_predict": limits.tokens, "reasoning": False, "client_kwargs": calls}
    options = {"timeout": limits.total, "max_retries": 0, "max_tokens": limits.tokens}
    if provider == "openai":
        # Servers that speak OpenAI's protocol count tokens only when asked to; the limits here are time-outs enough.
        return {**options, "default_headers": _ONCE, "stream_usage": True, "stream_chunk_timeout": None}
    return {**options, "default_headers": _ONCE} if provider == "anthropic" else options


def _open_chat(provider: str, model: str, options: Mapping[str, Any]) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    name = f"{provider}:{model}"
    try:
        chat: BaseChatModel = init_chat_model(model, model_provider=provider, temperature=0, **options)
        return chat
    except ImportError as error:
        missing = error.__cause__.name if isinstance(error.__cause__, ModuleNotFoundError) else None
        package = (missing or f"langchain_{provider}").partition(".")[0].replace("_", "-")
        problem = f"The language model {name} needs a package: pip install {package}."
    except Exception as error:  # each provider has errors of its own, and they may quote a key
        if str(error).startswith("Unsupported provider"):
            problem = f"There is no provider {provider!r} of language models: the name should look like {EXAMPLE}."
        elif wanted := re.search(r"\b[A-Z][A-Z0-9_]*_(?:KEY|TOKEN|ENDPOINT|REGION|PROJECT|URL|VERSION)\b", str(error)):
            problem = f"The language model {name} needs another setting: set {wanted[0]}."
        else:
            problem = f"The language model {name} cannot be opened: set what LangChain's page on {provider} asks for."
    raise LanguageModelError(problem)


def _spare_loopback() -> None:
    """Keep a proxy out of the way to this machine, where Ollama and other local models listen."""
    proxies = getproxies_environment()
    spared = proxies.pop("no", "")
    if proxies and _LOOPBACK not in spared:
        os.environ["no_proxy"] = f"{spared},{_LOOPBACK}".lstrip(",")
