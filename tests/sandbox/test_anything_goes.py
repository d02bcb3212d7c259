"""Does the Web API answer, whatever it is sent?"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox import blockkit, manifest, rooms, seed, shapes
from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import SlackError
from bot.sandbox.kit.blocks import ON
from bot.sandbox.kit.elements import ELEMENTS
from bot.sandbox.methods import METHODS
from bot.sandbox.workspace import Clocks, Workspace
from tests.sandbox.foreign import HandMovedClock, Json, modal, write_manifest

ROOM = "C0000000001"
NAMES = (
    "channel channel_id user users user_id name topic purpose text blocks metadata attachments ts "
    "thread_ts timestamp message_ts oldest latest limit cursor types view trigger_id view_id hash "
    "external_id title type link bookmark_id markdown_text is_private return_im error "
    "email usergroup post_at scheduled_message_id canvas_id changes criteria document_content "
    "force prevent_creation username icon_emoji bot inclusive include_all_metadata emoji message "
    "exclude_archived test query files filename length file"
).split()
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "text", "elements", "options", "block_id", "accessory"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
BLOCKISH = st.fixed_dictionaries(
    {"type": st.sampled_from([*ON["anywhere"].shapes])},
    optional={
        name: ANYTHING for name in ("text", "fields", "elements", "element", "label", "block_id")
    },
)
ELEMENTISH = st.fixed_dictionaries(
    {"type": st.sampled_from([*ELEMENTS])},
    optional={
        name: ANYTHING
        for name in (
            "text",
            "action_id",
            "options",
            "option_groups",
            "initial_option",
            "max_length",
        )
    },
)
SAID = st.sampled_from(
    [ROOM, "C0GENERAL", "U0EXEC", "link", "public_channel", "room", json.dumps(modal()), "1.5"]
)
VALUES = SAID | ANYTHING | st.lists(BLOCKISH, max_size=3)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    path: Path = write_manifest(tmp_path_factory.mktemp("app"))
    workspace = Workspace(manifest.read(path), Clocks(HandMovedClock().now))
    seed.plant(workspace)
    rooms.create(workspace, "room", workspace.app.bot_user_id, is_private=False)
    return workspace


@pytest.mark.parametrize("name", sorted(METHODS))
@settings(max_examples=25, deadline=None)
@given(arguments=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=8))
def test_a_method_answers_or_refuses_but_never_stumbles(
    workspace: Workspace, name: str, arguments: Json
) -> None:
    method = METHODS[name]
    full = {**dict.fromkeys(method.required, ROOM), **arguments}
    try:
        answer = method.run(workspace, Arguments(full))
    except SlackError as error:
        answer = error.answer
    json.dumps(answer)


@settings(max_examples=200, deadline=None)
@given(
    block=BLOCKISH, element=ELEMENTISH, key=st.sampled_from(["elements", "element", "accessory"])
)
def test_what_the_check_lets_through_can_be_stored(block: Json, element: Json, key: str) -> None:
    whole: Any = {**block, key: [element] if key == "elements" else element}
    for check in (
        lambda: blockkit.check_message([whole]),
        lambda: blockkit.check_view(modal(blocks=[whole]), "modal")["blocks"],
    ):
        with contextlib.suppress(SlackError):
            json.dumps(shapes.stored_blocks(check()))
