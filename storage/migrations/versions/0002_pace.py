"""How fast things may go out is kept for all workers; a newer post may overtake an elder."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None
oldest_left = None
can_wait = False

_OPEN = sa.text("state IN ('pending', 'claimed')")


def upgrade() -> None:
    """Add the table of paces, and what a row waits for and which family it is of."""
    op.create_table(
        "pace",
        sa.Column("bucket", sa.Text, primary_key=True),
        sa.Column("free_at", sa.Text, nullable=False),
    )
    op.add_column("outbox", sa.Column("waits_for", sa.Text))
    op.add_column("outbox", sa.Column("family", sa.Text))
    for column in ("waits_for", "family"):
        op.create_index(
            f"ix_outbox_{column}",
            "outbox",
            [column],
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        )
