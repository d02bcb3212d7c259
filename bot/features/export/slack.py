"""Which verb brings somebody the record of an incident?"""

from __future__ import annotations

import asyncio
import base64

import structlog

from bot.core.messages import Content
from bot.engine import Asked, Existing
from bot.export.bundle import bundle
from bot.features.export import blocks, rules
from bot.slack.listen import Desk, Reply, Verb
from bot.slack.payloads import Command

_AT_ONCE_SECONDS = 1.5  # of the three in which Slack wants an answer
_log = structlog.get_logger()


def register(desk: Desk) -> None:
    """Take the verb."""
    entry = _Export(desk)
    desk.verb(Verb("export", "export", "the whole record as a file, privately", entry.export))


class _Export:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._engine = desk.engine
        self._at_work: set[asyncio.Task[None]] = set()

    async def export(self, command: Command) -> Reply:
        number, _ = await self._desk.meant(command)
        case = await self._desk.inside(number, command.person)
        people = await self._desk.people.look_up([command.person])
        may = Asked(f"{command.key} may", command.person, people)
        await self._engine.carry_out(rules.allow, None, Existing(number), may)
        asked = Asked(command.key, command.person, people)
        work = asyncio.create_task(self._bring(number, asked))
        self._at_work.add(work)
        work.add_done_callback(self._at_work.discard)
        done, _ = await asyncio.wait({work}, timeout=_AT_ONCE_SECONDS)
        if done:
            work.result()
            return Content(blocks.on_its_way(case.incident))
        work.add_done_callback(_log_failure)
        return Content(blocks.LATER)

    async def _bring(self, number: int, asked: Asked) -> None:
        copy = await self._engine.copy(number)
        made = await asyncio.to_thread(bundle, copy, self._engine.record_parts)
        content = base64.b64encode(await asyncio.to_thread(lambda: made.zipped)).decode()
        request = rules.Export(made.seq, made.head, made.manifest, made.archive, content)
        await self._engine.carry_out(rules.export, request, Existing(number), asked)


def _log_failure(work: asyncio.Task[None]) -> None:
    if not work.cancelled() and (error := work.exception()):
        _log.warning("export.lost", reason=type(error).__name__)
