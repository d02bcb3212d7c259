"""Which buttons and modals fill in a step's form, and the questions of every step?"""

from __future__ import annotations

from bot.core.blockkit import when
from bot.core.outcome import Refused
from bot.core.runs import questions
from bot.features.forms import blocks, rules
from bot.slack import questions as asked
from bot.slack import showing, steps
from bot.slack.listen import Desk, Page, Reply, Run
from bot.slack.payloads import Press, Submit
from bot.slack.questions import Inputs
from runbooks.steps import FileUpload, Form, Webhook


def register(desk: Desk) -> None:
    """Take the buttons and the form."""
    way = _Way(desk)
    desk.button("step_form", way.opened)
    desk.button("form_keep", way.kept)
    desk.button("form_back", way.turned_back)
    desk.button("question_unknown", way.turning(is_unknown=True))
    desk.button("question_known", way.turning(is_unknown=False))
    desk.submit("form_page", way.submitted)


class _Way:
    """The listeners, with what they work with."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._policy = desk.engine.policy

    async def opened(self, press: Press) -> Reply:
        incident, run, step = await steps.mine(self._desk, press)
        if not isinstance(step.what, Form):
            raise Refused("This step asks no questions. Open it on the checklist.")
        modal = blocks.page_modal((incident.number, 0), run, step, self._policy)
        return await self._desk.open_modal(press.trigger_id, modal)

    async def kept(self, press: Press) -> Reply:
        return await self._turn(press, 0)

    async def turned_back(self, press: Press) -> Reply:
        return await self._turn(press, -1)

    def turning(self, *, is_unknown: bool) -> Run:
        """What asks why a question of any step is unknown, or asks for its answer again."""

        async def on_press(press: Press) -> Reply:
            value, _, id_ = press.value.rpartition("/")
            _, _, step = await steps.step(self._desk, value, press.person)
            field = next((one for one in questions.asked(step) if one.id == id_), None)
            if field is None or not field.may_be_unknown:
                raise Refused("This question is not asked any more. Open the step again.")
            place = questions.Place(value, is_final=not isinstance(step.what, FileUpload | Webhook))
            known = {**step.answers, **step.drafts}
            drawn = questions.turned(place, field, known, self._policy)
            ids = {*questions.parts(field), questions.unknown(field), questions.turn(field)}
            return await showing.exchange(self._desk, press, ids, drawn[is_unknown])

        return on_press

    async def submitted(self, submit: Submit) -> Reply:
        value = f"{submit.about['number']}/{submit.about['run']}/{submit.about['step']}"
        page = int(submit.about["page"])
        request = await self._page(value, page, submit.person, submit.inputs)
        await steps.carry_out(self._desk, rules.answer, request, submit)
        incident, run, step = await steps.step(self._desk, value, submit.person)
        if step.is_closed or not isinstance(step.what, Form):
            return None
        return Page(blocks.page_modal((incident.number, page + 1), run, step, self._policy))

    async def _turn(self, press: Press, by: int) -> Reply:
        """Keep what is on the page, and show it or the one before."""
        value, _, page = press.value.rpartition("/")
        at = int(page) if page.isascii() and page.isdigit() else -1
        request = await self._page(value, at, press.person, press.inputs)
        await steps.carry_out(self._desk, rules.keep, request, press)
        incident, run, step = await steps.step(self._desk, value, press.person)
        kept = f"Kept {when(self._desk.engine.now())}. Close it and go on later."
        view = blocks.page_modal((incident.number, max(at + by, 0)), run, step, self._policy, kept)
        return await showing.show(self._desk, press, view)

    async def _page(self, value: str, page: int, person: str, inputs: Inputs) -> rules.Page:
        _, run, step = await steps.step(self._desk, value, person)
        if not isinstance(step.what, Form) or not 0 <= page < len(questions.pages(step)):
            raise Refused("This page is not there any more. Open the step again.")
        values = asked.read(questions.pages(step)[page], inputs)
        return rules.Page((run.number, step.n), page, values)
