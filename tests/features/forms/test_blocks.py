"""What do people read who fill in a form, and in its step's thread afterwards?"""

from __future__ import annotations

import pytest

from bot.core.facts import runbooks as f
from bot.core.messages import Keep
from bot.core.runs import questions
from bot.core.runs.model import Answer, Step
from bot.features.forms import blocks
from runbooks.fields import Choice, Day, Field, Number, People, Range, Text, YesNo
from tests.features.runs import ELENA, Story, words
from tests.features.test_each_runbook import answer
from tests.features.values import POLICY
from tests.features.wording import HOSTILE, form, frame, heard, labels, read

AT = questions.Place("12/1/4")
ABOUT = {"id": "it", "label": "What is it?"}
QUESTIONS = [
    "Which classes of data are touched?",
    "How many users are affected, at least and at most? At least (users)",
    "How many users are affected, at least and at most? At most (users)",
    "Which duties could this trigger?",
    "Which third parties are involved, and how?",
    "What does the internal risk rubric say?",
    "Why does it say so?",
    "Which jurisdictions are the people in?",
    "Which promises made to anybody does it break?",
]


def assessment(**said: Answer) -> Step:
    """The impact assessment of the source runbook with these answers."""
    step = Story().done(1).run.steps[3]
    return step.__class__(**{**vars(step), "answers": said, "edition": 1})


def test_every_question_that_is_required_reads_so() -> None:
    story = Story().done(1)
    view = blocks.page_modal((12, 0), story.run, story.run.steps[3], POLICY)
    assert frame(view) == ("Step 4", "Done", "Close")
    assert labels(view) == QUESTIONS
    buttons = [
        element["accessibility_label"]
        for one in form(view)["blocks"]
        if str(one.get("block_id")).endswith(".turn")
        for element in one["elements"]
    ]
    assert len(buttons) == 8
    assert buttons[1] == "Unknown, because… How many users are affected, at least and at most?"
    assert all(len(one) <= 75 for one in buttons)


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        (Text(type="text", **ABOUT), ["What is it?"]),
        (Text(type="text", required=False, **ABOUT), ["(What is it?)"]),
        (Number(type="number", unit="users", **ABOUT), ["What is it? (users)"]),
        (
            Range(type="range", unit="users", **ABOUT),
            ["What is it? At least (users)", "What is it? At most (users)"],
        ),
        (YesNo(type="yes_no", **ABOUT), ["What is it?", "Because: What is it?"]),
        (
            YesNo(type="yes_no", reason="if_no", **ABOUT),
            ["What is it?", "(No, because: What is it?)"],
        ),
        (YesNo(type="yes_no", reason="never", **ABOUT), ["What is it?"]),
    ],
)
def test_a_question_is_asked_as_its_kind_asks(field: Field, asked: list[str]) -> None:
    drawn = [one.to_dict() for one in questions.draw(AT, [field], {}, POLICY)]
    inputs = [one for one in drawn if one["type"] == "input"]
    assert asked == [
        f"({one['label']['text']})" if one["optional"] else one["label"]["text"] for one in inputs
    ]


def test_where_the_step_does_not_end_with_the_form_nothing_is_required_yet() -> None:
    place = questions.Place("12/1/3", is_final=False)
    [one, _] = questions.draw(place, [Text(type="text", **ABOUT)], {}, POLICY)
    assert one.to_dict()["optional"] is True


def test_a_question_turned_to_unknown_asks_why_in_its_place_and_back_again() -> None:
    field = Text(type="text", **ABOUT)
    turned = questions.turned(AT, field, {"it": Answer(text="A leak")}, POLICY)
    why, back = (one.to_dict() for one in turned[True])
    assert why["label"]["text"] == "Unknown, because: What is it?"
    assert why["element"]["focus_on_load"] is True
    assert back["elements"][0]["action_id"] == "question_known"
    assert back["elements"][0]["text"]["text"] == "Answer it after all"
    again, _ = (one.to_dict() for one in turned[False])
    assert again["element"]["initial_value"] == "A leak"


def test_a_form_of_two_pages_says_which_one_it_is_and_has_a_way_back() -> None:
    story = Story("bias-spike").done(1)
    step = story.run.steps[3]
    first = blocks.page_modal((12, 0), story.run, step, POLICY)
    last = blocks.page_modal((12, 1), story.run, step, POLICY, "Kept at 03:12.")
    assert frame(first) == ("Step 4, 1 of 2", "Next", "Close")
    assert frame(last) == ("Step 4, 2 of 2", "Done", "Close")
    said = str(form(last))
    assert "'Back'" in said
    assert "Kept at 03:12." in said
    assert "'Back'" not in str(form(first))


def test_the_thread_shows_each_answer_as_it_was_given() -> None:
    story = Story().done(1)
    step = assessment(
        data_classes=Answer(("health", "children")),
        users_affected=Answer(("12", "40")),
        regulatory_triggers=Answer(unknown="counsel has <not> answered"),
        rubric=Answer(("rank1",)),
    )
    assert heard(blocks.answers(step, POLICY)) == (
        "Answers to step 4, version 1\n"
        "Which classes of data are touched?\nHealth, Of children\n"
        "How many users are affected, at least and at most?\n12 to 40 users\n"
        "Which duties could this trigger?\n"
        "unknown, because counsel has &lt;not&gt; answered\n"
        "Which third parties are involved, and how?\nno answer\n"
        "What does the internal risk rubric say?\nSEV1\n"
        "Why does it say so?\nno answer\n"
        "Which jurisdictions are the people in?\nno answer\n"
        "Which promises made to anybody does it break?\nno answer"
    )
    assert story.run.steps[3].edition == 0


def test_the_thread_has_answers_only_once_there_is_a_version() -> None:
    story = Story().done(1)
    assert blocks.slots(story.shown) == []
    values = {one.id: answer(one) for one in questions.asked(story.run.steps[3])}
    said = [
        f.FieldAnswered(
            run=1, step=4, field=id_, chosen=one.chosen, text=words(one.text) if one.text else None
        )
        for id_, one in values.items()
    ]
    whole = f.FormAnswered(run=1, step=4, edition=1, fields=tuple(values))
    story.did(*((ELENA, one) for one in (*said, whole)))
    [kept] = blocks.slots(story.shown)
    assert isinstance(kept, Keep)
    assert (kept.slot, kept.to, kept.thread) == ("step/12/1/4/answers", "room/12", "step/12/1/4")
    assert "Which duties could this trigger?" in read(kept.content)


def test_the_longest_answers_fit_into_one_message() -> None:
    for id_ in ("model-output-causing-harm", "prompt-injection-tool-abuse", "bias-spike"):
        for step in Story(id_).run.steps:
            fields = questions.asked(step)
            long = {one.id: _longest(one) for one in fields}
            full = step.__class__(**{**vars(step), "answers": long, "edition": 1})
            if fields:
                read(blocks.answers(full, POLICY))


def test_sixty_answers_of_three_thousand_characters_fit_into_one_message_too() -> None:
    fields = [Text(type="text", id=f"it{n}", label=f"What is {n}?") for n in range(60)]
    step = assessment(**{one.id: Answer(text=HOSTILE) for one in fields})
    what = step.what.model_copy(update={"fields": tuple(fields), "records": ()})
    content = blocks.answers(step.__class__(**{**vars(step), "what": what}), POLICY)
    assert "What is 59?" in read(content)


def _longest(field: Field) -> Answer:
    match field:
        case Text():
            return Answer(text=HOSTILE)
        case YesNo():
            return Answer(("yes",), HOSTILE)
        case People() | Day() | Choice() | Number():
            return answer(field)
    return Answer(unknown=HOSTILE[:1000])
