"""How do requests for approval, and what became of them, look and read?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

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
from bot.core.incident import IC, Incident
from bot.core.messages import Content, Keep, Message, Post
from bot.core.outcome import Shown
from bot.core.runs import acts, grounds, questions, seats, wording
from bot.core.runs.model import Ask, Ending, Run, Runs, Step, Verdict
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
    "lapsed": "to be decided again: what it rests on has changed",
}
# What whoever asked reads, and does next. Of what lapsed they are told where it lapses.
_ANSWERS: Mapping[str, str] = {
    "granted": "is approved. Go on with it: {place} is done.",
    "conditions": "is approved with conditions. Keep to them: {place} is done.",
    "refused": "is refused. Settle why, then ask again from the checklist, {place}.",
    "expired": "expired, as nobody decided in time. Ask again from the checklist, {place}.",
    "withdrawn": "was taken back by <@{by}>. You can ask again from the checklist, {place}.",
}
_INSTRUCTION_CHARS = 600  # the whole of it is on the step's page


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
    blocks: list[Block] = [*_asked(step, ask).blocks]
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


def waiting_page(shown: Shown, run: Run, step: Step, person: str, *, decides: bool) -> View:
    """A request that waits, with what whoever looks at it can do, and by what they decide."""
    ask = step.asks[-1]
    parts = [_asked(step, ask), *(grounds.grounds(shown, run, step, person) if decides else ())]
    value = f"{shown.incident.number}/{run.number}/{step.n}/{ask.number}"
    may_withdraw = person in {ask.by, shown.incident.holder(IC)}
    names = DECISIONS if decides else {"withdraw": "Take it back"} if may_withdraw else {}
    row = [blockkit.button(f"approval_{id_}", name, value) for id_, name in names.items()]
    blocks = [*wording.instruction(run, step), *grounds.page(parts)]
    blocks += [blockkit.actions(row)] if row else []
    return View(type="modal", title=plain(wording.title(step)), close=plain("Close"), blocks=blocks)


def decider_page(run: Run, step: Step) -> View:
    """What whoever decides reads where nobody asked yet: asking would take the decision away."""
    said = (
        "You decide this step, so somebody else asks for it: whoever asks never approves. Tell "
        "them to press Ask on the checklist. You then get the request privately."
    )
    blocks = [*wording.instruction(run, step), blockkit.section(said)]
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
                request(shown, (run, step, ask), person, is_asked=person in asked),
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
    parts = [_asked(step, ask), *(part for one in ask.verdicts for part in _verdict(one, what))]
    for by, to in ask.delegates.values():
        parts.append(grounds.told(f"<@{by}> lets <@{to}> decide."))
    if ask.ended:
        parts.append(grounds.told(f"This request is {_ENDED[ask.ended]}."))
    said, blocks = grounds.message(parts)
    return Content(said, tuple(blocks))


def answer(incident: Incident, at: tuple[Run, Step, Ask], how: Ending, by: str) -> tuple[Post, ...]:
    """What whoever asked reads privately, once, when it has ended; nothing for one who ended it."""
    run, step, ask = at
    if by == ask.by or not isinstance(step.what, Approval):
        return ()
    place = f"step {step.n} of runbook {run.number}"
    kind = "conditions" if any(one.conditions for one in ask.verdicts) else how
    said = _ANSWERS.get(kind if how == "granted" else how)
    if said is None:
        return ()
    head = f"{incident.reference}: *{escape(step.what.title)}* {said.format(place=place, by=by)}"
    parts = [part for one in ask.verdicts for part in _verdict(one, step.what)]
    text, blocks = grounds.message([grounds.told(head), *parts])
    name = f"{ids.chain(incident.number)} ended {run.number}/{step.n}/{ask.number}"
    return (Post(name, ids.person(ask.by), Content(text, tuple(blocks))),)


def _asked(step: Step, ask: Ask) -> grounds.Part:
    options = getattr(step.what, "options", None) or {}
    chosen = ", ".join(escape(options.get(one, one)) for one in ask.options)
    head = f"<@{ask.by}> asks {when(ask.at)}"
    return grounds.said(f"{head}\nFor: {chosen}\nWhy:" if chosen else f"{head}:", ask.text)


def _verdict(one: Verdict, what: Approval) -> Iterator[grounds.Part]:
    head = f"<@{one.person}> {_SAID[one.decision]} {when(one.at)}"
    if one.options and what.options:
        chosen = ", ".join(escape(what.options.get(id_, id_)) for id_ in one.options)
        head += f"\nApproved: {chosen}"
    yield grounds.said(f"{head}\nWhy:", one.reason)
    if one.conditions:
        yield grounds.said("Conditions:", one.conditions)


def request(shown: Shown, at: tuple[Run, Step, Ask], person: str, *, is_asked: bool) -> Content:
    """What an approver reads: everything to decide by, or that nothing is left to do."""
    run, step, ask = at
    place = f"{shown.incident.reference} · {messages.channel(shown.incident.room)}"
    head = f"*{escape(step.what.title)}* in {place}, runbook {run.number}, step {step.n}"
    if ask.ended or not is_asked:
        end = f"is {_ENDED[ask.ended]}" if ask.ended else "needs nothing from you now"
        said = f"{head} {end}."
        return Content(said.replace("*", ""), (blockkit.context(said),))
    parts = [grounds.told(f"{head} waits for your decision."), _asked(step, ask)]
    instruction = blockkit.shorten(step.what.instruction, _INSTRUCTION_CHARS)
    parts.append(grounds.told(instruction))
    if run.secures:
        held = acts.numbers([one.n for one in run.secures])
        secured = f"The evidence is not secured yet: {held} of runbook {run.number}."
        parts.append(grounds.told(secured))
    if ask.expires_at:
        parts.append(grounds.told(f"It expires {when(ask.expires_at)}."))
    parts += grounds.grounds(shown, run, step, person)
    value = f"{shown.incident.number}/{run.number}/{step.n}/{ask.number}"
    row = [blockkit.button(f"approval_{id_}", name, value) for id_, name in DECISIONS.items()]
    row.append(blockkit.button("approval_hand_on", "Let somebody else decide", value))
    said, blocks = grounds.message(parts)
    blocks.append(blockkit.actions(row))
    return Content(f"{said}\nPress Approve, Approve with conditions, or Refuse.", tuple(blocks))
