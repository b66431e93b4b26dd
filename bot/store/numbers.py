"""Numbers of rows: the last one that a table gave, so that tables which are made anew go on from there."""

from __future__ import annotations

from sqlalchemy import Connection, Table, func, inspect, select, text


def last_number(connection: Connection, table: Table) -> int | None:
    """The last number that the table gave to a row, which may be gone."""
    if connection.dialect.name == "postgresql":
        if (sequence := _sequence(connection, table)) is None:
            return None
        last: int | None = connection.scalar(text(f"SELECT CASE WHEN is_called THEN last_value END FROM {sequence}"))
        return last
    if not inspect(connection).has_table("sqlite_sequence"):
        return None
    last = connection.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
    return last


def go_on_from(connection: Connection, table: Table, last: int | None) -> None:
    """Have new rows get numbers that no row had."""
    if connection.dialect.name == "postgresql":
        if (sequence := _sequence(connection, table)) is not None:
            (column,) = table.primary_key
            highest = max(connection.scalar(select(func.max(column))) or 0, last or 0)
            if highest:
                connection.execute(select(func.setval(sequence, highest)))
    elif last is not None:
        where = {"name": table.name, "last": last}
        counts = "SELECT 1 FROM sqlite_master WHERE name = :name AND sql LIKE '%AUTOINCREMENT%'"
        if connection.execute(text(counts), where).first():
            connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), where)
            connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), where)


def _sequence(connection: Connection, table: Table) -> str | None:
    """PostgreSQL's name of what numbers the rows of a table, fit for a statement."""
    if len(table.primary_key) != 1:
        return None
    (column,) = table.primary_key
    named = func.pg_get_serial_sequence(connection.dialect.identifier_preparer.format_table(table), column.name)
    found: str | None = connection.scalar(select(named))
    return found
