"""Does whoever commands hear of what Slack refused, though the bot dies or stops just then?"""

from __future__ import annotations

import os
import signal
from pathlib import Path

from sqlalchemy import select

from storage import log
from storage.tables import outbox
from tests.room import INCIDENTS, MARA, until
from tests.soak.acts import Incident
from tests.soak.children import Nursery
from tests.soak.ground import on_sqlite
from tests.soak.stage import Stage

_STATE = select(outbox.c.state).where(outbox.c.name == "announcement/1")


def _refuse_announcements(stage: Stage) -> None:
    stage.sandbox.workspace.channels[INCIDENTS].is_archived = True


def _is(stage: Stage, state: str) -> bool:
    found = stage.database.read_now(lambda conn: conn.execute(_STATE).scalar_one_or_none())
    return found == state


def _noted(stage: Stage) -> int:
    facts = stage.database.read_now(lambda conn: log.read(conn, "incident/1"))
    return sum(fact.kind == "DeliveryFailed" for fact in facts)


def _heard(stage: Stage) -> int:
    talks = (one for one in stage.sandbox.workspace.channels.values() if one.is_im)
    told = [said.text for one in talks if MARA in one.members for said in one.messages]
    return sum("Slack refused the announcement" in text for text in told)


async def test_a_bot_killed_right_after_it_settled_a_refusal_has_told_of_it(
    home: Nursery, tmp_path: Path
) -> None:
    async with on_sqlite(home, tmp_path).stage() as stage:
        _refuse_announcements(stage)
        await stage.die_at("commit settle announcement/# Failed: made")
        await Incident(stage, "Refused").declare()
        await until(lambda: stage.deaths == 1, 60)
        assert _noted(stage) == 1  # by the dead one: whoever comes after it owes it anew
        await stage.settled()
        assert (_noted(stage), _heard(stage)) == (1, 1)


async def test_what_is_refused_while_the_bot_stops_is_told_of(
    home: Nursery, tmp_path: Path
) -> None:
    async with on_sqlite(home, tmp_path).stage() as stage:
        _refuse_announcements(stage)
        stage.sandbox.faults.add("conversations.list:latency:seconds=1")
        await Incident(stage, "Refused").declare()
        await until(lambda: _is(stage, "claimed"), 60)
        bot = stage.bots[0]
        os.kill(bot.pid, signal.SIGTERM)
        await bot.dead.wait()
        # A machine that is slow hands it back: then it is told when it is refused.
        assert _noted(stage) or not _is(stage, "failed")
        await stage.settled()
        assert (_noted(stage), _heard(stage)) == (1, 1)
