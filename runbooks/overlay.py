"""What may an organisation change of a shipped runbook without touching its text?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated

from pydantic import Field

from runbooks.across import Steps
from runbooks.base import Model, Phrase, RoleId
from runbooks.parts import ReviewMarker
from runbooks.runbook import Runbook
from runbooks.sla import Sla
from runbooks.span import Time
from runbooks.steps import Approval, Link, Name, Names, Step, Target, Webhook


class StepChange(Model):
    """What differs at one step; what is left out stays as it is shipped."""

    owner: Names | None = None
    supported_by: tuple[Name, ...] | None = None
    sla: Sla | None = None
    alarm_after: Time | None = None
    approvers: Names | None = None
    links: tuple[Link, ...] = ()
    targets: Annotated[tuple[Target, ...], Field(min_length=1, max_length=10)] | None = None


class Cleared(Model):
    """Who validated what a review marker asks, when, and what they found."""

    cleared_by: Phrase
    cleared_on: date
    note: Phrase


class Overlay(Model):
    """`library/<id>.yaml` in the folder that WARROOM_CONTENT names; `steps` go by their number."""

    last_reviewed: date | None = None
    review_interval_days: int | None = Field(default=None, ge=1, le=1100)
    governance_tier_min: int | None = Field(default=None, ge=1, le=4)
    links: tuple[Link, ...] = ()
    steps: Mapping[int, StepChange] = {}
    review: Mapping[RoleId, Cleared] = {}


def misfits(overlay: Overlay, runbook: Runbook) -> Iterator[tuple[Steps, str]]:
    """What the overlay names and the runbook does not have: the way there, and a sentence."""
    last = len(runbook.steps)
    for n, change in overlay.steps.items():
        if 1 <= n <= last:
            yield from _misfits(n, change, runbook.step(n))
        else:
            yield ("steps", n), f"names step {n}, which is not here; use one of 1 to {last}"
    known = [marker.id for marker in runbook.ir_review]
    for marker in overlay.review:
        if marker not in known:
            yield (
                ("review", marker),
                f"names a marker that is not here; use one of {', '.join(known)}",
            )


def _misfits(n: int, change: StepChange, step: Step) -> Iterator[tuple[Steps, str]]:
    for key, wanted in (("approvers", "approval"), ("targets", "webhook")):
        if getattr(change, key) is not None and step.type != wanted:
            yield (
                ("steps", n, key),
                f"is for a step of type {wanted}, and step {n} is {step.type}; take it out",
            )
    if isinstance(step, Approval) and change.approvers:
        if len(change.approvers) < step.consent.count:
            yield (
                ("steps", n, "approvers"),
                f"are {len(change.approvers)}, and {step.consent.count} have to agree; name more",
            )


def laid_over(runbook: Runbook, overlay: Overlay) -> Runbook:
    """The runbook as it holds in this organisation.

    Raises:
        pydantic.ValidationError: what comes out is no runbook, such as an SLA after a step that is
            not there.
    """
    changed = {
        "steps": [_step(step, overlay.steps.get(step.n)) for step in runbook.steps],
        "ir_review": [_marker(one, overlay.review.get(one.id)) for one in runbook.ir_review],
        "links": [*runbook.links, *overlay.links],
    }
    for name in ("last_reviewed", "review_interval_days", "governance_tier_min"):
        if (value := getattr(overlay, name)) is not None:
            changed[name] = value
    return Runbook.model_validate({**dict(runbook), **changed})


def _step(step: Step, change: StepChange | None) -> Step | dict[str, object]:
    if change is None:
        return step
    changed: dict[str, object] = dict(step)
    for name in ("owner", "supported_by", "sla", "alarm_after"):
        if (value := getattr(change, name)) is not None:
            changed[name] = value
    changed["links"] = (*step.links, *change.links)
    if isinstance(step, Approval) and change.approvers:
        changed["consent"] = {**dict(step.consent), "approvers": change.approvers}
    if isinstance(step, Webhook) and change.targets:
        changed["targets"] = change.targets
    return changed


def _marker(marker: ReviewMarker, cleared: Cleared | None) -> ReviewMarker | dict[str, object]:
    if cleared is None:
        return marker
    return {**dict(marker), **dict(cleared)}
