"""The seal: the keys of anonymous polls, which turn people into voters, and of events, by the bot's secret."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable

from bot.store import StoreError
from bot.store.keys import person_of
from bot.turn import Person

BROKEN = (
    "Votes in this anonymous poll cannot be counted, as FINOPS_SECRET is not the one that it was opened with: set it "
    "back, or have a moderator close the poll."
)
# So many characters has a permit: enough that nobody guesses one.
PERMIT_LENGTH = 12


class SealError(StoreError):
    """A sealed key cannot be opened with the secret that there is."""


def voter_by(key: bytes, person: Person) -> str:
    """What `person`, and nobody else, is called in the poll of that key."""
    return hmac.digest(key, person_of(person).encode("ascii"), "sha256").hex()


class Seal:
    """Makes, opens and uses the keys of polls. The secret is read when it is first needed."""

    def __init__(self, secret: Callable[[], bytes]) -> None:
        self._secret = secret
        self._events: bytes | None = None

    def new_key(self) -> str:
        """The key of a new poll, sealed: without the secret it is of no use."""
        from cryptography.fernet import Fernet

        return Fernet(self._derived("poll keys")).encrypt(secrets.token_bytes(32)).decode("ascii")

    def open_key(self, sealed: str) -> bytes:
        """The key of a poll. Raises SealError."""
        from cryptography.fernet import Fernet, InvalidToken

        try:
            return Fernet(self._derived("poll keys")).decrypt(sealed.encode("ascii"))
        except InvalidToken as error:
            raise SealError(BROKEN) from error

    def voter(self, sealed: str, person: Person) -> str:
        """What `person`, and nobody else, is called in the poll of that sealed key. Raises SealError."""
        return voter_by(self.open_key(sealed), person)

    def permit(self, number: int, person: Person, kind: str = "") -> str:
        """What lets `person`, and nobody else, vote in a poll of that number from another room.

        `kind` says what is numbered where it is no poll.
        """
        said = f"{kind}{number} {person_of(person)}".encode("ascii")
        return hmac.digest(self._derived("permits"), said, "sha256").hex()[:PERMIT_LENGTH]

    def is_permit(self, text: str, number: int, person: Person, kind: str = "") -> bool:
        """Whether that is the permit of this person for what has that number."""
        return hmac.compare_digest(text, self.permit(number, person, kind))

    def event(self, event_id: str) -> str:
        """What stands for an event of a platform: 32 hex digits, of which nobody without the secret learns its id."""
        if self._events is None:
            self._events = self._derived("events")
        return hmac.digest(self._events, event_id.encode("utf-8", "surrogatepass"), "sha256").hex()[:32]

    def _derived(self, purpose: str) -> bytes:
        """A key of its own for each purpose, as Fernet takes it."""
        return base64.urlsafe_b64encode(hmac.digest(self._secret(), purpose.encode("ascii"), hashlib.sha256))
