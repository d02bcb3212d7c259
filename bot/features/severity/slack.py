"""Which commands, buttons and modals change how bad it is?"""

from __future__ import annotations

import json

from bot.core import ids, rights
from bot.core.blockkit import notice
from bot.core.messages import Content
from bot.core.outcome import Context, Refused
from bot.engine import Asked, Existing
from bot.features.severity import blocks, rules
from bot.features.severity.state import History
from bot.slack.listen import Desk, Page, Reply, Verb
from bot.slack.payloads import Command, Press, Submit
from runbooks.model import Severities


def register(desk: Desk) -> None:
    """Take the verbs, buttons and modals of this feature."""
    way = _Way(desk)
    desk.verb(
        Verb("severity", "severity sev1 because why", "how bad it is", way.severity, ("sev",))
    )
    desk.verb(Verb("major", "major [no] because why", "a major incident, or not", way.major))
    desk.button("severity_asked", way.severity_by_button)
    desk.submit("severity", way.severity_submitted)
    desk.submit("major", way.major_submitted)
    desk.button("proposal_agreed", way.agreed)
    desk.button("proposal_declined_asked", way.decline_asked)
    desk.submit("proposal_declined", way.declined)


def read_severity(words: str, severities: Severities) -> tuple[str, str]:
    """The severity named first, as typed when it is none of the policy's, and the reason."""
    labels = sorted((one.label for one in severities.severities), key=len, reverse=True)
    for label in labels:
        rest = words[len(label) :]
        if words.casefold().startswith(label.casefold()) and (not rest or rest[0] in " ,:\n"):
            return label, _because(rest)
    named, _, rest = words.partition(" ")
    return named, _because(rest)


def read_major(words: str) -> tuple[bool, str]:
    """Whether it is one, and the criteria; empty when none were typed."""
    first, _, rest = words.partition(" ")
    if first.casefold() in {"no", "not", "yes"}:
        return first.casefold() == "yes", _because(rest)
    return True, _because(words)


def _because(words: str) -> str:
    said = words.strip(" ,:\n")
    first, _, rest = said.partition(" ")
    return rest.strip() if first.casefold() == "because" else said


class _Way:
    """The listeners, with what they work with."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._engine = desk.engine
        self._policy = desk.engine.policy

    async def severity(self, command: Command) -> Reply:
        number, words = await self._desk.meant(command)
        if words.casefold() == "history":
            case = await self._desk.inside(number, command.person)
            return blocks.told_history(case.incident, case.states.of(History), self._policy)
        label, reason = read_severity(words, self._policy.severities)
        if reason or (label and not self._policy.severities.find(label)):
            change = rules.Change(label, reason)
            return await self._change(number, change, Asked(command.key, command.person))
        seen = await self._seen(number, command.person)
        modal = blocks.severity_modal(seen, self._policy, label or None)
        return await self._desk.open_modal(command.trigger_id, modal)

    async def severity_by_button(self, press: Press) -> Reply:
        seen = await self._seen(int(press.value), press.person)
        modal = blocks.severity_modal(seen, self._policy)
        return await self._desk.open_modal(press.trigger_id, modal)

    async def _seen(self, number: int, person: str) -> blocks.Seen:
        """The incident for the form; nobody fills in one that must be refused."""
        case = await self._desk.inside(number, person)
        rights.require_going(case.incident)
        may_set = rights.may(case.incident, person, "severity", self._policy)
        return blocks.Seen(case.incident, case.states.of(History), may_set)

    async def severity_submitted(self, submit: Submit) -> Reply:
        chosen = submit.choice("severity")
        request = rules.Change(
            severity=None if chosen == blocks.AS_GIVEN else chosen,
            reason=submit.text("reason") or "",
            impact=submit.choice("impact"),
            likelihood=submit.choice("likelihood"),
        )
        number = int(submit.about["number"])
        said = await self._change(number, request, Asked(submit.key, submit.person))
        return Page(notice("Severity", said.text))

    async def _change(self, number: int, request: rules.Change, asked: Asked) -> Content:
        done = await self._engine.carry_out(rules.change, request, Existing(number), asked)
        return blocks.done(done.case.incident, done.facts, self._policy)

    async def major(self, command: Command) -> Reply:
        number, words = await self._desk.meant(command)
        is_major, criteria = read_major(words)
        if not criteria:
            case = await self._desk.inside(number, command.person)
            rights.require_going(case.incident)
            context = Context(self._engine.now(), command.person, self._policy)
            rights.require(case.incident, context, "major")
            return await self._desk.open_modal(
                command.trigger_id, blocks.major_modal(case.incident)
            )
        request = rules.Major(is_major, criteria)
        asked = Asked(command.key, command.person)
        done = await self._engine.carry_out(rules.decide_major, request, Existing(number), asked)
        return blocks.decided(done.case.incident)

    async def major_submitted(self, submit: Submit) -> Reply:
        request = rules.Major(submit.choice("is_major") == "yes", submit.text("criteria") or "")
        target = Existing(int(submit.about["number"]))
        asked = Asked(submit.key, submit.person)
        await self._engine.carry_out(rules.decide_major, request, target, asked)
        return None

    async def agreed(self, press: Press) -> Reply:
        value = json.loads(press.value)
        request = rules.Answer(int(value["proposal"]))
        asked = Asked(press.key, press.person)
        target = Existing(int(value["number"]))
        done = await self._engine.carry_out(rules.agree, request, target, asked)
        return blocks.done(done.case.incident, done.facts, self._policy)

    async def decline_asked(self, press: Press) -> Reply:
        value = json.loads(press.value)
        case = await self._desk.inside(int(value["number"]), press.person)
        proposal = case.states.of(History).proposal(int(value["proposal"]))
        if proposal is None:
            raise Refused(f"{ids.reference(int(value['number']))} has no such proposal.")
        if proposal.answer is not None:
            raise Refused(f"Nothing was changed: {blocks.answer(proposal)}")
        now = self._policy.severities.show(case.incident.severity)
        modal = blocks.decline_modal(case.incident, proposal, now)
        return await self._desk.open_modal(press.trigger_id, modal)

    async def declined(self, submit: Submit) -> Reply:
        request = rules.Answer(int(submit.about["proposal"]), submit.text("reason") or "")
        target = Existing(int(submit.about["number"]))
        asked = Asked(submit.key, submit.person)
        await self._engine.carry_out(rules.decline, request, target, asked)
        return None
