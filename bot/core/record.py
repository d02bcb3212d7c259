"""What of an incident's record is handed on, and in which parts?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.core.course import Owed
from bot.core.facts import Recorded
from bot.core.outcome import Shown

Kind = Literal["text", "line", "quote", "person", "number", "moment", "yes_no"]
Cell = str | int | bool | datetime | None


class Quoted(str):
    """Words in which a model or a person may be quoted; a page shows them after a warning."""

    __slots__ = ()


@dataclass(frozen=True)
class Column:
    """A column: its name for programs, its label for people, and what stands in it.

    A "line" is mrkdwn, a "quote" words that are shown after a warning, a "person" an id.
    """

    name: str
    label: str
    kind: Kind = "text"


@dataclass(frozen=True)
class Part:
    """A table of the record; `name` is that of its files, in small letters, digits and hyphens."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...] = ()


@dataclass(frozen=True)
class Told:
    """What parts are made of: the incident as it stands, and how it came about.

    `talk` is what people said in the room, `course` what was owed and what came of it.
    """

    shown: Shown
    recorded: Sequence[Recorded]
    talk: Sequence[Recorded]
    course: Sequence[Owed]


Parts = Callable[[Told], Sequence[Part]]
"""What one feature adds to a record that is handed on."""
