"""Which features run runbooks, and what does each of them bring?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.core import summary
from bot.core.outcome import Alarms, Deadlines, Fold, Render, Rule
from bot.core.record import Parts
from bot.core.runs import fold, fold_calls, model, recording
from bot.features.approvals import blocks as approvals_blocks
from bot.features.approvals import due as approvals_due
from bot.features.approvals import rules as approvals_rules
from bot.features.approvals import slack as approvals
from bot.features.checklist import blocks as checklist_blocks
from bot.features.checklist import due as checklist_due
from bot.features.consequences import due as consequences_due
from bot.features.consequences import rules as consequences_rules
from bot.features.forms import blocks as forms_blocks
from bot.features.forms import slack as forms
from bot.features.manual import slack as manual
from bot.features.proofs import blocks as proofs_blocks
from bot.features.proofs import slack as proofs
from bot.features.runbook import blocks as runbook_blocks
from bot.features.runbook import slack as runbook
from bot.features.sending import blocks as sending_blocks
from bot.features.sending import due as sending_due
from bot.features.sending import rules as sending_rules
from bot.features.sending import slack as sending
from bot.features.steering import slack as steering
from bot.settings import Misconfigured
from runbooks import load
from runbooks.library import load_library
from runbooks.model import Policy
from runbooks.shelf import Library

# The same lists as in bot/registry.py, of the features that carry a run on.
FEATURES = (runbook, manual, proofs, forms, approvals, sending, steering)
SUMMARY_PARTS: tuple[summary.Parts, ...] = (runbook_blocks.summary_parts,)
SLOTS: tuple[Render, ...] = (
    checklist_blocks.slots,
    forms_blocks.slots,
    approvals_blocks.slots,
    proofs_blocks.slots,
    sending_blocks.slots,
)
FOLDS: Mapping[type[Any], Fold] = {model.Runs: Fold(model.Runs(), fold.fold)}
DEADLINES: tuple[Deadlines, ...] = (checklist_due.deadlines,)
ALARMS: tuple[Alarms, ...] = (
    approvals_due.alarms,
    sending_due.alarms,
    consequences_due.alarms,
)
RINGS: Mapping[str, Rule] = {
    approvals_due.KIND: approvals_rules.expire,
    sending_due.KIND: sending_rules.by_itself,
    consequences_due.LAPSE: consequences_rules.lapse,
    consequences_due.RULES: consequences_rules.rule,
    consequences_due.ESCALATE: consequences_rules.escalate,
}
WEBHOOK_FOLLOWS: Mapping[str, Rule] = {fold_calls.ABOUT: sending_rules.follow}
RECORD_PARTS: tuple[Parts, ...] = (recording.record_parts,)


def library(content: Path | None, policy: Policy) -> Library:
    """The runbooks as they hold here, with the files of `content` laid over.

    Raises:
        Misconfigured: a file is faulty; the sentence names file, line and remedy.
    """
    try:
        return load_library(content, policy)
    except load.Faulty as fault:
        raise Misconfigured(str(fault)) from fault
