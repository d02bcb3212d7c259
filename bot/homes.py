"""Which Homes are drawn anew when an incident changes, and when all of them?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.core import ids, messages
from bot.core.facts import Fact
from bot.core.facts.incidents import WordsErased
from bot.core.incident import Incident
from bot.core.messages import Call, Content, Keep
from storage import outbox

_AT_ONCE = 25


def of(kept: Collection[str], incident: Incident) -> list[Keep]:
    """The Homes of these slots, which people in the incident looked at; drawn when delivered."""
    changed = Content(f"{ids.chain(incident.number)} {incident.last_seq}")
    return [
        Keep(slot, ids.person(ids.home_of(slot)), changed, "home", messages.REST)
        for slot in sorted(kept)
    ]


def all_for(before: Incident, after: Incident, facts: Sequence[Fact]) -> list[Call]:
    """What has every Home drawn anew, where these facts take away what everybody could read.

    What is added or changes otherwise is seen by whoever looks: their Home is drawn then.
    """
    if before.status == "new" or before.is_private:
        return []
    # Read anew, an incident has no more of the words than afterwards.
    is_erased = any(isinstance(fact, WordsErased) for fact in facts)
    is_hidden = after.is_private or after.public_title != before.public_title
    return [messages.redraw_homes(after.number, after.last_seq)] if is_erased or is_hidden else []


def longest_ago(conn: Connection, before: datetime, now: datetime) -> list[Keep]:
    """Some that were not owed since `before`, those of longest ago first; none when there are none.

    What waits to be drawn is drawn as things stand then.
    """
    changed = Content(f"all at {now.isoformat()}")
    return [
        Keep(slot, ids.person(ids.home_of(slot)), changed, "home", messages.REST)
        for slot in outbox.put_before(conn, ids.HOMES, before, _AT_ONCE)
    ]
