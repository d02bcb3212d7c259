"""The first schema: facts, texts, inbox, lookup, outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None
oldest_left = None
can_wait = False

_OPEN = sa.text("state IN ('pending', 'claimed')")
_REFUSAL = "the log is append-only"


def upgrade() -> None:
    """Make every table, and the triggers that keep the log append-only."""
    _log()
    _subjects()
    _outbox()
    _refs()
    if op.get_bind().dialect.name == "postgresql":
        _postgres_triggers()
    else:
        _sqlite_triggers()


def _log() -> None:
    op.create_table(
        "facts",
        sa.Column("chain", sa.Text, primary_key=True),
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("prev_hash", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
    )
    op.create_table(
        "texts",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("chain", sa.Text, nullable=False, index=True),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "inbox",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("chain", sa.Text, nullable=False),
        sa.Column("first_seq", sa.Integer, nullable=False),
        sa.Column("last_seq", sa.Integer, nullable=False),
        sa.Column("at", sa.Text, nullable=False, index=True),
    )


def _subjects() -> None:
    op.create_table(
        "lookup",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("chain", sa.Text, nullable=False, unique=True),
        sa.Column("status", sa.Text, nullable=False, index=True),
        sa.Column("rank", sa.Integer),
        sa.Column("is_private", sa.Boolean, nullable=False),
        sa.Column("is_test", sa.Boolean, nullable=False),
        sa.Column("label_digest", sa.Text),
        sa.Column("opened_at", sa.Text, nullable=False),
        sa.Column("last_seq", sa.Integer, nullable=False),
        sa.Column("next_due_at", sa.Text, index=True),
    )
    op.create_table(
        "counters",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Integer, nullable=False),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer, "sqlite"),
            primary_key=True,
            autoincrement=True,
        ),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("lane", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("urgency", sa.Integer, nullable=False),
        sa.Column("subject", sa.Text, index=True),
        sa.Column("needs", sa.Text),
        sa.Column("gives", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("is_uncertain", sa.Boolean, nullable=False),
        sa.Column("not_before", sa.Text, nullable=False),
        sa.Column("first_claimed_at", sa.Text),
        sa.Column("claimed_at", sa.Text),
        sa.Column("lease_until", sa.Text),
        sa.Column("worker", sa.Text),
        sa.Column("error", sa.Text),
        sa.Column("created_at", sa.Text, nullable=False),
    )
    for name, columns in (
        ("ix_outbox_open", ["urgency", "id"]),
        ("ix_outbox_lane", ["lane", "id"]),
    ):
        op.create_index(name, "outbox", columns, sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index("ix_outbox_needs", "outbox", ["needs"])


def _refs() -> None:
    op.create_table(
        "refs",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text),
        sa.Column("target", sa.Text, index=True),
        sa.Column("is_dead", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text),
    )


def _sqlite_triggers() -> None:
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER facts_refuse_{verb.lower()} BEFORE {verb} ON facts "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        )
    # INSERT OR REPLACE deletes without a trigger where recursive_triggers is off.
    op.execute(
        "CREATE TRIGGER facts_refuse_replace BEFORE INSERT ON facts "
        "WHEN EXISTS (SELECT 1 FROM facts WHERE chain = NEW.chain AND seq = NEW.seq) "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    )


def _postgres_triggers() -> None:
    op.execute(
        "CREATE FUNCTION facts_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER facts_refuse_change BEFORE UPDATE OR DELETE ON facts "
        "FOR EACH ROW EXECUTE FUNCTION facts_refuse()"
    )
    op.execute(
        "CREATE TRIGGER facts_refuse_truncate BEFORE TRUNCATE ON facts "
        "FOR EACH STATEMENT EXECUTE FUNCTION facts_refuse()"
    )
