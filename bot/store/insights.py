"""Insights: what is counted of a place, or of all places, for those who look after it. Nobody is named in it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bot.store import Participation, Verdicts
from bot.store.models import (
    FeedbackRow,
    MessageRow,
    PollRow,
    QuizRow,
    RemarkRow,
    SecretVoteRow,
    UnansweredRow,
    VoteRow,
)
from bot.store.rooms import in_scope
from bot.store.scope import Scope


class Insights:
    """All counts, in the hands of one step."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def questions(self, since: datetime, *, scope: Scope) -> list[str]:
        """What was asked since then and looked up in the sources, oldest first."""
        rows = self._session.scalars(
            select(MessageRow).where(MessageRow.at >= since, in_scope(MessageRow, scope)).order_by(MessageRow.id)
        )
        asked, said = [], dict[tuple[str, ...], str]()
        for row in rows:
            talk = (row.platform, row.server, row.place, row.thread, row.person)
            if row.activity is None:
                said[talk] = row.content
            elif row.activity == "question" and (question := said.pop(talk, None)) is not None:
                asked.append(question)
        return asked

    def gaps(self, since: datetime, *, scope: Scope) -> list[str]:
        """What was asked since then about the subject, and is not in the sources, oldest first."""
        wanted = select(UnansweredRow.question).where(UnansweredRow.at >= since, UnansweredRow.outside.is_(False))
        return list(self._session.scalars(wanted.where(in_scope(UnansweredRow, scope)).order_by(UnansweredRow.id)))

    def verdicts(self, since: datetime, *, scope: Scope) -> Verdicts:
        """What people thought of the answers that were given since then."""
        answers = (MessageRow.activity == "question", MessageRow.at >= since, in_scope(MessageRow, scope))
        of_answer = MessageRow.id == FeedbackRow.message
        judged = select(func.count()).select_from(FeedbackRow).join(MessageRow, of_answer).where(*answers)
        return Verdicts(
            answers=self._count(select(func.count()).select_from(MessageRow).where(*answers)),
            opinions=self._count(judged),
            helpful=self._count(judged.where(FeedbackRow.helpful.is_(True))),
        )

    def participation(self, since: datetime, *, scope: Scope) -> Participation:
        """How many took part since then, and in how many polls: those that were opened since then."""
        answered = (MessageRow.activity == "question", MessageRow.at >= since, in_scope(MessageRow, scope))
        polls = select(PollRow.id).where(PollRow.opened >= since, in_scope(PollRow, scope))
        return Participation(
            asked=self._count(select(_people(MessageRow.person)).where(*answered)),
            voted=self._count(select(_people(VoteRow.voter)).where(VoteRow.poll.in_(polls))),
            secret_voters=self._secret_voters(polls),
            quizzed=self._count(
                select(_people(QuizRow.person)).where(QuizRow.opened >= since, in_scope(QuizRow, scope))
            ),
            replied=self._count(
                select(_people(RemarkRow.person)).where(RemarkRow.at >= since, in_scope(RemarkRow, scope))
            ),
            polls=self._count(select(func.count()).select_from(PollRow).where(PollRow.id.in_(polls))),
        )

    def _secret_voters(self, polls: Select[int]) -> int:
        """The voters of anonymous polls, a sum over the polls: nobody can tell who voted in two of them."""
        closed = self._count(select(func.coalesce(func.sum(PollRow.voters), 0)).where(PollRow.id.in_(polls)))
        voter = select(SecretVoteRow.poll, SecretVoteRow.voter).where(SecretVoteRow.poll.in_(polls)).distinct()
        return closed + self._count(select(func.count()).select_from(voter.subquery()))

    def _count(self, query: Select[Any]) -> int:
        # PostgreSQL sums whole numbers to decimals.
        return int(self._session.scalar(query) or 0)


def _people(column: Any) -> Any:
    return func.count(column.distinct())
