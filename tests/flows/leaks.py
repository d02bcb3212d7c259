"""How does somebody try to learn of an incident they must not know of, and what do they read?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.model import Json, Message, View
from bot.sandbox.payloads import Payloads
from tests.room import GENERAL, IDRIS, MARA, Room, until
from tests.screen import shown

NONE = "99"  # the number of an incident that never was
_GONE = re.compile(r"There is no INC-\d+\.")
_VARIANTS = (
    "",
    "INC-{n}",
    "INC-{n} because it is quiet",
    "INC-{n} history",
    "INC-{n} sev1 <@U0SAFETY> 15m because of this",
    "INC-{n} done 1",
    "INC-{n} 10 min ago",
    "{n}",
)
# What stands behind buttons, in all the forms the features use.
_VALUES = ("{n}", "{n}/1", "{n}/ic", "{n}/ic/1", "{n}/1/1", "{n}/1/1/1")
_ABOUT: Json = {
    **{
        "decision": 1,
        "page": 0,
        "run": 1,
        "step": 1,
        "ask": 1,
        "proposal": 1,
        "kinds": [],
        "end": 0,
        "holder": MARA,
    },
    **{"what": "let me in", "role": "ic", "name": "update", "is_elsewhere": False, "text": "x"},
    **{
        "about": {},
        "runbook": "model-output-causing-harm",
        "fingerprint": "x",
        "evidence": 1,
        "act": "erase",
        "items": [1],
        "kind": "dashboards",
        "source": {},
        "severity": None,
        "title": "x",
    },
}


async def worked_on(room: Room, channel: str) -> None:
    """What people in the room do; each word of theirs that must not get out is a quagga."""
    for by, line in (
        (MARA, "update The quagga is loose"),
        (MARA, "note 5 min ago quagga seen"),
        (MARA, f"task <@{IDRIS}> count the quagga in 30 min"),
        (MARA, "severity sev2 because of the quagga"),
        (MARA, f"page <@{IDRIS}> quagga"),
        (IDRIS, "ask how many quagga"),
        (MARA, f"role technical <@{IDRIS}>"),
        (MARA, "snooze 15m because of the quagga"),
    ):
        await room.type(by, channel, f"/incident {line}")
    hands = room.sandbox.as_person(MARA)
    said = await hands.say(channel, "We catch the quagga")
    await hands.use_message_shortcut(channel, said.ts, "record_decision")
    assert await room.open_form(MARA).submit() == {}
    await hands.use_message_shortcut(channel, said.ts, "add_to_timeline")
    await hands.use_message_shortcut(channel, said.ts, "preserve_evidence")
    assert await room.open_form(MARA).submit(kind="exchange", note="A quagga on paper") == {}
    await room.type(MARA, channel, "/incident evidence")
    form = await room.form(MARA, "/incident update", channel)
    assert await form.submit(happened="Two quagga now") == {}
    form = await room.form(MARA, "/incident fill", channel)
    assert await form.submit(seen="A quagga") == {}
    await run_through(room, channel)
    await room.settled()


async def run_through(room: Room, channel: str, word: str = "quagga") -> None:
    """Begin a runbook and add to it; nobody outside hears which, nor how far it is."""
    if "RunStarted" in [fact.kind for fact in room.facts(1)]:
        return
    form = await room.form(MARA, "/incident runbook model-output-causing-harm", channel)
    assert await form.submit(access=f"https://{word}.example/card") == {}
    await room.settled()
    await room.press(MARA, channel, "step_change_asked")
    form = room.open_form(MARA)
    form.forge_person("person", IDRIS)
    assert await form.submit(way="add", reason=f"Feed the {word}") == {}


@dataclass
class Registered:
    """What the features take of Slack: everything a person could send."""

    buttons: list[str]
    submits: list[str]
    shortcuts: list[str]
    options: list[str]


def registered(room: Room) -> Registered:
    """The names under which the features listen, as the bot that runs routes by them."""
    known = room.bot.desk._routes._listeners  # noqa: SLF001 (nobody else has to list them)
    view, action, shortcut, options = (
        [one for kind, one in known if kind == wanted]
        for wanted in ("view", "action", "shortcut", "options")
    )
    return Registered(action, view, shortcut, options)


class Stranger:
    """Somebody who sends whatever could be sent, past what Slack's client would let them."""

    def __init__(self, room: Room, person: str) -> None:
        self.person = person
        self._room = room
        self._workspace = room.sandbox.workspace
        self._payloads = Payloads(self._workspace, person)
        self._views = 0

    async def line(self, words: str, channel: str = GENERAL) -> str:
        """Send a command, from any channel; all that is answered, in the ack or as a modal."""
        [spec] = self._workspace.app.commands
        payload = self._payloads.command(self._workspace.channels[channel], spec, words)
        before = self._workspace.open_view(self.person)
        ack = await self._room.sandbox.deliver.ask("slash_commands", payload)
        return self._read(ack, before)

    async def press(self, action_id: str, value: str, message: Message) -> str:
        """Press a button that nobody showed them; all that is answered."""
        action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value}
        channel = self._workspace.channels[GENERAL]
        payload = self._payloads.message_action(channel, message, action)
        return await self._answered(payload)

    async def shortcut(self, callback_id: str, channel: str, message: Message) -> str:
        """Use a shortcut on a message, seen or not."""
        payload = self._payloads.message_shortcut(
            self._workspace.channels[channel], message, callback_id
        )
        return await self._answered(payload)

    async def submit(self, callback_id: str, about: Json, state: Json) -> str:
        """Submit a modal that was never opened; all that is answered."""
        self._views += 1
        view_id = f"VFORGED{self.person}{self._views}"
        content = {
            "type": "modal",
            "callback_id": callback_id,
            "private_metadata": json.dumps(about),
            "blocks": [{"type": "input", "block_id": "text"}],
        }
        view = View(view_id, "h", self.person, content, view_id, state=state)
        ack = await self._room.sandbox.deliver.ask("interactive", self._payloads.submission(view))
        return json.dumps(ack)

    async def _answered(self, payload: Json) -> str:
        before, told = self._workspace.open_view(self.person), len(self._whispers())
        ack = await self._room.sandbox.deliver.ask("interactive", payload)
        await until(
            lambda: (
                self._workspace.open_view(self.person) is not before or len(self._whispers()) > told
            )
        )
        said = "\n".join(f"{one.text}\n{shown(one.blocks)}" for one in self._whispers()[told:])
        return f"{self._read(ack, before)}\n{said}"

    def _whispers(self) -> list[Message]:
        found = [
            one
            for channel in self._workspace.channels.values()
            for one in channel.messages
            if one.ephemeral_to == self.person
        ]
        return sorted(found, key=lambda one: one.ts)

    def _read(self, ack: Any, before: View | None) -> str:  # noqa: ANN401 (whatever was acked)
        view = self._workspace.open_view(self.person)
        opened = shown(view.content) if view and view is not before else ""
        return f"{json.dumps(ack, ensure_ascii=False)}\n{opened}"


def values(number: str) -> list[str]:
    """What could stand behind a button that is about an incident."""
    about = json.dumps({**_ABOUT, "number": int(number)})
    return [*(value.format(n=number) for value in _VALUES), about]


def lines(verb: str, number: str) -> list[str]:
    """What could be typed of an incident with this verb."""
    return [f"{verb} {words}".format(n=number).strip() for words in _VARIANTS]


def about(number: str) -> Json:
    """What a modal could carry that is about an incident."""
    return {**_ABOUT, "number": int(number)}


def neutral(answer: str) -> str:
    """An answer without what is in it of the number asked for, and of the moment."""
    said = re.sub(rf"(?<!\w)(?:1|{NONE})(?!\d)", "#", answer)
    return re.sub(r"\b(?:[0-9a-f]{8}|\d{9,}(?:\.\d+)?)\b", "*", said)


def readable(room: Room, person: str, but: str = "") -> set[str]:
    """Everything a person can read anywhere, `but` in one channel; not what only answers them."""
    workspace = room.sandbox.workspace
    read: list[str] = []
    for channel in workspace.channels_seen_by(person):
        if channel.id == but:
            continue
        read += [f"{channel.name} {channel.topic} {channel.purpose} {channel.bookmarks}"]
        read += [
            f"{one.text} {shown(one.blocks)} {one.blocks}"
            for one in channel.messages
            if one.ephemeral_to is None
        ]
    if home := workspace.homes.get(person):
        read.append(f"{shown(home.content['blocks'])} {home.content}")
    read += [one.text for one in workspace.notices.get(person, ())]
    read += [one.text for one in workspace.notifications(person)]
    return set(read)


def leaks(texts: Iterable[str], secrets: Iterable[str], reference: str | None) -> list[str]:
    """The texts in which a secret stands, or the reference outside of its denial."""
    found = []
    for text in texts:
        told = _GONE.sub("", text)
        is_named = reference and re.search(rf"{reference}(?!\d)", told, re.IGNORECASE)
        if is_named or any(secret.casefold() in told.casefold() for secret in secrets):
            found.append(text)
    return found
