"""Which features keep evidence, and what does each of them bring?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.core import evidence as vault
from bot.core import summary
from bot.core.outcome import Alarms, Fold, Rule
from bot.core.record import Parts
from bot.features.custody import due as custody_due
from bot.features.custody import rules as custody_rules
from bot.features.custody import slack as custody
from bot.features.custody import state as custody_state
from bot.features.evidence import blocks as evidence_blocks
from bot.features.evidence import slack as evidence
from bot.features.fetching import due as fetching_due
from bot.features.fetching import rules as fetching_rules
from bot.features.fetching import slack as fetching
from bot.features.links import due as links_due
from bot.features.links import rules as links_rules
from bot.features.links import slack as links
from bot.features.pasted import slack as pasted
from bot.features.preserving import slack as preserving
from bot.rounds import Round
from bot.slack.listen import Desk

# The same lists as in bot/registry.py, of the features that keep evidence.
FEATURES = (links, fetching, preserving, evidence, custody, pasted)
SUMMARY_PARTS: tuple[summary.Parts, ...] = (evidence_blocks.summary_parts,)
FOLDS: Mapping[type[Any], Fold] = {vault.Evidence: Fold(vault.Evidence(), vault.fold)}
RECORD_PARTS: tuple[Parts, ...] = (custody_state.record_parts,)
ALARMS: tuple[Alarms, ...] = (fetching_due.alarms, links_due.alarms, custody_due.alarms)
RINGS: Mapping[str, Rule] = {
    fetching_due.KIND: fetching_rules.give_up,
    links_due.KIND: links_rules.give_up,
    custody_due.KIND: custody_rules.expire,
}


def rounds(desk: Desk) -> list[Round]:
    """What is done again and again."""
    return [
        fetching.collecting(desk.engine, desk.files),
        links.collecting(desk.engine, desk.files),
        custody.tidying(desk.engine, desk.files),
    ]
