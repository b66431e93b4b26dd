"""Texts to vectors: sentence-transformers for what is indexed, a fast runtime of the same model for questions.

Torch and sentence-transformers take seconds to import, so they are imported only where many texts are embedded or the
model is exported; a question needs onnxruntime and tokenizers alone.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from knowledge.embedding_model import EmbeddingModel, verify_weights
from knowledge.errors import ModelError
from knowledge.locked import locked, unwritable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

    Vectors = NDArray[np.float32]

Progress = Callable[[str], None]

# A copy of the model that turns a sentence elsewhere than this is not the same model.
PARITY = 0.999
# Texts run at once by the fast copy: more gain nothing.
TOGETHER = 32
# A run of its own costs as much as so many tokens; texts are padded up to that, no further.
RUN = 8
PARITY_TEXTS = (
    "",
    "?",
    "What is FinOps?",
    "Cost transparency and accountability help teams to see what each workload costs them in a month.",
    "Which share of the cloud bill could be saved by better planning, and who decides?",
)


class Embedder(Protocol):
    """Turns texts into vectors of length 1: an array of float32, one row a text."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """The vectors of `texts`."""
        ...


class ReferenceEmbedder:
    """The model in sentence-transformers: for what is indexed, and the measure for every faster copy."""

    def __init__(self, model: EmbeddingModel) -> None:
        verify_weights(model)
        self._model = _load_reference(model)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """The vectors of `texts`."""
        vectors: Vectors = self._model.encode(
            list(texts), batch_size=32, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
        )
        return vectors


def _load_reference(model: EmbeddingModel) -> SentenceTransformer:
    # A folder needs no network; without this the hub's client would try it at every start.
    if model.folder is not None:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TQDM_DISABLE", "1")
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(model.source, device="cpu")
    except Exception as error:  # each reader of a part of the model raises its own
        raise ModelError(
            f"The embedding model {model.name!r} could not be loaded: set FINOPS_EMBEDDING_MODEL to a folder with a "
            "sentence-transformers model, or unset it."
        ) from error


class FastEmbedder:
    """The same model on onnxruntime, for questions: about eight times faster, and quick to load."""

    def __init__(self, folder: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        facts = json.loads((folder / "model.json").read_text("utf-8"))
        options = onnxruntime.SessionOptions()
        # One question is too short for two threads to help; many questions at once use one session each.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(folder / facts["file"], options, ["CPUExecutionProvider"])
        self._inputs = [entry.name for entry in self._session.get_inputs()]
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(facts["tokens"])
        self._tokenizer.no_padding()
        self._padding: int = facts["pad_id"]
        self._probes: list[list[float]] = facts["probes"]

    def is_true(self) -> bool:
        """Whether it turns some texts where the reference turned them."""
        cosines = (self.embed(PARITY_TEXTS) * self._probes).sum(axis=1)
        return bool((cosines >= PARITY).all())

    def embed(self, texts: Sequence[str]) -> Vectors:
        """The vectors of `texts`."""
        import numpy as np

        if not texts:
            return np.zeros((0, len(self._probes[0])), dtype=np.float32)
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        vectors: Vectors = np.empty((len(texts), len(self._probes[0])), dtype=np.float32)
        for group in _groups([len(text) for text in tokens]):
            vectors[group] = self._run([tokens[place] for place in group])
        return vectors

    def _run(self, tokens: Sequence[Sequence[int]]) -> Vectors:
        import numpy as np

        longest = len(tokens[-1])
        ids = np.full((len(tokens), longest), self._padding, dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, text in enumerate(tokens):
            ids[row, : len(text)], mask[row, : len(text)] = text, 1
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        vectors: Vectors = self._session.run(None, {name: feed[name] for name in self._inputs})[0]
        return vectors


def _groups(lengths: Sequence[int]) -> Iterator[list[int]]:
    """The places of texts of about one length, the longest of a group last: padding costs as much as text."""
    group: list[int] = []
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        padding = len(group) * (lengths[place] - lengths[group[-1]]) if group else 0
        if padding > RUN or len(group) == TOGETHER:
            yield group
            group = []
        group.append(place)
    if group:
        yield group


def open_for_passages(model: EmbeddingModel, home: Path, progress: Progress) -> Embedder:
    """What embeds passages: the reference where sentence-transformers is installed, else the copy that was made of it
    (of a container, which serves without torch). Both turn a text the same way, to a cosine of `PARITY`.

    Raises ModelError where there is neither.
    """
    if importlib.util.find_spec("sentence_transformers") is not None:
        return ReferenceEmbedder(model)
    return open_embedder(model, home, progress)


def open_embedder(model: EmbeddingModel, home: Path, progress: Progress) -> Embedder:
    """The fast runtime of `model`, exported into `home` first if that has not happened yet.

    A model that cannot be exported, or whose copy is not true to it, is used as it is: slower, never wrong.
    """
    folder = home / "models" / model.slug
    if embedder := _open_copy(model, folder):
        return embedder
    with locked(folder.with_name(f"{folder.name}.lock")):  # only one process makes it
        if embedder := _open_copy(model, folder):  # another process has made it meanwhile
            return embedder
        if folder.exists():
            progress("The prepared embedding model was damaged; preparing it again")
        else:
            progress("Preparing the embedding model for fast answers (once, about 20 seconds)")
        return FastEmbedder(folder) if export_model(model, folder) else ReferenceEmbedder(model)


def _open_copy(model: EmbeddingModel, folder: Path) -> Embedder | None:
    """The copy in `folder`, the reference where no copy is true to it; None where there is no copy or a damaged one."""
    if (folder / "reference-only").is_file():
        return ReferenceEmbedder(model)
    try:
        embedder = FastEmbedder(folder)
        return embedder if embedder.is_true() else None
    except Exception:  # a half-written or damaged copy raises whatever its reader raises; it can be made again
        return None


def export_model(model: EmbeddingModel, folder: Path) -> bool:
    """Write the fast copy of `model` to `folder` in one step; False if no true copy can be made.

    Two of them at once get in each other's way. Raises ModelError where sentence-transformers is not installed.
    """
    if importlib.util.find_spec("sentence_transformers") is None:
        raise ModelError(
            f"There is no prepared copy of the embedding model {model.name} in {folder.parent}, and "
            "sentence-transformers, which makes one, is not installed: install finops-bot with it, or set FINOPS_HOME "
            "to a home that has the copy."
        )
    from knowledge.runtime_export import write_fast_copy

    verify_weights(model)
    reference = _load_reference(model)
    draft = folder.with_name(f"{folder.name}.draft")
    try:
        shutil.rmtree(draft, ignore_errors=True)  # of an export that was killed
        draft.mkdir(parents=True)
        made = any(
            write_fast_copy(reference, draft, PARITY_TEXTS, eight_bit=eight_bit) and FastEmbedder(draft).is_true()
            for eight_bit in (True, False)
        )
        if not made:
            shutil.rmtree(draft)
            draft.mkdir()
            (draft / "reference-only").touch()
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        raise unwritable(folder.parent, error) from error
    return made
