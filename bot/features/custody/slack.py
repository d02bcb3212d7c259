"""Which buttons and commands change what becomes of evidence, and who clears away?"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog
from slack_sdk.models.views import View

from bot.core import custody, disclosure, ids
from bot.core.blockkit import notice
from bot.core.evidence import Evidence, Item
from bot.core.facts import ERASED
from bot.core.messages import Content
from bot.core.outcome import Context, Refused
from bot.engine import Asked, Engine, Existing
from bot.features.custody import blocks, rules
from bot.reads import NotWritten
from bot.rounds import Round
from bot.slack import showing
from bot.slack.files import Files, Row
from bot.slack.listen import Desk, Page, Reply, Verb
from bot.slack.payloads import Command, Press, Submit

_BECAUSE = re.compile(r"^because\s+", re.IGNORECASE)
_WORDS = ("working", "note", "contact")
_ROUND_SECONDS = 300.0
_LEFT_AFTER = timedelta(hours=2)  # nobody fills in a form for longer, and no file takes it
_log = structlog.get_logger()


def register(desk: Desk) -> None:
    """Take the verbs, the buttons and the form of this feature."""
    hands = _Hands(desk)
    for act in custody.ACTS:
        desk.button(f"evidence_{act}", hands.asks(act))
    desk.submit("evidence_act", hands.done)
    on, off = "hold because ...", "unhold because ..."
    desk.verb(Verb("hold", on, "legal hold: nothing is erased", hands.holds(is_held=True)))
    desk.verb(Verb("unhold", off, "lift the legal hold", hands.holds(is_held=False)))


class _Hands:
    """What people do with evidence on purpose."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._engine = desk.engine
        self._clearing = Clearing(desk.engine, desk.files)

    def asks(self, act: str) -> Callable[[Press], Awaitable[Reply]]:
        """What opens the form of an act, in place of the page its button stands on."""

        async def on_press(press: Press) -> Reply:
            return await showing.drawn(self._desk, press, self._form(press, act), "Evidence")

        return on_press

    def holds(self, *, is_held: bool) -> Callable[[Command], Awaitable[Reply]]:
        """What puts the whole incident on legal hold, or lifts it."""

        async def on_command(command: Command) -> Reply:
            number, words = await self._desk.meant(command)
            await self._desk.inside(number, command.person)
            request = rules.Hold(is_held, _BECAUSE.sub("", words))
            people = await self._desk.people.look_up([command.person])
            asked = Asked(command.key, command.person, people)
            done = await self._engine.carry_out(rules.hold, request, Existing(number), asked)
            return Content(blocks.held(done.case.incident, is_held=is_held))

        return on_command

    async def done(self, submit: Submit) -> Reply:
        number, wanted = int(submit.about["number"]), int(submit.about["evidence"])
        act = str(submit.about["act"])
        await self._desk.inside(number, submit.person)
        to = submit.person_chosen("to")
        people = await self._desk.people.look_up({submit.person, to or submit.person})
        asked = Asked(submit.key, submit.person, people)
        request = rules.Act(
            rules.doing(act), wanted, submit.text("reason") or "", to, submit.choice("label")
        )
        done = await self._engine.carry_out(rules.act, request, Existing(number), asked)
        one = done.case.states.of(Evidence).find(wanted)
        assert one
        if act == "erase":
            await self._clearing.clear(number, one)
        return Page(notice(one.reference, blocks.done(one, act)))

    async def _form(self, press: Press, act: str) -> View:
        value = json.loads(press.value)
        case = await self._desk.inside(int(value["number"]), press.person)
        people = await self._desk.people.look_up([press.person])
        engine = self._engine
        context = Context(
            engine.now(), press.person, engine.policy, case.states, people, command=engine.command
        )
        one = disclosure.found(case.incident, int(value["evidence"]), context)
        rules.require_right(case.incident, one, rules.doing(act), context)
        return blocks.act_modal(case.incident, one, act, engine.policy)


class Clearing:
    """Destroys what was erased, and what stands in no fact."""

    def __init__(self, engine: Engine, files: Files) -> None:
        self._engine = engine
        self._files = files

    async def clear(self, number: int, one: Item) -> None:
        """Destroy the key, then the words; what fails now is done by a later round."""
        try:
            for place in one.places:
                await self._files.destroy(place)
            await self._erase_words(number, one)
            if await self._files.scrub():
                for place in one.places:
                    await self._files.forget(place)
        except (NotWritten, Refused) as error:
            _log.warning("evidence.not_cleared", reason=str(error))

    async def tidy(self) -> None:
        """Clear what was erased, let go of what was never used, sweep what crashes left."""
        now = self._engine.now()
        for row in await self._files.items():
            is_old = now - row.since > _LEFT_AFTER
            number = int(row.chain.removeprefix("incident/")) if "/" in row.chain else 0
            case = await self._engine.case(number) if number else None
            items = case.states.of(Evidence).all if case else ()
            one = next((each for each in items if row.item in each.places), None)
            if one is None and is_old:
                await self._files.forget(row.item)
            elif one and one.erased_at:
                await self.clear(number, one)
            elif one and _is_to_go(one, row):
                await self._files.destroy(row.item)
        await self._files.sweep()

    async def _erase_words(self, number: int, one: Item) -> None:
        said = {name: getattr(one.record, name) for name in _WORDS}
        there = [name for name, words in said.items() if words not in {None, ERASED}]
        places = [f"{one.seq}.{name}" for name in there]
        if places:
            why = f"{one.reference} was erased: {one.erased_because}"
            erase = self._engine.erase
            await asyncio.to_thread(erase, Existing(number), places, why, ids.BOT)


def _is_to_go(one: Item, row: Row) -> bool:
    """Whether only the hash of these bytes stays; what is still to come keeps its place."""
    is_coming = one.snapshot is not None and one.snapshot.item == row.item and one.awaits_snapshot
    is_copy = one.copy is not None and one.copy.item == row.item
    return not one.is_raw_kept and not row.is_destroyed and not (is_coming or is_copy)


def tidying(engine: Engine, files: Files) -> Round:
    """The round that clears away."""
    clearing = Clearing(engine, files)
    return Round("custody", _ROUND_SECONDS, clearing.tidy, lambda _wake: None)
