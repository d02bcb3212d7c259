"""Is every block drawn that the workspace accepts?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from nicegui import Client, ui
from nicegui.page import page

from bot.sandbox import blockkit, shapes
from bot.sandbox.errors import SlackError
from bot.sandbox.kinds import (
    Anything,
    Either,
    Flag,
    Kind,
    Many,
    Number,
    Real,
    Shape,
    String,
    Text,
    Typed,
)
from bot.sandbox.kit.blocks import ON
from bot.sandbox.model import Message
from bot.sandbox.page import body
from bot.sandbox.page.body import MessageSurface
from bot.sandbox.page.mrkdwn import Reader
from bot.sandbox.sandbox import Sandbox

MANIFEST = Path(__file__).parents[3] / "manifest.yaml"
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
# Where any characters would be refused, or say nothing.
FORMATTED = {
    "initial_date": "2026-11-20",
    "initial_time": "04:05",
    "image_url": "https://a.example/a.png",
    "slack_file": {"id": "F1"},
    "video_url": "https://a.example/v",
    "title_url": "https://a.example/t",
    "min_value": "1",
    "max_value": "2",
}
LATEST = 1_900_000_000  # seconds, in 2030
SHOWN = {**ON["modal"].shapes, **ON["message"].shapes}
WORDS = ("a", "*b* <c>", "&lt;script&gt;", ":warning:", "<@U0ONCALL> <#C0GENERAL>", "x\n\ny")


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    return Sandbox(MANIFEST, now=lambda: NOW)


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    drawn = Client(page("/drawn"))
    yield drawn
    drawn.delete()


def values(kind: Kind) -> st.SearchStrategy[Any]:
    """What this kind lets through, more or less."""
    match kind:
        case Many(kind=one, most=most, fewest=fewest):
            return st.lists(values(one), min_size=fewest, max_size=max(fewest, min(most, 3)))
        case Typed(shapes=known):
            return st.sampled_from(sorted(known)).flatmap(lambda name: typed(name, known[name]))
        case Shape():
            return fields(kind)
        case Text(longest=longest, is_plain=is_plain):
            kinds = ("plain_text",) if is_plain else ("plain_text", "mrkdwn")
            text = values(String(longest))
            return st.fixed_dictionaries({"type": st.sampled_from(kinds), "text": text})
        case _:
            return single_values(kind)


def single_values(kind: Kind) -> st.SearchStrategy[Any]:
    match kind:
        case String(longest=longest, one_of=words):
            return st.sampled_from(words or WORDS).map(lambda text: text[:longest])
        case Number(lowest=lowest, highest=highest):
            return st.integers(lowest, min(highest or LATEST, LATEST))
        case Real():
            return st.integers(1, 9)
        case Flag():
            return st.booleans()
        case Either(string=words):
            return values(words)
        case _:
            assert isinstance(kind, Anything)
            return st.none()


def fields(shape: Shape) -> st.SearchStrategy[dict[str, Any]]:
    given_values = {
        name: st.just(FORMATTED[name]) if name in FORMATTED else values(field.kind)
        for name, field in shape.fields.items()
    }
    required = {name for name, field in shape.fields.items() if field.is_required}
    return st.fixed_dictionaries(
        {name: made for name, made in given_values.items() if name in required},
        optional={name: made for name, made in given_values.items() if name not in required},
    )


def typed(name: str, shape: Shape) -> st.SearchStrategy[dict[str, Any]]:
    return fields(shape).map(lambda made: {**made, "type": name})


def is_accepted(block: dict[str, Any]) -> bool:
    modal = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "t"},
        "submit": {"type": "plain_text", "text": "s"},
        "blocks": [block],
    }
    for check in (
        lambda: blockkit.check_message([block]),
        lambda: blockkit.check_view(modal, "modal"),
    ):
        try:
            check()
        except SlackError:
            continue
        return True
    return False


@pytest.mark.parametrize("name", sorted(SHOWN))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(choice=st.data())
def test_a_block_the_workspace_accepts_is_drawn(
    name: str, choice: st.DataObject, sandbox: Sandbox, client: Client
) -> None:
    block = choice.draw(typed(name, SHOWN[name]))
    assume(is_accepted(block))
    before = len(client.elements)
    draw(block, sandbox, client)
    assert len(client.elements) > before + 1
    client.content.clear()


def test_a_block_the_page_does_not_know_is_shown_as_its_words_and_its_type(
    sandbox: Sandbox, client: Client
) -> None:
    words = {"type": "rich_text_section", "elements": [{"type": "text", "text": "<dose>"}]}
    cells = [{"type": "raw_text", "text": "child"}, {"type": "rich_text", "elements": [words]}]
    draw({"type": "hologram", "rows": [cells]}, sandbox, client)
    shown = [each.content for each in client.elements.values() if isinstance(each, ui.html)]
    assert shown == ["child<br>&lt;dose&gt;", "hologram"]
    client.content.clear()


def draw(block: dict[str, Any], sandbox: Sandbox, client: Client) -> None:
    message = Message("1795867200.000001", "U0WARROOM", "x", shapes.stored_blocks([block]))
    reader = Reader(zone="Europe/Berlin", person_id="U0ONCALL", channels={"C0GENERAL": "general"})
    place = ("C0GENERAL", message)

    async def stay(_target: str) -> None:
        raise AssertionError("nobody clicked")

    with client.content:
        body.draw(
            MessageSurface(sandbox.workspace, reader, stay, sandbox.as_person("U0ONCALL"), place)
        )
