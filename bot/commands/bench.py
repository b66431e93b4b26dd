"""`bench`: speed, each figure beside its baseline measured in the same run."""

from __future__ import annotations

import asyncio
import os
import secrets
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from bot.commands.start import make_assistant, open_library, start
from bot.store.database import Store
from bot.turn import Person, Room, Turn

if TYPE_CHECKING:
    from bot.settings import Settings
    from knowledge.embedder import EmbeddingModel
    from knowledge.library import Library

QUESTIONS = (
    "What is FinOps?",
    "Why does FinOps matter in AI?",
    "What did Company X achieve?",
    "Which music is heard in the introduction?",
    "How much can companies save?",
    "Who is the video for?",
    "What comes next in the series?",
    "How tall is Mount Everest?",
)
ROUNDS = 25
PROCESSES = 5
# Prints the peak memory of a process when it ends, in kilobytes. Linux resets VmHWM when a program starts; the figure
# of getrusage would include that of the process which started it.
_WITH_MEMORY = """
import atexit, resource, sys
def peak():
    try:
        status = open("/proc/self/status").read()
        return int(status.split("VmHWM:")[1].split()[0])
    except (OSError, IndexError):
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return used // 1024 if sys.platform == "darwin" else used
atexit.register(lambda: print(peak(), file=sys.stderr))
"""


@click.command()
def bench() -> None:
    """Measure speed: an answer, a cold start, an ingest with nothing changed."""
    try:
        import langchain_chroma  # noqa: F401 - only to say at once what is missing
    except ImportError as error:
        raise click.UsageError('The baseline needs the extra "bench": pip install "finops-bot[bench]".') from error
    settings = start()
    library = open_library(settings)
    _answers(library, settings.embedding_model)
    _turns(library, settings)
    _cold_starts()
    _idle_ingest()


def _answers(library: Library, model_name: str) -> None:
    from knowledge.embedder import find_model

    naive = naive_chain(library, find_model(model_name))
    retriever = library.retriever
    timed = _interleaved(
        {
            "one answer": lambda question: library.answer(question),
            "naive chain": naive,
            "one embedding + one query": lambda question: retriever.generation.search(
                retriever.embedder.embed([question]), 4
            ),
        },
        library,
    )
    click.echo(f"{'answer, p50 of ' + str(ROUNDS * len(QUESTIONS)):<40}{'ms':>8}")
    for name, milliseconds in timed.items():
        click.echo(f"  {name:<38}{milliseconds:>8.2f}")
    answer = timed["one answer"]
    click.echo(f"  naive chain / one answer              {timed['naive chain'] / answer:>8.2f}  (at least 3)")
    click.echo(f"  one answer / (embedding + query)      {answer / timed['one embedding + one query']:>8.2f}\n")


def _turns(library: Library, settings: Settings) -> None:
    """A turn as people have it, understood, answered and written to the store, beside the bare answer."""
    with TemporaryDirectory() as folder:
        store = Store(Path(folder) / "store.db")
        assistant = make_assistant(library, settings, lambda: store)
        loop = asyncio.new_event_loop()

        async def hear(words: str) -> None:
            # A thread of its own: with a talk behind it, the same words would be a follow-up, and more work.
            event, person = secrets.token_hex(8), Person("bench:me", "me")
            turn = Turn(event, Room("bench", "here", thread=event), person, words, datetime.now(UTC))
            async for _ in assistant.hear(turn):
                pass

        ways: dict[str, Callable[[str], Any]] = {
            "one whole turn": lambda question: loop.run_until_complete(hear(question)),
            "one answer": lambda question: library.answer(question),
        }
        timed = _interleaved(ways, library)
        loop.close()
        store.close()
    click.echo(f"{'turn with memory, p50 of ' + str(ROUNDS * len(QUESTIONS)):<40}{'ms':>8}")
    for name, milliseconds in timed.items():
        limit = "  (at most 15)" if name == "one whole turn" else ""
        click.echo(f"  {name:<38}{milliseconds:>8.2f}{limit}")
    click.echo()


def _interleaved(ways: dict[str, Callable[[str], Any]], library: Library) -> dict[str, float]:
    """The median time of each way in milliseconds, taken in turns so that noise meets all alike.

    No way finds a vector that another one left behind.
    """
    times: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        way(QUESTIONS[0])
    for _ in range(ROUNDS):
        for question in QUESTIONS:
            for name, way in ways.items():
                library.retriever.embedder.forget()
                started = time.perf_counter()
                way(question)
                times[name].append(1000 * (time.perf_counter() - started))
    return {name: statistics.median(taken) for name, taken in times.items()}


def naive_chain(library: Library, model: EmbeddingModel) -> Callable[[str], str]:
    """The usual tutorial chain over the same passages: sentence-transformers, Chroma, a prompt, a fake model."""
    from itertools import cycle

    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_core.embeddings import Embeddings
    from langchain_core.language_models import GenericFakeChatModel
    from langchain_core.messages import AIMessage
    from langchain_core.output_parsers import StrOutputParser
    from langchain_core.prompts import ChatPromptTemplate
    from langchain_core.runnables import RunnableLambda, RunnablePassthrough

    from knowledge.embedder import ReferenceEmbedder

    class Reference(Embeddings):
        def __init__(self) -> None:
            self._embedder = ReferenceEmbedder(model)

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [[float(number) for number in vector] for vector in self._embedder.embed(texts)]

        def embed_query(self, text: str) -> list[float]:
            return self.embed_documents([text])[0]

    documents = [Document(passage.text) for passage in library.passages()]
    store = Chroma.from_documents(documents, Reference(), collection_metadata={"hnsw:space": "cosine"})

    def joined(found: list[Document]) -> str:
        return "\n\n".join(document.page_content for document in found)

    chain = (
        {"context": store.as_retriever() | RunnableLambda(joined), "question": RunnablePassthrough()}
        | ChatPromptTemplate.from_template("Answer from the context only.\n\n{context}\n\nQuestion: {question}")
        | GenericFakeChatModel(messages=cycle([AIMessage("An answer.")]))
        | StrOutputParser()
    )
    return chain.invoke


def _cold_starts() -> None:
    ask = _cold("import bot.__main__ as m; m.run(['ask', 'What is FinOps?'])")
    chat = _cold("import bot.__main__ as m; m.run(['chat'])")
    heavy = _cold("import sentence_transformers")
    click.echo(f"{'cold process, median of ' + str(PROCESSES):<40}{'s':>8}{'MB peak':>10}")
    click.echo(f"  {'finops-bot ask':<38}{ask[0]:>8.2f}{ask[1]:>10.0f}  (at most 2.5 s, 350 MB)")
    click.echo(f"  {'finops-bot chat, until it listens':<38}{chat[0]:>8.2f}{chat[1]:>10.0f}  (at most 2.5 s)")
    click.echo(f"  {'import sentence_transformers':<38}{heavy[0]:>8.2f}{heavy[1]:>10.0f}\n")


def _cold(program: str) -> tuple[float, float]:
    """Seconds and peak megabytes of a new process that runs `program`."""
    seconds, megabytes = [], []
    for _ in range(PROCESSES):
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", _WITH_MEMORY + program],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
        )
        seconds.append(time.perf_counter() - started)
        megabytes.append(int(done.stderr.split()[-1]) / 1_000)
    return statistics.median(seconds), statistics.median(megabytes)


def _idle_ingest() -> None:
    command: Sequence[str] = [sys.executable, "-m", "bot", "ingest"]
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path.cwd(), env=os.environ)
    taken = time.perf_counter() - started
    click.echo(f"{'ingest with nothing changed':<40}{taken:>8.2f} s  (under 2)")
    click.echo(f"  {done.stdout.strip()}")
