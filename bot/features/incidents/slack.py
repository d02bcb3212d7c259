"""Which commands, shortcuts, buttons and modals begin an incident?"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.core import ids
from bot.core.blockkit import when
from bot.core.facts.incidents import NearMissReported
from bot.core.messages import Content
from bot.core.outcome import Refused
from bot.engine import Asked, Engine, Existing, Listed, NearMiss, Opening
from bot.features.incidents import blocks, rules
from bot.slack.deliver import permalink
from bot.slack.listen import Desk, Page, Reply, Verb
from bot.slack.payloads import Command, MessageShortcut, Press, Shortcut, Submit
from runbooks.model import Severities

_LINES = 15  # of an answer in a list; more does not fit a screen


def register(desk: Desk) -> None:
    """Take the verbs, buttons, shortcuts and modals of this feature."""
    entry = _Entry(desk)
    desk.menu(entry.menu)
    desk.verb(
        Verb("declare", "declare [sev1] what happened", "opens a war room", entry.declare,
             ("new", "open", "start"))
    )  # fmt: skip
    desk.verb(Verb("list", "list", "open incidents", entry.list))
    desk.verb(
        Verb("nearmiss", "nearmiss [what]", "an entry in the log, no room", entry.near_miss,
             ("near-miss",))
    )  # fmt: skip
    desk.verb(
        Verb("test", "test [sev1] what to try", "the same, marked TEST, calling nobody", entry.test)
    )
    desk.verb(Verb("help", "help", "this list", entry.help))
    desk.shortcut("declare_incident", entry.declare_by_shortcut)
    desk.message_shortcut("declare_from_message", entry.declare_from_message)
    desk.submit("declare", entry.declared)
    desk.submit("near_miss", entry.near_miss_told)
    desk.button("join", entry.join)
    desk.button("menu_declare", entry.declare_by_button)
    desk.button("menu_list", entry.list)
    desk.button("menu_help", entry.help)


async def note_loss(engine: Engine, losses: Sequence[tuple[str, str | None, str]]) -> None:
    """Tell what Slack refused for good; each is the effect's name, its chain and the error."""
    for name, chain, error in losses:
        prefix, _, number = (chain or "").partition("/")
        if prefix != "incident" or name.partition(" loss ")[1]:
            continue  # a notice that could not be delivered is not told about by another notice
        asked = Asked(key=f"loss {name} {error}", actor="warroom")
        lost = rules.Lost(_plainly(name), error)
        await engine.carry_out(rules.note_loss, lost, Existing(int(number)), asked)


def _plainly(name: str) -> str:
    """An effect's name in the words of the room."""
    slot, _, verb = name.partition(" ")
    things = {
        "room": "to open the room",
        "summary": "the summary",
        "announcement": "the announcement",
        "topic": "the topic",
        "purpose": "the purpose",
        "name": "the new name",
    }
    if verb.startswith("invite"):
        return f"to let <@{verb.split()[1]}> into the room"
    if verb in {"pin", "bookmark"}:
        return f"the {verb} of the summary"
    return things.get(slot.partition("/")[0], "a message")


class _Entry:
    """The listeners, with what they work with."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._engine = desk.engine

    async def menu(self, _command: Command) -> Reply:
        return blocks.menu(self._desk.command)

    async def help(self, _request: Command | Press) -> Reply:
        verbs = dict.fromkeys(self._desk.verbs.values())
        return blocks.help_page(self._desk.command, [(one.usage, one.says) for one in verbs])

    async def declare(self, command: Command) -> Reply:
        return await self._open(command, is_test=False)

    async def test(self, command: Command) -> Reply:
        return await self._open(command, is_test=True)

    async def _open(self, command: Command, *, is_test: bool) -> Reply:
        self._can_open_rooms()
        severities = self._engine.policy.severities
        title, severity = _severity_in(command.words, severities)
        about: dict[str, object] = {"route": "command", "is_test": is_test}
        modal = blocks.declare_modal(severities, about, title, severity)
        return await self._desk.open_modal(command.trigger_id, modal)

    async def declare_by_shortcut(self, shortcut: Shortcut) -> Reply:
        return await self._open_blank(shortcut.trigger_id, "shortcut")

    async def declare_by_button(self, press: Press) -> Reply:
        return await self._open_blank(press.trigger_id, "command")

    async def _open_blank(self, trigger_id: str, route: str) -> Reply:
        self._can_open_rooms()
        modal = blocks.declare_modal(self._engine.policy.severities, {"route": route})
        return await self._desk.open_modal(trigger_id, modal)

    async def declare_from_message(self, shortcut: MessageShortcut) -> Reply:
        self._can_open_rooms()
        about: dict[str, object] = {
            "route": "message",
            "permalink": permalink(
                self._desk.me.team_url, shortcut.channel_id, shortcut.message_ts
            ),
            "reported_at": shortcut.sent_at.timestamp(),
        }
        modal = blocks.declare_modal(self._engine.policy.severities, about, message=shortcut.text)
        return await self._desk.open_modal(shortcut.trigger_id, modal)

    async def declared(self, submit: Submit) -> Reply:
        request = _request(submit)
        self._can_open_rooms(private=request.is_private)
        people = await self._desk.people.look_up([submit.person])
        asked = Asked(submit.key, submit.person, people)
        done = await self._engine.carry_out(rules.declare, request, Opening(), asked)
        incident = done.case.incident
        page = blocks.declared_page(incident.number, incident.title, is_test=incident.is_test)
        return Page(page)

    async def join(self, press: Press) -> Reply:
        number = int(press.value)
        asked = Asked(press.key, press.person)
        await self._engine.carry_out(rules.join, None, Existing(number), asked)
        channel = await self._engine.channel_of(number)
        where = f"<#{channel}>" if channel else f"the room of {ids.reference(number)}"
        return Content(f"You are invited to {where}.")

    async def near_miss(self, command: Command) -> Reply:
        modal = blocks.near_miss_modal(command.words)
        return await self._desk.open_modal(command.trigger_id, modal)

    async def near_miss_told(self, submit: Submit) -> Reply:
        request = (submit.text("what") or "", submit.text("caught_by") or "")
        asked = Asked(submit.key, submit.person)
        done = await self._engine.carry_out(rules.near_miss, request, NearMiss(), asked)
        numbers = [one.number for one in done.facts if isinstance(one, NearMissReported)]
        return Page(blocks.near_miss_page(numbers[0]))

    async def list(self, request: Command | Press) -> Reply:
        listed = await self._engine.listed(["investigating", "resolved"])
        seen = [one for one in listed if await self._may_see(one, request.person)]
        channels = await asyncio.gather(
            *(self._engine.channel_of(one.number) for one in seen[:_LINES])
        )
        lines = [
            (self._line(one, channel), one.title)
            for one, channel in zip(seen[:_LINES], channels, strict=True)
        ]
        return blocks.incident_list(lines, hidden=len(seen) - len(lines))

    async def _may_see(self, listed: Listed, person: str) -> bool:
        if not listed.is_private:
            return True
        case = await self._engine.case(listed.number)
        return case is not None and person in case.incident.people

    def _line(self, listed: Listed, channel: str | None) -> str:
        severities = self._engine.policy.severities.severities
        label = severities[min(listed.rank, len(severities) - 1)].label
        mark = "TEST " if listed.is_test else ""
        where = f" · <#{channel}>" if channel else ""
        name = f"{mark}{ids.reference(listed.number)}"
        return f"{name} · {label} · {listed.status}{where} · {when(listed.opened_at)}"

    def _can_open_rooms(self, *, private: bool = False) -> None:
        """Refuse before anything is recorded when Slack never gave the right to open the room."""
        needed = "groups:write" if private else "channels:manage"
        scopes = self._desk.me.scopes
        if scopes and needed not in scopes:
            raise Refused(
                f"warroom may not open {'private ' if private else ''}rooms here: the scope "
                f"{needed} is missing. Nothing was recorded. Ask a workspace admin to reinstall "
                "the app from manifest.yaml; until then open a channel by hand.",
                field="switches" if private else None,
            )


def _request(submit: Submit) -> rules.Declare:
    switches = submit.choices("switches")
    severity = submit.choice("severity")
    about = submit.about
    source_text = submit.text("source_text")
    return rules.Declare(
        title=submit.text("title") or "",
        severity=None if severity in {None, blocks.NOT_SURE} else severity,
        is_person_at_risk="person_at_risk" in switches,
        is_private="private" in switches,
        is_test=bool(about.get("is_test")),
        route=about["route"],
        view_id=submit.view_id,
        source_text=source_text,
        source_permalink=about.get("permalink"),
        reported_at=submit.reported_at(),
    )


def _severity_in(words: str, severities: Severities) -> tuple[str, str | None]:
    """The words without the first that names a severity, and that severity's label."""
    kept = words.split()
    for word in kept:
        if found := severities.find(word):
            kept.remove(word)
            return " ".join(kept), found.label
    return words, None
