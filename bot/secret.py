"""The secret that seals anonymous polls: from the environment, or from a file in the home, apart from the database."""

from __future__ import annotations

import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path

from bot.settings import HOW_TO_MAKE_ONE, SHORTEST_SECRET, Settings, SettingsError

NAME = "secret"


def read_secret(settings: Settings) -> bytes:
    """FINOPS_SECRET, else what the file in the home holds, made on first use. Raises SettingsError."""
    if (found := find_secret(settings)) is not None:
        return found
    file = settings.home / NAME
    try:
        return _long_enough(file, _made(file))
    except OSError as error:
        raise SettingsError(_unusable(file, error)) from error


def find_secret(settings: Settings) -> bytes | None:
    """The secret; None where it is not made yet. Raises SettingsError."""
    if given := settings.secret.get_secret_value():
        return given.encode("utf-8", "surrogateescape")
    file = settings.home / NAME
    try:
        return _long_enough(file, file.read_bytes().strip())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingsError(_unusable(file, error)) from error


def fingerprint(secret: bytes) -> str:
    """What tells one secret from another, and nothing about either: 12 hex digits."""
    return hmac.digest(secret, b"fingerprint of the secret", "sha256").hex()[:12]


def _unusable(file: Path, error: OSError) -> str:
    return (
        f"The secret in {file} cannot be used ({error.strerror or error}): make the home yours to write to, or set "
        f"FINOPS_SECRET, made with {HOW_TO_MAKE_ONE}."
    )


def _long_enough(file: Path, held: bytes) -> bytes:
    if not held:
        raise SettingsError(
            f"The file {file}, which seals anonymous polls, is empty: put back the secret that was in it, or delete it "
            "to have a new one made (votes in anonymous polls that are open are then no longer counted)."
        )
    if len(held) < SHORTEST_SECRET:
        raise SettingsError(
            f"The file {file} should hold at least {SHORTEST_SECRET} characters: put back the one that was there, or "
            "delete it to have a new one made (votes in anonymous polls that are open are then no longer counted)."
        )
    return held


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
