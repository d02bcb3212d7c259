"""How do requests for approval, and what became of them, look and read?"""

from __future__ import annotations

from collections.abc import Mapping

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    InputBlock,
    PlainTextInputElement,
    RadioButtonsElement,
    UserSelectElement,
)
from slack_sdk.models.views import View

from bot.core import blockkit, ids, messages
from bot.core.blockkit import escape, plain, when
from bot.core.messages import Content, Keep, Message
from bot.core.outcome import Shown
from bot.core.runs import acts, questions, seats, wording
from bot.core.runs.model import Ask, Run, Runs, Step, Verdict
from runbooks.model import Policy
from runbooks.steps import Approval

DECISIONS: Mapping[str, str] = {
    "approved": "Approve",
    "conditions": "Approve with conditions",
    "refused": "Refuse",
}
_SAID: Mapping[str, str] = {
    "approved": "approved",
    "conditions": "approved with conditions",
    "refused": "refused",
}
_ENDED: Mapping[str, str] = {
    "granted": "granted",
    "refused": "refused",
    "withdrawn": "taken back",
    "expired": "expired: nobody decided in time",
}
_NOTE_CHARS = 300


def ask_modal(at: tuple[int, Policy], run: Run, step: Step, what: Approval) -> View:
    """What is asked for, why, and what is written down with it; `at` has the incident's number."""
    number, policy = at
    blocks: list[Block] = [*wording.instruction(run, step)]
    if what.per:
        blocks.append(blockkit.context(f"For {what.per}."))
    if what.options:
        blocks.append(_options(what, what.options, ()))
    asks = questions.Place(wording.value(number, run, step))
    known = {**step.answers, **step.drafts}
    blocks += questions.draw(asks, questions.asked(step), known, policy)
    blocks.append(_text("text", "What is to be decided, and why?"))
    return View(
        type="modal",
        callback_id="approval_ask",
        private_metadata=wording.about(number, run, step),
        title=plain(wording.title(step)),
        submit=plain("Ask"),
        close=plain("Cancel"),
        blocks=blocks,
    )


def decide_modal(number: int, run: Run, step: Step, what: Approval, decision: str) -> View:
    """The reason, the conditions, what of it is approved, and what has to hold."""
    ask = step.asks[-1]
    blocks: list[Block] = [blockkit.section(_asked(step, ask))]
    is_yes = decision != "refused"
    if what.confirms and is_yes:
        ticks = CheckboxesElement(action_id="confirms", options=wording.options(what.confirms))
        label = "This has to hold"
        blocks.append(InputBlock(block_id="confirms", label=label, optional=True, element=ticks))
    if what.options and ask.options and is_yes:
        asked = {id_: label for id_, label in what.options.items() if id_ in ask.options}
        blocks.append(_options(what, asked, ask.options))
    if decision == "conditions":
        blocks.append(_text("conditions", "On which conditions?"))
    blocks.append(_text("reason", "Why?"))
    return View(
        type="modal",
        callback_id="approval_decide",
        private_metadata=wording.about(number, run, step, ask=ask.number, decision=decision),
        title=plain(wording.title(step)),
        submit=plain(blockkit.shorten(DECISIONS[decision], 24)),
        close=plain("Cancel"),
        blocks=blocks,
    )


def delegate_modal(number: int, run: Run, step: Step) -> View:
    """Who decides instead, and why."""
    who = UserSelectElement(action_id="person")
    return View(
        type="modal",
        callback_id="approval_delegate",
        private_metadata=wording.about(number, run, step, ask=step.asks[-1].number),
        title=plain(wording.title(step)),
        submit=plain("Hand on"),
        close=plain("Cancel"),
        blocks=[
            InputBlock(block_id="person", label="Who decides instead of you?", element=who),
            _text("reason", "Why?"),
        ],
    )


def waiting_page(number: int, run: Run, step: Step, *, decides: bool) -> View:
    """A request that waits, with what whoever looks at it can do."""
    ask = step.asks[-1]
    blocks: list[Block] = [*wording.instruction(run, step), blockkit.section(_asked(step, ask))]
    value = f"{number}/{run.number}/{step.n}/{ask.number}"
    names = DECISIONS if decides else {"withdraw": "Take it back"}
    blocks.append(
        blockkit.actions(
            [blockkit.button(f"approval_{id_}", name, value) for id_, name in names.items()]
        )
    )
    return View(type="modal", title=plain(wording.title(step)), close=plain("Close"), blocks=blocks)


def _options(what: Approval, offered: Mapping[str, str], chosen: tuple[str, ...]) -> InputBlock:
    options = wording.options(offered)
    known = [one for one in options if one.value in chosen]
    element: RadioButtonsElement | CheckboxesElement
    if what.choose == "one":
        first = known[0] if known else None
        element = RadioButtonsElement(action_id="options", options=options, initial_option=first)
    else:
        element = CheckboxesElement(
            action_id="options", options=options, initial_options=known or None
        )
    return InputBlock(block_id="options", label="Which of these?", element=element)


def _text(name: str, label: str) -> InputBlock:
    text = PlainTextInputElement(action_id=name, multiline=True, max_length=acts.TEXT_CHARS)
    return InputBlock(block_id=name, label=label, element=text)


def slots(shown: Shown) -> list[Message]:
    """The request with each of those who were asked, privately, and its course in the thread."""
    kept: list[Message] = []
    for run in shown.states.of(Runs).all:
        for step in run.steps:
            if isinstance(step.what, Approval):
                for ask in step.asks:
                    kept += _of(shown, run, step, step.what, ask)
    return kept


def _of(shown: Shown, run: Run, step: Step, what: Approval, ask: Ask) -> list[Message]:
    incident = shown.incident
    deciding = seats.deciders(incident, step, what, ask, shown.policy) if not ask.ended else {}
    delegates = [to for _, to in ask.delegates.values()]
    people = dict.fromkeys([*ask.approvers, *delegates, *deciding.values()])
    thread = acts.thread(incident, run, step)
    slot = f"approval/{incident.number}/{run.number}/{step.n}/{ask.number}"
    course = told(step, what, ask)
    asked = {one for one in deciding.values() if _is_free(ask, one)}
    return [
        *(
            Keep(
                f"{slot}/{person}",
                ids.person(person),
                request(shown, run, step, ask, person in asked),
                needs=incident.room,
            )
            for person in people
        ),
        Keep(f"{thread}/ask {ask.number}", incident.room, course, thread=thread),
    ]


def _is_free(ask: Ask, person: str) -> bool:
    return all(one.person != person for one in ask.verdicts)


def told(step: Step, what: Approval, ask: Ask) -> Content:
    """What is asked for and what became of it, in the thread of the step."""
    lines = [_asked(step, ask), *(_verdict(one, what) for one in ask.verdicts)]
    for by, to in ask.delegates.values():
        lines.append(f"<@{by}> lets <@{to}> decide.")
    if ask.ended:
        lines.append(f"This request is {_ENDED[ask.ended]}.")
    said = "\n".join(lines)
    return Content(said, tuple(blockkit.section(line) for line in lines))


def _asked(step: Step, ask: Ask) -> str:
    options = getattr(step.what, "options", None) or {}
    chosen = ", ".join(escape(options.get(one, one)) for one in ask.options)
    said = f"<@{ask.by}> asks {when(ask.at)}: {blockkit.cut(ask.text, acts.TEXT_CHARS)}"
    return said + (f"\nTo: {chosen}" if chosen else "")


def _verdict(one: Verdict, what: Approval) -> str:
    said = f"<@{one.person}> {_SAID[one.decision]} {when(one.at)}: {_typed(one.reason)}"
    if one.options and what.options:
        chosen = ", ".join(escape(what.options.get(id_, id_)) for id_ in one.options)
        said += f"\nApproved: {chosen}"
    return said + (f"\nConditions: {_typed(one.conditions)}" if one.conditions else "")


def _typed(text: str) -> str:
    """Typed words: two of them stand in one section, which takes 3,000 characters."""
    return blockkit.cut(text, acts.TEXT_CHARS)


def request(shown: Shown, run: Run, step: Step, ask: Ask, is_asked: bool) -> Content:
    """What an approver reads: everything to decide by, or that nothing is left to do."""
    place = f"{shown.incident.reference} · {messages.channel(shown.incident.room)}"
    head = f"*{escape(step.what.title)}* in {place}, runbook {run.number}, step {step.n}"
    if ask.ended or not is_asked:
        end = f"is {_ENDED[ask.ended]}" if ask.ended else "needs nothing from you now"
        said = f"{head} {end}."
        return Content(said.replace("*", ""), (blockkit.context(said),))
    lines = [f"{head} waits for your decision", _asked(step, ask), step.what.instruction]
    lines += _evidence(run, shown.policy)
    if run.secures:
        held = acts.numbers([one.n for one in run.secures])
        lines.append(f"The evidence is not secured yet: {held} of runbook {run.number}.")
    if ask.expires_at:
        lines.append(f"It expires {when(ask.expires_at)}.")
    blocks: list[Block] = [blockkit.section(blockkit.shorten(line, 2900)) for line in lines]
    value = f"{shown.incident.number}/{run.number}/{step.n}/{ask.number}"
    row = [blockkit.button(f"approval_{id_}", name, value) for id_, name in DECISIONS.items()]
    row.append(blockkit.button("approval_hand_on", "Let somebody else decide", value))
    blocks.append(blockkit.actions(row))
    said = "\n".join(line.replace("*", "") for line in lines)
    return Content(f"{said}\nPress Approve, Approve with conditions, or Refuse.", tuple(blocks))


def _evidence(run: Run, policy: Policy) -> list[str]:
    """What was done so far, with its notes, and what was answered."""
    lines = []
    for step in run.steps:
        if not step.is_closed:
            continue
        line = f"{step.n}. {escape(step.what.title)}: {acts.said_closed(step)}"
        line += f" by <@{step.closed_by}>" if step.closed_by else ""
        if numbers := sorted({one for items in step.proofs.values() for one in items}):
            line += f" with {', '.join(f'E-{one}' for one in numbers)}"
        if step.note:
            line += f". {blockkit.cut(step.note, _NOTE_CHARS)}"
        lines.append(line)
        if found := questions.answered(step, policy):
            lines.append(found)
    return ["\n".join(lines)] if lines else []
