"""Which answers fit which question, and what is kept of them?"""

from __future__ import annotations

import pytest

from bot.core.facts import runbooks as f
from bot.core.outcome import Refused
from bot.core.runs import answering, questions
from bot.core.runs.model import Answer
from bot.features.forms import rules
from runbooks.fields import (
    Choice,
    Choices,
    Day,
    Field,
    Number,
    People,
    Range,
    Rank,
    Text,
    YesNo,
)  # fmt: skip
from tests.features.runs import ELENA, MARA, Story, library
from tests.features.test_each_runbook import answer
from tests.features.values import POLICY

AT = questions.Place("1/1/4")
OPTIONS = {"a": "A", "b": "B"}
ABOUT = {"id": "it", "label": "What is it?"}
ASKED: list[tuple[Field, Answer, str]] = [
    (Text(type="text", **ABOUT), Answer(), "Answer this, or say why it is unknown."),
    (Text(type="text", most_chars=3, **ABOUT), Answer(text="four"), "Keep it to 3 characters."),
    (Number(type="number", **ABOUT), Answer(("2.5",)), "Give a whole number."),
    (Number(type="number", **ABOUT), Answer(("nan",)), "Give a whole number."),
    (Number(type="number", **ABOUT), Answer(("-1",)), "Give 0 or more."),
    (Number(type="number", at_most=100, **ABOUT), Answer(("101",)), "Give 100 or less."),
    (
        Range(type="range", unit="users", **ABOUT),
        Answer(("1", "")),
        "Give both: at least and at most.",
    ),
    (
        Range(type="range", unit="users", **ABOUT),
        Answer(("9", "1")),
        "At most is less than at least.",
    ),
    (
        Choice(type="choice", options=OPTIONS, **ABOUT),
        Answer(("c",)),
        "Choose one that is offered.",
    ),
    (Choice(type="choice", options=OPTIONS, **ABOUT), Answer(("a", "b")), "Choose one."),
    (
        Choices(type="choices", options=OPTIONS, **ABOUT),
        Answer(("c",)),
        "Choose one that is offered.",
    ),
    (
        Choices(type="choices", options=OPTIONS, alone=("b",), **ABOUT),
        Answer(("a", "b")),
        "B goes with no other answer. Take it out, or the others.",
    ),
    (Rank(type="severity", **ABOUT), Answer(("rank9",)), "Choose one that is offered."),
    (People(type="people", **ABOUT), Answer(("U1", "U2")), "Name 1 at most."),
    (Day(type="date", **ABOUT), Answer(("soon",)), "Choose a day."),
    (YesNo(type="yes_no", **ABOUT), Answer(("maybe",)), "Choose yes or no."),
    (YesNo(type="yes_no", **ABOUT), Answer(("yes",)), "Say why."),
    (YesNo(type="yes_no", reason="if_no", **ABOUT), Answer(("no",)), "Say why."),
    (
        Text(type="text", may_be_unknown=False, **ABOUT),
        Answer(unknown="nobody asked"),
        "This has to be answered.",
    ),
]


@pytest.mark.parametrize(("field", "said", "told"), ASKED)
def test_what_does_not_fit_is_refused_at_its_input(field: Field, said: Answer, told: str) -> None:
    with pytest.raises(Refused) as refused:
        answering.check(field, said)
    assert str(refused.value) == told
    assert refused.value.field in (*questions.parts(field), questions.unknown(field))


@pytest.mark.parametrize("field", [one for one, _, _ in ASKED], ids=lambda one: one.type)
def test_every_question_takes_a_fitting_answer_and_most_an_unknown_one(field: Field) -> None:
    said = Answer(text="yes") if isinstance(field, Text) else answer(field)
    if isinstance(field, Choice | Choices):
        said = Answer(("a",))
    answering.check(field, said)
    if field.may_be_unknown:
        answering.check(field, Answer(unknown="nobody asked"))
    assert len(questions.draw(AT, [field], {field.id: said}, POLICY)) == field.blocks


def test_unknown_wins_over_what_was_chosen_before() -> None:
    story = Story().done(1)
    step = story.run.steps[3]
    said = Answer(("sev",), unknown="counsel has not answered")
    [fact] = answering.changed(story.run, step, questions.asked(step)[:1], {"data_classes": said})
    assert isinstance(fact, f.FieldAnswered)
    assert (fact.chosen, fact.unknown) == ((), "counsel has not answered")


def test_every_version_is_kept_and_names_what_changed() -> None:
    story = Story().done(1)
    fields = questions.asked(story.run.steps[3])
    values = {one.id: answer(one) for one in fields}
    page = rules.Page((1, 4), 0, values)
    story.told(rules.answer(story.incident, page, story.context(ELENA)), ELENA)
    reopened = f.StepReopened(run=1, step=4, reason=Answer(text="More users").text or "")
    story.did((MARA, reopened))
    again = rules.Page((1, 4), 0, {**values, "users_affected": Answer(("40", "90"))})
    outcome = rules.answer(story.incident, again, story.context(ELENA))
    [whole] = [fact for fact in outcome.facts if isinstance(fact, f.FormAnswered)]
    assert (whole.edition, whole.fields) == (2, ("users_affected",))


def test_each_page_of_each_shipped_form_stays_within_what_a_modal_takes() -> None:
    for book in library().books:
        for step in Story(book).run.steps:
            for page in questions.pages(step):
                drawn = questions.draw(AT, page, {}, POLICY)
                assert len(drawn) <= 90  # Slack takes 100, and the instruction stands above
                assert len({one.block_id for one in drawn}) == len(drawn)
