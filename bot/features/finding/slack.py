"""Where does one ask what there is?"""

from __future__ import annotations

import asyncio

from bot.core import ids
from bot.core.blockkit import when
from bot.core.incident import OPEN
from bot.engine import Engine
from bot.features.finding import blocks
from bot.reads import Listed
from bot.slack.listen import Desk, Reply, Verb
from bot.slack.payloads import Command, Press

_LINES = 15  # of an answer in a list; more does not fit a screen


def register(desk: Desk) -> None:
    """Take the bare command, the help and the list."""

    async def menu(_command: Command) -> Reply:
        return blocks.menu(desk.command)

    async def show_help(_request: Command | Press) -> Reply:
        verbs = dict.fromkeys(desk.verbs.values())
        return blocks.help_page(desk.command, [(one.usage, one.says) for one in verbs])

    async def show_list(request: Command | Press) -> Reply:
        return await _list(desk.engine, request.person)

    desk.menu(menu)
    desk.verb(Verb("list", "list", "open incidents", show_list))
    desk.verb(Verb("help", "help", "this list", show_help))
    desk.button("menu_list", show_list)
    desk.button("menu_help", show_help)


async def _list(engine: Engine, person: str) -> Reply:
    listed = await engine.listed([*OPEN, "resolved"])
    titles = {one.number: await _title(engine, one, person) for one in listed}
    seen = [one for one in listed if titles[one.number] or not one.is_private]
    shown = seen[:_LINES]
    channels = await asyncio.gather(*(engine.channel_of(one.number) for one in shown))
    lines = [
        (_line(engine, one, channel), titles[one.number])
        for one, channel in zip(shown, channels, strict=True)
    ]
    return blocks.incident_list(lines, hidden=len(seen) - len(shown))


async def _title(engine: Engine, listed: Listed, person: str) -> str | None:
    """The title as far as this person may read it; None when it stays in the room."""
    if listed.title:
        return listed.title
    case = await engine.case(listed.number)
    return case.incident.title if case and person in case.incident.people else None


def _line(engine: Engine, listed: Listed, channel: str | None) -> str:
    severities = engine.policy.severities.severities
    label = severities[min(listed.rank, len(severities) - 1)].label
    mark = "TEST " if listed.is_test else ""
    where = f" · <#{channel}>" if channel else ""
    name = f"{mark}{ids.reference(listed.number)}"
    return f"{name} · {label} · {listed.status}{where} · {when(listed.opened_at)}"
