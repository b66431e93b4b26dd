"""What the bot knows: content, how it is read and indexed, and how questions are answered from it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.retriever import HybridRetriever

__all__ = ["open_retriever"]


def open_retriever(home: Path, count: int = 5) -> HybridRetriever:
    """The sources of the bot whose home that is as a retriever of LangChain, which gives `count` passages a question.

    The index and the model are made first where there are none. Raises KnowledgeError: a sentence that says what to do.
    """
    from knowledge.embedding_model import DEFAULT_MODEL
    from knowledge.library import open_library

    retriever = open_library(home, DEFAULT_MODEL, lambda said: None).retriever
    retriever.count = count
    return retriever
