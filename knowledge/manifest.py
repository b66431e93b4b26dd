"""What stands in a generation's files besides the vectors, and whether they are still what was written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from knowledge.errors import KnowledgeError

FORMAT = 10
FIELDS = {"format": int, "model": str, "vectors": int, "probes": list, "files": dict}
MANIFEST = "manifest.json"


class DamagedIndex(KnowledgeError):
    """The generation on disk is not what its manifest says; it must be built again."""


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a generation, with all its fields. Raises DamagedIndex."""
    try:
        record: Any = json.loads((folder / MANIFEST).read_bytes())
    except OSError as error:
        raise DamagedIndex("manifest.json of the index is missing.") from error
    except (ValueError, RecursionError) as error:
        raise DamagedIndex("manifest.json of the index cannot be read.") from error
    if not isinstance(record, dict) or not all(isinstance(record.get(key), type_) for key, type_ in FIELDS.items()):
        raise DamagedIndex("manifest.json of the index is of another form.")
    if record["format"] != FORMAT:
        raise DamagedIndex("The index was built by another version.")
    return record


def check_files(folder: Path, digests: Mapping[str, str]) -> None:
    """Raise DamagedIndex unless each file has the digest that was written down for it."""
    for name, digest in digests.items():
        try:
            same = sha256_of(folder / name) == digest
        except OSError as error:
            raise DamagedIndex(f"{name} of the index is missing.") from error
        if not same:
            raise DamagedIndex(f"{name} of the index is not what it was.")


def sha256_of(file: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
