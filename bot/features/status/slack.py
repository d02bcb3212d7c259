"""Which commands, buttons and modals take an incident from step to step?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from bot.core.outcome import Context, Refused, Rule
from bot.core.runs import governance
from bot.engine import Asked, Existing
from bot.features.status import blocks, rules
from bot.slack.listen import Desk, Reply, Verb
from bot.slack.payloads import Command, Press, Submit

Inputs = dict[str, str]


@dataclass(frozen=True)
class _Way:
    """A step: its rule, the request made of what was typed, and what the help says."""

    rule: Rule
    request: Callable[[Inputs], Any]
    usage: str
    says: str
    aliases: tuple[str, ...] = ()


def _reason(typed: Inputs) -> str:
    return typed.get("reason", "")


_WAYS: dict[blocks.Step, _Way] = {
    "mitigated": _Way(
        rules.mitigate,
        lambda typed: rules.Mitigation(**typed),
        "mitigated [what was done]",
        "harm is held off",
        ("mitigate",),
    ),
    "monitoring": _Way(
        rules.monitor, _reason, "monitoring what is watched", "the cure is watched", ("monitor",)
    ),
    "resolve": _Way(rules.resolve, _reason, "resolve [INC-12] why", "the harm is over"),
    "close": _Way(
        rules.close,
        lambda typed: rules.Closing(**typed),
        "close [INC-12] why",
        "nothing is left to do",
    ),
    "reopen": _Way(rules.reopen, _reason, "reopen [INC-12] why", "it was not over"),
    "cancel": _Way(
        rules.cancel,
        lambda typed: rules.Cancelling(**typed),
        "cancel [INC-12]",
        "it was a false alarm",
        ("false-alarm",),
    ),
}


def register(desk: Desk) -> None:
    """Take a verb, a button and a modal for each step."""
    for step, way in _WAYS.items():
        taker = _Taker(desk, step, way)
        desk.verb(Verb(step, way.usage, way.says, taker.by_verb, way.aliases))
        desk.button(f"{step}_asked", taker.by_button)
        desk.submit(step, taker.submitted)


class _Taker:
    """The listeners of one step."""

    def __init__(self, desk: Desk, step: blocks.Step, way: _Way) -> None:
        self._desk = desk
        self._step = step
        self._way = way
        self._asks = list(blocks.FORMS[step].asks)

    async def by_verb(self, command: Command) -> Reply:
        number, words = await self._desk.meant(command)
        left = await self._looked_at(number, command.person)
        known = {self._asks[0]: words} if words else {}
        asks_why = bool(left) and self._step != "resolve"
        if len(self._asks) > 1 or asks_why or not (words or self._step == "reopen"):
            modal = blocks.step_modal(number, self._step, known, left)
            return await self._desk.open_modal(command.trigger_id, modal)
        asked = Asked(command.key, command.person)
        return await self._take(known, number, asked)

    async def by_button(self, press: Press) -> Reply:
        number = int(press.value)
        left = await self._looked_at(number, press.person)
        modal = blocks.step_modal(number, self._step, left=left)
        return await self._desk.open_modal(press.trigger_id, modal)

    async def submitted(self, submit: Submit) -> Reply:
        typed = {name: submit.text(name) or "" for name in self._asks}
        if despite := submit.text("despite"):
            typed["despite"] = despite
        await self._take(typed, int(submit.about["number"]), Asked(submit.key, submit.person))
        return None

    async def _take(self, typed: Inputs, number: int, asked: Asked) -> Reply:
        request = self._way.request(typed)
        target = Existing(number)
        asked = replace(asked, people=await self._desk.people.look_up([asked.actor]))
        if self._step == "reopen":
            asked = replace(asked, other=await self._merged_into(number, asked.actor))
        done = await self._desk.engine.carry_out(self._way.rule, request, target, asked)
        shown = self._desk.engine.shown(done.case)
        owed = governance.left_open(shown.incident, shown) if self._step == "resolve" else ()
        return blocks.done(shown.incident, owed)

    async def _merged_into(self, number: int, person: str) -> int | None:
        """What it was taken for a duplicate of; None also where they may not know of that."""
        case = await self._desk.case(number, person)
        into = case.incident.merged_into
        if into is None:
            return None
        try:
            await self._desk.case(into, person)
        except Refused:
            return None
        return into

    async def _looked_at(self, number: int, person: str) -> tuple[str, ...]:
        """What is still open, if it ends; nobody fills in a form that must be refused."""
        case = await self._desk.case(number, person)
        engine = self._desk.engine
        rules.check(case.incident, self._step, Context(engine.now(), person, engine.policy))
        if self._step == "resolve":
            return governance.left_open(case.incident, engine.shown(case))
        if self._step not in {"close", "cancel"}:
            return ()
        return rules.left_open(case.incident, self._step, engine.shown(case))
