"""Do the register and the custody sheet of a record say what evidence it is, and whose?"""

from __future__ import annotations

from bot.core.facts import runbooks as f
from bot.core.facts.evidence import CustodyTransferred, EvidenceSorted, FileTaken, TraceLinked
from bot.core.record import Part, Told
from bot.features.custody import state
from tests.features.evidence.values import SHA256, awaited
from tests.features.runs import MARA, NOOR, Story, words
from tests.features.values import NOW


def _parts() -> dict[str, Part]:
    story = Story()
    taken = FileTaken(number=1, sha256=SHA256, size_bytes=12, taken_at=NOW)
    handed = CustodyTransferred(number=1, to=NOOR, reason=words("She asked for it"))
    story.did(
        (MARA, awaited(kind="dashboard", custodian=MARA)),
        (MARA, f.ProofAdded(run=1, step=3, kind="dashboards", numbers=(1,))),
        ("warroom", taken),
        (MARA, handed),
    )
    told = Told(story.shown, (), (), ())
    return {one.name: one for one in state.record_parts(told)}


def _rows(part: Part) -> list[dict[str, object]]:
    names = [one.name for one in part.columns]
    return [dict(zip(names, row, strict=True)) for row in part.rows]


def test_the_register_has_kind_hash_custodian_and_the_step_it_is_proof_of() -> None:
    [row] = _rows(_parts()["evidence"])
    wanted = {"evidence": "E-1", "kind": "Dashboard", "label": "TLP:AMBER", "custodian": NOOR,
              "preserved_by": MARA, "sha256": SHA256, "size_bytes": 12,
              "steps": "run 1, step 3: dashboards"}  # fmt: skip
    assert {name: row[name] for name in wanted} == wanted


def test_the_custody_sheet_has_a_line_for_each_hand_with_the_kind_and_the_reason() -> None:
    rows = _rows(_parts()["custody"])
    told = [(row["evidence"], row["kind"], row["by"], row["what"], row["reason"]) for row in rows]
    assert told == [
        ("E-1", "Dashboard", MARA, "began to fetch E-1 (Dashboard, TLP:AMBER)", None),
        ("E-1", "Dashboard", "warroom", "has E-1 in the vault", None),
        ("E-1", "Dashboard", MARA, f"handed E-1 to <@{NOOR}>", "She asked for it"),
    ]


def test_what_was_sorted_later_carries_the_kind_it_was_called() -> None:
    called = EvidenceSorted(number=1, kind="trace")
    story = Story().did((MARA, awaited(kind="other")), (MARA, called))
    [part, _] = state.record_parts(Told(story.shown, (), (), ()))
    assert _rows(part)[0]["kind"] == "Trace"


def test_the_parts_of_a_trace_name_each_other_and_the_versions() -> None:
    items = [(MARA, awaited(number)) for number in (1, 2, 3)]
    trace = TraceLinked(prompt=1, output=3, versions=words("model 4.1"))
    register, custody = state.record_parts(
        Told(Story().did(*items, (MARA, trace)).shown, (), (), ())
    )
    linked = "prompt E-1, output E-3"
    rows = _rows(register)
    assert [row["trace"] for row in rows] == [linked, None, linked]
    assert [row["versions"] for row in rows] == ["model 4.1", None, "model 4.1"]
    told = [
        row["evidence"] for row in _rows(custody) if row["what"] == f"linked as one trace: {linked}"
    ]
    assert told == ["E-1", "E-3"]
