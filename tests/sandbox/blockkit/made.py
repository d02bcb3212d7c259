"""Which blocks do the Block Kit tests make, and how do they send them?"""

from __future__ import annotations

from typing import Any

from bot.sandbox.sandbox import Sandbox
from tests.sandbox.foreign import Api, Json, made, modal, plain

__all__ = ["modal", "plain"]

UNMATCHED_VIEW = "[ERROR] failed to match all allowed schemas [json-pointer:/view]"


def mrkdwn(text: str = "x") -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "x", **more: object) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def option(value: str = "a", **more: object) -> Json:
    return {"text": plain("A"), "value": value, **more}


def options(number: int) -> list[Json]:
    return [option(f"o{each}") for each in range(number)]


def element(kind: str, **more: object) -> Json:
    """An element that is right but for what `more` says."""
    base: dict[str, Json] = {
        "button": {"text": plain("Go")},
        "overflow": {"options": options(2)},
        "checkboxes": {"options": options(2)},
        "radio_buttons": {"options": options(2)},
        "static_select": {"options": options(2)},
        "multi_static_select": {"options": options(2)},
        "number_input": {"is_decimal_allowed": True},
        "workflow_button": {
            "text": plain("Go"),
            "workflow": {"trigger": {"url": "https://a.example/t"}},
        },
        "feedback_buttons": {
            "positive_button": {"text": plain("Good"), "value": "1"},
            "negative_button": {"text": plain("Bad"), "value": "0"},
        },
        "icon_button": {"icon": "trash", "text": plain("Delete")},
        "image": {"alt_text": "x", "image_url": "https://a.example/a.png"},
    }
    named = {} if kind == "image" else {"action_id": "a"}
    return {"type": kind, **named, **base.get(kind, {}), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def act(kind: str, **more: object) -> Json:
    """An actions block with one element."""
    return actions(element(kind, **more))


def ask(kind: str, **more: object) -> Json:
    """An input block with one element."""
    return {"type": "input", "label": plain("L"), "element": element(kind, **more)}


def confirm(**more: object) -> Json:
    words = {"title": plain("T"), "text": mrkdwn(), "confirm": plain("Y"), "deny": plain("N")}
    return act("button", confirm={**words, **more})


def card(**more: object) -> Json:
    return {"type": "card", "title": plain("T"), **more}


def container(*blocks: Json, **more: object) -> Json:
    return {"type": "container", "title": plain("T"), "child_blocks": list(blocks), **more}


def raw(text: str = "x") -> Json:
    return {"type": "raw_text", "text": text}


def rich(text: str = "x") -> Json:
    words = [{"type": "text", "text": text}]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": words}]}


def table(rows: int = 1, cells: int = 1, **more: object) -> Json:
    return {"type": "table", "rows": [[raw()] * cells] * rows, **more}


def data_table(number: int = 2, cells: int = 1, **more: object) -> Json:
    known = {"type": "data_table", "caption": "C", "rows": [[raw()] * cells] * number}
    return {**known, **more}


def pie(*values: float, **more: object) -> Json:
    segments = [{"label": f"s{index}", "value": value} for index, value in enumerate(values)]
    chart = {"type": "pie", "segments": segments}
    return {"type": "data_visualization", "title": "T", "chart": chart, **more}


def plot(series: int = 1, categories: int = 1, **axis: object) -> Json:
    names = [f"c{each}" for each in range(categories)]
    data = [{"label": name, "value": -1.5} for name in names]
    lines = [{"name": f"s{each}", "data": data} for each in range(series)]
    chart = {"type": "line", "series": lines, "axis_config": {"categories": names, **axis}}
    return {"type": "data_visualization", "title": "T", "chart": chart}


def provider(**more: object) -> Json:
    known = {"type": "auth_provider", "value": "v", "name": plain("N"), "is_connected": False}
    return {**known, **more}


async def post(api: Api, *blocks: Json, room: str = "") -> Json:
    """What chat.postMessage answers; to a new room unless one is named."""
    return await api("chat.postMessage", channel=room or await made(api), blocks=list(blocks))


async def open_view(api: Api, sandbox: Sandbox, view: Any) -> Json:
    """What views.open answers."""
    trigger_id = sandbox.workspace.triggers.give("U0ONCALL")
    return await api("views.open", trigger_id=trigger_id, view=view)


def refusal(sentence: str, code: str = "invalid_blocks") -> Json:
    """The whole answer chat.postMessage gives for one mistake."""
    return {
        "ok": False,
        "error": code,
        "errors": [sentence],
        "response_metadata": {"messages": [f"[ERROR] {sentence}"]},
    }
