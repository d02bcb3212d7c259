"""What can go out is found fast however much waits behind it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
oldest_left = None
can_wait = False

_OPEN = sa.text("state IN ('pending', 'claimed')")
_UNSETTLED = sa.text("state NOT IN ('done', 'failed', 'undeliverable', 'dropped')")
_PENDING = sa.text("state = 'pending'")
_CLAIMED = sa.text("state = 'claimed'")


def upgrade() -> None:
    """Widen the index that is walked, and add those of what is due when."""
    op.drop_index("ix_outbox_open", "outbox")
    op.drop_index("ix_outbox_lane", "outbox")
    for name, columns, where in (
        ("ix_outbox_open", ["urgency", "id", "waits_for", "state"], _OPEN),
        ("ix_outbox_lane", ["lane", "id"], _UNSETTLED),
        ("ix_outbox_due", ["not_before"], _PENDING),
        ("ix_outbox_claimed", ["lease_until"], _CLAIMED),
    ):
        op.create_index(name, "outbox", columns, sqlite_where=where, postgresql_where=where)
