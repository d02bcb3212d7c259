"""How do the harm line, what is known and what is missing look and read?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    DateTimePickerElement,
    InputBlock,
    InputInteractiveElement,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.core import blockkit
from bot.core.blockkit import escape, plain, when
from bot.core.incident import Incident
from bot.core.messages import Content
from bot.core.outcome import Shown, SummaryPart
from bot.core.runs import governance
from bot.core.runs.model import Runs
from bot.features.details.state import Details, missing

HARM = {"ongoing": "Ongoing", "stopped": "Stopped", "unknown": "Unknown"}
FAMILY = {
    "functional": "Functional: it does its job badly",
    "safety": "Safety: it can hurt people",
    "narrative": "Narrative: it is being talked about",
}
SOURCE = {
    "alert": "An alert",
    "user": "A user",
    "staff": "Somebody here",
    "qa": "Quality assurance",
    "partner": "A partner",
    "journalist": "A journalist",
    "watchdog": "A watchdog",
    "social": "Social media",
}
BASIS = {
    "log or trace": "A log or trace",
    "report": "Somebody's report",
    "estimate": "An estimate",
}
BAR = {
    "has_example": "There is an example one can reproduce, or a credible report",
    "has_impact_path": "There is a plausible way it harms people",
    "is_worse_with_time": "Not knowing gets worse with time",
}
_SEEN_CHARS = 240  # of what was seen; the summary has to fit one screen


def fill_in_modal(shown: Shown) -> View:
    """The form, filled with what is known; every field may stay empty."""
    incident, details = shown.incident, shown.states.of(Details)
    return View(
        type="modal",
        callback_id="fill_in",
        private_metadata=json.dumps({"number": incident.number}),
        title=plain("Fill in"),
        submit=plain("Save"),
        close=plain("Cancel"),
        blocks=[
            *_what_happened(incident, details),
            *_when_and_who(details),
            _tier(shown),
        ],
    )


def _tier(shown: Shown) -> InputBlock:
    """How closely it is governed; a runbook may have to be run because of it."""
    runs, policy = shown.states.of(Runs), shown.policy
    labels = {
        str(one.tier): blockkit.shorten(f"{one.tier} {one.label}: {one.means}", 75)
        for one in policy.governance.tiers
    }
    chosen = _select("governance_tier", labels, str(governance.tier(runs, policy)))
    label = "Governance tier: must a runbook be run, and its record kept?"
    return _input("governance_tier", label, chosen)


def _what_happened(incident: Incident, details: Details) -> list[Block]:
    stopped = _moment("harm_stopped_at", incident.harm_stopped_at)
    return [
        _input("harm", "Is harm going on right now?", _radio("harm", HARM, incident.harm)),
        _input("harm_stopped_at", "Stopped at", stopped),
        _text("seen", "What was seen?", details.seen, many=True),
        _text("surface", "Which model or surface?", details.surface),
        _text("model_version", "Model version", details.model_version),
    ]


def _when_and_who(details: Details) -> list[Block]:
    first = _moment("first_output_at", details.first_output_at)
    first_basis = _select("first_output_basis", BASIS, details.first_output_basis)
    aware = _moment("aware_at", details.aware_at)
    aware_basis = _select("aware_basis", BASIS, details.aware_basis)
    return [
        _input("first_output_at", "First bad output", first),
        _input("first_output_basis", "How is the time of the first bad output known?", first_basis),
        _input("aware_at", "When did we become aware?", aware),
        _input("aware_basis", "How is the time we became aware known?", aware_basis),
        _input("family", "Family", _select("family", FAMILY, details.family)),
        _input("source", "Who reported it?", _select("source", SOURCE, details.source)),
        _input("bar", "Which of these are true?", _ticks(details)),
        _text("evidence", "Where is the evidence?", details.evidence),
        blockkit.context(
            "One trace of prompt, context and output, or the customer's own words, with its time "
            "window. Say where it is kept; leave raw personal data out of here."
        ),
    ]


def _input(name: str, label: str, element: InputInteractiveElement) -> InputBlock:
    return InputBlock(block_id=name, label=label, element=element, optional=True)


def _text(name: str, label: str, known: str | None, *, many: bool = False) -> InputBlock:
    limit = blockkit.INPUT_CHARS if many else 500
    element = PlainTextInputElement(
        action_id=name,
        initial_value=known[:limit] if known else None,
        multiline=many,
        max_length=limit,
    )
    return _input(name, label, element)


def _radio(name: str, labels: Mapping[str, str], known: str) -> RadioButtonsElement:
    options = blockkit.options(labels)
    chosen = next(option for option in options if option.value == known)
    return RadioButtonsElement(action_id=name, options=options, initial_option=chosen)


def _select(name: str, labels: Mapping[str, str], known: str | None) -> StaticSelectElement:
    options = blockkit.options(labels)
    chosen = next((option for option in options if option.value == known), None)
    return StaticSelectElement(action_id=name, options=options, initial_option=chosen)


def _moment(name: str, known: datetime | None) -> DateTimePickerElement:
    seconds = int(known.timestamp()) if known else None
    return DateTimePickerElement(action_id=name, initial_date_time=seconds)


def _ticks(details: Details) -> CheckboxesElement:
    options = blockkit.options(BAR)
    ticked = [option for option in options if getattr(details, str(option.value))]
    return CheckboxesElement(action_id="bar", options=options, initial_options=ticked or None)


def harm_line(incident: Incident) -> str:
    """The first line of the summary."""
    if incident.harm_stopped_at:
        return f"Harm now: stopped ({when(incident.harm_stopped_at)})"
    return f"Harm now: {incident.harm}"


def summary_parts(shown: Shown) -> list[SummaryPart]:
    """The harm line at the top, what is known in the middle, what is missing below."""
    details, runs = shown.states.of(Details), shown.states.of(Runs)
    harm = harm_line(shown.incident)
    parts = [SummaryPart(0, Content(f"{harm}.", (blockkit.section(f"*{harm}*"),)))]
    rows = _rows(details)
    if runs.tier is not None:
        rows.append(("Governance tier", shown.policy.governance.show(runs.tier)))
    if rows:
        said = " ".join(f"{label}: {escape(value)}." for label, value in rows)
        parts.append(SummaryPart(20, Content(said, (blockkit.table(rows),))))
    times = _times(details)
    parts.append(SummaryPart(30, Content(f"{times}.", (blockkit.context(times),))))
    gaps = missing(details)
    button = blockkit.button("fill_in", "Fill in", str(shown.incident.number))
    if shown.incident.is_over:
        return parts
    lacking = (f"still missing: {', '.join(gaps)}",) if gaps else ()
    return [*parts, SummaryPart(79, buttons=(button,), gaps=lacking)]


def _rows(details: Details) -> list[tuple[str, str]]:
    rows = [
        ("What was seen", blockkit.shorten(details.seen, _SEEN_CHARS) if details.seen else None),
        ("Where", details.surface),
        ("Model version", details.model_version),
        ("Family", FAMILY[details.family] if details.family else None),
        ("Evidence", details.evidence),
    ]
    return [(label, value) for label, value in rows if value]


def _times(details: Details) -> str:
    said = []
    if details.first_output_at:
        basis = details.first_output_basis or "basis not given"
        said.append(f"First bad output {when(details.first_output_at)} ({basis})")
    else:
        said.append("First bad output: not known")
    if details.aware_at:
        said.append(f"aware since {when(details.aware_at)} ({details.aware_basis})")
    if details.source:
        said.append(f"reported by: {SOURCE[details.source].lower()}")
    if details.source_permalink:
        said.append(f"<{details.source_permalink}|the message>")
    return " · ".join(said)
