"""The seal of anonymous polls: a key for each poll, sealed by the bot's secret, that turns people into voters."""

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


class Seal:
    """Makes, opens and uses the keys of polls. The secret is read when it is first needed."""

    def __init__(self, secret: Callable[[], bytes]) -> None:
        self._secret = secret

    def new_key(self) -> str:
        """The key of a new poll, sealed: without the secret it is of no use."""
        from cryptography.fernet import Fernet

        return Fernet(self._derived("poll keys")).encrypt(secrets.token_bytes(32)).decode("ascii")

    def voter(self, sealed: str, person: Person) -> str:
        """What `person`, and nobody else, is called in the poll of that sealed key. Raises SealError."""
        from cryptography.fernet import Fernet, InvalidToken

        try:
            key = Fernet(self._derived("poll keys")).decrypt(sealed.encode("ascii"))
        except InvalidToken as error:
            raise SealError(BROKEN) from error
        return hmac.digest(key, person_of(person).encode("ascii"), "sha256").hex()

    def permit(self, number: int, person: Person, kind: str = "") -> str:
        """What lets `person`, and nobody else, vote in a poll of that number from another room.

        `kind` says what is numbered where it is no poll.
        """
        said = f"{kind}{number} {person_of(person)}".encode("ascii")
        return hmac.digest(self._derived("permits"), said, "sha256").hex()[:PERMIT_LENGTH]

    def is_permit(self, text: str, number: int, person: Person, kind: str = "") -> bool:
        """Whether that is the permit of this person for what has that number."""
        return hmac.compare_digest(text, self.permit(number, person, kind))

    def _derived(self, purpose: str) -> bytes:
        """A key of its own for each purpose, as Fernet takes it."""
        return base64.urlsafe_b64encode(hmac.digest(self._secret(), purpose.encode("ascii"), hashlib.sha256))
