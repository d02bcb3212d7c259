"""Is a runbook the same after it was written down and read again?"""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from runbooks import fields, parts, steps
from runbooks.runbook import Runbook
from runbooks.sla import Sla
from runbooks.span import Span
from tests.runbooks.tables import EVERY, book

LETTERS = "abcdefghijklmnopqrstuvwxyz"
IDS = st.text(LETTERS, min_size=1, max_size=8)
WORDS = st.text("äé ß'\"#:-{}[]%@&*!|>,?日本\n" + LETTERS, min_size=60, max_size=70)
SHORT = st.text("ü :#'\"" + LETTERS, min_size=10, max_size=30)
SPANS = st.one_of(
    st.integers(1, 10_000).map(lambda minutes: Span("time", timedelta(minutes=minutes))),
    st.just(Span("same_day")),
    st.integers(1, 300).map(lambda days: Span("business_days", days=days)),
)
SLAS = st.one_of(SPANS.map(Sla), st.builds(Sla, SPANS, st.integers(1, 9)), st.just(Sla(None)))
OPTIONS = st.dictionaries(IDS, SHORT, min_size=2, max_size=4)
ASKED = {"id": IDS, "label": SHORT, "hint": st.none() | SHORT}
FIELDS = st.one_of(
    st.builds(fields.Text, type=st.just("text"), most_chars=st.integers(1, 3000), **ASKED),
    st.builds(fields.Number, type=st.just("number"), at_most=st.none() | st.floats(1, 9), **ASKED),
    st.builds(fields.Rank, type=st.just("severity"), **ASKED),
    st.builds(fields.Range, type=st.just("range"), unit=SHORT, **ASKED),
    st.builds(fields.Choice, type=st.just("choice"), options=OPTIONS, **ASKED),
    OPTIONS.flatmap(lambda options: st.builds(
        fields.Choices, type=st.just("choices"), options=st.just(options),
        alone=st.lists(st.sampled_from(list(options)), max_size=1).map(tuple), **ASKED)),
    st.builds(fields.People, type=st.just("people"), at_most=st.integers(1, 10), **ASKED),
    st.builds(fields.Day, type=st.just("date"), with_time=st.booleans(), **ASKED),
    st.builds(fields.YesNo, type=st.just("yes_no"), reason=st.sampled_from(["always", "if_no"]),
              **ASKED),
)  # fmt: skip
STEP = {
    "n": st.integers(1, 40),
    "title": SHORT,
    "owner": st.lists(IDS, min_size=1, max_size=3).map(tuple),
    "sla": SLAS,
    "sla_note": SHORT,
    "alarm_after": st.none() | st.integers(9, 20).map(lambda days: timedelta(days=days)),
    "gate": st.builds(steps.Gate, after=st.lists(st.integers(1, 9), max_size=3).map(tuple)),
    "instruction": WORDS,
    "done_when": WORDS,
    "records": st.lists(FIELDS, max_size=1).map(tuple),
}
TARGETS = st.builds(
    steps.Target, id=IDS, label=SHORT, template=st.sampled_from(["jira", "generic"]),
    payload=st.dictionaries(SHORT, SHORT, min_size=1, max_size=3),
)  # fmt: skip
KINDS = st.builds(steps.EvidenceKind, id=IDS, label=SHORT)
CONSENTS = st.builds(
    steps.Consent,
    approvers=st.lists(IDS, min_size=2, max_size=3).map(tuple),
    count=st.integers(1, 2),
    expires=st.none() | st.integers(1, 99).map(lambda hours: timedelta(hours=hours)),
)
STEPS = st.one_of(
    st.builds(steps.Manual, type=st.just("manual"), second_pair=st.booleans(),
              checks=st.dictionaries(IDS, SHORT, min_size=1, max_size=3), **STEP),
    st.builds(steps.FileUpload, type=st.just("file_upload"), restricted=st.booleans(),
              evidence_kinds=KINDS.map(lambda one: (one,)), **STEP),
    st.builds(steps.Form, type=st.just("form"), fields=FIELDS.map(lambda one: (one,)), **STEP),
    st.builds(steps.Approval, type=st.just("approval"), consent=CONSENTS,
              options=st.none() | OPTIONS, **STEP),
    st.builds(steps.Webhook, type=st.just("webhook"), fires=st.just("by_itself"),
              targets=TARGETS.map(lambda one: (one,)), **STEP),
)  # fmt: skip
ANY_STEP: TypeAdapter[steps.Step] = TypeAdapter(steps.Step)
MARKERS = st.builds(
    parts.ReviewMarker, id=IDS, step=st.integers(1, 9), section=st.none(), validate_what=WORDS,
    cleared_by=st.just("Jun"), note=SHORT, cleared_on=st.dates(date(2026, 1, 1), date(2030, 1, 1)),
)  # fmt: skip


@settings(deadline=None)  # no test of ours has a time limit
@given(step=STEPS)
def test_any_step_is_the_same_after_json_and_yaml(step: steps.Step) -> None:
    written = step.model_dump(mode="json")
    assert ANY_STEP.validate_json(json.dumps(written)) == step
    assert ANY_STEP.validate_python(yaml.safe_load(yaml.safe_dump(written))) == step


@settings(deadline=None)
@given(marker=MARKERS)
def test_any_marker_is_the_same_after_json(marker: parts.ReviewMarker) -> None:
    assert parts.ReviewMarker.model_validate_json(marker.model_dump_json()) == marker


@settings(deadline=None)
@given(sla=SLAS)
def test_any_sla_is_read_as_it_was_written(sla: Sla) -> None:
    assert Sla.read(sla.text) == sla


@pytest.mark.parametrize("id_", EVERY)
def test_a_shipped_runbook_is_the_same_after_json_and_yaml(id_: str) -> None:
    one = book(id_)
    assert Runbook.model_validate_json(one.model_dump_json()) == one
    written = yaml.safe_dump(one.model_dump(mode="json"), allow_unicode=True)
    assert Runbook.model_validate(yaml.safe_load(written)) == one
