"""Which commands, buttons and modals say what kind of failure it is?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_sdk.models.views import View

from bot.core import rights
from bot.core.facts.severity import Classified, ImpactAssessed
from bot.core.incident import Incident
from bot.engine import Asked, Existing
from bot.features.classification import blocks, rules
from bot.features.classification.state import Classification
from bot.slack.listen import Desk, Page, Reply, Verb
from bot.slack.payloads import Command, Press, Submit
from runbooks.model import Policy

Modal = Callable[[Incident, Classification, Policy], View]


def register(desk: Desk) -> None:
    """Take a verb, a button and a modal for the class, and for the impact checklist."""
    way = _Way(desk)
    desk.submit("classify", way.classified)
    desk.submit("impact", way.assessed)
    _openers(desk, way, "classify", blocks.classify_modal, "what kind of failure it is")
    _openers(desk, way, "impact", blocks.impact_modal, "whom it hits, in five minutes")


def _openers(desk: Desk, way: _Way, name: str, modal: Modal, says: str) -> None:
    async def by_verb(command: Command) -> Reply:
        number, _ = await desk.meant(command)
        return await way.opened(number, command.person, command.trigger_id, modal)

    async def by_button(press: Press) -> Reply:
        return await way.opened(int(press.value), press.person, press.trigger_id, modal)

    desk.verb(Verb(name, name, says, by_verb))
    desk.button(f"{name}_asked", by_button)


class _Way:
    """The listeners, with what they work with."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._policy = desk.engine.policy

    async def opened(self, number: int, person: str, trigger_id: str, modal: Modal) -> Reply:
        case = await self._desk.inside(number, person)
        rights.require_going(case.incident)
        known = case.states.of(Classification)
        return await self._desk.open_modal(trigger_id, modal(case.incident, known, self._policy))

    async def classified(self, submit: Submit) -> Reply:
        known: dict[str, Any] = {
            "bucket": submit.choice("bucket"),
            "contributors": _ticked(submit, "contributors"),
            "failure_mode": submit.choice("failure_mode"),
            "intent": submit.choice("intent"),
            "effort": submit.text("effort"),
            "reason": submit.text("reason"),
        }
        target = Existing(int(submit.about["number"]))
        asked = Asked(submit.key, submit.person)
        engine = self._desk.engine
        done = await engine.carry_out(rules.classify, Classified(**known), target, asked)
        chose_mode = any(isinstance(one, Classified) and one.failure_mode for one in done.facts)
        chosen = blocks.mode(done.case.states.of(Classification), self._policy)
        return Page(blocks.advice(chosen)) if chose_mode and chosen else None

    async def assessed(self, submit: Submit) -> Reply:
        texts = ("harmed", "how_many", "jurisdictions", "legal_exposure", "promises")
        known: dict[str, Any] = {
            **{name: submit.text(name) for name in texts},
            "harm_kinds": _ticked(submit, "harm_kinds"),
            "loss": submit.choice("loss"),
            "data_types": _ticked(submit, "data_types"),
        }
        target = Existing(int(submit.about["number"]))
        asked = Asked(submit.key, submit.person)
        await self._desk.engine.carry_out(rules.assess, ImpactAssessed(**known), target, asked)
        return None


def _ticked(submit: Submit, name: str) -> tuple[str, ...]:
    return tuple(sorted(submit.choices(name)))
