"""How are calls to other systems begun, and what came of them shown?"""

from __future__ import annotations

from collections.abc import Mapping

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    InputBlock,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
)
from slack_sdk.models.views import View

from bot.core import blockkit
from bot.core.blockkit import escape, plain, when
from bot.core.messages import Content, Keep, Message
from bot.core.outcome import Shown
from bot.core.runs import acts, questions, wording
from bot.core.runs.model import Call, Run, Runs, Step
from runbooks.model import Policy
from runbooks.steps import Webhook

WAYS: Mapping[str, str] = {
    "send": "Send what is chosen",
    "by_hand": "What is chosen was done by hand",
    "done": "All is done: end the step",
}
_RINGS = "pagerduty"  # the template of what wakes somebody
_SAID: Mapping[str, str] = {
    "sent": "on its way",
    "answered": "accepted",
    "called_back": "done, as it says itself",
    "failed": "failed",
    "by_hand": "done by hand",
}


def step_modal(number: int, run: Run, step: Step, what: Webhook, policy: Policy) -> View:
    """What is called, what came of it, and what to do next."""
    blocks: list[Block] = [*wording.instruction(run, step)]
    blocks += [blockkit.context(line) for line in lines(step, what)]
    open_ = {one.id: one.label for one in what.targets if not _is_closed(step.calls.get(one.id))}
    if open_:
        chosen = wording.options(open_)
        ticks = CheckboxesElement(
            action_id="targets", options=chosen, initial_options=_preset(what, chosen)
        )
        label = "Which of these?"
        blocks.append(InputBlock(block_id="targets", label=label, optional=True, element=ticks))
        blocks += _lacking(what, set(open_), policy)
    if what.checks:
        ticks = CheckboxesElement(action_id="checks", options=wording.options(what.checks))
        blocks.append(
            InputBlock(block_id="checks", label="What holds?", optional=True, element=ticks)
        )
    asks = questions.Place(wording.value(number, run, step), is_final=False)
    known = {**step.answers, **step.drafts}
    blocks += questions.draw(asks, questions.asked(step), known, policy)
    text = PlainTextInputElement(action_id="note", multiline=True, max_length=acts.TEXT_CHARS)
    blocks.append(InputBlock(block_id="note", label="Note", optional=True, element=text))
    return View(
        type="modal",
        callback_id="step_send",
        private_metadata=wording.about(number, run, step),
        title=plain(wording.title(step)),
        submit=plain("Go on"),
        close=plain("Cancel"),
        blocks=[_way(bool(open_)), *blocks],
    )


def _preset(what: Webhook, offered: list[Option]) -> list[Option] | None:
    """What is ticked to begin with: what has to be sent, and rings nobody."""
    quiet = {one.id for one in what.targets if one.required and one.template != _RINGS}
    return [one for one in offered if one.value in quiet] or None


def not_sent_page(step: Step, what: Webhook, failed: Mapping[str, str]) -> View:
    """What whoever sent reads of what could not go out, by target: what it lacks."""
    labels = {one.id: one.label for one in what.targets}
    said = [f"*{escape(labels[id_])}* was not sent. {escape(why)}" for id_, why in failed.items()]
    said.append(f"The rest is on its way. Open step {step.n} again to send what is missing.")
    return blockkit.notice(wording.title(step), "\n".join(said))


def _way(has_open: bool) -> InputBlock:
    ways = WAYS if has_open else {"done": WAYS["done"]}
    options = blockkit.options(ways)
    element = RadioButtonsElement(action_id="way", options=options, initial_option=options[0])
    return InputBlock(block_id="way", label="What now?", element=element)


def _is_closed(call: Call | None) -> bool:
    return bool(call and call.status != "failed")


def _lacking(what: Webhook, open_: set[str], policy: Policy) -> list[Block]:
    """An input for each value that a system wants and neither runbook nor bot can give."""
    found: dict[str, str] = {}
    for target in what.targets:
        system = policy.webhooks.find(target.id) or policy.webhooks.find(target.template)
        if target.id in open_ and system:
            given = {*target.payload, "incident", "title", "details"}
            found.update(dict.fromkeys(sorted(system.wants - given), system.label))
    return [
        InputBlock(
            block_id=f"value.{name}",
            label=f"{name.replace('_', ' ').capitalize()} ({label})",
            optional=True,
            element=PlainTextInputElement(action_id=f"value.{name}", max_length=300),
        )
        for name, label in found.items()
    ]


def lines(step: Step, what: Webhook) -> list[str]:
    """Each target and what came of it."""
    return [_line(escape(one.label), step.calls.get(one.id)) for one in what.targets]


def _line(label: str, call: Call | None) -> str:
    if call is None:
        return f"{label}: not sent yet"
    said = f"{label}: {_SAID[call.status]} {when(call.at)}, by <@{call.by}>"
    if call.reference:
        said += f" · {blockkit.cut(call.reference, 200)}"
    if call.link:
        said += f" · {blockkit.cut(call.link, 500)}"
    if call.note:
        said += f" · {blockkit.cut(call.note, 300)}"
    if call.status == "failed":
        said += ". Send it again, or say that it was done by hand"
    return said


def slots(shown: Shown) -> list[Message]:
    """What came of each call, in the thread of its step."""
    kept: list[Message] = []
    for run in shown.states.of(Runs).all:
        for step in run.steps:
            if step.same_as is None and step.calls and isinstance(step.what, Webhook):
                thread = acts.thread(shown.incident, run, step)
                said = "\n".join(lines(step, step.what))
                content = Content(said, (blockkit.section(said),))
                kept.append(Keep(f"{thread}/calls", shown.incident.room, content, thread=thread))
    return kept
