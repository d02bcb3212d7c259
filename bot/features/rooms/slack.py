"""Which commands and events concern the room itself?"""

from __future__ import annotations

from bot.core import ids, mentions
from bot.core.messages import Content
from bot.core.outcome import Rule
from bot.engine import Asked, Done, Existing
from bot.features.rooms import blocks, rules
from bot.slack.effects import permalink
from bot.slack.listen import Desk, Reply, Verb
from bot.slack.payloads import Command, Event, Press


def register(desk: Desk) -> None:
    """Take the verbs, the button and the events of members."""
    entry = _Entry(desk)
    desk.verb(Verb("add", "add @someone", "lets people into the room", entry.add, ("invite",)))
    desk.verb(Verb("title", "title new words", "calls it something else", entry.title))
    desk.verb(Verb("here", "here", "which incident this is, and what you owe", entry.here))
    desk.verb(Verb("private", "private because ...", "goes on in a private room", entry.private))
    desk.verb(
        Verb("sideroom", "sideroom legal @someone", "an invite-only room beside it", entry.side)
    )
    desk.verb(Verb("archive", "archive", "closes the room of what is over", entry.archive))
    desk.button("still_going", entry.still_going)
    desk.event("member_joined_channel", entry.came)
    desk.event("member_left_channel", entry.left)


class _Entry:
    """The listeners, with what they work with."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._engine = desk.engine

    async def add(self, command: Command) -> Reply:
        number, words = await self._desk.meant(command)
        people, _ = mentions.people(words)
        await self._carry_out(rules.add, people, number, command, people)
        return Content(f"{_and(people)} can see the room now.")

    async def title(self, command: Command) -> Reply:
        number, words = await self._desk.meant(command)
        done = await self._carry_out(rules.retitle, words, number, command)
        return Content(f"{done.case.incident.reference} has its new title everywhere in a moment.")

    async def here(self, command: Command) -> Reply:
        number, _ = await self._desk.meant(command)
        case = await self._desk.case(number, command.person)
        message = await self._engine.message_of(case.incident.summary)
        link = permalink(self._desk.me.team_url, *message) if message else None
        return blocks.here(self._engine.shown(case), command.person, link)

    async def private(self, command: Command) -> Reply:
        number, words = await self._desk.meant(command)
        reason = words.removeprefix("because ").strip()
        await self._carry_out(rules.make_private, reason, number, command)
        return blocks.moved(ids.reference(number))

    async def side(self, command: Command) -> Reply:
        number, words = await self._desk.meant(command)
        people, name = mentions.people(words)
        request = rules.SideRoom(name, people)
        await self._carry_out(rules.open_side_room, request, number, command, people)
        return Content("The side room is being opened; only who is invited sees it.")

    async def archive(self, command: Command) -> Reply:
        number, _ = await self._desk.meant(command)
        await self._carry_out(rules.archive_now, None, number, command)
        return Content("The room is being archived; what was said stays there to read.")

    async def still_going(self, press: Press) -> Reply:
        case = await self._desk.case(int(press.value), press.person)
        return Content(f"Good to know. {case.incident.reference} stays open.")

    async def came(self, event: Event) -> None:
        await self._note(event, is_in=True)

    async def left(self, event: Event) -> None:
        await self._note(event, is_in=False)

    async def _note(self, event: Event, *, is_in: bool) -> None:
        room = await self._engine.room_at(event.channel_id)
        if room is None or event.person == self._desk.me.bot_user_id:
            return
        inviter = str(event.event.get("inviter") or "") or None
        moved = rules.Moved(event.person, room, is_in, inviter)
        target = Existing(int(room.split("/")[1]))
        asked = Asked(event.key, ids.BOT)
        await self._engine.carry_out(rules.note_member, moved, target, asked)
        if is_in:
            # Whoever is in a room may have to be known by name when Slack cannot be asked.
            await self._desk.people.look_up([event.person])

    async def _carry_out(
        self,
        rule: Rule,
        request: object,
        number: int,
        command: Command,
        people: tuple[str, ...] = (),
    ) -> Done:
        known = await self._desk.people.look_up({*people, command.person})
        asked = Asked(command.key, command.person, known)
        return await self._engine.carry_out(rule, request, Existing(number), asked)


def _and(people: tuple[str, ...]) -> str:
    return " and ".join(f"<@{person}>" for person in people)
