"""How do people and the real bot meet in a test?"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot import app, doors, serve
from bot.clock import Clock
from bot.core import ids
from bot.core.facts import ERASED
from bot.sandbox.model import Channel, Message
from bot.sandbox.sandbox import Sandbox
from bot.settings import Settings
from bot.slack import manifest as slack_manifest
from runbooks import load
from storage import log, lookup, outbox, texts
from storage.db import Database
from tests.clocks import StillClock as StillClock
from tests.screen import Form, newest_with, shown

MARA, IDRIS, JUN, ELENA, SAM = "U0ONCALL", "U0SAFETY", "U0COMMS", "U0LEGAL", "U0EXEC"
NOOR, KOFI, BOT = "U0AGENT", "U0GUEST", "U0WARROOM"
GENERAL, INCIDENTS, SUPPORT = "C0GENERAL", "C0INCIDENTS", "C0SUPPORT"
EXEC, SUPPORT_UPDATES, ENGINEERING = "C0EXEC", "C0SUPPORTUP", "C0ENG"
TEAM = {BOT, MARA, IDRIS, JUN, ELENA}  # who is in the room of a SEV1 that Mara declared
SANDBOX_CONTENT = load.SHIPPED / "sandbox"  # the people of the sandbox in roles and rotas
_LATEST = 10.0  # seconds; on a busy machine a declare takes one
_AT_SLACKS_PACE = 40.0  # a message a second in one channel, so many changes of a topic a minute


async def until(holds: Callable[[], object], seconds: float = _LATEST) -> None:
    """Wait for a condition.

    Raises:
        TimeoutError: it did not come about.
    """
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.005)


_Begin = Callable[[contextlib.AsyncExitStack], Awaitable[tuple[app.Bot, Database]]]


@dataclass
class Room:
    """A workspace with the bot in it, in the words of the people there."""

    sandbox: Sandbox
    bot: app.Bot
    database: Database
    clock: Clock
    url: str
    _stack: contextlib.AsyncExitStack
    _begin: _Begin

    async def start_delivering(self) -> None:
        """Let the courier begin, where the room was opened without it."""
        await self._stack.enter_async_context(app.delivering(self.bot))

    async def restart(self, meanwhile: timedelta) -> None:
        """End the bot, let time pass without it, and begin another on what the first left."""
        await self._stack.aclose()
        self.clock.move(meanwhile)
        self.bot, self.database = await self._begin(self._stack)
        await self.start_delivering()

    async def form(self, by: str, line: str, channel: str = GENERAL) -> Form:
        """Type a command that opens a modal."""
        await self.sandbox.as_person(by).slash(channel, line)
        return self.open_form(by)

    def open_form(self, person: str) -> Form:
        """The modal in front of a person; the test fails when there is none."""
        hands = self.sandbox.as_person(person)
        view = hands.open_view()
        assert view, f"{person} has no modal open: {self.sandbox.workspace.notices.get(person)}"
        return Form(hands, view)

    async def declare(
        self,
        title: str,
        by: str = MARA,
        severity: str | None = None,
        *,
        switches: tuple[str, ...] = (),
        verb: str = "declare",
    ) -> int:
        """Declare by the modal; the number. `switches`: "private", "person_at_risk"."""
        form = await self.form(by, f"/incident {verb}")
        values: dict[str, object] = {"title": title, "switches": list(switches)}
        errors = await form.submit(**values, **({"severity": severity} if severity else {}))
        assert not errors
        number = re.search(r"INC-(\d+) is declared", form.text)
        assert number, form.text
        return int(number[1])

    async def type(self, person: str, channel: str, line: str) -> str:
        """Type a command; the private answer, empty when there was none."""
        before = len(self._private(person, channel))
        await self.sandbox.as_person(person).slash(channel, line)
        return "\n".join(one.text for one in self._private(person, channel)[before:])

    async def press(self, person: str, channel: str, action_id: str) -> str:
        """Press the newest such button; the private answer, empty when a modal opened."""
        hands = self.sandbox.as_person(person)
        view, before = hands.open_view(), len(self._private(person, channel))
        messages = self.sandbox.workspace.messages_seen_by(channel, person)
        await hands.press(channel, *newest_with(messages, action_id), action_id)
        if hands.open_view() is not view:
            return ""
        await until(lambda: len(self._private(person, channel)) > before)
        return self._private(person, channel)[-1].text

    async def pass_time(self, **by: float) -> None:
        """Let time pass, as in `pass_time(minutes=15)`: what is due by then rings and arrives."""
        self.clock.move(timedelta(**by))
        await until(lambda: not self._is_due())
        await self.settled()

    async def press_direct(self, person: str, action_id: str) -> str:
        """Press the newest such button in what the bot wrote to this person privately."""
        talks = (one for one in self.sandbox.workspace.channels.values() if one.is_im)
        talk = next(one for one in talks if person in one.members)
        return await self.press(person, talk.id, action_id)

    async def comes(self, holds: Callable[[], object]) -> None:
        """Wait until something that Slack only tells of by an event has come about."""
        await until(holds)

    def whispers(self, channel: str, person: str) -> list[Message]:
        """What only this person sees in a channel."""
        return self._private(person, channel)

    async def settled(self) -> None:
        """Wait until nothing is owed to Slack, and what Slack told of it was taken in."""
        await self._delivered()
        await self.sandbox.deliver.settle()
        await self._delivered()

    async def _delivered(self) -> None:
        while self.owed():
            await until(lambda: not self.owed() or self._held_back(), _AT_SLACKS_PACE)
            if wait := self._held_back():
                self.clock.move(wait)  # a clock that stands brings nobody's turn

    def _held_back(self) -> timedelta | None:
        """How long what is owed waits for Slack's pace on a clock that stands; None if not."""
        if not isinstance(self.clock, StillClock):
            return None
        now = self.clock.now()
        # Of one moment: what is claimed between two reads would seem to wait for its lease.
        with self.database.snapshot() as conn:
            is_under_way = bool(outbox.listing(conn, ["claimed"]))
            at = None if is_under_way else outbox.next_at(conn, now)
        if not is_under_way and (tries_at := self.bot.courier.tries_at) and tries_at > now:
            at = min(at or tries_at, tries_at)
        return at - now if at and self.owed() else None

    def owed(self, *states: str) -> list[outbox.Row]:
        """What the outbox holds in these states; by default what is still to be delivered."""
        wanted = states or ("pending", "claimed")
        return self.database.read_now(lambda conn: outbox.listing(conn, wanted))

    def rooms(self) -> list[Channel]:
        """The channels the bot opened."""
        channels = self.sandbox.workspace.channels.values()
        return [channel for channel in channels if channel.creator == BOT and not channel.is_im]

    def channel(self, number: int) -> Channel:
        """The room of an incident."""
        start = f"inc-{number}-"
        return next(room for room in self.rooms() if room.name.startswith(start))

    def pinned(self, number: int) -> Message:
        """The one message pinned in the room."""
        channel = self.channel(number)
        [ts] = channel.pins
        return next(message for message in channel.messages if message.ts == ts)

    def summary(self, number: int) -> str:
        """What the pinned summary reads."""
        return shown(self.pinned(number).blocks)

    def announcements(self) -> list[Message]:
        """What the bot wrote where incidents are announced."""
        return self.posts(self.sandbox.workspace.channels[INCIDENTS])

    def posts(self, channel: Channel) -> list[Message]:
        """What the bot wrote in a channel for everybody."""
        return [one for one in channel.messages if one.bot_id and not one.ephemeral_to]

    def announcement(self, number: int) -> str:
        """What the announcement of an incident reads."""
        lines = (shown(message.blocks) for message in self.announcements())
        return next(line for line in lines if re.search(rf"\bINC-{number}\b", line))

    def talk_with(self, person: str) -> str:
        """The channel in which the bot writes to one person privately."""
        channels = self.sandbox.workspace.channels.values()
        return next(one.id for one in channels if one.is_im and person in one.members)

    def direct(self, person: str) -> list[Message]:
        """What the bot wrote to one person privately."""
        channels = self.sandbox.workspace.channels.values()
        talks = (one.messages for one in channels if one.is_im and person in one.members)
        return [one for one in next(talks, []) if not one.ephemeral_to]

    def facts(self, number: int) -> list[log.Fact]:
        """The facts of an incident, with the words people typed in them."""
        return self.chain(ids.chain(number))

    def deeds(self, number: int) -> list[log.Fact]:
        """The facts of an incident but for those of whom a severity called."""
        called = {"PersonCalled", "PersonInformed", "RoleOffered"}
        return [fact for fact in self.facts(number) if fact.kind not in called]

    def chain(self, name: str) -> list[log.Fact]:
        """The facts of a chain, with the words people typed in them; erased ones read so."""
        facts = self.database.read_now(lambda conn: log.read(conn, name))
        words = self.database.read_now(lambda conn: texts.of_chain(conn, name))
        for fact in facts:
            for field, value in fact.payload.items():
                if isinstance(value, dict) and "words" in value:
                    fact.payload[field] = words.get(value["words"], ERASED)
        return facts

    def _is_due(self) -> bool:
        now = self.clock.now()
        return bool(self.database.read_now(lambda conn: lookup.due(conn, now)))

    def _private(self, person: str, channel: str) -> list[Message]:
        messages = self.sandbox.workspace.messages_seen_by(channel, person)
        return [message for message in messages if message.ephemeral_to == person]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(base: str, database_url: str) -> dict[str, object]:
    return {
        "slack_bot_token": "xoxb-sandbox",
        "slack_app_token": "xapp-sandbox",
        "slack_signing_secret": "sandbox",
        "slack_api_url": base + "/api/",
        "database_url": database_url,
        "warroom_announce_channel": "incidents",
        "warroom_content": SANDBOX_CONTENT,
    }


@contextlib.asynccontextmanager
async def war_room(
    database_url: str,
    *,
    manifest: Path = slack_manifest.PATH,
    is_http: bool = False,
    delivers: bool = True,
    clock: Clock | None = None,
    **overrides: object,
) -> AsyncIterator[Room]:
    """The bot in a workspace; without `delivers` what is owed stays in the outbox."""
    clock, port = clock or Clock(), free_port()
    app_url = f"http://127.0.0.1:{port}/slack/events" if is_http else None
    sandbox = Sandbox(manifest, now=clock.now, app_url=app_url)
    async with contextlib.AsyncExitStack() as stack:
        base = await stack.enter_async_context(sandbox.running())
        vault = stack.enter_context(tempfile.TemporaryDirectory(prefix="warroom-vault-"))
        kept = {"port": port, "warroom_vault": Path(vault)}
        environment = {**_environment(base, database_url), **kept, **overrides}
        settings = Settings.model_validate(environment)

        async def begin(at_work: contextlib.AsyncExitStack) -> tuple[app.Bot, Database]:
            database = at_work.enter_context(serve.opened(settings))
            database.own()
            serve.upgrade(database)
            bot = await at_work.enter_async_context(app.assembled(settings, clock, database))
            way_in = doors.on_http if is_http else doors.on_socket
            await at_work.enter_async_context(way_in(bot, settings))
            return bot, database

        at_work = await stack.enter_async_context(contextlib.AsyncExitStack())
        bot, database = await begin(at_work)
        url = f"http://127.0.0.1:{port}"
        room = Room(sandbox, bot, database, clock, url, at_work, begin)
        if delivers:
            await room.start_delivering()
        yield room
