"""How do the class of a failure and the impact checklist look and read?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    InputBlock,
    InputInteractiveElement,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.core import blockkit
from bot.core.blockkit import escape, plain
from bot.core.incident import Incident
from bot.core.messages import Content
from bot.core.outcome import Shown, SummaryPart
from bot.features.classification.state import CHECKLIST, NOTHING, Classification
from runbooks.classification import FailureMode
from runbooks.model import Policy

INTENT = {
    "accidental": "Accidental: ordinary use",
    "induced": "Induced: somebody set out to trigger it",
    "unknown": "Not known yet",
}
_INTENT_WORD = {"accidental": "accidental", "induced": "induced", "unknown": "intent not known"}
_OPTION_CHARS = 75  # docs.slack.dev/reference/block-kit/composition-objects/option-object
_TEXT_CHARS = 1000
_LINE_CHARS = 80  # of a text on the summary


def offered(policy: Policy) -> dict[str, dict[str, str]]:
    """What may be chosen in each field, from value to label."""
    classes = policy.classification
    buckets = {one.id: one.label for one in classes.buckets}
    return {
        "bucket": buckets,
        "contributors": buckets,
        "failure_mode": {one.id: one.label for one in classes.failure_modes},
        "harm_kinds": _or_none((one.id, one.label) for one in classes.harm_kinds),
        "loss": {one.id: one.label for one in classes.losses},
        "data_types": _or_none((one.id, one.label) for one in classes.data_types),
    }


def classify_modal(incident: Incident, known: Classification, policy: Policy) -> View:
    """Bucket, contributors, failure mode, intent and effort, filled with what is known."""
    choices = offered(policy)
    buckets = "\n".join(
        f"*{escape(one.label)}*  {escape(one.description)}" for one in policy.classification.buckets
    )
    blocks: list[Block] = [
        _input("bucket", "Primary bucket", _radio("bucket", choices["bucket"], known.bucket)),
        blockkit.context(buckets),
        _input(
            "contributors",
            "What else contributes?",
            _ticks("contributors", choices["contributors"], known.contributors),
        ),
        _input(
            "failure_mode",
            "How does it fail?",
            _select("failure_mode", choices["failure_mode"], known.failure_mode),
        ),
        _input("intent", "Induced or accidental?", _radio("intent", INTENT, known.intent)),
        _input("effort", "How much effort does it take to trigger?", _text("effort", known.effort)),
        blockkit.context("Effort is for the record; it never lowers the severity."),
    ]
    if known.bucket:
        blocks.append(_input("reason", "Why does it change?", _text("reason", None)))
    return _form("classify", "Classify", incident, blocks)


def impact_modal(incident: Incident, known: Classification, policy: Policy) -> View:
    """Eight questions for five minutes; every one may stay empty."""
    choices = offered(policy)
    blocks: list[Block] = [
        blockkit.section("Five minutes are enough. Leave empty what nobody knows yet."),
        _input("harmed", "Who is harmed?", _text("harmed", known.harmed)),
        _input("how_many", "How many? A number or a range", _text("how_many", known.how_many)),
        _input(
            "harm_kinds",
            "Which kinds of harm?",
            _ticks("harm_kinds", choices["harm_kinds"], known.harm_kinds),
        ),
        _input("loss", "Financial loss so far", _select("loss", choices["loss"], known.loss)),
        _input(
            "data_types",
            "Which data is affected?",
            _ticks("data_types", choices["data_types"], known.data_types),
        ),
        _input(
            "jurisdictions", "Which jurisdictions?", _text("jurisdictions", known.jurisdictions)
        ),
        _input(
            "legal_exposure",
            "Legal or regulatory exposure?",
            _text("legal_exposure", known.legal_exposure),
        ),
        _input("promises", "Which promises were made?", _text("promises", known.promises)),
        blockkit.context("Data or exposure calls Legal and Privacy at once. None is an answer."),
    ]
    return _form("impact", "Impact checklist", incident, blocks)


def mode(known: Classification, policy: Policy) -> FailureMode | None:
    """The failure mode of the policy that was chosen; None when none was, or it is gone."""
    modes = policy.classification.failure_modes
    return next((one for one in modes if one.id == known.failure_mode), None)


def advice(chosen: FailureMode) -> View:
    """What whoever chose a failure mode reads at once."""
    return blockkit.notice(
        blockkit.shorten(chosen.label, 24),
        f"*Do first:* {escape(chosen.fast_action)}\n*Find out:* {escape(chosen.question)}",
    )


def summary_parts(shown: Shown) -> list[SummaryPart]:
    """What kind of failure it is, whom it hits, and what is not known of both."""
    known = shown.states.of(Classification)
    parts = [
        SummaryPart(place, Content(_sentence(line), (blockkit.section(line),)))
        for place, line in (
            (17, _class_line(known, shown.policy)),
            (18, _impact_line(known, shown.policy)),
        )
        if line
    ]
    if shown.incident.is_over:
        return parts
    number = str(shown.incident.number)
    gaps: tuple[str, ...] = () if known.bucket else ("no bucket",)
    button = blockkit.button("classify_asked", "Classify", number)
    open_questions = len(CHECKLIST) - known.answered
    if open_questions:
        gaps += (f"impact checklist open ({known.answered} of {len(CHECKLIST)})",)
        if known.bucket:
            button = blockkit.button("impact_asked", "Impact", number)
    return [*parts, SummaryPart(92, buttons=(button,), gaps=gaps)]


def _class_line(known: Classification, policy: Policy) -> str:
    labels = offered(policy)
    said = []
    if known.bucket:
        also = ", ".join(_labels(labels["contributors"], known.contributors))
        bucket = _label(labels["bucket"], known.bucket)
        said.append(f"{bucket} (also {also})" if also else bucket)
    chosen = mode(known, policy)
    if chosen:
        said.append(f"{escape(chosen.label)}")
    if known.intent:
        effort = f", effort: {_short(known.effort)}" if known.effort else ""
        said.append(_INTENT_WORD[known.intent] + effort)
    line = f"Class: {' · '.join(said)}" if said else ""
    if chosen and line:
        line += f"\nFirst: {escape(chosen.fast_action)} Find out: {escape(chosen.question)}"
    return line


def _impact_line(known: Classification, policy: Policy) -> str:
    labels = offered(policy)
    harm = ", ".join(_labels(labels["harm_kinds"], known.harm_kinds))
    data = ", ".join(_labels(labels["data_types"], known.data_types))
    said = {
        "harmed": _short(known.harmed),
        "how many": _short(known.how_many),
        "harm": harm,
        "loss": _label(labels["loss"], known.loss) if known.loss else "",
        "data": data,
        "where": _short(known.jurisdictions),
        "exposure": _short(known.legal_exposure),
        "promised": _short(known.promises),
    }
    line = " · ".join(f"{name}: {value}" for name, value in said.items() if value)
    return f"Checklist: {line}" if line else ""


def _sentence(line: str) -> str:
    return line if line[-1] in ".?" else f"{line}."


def _or_none(choices: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The policy's choices, with one that says that there is none."""
    labels = dict(choices)
    return labels if NOTHING in labels else {**labels, NOTHING: "None known"}


def _label(labels: Mapping[str, str], value: str) -> str:
    return escape(labels.get(value, value))


def _labels(labels: Mapping[str, str], values: tuple[str, ...] | None) -> list[str]:
    return [_label(labels, value) for value in values or ()]


def _short(text: str | None) -> str:
    return escape(blockkit.shorten(" ".join(text.split()), _LINE_CHARS)) if text else ""


def _form(name: str, title: str, incident: Incident, blocks: list[Block]) -> View:
    return View(
        type="modal",
        callback_id=name,
        private_metadata=json.dumps({"number": incident.number}),
        title=plain(title),
        submit=plain("Save"),
        close=plain("Cancel"),
        blocks=blocks,
    )


def _input(name: str, label: str, element: InputInteractiveElement) -> InputBlock:
    return InputBlock(block_id=name, label=label, element=element, optional=True)


def _text(name: str, known: str | None) -> PlainTextInputElement:
    return PlainTextInputElement(
        action_id=name, initial_value=known[:_TEXT_CHARS] if known else None, max_length=_TEXT_CHARS
    )


def _radio(name: str, labels: Mapping[str, str], known: str | None) -> RadioButtonsElement:
    options = blockkit.options(_fitting(labels))
    chosen = next((option for option in options if option.value == known), None)
    return RadioButtonsElement(action_id=name, options=options, initial_option=chosen)


def _select(name: str, labels: Mapping[str, str], known: str | None) -> StaticSelectElement:
    options = blockkit.options(_fitting(labels))
    chosen = next((option for option in options if option.value == known), None)
    return StaticSelectElement(action_id=name, options=options, initial_option=chosen)


def _ticks(
    name: str, labels: Mapping[str, str], known: tuple[str, ...] | None
) -> CheckboxesElement:
    options = blockkit.options(_fitting(labels))
    ticked = [option for option in options if option.value in (known or ())]
    return CheckboxesElement(action_id=name, options=options, initial_options=ticked or None)


def _fitting(labels: Mapping[str, str]) -> dict[str, str]:
    return {value: blockkit.shorten(label, _OPTION_CHARS) for value, label in labels.items()}
