"""How does a runbook read as a page?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from runbooks.model import Policy
from runbooks.parts import Containment, Prerequisite, ReviewMarker, Rule, Variant
from runbooks.runbook import Runbook
from runbooks.stepwise import step_lines
from runbooks.wording import names, span


def page(runbook: Runbook, policy: Policy) -> str:
    """The whole runbook as Markdown: what it is for, its checklist, then each part in full."""
    parts = (
        _head(runbook, policy),
        _section("When to use", runbook.when_to_use),
        _section("Before you start", map(_prerequisite, runbook.prerequisites)),
        checklist(runbook, policy),
        _section("How it is detected", runbook.detection),
        _section("First look", (f"**{runbook.diagnostic_question}**", *runbook.triage)),
        _containment(runbook),
        _section("Do not", runbook.do_not),
        _section("Escalate if", runbook.escalate_if),
        _section("Tell people if", runbook.comms_triggers),
        [line for step in runbook.steps for line in step_lines(step, runbook, policy)],
        _section("Recovered when", runbook.recovery_checks),
        _section("Rules", (_rule(one, policy) for one in runbook.rules)),
        _section("Questions for the review", runbook.review_questions),
        [line for one in runbook.variants for line in _variant(one)],
        _section("To be validated by a practitioner", map(_marker, runbook.ir_review)),
    )
    return "\n".join(line for part in parts for line in part).rstrip() + "\n"


def checklist(runbook: Runbook, policy: Policy) -> list[str]:
    """One line for each step, as a Markdown table."""
    rows = [
        f"| {step.n} | {step.title} | {step.type} | {names(step.owner, policy)} "
        f"| {span(step.sla)} | {', '.join(map(str, step.gate.after)) or 'now'} |"
        for step in runbook.steps
    ]
    head = ["| # | Step | Type | Owner | Due | Starts after |", "|---|---|---|---|---|---|"]
    return ["## Checklist", "", *head, *rows, ""]


def about(runbook: Runbook, policy: Policy) -> list[str]:
    """What kind of runbook it is, each a short line: version, review, minutes, severity."""
    severity = runbook.severity
    ranks = policy.severities.severities
    lines = [
        f"Version {runbook.version}, last reviewed {runbook.last_reviewed.isoformat()}, "
        f"every {runbook.review_interval_days} days",
        f"About {runbook.estimated_minutes} minutes, {runbook.kind}, {runbook.category}",
        f"Severity {severity.word}: {ranks[severity.rank].label}",
        *(f"{ranks[one.rank].label} if {one.when}" for one in severity.otherwise),
        f"Families: {', '.join(runbook.families)}",
    ]
    if runbook.failure_modes:
        known = {one.id: one.label for one in policy.classification.failure_modes}
        named = (known.get(one, one) for one in runbook.failure_modes)
        lines.append(f"Failure modes: {', '.join(named)}")
    if runbook.governance_tier_min is not None:
        lines.append(f"A record of the run is owed from tier {runbook.governance_tier_min}")
    if runbook.is_template:
        lines.append("A template: fit owners and tools to your organisation")
    return lines


def _head(runbook: Runbook, policy: Policy) -> Iterator[str]:
    yield from (f"# {runbook.title}", "")
    yield from (f"- {line}" for line in (f"Id `{runbook.id}`", *about(runbook, policy)))
    if markers := runbook.open_markers():
        yield from ("", f"> {_count(markers)} open below: that text is not authoritative yet.")
    yield from ("", runbook.purpose, "", f"**Fast lever:** {runbook.fast_lever}", "")
    yield from (f"- [{link.label}]({link.url})" for link in runbook.links)


def _count(markers: Sequence[ReviewMarker]) -> str:
    return f"{len(markers)} review {'marker is' if len(markers) == 1 else 'markers are'}"


def _section(title: str, sentences: Iterable[str]) -> list[str]:
    lines = [f"- {sentence}" for sentence in sentences]
    return [f"## {title}", "", *lines, ""] if lines else []


def _prerequisite(one: Prerequisite) -> str:
    links = f" ({', '.join(one.links)})" if one.links else ""
    return f"{one.asks}{links}" + (f" Only if {one.only_if}." if one.only_if else "")


def _containment(runbook: Runbook) -> Iterator[str]:
    yield from ("## Containment", "", runbook.provisional_containment, "")
    yield from (line for one in runbook.containment for line in _lever(one))
    yield ""


def _lever(one: Containment) -> Iterator[str]:
    yield f"- **{one.label}**, {'can be undone' if one.is_reversible else 'cannot be undone'}"
    yield f"  - When: {one.enable_when}"
    yield f"  - Side effects: {one.side_effects}"
    yield f"  - Tell: {one.say}"
    yield f"  - Watch: {one.monitor}"


def _rule(rule: Rule, policy: Policy) -> str:
    within = f" Within {span(rule.within)}." if rule.within else ""
    where = f" Steps {', '.join(map(str, rule.steps))}." if rule.steps else ""
    starts = f" Starts {', '.join(f'`{one}`' for one in rule.starts)}." if rule.starts else ""
    calls = f" Calls {names(rule.calls, policy, 'and')}" if rule.calls else ""
    if rule.calls_if_visible:
        calls += f"; also {names(rule.calls_if_visible, policy, 'and')}, unless it is internal"
    itself = " Applies by itself." if rule.asked == "severity" else ""
    said = f"**If:** {rule.when} **Then:** {rule.then}{within}{where}{starts}"
    return said + (f"{calls}." if calls else "") + itself


def _variant(variant: Variant) -> Iterator[str]:
    yield from (f"## Where {variant.applies_when}", "")
    yield from (f"- Before you start: {_prerequisite(one)}" for one in variant.prerequisites)
    yield from (f"- Step {note.step}: {note.also}" for note in variant.notes)
    yield from (f"- {sentence}" for sentence in variant.do_not)
    yield from (f"- Tell people: {sentence}" for sentence in variant.comms_triggers)
    yield ""


def _marker(marker: ReviewMarker) -> str:
    where = f"step {marker.step}" if marker.step is not None else f"{marker.section}"
    if marker.is_open:
        return f"`{marker.id}` ({where}), open: {marker.validate_what}"
    day = marker.cleared_on.isoformat() if marker.cleared_on else ""
    return (
        f"`{marker.id}` ({where}), cleared by {marker.cleared_by} on {day}: {marker.validate_what} "
        f"{marker.note}"
    )
