"""How do severities, proposals and major incidents look and read?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import (
    Block,
    InputBlock,
    InputInteractiveElement,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.core import blockkit, ids, messages
from bot.core.blockkit import escape, plain, when
from bot.core.facts import Fact
from bot.core.facts.people import PersonCalled, RoleSought
from bot.core.facts.severity import SeverityChanged, SeverityProposed
from bot.core.incident import Incident
from bot.core.messages import Content, Keep, Message
from bot.core.outcome import Shown, SummaryPart
from bot.features.severity.state import Change, History, Proposal
from runbooks.model import Policy, Severity

AS_GIVEN = "as-given"  # the choice that takes what impact and likelihood give
_REASON_CHARS = 200  # of a reason in a list
_LINES = 12  # of a list that has to fit one screen


@dataclass(frozen=True)
class Seen:
    """An incident as whoever opens the form sees it; who may not set a severity may propose."""

    incident: Incident
    history: History
    may_set: bool


def severity_modal(case: Seen, policy: Policy, chosen: str | None = None) -> View:
    """Impact, likelihood, severity and the reason; what it was before stands below."""
    incident = case.incident
    classes = policy.classification
    given = Option(value=AS_GIVEN, text=plain("What impact and likelihood give"))
    choices = [given, *blockkit.options({s.label: s.label for s in policy.severities.severities})]
    picked = next((one for one in choices if one.value == chosen), given)
    impacts = {one.id: one.label for one in classes.impacts}
    likelihoods = {one.id: one.label for one in classes.likelihoods}
    return View(
        type="modal",
        callback_id="severity",
        private_metadata=json.dumps({"number": incident.number}),
        title=plain("Severity"),
        submit=plain("Set severity" if case.may_set else "Propose"),
        close=plain("Cancel"),
        blocks=[
            *([] if case.may_set else [_only_propose(incident, policy)]),
            _input("impact", "How bad could it get?", _select("impact", impacts), optional=True),
            _input(
                "likelihood",
                "How likely is it?",
                _select("likelihood", likelihoods),
                optional=True,
            ),
            blockkit.context("How loud it is, and how much work a fix takes, do not count."),
            _input(
                "severity",
                "Severity",
                StaticSelectElement(action_id="severity", options=choices, initial_option=picked),
            ),
            _input("reason", "Why?", _text("reason")),
            *_earlier(case.history, policy),
        ],
    )


def major_modal(incident: Incident) -> View:
    """A major incident is decided on purpose, with the criteria."""
    labels = blockkit.options({"yes": "A major incident", "no": "Not a major incident"})
    return View(
        type="modal",
        callback_id="major",
        private_metadata=json.dumps({"number": incident.number}),
        title=plain("Major incident"),
        submit=plain("Decide"),
        close=plain("Cancel"),
        blocks=[
            _input(
                "is_major",
                f"{incident.reference} is",
                RadioButtonsElement(
                    action_id="is_major",
                    options=labels,
                    initial_option=labels[1 if incident.is_major else 0],
                ),
            ),
            _input("criteria", "Which criteria hold, or hold no longer?", _text("criteria")),
        ],
    )


def decline_modal(incident: Incident, proposal: Proposal, severities_say: str) -> View:
    """A no may come with a reason."""
    return View(
        type="modal",
        callback_id="proposal_declined",
        private_metadata=json.dumps({"number": incident.number, "proposal": proposal.number}),
        title=plain("Keep the severity"),
        submit=plain("Keep it"),
        close=plain("Cancel"),
        blocks=[
            blockkit.section(
                f"{incident.reference} stays {severities_say}; <@{proposal.by}> proposed "
                f"{proposal.severity}."
            ),
            _input("reason", "Why?", _text("reason"), optional=True),
        ],
    )


def advice(policy: Policy, impact: str | None, likelihood: str | None) -> Severity | None:
    """The severity that impact and likelihood give; None while one of them was not said."""
    if not impact or not likelihood:
        return None
    severities = policy.severities.severities
    rank = policy.classification.rank(impact, likelihood)
    return severities[min(rank, len(severities) - 1)]


def done(incident: Incident, facts: Sequence[Fact], policy: Policy) -> Content:
    """What the person who set or proposed it reads."""
    name = incident.reference
    for fact in facts:
        if isinstance(fact, SeverityProposed):
            return Content(
                f"Proposed: {fact.severity} for {name}. <@{incident.ic}> is asked, and it applies "
                f"at {when(fact.applies_at)} unless they answer."
            )
        if isinstance(fact, SeverityChanged):
            is_calling = any(isinstance(one, PersonCalled | RoleSought) for one in facts)
            calls = "Whom it names is called" if is_calling else "Nobody else is called"
            said = f"{name} is {fact.severity}. {calls}; the summary follows."
            given = advice(policy, fact.impact, fact.likelihood)
            if given and given.label != fact.severity:
                said += f" Impact and likelihood give {given.label}; what was chosen counts."
            return Content(said)
    return Content(f"{name} is {policy.severities.show(incident.severity)}.")


def decided(incident: Incident) -> Content:
    """What the person who decided about a major incident reads."""
    now = "a major incident" if incident.is_major else "no longer a major incident"
    return Content(f"{incident.reference} is {now}. Summary, topic and announcement follow.")


def told_history(incident: Incident, history: History, policy: Policy) -> Content:
    """All severities with their reasons, the newest first, and what was proposed in vain."""
    lines = [_line(change, policy) for change in reversed(history.changes)]
    for one in reversed(history.proposals):
        if one.answer in {None, "no"}:
            lines.append(
                f"{one.severity} proposed by <@{one.by}>: {_short(one.reason)}. {answer(one)}"
            )
    shown = lines[:_LINES]
    if len(lines) > _LINES:
        shown.append(f"{len(lines) - _LINES} earlier ones are in the timeline.")
    body = "\n".join(f"• {line}" for line in shown)
    text = f"Severity of {incident.reference}, the newest first:\n{body}"
    section = blockkit.section(blockkit.shorten(text, blockkit.SECTION_CHARS))
    return Content(text, (section,))


def answer(proposal: Proposal) -> str:
    """What became of a proposal, as a sentence."""
    who = "it applied by itself"
    if proposal.answered_by not in {None, ids.BOT}:
        who = f"<@{proposal.answered_by}> agreed"
    if proposal.answer == "yes":
        return f"{who}; it is {proposal.severity}."
    if proposal.answer == "no":
        why = f": {_short(proposal.why_not)}" if proposal.why_not else ""
        return f"<@{proposal.answered_by}> said no{why}."
    if proposal.answer == "overtaken":
        return "it was settled before anybody answered."
    return f"It applies at {when(proposal.applies_at)} unless the Incident Commander answers."


def slots(shown: Shown) -> list[Message]:
    """What the Incident Commander is asked, edited in place once it is answered."""
    history = shown.states.of(History)
    return [
        Keep(
            slot=f"proposal/{shown.incident.number}/{proposal.number}/{person}",
            to=ids.person(person),
            content=_asked(shown, proposal),
            urgency=messages.PEOPLE,
            needs=shown.incident.room,  # the message leads there
        )
        for proposal in history.proposals
        for person in proposal.asked
    ]


def summary_parts(shown: Shown) -> list[SummaryPart]:
    """What is proposed, and the button that changes it; the severity itself stands higher up."""
    incident = shown.incident
    if incident.is_over:
        return []
    buttons = (blockkit.button("severity_asked", "Severity", str(incident.number)),)
    waiting = shown.states.of(History).waiting
    if waiting is None:
        return [SummaryPart(91, buttons=buttons)]
    line = (
        f"Proposed: {waiting.severity} by <@{waiting.by}>, applies {when(waiting.applies_at)} "
        f"unless <@{incident.ic}> answers"
    )
    content = Content(f"{line}.", (blockkit.context(line),))
    return [SummaryPart(45, content), SummaryPart(91, buttons=buttons)]


def _asked(shown: Shown, proposal: Proposal) -> Content:
    incident = shown.incident
    room = messages.channel(incident.room)
    start = (
        f"{incident.reference}: <@{proposal.by}> proposes {proposal.severity}, in {room}. "
        f"Why: {_short(proposal.reason)}."
    )
    if proposal.answer is not None:
        said = f"{start} Answered: {answer(proposal)}"
        return Content(said, (blockkit.section(said),))
    said = f"Agree or say no to this. {start} {answer(proposal)}"
    value = json.dumps({"number": incident.number, "proposal": proposal.number})
    buttons = [
        blockkit.button("proposal_agreed", f"Agree: {proposal.severity}", value, "primary"),
        blockkit.button("proposal_declined_asked", "No", value),
    ]
    return Content(said, (blockkit.section(said), blockkit.actions(buttons)))


def _only_propose(incident: Incident, policy: Policy) -> Block:
    minutes = round(policy.habits.propose_applies_after.total_seconds() / 60)
    return blockkit.section(
        f"You can propose a worse severity. <@{incident.ic}> is asked, and it applies after "
        f"{minutes} min without an answer."
    )


def _earlier(history: History, policy: Policy) -> list[Block]:
    lines = [_line(change, policy) for change in reversed(history.changes[-3:])]
    return [blockkit.context("\n".join(lines))] if lines else []


def _line(change: Change, policy: Policy) -> str:
    label = policy.severities.show(change.severity)
    who = f"<@{change.by}>"
    if change.by == ids.BOT:
        who = "by itself, as proposed" if change.proposal else "by an alert"
    why = f": {_short(change.reason)}" if change.reason else ""
    declared = "" if change.reason else " at the declare"
    return f"{label}{declared}, {who}, {when(change.at)}{why}"


def _short(text: str) -> str:
    return escape(blockkit.shorten(" ".join(text.split()), _REASON_CHARS))


def _input(
    name: str, label: str, element: InputInteractiveElement, *, optional: bool = False
) -> InputBlock:
    return InputBlock(block_id=name, label=label, element=element, optional=optional)


def _select(name: str, labels: dict[str, str]) -> StaticSelectElement:
    return StaticSelectElement(action_id=name, options=blockkit.options(labels))


def _text(name: str) -> PlainTextInputElement:
    return PlainTextInputElement(action_id=name, multiline=True, max_length=blockkit.INPUT_CHARS)
