"""What does one read when a link leads nowhere?"""

from __future__ import annotations

from bot.core import telling
from bot.core.blockkit import escape
from bot.core.evidence import Item
from bot.core.incident import Incident
from bot.core.messages import Post


def missed(incident: Incident, one: Item, reason: str) -> Post:
    """What whoever preserved a link reads when what it leads to could not be had."""
    said = (
        f"{incident.reference}: {one.reference} keeps the link and its hash, and no snapshot. "
        f"{escape(reason)}"
    )
    return telling.note(incident, f"no snapshot {one.number}", one.by, said)
