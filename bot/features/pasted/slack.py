"""Which messages of a room are looked through for personal data?"""

from __future__ import annotations

import html
from typing import Any

from bot.core import ids, redaction
from bot.core.evidence import Evidence
from bot.core.facts.evidence import EvidencePreserved
from bot.core.outcome import Rule
from bot.core.preserving import Bytes, Place
from bot.engine import Asked, Existing
from bot.features.pasted import rules
from bot.slack.effects import permalink
from bot.slack.listen import Desk, Reply
from bot.slack.payloads import Event

_SAID = ("", "thread_broadcast", "file_share", "me_message")


def register(desk: Desk) -> None:
    """Take what is said, changed and deleted."""
    desk.event("message", _Watch(desk).message)


class _Watch:
    """What people say in the rooms, looked through before anything else is done with it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._engine = desk.engine

    async def message(self, event: Event) -> Reply:
        """Seal what was pasted; note when it is gone.

        Raises:
            NotWritten: it could not be kept; Slack sends it again.
        """
        changed: dict[str, Any] = event.event.get("message") or {}
        before: dict[str, Any] = event.event.get("previous_message") or {}
        if any(one.get("bot_id") for one in (event.event, changed, before)):
            return None
        match event.subtype:
            case "message_deleted":
                await self._clear(event, str(event.event.get("deleted_ts")), rules.clear_source)
            case "message_changed" if changed.get("subtype") == "tombstone":
                await self._clear(event, str(changed.get("ts")), rules.clear_source)
            case "message_changed" if changed.get("text") != before.get("text"):
                text = html.unescape(str(changed.get("text") or ""))
                author = str(changed.get("user") or "")
                await self._read(event, text, str(changed.get("ts")), author)
            case subtype if subtype in _SAID and event.person:
                await self._read(event, event.text, event.ts, event.person)
        return None

    async def _read(self, event: Event, text: str, ts: str, author: str) -> None:
        if not redaction.found(text, self._engine.policy.evidence):
            if event.subtype == "message_changed":
                await self._clear(event, ts, rules.clear_edited)
            return
        number = await self._engine.incident_in(event.channel_id)
        if number is None:
            return
        link = permalink(self._desk.me.team_url, event.channel_id, ts)
        place = Place(event.channel_id, ts, link, author)
        now = self._engine.now()
        record = {"source": "pasted", "text": text, "files": {}, "place": vars(place)}
        record |= {"by": author, "at": now.isoformat()}
        held = await self._desk.files.keep(ids.chain(number), record, now)
        request = rules.Pasted(text, place, Bytes(held.item, held.sha256, held.size_bytes))
        asked = Asked(f"{event.key} pasted", ids.BOT)
        done = await self._engine.carry_out(rules.seal_pasted, request, Existing(number), asked)
        kept = {
            one.item for one in done.facts if isinstance(one, EvidencePreserved) and one.is_raw_kept
        }
        if held.item not in kept:
            await self._desk.files.destroy(held.item)

    async def _clear(self, event: Event, ts: str, rule: Rule) -> None:
        number = await self._engine.incident_in(event.channel_id)
        case = await self._engine.case(number) if number is not None else None
        if number is None or case is None:
            return
        if case.states.of(Evidence).of_message(event.channel_id, ts):
            asked = Asked(f"{event.key} cleared", ids.BOT)
            place = Place(event.channel_id, ts)
            await self._engine.carry_out(rule, place, Existing(number), asked)
