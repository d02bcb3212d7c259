"""How does one step of a runbook read on a page?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from runbooks import fields
from runbooks.model import Policy
from runbooks.runbook import Runbook
from runbooks.steps import Approval, FileUpload, Form, Manual, Step, Webhook
from runbooks.wording import names, span, spoken


def step_lines(step: Step, runbook: Runbook, policy: Policy) -> Iterator[str]:
    """The step in full as Markdown, with what is not yet validated marked so."""
    yield from (f"## {step.n}. {step.title}", "")
    owner = names(step.owner, policy)
    if step.supported_by:
        owner += f", with {names(step.supported_by, policy, 'and')}"
    due = span(step.sla) + (f", alarm after {spoken(step.alarm_after)}" if step.alarm_after else "")
    yield from (f"Type: {step.type} · Owner: {owner} · SLA: {due} · {_gate(step)}", "")
    if step.sla_note:
        yield from (step.sla_note, "")
    for marker in runbook.open_markers(step.n):
        yield from (f"> Not authoritative yet: {marker.validate_what}", "")
    yield from (step.instruction, "")
    yield from _of_kind(step, policy)
    if step.records:
        yield from ("Write down:", "", *(_field(field, policy) for field in step.records), "")
    if step.shares:
        yield from (f"Done once with every other runbook that shares `{step.shares}`.", "")
    yield from (f"- [{link.label}]({link.url})" for link in step.links)
    yield from (f"**Done when:** {step.done_when}", "")


def _gate(step: Step) -> str:
    gate = step.gate
    starts = f"after {', '.join(map(str, gate.after))}" if gate.after else "may start now"
    if gate.part:
        starts += f" ({gate.part})"
    if gate.completes_when:
        starts += ", completed when the review is linked"
    return starts


def _of_kind(step: Step, policy: Policy) -> Iterator[str]:
    match step:
        case Manual():
            yield from _ticked(step.checks)
            if step.second_pair:
                yield from ("A second pair of eyes confirms it.", "")
        case FileUpload():
            yield from _evidence(step)
        case Form():
            yield from (_field(field, policy) for field in step.fields)
            yield ""
        case Approval():
            yield from _approval(step, policy)
        case Webhook():
            yield from (
                f"- {target.label} ({target.template}{'' if target.required else ', optional'})"
                for target in step.targets
            )
            yield from ("- It fires by itself.", "") if step.fires == "by_itself" else ("",)
            yield from _ticked(step.checks)


def _ticked(checks: Mapping[str, str]) -> Iterator[str]:
    yield from (f"- [ ] {words}" for words in checks.values())
    if checks:
        yield ""


def _evidence(step: FileUpload) -> Iterator[str]:
    for kind in step.evidence_kinds:
        yield f"- [ ] {kind.label}{'' if kind.required else ' (optional)'}"
    asked = {
        "Kept in the restricted store.": step.restricted,
        "One copy is sealed.": step.sealed_copy,
        "A redacted working copy is made.": step.redacted_copy,
    }
    yield from ("", *(sentence for sentence, is_so in asked.items() if is_so), "")


def _field(field: fields.Field, policy: Policy) -> str:
    line = f"- {field.label}"
    match field:
        case fields.Choice() | fields.Choices():
            line += f" [{' / '.join(field.options.values())}]"
        case fields.Rank():
            line += f" [{' / '.join(one.label for one in policy.severities.severities)}]"
        case fields.Number() | fields.Range() if field.unit:
            line += f" [{field.unit}]"
        case fields.YesNo():
            line += " [yes / no]"
        case _:
            pass
    notes = [] if field.required else ["optional"]
    notes += ["or unknown, because"] if field.may_be_unknown else []
    return line + (f" ({'; '.join(notes)})" if notes else "") + (f" {field.hint or ''}").rstrip()


def _approval(step: Approval, policy: Policy) -> Iterator[str]:
    consent = step.consent
    who = names(consent.approvers, policy, "and" if consent.count > 1 else "or")
    yield f"- Approved by {who}{', all of them' if consent.count > 1 else ''}; never the requester"
    if consent.in_emergency:
        yield f"- In an emergency: {names(consent.in_emergency, policy)}"
    if consent.drafted_by:
        yield f"- Drafted by {names(consent.drafted_by, policy)}"
    if consent.expires:
        yield f"- The request expires after {spoken(consent.expires)}"
    if step.per:
        yield f"- For {step.per}"
    if step.options:
        which = "one of" if step.choose == "one" else "any of"
        yield f"- Choose {which}: {' / '.join(step.options.values())}"
    yield from (f"- [ ] {words}" for words in step.confirms.values())
    yield ""
