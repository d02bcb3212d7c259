"""${message}"""

from __future__ import annotations

from alembic import op
import sqlalchemy as sa

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None
# None: it only adds, and every version before it works on. Else it takes something away, and this
# is the oldest version that works on, by its schema: `warroom migrate --contract` applies it.
oldest_left = None
# True: this version works without it, too, so that its processes may start before it is applied.
can_wait = False


def upgrade() -> None:
    """Add to the schema, or take away what no version needs any more."""
    ${upgrades if upgrades else "pass"}
