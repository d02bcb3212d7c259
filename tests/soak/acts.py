"""What do people do while bots die?

Whoever gets no answer does it again, as people do, in words of its own.
"""

from __future__ import annotations

import contextlib
import itertools
import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.sandbox.model import Channel, View
from storage import log
from tests.room import BOT, GENERAL, MARA, NOOR, until
from tests.screen import newest_with, shown
from tests.soak.record import Acked
from tests.soak.stage import Stage

_TRIES = 100  # people are patient; bots may die before they are done with anything
PHASES = ("declare", "role", "update", "decision", "reminder")


@dataclass
class Incident:
    """One incident, from its declaration on, as those who handle it see it."""

    stage: Stage
    title: str
    by: str = MARA
    number: int = 0
    _attempts: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def go_through(self, phase: str) -> None:
        """Let people go through one phase, until each act in it was answered."""
        await getattr(self, phase)()

    async def declare(self) -> None:
        """Declare by the form."""
        hands = self.stage.sandbox.as_person(self.by)
        view: View | None = None
        for _ in range(_TRIES):
            if view is None:
                await self.stage.tried(hands.slash(GENERAL, f"/incident declare sev2 {self.title}"))
                view = hands.open_view()
                continue
            await self.stage.tried(hands.submit(view.id))
            if told := re.search(r"INC-(\d+) is declared", shown(view.content)):
                self.number = int(told[1])
                self._acked("IncidentDeclared", self.title)
                await self.stage.tried(hands.close_all())
                return
        raise AssertionError(f"{self.title} could not be declared: {self._seen()}")

    async def role(self) -> None:
        """Ask Noor to be the scribe, and let her accept."""
        hands, room = self.stage.sandbox.as_person(self.by), await self._room()
        for _ in range(_TRIES):
            before = len(self._private(room))
            await self.stage.tried(hands.slash(room.id, f"/incident role scribe <@{NOOR}>"))
            if len(self._private(room)) > before:
                break
        else:
            raise AssertionError(f"the role could not be offered: {self._seen()}")
        self._acked("RoleOffered", NOOR)
        await self.stage.settled()
        await self._accept()

    async def _accept(self) -> None:
        noor = self.stage.sandbox.as_person(NOOR)
        channels = self.stage.sandbox.workspace.channels.values()
        talk = next(one for one in channels if one.is_im and NOOR in one.members)
        for _ in range(_TRIES):
            offers = [one for one in talk.messages if f"INC-{self.number} " in one.text]
            try:
                place = newest_with(offers, "accept_role")
            except AssertionError:
                break  # the button is gone: it was accepted
            await self.stage.tried(noor.press(talk.id, *place, "accept_role"))
            with contextlib.suppress(TimeoutError):
                await until(self._is_accepted, 1)
                break
        self._acked("RoleAccepted", NOOR)

    async def update(self) -> None:
        """Post an update in one line."""
        hands, room = self.stage.sandbox.as_person(self.by), await self._room()
        for attempt in range(_TRIES):
            words = f"{self.title} fallback is live {attempt}"
            before = len(self._private(room))
            await self.stage.tried(hands.slash(room.id, f"/incident update {words}"))
            if any("is posted" in one.text for one in self._private(room)[before:]):
                self._acked("UpdatePosted", words)
                return
        raise AssertionError(f"no update could be posted: {self._seen()}")

    async def decision(self) -> None:
        """Say something and record it as a decision by the message's shortcut."""
        hands, room = self.stage.sandbox.as_person(self.by), await self._room()
        words = f"{self.title}: we roll back {next(self._attempts)}"
        said = await hands.say(room.id, words)
        view: View | None = None
        for _ in range(_TRIES):
            if view is None:
                await self.stage.tried(
                    hands.use_message_shortcut(room.id, said.ts, "record_decision")
                )
                view = hands.open_view()
                continue
            await self.stage.tried(hands.submit(view.id))
            if hands.open_view() is not view:
                self._acked("DecisionRecorded", words)
                return
        raise AssertionError(f"no decision could be recorded: {self._seen()}")

    async def reminder(self) -> None:
        """Let eleven minutes pass: the classification and an answer are owed by then."""
        room = f"deadline/{self.number}/classify/"
        await self.stage.leap(timedelta(minutes=11))
        for _ in range(_TRIES):
            await self.stage.at_work()
            with contextlib.suppress(TimeoutError):
                await until(lambda: self._has_post(room), 5)
                return
            await self.stage.drained()
        raise AssertionError("nobody was reminded")

    def _acked(self, kind: str, marker: str) -> None:
        self.stage.acked.append(Acked(kind, self.number, marker))

    def _is_accepted(self) -> bool:
        facts = self.stage.database.read_now(lambda c: log.read(c, f"incident/{self.number}"))
        return any(fact.kind == "RoleAccepted" for fact in facts)

    def _has_post(self, start: str) -> bool:
        rooms = self.stage.sandbox.workspace.channels.values()
        return any(
            str((one.metadata or {}).get("event_payload", {}).get("name", "")).startswith(start)
            for room in rooms
            for one in room.messages
        )

    async def _room(self) -> Channel:
        start = f"inc-{self.number}-"
        channels = self.stage.sandbox.workspace.channels.values()

        def rooms() -> list[Channel]:
            return [
                one
                for one in channels
                if one.creator == BOT and one.name.startswith(start) and self.by in one.members
            ]

        if not rooms():
            await self.stage.settled()
        return rooms()[0]

    def _private(self, room: Channel) -> list[Any]:
        messages = self.stage.sandbox.workspace.messages_seen_by(room.id, self.by)
        return [one for one in messages if one.ephemeral_to == self.by]

    def _seen(self) -> str:
        """What the person sees that explains why it does not go on."""
        view = self.stage.sandbox.as_person(self.by).open_view()
        form = f"{shown(view.content)[:300]} {view.errors}" if view else "no form"
        notices = self.stage.sandbox.workspace.notices.get(self.by, [])
        return f"{form}; {[one.text for one in notices][-3:]}"
