"""Months of the calendar in UTC, by their first moments: what sums of money and of use are told by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def month_of(at: datetime) -> datetime:
    """The first moment of the calendar month of that moment, both in UTC."""
    return at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def month_after(month: datetime) -> datetime:
    """The first moment of the month after one that begins with `month`."""
    return month_of(month + timedelta(days=32))


def month_before(month: datetime) -> datetime:
    """The first moment of the month before one that begins with `month`."""
    return month_of(month - timedelta(days=1))
