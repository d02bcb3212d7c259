"""Does a runbook agree with the policy, and with the other runbooks?"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from runbooks.across import Steps
from runbooks.model import Policy
from runbooks.runbook import Runbook
from runbooks.steps import Approval, FileUpload


@dataclass(frozen=True)
class Disagreement:
    """A name that the policy or the library does not know; `steps` lead to its place."""

    steps: Steps
    sentence: str


def disagreements(
    runbook: Runbook, policy: Policy, library: Collection[str]
) -> Iterator[Disagreement]:
    """Everything that a runbook names and that is not there; `library` are all runbooks' ids."""
    yield from _owners(runbook, policy)
    yield from _evidence(runbook, policy)
    yield from _roles(runbook, policy)
    yield from _ranks(runbook, policy)
    yield from _tiers(runbook, policy)
    yield from _called(runbook, policy)
    yield from _unknown(
        [(("failure_modes", at), one) for at, one in enumerate(runbook.failure_modes)],
        [one.id for one in policy.classification.failure_modes],
        "failure mode", "classification.yaml",
    )  # fmt: skip
    yield from _unknown(
        [(("containment", at, "authority"), one.authority)
         for at, one in enumerate(runbook.containment)],
        [one.action for one in policy.rights.rights],
        "action", "rights.yaml",
    )  # fmt: skip
    yield from _unknown(
        [(("rules", place, "starts", at), one)
         for place, rule in enumerate(runbook.rules) for at, one in enumerate(rule.starts)],
        sorted(library),
        "runbook", "the library",
    )  # fmt: skip


def owner_names(policy: Policy) -> list[str]:
    """What may own a step: roles, and titles of the role map."""
    return [
        *(role.id for role in policy.roles.roles),
        *(title.id for title in policy.titles.titles),
    ]


def _owners(runbook: Runbook, policy: Policy) -> Iterator[Disagreement]:
    named: list[tuple[Steps, str]] = []
    for place, step in enumerate(runbook.steps):
        lists = {"owner": step.owner, "supported_by": step.supported_by}
        for name, names in lists.items():
            named += [(("steps", place, name, at), one) for at, one in enumerate(names)]
        if isinstance(step, Approval):
            for name in ("approvers", "in_emergency", "drafted_by"):
                names = getattr(step.consent, name)
                named += [
                    (("steps", place, "consent", name, at), one) for at, one in enumerate(names)
                ]
    known = owner_names(policy)
    yield from _unknown(named, known, "role or title", "roles.yaml and titles.yaml")


def _evidence(runbook: Runbook, policy: Policy) -> Iterator[Disagreement]:
    named = [
        (("steps", place, "evidence_kinds", at, "kind"), one.kind)
        for place, step in enumerate(runbook.steps)
        if isinstance(step, FileUpload)
        for at, one in enumerate(step.evidence_kinds)
        if one.kind
    ]
    known = [one.id for one in policy.evidence.kinds]
    yield from _unknown(named, known, "kind of evidence", "evidence.yaml")


def _roles(runbook: Runbook, policy: Policy) -> Iterator[Disagreement]:
    asked = [
        (("prerequisites", place, "roles", at), one)
        for place, prerequisite in enumerate(runbook.prerequisites)
        for at, one in enumerate(prerequisite.roles)
    ]
    known = [role.id for role in policy.roles.roles]
    yield from _unknown(asked, known, "role", "roles.yaml")


def _ranks(runbook: Runbook, policy: Policy) -> Iterator[Disagreement]:
    severity = runbook.severity
    ranks: list[tuple[Steps, int]] = [(("severity", "rank"), severity.rank)]
    ranks += [
        (("severity", "otherwise", at, "rank"), one.rank)
        for at, one in enumerate(severity.otherwise)
    ]
    last = len(policy.severities.severities) - 1
    for steps, rank in ranks:
        if rank > last:
            yield Disagreement(
                steps, f"is {rank}, and severities.yaml ends with {last}; use one of 0 to {last}"
            )


def _called(runbook: Runbook, policy: Policy) -> Iterator[Disagreement]:
    """An escalation that calls nobody would be a sentence and nothing else."""
    known = [role.id for role in policy.roles.roles]
    named: list[tuple[Steps, str]] = []
    for place, rule in enumerate(runbook.rules):
        for name in ("calls", "calls_if_visible"):
            named += [
                (("rules", place, name, at), one) for at, one in enumerate(getattr(rule, name))
            ]
        if rule.effect == "escalates" and not rule.calls:
            yield Disagreement(
                ("rules", place, "calls"),
                f"is empty, and the rule escalates; name the roles to call, of {', '.join(known)}",
            )
    yield from _unknown(named, known, "role", "roles.yaml")


def _tiers(runbook: Runbook, policy: Policy) -> Iterator[Disagreement]:
    known = [one.tier for one in policy.governance.tiers]
    least = runbook.governance_tier_min
    if least is not None and least not in known:
        yield Disagreement(
            ("governance_tier_min",),
            f"is {least}, and governance.yaml has no such tier; "
            f"use one of {', '.join(map(str, known))}",
        )


def _unknown(
    named: Collection[tuple[Steps, str]], known: Collection[str], what: str, where: str
) -> Iterator[Disagreement]:
    for steps, one in named:
        if one not in known:
            yield Disagreement(
                steps,
                f"names the {what} {one}, which is not in {where}; use one of {', '.join(known)}",
            )
