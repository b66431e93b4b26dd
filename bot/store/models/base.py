"""What all tables share: how values and places are stored, and that numbers are never given again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import DateTime, Dialect, Integer, Text, TypeDecorator, false
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bot.store.models.roles import PlaceKey


class Moment(TypeDecorator[datetime]):
    """A moment with its time zone; stored as UTC, as SQLite keeps no zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC, without a zone."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """In UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


class Span(TypeDecorator[timedelta]):
    """A time span; stored in whole seconds."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> int | None:
        """In seconds."""
        return None if value is None else int(value.total_seconds())

    def process_result_value(self, value: int | None, dialect: Dialect) -> timedelta | None:
        """As a span."""
        return None if value is None else timedelta(seconds=value)


class Listed(TypeDecorator[tuple[Any, ...]]):
    """Words or numbers in order; stored with spaces between, NULL for none."""

    impl = Text
    cache_ok = True

    def __init__(self, of: Callable[[str], Any] = str) -> None:
        """`of` reads one of them."""
        super().__init__()
        self.of = of

    def process_bind_param(self, value: tuple[Any, ...] | None, dialect: Dialect) -> str | None:
        """As one text."""
        return " ".join(map(str, value or ())) or None

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[Any, ...]:
        """One by one."""
        return tuple(map(self.of, (value or "").split()))


class Base(DeclarativeBase):
    """All tables."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Moment, timedelta: Span, str: Text}


# Buttons name rows by number: the number of a deleted row is not given to another one.
NEVER_AGAIN = {"sqlite_autoincrement": True}


class Placed:
    """Where a row was made: a place of a server on a platform, by their keys.

    `server` is "" in a direct talk and in the terminal, and where it is not known, as of rows made before it was kept.
    `public` where everybody of the server could enter the place.
    """

    platform: Mapped[PlaceKey]
    server: Mapped[PlaceKey]
    place: Mapped[PlaceKey]
    public: Mapped[bool] = mapped_column(server_default=false())


class Threaded(Placed):
    """The same with the thread: "" is the place itself."""

    thread: Mapped[PlaceKey]


class Direct:
    """Whether the room where a row was made is a direct talk."""

    private: Mapped[bool]
