"""When each room was looked at last, and which are to be looked at soon."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
oldest_left = None
can_wait = False


def upgrade() -> None:
    """Add the table of looks; a version that does not know it works on."""
    op.create_table(
        "looks",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("looked_at", sa.Text, index=True),
        sa.Column("asked_at", sa.Text, index=True),
        sa.Column("begun_at", sa.Text),
    )
