"""How do tests come to incidents that were just declared, whose time comes then?"""

from __future__ import annotations

from bot import app
from bot.clock import Clock
from bot.engine import Asked, Engine, Opening
from bot.features.incidents import rules as incidents
from bot.settings import Settings
from runbooks import load
from runbooks.model import Policy
from storage import log
from storage.db import Database

DECLARE = incidents.Declare(
    title="Chatbot gives unsafe dosage advice",
    severity="SEV2",
    is_person_at_risk=False,
    is_private=False,
    is_test=False,
    route="command",
    view_id="V1",
)


def engine(database: Database, clock: Clock, policy: Policy | None = None) -> Engine:
    """An engine by this policy, or the one that is shipped."""
    return app.engine(database, clock, policy or load.policy(), Settings())


async def declared(engine: Engine, count: int) -> None:
    """The incidents 1 to `count` of an empty database."""
    for number in range(count):
        asked = Asked(f"declare {number}", "UMARA")
        await engine.carry_out(incidents.declare, DECLARE, Opening(), asked)


def reminders(database: Database, number: int) -> int:
    """How often an incident was reminded of something."""
    facts = database.read_now(lambda conn: log.read(conn, f"incident/{number}"))
    return sum(fact.kind == "DeadlineReminded" for fact in facts)
