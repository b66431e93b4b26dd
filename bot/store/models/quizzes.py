"""Quizzes: what each person was asked, rounds of several questions, and who is on a leaderboard."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.models.base import NEVER_AGAIN, Base, Key


class QuizRow(Base):
    """One person's go at a quiz."""

    __tablename__ = "quizzes"
    __table_args__ = (Index("quizzes_of_a_person", "person", "outcome"), NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(Key)
    place: Mapped[str] = mapped_column(Key)
    script: Mapped[str]
    section: Mapped[str]
    opened: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    hints: Mapped[int] = mapped_column(default=0)
    first: Mapped[str | None]
    outcome: Mapped[str | None]
    question: Mapped[str | None]
    round: Mapped[int | None] = mapped_column(index=True)


class RoundRow(Base):
    """A round of quiz questions: who opened it where, its questions in order as JSON, and where it stands."""

    __tablename__ = "rounds"
    __table_args__ = (Index("rounds_of_a_place", "place", "together"), NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(Key)
    person: Mapped[str] = mapped_column(Key, index=True)
    together: Mapped[bool]
    questions: Mapped[str]
    at: Mapped[int] = mapped_column(default=0)
    revealed: Mapped[bool] = mapped_column(default=False)
    asked: Mapped[datetime]
    opened: Mapped[datetime]
    ended: Mapped[datetime | None]


class RoundAnswerRow(Base):
    """What somebody answered in a round that is held together, one row a person and question; never what was typed."""

    __tablename__ = "round_answers"

    round: Mapped[int] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    at: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(Key, primary_key=True, index=True)
    grade: Mapped[str]
    option: Mapped[int | None]


class LeaderboardRow(Base):
    """The wish of somebody to be seen in the leaderboard of a place, under that name."""

    __tablename__ = "leaderboard"

    place: Mapped[str] = mapped_column(Key, primary_key=True)
    person: Mapped[str] = mapped_column(Key, primary_key=True, index=True)
    name: Mapped[str]
