"""What is a runbook where customers, colleagues or partners are concerned?"""

from __future__ import annotations

from runbooks.parts import Context, StepNote
from runbooks.runbook import Runbook
from runbooks.steps import Step


def fitted(runbook: Runbook, context: Context | None) -> Runbook:
    """The runbook with what its variant adds: asked at the start, done at a step, avoided, told.

    The same where the context is None, not known yet, or adds nothing.
    """
    variant = runbook.variant(context) if context else None
    if variant is None:
        return runbook
    steps = [_noted(step, variant.notes) for step in runbook.steps]
    added = {
        name: (*getattr(runbook, name), *getattr(variant, name))
        for name in ("prerequisites", "do_not", "comms_triggers")
    }
    return runbook.model_copy(update={**added, "steps": tuple(steps)})


def _noted(step: Step, notes: tuple[StepNote, ...]) -> Step:
    also = [note.also for note in notes if note.step == step.n]
    instruction = "\n\n".join((step.instruction, *also))
    return step.model_copy(update={"instruction": instruction}) if also else step
