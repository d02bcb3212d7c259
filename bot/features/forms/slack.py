"""Which buttons and modals fill in a step's form?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from bot.core.blockkit import when
from bot.core.outcome import Refused
from bot.core.runs.model import Answer
from bot.features.forms import blocks, rules
from bot.slack import steps
from bot.slack.listen import Desk, Page, Reply
from bot.slack.payloads import Json, Press, Submit
from runbooks.fields import Choice, Choices, Day, Field, Number, People, Range, Text, YesNo
from runbooks.steps import Form

Inputs = Mapping[str, Json]


def register(desk: Desk) -> None:
    """Take the buttons and the form."""
    way = _Way(desk)
    desk.button("step_form", way.opened)
    desk.button("form_keep", way.kept)
    desk.button("form_back", way.turned_back)
    desk.submit("form_page", way.submitted)


class _Way:
    """The listeners, with what they work with."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def opened(self, press: Press) -> Reply:
        incident, run, step = await steps.step(self._desk, press.value, press.person)
        if not isinstance(step.what, Form):
            raise Refused("This step asks no questions. Open it on the checklist.")
        modal = blocks.page_modal(incident.number, run, step, 0)
        return await self._desk.open_modal(press.trigger_id, modal)

    async def kept(self, press: Press) -> Reply:
        return await self._turn(press, 0)

    async def turned_back(self, press: Press) -> Reply:
        return await self._turn(press, -1)

    async def submitted(self, submit: Submit) -> Reply:
        value = f"{submit.about['number']}/{submit.about['run']}/{submit.about['step']}"
        page = int(submit.about["page"])
        request = await self._page(value, page, submit.person, submit.inputs)
        await steps.carry_out(self._desk, rules.answer, request, submit)
        incident, run, step = await steps.step(self._desk, value, submit.person)
        if step.is_closed or not isinstance(step.what, Form):
            return None
        return Page(blocks.page_modal(incident.number, run, step, page + 1))

    async def _turn(self, press: Press, by: int) -> Reply:
        """Keep what is on the page, and show it or the one before."""
        value, _, page = press.value.rpartition("/")
        request = await self._page(value, int(page), press.person, press.inputs)
        await steps.carry_out(self._desk, rules.keep, request, press)
        incident, run, step = await steps.step(self._desk, value, press.person)
        kept = f"Kept {when(self._desk.engine.now())}. Close it and go on later."
        view = blocks.page_modal(incident.number, run, step, max(int(page) + by, 0), kept)
        return await steps.show(self._desk, press, view)

    async def _page(self, value: str, page: int, person: str, inputs: Inputs) -> rules.Page:
        _, run, step = await steps.step(self._desk, value, person)
        if not isinstance(step.what, Form) or not 0 <= page < len(step.what.pages()):
            raise Refused("This page is not there any more. Open the step again.")
        fields = step.what.pages()[page]
        values = {field.id: _read(field, inputs) for field in fields}
        return rules.Page((run.number, step.n), page, values)


def _read(field: Field, inputs: Inputs) -> Answer:
    """What was entered for a question."""
    names = blocks.parts(field)
    why = _typed(inputs, blocks.unknown(field)) or None
    match field:
        case Text():
            return Answer(text=_typed(inputs, field.id) or None, unknown=why)
        case Number() | Range():
            typed = tuple(_typed(inputs, name) for name in names)
            return Answer(typed if any(typed) else (), unknown=why)
        case YesNo():
            text = _typed(inputs, names[1]) if len(names) > 1 else ""
            return Answer(_chosen(inputs, field.id), text or None, why)
        case Choice() | Choices() | People() | Day():
            return Answer(_READ[field.type](inputs, field.id), unknown=why)


def _typed(inputs: Inputs, name: str) -> str:
    return str(inputs.get(name, {}).get("value") or "").strip()


def _chosen(inputs: Inputs, name: str) -> tuple[str, ...]:
    found = inputs.get(name, {})
    one = found.get("selected_option")
    some = found.get("selected_options") or ([one] if one else [])
    return tuple(str(option["value"]) for option in some)


def _people(inputs: Inputs, name: str) -> tuple[str, ...]:
    return tuple(map(str, inputs.get(name, {}).get("selected_users") or ()))


def _day(inputs: Inputs, name: str) -> tuple[str, ...]:
    found = inputs.get(name, {})
    if seconds := found.get("selected_date_time"):
        return (datetime.fromtimestamp(int(seconds), UTC).isoformat(),)
    return (str(found["selected_date"]),) if found.get("selected_date") else ()


_READ: Mapping[str, Callable[[Inputs, str], tuple[str, ...]]] = {
    "choice": _chosen,
    "choices": _chosen,
    "people": _people,
    "date": _day,
}
