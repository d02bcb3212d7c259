"""Which button and form add files to a step?"""

from __future__ import annotations

from bot.core import disclosure, ids
from bot.core.evidence import Evidence
from bot.core.facts.evidence import FileAwaited
from bot.core.outcome import Person, Refused
from bot.core.preserving import Labels, SlackFile
from bot.core.runs import questions
from bot.engine import NotWritten
from bot.features.proofs import blocks, rules
from bot.slack import questions as asked
from bot.slack import steps
from bot.slack.files import named
from bot.slack.listen import Desk, Reply
from bot.slack.payloads import Press, Submit
from runbooks.steps import FileUpload


def register(desk: Desk) -> None:
    """Take the button and the form."""
    way = _Way(desk)
    desk.button("step_file_upload", way.opened)
    desk.submit("proof", way.added)


class _Way:
    """The listeners, with what they work with."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._engine = desk.engine

    async def opened(self, press: Press) -> Reply:
        incident, run, step = await steps.step(self._desk, press.value, press.person)
        if not isinstance(step.what, FileUpload):
            raise Refused("This step takes no files. Open it on the checklist.")
        case = await self._desk.inside(incident.number, press.person)
        known = await self._desk.people.look_up([press.person])
        person, policy = known.get(press.person, Person(press.person)), self._engine.policy
        every = case.states.of(Evidence).all
        seen = tuple(
            one
            for one in every
            if disclosure.sees(incident, one, person, policy) and not (one.erased_at or one.missed)
        )
        shown = self._engine.shown(case)
        modal = blocks.add_modal(shown, run, step, step.what, (press.person, seen))
        return await self._desk.open_modal(press.trigger_id, modal)

    async def added(self, submit: Submit) -> Reply:
        number = int(submit.about["number"])
        step = await steps.sent(self._desk, submit)
        files = await self._reserved(number, submit)
        custodian = submit.person_chosen("custodian")
        request = rules.Proof(
            at=steps.at(submit),
            kind=submit.choice("kind"),
            files=files,
            numbers=tuple(sorted(int(one) for one in submit.choices("items") if one.isdigit())),
            labels=Labels(
                label=submit.choice("label"), custodian=custodian, note=submit.text("note")
            ),
            is_all=bool(submit.choices("all")),
            values=asked.read(questions.asked(step), submit.inputs),
        )
        try:
            done = await steps.carry_out(self._desk, rules.add, request, submit, [custodian])
        except (Refused, NotWritten):
            await self._let_go(files)
            raise
        awaited = [fact for fact in done.facts if isinstance(fact, FileAwaited)]
        for fact in awaited:
            self._desk.fetch(number, fact)
        kept = {fact.item for fact in awaited}
        await self._let_go(tuple(one for one in files if one.item not in kept))
        return None

    async def _reserved(self, number: int, submit: Submit) -> tuple[SlackFile, ...]:
        """A place in the vault for each file that was chosen."""
        chosen = named(submit.inputs.get("files", {}).get("files") or ())
        chain, now = ids.chain(number), self._engine.now()
        return tuple(
            [
                SlackFile(file_id, name, await self._desk.files.reserve(chain, now))
                for file_id, name in chosen.items()
            ]
        )

    async def _let_go(self, files: tuple[SlackFile, ...]) -> None:
        for one in files:
            await self._desk.files.forget(one.item)
