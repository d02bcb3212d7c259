"""Which tables are there?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    text,
)


class Utc(TypeDecorator[datetime]):
    """An aware moment, kept as text of fixed width, so that it sorts and hashes as it is read."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """To text; a naive moment is a bug."""
        return None if value is None else stamp(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Back to an aware moment in UTC."""
        return None if value is None else datetime.fromisoformat(value)


def stamp(moment: datetime) -> str:
    """The one way a moment is written: `2026-11-21T03:40:00.000000+00:00`.

    Raises:
        ValueError: the moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


metadata = MetaData()
_OPEN = text("state IN ('pending', 'claimed')")
# The same, said so that whoever asks for the elder of a lane gets this index: on a table that was
# empty when it was analysed, Postgres takes any that fits, and walks through all that is open.
UNSETTLED = "state NOT IN ('done', 'failed', 'undeliverable', 'dropped')"
_UNSETTLED = text(UNSETTLED)
# Narrower than what is open, so that no planner walks these for anything else.
_PENDING, _CLAIMED = text("state = 'pending'"), text("state = 'claimed'")
# What waits for its turn is passed over in the index, without a look at its row.
_WALKED = ("urgency", "id", "waits_for", "state")
_Id = BigInteger().with_variant(Integer, "sqlite")

facts = Table(
    "facts",
    metadata,
    Column("chain", Text, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", Utc, nullable=False),
    Column("payload", Text, nullable=False),
    Column("prev_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

texts = Table(
    "texts",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("chain", Text, nullable=False, index=True),
    Column("salt", LargeBinary, nullable=False),
    Column("body", Text, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    Column("key", Text, primary_key=True),
    Column("chain", Text, nullable=False),
    Column("first_seq", Integer, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("at", Utc, nullable=False, index=True),
)

lookup = Table(
    "lookup",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("chain", Text, nullable=False, unique=True),
    Column("status", Text, nullable=False, index=True),
    Column("rank", Integer),
    Column("is_private", Boolean, nullable=False),
    Column("is_test", Boolean, nullable=False),
    Column("label_digest", Text),
    Column("opened_at", Utc, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("next_due_at", Utc, index=True),
)

looks = Table(
    "looks",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("looked_at", Utc, index=True),
    Column("asked_at", Utc, index=True),
    Column("begun_at", Utc),
)

counters = Table(
    "counters",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Integer, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("name", Text, nullable=False, unique=True),
    Column("lane", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("subject", Text, index=True),
    Column("needs", Text),
    Column("gives", Text),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("is_uncertain", Boolean, nullable=False),
    Column("not_before", Utc, nullable=False),
    Column("first_claimed_at", Utc),
    Column("claimed_at", Utc),
    Column("lease_until", Utc),
    Column("worker", Text),
    Column("error", Text),
    Column("created_at", Utc, nullable=False),
    Column("waits_for", Text),
    Column("family", Text),
    Index("ix_outbox_open", *_WALKED, sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("ix_outbox_due", "not_before", sqlite_where=_PENDING, postgresql_where=_PENDING),
    Index("ix_outbox_claimed", "lease_until", sqlite_where=_CLAIMED, postgresql_where=_CLAIMED),
    Index("ix_outbox_lane", "lane", "id", sqlite_where=_UNSETTLED, postgresql_where=_UNSETTLED),
    Index("ix_outbox_needs", "needs"),
    Index("ix_outbox_waits_for", "waits_for", sqlite_where=_OPEN, postgresql_where=_OPEN),
    Index("ix_outbox_family", "family", sqlite_where=_OPEN, postgresql_where=_OPEN),
)

pace = Table(
    "pace",
    metadata,
    Column("bucket", Text, primary_key=True),
    Column("free_at", Utc, nullable=False),
)

refs = Table(
    "refs",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text),
    Column("target", Text, index=True),
    Column("is_dead", Boolean, nullable=False),
    Column("reason", Text),
)

vault = Table(
    "vault",
    metadata,
    Column("item", Text, primary_key=True),
    Column("chain", Text, nullable=False),
    Column("since", Utc, nullable=False, index=True),
    Column("sha256", Text),
    Column("size_bytes", BigInteger),
    Column("turn", Text),
    Column("key", LargeBinary),
)
