"""What stands in record.json, for programs?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.copies import Copy
from bot.core.facts import ERASED
from bot.core.record import Kind, Part
from bot.export.cells import Value, value

SCHEMA = Path(__file__).with_name("record.schema.json")
VERSION: Literal["1.0"] = "1.0"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class About(_Model):
    """The incident as it stood; moments are in UTC, None is not known or not so far."""

    number: int
    reference: str
    title: str
    is_title_erased: bool
    status: str
    severity: str | None
    is_private: bool
    is_test: bool
    is_major: bool
    declared_at: str | None
    declared_by: str
    commander: str | None
    mitigated_at: str | None
    ended_at: str | None
    merged_into: int | None


class Head(_Model):
    """The last fact of a chain, by its place and its hash."""

    chain: str
    seq: int
    hash: str


class PersonNamed(_Model):
    """Who an id stands for, as Slack last said."""

    id: str
    name: str


class ColumnOf(_Model):
    """What stands in a column; a "quote" may hold words of the model."""

    name: str
    label: str
    kind: Kind


class PartOf(_Model):
    """A table; each row has a value for each column, by the column's name."""

    title: str
    columns: list[ColumnOf]
    rows: list[dict[str, Value]]


class Record(_Model):
    """The record of an incident. Another major version may mean something else by the same name."""

    schema_version: Literal["1.0"] = VERSION
    incident: About
    as_of: str = Field(description="When the last fact was written, in UTC.")
    heads: list[Head]
    people: list[PersonNamed]
    parts: dict[str, PartOf]


def record(copy: Copy, parts: Sequence[Part]) -> Record:
    """The record as a program reads it."""
    mentioned = "\n".join(str(row) for chain in copy.chains for row in chain.rows)
    return Record(
        incident=_about(copy),
        as_of=copy.as_of.isoformat(),
        heads=[
            Head(chain=one.name, seq=one.rows[-1]["seq"], hash=one.rows[-1]["hash"])
            for one in copy.chains
            if one.rows
        ],
        people=[
            PersonNamed(id=person, name=name)
            for person, name in sorted(copy.names.items())
            if person in mentioned
        ],
        parts={part.name: _part(part, copy) for part in parts},
    )


def schema() -> str:
    """The JSON Schema of record.json, as it is committed beside this file."""
    return json.dumps(Record.model_json_schema(), indent=2, sort_keys=True) + "\n"


def _part(part: Part, copy: Copy) -> PartOf:
    columns = [ColumnOf(name=one.name, label=one.label, kind=one.kind) for one in part.columns]
    rows = [
        {
            one.name: value(cell, one, copy.names)
            for cell, one in zip(row, part.columns, strict=True)
        }
        for row in part.rows
    ]
    return PartOf(title=part.title, columns=columns, rows=rows)


def _about(copy: Copy) -> About:
    one = copy.told.shown.incident
    moments = {
        name: at.isoformat() if (at := getattr(one, name)) else None
        for name in ("declared_at", "mitigated_at", "ended_at")
    }
    return About(
        number=one.number,
        reference=one.reference,
        title=one.title,
        is_title_erased=one.title == ERASED,
        status=one.status,
        severity=one.severity,
        is_private=one.is_private,
        is_test=one.is_test,
        is_major=one.is_major,
        declared_by=one.declared_by,
        commander=None if one.has_no_ic else one.ic,
        merged_into=one.merged_into,
        **moments,
    )
