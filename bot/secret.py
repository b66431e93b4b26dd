"""The secret that seals anonymous polls: from the environment, or from a file in the home, apart from the database."""

from __future__ import annotations

import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path

from bot.settings import Settings, SettingsError

NAME = "secret"
SHORTEST = 32
HOW = 'python3 -c "import secrets; print(secrets.token_urlsafe(32))"'


def read_secret(settings: Settings) -> bytes:
    """FINOPS_SECRET, else what the file in the home holds, made on first use. Raises SettingsError."""
    if given := settings.secret.get_secret_value():
        return given.encode("utf-8", "surrogateescape")
    file = settings.home / NAME
    try:
        held = _read(file) or _made(file)
    except OSError as error:
        raise SettingsError(
            f"The secret in {file} cannot be used ({error.strerror or error}): make the home yours to write to, or set "
            f"FINOPS_SECRET, made with {HOW}."
        ) from error
    if len(held) < SHORTEST:
        raise SettingsError(
            f"The file {file} should hold at least {SHORTEST} characters: put back the one that was there, or delete "
            "it to have a new one made (votes in open anonymous polls are then no longer counted)."
        )
    return held


def fingerprint(secret: bytes) -> str:
    """What tells one secret from another, and nothing about either: 12 hex digits."""
    return hmac.digest(secret, b"fingerprint of the secret", "sha256").hex()[:12]


def _read(file: Path) -> bytes | None:
    try:
        return file.read_bytes().strip()
    except FileNotFoundError:
        return None


def _made(file: Path) -> bytes:
    """A new secret, written whole before it has its name: of several processes one makes it, and all have the same."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{NAME}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as written:
            written.write(secrets.token_urlsafe(32) + "\n")
            written.flush()
            os.fsync(written.fileno())
        with suppress(FileExistsError):
            os.link(draft, file)
    finally:
        draft.unlink()
    return file.read_bytes().strip()
