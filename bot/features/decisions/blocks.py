"""How do decisions look and read: in the room, on the summary, in lists and in forms?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from slack_sdk.models.blocks import (
    Block,
    DateTimePickerElement,
    InputBlock,
    PlainTextInputElement,
    SectionBlock,
    StaticSelectElement,
    UserSelectElement,
)
from slack_sdk.models.views import View

from bot.core import blockkit, ids, lacking
from bot.core.blockkit import plain, when
from bot.core.facts.decisions import DecisionDetails
from bot.core.incident import Incident
from bot.core.messages import Content, Keep, Message
from bot.core.outcome import Shown, SummaryPart
from bot.features.decisions.state import Decision, Decisions
from runbooks.model import Roles

PAGE = 8  # decisions; with their reasons they stay far below what Slack takes in one message
_SUMMARY, _LATEST = 40, 3
_SUMMARY_CHARS, _LINE_CHARS, _LIST_CHARS, _ASKED_CHARS = 120, 240, 300, 100
_PAGE_CHARS, _OPTION_CHARS, _VALUE_CHARS = 1500, 75, 2000
_ASKED_AT_MOST = 20
_LOGGED = 20  # decisions in the room's list; all of them are in `decisions`
_ASKS = {"text": "What was decided?", "because": "Why does it hold no longer?"}
LABELS = {
    "authority": "By which authority?",
    "why": "Why?",
    "alternatives": "Which alternatives, and what is the trade-off?",
    "facts_seen": "Which facts were seen?",
    "evidence": "Links to evidence",
    "expected": "Which effect is expected?",
    "measure": "How is the effect measured?",
    "review_at": "Look at it again at",
}


def slots(shown: Shown) -> list[Message]:
    """One list in the room, edited in place, and one private list of what is asked of whom."""
    incident = shown.incident
    about = (incident.reference, incident.room, incident.is_over, incident.is_private)
    seen = (*about, incident.people, shown.command, shown.policy)
    return list(shown.states.of(Decisions).drawn_of(seen, lambda: _lists(shown)))


def _lists(shown: Shown) -> list[Message]:
    decisions = shown.states.of(Decisions)
    here = tuple(one for one in decisions.all if not one.is_elsewhere)
    log = [_log(shown, here)] if here else []
    return [*log, *(_asked(shown, person) for person in decisions.asked)]


def summary_parts(shown: Shown) -> list[SummaryPart]:
    """The last three decisions, and how many say no reason."""
    decisions = shown.states.of(Decisions)
    if not decisions.kept:
        return []
    rows = [_short(one) for one in decisions.kept[:_LATEST]]
    shows = (blockkit.section("\n".join(["*Last decisions*", *rows])),)
    said = Content(f"Last decisions: {'; '.join(rows)}.", shows)
    if shown.incident.is_over:
        return [SummaryPart(_SUMMARY, said)]
    gaps = [f"decisions without a reason: {len(decisions.lacking)}"] if decisions.lacking else []
    gaps += lacking.owners(shown, decisions.deciders)
    return [SummaryPart(_SUMMARY, said, gaps=tuple(gaps))]


def listed(shown: Shown, page: int = 0) -> Content:
    """A page of the decisions, the newest first, for the person who asked."""
    incident, decisions = shown.incident, shown.states.of(Decisions)
    if not decisions.kept:
        how = f"Record one with `{shown.command} decision` or from a message's menu."
        return Content(f"{incident.reference} has no decisions yet. {how}")
    start = max(0, min(page, (len(decisions.kept) - 1) // PAGE)) * PAGE
    here = decisions.kept[start : start + PAGE]
    head = f"Decisions of {incident.reference}, newest first ({len(decisions.kept)})"
    rows = [_row(one, shown.policy.roles) for one in here]
    blocks: list[Block] = [blockkit.section(f"*{head}*")]
    for one, row in zip(here, rows, strict=True):
        button = blockkit.button("decision_open", f"Open {one.number}", _value(incident, one))
        blocks.append(SectionBlock(text=blockkit.mrkdwn(row), accessory=button))
    if start + PAGE < len(decisions.kept):
        value = json.dumps({"number": incident.number, "page": start // PAGE + 1})
        older = blockkit.button("decisions_older", "Older decisions", value)
        blocks.append(blockkit.actions([older]))
    return Content("\n".join([f"{head}.", *rows]), tuple(blocks))


def whose(one: Decision, roles: Roles) -> str:
    """Who decided, in which role; who recorded it, where nobody said who decided."""
    if one.details.decider is None:
        return f"recorded by <@{one.by}>"
    role = one.details.decider_role
    return f"by <@{one.details.decider}>{f' ({roles.get(role).label})' if role else ''}"


def _log(shown: Shown, here: Sequence[Decision]) -> Keep:
    """With the first it is new and names nobody; later ones are edits, which notify nobody."""
    incident, roles = shown.incident, shown.policy.roles
    last = reversed(here[-_LOGGED:])
    rows = [(one.number, _line(one, roles, is_named=len(here) > 1)) for one in last]
    older = len(here) - _LOGGED
    more = f" ({older} older: `{shown.command} decisions`)" if older > 0 else ""
    head = f"Decisions so far, newest first{more}"
    lines = [blockkit.section(f"*Decision {number}*{said}") for number, said in rows]
    text = "\n".join([f"{head}.", *(f"Decision {number}{said}" for number, said in rows)])
    slot = f"decisions/{incident.number}/log{'/private' if incident.is_moved else ''}"
    return Keep(slot, incident.room, Content(text, (blockkit.context(head), *lines)))


def _line(one: Decision, roles: Roles, *, is_named: bool) -> str:
    said = one.marks
    if not one.is_withdrawn:
        said += f": {blockkit.cut(one.text, _LINE_CHARS)}{_by(one, roles, is_named=is_named)}"
    if one.reversed_because:
        said += f"\nReversed because: {blockkit.cut(one.reversed_because, _LINE_CHARS)}"
    return said + _link(one, "the message")


def _by(one: Decision, roles: Roles, *, is_named: bool) -> str:
    """Who decided; nobody is mentioned for what they recorded themselves."""
    decider, role = one.details.decider, one.details.decider_role
    known = [roles.get(role).label] if role else []
    known += [f"<@{decider}>"] if is_named and decider and decider != one.by else []
    return f" – by {' '.join(known)}" if known else ""


def _short(one: Decision) -> str:
    text = blockkit.cut(one.text, _SUMMARY_CHARS)
    return f"{one.number}. {text}{one.marks}{_link(one, 'message')}"


def _head(one: Decision, roles: Roles) -> str:
    severity = f" · {one.record.severity}" if one.record.severity else ""
    return f"*Decision {one.number}*{one.marks} · {when(one.at)}{severity} · {whose(one, roles)}"


def _row(one: Decision, roles: Roles) -> str:
    said = {"": one.text, "Why: ": one.details.why, "Reversed because: ": one.reversed_because}
    rows = [f"{what}{blockkit.cut(it, _LIST_CHARS)}" for what, it in said.items() if it]
    return "\n".join([_head(one, roles), *rows]) + _link(one, "the message")


def _asked(shown: Shown, person: str) -> Keep:
    """The one list of reasons that are asked of a person; empty when they are not asked."""
    incident, decisions = shown.incident, shown.states.of(Decisions)
    is_asked = decisions.asks == person and not incident.is_over
    may_know = not incident.is_private or person in incident.people
    lacking = decisions.lacking if is_asked and may_know else ()
    none = f"{incident.reference}: nothing about its decisions is asked of you now."
    content = _asks(incident, lacking) if lacking else Content(none, (blockkit.section(none),))
    return Keep(f"decisions/{incident.number}/asked/{person}", ids.person(person), content)


def _asks(incident: Incident, lacking: Sequence[Decision]) -> Content:
    head = f"{incident.reference}: decisions without a reason. Say why, while people still know"
    rows = [
        f"{one.number}. {blockkit.cut(one.text, _ASKED_CHARS)}" for one in lacking[:_ASKED_AT_MOST]
    ]
    blocks: list[Block] = [blockkit.section(f"{head}.")]
    for one, row in zip(lacking, rows, strict=False):
        button = blockkit.button("decision_amend", "Complete", _value(incident, one))
        blocks.append(SectionBlock(text=blockkit.mrkdwn(row), accessory=button))
    if more := len(lacking) - len(rows):
        rows.append(f"and {more} more")
        blocks.append(blockkit.context(f"And {more} more, once these are complete."))
    return Content(f"{head}: {'; '.join(rows)}.", tuple(blocks))


def _value(incident: Incident, one: Decision) -> str:
    return json.dumps({"number": incident.number, "decision": one.number})


def _link(one: Decision, label: str) -> str:
    return f" · <{one.record.permalink}|{label}>" if one.record.permalink else ""


def record_modal(
    about: Mapping[str, object], text: str, choices: Sequence[Incident], roles: Roles, *, more: bool
) -> View:
    """The form: only the text is required; `more` unfolds the rest, and what was typed stays.

    `choices` are the incidents to choose from outside a room; empty inside one.
    """
    blocks: list[Block] = []
    if choices:
        titles = {str(one.number): f"{one.reference} {one.title}" for one in choices}
        labels = {name: blockkit.shorten(titles[name], _OPTION_CHARS) for name in titles}
        select = StaticSelectElement(action_id="incident", options=blockkit.options(labels))
        blocks.append(InputBlock(block_id="incident", label="Which incident?", element=select))
    blocks.append(_text("text", text, is_required=True))
    if more:
        blocks += _details(DecisionDetails(), roles)
    else:
        # It carries what the form was opened with; what was typed since stays in Slack's client.
        carried = {"about": about, "text": text, "is_elsewhere": bool(choices)}
        if len(json.dumps(carried)) > _VALUE_CHARS:
            carried["text"] = ""
        blocks.append(
            blockkit.actions([blockkit.button("decision_more", "More", json.dumps(carried))])
        )
    return _form("decision", "Record a decision", "Record", json.dumps(about), blocks)


def amend_modal(incident: Incident, one: Decision, roles: Roles) -> View:
    """The form with what is known; what is left empty stays as it was."""
    blocks = [_text("text", one.text, is_required=True), *_details(one.details, roles)]
    title = f"Amend decision {one.number}"
    return _form("decision_amend", title, "Amend", _value(incident, one), blocks)


def reverse_modal(incident: Incident, one: Decision, roles: Roles) -> View:
    """The form that takes a decision back; it asks why."""
    blocks = [blockkit.section(_row(one, roles)), _text("because", "", is_required=True)]
    title = f"Reverse decision {one.number}"
    return _form("decision_reverse", title, "Reverse", _value(incident, one), blocks)


def record_page(incident: Incident, one: Decision, roles: Roles) -> View:
    """A decision as it reads now, how it was first recorded, and what can be done about it."""
    first = one.record.text if one.text != one.record.text else None
    rows = [
        (_head(one, roles) + _link(one, "the message"), one.text),
        ("*Reversed because*", one.reversed_because),
        *((f"*{label}*", getattr(one.details, name)) for name, label in LABELS.items()),
        ("*First recorded as*", first),
    ]
    blocks: list[Block] = [
        blockkit.section(f"{label}\n{_said(value)}") for label, value in rows if value
    ]
    if one.holds and not incident.is_over:
        value = _value(incident, one)
        buttons = [blockkit.button("decision_amend", "Amend", value)]
        buttons.append(blockkit.button("decision_reverse_asked", "Reverse", value))
        if one.details.review_at and not one.is_reviewed:
            buttons.insert(0, blockkit.button("decision_holds", "Still holds", value, "primary"))
        blocks.append(blockkit.actions(buttons))
    return View("modal", title=plain(f"Decision {one.number}"), close=plain("Close"), blocks=blocks)


def _said(value: datetime | str) -> str:
    return when(value) if isinstance(value, datetime) else blockkit.cut(value, _PAGE_CHARS)


def _form(callback_id: str, title: str, submit: str, about: str, blocks: Sequence[Block]) -> View:
    return View(
        type="modal",
        callback_id=callback_id,
        private_metadata=about,
        title=plain(title),
        submit=plain(submit),
        close=plain("Cancel"),
        blocks=list(blocks),
    )


def _details(known: DecisionDetails, roles: Roles) -> list[Block]:
    options = blockkit.options({role.id: role.label for role in roles.roles})
    chosen = next((one for one in options if one.value == known.decider_role), None)
    decider = UserSelectElement(action_id="decider", initial_user=known.decider)
    role = StaticSelectElement(
        action_id="decider_role", options=options, initial_option=chosen, placeholder="A role"
    )
    seconds = int(known.review_at.timestamp()) if known.review_at else None
    review = DateTimePickerElement(action_id="review_at", initial_date_time=seconds)
    return [
        InputBlock(block_id="decider", label="Who decided?", element=decider, optional=True),
        InputBlock(block_id="decider_role", label="In which role?", element=role, optional=True),
        *(_text(name, getattr(known, name) or "") for name in LABELS if name != "review_at"),
        InputBlock(block_id="review_at", label=LABELS["review_at"], element=review, optional=True),
    ]


def _text(name: str, known: str, *, is_required: bool = False) -> InputBlock:
    is_cut = len(known) > blockkit.INPUT_CHARS
    redact = "Take out names and personal data." if name == "text" else None
    return InputBlock(
        block_id=name,
        label=LABELS.get(name) or _ASKS[name],
        hint=f"Shortened to 3,000 characters. {redact}" if is_cut else redact,
        optional=not is_required,
        element=PlainTextInputElement(
            action_id=name,
            multiline=True,
            initial_value=blockkit.shorten(known, blockkit.INPUT_CHARS) or None,
            max_length=blockkit.INPUT_CHARS,
            focus_on_load=is_required or None,
        ),
    )
