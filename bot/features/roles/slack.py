"""Which commands, buttons and modals give and take roles?"""

from __future__ import annotations

from slack_sdk.models.blocks import Option

from bot.core import mentions, rights, telling
from bot.core.facts.roles import RoleAccepted, TakeoverAsked
from bot.core.incident import IC
from bot.core.messages import Content
from bot.core.outcome import Refused, Rule
from bot.engine import Asked, Done, Existing
from bot.features.roles import blocks, rules
from bot.slack.listen import Desk, Reply, Verb
from bot.slack.payloads import Command, Press, Submit, Typed

_ON_CALL = {"oncall", "on-call"}


def register(desk: Desk) -> None:
    """Take the verbs, buttons and modals of this feature."""
    entry = _Entry(desk)
    desk.verb(Verb("role", "role ic @someone", "offers a role; alone, opens a form", entry.role,
                   ("roles", "assign")))  # fmt: skip
    desk.verb(Verb("take", "take scribe", "you hold the role from now on", entry.take))
    desk.verb(Verb("drop", "drop scribe", "you lay it down", entry.drop))
    desk.verb(Verb("handoff", "handoff ic @someone [what is open]", "hands a role over",
                   entry.handoff))  # fmt: skip
    desk.button("roles_asked", entry.form)
    desk.button("take_command", entry.take_command)
    desk.button("accept_role", entry.accept)
    desk.button("decline_role", entry.decline)
    desk.button("handoff_asked", entry.handoff_form)
    desk.submit("roles", entry.chosen)
    desk.submit("handoff", entry.handed)
    desk.options("person", entry.people)


class _Entry:
    """The listeners, with what they work with."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._engine = desk.engine

    async def role(self, command: Command) -> Reply:
        number, words = await self._desk.meant(command)
        if not words:
            return await self._open(number, command.person, command.trigger_id)
        people, rest = mentions.people(words)
        first, _, second = rest.partition(" ")
        if first == "take":
            return self._told(await self._take(number, second, command))
        if first == "drop":
            return self._told(await self._carry_out(rules.drop, second, number, command))
        person = people[0] if people else await self._on_call(first, second)
        request = rules.Assign(first, person)
        return self._told(await self._carry_out(rules.assign, request, number, command, person))

    async def take(self, command: Command) -> Reply:
        number, words = await self._desk.meant(command)
        if words.startswith("because "):
            words = f"{IC} {words}"
        return self._told(await self._take(number, words or IC, command))

    async def drop(self, command: Command) -> Reply:
        number, words = await self._desk.meant(command)
        await self._carry_out(rules.drop, words, number, command)
        return Content("It is laid down; the summary shows who holds what now.")

    async def handoff(self, command: Command) -> Reply:
        number, words = await self._desk.meant(command)
        people, rest = mentions.people(words)
        role, _, items = rest.partition(" ")
        if not people:
            found = self._engine.policy.roles.find(role or IC)
            return await self._open_handoff(
                number, found.id if found else IC, command.person, command.trigger_id
            )
        request = rules.Assign(role, people[0], items.strip(), is_handoff=True)
        done = await self._carry_out(rules.assign, request, number, command, people[0])
        return self._told(done)

    async def form(self, press: Press) -> Reply:
        return await self._open(int(press.value), press.person, press.trigger_id)

    async def _open(self, number: int, person: str, trigger_id: str) -> Reply:
        case = await self._desk.case(number, person)
        if case.incident.is_over:
            raise Refused(f"{case.incident.reference} is over. Reopen it to go on.")
        modal = blocks.roles_modal(self._engine.shown(case))
        return await self._desk.open_modal(trigger_id, modal)

    async def chosen(self, submit: Submit) -> Reply:
        number = int(submit.about["number"])
        role, what = submit.choice("role") or IC, submit.choice("what")
        if what == "give":
            person = submit.choice("person")
            request = rules.Assign(role, person)
            await self._carry_out(rules.assign, request, number, submit, person)
        elif what == "take":
            await self._take(number, role, submit)
        else:
            await self._carry_out(rules.drop, role, number, submit)
        return None

    async def take_command(self, press: Press) -> Reply:
        return self._told(await self._take(int(press.value), IC, press))

    async def _take(self, number: int, words: str, by: Command | Press | Submit) -> Done:
        """Whether whoever holds the role has left the workspace is for Slack to say."""
        case = await self._desk.case(number, by.person)
        role = self._engine.policy.roles.find(words.partition(" because ")[0])
        held = case.incident.holders.get(role.id) if role else None
        holder = held.person if held else None
        return await self._carry_out(rules.take, words, number, by, holder)

    async def accept(self, press: Press) -> Reply:
        number, answer = _answer(press)
        return self._told(await self._carry_out(rules.accept, answer, number, press))

    async def decline(self, press: Press) -> Reply:
        number, answer = _answer(press)
        await self._carry_out(rules.decline, answer, number, press)
        return Content("It is declined. Thank you for saying so.")

    async def handoff_form(self, press: Press) -> Reply:
        number, _, role = press.value.partition("/")
        return await self._open_handoff(int(number), role, press.person, press.trigger_id)

    async def _open_handoff(self, number: int, role: str, person: str, trigger_id: str) -> Reply:
        case = await self._desk.case(number, person)
        rights.require_going(case.incident)
        modal = blocks.handoff_modal(self._engine.shown(case), role)
        return await self._desk.open_modal(trigger_id, modal)

    async def handed(self, submit: Submit) -> Reply:
        person = submit.choice("person")
        role, number = str(submit.about["role"]), int(submit.about["number"])
        request = rules.Assign(role, person, submit.text("items"), is_handoff=True)
        await self._carry_out(rules.assign, request, number, submit, person)
        return None

    async def people(self, typed: Typed) -> list[Option]:
        """People of that name; those of a role's user group come first."""
        found = await self._desk.people.named(typed.value)
        asleep = await self._desk.people.asleep([one.id for one in found])
        return telling.person_options(found, asleep, self._engine.now())

    async def _on_call(self, role_word: str, word: str) -> str | None:
        """Whom the policy names for a role: by rota or name, or by the pager's schedule."""
        role = self._engine.policy.roles.find(role_word)
        if role is None or word not in _ON_CALL:
            return None
        return next(iter(await self._engine.stand_for(role.id)), None)

    async def _carry_out(
        self,
        rule: Rule,
        request: object,
        number: int,
        by: Command | Press | Submit,
        person: str | None = None,
    ) -> Done:
        known = await self._desk.people.look_up({by.person, person or by.person})
        asked = Asked(by.key, by.person, known)
        return await self._engine.carry_out(rule, request, Existing(number), asked)

    def _told(self, done: Done) -> Content:
        shown = self._engine.shown(done.case)
        role = next((str(getattr(fact, "role", "")) for fact in done.facts), IC)
        if any(isinstance(fact, RoleAccepted) for fact in done.facts):
            return blocks.accepted(shown, role)
        if any(isinstance(fact, TakeoverAsked) for fact in done.facts):
            return Content(telling.takeover(shown, role))
        return blocks.given(shown, role)


def _answer(press: Press) -> tuple[int, rules.Answer]:
    number, role, seq = press.value.split("/")
    return int(number), rules.Answer(role, int(seq))
