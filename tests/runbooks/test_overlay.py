"""What may an organisation change of a shipped runbook, and what not?"""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from runbooks.clearing import NotClearable, cleared
from runbooks.library import FOLDER, load_library
from runbooks.overlay import Cleared
from runbooks.reading import Faulty
from runbooks.runbook import is_review_overdue
from runbooks.shelf import Book, is_record_owed
from runbooks.sla import Sla
from runbooks.span import Span
from runbooks.steps import Approval, Webhook
from tests.runbooks.tables import BOOKS, POLICY

HARM = "model-output-causing-harm"
BY = Cleared(cleared_by="Mara Voss", cleared_on=date(2026, 11, 20), note='Titles are "ours".')


def laid(folder: Path, text: str, name: str = HARM) -> Book:
    """The runbook with this text laid over it."""
    write(folder, text, name)
    return load_library(folder, POLICY).books[name]


def write(folder: Path, text: str, name: str = HARM) -> Path:
    path = folder / "library" / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def refused(folder: Path, text: str, name: str = HARM) -> str:
    """What is told of this text, without the folder."""
    write(folder, text, name)
    with pytest.raises(Faulty) as caught:
        load_library(folder, POLICY)
    return str(caught.value).replace(str(folder / "library") + "/", "")


def test_owners_slas_links_and_targets_change_and_the_text_stays(tmp_path: Path) -> None:
    changed = laid(tmp_path, """\
links:
  - {label: Model card, url: "https://wiki.example.com/card"}
steps:
  2: {owner: [platform_engineering], sla: PT2H}
  3:
    links: [{label: Traces, url: "https://traces.example.com"}]
  5: {approvers: [sponsor]}
  6:
    targets:
      - {id: ours, label: Our tracker, template: github, payload: {title: "{{ incident.title }}"}}
""").runbook  # fmt: skip
    shipped = BOOKS[HARM].runbook
    assert changed.step(2).owner == ("platform_engineering",)
    assert changed.step(2).sla == Sla(Span.read("PT2H"))
    assert [link.label for link in changed.step(3).links] == ["Traces"]
    assert [link.label for link in changed.links] == ["Model card"]
    signed, hooks = changed.step(5), changed.step(6)
    assert isinstance(signed, Approval)
    assert signed.consent.approvers == ("sponsor",)
    assert isinstance(hooks, Webhook)
    assert [target.id for target in hooks.targets] == ["ours"]
    for step in shipped.steps:
        assert changed.step(step.n).instruction == step.instruction
    assert changed.step(1) == shipped.step(1)


def test_a_marker_is_cleared_by_name_day_and_note(tmp_path: Path) -> None:
    book = laid(tmp_path, cleared("", "escalation_titles", BY))
    marker = book.runbook.ir_review[0]
    assert (marker.cleared_by, marker.cleared_on) == ("Mara Voss", date(2026, 11, 20))
    assert marker.note == 'Titles are "ours".'
    assert "escalation_titles" not in [one.id for one in book.runbook.open_markers()]
    assert book.runbook.open_markers(1) == ()
    assert len(BOOKS[HARM].runbook.open_markers(1)) == 1


def test_clearing_keeps_what_people_wrote(tmp_path: Path) -> None:
    before = """\
# ours
steps:
  2: {sla: PT2H}  # agreed with the night shift
review:
    sla_numbers:
        cleared_by: Jun Park
        cleared_on: 2026-11-01
        note: Tried by night.
# the end
"""
    after = cleared(before, "escalation_titles", BY)
    assert set(before.splitlines()) < set(after.splitlines())
    runbook = laid(tmp_path, after).runbook
    assert {one.id for one in runbook.ir_review if not one.is_open} == {
        "sla_numbers",
        "escalation_titles",
    }


@pytest.mark.parametrize("text", ["review: {}\n", "review:\n", "{steps: {}}\n", "- 1\n"])
def test_a_file_in_which_no_line_can_be_added_is_left_alone(text: str) -> None:
    with pytest.raises(NotClearable, match=r"Take it out|Write"):
        cleared(text, "escalation_titles", BY)


def test_version_and_hashes_pin_what_holds(tmp_path: Path) -> None:
    text = "steps:\n  2: {sla: PT2H}\n"
    pin, shipped = laid(tmp_path, text).pin, BOOKS[HARM].pin
    assert (pin.id, pin.version) == (HARM, "0.1.0")
    assert pin.sha256 == sha256((FOLDER / f"{HARM}.yaml").read_bytes()).hexdigest()
    assert pin.sha256 == shipped.sha256
    assert pin.overlay_sha256 == sha256(text.encode()).hexdigest()
    assert shipped.overlay_sha256 is None


def test_a_runbook_of_ones_own_stands_beside_the_shipped_ones(tmp_path: Path) -> None:
    text = (FOLDER / "bias-spike.yaml").read_text()
    own = text.replace("id: bias-spike", "id: our-own", 1)
    book = laid(tmp_path, own, "our-own")
    assert book.is_own
    assert len(load_library(tmp_path, POLICY).books) == 9


def test_a_shipped_runbook_is_not_replaced(tmp_path: Path) -> None:
    text = (FOLDER / "bias-spike.yaml").read_text()
    assert refused(tmp_path, text, "bias-spike") == (
        "bias-spike.yaml, line 2: id: bias-spike is a shipped runbook. Take id out and give only "
        "what differs, or choose an id of your own."
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("steps:\n  2: {title: Other}\n", "line 2: steps.2.title: no key of this name is read"),
        ("colour: red\n", "line 1: colour: no key of this name is read here; check its spelling"),
        ("steps:\n  9: {sla: PT1H}\n", "line 2: steps.9 names step 9, which is not here; use one"),
        ("steps:\n  two: {sla: PT1H}\n", "line 2: steps.two: it is no number; write digits"),
        ("steps:\n  2:\n    sla: soon\n", "line 3: steps.2.sla: 'soon' is no time span; write"),
        ("steps:\n  2:\n    owner: [boss]\n", "line 3: steps.2.owner.0 names the role or title"),
        ("steps:\n  5: {approvers: [boss]}\n", "line 2: steps.5.approvers.0 names the role or"),
        ("steps:\n  2: {approvers: [ic]}\n", "is for a step of type approval, and step 2 is man"),
        ("steps:\n  2:\n    sla: PT1H after 8\n", "line 3: steps.2.sla names step 8, which is"),
        ("steps:\n  2: {links: [{label: No, url: ftp://x}]}\n", "begins with https://"),
        ("review:\n  moon: {cleared_by: Jun, cleared_on: 2026-11-01, note: ok}\n",
         "line 2: review.moon names a marker that is not here; use one of escalation_titles"),
        ("review:\n  sla_numbers: {cleared_by: Jun}\n", "review.sla_numbers.cleared_on: it is mis"),
        ("- a\n", "line 1: no keys stand here"),
    ],
)  # fmt: skip
def test_what_an_overlay_may_not_say_is_told_with_its_line(
    tmp_path: Path, text: str, told: str
) -> None:
    found = refused(tmp_path, text)
    assert found.startswith(f"{HARM}.yaml, line ")
    assert told in found


def test_two_who_have_to_agree_stay_two(tmp_path: Path) -> None:
    told = refused(tmp_path, "steps:\n  7: {approvers: [privacy]}\n", "data-leakage")
    assert "steps.7.approvers are 1, and 2 have to agree; name more" in told


def test_an_alarm_before_the_deadline_is_told_where_it_was_written(tmp_path: Path) -> None:
    told = refused(tmp_path, "steps:\n  2:\n    sla: PT2H\n", "safety-incident")
    assert told.startswith("safety-incident.yaml, line ")
    assert "alarm_after is not later than sla; make it the later" in told


def test_a_name_nobody_knows_is_told(tmp_path: Path) -> None:
    assert "no runbook has the id harm. Rename it to one of" in refused(tmp_path, "{}", "harm")


def test_a_file_of_another_kind_is_told(tmp_path: Path) -> None:
    write(tmp_path, "{}\n").with_suffix(".yml").write_text("{}\n")
    with pytest.raises(Faulty, match=r"harm.yml, line 1: only files that end in .yaml are read"):
        load_library(tmp_path, POLICY)


def test_a_review_is_overdue_on_the_day_after_its_interval() -> None:
    one = BOOKS[HARM].runbook
    assert (one.last_reviewed, one.review_interval_days) == (date(2026, 5, 9), 365)
    assert not is_review_overdue(one, date(2027, 5, 9))
    assert is_review_overdue(one, date(2027, 5, 10))


def test_a_review_of_ones_own_counts(tmp_path: Path) -> None:
    changed = laid(tmp_path, "last_reviewed: 2027-01-04\nreview_interval_days: 90\n").runbook
    assert not is_review_overdue(changed, date(2027, 4, 4))
    assert is_review_overdue(changed, date(2027, 4, 5))


def test_the_governance_tier_decides_whether_a_record_is_owed(tmp_path: Path) -> None:
    shipped = BOOKS[HARM].runbook
    assert [is_record_owed(shipped, tier) for tier in (None, 1, 2, 3)] == [False, False, True, True]
    stricter = laid(tmp_path, "governance_tier_min: 1\n").runbook
    assert is_record_owed(stricter, 1)


def test_the_library_finds_by_id_title_and_beginning_and_offers_by_fit() -> None:
    library = load_library(None, POLICY)
    assert [one.pin.id for one in library.find("Bias spike")] == ["bias-spike"]
    assert [one.pin.id for one in library.find("safety")] == ["safety-incident"]
    assert [one.pin.id for one in library.find("d")] == [
        "data-leakage",
        "drift-hallucination-spike",
    ]
    assert library.find("nothing") == ()
    assert library.fitting("safety", "leakage", 1)[0].pin.id in {HARM, "data-leakage"}
    assert [one.pin.id for one in library.fitting("narrative", None, 1)] == ["narrative-incident"]
    assert library.fitting(None, None, 1) == ()
    assert [one.pin.id for one in library.overdue(date(2027, 6, 1))] == [HARM]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("id: our-own\noops: [1, 2\n", "line 3: not valid YAML"),
        ("[" * 3000, "line 1: not valid YAML (it is nested too deep)"),
    ],
)
def test_one_that_cannot_be_read_says_so_whatever_it_was_to_be(
    tmp_path: Path, written: str, told: str
) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "our-own.yaml").write_text(written, encoding="utf-8")
    with pytest.raises(Faulty) as fault:
        load_library(tmp_path, POLICY)
    assert told in str(fault.value)
