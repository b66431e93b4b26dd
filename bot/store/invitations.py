"""Invitations: codes by which a poll is held in another place too."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.store import Poll
from bot.store.models import InvitationRow

# How long an invitation to another place is good for.
INVITED = timedelta(days=1)
# Without letters and digits that are taken for each other.
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class Invitations:
    """All invitations, in the hands of one step."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def invite(self, poll: Poll, at: datetime) -> str:
        """A code by which a moderator elsewhere can hold the poll there too."""
        self._session.execute(delete(InvitationRow).where(InvitationRow.until <= at))
        code = "".join(secrets.choice(_LETTERS) for _ in range(8))
        self._session.add(InvitationRow(code=code, poll=poll.id, until=at + INVITED))
        return code

    def invited(self, code: str, at: datetime) -> int | None:
        """The number of the poll that a code invites to."""
        row = self._session.get(InvitationRow, code)
        return row.poll if row is not None and row.until > at else None
