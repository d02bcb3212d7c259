"""What does a change of policy do to incidents that are running?"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot import app
from bot.clock import Clock
from bot.core.outcome import Refused
from bot.engine import Asked, Engine, Existing, Opening
from bot.features.incidents import rules
from bot.features.rooms import rules as rooms_rules
from bot.features.severity import rules as severity_rules
from bot.features.timeline import rules as timeline
from bot.settings import Settings
from runbooks import load
from runbooks.model import Policy
from storage import lookup
from storage.db import Database
from tests import declared

DECLARE = replace(declared.DECLARE, severity="SEV1")


def _changed(folder: Path, name: str, stands: str, instead: str) -> Policy:
    text = (load.SHIPPED / "policy" / f"{name}.yaml").read_text()
    assert stands in text
    path = folder / "policy" / f"{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.replace(stands, instead))
    return load.policy(folder)


def _engine(database: Database, policy: Policy) -> Engine:
    return app.engine(database, Clock(), policy, Settings())


async def _declared(database: Database) -> Engine:
    engine = _engine(database, load.policy())
    await engine.carry_out(rules.declare, DECLARE, Opening(), Asked("k", "UMARA"))
    return engine


def _next_due(database: Database) -> datetime:
    [(entry, _)] = database.read_now(lookup.entries)
    assert entry.next_due_at
    return entry.next_due_at


async def _owed(engine: Engine, name: str) -> timedelta | None:
    case = await engine.case(1)
    assert case
    assert case.incident.declared_at
    found = [one for one in engine.shown(case).deadlines if one.name == name]
    return found[0].due_at - case.incident.declared_at if found else None


async def test_deadlines_are_reckoned_anew_and_ring_by_the_new_policy(
    database: Database, tmp_path: Path
) -> None:
    engine = await _declared(database)
    assert await _owed(engine, "update") == timedelta(minutes=15)
    before = _next_due(database)
    shorter = _changed(tmp_path, "severities", "update_every: PT15M", "update_every: PT4M")
    again = _engine(database, shorter)
    assert await _owed(again, "update") == timedelta(minutes=4)
    assert _next_due(database) == before
    await again.reckon_anew()
    assert _next_due(database) < before


async def test_what_older_processes_write_meanwhile_is_reckoned_once_more_when_they_are_gone(
    postgres_database: Database, tmp_path: Path
) -> None:
    older = await _declared(postgres_database)
    shorter = _changed(tmp_path, "severities", "update_every: PT15M", "update_every: PT4M")
    newer = _engine(postgres_database, shorter)
    before = _next_due(postgres_database)
    reckoning = asyncio.create_task(newer.reckon_anew(1.0))
    async with asyncio.timeout(10):
        while _next_due(postgres_database) == before:
            await asyncio.sleep(0.01)
    by_newer = _next_due(postgres_database)
    await older.carry_out(
        timeline.note, timeline.Note("Rolled back"), Existing(1), Asked("n", "UMARA")
    )
    assert _next_due(postgres_database) == before
    await reckoning
    assert _next_due(postgres_database) == by_newer


async def test_what_was_said_and_called_stays_as_it_was(database: Database, tmp_path: Path) -> None:
    engine = await _declared(database)
    facts = await engine.facts(1)
    fewer = _changed(
        tmp_path, "severities", "pages: [ic, technical, model, safety, product, comms, legal]",
        "pages: [ic]",
    )  # fmt: skip
    again = _engine(database, fewer)
    await again.reckon_anew()
    assert await again.facts(1) == facts


async def test_a_label_that_is_gone_is_shown_as_recorded_and_takes_its_times_by_rank(
    database: Database, tmp_path: Path
) -> None:
    await _declared(database)
    text = (load.SHIPPED / "policy" / "severities.yaml").read_text()
    path = tmp_path / "policy" / "severities.yaml"
    path.parent.mkdir()
    path.write_text(text.replace("SEV1", "P1").replace("mitigate: PT60M", "mitigate: PT50M"))
    again = _engine(database, load.policy(tmp_path))
    case = await again.case(1)
    assert case
    assert again.policy.severities.show(case.incident.severity) == "SEV1"
    assert await _owed(again, "mitigate") == timedelta(minutes=50)


async def test_rights_follow_the_new_policy_at_once(database: Database, tmp_path: Path) -> None:
    await _declared(database)
    open_to_all = _changed(
        tmp_path, "rights", "label: change the severity, roles: [ic]",
        "label: change the severity, roles: []",
    )  # fmt: skip
    again = _engine(database, open_to_all)
    request = severity_rules.Change("SEV2", "narrow after all")
    with pytest.raises(Refused, match="You are not in the room of INC-1"):
        await again.carry_out(severity_rules.change, request, Existing(1), Asked("a", "UJUN"))
    let_in = Asked("let in", "UMARA")
    await again.carry_out(rooms_rules.add, ["UJUN"], Existing(1), let_in)
    asked = Asked("another", "UJUN")
    done = await again.carry_out(severity_rules.change, request, Existing(1), asked)
    assert done.case.incident.severity == "SEV2"
