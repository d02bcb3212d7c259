"""Which modals hold every input there is, and what does the app answer to them?"""

from __future__ import annotations

from typing import Any

from tests.browser.kit_messages import MEDIA, RICH
from tests.browser.kit_parts import CONFIRM, NOON, Json, button, mrkdwn, option, plain


def _input(label: str, kind: str, **more: Any) -> Json:
    """An input whose action_id and block_id are its label's first word."""
    name = label.split(" ", maxsplit=1)[0].lower()
    block: Json = {
        key: more.pop(key) for key in ("optional", "hint", "dispatch_action") if key in more
    }
    element = {"type": kind, "action_id": name, **more}
    return {"type": "input", "block_id": name, "label": plain(label), "element": element, **block}


def _modal(title: str, *blocks: Json, **more: Any) -> Json:
    name = title.lower()
    return {
        "type": "modal", "callback_id": name, "title": plain(title), "submit": plain("Save"),
        "notify_on_close": True, "blocks": list(blocks), **more,
    }  # fmt: skip


_GROUPS = [
    {"label": plain("Urgent"), "options": [option("Now"), option("Today")]},
    {"label": plain("Later"), "options": [option("This week")]},
]
_THREE = [option("Chat"), option("Voice"), option("Search", description=plain("on the web"))]
TYPED = _modal(
    "Typed",
    _input("Title of it", "plain_text_input", placeholder=plain("In a few words"), min_length=3,
           max_length=40, hint=plain("People read it first")),
    _input("Story", "plain_text_input", multiline=True, max_length=300, optional=True,
           initial_value="It began\nat noon"),
    _input("Notes", "rich_text_input", optional=True,
           initial_value={"type": "rich_text", "elements": RICH["elements"][:2]}),
    _input("Email", "email_text_input", placeholder=plain("you@example.test")),
    _input("Address on the web", "url_text_input", optional=True),
    _input("Number of people", "number_input", is_decimal_allowed=False, min_value="1",
           max_value="99", initial_value="3"),
    _input("Share", "number_input", is_decimal_allowed=True, optional=True),
)  # fmt: skip
MOMENTS = _modal(
    "Moments",
    _input("Day", "datepicker", initial_date="2026-11-28", placeholder=plain("A day")),
    _input("Hour", "timepicker", initial_time="12:30"),
    _input("Moment", "datetimepicker", initial_date_time=NOON),
    _input("Until", "datepicker", optional=True),
)
CHOICES = _modal(
    "Choices",
    _input("Surface", "static_select", options=_THREE, placeholder=plain("Which one?")),
    _input("Pace", "static_select", option_groups=_GROUPS, initial_option=option("Today")),
    _input("Others", "multi_static_select", options=_THREE, max_selected_items=2, optional=True,
           initial_options=[option("Voice")]),
    _input("Groups", "multi_static_select", option_groups=_GROUPS, optional=True),
    _input("Harm", "radio_buttons", options=[option("Ongoing"), option("Stopped")],
           initial_option=option("Ongoing")),
    _input("Checked", "checkboxes", optional=True, options=[
        option("Logs", description=plain("of the last hour")), option("Metrics")]),
)  # fmt: skip
PEOPLE = _modal(
    "People",
    _input("Lead", "users_select", initial_user="U0SAFETY"),
    _input("Team", "multi_users_select", optional=True, initial_users=["U0COMMS"]),
    _input("Room", "conversations_select", default_to_current_conversation=True,
           response_url_enabled=True),
    _input("Channel", "channels_select", optional=True, placeholder=plain("A public one")),
    _input("Rooms", "multi_conversations_select", optional=True, filter={"include": ["im"]}),
    _input("Channels", "multi_channels_select", optional=True,
           initial_channels=["C0GENERAL"]),
)  # fmt: skip
SEARCHED = _modal(
    "Searched",
    _input("Model", "external_select", min_query_length=2, placeholder=plain("Search models")),
    _input("Tags", "multi_external_select", min_query_length=0, optional=True),
)
PRESSED = _modal(
    "Pressed",
    {"type": "alert", "level": "warning", "text": mrkdwn("*Read* this first")},
    {"type": "section", "block_id": "accessory", "text": mrkdwn("What to do with it?"),
     "accessory": button("Delete", style="danger", confirm={**CONFIRM, "style": "danger"})},
    {"type": "section", "block_id": "menu", "text": mrkdwn("More of it"),
     "accessory": {"type": "overflow", "action_id": "menu",
                   "options": [option("Copy"), option("Move")]}},
    {"type": "actions", "block_id": "acts", "elements": [button("Push"), button("Update")]},
    _input("Kind", "static_select", options=_THREE, dispatch_action=True, optional=True),
    _input("Line", "plain_text_input", dispatch_action=True, optional=True),
    _input("Each", "plain_text_input", dispatch_action=True, optional=True,
           dispatch_action_config={"trigger_actions_on": ["on_character_entered"]}),
    {"type": "context", "elements": [mrkdwn("Nobody else sees this")]},
    RICH, {"type": "divider"}, *MEDIA,
)  # fmt: skip
PUSHED = _modal("Pushed", _input("Reason", "plain_text_input"), close=plain("Not now"))
UPDATED = _modal("Updated", {"type": "section", "text": mrkdwn("It says something else now")})
STEPS = _modal("Steps", _input("Step", "plain_text_input"))
FILES = _modal(
    "Files",
    _input("Evidence", "file_input", max_files=2, filetypes=["txt", "png"]),
)
EVERY = {
    "typed": TYPED,
    "moments": MOMENTS,
    "choices": CHOICES,
    "people": PEOPLE,
    "searched": SEARCHED,
    "act": PRESSED,
    "steps": STEPS,
    "files": FILES,
}
HOME = {
    "type": "home",
    "blocks": [
        {"type": "header", "text": plain("Your work")},
        {"type": "section", "block_id": "next", "text": mrkdwn("*Next:* an update at noon"),
         "accessory": button("Start", style="primary", value="1")},
        {"type": "divider"},
        _input("Filter", "static_select", options=_THREE, dispatch_action=True),
        _input("Note", "plain_text_input", dispatch_action=True),
        {"type": "actions", "block_id": "home-acts", "elements": [
            button("Refresh"), {"type": "datepicker", "action_id": "since"}]},
        {"type": "context", "elements": [mrkdwn("Written for you")]},
    ],
}  # fmt: skip
_MODELS = ("Dosage 4.1", "Dosage 4.2", "Triage 2.0")


def offered(action_id: str, typed: str) -> Json:
    """Models for one select, models in groups for the other."""
    found = [option(name) for name in _MODELS if typed.lower() in name.lower()]
    if action_id == "tags":
        return {"option_groups": [{"label": plain("Models"), "options": found}]}
    return {"options": found}


def answer(view: Json) -> Json:
    """What the app acks a submission with; the modal Steps takes a step for each word."""
    if view["callback_id"] == "typed":
        title = view["state"]["values"]["title"]["title"]["value"]
        return _errors(title="Say what was seen.") if title == "wrong" else {}
    if view["callback_id"] != "steps":
        return {}
    word = view["state"]["values"]["step"]["step"]["value"]
    acts: dict[str, Json] = {
        "errors": _errors(step="Not this one."),
        "update": {"response_action": "update", "view": UPDATED},
        "push": {"response_action": "push", "view": PUSHED},
        "clear": {"response_action": "clear"},
    }
    return acts.get(word, {})


def _errors(**errors: str) -> Json:
    return {"response_action": "errors", "errors": errors}
