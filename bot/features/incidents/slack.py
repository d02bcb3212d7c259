"""Which commands, shortcuts, buttons and modals begin an incident?"""

from __future__ import annotations

import json
import re
from typing import Any

from bot.core import ids
from bot.core.alerts import Alert
from bot.core.messages import Content
from bot.core.outcome import Refused
from bot.engine import Asked, Existing, Opening, Within
from bot.features.incidents import blocks, rules
from bot.slack.effects import permalink
from bot.slack.listen import Desk, Page, Reply, Verb
from bot.slack.payloads import Command, MessageShortcut, Press, Shortcut, Submit
from runbooks.model import Severities

_STEP = re.compile(r"INC-\d+/step/(\d+)/(\d+)/")


def register(desk: Desk) -> None:
    """Take the verbs, buttons, shortcuts and the modal of this feature."""
    entry = _Entry(desk)
    desk.verb(
        Verb("declare", "declare [sev1] what happened", "opens a war room", entry.declare,
             ("new", "open", "start"))
    )  # fmt: skip
    desk.verb(
        Verb("test", "test [sev1] what to try", "the same, marked TEST, calling nobody", entry.test)
    )
    desk.shortcut("declare_incident", entry.declare_by_shortcut)
    desk.message_shortcut("declare_from_message", entry.declare_from_message)
    desk.submit("declare", entry.declared)
    desk.button("join", entry.join)
    desk.button("menu_declare", entry.declare_by_button)
    desk.button("declare_from_alert", entry.declare_from_alert)


def note_loss(within: Within, name: str, chain: str | None, error: str) -> None:
    """Tell what was refused for good, by the effect's name, its chain and the error."""
    prefix, _, number = (chain or "").partition("/")
    if prefix != "incident" or name.partition(" loss ")[1]:
        return  # a notice that could not be delivered is not told about by another notice
    asked = Asked(key=f"loss {name} {error}", actor="warroom")
    sent = _STEP.match(name)
    at = (int(sent[1]), int(sent[2])) if sent else None
    lost = rules.Lost(_plainly(name), error, at)
    within.carry_out(rules.note_loss, lost, Existing(int(number)), asked)


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
    if verb.partition(" ")[0] in {"pin", "bookmark"}:
        return f"the {verb.partition(' ')[0]} of the summary"
    return things.get(slot.partition("/")[0], "a message")


class _Entry:
    """The listeners, with what they work with."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._engine = desk.engine

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

    async def declare_from_alert(self, press: Press) -> Reply:
        self._can_open_rooms()
        alert = json.loads(press.value)
        severities = self._engine.policy.severities
        about: dict[str, object] = {"route": "alert", "alert": alert}
        modal = blocks.declare_modal(severities, about, alert["title"], alert["severity"])
        return await self._desk.open_modal(press.trigger_id, modal)

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
        alert=_alert(about.get("alert"), submit.key),
    )


def _alert(about: dict[str, Any] | None, key: str) -> Alert | None:
    if about is None:
        return None
    return Alert(
        key=key,
        title=about["title"],
        source=about["source"],
        severity_word=about["word"],
        fingerprint=about["fingerprint"],
        link=about["link"],
        proposal=about["proposal"],
    )


def _severity_in(words: str, severities: Severities) -> tuple[str, str | None]:
    """The words without the first that names a severity, and that severity's label."""
    kept = words.split()
    for word in kept:
        meant = severities.meant(word)
        # "Low" and "critical" are words of titles too.
        if len(meant) == 1 and (severities.find(word) or any(map(str.isdigit, word))):
            kept.remove(word)
            return " ".join(kept), meant[0].label
    return words, None
