"""Insights: what is counted of a place, or of all places, for those who look after it. Nobody is named in it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bot.store import Participation, Verdicts
from bot.store.keys import place_of
from bot.store.models import (
    DiscussionRow,
    FeedbackRow,
    MessageRow,
    PollPlaceRow,
    PollRow,
    QuizRow,
    RemarkRow,
    SecretVoteRow,
    UnansweredRow,
    VoteRow,
)
from bot.store.rows import said_in
from bot.turn import Room


class Insights:
    """All counts, in the hands of one step. A room stands for its place with all threads, None for all places."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def questions(self, room: Room | None, since: datetime) -> list[str]:
        """What was asked since then and looked up in the sources, oldest first."""
        rows = self._session.execute(
            select(MessageRow.conversation, MessageRow.person, MessageRow.activity, MessageRow.content)
            .where(MessageRow.at >= since, *said_in(room))
            .order_by(MessageRow.id)
        )
        asked, said = [], dict[tuple[str, str], str]()
        for conversation, person, activity, content in rows:
            if activity is None:
                said[conversation, person] = content
            elif activity == "question" and (question := said.pop((conversation, person), None)) is not None:
                asked.append(question)
        return asked

    def gaps(self, room: Room | None, since: datetime) -> list[str]:
        """What was asked since then about the subject, and is not in the sources, oldest first."""
        wanted = select(UnansweredRow.question).where(UnansweredRow.at >= since, UnansweredRow.outside.is_(False))
        if room is not None:
            wanted = wanted.where(UnansweredRow.place == place_of(room))
        return list(self._session.scalars(wanted.order_by(UnansweredRow.id)))

    def verdicts(self, room: Room | None, since: datetime) -> Verdicts:
        """What people thought of the answers that were given since then."""
        answers = (MessageRow.activity == "question", MessageRow.at >= since, *said_in(room))
        of_answer = MessageRow.id == FeedbackRow.message
        judged = select(func.count()).select_from(FeedbackRow).join(MessageRow, of_answer).where(*answers)
        return Verdicts(
            answers=self._count(select(func.count()).select_from(MessageRow).where(*answers)),
            opinions=self._count(judged),
            helpful=self._count(judged.where(FeedbackRow.helpful.is_(True))),
        )

    def participation(self, room: Room | None, since: datetime) -> Participation:
        """How many took part since then, and in how many polls: those that were opened since then."""
        answered = (MessageRow.activity == "question", MessageRow.at >= since, *said_in(room))
        quizzes = select(_people(QuizRow.person)).where(QuizRow.opened >= since)
        replied = select(_people(RemarkRow.person)).where(RemarkRow.at >= since)
        if room is not None:
            quizzes = quizzes.where(QuizRow.place == place_of(room))
            here = select(DiscussionRow.id).where(DiscussionRow.place == place_of(room))
            replied = replied.where(RemarkRow.discussion.in_(here))
        polls = _polls(room, since)
        return Participation(
            asked=self._count(select(_people(MessageRow.person)).where(*answered)),
            voted=self._count(select(_people(VoteRow.voter)).where(VoteRow.poll.in_(polls))),
            secret_voters=self._secret_voters(polls),
            quizzed=self._count(quizzes),
            replied=self._count(replied),
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


def _polls(room: Room | None, since: datetime) -> Select[int]:
    held = select(PollRow.id).where(PollRow.opened >= since)
    if room is None:
        return held
    return held.where(PollRow.id.in_(select(PollPlaceRow.poll).where(PollPlaceRow.place == place_of(room))))
