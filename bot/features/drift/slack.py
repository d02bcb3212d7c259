"""When is a room looked at, and what waits while nothing can be brought there?"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.cases import Case
from bot.core import ids
from bot.core.facts.rooms import RoomRecovered
from bot.core.failures import Permanent, Retryable
from bot.core.incident import Incident
from bot.core.outcome import Context
from bot.engine import Asked, Engine, Existing, NotWritten, Within
from bot.features.drift import due, rules
from bot.features.drift.state import Drift
from bot.looks import Pace
from bot.rounds import Round
from bot.slack import rooms
from bot.slack.calls import Calls, Self
from bot.slack.effects import Bring, Owed
from bot.slack.listen import Desk
from bot.slack.payloads import Event

# Half of what Slack's slowest tier here (50 a minute) takes is left to the courier.
PACE = Pace(by_turns=10, at_most=25, gap=timedelta(seconds=5), after=timedelta(seconds=30))
SECONDS = 6.0  # from one look to the next, so that ten are spread over a minute
_WAITS = timedelta(minutes=5)  # until it is tried again to bring something into a lost room
# The last is what chat.update says of an archived channel.
_IN_THE_WAY = {"not_in_channel", "channel_not_found", "is_archived", "is_inactive"}
_OF_CHANNELS = ("archive", "unarchive", "rename", "left")
_TOPICS = {"channel_topic", "group_topic"}
_ABOUT_THE_ROOM = ("room/", "summary/", "topic/", "slots/")
_log = structlog.get_logger()


def register(desk: Desk) -> None:
    """Take the events that tell of a room that changed."""
    entry = _Entry(desk)
    for what in _OF_CHANNELS:
        desk.event(f"channel_{what}", entry.changed)
        desk.event(f"group_{what}", entry.changed)
    desk.event("pin_removed", entry.changed)
    desk.event("member_joined_channel", entry.came)
    desk.event("member_left_channel", entry.left)
    desk.event("message", entry.message)


class _Entry:
    """The listeners; each only has the room looked at, which finds out what there is to do."""

    def __init__(self, desk: Desk) -> None:
        self._me = desk.me
        self._engine = desk.engine

    async def changed(self, event: Event) -> None:
        if event.person != self._me.bot_user_id:
            await self._ask(event)

    async def came(self, event: Event) -> None:
        """Back in a room it was taken out of; into a new one it comes by itself."""
        if event.person != self._me.bot_user_id:
            return
        number = await self._engine.incident_in(event.channel_id)
        case = await self._engine.case(number) if number else None
        if case and case.states.of(Drift).lost:
            await self._engine.ask_look(case.incident.number)

    async def left(self, event: Event) -> None:
        if event.person == self._me.bot_user_id:
            await self._ask(event)

    async def message(self, event: Event) -> None:
        if event.subtype in _TOPICS:
            await self.changed(event)
        elif ts := _deleted(event):
            await self._ask(event, ts)

    async def _ask(self, event: Event, summary_ts: str | None = None) -> None:
        number = await self._engine.incident_in(event.channel_id)
        if number is None:
            return
        if summary_ts:
            case = await self._engine.case(number)
            slot = case.incident.summary if case else ""
            if await self._engine.message_of(slot) != (event.channel_id, summary_ts):
                return
        await self._engine.ask_look(number)


def _deleted(event: Event) -> str | None:
    """The ts of a message that is gone; of one with replies Slack leaves a tombstone."""
    changed = event.event.get("message") or {}
    if event.subtype == "message_deleted":
        return str(event.event.get("deleted_ts"))
    return str(changed.get("ts")) if changed.get("subtype") == "tombstone" else None


def look_around(engine: Engine, calls: Calls, me: Self) -> Round:
    """The rounds of the one who looks at the rooms."""
    looker = Looker(engine, calls, me)
    return Round("looks", SECONDS, looker.turn, engine.on_asked)


class Looker:
    """Looks at rooms and carries out what is to be done about them."""

    def __init__(self, engine: Engine, calls: Calls, me: Self) -> None:
        self._engine = engine
        self._calls = calls
        self._me = me

    async def turn(self) -> None:
        """Look at what was asked for, and at the room whose turn it is."""
        begun = await self._engine.begin_looks(due.most_overdue, PACE)
        await asyncio.gather(*(self.look(number, at) for number, at in begun))

    async def look(self, number: int, begun_at: datetime) -> None:
        """Look at one room; whoever else looks at it too finds that all is done."""
        case = await self._engine.case(number)
        if case is None:
            return
        try:
            is_whole = await self._compare(case)
        except Retryable as error:
            _log.info("look.put_off", number=number, reason=str(error))
            return  # it is begun again after a while
        except Permanent as error:
            _log.warning("look.refused", number=number, reason=str(error), see="warroom doctor")
            is_whole = True
        if is_whole:
            await self._engine.end_look(number, begun_at)

    async def _compare(self, case: Case) -> bool:
        """Look and act; False when something was on its way meanwhile, and nothing was judged."""
        engine, incident = self._engine, case.incident
        channel = await engine.place(incident.room)
        if channel is None:
            return True
        owed = await engine.owed_to(incident.number)
        is_still = not any(name.startswith(_ABOUT_THE_ROOM) for name in owed)
        known = await self._known(incident, channel) if is_still else rooms.Known(channel)
        sight = await rooms.see(self._calls, self._me, known)
        looked = rules.Looked(sight, incident.last_seq, self._me.bot_user_id)
        if rules.mend(incident, looked, self._context(case)).facts:
            return await self._mend(incident, looked) and is_still
        return is_still or sight.is_archived or not sight.is_inside

    async def _known(self, incident: Incident, channel: str) -> rooms.Known:
        summary = await self._engine.message_of(incident.summary)
        topic = await self._engine.value_of(incident.topic)
        return rooms.Known(channel, summary[1] if summary else None, topic)

    async def _mend(self, incident: Incident, looked: rules.Looked) -> bool:
        """Carry it out; False when something else was recorded meanwhile."""
        number = incident.number
        asked = Asked(f"look {number} {looked.last_seq}", ids.BOT)
        done = await self._engine.carry_out(rules.mend, looked, Existing(number), asked)
        for fact in done.facts:
            if isinstance(fact, RoomRecovered):
                await self._engine.resume(number)
        return bool(done.facts) and not done.is_replay

    def _context(self, case: Case) -> Context:
        engine = self._engine
        return Context(engine.now(), ids.BOT, engine.policy, case.states, command=engine.command)


def patient(deliver: Bring, engine: Engine) -> Bring:
    """The same; what is owed to a room that was archived or left by the bot waits for it."""

    async def bring(owed: Owed) -> dict[str, Any] | None:
        try:
            return await deliver(owed)
        except Permanent as error:
            try:
                number = await _barred(owed, error, engine)
                if number is not None:
                    await engine.ask_look(number)
            except NotWritten as fault:
                raise Retryable(f"{error}; {fault}") from fault
            if number is None:
                raise
            raise Retryable(f"{error}; it waits for the room", _WAITS) from error

    return bring


async def _barred(owed: Owed, error: Permanent, engine: Engine) -> int | None:
    """The incident whose room it is that cannot be reached; None for anything else."""
    channel = _room_of(owed) if error.code in _IN_THE_WAY else None
    room = await engine.room_at(channel) if channel else None
    if room is None:
        return None
    case = await engine.case(int(room.split("/")[1]))
    if case is None or case.incident.is_over or case.incident.room != room:
        return None
    return case.incident.number


def _room_of(owed: Owed) -> str | None:
    """The channel an effect is for, if it is for one that a symbolic name stands for."""
    to = str(owed.body.get("to") or "room/")
    value = owed.needs_value or owed.gives_value or {}
    return str(value["channel"]) if to.startswith("room/") and "channel" in value else None


def take_loss(within: Within, name: str, chain: str | None, error: str) -> bool:
    """Whether what Slack refused for good was a summary that was deleted: its room is looked at.

    It is the effect's name, its chain and the error.
    """
    number = (chain or "").removeprefix("incident/")
    if not (name.startswith("summary/") and "message_not_found" in error and number.isdigit()):
        return False
    within.ask_look(int(number))
    if " " in name:  # a pin or a bookmark of the old one; the new one has its own
        within.let_go(name)
    return True
