"""Which incidents are announced together, whoever writes, on which ground?"""

from __future__ import annotations

import asyncio
import itertools

from bot import app
from bot.clock import Clock
from bot.core import ids
from bot.courier import LEASE
from bot.engine import Asked, Engine, Existing, Opening
from bot.features.incidents import rules as incidents
from bot.features.rooms import rules as rooms
from bot.settings import Settings
from runbooks import load
from storage import outbox
from storage.db import Database
from tests.declared import DECLARE

MARA = "UMARA"
ALONE = 4
_keys = (f"key {number}" for number in itertools.count())


def engine(database: Database, channel: str | None = "incidents") -> Engine:
    """One of those who write; without a channel it announces nothing of its own."""
    settings = Settings(warroom_announce_channel=channel)
    return app.engine(database, Clock(), load.policy(), settings)


async def declare(writes: Engine) -> int:
    """Declare an incident; its number."""
    done = await writes.carry_out(incidents.declare, DECLARE, Opening(), Asked(next(_keys), MARA))
    return done.case.incident.number


def deliver(database: Database, writes: Engine) -> list[str]:
    """Bring everything that is due, drawing what is to be drawn; the names of what was brought."""
    worker, brought = outbox.Worker("test", LEASE), []
    while claimed := database.write_now(lambda c: outbox.claim(c, worker, writes.now(), 1000)):
        done = [
            outbox.Done(one.id, one.attempts, one.version, {"channel": one.name, "ts": "1.0"})
            for one in claimed
        ]
        database.write_now(lambda c: outbox.settle(c, "test", done, writes.now()))  # noqa: B023
        brought += [one.name for one in claimed]
    return brought


async def drawn(database: Database, writes: Engine) -> list[str]:
    """What was brought, once the rolls of incidents that were among it are owed too."""
    brought = deliver(database, writes)
    for name in brought:
        if name.startswith(ids.ROLLED):
            await writes.enroll(int(name.removeprefix(ids.ROLLED)))
    return brought + deliver(database, writes)


async def test_of_many_declared_at_once_by_several_all_but_four_stand_in_rolls(
    database: Database,
) -> None:
    several = [engine(database) for _ in range(3)]
    numbers = await asyncio.gather(*(declare(several[n % 3]) for n in range(60)))
    brought = await drawn(database, several[0])
    alone = {name for name in brought if name.startswith(ids.ANNOUNCEMENTS)}
    assert len(alone) == ALONE
    rolls = [name for name in dict.fromkeys(brought) if ids.is_roll(name)]
    standing = [await several[1].standing(roll) for roll in rolls]
    assert sorted(map(len, standing)) == [6, 25, 25]
    rolled = {one.incident.number for each in standing for one, _ in each}
    assert rolled | {int(name.rpartition("/")[2]) for name in alone} == set(numbers)


async def test_whoever_announces_nothing_keeps_a_roll_up_to_date_too(database: Database) -> None:
    writes, terminal = engine(database), engine(database, channel=None)
    numbers = [await declare(writes) for _ in range(ALONE + 1)]
    await drawn(database, writes)
    asked = Asked(next(_keys), MARA)
    await terminal.carry_out(
        rooms.make_private, "A customer is named", Existing(numbers[-1]), asked
    )
    owed = database.read_now(lambda conn: outbox.listing(conn, ["pending"]))
    assert ids.roll(1) in {row.name for row in owed}


async def test_what_another_version_announced_by_itself_leaves_its_roll(database: Database) -> None:
    writes = engine(database)
    numbers = [await declare(writes) for _ in range(ALONE + 2)]
    await drawn(database, writes)
    slot = ids.announcement(numbers[-1])
    own = outbox.Item(slot, slot, "keep", {"to": "announce", "shape": "message"}, gives=slot)
    database.write_now(lambda conn: outbox.put(conn, [own], writes.now()))
    standing = await writes.standing(ids.roll(1))
    assert [one.incident.number for one, _ in standing] == numbers[ALONE:-1]
