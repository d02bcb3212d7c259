"""What does a person's stack of modals look like after each step?"""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from bot.sandbox import shapes
from bot.sandbox.errors import SlackError
from bot.sandbox.model import Json, View
from bot.sandbox.rules.webapi import VIEW_STACK
from bot.sandbox.workspace import Workspace

# Per element: the key of its value in view.state, the key of its first value, the empty value.
STATEFUL: dict[str, tuple[str, str, object]] = {
    "plain_text_input": ("value", "initial_value", None),
    "email_text_input": ("value", "initial_value", None),
    "url_text_input": ("value", "initial_value", None),
    "number_input": ("value", "initial_value", None),
    "rich_text_input": ("rich_text_value", "initial_value", None),
    "file_input": ("files", "", None),
    "checkboxes": ("selected_options", "initial_options", []),
    "radio_buttons": ("selected_option", "initial_option", None),
    "static_select": ("selected_option", "initial_option", None),
    "external_select": ("selected_option", "initial_option", None),
    "users_select": ("selected_user", "initial_user", None),
    "conversations_select": ("selected_conversation", "initial_conversation", None),
    "channels_select": ("selected_channel", "initial_channel", None),
    "multi_static_select": ("selected_options", "initial_options", []),
    "multi_external_select": ("selected_options", "initial_options", []),
    "multi_users_select": ("selected_users", "initial_users", []),
    "multi_conversations_select": ("selected_conversations", "initial_conversations", []),
    "multi_channels_select": ("selected_channels", "initial_channels", []),
    "datepicker": ("selected_date", "initial_date", None),
    "timepicker": ("selected_time", "initial_time", None),
    "datetimepicker": ("selected_date_time", "initial_date_time", None),
}


def every(blocks: list[Json]) -> Iterator[Json]:
    """Each block, those in containers and the cards of carousels too."""
    for block in blocks:
        yield block
        yield from every(block.get("child_blocks") or [])
        if block["type"] == "carousel":
            yield from block["elements"]


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Each block with each element in it that a person can use."""
    for block in every(blocks):
        singles = [block.get("element"), block.get("accessory")]
        lists = [*(block.get("elements") or []), *(block.get("actions") or [])]
        for element in [*singles, *lists]:
            if isinstance(element, dict) and "action_id" in element:
                yield block, element


def find_element(blocks: list[Json], block_id: str, action_id: str) -> tuple[Json, Json]:
    """The block and the element with these ids.

    Raises:
        LookupError: they are not there.
    """
    for block, element in elements(blocks):
        if block["block_id"] == block_id and element["action_id"] == action_id:
            return block, element
    raise LookupError(f"there is no {action_id} in a block {block_id}")


def first_state(blocks: list[Json]) -> dict[str, dict[str, Json]]:
    """What view.state holds before anybody touched it."""
    state: dict[str, dict[str, Json]] = {}
    for block, element in elements(blocks):
        if element["type"] not in STATEFUL:
            continue
        key, first, empty = STATEFUL[element["type"]]
        value = element.get(first, empty)
        state.setdefault(block["block_id"], {})[element["action_id"]] = {
            "type": element["type"],
            key: str(value) if element["type"] == "number_input" and value is not None else value,
        }
    return state


def is_empty(value: Json) -> bool:
    """Nothing was entered here."""
    key = STATEFUL[value["type"]][0]
    return value.get(key) in (None, "", [])


def open_first(workspace: Workspace, person_id: str, content: Json) -> View:
    """Open a modal, instead of whatever modals the person had open."""
    view = _new(workspace, person_id, content)
    workspace.views[person_id] = [view]
    workspace.tell(f"views:{person_id}")
    return view


def push(workspace: Workspace, person_id: str, content: Json) -> View:
    """Put a modal on top of those that are open.

    Raises:
        SlackError: push_limit_reached, when three are open.
    """
    stack = workspace.views.get(person_id, [])
    if len(stack) >= VIEW_STACK.limit:
        raise SlackError("push_limit_reached")
    view = _new(workspace, person_id, content)
    view.root_id = stack[0].id
    view.previous_id = stack[-1].id
    stack.append(view)
    workspace.tell(f"views:{person_id}")
    return view


def update(workspace: Workspace, view: View, content: Json) -> None:
    """Show something else in an open view; inputs with the same ids keep what was entered."""
    kept = view.state
    view.content = _stored(content)
    view.hash = _hash(workspace)
    view.state = first_state(view.content["blocks"])
    view.errors = {}
    for block_id, actions in view.state.items():
        for action_id, value in actions.items():
            before = kept.get(block_id, {}).get(action_id)
            if before is not None and before["type"] == value["type"]:
                actions[action_id] = before
    topic = "home" if view.content["type"] == "home" else "views"
    workspace.tell(f"{topic}:{view.user}")


def publish(workspace: Workspace, person_id: str, content: Json) -> View:
    """Show a person the app's Home."""
    home = workspace.homes.get(person_id)
    if home is None:
        home = workspace.homes[person_id] = _new(workspace, person_id, content)
        workspace.tell(f"home:{person_id}")
    else:
        update(workspace, home, content)
    return home


def close(workspace: Workspace, view: View) -> None:
    """Take one view off; the one below shows again."""
    stack = workspace.views.get(view.user, [])
    if view in stack:
        stack.remove(view)
    workspace.tell(f"views:{view.user}")


def clear(workspace: Workspace, person_id: str) -> None:
    """Take all modals off."""
    workspace.views[person_id] = []
    workspace.tell(f"views:{person_id}")


def find(workspace: Workspace, view_id: str) -> View | None:
    """The open modal or Home with this id, None when there is none (any more)."""
    for view in _every(workspace):
        if view.id == view_id:
            return view
    return None


def find_external(workspace: Workspace, external_id: str) -> View | None:
    """The open modal or Home the app gave this external_id, None when there is none."""
    for view in _every(workspace):
        if external_id and view.content.get("external_id") == external_id:
            return view
    return None


def _every(workspace: Workspace) -> Iterator[View]:
    for stack in workspace.views.values():
        yield from stack
    yield from workspace.homes.values()


def _new(workspace: Workspace, person_id: str, content: Json) -> View:
    stored = _stored(content)
    view_id = workspace.next_id("V")
    return View(
        id=view_id,
        hash=_hash(workspace),
        user=person_id,
        content=stored,
        root_id=view_id,
        state=first_state(stored["blocks"]),
    )


def _stored(content: Json) -> Json:
    return {**content, "blocks": shapes.stored_blocks(content.get("blocks", []))}


def _hash(workspace: Workspace) -> str:
    return f"{workspace.now_seconds()}.{secrets.token_urlsafe(6)}"
