"""How do notes, reactions and what people say reach the record?"""

from __future__ import annotations

import html
import json
import re
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.cases import Case
from bot.core import ids, redaction
from bot.core.blockkit import escape
from bot.core.facts import Words
from bot.core.facts.timeline import (
    MessageDeleted,
    MessageEdited,
    MessageSaid,
    NoteAdded,
    TalkSwitched,
)
from bot.core.failures import Permanent, Retryable
from bot.core.messages import Content
from bot.core.outcome import Refused
from bot.engine import Asked, Existing
from bot.features.timeline import blocks, rules
from bot.features.timeline.state import Notes
from bot.slack.effects import permalink
from bot.slack.listen import Desk, Reply, Verb
from bot.slack.payloads import Command, Event, MessageShortcut, Press

_CORRECT = re.compile(r"correct\s+#?(\d{1,9})\s+(.+)", re.IGNORECASE | re.DOTALL)
_BECAUSE = re.compile(r"^because\s+", re.IGNORECASE)
_SAID = ("", "thread_broadcast", "file_share", "me_message")
_TALK_FOR = 2.0  # seconds for which another process may not know that the talk was switched
Switches = list[tuple[datetime, bool]]
_PLURALS = {"severities": "severity", "statuses": "status", "persons": "people"}


def register(desk: Desk) -> None:
    """Take the verbs, the shortcut, the buttons and the events of this feature."""
    talk = _Talk(desk)
    entry = _Timeline(desk)
    switch = _Switch(desk, talk)
    usage = "note [10 min ago|03:40] words"
    desk.verb(Verb("note", usage, "put something on the timeline", entry.note))
    desk.verb(Verb("timeline", "timeline [kind]", "what happened, privately", entry.timeline))
    desk.verb(Verb("talk", "talk off because ...", "keep what is said here, or not", switch.talk))
    desk.message_shortcut("add_to_timeline", entry.from_message)
    desk.button("timeline_earlier", entry.turned)
    desk.button("timeline_later", entry.turned)
    desk.event("reaction_added", entry.reacted)
    desk.event("message", talk.message)


class _Timeline:
    """What people put on the timeline, and how they read it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._engine = desk.engine

    async def note(self, command: Command) -> Reply:
        number, words = await self._desk.meant(command)
        request = rules.Note(words)
        if correction := _CORRECT.fullmatch(words):
            request = rules.Note(correction[2], int(correction[1]))
        people = await self._desk.people.look_up([command.person])
        asked = Asked(command.key, command.person, people)
        done = await self._engine.carry_out(rules.note, request, Existing(number), asked)
        fact = done.facts[0]
        assert isinstance(fact, NoteAdded)
        return blocks.noted(fact.happened_at, people[command.person].tz, fact.text)

    async def timeline(self, command: Command) -> Reply:
        number, words = await self._desk.meant(command)
        case = await self._desk.inside(number, command.person)
        return await self._page(case, groups_of(words), None)

    async def turned(self, press: Press) -> Reply:
        value = json.loads(press.value)
        groups = frozenset(value["kinds"] or blocks.GROUPS)
        case = await self._desk.inside(int(value["number"]), press.person)
        return await self._page(case, groups, int(value["end"]))

    async def _page(self, case: Case, groups: frozenset[str], end: int | None) -> Content:
        """Only for somebody who may read what is said in its room."""
        facts = await self._engine.facts(case.incident.number)
        lines = blocks.entries(facts, self._engine.policy, groups)
        return blocks.timeline(case.incident, lines, groups, end)

    async def from_message(self, shortcut: MessageShortcut) -> Reply:
        channel, ts = shortcut.channel_id, shortcut.message_ts
        number = await self._engine.incident_in(channel)
        if number is None:
            raise Refused(
                "This channel is no incident's room. Name the incident and say what happened: "
                f"`{self._desk.command} note INC-12 03:40 what happened`."
            )
        request = self._captured(channel, ts, shortcut.text)
        request = replace(request, is_marked=True)
        people = await self._desk.people.look_up([shortcut.person])
        asked = Asked(f"timeline {shortcut.trigger_id}", shortcut.person, people)
        done = await self._engine.carry_out(rules.capture, request, Existing(number), asked)
        fact = done.facts[0]
        assert isinstance(fact, NoteAdded)
        return blocks.noted(fact.happened_at, people[shortcut.person].tz, fact.text)

    async def reacted(self, event: Event) -> Reply:
        """Put the message on the timeline; whoever reacted is told when that was not possible."""
        emoji = str(event.event.get("reaction", "")).partition("::")[0]
        if emoji != self._engine.policy.habits.timeline_reaction or not event.ts:
            return None
        number = await self._engine.incident_in(event.channel_id)
        if number is None or event.person == self._desk.me.bot_user_id:
            return None
        people = await self._desk.people.look_up([event.person])
        if people[event.person].is_bot:
            return None
        if await self._is_noted(number, event):
            return None  # a second finger on the same emoji agrees with the first
        try:
            text = await self._words(number, event)
            request = self._captured(event.channel_id, event.ts, text)
            asked = Asked(f"{event.key} timeline", event.person, people)
            await self._engine.carry_out(rules.capture, request, Existing(number), asked)
        except Refused as refused:
            told = Command(event.person, event.channel_id, "", "", "", f"{event.key} timeline")
            await self._desk.whisper(told, Content(str(refused)))
        return None

    async def _is_noted(self, number: int, event: Event) -> bool:
        case = await self._engine.case(number)
        return bool(case and (event.channel_id, event.ts) in case.states.of(Notes).sources)

    def _captured(self, channel: str, ts: str, text: str) -> rules.Captured:
        link = permalink(self._desk.me.team_url, channel, ts)
        return rules.Captured(channel, ts, text, datetime.fromtimestamp(float(ts), UTC), link)

    async def _words(self, number: int, event: Event) -> str:
        """What the message says: as it was kept, else as Slack has it."""
        kept = [
            one.fact.text
            for one in await self._engine.talk(number)
            if isinstance(one.fact, MessageSaid | MessageEdited) and one.fact.ts == event.ts
        ]
        if kept:
            return str(kept[-1])
        try:
            # Unlike the history, this finds replies too; of a message without any it gives itself.
            page = await self._desk.calls(
                "conversations.replies",
                channel=event.channel_id,
                ts=event.ts,
                oldest=event.ts,
                latest=event.ts,
                inclusive="true",
            )
        except (Permanent, Retryable) as error:
            raise Refused(
                "The message could not be read, so nothing was noted. Choose Add to timeline in "
                "its menu."
            ) from error
        found = [one for one in page["messages"] if one["ts"] == event.ts]
        return html.unescape(str(found[0].get("text") or "")) if found else ""


class _Switch:
    """Whether what is said is kept."""

    def __init__(self, desk: Desk, talk: _Talk) -> None:
        self._desk = desk
        self._talk = talk

    async def talk(self, command: Command) -> Reply:
        number, words = await self._desk.meant(command)
        way, _, reason = words.partition(" ")
        if way.casefold() not in ("on", "off"):
            case = await self._desk.inside(number, command.person)
            habit = self._desk.engine.policy.habits.keep_talk
            kept = rules.is_kept(case.states.of(Notes), habit=habit)
            how = "talk off because ...` stops it" if kept else "talk on` keeps it"
            how = f"`{self._desk.command} {how}"
            return Content(f"What is said here is {'kept' if kept else 'not kept'}: {how}.")
        request = rules.Switch(way.casefold() == "on", _BECAUSE.sub("", reason.strip()))
        asked = Asked(command.key, command.person)
        await self._desk.engine.carry_out(rules.switch_talk, request, Existing(number), asked)
        self._talk.forget(number)
        if request.is_kept:
            return Content("From now on what is said in this room is kept.")
        return Content(
            f"From now on what is said in this room is not kept: {escape(request.reason)}. "
            "What was kept before stays."
        )


class _Talk:
    """What people say in the rooms, on a chain of its own."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._engine = desk.engine
        self._switched: dict[int, tuple[Switches, float]] = {}
        self._forgotten = 0

    def forget(self, number: int) -> None:
        """Look up anew whether this incident's talk is kept."""
        self._forgotten += 1
        self._switched.pop(number, None)

    async def message(self, event: Event) -> Reply:
        """Keep what was said, edited or taken back.

        Raises:
            NotWritten: it could not be kept; Slack sends it again.
        """
        said = self._read(event)
        if said is None:
            return None
        person, fact = said
        number = await self._engine.incident_in(event.channel_id)
        if number is not None and await self._is_kept(number, event.ts):
            await self._engine.say(number, fact, Asked(f"{event.key} talk", person))
        return None

    def _read(
        self, event: Event
    ) -> tuple[str, MessageSaid | MessageEdited | MessageDeleted] | None:
        """Who did what, as a fact; None when no person's words are concerned."""
        body = event.event
        changed: dict[str, Any] = body.get("message") or {}
        before: dict[str, Any] = body.get("previous_message") or {}
        if any(one.get("bot_id") for one in (body, changed, before)):
            return None
        match event.subtype:
            case "message_deleted":
                # Slack does not say who deleted it.
                return ids.BOT, MessageDeleted(ts=str(body.get("deleted_ts", "")))
            case "message_changed" if changed.get("subtype") == "tombstone":
                return ids.BOT, MessageDeleted(ts=str(changed.get("ts", "")))
            case "message_changed" if changed.get("text") != before.get("text"):
                editor = (changed.get("edited") or {}).get("user") or changed.get("user") or ""
                text = self._kept(html.unescape(str(changed.get("text") or "")))
                return str(editor), MessageEdited(ts=str(changed.get("ts", "")), text=text)
            case subtype if subtype in _SAID and event.person:
                text = self._kept(event.text)
                return event.person, MessageSaid(ts=event.ts, thread_ts=event.thread_ts, text=text)
        return None

    def _kept(self, text: str) -> Words:
        """The words as they are kept: what should not have been pasted is in the vault alone."""
        return Words(redaction.clear(ids.clean(text), self._engine.policy.evidence))

    async def _is_kept(self, number: int, ts: str) -> bool:
        """Whether talk was kept when this was said; Slack may tell of it much later."""
        said_at = datetime.fromtimestamp(float(ts), UTC)
        before = [is_kept for at, is_kept in await self._switches(number) if at <= said_at]
        return before[-1] if before else self._engine.policy.habits.keep_talk

    async def _switches(self, number: int) -> Switches:
        known = self._switched.get(number)
        if known and time.monotonic() < known[1]:
            return known[0]
        until, forgotten = time.monotonic() + _TALK_FOR, self._forgotten
        switches = [
            (one.at, one.fact.is_kept)
            for one in await self._engine.facts(number)
            if isinstance(one.fact, TalkSwitched)
        ]
        if forgotten == self._forgotten:  # else it may have been switched while we read
            self._switched[number] = (switches, until)
        return switches


def groups_of(words: str) -> frozenset[str]:
    """The kinds a person wants to see; all of them when none is named."""
    wanted = set()
    for word in words.casefold().replace(",", " ").split():
        group = _PLURALS.get(word, word)
        group = group if group in blocks.GROUPS else group.removesuffix("s")
        if group not in blocks.GROUPS:
            raise Refused(
                f"The timeline has no kind “{escape(word[:50])}”. Use one of "
                f"{', '.join(blocks.GROUPS)}, or none for all of it."
            )
        wanted.add(group)
    return frozenset(wanted or blocks.GROUPS)
