"""Which commands, buttons and forms begin a runbook?"""

from __future__ import annotations

from typing import cast

from bot.cases import Case
from bot.core import rights
from bot.core.facts.runbooks import Met
from bot.core.messages import Content
from bot.core.outcome import Refused, Rule
from bot.core.runs import wording
from bot.core.runs.model import Runs
from bot.engine import Asked, Existing
from bot.features.runbook import blocks, rules
from bot.slack import steps
from bot.slack.listen import Desk, Page, Reply, Verb
from bot.slack.payloads import Command, Press, Submit
from runbooks.parts import Context, Prerequisite
from runbooks.shelf import Book


def register(desk: Desk) -> None:
    """Take the verb, the buttons and the forms."""
    entry = _Entry(desk)
    desk.verb(
        Verb("runbook", "runbook [name]", "run one; `runbook tier 2` sets the tier",
             entry.typed, ("runbooks", "checklist"))
    )  # fmt: skip
    desk.button("runbook_asked", entry.asked)
    desk.button("runbook_read", entry.read)
    desk.button("prerequisites_asked", entry.prerequisites)
    desk.button("review_asked", entry.review)
    desk.submit("runbook_choose", entry.chosen)
    desk.submit("runbook_start", entry.started)
    desk.submit("prerequisites", entry.prepared)
    desk.submit("review_link", entry.linked)


class _Entry:
    """The listeners, with what they work with."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._engine = desk.engine

    async def typed(self, command: Command) -> Reply:
        number, words = await self._desk.meant(command)
        first, _, rest = words.partition(" ")
        if first.casefold() == "tier":
            tier = int(rest) if rest.isascii() and rest.isdigit() and len(rest) < 3 else 0
            await self._carry_out(rules.set_tier, tier, number, command)
            shown = self._engine.policy.governance.show(tier)
            return Content(f"The governance tier is {shown}.")
        if not words:
            return await self._choose(number, command.person, command.trigger_id)
        book = self._meant(words)
        case = await self._at_work(number, command.person)
        today, runs = self._engine.now().date(), case.states.of(Runs)
        modal = blocks.start_modal(number, book, today, runs)
        return await self._desk.open_modal(command.trigger_id, modal)

    async def asked(self, press: Press) -> Reply:
        number, _ = wording.place(press.value)
        return await self._choose(number, press.person, press.trigger_id)

    async def read(self, press: Press) -> Reply:
        _, run = await steps.run(self._desk, press.value, press.person)
        return await self._desk.open_modal(press.trigger_id, blocks.read_page(run))

    async def prerequisites(self, press: Press) -> Reply:
        incident, run = await steps.run(self._desk, press.value, press.person)
        modal = blocks.prerequisites_modal(incident.number, run)
        return await self._desk.open_modal(press.trigger_id, modal)

    async def review(self, press: Press) -> Reply:
        number, _ = wording.place(press.value)
        await self._desk.inside(number, press.person)
        return await self._desk.open_modal(press.trigger_id, blocks.review_modal(number))

    async def chosen(self, submit: Submit) -> Reply:
        number = int(submit.about["number"])
        case = await self._at_work(number, submit.person)
        book = self._engine.library.books.get(submit.choice("book") or "")
        if book is None:
            raise Refused("Choose a runbook.", field="book")
        today, runs = self._engine.now().date(), case.states.of(Runs)
        return Page(blocks.start_modal(number, book, today, runs))

    async def started(self, submit: Submit) -> Reply:
        book = self._engine.library.books.get(str(submit.about["runbook"]))
        if book is None:
            raise Refused("This runbook is not there any more. Choose another.")
        contexts = tuple(sorted(submit.choices("contexts")))
        said = _answers(book.runbook.prerequisites, submit)
        request = rules.Start(book, cast("tuple[Context, ...]", contexts), said)
        await self._carry_out(rules.start, request, int(submit.about["number"]), submit)
        return None

    async def prepared(self, submit: Submit) -> Reply:
        number, at = int(submit.about["number"]), int(submit.about["run"])
        case = await self._desk.inside(number, submit.person)
        run = case.states.of(Runs).find(at)
        said = _answers(run.asks, submit) if run else ()
        await self._carry_out(rules.prepare, (at, said), number, submit)
        return None

    async def linked(self, submit: Submit) -> Reply:
        request = (submit.moment("at"), submit.text("link") or "")
        await self._carry_out(rules.link_review, request, int(submit.about["number"]), submit)
        return None

    async def _at_work(self, number: int, person: str) -> Case:
        """The incident, for somebody who could begin a runbook there: before they fill in a form.

        Raises:
            Refused: it is over, or they are not in its room.
        """
        case = await self._desk.inside(number, person)
        rights.require_going(case.incident)
        rights.require_in_room(case.incident, person)
        return case

    async def _choose(self, number: int, person: str, trigger_id: str) -> Reply:
        case = await self._at_work(number, person)
        modal = blocks.choose_modal(number, self._engine.shown(case))
        return await self._desk.open_modal(trigger_id, modal)

    def _meant(self, words: str) -> Book:
        found = self._engine.library.find(words)
        if len(found) == 1:
            return found[0]
        known = found or tuple(self._engine.library.books.values())
        names = ", ".join(f"`{one.pin.id}`" for one in known)
        raise Refused(f"Which runbook? Say one of {names}.")

    async def _carry_out(
        self, rule: Rule, request: object, number: int, by: Command | Submit
    ) -> None:
        people = await self._desk.people.look_up([by.person])
        asked = Asked(by.key, by.person, people)
        await self._engine.carry_out(rule, request, Existing(number), asked)


def _answers(asked: tuple[Prerequisite, ...], submit: Submit) -> tuple[rules.Answered, ...]:
    """What was said; a question that was left empty says nothing."""
    found = []
    for one in asked:
        met, note = submit.choice(one.id), submit.text(one.id) or ""
        people = submit.people_chosen(one.id)
        if met or note or people:
            found.append(rules.Answered(one.id, cast("Met", met or "yes"), note, people))
    return tuple(found)
