"""Which commands and buttons show evidence?"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any, Literal

from slack_sdk.models.views import View

from bot.cases import Case
from bot.core import disclosure, ids
from bot.core.blockkit import notice
from bot.core.evidence import Item
from bot.core.facts.evidence import TraceLinked
from bot.core.messages import Content
from bot.core.outcome import Context, Person, Refused
from bot.engine import Asked, Existing
from bot.features.evidence import blocks, rules
from bot.reads import NotWritten
from bot.slack import showing
from bot.slack.files import SENT_AT_MOST
from bot.slack.listen import Desk, Reply, Verb
from bot.slack.payloads import Command, Press

_ITEM = re.compile(r"^e-?(\d{1,6})$", re.IGNORECASE)
_TRACE = re.compile(
    r"^trace\b(?P<parts>(?:\s+(?:prompt|context|output)\s+e-?\d{1,6})*)"
    r"(?:\s+versions?\s+(?P<versions>.+))?(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_PART = re.compile(r"(prompt|context|output)\s+e-?(\d{1,6})", re.IGNORECASE)
_ADD = re.compile(r"^add\b\s*", re.IGNORECASE)


def register(desk: Desk) -> None:
    """Take the verb and the buttons of this feature."""
    shelf = _Shelf(desk)
    usage = "evidence [E-3 | add link or text | trace]"
    desk.verb(Verb("evidence", usage, "what is preserved; each look is logged", shelf.typed))
    desk.button("evidence_open", shelf.opened)
    desk.button("evidence_older", shelf.older)
    desk.button("evidence_show", shelf.shown)
    desk.button("evidence_original", shelf.original)


class _Shelf:
    """What people look at; that they looked is on disk before they see it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._engine = desk.engine

    async def typed(self, command: Command) -> Reply:
        number, words = await self._desk.meant(command)
        if _ADD.match(words):
            rest = f"{ids.reference(number)} {_ADD.sub('', words)}"
            return await self._desk.verbs["preserve"].run(replace(command, words=rest))
        if wanted := _ITEM.match(words.strip()):
            about = {"number": number, "evidence": int(wanted[1])}
            press = Press(command.person, "", json.dumps(about), command.trigger_id, None)
            return await self.opened(press)
        if linked := _TRACE.match(words):
            return await self._link(number, linked, command)
        return await self._list(number, 0, (command.key, command.person))

    async def _link(self, number: int, linked: re.Match[str], command: Command) -> Content:
        parts = {what.lower(): int(one) for what, one in _PART.findall(linked["parts"])}
        whole = {} if linked["rest"].strip() else parts  # what is not understood is not guessed
        request = rules.Trace(whole, linked["versions"] or "")
        people = await self._desk.people.look_up([command.person])
        asked = Asked(command.key, command.person, people)
        done = await self._engine.carry_out(rules.link, request, Existing(number), asked)
        return blocks.linked(next(one for one in done.facts if isinstance(one, TraceLinked)))

    async def older(self, press: Press) -> Reply:
        value = json.loads(press.value)
        return await self._list(int(value["number"]), int(value["page"]), (press.key, press.person))

    async def opened(self, press: Press) -> Reply:
        """The page of an item; the working copy of what may harm waits for a click."""
        return await self._in_view(press, self._page)

    async def shown(self, press: Press) -> Reply:
        """What an item says that may harm: first the warning, then the words."""
        return await self._in_view(press, self._told)

    async def original(self, press: Press) -> Reply:
        """The original, for those who may open it."""
        return await self._in_view(press, self._original)

    async def _list(self, number: int, page: int, by: tuple[str, str]) -> Content:
        key, person = by
        case, context = await self._looked(number, rules.Look(), (key, person))
        seen = disclosure.visible(case.incident, context)
        return blocks.listed(self._engine.shown(case), seen, page)

    async def _page(self, press: Press, value: dict[str, Any]) -> View:
        case, one = await self._item(press, value, "working")
        return await self._drawn(press, case, one, is_told=False)

    async def _told(self, press: Press, value: dict[str, Any]) -> View:
        if not value.get("is_warned"):
            return await self._warned(press, value, "evidence_show")
        case, one = await self._item(press, value, "working")
        return await self._drawn(press, case, one, is_told=True)

    async def _drawn(self, press: Press, case: Case, one: Item, *, is_told: bool) -> View:
        """The page for this person: the way to an original is for those who may open it."""
        people = await self._desk.people.look_up([press.person])
        person, policy = people.get(press.person, Person(press.person)), self._engine.policy
        is_harmful = policy.evidence.kind(one.kind).is_harmful
        copy = None
        if one.copy and one.erased_at is None and (is_told or not is_harmful):
            try:
                copy = await self._desk.files.words(one.copy.item, one.copy.sha256)
            except NotWritten as error:
                copy = str(error)
        may_open = disclosure.opens(case.incident, one, person, policy)
        page = blocks.Page(is_told=is_told, copy=copy, may_open=may_open)
        return blocks.page(self._engine.shown(case), one, page)

    async def _original(self, press: Press, value: dict[str, Any]) -> View:
        case, one, context = await self._meant(press, value)
        disclosure.require_open(case.incident, one, context)
        if rules.is_file(one) and (one.size_bytes or 0) > SENT_AT_MOST:
            raise Refused(
                f"{one.reference} is too long for a direct message. Whoever runs the bot takes a "
                f"copy out of the vault: `warroom evidence {case.incident.reference} "
                f"{one.reference} --to FILE --why ...`."
            )
        is_harmful = self._engine.policy.evidence.kind(one.kind).is_harmful
        if is_harmful and not value.get("is_warned"):
            return await self._warned(press, value, "evidence_original")
        case, one = await self._item(press, value, "original")
        if rules.is_file(one):
            return notice(f"{one.reference}, original", blocks.on_its_way(one))
        try:
            record = await self._desk.files.record(one.record.item, one.sha256)
        except NotWritten as error:
            raise Refused(str(error)) from error
        return blocks.original(case.incident, one, str(record.get("text") or ""))

    async def _warned(self, press: Press, value: dict[str, Any], action_id: str) -> View:
        case, one, _ = await self._meant(press, value)
        return blocks.warning(case.incident, one, action_id)

    async def _item(
        self, press: Press, value: dict[str, Any], at: Literal["working", "original"]
    ) -> tuple[Case, Item]:
        """The item, once it is on record that it was looked at."""
        number, wanted = int(value["number"]), int(value["evidence"])
        by = (f"{press.key} {at}", press.person)
        case, context = await self._looked(number, rules.Look(at, wanted), by)
        return case, disclosure.found(case.incident, wanted, context)

    async def _looked(
        self, number: int, request: rules.Look, by: tuple[str, str]
    ) -> tuple[Case, Context]:
        key, person = by
        await self._desk.inside(number, person)
        people = await self._desk.people.look_up([person])
        asked = Asked(key, person, people)
        done = await self._engine.carry_out(rules.look, request, Existing(number), asked)
        return done.case, self._context(done.case, asked)

    async def _meant(self, press: Press, value: dict[str, Any]) -> tuple[Case, Item, Context]:
        case = await self._desk.inside(int(value["number"]), press.person)
        people = await self._desk.people.look_up([press.person])
        context = self._context(case, Asked(press.key, press.person, people))
        return case, disclosure.found(case.incident, int(value["evidence"]), context), context

    def _context(self, case: Case, asked: Asked) -> Context:
        engine = self._engine
        return Context(
            engine.now(), asked.actor, engine.policy, case.states, asked.people,
            command=engine.command,
        )  # fmt: skip

    async def _in_view(self, press: Press, draw: Any) -> Reply:  # noqa: ANN401 (one of the above)
        """Show a page: in place of the one the button stands in, or as a new one."""
        page = draw(press, json.loads(press.value))
        return await showing.drawn(self._desk, press, page, "Evidence", "page")
