"""What did practitioners agree on for each shipped runbook, step by step?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from runbooks import load
from runbooks.library import load_library
from runbooks.parts import Rule
from runbooks.runbook import Runbook

OWNERS = {
    "Incident commander or release owner": ("ic", "release_owner"),
    "Incident commander": ("ic",),
    "Incident commander (bot)": ("ic",),
    "Security engineering": ("security_engineering",),
    "Product or risk owner": ("product", "risk_owner"),
    "Product owner": ("product",),
    "Product owner (IC in emergency)": ("product",),
    "Product owner + model owner": ("product", "model"),
    "Security operations leader": ("security_operations_leader",),
    "Platform engineering": ("platform_engineering",),
    "Technical lead": ("technical",),
    "Model owner": ("model",),
    "DS/ML engineering": ("ml_engineering",),
    "Safety lead with technical lead": ("safety",),
    "Safety lead": ("safety",),
    "Legal / DPO": ("legal", "privacy"),
    "Legal": ("legal",),
    "Legal (Comms drafts)": ("legal",),
    "Legal + Comms lead": ("legal", "comms"),
    "Comms lead": ("comms",),
    "DPO": ("privacy",),
    "DPO + Legal": ("privacy", "legal"),
    "Business owner of the target": ("target_owner",),
    "Data engineering": ("data_engineering",),
    "Risk owner": ("risk_owner",),
    "Governance/risk": ("governance",),
}


@dataclass(frozen=True)
class Agreed:
    """A runbook's minutes and severity, and of each step: number, title, type, owner, SLA, gates,
    and the ids of what it asks for."""

    minutes: int
    word: str
    ranks: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


def _read(text: str) -> dict[str, Agreed]:
    found = {}
    for head, table in re.findall(r"^## (.+)\n((?:(?!## ).*\n?)*)", text, re.M):
        id_, minutes, word, ranks = _cells(head)
        rows = tuple(_cells(line) for line in table.splitlines() if line.strip())
        found[id_] = Agreed(int(minutes), word, tuple(map(int, ranks.split())), rows)
    return found


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.split("|"))


AGREED = _read(Path(__file__).with_name("agreed.txt").read_text())
POLICY = load.policy()
BOOKS = load_library(None, POLICY).books
EVERY = sorted(AGREED)


def book(id_: str) -> Runbook:
    """The shipped runbook of that id."""
    return BOOKS[id_].runbook


def rule(id_: str, name: str) -> Rule:
    """The rule of that name in the shipped runbook."""
    return next(one for one in book(id_).rules if one.id == name)
