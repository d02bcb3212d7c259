"""Where does one ask what there is?"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.cases import Case
from bot.core import ids
from bot.core.blockkit import when
from bot.core.incident import OPEN, STATUS, Status
from bot.core.outcome import Refused
from bot.engine import Engine, NotWritten
from bot.features.finding import blocks
from bot.reads import Listed, hidden
from bot.slack.listen import Desk, Reply, Verb
from bot.slack.payloads import Command, Press

_LINES = 15  # of an answer in a list; more does not fit a screen


def register(desk: Desk) -> None:
    """Take the bare command, the help, the list and the search."""

    async def menu(_command: Command) -> Reply:
        return blocks.menu(desk.command)

    async def show_help(_request: Command | Press) -> Reply:
        verbs = dict.fromkeys(desk.verbs.values())
        return blocks.help_page(desk.command, [(one.usage, one.says) for one in verbs])

    async def show_list(request: Command | Press) -> Reply:
        listed = await desk.engine.listed([*OPEN, "resolved"])
        return await _shown(desk.engine, listed, request.person, ())

    async def find(command: Command) -> Reply:
        words = tuple(command.words.casefold().split())
        if not words:
            raise Refused(f"Say what to look for: `{desk.command} find dosage`.")
        return await _shown(desk.engine, await desk.engine.listed(), command.person, words)

    desk.menu(menu)
    desk.verb(Verb("list", "list", "open incidents", show_list))
    desk.verb(Verb("find", "find words", "among all incidents, closed ones too", find))
    desk.verb(Verb("help", "help", "this list", show_help))
    desk.button("menu_list", show_list)
    desk.button("menu_help", show_help)


async def seen_by(
    engine: Engine, listed: Sequence[Listed], person: str, words: tuple[str, ...] = ()
) -> list[tuple[Listed, str | None]]:
    """The incidents this person may see and that have all the words, with the titles they may."""
    seen: list[tuple[Listed, str | None]] = []
    for one in listed:
        title = one.title
        if title is None:
            case = await _readable(engine, one.number)
            if case is None or hidden(case.incident, person):
                continue
            title = case.incident.title if person in case.incident.people else None
        if _has(one, title, words):
            seen.append((one, title))
    return seen


async def _readable(engine: Engine, number: int) -> Case | None:
    """The incident; None where there is none, or where only newer code can tell who may see it."""
    try:
        return await engine.case(number)
    except NotWritten as error:
        if error.is_newer:
            return None
        raise


async def _shown(
    engine: Engine, listed: Sequence[Listed], person: str, words: tuple[str, ...]
) -> Reply:
    """The incidents this person may see and that have all the words, as lines."""
    seen = await seen_by(engine, listed, person, words)
    shown = seen[:_LINES]
    channels = await asyncio.gather(*(engine.channel_of(one.number) for one, _ in shown))
    lines = [
        (_line(engine, one, channel), title)
        for (one, title), channel in zip(shown, channels, strict=True)
    ]
    nothing = f"Nothing found for “{' '.join(words)}”." if words else "No incident is open."
    return blocks.incident_list(lines, len(seen) - len(shown), nothing)


def _has(listed: Listed, title: str | None, words: tuple[str, ...]) -> bool:
    status = STATUS.get(_status(listed), listed.status)
    text = f"{ids.reference(listed.number)} {status} {title or ''}".casefold()
    return all(word in text for word in words)


def _status(listed: Listed) -> Status:
    return listed.status  # type: ignore[return-value]  # the column holds nothing else


def _line(engine: Engine, listed: Listed, channel: str | None) -> str:
    severities = engine.policy.severities.severities
    label = severities[min(listed.rank, len(severities) - 1)].label
    mark = "TEST " if listed.is_test else ""
    where = f" · <#{channel}>" if channel else ""
    status = STATUS.get(_status(listed), listed.status).lower()
    name = f"{mark}{ids.reference(listed.number)}"
    return f"{name} · {label} · {status}{where} · {when(listed.opened_at)}"
