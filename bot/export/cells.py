"""How does what stands in a record read, for programs and for people?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.core.plain import plain
from bot.core.record import Cell, Column, Quoted

Value = str | int | bool | None


def value(cell: Cell, column: Column, names: Mapping[str, str]) -> Value:
    """As a program reads it: moments as `2026-11-21T03:40:00+00:00`, people by their id."""
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).isoformat()
    if column.kind == "line" and cell is not None:
        return plain(str(cell), names, "UTC")
    return str(cell) if isinstance(cell, str) else cell


def words(cell: Cell, column: Column, names: Mapping[str, str]) -> str:
    """As a person reads it: moments in UTC, people by name and id; empty for None."""
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case datetime():
            return f"{cell.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
        case str() if column.kind == "person":
            return who(cell, names)
    return str(value(cell, column, names))


def who(person: str, names: Mapping[str, str]) -> str:
    """A person's name with the id, which no two share; the bot as it is."""
    return f"{names[person]} ({person})" if person in names else person


def is_quoted(cell: Cell, column: Column) -> bool:
    """Whether it is shown only after a warning."""
    return bool(cell) and (isinstance(cell, Quoted) or column.kind == "quote")
