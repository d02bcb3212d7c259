"""Is a step that runbooks share the same act in each of them, or is that a fault?"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from runbooks.library import FOLDER, load_library
from runbooks.reading import Faulty
from tests.runbooks.tables import BOOKS, POLICY

HARM, LEAK, SAFE = "model-output-causing-harm", "data-leakage", "safety-incident"
QUIET = "functional-quality-regression"

SIGN, GATE = "sla: 1bd\n    gate: {after: [3, 4]}", "sla: 1bd\n    gate: {after: [8]}"
IMPACT = "\n    shares: impact"

# file, what stands there, what is written instead, which line has the fault, what is told
BROKEN = [
    (HARM, "shares: impact", "shares: imapct", "shares: imapct",
     "steps.3.shares is imapct, which no other runbook has; use one of declare, legal_screen"),
    (HARM, "shares: declare", "shares: legal_screen", "shares: legal_screen",
     "steps.0.shares is legal_screen, which is of type form in bias-spike, not manual; use "),
    (HARM, "type: text, id: promises", "type: number, id: promises", "- {type: number, id: prom",
     "steps.3.fields.7 asks promises as number, and functional-quality-regression, which shares"),
    (SAFE, "shares: legal_screen", "shares: seal_evidence", "shares: seal_evidence\n    instruction"
     ": >-\n      Walk", "steps.5.shares repeats seal_evidence; give each its own"),
    (HARM, SIGN, SIGN + IMPACT, f"{IMPACT[1:]}\n    instruction: >-\n      Authorise",
     "shares is for what can be done for several runbooks; an approval is given for what its own"),
    (SAFE, GATE, GATE + IMPACT, IMPACT[1:],
     "steps.8.shares: step 9 waits for an approval, which holds for this runbook alone"),
]  # fmt: skip


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken[4][:50])
def test_what_is_shared_and_is_not_the_same_is_a_fault(
    tmp_path: Path, broken: tuple[str, str, str, str, str]
) -> None:
    name, stands, instead, at, told = broken
    shutil.copytree(FOLDER, tmp_path / "library")
    path = tmp_path / f"library/{name}.yaml"
    text = path.read_text()
    assert stands in text
    path.write_text(changed := text.replace(stands, instead, 1))
    with pytest.raises(Faulty) as caught:
        load_library(None, POLICY, tmp_path / "library")
    line = changed[: changed.index(at)].count("\n") + 1
    lines = [one for one in str(caught.value).splitlines() if told in one]
    assert [one.startswith(f"{path}, line {line}: ") for one in lines] == [True]


def test_a_prerequisite_that_is_asked_once_is_answered_in_one_way(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "library")
    path = tmp_path / f"library/{HARM}.yaml"
    stands = "    answer: links\n    links: [Model card, Monitoring dashboards, Access logs]\n"
    assert stands in path.read_text()
    path.write_text(path.read_text().replace(stands, ""))
    told = "is yes_no, and bias-spike asks access as links; use another id"
    with pytest.raises(Faulty, match=told):
        load_library(None, POLICY, tmp_path / "library")


def test_the_shipped_runbooks_share_what_is_the_same_act() -> None:
    shared: dict[str, list[str]] = {}
    for id_, book in BOOKS.items():
        for step in book.runbook.steps:
            if step.shares:
                shared.setdefault(step.shares, []).append(f"{id_} {step.n}")
    assert len(shared.pop("declare")) == len(shared.pop("hooks_and_review")) == 8
    assert shared == {
        "legal_screen": ["bias-spike 6", f"{LEAK} 6", f"{SAFE} 6"],
        "seal_evidence": [f"{LEAK} 4", "prompt-injection-tool-abuse 3", f"{SAFE} 3"],
        "exposure": [f"{LEAK} 5", "prompt-injection-tool-abuse 7"],
        "impact": [f"{QUIET} 6", f"{HARM} 4"],
    }


def test_a_prerequisite_of_one_id_asks_the_same_everywhere() -> None:
    asked: dict[str, set[str]] = {}
    for book in BOOKS.values():
        for variant in book.runbook.variants:
            for one in variant.prerequisites:
                asked.setdefault(one.id, set()).add(one.asks)
        for one in book.runbook.prerequisites:
            asked.setdefault(one.id, set()).add(one.asks)
    assert [id_ for id_, asks in asked.items() if len(asks) > 1] == []
