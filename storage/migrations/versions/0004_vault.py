"""The keys of the vault; the bytes they open lie outside the database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
oldest_left = None
can_wait = False


def upgrade() -> None:
    """Add the table of keys; a version that does not know it works on."""
    op.create_table(
        "vault",
        sa.Column("item", sa.Text, primary_key=True),
        sa.Column("chain", sa.Text, nullable=False),
        sa.Column("since", sa.Text, nullable=False, index=True),
        sa.Column("sha256", sa.Text),
        sa.Column("size_bytes", sa.BigInteger),
        sa.Column("turn", sa.Text),
        sa.Column("key", sa.LargeBinary),
    )
