"""Quizzes: what each person was asked, rounds of several questions, and who is on a leaderboard."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.models.base import NEVER_AGAIN, Base, Listed, Placed
from bot.store.models.roles import GO, STAYS, Key, Name, PlaceKey, Plain, about, person, plain


class QuizRow(Placed, Base):
    """One person's go at a quiz; `tried` holds the places of the options that were tried."""

    __tablename__ = "quizzes"
    __table_args__ = (Index("quizzes_of_a_person", "person", "outcome"), about(kept=STAYS) | NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(Key, info=person(GO, "quiz", "quizzes"))
    script: Mapped[Plain]
    section: Mapped[Plain]
    opened: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    tried: Mapped[tuple[int, ...]] = mapped_column(Listed(int), nullable=True, info=plain())
    hints: Mapped[int] = mapped_column(default=0)
    first: Mapped[Plain | None]
    outcome: Mapped[Plain | None]
    question: Mapped[Plain | None]
    round: Mapped[int | None] = mapped_column(index=True)


class RoundRow(Placed, Base):
    """A round of quiz questions: who opened it where, its questions in order as JSON, and where it stands."""

    __tablename__ = "rounds"
    __table_args__ = (Index("rounds_of_a_place", "place", "together"), about(kept=STAYS) | NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(
        Key, index=True, info=person(GO, "round that you opened", "rounds that you opened", shared="together")
    )
    together: Mapped[bool]
    questions: Mapped[Plain]
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
    person: Mapped[str] = mapped_column(
        Key, primary_key=True, index=True, info=person(GO, "answer in a round", "answers in rounds")
    )
    grade: Mapped[Plain]
    option: Mapped[int | None]


class LeaderboardRow(Placed, Base):
    """The wish of somebody to be seen in the leaderboard of a place, under that name."""

    __tablename__ = "leaderboard"
    __table_args__ = (about(kept=STAYS),)

    platform: Mapped[PlaceKey] = mapped_column(primary_key=True)
    server: Mapped[PlaceKey] = mapped_column(primary_key=True)
    place: Mapped[PlaceKey] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(
        Key, primary_key=True, index=True, info=person(GO, "leaderboard with your name", "leaderboards with your name")
    )
    name: Mapped[Name]
