"""Which messages show tables, charts and cards?"""

from __future__ import annotations

from tests.browser.kit_parts import PICTURE, Json, button, line, mrkdwn, plain, rich, said


def _raw(text: str) -> Json:
    return {"type": "raw_text", "text": text}


def _number(value: float) -> Json:
    return {"type": "raw_number", "value": value}


TABLE: list[Json] = [
    {
        "type": "table",
        "column_settings": [{"is_wrapped": True}, {"align": "right"}, {"align": "center"}],
        "rows": [
            [_raw("Surface"), _raw("Unsafe answers"), _raw("State")],
            [_raw("Chat, on the web and in the app for customers"), _number(12), _raw("off")],
            [
                {"type": "rich_text", "elements": [line(said("Voice", bold=True))]},
                _number(0),
                _raw("on"),
            ],
        ],
    }
]
DATA_TABLE: list[Json] = [
    {
        "type": "data_table",
        "caption": "Answers by model",
        "page_size": 3,
        "rows": [
            [_raw("Model"), _raw("Answers"), _raw("Unsafe")],
            *[[_raw(f"Dosage 4.{n}"), _number(1000 + n), _number(n)] for n in range(5)],
        ],
    }
]


def _points(*values: float) -> list[Json]:
    labels = ("Mon", "Tue", "Wed")
    return [{"label": label, "value": value} for label, value in zip(labels, values, strict=True)]


CHARTS: list[Json] = [
    {
        "type": "data_visualization",
        "title": "Unsafe answers a day",
        "chart": {
            "type": "bar",
            "series": [
                {"name": "Chat", "data": _points(3, 9, 1)},
                {"name": "Voice", "data": _points(0, 2, 0.5)},
            ],
            "axis_config": {"categories": ["Mon", "Tue", "Wed"], "x_label": "Day", "y_label": "n"},
        },
    },
    {
        "type": "data_visualization",
        "title": "By surface",
        "chart": {
            "type": "pie",
            "segments": [{"label": "Chat", "value": 12}, {"label": "Voice", "value": 4}],
        },
    },
]


def _card(number: int) -> Json:
    return {
        "type": "card",
        "icon": {"type": "image", "image_url": PICTURE, "alt_text": "a blue field"},
        "title": mrkdwn(f"Card {number}"),
        "subtitle": mrkdwn("On call this week"),
        "body": mrkdwn("Knows the *dosage* assistant"),
        "actions": [button(f"Page {number}")],
    }


def _task(task_id: str, title: str, status: str) -> Json:
    return {"type": "task_card", "task_id": task_id, "title": title, "status": status}


CARDS: list[Json] = [
    _card(1),
    {"type": "carousel", "elements": [_card(2), _card(3), _card(4)]},
    {
        "type": "container",
        "title": plain("A container"),
        "subtitle": mrkdwn("of two blocks"),
        "is_collapsible": True,
        "child_blocks": [
            {"type": "section", "text": mrkdwn("Inside the container")},
            {"type": "actions", "elements": [button("Inner")]},
        ],
    },
    {
        "type": "plan",
        "title": "What the agent does",
        "tasks": [
            _task("1", "Read the log", "complete"),
            _task("2", "Compare answers", "in_progress"),
            _task("3", "Tell people", "pending"),
        ],
    },
    {
        **_task("4", "Fetch the model card", "error"),
        "details": rich(line(said("It took 12 s"))),
        "output": rich(line(said("404"))),
        "sources": [{"type": "url", "url": "https://example.test/card", "text": "Model card"}],
    },
]
EVERY = {
    "table": TABLE,
    "data_table": DATA_TABLE,
    "charts": CHARTS,
    "cards": CARDS,
}
