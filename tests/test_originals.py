"""Is the original of what was typed kept for as long as a fact speaks of it?"""

from __future__ import annotations

import asyncio
import functools
import threading
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.core.facts.evidence import EvidencePreserved
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome, Rule
from bot.engine import Asked, Engine, Existing
from bot.features.timeline import rules as timeline
from bot.slack.files import Files
from bot.slack.silent import Silent
from storage.db import Database
from storage.vault import Vault
from tests import declared

TYPED = "Write to anna.berg@example.com, who paid with 4111 1111 1111 1111"


async def test_nobody_who_stops_waiting_takes_it_out_of_the_vault(
    database: Database, tmp_path: Path
) -> None:
    engine, vault = declared.engine(database, Clock()), Vault(database, tmp_path / "vault")
    await declared.declared(engine, 1)
    engine.seal_with(Files(Silent(), vault))
    is_writing, may_commit = threading.Event(), threading.Event()
    asking = asyncio.create_task(
        engine.carry_out(
            _held_up(timeline.note, is_writing, may_commit),
            timeline.Note(TYPED),
            Existing(1),
            Asked("note", "UMARA"),
        )
    )
    await asyncio.to_thread(is_writing.wait, 10)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    may_commit.set()
    async with asyncio.timeout(10):
        while not (facts := await _preserved(engine)):
            await asyncio.sleep(0.01)
    [fact] = facts
    assert fact.is_raw_kept
    assert TYPED.encode() in b"".join(vault.read(fact.item))


def _held_up(rule: Rule, is_writing: threading.Event, may_commit: threading.Event) -> Rule:
    """The same decision, which takes its time within the transaction."""

    @functools.wraps(rule)
    def slowly(incident: Incident, request: object, context: Context) -> Outcome:
        is_writing.set()
        may_commit.wait(10)
        return rule(incident, request, context)

    return slowly


async def _preserved(engine: Engine) -> list[EvidencePreserved]:
    facts = [one.fact for one in await engine.facts(1)]
    return [fact for fact in facts if isinstance(fact, EvidencePreserved)]
