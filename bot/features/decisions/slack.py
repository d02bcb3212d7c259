"""Which shortcuts, commands, reactions and edits reach the decision log?"""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from slack_sdk.models.views import View

from bot.cases import Case
from bot.core import ids, rights
from bot.core.blockkit import notice
from bot.core.facts.decisions import DecisionDetails
from bot.core.facts.timeline import MessageEdited, MessageSaid
from bot.core.failures import Permanent, Retryable
from bot.core.incident import OPEN, Incident
from bot.core.messages import Content
from bot.core.outcome import Refused, Rule
from bot.engine import Asked, Existing
from bot.features.decisions import blocks, rules
from bot.features.decisions.state import Decision, Decisions, Source
from bot.slack import showing
from bot.slack.effects import permalink
from bot.slack.listen import Desk, Page, Reply, Run, Verb
from bot.slack.payloads import Command, Event, MessageShortcut, Press, Submit
from runbooks.model import Roles

Draw = Callable[[Incident, Decision, Roles], View]
_GOING = (*OPEN, "resolved")
_OPTIONS = 100  # of a select, Slack's limit


def register(desk: Desk) -> None:
    """Take the shortcut, verbs, buttons, modals and events of this feature."""
    log = _Log(desk)
    desk.message_shortcut("record_decision", log.from_message)
    desk.verb(Verb("decision", "decision words", "record what was decided", log.typed, ("decide",)))
    desk.verb(Verb("decisions", "decisions", "what was decided so far", log.listed))
    desk.button("decisions_older", log.older)
    desk.button("decision_more", log.more)
    desk.button("decision_open", log.opens(blocks.record_page))
    desk.button("decision_amend", log.opens(blocks.amend_modal))
    desk.button("decision_reverse_asked", log.opens(blocks.reverse_modal))
    desk.button("decision_review", log.review)
    desk.button("decision_holds", log.upheld)
    desk.submit("decision", log.recorded)
    desk.submit("decision_amend", log.amended)
    desk.submit("decision_reverse", log.reversed)
    seen = _Seen(desk)
    desk.event("reaction_added", seen.reaction_added)
    desk.event("reaction_removed", seen.reaction_removed)
    desk.event("message", seen.message)


class _Log:
    """What people do on purpose."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._engine = desk.engine
        self._roles = desk.engine.policy.roles

    async def from_message(self, shortcut: MessageShortcut) -> Reply:
        here = await self._engine.incident_in(shortcut.channel_id)
        if here is None:
            cases = await self._mine(shortcut.person)
        else:
            cases = [await self._desk.inside(here, shortcut.person)]
        if not cases:
            raise Refused("You are in no open incident. Enter its room, then try again.")
        source = _source(self._desk, shortcut)
        for case in cases:
            if first := case.states.of(Decisions).captured_from(source):
                page = blocks.record_page(case.incident, first, self._roles)
                return await self._desk.open_modal(shortcut.trigger_id, page)
        if here is not None:
            rights.require_going(cases[0].incident)
        about = {"number": here, "source": vars(source)}
        choices = [case.incident for case in cases] if here is None else []
        modal = blocks.record_modal(about, shortcut.text, choices, self._roles, more=False)
        return await self._desk.open_modal(shortcut.trigger_id, modal)

    async def typed(self, command: Command) -> Reply:
        number, words = await self._desk.meant(command)
        case = await self._desk.inside(number, command.person)
        rights.require_going(case.incident)
        modal = blocks.record_modal({"number": number}, words, [], self._roles, more=False)
        return await self._desk.open_modal(command.trigger_id, modal)

    async def more(self, press: Press) -> Reply:
        carried = json.loads(press.value)
        mine = await self._mine(press.person) if carried["is_elsewhere"] else []
        choices, about = [case.incident for case in mine], carried["about"]
        modal = blocks.record_modal(about, carried["text"], choices, self._roles, more=True)
        return await showing.show(self._desk, press, modal)

    async def recorded(self, submit: Submit) -> Reply:
        about = submit.about
        number = int(about["number"] or submit.choice("incident") or 0)
        source = Source(**about["source"]) if about.get("source") else None
        # The bot may not be in another channel, and a mark there would tell of a private incident.
        is_here = bool(about.get("number"))
        request = rules.Record(submit.text("text") or "", _details(submit), source, is_here)
        await self._submitted(rules.record, request, number, submit)
        if is_here:
            return None
        said = f"It is in the log and in the room of {ids.reference(number)}."
        return Page(notice("Decision recorded", said))

    async def listed(self, command: Command) -> Reply:
        number, _ = await self._desk.meant(command)
        return await self._page(number, command.person, 0)

    async def older(self, press: Press) -> Reply:
        value = json.loads(press.value)
        return await self._page(int(value["number"]), press.person, int(value["page"]))

    async def _page(self, number: int, person: str, page: int) -> Content:
        case = await self._desk.inside(number, person)
        return blocks.listed(self._engine.shown(case), page)

    def opens(self, draw: Draw) -> Run:
        """What shows the decision a button stands for; in a view a refusal is a page as well."""

        async def on_press(press: Press) -> Reply:
            try:
                case, one = await self._meant(press)
                view = draw(case.incident, one, self._roles)
            except Refused as refused:
                if not press.view_id:
                    raise
                view = notice("Decision", str(refused))
            return await showing.show(self._desk, press, view)

        return on_press

    async def review(self, press: Press) -> Reply:
        """The decision whose review is owed first."""
        case = await self._desk.inside(int(press.value), press.person)
        deadlines = self._engine.shown(case).deadlines
        owed = [one for one in deadlines if one.name.startswith("decision/")]
        if not owed:
            return Content("No review of a decision is owed.")
        first = min(owed, key=lambda one: one.due_at).name.split("/")[1]
        value = json.dumps({"number": case.incident.number, "decision": first})
        return await self.opens(blocks.record_page)(replace(press, value=value))

    async def upheld(self, press: Press) -> Reply:
        value, asked = json.loads(press.value), Asked(press.key, press.person)
        number, target = int(value["decision"]), Existing(int(value["number"]))
        said = f"It is noted that decision {number} still holds."
        try:
            await self._engine.carry_out(rules.uphold, number, target, asked)
        except Refused as refused:
            said = str(refused)
        return await showing.show(self._desk, press, notice(f"Decision {number}", said))

    async def amended(self, submit: Submit) -> Reply:
        number, text = int(submit.about["decision"]), submit.text("text") or ""
        request = rules.Amend(number, text, _details(submit))
        await self._submitted(rules.amend, request, int(submit.about["number"]), submit)
        return None

    async def reversed(self, submit: Submit) -> Reply:
        request = rules.Reverse(int(submit.about["decision"]), submit.text("because") or "")
        await self._submitted(rules.reverse, request, int(submit.about["number"]), submit)
        return None

    async def _submitted(self, rule: Rule, request: object, number: int, submit: Submit) -> None:
        decider = submit.person_chosen("decider")
        people = await self._desk.people.look_up({submit.person, decider or submit.person})
        asked = Asked(submit.key, submit.person, people)
        await self._engine.carry_out(rule, request, Existing(number), asked)

    async def _meant(self, press: Press) -> tuple[Case, Decision]:
        value = json.loads(press.value)
        case = await self._desk.inside(int(value["number"]), press.person)
        one = case.states.of(Decisions).find(int(value["decision"]))
        if one is None:
            raise Refused("This decision was withdrawn. Nothing was changed.")
        return case, one

    async def _mine(self, person: str) -> list[Case]:
        """What goes on and has this person in it, the newest first."""
        cases = await self._engine.cases(_GOING)
        return [case for case in cases if person in case.incident.people][:_OPTIONS]


class _Seen:
    """What Slack tells of messages: a reaction captures, an edit or a deletion is noted."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._engine = desk.engine

    async def reaction_added(self, event: Event) -> Reply:
        if number := await self._reacted(event):
            try:
                request = rules.Record(
                    await self._words(number, event), source=_source(self._desk, event)
                )
                await self._carry_out(rules.capture, request, number, event)
            except Refused as refused:
                told = Command(event.person, event.channel_id, "", "", "", event.key)
                await self._desk.whisper(told, Content(str(refused)))
        return None

    async def reaction_removed(self, event: Event) -> Reply:
        if number := await self._reacted(event):
            await self._carry_out(rules.withdraw, _source(self._desk, event), number, event)
        return None

    async def _carry_out(self, rule: Rule, request: object, number: int, event: Event) -> None:
        asked = Asked(event.key, event.person)
        await self._engine.carry_out(rule, request, Existing(number), asked)

    async def message(self, event: Event) -> Reply:
        """Note an edit or a deletion; of a thread's first message Slack leaves a tombstone."""
        changed = event.event.get("message") or {}
        ts = str(event.event.get("deleted_ts") or changed.get("ts"))
        is_gone = event.subtype == "message_deleted" or changed.get("subtype") == "tombstone"
        if not is_gone and not self._is_edit(event, changed):
            return None
        rule = rules.source_deleted if is_gone else rules.source_edited
        source = Source(event.channel_id, ts)
        here = await self._engine.incident_in(event.channel_id)
        if here is None:
            cases = await self._engine.cases(_GOING)
        else:
            cases = [await self._desk.case(here, ids.BOT)]
        for case in cases:
            if case.states.of(Decisions).captured_from(source):
                target = Existing(case.incident.number)
                asked = Asked(f"{event.key} {target.number} decision", ids.BOT)
                await self._engine.carry_out(rule, source, target, asked)
        return None

    def _is_edit(self, event: Event, changed: dict[str, Any]) -> bool:
        """Whether a person's words changed; link previews come as edits too."""
        before = event.event.get("previous_message") or {}
        is_ours = changed.get("bot_id") == self._desk.me.bot_id
        is_change = event.subtype == "message_changed" and not is_ours
        return is_change and changed.get("text") != before.get("text")

    async def _reacted(self, event: Event) -> int | None:
        """The incident in whose room a person put the emoji on a message; else None."""
        emoji = str(event.event.get("reaction")).partition("::")[0]
        is_ours = event.person == self._desk.me.bot_user_id
        if is_ours or emoji != self._engine.policy.habits.decision_reaction or not event.ts:
            return None
        people = await self._desk.people.look_up([event.person])
        return (
            None
            if people[event.person].is_bot
            else await self._engine.incident_in(event.channel_id)
        )

    async def _words(self, number: int, event: Event) -> str:
        """What the message says: as it was kept, else as Slack has it."""
        said = [one.fact for one in await self._engine.talk(number)]
        kinds = MessageSaid | MessageEdited
        kept = [one.text for one in said if isinstance(one, kinds) and one.ts == event.ts]
        return str(kept[-1]) if kept else await self._asked_of_slack(event.channel_id, event.ts)

    async def _asked_of_slack(self, channel: str, ts: str) -> str:
        span = {"ts": ts, "oldest": ts, "latest": ts, "inclusive": "true"}
        try:
            # Unlike the history, this finds replies too; of a message without any, itself.
            page = await self._desk.calls("conversations.replies", channel=channel, **span)
        except (Permanent, Retryable) as error:
            raise Refused("It could not be read. Choose Record decision in its menu.") from error
        found = (str(one.get("text") or "") for one in page["messages"] if one["ts"] == ts)
        return html.unescape(next(found, ""))


def _source(desk: Desk, at: Event | MessageShortcut) -> Source:
    ts = at.ts if isinstance(at, Event) else at.message_ts
    return Source(at.channel_id, ts, permalink(desk.me.team_url, at.channel_id, ts))


def _details(submit: Submit) -> DecisionDetails:
    said: dict[str, Any] = {name: submit.text(name) for name in rules.TEXTS}
    return DecisionDetails(
        decider=submit.person_chosen("decider"),
        decider_role=submit.choice("decider_role"),
        review_at=submit.moment("review_at"),
        **said,
    )
