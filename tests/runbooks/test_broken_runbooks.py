"""Does every fault in a runbook name its file, its line and what to do?"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from runbooks.library import FOLDER, load_library
from runbooks.reading import Faulty
from tests.runbooks.tables import POLICY

HARM, SAFE, TALK = "model-output-causing-harm", "safety-incident", "narrative-incident"
THIRD = 'type: text, id: third_parties, label: "Which third parties are involved, and how?"}'
RANK = "answer: {step: 4, field: rank, among: [rank0, rank1]}"
CONSENT = "consent: {approvers: [security_operations_leader]}"
TITLES = "  - id: escalation_titles\n    step: 1"
DECIDED = """\
    checks:
      decided: It is decided whether this is a real incident by your own criteria
      started: What follows from it is started, or it is said that nothing is
    done_when: The runbooks"""
HOLDS = "effect: holds_changes\n    steps: [3]"

# file, what stands there, what is written instead, the first such line has the fault, what is told
BROKEN = [
    (HARM, "owner: [ic, release_owner]", "owner: [ic, boss]", "owner: [ic, boss]",
     "steps.0.owner.1 names the role or title boss, which is not in roles.yaml and titles.yaml; "
     "use one of ic, scribe"),
    (HARM, "owner: [ic, release_owner]", "owner: []", "owner: []",
     "steps.0.owner: it is empty; give at least 1"),
    (HARM, "gate: {after: [2]}", "gate: {after: [9]}", "gate: {after: [9]}",
     "steps.2.gate.after names step 9, which is not here; use one of 1 to 6"),
    (HARM, "gate: {after: [2]}", "gate: {after: [3]}", "gate: {after: [3]}",
     "step 3 waits for itself; let one of them start without the other"),
    (HARM, "gate: {after: [1]}", "gate: {after: [5]}", "gate: {after: [5]}",
     "steps 2, 3, 5 wait for each other; let one of them start without the other"),
    (HARM, "  - n: 3", "  - n: 2", "  - n: 2\n    type: file_upload",
     "steps.2.n is 2, not 3; number them in order, from 1"),
    (HARM, "    calls: [security, privacy]\n", "", "  - id: disclosure",
     "rules.2.calls is empty, and the rule escalates; name the roles to call, of ic, scribe"),
    (HARM, "calls: [security, privacy]", "calls: [boss]", "calls: [boss]",
     "rules.2.calls.0 names the role boss, which is not in roles.yaml; use one of ic, scribe"),
    (HARM, "    from_rank: 1\n", "", "  - id: full_team",
     "from_rank: give it where the rule is asked by severity, else leave it"),
    (HARM, "sla: PT1H", "sla: 1 hour", "sla: 1 hour",
     "'1 hour' is no time span; write PT15M, PT4H, P7D, same_day or 1bd, 'PT15M after 4' or"),
    (HARM, "sla: PT1H", "sla: per clock", "sla: per clock",
     "sla is per clock, and sla_note does not say which; add it"),
    (HARM, "sla: PT1H", "sla: PT1H after 12", "sla: PT1H after",
     "steps.0.sla names step 12, which is not here"),
    (HARM, "sla: PT1H", "sla: PT15M after 1", "  - n: 1",
     "step 1 waits for itself"),
    (HARM, "type: manual", "type: task", "type: task",
     "task is no type known here; write one of 'manual', 'file_upload', 'form', 'approval'"),
    (HARM, "    type: manual\n", "", "  - n: 1", "type is missing; say which type it is"),
    (HARM, "  rank: 1", "  rank: 7", "  rank: 7", "it is too large; write 3 or less"),
    (HARM, "word: high", "word: dire", "word: dire",
     "none of the words known here; write 'critical', 'high', 'medium' or 'low'"),
    (HARM, "version: 0.1.0", "version: '0.1'", "version: '0.1'",
     "write three numbers, such as 1.2.0"),
    (HARM, "last_reviewed: 2026-05-09", "last_reviewed: 2026-13-09", "last_reviewed:",
     "it is no day; write it like 2026-12-24"),
    (HARM, "minutes: 120", "minutes: two hours", "minutes: two", "it is no number; write digits"),
    (HARM, "kind: operational", "kind: strategic", "kind: strat", "write 'operational'"),
    (HARM, "[safety, functional]", "[safety, gossip]", "families:",
     "write 'functional', 'safety' or 'narrative'"),
    (HARM, "[misuse, hallucination, leakage]", "[misuse, gremlins]", "failure_modes:",
     "names the failure mode gremlins, which is not in classification.yaml; use one of drift"),
    (HARM, f"id: {HARM}", "id: harm", "id: harm",
     f"it is harm, and the file is {HARM}.yaml. Give both the same name"),
    (HARM, "\npurpose: >-", "\npurpos: >-", "id:", "purpose: it is missing; add it"),
    (HARM, "      titles: The", "      Titles!: The", "      Titles!",
     "write small letters, digits and _, beginning with a letter"),
    (HARM, "{id: queries,", "{id: dashboards,", "{id: dashboards, kind: query",
     "evidence_kinds.1.id repeats dashboards; give each its own"),
    (HARM, "{type: text, id: third_parties,", "{type: text, id: data_classes,",
     "{type: text, id: data_classes", "fields.3.id repeats data_classes; give each its own"),
    (HARM, "type: text, id: third", "type: essay, id: third", "type: essay",
     "essay is no type known here; write one of 'text', 'number', 'range', 'choice'"),
    (HARM, THIRD, "type: choice, id: x, label: Which, options: {one: Only one}}", "options: {one",
     "steps.3.fields.3.options: it has 1; give at least 2"),
    (HARM, THIRD, "type: choice, id: x, label: Which}", "id: x", "options: it is missing; add it"),
    (HARM, THIRD, "type: choice, id: x, label: Which, options: {a: " + "x" * 80 + ", b: B}}",
     "id: x", "it is too long; write at most 75 characters"),
    (HARM, THIRD, "type: number, id: x, label: Which, at_least: 5, at_most: 3}", "id: x",
     "at_most is not above at_least; make it the larger"),
    (HARM, THIRD, "type: text, id: x, label: Which, most_chars: 9000}", "id: x",
     "it is too large; write 3000 or less"),
    (HARM, "alone: [nothing]", "alone: [none]", "id: data_classes",
     "alone names none, which is no option; name one that is"),
    (HARM, THIRD, "type: people, id: x, label: Which, at_most: 50}", "id: x",
     "it is too large; write 10 or less"),
    (HARM, THIRD, "type: yes_no, id: x, label: Which, reason: sometimes}", "id: x",
     "write 'always', 'if_yes', 'if_no' or 'never'"),
    (HARM, f"      - {{{THIRD}", "\n".join(
        f"      - {{type: range, id: q{n}, label: How many, unit: of them}}" for n in range(40)),
     "    fields:", "fields fill 8 pages in Slack, and people fill 6; split the step in two"),
    (HARM, "    checks:\n      titles: The escalation titles are those of your organisation\n"
     "    records:", "    notes:", "    notes:\n      - {type",
     "steps.0.notes: no key of this name is read here; check its spelling, or take it out"),
    (HARM, "id: comms_owner", "id: legal_owner", "id: legal_owner, label: \"Who owns the comm",
     "records.3.id repeats legal_owner; give each its own"),
    (HARM, CONSENT, "consent: {approvers: []}", "consent: {",
     "steps.4.consent.approvers: it is empty; give at least 1"),
    (HARM, CONSENT, "consent: {approvers: [legal], count: 2}", "consent: {",
     "count is 2, and approvers are 1; name more of them"),
    (HARM, CONSENT, "consent: {approvers: [legal], four_eyes: false}", "consent: {",
     "steps.4.consent.four_eyes: it is none of the words known here; write True"),
    (HARM, CONSENT, "consent: {approvers: [the_boss]}", "consent: {",
     "steps.4.consent.approvers.0 names the role or title the_boss"),
    (HARM, CONSENT, "consent: {approvers: [legal], expires: 1bd}", "consent: {",
     "'1bd' is no time by the clock; write it like PT10M"),
    (HARM, "template: jira", "template: fax", "template: fax", "write 'pagerduty', 'jira'"),
    (HARM, "{{ incident.summary }}", "{{ incident.sumary }}", "description: \"{{",
     "payload.description asks for incident.sumary, which nothing fills in; use one of"),
    (HARM, "- id: pager", "- id: ticket", "- id: ticket\n        label: Page",
     "targets.1.id repeats ticket; give each its own"),
    (HARM, "completes_when: review_linked", "completes_when: late", "completes_when: late",
     "write 'review_linked'"),
    (HARM, "authority: contain", "authority: magic", "authority: magic",
     "names the action magic, which is not in rights.yaml; use one of severity"),
    (HARM, TITLES, TITLES.replace("1", "8"), "    step: 8",
     "ir_review.0.step names step 8, which is not here; use one of 1 to 6"),
    (HARM, TITLES, "  - id: escalation_titles", "  - id: escalation_titles",
     "step and section: give exactly one of them"),
    (HARM, TITLES, f"{TITLES}\n    cleared_by: Mara", "  - id: escalation_titles",
     "cleared_by, cleared_on and note go together; give all or none"),
    (HARM, "section: slas", "section: weather", "section: weather",
     "write 'steps', 'containment', 'slas'"),
    (HARM, "- id: sla_numbers", "- id: lever_authority", "- id: lever_authority\n    section: slas",
     "ir_review.2.id repeats lever_authority; give each its own"),
    (HARM, "starts: [data-leakage]", "starts: [leaks]", "starts: [leaks]",
     "names the runbook leaks, which is not in the library; use one of data-leakage"),
    (HARM, "    starts: [data-leakage]\n", "", "  - id: personal_data",
     "a rule that starts runbooks names them, and no other does"),
    (HARM, HOLDS, "effect: holds_changes", "  - id: evidence_first",
     "steps is empty, and the effect is holds_changes; name the steps"),
    (HARM, HOLDS, "effect: holds_changes\n    steps: [30]", "steps: [30]",
     "rules.0.steps names step 30, which is not here"),
    (HARM, "effect: notes", "effect: times\n    steps: [1]", "  - id: one_report",
     "within is missing, and the effect is times; say within which time"),
    (TALK, RANK, RANK.replace("field: rank", "field: rang"), "field: rang",
     "answer.field names rang, which step 4 does not ask; use one of rate, ordinary_reach"),
    (TALK, RANK, RANK.replace("rank1", "rank9"), "among: [rank0, rank9]",
     "answer.among names rank9, which is no answer there; use one of rank0, rank1"),
    (TALK, RANK, RANK.replace("step: 4", "step: 1"), "{step: 1, field",
     "answer.step names step 1, which is no form; name a form"),
    (TALK, f"    {RANK}\n", "", "  - id: own_criteria",
     "answer: give it where the rule is asked on an answer, else leave it"),
    (TALK, DECIDED, "    done_when: The runbooks", "  - n: 7",
     "checks and records are both empty; say what shows that it is done"),
    (SAFE, "alarm_after: PT60M", "alarm_after: PT10M", "alarm_after: PT10M",
     "alarm_after is not later than sla; make it the later"),
    (SAFE, "- context: internal", "- context: partner", "- context: partner\n    applies_when: it",
     "variants.2.context repeats partner; give each its own"),
    (SAFE, "    links: [Model card, Monitoring dashboards, Access logs]\n", "", "  - id: access",
     "links is empty, and the answer is links; name what to link to"),
    (SAFE, "roles: [legal, comms]", "roles: [lawyers]", "roles: [lawyers]",
     "names the role lawyers, which is not in roles.yaml"),
    (SAFE, "roles: [legal, comms]", "roles: []", "roles: []",
     "roles is empty, and the answer is people; name who has to be there"),
    (SAFE, "(real or near harm)", "(real or near harm), with all that anybody may ever need for it",
     "title: Safety", "it is too long; write at most 75 characters"),
    (SAFE, "second_pair: true", "second_pair: true\n    second_pair: false", "second_pair: false",
     "second_pair stands here twice; keep one of them"),
    (SAFE, "    second_pair: true", "\tsecond_pair: true", "\tsecond_pair",
     "not valid YAML (found character '\\t' that cannot start any token)"),
    (SAFE, "asked: start", "on: start", "  - id: evidence_first",
     "YAML reads yes, no, on, off and numbers as no words; put the key in quotes"),
    (SAFE, "lever: A lever", "yes: A lever", "    checks:\n      yes",
     "it is no text; put it in quotes"),
    (SAFE, "fast_lever: Restrict", "fast_lever:\n  - Restrict", "fast_lever:",
     "fast_lever: it is no text; put it in quotes"),
]  # fmt: skip


def broken_library(folder: Path, name: str, stands: str, instead: str) -> str:
    """The shipped file, changed, in `folder`, with those it may start; the text of it."""
    for other in (SAFE, "data-leakage"):
        shutil.copy(FOLDER / f"{other}.yaml", folder)
    text = (FOLDER / f"{name}.yaml").read_text()
    assert stands in text
    changed = text.replace(stands, instead, 1)
    (folder / f"{name}.yaml").write_text(changed)
    return changed


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken[4][:60])
def test_a_fault_names_file_line_and_remedy(
    tmp_path: Path, broken: tuple[str, str, str, str, str]
) -> None:
    name, stands, instead, at, told = broken
    text = broken_library(tmp_path, name, stands, instead)
    with pytest.raises(Faulty) as caught:
        load_library(None, POLICY, tmp_path)
    first = str(caught.value).splitlines()[0]
    found = re.match(r"(?P<file>.*\.yaml), line (?P<line>\d+): (?P<what>.*)", first)
    assert found, first
    assert found["file"] == str(tmp_path / f"{name}.yaml")
    assert told in found["what"]
    assert int(found["line"]) == text[: text.index(at)].count("\n") + 1


def test_there_are_more_than_forty_of_them() -> None:
    assert len({broken[4] for broken in BROKEN}) > 40


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    broken_library(tmp_path, HARM, "kind: operational", "kind: strategic")
    path = tmp_path / f"{SAFE}.yaml"
    path.write_text(path.read_text().replace("word: critical", "word: dire", 1))
    with pytest.raises(Faulty) as caught:
        load_library(None, POLICY, tmp_path)
    assert [line.split(", ")[0] for line in str(caught.value).splitlines()] == [
        str(tmp_path / f"{HARM}.yaml"),
        str(path),
    ]


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").write_text("")
    with pytest.raises(Faulty, match=r"empty.yaml, line 1: no keys stand here; write them as"):
        load_library(None, POLICY, tmp_path)
